"""Reads goals that were written elsewhere, as far as they can be placed, and says of every line what came of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from okrctl.values.period import Period
from okrctl.yaml_edit import Value


class Told(NamedTuple):
    """What came of a line of the file, counted from 1."""

    line: int
    message: str
    placed: bool = False


@dataclass(slots=True)
class Thing:
    """An objective, a key result or a KPI as it is to be written; readings and what stands below it stand apart.

    Without an `id` in `data` it gets one from its title. `undated` is the day of a reading that says no day: it is only
    news where the newest reading says otherwise.
    """

    line: int
    data: dict[str, Value]
    readings: dict[date, Value] = field(default_factory=dict)
    key_results: list[Thing] = field(default_factory=list)
    undated: date | None = None

    @property
    def title(self) -> str:
        """Its title, else its id."""
        return str(self.data.get("title") or self.data.get("id") or "")


class Place(NamedTuple):
    """Where objectives belong."""

    period: Period
    team: str


@dataclass(slots=True)
class Draft:
    """All that a file says in our terms, and what it says beyond them."""

    objectives: list[tuple[Place, Thing]] = field(default_factory=list)
    kpis: list[Thing] = field(default_factory=list)
    told: list[Told] = field(default_factory=list)

    def refuse(self, line: int, message: str) -> None:
        """Say that something of a line has no place."""
        self.told.append(Told(line, message))

    def things(self) -> Iterator[Thing]:
        """Everything that has a place."""
        for _, objective in self.objectives:
            yield objective
            yield from objective.key_results
        yield from self.kpis
