"""Why a KPI moved between two days: its change split among the inputs of its formula, level by level."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

from okrctl.kpis import formula
from okrctl.kpis.expression import Formula, FormulaValueError
from okrctl.kpis.figures import KpiFigures
from okrctl.kpis.series import KpiValues, current_period
from okrctl.kpis.shapley import SplitError, split_change
from okrctl.kpis.signals import KpiSignal
from okrctl.kpis.slots import Slot, slot_of
from okrctl.values.dates import days_before
from okrctl.values.quantity import format_number
from okrctl.values.timeseries import Point
from okrctl.workspace import Kpi, Workspace

# Formulas that use each other's inputs double the number of nodes at every level.
MAX_CONTRIBUTIONS = 500
MAX_DEPTH = 64


@dataclass(slots=True)
class Contribution:
    """One input: its values on both days, and its share in the change of the KPI above it.

    The contributions below add up to its own change, `new - old`; `remark` says why there are none below a formula.
    """

    kpi: Kpi
    old: Fraction
    new: Fraction
    amount: Fraction
    contributions: list[Contribution] = field(default_factory=list)
    remark: str | None = None


@dataclass(slots=True)
class Attribution:
    """The change of a KPI between two days and the contributions to it; a value is None where there was none yet.

    `judged` are its limits and its signal on the later day, where they are asked for too.
    """

    kpi: Kpi
    since: date
    until: date
    old: Fraction | None
    new: Fraction | None
    contributions: list[Contribution] = field(default_factory=list)
    remark: str | None = None
    judged: KpiSignal | None = None

    @property
    def change(self) -> Fraction | None:
        """From the one day to the other."""
        return None if self.old is None or self.new is None else self.new - self.old


def attribute_change(kpi_values: KpiValues, kpi: Kpi, since: date, until: date) -> Attribution:
    """The change of a KPI between the newest values not later than each day; the contributions add up to it."""
    if kpi_values.figures.is_computed_flow(kpi):
        cadence = kpi_values.figures.cadence(kpi)
        return _attribute_slots(kpi_values, kpi, [slot_of(since, cadence)], [slot_of(until, cadence)])
    points = kpi_values.point_on(kpi, since), kpi_values.point_on(kpi, until)
    before, after = (None if isinstance(point, str) else point for point in points)
    result = Attribution(kpi, since, until, before and before.value, after and after.value)
    if before is None or after is None:
        result.remark = next(point for point in reversed(points) if isinstance(point, str))
    else:
        search = _AttributionSearch(kpi_values)
        result.contributions, result.remark = search.contributions_below(kpi, before, after)
    return result


def attribute_period(kpi_values: KpiValues, kpi: Kpi) -> Attribution:
    """The change that the list of KPIs shows: for a formula over flows that of its slots in the period."""
    day = kpi_values.day
    period = current_period(kpi_values.workspace, day)
    if period is not None and kpi_values.figures.is_computed_flow(kpi):
        comparison = kpi_values.figures.compare(kpi, period.start, period.end)
        if comparison is not None:
            return _attribute_slots(kpi_values, kpi, comparison.before_slots, comparison.now_slots)
    return attribute_change(kpi_values, kpi, default_since(kpi_values.workspace, day), day)


def _attribute_slots(kpi_values: KpiValues, kpi: Kpi, before: Sequence[Slot], after: Sequence[Slot]) -> Attribution:
    """The change of a formula over flows between two sets of slots."""
    figures = kpi_values.figures
    old, new = figures.over(kpi, before), figures.over(kpi, after)
    result = Attribution(kpi, before[-1].last, min(after[-1].last, kpi_values.day), old.value, new.value)
    if old.value is None or new.value is None:
        result.remark = (new if new.value is None else old).reason or "no value yet"
    else:
        search = _SlotAttributionSearch(kpi_values.figures)
        result.contributions, result.remark = search.contributions_below(kpi, before, after)
    return result


def default_since(workspace: Workspace, day: date) -> date:
    """The day before the shortest period that runs on a day, else before the newest past one; else a quarter ago."""
    period = current_period(workspace, day)
    return days_before(period.start, 1) if period else days_before(day, 91)


def most_harmful(attribution: Attribution) -> list[Contribution]:
    """The input that hurts most, and below it what hurts it most, down to where a formula ends."""
    return _strongest_chain(attribution, {"higher": -1, "lower": 1}.get(attribution.kpi.model.better or "", 0))


def most_helpful(attribution: Attribution) -> list[Contribution]:
    """The input that helps most, and below it what helps it most, down to where a formula ends."""
    return _strongest_chain(attribution, {"higher": 1, "lower": -1}.get(attribution.kpi.model.better or "", 0))


def _strongest_chain(attribution: Attribution, sign: int) -> list[Contribution]:
    """The input that moves the KPI most, up (1) or down (-1), and below it what moves that most."""
    chain: list[Contribution] = []
    contributions = attribution.contributions
    while contributions and sign:
        strongest = max(contributions, key=lambda contribution: contribution.amount * sign)
        if strongest.amount * sign <= 0:
            break
        chain.append(strongest)
        sign = 1 if strongest.new > strongest.old else -1 if strongest.new < strongest.old else 0
        contributions = strongest.contributions
    return chain


def parse_kpi_formula(kpi: Kpi) -> Formula | None:
    """The formula of a KPI, None where it has no valid one."""
    try:
        return None if kpi.model.formula is None else formula.parse(kpi.model.formula)
    except formula.FormulaError:
        return None


def formula_inputs(kpi_values: KpiValues, parsed: Formula) -> Iterator[Kpi]:
    """The known KPIs of a formula, each once, in the order of the text."""
    kpis = kpi_values.workspace.kpis
    return (kpis[name.id] for name in parsed.names if name.id in kpis)


class _AttributionSearch:
    """Goes down the tree of formulas, once for every path to a KPI, until the tree is too large to read."""

    def __init__(self, kpi_values: KpiValues) -> None:
        self.kpi_values = kpi_values
        self.left = MAX_CONTRIBUTIONS

    def contributions_below(
        self, kpi: Kpi, before: Point, after: Point, depth: int = 1
    ) -> tuple[list[Contribution], str | None]:
        """The contributions to the change of a KPI, or why there are none."""
        if kpi.model.formula is None:
            return [], None
        parsed = parse_kpi_formula(kpi)
        if parsed is None:
            return [], "the formula is invalid"
        inputs = list(formula_inputs(self.kpi_values, parsed))
        self.left -= len(inputs)
        if self.left < 0 or depth > MAX_DEPTH:
            return [], "the tree is too large to split further"
        old, new = self._inputs_on(inputs, before.day), self._inputs_on(inputs, after.day)
        mismatch = _formula_mismatch(parsed, old, before) or _formula_mismatch(parsed, new, after)
        if mismatch:
            return [], mismatch
        try:
            shares = split_change(parsed, _values_of(old), _values_of(new))
        except SplitError as error:
            return [], str(error)
        return [self._contribution(kpi, old[kpi.id], new[kpi.id], shares[kpi.id], depth + 1) for kpi in inputs], None

    def _contribution(self, kpi: Kpi, before: Point, after: Point, amount: Fraction, depth: int) -> Contribution:
        below, remark = self.contributions_below(kpi, before, after, depth)
        return Contribution(kpi, before.value, after.value, amount, below, remark)

    def _inputs_on(self, inputs: list[Kpi], day: date) -> dict[str, Point]:
        points = ((kpi.id, self.kpi_values.series(kpi).newest(day)) for kpi in inputs)
        return {id: point for id, point in points if point is not None}


class _SlotAttributionSearch:
    """The same for formulas over flows: the inputs enter with their figures over the slots that have all of them."""

    def __init__(self, figures: KpiFigures) -> None:
        self.figures = figures
        self.left = MAX_CONTRIBUTIONS

    def contributions_below(
        self, kpi: Kpi, before: Sequence[Slot], after: Sequence[Slot], depth: int = 1
    ) -> tuple[list[Contribution], str | None]:
        """The contributions to the change of a KPI between two sets of its slots, or why there are none."""
        if not self.figures.is_computed_flow(kpi):
            return [], None
        parsed, inputs = self.figures.inputs.formula_and_inputs(kpi)
        self.left -= len(inputs)
        if parsed is None:
            return [], "the formula is invalid"
        if self.left < 0 or depth > MAX_DEPTH:
            return [], "the tree is too large to split further"
        cadence = self.figures.cadence(kpi)
        old, new = self.figures.usable_slots(kpi, before), self.figures.usable_slots(kpi, after)
        if kpi.aggregate == "sum" and len(old) != len(new):
            return [], f"the change cannot be split: {len(old)} and {len(new)} slots have a value"
        try:
            shares = self._split(kpi, parsed, inputs, old, new)
        except SplitError as error:
            return [], str(error)
        found = []
        for needed in inputs:
            below, remark = self._below(kpi, needed, old, new, depth + 1)
            before_value, after_value = (self.figures.as_input(needed, slots, cadence) for slots in (old, new))
            found.append(Contribution(needed, before_value, after_value, shares[needed.id], below, remark))
        return found, None

    def _below(
        self, kpi: Kpi, needed: Kpi, old: list[Slot], new: list[Slot], depth: int
    ) -> tuple[list[Contribution], str | None]:
        """What is below an input; one with slots of its own is split over those."""
        if self.figures.is_computed_flow(needed) and self.figures.cadence(needed) != self.figures.cadence(kpi):
            return [], f"the change cannot be split: '{needed.id}' has other slots"
        return self.contributions_below(needed, old, new, depth)

    def _split(
        self, kpi: Kpi, parsed: Formula, inputs: list[Kpi], old: list[Slot], new: list[Slot]
    ) -> dict[str, Fraction]:
        """The shares of the inputs; of a formula that is added up, slot by slot, so that they add up too."""
        cadence = self.figures.cadence(kpi)

        def values(slots: list[Slot]) -> dict[str, Fraction]:
            return {needed.id: self.figures.as_input(needed, slots, cadence) for needed in inputs}

        if kpi.aggregate != "sum":
            return split_change(parsed, values(old), values(new))
        parts = [split_change(parsed, values([one]), values([other])) for one, other in zip(old, new, strict=True)]
        return {needed.id: sum((part[needed.id] for part in parts), Fraction(0)) for needed in inputs}


def _values_of(points: dict[str, Point]) -> dict[str, Fraction]:
    return {id: point.value for id, point in points.items()}


def _formula_mismatch(parsed: Formula, inputs: dict[str, Point], point: Point) -> str | None:
    """Why a value is not what its formula gives: a recorded value may differ from it."""
    try:
        computed = parsed.evaluate(_values_of(inputs))
    except FormulaValueError as error:
        return f"the change cannot be split: on {point.day} {error.message}"
    if computed != point.value:
        recorded, expected = format_number(point.value), format_number(computed)
        return f"the change cannot be split: on {point.day} {recorded} is recorded, the formula gives {expected}"
    return None
