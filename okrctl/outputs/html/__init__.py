"""HTML: a report as one page that brings all it needs along, and runs, loads and sends nothing else."""

from __future__ import annotations

from okrctl.analysis.period_report import PeriodReport
from okrctl.analysis.period_trends import PeriodTrends
from okrctl.outputs.html import report, site
from okrctl.outputs.terminal import TerminalStyle


def render(result: object, look: TerminalStyle) -> str:
    """A briefing as a page; nothing in it depends on the terminal."""
    assert isinstance(result, PeriodReport)
    return report.page(result)


def pages(result: PeriodTrends) -> dict[str, str]:
    """The pages of a site, by their paths below its folder."""
    return site.pages(result)
