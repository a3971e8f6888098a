"""Where a page leads: each kind of page knows the place of a period, a team, an owner, a goal and a KPI."""

from __future__ import annotations

import re
from hashlib import sha256
from typing import Protocol
from urllib.parse import quote


class Links(Protocol):
    """The address of each thing that has a place, None of what has none."""

    @property
    def home(self) -> str | None:
        """The page from which all others are reached."""

    def period(self, id: str) -> str | None:
        """A period."""

    def team(self, id: str) -> str | None:
        """A team, by its id."""

    def owner(self, key: str) -> str | None:
        """An owner, by the key that the files have."""

    def goal(self, ref: str) -> str | None:
        """An objective or a key result, by its full reference."""

    def kpi(self, id: str) -> str | None:
        """A KPI."""


class PageLinks:
    """Of a page that is alone: its own parts. Goals and KPIs that it does not show have no place."""

    def __init__(self, goals: frozenset[str] = frozenset(), kpis: frozenset[str] = frozenset()) -> None:
        self.goals, self.kpis = goals, kpis

    @property
    def home(self) -> str | None:
        """None: there is no other page."""
        return None

    def period(self, id: str) -> str | None:
        """None: the page is the period."""
        return None

    def team(self, id: str) -> str | None:
        """The part of a team."""
        return f"#{quote(anchor('team', id))}" if any(ref.split("/")[1:2] == [id] for ref in self.goals) else None

    def owner(self, key: str) -> str | None:
        """None: owners have no part of their own."""
        return None

    def goal(self, ref: str) -> str | None:
        """The part of an objective or a key result."""
        return f"#{quote(anchor('goal', ref))}" if ref in self.goals else None

    def kpi(self, id: str) -> str | None:
        """The line of a KPI."""
        return f"#{quote(anchor('kpi', id))}" if id in self.kpis else None


def anchor(kind: str, name: str) -> str:
    """The id of the part of a page that shows something: `goal-2026-Q2/shop/loved`."""
    plain = re.sub(r"[^\w/.-]+", "-", name)
    return f"{kind}-{plain}" if plain == name else f"{kind}-{plain}-{short_hash(name)}"


def short_hash(name: str) -> str:
    """What tells names apart that are the same in plain letters."""
    return sha256(name.encode("utf-8", "replace")).hexdigest()[:8]
