"""The documentation site: made from the manual, the rules and the commands, with no link that leads nowhere."""

from __future__ import annotations

import importlib.util
import json
import posixpath
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from docs import site
from okrctl import docs
from okrctl.check.rules import RETIRED, RULES
from okrctl.cli.commands import COMMANDS
from okrctl.values import addresses

ROOT = Path(__file__).parents[2]
LINK = re.compile(r"(?<!!)\[[^]]*\]\(([^)\s]+)\)")
FENCE = re.compile(r"^ *```.*?^ *```$", re.MULTILINE | re.DOTALL)


@pytest.fixture(scope="module")
def pages() -> site.Pages:
    """All pages and files of the site."""
    return site.build_pages()


@pytest.fixture(scope="module")
def texts(pages: site.Pages) -> dict[str, str]:
    """The pages alone."""
    return {path: text for path, text in pages.items() if isinstance(text, str) and path.endswith(".md")}


def navigated(entries: list[Any]) -> Iterator[str]:
    """The pages of a navigation, in its order."""
    for entry in entries:
        if isinstance(entry, str):
            yield entry
        else:
            [(_, inner)] = entry.items()
            yield from [inner] if isinstance(inner, str) else navigated(inner)


def test_every_page_of_the_manual_every_rule_and_every_command_has_a_page(texts: dict[str, str]) -> None:
    manual = {f"{name}/index.md" if name in ("rules", "commands") else f"{name}.md" for name in docs.PAGES}
    rules = {f"rules/{rule.code}.md" for rule in RULES}
    commands = {f"commands/{name}.md" for name in COMMANDS}
    assert manual | rules | commands | {"index.md", "contributing.md", "changelog.md"} <= texts.keys()


def test_the_navigation_has_every_page_once(texts: dict[str, str]) -> None:
    found = [*navigated(site.build_navigation())]
    retired = {f"rules/{code}.md" for code in RETIRED if code.startswith("OKR")}
    assert sorted(found) == sorted(texts.keys() - retired)


def test_a_page_that_no_section_names_is_in_the_navigation(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(site, "SECTIONS", {**site.SECTIONS, "Start": ("tutorial",)})
    assert {"More": ["format.md", "words.md"]} in site.build_navigation()


def test_links_lead_to_pages_of_the_site_or_to_the_web(pages: site.Pages, texts: dict[str, str]) -> None:
    links = [(path, target) for path, text in texts.items() for target in LINK.findall(FENCE.sub("", text))]
    names = [(path, target.partition("#")[0]) for path, target in links]
    own = [(path, name) for path, name in names if name and not name.startswith("https://")]
    lost = [
        each for each in own if posixpath.normpath(posixpath.join(posixpath.dirname(each[0]), each[1])) not in pages
    ]
    assert len(own) > 100 and lost == []


def test_the_address_of_a_rule_is_that_of_its_page(texts: dict[str, str]) -> None:
    for rule in RULES:
        assert addresses.rule_url(rule.code) == f"{addresses.SITE}/rules/{rule.code}/"
        text = texts[f"rules/{rule.code}.md"]
        assert text.startswith(f"# {rule.code} {rule.name}\n") and "On the web" not in text


def test_a_retired_rule_leads_to_what_replaced_it(texts: dict[str, str]) -> None:
    assert "[OKR324 suspected-slip](OKR324.md)" in texts["rules/OKR322.md"]


def test_the_pages_of_commands_have_their_help(texts: dict[str, str]) -> None:
    assert "--what-if REF=VALUE" in texts["commands/score.md"]
    assert max(len(line) for line in texts["commands/score.md"].splitlines()) <= 100


def test_prose_leads_from_names_to_their_pages(texts: dict[str, str]) -> None:
    shown = site.finish_page("rules/x.md", "See `okrctl explain statistics` and `okrctl explain behind`.")
    assert shown == (
        "See [`okrctl explain statistics`](../statistics.md) and [`okrctl explain behind`](../words.md#behind)."
    )
    assert "[`goal-removed`](rules/OKR606.md)" in texts["git-and-ci.md"]
    text = "# `okrctl score`\n\n```sh\n`okrctl score`\n```\n\n[`okrctl score`](x.md) and `okrctl score --ids`\n"
    linked = "[`okrctl score --ids`](commands/score.md)"
    assert site.finish_page("a.md", text) == text.replace("`okrctl score --ids`", linked)


def test_the_schemas_are_where_they_say(pages: site.Pages) -> None:
    for path, text in pages.items():
        if path.startswith("schemas/"):
            assert json.loads(text)["$id"] == f"{addresses.SITE}/{path}"


@pytest.mark.site
def test_the_site_is_built_without_a_warning() -> None:
    if importlib.util.find_spec("zensical") is None:
        pytest.skip("there is no Zensical")
    ended = subprocess.run(
        [sys.executable, "-m", "docs.site"], cwd=ROOT, capture_output=True, text=True, check=False, timeout=600
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr
    html = site.FOLDER / "html"
    for code in ("OKR601", "OKR322"):
        assert f"{code} " in (html / f"rules/{code}/index.html").read_text("utf-8")
    loaded = re.compile(r"<(?:script|link|img|iframe)\b[^>]*?(?:src|href)=\"?https?://(?!okrctl\.github\.io)[^\">]*")
    assert [found for page in html.rglob("*.html") for found in loaded.findall(page.read_text("utf-8"))] == []
