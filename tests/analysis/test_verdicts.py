"""Verdicts on hypotheses: each step by hand, and how often they are wrong where nothing happened."""

from __future__ import annotations

import math
import random
from collections.abc import Callable
from fractions import Fraction

import pytest

from okrctl.analysis.verdicts import UsualChange, judge_change, usual_change
from okrctl.values.statistics import t90
from tests.values.test_slips import poisson_number


def levels(text: str) -> list[Fraction]:
    return [Fraction(word) for word in text.split()]


def test_fewer_than_four_levels_tell_nothing() -> None:
    assert usual_change(levels("1 2 3"), Fraction(4)) is None


def test_the_usual_change_by_hand() -> None:
    """Changes 1, -1, 3: mean 1, standard deviation 2; with levels of 0 there are no logarithms."""
    usual = usual_change(levels("0 1 0 3"), Fraction(2))
    assert usual is not None and usual.spans == 3
    width = t90(2) * 2 * (1 + 1 / 3) ** 0.5
    assert float(usual.low) == pytest.approx(1 - width)
    assert float(usual.high) == pytest.approx(1 + width)
    assert (usual.difference_low, usual.difference_high) == (usual.low, usual.high)


def test_of_more_levels_the_last_five_count() -> None:
    usual = usual_change(levels("1000 0 1 0 3 2"), Fraction(2))
    assert usual is not None and usual.spans == 4
    assert usual == usual_change(levels("0 1 0 3 2"), Fraction(2))


def test_with_all_levels_above_zero_both_ranges_have_to_be_left() -> None:
    """Growth of a tenth a span: in logarithms the next change is 0.1 of the last level, whatever the differences."""
    usual = usual_change(levels("100 110 121 133.1"), Fraction(146))
    assert usual is not None
    assert usual.difference_high < Fraction("14.5")
    assert float(usual.high) == pytest.approx(max(13.31, float(usual.difference_high)), rel=1e-6)
    assert float(usual.low) == pytest.approx(float(usual.difference_low))


USUAL = UsualChange(Fraction(-2), Fraction(3), 4, Fraction(-2), Fraction(3))


@pytest.mark.parametrize(
    ("change", "expect", "verdict", "why"),
    [
        ("3", "up", "no verdict", "moved as usual"),
        ("-2", "down", "no verdict", "moved as usual"),
        ("3.01", "up", "supported", "moved more than usual"),
        ("3.01", "down", "refuted", "moved more than usual"),
        ("-2.01", "up", "refuted", "moved more than usual"),
        ("-2.01", "down", "supported", "moved more than usual"),
    ],
)
def test_verdicts_lie_beyond_the_usual(change: str, expect: str, verdict: str, why: str) -> None:
    assert judge_change(Fraction(change), USUAL, expect) == (verdict, why)  # type: ignore[arg-type]


def test_a_rise_below_the_usual_one_is_less_than_usual() -> None:
    rising = UsualChange(Fraction(4), Fraction(9), 4, Fraction(4), Fraction(9))
    assert judge_change(Fraction(3), rising, "up") == ("refuted", "moved less than usual")
    assert judge_change(Fraction(-3), rising, "down") == ("supported", "moved more than usual")
    falling = UsualChange(Fraction(-9), Fraction(-4), 4, Fraction(-9), Fraction(-4))
    assert judge_change(Fraction(-1), falling, "up") == ("supported", "moved less than usual")


@pytest.mark.parametrize(
    ("change", "within", "verdict"),
    [
        ("1", None, "no verdict"),
        ("1", "2.9", "no verdict"),  # it usually moves by up to 3
        ("3", "3", "supported"),
        ("-3", "3", "supported"),
        ("3.1", "3", "refuted"),
    ],
)
def test_steady_needs_a_bound_that_the_usual_keeps(change: str, within: str | None, verdict: str) -> None:
    bound = None if within is None else Fraction(within)
    assert judge_change(Fraction(change), USUAL, "steady", bound)[0] == verdict


# Weekly readings over six quarters of 13 weeks; the level at an end is the mean of the last four.

Process = Callable[[random.Random], list[float]]
WEEKS = 13 * 6


def correlated(factor: float) -> Process:
    def draw(source: random.Random) -> list[float]:
        values = [source.gauss(0, 1)]
        for _ in range(WEEKS - 1):
            values.append(factor * values[-1] + source.gauss(0, (1 - factor**2) ** 0.5))
        return [100 + value for value in values]

    return draw


def walk(noise: float) -> Process:
    def draw(source: random.Random) -> list[float]:
        value, values = 100.0, []
        for _ in range(WEEKS):
            value += source.gauss(0, 1)
            values.append(value + source.gauss(0, noise))
        return values

    return draw


PROCESSES: dict[str, Process] = {
    "rest": correlated(0),
    "autocorrelation 0.3": correlated(0.3),
    "autocorrelation 0.6": correlated(0.6),
    "walk": walk(0),
    "walk with noise": walk(2),
    "line": lambda source: [100 + 0.5 * week + source.gauss(0, 1) for week in range(WEEKS)],
    "growth": lambda source: [100 * 1.01**week * math.exp(source.gauss(0, 0.02)) for week in range(WEEKS)],
    "season": lambda source: [
        100 + 1.5 * math.sin(2 * math.pi * (week + offset) / 52) + source.gauss(0, 1)
        for offset in [source.randrange(52)]
        for week in range(WEEKS)
    ],
    "Poisson 4": lambda source: [float(poisson_number(source, 4)) for _ in range(WEEKS)],
}
SERIES = 2000
TOLERANCE = 0.125


@pytest.mark.slow
@pytest.mark.parametrize("name", PROCESSES)
def test_without_an_effect_verdicts_are_seldom(name: str) -> None:
    source = random.Random(name)
    verdicts = {"supported": 0, "refuted": 0, "no verdict": 0}
    for _ in range(SERIES):
        values = [Fraction(round(value * 100), 100) for value in PROCESSES[name](source)]
        ends = [sum(values[end - 4 : end]) / 4 for end in range(13, WEEKS + 1, 13)]
        usual = usual_change([Fraction(end) for end in ends[:-1]], Fraction(ends[-1]))
        assert usual is not None
        verdicts[judge_change(Fraction(ends[-1] - ends[-2]), usual, "up")[0]] += 1
    assert verdicts["supported"] / SERIES <= TOLERANCE
    assert verdicts["refuted"] / SERIES <= TOLERANCE


@pytest.mark.slow
def test_a_lift_of_three_standard_deviations_is_found_at_rest() -> None:
    source, found = random.Random("lift"), 0
    for _ in range(SERIES):
        values = [Fraction(round((100 + source.gauss(0, 1) + 3 * (week >= 65)) * 100), 100) for week in range(WEEKS)]
        ends = [Fraction(sum(values[end - 4 : end]) / 4) for end in range(13, WEEKS + 1, 13)]
        usual = usual_change(ends[:-1], ends[-1])
        assert usual is not None
        found += judge_change(ends[-1] - ends[-2], usual, "up")[0] == "supported"
    assert found / SERIES >= 0.85
