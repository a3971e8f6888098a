"""Import of goals from files of other tools: what can be placed becomes goals, and every line gets a result."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from okrctl.schema.settings import COMPANY, Config
from okrctl.values import slug
from okrctl.values.period import Period
from okrctl.yaml_edit import Value


class LineResult(NamedTuple):
    """The result for one line of the file, counted from 1."""

    line: int
    message: str
    is_imported: bool = False


@dataclass(slots=True)
class ImportedGoal:
    """An objective, key result or KPI to write; `data` has its keys without readings and key results.

    Without an `id` in `data` it gets one from its title. `undated_day` is the day given to a reading without date; such
    a reading is only added where the newest reading has another value.
    """

    line: int
    data: dict[str, Value]
    readings: dict[date, Value] = field(default_factory=dict)
    key_results: list[ImportedGoal] = field(default_factory=list)
    undated_day: date | None = None

    @property
    def title(self) -> str:
        """The title, else the id."""
        return str(self.data.get("title") or self.data.get("id") or "")


class ImportOptions(NamedTuple):
    """Options of the command line, the day of the import, and settings and periods of the workspace."""

    period: Period | None
    team: str | None
    today: date
    config: Config
    periods: tuple[Period, ...] = ()

    def owner_id(self, name: str) -> str:
        """The id of a person by name or email address; for an unknown person the name without `@`."""
        plain = re.sub(r"(?<!\S)@(?=\S)", "", name.strip())
        people = (self.config.people or {}).items()
        return next((ident for ident, person in people if plain in (person.name, person.email)), plain)

    def team_id(self, name: str) -> str:
        """The id of a team by id or name; for an unknown team one that is made from the name."""
        plain = name.strip()
        teams = (self.config.teams or {}).items()
        return next((ident for ident, team in teams if plain in (ident, team.name)), slug.slugify(plain, (), COMPANY))


class GoalLocation(NamedTuple):
    """The period and team of an objective."""

    period: Period
    team: str


@dataclass(slots=True)
class ImportDraft:
    """The goals of a file, and the results for lines that could not be imported."""

    objectives: list[tuple[GoalLocation, ImportedGoal]] = field(default_factory=list)
    kpis: list[ImportedGoal] = field(default_factory=list)
    results: list[LineResult] = field(default_factory=list)

    def report(self, line: int, message: str) -> None:
        """Record that something in a line could not be imported."""
        self.results.append(LineResult(line, message))

    def goals(self) -> Iterator[ImportedGoal]:
        """All objectives, key results and KPIs."""
        for _, objective in self.objectives:
            yield objective
            yield from objective.key_results
        yield from self.kpis
