"""git.py against real repositories: what it reads, what it refuses, and that it runs nothing on the way."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from okrctl import git
from okrctl.git.repository import Repository
from okrctl.values.errors import OkrctlError
from okrctl.values.path_filters import OWN_PATHS
from tests.repositories import TOM, Repo, clean_environment

TEXT = "".join(f"line {number}\n" for number in range(20))


def found(repo: Repo, folder: str = "") -> Repository:
    repository = git.find_repository(repo.path / folder)
    assert repository
    return repository


def refused(*asked: object) -> OkrctlError:
    """The error of calling the first with the rest; one line each, and never empty."""
    function, *arguments = asked
    assert callable(function)
    with pytest.raises(OkrctlError) as caught:
        result = function(*arguments)
        list(result)
    assert caught.value.message and caught.value.hint
    assert (caught.value.message + caught.value.hint).isprintable()
    return caught.value


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("log.showRoot", "false"),
        ("log.follow", "true"),
        ("log.diffMerges", "combined"),
        ("log.diffMerges", "off"),
        ("diff.renames", "false"),
        ("diff.renameLimit", "1"),
        ("format.pretty", "oneline"),
        ("log.mailmap", "true"),
    ],
)
def test_no_setting_of_a_person_changes_what_the_history_is(repo: Repo, key: str, value: str) -> None:
    repo.commit("one", files={"a.yaml": TEXT, "b.yaml": "b\n"})
    repo.branch("side")
    repo.commit("two", files={"c.yaml": "c\n"})
    repo.switch("main")
    repo.move("b.yaml", "d.yaml")
    repo.commit("three")
    repo.merge("side")

    def told() -> list[object]:
        known = found(repo)
        return [
            known.history(),
            known.history(first_parents=False),
            known.history(["d.yaml"]),
            known.file_history("d.yaml"),
            known.first_parent_commits(),
            known.blame_lines("a.yaml"),
        ]

    before = told()
    repo.config(key, value)
    assert told() == before


# Whether there is one


def test_importing_costs_nothing_and_imports_no_gitpython() -> None:
    script = "import sys; from okrctl import git; print({'git', 'tempfile', 'json', 'difflib'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout == "set()\n"


@pytest.mark.parametrize("quiet", [{}, {"GIT_PYTHON_REFRESH": "quiet"}])
def test_without_git_there_is_no_repository(repo: Repo, quiet: dict[str, str]) -> None:
    script = "import sys, pathlib; from okrctl import git; print(git.find_repository(pathlib.Path(sys.argv[1])))"
    clean = clean_environment() | {"PATH": os.devnull} | quiet
    command = [sys.executable, "-c", script, str(repo.path)]
    assert subprocess.run(command, capture_output=True, text=True, check=True, env=clean).stdout == "None\n"


def test_a_folder_outside_of_any_repository_has_none(tmp_path: Path) -> None:
    assert git.find_repository(tmp_path) is None
    assert git.find_repository(tmp_path / "absent") is None


def test_a_repository_without_commits_has_no_history(repo: Repo) -> None:
    repo.write("a.yaml", "a")
    repository = found(repo)
    assert repository.head() is None
    assert not (repository.first_parent_commits() or repository.history() or repository.file_history("a.yaml"))
    assert repository.uncommitted_paths(["a.yaml"]) == ["a.yaml"]
    assert repository.blame_lines("a.yaml", b"a\nb\n") == [None, None]
    for text in ("HEAD", "main", "2026-04-05"):
        assert refused(repository.resolve, text).message == "the repository has no commits"
    assert refused(repository.list_files, "HEAD").message == "the repository has no commits"
    assert git.find_pull_request_base(repository, {}).commit is None


# Which commit is meant


def test_a_commit_is_read_with_its_own_day(repo: Repo) -> None:
    repo.commit("Späte Arbeit\n\nmore", day="2026-04-05", tz="-0800", time="23:30:00", author=TOM, files={"a": "1"})
    repo.config("i18n.logOutputEncoding", "ISO-8859-1")
    head = found(repo).head()
    assert head is not None
    assert (head.day, head.author, head.email, head.subject) == (
        date(2026, 4, 5),
        "Tom",
        "tom@acme.example",
        "Späte Arbeit",
    )
    assert head.committed_at.isoformat() == "2026-04-05T23:30:00-08:00"


def test_revisions_and_dates(repo: Repo) -> None:
    first = repo.commit("one", day="2026-04-05", files={"a": "1"})
    second = repo.commit("two", day="2026-04-06", files={"a": "2"}, tz="-0800", time="23:00:00")
    third = repo.commit("three", day="2026-04-08", files={"a": "3"}, tz="+1300", time="00:30:00")
    repo.tag("q2-start", first)
    repo.git("tag", "-a", "-m", "note", "noted", second, **repo.moment("2026-04-09"))
    repository = found(repo)
    wanted = {"HEAD": third, "main": third, "HEAD~2": first, "HEAD^": second, "q2-start": first, "noted": second}
    wanted |= {first: first, second[:10]: second}
    wanted |= {
        "2026-04-05": first,
        "2026-04-06": second,
        "2026-04-07": second,
        "2026-04-08": third,
        "2027-01-01": third,
    }
    for text, commit in wanted.items():
        assert repository.resolve(text).id == commit, text


def test_a_date_follows_first_parents(repo: Repo) -> None:
    first = repo.commit("one", day="2026-04-05", files={"a": "1"})
    repo.branch("side")
    repo.commit("side", day="2026-04-06", files={"b": "1"})
    repo.switch("main")
    repo.commit("main", day="2026-04-09", files={"c": "1"})
    merged = repo.merge("side", day="2026-04-10")
    repository = found(repo)
    assert repository.resolve("2026-04-07").id == first
    assert [commit.subject for commit in repository.first_parent_commits()] == ["Merge side", "main", "one"]
    assert repository.first_parent_commits(first)[0].id == first
    assert repository.resolve("HEAD").id == merged


HOSTILE = [
    "",
    " ",
    "-",
    "--help",
    "--output=/tmp/x",
    "--upload-pack=x",
    "-n1",
    "HEAD:a",
    ":a",
    ":/one",
    "HEAD main",
    "HEAD..main",
    "HEAD...main",
    "^HEAD",
    "HEAD\nmain",
    "HEAD\0",
    "\x1b[31m",
    "a" * 5000,
    "HEAD^{tree}",
    "HEAD^99",
    "@{-1}",
    "\udcff",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_a_users_text_is_never_an_option_a_path_or_a_range(repo: Repo, text: str) -> None:
    repo.commit("one", files={"a": "1"})
    assert refused(found(repo).resolve, text).message.startswith("unknown revision ")


def test_unknown_revisions_get_a_hint(repo: Repo) -> None:
    repo.commit("one", day="2026-04-05", files={"a": "1"})
    repo.branch("release-q2")
    resolve = found(repo).resolve
    assert refused(resolve, "relase-q2").hint == "did you mean 'release-q2'?"
    assert refused(resolve, "2026-02-30").message == "'2026-02-30' is not a valid date"
    assert "2026-04-05" in refused(resolve, "2026-04-04").message


def test_odd_dates_in_commits_do_not_stop_the_reading(repo: Repo) -> None:
    first = repo.commit("one", files={"a": "1"})
    tree = repo.git("rev-parse", f"{first}^{{tree}}")
    text = f"tree {tree}\nauthor A <a@b> 1 +0000\ncommitter A <a@b> 99999999999999999 +9999\n\nodd\n"
    odd = repo.git("hash-object", "-t", "commit", "-w", "--literally", "--stdin", text=text)
    assert found(repo).resolve(odd).day == date(1970, 1, 1)


# What it holds


NASTY = [
    'quote"s.yaml',
    "tab\tnew\nline.yaml",
    "-dash.yaml",
    ":(top)magic*.yaml",
    "sub/ünï.yaml",
    os.fsdecode(b"raw\xff.yaml"),
]


def test_a_snapshot_gives_every_file_in_order_whatever_its_name(repo: Repo) -> None:
    contents: dict[str, str | bytes] = {name: f"of {number}\n" for number, name in enumerate(NASTY)}
    contents |= {"empty.yaml": b"", "bytes.yaml": b"\r\n\0\xff", "other.txt": "x"}
    commit = repo.commit(files=contents)
    blobs = list(found(repo).read_files(commit, lambda path: path.endswith(".yaml")))
    assert [blob.path for blob in blobs] == sorted((*NASTY, "empty.yaml", "bytes.yaml"), key=os.fsencode)
    expected = {name: text if isinstance(text, bytes) else text.encode() for name, text in contents.items()}
    assert all(blob.data == expected[blob.path] and blob.size == len(expected[blob.path]) for blob in blobs)


def test_every_reading_command_takes_nasty_names(repo: Repo) -> None:
    for name in NASTY:
        repo.commit("first", files={name: TEXT})
        commit = repo.commit("second", files={name: TEXT + "more\n"})
        repository = found(repo)
        assert [change.path for _, change in repository.file_history(name)] == [name, name]
        assert [change.path for change in repository.history([name])[0].changes] == [name]
        assert [change.path for change in repository.diff_files(f"{repository.resolve('HEAD~1').id}", commit)] == [name]
        assert repository.blame_lines(name)[-1] == commit
        repo.write(name, "changed")
        assert repository.uncommitted_paths([name]) == [name]
        assert [change.path for change in repository.diff_files("HEAD")] == [name]


def test_links_are_no_files_and_a_submodule_holds_files(repo: Repo, tmp_path: Path) -> None:
    inner = Repo(tmp_path / "inner")
    inner.commit(files={"b.yaml": "b"})
    (repo.path / "link.yaml").symlink_to("/etc/passwd")
    repo.write("a.yaml", "a")
    repo.git("submodule", "add", "-q", str(inner.path), "sub")
    commit = repo.commit()
    assert set(found(repo).list_files(commit)) == {"a.yaml", ".gitmodules", "sub/b.yaml"}
    assert set(found(repo).list_files(commit, OWN_PATHS)) == {"a.yaml", ".gitmodules"}
    module = git.find_repository(repo.path / "sub")
    assert module and module.root == repo.path / "sub" and set(module.list_files("HEAD")) == {"b.yaml"}


def test_a_file_that_becomes_a_link_is_gone(repo: Repo) -> None:
    first = repo.commit(files={"a.yaml": TEXT})
    repo.remove("a.yaml")
    (repo.path / "a.yaml").symlink_to("/etc/passwd")
    second = repo.commit()
    assert [change.status for change in found(repo).diff_files(first, second)] == ["D"]
    assert [change.status for change in found(repo).diff_files(first)] == ["D"]


def test_a_huge_blob_is_named_with_its_size_but_not_read(repo: Repo, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("okrctl.git.repository.MAX_BLOB_BYTES", 1000)
    commit = repo.commit(files={"a.yaml": "a", "huge.yaml": b"x" * 1001, "large.yaml": b"x" * 1000})
    blobs = {blob.path: (blob.size, blob.data) for blob in found(repo).read_files(commit)}
    assert blobs == {"a.yaml": (1, b"a"), "huge.yaml": (1001, None), "large.yaml": (1000, b"x" * 1000)}


def test_blobs_come_in_the_order_asked_as_often_as_asked(repo: Repo) -> None:
    commit = repo.commit(files={"a": "1", "b": "2"})
    repository = found(repo)
    ids = repository.list_files(commit)
    asked = [ids["b"], ids["a"], ids["b"]]
    assert list(repository.read_blobs(asked)) == list(zip(asked, (b"2", b"1", b"2"), strict=True))
    assert list(repository.read_blobs([])) == []


def test_more_requests_and_answers_than_a_pipe_holds(repo: Repo) -> None:
    commit = repo.commit(files={f"{number:04}": f"{number}\n" * 50 for number in range(3000)})
    blobs = list(found(repo).read_files(commit))
    assert [blob.data for blob in blobs] == [f"{number}\n".encode() * 50 for number in range(3000)]


def test_a_reader_may_leave_early(repo: Repo) -> None:
    commit = repo.commit(files={f"{number}": b"x" * 200_000 for number in range(4)})
    blobs = found(repo).read_files(commit)
    assert next(blobs).path == "0"
    blobs.close()  # type: ignore[attr-defined]


def test_only_ids_reach_the_arguments(repo: Repo) -> None:
    repo.commit(files={"a": "1"})
    repository = found(repo)
    for ask in (
        repository.list_files,
        repository.first_parent_commits,
        repository.diff_files,
        lambda text: repository.read_blobs([text]),
    ):
        with pytest.raises(ValueError, match="not the id of an object"):
            list(ask("--output=x"))


def test_a_repository_of_longer_ids(tmp_path: Path) -> None:
    repo = Repo(tmp_path / "long", object_format="sha256")
    first = repo.commit(files={"a.yaml": TEXT})
    repo.write("a.yaml", TEXT + "more\n")
    repository = found(repo)
    assert len(first) == 64 and [blob.data for blob in repository.read_files(first)] == [TEXT.encode()]
    assert [change.status for change in repository.diff_files(first)] == ["M"]
    assert repository.blame_lines("a.yaml") == [first] * 20
    assert repository.resolve(first[:12]).id == first


# A workspace below the top of its repository


def test_paths_are_those_of_the_workspace(repo: Repo) -> None:
    first = repo.commit(files={"okrs/deep/a.yaml": TEXT, "b.yaml": "b", "okrs-not/c.yaml": "c"})
    repo.config("diff.relative", "true")
    second = repo.commit(files={"okrs/deep/a.yaml": TEXT + "more\n", "b.yaml": "bb"})
    repository = found(repo, "okrs")
    assert repository.prefix == "okrs/" and repository.work_tree == repo.path
    assert list(repository.list_files(first)) == ["deep/a.yaml"]
    assert [blob.path for blob in repository.read_files(second)] == ["deep/a.yaml"]
    assert [change.path for change in repository.diff_files(first, second)] == ["deep/a.yaml"]
    assert [change.path for _, change in repository.file_history("deep/a.yaml")] == ["deep/a.yaml"] * 2
    assert [[change.path for change in step.changes] for step in repository.history()] == [["deep/a.yaml"]] * 2
    assert repository.blame_lines("deep/a.yaml") == [first] * 20 + [second]
    repo.write("okrs/new.yaml", "n")
    repo.write("new.yaml", "n")
    repo.git("add", "-A")
    assert [change.path for change in repository.diff_files("HEAD")] == ["new.yaml"]
    assert repository.staged_files() == ["new.yaml", "okrs/new.yaml"]


def test_what_moves_into_the_workspace_begins_there(repo: Repo) -> None:
    repo.commit("outside", day="2026-04-01", files={"old.yaml": TEXT, "okrs/b": "b"})
    repo.move("old.yaml", "okrs/new.yaml")
    repo.commit("moved in", day="2026-04-02")
    repository = found(repo, "okrs")
    assert [
        (commit.subject, change.status, change.old_path) for commit, change in repository.file_history("new.yaml")
    ] == [("moved in", "A", None)]


# How it came to be


def test_versions_follow_a_file_across_renames_and_folders(repo: Repo) -> None:
    repo.commit("born", files={"okrs/a.yaml": TEXT})
    repo.commit("edited", files={"okrs/a.yaml": TEXT + "more\n"})
    repo.commit("elsewhere", files={"okrs/other.yaml": "x"})
    repo.move("okrs/a.yaml", "okrs/2026-Q2/b.yaml")
    repo.write("okrs/2026-Q2/b.yaml", TEXT + "more\nand more\n")
    repo.commit("moved and edited")
    repo.remove("okrs/2026-Q2/b.yaml")
    repo.commit("gone")
    for first_parents in (True, False):
        life = found(repo).file_history("okrs/2026-Q2/b.yaml", first_parents=first_parents)
        assert [(commit.subject, change.status, change.path) for commit, change in life] == [
            ("gone", "D", "okrs/2026-Q2/b.yaml"),
            ("moved and edited", "R", "okrs/2026-Q2/b.yaml"),
            ("edited", "M", "okrs/a.yaml"),
            ("born", "A", "okrs/a.yaml"),
        ]
        assert life[1][1].old_path == "okrs/a.yaml"
        texts = dict(found(repo).read_blobs(change.new_id for _, change in life if change.new_id))
        assert texts[life[2][1].new_id or ""] == f"{TEXT}more\n".encode()


def test_a_copy_has_a_life_of_its_own(repo: Repo) -> None:
    repo.commit("last quarter", files={"q1.yaml": TEXT})
    repo.commit("edited", files={"q1.yaml": TEXT + "more\n"})
    repo.commit("copied", files={"q2.yaml": TEXT + "more\n"})
    repo.commit("both", files={"q1.yaml": TEXT + "less\n", "q2.yaml": TEXT + "different\n"})
    life = found(repo).file_history("q2.yaml")
    assert [(commit.subject, change.status, change.old_id is None) for commit, change in life] == [
        ("both", "M", False),
        ("copied", "A", True),
    ]


def test_history_along_first_parents_and_in_full(repo: Repo) -> None:
    repo.commit("base", day="2026-04-01", files={"a.yaml": "a\n", "b.yaml": "b\n"})
    repo.branch("side")
    repo.commit("side", day="2026-04-02", files={"a.yaml": "side\n"})
    repo.switch("main")
    repo.commit("main", day="2026-04-03", files={"a.yaml": "main\n"})
    with pytest.raises(RuntimeError):
        repo.merge("side")
    repo.commit("merge by hand", day="2026-04-04", files={"a.yaml": "both\n"})
    repo.commit("after", day="2026-04-05", files={"b.yaml": "bb\n"})
    repository = found(repo)

    def told(steps: list[git.CommitChanges]) -> list[tuple[str, list[str]]]:
        return [(step.commit.subject, [change.status + " " + change.path for change in step.changes]) for step in steps]

    full = [
        ("after", ["M b.yaml"]),
        ("merge by hand", ["M a.yaml"]),
        ("main", ["M a.yaml"]),
        ("side", ["M a.yaml"]),
        ("base", ["A a.yaml", "A b.yaml"]),
    ]
    assert told(repository.history(first_parents=False)) == full
    assert told(repository.history()) == [step for step in full if step[0] != "side"]
    assert told(repository.history(["a.yaml"])) == [
        ("merge by hand", ["M a.yaml"]),
        ("main", ["M a.yaml"]),
        ("base", ["A a.yaml"]),
    ]
    assert [commit.subject for commit, _ in repository.file_history("a.yaml")] == [
        "merge by hand",
        "main",
        "side",
        "base",
    ]
    assert [step.commit.subject for step in repository.history(commit=repository.resolve("side").id)] == [
        "side",
        "base",
    ]


def test_each_line_names_its_commit(repo: Repo) -> None:
    first = repo.commit(files={"a.yaml": "one\ntwo\nthree\n"})
    repo.move("a.yaml", "b.yaml")
    repo.commit()
    second = repo.commit(files={"b.yaml": "one\nTWO\nthree\n"})
    repository = found(repo)
    assert repository.blame_lines("b.yaml") == [first, second, first]
    assert repository.blame_lines("b.yaml", b"zero\r\none\r\nthree\r\n") == [None, first, first]
    assert repository.blame_lines("b.yaml", b"one\nTWO") == [first, second]
    assert repository.blame_lines("new.yaml", b"one\ntwo\n") == [None, None]
    assert set(repository.get_commits([first, second, first])) == {first, second}


# How two states differ


def test_changes_between_commits_and_on_disk(repo: Repo) -> None:
    first = repo.commit(files={"same": "s", "edited": "1", "gone": "g", "moved": TEXT})
    repo.write("edited", "2")
    repo.remove("gone")
    repo.move("moved", "sub/moved")
    repo.write("new", "n")
    repo.write(".gitignore", "ignored\n")
    repo.write("ignored", "i")
    on_disk = found(repo).diff_files(first)
    second = repo.commit()
    committed = found(repo).diff_files(first, second)
    told = [("A", None, ".gitignore"), ("M", "edited", "edited"), ("D", "gone", "gone"), ("A", None, "new")]
    told.append(("R", "moved", "sub/moved"))
    for changes in (on_disk, committed):
        assert [(change.status, change.old_path, change.path) for change in changes] == told
    assert on_disk == committed
    assert found(repo).diff_files("HEAD") == []
    assert [change.path for change in found(repo).diff_files(first, second, lambda path: path == "new")] == ["new"]


def test_line_ends_of_a_checkout_are_no_change(repo: Repo) -> None:
    commit = repo.commit(files={"a.yaml": "one\ntwo\n"})
    repo.write("a.yaml", "one\r\ntwo\r\n")
    assert found(repo).diff_files(commit) == []
    repo.write("a.yaml", "one\r\n2\r\n")
    assert [change.path for change in found(repo).diff_files(commit)] == ["a.yaml"]


def test_unsaved_and_staged(repo: Repo) -> None:
    repo.commit(files={"a": "1", "b": "2"})
    repository = found(repo)
    assert repository.uncommitted_paths(["a", "b", "never"]) == [] == repository.staged_files()
    repo.write("b", "3")
    assert repository.uncommitted_paths(["a", "b"]) == ["b"] and repository.staged_files() == []
    repo.git("add", "b")
    assert repository.uncommitted_paths(["a", "b"]) == ["b"] == repository.staged_files()


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.dictionaries(st.sampled_from("abcd"), st.sampled_from("123"), max_size=4), min_size=1, max_size=4))
def test_each_snapshot_is_what_was_committed(
    tmp_path_factory: pytest.TempPathFactory, states: list[dict[str, str]]
) -> None:
    repo = Repo(tmp_path_factory.mktemp("any"))
    ids = []
    for state in states:
        for name in "abcd":
            (repo.path / name).unlink(missing_ok=True)
        ids.append(repo.commit(files={**state}))
    repository = found(repo)
    for commit, state in zip(ids, states, strict=True):
        assert {blob.path: blob.data for blob in repository.read_files(commit)} == {
            name: text.encode() for name, text in state.items()
        }
    changed = {change.path for change in repository.diff_files(ids[0], ids[-1])}
    differing = {name for name in "abcd" if states[0].get(name) != states[-1].get(name)}
    assert changed <= differing and {name for name in states[-1] if name in differing} <= changed


# Where a repository stands


def test_linked_work_trees_detached_heads_and_mirrors(repo: Repo, tmp_path: Path) -> None:
    first = repo.commit("one", files={"okrs/a.yaml": TEXT})
    repo.commit("two", files={"okrs/a.yaml": TEXT + "more\n"})
    tree = repo.worktree(tmp_path / "tree", first)
    mirror = repo.clone(tmp_path / "mirror.git", mirror=True)
    head = found(tree).head()
    assert head and head.id == first
    assert list(found(tree, "okrs").list_files("HEAD")) == ["a.yaml"]
    bare = found(mirror)
    assert bare.work_tree is None and list(bare.list_files("HEAD")) == ["okrs/a.yaml"]
    assert len(bare.file_history("okrs/a.yaml")) == 2 and len(bare.history()) == 2
    assert bare.blame_lines("okrs/a.yaml")[0] == first
    assert refused(git.require_committable, bare).message == "a bare repository has no files to commit"


def test_a_shallow_clone_ends_without_an_error(repo: Repo, tmp_path: Path) -> None:
    for day in ("2026-04-05", "2026-04-12", "2026-04-19"):
        repo.commit(day, day=day, files={"a.yaml": TEXT + day})
    shallow = found(repo.clone(tmp_path / "shallow", depth=2))
    assert shallow.is_shallow
    assert [commit.subject for commit in shallow.first_parent_commits()] == ["2026-04-19", "2026-04-12"]
    assert shallow.first_parent_commits()[-1].parents == ()
    assert shallow.resolve("2026-04-18").subject == "2026-04-12"
    assert [change.status for _, change in shallow.file_history("a.yaml")] == ["M", "A"]
    for text in ("2026-04-11", "HEAD~2", repo.git("rev-parse", "HEAD~2")):
        assert "git fetch --unshallow" in refused(shallow.resolve, text).hint


def test_in_a_hook_with_its_own_index(repo: Repo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    repo.commit(files={"okrs/a.yaml": "a"})
    other = Repo(tmp_path / "other")
    other.commit(files={"b.yaml": "b"})
    repo.write("okrs/new.yaml", "n")
    repo.git("add", "-A", GIT_INDEX_FILE=str(repo.path / ".git/next-index"))
    monkeypatch.chdir(repo.path)
    monkeypatch.setenv("GIT_DIR", ".git")
    monkeypatch.setenv("GIT_INDEX_FILE", ".git/next-index")
    monkeypatch.setenv("GIT_WORK_TREE", ".")
    monkeypatch.setenv("GIT_PREFIX", "okrs/")
    repository = found(repo, "okrs")
    assert repository.prefix == "okrs/" and list(repository.list_files("HEAD")) == ["a.yaml"]
    assert repository.staged_files() == ["okrs/new.yaml"]
    elsewhere = found(other)
    assert elsewhere.staged_files() == [] and list(elsewhere.list_files("HEAD")) == ["b.yaml"]
    assert os.environ["GIT_DIR"] == ".git"


def test_a_repository_kept_apart_from_its_files(repo: Repo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    commit = repo.commit(files={"okrs/a.yaml": "a"})
    (repo.path / ".git").rename(tmp_path / "apart.git")
    assert git.find_repository(repo.path) is None
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "apart.git"))
    monkeypatch.setenv("GIT_WORK_TREE", str(repo.path))
    assert list(found(repo, "okrs").list_files(commit)) == ["a.yaml"]


# Broken and distrusted ones


def test_another_owners_repository_is_refused_with_a_fix(repo: Repo, monkeypatch: pytest.MonkeyPatch) -> None:
    repo.commit(files={"a": "1"})
    monkeypatch.setenv("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1")
    error = refused(git.find_repository, repo.path)
    assert error.message == f"the repository {repo.path} belongs to another user"
    assert error.hint.endswith(f"git config --global --add safe.directory '{repo.path}'")


def _loose(repo: Repo, name: str) -> Path:
    return repo.path / ".git/objects" / name[:2] / name[2:]


def _lose(path: Path) -> None:
    path.chmod(0o600)
    path.unlink()


def test_a_missing_blob_or_commit_is_one_clear_error(repo: Repo) -> None:
    first = repo.commit(files={"a": "1"})
    commit = repo.commit(files={"a": "2"})
    repository = found(repo)
    _lose(_loose(repo, repository.list_files(commit)["a"]))
    assert "incomplete or damaged" in refused(repository.read_files, commit).message
    _lose(_loose(repo, first))
    assert "incomplete or damaged" in refused(repository.first_parent_commits).message
    _lose(_loose(repo, commit))
    for ask in (
        repository.head,
        repository.history,
        lambda: repository.resolve("HEAD"),
        lambda: repository.resolve("main"),
    ):
        assert "incomplete or damaged" in refused(ask).message


def test_a_missing_tree_is_one_clear_error(repo: Repo) -> None:
    commit = repo.commit(files={"a": "1"})
    _lose(_loose(repo, repo.git("rev-parse", f"{commit}^{{tree}}")))
    assert "incomplete or damaged" in refused(found(repo).list_files, commit).message


def test_corrupt_objects_and_packs_are_one_clear_error(repo: Repo, tmp_path: Path) -> None:
    commit = repo.commit(files={f"{number}": os.urandom(2000) for number in range(40)})
    repository = found(repo)
    for name in repository.list_files(commit).values():
        file = _loose(repo, name)
        file.chmod(0o600)
        file.write_bytes(file.read_bytes()[:300])
    assert "incomplete or damaged" in refused(repository.read_files, commit).message


def test_a_corrupt_pack_is_one_clear_error(repo: Repo) -> None:
    commit = repo.commit(files={"a": TEXT * 50})
    repo.git("repack", "-adq")
    pack = next((repo.path / ".git/objects/pack").glob("*.pack"))
    pack.chmod(0o600)
    data = bytearray(pack.read_bytes())
    data[12:-20] = b"\xaa" * (len(data) - 32)
    pack.write_bytes(data)
    assert "incomplete or damaged" in refused(found(repo).read_files, commit).message


@pytest.mark.parametrize("text", ["ref: refs/heads/main", "f" * 40])
def test_a_head_that_leads_nowhere(repo: Repo, text: str) -> None:
    repo.commit(files={"a": "1"})
    (repo.path / ".git/refs/heads/main").write_text("e" * 40)
    (repo.path / ".git/HEAD").write_text(text)
    assert "incomplete or damaged" in refused(found(repo).head).message


def test_a_work_tree_whose_repository_is_gone(repo: Repo, tmp_path: Path) -> None:
    repo.commit(files={"a": "1"})
    tree = repo.worktree(tmp_path / "tree")
    (repo.path / ".git").rename(tmp_path / "lost")
    assert "points to a missing repository" in refused(git.find_repository, tree.path).message


# Nothing runs


def test_reading_runs_nothing_that_the_repository_names(
    repo: Repo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = repo.commit("one", files={"a.yaml": TEXT, "b.yaml": TEXT})
    repo.commit("two", files={"a.yaml": TEXT + "more\n"})
    second = _signed(repo)
    marks = tmp_path / "marks"
    marks.mkdir()
    _booby_trap(repo, tmp_path, marks)
    monkeypatch.setenv("GIT_EXTERNAL_DIFF", _trap(tmp_path, marks, "external diff of the environment"))
    monkeypatch.setenv("GIT_PAGER", _trap(tmp_path, marks, "pager of the environment"))
    repo.write("a.yaml", TEXT + "on disk\n")
    os.utime(repo.path / "b.yaml", (1, 1))
    repository = found(repo)
    repository.head()
    repository.resolve("HEAD~1")
    repository.resolve("2026-04-05")
    refused(repository.resolve, "nope")
    list(repository.read_files(second))
    repository.history(first_parents=False)
    repository.file_history("a.yaml")
    repository.blame_lines("a.yaml", b"line 1\n")
    repository.diff_files(first, second)
    repository.diff_files(first)
    repository.uncommitted_paths(["a.yaml", "b.yaml"])
    repository.staged_files()
    repository.user_email()
    repository.remote_url()
    git.find_pull_request_base(repository, {})
    assert [mark.name for mark in marks.iterdir()] == []


def _signed(repo: Repo) -> str:
    """HEAD's commit once more, with what looks like a signature; HEAD moves to it."""
    heading, message = repo.git("cat-file", "commit", "HEAD").split("\n\n", 1)
    signature = "gpgsig -----BEGIN PGP SIGNATURE-----\n \n x\n -----END PGP SIGNATURE-----"
    text = f"{heading}\n{signature}\n\n{message}"
    signed = repo.git("hash-object", "-t", "commit", "-w", "--stdin", text=text)
    repo.git("update-ref", "HEAD", signed)
    return signed


def _trap(folder: Path, marks: Path, name: str, then: str = "cat") -> str:
    """A program that leaves a mark when it runs, and passes its input through."""
    script = folder / f"trap-{name.replace(' ', '-')}"
    script.write_text(f"#!/bin/sh\n: > '{marks}/{name}'\n{then}\n")
    script.chmod(0o755)
    return str(script)


PROGRAMS = (
    "core.fsmonitor",
    "core.sshCommand",
    "core.pager",
    "core.editor",
    "core.askPass",
    "core.gitProxy",
    "core.alternateRefsCommand",
    "diff.external",
    "diff.trap.command",
    "diff.trap.textconv",
    "filter.trap.clean",
    "filter.trap.smudge",
    "gpg.program",
    "gpg.ssh.program",
    "pager.log",
    "pager.diff",
    "credential.helper",
    "sequence.editor",
    "uploadpack.packObjectsHook",
    "merge.trap.driver",
    "interactive.diffFilter",
    "remote.origin.uploadpack",
    "remote.origin.vcs",
)
SWITCHES = {
    "log.showSignature": "true",
    "filter.trap.required": "true",
    "color.ui": "always",
    "log.follow": "true",
    "diff.renames": "copies",
    "diff.orderFile": "/absent",
    "blame.ignoreRevsFile": "/absent",
    "log.diffMerges": "combined",
    "format.pretty": "fuller",
    "log.decorate": "full",
    "diff.noprefix": "true",
    "core.untrackedCache": "true",
    "core.abbrev": "5",
    "log.date": "relative",
}
HOOKS = (
    "post-index-change",
    "pre-commit",
    "reference-transaction",
    "fsmonitor-watchman",
    "post-checkout",
    "query-watchman",
)


def _booby_trap(repo: Repo, folder: Path, marks: Path) -> None:
    repo.config("remote.origin.url", "git@acme.example:okrs.git")
    for key in PROGRAMS:
        repo.config(key, _trap(folder, marks, key))
    for key, value in SWITCHES.items():
        repo.config(key, value)
    for command in (
        "log",
        "ls-tree",
        "cat-file",
        "rev-parse",
        "blame",
        "diff-tree",
        "diff-index",
        "ls-files",
        "config",
    ):
        repo.config(f"alias.{command}", "!" + _trap(folder, marks, f"alias {command}"))
    (repo.path / ".git/hooks").mkdir(exist_ok=True)
    for hook in HOOKS:
        Path(_trap(folder, marks, hook)).rename(repo.path / ".git/hooks" / hook)
    (repo.path / ".git/info").mkdir(exist_ok=True)
    (repo.path / ".git/info/attributes").write_text("* diff=trap filter=trap merge=trap\n")


def test_the_traps_would_have_gone_off(repo: Repo, tmp_path: Path) -> None:
    repo.commit("one", files={"a.yaml": TEXT})
    marks = tmp_path / "marks"
    marks.mkdir()
    _booby_trap(repo, tmp_path, marks)
    repo.write("a.yaml", TEXT + "on disk\n")
    repo.git("-c", "diff.orderFile=/dev/null", "status")
    repo.git("-c", "diff.orderFile=/dev/null", "diff", "--ext-diff")
    _signed(repo)
    repo.git("-c", "diff.orderFile=/dev/null", "log", "-1")
    assert {"core.fsmonitor", "gpg.program", "filter.trap.clean", "diff.trap.command"} <= {
        mark.name for mark in marks.iterdir()
    }


def test_nothing_is_fetched_from_the_promisor_of_a_partial_clone(
    repo: Repo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    repo.config("uploadpack.allowFilter", "true")
    repo.commit(files={"a.yaml": TEXT})
    partial = tmp_path / "partial"
    repo.git("clone", "-q", "--no-checkout", "--filter=blob:none", f"file://{repo.path}", str(partial))
    clone = Repo(partial)
    marks = tmp_path / "marks"
    marks.mkdir()
    clone.config("remote.origin.url", "ssh://acme.example/okrs.git")
    monkeypatch.setenv("GIT_SSH_COMMAND", _trap(tmp_path, marks, "ssh", then="exit 1"))
    with pytest.raises(RuntimeError):
        clone.git("cat-file", "-p", "HEAD:a.yaml", GIT_SSH_COMMAND=os.environ["GIT_SSH_COMMAND"])
    (marks / "ssh").unlink()
    assert "this clone is partial" in refused(found(clone).read_files, clone.head).message
    assert list(marks.iterdir()) == []


# The base of a pull request


# What a person may choose from


def test_branches_the_one_that_changed_last_first(repo: Repo) -> None:
    first = repo.commit("one", "2026-04-01")
    repo.branch("plan/ü")
    second = repo.commit("two", "2026-04-02")
    repository = found(repo)
    assert [tuple(branch) for branch in repository.branches()] == [("plan/ü", second), ("main", first)]
    assert repository.current_branch() == "plan/ü"
    repo.switch(first)
    assert found(repo).current_branch() is None


def test_the_newest_commits_of_the_first_parents(repo: Repo) -> None:
    commits = [repo.commit(f"number {number}", f"2026-04-0{number}") for number in range(1, 5)]
    repository = found(repo)
    assert [commit.id for commit in repository.newest_commits(2)] == [commits[3], commits[2]]
    assert [commit.subject for commit in repository.newest_commits(9, commits[1])] == ["number 2", "number 1"]


def test_a_commit_is_on_a_branch_or_not(repo: Repo) -> None:
    first = repo.commit("one")
    tree = repo.git("rev-parse", "HEAD^{tree}")
    loose = repo.git("commit-tree", tree, "-m", "loose", **repo.moment("2026-04-01"))
    repository = found(repo)
    assert repository.is_on_branch(first) and not repository.is_on_branch(loose)
    repo.git("update-ref", "refs/remotes/origin/other", loose)
    assert not repository.is_on_branch(loose)
    repo.git("update-ref", "refs/heads/other", loose)
    assert repository.is_on_branch(loose)
    repo.switch(loose)
    repo.git("branch", "-q", "-D", "other")
    assert found(repo).is_on_branch(loose)
    with pytest.raises(ValueError, match="not the id of an object"):
        repository.is_on_branch("--help")
