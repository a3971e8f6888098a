"""The hypotheses behind the objectives, period by period, and whether the KPIs moved as expected."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

from starlette.responses import Response

from okrctl.analysis.hypotheses import DISCLAIMER, VERDICTS, Impact
from okrctl.operations.impact import all_impacts
from okrctl.outputs.reports import hypothesis_table
from okrctl.outputs.view import Table
from okrctl.server.page import Page
from okrctl.server.visit import Visit


class Section(NamedTuple):
    """The hypotheses of one period, with how many have which verdict."""

    impact: Impact
    counts: list[tuple[str, int]]
    table: Table


def impact(visit: Visit) -> Response:
    """The page."""
    sections = [_section(visit, each) for each in all_impacts(visit.project)]
    total = Counter(verdict for section in sections for verdict, count in section.counts for _ in range(count))
    return visit.render(
        "impact.html",
        title="Impact",
        sections=sections,
        total=_in_order(total),
        disclaimer=DISCLAIMER,
        describe_days=hypothesis_table.describe_days,
    )


def _section(visit: Visit, found: Impact) -> Section:
    verdicts: Counter[str] = Counter(each.verdict or "open" for each in found.hypotheses)
    return Section(found, _in_order(verdicts), hypothesis_table.build(found, visit.links))


def _in_order(counts: Counter[str]) -> list[tuple[str, int]]:
    return list(_ordered(counts))


def _ordered(counts: Counter[str]) -> Iterator[tuple[str, int]]:
    for verdict in (*VERDICTS, "open"):
        if counts[verdict]:
            yield verdict, counts[verdict]


PAGES = (Page("/impact", impact, "Impact"),)
