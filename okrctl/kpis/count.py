"""Counts of the KPIs of a workspace, for the rules about the set as a whole."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Literal

from okrctl.values.unit import is_money
from okrctl.workspace import Kpi, KpiCount, Workspace


def count_kpis(kpis: Iterable[Kpi]) -> KpiCount:
    """How many there are, and how many of them are kept between bounds, are leading, and are in money."""
    total = bounded = leading = money = 0
    for kpi in kpis:
        total += 1
        bounded += bool(kpi.model.between)
        leading += kpi.model.indicator == "leading"
        money += is_money(kpi.unit)
    return KpiCount(total, bounded, leading, money)


def total_count(workspace: Workspace) -> KpiCount:
    """The count of the whole workspace."""
    counts = _counts_by_file(workspace)
    return KpiCount(*map(sum, zip(*counts.values(), strict=True))) if counts else KpiCount()


def kpi_at(workspace: Workspace, number: int, field: Literal["total", "bounded"] = "total") -> Kpi | None:
    """The KPI with this number, from 0, among all or among those between bounds; None where there are fewer."""
    location = locate_kpi(_counts_by_file(workspace), number, field)
    file = next((file for file in workspace.files if location is not None and file.path == location[0]), None)
    if location is None or file is None:
        return None
    kpis = [kpi for kpi in file.nodes if isinstance(kpi, Kpi) and (field == "total" or kpi.model.between)]
    return kpis[location[1]]


def locate_kpi(
    counts: Mapping[str, KpiCount], number: int, field: Literal["total", "bounded"]
) -> tuple[str, int] | None:
    """The path of the file with the KPI of this number, and its number in that file."""
    for path in sorted(counts):
        in_file = counts[path].total if field == "total" else counts[path].bounded
        if number < in_file:
            return path, number
        number -= in_file
    return None


def _counts_by_file(workspace: Workspace) -> Mapping[str, KpiCount]:
    if workspace.kpi_counts is None:
        by_file: dict[str, list[Kpi]] = {}
        for kpi in workspace.kpi_nodes:
            by_file.setdefault(kpi.file.path, []).append(kpi)
        workspace.kpi_counts = {path: count_kpis(kpis) for path, kpis in by_file.items()}
    return workspace.kpi_counts
