"""Joins all files of a workspace to one graph and resolves the references between them."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import islice

from okrctl.schema.settings import Config
from okrctl.schema.validate import SchemaProblem
from okrctl.values.diagnostic import START, FileProblem, Route
from okrctl.values.period import Cadence, Period
from okrctl.values.readings import CsvReadings, read_csv
from okrctl.workspace.index import FileIndex, read_files
from okrctl.workspace.nodes import (
    CsvFile,
    DatedReading,
    Elsewhere,
    File,
    KeyResult,
    Kpi,
    KpiCount,
    Node,
    NodePosition,
    Objective,
    dated_readings,
    written_quantities,
)
from okrctl.workspace.packed import PeriodFilter, reduce_file
from okrctl.workspace.reader import BROKEN_CODES, read_file, read_settings, without_custom_keys
from okrctl.yaml import Source

__all__ = [
    "CsvFile",
    "DatedReading",
    "Elsewhere",
    "File",
    "KeyResult",
    "Kpi",
    "KpiCount",
    "Node",
    "NodePosition",
    "Objective",
    "PeriodFilter",
    "ReadText",
    "Workspace",
    "assemble_workspace",
    "build_workspace",
    "dated_readings",
    "read_file",
    "read_files",
    "read_settings",
    "reduce_file",
    "without_custom_keys",
    "written_quantities",
]  # fmt: skip

ReadText = Callable[[str], str | FileProblem]
MAX_ROLLUP_REFERENCES = 300  # of one rollup that are followed in search of a unit


@dataclass(eq=False)
class Workspace:
    """The graph of all nodes. Lists are in order of path and place, whatever the order of reading."""

    config: Config
    settings: File | None = None
    files: list[File] = field(default_factory=list)
    objectives: list[Objective] = field(default_factory=list)
    kpi_nodes: list[Kpi] = field(default_factory=list)
    by_name: dict[tuple[str, str, str], Objective] = field(default_factory=dict)
    kpis: dict[str, Kpi] = field(default_factory=dict)
    similar_titles: Sequence[tuple[NodePosition, NodePosition]] | None = None  # None until they are compared
    kpi_counts: Mapping[str, KpiCount] | None = None  # by path, None until they are counted
    elsewhere: Elsewhere | None = None  # None until it is worked out
    renamed: Mapping[str, str] = field(default_factory=dict)  # by their references of before, where these are known
    deferred_files: dict[str, list[File]] = field(
        default_factory=dict
    )  # by period: files whose objectives are not loaded yet
    index: FileIndex | None = field(default=None, repr=False)  # what helps to read more versions of the files
    _read_text: ReadText = field(default=lambda _: "", repr=False)
    _enclosing: dict[Period, list[str]] = field(default_factory=dict, repr=False)
    _rollup_units: dict[KeyResult, str | None] = field(default_factory=dict, repr=False)
    _rollup_members_by_node: dict[KeyResult, list[tuple[KeyResult, str | None]]] = field(
        default_factory=dict, repr=False
    )
    _by_id: dict[Objective, dict[str, KeyResult]] = field(default_factory=dict, repr=False)

    @property
    def key_results(self) -> Iterator[KeyResult]:
        """Every key result."""
        for objective in self.objectives:
            yield from objective.key_results

    def active_objectives(self) -> Iterator[Objective]:
        """The active objectives that have a title."""
        return (objective for objective in self.objectives if objective.is_active and objective.model.title)

    def active_key_results(self) -> Iterator[KeyResult]:
        """The active key results that have a title and a measure and are fully parsed."""
        for key_result in self.key_results:
            is_complete = key_result.measure and key_result.model.title
            if is_complete and key_result.is_active and not key_result.file.is_broken_at(key_result.route):
                yield key_result

    @property
    def periods(self) -> list[Period]:
        """The periods that have files, in order of time."""
        periods = {file.period.id: file.period for file in self.files if file.period is not None}
        return sorted(periods.values(), key=lambda period: (period.start, period.end, period.id))

    @property
    def broken_files(self) -> list[tuple[File, str]]:
        """The files that cannot be read or do not match the schema, each with its first message."""
        broken = []
        for file in (*([self.settings] if self.settings else ()), *self.files):
            messages = [problem.message for problem in file.file_problems if problem.code in BROKEN_CODES]
            messages += [problem.message for problem in file.schema_problems if problem.code in BROKEN_CODES]
            if messages:
                broken.append((file, messages[0]))
        return broken

    def load_period(self, period: str) -> None:
        """Create the objectives in the deferred files of a period."""
        files = self.deferred_files.pop(period, None)
        for file in files or ():
            if file.packed is None:
                file.model = read_file(Source(file.path, file.document.text), self.config).model
            file.is_deferred = False
            _create_nodes(file, self._read_text)
        if files:
            self.objectives = [node for file in self.files for node in file.nodes if isinstance(node, Objective)]
            self.by_name = {
                (objective.period.id, objective.team, objective.id): objective
                for objective in reversed(self.objectives)
            }

    def load_referenced(self) -> set[str]:
        """Load all periods that references lead to, directly or indirectly. Returns the ids of the loaded periods."""
        known: list[Objective] = []
        while len(known) < len(self.objectives):
            known = self.objectives
            for objective in known:
                rollups = (getattr(key_result.model, "rollup", None) for key_result in objective.key_results)
                members = (member for rollup in rollups if rollup for member in rollup.members)
                for reference in (objective.model.parent, *members):
                    if reference is not None:
                        self.resolve(reference, objective)
        return {period.id for period in self.periods}.difference(self.deferred_files)

    def cadence(self, key_result: KeyResult) -> Cadence:
        """How often a reading of a key result is due: its own cadence, that of its KPI, else the default."""
        own: Cadence | None = key_result.model.cadence
        kpi = self.kpi_of(key_result)
        if own is None and kpi is not None:
            return self.kpi_cadence(kpi)
        return own or self.config.defaults.key_result_cadence

    def kpi_cadence(self, kpi: Kpi) -> Cadence:
        """How often a reading of a KPI is due."""
        return kpi.model.cadence or self.config.defaults.kpi_cadence

    def kpi_of(self, key_result: KeyResult) -> Kpi | None:
        """The KPI whose readings a key result uses, None if it names none or an unknown one."""
        name = vars(key_result.model).get("kpi")  # faster than `getattr`, for Pydantic has a way of its own to fail
        return self.kpis.get(name) if name else None

    def unit(self, key_result: KeyResult) -> str | None:
        """The unit of a key result: its own, that of its KPI, or that of the key results it rolls up."""
        kpi = self.kpi_of(key_result)
        return key_result.own_unit or (kpi.unit if kpi else None) or self._rollup_unit(key_result)

    def _rollup_unit(self, key_result: KeyResult) -> str | None:
        """The unit of the first key result in a rollup, or in the rollups below it, that has one."""
        if getattr(key_result.model, "rollup", None) is None:
            return None
        if key_result not in self._rollup_units:
            units = (unit for _, unit in islice(self._rollup_members(key_result), MAX_ROLLUP_REFERENCES))
            self._rollup_units[key_result] = next((unit for unit in units if unit), None)
        return self._rollup_units[key_result]

    def _rollup_members(self, key_result: KeyResult) -> Iterator[tuple[KeyResult, str | None]]:
        """The members of a rollup with their units, nearest first; each rollup is opened only once."""
        queue, opened = [key_result], {key_result}
        while queue:
            for member, unit in self._direct_members(queue.pop(0)):
                yield member, unit
                if member not in opened:
                    opened.add(member)
                    queue.append(member)

    def _direct_members(self, key_result: KeyResult) -> list[tuple[KeyResult, str | None]]:
        """The key results that a rollup names, each with its own unit."""
        members = self._rollup_members_by_node.get(key_result)
        if members is None:
            rollup = getattr(key_result.model, "rollup", None)
            nodes = [self.resolve(text, key_result.objective) for text in rollup.members] if rollup else []
            members = [(node, node.own_unit) for node in nodes if isinstance(node, KeyResult)]
            self._rollup_members_by_node[key_result] = members
        return members

    def resolve(self, text: str, near: Objective) -> Objective | KeyResult | None:
        """The node of a reference in a file: OBJECTIVE, TEAM/OBJECTIVE or PERIOD/TEAM/OBJECTIVE, each with .KEY_RESULT.

        A bare name may also be a key result of the same objective. The default team is that of the file. The default
        period is that of the file, else the shortest period around it that has the objective.
        """
        parts = text.strip().split("/")
        if len(parts) > 3:
            return None
        name, _, key_result = parts[-1].partition(".")
        team = parts[-2] if len(parts) > 1 else near.team
        if len(parts) == 1 and not key_result:
            own = self._find_key_result(near, name)
            if own is not None:
                return own
        for period in [parts[0]] if len(parts) == 3 else self.enclosing_periods(near.period):
            self.load_period(period)
            objective = self.by_name.get((period, team, name))
            if objective is not None:
                return self._find_key_result(objective, key_result) if key_result else objective
        return None

    def is_elsewhere(self, text: str, near: Objective) -> bool:
        """Whether a reference names a team whose goals are in another repository."""
        parts = text.strip().split("/")
        return (parts[-2] if len(parts) > 1 else near.team) in self.config.elsewhere

    def _find_key_result(self, objective: Objective, name: str) -> KeyResult | None:
        """The first key result with an id."""
        by_id = self._by_id.get(objective)
        if by_id is None:
            by_id = {key_result.id: key_result for key_result in reversed(objective.key_results)}
            self._by_id[objective] = by_id
        return by_id.get(name)

    def enclosing_periods(self, inner: Period) -> list[str]:
        """The ids of a period and of all periods that contain it, the shortest first."""
        ids = self._enclosing.get(inner)
        if ids is None:
            wider = [period for period in self.periods if period.contains(inner) and period.id != inner.id]
            ids = [inner.id, *(period.id for period in sorted(wider, key=lambda period: (period.days, period.id)))]
            self._enclosing[inner] = ids
        return ids

    def refs(self) -> list[str]:
        """The references of all objectives and key results."""
        return [
            ref
            for objective in self.objectives
            for ref in (objective.ref, *(key_result.ref for key_result in objective.key_results))
        ]


def build_workspace(
    sources: Iterable[Source | tuple[str, FileProblem]], config: Config, load: ReadText, settings: File | None = None,
    index: FileIndex | None = None,
) -> Workspace:  # fmt: skip
    """The graph of all files; `load` returns the text of a CSV file by its path in the workspace."""
    loaded = assemble_workspace(read_files(sources, config, index), config, load, settings)
    loaded.index = index
    return loaded


def assemble_workspace(
    files: Iterable[File], config: Config, load: ReadText, settings: File | None = None
) -> Workspace:
    """The graph of files that were read one by one and belong to no other graph."""
    workspace = Workspace(config, settings, sorted(files, key=lambda file: file.path), _read_text=load)
    periods: dict[str, tuple[str, Period]] = {}
    for file in workspace.files:
        if file.period is not None:
            _unify_period(file, *periods.setdefault(file.period.id, (file.path, file.period)))
        if file.is_deferred:
            workspace.deferred_files.setdefault(file.period.id if file.period else "", []).append(file)
        elif not file.nodes:
            _create_nodes(file, load)
        for node in file.nodes:
            _register(workspace, file, node)
    return workspace


def _unify_period(file: File, known: str, period: Period) -> None:
    """Report a period whose dates differ from those in the first file, `known`, and use the dates of that file."""
    if file.period != period:
        message = f"the period '{period.id}' has other dates in {known}"
        file.schema_problems.append(SchemaProblem("OKR004", ("period",), message, "use the same dates, or another id"))
        file.period = period


@lru_cache(maxsize=4096)
def _shared_route(*steps: str | int) -> Route:
    """A route, the same object in each file that has a node there."""
    return steps


def _create_nodes(file: File, load: ReadText) -> None:
    """Create the nodes of a file."""
    if file.kind == "okr" and file.period is not None:
        for number, (name, key_results) in enumerate(file.names):
            route = _shared_route("objectives", number)
            objective = Objective(file, route, name, file.period, file.team)
            routes = (_shared_route(*route, "key_results", i) for i in range(len(key_results)))
            objective.key_results = [KeyResult(objective, *place) for place in zip(routes, key_results, strict=True)]
            file.nodes.append(objective)
    elif file.kind == "kpi":
        file.nodes = [Kpi(file, _shared_route("kpis", number), name) for number, (name, _) in enumerate(file.names)]
    if file.packed is None or file.packed.has_csv:
        for node in file.nodes_with_readings():
            _load_csv(node, load)


def _register(workspace: Workspace, file: File, node: Objective | Kpi) -> None:
    if isinstance(node, Kpi):
        workspace.kpi_nodes.append(node)
        workspace.kpis.setdefault(node.id, node)
    else:
        workspace.objectives.append(node)
        workspace.by_name.setdefault((node.period.id, file.team, node.id), node)


def _load_csv(node: KeyResult | Kpi, load: ReadText) -> None:
    """Read the readings of a node from CSV, if its file refers to a CSV file."""
    if isinstance(node.model.readings, CsvReadings):
        unit = getattr(node.model, "unit", None)
        node.readings, node.csv = _readings_from_csv(node.model.readings, node.file, load, unit)


def _readings_from_csv(
    reference: CsvReadings, file: File, load: ReadText, unit: str | None
) -> tuple[list[DatedReading], CsvFile]:
    path = posixpath.normpath(posixpath.join(posixpath.dirname(file.path), reference.csv.replace("\\", "/")))
    if path.startswith(("..", "/")) or "\0" in path or (len(path) > 1 and path[1] == ":"):
        return [], CsvFile(path, FileProblem("OKR009", "the path points outside the workspace", START), [])
    content = load(path)
    if isinstance(content, FileProblem):
        return [], CsvFile(path, content, [])
    readings, problems = read_csv(reference, content, unit)
    dated = [DatedReading(reading.day, reading.value, line=reading.line) for reading in readings]
    return dated, CsvFile(path, None, problems, content)
