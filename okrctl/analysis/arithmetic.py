"""Projected ranges, usual limits and verdicts in words, and their arithmetic with the numbers filled in.

The rules are in the manual's page on statistics; each step here names the figure, how it follows, and the unit.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from fractions import Fraction
from itertools import pairwise

from okrctl.analysis.hypotheses import HypothesisResult, Impact, Level
from okrctl.analysis.verdicts import UsualChange
from okrctl.kpis.signals import KpiSignal, Limits, smallest_step
from okrctl.measures.measure import formula_number
from okrctl.schema.model import Hypothesis
from okrctl.scoring.projection import Projection
from okrctl.scoring.scorecard import KeyResultScore
from okrctl.values import quantity, statistics
from okrctl.values.nouns import count_noun
from okrctl.values.quantity import format_number
from okrctl.workspace import Kpi

REASONS = {
    "too few readings for a range": "it needs four intervals of at least five days each",
    "has not moved": "all readings are equal",
    "known": "the last day has a reading",
}
YOUNG = "signals from 20 readings on"


def round_figure(number: Fraction) -> Fraction:
    """A computed number to as many places as a person reads: two, below 1 four."""
    return Fraction(quantity.round_number(number, 2 if abs(number) >= 1 else 4))


def _figure(number: Fraction, unit: str | None = None) -> str:
    return format_number(round_figure(number), unit)


WriteNumber = Callable[[Fraction, str | None], str]


def _precise(number: Fraction) -> str:
    """A coefficient with enough digits for the result to follow."""
    return format_number(number, places=4).rstrip("0").rstrip(".")


# Projected ranges


def range_steps(scored: KeyResultScore) -> Iterator[str]:
    """How the projected value and its range follow from the readings, or why there are none."""
    outlook = scored.outlook
    if isinstance(outlook, Projection):
        yield from _projection_steps(outlook, scored)
    elif outlook is not None:
        yield f"no projected range: {outlook} ({REASONS[outlook]})"


def _projection_steps(projection: Projection, scored: KeyResultScore) -> Iterator[str]:
    found, unit, last = projection.figures, scored.unit, scored.series.last
    is_sum = scored.values.aggregate_of(scored.node) == "sum"
    points = [point.value for point in scored.series.points]
    newest = sum(points, Fraction(0)) if is_sum else points[-1]
    first, end = newest - found.pace * found.days, newest + found.pace * found.left
    yield f"pace: ({_figure(newest)} - {_figure(first)}) / {found.days} days = {_precise(found.pace)} a day"
    held = f", limited to {_figure(found.value, unit)}" if found.value != end else ""
    left = f"{_precise(found.pace)} * {found.left} days"
    yield f"projected on {last}: {_figure(newest, unit)} + {left} = {_figure(end, unit)}{held}"
    quantile, horizon = Fraction(statistics.t90(found.steps - 1)), found.horizon
    width = quantile * found.deviation * statistics.root(horizon * (1 + horizon / found.days))
    yield f"standard deviation of the {found.steps} steps from that pace: {_precise(found.deviation)} for one day"
    yield (
        f"80 % range: ± {_precise(quantile)} * {_precise(found.deviation)}"
        f" * root({_precise(horizon)} * (1 + {_precise(horizon)} / {found.days})) = ± {_figure(width)};"
        f" rounded outward {format_number(projection.low)} to {format_number(projection.high, unit)}"
    )
    bounds = [(projection.bounds.low, "below"), (projection.bounds.high, "above")]
    words = [f"{side} {format_number(bound, unit)}" for bound, side in bounds if bound is not None]
    if words:
        yield f"the range is limited to possible values: not {', not '.join(words)}"


# Signals


def describe_signal(judged: KpiSignal, kpi: Kpi, write: WriteNumber = _figure) -> str:
    """What is out of the ordinary about the newest reading; empty where nothing is."""
    if judged.signal is None or judged.computed is None:
        return ""
    limits, newest = judged.computed, judged.readings[-1].value
    is_high = newest > limits.mean
    limit = write(limits.high if is_high else limits.low, kpi.unit)
    if judged.signal == "beyond-limit":
        return f"{'above' if is_high else 'below'} its usual limit of {limit}"
    near = len(_near(judged, limits, is_high))
    return f"{near} readings near its usual limit of {limit}"


def _near(judged: KpiSignal, limits: Limits, is_high: bool) -> list[Fraction]:
    """Those of the newest four readings that lie nearer to a limit than to the mean."""
    limit = limits.high if is_high else limits.low
    numbers = [point.value for point in judged.readings[-4:]]
    middle = (limits.mean + limit) / 2
    return [number for number in numbers if (number > middle if is_high else number < middle)]


def describe_limits(judged: KpiSignal, kpi: Kpi) -> str:
    """The usual limits of a KPI, as they are drawn, and how they are made; empty where there are none."""
    drawn, limits = judged.drawn, judged.computed
    if drawn is None or limits is None:
        return ""
    deviation, step = _spread(judged, limits)
    is_wide = 3 * deviation >= 2 * step
    width = "3 standard deviations of" if is_wide else f"2 steps of {formula_number(step)} between"
    return (
        f"{_figure(drawn.low)} to {_figure(drawn.high, kpi.unit)}: mean {_figure(drawn.mean, kpi.unit)} ± {width}"
        f" the {drawn.readings} readings from {drawn.first} to {drawn.last}"
    )


def _spread(judged: KpiSignal, limits: Limits) -> tuple[Fraction, Fraction]:
    """The standard deviation of the baseline, and its smallest step."""
    baseline = [point.value for point in judged.readings[limits.start : limits.end]]
    return statistics.root(statistics.variance(baseline)), smallest_step(baseline, judged.places)


def describe_youth(judged: KpiSignal, shown: Fraction | None = None, unit: str | None = None) -> str:
    """How many readings signals need; empty where there are limits or no reading.

    Where the newest reading is the worst of all it says so, which is a fact and no verdict. The reading is named where
    it is not `shown` beside this: of a formula the value of today may have inputs that are older.
    """
    count = len(judged.readings)
    if judged.worst:
        newest = judged.readings[-1]
        is_other = shown is not None and shown != newest.value
        named = f"{_figure(newest.value, unit)} on {newest.day}, " if is_other else ""
        return f"{named}the {judged.worst} of {count} readings; {YOUNG}"
    return f"{YOUNG}, {count} so far" if judged.is_young else ""


def signal_steps(judged: KpiSignal, kpi: Kpi) -> Iterator[str]:
    """How the limits follow from the baseline, and the signal from the newest readings."""
    limits = judged.computed
    if limits is None:
        yield from filter(None, (describe_youth(judged),))
        return
    (deviation, step), width = _spread(judged, limits), limits.high - limits.mean
    days = judged.readings[limits.start].day, judged.readings[limits.end - 1].day
    yield (
        f"reference readings: the {limits.readings} from {days[0]} to {days[1]}, before the newest 8:"
        f" mean {_figure(limits.mean)}, standard deviation {_figure(deviation)}"
    )
    yield (
        f"usual limits: {_figure(limits.mean)} ± the larger of 3 * {_figure(deviation)} and 2 steps of"
        f" {formula_number(step)} = {_figure(limits.mean)} ± {_figure(width)}:"
        f" {_figure(limits.low)} to {_figure(limits.high, kpi.unit)}"
    )
    newest = judged.readings[-1]
    finding = describe_signal(judged, kpi)
    half = f"halfway to the limits: {_figure(limits.mean - width / 2)} and {_figure(limits.mean + width / 2, kpi.unit)}"
    recent = ", ".join(_figure(point.value) for point in judged.readings[-4:])
    yield f"the last 4 readings: {recent}; {half}"
    verdict = f"signal ({judged.signal}): {finding}" if finding else "no signal: as usual or better"
    yield f"{verdict}; the newest reading is {_figure(newest.value, kpi.unit)} of {newest.day}"


# Verdicts


def describe_expectation(hypothesis: Hypothesis) -> str:
    """The expected direction, and within what a KPI is to stay steady."""
    return f"{hypothesis.expect} within {hypothesis.within.text}" if hypothesis.within else hypothesis.expect


def describe_usual(usual: UsualChange) -> str:
    """The usual change of a KPI over a span, in its unit: `-2.1 to +3.4`."""
    return f"{_format_signed(usual.low)} to {_format_signed(usual.high)}"


def _format_signed(number: Fraction) -> str:
    return f"+{_figure(number)}" if round_figure(number) > 0 else _figure(number)


def verdict_steps(impact: Impact) -> Iterator[str]:
    """The arithmetic of each verdict on a hypothesis."""
    for result in impact.hypotheses:
        yield from _verdict_steps(result)


def _verdict_steps(result: HypothesisResult) -> Iterator[str]:
    """How the usual change follows from the levels before the period, and the verdict from the change."""
    yield f"hypothesis: {result.hypothesis.kpi} {describe_expectation(result.hypothesis)}"
    unit = result.kpi.unit if result.kpi else None
    yield from (f"level {_level(level, unit)}" for level in result.levels)
    if result.usual is not None:
        yield from _usual_steps(result.usual, result.levels)
    if result.end is not None and result.change is not None:
        yield f"level {_level(result.end, unit)}, a change of {_format_signed(result.change)}"
    yield f"verdict: {result.verdict or 'open'}, {result.why}"


def _level(level: Level, unit: str | None) -> str:
    mean = "mean of " if level.readings > 1 else ""
    readings = f"{mean}{count_noun(level.readings, 'reading')}"
    return f"{_figure(level.value, unit)} ({readings} from {level.first} to {level.last})"


def _usual_steps(usual: UsualChange, levels: Sequence[Level]) -> Iterator[str]:
    changes = [later.value - earlier.value for earlier, later in pairwise(levels)]
    count, middle = len(changes), statistics.mean(changes)
    deviation = statistics.root(statistics.variance(changes))
    quantile = Fraction(statistics.t90(count - 1))
    yield (
        f"changes {', '.join(map(_format_signed, changes))}: mean {_format_signed(middle)},"
        f" standard deviation {_precise(deviation)};"
        f" usual {_format_signed(middle)} ± {_precise(quantile)} * {_precise(deviation)} * root(1 + 1/{count})"
        f" = {_format_signed(usual.difference_low)} to {_format_signed(usual.difference_high)}"
    )
    if (usual.low, usual.high) != (usual.difference_low, usual.difference_high):
        yield f"computed with logarithms too, the wider end on each side counts: usual {describe_usual(usual)}"


def describe_chain(causes: Iterable[tuple[str, str]]) -> str:
    """Causes with their amounts, each a part of the one before: `turnover (-2302), of which -1855 from basket`."""
    (name, amount), *parts = causes
    return ", of which ".join([f"{name} ({amount})", *(f"{amount} from {name}" for name, amount in parts)])
