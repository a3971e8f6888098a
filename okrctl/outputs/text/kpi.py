"""Says what is known of KPIs in the words that every format for people shares."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from okrctl.kpis.attribution import Attribution, most_harmful, most_helpful
from okrctl.kpis.overview import KpiOverview, KpiStatus
from okrctl.kpis.trend import Trend
from okrctl.outputs.terminal import Glyphs, sanitize
from okrctl.outputs.text import scorecard
from okrctl.values.dates import Cadence
from okrctl.values.period import Period
from okrctl.values.quantity import round_number
from okrctl.workspace import Kpi

TREND_COLORS: dict[str, str] = {"better": "green", "worse": "red", "steady": "dim"}
AGGREGATES = {"sum": "sum", "mean": "mean"}


def amount(number: Fraction | None, kpi: Kpi) -> str:
    """A value with the KPI's unit."""
    return scorecard.NOTHING if number is None else scorecard.amount(round_for_display(number), kpi.unit)


def bare_amount(number: Fraction) -> str:
    """A value without its unit."""
    return scorecard.amount(round_for_display(number))


def round_for_display(number: Fraction) -> Fraction:
    """A number to as many places as one reads: two from 1 on, four below."""
    return Fraction(round_number(number, 2 if abs(number) >= 1 else 4))


def signed_amount(number: Fraction) -> str:
    """A change with its sign."""
    text = scorecard.amount(round_for_display(number))
    return text if text.startswith("-") or not number else f"+{text}"


def change_with_trend(change: Fraction | None, trend: Trend | None) -> str:
    """A change and whether it is for the better."""
    if change is None:
        return scorecard.NOTHING
    return " ".join([signed_amount(change), *([trend] if trend else [])]) if change else "steady"


def value(one: KpiStatus) -> str:
    """The value with its unit; of what is added up or averaged, that it is."""
    said = amount(one.value, one.kpi)
    return (
        f"{said} {AGGREGATES[one.kpi.aggregate]}" if one.value is not None and one.kpi.aggregate in AGGREGATES else said
    )


def comparison_note(one: KpiStatus) -> str:
    """What the change of a flow compares, or which slot is missing for a comparison; empty for a stock."""
    found = one.comparison
    if found is None:
        return ""
    if found.missing is not None:
        return f"no trend: {found.missing} is missing"
    return f"{_slots(found.slots, found.cadence)} against the {len(found.before_slots)} before"


def figure_note(one: KpiStatus) -> str:
    """What is left out of the figure of a formula over flows, and what in it is old; empty where nothing is."""
    figure = one.figure
    if figure is None or figure.value is None:
        return ""
    cadence = one.comparison.cadence if one.comparison else None
    parts = [f"{figure.used} of {_slots(figure.asked, cadence)}"] if figure.used < figure.asked else []
    parts += [f"with a value from {figure.stale_since}"] if figure.stale_since else []
    return ", ".join(parts)


def _slots(count: int, cadence: Cadence | None) -> str:
    names = {"daily": "day", "weekly": "week", "fortnightly": "fortnight", "monthly": "month", "quarterly": "quarter"}
    name = names.get(cadence.name if cadence else "", "stretch")
    return f"{count} {name}{'' if count == 1 else 'es' if name == 'stretch' else 's'}"


def direction(kpi: Kpi) -> str:
    """Which way is better."""
    if kpi.model.between:
        low, high = kpi.model.between
        return f"better between {scorecard.amount(low.number)} and {scorecard.amount(high.number, kpi.unit)}"
    return f"better {kpi.model.better}" if kpi.model.better else ""


def reading_age(one: KpiStatus) -> str:
    """How old the newest reading is, and that another one is overdue."""
    if one.age_days is None:
        return "no reading"
    days = "today" if one.age_days == 0 else f"{one.age_days} d"
    return f"{days}, stale" if one.is_stale else days


def alarm_text(one: KpiStatus) -> str:
    """The alarm in words."""
    return f"alarm: {sanitize(one.alarm)}" if one.alarm else ""


def addressed_by(one: KpiStatus) -> str:
    """The objectives that take a KPI up."""
    refs = ", ".join(sanitize(objective.ref) for objective in one.objectives)
    return f"taken up by {refs}" if refs else "taken up by no active objective"


def since_label(period: Period | None) -> str:
    """What the change of a period is called."""
    return f"since {period.start}" if period else "in the period"


def heading(result: KpiOverview) -> str:
    """What the list is of."""
    alarms = sum(1 for one in result.statuses if one.alarm)
    worse = sum(1 for one in result.statuses if one.trend == "worse")
    counted = f"{len(result.statuses)} KPI{'' if len(result.statuses) == 1 else 's'}"
    return ", ".join([counted, *([f"{alarms} alarmed"] if alarms else []), *([f"{worse} worse"] if worse else [])])


def sparkline(values: list[Fraction | None], glyphs: Glyphs, cells: int) -> str:
    """The newest values as bars of different height, the lowest of them lowest; a space where there is none."""
    shown = values[-cells:]
    known = [one for one in shown if one is not None]
    if len(known) < 2:
        return ""
    low, spread = min(known), max(known) - min(known)
    top = len(glyphs.sparkline) - 1
    middle = glyphs.sparkline[top // 2]
    drawn = (
        " " if one is None else glyphs.sparkline[int((one - low) * top / spread + Fraction(1, 2))] if spread else middle
        for one in shown
    )
    return "".join(drawn).strip()


def attribution_notes(result: Attribution) -> Iterator[str]:
    """What there is to say below the parts of a change: why there are none, or which hurt most."""
    if result.remark:
        yield sanitize(result.remark)
    elif not result.contributions:
        yield f"'{result.kpi.id}' has no formula that could say why"
    for words, parts in (("What hurt most", most_harmful(result)), ("What helped most", most_helpful(result))):
        if parts:
            yield f"{words}: " + ", and in it ".join(f"{one.kpi.id} ({signed_amount(one.amount)})" for one in parts)
