"""The values of KPIs over time, recorded ones first, computed ones where there is only a formula."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from datetime import date, timedelta
from fractions import Fraction
from itertools import accumulate
from typing import NamedTuple

from okrctl import period
from okrctl.kpis import formula
from okrctl.period import Period
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


def period_asked(workspace: Workspace, day: date) -> Period | None:
    """The shortest running period, else the newest past one."""
    found = period.default(workspace.periods, day)
    return found[0] if found and found[0].start <= day else None


def newest(steps: list[Step], day: date) -> Step | None:
    """The newest value not later than a day."""
    place = bisect_right(steps, day, key=lambda step: step.day)
    return steps[place - 1] if place else None


def chain(steps: list[Step], day: date, cadence: int, most: int) -> list[Step]:
    """The newest value and those before it, each at least a cadence of so many days older; newest first."""
    found: list[Step] = []
    step = newest(steps, day)
    while step is not None and len(found) < most:
        found.append(step)
        before = earlier(step.day, cadence)
        step = newest(steps, before) if before < step.day else None
    return found


class Totals:
    """A KPI's values with their running total, to look up figures of many stretches of days."""

    def __init__(self, steps: list[Step], how: str) -> None:
        self.steps = steps
        self.how = how
        summed = how != "latest"
        self._totals = list(accumulate((step.value for step in steps), initial=Fraction(0))) if summed else []

    def standing(self, day: date, days: int) -> Fraction | None:
        """The value on a day: the newest, or the sum or mean of the so many days that end on it."""
        end = bisect_right(self.steps, day, key=lambda step: step.day)
        if self.how == "latest":
            return self.steps[end - 1].value if end else None
        start = bisect_left(self.steps, earlier(day, days - 1), key=lambda step: step.day)
        if end <= start:
            return None
        total = self._totals[end] - self._totals[start]
        return total if self.how == "sum" else total / (end - start)


def between(steps: list[Step], first: date, last: date) -> list[Step]:
    """The values of a stretch of days, both ends included."""
    start = bisect_left(steps, first, key=lambda step: step.day)
    return steps[start : bisect_right(steps, last, key=lambda step: step.day)]


def earlier(day: date, days: int) -> date:
    """So many days before; the calendar's first day where it does not reach that far."""
    return day - timedelta(days=min(days, (day - date.min).days))
