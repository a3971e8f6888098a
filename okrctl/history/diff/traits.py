"""What tells that a goal of another id, or at another place, is the same goal: title, measure and readings.

Which goals are the same is decided in `identity.py` alone. It pairs the nodes of workspaces, and goals that are not
nodes (`DataGoal`): those of a file that is merged, and those of a seal.
"""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, field
from typing import Any, NamedTuple


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


class PeriodName(NamedTuple):
    """A period by its id alone."""

    id: str


NO_PERIOD = PeriodName("")


@dataclass(eq=False, slots=True)
class DataGoal:
    """An objective, key result or KPI that is no node of a workspace; `source` is what it was made of.

    A KPI has no period and no team.
    """

    id: str
    traits: GoalTraits
    title: str | None = None
    formerly: str | None = None
    period: PeriodName = NO_PERIOD
    team: str = ""
    objective: DataGoal | None = None
    key_results: list[DataGoal] = field(default_factory=list)
    source: Any = None

    @property
    def ref(self) -> str:
        """The full reference."""
        if self.objective is not None:
            return f"{self.objective.ref}.{self.id}"
        return f"{self.period.id}/{self.team}/{self.id}"

    @property
    def model(self) -> DataGoal:
        """Where a node has its title and `formerly`: here in the goal itself."""
        return self

    def add_key_result(self, result: DataGoal) -> None:
        """Add a key result of this objective."""
        result.objective, result.period, result.team = self, self.period, self.team
        self.key_results.append(result)


def fold_title(title: object) -> str:
    """A title as it is compared: without line breaks and blanks beyond one."""
    return " ".join(title.split()) if isinstance(title, str) else ""
