"""Lists the KPIs with their values, trends and alarms."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from okrctl.analysis import thresholds
from okrctl.kpis.figures import Against
from okrctl.kpis.overview import FAIL_IF_WORDS, KpiOverview, build_kpi_overview, exceeds_threshold
from okrctl.kpis.series import KpiValues
from okrctl.operations.load import NO_FILTERS, Filters, load_at_revision, notify_csv_problems
from okrctl.operations.project import Project


@dataclass(frozen=True, slots=True)
class KpiRequest:
    """Which KPIs to list, on which day; sums and means are compared with those `against`."""

    as_of: date | None = None
    known_at: str | None = None
    filters: Filters = NO_FILTERS
    fail_if: Sequence[str] = ()
    against: Against = "before"


class KpiResult(NamedTuple):
    """The KPIs, and whether one has a status that `fail_if` names."""

    overview: KpiOverview
    has_failed: bool


def kpi(project: Project, request: KpiRequest) -> KpiResult:
    """Return the KPIs, the worst first."""
    statuses = thresholds.parse_fail_if(list(request.fail_if), FAIL_IF_WORDS)
    workspace, _, today = load_at_revision(project, request.known_at)
    selection = request.filters.select(workspace)
    values = KpiValues(workspace, request.as_of or today)
    kpis = [kpi for kpi in workspace.kpis.values() if selection.includes_kpi(kpi)]
    if request.known_at is None:
        notify_csv_problems(project, kpis)
    overview = build_kpi_overview(values, kpis, request.against)
    return KpiResult(overview, exceeds_threshold(overview, statuses))
