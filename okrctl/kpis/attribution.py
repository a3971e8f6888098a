"""Says why a KPI moved between two days: its change split among the inputs of its formula, level by level."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

from okrctl.kpis import formula
from okrctl.kpis.expression import Formula, FormulaValueError
from okrctl.kpis.series import KpiValues, Point, current_period, days_before, newest_point
from okrctl.kpis.shapley import SplitError, split_change
from okrctl.values.quantity import format_number
from okrctl.workspace import Kpi, Workspace

# KPIs that feed each other crosswise double their number at every level.
MAX_CONTRIBUTIONS = 500
MAX_DEPTH = 64


@dataclass(slots=True)
class Contribution:
    """One input: its values on both days, and its part in the change of the KPI above it.

    The parts below add up to its own change, `new - old`; `remark` says why there are none below a formula.
    """

    kpi: Kpi
    old: Fraction
    new: Fraction
    amount: Fraction
    contributions: list[Contribution] = field(default_factory=list)
    remark: str | None = None


@dataclass(slots=True)
class Attribution:
    """The change of a KPI between two days, and what made it; a value is None where there was none yet."""

    kpi: Kpi
    since: date
    until: date
    old: Fraction | None
    new: Fraction | None
    contributions: list[Contribution] = field(default_factory=list)
    remark: str | None = None

    @property
    def change(self) -> Fraction | None:
        """From the one day to the other."""
        return None if self.old is None or self.new is None else self.new - self.old


def attribute_change(gauges: KpiValues, kpi: Kpi, since: date, until: date) -> Attribution:
    """The change of a KPI from `since` to `until`, each with the newest value not later; its parts add up to it."""
    steps = gauges.series(kpi)
    before, after = newest_point(steps, since), newest_point(steps, until)
    told = Attribution(kpi, since, until, before and before.value, after and after.value)
    if before is None or after is None:
        told.remark = gauges.missing_reason(kpi, since if before is None else until) or "no value yet"
    else:
        told.contributions, told.remark = _AttributionSearch(gauges).contributions_below(kpi, before, after)
    return told


def default_since(workspace: Workspace, day: date) -> date:
    """The day before the shortest period that runs on a day, else before the newest past one; else a quarter ago."""
    asked = current_period(workspace, day)
    return days_before(asked.start, 1) if asked else days_before(day, 91)


def most_harmful(told: Attribution) -> list[Contribution]:
    """The input that hurts most, and below it what hurts it most, down to where a formula ends."""
    return _strongest_chain(told, {"higher": -1, "lower": 1}.get(told.kpi.model.better or "", 0))


def most_helpful(told: Attribution) -> list[Contribution]:
    """The input that helps most, and below it what helps it most, down to where a formula ends."""
    return _strongest_chain(told, {"higher": 1, "lower": -1}.get(told.kpi.model.better or "", 0))


def _strongest_chain(told: Attribution, way: int) -> list[Contribution]:
    """The input that moves the KPI most in one way, up (1) or down (-1), and below it what moves it most."""
    found: list[Contribution] = []
    parts = told.contributions
    while parts and way:
        strongest = max(parts, key=lambda one: one.amount * way)
        if strongest.amount * way <= 0:
            break
        found.append(strongest)
        way = 1 if strongest.new > strongest.old else -1 if strongest.new < strongest.old else 0
        parts = strongest.contributions
    return found


def parse_kpi_formula(kpi: Kpi) -> Formula | None:
    """A KPI's formula, None where it has none that can be read."""
    try:
        return None if kpi.model.formula is None else formula.parse(kpi.model.formula)
    except formula.FormulaError:
        return None


def formula_inputs(gauges: KpiValues, of: Formula) -> Iterator[Kpi]:
    """The KPIs of a formula that there are, each once, in the order of the text."""
    known = gauges.workspace.kpis
    return (known[name.id] for name in of.names if name.id in known)


class _AttributionSearch:
    """Goes down the tree of formulas, along every way in which a KPI is reached, as far as that is worth reading."""

    def __init__(self, kpi_values: KpiValues) -> None:
        self.gauges = kpi_values
        self.left = MAX_CONTRIBUTIONS

    def contributions_below(
        self, kpi: Kpi, before: Point, after: Point, depth: int = 1
    ) -> tuple[list[Contribution], str | None]:
        """The parts of a KPI's change, or why there are none."""
        if kpi.model.formula is None:
            return [], None
        of = parse_kpi_formula(kpi)
        if of is None:
            return [], "the formula cannot be read"
        known = list(formula_inputs(self.gauges, of))
        self.left -= len(known)
        if self.left < 0 or depth > MAX_DEPTH:
            return [], "the tree is too large to go down further"
        old, new = self._inputs_on(known, before.day), self._inputs_on(known, after.day)
        unlike = _formula_mismatch(of, old, before) or _formula_mismatch(of, new, after)
        if unlike:
            return [], unlike
        try:
            shares = split_change(of, _values_of(old), _values_of(new))
        except SplitError as error:
            return [], str(error)
        return [self._contribution(one, old[one.id], new[one.id], shares[one.id], depth + 1) for one in known], None

    def _contribution(self, kpi: Kpi, before: Point, after: Point, share: Fraction, depth: int) -> Contribution:
        parts, remark = self.contributions_below(kpi, before, after, depth)
        return Contribution(kpi, before.value, after.value, share, parts, remark)

    def _inputs_on(self, known: list[Kpi], day: date) -> dict[str, Point]:
        found = ((one.id, newest_point(self.gauges.series(one), day)) for one in known)
        return {id: step for id, step in found if step is not None}


def _values_of(steps: dict[str, Point]) -> dict[str, Fraction]:
    return {id: step.value for id, step in steps.items()}


def _formula_mismatch(of: Formula, values: dict[str, Point], step: Point) -> str | None:
    """Why a value is not what its formula gives: only recorded ones can differ."""
    try:
        computed = of.evaluate(_values_of(values))
    except FormulaValueError as error:
        return f"no split on {step.day}: {error.message}"
    if computed != step.value:
        recorded = format_number(step.value)
        return f"no split: on {step.day} {recorded} is recorded, the formula gives {format_number(computed)}"
    return None
