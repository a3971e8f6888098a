"""The values of KPIs over time, recorded ones first, computed ones where there is only a formula."""

from __future__ import annotations

from bisect import bisect_right
from datetime import date
from fractions import Fraction
from typing import NamedTuple

from okrctl.kpis import formula
from okrctl.workspace import Kpi, Workspace

DEEPEST = 64
MOST_DAYS = 20_000


class Step(NamedTuple):
    """A KPI's value from a day on."""

    day: date
    value: Fraction
    computed: bool = False


class Gauges:
    """Every KPI's values of one workspace up to one day, each worked out once; readings after the day do not exist."""

    def __init__(self, workspace: Workspace, day: date) -> None:
        self.workspace = workspace
        self.day = day
        self._series: dict[str, list[Step]] = {}
        self._open: set[str] = set()

    def series(self, kpi: Kpi) -> list[Step]:
        """A KPI's values, oldest first; none where its formula cannot be read or runs in a ring."""
        if kpi.id not in self._series:
            if kpi.id in self._open or len(self._open) > DEEPEST:
                return []
            self._open.add(kpi.id)
            recorded = [Step(d.day, d.value.number) for d in kpi.readings if d.value is not None and d.day <= self.day]
            steps = recorded if recorded or kpi.model.formula is None else self._computed(kpi)
            self._open.discard(kpi.id)
            self._series[kpi.id] = steps
        return self._series[kpi.id]

    def computed(self, kpi: Kpi) -> list[Step]:
        """What a KPI's formula gives, beside its own readings."""
        return self._computed(kpi) if kpi.model.formula is not None else []

    def _computed(self, kpi: Kpi) -> list[Step]:
        try:
            read = formula.parse(kpi.model.formula or "")
        except formula.FormulaError:
            return []
        inputs = {name.id: self.series(known) for name in read.names if (known := self.workspace.kpis.get(name.id))}
        if len(inputs) < len(read.names):
            return []
        days = sorted({step.day for steps in inputs.values() for step in steps})[-MOST_DAYS:]
        found = []
        for day in days:
            values = {name: value for name, steps in inputs.items() if (value := newest(steps, day)) is not None}
            try:
                found.append(Step(day, read.evaluate({name: step.value for name, step in values.items()}), True))
            except formula.FormulaValueError:
                continue
        return found


def newest(steps: list[Step], day: date) -> Step | None:
    """The newest value not later than a day."""
    place = bisect_right(steps, day, key=lambda step: step.day)
    return steps[place - 1] if place else None


def amount(steps: list[Step], how: str) -> Fraction | None:
    """What values amount to: the newest, their sum, or their mean."""
    if not steps:
        return None
    if how == "latest":
        return steps[-1].value
    total = sum((step.value for step in steps), Fraction(0))
    return total if how == "sum" else total / len(steps)
