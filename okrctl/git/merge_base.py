"""Finds by itself the commit that a pull request is compared with: on GitHub, on GitLab, and at home."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from okrctl.git.commits import Commit
from okrctl.git.repository import OBJECT_ID, Repository

Environment = Mapping[str, str]


class PullRequestBase(NamedTuple):
    """The commit to compare with; `reason` says how it was found, or why there is none, and `hint` how to get it."""

    commit: Commit | None
    reason: str
    hint: str = ""


class CiProvider(NamedTuple):
    """Where a pipeline runs: what it tells of the base, and what to do where that is not enough."""

    applies: Callable[[Environment], bool]
    find: Callable[[Repository, Commit, Environment], PullRequestBase | None]
    hint: str


def find_pull_request_base(repository: Repository, environment: Environment) -> PullRequestBase:
    """The base of the change that is checked out; never an error, since all else can be checked without one."""
    head = repository.head()
    if head is None:
        return PullRequestBase(None, "the repository has no commit yet", "git commit makes the first one")
    place = next(place for place in (GITHUB, GITLAB, LOCAL) if place.applies(environment))
    found = place.find(repository, head, environment)
    if found:
        return found
    if repository.shallow:
        return PullRequestBase(None, "the shallow clone does not reach back to the base", place.hint)
    return PullRequestBase(None, "no base branch is known here", "name the base: --base REV")


def _find_on_github(repository: Repository, head: Commit, environment: Environment) -> PullRequestBase | None:
    requested = environment.get("GITHUB_EVENT_NAME") == "pull_request"
    # Only the merge commit that GitHub made for the run: a branch may have merges of its own.
    if requested and head.id == environment.get("GITHUB_SHA") and len(head.parents) == 2:
        return _base_at(repository, head.parents[0], "the first parent of the merge commit")
    event = _read_event(environment)
    announced = _commit_id_at(event, "pull_request", "base", "sha") or _commit_id_at(event, "merge_group", "base_sha")
    target = _tracking_ref(environment.get("GITHUB_BASE_REF"))
    if not announced and not target:
        return _find_locally(repository, head, environment)
    return (
        _base_at_fork(repository, head, announced, "where the pull request began")
        or _base_at_fork(repository, head, target, "where the pull request began")
        or _base_at(repository, announced, "the base that the event names")
    )


def _find_on_gitlab(repository: Repository, head: Commit, environment: Environment) -> PullRequestBase | None:
    merged = environment.get("CI_MERGE_REQUEST_EVENT_TYPE") in ("merged_result", "merge_train")
    if merged and len(head.parents) == 2:
        return _base_at(repository, head.parents[0], "the first parent of the merge commit")
    announced = environment.get("CI_MERGE_REQUEST_DIFF_BASE_SHA")
    target = _tracking_ref(environment.get("CI_MERGE_REQUEST_TARGET_BRANCH_NAME"))
    if not announced and not target:
        return _find_locally(repository, head, environment)
    found = _base_at(repository, announced, "the base of the merge request")
    return found or _base_at_fork(repository, head, target, "where the merge request began")


def _find_locally(repository: Repository, head: Commit, environment: Environment) -> PullRequestBase | None:
    for name in MAIN_BRANCHES:
        if found := _base_at_fork(repository, head, name, f"where the work left {name.split('/', 2)[2]}"):
            return found
    return None


def _base_at(repository: Repository, text: str | None, reason: str) -> PullRequestBase | None:
    name = repository.find_commit_id(text) if text and OBJECT_ID.fullmatch(text) else None
    return PullRequestBase(repository.get_commit(name), reason) if name else None


def _base_at_fork(repository: Repository, head: Commit, text: str | None, reason: str) -> PullRequestBase | None:
    name = repository.find_commit_id(text) if text else None
    common = repository.merge_base(name, head.id) if name else None
    return PullRequestBase(repository.get_commit(common), reason) if common else None


def _tracking_ref(branch: str | None) -> str | None:
    return f"refs/remotes/origin/{branch}" if branch else None


def _read_event(environment: Environment) -> Any:
    """GitHub's description of what started the run; None where there is none that can be read."""
    import json

    try:
        return json.loads(Path(environment.get("GITHUB_EVENT_PATH", "")).read_bytes())
    except (OSError, ValueError, RecursionError):
        return None


def _commit_id_at(data: Any, *keys: str) -> str | None:
    for key in keys:
        data = data.get(key) if isinstance(data, dict) else None
    return data if isinstance(data, str) and OBJECT_ID.fullmatch(data) else None


MAIN_BRANCHES = (
    "refs/remotes/origin/HEAD",
    "refs/remotes/origin/main",
    "refs/remotes/origin/master",
    "refs/heads/main",
    "refs/heads/master",
)


def _is_true(name: str) -> Callable[[Environment], bool]:
    return lambda environment: environment.get(name) == "true"


GITHUB = CiProvider(_is_true("GITHUB_ACTIONS"), _find_on_github, "actions/checkout with fetch-depth: 2 brings it")
GITLAB = CiProvider(_is_true("GITLAB_CI"), _find_on_gitlab, "the variable GIT_DEPTH: 0 brings it")
LOCAL = CiProvider(lambda environment: True, _find_locally, "git fetch --unshallow brings it")
