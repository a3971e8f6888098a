"""Says what is known of KPIs in the words that every format for people shares."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from okrctl.kpis.attribution import Drivers, best, worst
from okrctl.kpis.overview import Board, Gauge
from okrctl.kpis.trend import Turn
from okrctl.outputs.terminal import Glyphs, safe
from okrctl.outputs.text import scorecard
from okrctl.values.period import Period
from okrctl.values.quantity import rounded
from okrctl.workspace import Kpi

TREND_COLORS: dict[str, str] = {"better": "green", "worse": "red", "steady": "dim"}
FIGURES = {"sum": "sum", "mean": "mean"}


def amount(number: Fraction | None, kpi: Kpi) -> str:
    """A value with the KPI's unit."""
    return scorecard.NOTHING if number is None else scorecard.amount(short(number), kpi.unit)


def plain(number: Fraction) -> str:
    """A value without its unit."""
    return scorecard.amount(short(number))


def short(number: Fraction) -> Fraction:
    """A number to as many places as one reads: two from 1 on, four below."""
    return Fraction(rounded(number, 2 if abs(number) >= 1 else 4))


def signed(number: Fraction) -> str:
    """A change with its sign."""
    text = scorecard.amount(short(number))
    return text if text.startswith("-") or not number else f"+{text}"


def moved(change: Fraction | None, trend: Turn | None) -> str:
    """A change and whether it is for the better."""
    if change is None:
        return scorecard.NOTHING
    return " ".join([signed(change), *([trend] if trend else [])]) if change else "steady"


def value(one: Gauge) -> str:
    """The value with its unit; of what is added up or averaged, that it is."""
    said = amount(one.value, one.kpi)
    return f"{said} {FIGURES[one.kpi.aggregate]}" if one.value is not None and one.kpi.aggregate in FIGURES else said


def better(kpi: Kpi) -> str:
    """Which way is better."""
    if kpi.model.between:
        low, high = kpi.model.between
        return f"better between {scorecard.amount(low.number)} and {scorecard.amount(high.number, kpi.unit)}"
    return f"better {kpi.model.better}" if kpi.model.better else ""


def age(one: Gauge) -> str:
    """How old the newest reading is, and that another one is overdue."""
    if one.age_days is None:
        return "no reading"
    days = "today" if one.age_days == 0 else f"{one.age_days} d"
    return f"{days}, stale" if one.overdue else days


def alarmed(one: Gauge) -> str:
    """The alarm in words."""
    return f"alarm: {safe(one.alarm)}" if one.alarm else ""


def taken_up(one: Gauge) -> str:
    """The objectives that take a KPI up."""
    refs = ", ".join(safe(objective.ref) for objective in one.objectives)
    return f"taken up by {refs}" if refs else "taken up by no active objective"


def since(period: Period | None) -> str:
    """What the change of a period is called."""
    return f"since {period.start}" if period else "in the period"


def heading(result: Board) -> str:
    """What the list is of."""
    alarms = sum(1 for one in result.gauges if one.alarm)
    worse = sum(1 for one in result.gauges if one.trend == "worse")
    counted = f"{len(result.gauges)} KPI{'' if len(result.gauges) == 1 else 's'}"
    return ", ".join([counted, *([f"{alarms} alarmed"] if alarms else []), *([f"{worse} worse"] if worse else [])])


def spark(values: list[Fraction | None], glyphs: Glyphs, cells: int) -> str:
    """The newest values as bars of different height, the lowest of them lowest; a space where there is none."""
    shown = values[-cells:]
    known = [one for one in shown if one is not None]
    if len(known) < 2:
        return ""
    low, spread = min(known), max(known) - min(known)
    top = len(glyphs.spark) - 1
    middle = glyphs.spark[top // 2]
    drawn = (
        " " if one is None else glyphs.spark[int((one - low) * top / spread + Fraction(1, 2))] if spread else middle
        for one in shown
    )
    return "".join(drawn).strip()


def closing(result: Drivers) -> Iterator[str]:
    """What there is to say below the parts of a change: why there are none, or which hurt most."""
    if result.remark:
        yield safe(result.remark)
    elif not result.parts:
        yield f"'{result.kpi.id}' has no formula that could say why"
    for words, parts in (("What hurt most", worst(result)), ("What helped most", best(result))):
        if parts:
            yield f"{words}: " + ", and in it ".join(f"{one.kpi.id} ({signed(one.part)})" for one in parts)
