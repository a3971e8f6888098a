"""Says the figures of a scorecard in the words that every format for people shares."""

from __future__ import annotations

from fractions import Fraction

from okrctl.measures import NUMERIC, limit
from okrctl.outputs.terminal import Glyphs, sanitize
from okrctl.scoring.scorecard import KeyResultScore, ObjectiveScore, Scorecard
from okrctl.values import quantity
from okrctl.values.quantity import round_number

NOTHING = "-"
SHORT_UNIT = 3  # longer units stand once in a line, behind the number to reach


def score(value: Fraction | None) -> str:
    """A score to two places; a dash, never 0, where there is none."""
    return NOTHING if value is None else format(round_number(value, 2), "f")


def score_change(by: Fraction | None) -> str:
    """A difference between scores with its sign."""
    return f"+{score(by)}" if by is not None and by >= 0 else score(by)


def percent(share: Fraction) -> str:
    """A share as a whole percentage, half up."""
    return f"{(share * 200 + 1) // 2} %"


def progress_beyond_score(one: KeyResultScore) -> str:
    """The progress, where it is not the score computed from it."""
    return "" if one.progress is None or one.progress == one.computed else percent(one.progress)


def amount(number: Fraction, unit: str | None = None) -> str:
    """A number with its unit; one that no person can have written is rounded to two places."""
    places = None if 10**quantity.MAX_DECIMALS % number.denominator == 0 else 2
    return sanitize(quantity.format_number(number, unit, places))


def full_value(one: KeyResultScore) -> str:
    """Where a key result stands, with its unit where it has one."""
    return value(one) if one.value is None or one.node.measure not in NUMERIC else amount(one.value, one.unit)


def value(one: KeyResultScore) -> str:
    """Where a key result stands, in a line that also says its way."""
    if one.value is None:
        return NOTHING
    if one.node.measure == "done":
        return "done" if one.value else "open"
    if one.node.measure == "milestones" and one.tally:
        return f"{one.tally[0]} of {one.tally[1]}"
    said_beside = one.node.measure != "graded" and len(one.unit or "") > SHORT_UNIT
    return amount(one.value, None if said_beside else one.unit)


def target_range(one: KeyResultScore, glyphs: Glyphs) -> str:
    """Where a key result comes from and where it is to go; for all but numbers, in words."""
    match one.node.measure:
        case "metric" | "change":
            return _numeric_range(one, glyphs)
        case "limit":
            return bounds(one)
        case "done":
            return f"on {one.value_date}" if one.value else f"due {one.due}"
        case "milestones":
            return "milestones"
        case "graded":
            stepped = one.progress is not None and one.progress != one.value
            return f"grade, step {amount(one.progress)}" if stepped and one.progress is not None else "grade"
    return "not said how"


def _numeric_range(one: KeyResultScore, glyphs: Glyphs) -> str:
    said = getattr(one.node.model, "from_", None)
    start = getattr(said, "number", None) if one.series.start is None else one.series.start
    in_front = quantity.format_number(Fraction(1), one.unit)[-1:] == "1" and one.unit is not None
    before = "TBD" if isinstance(said, str) else "?" if start is None else amount(start, one.unit if in_front else None)
    after = f"TBD {sanitize(one.unit or '')}".rstrip() if one.target is None else amount(one.target, one.unit)
    stretch = getattr(one.node.model, "stretch", None)
    more = f" (stretch {amount(stretch.number)})" if stretch is not None else ""
    return f"{before} {glyphs.arrow} {after}{more}"


def bounds(one: KeyResultScore) -> str:
    """The bounds of a limit, and how often they were held where that is what counts."""
    low, high = limit.bounds_of(one.node.model)
    if low is not None and high is not None:
        text = f"{amount(low)} to {amount(high, one.unit)}"
    elif low is not None:
        text = f"at least {amount(low, one.unit)}"
    else:
        text = "without bounds" if high is None else f"at most {amount(high, one.unit)}"
    return f"{text}, held {one.tally[0]} of {one.tally[1]}" if one.tally else text


def measured_count(of: int, all: int) -> str:
    """How many key results have a value."""
    return f"{of} of {all} measured"


def status_text(one: KeyResultScore) -> str:
    """A key result's status; a guardrail's bounds, which are all that counts of it."""
    if one.state != "active":
        return one.state
    if not one.guardrail or one.broken is None:
        return one.status or ""
    if one.broken:
        return "broken"
    return "in bounds, stale" if one.status == "stale" else "in bounds"


def confidence(one: KeyResultScore | ObjectiveScore) -> str:
    """What the owner believes, from 0 to 10."""
    return "" if one.confidence is None else f"confidence {amount(one.confidence)}"


def objective_status_text(one: ObjectiveScore) -> str:
    """An objective's status with the key result that decides it, its verdict, and what a person said of it."""
    if one.state != "active":
        return one.state
    status = f"{one.status}: {one.decided_by}" if one.status and one.decided_by else one.status or ""
    verdict = one.verdict if one.verdict != one.status else None
    outcome = f"outcome {one.node.model.outcome}" if one.node.model.outcome else None
    partly = (
        measured_count(one.measured_count, one.key_result_count) if one.measured_count < one.key_result_count else None
    )
    return ", ".join(part for part in (status, verdict, outcome, partly) if part)


def remarks(one: KeyResultScore, belief: str = "") -> list[str]:
    """What there is to say beside the figures of a key result: errors, overrides, where it is heading."""
    found = [f"error: {sanitize(one.error)}"] if one.error and one.score is None else []
    found += manual_score_notes(one)
    if one.state != "active":
        found += exclusion_notes(one)
    ends = [belief] if belief else []
    if one.projection:
        seen = one.projection
        span = f"{amount(round_estimate(seen.low))} to {amount(round_estimate(seen.high), one.unit)}"
        ends.append(f"heads for {amount(round_estimate(seen.value), one.unit)} ({span}) by {one.series.last}")
    if one.forecast is not None and one.series.day <= one.series.last:
        ends.append(f"forecast {amount(one.forecast, one.unit)}")
    return found + ([", ".join(ends)] if ends else [])


def round_estimate(number: Fraction) -> Fraction:
    """A projected number to as many places as its size bears: it is an estimate."""
    return Fraction(round_number(number, 0 if abs(number) >= 100 else 1 if abs(number) >= 10 else 2))


def manual_score_notes(one: KeyResultScore | ObjectiveScore) -> list[str]:
    """The mark of a typed score, with the computed one beside it."""
    typed = one.node.model.score
    if not one.by_hand or typed is None:
        return []
    reason = f": {sanitize(typed.reason)}" if typed.reason else ""
    return [f"by hand {score(one.score)}, computed {score(one.computed)} ({sanitize(typed.by)}{reason})"]


def exclusion_notes(one: KeyResultScore | ObjectiveScore) -> list[str]:
    """Since when and why something is left out of the score."""
    model = one.node.model
    since = f"since {model.since}" if model.since and one.state == model.state else ""
    reason = sanitize(model.reason) if model.reason and one.state == model.state else ""
    said = ": ".join(part for part in (since, reason) if part)
    return [said] if said else []


def period_state(card: Scorecard) -> str:
    """Whether a period lies ahead, runs or is over on the day."""
    period, day = card.period, card.as_of
    if card.state == "ahead":
        return f"begins in {(period.start - day).days} days, no score yet"
    if card.state == "running":
        return f"running, day {(day - period.start).days + 1} of {period.days}"
    return "over"
