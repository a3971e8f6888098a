"""What needs attention on a day, the worst first, each with the command to run next."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

from okrctl.analysis.arithmetic import describe_chain, describe_signal, describe_youth, round_figure
from okrctl.kpis.attribution import Contribution, attribute_change, most_harmful
from okrctl.kpis.overview import KpiOverview, KpiStatus
from okrctl.kpis.series import KpiValues
from okrctl.measures.measure import Step
from okrctl.scoring.scorecard import KeyResultScore, Scorecard
from okrctl.values.period import Period
from okrctl.values.quantity import format_number, format_short
from okrctl.workspace import DatedReading, Kpi, Node, Workspace

WORST_FIRST = (
    "at risk", "alarm", "error", "moved", "no data", "behind", "stale", "still open", "signal", "at its worst", "due",
)  # fmt: skip
LAGGING = ("at risk", "error", "no data", "behind", "stale")
LOW_CONFIDENCE = 4
NOT_ADDRESSED = "not addressed by any active objective"


@dataclass(frozen=True, slots=True)
class AttentionItem:
    """One thing that needs attention: its status, the reason, and the command to run next.

    `gap` orders items of one status: the larger, the earlier. `short` is the reason where a line has little room, empty
    where it is the same. `label` is the status in another word for people, empty where it is the same.
    """

    ref: str
    status: str
    why: str
    next: str
    title: str = ""
    owner: str | None = None
    gap: Fraction = Fraction(0)
    short: str = ""
    label: str = ""

    @property
    def status_word(self) -> str:
        """The status for people."""
        return self.label or self.status

    @property
    def sort_key(self) -> tuple[int, Fraction, str]:
        """The worst first, then by the size of the gap and by name."""
        return WORST_FIRST.index(self.status), -self.gap, self.ref


@dataclass(slots=True)
class StatusReport:
    """The scorecards of the running periods, what needs attention, and the lines below.

    `own_names` are the owners that the person at work goes by, empty where they are not known.
    """

    cards: list[Scorecard]
    as_of: date
    attention: list[AttentionItem] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    kpis: dict[str, KpiStatus] = field(default_factory=dict)
    own_names: frozenset[str] = frozenset()


# Key results


def attention_items(
    cards: Iterable[Scorecard], shorten: Callable[[Node], str], workspace: Workspace
) -> Iterator[AttentionItem]:
    """The key results of running periods that lag or are due; `shorten` gives the shortest reference to a node."""
    for card in cards:
        for objective in card.objectives if card.state == "running" else ():
            for scored in objective.key_results:
                if scored.status in LAGGING:
                    yield _lagging_item(scored, shorten(scored.node))
                elif scored.status in ("on track", "starting") and _is_due(scored, workspace):
                    why = f"{_describe_last_reading(scored)}, expected {workspace.cadence(scored.node).name}"
                    yield _key_result_item(scored, "due", why, _checkin_command(scored, shorten(scored.node)))


def moved_item(node: Node, why: str, short: str, ref: str) -> AttentionItem:
    """A goal that became easier than agreed without a record; `ref` is the shortest reference to it."""
    title = node.model.title or node.id
    return AttentionItem(node.ref, "moved", why, f"okrctl log {ref}", title, node.owner, short=short, label="easier")


def _key_result_item(
    scored: KeyResultScore, status: str, why: str, next: str, gap: Fraction = Fraction(0)
) -> AttentionItem:
    node, label = scored.node, scored.status_word if scored.guardrail and scored.broken else ""
    return AttentionItem(node.ref, status, why, next, node.model.title or node.id, node.owner, gap, label=label)


def _lagging_item(scored: KeyResultScore, ref: str) -> AttentionItem:
    status = scored.status or ""
    match status:
        case "error":
            return _key_result_item(scored, status, scored.error or "", "okrctl check")
        case "no data":
            why = scored.no_data.text if scored.no_data else _describe_last_reading(scored)
            return _key_result_item(scored, status, why, _command_for_data(scored, ref))
        case "stale":
            why = f"{_describe_last_reading(scored)}, expected {scored.series.cadence.name}"
            return _key_result_item(scored, status, why, _checkin_command(scored, ref))
    return _key_result_item(scored, status, _describe_lag(scored), f"okrctl show {ref}", _gap(scored))


def _command_for_data(scored: KeyResultScore, ref: str) -> str:
    """What gives a key result without data some, by what it lacks."""
    match scored.no_data.cause if scored.no_data else "reading":
        case "target":
            return f"okrctl amend {ref} --to N --reason TEXT"
        case "start" | "unknown start":
            return f"okrctl amend {ref} --from N --reason TEXT"
        case "input" if getattr(scored.node.model, "rollup", None):
            return f"okrctl explain {ref}"
    return _checkin_command(scored, ref)


def _gap(scored: KeyResultScore) -> Fraction:
    if scored.expected is None:
        return Fraction(1)
    return scored.expected - (scored.progress or Fraction(0))


def _describe_lag(scored: KeyResultScore) -> str:
    parts = []
    if scored.node.measure.has_bounds and scored.value is not None:
        fault = "a broken guardrail" if scored.guardrail else "out of bounds"
        bounds = scored.node.measure.describe_bounds(scored.node.model, scored.unit, format_short)
        parts.append(f"{format_short(scored.value, scored.unit)}, {fault} ({bounds})")
    elif scored.progress is not None and scored.expected is not None:
        progress, expected = scored.precision.progress_pair(scored.progress, scored.expected)
        parts.append(f"{progress} complete, {expected} expected")
    parts += _overdue_steps(scored)
    if scored.confidence is not None and scored.confidence <= LOW_CONFIDENCE:
        parts.append(f"confidence {format_short(scored.confidence)}")
    note = next((reading.note for reading in reversed(_readings_until(scored)) if reading.note), None)
    return ", ".join(parts) + (f": {note}" if note else "")


def _overdue_steps(scored: KeyResultScore) -> list[str]:
    """The open milestones whose own due day is past, in one phrase."""
    day = scored.series.day
    steps = scored.node.measure.steps(scored.node.model)
    late = [step for step in steps if step.due is not None and step.due < day and not _is_done_on(step, scored)]
    return [f"overdue: {', '.join(f'{step.title} ({step.due})' for step in late)}"] if late else []


def _is_done_on(step: Step, scored: KeyResultScore) -> bool:
    done = step.done_day(scored.series.first)
    return done is not None and done <= scored.series.day


def _readings_until(scored: KeyResultScore) -> list[DatedReading]:
    return [reading for reading in scored.node.readings if reading.day <= scored.series.day]


def _newest_checkin(scored: KeyResultScore) -> date | None:
    days = [reading.day for reading in _readings_until(scored)]
    return max([*days, *([scored.value_date] if scored.value_date else [])], default=None)


def _is_due(scored: KeyResultScore, workspace: Workspace) -> bool:
    """Whether a reading is expected: one cadence after the newest; what is done by dates when it is due."""
    node = scored.node
    is_complete = scored.progress is not None and scored.progress >= 1 and not node.measure.has_bounds
    if scored.state != "active" or is_complete:
        return False
    if not node.measure.takes_readings:
        steps = node.measure.steps(node.model)
        return any((step.due or scored.due) <= scored.series.day for step in steps if not _is_done_on(step, scored))
    if getattr(node.model, "rollup", None) or getattr(node.model, "kpi", None):
        return False
    newest = _newest_checkin(scored) or scored.series.first
    return (scored.series.day - newest).days >= workspace.cadence(node).days


def _describe_last_reading(scored: KeyResultScore) -> str:
    newest = _newest_checkin(scored)
    if newest is None:
        return f"no reading since {scored.series.first}"
    return f"last reading {newest}, {(scored.series.day - newest).days} days ago"


def _checkin_command(scored: KeyResultScore, ref: str) -> str:
    kpi = getattr(scored.node.model, "kpi", None)
    return f"okrctl show {kpi}" if kpi else f"okrctl checkin {ref} {scored.node.measure.placeholder}"


# Periods


def unclosed_period_item(period: Period, open_outcomes: int) -> AttentionItem:
    """A period that is over and not closed."""
    counted = f"{open_outcomes} objectives" if open_outcomes > 1 else "one objective"
    missing = f", {counted} without an outcome" if open_outcomes else ""
    why = f"over since {period.end}{missing}"
    return AttentionItem(period.id, "still open", why, f"okrctl close {period.id}", period.id)


def unclosed_periods(workspace: Workspace, day: date, sealed: frozenset[str]) -> list[AttentionItem]:
    """The periods that are over and not sealed, and have an active objective without an outcome."""
    items = []
    for period in workspace.periods:
        if period.end < day and period.id not in sealed:
            open_outcomes = count_open_outcomes(workspace, period)
            items += [unclosed_period_item(period, open_outcomes)] if open_outcomes else []
    return items


def count_open_outcomes(workspace: Workspace, period: Period) -> int:
    """How many active objectives of a period have no outcome."""
    models = (objective.model for objective in workspace.objectives if objective.period.id == period.id)
    return sum(1 for model in models if model.state == "active" and model.outcome is None)


# KPIs


def kpi_attention_items(overview: KpiOverview, kpi_values: KpiValues) -> Iterator[AttentionItem]:
    """The KPIs that are alarmed or stale, and those out of the ordinary that no objective addresses."""
    for status in overview.statuses:
        kpi = status.kpi
        if status.alarm:
            value = _format(status.series[-1].value, kpi) if status.series else ""
            signal = describe_signal(status.judged, kpi)
            why = "; ".join(filter(None, (f"{value}: {status.alarm}", signal, _describe_objectives(status))))
            yield _kpi_item(kpi, "alarm", why, f"okrctl show {kpi.id}")
        elif not status.is_addressed and (status.signal or status.judged.worst):
            yield _unaddressed_item(status, overview, kpi_values)
        if status.is_stale and not status.is_computed:
            last = f"last reading {status.series[-1].day}, {status.age_days} days ago"
            why = f"{last}, expected {kpi_values.workspace.kpi_cadence(kpi).name}"
            next = f"okrctl refresh {kpi.id}" if kpi.model.source else f"okrctl checkin {kpi.id} VALUE"
            yield _kpi_item(kpi, "stale", why, next)


def _kpi_item(kpi: Kpi, status: str, why: str, next: str, gap: Fraction = Fraction(0)) -> AttentionItem:
    return AttentionItem(kpi.id, status, why, next, kpi.model.title or kpi.id, kpi.owner, gap)


def _unaddressed_item(status: KpiStatus, overview: KpiOverview, kpi_values: KpiValues) -> AttentionItem:
    """A KPI that no active objective addresses: its signal or, with few readings, the fact that it was never worse.

    Of a formula the inputs are named that hurt it most: since the end of the baseline, else since the reading before.
    """
    kpi, judged = status.kpi, status.judged
    newest = judged.readings[-1]
    since = judged.drawn.last if judged.drawn else judged.readings[-2].day
    value = f"{_format(newest.value, kpi)} on {newest.day}" if newest.is_computed else _format(newest.value, kpi)
    reasons = [f"{value}, {describe_signal(judged, kpi) or describe_youth(judged)}"]
    causes = most_harmful(attribute_change(kpi_values, kpi, since, newest.day))
    reasons += [_describe_causes(causes)] if causes else []
    reasons.append(_describe_objectives(status))
    if overview.period is not None and overview.period.runs_on(overview.as_of):
        next = f"okrctl new {overview.period.id} --for {kpi.id}"
    else:
        next = f"okrctl explain {kpi.id} --since {since}" if status.is_computed else f"okrctl show {kpi.id}"
    gap = (
        abs(newest.value - judged.computed.mean) / (judged.computed.high - judged.computed.mean)
        if judged.computed
        else 0
    )
    return _kpi_item(kpi, "signal" if status.signal else "at its worst", "; ".join(reasons), next, Fraction(gap))


def _describe_causes(causes: Iterable[Contribution]) -> str:
    named = ((cause.kpi.id, f"{'+' if cause.amount > 0 else ''}{_format(cause.amount)}") for cause in causes)
    return f"mainly because of {describe_chain(named)}"


def _describe_objectives(status: KpiStatus) -> str:
    if not status.objectives:
        return NOT_ADDRESSED
    return f"addressed by {', '.join(objective.ref for objective in status.objectives)}"


def _format(number: Fraction, kpi: Kpi | None = None) -> str:
    """A number rounded to as many places as a person reads."""
    return format_number(round_figure(number), kpi.unit if kpi else None)
