"""The formula of a KPI as a tree of its inputs, each with its status and the direction of its effect."""

from __future__ import annotations

from dataclasses import dataclass, field

from okrctl.kpis.attribution import MAX_DEPTH, formula_inputs, parse_kpi_formula
from okrctl.kpis.direction import Direction, effect_direction
from okrctl.kpis.overview import KpiStatus, kpi_status
from okrctl.kpis.series import KpiValues, current_period
from okrctl.kpis.usage import objectives_by_kpi
from okrctl.workspace import Kpi


@dataclass(slots=True)
class KpiTreeNode:
    """A KPI in a tree of formulas.

    `effect` is where the KPI above goes when this one rises, None where that depends on the values or nothing is above.
    The inputs of a KPI stand at its first place in the tree; further places are `is_repeated`.
    """

    status: KpiStatus
    effect: Direction | None = None
    children: list[KpiTreeNode] = field(default_factory=list)
    is_repeated: bool = False


def build_kpi_tree(kpi_values: KpiValues, kpi: Kpi) -> KpiTreeNode:
    """The tree below a KPI."""
    return _TreeBuilder(kpi_values).build(kpi, None)


class _TreeBuilder:
    """Builds a tree in which the inputs of every KPI are listed once."""

    def __init__(self, kpi_values: KpiValues) -> None:
        self.kpi_values = kpi_values
        self.statuses: dict[str, KpiStatus] = {}
        self.period = current_period(kpi_values.workspace, kpi_values.day)
        self.objectives = objectives_by_kpi(kpi_values.workspace, kpi_values.day)

    def build(self, kpi: Kpi, effect: Direction | None, depth: int = 1) -> KpiTreeNode:
        """The KPI with all that is below it."""
        known = self.statuses.get(kpi.id)
        if known is not None:
            return KpiTreeNode(known, effect, is_repeated=kpi.model.formula is not None)
        node = KpiTreeNode(kpi_status(self.kpi_values, kpi, self.period, self.objectives), effect)
        self.statuses[kpi.id] = node.status
        parsed = parse_kpi_formula(kpi)
        if parsed is not None and depth < MAX_DEPTH:
            node.children = [
                self.build(below, effect_direction(parsed, below.id), depth + 1)
                for below in formula_inputs(self.kpi_values, parsed)
            ]
        return node
