"""The report on a period: a page of Markdown, a page of HTML, or a site of all periods."""

from __future__ import annotations

from typing import Literal

from okrctl.analysis.period_report import PeriodReport
from okrctl.outputs.terminal import TerminalStyle


def render(result: PeriodReport, format: Literal["markdown", "html"], style: TerminalStyle) -> str:
    """A report in a format; neither depends on the terminal."""
    match format:
        case "markdown":
            from okrctl.outputs.reports import markdown

            return markdown.page(result)
        case "html":
            from okrctl.outputs.reports import html  # imports Jinja2

            return html.page(result)
