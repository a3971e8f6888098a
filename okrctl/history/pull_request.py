"""Prepares what the rules on changes look at: the files here, held against the commit that they set out from."""

from __future__ import annotations

import re
from collections.abc import Callable, Set
from datetime import date
from functools import cache

from okrctl.git import Commit, FileChange, Repository
from okrctl.history import diff, snapshot
from okrctl.history.diff import Comparison
from okrctl.workspace import Workspace

SEAL_PATH = re.compile(r"scorecards/([^/]+)\.json")
REOPENED_SEAL_PATH = re.compile(r"scorecards/reopened/([^/]+)\.\d+\.json")


def find_fork_point(repository: Repository, base: Commit) -> Commit:
    """Where the files here parted from a base; the base itself where that is not known here."""
    head = repository.head()
    common = repository.merge_base(base.id, head.id) if head else None
    return repository.get_commit(common) if common else base


def compare_with_base(repository: Repository, base: Commit, new: Workspace, today: date) -> Comparison:
    """The comparison of the files here with a commit; the day is that of the last commit, today where more changed."""
    old = snapshot.load_snapshot(repository, base.id, known=[new])
    head = repository.head()
    wants = snapshot.path_filter(new.config.include, new.config.exclude)
    settled = head is not None and not repository.diff_files("HEAD", None, wants)
    seals = repository.diff_files(base.id, None, lambda path: path.startswith("scorecards/"))
    opened = {found[1] for one in seals if (found := REOPENED_SEAL_PATH.fullmatch(one.path)) and one.status in "AR"}
    sealed = {name for name in sealed_periods(repository, base) if name not in opened}
    return Comparison(
        old,
        new,
        _readable_changes(diff.compare(old, new), old, new),
        head.day if head is not None and settled else today,
        frozenset(sealed),
        tuple(sorted(path for one in seals for path in _broken_seals(one, sealed))),
        _author_lookup(repository, base),
    )


def _readable_changes(found: list[diff.Change], old: Workspace, new: Workspace) -> list[diff.Change]:
    """The changes but for those of files that cannot be read in one of the states: nobody knows what they say."""
    broken = {file.path for one in (old, new) for file, _ in one.broken_files}
    return [
        one for one in found
        if one.path not in broken and not any(node and node.file.path in broken for node in (one.before, one.after))
    ]  # fmt: skip


def sealed_periods(repository: Repository, commit: Commit) -> frozenset[str]:
    """The periods whose seal a commit holds."""
    listing = repository.list_files(commit.id, lambda path: SEAL_PATH.fullmatch(path) is not None)
    return frozenset(found[1] for path in listing if (found := SEAL_PATH.fullmatch(path)))


def _broken_seals(one: FileChange, sealed: Set[str]) -> list[str]:
    """The path of a seal that is not what it was; a new seal is none."""
    path = one.old_path or one.path
    found = SEAL_PATH.fullmatch(path)
    return [path] if one.status != "A" and found and found[1] in sealed else []


def _author_lookup(repository: Repository, base: Commit) -> Callable[[str], frozenset[tuple[str, str]]]:
    @cache
    def of(path: str) -> frozenset[tuple[str, str]]:
        before = {step.commit.id for step in repository.history([path], commit=base.id, first_parents=False)}
        since = repository.history([path], first_parents=False)
        return frozenset((one.commit.author, one.commit.email) for one in since if one.commit.id not in before)

    return of
