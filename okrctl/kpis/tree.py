"""Lays the formula of a KPI out as a tree: what it is made of, where each input stands and which way it pulls."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from okrctl.kpis.attribution import MAX_DEPTH, formula_inputs, parse_kpi_formula
from okrctl.kpis.direction import effect_direction
from okrctl.kpis.overview import KpiStatus, kpi_status
from okrctl.kpis.series import KpiValues, current_period
from okrctl.kpis.usage import objectives_by_kpi
from okrctl.workspace import Kpi

Effect = Literal["up", "down"]


@dataclass(slots=True)
class KpiTreeNode:
    """A KPI in a tree of formulas.

    `pull` is where the KPI above goes when this one rises, None where that depends on the values or nothing is above.
    What is below a KPI stands at its first place in the tree; further ones are `repeated`.
    """

    status: KpiStatus
    effect: Effect | None = None
    children: list[KpiTreeNode] = field(default_factory=list)
    is_repeated: bool = False


def build_kpi_tree(gauges: KpiValues, kpi: Kpi) -> KpiTreeNode:
    """The tree below a KPI."""
    return _TreeBuilder(gauges).build(kpi, None)


class _TreeBuilder:
    """Grows a tree in which every KPI is opened once."""

    def __init__(self, kpi_values: KpiValues) -> None:
        self.gauges = kpi_values
        self.statuses: dict[str, KpiStatus] = {}
        self.period = current_period(kpi_values.workspace, kpi_values.day)
        self.objectives = objectives_by_kpi(kpi_values.workspace, kpi_values.day)

    def build(self, kpi: Kpi, pull: Effect | None, depth: int = 1) -> KpiTreeNode:
        """The KPI with all that is below it."""
        known = self.statuses.get(kpi.id)
        if known is not None:
            return KpiTreeNode(known, pull, is_repeated=kpi.model.formula is not None)
        found = KpiTreeNode(kpi_status(self.gauges, kpi, self.period, self.objectives), pull)
        self.statuses[kpi.id] = found.status
        of = parse_kpi_formula(kpi)
        if of is not None and depth < MAX_DEPTH:
            found.children = [
                self.build(one, effect_direction(of, one.id), depth + 1) for one in formula_inputs(self.gauges, of)
            ]
        return found
