"""A repository with submodules lists, reads, compares and blames their files as its own."""

from __future__ import annotations

from pathlib import Path

import pytest

from okrctl import git
from okrctl.git.superproject import Superproject
from okrctl.values.errors import OkrctlError
from okrctl.values.path_filters import OWN_PATHS, IncludedPaths, PathsBelow
from tests.git.test_repository import found
from tests.repositories import LEA, TOM, Repo


@pytest.fixture
def inner(tmp_path: Path) -> Repo:
    inner = Repo(tmp_path / "inner")
    inner.commit("one", "2026-04-01", TOM, files={"a.yaml": "a\n", "b/c.yaml": "c\n"})
    return inner


@pytest.fixture
def outer(repo: Repo, inner: Repo) -> Repo:
    repo.config("protocol.file.allow", "always")
    repo.git("submodule", "--quiet", "add", f"file://{inner.path}", "sub")
    repo.commit("pin", "2026-04-02", files={"own.yaml": "own\n"})
    return repo


def advance(outer: Repo, day: str, files: dict[str, str], message: str = "more") -> str:
    """Commit in the submodule's work tree, and pin that."""
    Repo(outer.path / "sub").commit(message, day, TOM, files=files)
    return outer.commit("pin", day)


def test_the_files_of_a_commit_are_those_that_it_pins(outer: Repo) -> None:
    first = outer.head
    second = advance(outer, "2026-04-03", {"a.yaml": "changed\n", "new.yaml": "n\n"})
    repository = found(outer)
    names = [".gitmodules", "own.yaml", "sub/a.yaml", "sub/b/c.yaml"]
    assert [*repository.list_files(first)] == names and [*repository.list_files(second)] == [*names, "sub/new.yaml"]
    contents = {
        blob.path: blob.data for blob in repository.read_files(second, IncludedPaths(["**/a.yaml", "own.yaml"]))
    }
    assert contents == {"own.yaml": b"own\n", "sub/a.yaml": b"changed\n"}
    assert "sub/a.yaml" not in repository.list_files(second, OWN_PATHS)
    assert repository.list_pins(first) != repository.list_pins(second)


def test_blobs_of_both_come_in_the_order_asked(outer: Repo) -> None:
    repository = found(outer)
    ids = repository.list_files("HEAD")
    asked = [ids["sub/a.yaml"], ids["own.yaml"], ids["sub/b/c.yaml"], ids["sub/a.yaml"]]
    assert [data for _, data in repository.read_blobs(asked)] == [b"a\n", b"own\n", b"c\n", b"a\n"]


def test_a_pin_that_moves_changes_files(outer: Repo) -> None:
    first = outer.head
    Repo(outer.path / "sub").move("b/c.yaml", "d.yaml")
    second = advance(outer, "2026-04-03", {"a.yaml": "changed\n", "new.yaml": "n\n"})
    repository = found(outer)
    changes = [(each.status, each.path, each.old_path) for each in repository.diff_files(first, second)]
    expected = [("M", "sub/a.yaml", "sub/a.yaml"), ("R", "sub/d.yaml", "sub/b/c.yaml"), ("A", "sub/new.yaml", None)]
    assert changes == expected
    steps = repository.history(["sub/a.yaml"])
    assert [step.commit.id for step in steps] == [second, first]
    [named] = repository.commits_of(steps[0], "sub/a.yaml")
    assert (named.author, named.subject, named.submodule) == ("Tom", "more", "sub")
    assert repository.blame_lines("sub/a.yaml") == [named.id]
    assert repository.get_commits([named.id])[named.id].author == "Tom"


def test_commits_of_one_pin_count_on_the_day_of_the_pin(outer: Repo) -> None:
    sub = Repo(outer.path / "sub")
    for number, day in enumerate(("2026-04-03", "2026-04-04"), 1):
        sub.commit(f"change {number}", day, TOM, files={"a.yaml": f"{number}\n"})
    outer.commit("pin both", "2026-04-09", LEA)
    repository = found(outer)
    [step, _] = repository.history(["sub/a.yaml"])
    named = repository.commits_of(step, "sub/a.yaml")
    assert [commit.subject for commit in named] == ["change 2", "change 1"]
    assert {str(commit.day) for commit in named} == {"2026-04-09"} and str(named[1].own_day) == "2026-04-03"


def test_the_work_tree_of_a_submodule_is_compared_with_its_pin(outer: Repo) -> None:
    outer.write("sub/a.yaml", "edited\n")
    outer.write("sub/fresh.yaml", "f\n")
    outer.write("sub/.gitignore", "ignored.yaml\n")
    outer.write("sub/ignored.yaml", "")
    repository = found(outer)
    changes = {each.path: each.status for each in repository.diff_files("HEAD", None, IncludedPaths(["**/*.yaml"]))}
    assert changes == {"sub/a.yaml": "M", "sub/fresh.yaml": "A"}
    assert repository.uncommitted_paths(["sub/a.yaml", "sub/b/c.yaml", "own.yaml"]) == ["sub/a.yaml"]


def test_authors_are_those_of_the_commits_that_were_pinned_since(outer: Repo) -> None:
    base = outer.head
    assert found(outer).authors_since(base, "sub/a.yaml") == frozenset()
    advance(outer, "2026-04-03", {"a.yaml": "changed\n"})
    assert found(outer).authors_since(base, "sub/a.yaml") == {TOM}
    assert found(outer).authors_since(base, "sub/b/c.yaml") == frozenset()


def test_a_workspace_below_the_top(outer: Repo, inner: Repo) -> None:
    outer.git("submodule", "--quiet", "add", f"file://{inner.path}", "goals/team")
    outer.commit("below", "2026-04-03", files={"goals/own.yaml": "own\n"})
    repository = git.find_repository(outer.path / "goals")
    assert repository is not None and repository.prefix == "goals/"
    assert [*repository.list_files("HEAD")] == ["own.yaml", "team/a.yaml", "team/b/c.yaml"]
    assert [each.path for each in repository.history(["team/a.yaml"])[0].changes] == ["team/a.yaml"]
    assert repository.blame_lines("team/a.yaml") == [inner.head]


def test_what_is_not_asked_for_is_not_opened(outer: Repo, monkeypatch: pytest.MonkeyPatch) -> None:
    second = advance(outer, "2026-04-03", {"a.yaml": "changed\n"})
    monkeypatch.setattr(Superproject, "_holder", lambda *_: pytest.fail("the submodule was opened"))
    repository = found(outer)
    wants = IncludedPaths(["*.yaml"])
    assert [*repository.list_files(second, wants)] == ["own.yaml"]
    assert repository.diff_files("HEAD", second, wants) == [] and repository.history(["own.yaml"])
    assert repository.history(wants=wants)[0].changes == ()
    assert [*repository.list_files(second, PathsBelow(["own.yaml"]))] == ["own.yaml"]


def test_before_the_first_commit_nothing_is_pinned(repo: Repo, inner: Repo) -> None:
    repo.config("protocol.file.allow", "always")
    repo.git("submodule", "--quiet", "add", f"file://{inner.path}", "sub")
    assert found(repo).blame_lines("sub/a.yaml", b"a\n") == [None] and found(repo).history(["sub/a.yaml"]) == []


def test_what_is_missing_is_named(outer: Repo, tmp_path: Path) -> None:
    clone = outer.clone(tmp_path / "clone")
    with pytest.raises(OkrctlError, match="the submodule sub is not in this clone") as caught:
        found(clone).list_files("HEAD")
    assert caught.value.hint == f"run git -C {clone.path} submodule update --init sub"
    assert found(clone).list_files("HEAD", OWN_PATHS)
    outer.git("update-index", "--cacheinfo", f"160000,{'2' * 40},sub")
    outer.git("commit", "-q", "-m", "Nobody has it", **outer.moment("2026-04-04"))
    with pytest.raises(OkrctlError, match="the submodule sub is pinned at 2222222222, which is not in this clone"):
        found(outer).list_files("HEAD")


def test_a_repository_without_submodules_starts_no_process_for_them(repo: Repo) -> None:
    commit = repo.commit(files={"a.yaml": "a"})
    repository = found(repo)
    asked: list[str] = []
    run = repository.runner.run
    repository.runner.run = lambda *words, text=b"": asked.append(words[0]) or run(*words, text=text)  # type: ignore[method-assign, func-returns-value]
    repository.list_files(commit)
    repository.list_pins(commit)
    repository.history(["a.yaml"], commit=commit)
    assert asked == ["ls-tree", "log"] and not repository.has_submodules(commit)
