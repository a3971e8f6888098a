"""Holds what the command line and the workspace add to a file that is read."""

from __future__ import annotations

import re
from datetime import date
from typing import NamedTuple

from okrctl.schema.settings import COMPANY, Config
from okrctl.values import slug
from okrctl.values.period import Period


class ImportOptions(NamedTuple):
    """What the command line adds to a file, the day it is, and the periods that the workspace has."""

    period: Period | None
    team: str | None
    today: date
    config: Config
    periods: tuple[Period, ...] = ()

    def owner_id(self, said: str) -> str:
        """A name as the workspace has it: of one of its people where it is theirs, without an `@`."""
        plain = re.sub(r"(?<!\S)@(?=\S)", "", said.strip())
        people = (self.config.people or {}).items()
        return next((key for key, one in people if plain in (one.name, one.email)), plain)

    def team_id(self, said: str) -> str:
        """The id of a team that is named by its id or its name; of one that nobody knows, made from the name."""
        plain = said.strip()
        teams = (self.config.teams or {}).items()
        return next((key for key, one in teams if plain in (key, one.name)), slug.slugify(plain, (), COMPANY))
