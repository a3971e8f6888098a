"""Follows one objective, key result or KPI back through the versions of its file, across renames and moves."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Any

from okrctl import scoring, workspace
from okrctl.git import Commit, Repository
from okrctl.history import diff, snapshot
from okrctl.history.diff import Change
from okrctl.history.diff.change import Node
from okrctl.history.diff.direction import of_coming
from okrctl.kpis.series import Gauges, newest
from okrctl.schema.settings import Config
from okrctl.scoring.progress import Ledger
from okrctl.values.errors import OkrctlError
from okrctl.values.period import Period
from okrctl.workspace import KeyResult, Kpi, Objective, Workspace
from okrctl.yaml import Source, decode

DayOf = Callable[[Period, date], date]


@dataclass(frozen=True, slots=True)
class Entry:
    """One change of one field by one commit; `field` is None where the thing itself came or went."""

    commit: Commit
    ref: str
    field: str | None
    old: Any
    new: Any
    effect: str | None


@dataclass(frozen=True, slots=True)
class Known:
    """The score (of a KPI: the value) as it was known on the day of a commit."""

    commit: Commit
    score: Fraction | None


@dataclass(slots=True)
class Life:
    """What became of one thing, newest first, and how its score was known from commit to commit, oldest first."""

    ref: str
    title: str
    unit: str | None
    entries: list[Entry] = field(default_factory=list)
    known: list[Known] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Version:
    """The thing as one commit left it, in the workspace of its file alone; None where that commit has no such thing."""

    commit: Commit
    path: str
    node: Node | None
    around: Workspace | None


def life(repository: Repository, now: Workspace, node: Node, commit: str | None, day_of: DayOf) -> Life:
    """The life of a thing of the workspace as of a commit, else of HEAD; what is not committed yet is no part of it."""
    found = Life(node.ref, node.model.title or node.id, now.unit(node) if isinstance(node, KeyResult) else None)
    versions = list(_Versions(repository, now.config, node, commit or "HEAD").walk())
    if not any(version.node for version in versions):
        raise OkrctlError(f"{node.ref} is in no commit yet", "git commit begins its history")
    for version, before in zip(versions, [*versions[1:], None], strict=True):
        found.entries += _entries(version, before)
    for version in reversed(versions):
        if version.node is not None:
            whole = _needed(repository, version, now)
            found.known.append(Known(version.commit, _score(whole, version, day_of)))
    return found


def _entries(version: Version, before: Version | None) -> Iterator[Entry]:
    """What a commit made of what the one before left; of an objective's key results, which came and went."""
    old, new = before.node if before else None, version.node
    if new is not None and old is not None:
        assert before is not None and before.around is not None and version.around is not None
        compared = diff.compare_node(before.around, version.around, old, new)
        yield from (_entry(version, one) for one in compared)
        if isinstance(old, Objective) and isinstance(new, Objective):
            yield from _parts(version, old, new)
    elif new is not None:
        effect = "tightened" if before and isinstance(new, KeyResult) and of_coming(new) else None
        yield Entry(version.commit, new.ref, None, None, new.model.title, effect)
    elif old is not None:
        yield Entry(version.commit, old.ref, None, old.model.title, None, None)


def _entry(version: Version, one: Change) -> Entry:
    return Entry(version.commit, one.ref, one.field, one.old, one.new, one.effect)


def _parts(version: Version, old: Objective, new: Objective) -> Iterator[Entry]:
    before, after = {one.id: one for one in old.key_results}, {one.id: one for one in new.key_results}
    former = {one.model.formerly for one in new.key_results}
    for name, one in after.items():
        if name not in before and one.model.formerly not in before:
            yield Entry(version.commit, one.ref, None, None, one.model.title, None)
    for name, one in before.items():
        if name not in after and name not in former:
            yield Entry(version.commit, one.ref, None, one.model.title, None, None)


class _Versions:
    """The versions of a thing, newest first: of its file, and before that of the file that it came from."""

    def __init__(self, repository: Repository, config: Config, node: Node, start: str) -> None:
        self.repository = repository
        self.config = config
        self.start = start
        self.path = node.file.path
        self.beside = [] if isinstance(node, Objective) or node.csv is None else [node.csv.path]
        self.names = _names(node)
        self.above = _names_above(node)
        self.kind = type(node)

    def walk(self) -> Iterator[Version]:
        """Each version, until the thing came into the files."""
        start: str | None = self.start
        while start is not None:
            start = yield from self._of_file(start)

    def _of_file(self, start: str) -> Generator[Version, None, str | None]:
        """The versions in one file; hands back where to go on in another, None where the thing began."""
        steps = self.repository.history([self.path, *self.beside], commit=start)
        ids: list[str | None] = []
        for step in reversed(steps):
            here = [one.new_id for one in step.changes if one.path == self.path]
            ids.append(here[0] if here else ids[-1] if ids else None)
        contents = iter(list(self.repository.blobs(name for name in reversed(ids) if name)))
        last: Version | None = None
        for step, name in zip(steps, reversed(ids), strict=True):
            version = self._version(step.commit, self.path, next(contents)[1] if name else None)
            if version.node is None and version.around is not None and version.around.broken:
                continue  # what cannot be read is no sign that the thing was not there
            if version.node is None and last is not None and last.node is not None:
                elsewhere = self._came_from(last.commit)
                if elsewhere is not None:
                    return elsewhere
            yield version
            last = version
        return self._came_from(last.commit) if last is not None and last.node is not None else None

    def _came_from(self, commit: Commit) -> str | None:
        """The commit before one that brought the thing into its file, if it stood in another file there."""
        if not commit.parents:
            return None
        wants = snapshot.wanted(self.config.include, self.config.exclude)
        changed = self.repository.changed(commit.parents[0], commit.id)
        before = {one.old_path or one.path: one.old_id for one in changed if one.old_id}
        places = [(path, name) for path, name in before.items() if wants(path) and path != self.path]
        for (path, _), (_, data) in zip(places, self.repository.blobs(name for _, name in places), strict=True):
            if self._version(commit, path, data).node is not None:
                self.path = path
                return commit.parents[0]
        return None

    def _version(self, commit: Commit, path: str, data: bytes | None) -> Version:
        source = decode(path, data) if data and any(name.encode() in data for name in self.names) else None
        if not isinstance(source, Source):
            return Version(commit, path, None, None)
        load = snapshot.Tree(self.repository, commit.id).text if b".csv" in (data or b"") else _no_text
        around = workspace.assemble([workspace.read_file(source, self.config)], self.config, load)
        node = next((one for one in self._alike(around) if one.id in self.names), None)
        if node is not None:
            self.names |= _names(node)
            self.above = [names | more for names, more in zip(self.above, _names_above(node), strict=True)]
        return Version(commit, path, node, around)

    def _alike(self, around: Workspace) -> Iterator[Node]:
        nodes: tuple[Node, ...] = (*around.objectives, *around.key_results, *around.kpi_nodes)
        for one in (node for node in nodes if type(node) is self.kind):
            if all(known & names for known, names in zip(self.above, _names_above(one), strict=True)):
                yield one


def _no_text(path: str) -> str:
    return ""


def _names(node: Node) -> set[str]:
    """The ids that a thing has and had."""
    return {name for name in (node.id, node.model.formerly) if name}


def _names_above(node: Node) -> list[set[str]]:
    """What a thing is part of, by all the names that it goes by: its period, and a key result's objective."""
    if isinstance(node, Kpi):
        return []
    if isinstance(node, Objective):
        return [{node.period.id}]
    return [{node.period.id}, _names(node.objective)]


def _needed(repository: Repository, version: Version, now: Workspace) -> Workspace:
    """The workspace that a version's score needs: its file alone, or all files where it uses others."""
    assert version.node is not None and version.around is not None
    if stands_alone(version.node):
        return version.around
    return snapshot.at(repository, version.commit.id, now.config, [now])


def stands_alone(node: Node) -> bool:
    """Whether its file alone tells its score."""
    if isinstance(node, Kpi):
        return node.model.formula is None
    results = node.key_results if isinstance(node, Objective) else [node]
    return not any(getattr(one.model, key, None) for one in results for key in ("kpi", "rollup"))


def _score(around: Workspace, version: Version, day_of: DayOf) -> Fraction | None:
    node, day = version.node, version.commit.day
    if isinstance(node, Kpi):
        here = around.kpis.get(node.id)
        point = newest(Gauges(around, day).series(here), day) if here else None
        return point.value if point else None
    assert node is not None
    above = node if isinstance(node, Objective) else node.objective
    ledger = Ledger(around, day_of(node.period, day))
    for there in around.objectives:
        if there.ref != above.ref or not scoring.has_joined(there, ledger.day):
            continue
        objective = scoring.objective(ledger, there)
        if there.ref == node.ref:
            return objective.score
        for one in objective.key_results:
            if one.node.ref == node.ref:
                return one.score
    return None
