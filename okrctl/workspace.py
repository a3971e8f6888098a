"""All files of a workspace as one graph: objectives, key results, KPIs, what they refer to, and where each stands."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Any, Literal, NamedTuple

from okrctl import model, period, schema, suggestion
from okrctl.config import COMPANY, PATH, Config
from okrctl.diagnostic import START, Fault, Route
from okrctl.document import Document, Source, parse
from okrctl.period import Cadence, Period
from okrctl.quantity import Quantity
from okrctl.readings import CsvFault, CsvReadings, read_csv, value_of
from okrctl.schema import Problem

Kind = Literal["okr", "kpi", "config"]
Load = Callable[[str], str | Fault]
NAMED = (("teams",), ("people",), ("rules",))
BROKEN = tuple(f"OKR00{number}" for number in range(1, 10))


class Dated(NamedTuple):
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
    kind: Kind | None = None
    model: Any = None
    problems: list[Problem] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    left_out: frozenset[Route] = frozenset()
    period: Period | None = None
    team: str = COMPANY
    nodes: list[Objective | Kpi] = field(default_factory=list)
    sound: bool = False  # the rules that need no other file found nothing, and no comment suppresses anything

    def broken_at(self, route: Route) -> bool:
        """Whether something at or below a route could not be read."""
        return any(left[: len(route)] == route for left in self.left_out)


@dataclass(slots=True, eq=False)
class Objective:
    """An objective where it stands."""

    file: File
    route: Route
    model: model.Objective
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
    def first(self) -> date:
        """The day from which it exists: the period's first, or the day it joined."""
        return max(self.model.added or self.period.start, self.period.start)


@dataclass(slots=True, eq=False)
class KeyResult:
    """A key result where it stands."""

    objective: Objective
    route: Route
    model: Any
    readings: list[Dated] = field(default_factory=list)
    csv: Csv | None = None

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
    def measure(self) -> str:
        """How it is judged: metric, change, limit, done, milestones, graded; empty where that is not known."""
        return str(self.model.MEASURE)

    @property
    def guardrail(self) -> bool:
        """Whether it watches over others and is never averaged in."""
        return self.model.guards is not None

    @property
    def first(self) -> date:
        """The day from which it exists."""
        return max(self.model.added or self.objective.first, self.objective.first)

    @property
    def own_unit(self) -> str | None:
        """The unit written in its file, under `unit` or behind a number."""
        said: str | None = vars(self.model).get("unit")
        return said or next((found.unit for found in numbers(self) if found.unit is not None), None)


@dataclass(slots=True, eq=False)
class Kpi:
    """A KPI where it stands."""

    file: File
    route: Route
    model: model.Kpi
    readings: list[Dated] = field(default_factory=list)
    csv: Csv | None = None

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


class Csv(NamedTuple):
    """A CSV file of readings: its path in the workspace, why it cannot be read, what is wrong in it, its text."""

    path: str
    unreadable: Fault | None
    faults: list[CsvFault]
    text: str = ""


Node = Objective | KeyResult | Kpi


def numbers(key_result: KeyResult) -> Iterator[Quantity]:
    """Every number with a unit that a key result's file has: from, to, bounds, then readings."""
    said = vars(key_result.model)
    for name in ("from_", "to", "at_least", "at_most", "stretch"):
        found = said.get(name)
        if isinstance(found, Quantity):
            yield found
    yield from said.get("between") or ()
    yield from (said.get("plan") or {}).values()
    yield from (dated.value for dated in key_result.readings if dated.value is not None)


@dataclass(eq=False)
class Workspace:
    """The whole graph. Lists are in order of path and place, whatever the order of reading."""

    config: Config
    settings: File | None = None
    files: list[File] = field(default_factory=list)
    objectives: list[Objective] = field(default_factory=list)
    kpi_nodes: list[Kpi] = field(default_factory=list)
    by_name: dict[tuple[str, str, str], Objective] = field(default_factory=dict)
    kpis: dict[str, Kpi] = field(default_factory=dict)
    _around: dict[Period, list[str]] = field(default_factory=dict, repr=False)

    @property
    def key_results(self) -> Iterator[KeyResult]:
        """Every key result."""
        for objective in self.objectives:
            yield from objective.key_results

    @property
    def periods(self) -> list[Period]:
        """The periods that have objectives or at least a file, each once, in order of time."""
        found = {file.period.id: file.period for file in self.files if file.period is not None}
        return sorted(found.values(), key=lambda one: (one.start, one.end, one.id))

    @property
    def broken(self) -> list[tuple[File, str]]:
        """Files that cannot be read or whose shape is wrong, each with its first message."""
        found = []
        for file in (*([self.settings] if self.settings else ()), *self.files):
            messages = [fault.message for fault in file.faults if fault.code in BROKEN]
            messages += [problem.message for problem in file.problems if problem.code in BROKEN]
            if messages:
                found.append((file, messages[0]))
        return found

    def cadence(self, key_result: KeyResult) -> Cadence:
        """How often a key result wants a reading: its own word, its KPI's, else the default."""
        own: Cadence | None = key_result.model.cadence
        kpi = self.kpi_of(key_result)
        if own is None and kpi is not None:
            return self.kpi_cadence(kpi)
        return own or self.config.defaults.key_result_cadence

    def kpi_cadence(self, kpi: Kpi) -> Cadence:
        """How often a KPI wants a reading."""
        return kpi.model.cadence or self.config.defaults.kpi_cadence

    def kpi_of(self, key_result: KeyResult) -> Kpi | None:
        """The KPI whose readings a key result uses, None where it has none or an unknown one."""
        return self.kpis.get(getattr(key_result.model, "kpi", None) or "")

    def unit(self, key_result: KeyResult) -> str | None:
        """A key result's unit: written, its KPI's, or that of what it rolls up."""
        kpi = self.kpi_of(key_result)
        return key_result.own_unit or (kpi.unit if kpi else None) or self._unit_of_members(key_result, 0)

    def _unit_of_members(self, key_result: KeyResult, depth: int) -> str | None:
        rollup = getattr(key_result.model, "rollup", None)
        for text in rollup.members if rollup and depth < 8 else ():
            member = self.resolve(text, key_result.objective)
            if isinstance(member, KeyResult):
                unit = member.own_unit or self._unit_of_members(member, depth + 1)
                if unit:
                    return unit
        return None

    def resolve(self, text: str, near: Objective) -> Objective | KeyResult | None:
        """What a reference in a file means: OBJECTIVE, TEAM/OBJECTIVE or PERIOD/TEAM/OBJECTIVE, each with .KEY_RESULT.

        A bare name may also be a key result of the same objective. A missing period is the file's own or the shortest
        one that contains it and has such a thing; a missing team is the file's own.
        """
        parts = text.strip().split("/")
        if len(parts) > 3:
            return None
        name, _, key_result = parts[-1].partition(".")
        team = parts[-2] if len(parts) > 1 else near.team
        if len(parts) == 1 and not key_result:
            own = next((kr for kr in near.key_results if kr.id == name), None)
            if own is not None:
                return own
        for span in [parts[0]] if len(parts) == 3 else self.around(near.period):
            found = self.by_name.get((span, team, name))
            if found is not None:
                return found if not key_result else next((k for k in found.key_results if k.id == key_result), None)
        return None

    def around(self, inner: Period) -> list[str]:
        """The names of a period and of all that contain it, the shortest first."""
        found = self._around.get(inner)
        if found is None:
            wider = [one for one in self.periods if one.contains(inner) and one.id != inner.id]
            found = [inner.id, *(one.id for one in sorted(wider, key=lambda one: (one.days, one.id)))]
            self._around[inner] = found
        return found

    def names(self) -> list[str]:
        """The full name of every objective and key result."""
        return [ref for one in self.objectives for ref in (one.ref, *(kr.ref for kr in one.key_results))]


def read_settings(source: Source | Fault | None) -> tuple[Config, File | None]:
    """The settings of a workspace, the defaults where there are none; a file with problems keeps what can be read."""
    if source is None:
        return Config(), None
    if isinstance(source, Fault):
        file = File(PATH, parse(Source(PATH, "")), "config", Config(), faults=[source])
        return Config(), file
    document = parse(source)
    file = File(source.path, document, "config", Config(), faults=list(document.faults))
    data = without_own_keys(document)
    if data is not None and not isinstance(data, dict):
        file.problems.append(Problem("OKR004", (), "expected a mapping of settings", "such as `organisation: Acme`"))
    elif isinstance(data, dict):
        blank = list(document.blank_keys())
        data = _with_bare_names(data, blank)
        found, file.problems, left_out = schema.read(data, Config)
        unnamed = [route for route in blank if route[:-1] not in NAMED]
        file.problems += schema.unknown_blank(unnamed, data, Config)
        file.left_out = frozenset(left_out)
        file.model = found or Config()
    return file.model, file


def _with_bare_names(data: dict[str, Any], blank: Iterable[Route]) -> dict[str, Any]:
    """The settings with the teams and people of which nothing is said but their names."""
    for section, name in (route for route in blank if route[:-1] in NAMED[:2]):
        data = {**data, str(section): {**data[str(section)], str(name): {}}}
    return data


def build(
    sources: Iterable[Source | tuple[str, Fault]], config: Config, load: Load, settings: File | None = None
) -> Workspace:
    """The graph of all files; `load` gives the text of a CSV file by its path in the workspace."""
    return assemble((read_file(source, config, load) for source in sources), config, load, settings)


def assemble(files: Iterable[File], config: Config, load: Load, settings: File | None = None) -> Workspace:
    """The graph of files that were read on their own, and belong to no other graph."""
    workspace = Workspace(config, settings, sorted(files, key=lambda file: file.path))
    periods: dict[str, tuple[str, Period]] = {}
    for file in workspace.files:
        if file.period is not None:
            _agree_on_period(file, *periods.setdefault(file.period.id, (file.path, file.period)))
        if not file.nodes:
            _fill(file, load)
        for node in file.nodes:
            _register(workspace, file, node)
    return workspace


def read_file(source: Source | tuple[str, Fault], config: Config, load: Load) -> File:
    """One file on its own: what kind it is, its model, and what is wrong with its shape."""
    if not isinstance(source, Source):
        path, fault = source
        return File(path, parse(Source(path, "")), faults=[fault])
    document = parse(source)
    file = File(source.path, document, faults=list(document.faults))
    if document.data is None and any(fault.code in BROKEN for fault in document.faults):
        return file
    kind = _kind(file)
    if kind is None:
        return file
    file.kind = kind
    shape = model.OkrFile if kind == "okr" else model.KpiFile
    data = without_own_keys(document)
    file.model, problems, left_out = schema.read(data, shape)
    file.problems += problems
    file.problems += schema.unknown_blank(document.blank_keys(), data, shape)
    file.left_out = frozenset(left_out)
    file.problems += schema.missing(file.model, data, tuple(file.problems))
    if isinstance(file.model, model.OkrFile):
        _date(file, config)
    return file


def without_own_keys(document: Document) -> Any:
    """The data of a document without the user's own `x-` keys."""
    data = document.data
    return _stripped(data, ()) if "x-" in document.text else data


def _stripped(data: Any, route: Route) -> Any:
    if isinstance(data, dict):
        names = route in NAMED
        return {
            key: _stripped(value, (*route, key)) for key, value in data.items() if names or not key.startswith("x-")
        }
    if isinstance(data, list):
        return [_stripped(value, route) for value in data]
    return data


def _kind(file: File) -> Kind | None:
    data = file.document.data
    help = "an OKR file has `objectives:`, a KPI file has `kpis:`"
    if isinstance(data, dict) and "objectives" in data and "kpis" in data:
        file.problems.append(
            Problem(
                "OKR006",
                ("kpis",),
                "both `objectives:` and `kpis:` in one file",
                "split it into two files",
                True,
                ((("objectives",), "the other one"),),
            )
        )
        return None
    if isinstance(data, dict) and ("objectives" in data or "kpis" in data):
        return "okr" if "objectives" in data else "kpi"
    keys = file.document.keys(()) if isinstance(data, dict) else []
    if not keys:
        what = "the file is empty" if data is None or data == {} else "the file is no mapping of keys and values"
        file.problems.append(Problem("OKR006", (), what, help))
        return None
    empty = next((key for key in ("objectives", "kpis") if key in keys), None)
    if empty:
        file.problems.append(
            Problem("OKR006", (empty,), f"`{empty}:` is empty", "add a first entry, or delete the file", True)
        )
        return None
    guess = next(
        ((key, meant) for key in keys for meant in [suggestion.key(key, ("objectives", "kpis"))] if meant), None
    )
    route: Route = (guess[0],) if guess else ()
    message = "neither `objectives:` nor `kpis:`" + (suggestion.meant(guess[1]) if guess else "")
    file.problems.append(Problem("OKR006", route, message, help, bool(guess)))
    return None


def _date(file: File, config: Config) -> None:
    """Give an OKR file its period and team."""
    said = file.model.period
    file.team = file.model.team or COMPANY
    try:
        if isinstance(said, str):
            file.period = period.parse(said, config.fiscal)
        elif said is not None:
            file.period = period.custom(said.id, said.start, said.end)
    except period.PeriodError as error:
        file.problems.append(Problem("OKR004", ("period",), error.message, error.hint))
    if period.looks_like_period(file.team):
        file.problems.append(Problem("OKR004", ("team",), f"the team id '{file.team}' looks like a period"))


def _agree_on_period(file: File, known: str, period: Period) -> None:
    """The first file in order of path says which days a period has."""
    if file.period != period:
        message = f"{known} says other dates for the period '{period.id}'"
        file.problems.append(Problem("OKR004", ("period",), message, "one name, one stretch of days"))
        file.period = period


def _fill(file: File, load: Load) -> None:
    """Make the nodes of a file."""
    if isinstance(file.model, model.OkrFile) and file.period is not None:
        for number, entry in enumerate(file.model.objectives):
            objective = Objective(file, ("objectives", number), entry, file.period, file.team)
            for place, result in enumerate(entry.key_results):
                key_result = KeyResult(objective, (*objective.route, "key_results", place), result)
                key_result.readings, key_result.csv = _dated(result.readings, file, load)
                objective.key_results.append(key_result)
            file.nodes.append(objective)
    elif isinstance(file.model, model.KpiFile):
        for number, one in enumerate(file.model.kpis):
            kpi = Kpi(file, ("kpis", number), one)
            kpi.readings, kpi.csv = _dated(one.readings, file, load)
            file.nodes.append(kpi)


def _register(workspace: Workspace, file: File, node: Objective | Kpi) -> None:
    if isinstance(node, Kpi):
        workspace.kpi_nodes.append(node)
        workspace.kpis.setdefault(node.id, node)
    else:
        workspace.objectives.append(node)
        workspace.by_name.setdefault((node.period.id, file.team, node.id), node)


def _dated(readings: Any, file: File, load: Load) -> tuple[list[Dated], Csv | None]:
    """Readings in order of date, and the CSV file they come from."""
    return _from_csv(readings, file, load) if isinstance(readings, CsvReadings) else (dated(readings), None)


def dated(readings: Any) -> list[Dated]:
    """Readings written in the file itself, in order of date."""
    if not isinstance(readings, dict):
        return []
    found = [
        Dated(day, value_of(one), one.confidence, one.forecast, one.note, one.source)
        for day, one in readings.items()
        if isinstance(day, date)
    ]
    found.sort(key=lambda one: one.day)
    return found


def _from_csv(kept: CsvReadings, file: File, load: Load) -> tuple[list[Dated], Csv]:
    path = posixpath.normpath(posixpath.join(posixpath.dirname(file.path), kept.csv.replace("\\", "/")))
    if path.startswith(("..", "/")) or "\0" in path or (len(path) > 1 and path[1] == ":"):
        return [], Csv(path, Fault("OKR009", "this path leads out of the workspace", START), [])
    content = load(path)
    if isinstance(content, Fault):
        return [], Csv(path, content, [])
    lines, faults = read_csv(kept, content)
    return [Dated(line.day, line.value, line=line.line) for line in lines], Csv(path, None, faults, content)
