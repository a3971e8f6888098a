"""The verdicts on hypotheses, on numbers that can be followed on paper.

The period is 2026-Q2, 1 April to 30 June. The spans before it end in March 2026, December, September, June and March
2025, and a level is the mean of the readings of such a month.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from fractions import Fraction as F

import pytest

from okrctl import scoring
from okrctl.analysis.hypotheses import HypothesisResult, Impact, evaluate_hypotheses, newest_period_with_hypothesis
from okrctl.schema.settings import Config
from okrctl.values.statistics import t90
from okrctl.workspace import Workspace
from tests.kpis.kpi_values import build, computed, kpi

END, AFTER = date(2026, 6, 30), date(2026, 7, 10)
OBJECTIVE = """
period: PERIOD
team: growth
objectives:
  - id: o
    title: Something true
    owner: lea
    ambition: AMBITION
    hypothesis: {kpi: load, expect: EXPECT}
    key_results: [{id: k, title: K, to: 10, RESULT}]
"""
# Levels 50, 52, 51, 54: changes +2, -1, +3, of mean 4/3; their squared distances add up to 4/9 + 49/9 + 25/9 = 78/9.
EARLIER = "2025-06-30: 50, 2025-09-30: 52, 2025-12-31: 51, 2026-03-31: 54"
USUAL_MEAN, USUAL_WIDTH = 4 / 3, t90(2) * (78 / 9 / 2) ** 0.5 * (1 + 1 / 3) ** 0.5  # -3.20 to 5.87 in differences


def okrs(
    expect: str = "up", score: int = 8, ambition: str = "aspirational", result: str = "", period: str = "2026-Q2"
) -> str:
    readings = result or f"readings: {{2026-06-15: {score}}}"
    text = OBJECTIVE.replace("EXPECT", expect).replace("AMBITION", ambition).replace("RESULT", readings)
    return text.replace("PERIOD", period)


def judge(workspace: Workspace, day: date = AFTER) -> Impact:
    return evaluate_hypotheses(workspace, scoring.build_scorecard(workspace, workspace.periods[0], day))


def find(after: object, objective: str = "", earlier: str = EARLIER, more: str = "better: higher") -> HypothesisResult:
    readings = earlier + (f", 2026-06-29: {after}" if after is not None else "")
    (result,) = judge(build(kpi("load", readings, more), objective or okrs())).hypotheses
    return result


def test_supported() -> None:
    result = find(61)
    assert (result.before, result.after, result.change) == (54, 61, 7)
    assert result.usual is not None and result.usual.spans == 3
    assert float(result.usual.difference_low) == pytest.approx(USUAL_MEAN - USUAL_WIDTH)
    assert float(result.usual.difference_high) == pytest.approx(USUAL_MEAN + USUAL_WIDTH)
    assert (result.verdict, result.why) == ("supported", "moved more than usual")


def test_refuted() -> None:
    assert find(50).verdict == "refuted"
    assert find(61, okrs("down")).verdict == "refuted"
    assert find(50, okrs("down")).verdict == "supported"


@pytest.mark.parametrize(("after", "verdict"), [(59, "no verdict"), (51, "no verdict"), (61, "supported")])
def test_what_moves_as_usual_says_nothing(after: int, verdict: str) -> None:
    assert find(after).verdict == verdict


@pytest.mark.parametrize(
    ("after", "within", "verdict", "why"),
    [
        (54, "", "no verdict", "`expect: steady` needs `within:`"),
        (54, ", within: 5", "no verdict", "usually changes more than `within:`"),  # by up to 5.87
        (60, ", within: 6", "supported", "stayed within `within:`"),
        (47, ", within: 6", "refuted", "moved more than `within:`"),
    ],
)
def test_steady_means_within_a_bound(after: int, within: str, verdict: str, why: str) -> None:
    result = find(after, okrs(f"steady{within}"))
    assert (result.verdict, result.why) == (verdict, why)


@pytest.mark.parametrize(
    ("score", "ambition", "verdict"),
    [(7, "aspirational", "supported"), (6, "aspirational", "untested"), (9, "committed", "untested"),
     (10, "committed", "supported")],
)  # fmt: skip
def test_what_was_not_reached_tests_nothing(score: int, ambition: str, verdict: str) -> None:
    assert find(61, okrs(score=score, ambition=ambition)).verdict == verdict


def test_an_objective_that_was_given_up_tests_nothing() -> None:
    state = "owner: lea\n    state: postponed\n    since: 2026-05-01\n    reason: Later\n"
    assert find(61, okrs().replace("owner: lea\n", state)).verdict == "untested"


@pytest.mark.parametrize(
    ("build_result", "why"),
    [
        (lambda: find(61, okrs(result="state: draft")), "the objective has no score"),
        (lambda: find(None), "'load' has no reading from 2026-06-01 to 2026-06-30, the end of the period"),
        (lambda: find(61, earlier="2026-04-01: 3"),
         "'load' has no reading from 2026-03-01 to 2026-03-31, the end of the span before the period"),
        (lambda: find(61, okrs().replace("kpi: load", "kpi: lod")), "there is no KPI 'lod'"),
        (lambda: find(61, earlier=EARLIER.removeprefix("2025-06-30: 50, ")),
         "readings in only 3 of the 4 earlier spans that are needed"),
    ],
)  # fmt: skip
def test_no_verdict_without_the_figures_for_one(build_result: Callable[[], HypothesisResult], why: str) -> None:
    result = build_result()
    assert (result.verdict, result.why) == ("no verdict", why)


def test_a_missing_figure_comes_before_an_objective_that_failed_and_that_before_an_unknown_usual() -> None:
    assert find(None, okrs(score=1)).verdict == "no verdict"
    assert find(61, okrs(score=1), earlier="2026-03-31: 54").verdict == "untested"


def test_a_level_is_the_mean_of_the_last_month() -> None:
    result = find(61, earlier=f"{EARLIER}, 2026-03-01: 50, 2026-02-28: 999")
    assert result.before == 52
    assert (result.levels[-1].first, result.levels[-1].last) == (date(2026, 3, 1), date(2026, 3, 31))
    assert result.levels[-1].readings == 2
    assert find("61, 2026-06-01: 57, 2026-05-31: 999").after == 59


def test_an_end_without_a_level_ends_the_row() -> None:
    gap = "2025-03-31: 49, 2025-06-30: 50, 2025-12-31: 51, 2026-03-31: 54"
    assert [level.value for level in find(61, earlier=gap).levels] == [51, 54]
    six = f"2024-12-31: 7, 2025-03-31: 49, {EARLIER}"
    assert [level.value for level in find(61, earlier=six).levels] == [49, 50, 52, 51, 54]


def test_a_month_has_the_level_of_all_of_it_and_as_many_months_before() -> None:
    readings = "2026-01-15: 1, 2026-02-02: 2, 2026-03-01: 3, 2026-03-31: 5, 2026-04-30: 9"
    (result,) = judge(
        build(kpi("load", readings), okrs(result="readings: {2026-04-15: 8}", period="2026-04"))
    ).hypotheses
    assert [level.value for level in result.levels] == [1, 2, 4]
    assert result.after == 9


@pytest.mark.parametrize(
    ("start", "days", "spans"),
    [
        ("2026-05-04", 42, [("2026-04-06", "2026-05-03"), ("2026-02-23", "2026-03-22")]),
        ("2026-06-01", 14, [("2026-05-18", "2026-05-31"), ("2026-05-04", "2026-05-17")]),
    ],
)
def test_a_period_in_days_has_spans_of_as_many_days_and_levels_of_28(
    start: str, days: int, spans: list[tuple[str, str]]
) -> None:
    begin = date.fromisoformat(start).toordinal()
    end = date.fromordinal(begin + days - 1)
    period = f"{{id: cycle-7, start: {start}, end: {end}}}"
    readings = ", ".join(f"{date.fromordinal(begin - 98 + day)}: {day}" for day in range(140))
    built = build(kpi("load", readings), okrs(result=f"readings: {{{start}: 8}}", period=period))
    (result,) = judge(built).hypotheses
    assert [(str(level.first), str(level.last)) for level in result.levels[::-1]][:2] == spans
    assert result.end is not None and (result.end.last, result.end.readings) == (end, min(days, 28))


def test_readings_of_the_period_are_not_usual_and_later_ones_do_not_count() -> None:
    assert find(61, earlier=f"{EARLIER}, 2026-05-01: 999").usual == find(61).usual
    late = judge(build(kpi("load", f"{EARLIER}, 2026-06-29: 61, 2026-07-01: 1"), okrs())).hypotheses[0]
    assert (late.after, late.verdict) == (61, "supported")


@pytest.mark.parametrize("aggregate", ["sum", "mean"])
def test_what_is_added_up_or_averaged_is_judged_by_its_readings(aggregate: str) -> None:
    result = find("61, 2026-06-08: 63", more=f"better: higher, cadence: weekly, aggregate: {aggregate}")
    assert (result.before, result.after, result.verdict) == (54, 62, "supported")


def test_nothing_is_judged_while_the_period_runs() -> None:
    running = judge(build(kpi("load", f"{EARLIER}, 2026-06-29: 61"), okrs()), END)
    (result,) = running.hypotheses
    assert (result.verdict, result.before, result.after, result.succeeded) == (None, 54, None, None)
    assert result.usual is not None and result.usual.spans == 3
    assert running.summary_lines == []


def test_a_computed_kpi_is_judged_by_its_values_in_slots() -> None:
    """One reading a quarter, but of a KPI that is read monthly: the slots are months, each with one reading."""
    formula = computed("load", "2 * base") + kpi(
        "base", f"{EARLIER}, 2026-06-29: 61", "better: higher, cadence: monthly"
    )
    (result,) = judge(build(formula, okrs())).hypotheses
    assert (result.before, result.after, result.verdict) == (108, 122, "supported")
    assert result.usual is not None
    assert float(result.usual.difference_high) == pytest.approx(2 * (USUAL_MEAN + USUAL_WIDTH))


def test_all_verdicts_in_one_line() -> None:
    (line,) = judge(build(kpi("load", f"{EARLIER}, 2026-06-29: 61"), okrs())).summary_lines
    assert line == "Hypotheses: 1 supported (a move is not a proof; details: `okrctl impact 2026-Q2`)"


def test_the_default_period_is_the_newest_that_is_over_and_has_a_hypothesis() -> None:
    built = build(kpi("load", EARLIER), okrs())
    found = newest_period_with_hypothesis(built, AFTER)
    assert found is not None and found.id == "2026-Q2"
    assert newest_period_with_hypothesis(built, END) is None
    assert newest_period_with_hypothesis(build(kpi("load", ""), okrs().replace("hypothesis", "x-guess")), AFTER) is None
    assert Config().scoring.success == F(7, 10)
