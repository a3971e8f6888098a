"""Finds the commits that a person may choose from: branches, the newest commits, and what an address names."""

from __future__ import annotations

from typing import NamedTuple

from okrctl.git import Commit, Repository
from okrctl.git.repository import DATE_PATTERN
from okrctl.operations.load import find_repository, require_repository
from okrctl.operations.project import Project, parse_date
from okrctl.values.errors import NotFoundError, OkrctlError

MAX_COMMITS = 200


class Branch(NamedTuple):
    """A local branch with its newest commit."""

    name: str
    commit: Commit


class Revisions(NamedTuple):
    """The local branches, the one that is checked out first, and the newest commits of what is checked out."""

    branches: list[Branch]
    commits: list[Commit]
    current: str | None = None


def list_revisions(project: Project, most: int = MAX_COMMITS) -> Revisions:
    """Return what there is to choose from; nothing without a repository or before its first commit."""
    repository = find_repository(project)
    if repository is None or repository.head() is None:
        return Revisions([], [])
    current = repository.current_branch()
    found = repository.branches()
    commits = repository.get_commits(branch.commit for branch in found)
    branches = [Branch(branch.name, commits[branch.commit]) for branch in found if branch.commit in commits]
    branches.sort(key=lambda branch: branch.name != current)
    return Revisions(branches, repository.newest_commits(most), current)


def newest_commits(project: Project, most: int = MAX_COMMITS) -> list[Commit]:
    """Return the newest commits of what is checked out; nothing without a repository or before its first commit."""
    repository = find_repository(project)
    return [] if repository is None or repository.head() is None else repository.newest_commits(most)


def find_commit(project: Project, text: str) -> Commit:
    """Return the commit of a revision or date that HEAD or a local branch has in its history.

    What was fetched or thrown away, but belongs to no branch here, is not found: an address shows only what somebody
    who works here has agreed to.
    """
    repository = require_repository(project)
    if DATE_PATTERN.fullmatch(text):
        parse_date(text)
    commit = repository.resolve(text)
    if not repository.is_on_branch(commit.id):
        raise NotFoundError(f"commit {commit.id[:10]} is on no local branch", "choose a commit of a branch")
    return commit


def comparison_of(project: Project, old: Commit, new: Commit) -> str:
    """Return the revisions of a diff: from where the new commit left the old one, as a pull request is shown.

    Where the new commit is the older one, from commit to commit.
    """
    repository = require_repository(project)
    common = _common_ancestor(repository, old, new)
    return f"{old.id}..{new.id}" if common in (None, old.id, new.id) else f"{common}..{new.id}"


def _common_ancestor(repository: Repository, old: Commit, new: Commit) -> str | None:
    try:
        return repository.merge_base(old.id, new.id)
    except OkrctlError:
        return None
