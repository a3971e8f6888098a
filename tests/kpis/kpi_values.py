"""Builds the gauges of a workspace that is nothing but texts."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from okrctl import workspace
from okrctl.kpis.series import KpiValues
from okrctl.schema.settings import Config
from okrctl.workspace import Kpi, Workspace
from okrctl.yaml import Source

DAY = date(2026, 6, 30)
NO_FILES: Mapping[str, str] = {}


def build(kpis: str, okrs: str = "", csv: Mapping[str, str] = NO_FILES) -> Workspace:
    """The workspace of a KPI file and an OKR file; `csv` has texts by path."""
    texts = {"kpis/all.yaml": f"kpis:\n{kpis}\n", "okrs/all.yaml": okrs}
    sources = (Source(path, text) for path, text in texts.items() if text.strip())
    built = workspace.build_workspace(sources, Config(), lambda path: csv[path])
    assert built.broken_files == []
    return built


def gauges(kpis: str, day: date = DAY, okrs: str = "") -> KpiValues:
    """The gauges of these KPIs on a day."""
    return KpiValues(build(kpis, okrs), day)


def kpi(id: str, readings: str, more: str = "better: higher") -> str:
    """A line of a KPI file."""
    return f"  - {{id: {id}, title: {id}, {more}, readings: {{{readings}}}}}\n"


def computed(id: str, formula: str, more: str = "better: higher") -> str:
    """A line of a KPI file with a formula."""
    return f'  - {{id: {id}, title: {id}, {more}, formula: "{formula}"}}\n'


def one(all: KpiValues, id: str) -> Kpi:
    """A KPI by its id."""
    return all.workspace.kpis[id]
