"""The values of KPIs over time: recorded where there are readings, computed where there is only a formula."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from okrctl.kpis import formula
from okrctl.kpis.expression import Formula, FormulaValueError
from okrctl.values.period import Period, selection
from okrctl.values.timeseries import Point, Series
from okrctl.workspace import Kpi, Workspace

MAX_DAYS = 20_000


class KpiValues:
    """The series of every KPI of one workspace up to one day, each computed once; later readings do not exist."""

    def __init__(self, workspace: Workspace, day: date) -> None:
        self.workspace = workspace
        self.day = day
        self._series: dict[str, Series] = {}

    def series(self, kpi: Kpi) -> Series:
        """The values of a KPI; none where its formula is invalid or part of a cycle."""
        if kpi.id not in self._series:
            for needed in self._in_dependency_order(kpi):
                self._series[needed.id] = self._recorded(needed) or self._computed(needed)
        return self._series[kpi.id]

    def computed_series(self, kpi: Kpi) -> Series:
        """What the formula of a KPI gives, beside its own readings."""
        for needed in self._formula_and_inputs(kpi)[1]:
            self.series(needed)
        return self._computed(kpi)

    def missing_reason(self, kpi: Kpi, day: date) -> str | None:
        """Why a KPI has no value by what is known on a day: which input is missing, or what is divided by zero."""
        if kpi.model.formula is None or self._recorded(kpi):
            return None if self.series(kpi).newest(day) else f"no reading on or before {day}"
        parsed, inputs = self._formula_and_inputs(kpi)
        if parsed is None:
            return "its formula is invalid or names an unknown KPI"
        values = {kpi.id: point.value for kpi in inputs if (point := self.series(kpi).newest(day))}
        try:
            parsed.evaluate(values)
        except FormulaValueError as error:
            return f"{error.message} on {day}"
        return None if self.series(kpi) else "its formula is part of a cycle"

    def _in_dependency_order(self, kpi: Kpi) -> Iterator[Kpi]:
        """The KPI after all that its value follows from, as far as that is not known yet.

        An explicit stack, since formulas may feed each other deeper than Python calls itself.
        """
        stack = [(kpi, self._unknown_inputs(kpi))]
        seen = {kpi.id}
        while stack:
            below = next((needed for needed in stack[-1][1] if needed.id not in seen), None)
            if below is None:
                yield stack.pop()[0]
            else:
                seen.add(below.id)
                stack.append((below, self._unknown_inputs(below)))

    def _unknown_inputs(self, kpi: Kpi) -> Iterator[Kpi]:
        inputs = [] if self._recorded(kpi) else self._formula_and_inputs(kpi)[1]
        return (needed for needed in inputs if needed.id not in self._series)

    def _recorded(self, kpi: Kpi) -> Series:
        dated = (reading for reading in kpi.readings if reading.day <= self.day)
        return Series(tuple(Point(reading.day, reading.value.number) for reading in dated if reading.value is not None))

    def _formula_and_inputs(self, kpi: Kpi) -> tuple[Formula | None, list[Kpi]]:
        """The formula of a KPI with the KPIs in it; no formula where it is invalid or names an unknown KPI."""
        try:
            parsed = formula.parse(kpi.model.formula or "")
        except formula.FormulaError:
            return None, []
        inputs = [known for name in parsed.names if (known := self.workspace.kpis.get(name.id))]
        return (parsed, inputs) if len(inputs) == len(parsed.names) else (None, [])

    def _computed(self, kpi: Kpi) -> Series:
        """The values of the formula from the series of its inputs; one in a cycle is not known yet and has none."""
        parsed, inputs = self._formula_and_inputs(kpi)
        if parsed is None:
            return Series()
        by_id = {needed.id: self._series.get(needed.id, Series()) for needed in inputs}
        days = sorted({point.day for series in by_id.values() for point in series})[-MAX_DAYS:]
        points = []
        for day in days:
            values = {id: point.value for id, series in by_id.items() if (point := series.newest(day)) is not None}
            try:
                points.append(Point(day, parsed.evaluate(values), is_computed=True))
            except FormulaValueError:
                continue
        return Series(tuple(points))


def current_period(workspace: Workspace, day: date) -> Period | None:
    """The running period, of several the shortest; where none runs, the one that ended last."""
    found = selection.default_periods(workspace.periods, day)
    return found[0] if found and found[0].start <= day else None
