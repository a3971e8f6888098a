"""Holds what the command line and the workspace add to a file that is read."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from types import MappingProxyType
from typing import NamedTuple

from okrctl.schema.settings import COMPANY, Config
from okrctl.values import slug
from okrctl.values.period import Period


class KnownGoal(NamedTuple):
    """A goal that the workspace has: an objective or key result with its period and reference, or a KPI with its id."""

    ref: str
    title: str
    period: Period | None = None

    def is_called(self, name: str) -> bool:
        """Whether a name is its title, or its reference from any part on."""
        plain = name.strip().casefold()
        endings = [self.ref[place:] for place in range(len(self.ref)) if not place or self.ref[place - 1] in "/."]
        return plain in (self.title.casefold(), *endings)


class ImportOptions(NamedTuple):
    """What the command line adds to a file, the day it is, and the periods that the workspace has.

    `decimal` is `comma` or `point`, `dates` is `day-first` or `month-first`: they decide what no cell does.
    `sheet` is the one sheet of a workbook to read. `better` has `higher` or `lower` by the title of a KPI, and by an
    empty one for all others.
    """

    period: Period | None
    team: str | None
    today: date
    config: Config
    periods: tuple[Period, ...] = ()
    decimal: str | None = None
    dates: str | None = None
    team_map: Mapping[str, str] = MappingProxyType({})
    sheet: str | None = None
    better: Mapping[str, str] = MappingProxyType({})
    goals: tuple[KnownGoal, ...] = ()
    kpis: tuple[KnownGoal, ...] = ()

    def owner_id(self, name: str) -> str:
        """A name as the workspace has it: of one of its people where it is theirs, without an `@`."""
        plain = re.sub(r"(?<!\S)@(?=\S)", "", name.strip())
        people = (self.config.people or {}).items()
        return next((key for key, person in people if plain in (person.name, person.email)), plain)

    def is_unknown_person(self, name: str) -> bool:
        """Whether the settings list people, and not this one."""
        return self.config.people is not None and name not in self.config.people

    def find_parent(self, name: str, where: Period) -> KnownGoal | None:
        """The one goal of the workspace with that name in the shortest period around another one; None without one."""
        found = [goal for goal in self.goals if goal.period and goal.is_called(name)]
        around = [(goal, goal.period) for goal in found if goal.period and goal.period.contains(where)]
        shortest = min((span.days for _, span in around), default=0)
        named = [goal for goal, span in around if span.days == shortest]
        return named[0] if len(named) == 1 else None

    def find_kpi(self, name: str) -> KnownGoal | None:
        """The KPI of the workspace with that title or id."""
        return next((kpi for kpi in self.kpis if name and kpi.is_called(name)), None)

    def team_id(self, name: str) -> str:
        """The id of a team that is named by its id or its name; of one that nobody knows, made from the name."""
        plain = name.strip()
        if plain in self.team_map:
            return self.team_map[plain]
        teams = (self.config.teams or {}).items()
        known = (key for key, team in teams if plain.casefold() in (key, (team.name or "").casefold()))
        return next(known, slug.slugify(plain, (), COMPANY))

    def is_unknown_team(self, team: str) -> bool:
        """Whether the settings list teams, and not this one."""
        return self.config.teams is not None and team != COMPANY and team not in self.config.teams
