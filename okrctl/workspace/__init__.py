"""Joins all files of a workspace to one graph, in which references find what they mean."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import islice
from operator import itemgetter
from typing import Any

from okrctl.schema import model
from okrctl.schema.settings import Config
from okrctl.schema.validate import SchemaProblem
from okrctl.values.diagnostic import START, FileProblem
from okrctl.values.period import Cadence, Period
from okrctl.values.readings import CsvReadings, read_csv, reading_value
from okrctl.workspace.nodes import (
    CsvFile,
    DatedReading,
    File,
    KeyResult,
    Kpi,
    KpiCount,
    Node,
    NodePosition,
    Objective,
    written_quantities,
)
from okrctl.workspace.partial import PeriodFilter, reduce_file
from okrctl.workspace.reader import BROKEN_CODES, read_file, read_settings, without_custom_keys
from okrctl.yaml import Source

__all__ = [
    "CsvFile",
    "DatedReading",
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
    "read_settings",
    "reduce_file",
    "without_custom_keys",
    "written_quantities",
]  # fmt: skip

ReadText = Callable[[str], str | FileProblem]
MAX_ROLLUP_REFERENCES = 300  # references that are followed in search of a unit


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
    similar_titles: Sequence[tuple[NodePosition, NodePosition]] | None = (
        None  # titles that say nearly the same, once they are known
    )
    kpi_counts: Mapping[str, KpiCount] | None = None  # of the KPIs of each file, once they are known
    deferred_files: dict[str, list[File]] = field(default_factory=dict)  # by period: their objectives are not here yet
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
        """The periods that have objectives or at least a file, each once, in order of time."""
        found = {file.period.id: file.period for file in self.files if file.period is not None}
        return sorted(found.values(), key=lambda one: (one.start, one.end, one.id))

    @property
    def broken_files(self) -> list[tuple[File, str]]:
        """Files that cannot be read or whose shape is wrong, each with its first message."""
        found = []
        for file in (*([self.settings] if self.settings else ()), *self.files):
            messages = [fault.message for fault in file.file_problems if fault.code in BROKEN_CODES]
            messages += [problem.message for problem in file.schema_problems if problem.code in BROKEN_CODES]
            if messages:
                found.append((file, messages[0]))
        return found

    def load_period(self, period: str) -> None:
        """Let the objectives of a period come in whose files were kept waiting."""
        files = self.deferred_files.pop(period, None)
        for file in files or ():
            file.model, file.is_deferred = read_file(Source(file.path, file.document.text), self.config).model, False
            _create_nodes(file, self._read_text)
        if files:
            self.objectives = [node for file in self.files for node in file.nodes if isinstance(node, Objective)]
            self.by_name = {(one.period.id, one.team, one.id): one for one in reversed(self.objectives)}

    def load_referenced(self) -> set[str]:
        """Let everything come in that the objectives which are here lead to; the periods that are complete then."""
        known: list[Objective] = []
        while len(known) < len(self.objectives):
            known = self.objectives
            for one in known:
                rollups = (getattr(result.model, "rollup", None) for result in one.key_results)
                for text in (one.model.parent, *(text for rollup in rollups if rollup for text in rollup.members)):
                    if text is not None:
                        self.resolve(text, one)
        return {one.id for one in self.periods}.difference(self.deferred_files)

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
        name = getattr(key_result.model, "kpi", None)
        return self.kpis.get(name) if name else None

    def unit(self, key_result: KeyResult) -> str | None:
        """A key result's unit: written, its KPI's, or that of what it rolls up."""
        kpi = self.kpi_of(key_result)
        return key_result.own_unit or (kpi.unit if kpi else None) or self._rollup_unit(key_result)

    def _rollup_unit(self, key_result: KeyResult) -> str | None:
        """That of the first thing rolled up, directly or through others, which has one."""
        if getattr(key_result.model, "rollup", None) is None:
            return None
        if key_result not in self._rollup_units:
            units = (unit for _, unit in islice(self._rollup_members(key_result), MAX_ROLLUP_REFERENCES))
            self._rollup_units[key_result] = next((unit for unit in units if unit), None)
        return self._rollup_units[key_result]

    def _rollup_members(self, key_result: KeyResult) -> Iterator[tuple[KeyResult, str | None]]:
        """What a roll-up is made of, each thing at most as often as it is named, and its own members only once."""
        waiting, opened = [key_result], {key_result}
        while waiting:
            for member, unit in self._direct_members(waiting.pop(0)):
                yield member, unit
                if member not in opened:
                    opened.add(member)
                    waiting.append(member)

    def _direct_members(self, key_result: KeyResult) -> list[tuple[KeyResult, str | None]]:
        """The key results that a roll-up names, and the units which these have themselves."""
        known = self._rollup_members_by_node.get(key_result)
        if known is None:
            rollup = getattr(key_result.model, "rollup", None)
            named = [self.resolve(text, key_result.objective) for text in rollup.members] if rollup else []
            known = [(one, one.own_unit) for one in named if isinstance(one, KeyResult)]
            self._rollup_members_by_node[key_result] = known
        return known

    def resolve(self, text: str, near: Objective) -> Objective | KeyResult | None:
        """What a reference in a file means: OBJECTIVE, TEAM/OBJECTIVE or PERIOD/TEAM/OBJECTIVE, each with .KEY_RESULT.

        A bare name may also be a key result of the same objective. Where the team is left out it is the file's. Where
        the period is left out it is the file's too, else the next longer one around it in which the name is known.
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
        for span in [parts[0]] if len(parts) == 3 else self.enclosing_periods(near.period):
            self.load_period(span)
            found = self.by_name.get((span, team, name))
            if found is not None:
                return self._find_key_result(found, key_result) if key_result else found
        return None

    def _find_key_result(self, objective: Objective, name: str) -> KeyResult | None:
        """A key result by its id, the first one where several share it."""
        known = self._by_id.get(objective)
        if known is None:
            known = self._by_id[objective] = {one.id: one for one in reversed(objective.key_results)}
        return known.get(name)

    def enclosing_periods(self, inner: Period) -> list[str]:
        """The names of a period and of all that contain it, the shortest first."""
        found = self._enclosing.get(inner)
        if found is None:
            wider = [one for one in self.periods if one.contains(inner) and one.id != inner.id]
            found = [inner.id, *(one.id for one in sorted(wider, key=lambda one: (one.days, one.id)))]
            self._enclosing[inner] = found
        return found

    def refs(self) -> list[str]:
        """The full name of every objective and key result."""
        return [ref for one in self.objectives for ref in (one.ref, *(kr.ref for kr in one.key_results))]


def build_workspace(
    sources: Iterable[Source | tuple[str, FileProblem]], config: Config, load: ReadText, settings: File | None = None,
    wants: PeriodFilter | None = None,
) -> Workspace:  # fmt: skip
    """The graph of all files; `load` gives the text of a CSV file by its path in the workspace.

    With `wants` the objectives of other periods wait until one of them is asked for by its name.
    """
    files = (read_file(source, config) for source in sources)
    return assemble_workspace((reduce_file(file, wants) for file in files) if wants else files, config, load, settings)


def assemble_workspace(
    files: Iterable[File], config: Config, load: ReadText, settings: File | None = None
) -> Workspace:
    """The graph of files that were read on their own, and belong to no other graph."""
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
    """The first file in order of path says which days a period has."""
    if file.period != period:
        message = f"{known} says other dates for the period '{period.id}'"
        file.schema_problems.append(SchemaProblem("OKR004", ("period",), message, "one name, one stretch of days"))
        file.period = period


def _create_nodes(file: File, load: ReadText) -> None:
    """Make the nodes of a file."""
    if isinstance(file.model, model.OkrFile) and file.period is not None:
        for number, entry in enumerate(file.model.objectives):
            objective = Objective(file, ("objectives", number), entry, file.period, file.team)
            for place, result in enumerate(entry.key_results):
                key_result = KeyResult(objective, (*objective.route, "key_results", place), result)
                key_result.readings, key_result.csv = _load_readings(result.readings, file, load)
                objective.key_results.append(key_result)
            file.nodes.append(objective)
    elif isinstance(file.model, model.KpiFile):
        for number, one in enumerate(file.model.kpis):
            kpi = Kpi(file, ("kpis", number), one)
            kpi.readings, kpi.csv = _load_readings(one.readings, file, load)
            file.nodes.append(kpi)


def _register(workspace: Workspace, file: File, node: Objective | Kpi) -> None:
    if isinstance(node, Kpi):
        workspace.kpi_nodes.append(node)
        workspace.kpis.setdefault(node.id, node)
    else:
        workspace.objectives.append(node)
        workspace.by_name.setdefault((node.period.id, file.team, node.id), node)


def _load_readings(readings: Any, file: File, load: ReadText) -> tuple[list[DatedReading], CsvFile | None]:
    """Readings in order of date, and the CSV file they come from."""
    if readings is None or isinstance(readings, dict):
        return dated_readings(readings), None
    return _readings_from_csv(readings, file, load) if isinstance(readings, CsvReadings) else ([], None)


def dated_readings(readings: Any) -> list[DatedReading]:
    """Readings written in the file itself, in order of date."""
    if not isinstance(readings, dict):
        return []
    found = [
        DatedReading(day, reading_value(one), one.confidence, one.forecast, one.note, one.source)
        for day, one in readings.items()
        if isinstance(day, date)
    ]
    found.sort(key=itemgetter(0))
    return found


def _readings_from_csv(kept: CsvReadings, file: File, load: ReadText) -> tuple[list[DatedReading], CsvFile]:
    path = posixpath.normpath(posixpath.join(posixpath.dirname(file.path), kept.csv.replace("\\", "/")))
    if path.startswith(("..", "/")) or "\0" in path or (len(path) > 1 and path[1] == ":"):
        return [], CsvFile(path, FileProblem("OKR009", "this path leads out of the workspace", START), [])
    content = load(path)
    if isinstance(content, FileProblem):
        return [], CsvFile(path, content, [])
    lines, faults = read_csv(kept, content)
    return [DatedReading(line.day, line.value, line=line.line) for line in lines], CsvFile(path, None, faults, content)
