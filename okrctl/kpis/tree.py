"""Lays the formula of a KPI out as a tree: what it is made of, where each input stands and which way it pulls."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from okrctl.kpis.attribution import DEEPEST, inputs, read
from okrctl.kpis.direction import effect
from okrctl.kpis.overview import Gauge, gauge
from okrctl.kpis.series import Gauges, period_asked
from okrctl.kpis.usage import taken_up
from okrctl.workspace import Kpi

Way = Literal["up", "down"]


@dataclass(slots=True)
class Branch:
    """A KPI in a tree of formulas.

    `pull` is where the KPI above goes when this one rises, None where that depends on the values or nothing is above.
    What is below a KPI stands at its first place in the tree; further ones are `repeated`.
    """

    gauge: Gauge
    pull: Way | None = None
    branches: list[Branch] = field(default_factory=list)
    repeated: bool = False


def anatomy(gauges: Gauges, kpi: Kpi) -> Branch:
    """The tree below a KPI."""
    return _Planting(gauges).branch(kpi, None)


class _Planting:
    """Grows a tree in which every KPI is opened once."""

    def __init__(self, gauges: Gauges) -> None:
        self.gauges = gauges
        self.seen: dict[str, Gauge] = {}
        self.period = period_asked(gauges.workspace, gauges.day)
        self.takers = taken_up(gauges.workspace, gauges.day)

    def branch(self, kpi: Kpi, pull: Way | None, depth: int = 1) -> Branch:
        """The KPI with all that is below it."""
        known = self.seen.get(kpi.id)
        if known is not None:
            return Branch(known, pull, repeated=kpi.model.formula is not None)
        found = Branch(gauge(self.gauges, kpi, self.period, self.takers), pull)
        self.seen[kpi.id] = found.gauge
        of = read(kpi)
        if of is not None and depth < DEEPEST:
            found.branches = [self.branch(one, effect(of, one.id), depth + 1) for one in inputs(self.gauges, of)]
        return found
