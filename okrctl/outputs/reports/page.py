"""Renders a template into a page: all text in it is escaped, and control characters become visible."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from okrctl.outputs.reports import charts, markdown, markup, page_text
from okrctl.outputs.reports.assets import Assets, InlineAssets
from okrctl.outputs.reports.kpi_text import describe_kpis
from okrctl.outputs.reports.links import anchor
from okrctl.outputs.terminal import sanitize
from okrctl.outputs.text import kpi, scorecard
from okrctl.outputs.view import TONES
from okrctl.values.addresses import SITE
from okrctl.values.nouns import count_noun


def render(template: str, assets: Assets | None = None, **context: Any) -> str:
    """A page, with style and script inside it unless `assets` says otherwise.

    A template names what it needs at its top: `{% set styles = [...] %}`, `{% set scripts = [...] %}`.
    """
    return environment().get_template(template).render(assets=assets or InlineAssets(), **context)


@lru_cache(maxsize=1)
def environment() -> Environment:
    """The templates, with what they call."""
    jinja = Environment(
        loader=PackageLoader("okrctl.templates", "html"), autoescape=True, undefined=StrictUndefined,
        finalize=_sanitize, trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=True,
    )  # fmt: skip
    jinja.globals |= {
        "charts": charts, "wording": scorecard, "kpi_wording": kpi, "report_wording": markdown, "tones": TONES,
        "page_text": page_text, "count_noun": count_noun, "describe_kpis": describe_kpis, "anchor": anchor,
        "markup": markup, "whole": markup.whole, "write_days": markup.write_days, "site": SITE,
    }  # fmt: skip
    return jinja


def _sanitize(value: Any) -> Any:
    """What an expression prints: markup from templates as it is, text without control characters."""
    return value if isinstance(value, Markup) else sanitize(str(value))
