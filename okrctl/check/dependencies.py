"""Says what a file has to do with others, so that a change of one leads only to those that it may concern.

What the rules across files look at, and the tie that leads there (`Net`):

| what is found in a file depends on | tie |
|---|---|
| what its references lead to (parents, moves, KPIs, members, inputs), and theirs | `sources`, `others` to `names` |
| the values and units that it takes from others, which may take them from others again | `sources` to `names` |
| the other objectives of its team: weights, how many, the same ids, those of the period before | `team` |
| titles like its own in its period, of which the first is named | pairs of `titles` |
| key results of its period with the same KPI, of which the first is named | `used` |
| KPIs of the same name, of which the first counts | `gauges` |
| whether two key results belong to one roll-up, through any number of roll-ups | `members`, both ways |
| all KPIs together: how many, in money, leading, kept between bounds | `kpis` |
| all names there are, for what may be meant by a reference that leads nowhere | none: then all files are looked at |
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from typing import NamedTuple

from okrctl.check import similar_titles
from okrctl.check.similar_titles import Title
from okrctl.kpis import count, formula
from okrctl.workspace import File, KeyResult, Kpi, KpiCount, NodePosition, Objective

Names = tuple[str, ...]


class FileDependencies(NamedTuple):
    """Plain data about one file. Objectives are named TEAM/ID, in whatever period they stand, and KPIs by their ids."""

    period: str = ""  # its name and days, empty where the file has none
    team: str = ""
    names: Names = ()
    sources: Names = ()  # what its values and units come from: KPIs, members of roll-ups, inputs of formulas
    references: Names = ()  # what else it refers to
    titles: tuple[Title, ...] = ()
    kpi_count: KpiCount = KpiCount()
    has_unexplained_score: bool = False  # whether somebody typed a score and did not say why
    may_hide_nodes: bool = False  # whether something may stand in it that could not be read
    csv_files: tuple[tuple[str, bool], ...] = ()  # the paths of its CSV files, and whether there is a text
    key_result_ids: str = ""  # the ids of all its key results
    has_suppressions: bool = False  # whether a comment in it suppresses something
    has_exact_references: bool = (
        False  # whether it refers to key results or to a period by name, of which TEAM/ID tells too little
    )

    @property
    def rollup_objectives(self) -> Iterator[str]:
        """The objectives of which something is rolled up."""
        return (word for word in self.sources if "/" in word)

    @property
    def used_kpis(self) -> Iterator[tuple[str, str]]:
        """The KPIs whose readings its key results take, each with its period."""
        return ((self.period, word) for word in self.sources if self.period and "/" not in word)

    @property
    def kpi_ids(self) -> Iterator[str]:
        """Its KPIs."""
        return (word for word in self.names if "/" not in word)


def dependencies_of(file: File) -> FileDependencies:
    """The ties of a file that was read, and has its nodes."""
    period, kpis = file.period, [node for node in file.nodes if isinstance(node, Kpi)]
    objectives = [node for node in file.nodes if isinstance(node, Objective)]
    results = [kr for node in objectives for kr in node.key_results]
    judged: list[Objective | KeyResult] = [*objectives, *results]
    read: list[KeyResult | Kpi] = [*results, *kpis]
    sources = [
        *(word for kr in results for word in _key_result_sources(kr)),
        *(word for kpi in kpis for word in _formula_inputs(kpi)),
    ]
    csvs = {one.csv.path: bool(one.csv.text) for one in read if one.csv is not None}
    return FileDependencies(
        f"{period.id} {period.start} {period.end}" if period else "",
        file.team if period else "",
        (*(f"{file.team}/{one.id}" for one in objectives), *(one.id for one in kpis)),
        tuple(dict.fromkeys(sources)),
        tuple(dict.fromkeys(word for one in objectives for word in _objective_references(one))),
        tuple(similar_titles.titles_of_file(file)),
        count.count_kpis(kpis),
        any(one.model.score and one.model.score.reason is None for one in judged),
        bool(file.file_problems or file.omitted or file.kind is None or (file.kind == "okr" and period is None)),
        tuple(csvs.items()),
        " ".join(f"{one.id}.{kr.id}" for one in objectives for kr in one.key_results),
        bool(file.document.ignore_comments),
        any(_has_exact_references(one) for one in objectives),
    )


def _key_result_sources(kr: KeyResult) -> Iterator[str]:
    kpi, rollup = getattr(kr.model, "kpi", None), getattr(kr.model, "rollup", None)
    if kpi:
        yield kpi
    if rollup is not None:
        yield from (_referenced_objective(text, kr.objective) for text in rollup.members)


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
    yield from (guess.kpi for guess in model.hypothesis)
    for initiative in model.initiatives:
        yield from initiative.kpis
        yield from (_referenced_objective(text, objective) for text in initiative.moves)


def _has_exact_references(objective: Objective) -> bool:
    model = objective.model
    texts = [model.parent, model.carried_from, *(text for one in model.initiatives for text in one.moves)]
    for kr in objective.key_results:
        rollup = getattr(kr.model, "rollup", None)
        texts += rollup.members if rollup is not None else ()
    named = any(isinstance(kr.model.guards, list) for kr in objective.key_results)
    return named or any("." in text or text.count("/") > 1 for text in texts if text)


def _referenced_objective(text: str, near: Objective) -> str:
    """The objective that a reference names, as far as team and id tell it."""
    *front, name = text.strip().split("/")
    return f"{front[-1] if front else near.team}/{name.partition('.')[0]}"


class DependencyGraph:
    """The ties of many files. A file that changed may be told twice, as it was and as it is."""

    def __init__(
        self, ties: Iterable[tuple[str, FileDependencies]], pairs: Iterable[tuple[NodePosition, NodePosition]]
    ) -> None:
        self._dependencies: dict[str, list[FileDependencies]] = {}
        self._files_by_name: dict[str, list[str]] = {}  # the files that have a name
        self._files_by_source: dict[str, list[str]] = {}  # the files whose values come from a name
        self._files_by_reference: dict[str, list[str]] = {}  # the files that refer to a name otherwise
        self._files_by_team: dict[str, list[str]] = {}
        self._files_by_used_kpi: dict[
            tuple[str, str], list[str]
        ] = {}  # the files of a period whose key results use one KPI
        self._similar_files: dict[str, set[str]] = {}
        for path, one in ties:
            self._dependencies.setdefault(path, []).append(one)
            self._add_file(path, one)
        for (later, *_), (earlier, *_) in pairs:
            self._similar_files.setdefault(later, set()).add(earlier)
            self._similar_files.setdefault(earlier, set()).add(later)

    def _add_file(self, path: str, one: FileDependencies) -> None:
        for index, words in (
            (self._files_by_name, one.names),
            (self._files_by_source, one.sources),
            (self._files_by_reference, one.references),
        ):
            for word in words:
                index.setdefault(word, []).append(path)
        if one.period:
            self._files_by_team.setdefault(one.team, []).append(path)
            for use in one.used_kpis:
                self._files_by_used_kpi.setdefault(use, []).append(path)

    def unresolved(self) -> set[str]:
        """The files that refer to what no file has."""
        referring = chain(self._files_by_source.items(), self._files_by_reference.items())
        return {path for word, paths in referring if word not in self._files_by_name for path in paths}

    def possibly_unresolved(self) -> set[str]:
        """All files of which a reference leads nowhere, and those of which that takes more than names to tell."""
        return {
            path
            for path, several in self._dependencies.items()
            if any(one.has_exact_references or self._has_unresolved_reference(one) for one in several)
        }

    def _has_unresolved_reference(self, one: FileDependencies) -> bool:
        return any(not self._is_resolved(word, one.period) for word in chain(one.sources, one.references))

    def _is_resolved(self, word: str, period: str) -> bool:
        """Whether a KPI is there, or an objective in a period that contains this one."""
        named = (
            one for path in self._files_by_name.get(word, ()) for one in self._dependencies[path] if word in one.names
        )
        return any("/" not in word or _period_contains(one.period, period) for one in named)

    def affected(self, changed: Iterable[str]) -> set[str]:
        """The files in which rules may find something else after these have changed, themselves among them."""
        begun = set(changed)
        drawing = self._closure(begun, lambda one: (self._files_by_source.get(word, ()) for word in one.names))
        referring = {
            user for path in begun for one in self._dependencies[path] for name in one.names
            for user in self._files_by_reference.get(name, ())
        }  # fmt: skip
        partners = {other for path in drawing for other in self._similar_files.get(path, ())}
        beside = {other for path in begun for other in self._neighbours(path)}
        return drawing | referring | partners | beside | self._rollup_families(begun)

    def required_inputs(self, concerned: Iterable[str]) -> set[str]:
        """The files that rules must see to find all that there is to be found in these."""
        begun = set(concerned)
        near = begun | {other for path in begun for other in self._neighbours(path)}
        near |= self._rollup_families(near)
        return self._closure(
            near, lambda one: (self._files_by_name.get(word, ()) for word in (*one.sources, *one.references))
        )

    def _neighbours(self, path: str) -> Iterator[str]:
        """The files that stand beside one: of its team, with a KPI of the same name, with a title like one of its."""
        for one in self._dependencies[path]:
            yield from self._files_by_team.get(one.team, ()) if one.period else ()
            for name in one.kpi_ids:
                yield from self._files_by_name[name]
            for use in one.used_kpis:
                yield from self._files_by_used_kpi[use]
        yield from self._similar_files.get(path, ())

    def _rollup_families(self, begun: Iterable[str]) -> set[str]:
        """The files that roll-ups tie together, up and down."""

        def around(one: FileDependencies) -> Iterator[Iterable[str]]:
            yield from (self._files_by_name.get(word, ()) for word in one.rollup_objectives)
            yield from (self._files_by_source.get(word, ()) for word in one.names if "/" in word)

        return self._closure(begun, around)

    def _closure(self, begun: Iterable[str], ways: Callable[[FileDependencies], Iterable[Iterable[str]]]) -> set[str]:
        """All that can be reached from some files, in any number of steps."""
        found = set(begun)
        waiting = list(found)
        while waiting:
            for one in self._dependencies[waiting.pop()]:
                for paths in ways(one):
                    new = [path for path in paths if path not in found]
                    found.update(new)
                    waiting += new
        return found


def _period_contains(outer: str, inner: str) -> bool:
    """Whether one period, as the ties of files name it, has all days of another."""
    (*_, first, last), (*_, start, end) = outer.split(" "), inner.split(" ")
    return first <= start and end <= last
