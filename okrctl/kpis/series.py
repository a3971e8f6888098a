"""The values of KPIs over time, recorded ones first, computed ones where there is only a formula."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from datetime import date, timedelta
from fractions import Fraction
from itertools import accumulate
from typing import NamedTuple

from okrctl.kpis import formula
from okrctl.kpis.expression import Formula, FormulaValueError
from okrctl.values.period import Period, selection
from okrctl.workspace import Kpi, Workspace

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

    def series(self, kpi: Kpi) -> list[Step]:
        """A KPI's values, oldest first; none where its formula cannot be read or runs in a ring."""
        if kpi.id not in self._series:
            for one in self._inputs_first(kpi):
                self._series[one.id] = self._recorded(one) or self._computed(one)
        return self._series[kpi.id]

    def _inputs_first(self, kpi: Kpi) -> Iterator[Kpi]:
        """The KPI behind all that its value is made of, as far as that is not known yet; formulas may be any deep."""
        waiting = [(kpi, self._open_inputs(kpi))]
        seen = {kpi.id}
        while waiting:
            left = waiting[-1][1]
            below = next((name for name in left if name.id not in seen), None)
            if below is None:
                yield waiting.pop()[0]
            else:
                seen.add(below.id)
                waiting.append((below, self._open_inputs(below)))

    def _open_inputs(self, kpi: Kpi) -> Iterator[Kpi]:
        known = [] if self._recorded(kpi) else self._inputs(kpi)[1]
        return (one for one in known if one.id not in self._series)

    def _recorded(self, kpi: Kpi) -> list[Step]:
        return [Step(d.day, d.value.number) for d in kpi.readings if d.value is not None and d.day <= self.day]

    def _inputs(self, kpi: Kpi) -> tuple[Formula | None, list[Kpi]]:
        """A KPI's formula with the KPIs in it; no formula where it cannot be read or has a KPI that there is not."""
        try:
            read = formula.parse(kpi.model.formula or "")
        except formula.FormulaError:
            return None, []
        known = [one for name in read.names if (one := self.workspace.kpis.get(name.id))]
        return (read, known) if len(known) == len(read.names) else (None, [])

    def computed(self, kpi: Kpi) -> list[Step]:
        """What a KPI's formula gives, beside its own readings."""
        for one in self._inputs(kpi)[1]:
            self.series(one)
        return self._computed(kpi)

    def lacking(self, kpi: Kpi, day: date) -> str | None:
        """Why a KPI has no value by what is known on a day: which input is missing, or what is divided by zero."""
        if self._recorded(kpi):
            return None if newest(self.series(kpi), day) else f"no reading on or before {day}"
        if kpi.model.formula is None:
            return f"no reading on or before {day}"
        read, known = self._inputs(kpi)
        if read is None:
            return "its formula cannot be read, or names a KPI that there is not"
        values = {one.id: step.value for one in known if (step := newest(self.series(one), day))}
        try:
            read.evaluate(values)
        except FormulaValueError as error:
            return f"{error.message} on {day}"
        return None if self.series(kpi) else "its formula runs in a ring"

    def _computed(self, kpi: Kpi) -> list[Step]:
        """The formula's values from the series of its inputs; one in a ring is not known yet and has none."""
        read, known = self._inputs(kpi)
        if read is None:
            return []
        inputs = {one.id: self._series.get(one.id, []) for one in known}
        days = sorted({step.day for steps in inputs.values() for step in steps})[-MOST_DAYS:]
        found = []
        for day in days:
            values = {name: value for name, steps in inputs.items() if (value := newest(steps, day)) is not None}
            try:
                found.append(Step(day, read.evaluate({name: step.value for name, step in values.items()}), True))
            except FormulaValueError:
                continue
        return found


def period_asked(workspace: Workspace, day: date) -> Period | None:
    """The running period, of several the shortest; where none runs, the one that ended last."""
    found = selection.default(workspace.periods, day)
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
