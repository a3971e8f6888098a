"""Renders a template into a page: all text in it is escaped, and control characters become visible."""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined, pass_context
from jinja2.runtime import Context
from markupsafe import Markup, escape

from okrctl.outputs.reports import charts, markdown, page_text
from okrctl.outputs.reports.assets import Assets, InlineAssets
from okrctl.outputs.reports.kpi_text import describe_kpis
from okrctl.outputs.reports.links import anchor
from okrctl.outputs.terminal import sanitize
from okrctl.outputs.text import kpi, scorecard
from okrctl.outputs.view import TONES
from okrctl.values.addresses import SITE
from okrctl.values.nouns import count_noun

PERCENT, NO_BREAK_SPACE = re.compile(r"(?<=\d) %"), "\u00a0"
UNBROKEN = re.compile(r"\b(?:(?P<day>[0-9]{4}-[0-9]{2}-[0-9]{2})|(?:FY)?[0-9]{2,4}-[QHT][0-9])\b")
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
        "page_text": page_text, "count_noun": count_noun, "describe_kpis": describe_kpis, "anchor": anchor,
        "has_long_word": _has_long_word,
        "whole": _keep_whole, "write_days": _write_days,
        "site": SITE,
    }  # fmt: skip
    return jinja


@pass_context
def _keep_whole(context: Context, text: str) -> Markup:
    """Text in which days are written for people; no line ends inside a day, the name of a period or a percentage."""
    today = _day_of_page(context)
    escaped = PERCENT.sub(NO_BREAK_SPACE + "%", str(escape(sanitize(text))))
    return Markup(UNBROKEN.sub(lambda match: f'<span class="whole">{_write_day(match, today)}</span>', escaped))


@pass_context
def _write_days(context: Context, text: str) -> str:
    """Plain text in which days are written for people."""
    today = _day_of_page(context)
    return UNBROKEN.sub(lambda match: _write_day(match, today), text)


def _write_day(match: re.Match[str], today: date | None) -> str:
    """A day with its year only where that is not the year of the page; the name of a period as it is."""
    if match["day"] is None:
        return match[0]
    try:
        return scorecard.short_day(date.fromisoformat(match["day"]), today)
    except ValueError:
        return match[0]


def _day_of_page(context: Context) -> date | None:
    """The day that a page is of; None where it has none."""
    visit, report = context.get("visit"), context.get("report")
    found: date | None = visit.today if visit is not None else report.card.as_of if report is not None else None
    return found


def _has_long_word(text: str) -> bool:
    return any(len(word) > LONG_WORD for word in text.split())


def _sanitize(value: Any) -> Any:
    """What an expression prints: markup from templates as it is, text without control characters."""
    return value if isinstance(value, Markup) else sanitize(str(value))
