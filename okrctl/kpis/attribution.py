"""Says why a KPI moved between two days: its change split among the inputs of its formula, level by level."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

from okrctl.kpis import formula
from okrctl.kpis.expression import Formula, FormulaValueError
from okrctl.kpis.series import Gauges, Step, earlier, newest, period_asked
from okrctl.kpis.shapley import SplitError, split
from okrctl.values.quantity import show
from okrctl.workspace import Kpi, Workspace

# KPIs that feed each other crosswise double their number at every level.
MOST_PARTS = 500
DEEPEST = 64


@dataclass(slots=True)
class Part:
    """One input: its values on both days, and its part in the change of the KPI above it.

    The parts below add up to its own change, `new - old`; `remark` says why there are none below a formula.
    """

    kpi: Kpi
    old: Fraction
    new: Fraction
    part: Fraction
    parts: list[Part] = field(default_factory=list)
    remark: str | None = None


@dataclass(slots=True)
class Drivers:
    """The change of a KPI between two days, and what made it; a value is None where there was none yet."""

    kpi: Kpi
    since: date
    until: date
    old: Fraction | None
    new: Fraction | None
    parts: list[Part] = field(default_factory=list)
    remark: str | None = None

    @property
    def change(self) -> Fraction | None:
        """From the one day to the other."""
        return None if self.old is None or self.new is None else self.new - self.old


def explain(gauges: Gauges, kpi: Kpi, since: date, until: date) -> Drivers:
    """The change of a KPI from `since` to `until`, each with the newest value not later; its parts add up to it."""
    steps = gauges.series(kpi)
    before, after = newest(steps, since), newest(steps, until)
    told = Drivers(kpi, since, until, before and before.value, after and after.value)
    if before is None or after is None:
        told.remark = gauges.lacking(kpi, since if before is None else until) or "no value yet"
    else:
        told.parts, told.remark = _Search(gauges).below(kpi, before, after)
    return told


def usual_start(workspace: Workspace, day: date) -> date:
    """The day before the shortest period that runs on a day, else before the newest past one; else a quarter ago."""
    asked = period_asked(workspace, day)
    return earlier(asked.start, 1) if asked else earlier(day, 91)


def worst(told: Drivers) -> list[Part]:
    """The input that hurts most, and below it what hurts it most, down to where a formula ends."""
    return _strongest(told, {"higher": -1, "lower": 1}.get(told.kpi.model.better or "", 0))


def best(told: Drivers) -> list[Part]:
    """The input that helps most, and below it what helps it most, down to where a formula ends."""
    return _strongest(told, {"higher": 1, "lower": -1}.get(told.kpi.model.better or "", 0))


def _strongest(told: Drivers, way: int) -> list[Part]:
    """The input that moves the KPI most in one way, up (1) or down (-1), and below it what moves it most."""
    found: list[Part] = []
    parts = told.parts
    while parts and way:
        strongest = max(parts, key=lambda one: one.part * way)
        if strongest.part * way <= 0:
            break
        found.append(strongest)
        way = 1 if strongest.new > strongest.old else -1 if strongest.new < strongest.old else 0
        parts = strongest.parts
    return found


def read(kpi: Kpi) -> Formula | None:
    """A KPI's formula, None where it has none that can be read."""
    try:
        return None if kpi.model.formula is None else formula.parse(kpi.model.formula)
    except formula.FormulaError:
        return None


def inputs(gauges: Gauges, of: Formula) -> Iterator[Kpi]:
    """The KPIs of a formula that there are, each once, in the order of the text."""
    known = gauges.workspace.kpis
    return (known[name.id] for name in of.names if name.id in known)


class _Search:
    """Goes down the tree of formulas, along every way in which a KPI is reached, as far as that is worth reading."""

    def __init__(self, gauges: Gauges) -> None:
        self.gauges = gauges
        self.left = MOST_PARTS

    def below(self, kpi: Kpi, before: Step, after: Step, depth: int = 1) -> tuple[list[Part], str | None]:
        """The parts of a KPI's change, or why there are none."""
        if kpi.model.formula is None:
            return [], None
        of = read(kpi)
        if of is None:
            return [], "the formula cannot be read"
        known = list(inputs(self.gauges, of))
        self.left -= len(known)
        if self.left < 0 or depth > DEEPEST:
            return [], "the tree is too large to go down further"
        old, new = self._values(known, before.day), self._values(known, after.day)
        unlike = _unlike(of, old, before) or _unlike(of, new, after)
        if unlike:
            return [], unlike
        try:
            shares = split(of, _numbers(old), _numbers(new))
        except SplitError as error:
            return [], str(error)
        return [self._part(one, old[one.id], new[one.id], shares[one.id], depth + 1) for one in known], None

    def _part(self, kpi: Kpi, before: Step, after: Step, share: Fraction, depth: int) -> Part:
        parts, remark = self.below(kpi, before, after, depth)
        return Part(kpi, before.value, after.value, share, parts, remark)

    def _values(self, known: list[Kpi], day: date) -> dict[str, Step]:
        found = ((one.id, newest(self.gauges.series(one), day)) for one in known)
        return {id: step for id, step in found if step is not None}


def _numbers(steps: dict[str, Step]) -> dict[str, Fraction]:
    return {id: step.value for id, step in steps.items()}


def _unlike(of: Formula, values: dict[str, Step], step: Step) -> str | None:
    """Why a value is not what its formula gives: only recorded ones can differ."""
    try:
        computed = of.evaluate(_numbers(values))
    except FormulaValueError as error:
        return f"no split on {step.day}: {error.message}"
    if computed != step.value:
        return f"no split: on {step.day} {show(step.value)} is recorded, the formula gives {show(computed)}"
    return None
