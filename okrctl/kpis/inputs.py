"""What the values of KPIs are made of: their readings, their formulas, and the series of formulas over stocks."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from okrctl.kpis import formula
from okrctl.kpis.expression import Formula, FormulaValueError
from okrctl.values.timeseries import Point, Series
from okrctl.workspace import Kpi, Workspace

MAX_DAYS = 20_000


class KpiInputs:
    """The readings and formulas of the KPIs of one workspace up to one day; later readings do not exist.

    A stock is a KPI whose newest reading is its value (`aggregate: latest`), or a formula over such KPIs.
    """

    def __init__(self, workspace: Workspace, day: date) -> None:
        self.workspace = workspace
        self.day = day
        self._recorded: dict[str, Series] = {}
        self._formulas: dict[str, tuple[Formula | None, list[Kpi]]] = {}
        self._stocks: dict[str, Series] = {}

    def recorded_readings(self, kpi: Kpi) -> Series:
        """The readings of a KPI that have a value, oldest first."""
        known = self._recorded.get(kpi.id)
        if known is None:
            dated = (reading for reading in kpi.readings if reading.day <= self.day)
            points = (Point(reading.day, reading.value.number) for reading in dated if reading.value is not None)
            known = self._recorded[kpi.id] = Series(tuple(points))
        return known

    def is_recorded(self, kpi: Kpi) -> bool:
        """Whether the readings of a KPI are its value: it has some, or no formula."""
        return bool(self.recorded_readings(kpi).points) or kpi.model.formula is None

    def formula_and_inputs(self, kpi: Kpi) -> tuple[Formula | None, list[Kpi]]:
        """The formula of a KPI with the KPIs in it; no formula where it is invalid or names an unknown KPI."""
        if kpi.id not in self._formulas:
            self._formulas[kpi.id] = self._parse(kpi)
        return self._formulas[kpi.id]

    def _parse(self, kpi: Kpi) -> tuple[Formula | None, list[Kpi]]:
        try:
            parsed = formula.parse(kpi.model.formula or "")
        except formula.FormulaError:
            return None, []
        inputs = [known for name in parsed.names if (known := self.workspace.kpis.get(name.id))]
        return (parsed, inputs) if len(inputs) == len(parsed.names) else (None, [])

    def stock_series(self, kpi: Kpi) -> Series:
        """The values of a stock: recorded, else computed on every day on which an input has a reading."""
        if kpi.id not in self._stocks:
            for needed in self._in_dependency_order(kpi):
                is_recorded = self.is_recorded(needed)
                self._stocks[needed.id] = self.recorded_readings(needed) if is_recorded else self.computed_stock(needed)
        return self._stocks[kpi.id]

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
        inputs = [] if self.is_recorded(kpi) else self.formula_and_inputs(kpi)[1]
        return (needed for needed in inputs if needed.id not in self._stocks)

    def computed_stock(self, kpi: Kpi) -> Series:
        """The values of a formula from the series of its inputs; one in a cycle is not known yet and has none."""
        parsed, inputs = self.formula_and_inputs(kpi)
        if parsed is None:
            return Series()
        by_id = {needed.id: self._stocks.get(needed.id, Series()) for needed in inputs}
        days = sorted({point.day for series in by_id.values() for point in series})[-MAX_DAYS:]
        points = []
        for day in days:
            values = {id: point.value for id, series in by_id.items() if (point := series.newest(day)) is not None}
            try:
                points.append(Point(day, parsed.evaluate(values), is_computed=True))
            except FormulaValueError:
                continue
        return Series(tuple(points))
