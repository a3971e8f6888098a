"""The commit that a pull request is compared with: on GitHub, on GitLab, and at home."""

from __future__ import annotations

from pathlib import Path

import pytest

from okrctl import git
from tests.git.test_repository import found
from tests.repositories import Repo


@pytest.fixture
def request_repo(repo: Repo) -> Repo:
    """main with two commits, a branch off the first, and GitHub's merge commit of both, checked out detached."""
    repo.commit("fork", day="2026-04-05", files={"a": "1"})
    repo.branch("feature")
    repo.commit("work", day="2026-04-06", files={"b": "1"})
    repo.commit("more work", day="2026-04-07", files={"b": "2"})
    repo.switch("main")
    repo.commit("main goes on", day="2026-04-08", files={"c": "1"})
    repo.git("checkout", "-q", "--detach", "main")
    repo.merge("feature", day="2026-04-09")
    repo.git("update-ref", "refs/heads/pull", "HEAD")
    return repo


def _github(repo: Repo, **more: str) -> dict[str, str]:
    return {
        "GITHUB_ACTIONS": "true",
        "GITHUB_EVENT_NAME": "pull_request",
        "GITHUB_SHA": repo.head,
        "GITHUB_BASE_REF": "main",
    } | more


@pytest.mark.parametrize("depth", [None, 2])
def test_on_github_the_base_is_the_first_parent_of_the_merge(
    request_repo: Repo, tmp_path: Path, depth: int | None
) -> None:
    request_repo.switch("pull")
    clone = request_repo.clone(tmp_path / "clone", depth=depth)
    clone.git("checkout", "-q", "--detach")
    base = git.find_pull_request_base(found(clone), _github(clone))
    assert base.commit and (base.commit.subject, base.hint) == ("main goes on", "")


def test_on_github_with_depth_1_it_says_how(request_repo: Repo, tmp_path: Path) -> None:
    request_repo.switch("pull")
    clone = request_repo.clone(tmp_path / "clone", depth=1)
    base = git.find_pull_request_base(found(clone), _github(clone))
    assert base.commit is None and "shallow" in base.reason and "fetch-depth: 2" in base.hint


def test_on_github_a_branchs_own_merge_is_not_taken_for_githubs(request_repo: Repo, tmp_path: Path) -> None:
    request_repo.switch("feature")
    request_repo.merge("main", day="2026-04-10")
    request_repo.switch("main")
    clone = request_repo.clone(tmp_path / "clone")
    clone.switch("feature")
    base = git.find_pull_request_base(found(clone), _github(clone, GITHUB_SHA="0" * 40))
    assert base.commit and base.commit.subject == "main goes on"


@pytest.mark.parametrize("kind", ["pull_request", "merge_group", "garbage", "absent"])
def test_on_github_the_event_file_names_the_base(request_repo: Repo, tmp_path: Path, kind: str) -> None:
    request_repo.switch("feature")
    tip = request_repo.git("rev-parse", "main")
    texts = {
        "pull_request": f'{{"pull_request": {{"base": {{"sha": "{tip}"}}}}}}',
        "merge_group": f'{{"merge_group": {{"base_sha": "{tip}"}}}}',
        "garbage": '{"pull_request": [{"base": "--help"',
    }
    event = tmp_path / "event.json"
    if kind in texts:
        event.write_text(texts[kind])
    environment = _github(request_repo, GITHUB_SHA="0" * 40, GITHUB_BASE_REF="", GITHUB_EVENT_PATH=str(event))
    base = git.find_pull_request_base(found(request_repo), environment)
    assert base.commit and base.commit.subject == "fork"


def test_on_github_a_base_without_common_history_is_taken_as_it_is(request_repo: Repo, tmp_path: Path) -> None:
    tip = request_repo.git("rev-parse", "main")
    request_repo.switch("feature")
    clone = request_repo.clone(tmp_path / "clone", depth=1)
    clone.git("fetch", "-q", "--depth=1", "origin", "main")
    event = tmp_path / "event.json"
    event.write_text(f'{{"pull_request": {{"base": {{"sha": "{tip}"}}}}}}')
    base = git.find_pull_request_base(found(clone), _github(clone, GITHUB_SHA="0" * 40, GITHUB_EVENT_PATH=str(event)))
    assert base.commit and base.commit.id == tip


def test_on_gitlab(request_repo: Repo, tmp_path: Path) -> None:
    gitlab = {"GITLAB_CI": "true", "CI_MERGE_REQUEST_TARGET_BRANCH_NAME": "main"}
    merged = git.find_pull_request_base(found(request_repo), gitlab | {"CI_MERGE_REQUEST_EVENT_TYPE": "merged_result"})
    assert merged.commit and merged.commit.subject == "main goes on"
    request_repo.switch("feature")
    fork = request_repo.git("rev-parse", "main~1")
    named = git.find_pull_request_base(found(request_repo), gitlab | {"CI_MERGE_REQUEST_DIFF_BASE_SHA": fork})
    assert named.commit and named.commit.id == fork
    clone = request_repo.clone(tmp_path / "clone")
    branch = git.find_pull_request_base(found(clone), gitlab)
    assert branch.commit and branch.commit.subject == "fork"
    shallow = request_repo.clone(tmp_path / "shallow", depth=1)
    none = git.find_pull_request_base(found(shallow), gitlab | {"CI_MERGE_REQUEST_DIFF_BASE_SHA": fork})
    assert none.commit is None and "GIT_DEPTH: 0" in none.hint


def test_at_home_the_base_is_where_the_work_left_the_main_line(request_repo: Repo, tmp_path: Path) -> None:
    request_repo.switch("feature")
    at_home = git.find_pull_request_base(found(request_repo), {})
    assert at_home.commit and (at_home.commit.subject, at_home.reason) == ("fork", "the fork point from main")
    request_repo.switch("main")
    clone = request_repo.clone(tmp_path / "clone")
    clone.branch("mine")
    clone.commit("mine", files={"x": "y"})
    tree = clone.worktree(tmp_path / "tree", "mine")
    mirror = request_repo.clone(tmp_path / "mirror.git", mirror=True)
    assert [
        base.subject for one in (clone, tree, mirror) if (base := git.find_pull_request_base(found(one), {}).commit)
    ] == ["main goes on"] * 3


def test_without_a_main_line_the_hint_is_to_name_the_base(repo: Repo) -> None:
    repo.commit(files={"a": "1"})
    repo.git("branch", "-m", "trunk")
    base = git.find_pull_request_base(found(repo), {})
    assert base.commit is None and "--base REV" in base.hint


# Commits and tags that were asked for
