"""Renders a template into a page: all text in it is escaped, and control characters become visible."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from okrctl.outputs.reports import charts, markdown
from okrctl.outputs.reports.assets import Assets, InlineAssets
from okrctl.outputs.reports.kpi_text import describe_kpis
from okrctl.outputs.reports.links import anchor
from okrctl.outputs.terminal import sanitize
from okrctl.outputs.text import kpi, scorecard
from okrctl.outputs.view import TONES
from okrctl.values.addresses import SITE

UNBROKEN = re.compile(r"\b(?:[0-9]{4}-[0-9]{2}-[0-9]{2}|(?:FY)?[0-9]{2,4}-[QHT][0-9])\b")
LONG_WORD = 30  # letters: about the width of a small screen


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
        "describe_kpis": describe_kpis, "anchor": anchor, "has_long_word": _has_long_word, "whole": _keep_whole,
        "site": SITE,
    }  # fmt: skip
    return jinja


def _keep_whole(text: str) -> Markup:
    """Text in which no line ends inside a day or the name of a period."""
    escaped = str(escape(sanitize(text)))
    return Markup(UNBROKEN.sub(r'<span class="whole">\g<0></span>', escaped))


def _has_long_word(text: str) -> bool:
    return any(len(word) > LONG_WORD for word in text.split())


def _sanitize(value: Any) -> Any:
    """What an expression prints: markup from templates as it is, text without control characters."""
    return value if isinstance(value, Markup) else sanitize(str(value))
