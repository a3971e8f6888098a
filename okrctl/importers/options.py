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

    def owner_id(self, name: str) -> str:
        """A name as the workspace has it: of one of its people where it is theirs, without an `@`."""
        plain = re.sub(r"(?<!\S)@(?=\S)", "", name.strip())
        people = (self.config.people or {}).items()
        return next((key for key, person in people if plain in (person.name, person.email)), plain)

    def is_unknown_person(self, name: str) -> bool:
        """Whether the settings list people, and not this one."""
        return self.config.people is not None and name not in self.config.people

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
