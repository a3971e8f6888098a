"""Fetches readings from where KPIs say: one module for each kind of place, and what installed packages add."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from okrctl.sources.policy import AccessPolicy

ENTRY_POINT_GROUP = "okrctl.sources"
EARLIEST_DAY = date(1970, 1, 1)
KINDS = {
    "csv": "okrctl.sources.csv",
    "http": "okrctl.sources.http",
    "prometheus": "okrctl.sources.prometheus",
    "sql": "okrctl.sources.sql",
}


@dataclass(frozen=True)
class Request:
    """What a KPI's `source:` asks for; `spec` holds its keys as the file has them.

    `since` is the day that was asked for, `newest` that of the newest reading there is.
    """

    kpi: str
    spec: Mapping[str, object]
    since: date | None
    newest: date | None
    today: date
    access: AccessPolicy

    @property
    def first_day(self) -> date:
        """The day from which on readings are wanted."""
        return self.since or self.newest or EARLIEST_DAY

    def get_text(self, key: str) -> str | None:
        """The text under a key."""
        found = self.spec.get(key)
        return found if isinstance(found, str) else None


RawReadings = Iterable[tuple[object, object]]
FetchFunction = Callable[[Request], RawReadings]


def source_kind(spec: Mapping[str, object]) -> str:
    """The name of the one place that a source names; empty for none or several.

    `csv`, `http`, `prometheus`, `sql`, or `x-NAME` for what an installed package adds under NAME.
    """
    found = [key for key in spec if key in KINDS or key.startswith("x-")]
    return found[0] if len(found) == 1 else ""


def describe_origin(spec: Mapping[str, object]) -> str:
    """Where a reading came from, in words for its `source:`, without anything secret."""
    from okrctl.sources.policy import parse_host

    kind = source_kind(spec)
    said = spec.get(kind)
    if kind in ("http", "prometheus") and isinstance(said, str):
        host = parse_host(said)
        return f"{kind} {host[0]}" if host else kind
    if kind == "csv":
        return f"csv {said}"
    return f"sql {spec['url_env']}" if kind == "sql" and "url_env" in spec else kind.removeprefix("x-")


def find_source(kind: str) -> FetchFunction | None:
    """What fetches from a kind of place: a function from a request to pairs of day and value; None for an unknown one.

    A day of None means today. Packages are looked up among what is installed, never in the workspace.
    """
    if kind in KINDS:
        found: FetchFunction = importlib.import_module(KINDS[kind]).fetch
        return found
    from importlib.metadata import entry_points

    name = kind.removeprefix("x-")
    for entry in entry_points(group=ENTRY_POINT_GROUP):
        if kind != name and entry.name == name:
            loaded: FetchFunction = entry.load()
            return loaded
    return None
