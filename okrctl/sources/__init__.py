"""Fetch readings from the places that KPIs name: one module for each kind of place, and what installed packages add.

SOURCES is the registry of the kinds that okrctl brings. Each is a module that mypy checks against `ReadingSource`; it
is imported when it is used, since most runs of okrctl fetch nothing. An installed package adds a kind `x-NAME` with an
entry point NAME in the group `okrctl.sources` that leads to a function from a `Request` to readings.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from okrctl.sources.request import RawReadings, ReadingSource, Request

__all__ = ["SOURCES", "RawReadings", "ReadingSource", "Request", "describe_origin", "find_source", "source_kind"]

ENTRY_POINT_GROUP = "okrctl.sources"
PLUGIN_PREFIX = "x-"


def _csv() -> ReadingSource:
    from okrctl.sources import csv

    return csv


def _http() -> ReadingSource:
    from okrctl.sources import http

    return http


def _prometheus() -> ReadingSource:
    from okrctl.sources import prometheus

    return prometheus


def _sql() -> ReadingSource:
    from okrctl.sources import sql

    return sql


SOURCES: Mapping[str, Callable[[], ReadingSource]] = {
    "csv": _csv,
    "http": _http,
    "prometheus": _prometheus,
    "sql": _sql,
}


@dataclass(frozen=True, slots=True)
class PluginSource:
    """A source that an installed package adds."""

    name: str
    function: Callable[[Request], RawReadings]

    def fetch(self, request: Request) -> RawReadings:
        """What the package's function returns."""
        return self.function(request)

    def describe(self, spec: Mapping[str, object]) -> str:
        """The name of the source."""
        return self.name


def source_kind(spec: Mapping[str, object]) -> str:
    """The one kind that a `source:` names: a key of SOURCES or `x-NAME`; empty for none or several."""
    kinds = [key for key in spec if key in SOURCES or key.startswith(PLUGIN_PREFIX)]
    return kinds[0] if len(kinds) == 1 else ""


def describe_origin(spec: Mapping[str, object]) -> str:
    """The text that names a source in the `source:` of a reading; nothing is fetched and no package is loaded."""
    kind = source_kind(spec)
    return SOURCES[kind]().describe(spec) if kind in SOURCES else kind.removeprefix(PLUGIN_PREFIX)


def find_source(kind: str) -> ReadingSource | None:
    """The source of a kind; None for an unknown one. Plug-ins are installed packages, never files of the workspace."""
    if kind in SOURCES:
        return SOURCES[kind]()
    if not kind.startswith(PLUGIN_PREFIX):
        return None
    from importlib.metadata import entry_points

    name = kind.removeprefix(PLUGIN_PREFIX)
    entry = next((entry for entry in entry_points(group=ENTRY_POINT_GROUP) if entry.name == name), None)
    return PluginSource(name, entry.load()) if entry else None
