"""Tells which commits have a day that others contradict, and the day on which they count instead.

Along the first parents, days should never fall. Where they do, a clock was wrong or a date was forged. The longest run
of commits whose days never fall is believed; where several are as long, that with the latest days. Any other commit
counts as of the day of the believed commit before it. So one wrong date changes nothing for the other commits, and a
commit cannot be dated back to before a commit that it follows.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from datetime import date

from okrctl.git.commits import Commit


def correct_days(commits: Sequence[Commit]) -> list[Commit]:
    """Commits along the first parents, the newest first, with `counted_day` where another day counts for one."""
    believed = _longest_falling([commit.own_day for commit in commits])
    corrected = list(commits)
    day: date | None = None
    for number in reversed(range(len(commits))):
        if number in believed:
            day = commits[number].own_day
        else:  # the oldest commits may come before any that is believed
            counted = commits[max(believed)].own_day if day is None else day
            corrected[number] = commits[number]._replace(counted_day=counted)
    return corrected


def _longest_falling(days: Sequence[date]) -> set[int]:
    """The indexes of the longest run of days that never rise, of the latest days where several are as long.

    For each length, `tops` holds the latest day on which a run of that length ends, and `ends` its index; they fall as
    the length grows, so that each day finds its place by bisection.
    """
    tops: list[int] = []  # negative ordinals, which rise
    ends: list[int] = []
    before: list[int | None] = []
    for index, day in enumerate(days):
        place = bisect_right(tops, -day.toordinal())
        before.append(ends[place - 1] if place else None)
        if place == len(tops):
            tops.append(-day.toordinal())
            ends.append(index)
        else:
            tops[place], ends[place] = -day.toordinal(), index
    run: set[int] = set()
    last = ends[-1] if ends else None
    while last is not None:
        run.add(last)
        last = before[last]
    return run
