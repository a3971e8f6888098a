"""The report on a period: a page of Markdown, a page of HTML, or a site of all periods."""

from __future__ import annotations

from typing import Literal

from okrctl.analysis.period_report import PeriodReport
from okrctl.outputs import json
from okrctl.outputs.documents import ReportDocument, SiteDocument
from okrctl.outputs.terminal import TerminalStyle
from okrctl.outputs.views import hypotheses, kpis, scorecard


def render(result: PeriodReport, format: Literal["markdown", "html", "json"], style: TerminalStyle) -> str:
    """A report in a format; neither depends on the terminal."""
    match format:
        case "markdown":
            from okrctl.outputs.reports import markdown

            return markdown.page(result)
        case "html":
            from okrctl.outputs.reports import html  # imports Jinja2

            return html.page(result)
        case "json":
            return json.document(data(result))


def data(result: PeriodReport) -> ReportDocument:
    """The scorecard, the KPIs, the hypotheses and the notes of a period."""
    return {
        "scorecard": scorecard.card_data(result.card),
        "kpis": [kpis.data(status) for status in result.kpi_overview.statuses],
        "hypotheses": [hypotheses.data(each) for each in result.impact.hypotheses],
        "notes": result.notes,
    }


def site_document(folder: str, pages: int) -> str:
    """The document of a site that was written, as text."""
    site: SiteDocument = {"folder": folder, "pages": pages}
    return json.document(site)
