"""The commit that a pull request is compared with: in a pipeline of GitHub or GitLab, or in a local branch."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from okrctl.git.commits import Commit
from okrctl.git.repository import OBJECT_ID, Repository

Environment = Mapping[str, str]


class PullRequestBase(NamedTuple):
    """The commit to compare with; `reason` says how it was found or why there is none, `hint` how to get it."""

    commit: Commit | None
    reason: str
    hint: str = ""


class CiProvider(NamedTuple):
    """A CI system: how to recognise it, how to find the base there, and a hint where the base is missing."""

    applies: Callable[[Environment], bool]
    find: Callable[[Repository, Commit, Environment], PullRequestBase | None]
    hint: str


def find_pull_request_base(repository: Repository, environment: Environment) -> PullRequestBase:
    """The base of the change that is checked out; never an error, since a check works without a base, too."""
    head = repository.head()
    if head is None:
        return PullRequestBase(None, "the repository has no commits", "create the first one with git commit")
    provider = next(provider for provider in (GITHUB, GITLAB, LOCAL) if provider.applies(environment))
    base = provider.find(repository, head, environment)
    if base:
        return base
    if repository.is_shallow:
        return PullRequestBase(None, "shallow clone: the base commit is missing", provider.hint)
    return PullRequestBase(None, "no base branch found", "use --base REV")


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
        _base_at_fork(repository, head, announced, "the fork point of the pull request")
        or _base_at_fork(repository, head, target, "the fork point of the pull request")
        or _base_at(repository, announced, "the base named in the event")
    )


def _find_on_gitlab(repository: Repository, head: Commit, environment: Environment) -> PullRequestBase | None:
    merged = environment.get("CI_MERGE_REQUEST_EVENT_TYPE") in ("merged_result", "merge_train")
    if merged and len(head.parents) == 2:
        return _base_at(repository, head.parents[0], "the first parent of the merge commit")
    announced = environment.get("CI_MERGE_REQUEST_DIFF_BASE_SHA")
    target = _tracking_ref(environment.get("CI_MERGE_REQUEST_TARGET_BRANCH_NAME"))
    if not announced and not target:
        return _find_locally(repository, head, environment)
    base = _base_at(repository, announced, "the base of the merge request")
    return base or _base_at_fork(repository, head, target, "the fork point of the merge request")


def _find_locally(repository: Repository, head: Commit, environment: Environment) -> PullRequestBase | None:
    for name in MAIN_BRANCHES:
        if base := _base_at_fork(repository, head, name, f"the fork point from {name.split('/', 2)[2]}"):
            return base
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
    """GitHub's description of the event that started the run; None where it cannot be read."""
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


GITHUB = CiProvider(_is_true("GITHUB_ACTIONS"), _find_on_github, "set fetch-depth: 2 for actions/checkout")
GITLAB = CiProvider(_is_true("GITLAB_CI"), _find_on_gitlab, "set the variable GIT_DEPTH: 0")
LOCAL = CiProvider(lambda environment: True, _find_locally, "run git fetch --unshallow")
