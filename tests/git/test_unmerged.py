"""What git knows of files in conflict: their versions, its own merge of them, and the names of the two sides."""

from __future__ import annotations

import pytest

from okrctl.git import find_repository
from okrctl.git.unmerged import merge_sides, merge_text, stage_files, unmerged_files, unstage_file
from okrctl.values.errors import OkrctlError
from tests.repositories import Repo


def conflict(repo: Repo) -> None:
    repo.config("user.name", "Lea")
    repo.config("user.email", "lea@acme.example")
    repo.commit("base", files={"goals/ä b.yaml": "a\n", "gone.yaml": "a\n"})
    repo.branch("tom")
    repo.commit("theirs", files={"goals/ä b.yaml": "b\n", "gone.yaml": "b\n"})
    repo.switch("main")
    repo.remove("gone.yaml")
    repo.commit("ours", files={"goals/ä b.yaml": "c\n"})
    with pytest.raises(RuntimeError):
        repo.git("merge", "-q", "tom")


def test_the_three_versions_of_each_file(repo: Repo) -> None:
    conflict(repo)
    found = find_repository(repo.path)
    assert found is not None
    [first, second] = unmerged_files(found)
    assert first.path == "goals/ä b.yaml"
    texts = dict(found.read_blobs(blob for blob in (first.base, first.ours, first.theirs) if blob))
    assert sorted(data or b"" for data in texts.values()) == [b"a\n", b"b\n", b"c\n"]
    assert (second.path, second.ours) == ("gone.yaml", None)
    below = find_repository(repo.path / "goals")
    assert below is not None
    assert [file.path for file in unmerged_files(below)] == ["ä b.yaml"]


def test_the_names_and_commits_of_the_sides(repo: Repo) -> None:
    conflict(repo)
    found = find_repository(repo.path)
    assert found is not None
    sides = merge_sides(found)
    assert sides.names == ("main", "tom")
    assert sides.commits == (repo.head, repo.git("rev-parse", "tom"))
    assert sides.base == repo.git("merge-base", "main", "tom")


def test_a_file_is_staged_and_put_back_in_conflict(repo: Repo) -> None:
    conflict(repo)
    found = find_repository(repo.path)
    assert found is not None
    stage_files(found, ["goals/ä b.yaml"], ["gone.yaml"])
    assert unmerged_files(found) == []
    unstage_file(found, "goals/ä b.yaml", [b"a\n", b"c\n", b"b\n"])
    [file] = unmerged_files(found)
    assert [file.base, file.ours, file.theirs] == [
        repo.git("hash-object", "--stdin", text=text) for text in ("a\n", "c\n", "b\n")
    ]


def test_the_text_merge_of_git(repo: Repo) -> None:
    repo.commit()
    found = find_repository(repo.path)
    assert found is not None
    assert merge_text(found, (b"a\nb\nc\n", b"x\nb\nc\n", b"a\nb\ny\n")) == b"x\nb\ny\n"
    assert b"=======" in merge_text(found, (b"a\n", b"b\n", b"c\n"))
    with pytest.raises(OkrctlError, match="binary"):
        merge_text(found, (b"\0", b"\0a", b"\0b"))
