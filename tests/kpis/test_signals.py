"""Signals of KPIs: each step by hand, and how often the rule speaks in simulated series."""

from __future__ import annotations

import random
from collections.abc import Callable
from fractions import Fraction

import pytest

from okrctl.kpis.signals import Judgement, judge_readings, smallest_step
from tests.values.test_slips import poisson_number

# Twelve readings of mean 10; the squares of their distances add up to 30: the standard deviation is the root of 30/11.
BASELINE = [Fraction(number) for number in (7, 13, 8, 12, 9, 11, 9, 11, 10, 10, 10, 10)]
DEVIATION = (30 / 11) ** 0.5


def judge(
    newest: str, *, baseline: list[Fraction] = BASELINE, better: str | None = "higher", band: object = None
) -> Judgement | None:
    aside = [Fraction(text) for text in newest.split()]
    readings = [*baseline, *[Fraction(10)] * (8 - len(aside)), *aside]
    return judge_readings(readings, 0, better=better, band=band)  # type: ignore[arg-type]


def signal(newest: str, **details: object) -> str | None:
    found = judge(newest, **details)  # type: ignore[arg-type]
    assert found is not None
    return found.signal


def test_nothing_is_said_before_twenty_readings() -> None:
    assert judge_readings([Fraction(1)] * 19, 0, better="higher") is None
    assert judge_readings([Fraction(1)] * 20, 0, better="higher") is not None


def test_limits_are_the_mean_and_three_standard_deviations() -> None:
    found = judge("10")
    assert found is not None
    assert found.limits.mean == 10
    assert float(found.limits.low) == pytest.approx(10 - 3 * DEVIATION)
    assert float(found.limits.high) == pytest.approx(10 + 3 * DEVIATION)
    assert (found.limits.start, found.limits.end, found.limits.readings) == (0, 12, 12)


def test_the_baseline_is_at_most_twenty_readings_before_the_last_eight() -> None:
    found = judge_readings([Fraction(number % 2) for number in range(40)], 0, better="higher")
    assert found is not None and (found.limits.start, found.limits.end) == (12, 32)


def test_a_reading_beyond_the_limit_signals() -> None:
    assert signal("5.04") == "beyond-limit"  # the limit is 5.0456
    assert signal("5.05") is None
    assert signal("15") is None  # better is higher
    assert signal("15", better="lower") == "beyond-limit"


def test_three_of_four_near_the_limit_signal() -> None:
    """Nearer to the limit than to the mean: below 7.5228."""
    assert signal("7 7 10 7.5") == "near-limit"
    assert signal("7 10 10 7") is None
    assert signal("7 7 7 7.6") is None  # the newest has to be one of them
    assert signal("13 13 10 13", better="lower") == "near-limit"


def test_equal_readings_have_a_step_of_their_last_written_place() -> None:
    equal = [Fraction(10)] * 12
    assert smallest_step(equal, 1) == Fraction(1, 10)
    assert signal("8", baseline=equal) is None  # on the limit, not beyond it
    assert signal("7", baseline=equal) == "beyond-limit"


def test_steps_widen_limits_that_hang_on_rounding() -> None:
    rounded = [Fraction(10)] * 11 + [Fraction(11)]
    assert smallest_step(rounded, 0) == 1
    found = judge("10", baseline=rounded)
    assert found is not None and found.limits.mean - found.limits.low == 2


def test_a_band_is_judged_on_both_sides_and_only_outside_of_it() -> None:
    assert signal("3", band=(Fraction(5), Fraction(15)), better=None) == "beyond-limit"
    assert signal("17", band=(Fraction(5), Fraction(15)), better=None) == "beyond-limit"
    assert signal("3", band=(Fraction(2), Fraction(15)), better=None) is None


Process = Callable[[random.Random], float]


def rounded(deviations: float) -> Process:
    """Normal readings, written in units of so many standard deviations."""
    return lambda source: round(source.gauss(0, 1) / deviations) * deviations


AT_REST: dict[str, Process] = {
    "normal": lambda source: source.gauss(0, 1),
    "Poisson 4": lambda source: poisson_number(source, 4),
    "Poisson 20": lambda source: poisson_number(source, 20),
    "98 % of 200": lambda source: sum(source.random() < 0.98 for _ in range(200)) / 2,
    "units of 1": rounded(1),
    "units of 3": rounded(3),
    "units of 7": rounded(7),
}
SERIES = 3000


def as_fraction(value: float) -> Fraction:
    return Fraction(round(value * 10_000), 10_000)


def share_of_signals(process: Process, seed: str, better: str = "higher") -> float:
    """The share of new readings that signal, in series of 20 to 47 readings."""
    source, signals = random.Random(seed), 0
    for _ in range(SERIES):
        readings = [as_fraction(process(source)) for _ in range(source.randrange(20, 48))]
        found = judge_readings(readings, 4, better=better)  # type: ignore[arg-type]
        signals += found is not None and found.signal is not None
    return signals / SERIES


@pytest.mark.slow
@pytest.mark.parametrize("name", AT_REST)
def test_a_kpi_at_rest_seldom_signals(name: str) -> None:
    assert share_of_signals(AT_REST[name], f"rest {name}") <= 0.02


@pytest.mark.slow
@pytest.mark.parametrize(
    ("process", "better"),
    [
        (lambda source: poisson_number(source, 1), "lower"),
        (lambda source: source.gammavariate(1, 1), "lower"),
        (lambda source: sum(source.random() < 0.995 for _ in range(200)) / 2, "higher"),
    ],
    ids=["Poisson 1", "gamma 1", "share near 100"],
)
def test_a_tail_on_the_worse_side_signals_more_often(process: Process, better: str) -> None:
    assert share_of_signals(process, f"tail {better}", better=better) <= 0.04


@pytest.mark.slow
def test_a_lasting_shift_is_found() -> None:
    """A shift of two standard deviations for the worse, within six readings."""
    source, found = random.Random("shift"), 0
    for _ in range(SERIES):
        readings = [as_fraction(source.gauss(0, 1)) for _ in range(30)]
        for _ in range(6):
            readings.append(as_fraction(source.gauss(-2, 1)))
            judgement = judge_readings(readings, 4, better="higher")
            if judgement is not None and judgement.signal is not None:
                found += 1
                break
    assert found / SERIES >= 0.8
