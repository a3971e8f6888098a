"""Holds what stands in the files: objectives, key results, KPIs and their readings, each with its place."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from functools import lru_cache
from typing import Any, Literal, NamedTuple

from okrctl.measures import UNMEASURED, Measure
from okrctl.schema import model
from okrctl.schema.settings import COMPANY
from okrctl.schema.validate import SchemaProblem, mapping_at
from okrctl.values.diagnostic import FileProblem, Route
from okrctl.values.period import Period
from okrctl.values.quantity import Quantity
from okrctl.values.readings import CsvProblem
from okrctl.yaml import Document

FileKind = Literal["okr", "kpi", "config"]
NodePosition = tuple[str, int, int]  # path, number of the objective, number of the key result or -1 for the objective


class DatedReading(NamedTuple):
    """One reading: written in the file at `route`, or in line `line` of a CSV file."""

    day: date
    value: Quantity | None
    confidence: Fraction | None = None
    forecast: Quantity | None = None
    note: str | None = None
    source: str | None = None
    line: int | None = None


@dataclass(slots=True, eq=False)
class File:
    """One file: its document, its model as far as it can be read, and what is wrong with its shape."""

    path: str
    document: Document
    kind: FileKind | None = None
    model: Any = None
    schema_problems: list[SchemaProblem] = field(default_factory=list)
    file_problems: list[FileProblem] = field(default_factory=list)
    omitted: frozenset[Route] = frozenset()
    period: Period | None = None
    team: str = COMPANY
    nodes: list[Objective | Kpi] = field(default_factory=list)
    is_clean: bool = False  # the rules that need no other file found nothing, and no comment suppresses anything
    is_deferred: bool = False  # in order, and without its objectives until its period is completed

    def is_broken_at(self, route: Route) -> bool:
        """Whether something at or below a route could not be read."""
        return bool(self.omitted_below(route))

    def omitted_below(self, route: Route) -> Sequence[Route]:
        """What could not be read at or below a route, as the routes that lead there from it."""
        return _omitted_by_ancestor(self.omitted).get(route, ()) if self.omitted else ()


@lru_cache(maxsize=256)
def _omitted_by_ancestor(left_out: frozenset[Route]) -> dict[Route, list[Route]]:
    found: dict[Route, list[Route]] = {}
    for left in left_out:
        for depth in range(len(left) + 1):
            found.setdefault(left[:depth], []).append(left[depth:])
    return found


@dataclass(slots=True, eq=False)
class Objective:
    """An objective where it stands."""

    file: File
    route: Route
    model: model.ObjectiveModel
    period: Period
    team: str
    key_results: list[KeyResult] = field(default_factory=list)

    @property
    def id(self) -> str:
        """Its id, unique within its team and period."""
        return self.model.id or ""

    @property
    def ref(self) -> str:
        """PERIOD/TEAM/OBJECTIVE."""
        return f"{self.period.id}/{self.team}/{self.id}"

    @property
    def owner(self) -> str | None:
        """Whose it is."""
        return self.model.owner

    @property
    def first_day(self) -> date:
        """The day from which it exists: the period's first, or the day it joined."""
        return max(self.model.added or self.period.start, self.period.start)


@dataclass(slots=True, eq=False)
class KeyResult:
    """A key result where it stands."""

    objective: Objective
    route: Route
    model: Any
    readings: list[DatedReading] = field(default_factory=list)
    csv: CsvFile | None = None

    @property
    def file(self) -> File:
        """The file it stands in."""
        return self.objective.file

    @property
    def period(self) -> Period:
        """Its objective's period."""
        return self.objective.period

    @property
    def id(self) -> str:
        """Its id, unique within its objective."""
        return self.model.id or ""

    @property
    def ref(self) -> str:
        """PERIOD/TEAM/OBJECTIVE.KEY_RESULT."""
        return f"{self.objective.ref}.{self.id}"

    @property
    def owner(self) -> str | None:
        """Whose it is: its own, else its objective's."""
        return self.model.owner or self.objective.owner

    @property
    def measure(self) -> Measure[Any]:
        """How it is judged; UNMEASURED where it names no measure, or several."""
        measure: Measure[Any] = self.model.MEASURE
        return measure

    @property
    def is_measured(self) -> bool:
        """Whether it names exactly one measure."""
        return self.measure is not UNMEASURED

    @property
    def is_guardrail(self) -> bool:
        """Whether it watches over others and is never averaged in."""
        return self.model.guards is not None

    @property
    def first_day(self) -> date:
        """The day from which it exists."""
        return max(self.model.added or self.objective.first_day, self.objective.first_day)

    @property
    def own_unit(self) -> str | None:
        """The unit written in its file, under `unit` or behind a number."""
        said: str | None = vars(self.model).get("unit")
        return said or next((found.unit for found in written_quantities(self) if found.unit is not None), None)


@dataclass(slots=True, eq=False)
class Kpi:
    """A KPI where it stands."""

    file: File
    route: Route
    model: model.KpiModel
    readings: list[DatedReading] = field(default_factory=list)
    csv: CsvFile | None = None

    @property
    def id(self) -> str:
        """Its id, unique in the workspace."""
        return self.model.id or ""

    @property
    def ref(self) -> str:
        """A KPI is named by its id alone."""
        return self.id

    @property
    def owner(self) -> str | None:
        """Whose it is."""
        return self.model.owner

    @property
    def unit(self) -> str | None:
        """Its unit, under `unit` or behind a number."""
        return self.model.unit or next((d.value.unit for d in self.readings if d.value and d.value.unit), None)

    @property
    def aggregate(self) -> str:
        """How readings become one figure."""
        return self.model.aggregate or "latest"


class CsvFile(NamedTuple):
    """A CSV file of readings: its path in the workspace, why it cannot be read, what is wrong in it, its text."""

    path: str
    read_problem: FileProblem | None
    problems: list[CsvProblem]
    text: str = ""


Node = Objective | KeyResult | Kpi


class KpiCount(NamedTuple):
    """How many KPIs a file has, and how many of these are kept between bounds, leading, in money."""

    total: int = 0
    bounded: int = 0
    leading: int = 0
    monetary: int = 0


def written_quantities(key_result: KeyResult) -> Iterator[Quantity]:
    """Every number with a unit that a key result has: those of its target, then readings."""
    model = key_result.model
    yield from (number for _, number in key_result.measure.numbers(model))
    stretch = getattr(model, "stretch", None)
    if stretch is not None:
        yield stretch
    yield from (getattr(model, "plan", None) or {}).values()
    yield from (dated.value for dated in key_result.readings if dated.value is not None)


def day_route(document: Document, route: Route, day: date) -> Route:
    """The route to the entry of a day in the mapping at `route`, where the day may be written as its month."""
    readings, written = mapping_at(document.data, route), day.isoformat()
    return (*route, written[:7] if written not in readings and written[:7] in readings else written)
