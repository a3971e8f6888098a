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

MAX_DAYS = 20_000


class Point(NamedTuple):
    """A KPI's value from a day on."""

    day: date
    value: Fraction
    computed: bool = False


class KpiValues:
    """Every KPI's values of one workspace up to one day, each worked out once; readings after the day do not exist."""

    def __init__(self, workspace: Workspace, day: date) -> None:
        self.workspace = workspace
        self.day = day
        self._series: dict[str, list[Point]] = {}

    def series(self, kpi: Kpi) -> list[Point]:
        """A KPI's values, oldest first; none where its formula cannot be read or runs in a ring."""
        if kpi.id not in self._series:
            for one in self._in_dependency_order(kpi):
                self._series[one.id] = self._recorded_points(one) or self._computed_points(one)
        return self._series[kpi.id]

    def _in_dependency_order(self, kpi: Kpi) -> Iterator[Kpi]:
        """The KPI behind all that its value is made of, as far as that is not known yet; formulas may be any deep."""
        waiting = [(kpi, self._unknown_inputs(kpi))]
        seen = {kpi.id}
        while waiting:
            left = waiting[-1][1]
            below = next((name for name in left if name.id not in seen), None)
            if below is None:
                yield waiting.pop()[0]
            else:
                seen.add(below.id)
                waiting.append((below, self._unknown_inputs(below)))

    def _unknown_inputs(self, kpi: Kpi) -> Iterator[Kpi]:
        known = [] if self._recorded_points(kpi) else self._formula_and_inputs(kpi)[1]
        return (one for one in known if one.id not in self._series)

    def _recorded_points(self, kpi: Kpi) -> list[Point]:
        return [Point(d.day, d.value.number) for d in kpi.readings if d.value is not None and d.day <= self.day]

    def _formula_and_inputs(self, kpi: Kpi) -> tuple[Formula | None, list[Kpi]]:
        """A KPI's formula with the KPIs in it; no formula where it cannot be read or has a KPI that there is not."""
        try:
            read = formula.parse(kpi.model.formula or "")
        except formula.FormulaError:
            return None, []
        known = [one for name in read.names if (one := self.workspace.kpis.get(name.id))]
        return (read, known) if len(known) == len(read.names) else (None, [])

    def computed_series(self, kpi: Kpi) -> list[Point]:
        """What a KPI's formula gives, beside its own readings."""
        for one in self._formula_and_inputs(kpi)[1]:
            self.series(one)
        return self._computed_points(kpi)

    def missing_reason(self, kpi: Kpi, day: date) -> str | None:
        """Why a KPI has no value by what is known on a day: which input is missing, or what is divided by zero."""
        if self._recorded_points(kpi):
            return None if newest_point(self.series(kpi), day) else f"no reading on or before {day}"
        if kpi.model.formula is None:
            return f"no reading on or before {day}"
        read, known = self._formula_and_inputs(kpi)
        if read is None:
            return "its formula cannot be read, or names a KPI that there is not"
        values = {one.id: step.value for one in known if (step := newest_point(self.series(one), day))}
        try:
            read.evaluate(values)
        except FormulaValueError as error:
            return f"{error.message} on {day}"
        return None if self.series(kpi) else "its formula runs in a ring"

    def _computed_points(self, kpi: Kpi) -> list[Point]:
        """The formula's values from the series of its inputs; one in a ring is not known yet and has none."""
        read, known = self._formula_and_inputs(kpi)
        if read is None:
            return []
        inputs = {one.id: self._series.get(one.id, []) for one in known}
        days = sorted({step.day for steps in inputs.values() for step in steps})[-MAX_DAYS:]
        found = []
        for day in days:
            values = {name: value for name, steps in inputs.items() if (value := newest_point(steps, day)) is not None}
            try:
                found.append(Point(day, read.evaluate({name: step.value for name, step in values.items()}), True))
            except FormulaValueError:
                continue
        return found


def current_period(workspace: Workspace, day: date) -> Period | None:
    """The running period, of several the shortest; where none runs, the one that ended last."""
    found = selection.default_periods(workspace.periods, day)
    return found[0] if found and found[0].start <= day else None


def newest_point(steps: list[Point], day: date) -> Point | None:
    """The newest value not later than a day."""
    place = bisect_right(steps, day, key=lambda step: step.day)
    return steps[place - 1] if place else None


def spaced_points(steps: list[Point], day: date, cadence: int, most: int) -> list[Point]:
    """The newest value and those before it, each at least a cadence of so many days older; newest first."""
    found: list[Point] = []
    step = newest_point(steps, day)
    while step is not None and len(found) < most:
        found.append(step)
        before = days_before(step.day, cadence)
        step = newest_point(steps, before) if before < step.day else None
    return found


class RunningTotals:
    """A KPI's values with their running total, to look up figures of many stretches of days."""

    def __init__(self, points: list[Point], aggregate: str) -> None:
        self.steps = points
        self.how = aggregate
        summed = aggregate != "latest"
        self._totals = list(accumulate((step.value for step in points), initial=Fraction(0))) if summed else []

    def value_on(self, day: date, days: int) -> Fraction | None:
        """The value on a day: the newest, or the sum or mean of the so many days that end on it."""
        end = bisect_right(self.steps, day, key=lambda step: step.day)
        if self.how == "latest":
            return self.steps[end - 1].value if end else None
        start = bisect_left(self.steps, days_before(day, days - 1), key=lambda step: step.day)
        if end <= start:
            return None
        total = self._totals[end] - self._totals[start]
        return total if self.how == "sum" else total / (end - start)


def points_between(steps: list[Point], first: date, last: date) -> list[Point]:
    """The values of a stretch of days, both ends included."""
    start = bisect_left(steps, first, key=lambda step: step.day)
    return steps[start : bisect_right(steps, last, key=lambda step: step.day)]


def days_before(day: date, days: int) -> date:
    """So many days before; the calendar's first day where it does not reach that far."""
    return day - timedelta(days=min(days, (day - date.min).days))
