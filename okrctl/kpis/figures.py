"""Figures of flows: KPIs that are added up or averaged, and formulas over them, by slots of the calendar.

A flow is never carried over: a sum has a value in the slots in which it was read and in no other. So a formula over
flows is worked out slot by slot, each input with its figure for that slot, and for a period from its inputs' figures
over the slots in which every input has one. Source: the definitions of KPIs in the manual's page on scores.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from fractions import Fraction
from typing import Literal, NamedTuple

from okrctl.kpis.expression import Formula, FormulaValueError
from okrctl.kpis.inputs import KpiInputs
from okrctl.kpis.slots import (
    MAX_MISSING,
    Filled,
    Slot,
    counted_slots,
    fill_slots,
    infer_cadence,
    name_slot,
    slots_a_year_before,
    slots_before,
    slots_between,
)
from okrctl.values.dates import Cadence
from okrctl.values.timeseries import Point, Series
from okrctl.workspace import Kpi

Against = Literal["before", "year"]
MAX_DEPTH = 64
MAX_SLOTS = 4000


class Figure(NamedTuple):
    """What a KPI amounts to over some slots; `reason` says why there is no value.

    `used` counts the slots in which every input has a value, `asked` all slots. `stale_since` is the day of a reading
    that is older than one cadence of its KPI.
    """

    value: Fraction | None
    used: int = 0
    asked: int = 0
    reason: str | None = None
    stale_since: date | None = None


class Comparison(NamedTuple):
    """A flow over the counted slots of a period, and over as many slots before it or a year earlier.

    `missing` names a slot without a value where more than a tenth of a side has none: there is no trend then. There are
    no `before_slots` where a year earlier has no such slots.
    """

    slots: int
    now: Figure
    before: Figure
    now_slots: tuple[Slot, ...]
    before_slots: tuple[Slot, ...]
    cadence: Cadence
    against: Against
    missing: str | None = None

    @property
    def change(self) -> Fraction | None:
        """From before to now, in the unit of the KPI; None where one of them is missing."""
        if self.missing is not None or self.now.value is None or self.before.value is None:
            return None
        return self.now.value - self.before.value


class KpiFigures:
    """The figures of every flow of one workspace by slots, as of the day of its values, each worked out once."""

    def __init__(self, inputs: KpiInputs) -> None:
        self.inputs = inputs
        self.day = inputs.day
        self._leaves: dict[str, list[Kpi]] = {}
        self._readings: dict[str, Series] = {}
        self._filled: dict[tuple[str, str], dict[Slot, Filled]] = {}
        self._figures: dict[tuple[str, tuple[Slot, ...]], Figure] = {}
        self._open: list[str] = []

    def is_flow(self, kpi: Kpi) -> bool:
        """Whether a KPI is added up or averaged, or is computed from one that is."""
        return bool(self._recorded_flows(kpi))

    def is_computed_flow(self, kpi: Kpi) -> bool:
        """Whether a KPI is a formula over flows."""
        return not self.inputs.is_recorded(kpi) and self.is_flow(kpi)

    def cadence(self, kpi: Kpi) -> Cadence:
        """The cadence of the slots of a KPI: its own, for a formula else the coarsest among its inputs."""
        return self._known_cadence(kpi, 0) or self.inputs.workspace.kpi_cadence(kpi)

    def _known_cadence(self, kpi: Kpi, depth: int) -> Cadence | None:
        if self.inputs.is_recorded(kpi) or kpi.model.cadence is not None:
            return infer_cadence([point.day for point in self.inputs.recorded_readings(kpi)], kpi.model.cadence)
        if depth > MAX_DEPTH:
            return None
        known = (self._known_cadence(needed, depth + 1) for needed in self.inputs.formula_and_inputs(kpi)[1])
        return max(filter(None, known), key=lambda cadence: cadence.days, default=None)

    def slots(self, kpi: Kpi) -> list[Slot]:
        """The slots of a flow that count on the day, oldest first: over, or read as often as the slot before."""
        cadence = self.cadence(kpi)
        filled = [self._slots_of_readings(leaf, cadence) for leaf in self._recorded_flows(kpi)]
        every = sorted({slot for by_slot in filled for slot in by_slot})
        counted = [{entry.slot for entry in counted_slots(list(by_slot.values()), self.day)} for by_slot in filled]
        return [slot for slot in every if slot.last <= self.day or all(slot in slots for slots in counted)]

    def last_reading(self, kpi: Kpi, slot: Slot) -> date:
        """The day of the last reading in a slot, which decides to which period it belongs."""
        cadence = self.cadence(kpi)
        leaves = (self._slots_of_readings(leaf, cadence).get(slot) for leaf in self._recorded_flows(kpi))
        return max((filled.last_reading for filled in leaves if filled is not None), default=slot.last)

    def period_slots(self, kpi: Kpi, first: date, last: date) -> list[Slot]:
        """The counted slots that belong to a period, and the empty ones between them."""
        known = [slot for slot in self.slots(kpi) if first <= self.last_reading(kpi, slot) <= last]
        return slots_between(known[0], known[-1], self.cadence(kpi)) if known else []

    def over_period(self, kpi: Kpi, first: date, last: date) -> Figure:
        """The figure of a flow for a period as far as it has passed."""
        slots = self.period_slots(kpi, first, last)
        if not slots:
            return Figure(None, reason=f"no reading from {first} to {min(last, self.day)}")
        return self.over(kpi, slots)

    def series(self, kpi: Kpi) -> Series:
        """The values of a formula over flows, one for each counted slot in which every input has one."""
        figures = ((slot, self.over(kpi, [slot]).value) for slot in self.slots(kpi)[-MAX_SLOTS:])
        points = (
            Point(min(slot.last, self.day), value, is_computed=True) for slot, value in figures if value is not None
        )
        return Series(tuple(points))

    def readings(self, kpi: Kpi) -> Series:
        """What counts as the readings of a KPI for signals and verdicts.

        Of a recorded KPI its readings; of a formula its value in each counted slot in which every input has a reading,
        dated at the slot's end.
        """
        if self.inputs.is_recorded(kpi):
            return self.inputs.recorded_readings(kpi)
        if kpi.id not in self._readings:
            self._readings[kpi.id] = Series(tuple(self._formula_readings(kpi)))
        return self._readings[kpi.id]

    def _formula_readings(self, kpi: Kpi) -> Iterator[Point]:
        cadence, (formula, inputs) = self.cadence(kpi), self.inputs.formula_and_inputs(kpi)
        if formula is None or not inputs or any(self.coarser_sums(inputs, cadence)):
            return
        for slot in self._slots_with_every_input(kpi, cadence)[-MAX_SLOTS:]:
            values = {needed.id: self._reading_in(needed, slot, cadence) for needed in inputs}
            known = {id: value for id, value in values.items() if value is not None}
            if len(known) == len(values):
                try:
                    value = formula.evaluate(known)
                except FormulaValueError:
                    continue
                yield Point(min(slot.last, self.day), value, is_computed=True)

    def _slots_with_every_input(self, kpi: Kpi, cadence: Cadence) -> list[Slot]:
        """The slots that count on the day in which every recorded KPI below a formula has a reading, oldest first."""
        by_leaf = [self._slots_of_readings(leaf, cadence) for leaf in self.recorded_leaves(kpi)]
        counted = [{entry.slot for entry in counted_slots(list(by_slot.values()), self.day)} for by_slot in by_leaf]
        return sorted(set.intersection(*counted)) if counted else []

    def _reading_in(self, kpi: Kpi, slot: Slot, cadence: Cadence) -> Fraction | None:
        """What an input of a formula is in a slot, by readings of that slot alone; None without any."""
        if self.inputs.is_recorded(kpi):
            filled = self._slots_of_readings(kpi, cadence).get(slot)
            return filled.figure(kpi.aggregate) if filled else None
        if self.is_flow(kpi):
            return self.over(kpi, [slot], cadence).value
        points = self.inputs.stock_series(kpi).points_between(slot.first, slot.last)
        return points[-1].value if points else None

    def compare(self, kpi: Kpi, first: date, last: date, against: Against = "before") -> Comparison | None:
        """The counted slots of a period and as many before it, or the same ones a year before.

        None where no slot counts, and where the calendar has none before.
        """
        cadence = self.cadence(kpi)
        now = self.period_slots(kpi, first, last)
        if not now:
            return None
        before = slots_a_year_before(now, cadence) if against == "year" else slots_before(now, cadence)
        if not before and against == "before":
            return None
        missing = self._find_missing(kpi, now, cadence) or self._find_missing(kpi, before, cadence)
        earlier = self.over(kpi, before) if before else Figure(None)
        return Comparison(len(now), self.over(kpi, now), earlier, tuple(now), tuple(before), cadence, against, missing)

    def _find_missing(self, kpi: Kpi, slots: Sequence[Slot], cadence: Cadence) -> str | None:
        """The first slot without a value, where more than a tenth of them has none."""
        empty = [slot for slot in slots if self.over(kpi, [slot]).value is None]
        return name_slot(empty[0], cadence) if len(empty) > MAX_MISSING * len(slots) else None

    def over(self, kpi: Kpi, slots: Sequence[Slot], cadence: Cadence | None = None) -> Figure:
        """The figure of a KPI over slots of a cadence (by default its own), oldest first, at least one."""
        cadence = cadence or self.cadence(kpi)
        key = kpi.id, tuple(slots)
        if key not in self._figures:
            if kpi.id in self._open or len(self._open) > MAX_DEPTH:
                return Figure(None, 0, len(slots), "its formula is part of a cycle or nested too deeply")
            self._open.append(kpi.id)
            self._figures[key] = self._figure(kpi, slots, cadence)
            self._open.pop()
        return self._figures[key]

    def _figure(self, kpi: Kpi, slots: Sequence[Slot], cadence: Cadence) -> Figure:
        if not self.is_flow(kpi):
            return self._newest(kpi, slots)
        if self.inputs.is_recorded(kpi):
            return self._recorded_figures(kpi, slots, cadence)
        own = self.cadence(kpi)
        if own == cadence:
            return self._compute(kpi, slots, cadence)
        inner = [part for slot in slots for part in self.period_slots(kpi, slot.first, slot.last)]
        if own.days > cadence.days or not inner:
            return Figure(None, 0, len(slots), f"'{kpi.id}' has no value in {name_slot(slots[-1], cadence)}")
        return self._compute(kpi, inner, own)._replace(asked=len(slots))

    def _recorded_figures(self, kpi: Kpi, slots: Sequence[Slot], cadence: Cadence) -> Figure:
        by_slot = self._slots_of_readings(kpi, cadence)
        filled = [by_slot[slot] for slot in slots if slot in by_slot]
        if not filled:
            return Figure(None, 0, len(slots), f"'{kpi.id}' has no reading in {name_slot(slots[-1], cadence)}")
        readings = tuple(reading for entry in filled for reading in entry.readings)
        figure = Filled(Slot(slots[0].first, slots[-1].last), readings).figure(kpi.aggregate)
        return Figure(figure, len(filled), len(slots))

    def _newest(self, kpi: Kpi, slots: Sequence[Slot]) -> Figure:
        """The newest reading; older than one cadence of its KPI it is marked, older than two it is none."""
        end = min(slots[-1].last, self.day)
        point = self.inputs.stock_series(kpi).newest(end)
        if point is None:
            return Figure(None, 0, len(slots), f"'{kpi.id}' has no value on or before {end}")
        age, days = (end - point.day).days, self.cadence(kpi).days
        if age > 2 * days:
            return Figure(None, 0, len(slots), f"the newest value of '{kpi.id}' is from {point.day}")
        return Figure(point.value, len(slots), len(slots), stale_since=point.day if age > days else None)

    def _compute(self, kpi: Kpi, slots: Sequence[Slot], cadence: Cadence) -> Figure:
        """A formula over its inputs' figures for the slots in which every input has one."""
        formula, inputs = self.inputs.formula_and_inputs(kpi)
        if formula is None:
            return Figure(None, 0, len(slots), "its formula is invalid or names an unknown KPI")
        coarser = next(self.coarser_sums(inputs, cadence), None)
        if coarser is not None:
            return Figure(None, 0, len(slots), f"'{coarser[0].id}' is read less often than {cadence.name}")
        usable = [slot for slot in slots if self._describe_lacking(inputs, slot, cadence) is None]
        if not usable:
            return Figure(None, 0, len(slots), self._describe_lacking(inputs, slots[-1], cadence))
        try:
            value = self._evaluate(kpi, formula, inputs, usable, cadence)
        except FormulaValueError as error:
            return Figure(None, 0, len(slots), f"{error.message} in {name_slot(usable[-1], cadence)}")
        stale = (self.over(needed, usable, cadence).stale_since for needed in inputs)
        return Figure(
            value, len(usable), len(slots), None, min((day for day in stale if day is not None), default=None)
        )

    def usable_slots(self, kpi: Kpi, slots: Sequence[Slot]) -> list[Slot]:
        """Those of its own slots in which every input of a formula has a value."""
        cadence, inputs = self.cadence(kpi), self.inputs.formula_and_inputs(kpi)[1]
        return [slot for slot in slots if self._describe_lacking(inputs, slot, cadence) is None]

    def _describe_lacking(self, inputs: Sequence[Kpi], slot: Slot, cadence: Cadence) -> str | None:
        """Which input has no value in a slot, in words."""
        figures = (self.over(needed, [slot], cadence) for needed in inputs)
        return next((figure.reason for figure in figures if figure.value is None), None)

    def _evaluate(
        self, kpi: Kpi, formula: Formula, inputs: Sequence[Kpi], slots: Sequence[Slot], cadence: Cadence
    ) -> Fraction:
        """The formula over slots that have all inputs; one that is added up is the sum over its slots."""
        if kpi.aggregate != "sum":
            return formula.evaluate({needed.id: self.as_input(needed, slots, cadence) for needed in inputs})
        single = ({needed.id: self.as_input(needed, [slot], cadence) for needed in inputs} for slot in slots)
        return sum((formula.evaluate(values) for values in single), Fraction(0))

    def as_input(self, kpi: Kpi, slots: Sequence[Slot], cadence: Cadence) -> Fraction:
        """The figure with which a KPI enters a formula over several slots: of one kind with that of a single slot."""
        value = self.over(kpi, slots, cadence).value or Fraction(0)
        return value / len(slots) if kpi.aggregate == "sum" and self.is_flow(kpi) else value

    def coarser_sums(self, inputs: Sequence[Kpi], cadence: Cadence) -> Iterator[tuple[Kpi, Cadence]]:
        """The inputs that are added up over longer stretches than the slots of the formula, with their cadences."""
        for needed in inputs:
            if self.inputs.is_recorded(needed) and needed.aggregate == "sum":
                own = self._known_cadence(needed, 0)
                if own is not None and own.days > cadence.days:
                    yield needed, own

    def _recorded_flows(self, kpi: Kpi) -> list[Kpi]:
        """The recorded flows that a KPI is made of, itself where it is one; each once."""
        return [leaf for leaf in self.recorded_leaves(kpi) if leaf.aggregate != "latest"]

    def recorded_leaves(self, kpi: Kpi) -> list[Kpi]:
        """The recorded KPIs that a KPI is made of, itself where it is one; each once."""
        if kpi.id not in self._leaves:
            found: dict[str, Kpi] = {}
            waiting, seen = [kpi], {kpi.id}
            while waiting:
                needed = waiting.pop()
                if self.inputs.is_recorded(needed):
                    found[needed.id] = needed
                    continue
                below = [other for other in self.inputs.formula_and_inputs(needed)[1] if other.id not in seen]
                seen.update(other.id for other in below)
                waiting += below
            self._leaves[kpi.id] = list(found.values())
        return self._leaves[kpi.id]

    def _slots_of_readings(self, kpi: Kpi, cadence: Cadence) -> dict[Slot, Filled]:
        key = kpi.id, cadence.name
        if key not in self._filled:
            readings = [(point.day, point.value) for point in self.inputs.recorded_readings(kpi)]
            is_one_each = cadence == (self._known_cadence(kpi, 0) or cadence)
            self._filled[key] = {entry.slot: entry for entry in fill_slots(readings, cadence, is_one_each=is_one_each)}
        return self._filled[key]
