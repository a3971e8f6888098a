"""The values of KPIs over time: recorded where there are readings, computed where there is only a formula."""

from __future__ import annotations

from datetime import date

from okrctl.kpis.expression import FormulaValueError
from okrctl.kpis.figures import Figure, KpiFigures
from okrctl.kpis.inputs import KpiInputs
from okrctl.values.period import Period, selection
from okrctl.values.timeseries import Point, Series
from okrctl.workspace import Kpi, Workspace


class KpiValues:
    """The series of every KPI of one workspace up to one day, each computed once; later readings do not exist.

    A formula over flows (sums and means) has a value for each slot of the calendar, all others one for each day on
    which something was read.
    """

    def __init__(self, workspace: Workspace, day: date) -> None:
        self.workspace = workspace
        self.day = day
        self.inputs = KpiInputs(workspace, day)
        self.figures = KpiFigures(self.inputs)
        self._series: dict[str, Series] = {}

    def series(self, kpi: Kpi) -> Series:
        """The values of a KPI; none where its formula is invalid or part of a cycle."""
        if kpi.id not in self._series:
            is_slots = self.figures.is_computed_flow(kpi)
            self._series[kpi.id] = self.figures.series(kpi) if is_slots else self.inputs.stock_series(kpi)
        return self._series[kpi.id]

    def computed_series(self, kpi: Kpi) -> Series:
        """What the formula of a KPI over stocks gives, beside its own readings; none for one over flows."""
        inputs = self.inputs.formula_and_inputs(kpi)[1]
        if any(self.figures.is_flow(needed) for needed in inputs):
            return Series()
        for needed in inputs:
            self.inputs.stock_series(needed)
        return self.inputs.computed_stock(kpi)

    def point_on(self, kpi: Kpi, day: date) -> Point | str:
        """The value of a KPI by what is known on a day, or why it has none: the one place that decides."""
        if self.inputs.is_recorded(kpi):
            return self.series(kpi).newest(day) or f"no reading on or before {day}"
        parsed, inputs = self.inputs.formula_and_inputs(kpi)
        if parsed is None:
            return "its formula is invalid or names an unknown KPI"
        if self.figures.is_flow(kpi):
            return self._slot_on(kpi, day)
        points = {needed.id: point for needed in inputs if (point := self.series(needed).newest(day))}
        try:
            value = parsed.evaluate({id: point.value for id, point in points.items()})
        except FormulaValueError as error:
            return f"{error.message} on {day}"
        if not self.series(kpi):
            return "its formula is part of a cycle"
        return Point(max((point.day for point in points.values()), default=day), value, is_computed=True)

    def _slot_on(self, kpi: Kpi, day: date) -> Point | str:
        """The value of a formula over flows in the newest slot that counts on a day."""
        slots = [slot for slot in self.figures.slots(kpi) if min(slot.last, self.day) <= day]
        if not slots:
            return f"no reading on or before {day}"
        figure = self.figures.over(kpi, [slots[-1]])
        if figure.value is None:
            return figure.reason or "no value yet"
        return Point(min(slots[-1].last, day), figure.value, is_computed=True)

    def missing_reason(self, kpi: Kpi, day: date) -> str | None:
        """Why a KPI has no value by what is known on a day: which input is missing, or what is divided by zero."""
        known = self.point_on(kpi, day)
        return known if isinstance(known, str) else None

    def period_figure(self, kpi: Kpi, first: date, last: date) -> Figure:
        """What a formula over flows amounts to in a period as far as it has passed."""
        return self.figures.over_period(kpi, first, last)


def current_period(workspace: Workspace, day: date) -> Period | None:
    """The running period, of several the shortest; where none runs, the one that ended last."""
    found = selection.default_periods(workspace.periods, day)
    return found[0] if found and found[0].start <= day else None
