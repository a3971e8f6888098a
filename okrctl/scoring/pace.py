"""Whether the progress is enough for the day: what is expected, and the status that follows."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Literal

from okrctl.schema.settings import Config
from okrctl.values.period import Period
from okrctl.values.timeseries import KeyResultSeries
from okrctl.workspace import KeyResult

PeriodState = Literal["ahead", "running", "over"]
WORST_FIRST = ("at risk", "error", "no data", "behind", "stale", "starting", "on track", "achieved")


def state_of_period(period: Period, day: date) -> PeriodState:
    """Whether a period lies ahead, runs, or is over on a day."""
    return "ahead" if day < period.start else "over" if day > period.end else "running"


def due_date(node: KeyResult) -> date:
    """The day from which full progress is expected, never outside the time of the key result."""
    last = node.period.end
    return min(max(node.model.due or last, node.first_day), last)


def expected_progress(node: KeyResult, series: KeyResultSeries, target: Fraction | None) -> Fraction | None:
    """The progress expected on the day of the series; None where nothing is, as of a limit."""
    return node.measure.expected(node.model, series, target, due_date(node))


def key_result_status(
    node: KeyResult,
    series: KeyResultSeries,
    *,
    state: str,
    period_state: PeriodState,
    progress: Fraction | None,
    score: Fraction | None,
    expected: Fraction | None,
    newest_checkin: date | None,
    ambition: str,
    config: Config,
    has_error: bool = False,
) -> str | None:
    """The first line of the table of statuses that fits; `newest_checkin` is one of any kind."""
    if state != "active":
        return None
    if period_state == "ahead":
        return "not started"
    if has_error:
        return "error"
    in_grace = period_state == "running" and (series.day - series.first).days < config.pace.grace_days
    if progress is None:
        return "starting" if in_grace else "no data"
    if period_state == "over":
        return closing_status(score, ambition, config)
    settled = _settled_status(node.measure.is_in_bounds(node.model, series), progress)
    if settled is not None or in_grace:
        return settled or "starting"
    return lag_status(progress, expected, config) or _freshness_status(series, newest_checkin)


def _settled_status(is_in_bounds: bool | None, progress: Fraction) -> str | None:
    """The status that no date changes: out of bounds, or complete."""
    if is_in_bounds is None:
        return "achieved" if progress.numerator >= progress.denominator else None
    return None if is_in_bounds else "at risk"


def _freshness_status(series: KeyResultSeries, newest_checkin: date | None) -> str:
    """Silence is never green: one and a half cadences after the newest check-in it is `stale`."""
    is_stale = newest_checkin is not None and (series.day - newest_checkin).days * 2 > series.cadence.days * 3
    return "stale" if is_stale else "on track"


def lag_status(progress: Fraction, expected: Fraction | None, config: Config) -> str | None:
    """`behind` or `at risk` by the points below the expectation; ratios would explode in the first week."""
    if expected is None:
        return None
    share, whole = expected.as_integer_ratio()
    done, parts = progress.as_integer_ratio()
    points, base = 100 * (share * parts - done * whole), whole * parts  # integers: fractions take several times longer
    if points <= 0 <= config.pace.behind or not _is_above(points, base, config.pace.behind):
        return None
    return "at risk" if _is_above(points, base, config.pace.at_risk) else "behind"


def _is_above(number: int, divisor: int, limit: Fraction) -> bool:
    bound, parts = limit.as_integer_ratio()
    return number * parts > bound * divisor


def closing_status(score: Fraction | None, ambition: str, config: Config) -> str:
    """The status once the period is over."""
    if score is None:
        return "no data"
    if score >= 1:
        return "achieved"
    return "succeeded" if ambition == "aspirational" and score >= config.scoring.success else "missed"


def is_broken(node: KeyResult, series: KeyResultSeries) -> bool | None:
    """Whether a guardrail is out of bounds; None for what is no guardrail or has no value."""
    if not node.is_guardrail:
        return None
    is_in_bounds = node.measure.is_in_bounds(node.model, series)
    return None if is_in_bounds is None else not is_in_bounds
