"""The verdicts on hypotheses, on numbers that can be followed on paper.

The period is 2026-Q2, 1 April to 30 June, 91 days; the day before it is 31 March. Earlier spans of 91 days end on
31 March (from 30 December), 30 March (from 29 December) and 29 March (from 28 December).
"""

from __future__ import annotations

from datetime import date
from fractions import Fraction as F

import pytest

from okrctl import scoring
from okrctl.analysis.hypotheses import HypothesisResult as Outcome
from okrctl.analysis.hypotheses import Impact, evaluate_hypotheses, newest_period_with_hypothesis
from okrctl.schema.settings import Config
from okrctl.workspace import Workspace
from tests.kpis.kpi_values import build, computed, kpi

END, AFTER = date(2026, 6, 30), date(2026, 7, 10)
OBJECTIVE = """
period: 2026-Q2
team: growth
objectives:
  - id: o
    title: Something true
    owner: lea
    ambition: AMBITION
    hypothesis: {kpi: load, expect: EXPECT}
    key_results: [{id: k, title: K, to: 10, RESULT}]
"""
# spans that end on 29, 30 and 31 March: 52 - 50, 53 - 50 and 54 - 50, so that the noise is 3
EARLIER = "2025-12-28: 50, 2026-03-29: 52, 2026-03-30: 53, 2026-03-31: 54"


def okrs(expect: str = "up", score: int = 8, ambition: str = "aspirational", result: str = "") -> str:
    said = result or f"readings: {{2026-06-15: {score}}}"
    return OBJECTIVE.replace("EXPECT", expect).replace("AMBITION", ambition).replace("RESULT", said)


def judged(workspace: Workspace, day: date = AFTER) -> Impact:
    return evaluate_hypotheses(workspace, scoring.build_scorecard(workspace, workspace.periods[0], day))


def only(after: float | None, objective: str = "", earlier: str = EARLIER, more: str = "better: higher") -> Outcome:
    readings = earlier + (f", 2026-06-29: {after}" if after is not None else "")
    (found,) = judged(build(kpi("load", readings, more), objective or okrs())).hypotheses
    return found


def test_supported() -> None:
    found = only(58)
    assert (found.before, found.after, found.noise, found.change) == (54, 58, 3, 4)
    assert (found.verdict, found.why) == ("supported", "moved as expected")


def test_refuted() -> None:
    assert only(50).verdict == "refuted"
    assert only(58, okrs("down")).verdict == "refuted"
    assert only(50, okrs("down")).verdict == "supported"


@pytest.mark.parametrize(("after", "verdict"), [(57, "no verdict"), (51, "no verdict"), (57.1, "supported")])
def test_what_moves_no_more_than_the_noise_says_nothing(after: float, verdict: str) -> None:
    assert only(after).verdict == verdict


@pytest.mark.parametrize(
    ("after", "verdict"), [(57, "supported"), (51, "supported"), (57.1, "refuted"), (50, "refuted")]
)
def test_steady_means_within_the_noise(after: float, verdict: str) -> None:
    assert only(after, okrs("steady")).verdict == verdict


@pytest.mark.parametrize(
    ("score", "ambition", "verdict"),
    [(7, "aspirational", "supported"), (6, "aspirational", "untested"), (9, "committed", "untested"),
     (10, "committed", "supported")],
)  # fmt: skip
def test_what_was_not_reached_tests_nothing(score: int, ambition: str, verdict: str) -> None:
    assert only(58, okrs(score=score, ambition=ambition)).verdict == verdict


def test_an_objective_that_was_given_up_tests_nothing() -> None:
    said = "owner: lea\n    state: postponed\n    since: 2026-05-01\n    reason: Later\n"
    given_up = okrs().replace("owner: lea\n", said)
    assert only(58, given_up).verdict == "untested"


@pytest.mark.parametrize(
    ("found", "why"),
    [
        (lambda: only(58, okrs(result="state: draft")), "the objective has no score"),
        (lambda: only(None), "'load' has no reading from 2026-04-01 to 2026-06-30"),
        (lambda: only(58, earlier="2026-04-01: 3"), "'load' has no value before 2026-04-01"),
        (lambda: only(58, okrs().replace("kpi: load", "kpi: lod")), "there is no KPI 'lod'"),
        (lambda: only(58, earlier="2025-12-28: 50, 2026-03-30: 53, 2026-03-31: 54"),
         "fewer than 3 earlier spans of the period's length to estimate the noise"),
    ],
)  # fmt: skip
def test_no_verdict_without_the_figures_for_one(found: object, why: str) -> None:
    assert callable(found)
    tested = found()
    assert (tested.verdict, tested.why) == ("no verdict", why)


def test_a_missing_figure_comes_before_an_objective_that_failed_and_that_before_unknown_noise() -> None:
    assert only(None, okrs(score=1)).verdict == "no verdict"
    assert only(58, okrs(score=1), earlier="2026-03-31: 54").verdict == "untested"


def test_the_noise_is_the_median_without_regard_to_direction() -> None:
    # 50 to 40, 50 to 53, 50 to 52, 50 to 60: changes of 10, 3, 2 and 10; between 3 and 10 lies 6.5
    earlier = "2025-12-27: 50, 2026-03-28: 40, 2026-03-29: 53, 2026-03-30: 52, 2026-03-31: 60"
    assert only(58, earlier=earlier).noise == F(13, 2)


def test_readings_of_the_period_are_no_noise_and_later_ones_do_not_count() -> None:
    assert only(58, earlier=f"{EARLIER}, 2026-05-01: 999").noise == 3
    late = judged(build(kpi("load", f"{EARLIER}, 2026-06-29: 58, 2026-07-01: 1"), okrs())).hypotheses[0]
    assert (late.after, late.verdict) == (58, "supported")


def test_what_is_added_up_is_compared_over_as_many_days() -> None:
    # readings on the days of EARLIER, summed over 91 days: before 52 + 53 + 54 = 159; 28 December is 94 days ago
    tested = only(200, more="better: higher, aggregate: sum")
    assert (tested.before, tested.after) == (159, 200)


def test_nothing_is_judged_while_the_period_runs() -> None:
    running = judged(build(kpi("load", f"{EARLIER}, 2026-06-29: 58"), okrs()), END)
    (found,) = running.hypotheses
    assert (found.verdict, found.before, found.after, found.succeeded) == (None, 54, None, None)
    assert running.summary_lines == []


def test_a_computed_kpi_is_judged_by_its_values() -> None:
    formula = computed("load", "2 * base") + kpi("base", f"{EARLIER}, 2026-06-29: 58")
    (found,) = judged(build(formula, okrs())).hypotheses
    assert (found.before, found.after, found.noise, found.verdict) == (108, 116, 6, "supported")


def test_all_verdicts_in_one_line() -> None:
    built = build(kpi("load", f"{EARLIER}, 2026-06-29: 58"), okrs())
    (line,) = judged(built).summary_lines
    assert line == "Hypotheses: 1 supported (a move is not a proof; details: `okrctl impact 2026-Q2`)"


def test_the_period_meant_is_the_newest_that_is_over_and_guessed() -> None:
    built = build(kpi("load", EARLIER), okrs())
    found = newest_period_with_hypothesis(built, AFTER)
    assert found is not None and found.id == "2026-Q2"
    assert newest_period_with_hypothesis(built, END) is None
    assert newest_period_with_hypothesis(build(kpi("load", ""), okrs().replace("hypothesis", "x-guess")), AFTER) is None
    assert Config().scoring.success == F(7, 10)
