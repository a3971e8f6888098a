"""Counts the KPIs of a workspace by what is asked of the set as a whole."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Literal

from okrctl.values.unit import is_money
from okrctl.workspace import Kpi, KpiCount, Workspace


def count_kpis(kpis: Iterable[Kpi]) -> KpiCount:
    """How many there are, and of these: kept between bounds, leading, in money."""
    total = bounded = leading = money = 0
    for kpi in kpis:
        total += 1
        bounded += bool(kpi.model.between)
        leading += kpi.model.indicator == "leading"
        money += is_money(kpi.unit)
    return KpiCount(total, bounded, leading, money)


def total_count(workspace: Workspace) -> KpiCount:
    """The count of the whole workspace."""
    return (
        KpiCount(*map(sum, zip(*_counts_by_file(workspace).values(), strict=True)))
        if _counts_by_file(workspace)
        else KpiCount()
    )


def kpi_at(workspace: Workspace, number: int, field: Literal["total", "bounded"] = "total") -> Kpi | None:
    """The KPI with this number, from 0, among all or among those kept between bounds; None where it is not there."""
    place = locate_kpi(_counts_by_file(workspace), number, field)
    file = next((file for file in workspace.files if place is not None and file.path == place[0]), None)
    if place is None or file is None:
        return None
    found = [one for one in file.nodes if isinstance(one, Kpi) and (field == "total" or one.model.between)]
    return found[place[1]]


def locate_kpi(
    counts: Mapping[str, KpiCount], number: int, field: Literal["total", "bounded"]
) -> tuple[str, int] | None:
    """The path of the file that it stands in, and its number there."""
    for path in sorted(counts):
        if number < getattr(counts[path], field):
            return path, number
        number -= getattr(counts[path], field)
    return None


def _counts_by_file(workspace: Workspace) -> Mapping[str, KpiCount]:
    if workspace.kpi_counts is None:
        by_file: dict[str, list[Kpi]] = {}
        for kpi in workspace.kpi_nodes:
            by_file.setdefault(kpi.file.path, []).append(kpi)
        workspace.kpi_counts = {path: count_kpis(kpis) for path, kpis in by_file.items()}
    return workspace.kpi_counts
