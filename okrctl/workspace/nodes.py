"""The nodes of a workspace: files, objectives, key results and KPIs, each with its place."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from functools import lru_cache
from operator import itemgetter
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from okrctl.measures import UNMEASURED, Measure
from okrctl.schema import model
from okrctl.schema.settings import COMPANY
from okrctl.schema.validate import SchemaProblem, mapping_at
from okrctl.values.diagnostic import FileProblem, Route
from okrctl.values.period import Period
from okrctl.values.quantity import Quantity, TargetChange
from okrctl.values.readings import CsvProblem, reading_value
from okrctl.workspace.models import Names, PackedModels, model_at, names_of
from okrctl.yaml import Document

FileKind = Literal["okr", "kpi", "config"]
NodePosition = tuple[str, int, int]  # path, number of the objective, number of the key result or -1 for the objective


class DatedReading(NamedTuple):
    """One reading; `line` is its line in a CSV file, None if it is written in the YAML file."""

    day: date
    value: Quantity | None
    confidence: Fraction | None = None
    forecast: Quantity | None = None
    note: str | None = None
    source: str | None = None
    line: int | None = None


@dataclass(slots=True, eq=False)
class File:
    """One file: its document, its model as far as it can be read, and the problems found while reading.

    A valid file that was read before has no model but is `packed`.
    """

    path: str
    document: Document
    kind: FileKind | None = None
    model: Any = None
    packed: PackedModels | None = None
    schema_problems: list[SchemaProblem] = field(default_factory=list)
    file_problems: list[FileProblem] = field(default_factory=list)
    omitted: frozenset[Route] = frozenset()
    period: Period | None = None
    team: str = COMPANY
    language: str | None = None  # as it says itself
    nodes: list[Objective | Kpi] = field(default_factory=list)
    is_clean: bool = False  # no findings of rules on one file, and no comment that suppresses findings
    is_deferred: bool = False  # valid, but its objectives are created when their period is loaded
    title_language: str | None = None  # of its titles, once a rule has asked
    extended: tuple[tuple[str, str | None], ...] = ()  # of settings: the files that they extend, and their texts

    @property
    def settings_text(self) -> str:
        """The text of settings with those of the files that they extend, by which one tells whether they changed."""
        return "\0".join([self.document.text, *(f"{path}\0{text}" for path, text in self.extended)])

    @property
    def entries(self) -> Sequence[Any]:
        """The models of its objectives or KPIs."""
        if self.packed is not None:
            return self.packed.entries(self.document)
        entries: Sequence[Any] = getattr(self.model, "objectives" if self.kind == "okr" else "kpis", ())
        return entries

    @property
    def names(self) -> Names:
        """The ids of its objectives or KPIs, each with those of its key results."""
        return self.packed.names(self.document) if self.packed is not None else names_of(self.entries)

    def is_broken_at(self, route: Route) -> bool:
        """Whether a value at or below a route could not be read."""
        return bool(self.omitted_below(route))

    def omitted_below(self, route: Route) -> Sequence[Route]:
        """The routes of the values that could not be read, relative to a route at or above them."""
        return _omitted_by_ancestor(self.omitted).get(route, ()) if self.omitted else ()

    def has_omitted_key(self, route: Route) -> bool:
        """Whether a key directly below a route could not be read."""
        return any(len(omitted) == 1 for omitted in self.omitted_below(route))

    def goals(self) -> Iterator[Objective | KeyResult]:
        """Every objective, each followed by its key results."""
        for node in self.nodes:
            if isinstance(node, Objective):
                yield node
                yield from node.key_results

    def nodes_with_readings(self) -> list[KeyResult | Kpi]:
        """The nodes whose readings have values: key results and KPIs."""
        nodes: list[KeyResult | Kpi] = []
        for node in self.nodes:
            if isinstance(node, Objective):
                nodes += node.key_results
            else:
                nodes.append(node)
        return nodes


@lru_cache(maxsize=256)
def _omitted_by_ancestor(omitted: frozenset[Route]) -> dict[Route, list[Route]]:
    by_ancestor: dict[Route, list[Route]] = {}
    for route in omitted:
        for depth in range(len(route) + 1):
            by_ancestor.setdefault(route[:depth], []).append(route[depth:])
    return by_ancestor


class _LazyModel:
    """A node whose model is taken from its file when it is first used, since most commands use few of them.

    Until then the attribute is missing, so that Python calls `__getattr__`.
    """

    __slots__ = ()

    if not TYPE_CHECKING:

        def __getattr__(self, name: str) -> Any:
            if name != "model":
                raise AttributeError(name)
            self.model = model_at(self.file.entries, self.route)
            return self.model


@dataclass(slots=True, eq=False)
class Objective(_LazyModel):
    """An objective and its place; its id is unique within its team and period."""

    file: File
    route: Route
    id: str
    period: Period
    team: str
    key_results: list[KeyResult] = field(default_factory=list)
    model: model.ObjectiveModel = field(init=False, repr=False)

    @property
    def ref(self) -> str:
        """PERIOD/TEAM/OBJECTIVE."""
        return f"{self.period.id}/{self.team}/{self.id}"

    @property
    def owner(self) -> str | None:
        """The owner."""
        return self.model.owner

    @property
    def first_day(self) -> date:
        """The first day of the period, or the day when it was added."""
        added, start = self.model.added, self.period.start
        return start if added is None or added < start else added

    @property
    def is_active(self) -> bool:
        """Whether it is scored: neither a draft nor given up."""
        return bool(self.model.state == "active")

    def scored_key_results(self) -> list[KeyResult]:
        """The key results that count for its score: active, and not guardrails."""
        return [
            key_result
            for key_result in self.key_results
            if key_result.model.state == "active" and not key_result.is_guardrail
        ]


@dataclass(slots=True, eq=False)
class KeyResult(_LazyModel):
    """A key result and its place; its id is unique within its objective."""

    objective: Objective
    route: Route
    id: str
    csv: CsvFile | None = None
    _readings: list[DatedReading] | None = None  # None until `readings` is used
    model: Any = field(init=False, repr=False)

    @property
    def readings(self) -> list[DatedReading]:
        """The readings in order of date. They are sorted when first used, since most commands use few of them."""
        if self._readings is None:
            self._readings = dated_readings(self.model.readings)
        return self._readings

    @readings.setter
    def readings(self, readings: list[DatedReading]) -> None:
        self._readings = readings

    @property
    def file(self) -> File:
        """The file that contains it."""
        return self.objective.file

    @property
    def period(self) -> Period:
        """The period of its objective."""
        return self.objective.period

    @property
    def ref(self) -> str:
        """PERIOD/TEAM/OBJECTIVE.KEY_RESULT."""
        return f"{self.objective.ref}.{self.id}"

    @property
    def owner(self) -> str | None:
        """Its own owner, else the owner of its objective."""
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
        """Whether it guards other key results; a guardrail is not part of the mean."""
        return self.model.guards is not None

    @property
    def is_active(self) -> bool:
        """Whether neither it nor its objective is a draft or given up."""
        return bool(self.model.state == "active") and self.objective.is_active

    @property
    def first_day(self) -> date:
        """The first day of its objective, or the day when it was added."""
        added, start = self.model.added, self.objective.first_day
        return start if added is None or added < start else added

    @property
    def own_unit(self) -> str | None:
        """The unit in its file, under `unit` or after a number."""
        declared: str | None = vars(self.model).get("unit")
        return declared or next(_written_units(self), None)


@dataclass(slots=True, eq=False)
class Kpi(_LazyModel):
    """A KPI and its place; its id is unique in the workspace."""

    file: File
    route: Route
    id: str
    csv: CsvFile | None = None
    _readings: list[DatedReading] | None = None  # None until `readings` is used
    model: model.KpiModel = field(init=False, repr=False)

    @property
    def readings(self) -> list[DatedReading]:
        """The readings in order of date, sorted when first used."""
        if self._readings is None:
            self._readings = dated_readings(self.model.readings)
        return self._readings

    @readings.setter
    def readings(self, readings: list[DatedReading]) -> None:
        self._readings = readings

    @property
    def ref(self) -> str:
        """The reference of a KPI is its id."""
        return self.id

    @property
    def owner(self) -> str | None:
        """The owner."""
        return self.model.owner

    @property
    def unit(self) -> str | None:
        """The unit in its file, under `unit` or after a number: a reading, or else one of its bounds."""
        values = (reading.value for reading in self.readings)
        units = (number.unit for number in (*values, *self._bounds) if number is not None and number.unit)
        return self.model.unit or next(units, None)

    @property
    def _bounds(self) -> Iterator[Quantity | None]:
        watch = self.model.watch
        yield from (*(self.model.between or ()), self.model.target)
        yield from () if watch is None else (watch.below, watch.above)

    @property
    def aggregate(self) -> str:
        """How readings are combined into one value: latest, sum or mean."""
        return self.model.aggregate or "latest"


class CsvFile(NamedTuple):
    """A CSV file of readings: its path in the workspace, why it cannot be read, the problems in it, its text."""

    path: str
    read_problem: FileProblem | None
    problems: list[CsvProblem]
    text: str = ""


Node = Objective | KeyResult | Kpi


class KpiCount(NamedTuple):
    """How many KPIs a file has, and how many of them have bounds, are leading, or have a monetary unit."""

    total: int = 0
    bounded: int = 0
    leading: int = 0
    monetary: int = 0


class Elsewhere(NamedTuple):
    """What `elsewhere:` of the settings comes to.

    `teams` are those listed there that have no goals here: references may lead to their goals, and those to KPIs to
    KPIs of the company. `referred` are those that something refers to; while a file cannot be read, all of the list.
    """

    teams: frozenset[str] = frozenset()
    referred: frozenset[str] = frozenset()

    def covers(self, name: str) -> bool:
        """Whether a name that is not here, TEAM/OBJECTIVE or that of a KPI, may be there."""
        return team_of_name(name) in self.teams


def team_of_name(name: str) -> str:
    """The team of a goal TEAM/OBJECTIVE; of a KPI, which is looked for at the company's, that of the company."""
    return name.partition("/")[0] if "/" in name else COMPANY


def written_quantities(key_result: KeyResult) -> Iterator[Quantity]:
    """Every quantity of a key result in its file: from, to, bounds, then readings."""
    model = key_result.model
    yield from (number for _, number in key_result.measure.numbers(model))
    stretch = getattr(model, "stretch", None)
    if stretch is not None:
        yield stretch
    yield from (getattr(model, "plan", None) or {}).values()
    yield from (reading.value for reading in key_result.readings if reading.value is not None)


def _written_units(key_result: KeyResult) -> Iterator[str]:
    """The units at the numbers of a key result, those of its change and of forecasts last."""
    yield from (quantity.unit for quantity in written_quantities(key_result) if quantity.unit is not None)
    change = getattr(key_result.model, "change", None)
    if isinstance(change, TargetChange) and change.target_unit is not None:
        yield change.target_unit
    for reading in key_result.readings:
        if reading.forecast is not None and reading.forecast.unit is not None:
            yield reading.forecast.unit


def dated_readings(readings: Any) -> list[DatedReading]:
    """The readings written in the YAML file, in order of date."""
    if not isinstance(readings, dict):
        return []
    dated = [
        DatedReading(day, reading_value(reading), reading.confidence, reading.forecast, reading.note, reading.source)
        for day, reading in readings.items()
        if isinstance(day, date)
    ]
    dated.sort(key=itemgetter(0))
    return dated


def day_route(document: Document, route: Route, day: date) -> Route:
    """The route to the entry of a day in the mapping at `route`; the key may be the month that ends on that day."""
    readings, written = mapping_at(document.data, route), day.isoformat()
    return (*route, written[:7] if written not in readings and written[:7] in readings else written)
