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
from okrctl.history.diff.direction import affects_score
from okrctl.kpis.series import KpiValues
from okrctl.schema.settings import Config
from okrctl.scoring.values import KeyResultValues
from okrctl.values.errors import OkrctlError
from okrctl.values.period import Period
from okrctl.workspace import KeyResult, Kpi, Objective, Workspace
from okrctl.yaml import Source, decode

ScoringDay = Callable[[Period, date], date]


@dataclass(frozen=True, slots=True)
class LogEntry:
    """One change of one field by one commit; `field` is None where the thing itself came or went."""

    commit: Commit
    ref: str
    field: str | None
    old: Any
    new: Any
    effect: str | None


@dataclass(frozen=True, slots=True)
class ScoreAtCommit:
    """The score (of a KPI: the value) as it was known on the day of a commit."""

    commit: Commit
    score: Fraction | None


@dataclass(slots=True)
class NodeLog:
    """What became of one thing, newest first, and how its score was known from commit to commit, oldest first."""

    ref: str
    title: str
    unit: str | None
    entries: list[LogEntry] = field(default_factory=list)
    scores: list[ScoreAtCommit] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class NodeVersion:
    """The thing as one commit left it, in the workspace of its file alone; None where that commit has no such thing."""

    commit: Commit
    path: str
    node: Node | None
    workspace: Workspace | None


def build_log(repository: Repository, now: Workspace, node: Node, commit: str | None, day_of: ScoringDay) -> NodeLog:
    """The life of a thing of the workspace as of a commit, else of HEAD; what is not committed yet is no part of it."""
    found = NodeLog(node.ref, node.model.title or node.id, now.unit(node) if isinstance(node, KeyResult) else None)
    versions = list(_VersionWalker(repository, now.config, node, commit or "HEAD").walk())
    if not any(version.node for version in versions):
        raise OkrctlError(f"{node.ref} is in no commit yet", "git commit begins its history")
    for version, before in zip(versions, [*versions[1:], None], strict=True):
        found.entries += _log_entries(version, before)
    for version in reversed(versions):
        if version.node is not None:
            whole = _workspace_for_score(repository, version, now)
            found.scores.append(ScoreAtCommit(version.commit, _score_at(whole, version, day_of)))
    return found


def _log_entries(version: NodeVersion, before: NodeVersion | None) -> Iterator[LogEntry]:
    """What a commit made of what the one before left; of an objective's key results, which came and went."""
    old, new = before.node if before else None, version.node
    if new is not None and old is not None:
        assert before is not None and before.workspace is not None and version.workspace is not None
        compared = diff.compare_node(before.workspace, version.workspace, old, new)
        yield from (_log_entry(version, one) for one in compared)
        if isinstance(old, Objective) and isinstance(new, Objective):
            yield from _key_result_entries(version, old, new)
    elif new is not None:
        effect = "tightened" if before and isinstance(new, KeyResult) and affects_score(new) else None
        yield LogEntry(version.commit, new.ref, None, None, new.model.title, effect)
    elif old is not None:
        yield LogEntry(version.commit, old.ref, None, old.model.title, None, None)


def _log_entry(version: NodeVersion, one: Change) -> LogEntry:
    return LogEntry(version.commit, one.ref, one.field, one.old, one.new, one.effect)


def _key_result_entries(version: NodeVersion, old: Objective, new: Objective) -> Iterator[LogEntry]:
    before, after = {one.id: one for one in old.key_results}, {one.id: one for one in new.key_results}
    former = {one.model.formerly for one in new.key_results}
    for name, one in after.items():
        if name not in before and one.model.formerly not in before:
            yield LogEntry(version.commit, one.ref, None, None, one.model.title, None)
    for name, one in before.items():
        if name not in after and name not in former:
            yield LogEntry(version.commit, one.ref, None, one.model.title, None, None)


class _VersionWalker:
    """The versions of a thing, newest first: of its file, and before that of the file that it came from."""

    def __init__(self, repository: Repository, config: Config, node: Node, start: str) -> None:
        self.repository = repository
        self.config = config
        self.start = start
        self.path = node.file.path
        self.csv_paths = [] if isinstance(node, Objective) or node.csv is None else [node.csv.path]
        self.ids = _ids(node)
        self.parent_ids = _parent_ids(node)
        self.kind = type(node)

    def walk(self) -> Iterator[NodeVersion]:
        """Each version, until the thing came into the files."""
        start: str | None = self.start
        while start is not None:
            start = yield from self._walk_file(start)

    def _walk_file(self, start: str) -> Generator[NodeVersion, None, str | None]:
        """The versions in one file; hands back where to go on in another, None where the thing began."""
        steps = self.repository.history([self.path, *self.csv_paths], commit=start)
        ids: list[str | None] = []
        for step in reversed(steps):
            here = [one.new_id for one in step.changes if one.path == self.path]
            ids.append(here[0] if here else ids[-1] if ids else None)
        contents = iter(list(self.repository.read_blobs(name for name in reversed(ids) if name)))
        last: NodeVersion | None = None
        for step, name in zip(steps, reversed(ids), strict=True):
            version = self._read_version(step.commit, self.path, next(contents)[1] if name else None)
            if version.node is None and version.workspace is not None and version.workspace.broken_files:
                continue  # what cannot be read is no sign that the thing was not there
            if version.node is None and last is not None and last.node is not None:
                elsewhere = self._find_previous_file(last.commit)
                if elsewhere is not None:
                    return elsewhere
            yield version
            last = version
        return self._find_previous_file(last.commit) if last is not None and last.node is not None else None

    def _find_previous_file(self, commit: Commit) -> str | None:
        """The commit before one that brought the thing into its file, if it stood in another file there."""
        if not commit.parents:
            return None
        wants = snapshot.path_filter(self.config.include, self.config.exclude)
        changed = self.repository.diff_files(commit.parents[0], commit.id)
        before = {one.old_path or one.path: one.old_id for one in changed if one.old_id}
        places = [(path, name) for path, name in before.items() if wants(path) and path != self.path]
        for (path, _), (_, data) in zip(places, self.repository.read_blobs(name for _, name in places), strict=True):
            if self._read_version(commit, path, data).node is not None:
                self.path = path
                return commit.parents[0]
        return None

    def _read_version(self, commit: Commit, path: str, data: bytes | None) -> NodeVersion:
        source = decode(path, data) if data and any(name.encode() in data for name in self.ids) else None
        if not isinstance(source, Source):
            return NodeVersion(commit, path, None, None)
        load = snapshot.CommitTree(self.repository, commit.id).read_text if b".csv" in (data or b"") else _empty_text
        around = workspace.assemble_workspace([workspace.read_file(source, self.config)], self.config, load)
        node = next((one for one in self._candidates(around) if one.id in self.ids), None)
        if node is not None:
            self.ids |= _ids(node)
            self.parent_ids = [names | more for names, more in zip(self.parent_ids, _parent_ids(node), strict=True)]
        return NodeVersion(commit, path, node, around)

    def _candidates(self, around: Workspace) -> Iterator[Node]:
        nodes: tuple[Node, ...] = (*around.objectives, *around.key_results, *around.kpi_nodes)
        for one in (node for node in nodes if type(node) is self.kind):
            if all(known & names for known, names in zip(self.parent_ids, _parent_ids(one), strict=True)):
                yield one


def _empty_text(path: str) -> str:
    return ""


def _ids(node: Node) -> set[str]:
    """The ids that a thing has and had."""
    return {name for name in (node.id, node.model.formerly) if name}


def _parent_ids(node: Node) -> list[set[str]]:
    """What a thing is part of, by all the names that it goes by: its period, and a key result's objective."""
    if isinstance(node, Kpi):
        return []
    if isinstance(node, Objective):
        return [{node.period.id}]
    return [{node.period.id}, _ids(node.objective)]


def _workspace_for_score(repository: Repository, version: NodeVersion, now: Workspace) -> Workspace:
    """The workspace that a version's score needs: its file alone, or all files where it uses others."""
    assert version.node is not None and version.workspace is not None
    if is_self_contained(version.node):
        return version.workspace
    return snapshot.load_snapshot(repository, version.commit.id, now.config, [now])


def is_self_contained(node: Node) -> bool:
    """Whether its file alone tells its score."""
    if isinstance(node, Kpi):
        return node.model.formula is None
    results = node.key_results if isinstance(node, Objective) else [node]
    return not any(getattr(one.model, key, None) for one in results for key in ("kpi", "rollup"))


def _score_at(around: Workspace, version: NodeVersion, day_of: ScoringDay) -> Fraction | None:
    node, day = version.node, version.commit.day
    if isinstance(node, Kpi):
        here = around.kpis.get(node.id)
        point = KpiValues(around, day).series(here).newest(day) if here else None
        return point.value if point else None
    assert node is not None
    above = node if isinstance(node, Objective) else node.objective
    ledger = KeyResultValues(around, day_of(node.period, day))
    for there in around.objectives:
        if there.ref != above.ref or not scoring.is_on_scorecard(there, ledger.day):
            continue
        objective = scoring.score_objective(ledger, there)
        if there.ref == node.ref:
            return objective.score
        for one in objective.key_results:
            if one.node.ref == node.ref:
                return one.score
    return None
