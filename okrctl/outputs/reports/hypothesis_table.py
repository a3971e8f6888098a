"""The hypotheses of a period as pages show them: what was expected, what the KPI did, and the verdict in words."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from fractions import Fraction

from okrctl.analysis import arithmetic
from okrctl.analysis.hypotheses import DISCLAIMER, HypothesisResult, Impact
from okrctl.outputs.reports.links import Links
from okrctl.outputs.reports.numbers import KpiNumbers
from okrctl.outputs.text import scorecard
from okrctl.outputs.view import Cell, Column, Row, Table
from okrctl.values.nouns import count_noun
from okrctl.values.quantity import MAX_DECIMALS, round_number
from okrctl.workspace import Kpi

COLUMNS = (
    Column("Objective"), Column("KPI", "kpi"), Column("Expected", "expected"), Column("Before → after", "levels"),
    Column("Usual change", "usual"), Column("Verdict", "verdict"),
)  # fmt: skip


def build(result: Impact, links: Links) -> Table:
    """A row per hypothesis, which leads to its objective and its KPI."""
    numbers = KpiNumbers()
    rows = [Row(tuple(_cells(each, result.as_of, numbers, links))) for each in result.hypotheses]
    return Table(COLUMNS, rows, f"{DISCLAIMER[0].upper()}{DISCLAIMER[1:]}.")


def describe_days(result: Impact, today: date) -> str:
    """The days of a period, and of one that is over on which day its hypotheses are judged."""
    period, day = result.period, result.as_of
    if result.state != "over":
        return f"{scorecard.period_days(result)}; verdicts come after its end"
    days = " to ".join(scorecard.short_day(each, today) for each in (period.start, period.end))
    after = (day - period.end).days
    late = f", {count_noun(after, 'day')} after its end" if after > 0 else ""
    last = ", the last day for late readings" if result.is_last_closing_day else ""
    return f"{days}, judged as of {scorecard.short_day(day, today)}{late}{last}"


def _cells(each: HypothesisResult, as_of: date, numbers: KpiNumbers, links: Links) -> Iterator[Cell]:
    node, hypothesis, kpi = each.objective.node, each.hypothesis, each.kpi
    score = scorecard.score(each.objective.score, each.objective.precision)
    yield Cell(scorecard.title(node), "name", href=links.goal(node.ref), notes=(Cell(f"score {score}"),))
    yield Cell(scorecard.title(kpi) if kpi else hypothesis.kpi, "name", href=links.kpi(hypothesis.kpi))
    because = (Cell(hypothesis.because, "name"),) if hypothesis.because else ()
    yield Cell(arithmetic.describe_expectation(hypothesis), notes=because)
    if kpi is None:
        yield from (Cell(scorecard.NOTHING), Cell(scorecard.NOTHING))
    else:
        yield Cell(_levels(each, kpi, as_of, numbers))
        yield Cell(_usual(each, kpi, numbers))
    yield Cell(status=each.verdict or "open", notes=(Cell(_reason(each, numbers)),))


def _levels(each: HypothesisResult, kpi: Kpi, as_of: date, numbers: KpiNumbers) -> str:
    """The level before the period and at its end with the difference; while it runs, the newest reading."""
    places = _places(each, kpi, numbers)
    before = numbers.amount(each.before, kpi, places)
    if each.after is None:
        now = _newest_reading(each, kpi, as_of)
        return before if now is None else f"{before} → now {numbers.amount(now, kpi)}"
    change = "" if each.change is None else f" ({_change(each, kpi, numbers)})"
    return f"{before} → {numbers.amount(each.after, kpi, places)}{change}"


def _newest_reading(each: HypothesisResult, kpi: Kpi, as_of: date) -> Fraction | None:
    """The newest reading of a KPI in the period up to a day."""
    start = each.objective.node.period.start
    values = (reading.value for reading in reversed(kpi.readings) if start <= reading.day <= as_of)
    return next((value.number for value in values if value is not None), None)


def _places(each: HypothesisResult, kpi: Kpi, numbers: KpiNumbers) -> int | None:
    """The places of the levels: those of the readings, one more for a mean of readings that have some."""
    levels = [level for level in (*each.levels[-1:], each.end) if level is not None]
    if not levels:
        return None
    places = numbers.places(kpi, levels[0].value)
    is_mean = any(level.readings > 1 for level in levels)
    return min(places + 1, MAX_DECIMALS) if places and is_mean else places


def _change(each: HypothesisResult, kpi: Kpi, numbers: KpiNumbers) -> str:
    """The difference of the levels as they are written."""
    assert each.before is not None and each.after is not None
    places = _places(each, kpi, numbers)
    before, after = (Fraction(round_number(level, places or 0)) for level in (each.before, each.after))
    return numbers.change(after - before, kpi, places)


def _usual(each: HypothesisResult, kpi: Kpi, numbers: KpiNumbers) -> str:
    usual = each.usual
    if usual is None:
        return "not known"
    return f"{numbers.mean_change(usual.low, kpi, has_unit=False)} to {numbers.mean_change(usual.high, kpi)}"


def _reason(each: HypothesisResult, numbers: KpiNumbers) -> str:
    """Why the verdict is what it is."""
    expect, within, kpi = each.hypothesis.expect, each.hypothesis.within, each.kpi
    if kpi is None or each.verdict is None:
        return each.why
    if each.verdict == "no verdict" and each.before is not None and each.usual is None:
        return f"what is usual is not known: {each.why}"
    if each.verdict not in ("supported", "refuted") or each.change is None:
        return each.why.replace(f"'{kpi.id}'", scorecard.title(kpi))
    if expect == "steady":
        return each.why.replace("`within:`", within.text if within else "")
    moved = _change(each, kpi, numbers)
    if each.verdict == "refuted":
        return f"moved against what was expected: {moved}, expected {expect}"
    return f"moved as expected: {moved}, {each.why.removeprefix('moved ')}"
