"""The arithmetic of ranges, limits and verdicts in words: each figure can be followed on paper."""

from __future__ import annotations

from datetime import date

import pytest

from okrctl.analysis.arithmetic import describe_limits, range_steps, signal_steps, verdict_steps
from okrctl.analysis.explanation import explain_score
from okrctl.analysis.hypotheses import HypothesisResult, Impact
from okrctl.kpis.series import KpiValues
from okrctl.kpis.signals import find_signal
from okrctl.workspace import Objective
from tests.analysis.test_hypotheses import EARLIER, find, okrs
from tests.kpis.kpi_values import build, kpi
from tests.kpis.test_kpi_signals import BASELINE, CALM, weekly
from tests.scoring.test_projection import MIDDLE, STEPS, score
from tests.scoring.worlds import opened


def test_a_projected_range() -> None:
    """Steps 10, 0, 20, 10 of ten days; residues 0, -10, 10, 0: s is the root of 20 / 3; t(0.9, 3) is 1.6377."""
    assert list(range_steps(score(f"to: 100, unit: users, readings: {{{STEPS}}}"))) == [
        "pace: (40 - 0) / 40 days = 1 a day",
        "projected on 2026-06-30: 40 users + 1 * 50 days = 90 users",
        "standard deviation of the 4 steps from that pace: 2.582 for one day",
        "80 % range: ± 1.6377 * 2.582 * root(50 * (1 + 50 / 40)) = ± 44.85; rounded outward 45 to 135 users",
        "the range is limited to possible values: not below 0 users",
    ]


def test_the_range_of_a_sum_goes_from_the_total() -> None:
    steps = list(range_steps(score(f"to: 300, aggregate: sum, readings: {{{STEPS}}}")))
    assert steps[0] == "pace: (90 - 0) / 41 days = 2.1951 a day"
    assert steps[1] == "projected on 2026-06-30: 90 + 2.1951 * 50 days = 199.76"
    assert steps[-1] == "the range is limited to possible values: not below 90"


def test_a_value_that_is_held() -> None:
    steps = list(range_steps(score(f"from: 0%, to: 90%, readings: {{{STEPS}, 2026-05-16: 90}}")))
    assert steps[1] == "projected on 2026-06-30: 90 % + 2 * 45 days = 180 %, limited to 100 %"


@pytest.mark.parametrize(
    ("result", "day", "steps"),
    [
        ("to: 9, readings: {2026-04-11: 1}", MIDDLE,
         ["no projected range: too few readings for a range (it needs four intervals of at least five days each)"]),
        ("from: 7, to: 9, readings: {2026-04-11: 7, 2026-04-21: 7, 2026-05-01: 7, 2026-05-11: 7}", MIDDLE,
         ["no projected range: has not moved (all readings are equal)"]),
        (f"to: 99, readings: {{{STEPS}, 2026-06-30: 50}}", date(2026, 6, 30),
         ["no projected range: known (the last day has a reading)"]),
        ("at_least: 3, readings: {2026-04-11: 1}", MIDDLE, []),
    ],
)  # fmt: skip
def test_why_there_is_no_range(result: str, day: date, steps: list[str]) -> None:
    assert list(range_steps(score(result, day))) == steps


def signal_words(numbers: list[object], more: str = "better: lower, unit: faults") -> list[str]:
    values = KpiValues(build(kpi("load", weekly(numbers), more)), date(2027, 1, 1))
    node = values.workspace.kpis["load"]
    return list(signal_steps(find_signal(values, node), node))


def test_limits_and_a_signal() -> None:
    """The standard deviation is root(30 / 11) = 1.65, and three of it are 4.95."""
    assert signal_words([*BASELINE, *CALM, 15]) == [
        "reference readings: the 12 from 2026-01-05 to 2026-03-23, before the newest 8:"
        " mean 10, standard deviation 1.65",
        "usual limits: 10 ± the larger of 3 * 1.65 and 2 steps of 1 = 10 ± 4.95: 5.05 to 14.95 faults",
        "the last 4 readings: 10, 10, 10, 15; halfway to the limits: 7.52 and 12.48 faults",
        "signal (beyond-limit): above its usual limit of 14.95 faults; the newest reading is 15 faults of 2026-05-18",
    ]


def test_a_signal_near_the_limit_and_none() -> None:
    near = signal_words([*BASELINE, *CALM[:4], 13, 10, 13, 13])[-1]
    words = "3 readings near its usual limit of 14.95 faults"
    assert near.startswith(f"signal (near-limit): {words}; ")
    assert signal_words([*BASELINE, *CALM, 12])[-1].startswith("no signal: as usual or better; ")
    low = signal_words([*BASELINE, *CALM, 5], "better: higher")[-1]
    assert low.startswith("signal (beyond-limit): below its usual limit of 5.05; ")


def test_what_the_limits_are_made_of() -> None:
    values = KpiValues(build(kpi("load", weekly([-5, -3] * 10), "better: lower")), date(2027, 1, 1))
    node = values.workspace.kpis["load"]
    # The standard deviation is root(12 / 11) = 1.04, and two steps of 2 are more than three of it.
    words = "-8 to 0: mean -4 ± 2 steps of 2 between the 12 readings from 2026-01-05 to 2026-03-23"
    assert describe_limits(find_signal(values, node), node) == words


def test_too_few_readings_for_limits() -> None:
    assert signal_words([3, 4, 5]) == ["signals from 20 readings on, 3 so far"]
    assert signal_words([3, 4, 5, 4, 3, 6]) == ["the highest of 6 readings; signals from 20 readings on"]
    assert signal_words([]) == []


def verdict_words(result: HypothesisResult) -> list[str]:
    return list(verdict_steps(Impact(result.objective.node.period, "over", date(2026, 7, 10), [result])))


def test_a_verdict() -> None:
    """Changes +2, -1, +3: mean 4/3, s = root(13/3) = 2.0817; t(0.9, 2) = 1.8856; 1.8856 * 2.0817 * root(4/3) = 4.53."""
    steps = verdict_words(find(61))
    assert steps[:5] == [
        "hypothesis: load up",
        "level 50 (1 reading from 2025-06-01 to 2025-06-30)",
        "level 52 (1 reading from 2025-09-01 to 2025-09-30)",
        "level 51 (1 reading from 2025-12-01 to 2025-12-31)",
        "level 54 (1 reading from 2026-03-01 to 2026-03-31)",
    ]
    assert steps[5] == (
        "changes +2, -1, +3: mean +1.33, standard deviation 2.0817;"
        " usual +1.33 ± 1.8856 * 2.0817 * root(1 + 1/3) = -3.2 to +5.87"
    )
    assert steps[6].startswith("computed with logarithms too, the wider end on each side counts: usual -3.2")
    assert steps[-2:] == [
        "level 61 (1 reading from 2026-06-01 to 2026-06-30), a change of +7",
        "verdict: supported, moved more than usual",
    ]


def test_a_verdict_without_levels_and_one_on_a_bound() -> None:
    assert verdict_words(find(61, earlier="2026-03-31: 54"))[-1] == (
        "verdict: no verdict, readings in only 1 of the 4 earlier spans that are needed"
    )
    assert verdict_words(find(54, okrs("steady, within: 6")))[0] == "hypothesis: load steady within 6"


def test_explaining_a_score_ends_with_the_range_or_the_verdicts() -> None:
    key_result = f"{{id: k, title: R, to: 100, readings: {{{STEPS}}}}}"
    workspace = opened(f"period: 2026-Q2\nobjectives: [{{id: o, title: T, key_results: [{key_result}]}}]\n")
    (result,) = workspace.key_results
    assert explain_score(workspace, result, MIDDLE).steps[-5].startswith("pace: (40 - 0) / 40 days")
    judged = build(kpi("load", f"{EARLIER}, 2026-06-29: 61"), okrs())
    (objective,) = judged.objectives
    assert isinstance(objective, Objective)
    steps = explain_score(judged, objective, date(2026, 7, 10)).steps
    assert steps[-1] == "verdict: supported, moved more than usual"
