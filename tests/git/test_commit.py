"""The commits and tags that okrctl makes, and links to the lines of a file on a forge."""

from __future__ import annotations

from pathlib import Path

import pytest

from okrctl import git
from okrctl.git.commit import IndexEntry
from okrctl.git.repository import Repository
from tests.git.test_repository import found, refused
from tests.repositories import Repo


@pytest.fixture
def mine(repo: Repo) -> Repo:
    repo.config("user.name", "Lea")
    repo.config("user.email", "lea@acme.example")
    repo.commit(files={"okrs/a.yaml": "a\n", "b.yaml": "b\n"})
    return repo


def entry(repository: Repository, path: str, text: str) -> dict[str, IndexEntry | None]:
    return {path: IndexEntry("100644", git.store_file(repository, path, text.encode()))}


def test_a_commit_holds_exactly_the_entries(mine: Repo) -> None:
    mine.write("b.yaml", "bb\n")
    mine.write("staged.yaml", "s\n")
    mine.git("add", "staged.yaml")
    repository = found(mine, "okrs")
    entries = {**entry(repository, "a.yaml", "aa\n"), **entry(repository, "-new [x].yaml", "n\n")}
    git.commit_entries(repository, entries, "checkin a: 1 -> 2\n\n#1 is kept", print)
    assert mine.git("show", "--name-only", "--format=%an %ae %B").splitlines() == [
        "Lea lea@acme.example checkin a: 1 -> 2",
        "",
        "#1 is kept",
        "",
        "",
        "okrs/-new [x].yaml",
        "okrs/a.yaml",
    ]
    assert mine.git("status", "--short", "b.yaml", "staged.yaml") == " M b.yaml\nA  staged.yaml"
    assert repository.user_email() == git.read_user_email(mine.path) == "lea@acme.example"


def test_a_file_is_removed_and_the_index_follows(mine: Repo) -> None:
    repository = found(mine)
    git.commit_entries(repository, {"b.yaml": None}, "remove b", print)
    assert list(repository.list_files("HEAD")) == ["okrs/a.yaml"]
    assert git.read_versions(repository, ["b.yaml"])["b.yaml"].staged is not None
    git.stage_entries(repository, {"b.yaml": None})
    assert git.read_versions(repository, ["b.yaml"])["b.yaml"] == (None, None)


def test_the_first_commit_of_all(repo: Repo) -> None:
    repo.config("user.name", "Lea")
    repo.config("user.email", "lea@acme.example")
    repository = found(repo)
    git.require_committable(repository)
    git.commit_entries(repository, entry(repository, "a", "1"), "start", print)
    assert list(repository.list_files("HEAD")) == ["a"]


def test_the_users_own_hooks_run_and_may_refuse(mine: Repo) -> None:
    hook = mine.path / ".git/hooks/pre-commit"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text("#!/bin/sh\necho 'not \033[31mtoday' >&2\necho 'but tomorrow' >&2\nexit 1\n")
    hook.chmod(0o755)
    repository, lines = found(mine), list[str]()
    error = refused(git.commit_entries, repository, entry(repository, "new.yaml", "n\n"), "new", lines.append)
    assert error.message == "cannot commit: git: not ?[31mtoday"
    assert lines == ["not ?[31mtoday", "but tomorrow"]
    assert mine.git("status", "--short") == ""


def test_a_bare_repository_has_nothing_to_commit(mine: Repo, tmp_path: Path) -> None:
    bare = mine.clone(tmp_path / "bare", bare=True)
    assert "a bare repository" in refused(git.require_committable, found(bare)).message


def test_tags(mine: Repo) -> None:
    repository = found(mine)
    git.tag(repository, "okr/2026-Q1", mine.head, "2026-Q1 closed: 0.62")
    assert mine.git("tag", "-n") == "okr/2026-Q1     2026-Q1 closed: 0.62"
    assert repository.resolve("okr/2026-Q1").id == mine.head
    assert "exists already" in refused(git.tag, repository, "okr/2026-Q1", mine.head, "again").message
    for name in ("-d", "--delete", "a b", "a..b", "", "x.lock", "a\nb"):
        assert "is not a valid tag name" in refused(git.tag, repository, name, mine.head, "no").message


# Addresses


@pytest.mark.parametrize(
    ("remote", "address"),
    [
        ("https://github.com/acme/okrs.git", "https://github.com/acme/okrs/blob/C/"),
        ("https://lea:secret@github.com/acme/okrs", "https://github.com/acme/okrs/blob/C/"),
        ("git@github.com:acme/okrs.git", "https://github.com/acme/okrs/blob/C/"),
        (
            "ssh://git@gitlab.acme.example:2222/group/sub/okrs.git/",
            "https://gitlab.acme.example/group/sub/okrs/-/blob/C/",
        ),
        ("https://gitea.acme.example:8443/a/b", "https://gitea.acme.example:8443/a/b/src/commit/C/"),
        ("git@codeberg.org:a/b.git", "https://codeberg.org/a/b/src/commit/C/"),
        ("https://git.acme.example/a/b", None),
        ("file:///srv/github/okrs.git", None),
        ("/srv/github/okrs.git", None),
        ("../github.com", None),
        ("C:\\github\\okrs", None),
        ("ext::sh -c github", None),
        ("javascript://github.com/%0aalert(1)", None),
        ("https://github.com:x/a", None),
        ("https://github.com", None),
        ("", None),
    ],
)
def test_links_to_lines(remote: str, address: str | None) -> None:
    assert git.forge_base_url(remote, "C") == address


def test_a_link_to_a_workspace_below_the_top(repo: Repo) -> None:
    repo.commit(files={"my okrs/a.yaml": "a"})
    repo.config("remote.origin.url", "https://lea:secret@github.com/acme/okrs.git")
    repository = found(repo, "my okrs")
    assert repository.remote_url() and found(repo).user_email() is git.read_user_email(repo.path) is None
    assert git.forge_base_url(repository.remote_url() or "", "C", repository.prefix) == (
        "https://github.com/acme/okrs/blob/C/my%20okrs/"
    )
