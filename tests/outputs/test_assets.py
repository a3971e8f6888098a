"""A page gets its style sheets and scripts as it asks for them by name: inside it, or as links."""

from __future__ import annotations

import re
from base64 import b64encode
from hashlib import sha256
from typing import Any

import pytest

from okrctl.outputs.reports.assets import Assets, InlineAssets, LinkedAssets, asset_text
from okrctl.outputs.reports.page import environment


def rendered(assets: Assets, source: str = "", **context: Any) -> str:
    """A page of the frame alone."""
    template = environment().from_string('{% extends "base.html" %}' + source)
    return template.render(assets=assets, title="Goals & more", **context)


def hashed(name: str) -> str:
    return f"'sha256-{b64encode(sha256(asset_text(name).encode()).digest()).decode()}'"


def test_a_single_file_holds_what_it_names_and_allows_just_that() -> None:
    page = rendered(InlineAssets(), '{% set scripts = ["filters.js"] %}')
    assert f"<style>{asset_text('style.css')}</style>" in page
    assert f"<script>{asset_text('filters.js')}</script>" in page
    (policy,) = re.findall('http-equiv="Content-Security-Policy" content="(.*?)"', page)
    assert policy == (
        f"default-src 'none'; style-src {hashed('style.css')}; script-src {hashed('filters.js')}; "
        "base-uri 'none'; form-action 'none'"
    )


def test_without_a_script_none_may_run() -> None:
    page = rendered(InlineAssets())
    assert "<script" not in page and "script-src" not in page and "style-src" in page


def test_several_files_are_all_allowed() -> None:
    page = rendered(InlineAssets(), '{% set styles = ["style.css", "style.css"] %}')
    assert page.count("<style>") == 2
    assert f"style-src {hashed('style.css')} {hashed('style.css')};" in page


def test_a_server_links_with_the_version_and_sends_its_own_policy() -> None:
    page = rendered(LinkedAssets("/assets/"), '{% set scripts = ["filters.js"] %}')
    version = {name: sha256(asset_text(name).encode()).hexdigest()[:12] for name in ("style.css", "filters.js")}
    assert f'<link rel="stylesheet" href="/assets/style.css?v={version["style.css"]}">' in page
    assert f'<script src="/assets/filters.js?v={version["filters.js"]}" defer></script>' in page
    assert "Content-Security-Policy" not in page and "referrer" not in page
    assert "<style" not in page and len(page) < 2000


def test_an_address_is_escaped() -> None:
    assert 'href="/a&#34;&gt;/style.css?v=' in LinkedAssets('/a">/').style("style.css")


@pytest.mark.parametrize("name", ["missing.css", "server/missing.js"])
def test_a_name_that_no_file_has_fails(name: str) -> None:
    with pytest.raises(FileNotFoundError):
        InlineAssets().style(name)
