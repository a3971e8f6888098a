"""Brings the branch of a clone and its upstream branch together: fetches, puts unpushed commits on top, and pushes.

How it works. The commits that are not pushed are picked onto the upstream branch one by one, in a work tree of their
own (`git/rebase.py`); what both sides changed is merged as goals. Then the branch and the files move there at once
(`transaction.move_branch`). A commit with a conflict that a person must decide is left out, and kept under a ref.

Why not simpler. `git rebase` in the real work tree stands half-way while it runs, and after a kill. A merge would be
faster, but its first parent would be ours, and the first parents of the branch are what everybody agreed to.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence, Set
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from okrctl.check.finding import Context
from okrctl.git import Repository, rebase, require_finished, upstream
from okrctl.git.branch_move import BranchMove
from okrctl.git.rebase import RebaseTree
from okrctl.git.upstream import Upstream
from okrctl.git.worktree import list_changes
from okrctl.history.snapshot import load_snapshot
from okrctl.merge.result import LeftConflict
from okrctl.operations.load import require_repository
from okrctl.operations.merge import MergeRequest, merge_work_tree
from okrctl.operations.merge_file import FindingKey, error_keys, new_errors
from okrctl.operations.merge_install import attribute_lines, csv_paths
from okrctl.operations.project import Project
from okrctl.operations.transaction import hold_lock, lock_descriptor, move_branch
from okrctl.schema.settings import SETTINGS_PATH
from okrctl.values.diagnostic import Diagnostic
from okrctl.values.errors import GitError, OkrctlError, RefusedError
from okrctl.values.path_filters import IncludedPaths
from okrctl.workspace import Workspace, disk

MAX_TRIES = 5
UNTRACKED = "??"


@dataclass(frozen=True, slots=True)
class SyncConflict:
    """A value that the upstream branch and a commit of this clone changed in different ways.

    `ref` is the goal (or the file, where it is none), `field` the value in it, empty for the goal itself. `theirs` is
    the value of the upstream branch, last changed by `author`, `ours` that of the commit; both are plain data, None for
    nothing. `text` says all of it in words.
    """

    path: str
    ref: str
    field: str
    theirs: Any
    ours: Any
    author: str | None
    text: str


@dataclass(frozen=True, slots=True)
class TakenBack:
    """A commit that is no longer on the branch, since a person must decide its conflicts; `kept_ref` keeps it."""

    commit: str
    kept_ref: str
    subject: str
    author: str
    day: date
    conflicts: tuple[SyncConflict, ...]


@dataclass(frozen=True, slots=True)
class SyncResult:
    """What became of a sync.

    `is_pushed`: the upstream branch has all commits of this clone. Where it has not, `reason` says why in one line, and
    `unpushed` counts the commits that the next sync tries again. `is_moved`: the files of this clone have changed.
    """

    is_fetched: bool
    is_pushed: bool
    reason: str = ""
    is_moved: bool = False
    unpushed: int = 0
    taken_back: tuple[TakenBack, ...] = ()


def require_syncable(project: Project) -> Upstream:
    """Return the upstream of the branch that is checked out.

    Raises OkrctlError where there is none, in the middle of a merge or the like, and where files have changes.
    """
    repository = require_repository(project)
    if repository.work_tree is None:
        raise GitError("a bare repository has no files to sync", "use a clone of it")
    with hold_lock(project):
        require_finished(repository, "sync")
        found = upstream.find_upstream(repository)
        _require_unchanged(project, repository)
        return found


def _require_unchanged(project: Project, repository: Repository) -> None:
    """Raise RefusedError where a file of the repository has changes, or one of the workspace is new."""
    config, _ = disk.read_settings(project.root)
    wants = IncludedPaths((*config.include, SETTINGS_PATH), config.exclude)
    for code, path in list_changes(repository.runner):
        is_inside = path.startswith(repository.prefix) and wants(path.removeprefix(repository.prefix))
        if code == UNTRACKED and is_inside:
            raise RefusedError(f"cannot sync: {path} is not committed", "commit it, or move it away", path=path)
        if code != UNTRACKED:
            what = "staged changes" if code[1] == " " else "uncommitted changes"
            raise RefusedError(f"cannot sync: {path} has {what}", "commit them, or undo them", path=path)


def sync(project: Project, followed: Upstream) -> SyncResult:
    """Fetch the upstream branch, put the unpushed commits on top of it, and push them.

    Where the remote does not answer or refuses them, they stay here, and the result says why. Raises OkrctlError, with
    everything as before, where the clone is not as `require_syncable` wants it.
    """
    repository = require_repository(project)
    start = repository.find_commit_id("HEAD")
    taken: list[TakenBack] = []
    tip, refusal = "", ""

    def result(reason: str = "", is_fetched: bool = True) -> SyncResult:
        head = repository.find_commit_id("HEAD")
        unpushed = _count_unpushed(repository, followed) if reason else 0
        return SyncResult(is_fetched, not reason, reason, head != start, unpushed, tuple(taken))

    for _ in range(MAX_TRIES):
        if problem := upstream.fetch(repository, followed):
            return result(f"cannot fetch from {followed.remote}: {problem}", is_fetched=False)
        known, tip = tip, upstream.upstream_tip(repository, followed)
        if refusal and tip == known:  # nobody was faster: the remote does not want them
            return result(f"cannot push to {followed.name}: {refusal}")
        try:
            head = _integrate(project, repository, followed, tip, taken)
        except OkrctlError as error:
            if not taken:
                raise
            return result(error.message)  # in a later try; what an earlier one took back must be told
        refusal = (head != tip and upstream.push(repository, followed, head)) or ""
        if not refusal:
            return result()
    return result(f"cannot push to {followed.name}: somebody else was faster {MAX_TRIES} times")


def _count_unpushed(repository: Repository, followed: Upstream) -> int:
    tip = repository.find_commit_id(followed.ref)
    return len(rebase.unpushed_commits(repository, tip)) if tip is not None else 0


def _integrate(
    project: Project, repository: Repository, followed: Upstream, tip: str, taken: list[TakenBack]
) -> str:  # fmt: skip
    """Put the unpushed commits on top of a commit of the upstream branch; returns the commit to push.

    Commits that are taken back are added to `taken`.
    """
    with hold_lock(project):
        if require_syncable(project) != followed:
            raise RefusedError(f"cannot sync: {followed.branch} is not checked out", "check it out again")
        rebase.remove_rebase_tree(repository)
        head = repository.find_commit_id("HEAD")
        assert head is not None
        if lost := rebase.lost_commit(repository, followed):
            hint = f"if that is right, run git rebase --onto {followed.name} {lost[:10]}; else push it again"
            raise RefusedError(
                f"cannot sync: {followed.name} no longer has commit {lost[:10]}, which {followed.branch} has", hint
            )
        if rebase.continues_line(repository, tip):
            return head
        new, kept = tip, list[TakenBack]()
        if commits := rebase.unpushed_commits(repository, tip):
            rebase.forget_present(repository)  # of a run that was killed, or refused, before the branch moved
            rebased = _Rebase(project, repository, followed, tip)
            new = rebased.run(commits)
            kept = [_take_back(repository, commit, found) for commit, found in rebased.conflicts.items() if found]
        move_branch(project, repository, BranchMove(followed.head, head, new))
        taken += kept
        return new


class _Rebase:
    """The unpushed commits on top of the upstream branch; those that need a decision are left out."""

    def __init__(self, project: Project, repository: Repository, followed: Upstream, tip: str) -> None:
        self.project = project
        self.repository = repository
        self.followed = followed
        self.tip = tip
        self.conflicts: dict[str, list[SyncConflict]] = {}
        self.config, _ = disk.read_settings(project.root)

    def run(self, commits: Sequence[str]) -> str:
        """Put the commits on top; returns the last one that is made.

        Goals of different files may contradict each other without a conflict of texts, as where one commit removes a
        KPI and another one refers to it. So the result is checked, and only where it has an error that neither side
        had, each commit is checked, which takes longer.
        """
        goals = attribute_lines(self.config, csv_paths(self.project), self.repository.prefix)
        with rebase.open_rebase_tree(self.repository, self.tip, goals, lock_descriptor(self.project)) as tree:
            self._pick_all(tree, commits)
            known = {key for commit in (self.tip, "HEAD") for key in error_keys(*self._load(commit))}
            if new_errors(*self._load(tree.head()), known):
                tree.reset(self.tip)
                self._pick_all(tree, commits, known)
            return tree.head()

    def _pick_all(self, tree: RebaseTree, commits: Sequence[str], known: Set[FindingKey] | None = None) -> None:
        for commit in commits:
            before = tree.head()
            found = self._pick(tree, commit)
            if known is not None and not found and tree.head() != before:
                found = [self._graph_conflict(error) for error in new_errors(*self._load(tree.head()), known)]
            if found:
                tree.reset(before)
            self.conflicts[commit] = found

    def _pick(self, tree: RebaseTree, commit: str) -> list[SyncConflict]:
        if not tree.pick(commit):
            return []
        conflicts = list(self._merge_goals(tree))
        named = {conflict.path for conflict in conflicts}
        conflicts += [self._text_conflict(path) for path in tree.unmerged_paths() if path not in named]
        if not conflicts:
            tree.commit(commit)
        return conflicts

    def _merge_goals(self, tree: RebaseTree) -> Iterator[SyncConflict]:
        """Merge the goal files in conflict; yield what is left to a person."""
        own = Project(tree.folder / self.repository.prefix, self.project.environment, uses_cache=False)
        try:
            merged = merge_work_tree(own, MergeRequest(force=True))
        except OkrctlError:  # the files are left in conflict, and named as such
            return
        for left in merged.left:
            yield self._conflict(left)

    def _conflict(self, left: LeftConflict) -> SyncConflict:
        """A conflict of the merge, whose own side was the upstream branch."""
        found = left.conflict
        path, text = self.repository.prefix + found.path, left.describe((self.followed.name, "this clone"))
        return SyncConflict(path, found.ref, found.field, found.ours, found.theirs, left.authors[0], text)

    def _text_conflict(self, path: str) -> SyncConflict:
        what = f"{path} was changed in {self.followed.name} and in this clone; it cannot be merged automatically"
        return SyncConflict(path, path, "", None, None, None, what)

    def _graph_conflict(self, error: Diagnostic) -> SyncConflict:
        path = self.repository.prefix + error.path
        text = f"together with {self.followed.name}: {error.message}"
        return SyncConflict(path, error.ref or path, "", None, None, None, text)

    def _load(self, commit: str) -> tuple[Workspace, Context]:
        name = self.repository.find_commit_id(commit)
        assert name is not None
        loaded = load_snapshot(self.repository, name)
        return loaded, Context(loaded.config, self.project.today, frozenset())


def _take_back(repository: Repository, commit: str, conflicts: list[SyncConflict]) -> TakenBack:
    note = json.dumps([asdict(conflict) for conflict in conflicts], ensure_ascii=False)
    ref = rebase.keep_commit(repository, commit, note)
    return _taken_back(repository, commit, ref, conflicts)


def _taken_back(repository: Repository, commit: str, ref: str, conflicts: list[SyncConflict]) -> TakenBack:
    found = repository.get_commit(commit)
    return TakenBack(commit, ref, found.subject, found.author, found.own_day, tuple(conflicts))


def list_taken_back(project: Project) -> list[TakenBack]:
    """Return the commits that were taken back and wait for a decision."""
    repository = require_repository(project)
    kept = rebase.list_kept(repository)
    notes = [[SyncConflict(**conflict) for conflict in json.loads(each.note)] for each in kept]
    return [_taken_back(repository, each.commit, each.ref, note) for each, note in zip(kept, notes, strict=True)]


def forget_taken_back(project: Project, kept_ref: str) -> None:
    """Forget a commit that was taken back, once a person has decided. Raises NotFoundError for an unknown ref."""
    rebase.forget_commit(require_repository(project), kept_ref)
