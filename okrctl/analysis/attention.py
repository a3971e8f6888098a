"""Gathers what needs a person on a day, the worst first, each with the command to run next."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

from okrctl.measures import limit
from okrctl.scoring.scorecard import KeyResultScore, Scorecard
from okrctl.values import quantity
from okrctl.values.period import Period
from okrctl.workspace import DatedReading, Node, Workspace

WORST_FIRST = ("at risk", "alarm", "error", "no data", "behind", "stale", "still open", "getting worse", "due")
LAGGING = ("at risk", "error", "no data", "behind", "stale")


@dataclass(frozen=True, slots=True)
class AttentionItem:
    """One thing that needs a person: what it is, how it stands, why it is here, what to type next.

    `gap` orders things of one status: the larger, the earlier.
    """

    ref: str
    status: str
    why: str
    next: str
    title: str = ""
    owner: str | None = None
    gap: Fraction = Fraction(0)

    @property
    def sort_key(self) -> tuple[int, Fraction, str]:
        """The worst first, then by the size of the gap and by name."""
        return WORST_FIRST.index(self.status), -self.gap, self.ref


@dataclass(slots=True)
class StatusReport:
    """The weekly look: the running periods, what needs a person, and what there is to say below."""

    cards: list[Scorecard]
    as_of: date
    attention: list[AttentionItem] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def attention_items(
    cards: Iterable[Scorecard], short: Callable[[Node], str], workspace: Workspace
) -> Iterator[AttentionItem]:
    """What the scorecards of running periods call for; `short` says what to type for a thing."""
    for card in cards:
        for objective in card.objectives if card.state == "running" else ():
            for one in objective.key_results:
                if one.status in LAGGING:
                    yield _lagging_item(one, short(one.node))
                elif one.status in ("on track", "starting") and _is_due(one, workspace):
                    why = f"{_describe_last_reading(one)}, wanted {workspace.cadence(one.node).name}"
                    yield _item(one, "due", why, _checkin_command(one, short(one.node)))


def unclosed_period_item(period: Period, unjudged: int) -> AttentionItem:
    """A period that is over and not closed."""
    waiting = f", {unjudged} objectives without an outcome" if unjudged > 1 else ", one objective without an outcome"
    why = f"over since {period.end}{waiting if unjudged else ''}"
    return AttentionItem(period.id, "still open", why, f"okrctl close {period.id}", period.id)


def unclosed_periods(workspace: Workspace, day: date, sealed: frozenset[str]) -> list[AttentionItem]:
    """The periods that are over and not sealed, and have an active objective without an outcome."""
    found = []
    for period in workspace.periods:
        if period.end < day and period.id not in sealed:
            own = (one.model for one in workspace.objectives if one.period.id == period.id)
            unjudged = sum(1 for model in own if model.state == "active" and model.outcome is None)
            found += [unclosed_period_item(period, unjudged)] if unjudged else []
    return found


def _item(one: KeyResultScore, status: str, why: str, next: str, gap: Fraction = Fraction(0)) -> AttentionItem:
    return AttentionItem(one.node.ref, status, why, next, one.node.model.title or one.node.id, one.node.owner, gap)


def _lagging_item(one: KeyResultScore, name: str) -> AttentionItem:
    status = one.status or ""
    if status == "error":
        return _item(one, status, one.error or "", "okrctl check")
    if status == "no data":
        said = (getattr(one.node.model, key, None) for key in ("from_", "to"))
        if any(isinstance(text, str) for text in said):
            why = "its target is still TBD" if isinstance(one.node.model.to, str) else "its start is still TBD"
            option = "--to" if isinstance(one.node.model.to, str) else "--from"
            return _item(one, status, why, f"okrctl amend {name} {option} N --reason TEXT")
        return _item(one, status, f"no reading since {one.series.first}", _checkin_command(one, name))
    if status == "stale":
        return _item(
            one, status, f"{_describe_last_reading(one)}, wanted {one.series.cadence.name}", _checkin_command(one, name)
        )
    return _item(one, status, _describe_lag(one), f"okrctl show {name}", _gap(one))


def _gap(one: KeyResultScore) -> Fraction:
    return (one.expected or Fraction(0)) - (one.progress or Fraction(0)) if one.expected is not None else Fraction(1)


def _describe_lag(one: KeyResultScore) -> str:
    parts = []
    if one.node.measure == "limit":
        parts.append(f"{_format(one.value, one.unit)}, {'a broken guardrail' if one.guardrail else 'out of bounds'}"
                     f" ({_describe_bounds(one)})")  # fmt: skip
    elif one.progress is not None and one.expected is not None:
        parts.append(f"{_percent(one.progress)} of the way, {_percent(one.expected)} expected")
    if one.confidence is not None and one.confidence <= 4:
        parts.append(f"confidence {_format(one.confidence, None)}")
    note = next((reading.note for reading in reversed(_readings_until(one)) if reading.note), None)
    return ", ".join(parts) + (f": {note}" if note else "")


def _describe_bounds(one: KeyResultScore) -> str:
    low, high = limit.bounds_of(one.node.model)
    if low is not None and high is not None:
        return f"{_format(low, None)} to {_format(high, one.unit)}"
    return f"at least {_format(low, one.unit)}" if high is None else f"at most {_format(high, one.unit)}"


def _readings_until(one: KeyResultScore) -> list[DatedReading]:
    return [reading for reading in one.node.readings if reading.day <= one.series.day]


def _newest_checkin(one: KeyResultScore) -> date | None:
    days = [reading.day for reading in _readings_until(one)]
    return max([*days, *([one.value_date] if one.value_date else [])], default=None)


def _is_due(one: KeyResultScore, workspace: Workspace) -> bool:
    """Whether a reading is wanted: one cadence has passed since the newest; or it was to be done by now."""
    if one.state != "active" or (one.progress is not None and one.progress >= 1 and one.node.measure != "limit"):
        return False
    if one.node.measure in ("done", "milestones"):
        return one.due <= one.series.day
    if getattr(one.node.model, "rollup", None) or getattr(one.node.model, "kpi", None):
        return False
    newest = _newest_checkin(one) or one.series.first
    return (one.series.day - newest).days >= workspace.cadence(one.node).days


def _describe_last_reading(one: KeyResultScore) -> str:
    newest = _newest_checkin(one)
    if newest is None:
        return f"no reading since {one.series.first}"
    return f"last reading {newest}, {(one.series.day - newest).days} days ago"


def _checkin_command(one: KeyResultScore, name: str) -> str:
    source = getattr(one.node.model, "kpi", None)
    if source:
        return f"okrctl show {source}"
    word = {"done": "done", "milestones": "MILESTONE", "graded": "GRADE"}.get(one.node.measure, "VALUE")
    return f"okrctl checkin {name} {word}"


def _format(number: Fraction | None, unit: str | None) -> str:
    return "" if number is None else quantity.format_short(number, unit)


def _percent(share: Fraction) -> str:
    return f"{(share * 200 + 1) // 2} %"
