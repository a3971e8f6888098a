"""Finds by itself the commit that a pull request is compared with: on GitHub, on GitLab, and at home."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from okrctl.git.commits import Commit
from okrctl.git.repository import ID, Repository

Environment = Mapping[str, str]


class Base(NamedTuple):
    """The commit to compare with; `reason` says how it was found, or why there is none, and `hint` how to get it."""

    commit: Commit | None
    reason: str
    hint: str = ""


class Place(NamedTuple):
    """Where a pipeline runs: what it tells of the base, and what to do where that is not enough."""

    applies: Callable[[Environment], bool]
    find: Callable[[Repository, Commit, Environment], Base | None]
    hint: str


def pull_request_base(repository: Repository, environment: Environment) -> Base:
    """The base of the change that is checked out; never an error, since all else can be checked without one."""
    head = repository.head()
    if head is None:
        return Base(None, "the repository has no commit yet", "git commit makes the first one")
    place = next(place for place in (GITHUB, GITLAB, HOME) if place.applies(environment))
    found = place.find(repository, head, environment)
    if found:
        return found
    if repository.shallow:
        return Base(None, "the shallow clone does not reach back to the base", place.hint)
    return Base(None, "no base branch is known here", "name the base: --base REV")


def _on_github(repository: Repository, head: Commit, environment: Environment) -> Base | None:
    requested = environment.get("GITHUB_EVENT_NAME") == "pull_request"
    # Only the merge commit that GitHub made for the run: a branch may have merges of its own.
    if requested and head.id == environment.get("GITHUB_SHA") and len(head.parents) == 2:
        return _known(repository, head.parents[0], "the first parent of the merge commit")
    event = _event(environment)
    announced = _text(event, "pull_request", "base", "sha") or _text(event, "merge_group", "base_sha")
    target = _tracked(environment.get("GITHUB_BASE_REF"))
    if not announced and not target:
        return _at_home(repository, head, environment)
    return (
        _fork(repository, head, announced, "where the pull request began")
        or _fork(repository, head, target, "where the pull request began")
        or _known(repository, announced, "the base that the event names")
    )


def _on_gitlab(repository: Repository, head: Commit, environment: Environment) -> Base | None:
    merged = environment.get("CI_MERGE_REQUEST_EVENT_TYPE") in ("merged_result", "merge_train")
    if merged and len(head.parents) == 2:
        return _known(repository, head.parents[0], "the first parent of the merge commit")
    announced = environment.get("CI_MERGE_REQUEST_DIFF_BASE_SHA")
    target = _tracked(environment.get("CI_MERGE_REQUEST_TARGET_BRANCH_NAME"))
    if not announced and not target:
        return _at_home(repository, head, environment)
    found = _known(repository, announced, "the base of the merge request")
    return found or _fork(repository, head, target, "where the merge request began")


def _at_home(repository: Repository, head: Commit, environment: Environment) -> Base | None:
    for name in MAIN_LINES:
        if found := _fork(repository, head, name, f"where the work left {name.split('/', 2)[2]}"):
            return found
    return None


def _known(repository: Repository, text: str | None, reason: str) -> Base | None:
    name = repository.id_of(text) if text and ID.fullmatch(text) else None
    return Base(repository.commit_of(name), reason) if name else None


def _fork(repository: Repository, head: Commit, text: str | None, reason: str) -> Base | None:
    name = repository.id_of(text) if text else None
    common = repository.merge_base(name, head.id) if name else None
    return Base(repository.commit_of(common), reason) if common else None


def _tracked(branch: str | None) -> str | None:
    return f"refs/remotes/origin/{branch}" if branch else None


def _event(environment: Environment) -> Any:
    """GitHub's description of what started the run; None where there is none that can be read."""
    import json

    try:
        return json.loads(Path(environment.get("GITHUB_EVENT_PATH", "")).read_bytes())
    except (OSError, ValueError, RecursionError):
        return None


def _text(data: Any, *keys: str) -> str | None:
    for key in keys:
        data = data.get(key) if isinstance(data, dict) else None
    return data if isinstance(data, str) and ID.fullmatch(data) else None


MAIN_LINES = (
    "refs/remotes/origin/HEAD",
    "refs/remotes/origin/main",
    "refs/remotes/origin/master",
    "refs/heads/main",
    "refs/heads/master",
)


def _says_true(name: str) -> Callable[[Environment], bool]:
    return lambda environment: environment.get(name) == "true"


GITHUB = Place(_says_true("GITHUB_ACTIONS"), _on_github, "actions/checkout with fetch-depth: 2 brings it")
GITLAB = Place(_says_true("GITLAB_CI"), _on_gitlab, "the variable GIT_DEPTH: 0 brings it")
HOME = Place(lambda environment: True, _at_home, "git fetch --unshallow brings it")
