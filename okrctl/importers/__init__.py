"""Reads goals that were written elsewhere, as far as they can be placed, and says of every line what came of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from okrctl.values.period import Period
from okrctl.yaml_edit import Value


class LineResult(NamedTuple):
    """What came of a line of the file, counted from 1."""

    line: int
    message: str
    is_imported: bool = False


@dataclass(slots=True)
class ImportedGoal:
    """An objective, a key result or a KPI as it is to be written; readings and what stands below it stand apart.

    Without an `id` in `data` it gets one from its title. `undated` is the day of a reading that says no day: it is only
    news where the newest reading says otherwise.
    """

    line: int
    data: dict[str, Value]
    readings: dict[date, Value] = field(default_factory=dict)
    key_results: list[ImportedGoal] = field(default_factory=list)
    undated_day: date | None = None

    @property
    def title(self) -> str:
        """Its title, else its id."""
        return str(self.data.get("title") or self.data.get("id") or "")


class GoalLocation(NamedTuple):
    """Where objectives belong."""

    period: Period
    team: str


@dataclass(slots=True)
class ImportDraft:
    """All that a file says in our terms, and what it says beyond them."""

    objectives: list[tuple[GoalLocation, ImportedGoal]] = field(default_factory=list)
    kpis: list[ImportedGoal] = field(default_factory=list)
    results: list[LineResult] = field(default_factory=list)

    def report(self, line: int, message: str) -> None:
        """Say that something of a line has no place."""
        self.results.append(LineResult(line, message))

    def goals(self) -> Iterator[ImportedGoal]:
        """Everything that has a place."""
        for _, objective in self.objectives:
            yield objective
            yield from objective.key_results
        yield from self.kpis
