"""What comes next when a period ends: its close, and the goals of the next one."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple
from urllib.parse import quote, urlencode

from okrctl.outputs.text.scorecard import short_day
from okrctl.server.visit import Visit
from okrctl.values.dates import PeriodError
from okrctl.values.period import Period, next_period

LAST_WEEK = 7  # days


class PeriodEnd(NamedTuple):
    """That a period ends, and where to go: the form that closes it, and the one for goals of the next; empty: none."""

    period: str
    text: str
    close: str = ""
    following: str = ""
    draft: str = ""


def period_end(visit: Visit, period: Period, *, is_sealed: bool) -> PeriodEnd | None:
    """What to say of a period from its last week on; None before, and once it is sealed."""
    left = (period.end - visit.today).days
    if is_sealed or left >= LAST_WEEK or visit.today < period.start:
        return None
    close = f"/close/{quote(period.id, safe='')}" if visit.can("close") else ""
    following = _following(visit, period) if visit.can("draft") else ""
    draft = f"/draft?{urlencode({'period': following})}" if following else ""
    return PeriodEnd(period.id, f"{period.id} {describe_end(period, visit.today)}", close, following, draft)


def describe_end(period: Period, today: date) -> str:
    """When a period ends: `ends today`, `ends in 3 days`, `ended on 30 Nov`."""
    left = (period.end - today).days
    if left < 0:
        return f"ended on {short_day(period.end, today)}"
    return "ends today" if left == 0 else "ends tomorrow" if left == 1 else f"ends in {left} days"


def _following(visit: Visit, period: Period) -> str:
    """The next period, where it is not over as well."""
    try:
        following = next_period(period, visit.config.fiscal)
    except PeriodError:
        return ""
    return following.id if following.end >= visit.today else ""
