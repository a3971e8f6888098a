"""The words for KPIs, which all formats for people share."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from okrctl.analysis import arithmetic
from okrctl.kpis.attribution import Attribution, most_harmful, most_helpful
from okrctl.kpis.overview import KpiOverview, KpiStatus
from okrctl.kpis.trend import Trend, trend_of
from okrctl.outputs.terminal import sanitize
from okrctl.outputs.text import scorecard
from okrctl.values.dates import Cadence
from okrctl.values.nouns import count_noun
from okrctl.values.period import Period
from okrctl.values.quantity import round_number
from okrctl.workspace import Kpi

AGGREGATES = {"sum": "sum", "mean": "mean"}


def amount(number: Fraction | None, kpi: Kpi | None) -> str:
    """A value with the KPI's unit."""
    if number is None or kpi is None:
        return scorecard.NOTHING
    return scorecard.amount(round_for_display(number), kpi.unit)


def bare_amount(number: Fraction) -> str:
    """A value without its unit."""
    return scorecard.amount(round_for_display(number))


def round_for_display(number: Fraction) -> Fraction:
    """A number to two places, below 1 to four."""
    return Fraction(round_number(number, 2 if abs(number) >= 1 else 4))


def signed_amount(number: Fraction, unit: str | None = None) -> str:
    """A change with its sign."""
    text = scorecard.amount(round_for_display(number), unit)
    return text if text.startswith("-") or not number else f"+{text}"


def change_amount(change: Fraction | None) -> str:
    """A change with its sign, or that there is none."""
    if change is None:
        return scorecard.NOTHING
    return signed_amount(change) if change else "steady"


def change_of(status: KpiStatus, change: Fraction | None, trend: Trend | None) -> str:
    """A change of a KPI and whether it is for the better, or that there is nothing to compare with."""
    if status.comparison is not None and not status.comparison.before_slots:
        return "not available"
    return change_with_trend(change, trend)


def change_with_trend(change: Fraction | None, trend: Trend | None) -> str:
    """A change, and whether it is for the better; one that is neither stands alone."""
    is_judged = change and trend in ("better", "worse")
    return f"{change_amount(change)} {trend}" if is_judged else change_amount(change)


def value(status: KpiStatus) -> str:
    """The value with its unit, and whether it is a sum or a mean."""
    text = amount(status.value, status.kpi)
    aggregate = AGGREGATES.get(status.kpi.aggregate)
    return f"{text} {aggregate}" if status.value is not None and aggregate else text


def short_value(status: KpiStatus) -> str:
    """The value as in a narrow column: without a unit that is longer than a sign or a currency."""
    unit = status.kpi.unit or ""
    return value(status) if len(unit) <= scorecard.SHORT_UNIT else value(status).replace(f" {sanitize(unit)}", "", 1)


def comparison_note(one: KpiStatus) -> str:
    """What the change of a flow compares, or which slot is missing for a comparison; empty for a stock."""
    found = one.comparison
    if found is None:
        return ""
    if not found.before_slots:
        is_weekly = found.cadence.name == "weekly"
        reason = "the year before has no week 53" if is_weekly else "only weeks, months and quarters have a year before"
        return f"not available: {reason}"
    if found.missing is not None:
        return f"no trend: {found.missing} is missing"
    slots = _slots(found.slots, found.cadence)
    if found.against == "year":
        return f"{slots} against the same {slots.split(maxsplit=1)[1]} of the year before"
    return f"{slots} against the {len(found.before_slots)} before"


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
    """Which values are better."""
    if kpi.model.between:
        low, high = kpi.model.between
        return f"best between {scorecard.amount(low.number)} and {scorecard.amount(high.number, kpi.unit)}"
    return f"{kpi.model.better} is better" if kpi.model.better else ""


def reading_age(status: KpiStatus) -> str:
    """The age of the newest reading, and whether it is stale."""
    if status.age_days is None:
        return "no reading"
    days = "today" if status.age_days == 0 else f"{status.age_days} d"
    return f"{days}, stale" if status.is_stale else days


def reading_age_in_words(status: KpiStatus) -> str:
    """The age of the newest reading as part of a sentence: `6 days old, stale`."""
    if not status.age_days:
        return reading_age(status)
    days = "1 day old" if status.age_days == 1 else f"{status.age_days} days old"
    return f"{days}, stale" if status.is_stale else days


def alarm_text(status: KpiStatus) -> str:
    """The alarm in words."""
    return f"alarm: {sanitize(status.alarm)}" if status.alarm else ""


def signal_words(status: KpiStatus) -> str:
    """What is out of the ordinary, in words."""
    return sanitize(arithmetic.describe_signal(status.judged, status.kpi))


def signal_text(status: KpiStatus) -> str:
    """The signal in words, named as such."""
    found = signal_words(status)
    return f"signal: {found}" if found else ""


def youth_text(status: KpiStatus) -> str:
    """How many readings signals need, and how the newest stands among those that there are."""
    return sanitize(arithmetic.describe_youth(status.judged, status.value, status.kpi.unit))


def limits_text(status: KpiStatus) -> str:
    """The usual limits in words, else how many readings they need."""
    limits = arithmetic.describe_limits(status.judged, status.kpi)
    return f"usual limits {sanitize(limits)}" if limits else youth_text(status)


def usual_range(status: KpiStatus) -> str:
    """The usual limits in short, else how many readings they need; empty without a reading."""
    drawn = status.judged.drawn
    if drawn is None:
        return youth_text(status)
    return f"usual limits {bare_amount(drawn.low)} to {amount(drawn.high, status.kpi)}"


def addressed_by(status: KpiStatus) -> str:
    """The active objectives that name the KPI."""
    refs = ", ".join(sanitize(objective.ref) for objective in status.objectives)
    return f"addressed by {refs}" if refs else "not addressed by any active objective"


def since_label(period: Period | None) -> str:
    """The heading for the change within a period."""
    return f"since {period.start}" if period else "in the period"


def change_heading(overview: KpiOverview, since: str) -> str:
    """The heading for the change `since` a day; of KPIs that are held against it, the year before."""
    by_year = [status.comparison is not None and status.comparison.against == "year" for status in overview.statuses]
    if by_year and all(by_year):
        return "against the year before"
    return f"{since} or year before" if any(by_year) else since


def heading(overview: KpiOverview, since: str = "") -> str:
    """How many KPIs there are, how many have an alarm, how many have a signal, how many got worse.

    Worse than at the reading before; with `since`, such as "since 1 Sep", within the period.
    """
    alarms = sum(1 for status in overview.statuses if status.alarm)
    signals = sum(1 for status in overview.statuses if status.signal)
    worse = sum(1 for status in overview.statuses if (status.period_trend if since else status.trend) == "worse")
    count = len(overview.statuses)
    parts = [count_noun(count, "KPI")]
    parts += [f"{alarms} with an alarm"] if alarms else []
    parts += [f"{signals} with a signal"] if signals else []
    return ", ".join([*parts, *([f"{worse} worse {since}".rstrip()] if worse else [])])


def total_change(attribution: Attribution, arrow: str) -> str:
    """The value on both days, and the change."""
    kpi, old, new = attribution.kpi, attribution.old, attribution.new
    text = f"{amount(old, kpi)} on {attribution.since} {arrow} {amount(new, kpi)} on {attribution.until}"
    if attribution.change is None:
        return text
    return f"{text}: {change_with_trend(attribution.change, trend_of(kpi, old, new))}"


def attribution_notes(attribution: Attribution) -> Iterator[str]:
    """The notes below a change: why there are no contributions, or which hurt and helped most; the signal."""
    if attribution.remark:
        yield sanitize(attribution.remark)
    elif not attribution.contributions:
        yield f"'{attribution.kpi.id}' has no formula that explains the change"
    chains = (("What hurt most", most_harmful(attribution)), ("What helped most", most_helpful(attribution)))
    for words, chain in chains:
        if chain:
            yield f"{words}: {arithmetic.describe_chain((each.kpi.id, signed_amount(each.amount)) for each in chain)}"
    if attribution.judged is not None:
        yield from map(sanitize, arithmetic.signal_steps(attribution.judged, attribution.kpi))
