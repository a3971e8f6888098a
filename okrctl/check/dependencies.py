"""What each file depends on, so that after a change only the affected files are checked again.

`FileDependencies` is plain data about one file, made when the file is read, and kept in the cache. `DependencyGraph`
indexes the dependencies of all files by name and answers two questions: in which files may findings differ after these
files have changed (`affected`), and which files must be loaded to find everything in them (`required_inputs`).

Each rule that looks at several files is covered by one of these dependencies:

| findings in a file depend on | dependency |
|---|---|
| what its references resolve to (parents, moves, KPIs, members, inputs) | `sources`, `references` to `names` |
| values and units from other files, which may take them from further files | `sources` to `names`, transitively |
| the other objectives of its team: weights, number, duplicate ids, those of the period before | `team` |
| similar titles of its period, of which the first is named | pairs of `titles` |
| key results of its period with the same KPI, of which the first is named | `used_kpis` |
| KPIs with the same id, of which the first is used | `kpi_ids` |
| whether two key results belong to one rollup, through any number of rollups | `rollup_objectives`, up and down |
| all KPIs together: how many, in money, leading, kept between bounds | `kpi_count` |
| all names, for suggestions about unresolved references | none: all files are checked |
| which teams of `elsewhere:` have goals here | none: all files are checked |

Simpler schemes are not enough. By modification time alone, a finding in an unchanged file that depends on a changed
one would stay or be missed. By team or period, one changed KPI would still mean checking nearly everything.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from typing import NamedTuple

from okrctl.check import similar_titles
from okrctl.check.similar_titles import Title
from okrctl.kpis import count, formula
from okrctl.schema.settings import Config
from okrctl.workspace import Elsewhere, File, KeyResult, Kpi, KpiCount, NodePosition, Objective, Workspace
from okrctl.workspace.nodes import team_of_name

Names = tuple[str, ...]


class FileDependencies(NamedTuple):
    """Plain data about one file. Objectives are named TEAM/ID, without their period, and KPIs by their ids."""

    period: str = ""  # its id and days, empty if the file has none
    team: str = ""
    names: Names = ()
    sources: Names = ()  # where its values and units come from: KPIs, members of rollups, inputs of formulas
    references: Names = ()  # its other references
    titles: tuple[Title, ...] = ()
    kpi_count: KpiCount = KpiCount()
    has_unexplained_score: bool = False  # whether it has a manual score without a reason
    may_hide_nodes: bool = False  # whether it may have nodes that could not be read
    csv_files: tuple[tuple[str, bool], ...] = ()  # the paths of its CSV files, and whether they have a text
    key_result_ids: str = ""  # the ids of all its key results, and those that its goals had before
    has_suppressions: bool = False
    has_exact_references: bool = False  # whether it refers to key results or periods, which TEAM/ID does not tell apart

    @property
    def rollup_objectives(self) -> Iterator[str]:
        """The objectives whose key results are rolled up."""
        return (name for name in self.sources if "/" in name)

    @property
    def used_kpis(self) -> Iterator[tuple[str, str]]:
        """The KPIs whose readings its key results use, each with the period."""
        return ((self.period, name) for name in self.sources if self.period and "/" not in name)

    @property
    def kpi_ids(self) -> Iterator[str]:
        """The ids of its KPIs."""
        return (name for name in self.names if "/" not in name)


def dependencies_of(file: File) -> FileDependencies:
    """The dependencies of a file that has been read and has its nodes."""
    period, kpis = file.period, [node for node in file.nodes if isinstance(node, Kpi)]
    objectives = [node for node in file.nodes if isinstance(node, Objective)]
    references = chain.from_iterable(map(_objective_references, objectives))
    return FileDependencies(
        f"{period.id} {period.start} {period.end}" if period else "",
        file.team if period else "",
        (*(f"{file.team}/{objective.id}" for objective in objectives), *(kpi.id for kpi in kpis)),
        tuple(dict.fromkeys(_value_sources(file))),
        tuple(dict.fromkeys(references)),
        tuple(similar_titles.titles_of_file(file)),
        count.count_kpis(kpis),
        any(goal.model.score and goal.model.score.reason is None for goal in file.goals()),
        _may_hide_nodes(file),
        _csv_files(file),
        _key_result_ids(objectives),
        bool(file.document.ignore_comments),
        any(map(_has_exact_references, objectives)),
    )


def elsewhere_of(workspace: Workspace) -> Elsewhere:
    """What `elsewhere:` of the settings comes to in a whole workspace."""
    if workspace.elsewhere is None:
        workspace.elsewhere = find_elsewhere(workspace.config, map(dependencies_of, workspace.files))
    return workspace.elsewhere


def find_elsewhere(config: Config, files: Iterable[FileDependencies]) -> Elsewhere:
    """What `elsewhere:` of the settings comes to, by the dependencies of all files."""
    if not config.elsewhere:
        return Elsewhere()
    known = [*files]
    names = {name for file in known for name in file.names}
    missing = {name for file in known for name in (*file.sources, *file.references)} - names
    teams = frozenset(config.elsewhere) - {team_of_name(name) for name in names if "/" in name}
    if any(file.may_hide_nodes for file in known):
        return Elsewhere(teams, frozenset(config.elsewhere))
    return Elsewhere(teams, teams & {team_of_name(name) for name in missing})


def _referenced_objective(text: str, near: Objective) -> str:
    """TEAM/OBJECTIVE of a reference, without period and key result."""
    *front, name = text.strip().split("/")
    return f"{front[-1] if front else near.team}/{name.partition('.')[0]}"


def _csv_files(file: File) -> tuple[tuple[str, bool], ...]:
    nodes = file.nodes_with_readings()
    return tuple({node.csv.path: bool(node.csv.text) for node in nodes if node.csv is not None}.items())


def _may_hide_nodes(file: File) -> bool:
    return bool(file.file_problems or file.omitted or file.kind is None or (file.kind == "okr" and file.period is None))


def _key_result_ids(objectives: Iterable[Objective]) -> str:
    found: list[str] = []
    for objective in objectives:
        found += [f"{objective.id}<{objective.model.formerly}"] if objective.model.formerly else []
        for result in objective.key_results:
            former = f"<{result.model.formerly}" if result.model.formerly else ""
            found.append(f"{objective.id}.{result.id}{former}")
    return " ".join(found)


def _value_sources(file: File) -> Iterator[str]:
    for node in file.nodes_with_readings():
        yield from _formula_inputs(node) if isinstance(node, Kpi) else _key_result_sources(node)


def _key_result_sources(key_result: KeyResult) -> Iterator[str]:
    values = vars(key_result.model)
    kpi, rollup = values.get("kpi"), values.get("rollup")
    if kpi:
        yield kpi
    if rollup is not None:
        yield from (_referenced_objective(text, key_result.objective) for text in rollup.members)


def _formula_inputs(kpi: Kpi) -> Iterator[str]:
    try:
        names = formula.parse(kpi.model.formula).names if kpi.model.formula else ()
    except formula.FormulaError:
        return
    yield from (name.id for name in names)


def _objective_references(objective: Objective) -> Iterator[str]:
    model = objective.model
    yield from (_referenced_objective(text, objective) for text in (model.parent, model.carried_from) if text)
    yield from model.kpis
    yield from (hypothesis.kpi for hypothesis in model.hypothesis)
    for initiative in model.initiatives:
        yield from initiative.kpis
        yield from (_referenced_objective(text, objective) for text in initiative.moves)


def _has_exact_references(objective: Objective) -> bool:
    model = objective.model
    texts = [model.parent, model.carried_from, *(text for initiative in model.initiatives for text in initiative.moves)]
    for key_result in objective.key_results:
        rollup = getattr(key_result.model, "rollup", None)
        texts += rollup.members if rollup is not None else ()
    guards_key_results = any(isinstance(key_result.model.guards, list) for key_result in objective.key_results)
    return guards_key_results or any("." in text or text.count("/") > 1 for text in texts if text)


class DependencyGraph:
    """The dependencies of many files; a file that changed may be given twice, before and after the change."""

    def __init__(
        self, files: Iterable[tuple[str, FileDependencies]], similar_titles: Iterable[tuple[NodePosition, NodePosition]]
    ) -> None:
        self._dependencies: dict[str, list[FileDependencies]] = {}
        self._files_by_name: dict[str, list[str]] = {}  # the files that define a name
        self._files_by_source: dict[str, list[str]] = {}  # the files that take values from a name
        self._files_by_reference: dict[str, list[str]] = {}  # the files with another reference to a name
        self._files_by_team: dict[str, list[str]] = {}
        self._files_by_used_kpi: dict[tuple[str, str], list[str]] = {}  # by period and KPI
        self._similar_files: dict[str, set[str]] = {}
        for path, dependencies in files:
            self._dependencies.setdefault(path, []).append(dependencies)
            self._add_file(path, dependencies)
        for (later, *_), (earlier, *_) in similar_titles:
            self._similar_files.setdefault(later, set()).add(earlier)
            self._similar_files.setdefault(earlier, set()).add(later)

    def _add_file(self, path: str, file: FileDependencies) -> None:
        for index, names in (
            (self._files_by_name, file.names),
            (self._files_by_source, file.sources),
            (self._files_by_reference, file.references),
        ):
            for name in names:
                index.setdefault(name, []).append(path)
        if file.period:
            self._files_by_team.setdefault(file.team, []).append(path)
            for used_kpi in file.used_kpis:
                self._files_by_used_kpi.setdefault(used_kpi, []).append(path)

    def unresolved(self, elsewhere: Elsewhere) -> set[str]:
        """The files that refer to a name that no file defines, and that is not elsewhere."""
        references = chain(self._files_by_source.items(), self._files_by_reference.items())
        missing = (each for each in references if each[0] not in self._files_by_name)
        return {path for name, paths in missing if not elsewhere.covers(name) for path in paths}

    def possibly_unresolved(self) -> set[str]:
        """The files with an unresolved reference, and those whose references need more than names to resolve."""
        return {
            path for path, versions in self._dependencies.items()
            if any(file.has_exact_references or self._has_unresolved_reference(file) for file in versions)
        }  # fmt: skip

    def _has_unresolved_reference(self, file: FileDependencies) -> bool:
        return any(not self._is_resolved(name, file.period) for name in chain(file.sources, file.references))

    def _is_resolved(self, name: str, period: str) -> bool:
        """Whether a file defines this KPI, or this objective in a period that contains the given one."""
        for path in self._files_by_name.get(name, ()):
            for file in self._dependencies[path]:
                if name in file.names and ("/" not in name or _period_contains(file.period, period)):
                    return True
        return False

    def affected(self, changed: Iterable[str]) -> set[str]:
        """The files in which findings may differ after these files have changed, including them."""
        start = set(changed)
        dependents = self._closure(start, lambda file: (self._files_by_source.get(name, ()) for name in file.names))
        referring = {
            user for path in start for file in self._dependencies[path] for name in file.names
            for user in self._files_by_reference.get(name, ())
        }  # fmt: skip
        similar = {other for path in dependents for other in self._similar_files.get(path, ())}
        neighbours = {other for path in start for other in self._neighbours(path)}
        return dependents | referring | similar | neighbours | self._rollup_families(start)

    def required_inputs(self, paths: Iterable[str]) -> set[str]:
        """The files that rules must see to find everything in the given files."""
        start = set(paths)
        start |= {other for path in start for other in self._neighbours(path)}
        start |= self._rollup_families(start)
        return self._closure(
            start, lambda file: (self._files_by_name.get(name, ()) for name in (*file.sources, *file.references))
        )

    def _neighbours(self, path: str) -> Iterator[str]:
        """The files of the same team, with the same KPIs, or with similar titles."""
        for file in self._dependencies[path]:
            yield from self._files_by_team.get(file.team, ()) if file.period else ()
            for name in file.kpi_ids:
                yield from self._files_by_name[name]
            for used_kpi in file.used_kpis:
                yield from self._files_by_used_kpi[used_kpi]
        yield from self._similar_files.get(path, ())

    def _rollup_families(self, start: Iterable[str]) -> set[str]:
        """The files that are linked by rollups, up and down."""

        def linked(file: FileDependencies) -> Iterator[Iterable[str]]:
            yield from (self._files_by_name.get(name, ()) for name in file.rollup_objectives)
            yield from (self._files_by_source.get(name, ()) for name in file.names if "/" in name)

        return self._closure(start, linked)

    def _closure(self, start: Iterable[str], linked: Callable[[FileDependencies], Iterable[Iterable[str]]]) -> set[str]:
        """The files that can be reached from these in any number of steps."""
        reached = set(start)
        queue = list(reached)
        while queue:
            for file in self._dependencies[queue.pop()]:
                for paths in linked(file):
                    new = [path for path in paths if path not in reached]
                    reached.update(new)
                    queue += new
        return reached


def _period_contains(outer: str, inner: str) -> bool:
    """Whether one period contains all days of another, both in the form of `FileDependencies.period`."""
    (*_, outer_start, outer_end), (*_, inner_start, inner_end) = outer.split(" "), inner.split(" ")
    return outer_start <= inner_start and inner_end <= outer_end
