"""Whether the progress is enough for the day: what is expected, and the status that follows."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Any

from okrctl.measures import limit
from okrctl.schema.settings import Config
from okrctl.values.timeseries import KeyResultSeries
from okrctl.workspace import KeyResult

WORST_FIRST = ("at risk", "error", "no data", "behind", "stale", "starting", "on track", "achieved")


def due_date(node: KeyResult) -> date:
    """The day from which the whole way is expected, never outside the time of the key result."""
    return min(max(node.model.due or node.period.end, node.first_day), node.period.end)


def expected_progress(node: KeyResult, course: KeyResultSeries, target: Fraction | None) -> Fraction | None:
    """The share of the way that is expected on the day; None for a limit, which is judged by its bounds."""
    until = due_date(node)
    if node.measure == "limit" or not node.measure:
        return None
    if node.measure == "done":
        return Fraction(course.day > until)
    if course.day >= until:
        return Fraction(1)
    if course.day <= course.first:
        return Fraction(0)
    plan = getattr(node.model, "plan", None)
    if plan:
        return _planned_progress(plan, course, target, until)
    return Fraction((course.day - course.first).days, (until - course.first).days)


def _planned_progress(
    plan: dict[date, Any], course: KeyResultSeries, target: Fraction | None, until: date
) -> Fraction | None:
    """The share of the way that the straight lines between the plan's points have gone."""
    if course.start is None or target is None or target == course.start:
        return None
    stops = {course.first: course.start, until: target}
    stops.update({day: goal.number for day, goal in plan.items() if course.first < day < until})
    days = sorted(stops)
    after = next(day for day in days if day > course.day)
    before = max(day for day in days if day <= course.day)
    gone = Fraction((course.day - before).days, (after - before).days)
    value = stops[before] + gone * (stops[after] - stops[before])
    return (value - course.start) / (target - course.start)


def key_result_status(
    node: KeyResult,
    course: KeyResultSeries,
    *,
    state: str,
    period_state: str,
    progress: Fraction | None,
    score: Fraction | None,
    expected: Fraction | None,
    newest_checkin: date | None,
    ambition: str,
    config: Config,
    has_error: bool = False,
) -> str | None:
    """The first line of the table of statuses that fits; `newest` is the day of the newest check-in of any kind."""
    if state != "active":
        return None
    if period_state == "ahead":
        return "not started"
    if period_state == "over":
        return ("error" if has_error else "no data") if progress is None else closing_status(score, ambition, config)
    in_grace = (course.day - course.first).days < config.pace.grace_days
    if has_error:
        return "error"
    if progress is None:
        return "starting" if in_grace else "no data"
    if node.measure == "limit":
        if not limit.is_in_bounds(node.model, _judged_value(node, course)):
            return "at risk"
    elif progress >= 1:
        return "achieved"
    if in_grace:
        return "starting"
    if expected is not None:
        gap = (expected - progress) * 100
        if gap > config.pace.behind:
            return "at risk" if gap > config.pace.at_risk else "behind"
    if newest_checkin is not None and (course.day - newest_checkin).days * 2 > course.cadence.days * 3:
        return "stale"
    return "on track"


def _judged_value(node: KeyResult, course: KeyResultSeries) -> Fraction:
    if node.model.judge == "held":
        return course.points[-1].value
    assert course.value is not None
    return course.value


def closing_status(score: Fraction | None, ambition: str, config: Config) -> str:
    """The status once the period is over."""
    if score is None:
        return "no data"
    if score >= 1:
        return "achieved"
    return "succeeded" if ambition == "aspirational" and score >= config.scoring.success else "missed"


def is_broken(node: KeyResult, course: KeyResultSeries) -> bool | None:
    """Whether a guardrail is out of bounds; None for what is no guardrail or has no value."""
    if not node.is_guardrail or node.measure != "limit" or course.value is None:
        return None
    return not limit.is_in_bounds(node.model, _judged_value(node, course))
