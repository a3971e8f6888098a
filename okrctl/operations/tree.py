"""Shows which objectives support which, or the formula of a KPI, as a tree."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from okrctl import scoring
from okrctl.analysis.alignment import AlignmentTree, build_alignment_tree
from okrctl.kpis.series import KpiValues
from okrctl.kpis.tree import KpiTreeNode, build_kpi_tree
from okrctl.operations.load import Loaded, load_at_revision, requested_periods
from okrctl.operations.project import Project
from okrctl.values import suggestions
from okrctl.values.errors import AmbiguousError, NotFoundError
from okrctl.values.period import PeriodError, looks_like_period
from okrctl.values.period.selection import find_period
from okrctl.workspace import Kpi


def tree(
    project: Project, names: Sequence[str] = (), *, as_of: date | None = None, known_at: str | None = None
) -> AlignmentTree | KpiTreeNode:
    """Return the alignment of the objectives of these periods, or the formula tree of the one KPI that is named."""
    loaded = load_at_revision(project, known_at)
    kpi = _find_kpi(loaded, names[0]) if len(names) == 1 else None
    if kpi is not None:
        return build_kpi_tree(KpiValues(loaded.workspace, as_of or loaded.today), kpi)
    periods = requested_periods(project, loaded, names, as_of)
    cards = [scoring.build_scorecard(loaded.workspace, period, loaded.day_of(period, as_of)) for period in periods]
    return build_alignment_tree(loaded.workspace, cards)


def _find_kpi(loaded: Loaded, name: str) -> Kpi | None:
    """Return the KPI of this name, None for a period; raises OkrctlError where it is neither, or both."""
    workspace = loaded.workspace
    kpi = workspace.kpis.get(name)
    try:
        period = find_period(name, workspace.periods, loaded.today, workspace.config.fiscal)
    except PeriodError as error:
        if kpi is None and not looks_like_period(name):
            guess = suggestions.did_you_mean(suggestions.find_closest(name, workspace.kpis))
            raise NotFoundError(f"no such KPI or period: '{name}'{guess}", error.hint) from error
        return kpi
    if kpi is not None and period.id != name:
        raise AmbiguousError(
            f"'{name}' is ambiguous: a KPI and the period {period.id}", f"write {period.id} for the period"
        )
    return kpi
