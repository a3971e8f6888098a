"""Days of commits that others contradict."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from itertools import combinations, pairwise

from hypothesis import given
from hypothesis import strategies as st

from okrctl.git.clocks import correct_days
from okrctl.git.commits import Commit

START = date(2026, 4, 1)


def commits(*days: int) -> list[Commit]:
    """Commits on these days after the start, given with the oldest first; the newest comes first in the result."""
    moments = [datetime.combine(START + timedelta(days=day), datetime.min.time()) for day in days]
    return [Commit(f"{number:040}", (), moment, "", "", "") for number, moment in enumerate(moments)][::-1]


def counted(*days: int) -> list[int]:
    return [(commit.day - START).days for commit in correct_days(commits(*days))][::-1]


def test_days_that_never_fall_are_believed() -> None:
    assert counted() == [] and counted(3) == [3]
    assert counted(1, 1, 2, 9) == [1, 1, 2, 9]
    assert all(commit.counted_day is None for commit in correct_days(commits(1, 1, 2)))


def test_a_commit_dated_back_counts_as_of_the_one_before_it() -> None:
    assert counted(1, 5, 40, 10) == [1, 5, 40, 40]
    assert counted(40, 10) == [40, 40]
    [newest, *_] = correct_days(commits(40, 10))
    assert newest.clock_note.endswith("is dated 2026-04-11, but counts as of 2026-05-11: others contradict its date")


def test_a_commit_dated_years_ahead_changes_nothing_for_the_others() -> None:
    assert counted(1, 5, 2000, 10, 11) == [1, 5, 5, 10, 11]
    assert counted(2000, 1, 5) == [1, 1, 5]


@given(st.lists(st.integers(0, 12), max_size=9))
def test_as_few_commits_as_possible_count_as_of_another_day(days: list[int]) -> None:
    corrected = correct_days(commits(*days))
    kept = [commit for commit in corrected if commit.counted_day is None]
    longest = max(size for size in range(len(days) + 1) for run in combinations(days, size) if is_rising(run))
    assert len(kept) == longest
    assert is_rising(tuple(counted(*days)))


def is_rising(days: tuple[int, ...]) -> bool:
    return all(first <= second for first, second in pairwise(days))
