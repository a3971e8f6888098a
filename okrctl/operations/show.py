"""Shows one objective, key result or KPI in full."""

from __future__ import annotations

from datetime import date

from okrctl.analysis.detail import Detail, build_detail
from okrctl.kpis.detail import KpiDetail, build_kpi_detail
from okrctl.kpis.series import KpiValues
from okrctl.operations.load import load_at_revision, notify_csv_problems
from okrctl.operations.project import Project
from okrctl.values.errors import NotFoundError
from okrctl.workspace import Kpi, Objective, references


def show(
    project: Project, reference: str, *, as_of: date | None = None, known_at: str | None = None
) -> Detail | KpiDetail:
    """Return all that is known of a node; raises OkrctlError where it does not exist on the day."""
    loaded = load_at_revision(project, known_at)
    node = references.find_node(loaded.workspace, reference, loaded.today)
    if known_at is None:
        notify_csv_problems(project, node.key_results if isinstance(node, Objective) else [node])
    if isinstance(node, Kpi):
        return build_kpi_detail(KpiValues(loaded.workspace, as_of or loaded.today), node)
    day = loaded.day_of(node.period, as_of)
    detail = build_detail(loaded.workspace, node, day)
    if detail is None:
        raise NotFoundError(f"{node.ref} does not exist on {day}", f"it starts on {node.first_day}: use --as-of")
    detail.shorten = references.ShortestUniqueRef(loaded.workspace, loaded.today)
    return detail
