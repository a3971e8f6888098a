"""What code costs, counted in calls: the same on every machine and on every day, which no clock is."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from cProfile import Profile


@contextmanager
def calls_at_most(limit: int) -> Iterator[None]:
    """Fails if the block calls more functions than `limit`, those of C included.

    A limit stands at two or three times what is meant: far below what grows with the square of the size.
    """
    profile = Profile(subcalls=False)
    profile.enable()
    try:
        yield
    finally:
        profile.disable()
    made = sum(entry.callcount for entry in profile.getstats())
    assert made <= limit, f"{made:,} calls, where {limit:,} are enough"
