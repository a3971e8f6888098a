"""The log of one objective, key result or KPI: its changes through the versions of its file, across renames and moves.

The walk goes from commit to commit along the first parents, backwards, through the file that holds the node. Only this
file is read in each commit, since reading every file of every commit would take minutes in a large workspace. Where the
file no longer has the node, the other files that this commit changed are searched for it, and the walk goes on there.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from functools import cache
from typing import Any

from okrctl import scoring, workspace
from okrctl.git import Commit, CommitChanges, Repository
from okrctl.git.repository import UNSHALLOW_HINT
from okrctl.history import diff, snapshot
from okrctl.history.diff import Change, identity
from okrctl.history.diff.change import Node
from okrctl.history.diff.direction import affects_score
from okrctl.kpis.series import KpiValues
from okrctl.scoring.values import KeyResultValues
from okrctl.values.errors import GitError
from okrctl.values.path_filters import IncludedPaths
from okrctl.values.period import Period
from okrctl.values.precision import DEFAULT_PRECISION, Precision
from okrctl.workspace import KeyResult, Kpi, Objective, Workspace
from okrctl.yaml import Source, decode

ScoringDay = Callable[[Period, date], date]
"""The day on which a period is scored, given the day of a commit."""


@dataclass(frozen=True, slots=True)
class LogEntry:
    """One change of one field by one commit; `field` is None where the node itself was added or removed."""

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
    """The changes of one node, newest first, and its score from commit to commit, oldest first."""

    ref: str
    title: str
    unit: str | None
    entries: list[LogEntry] = field(default_factory=list)
    scores: list[ScoreAtCommit] = field(default_factory=list)
    precision: Precision = DEFAULT_PRECISION
    problem: str = ""  # why older commits are not known


@dataclass(frozen=True, slots=True)
class NodeVersion:
    """A node as one commit left it, in a workspace of its file alone; None where that commit does not have it."""

    step: CommitChanges
    path: str
    node: Node | None
    workspace: Workspace | None

    @property
    def commit(self) -> Commit:
        """The commit of the workspace's repository."""
        return self.step.commit


def build_log(
    repository: Repository, now: Workspace, node: Node, commit: str | None, day_of: ScoringDay, *,
    with_scores: bool = True,
) -> NodeLog:  # fmt: skip
    """The log of a node of the workspace up to a commit (default: HEAD). Uncommitted changes are not part of it.

    The scores take a while where they need other files than that of the node.
    """
    log = NodeLog(node.ref, node.model.title or node.id, now.unit(node) if isinstance(node, KeyResult) else None)
    log.precision = now.config.precision
    versions = list(_VersionWalker(repository, now, node, commit or "HEAD").walk())
    if not any(version.node for version in versions):
        raise GitError(f"{node.ref} is not committed yet", "commit it with git commit to start its history")
    ends = repository.shallow_ends()
    for version, before in zip(versions, [*versions[1:], None], strict=True):
        if before is None and version.commit.id in ends:  # it has the node, but need not have brought it
            log.problem = f"commits before {version.commit.id[:10]} are missing; {UNSHALLOW_HINT}"
        else:
            log.entries += _log_entries(_Makers(repository, version), version, before)
    for version in reversed(versions) if with_scores else ():
        if version.node is not None:
            surrounding = _workspace_for_score(repository, version, now)
            newest = _Makers(repository, version).newest
            log.scores.append(ScoreAtCommit(newest, _score_at(surrounding, version, day_of)))
    return log


class _Makers:
    """Who made the changes of one version: its commit, or those of a submodule that it pins."""

    def __init__(self, repository: Repository, version: NodeVersion) -> None:
        self.repository = repository
        self.version = version
        changed = [change.path for change in version.step.changes]
        path = version.path if version.path in changed or not changed else changed[0]
        self.commits_of = cache(lambda path: repository.commits_of(version.step, path))
        self.newest = self.commits_of(path)[0]

    def maker_of(self, change: Change) -> Commit:
        """The commit that made a change: of several, the one that its line comes from, else the newest."""
        path, line = _place_of(change)
        commits = self.commits_of(path) if any(path == each.path for each in self.version.step.changes) else []
        if len(commits) > 1:
            lines = self.repository.blame_lines(path, commit=self.version.commit.id)
            name = lines[line - 1] if 0 < line <= len(lines) else None
            commits = [commit for commit in commits if commit.id == name] or commits
        return commits[0] if commits else self.newest


def _place_of(change: Change) -> tuple[str, int]:
    """The file and the line of what a change says, which is in a CSV file for readings in one."""
    node = change.after
    if isinstance(node, KeyResult | Kpi) and node.csv is not None and (change.field or "").startswith("readings"):
        day = (change.field or "").removeprefix("readings.")
        return node.csv.path, next((each.line or 0 for each in node.readings if str(each.day) == day), 0)
    return change.path, change.line


def _log_entries(makers: _Makers, version: NodeVersion, before: NodeVersion | None) -> Iterator[LogEntry]:
    """The changes from one version to the next; for an objective also its added and removed key results."""
    old, new = before.node if before else None, version.node
    if new is not None and old is not None and before is not None:
        assert before.workspace is not None and version.workspace is not None
        refs = identity.new_refs(identity.pair_nodes(before.workspace, version.workspace))
        changes = diff.compare_node(before.workspace, version.workspace, old, new, refs=refs)
        yield from (_log_entry(makers.maker_of(change), change) for change in changes)
        yield from _key_result_entries(makers.newest, old, new)
    elif new is not None:
        effect = "tightened" if before and isinstance(new, KeyResult) and affects_score(new) else None
        yield LogEntry(makers.newest, new.ref, None, None, new.model.title, effect)
    elif old is not None:
        yield LogEntry(makers.newest, old.ref, None, old.model.title, None, None)


def _log_entry(commit: Commit, change: Change) -> LogEntry:
    return LogEntry(commit, change.ref, change.field, change.old, change.new, change.effect)


def _key_result_entries(commit: Commit, old: Node, new: Node) -> Iterator[LogEntry]:
    if not isinstance(old, Objective) or not isinstance(new, Objective):
        return
    _, pairs = identity.pair_goals([old], [new])
    for before, after in pairs:
        if after is not None and before is None:
            yield LogEntry(commit, after.ref, None, None, after.model.title, None)
        elif before is not None and after is None:
            yield LogEntry(commit, before.ref, None, before.model.title, None, None)


class _VersionWalker:
    """The versions of a node, newest first: in its file, and before that in the file that it came from."""

    def __init__(self, repository: Repository, now: Workspace, node: Node, start: str) -> None:
        self.repository = repository
        self.config = now.config
        self.index = now.index
        self.start = start
        self.path = node.file.path
        self.csv_paths = [] if isinstance(node, Objective) or node.csv is None else [node.csv.path]
        # The oldest version seen so far, to which the next older one is compared.
        self.node = node
        self.workspace = now

    def walk(self) -> Iterator[NodeVersion]:
        """Each version, back to the commit that added the node."""
        start: str | None = self.start
        while start is not None:
            start = yield from self._walk_file(start)

    def _walk_file(self, start: str) -> Generator[NodeVersion, None, str | None]:
        """The versions in one file; returns the commit from which another file goes on, None at the beginning."""
        last: NodeVersion | None = None  # the last one, if it has the node
        for step, data in self._file_versions(start):
            version = self._read_version(step, self.path, data)
            if version.node is None and version.workspace is not None and version.workspace.broken_files:
                continue  # the node may be in the file, which cannot be read
            if version.node is None and last is not None:
                start_elsewhere = self._find_previous_file(last.commit)
                if start_elsewhere is not None:
                    return start_elsewhere
            yield version
            last = version if version.node is not None else None
        return self._find_previous_file(last.commit) if last is not None else None

    def _file_versions(self, start: str) -> Iterator[tuple[CommitChanges, bytes | None]]:
        """The commits that changed the file or the CSV files of the node, newest first, with the file's contents."""
        steps = self.repository.history([self.path, *self.csv_paths], commit=start)
        blobs: list[str | None] = []
        for step in reversed(steps):
            changed = [change.new_id for change in step.changes if change.path == self.path]
            blobs.append(changed[0] if changed else blobs[-1] if blobs else None)
        contents = iter(list(self.repository.read_blobs(blob for blob in reversed(blobs) if blob)))
        for step, blob in zip(steps, reversed(blobs), strict=True):
            yield step, next(contents)[1] if blob else None

    def _find_previous_file(self, commit: Commit) -> str | None:
        """The parent of a commit that moved the node here from another file; None where it was in no other file."""
        if not commit.parents:
            return None
        wants = IncludedPaths(self.config.include, self.config.exclude)
        changes = self.repository.diff_files(commit.parents[0], commit.id, wants)
        before = {change.old_path or change.path: change.old_id for change in changes if change.old_id}
        candidates = [(path, blob) for path, blob in before.items() if wants(path) and path != self.path]
        contents = self.repository.read_blobs(blob for _, blob in candidates)
        for (path, _), (_, data) in zip(candidates, contents, strict=True):
            if self._read_version(CommitChanges(commit, ()), path, data).node is not None:
                self.path = path
                return commit.parents[0]
        return None

    def _read_version(self, step: CommitChanges, path: str, data: bytes | None) -> NodeVersion:
        # A goal may have had another id without a word about it, so a word of its title will do.
        word = max((self.node.model.title or "").split(), key=len, default="")
        names = [name for name in (self.node.id, self.node.model.formerly, word) if name]
        source = decode(path, data) if data and any(name.encode() in data for name in names) else None
        if not isinstance(source, Source):
            return NodeVersion(step, path, None, None)
        load = (
            snapshot.CommitTree(self.repository, step.commit.id).read_text if b".csv" in (data or b"") else _empty_text
        )
        older = workspace.build_workspace([source], self.config, load, index=self.index)
        node = identity.find_old(self.node, older, self.workspace)
        if node is not None:
            self.node, self.workspace = node, older
        return NodeVersion(step, path, node, older)


def _empty_text(path: str) -> str:
    return ""


def _workspace_for_score(repository: Repository, version: NodeVersion, now: Workspace) -> Workspace:
    """The workspace for the score of a version: its file alone, or all files where the score needs others."""
    assert version.node is not None and version.workspace is not None
    if is_self_contained(version.node):
        return version.workspace
    return snapshot.load_snapshot(repository, version.commit.id, now.config, [now])


def is_self_contained(node: Node) -> bool:
    """Whether the score of a node follows from its file alone."""
    if isinstance(node, Kpi):
        return node.model.formula is None
    results = node.key_results if isinstance(node, Objective) else [node]
    return not any(getattr(result.model, key, None) for result in results for key in ("kpi", "rollup"))


def _score_at(surrounding: Workspace, version: NodeVersion, day_of: ScoringDay) -> Fraction | None:
    node, day = version.node, version.commit.day
    if isinstance(node, Kpi):
        kpi = surrounding.kpis.get(node.id)
        point = KpiValues(surrounding, day).series(kpi).newest(day) if kpi else None
        return point.value if point else None
    assert node is not None
    ref = node.ref if isinstance(node, Objective) else node.objective.ref
    values = KeyResultValues(surrounding, day_of(node.period, day))
    for candidate in surrounding.objectives:
        if candidate.ref != ref or not scoring.is_on_scorecard(candidate, values.day):
            continue
        objective = scoring.score_objective(values, candidate)
        if candidate.ref == node.ref:
            return objective.score
        for result in objective.key_results:
            if result.node.ref == node.ref:
                return result.score
    return None
