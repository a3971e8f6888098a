"""What tells that a goal of another id, or at another place, is the same goal: title, measure and readings.

This is decided here alone, for goals as nodes of a workspace (`identity.py`) and as data of a file (`okrctl.merge`).
"""

from __future__ import annotations

from collections.abc import Hashable
from typing import NamedTuple


class GoalTraits(NamedTuple):
    """A goal by what stays when its id changes; an objective has no measure, but key results.

    `readings` are pairs of day and value.
    """

    title: str
    measure: Hashable
    readings: frozenset[tuple[Hashable, Hashable]]
    key_results: tuple[GoalTraits, ...] = ()

    @property
    def has_readings(self) -> bool:
        """Whether the goal or a key result of it has any reading."""
        return bool(self.readings) or any(result.has_readings for result in self.key_results)

    def is_same_as(self, other: GoalTraits) -> bool:
        """Whether two goals of different ids are one: equal titles and measures, and a reading in common or none.

        Objectives have a reading in common if two of their key results are one.
        """
        if not self.title or (self.title, self.measure) != (other.title, other.measure):
            return False
        return self.shares_readings_with(other)

    def shares_readings_with(self, other: GoalTraits) -> bool:
        """Whether two goals have a reading in common, or no readings at all."""
        if not self.has_readings and not other.has_readings:
            return True
        if self.readings & other.readings:
            return True
        return any(own.is_same_as(result) for own in self.key_results for result in other.key_results)


def fold_title(title: object) -> str:
    """A title as it is compared: without line breaks and blanks beyond one."""
    return " ".join(title.split()) if isinstance(title, str) else ""
