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
from okrctl.workspace import Dated, Node, Workspace

WORST_FIRST = ("at risk", "alarm", "error", "no data", "behind", "stale", "still open", "getting worse", "due")
LOUD = ("at risk", "error", "no data", "behind", "stale")


@dataclass(frozen=True, slots=True)
class Attention:
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
    def order(self) -> tuple[int, Fraction, str]:
        """The worst first, then by the size of the gap and by name."""
        return WORST_FIRST.index(self.status), -self.gap, self.ref


@dataclass(slots=True)
class Weekly:
    """The weekly look: the running periods, what needs a person, and what there is to say below."""

    cards: list[Scorecard]
    as_of: date
    attention: list[Attention] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)


def gather(cards: Iterable[Scorecard], short: Callable[[Node], str], workspace: Workspace) -> Iterator[Attention]:
    """What the scorecards of running periods call for; `short` says what to type for a thing."""
    for card in cards:
        for objective in card.objectives if card.state == "running" else ():
            for one in objective.key_results:
                if one.status in LOUD:
                    yield _loud(one, short(one.node))
                elif one.status in ("on track", "starting") and _is_due(one, workspace):
                    why = f"{_last(one)}, wanted {workspace.cadence(one.node).name}"
                    yield _attention(one, "due", why, _checkin(one, short(one.node)))


def still_open(period: Period, unjudged: int) -> Attention:
    """A period that is over and not closed."""
    waiting = f", {unjudged} objectives without an outcome" if unjudged > 1 else ", one objective without an outcome"
    why = f"over since {period.end}{waiting if unjudged else ''}"
    return Attention(period.id, "still open", why, f"okrctl close {period.id}", period.id)


def open_periods(workspace: Workspace, day: date, sealed: frozenset[str]) -> list[Attention]:
    """The periods that are over and not sealed, and have an active objective without an outcome."""
    found = []
    for period in workspace.periods:
        if period.end < day and period.id not in sealed:
            own = (one.model for one in workspace.objectives if one.period.id == period.id)
            unjudged = sum(1 for model in own if model.state == "active" and model.outcome is None)
            found += [still_open(period, unjudged)] if unjudged else []
    return found


def _attention(one: KeyResultScore, status: str, why: str, next: str, gap: Fraction = Fraction(0)) -> Attention:
    return Attention(one.node.ref, status, why, next, one.node.model.title or one.node.id, one.node.owner, gap)


def _loud(one: KeyResultScore, name: str) -> Attention:
    status = one.status or ""
    if status == "error":
        return _attention(one, status, one.error or "", "okrctl check")
    if status == "no data":
        said = (getattr(one.node.model, key, None) for key in ("from_", "to"))
        if any(isinstance(text, str) for text in said):
            why = "its target is still TBD" if isinstance(one.node.model.to, str) else "its start is still TBD"
            option = "--to" if isinstance(one.node.model.to, str) else "--from"
            return _attention(one, status, why, f"okrctl amend {name} {option} N --reason TEXT")
        return _attention(one, status, f"no reading since {one.course.first}", _checkin(one, name))
    if status == "stale":
        return _attention(one, status, f"{_last(one)}, wanted {one.course.cadence.name}", _checkin(one, name))
    return _attention(one, status, _lagging(one), f"okrctl show {name}", _gap(one))


def _gap(one: KeyResultScore) -> Fraction:
    return (one.expected or Fraction(0)) - (one.progress or Fraction(0)) if one.expected is not None else Fraction(1)


def _lagging(one: KeyResultScore) -> str:
    parts = []
    if one.node.measure == "limit":
        parts.append(f"{_show(one.value, one.unit)}, {'a broken guardrail' if one.guardrail else 'out of bounds'}"
                     f" ({_bounds(one)})")  # fmt: skip
    elif one.progress is not None and one.expected is not None:
        parts.append(f"{_percent(one.progress)} of the way, {_percent(one.expected)} expected")
    if one.confidence is not None and one.confidence <= 4:
        parts.append(f"confidence {_show(one.confidence, None)}")
    note = next((reading.note for reading in reversed(_readings(one)) if reading.note), None)
    return ", ".join(parts) + (f": {note}" if note else "")


def _bounds(one: KeyResultScore) -> str:
    low, high = limit.bounds(one.node.model)
    if low is not None and high is not None:
        return f"{_show(low, None)} to {_show(high, one.unit)}"
    return f"at least {_show(low, one.unit)}" if high is None else f"at most {_show(high, one.unit)}"


def _readings(one: KeyResultScore) -> list[Dated]:
    return [reading for reading in one.node.readings if reading.day <= one.course.day]


def _newest(one: KeyResultScore) -> date | None:
    days = [reading.day for reading in _readings(one)]
    return max([*days, *([one.value_date] if one.value_date else [])], default=None)


def _is_due(one: KeyResultScore, workspace: Workspace) -> bool:
    """Whether a reading is wanted: one cadence has passed since the newest; or it was to be done by now."""
    if one.state != "active" or (one.progress is not None and one.progress >= 1 and one.node.measure != "limit"):
        return False
    if one.node.measure in ("done", "milestones"):
        return one.due <= one.course.day
    if getattr(one.node.model, "rollup", None) or getattr(one.node.model, "kpi", None):
        return False
    newest = _newest(one) or one.course.first
    return (one.course.day - newest).days >= workspace.cadence(one.node).days


def _last(one: KeyResultScore) -> str:
    newest = _newest(one)
    if newest is None:
        return f"no reading since {one.course.first}"
    return f"last reading {newest}, {(one.course.day - newest).days} days ago"


def _checkin(one: KeyResultScore, name: str) -> str:
    source = getattr(one.node.model, "kpi", None)
    if source:
        return f"okrctl show {source}"
    word = {"done": "done", "milestones": "MILESTONE", "graded": "GRADE"}.get(one.node.measure, "VALUE")
    return f"okrctl checkin {name} {word}"


def _show(number: Fraction | None, unit: str | None) -> str:
    return "" if number is None else quantity.short(number, unit)


def _percent(share: Fraction) -> str:
    return f"{(share * 200 + 1) // 2} %"
