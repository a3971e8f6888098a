"""Corners of the figures: a sum of what lies ahead is 0."""

from __future__ import annotations

from datetime import date

from okrctl import scoring
from tests.scoring.worlds import opened


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
