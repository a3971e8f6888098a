"""Says the figures of a scorecard in the words that every format for people shares."""

from __future__ import annotations

from fractions import Fraction

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
    """The value of a key result, with its unit where it has one."""
    if one.value is None or not one.node.measure.is_numeric:
        return value(one)
    return amount(one.value, one.unit)


def value(one: KeyResultScore) -> str:
    """The value of a key result, in a line that also shows its target."""
    if one.value is None:
        return NOTHING
    described = one.node.measure.describe_value(one.node.model, one, amount)
    if described is not None:
        return sanitize(described)
    return amount(one.value, None if len(one.unit or "") > SHORT_UNIT else one.unit)


def target_range(one: KeyResultScore, glyphs: Glyphs) -> str:
    """What a key result is to reach: from where to where, its bounds, or words."""
    return sanitize(one.node.measure.describe_target(one.node.model, one, amount, glyphs.arrow))


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
