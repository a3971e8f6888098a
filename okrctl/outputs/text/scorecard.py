"""The words for the figures of a scorecard, which all formats for people share."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Protocol

from okrctl.outputs.terminal import Glyphs, sanitize
from okrctl.scoring.scorecard import KeyResultScore, ObjectiveScore, PeriodState, Scorecard, TeamScore
from okrctl.values import quantity
from okrctl.values.dates import MONTH_NAMES
from okrctl.values.period import Period
from okrctl.values.precision import DEFAULT_PRECISION, NO_FIGURE, SCORE_PLACES, Precision
from okrctl.values.quantity import round_number
from okrctl.workspace import Node

NOTHING = NO_FIGURE
SHORT_UNIT = 3  # a longer unit is written once per line, behind the target


class PeriodOnDay(Protocol):
    """A period with the day of its figures, as scorecards and hypotheses have it."""

    @property
    def period(self) -> Period:
        """The period."""

    @property
    def state(self) -> PeriodState:
        """Whether it is ahead, running or over."""

    @property
    def as_of(self) -> date:
        """The day of the figures."""


def title(node: Node) -> str:
    """The title of a node, else its id."""
    return node.model.title or node.id


def team_name(team: TeamScore) -> str:
    """The display name of a team."""
    return "Company" if team.team == team.name == "company" else team.name


def score(value: Fraction | None, precision: Precision = DEFAULT_PRECISION) -> str:
    """A score to two places, or more next to a border; a dash, never 0, where there is none."""
    return precision.score(value)


def score_with_band(scored: Scorecard | TeamScore | ObjectiveScore) -> str:
    """A score followed by its band."""
    text = score(scored.score, scored.precision)
    return f"{text} {scored.band}" if scored.band else text


def score_change(by: Fraction | None) -> str:
    """A difference between scores with its sign."""
    if by is None:
        return NOTHING
    return f"{'+' if by >= 0 else ''}{round_number(by, SCORE_PLACES):f}"


def percent(share: Fraction, precision: Precision = DEFAULT_PRECISION) -> str:
    """A share as a whole percentage, half up, with more digits next to a border."""
    return precision.percent(share)


def progress_beyond_score(result: KeyResultScore) -> str:
    """The progress, where it differs as printed from the score computed from it."""
    return "".join(progress_parts(result.progress, result.computed, None, result.precision))


def progress_parts(
    progress: Fraction | None, score: Fraction | None, expected: Fraction | None, precision: Precision,
    complete: str = "",
) -> list[str]:  # fmt: skip
    """The progress where the score beside it does not say the same, and what is expected: `125 %`, `78 % expected`.

    `complete` are words behind the progress. Both have the digits that put their difference on the right side.
    """
    if progress is None:
        return [f"{precision.percent(expected)} expected"] if expected is not None else []
    is_beyond = score is None or (score is not progress and precision.percent(progress) != precision.percent(score))
    if expected is None:
        return [f"{precision.percent(progress)}{complete}"] if is_beyond else []
    shown, wanted = precision.progress_pair(progress, expected)
    return [*([f"{shown}{complete}"] if is_beyond else []), f"{wanted} expected"]


def amount(number: Fraction, unit: str | None = None) -> str:
    """A number with its unit; a number with more than six decimals is computed, so it is rounded to two."""
    places = None if 10**quantity.MAX_DECIMALS % number.denominator == 0 else 2
    return sanitize(quantity.format_number(number, unit, places))


def full_value(result: KeyResultScore) -> str:
    """The value of a key result, with its unit where it has result."""
    if result.value is None or not result.node.measure.is_numeric:
        return value(result)
    return amount(result.value, result.unit)


def value(result: KeyResultScore) -> str:
    """The value of a key result, in a line that also shows its target."""
    if result.value is None:
        return NOTHING
    described = result.node.measure.describe_value(result.node.model, result, amount)
    if described is not None:
        return sanitize(described)
    return amount(result.value, None if len(result.unit or "") > SHORT_UNIT else result.unit)


def target_range(result: KeyResultScore, glyphs: Glyphs) -> str:
    """What a key result is to reach: from where to where, its bounds, or words."""
    return sanitize(result.node.measure.describe_target(result.node.model, result, amount, glyphs.arrow))


def no_objectives(card: Scorecard) -> str:
    """What fills a scorecard without a line."""
    period = card.period.id
    return f"No objective to show: write one into a file with `period: {period}`, or run okrctl new {period} --for KPI."


def measured_count(scored: Scorecard | TeamScore | ObjectiveScore) -> str:
    """How many key results have a value."""
    return f"{scored.measured_count} of {scored.key_result_count} measured"


def status_text(result: KeyResultScore) -> str:
    """The status of a key result; of a guardrail, whether it is in bounds."""
    return result.status_word


def confidence(scored: KeyResultScore | ObjectiveScore) -> str:
    """The owner's confidence, from 0 to 10."""
    return "" if scored.confidence is None else f"confidence {amount(scored.confidence)}"


def objective_status_text(objective: ObjectiveScore) -> str:
    """The status of an objective with the key result that decides it, its verdict and its outcome."""
    if objective.state != "active":
        return objective.state
    decided_by = f": {objective.decided_by}" if objective.status and objective.decided_by else ""
    return ", ".join([part for part in (f"{objective.status or ''}{decided_by}",) if part] + outcome_notes(objective))


def outcome_notes(objective: ObjectiveScore) -> list[str]:
    """The verdict of an objective, its outcome, and how many key results are measured where some are not."""
    is_over = objective.pace is None
    notes = [objective.verdict] if is_over and objective.verdict and objective.verdict != objective.status else []
    notes += [f"outcome {objective.node.model.outcome}"] if objective.node.model.outcome else []
    notes += [measured_count(objective)] if objective.measured_count < objective.key_result_count else []
    return notes


def remarks(result: KeyResultScore, confidence_text: str = "") -> list[str]:
    """The lines below a key result: its error or why it has no data, a score by hand, the projection."""
    outlook = [confidence_text] if confidence_text else []
    if result.projection:
        outlook.append(f"projected {projected_range(result)} by {result.series.last}")
    if result.forecast is not None and result.series.day <= result.series.last:
        outlook.append(f"forecast {amount(result.forecast, result.unit)}")
    return state_remarks(result) + ([", ".join(outlook)] if outlook else [])


def state_remarks(result: KeyResultScore) -> list[str]:
    """Why a key result has no score or no data, a score by hand, and why it is left out."""
    lines = [f"error: {sanitize(result.error)}"] if result.error and result.score is None else []
    lines += [sanitize(result.no_data.text)] if result.no_data and result.status == "no data" else []
    lines += manual_score_notes(result)
    return lines + (exclusion_notes(result) if result.state != "active" else [])


def projected_range(result: KeyResultScore) -> str:
    """The projected value with the range that holds four ends in five: `70.8 % (80 %: 64 to 77)`; else why not."""
    projection = result.projection
    if projection is None:
        return result.outlook if isinstance(result.outlook, str) and result.outlook != "known" else ""
    estimate = amount(round_estimate(projection.value), result.unit)
    return f"{estimate} (80 %: {amount(projection.low)} to {amount(projection.high)})"


def round_estimate(number: Fraction) -> Fraction:
    """A projected number to about three digits, since more would look more certain than it is."""
    return Fraction(round_number(number, 0 if abs(number) >= 100 else 1 if abs(number) >= 10 else 2))


def manual_score_notes(scored: KeyResultScore | ObjectiveScore) -> list[str]:
    """A score by hand with the computed one beside it; nothing for a computed score."""
    manual = scored.node.model.score
    if not scored.by_hand or manual is None:
        return []
    reason = f": {sanitize(manual.reason)}" if manual.reason else ""
    typed, computed = (score(value, scored.precision) for value in (scored.score, scored.computed))
    return [f"by hand {typed}, computed {computed} ({sanitize(manual.by)}{reason})"]


def exclusion_notes(scored: KeyResultScore | ObjectiveScore) -> list[str]:
    """Since when and why a node is left out of the score."""
    model = scored.node.model
    if scored.state != model.state:
        return []
    parts = [f"since {model.since}" if model.since else "", sanitize(model.reason) if model.reason else ""]
    text = ": ".join(part for part in parts if part)
    return [text] if text else []


def short_day(day: date, today: date | None) -> str:
    """A day as people say it, with its year where that is not this one: `15 Sep`, `15 Sep 2025`."""
    year = "" if today is not None and day.year == today.year else f" {day.year}"
    return f"{day.day} {MONTH_NAMES[day.month - 1][:3]}{year}"


def period_days(card: PeriodOnDay) -> str:
    """The first and the last day of a period, and where in it the day of its figures lies."""
    period, day = card.period, card.as_of
    start = f"{period.start.day} {MONTH_NAMES[period.start.month - 1][:3]}"
    if period.start.year != period.end.year:
        start = short_day(period.start, day)
    state = period_state(card).removeprefix("running, ")
    if card.state == "over":
        state = f"over, as of {day}"
    return f"{start} to {short_day(period.end, day)}, {state}"


def period_state(card: PeriodOnDay) -> str:
    """Whether a period is ahead, running or over on the day."""
    period, day = card.period, card.as_of
    if card.state == "ahead":
        return f"begins in {(period.start - day).days} days, no score yet"
    if card.state == "running":
        return f"running, day {(day - period.start).days + 1} of {period.days}"
    return "over"
