"""Corners of the figures: what a KPI adds up is not projected, and a sum of what lies ahead is 0."""

from __future__ import annotations

from datetime import date

from okrctl import scoring
from tests.scoring.worlds import opened

OKRS = "period: 2026-Q2\nobjectives: [{id: o, title: T, key_results: [{id: k, title: R, kpi: g, to: 90}]}]\n"
KPIS = "kpis: [{{id: g, title: G, better: higher{how}, readings: {{2026-04-01: 9, 2026-04-10: 5, 2026-05-01: 7}}}}]\n"


def test_readings_that_a_kpi_adds_up_are_not_projected() -> None:
    for how, value, projected in ((", aggregate: sum", 21, False), (", aggregate: mean", 7, False), ("", 7, True)):
        workspace = opened(OKRS, kpis=KPIS.format(how=how))
        [one] = scoring.build_scorecard(workspace, workspace.periods[0], date(2026, 5, 10)).objectives[0].key_results
        assert (one.value, one.projection is not None) == (value, projected)


def test_members_ahead_count_nothing_in_a_sum_and_are_left_out_of_a_mean() -> None:
    text = (
        "period: {id: year, start: 2026-01-01, end: 2026-12-31}\nobjectives:\n"
        "  - {id: o, title: T, key_results: [{id: k, title: R, to: 9, rollup: {HOW: [later/company/x.y]}}]}\n"
    )
    later = (
        "period: {id: later, start: 2026-06-01, end: 2026-06-30}\n"
        "objectives: [{id: x, title: T, key_results: [{id: y, title: R, to: 1}]}]\n"
    )
    for how, value in (("sum", 0), ("mean", None)):
        workspace = opened(text.replace("HOW", how), kpis=later)
        year = next(one for one in workspace.periods if one.id == "year")
        [one] = scoring.build_scorecard(workspace, year, date(2026, 3, 1)).objectives[0].key_results
        assert one.value == value
