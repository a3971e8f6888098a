"""The comparison of a pull request with its base, for the rules on changes."""

from __future__ import annotations

import re
from collections.abc import Callable, Set
from datetime import date
from functools import cache

from okrctl.git import Commit, FileChange, Repository
from okrctl.history import diff, snapshot
from okrctl.history.diff import Comparison
from okrctl.history.lineage import trace_refs
from okrctl.values.path_filters import IncludedPaths, PathsBelow
from okrctl.workspace import Workspace

SEALS = PathsBelow(["scorecards"])
SEAL_PATH = re.compile(r"scorecards/([^/]+)\.json")
REOPENED_SEAL_PATH = re.compile(r"scorecards/reopened/([^/]+)\.\d+\.json")


def find_fork_point(repository: Repository, base: Commit) -> Commit:
    """The commit where HEAD forked from a base; the base itself where this is not known here."""
    head = repository.head()
    common = repository.merge_base(base.id, head.id) if head else None
    return repository.get_commit(common) if common else base


def compare_with_base(repository: Repository, base: Commit, new: Workspace, today: date) -> Comparison:
    """The comparison of the files on disk with a commit.

    Its day is that of HEAD, or today if files were changed since.
    """
    old = snapshot.load_snapshot(repository, base.id, known=[new])
    later = trace_refs(repository, old, new, (base.id, None))
    head = repository.head()
    wants = IncludedPaths(new.config.include, new.config.exclude)
    is_committed = head is not None and not repository.diff_files("HEAD", None, wants)
    seal_changes = repository.diff_files(base.id, None, SEALS)
    reopened = {
        match[1]
        for change in seal_changes
        if (match := REOPENED_SEAL_PATH.fullmatch(change.path)) and change.status in "AR"
    }
    sealed = sealed_periods(repository, base) - reopened
    return Comparison(
        old,
        new,
        _readable_changes(diff.compare(old, new, later=later), old, new),
        head.day if head is not None and is_committed else today,
        frozenset(sealed),
        tuple(sorted(path for change in seal_changes for path in _broken_seals(change, sealed))),
        _author_lookup(repository, base),
    )


def _readable_changes(changes: list[diff.Change], old: Workspace, new: Workspace) -> list[diff.Change]:
    """The changes except those in files that cannot be read in one of the states, whose content is unknown."""
    broken = {file.path for state in (old, new) for file, _ in state.broken_files}
    return [
        change for change in changes
        if change.path not in broken
        and not any(node and node.file.path in broken for node in (change.before, change.after))
    ]  # fmt: skip


def sealed_periods(repository: Repository, commit: Commit) -> frozenset[str]:
    """The periods that are sealed in a commit."""
    paths = repository.list_files(commit.id, SEALS)
    return frozenset(match[1] for path in paths if (match := SEAL_PATH.fullmatch(path)))


def _broken_seals(change: FileChange, sealed: Set[str]) -> list[str]:
    """The path of a changed or deleted seal; empty for a new one."""
    path = change.old_path or change.path
    match = SEAL_PATH.fullmatch(path)
    return [path] if change.status != "A" and match and match[1] in sealed else []


def _author_lookup(repository: Repository, base: Commit) -> Callable[[str], frozenset[tuple[str, str]]]:
    @cache
    def authors_of(path: str) -> frozenset[tuple[str, str]]:
        return repository.authors_since(base.id, path)

    return authors_of
