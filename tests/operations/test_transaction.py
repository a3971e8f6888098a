"""A commit holds the one edit, and is made whole or not at all: refusals, kills, hooks, other edits, other writers."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from okrctl.files import journal, lock
from okrctl.operations import transaction
from okrctl.operations.project import Project
from tests.cli.commands.trust import KPIS, TODAY, TRUST, repository
from tests.repositories import Repo, isolate
from tests.running import Result, run

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs processes that fork")

CHECKIN = ("checkin", "profiles=80", "signups=91", "--commit")
OTHER_EDITS = TRUST.replace("Users trace their products", "Users trace half of").replace("at_most: 4", "at_most: 5")


@pytest.fixture(autouse=True)
def _own_git(monkeypatch: pytest.MonkeyPatch) -> None:
    isolate(monkeypatch)


@pytest.fixture
def repo(tmp_path: Path) -> Repo:
    return repository(tmp_path / "repo")


def okrctl(repo: Repo, *words: str) -> Result:
    return run(*words, cwd=repo.path, today=TODAY)


def state(repo: Repo) -> dict[str, str]:
    """All that a refused commit must leave alone: HEAD, the index, every file, and nothing new in the folder of git."""
    files = sorted(path for path in repo.path.rglob("*") if path.is_file() and ".git" not in path.parts)
    own = sorted(path.name for path in (repo.path / ".git").iterdir() if path.name.startswith((".okrctl", "okrctl")))
    return {
        "head": repo.git("rev-parse", "--quiet", "--verify", "HEAD^{}") if has_head(repo) else "",
        "index": repo.git("ls-files", "--stage"),
        "own": " ".join(name for name in own if name != "okrctl.lock"),
        **{str(path.relative_to(repo.path)): path.read_bytes().decode("utf-8", "replace") for path in files},
    }


def has_head(repo: Repo) -> bool:
    return bool(repo.git("for-each-ref", "refs/heads"))


def commit_count(repo: Repo) -> int:
    return int(repo.git("rev-list", "--count", "HEAD"))


def require_committed(repo: Repo) -> None:
    """The check-in is written, committed alone, and the rest of the repository is as clean as before."""
    assert repo.git("show", "--format=", "--name-only").split() == ["kpis/company.yaml", "okrs/trust.yaml"]
    added = [
        line for line in repo.git("show", "--format=", "-U0").splitlines() if line[:1] in "+-" and line[1:2] != line[0]
    ]
    assert added == [
        "-    readings: {2026-04-06: 71, 2026-04-13: 80}",
        "+    readings: {2026-04-06: 71, 2026-04-13: 80, 2026-05-04: 91}",
        "+          2026-05-04: 80%",
    ]


# --- other edits


def test_other_edits_of_the_files_stay_out_and_stay(repo: Repo) -> None:
    staged = TRUST.replace("at_most: 4", "at_most: 5")
    repo.write("okrs/trust.yaml", staged)
    repo.write("notes.txt", "mine\n")
    repo.git("add", "okrs/trust.yaml", "notes.txt")
    repo.write("okrs/trust.yaml", OTHER_EDITS)
    repo.write("kpis/company.yaml", "# a note\n" + KPIS)
    before = [repo.git("diff", "-U0", *options) for options in ((), ("--cached",))]
    result = okrctl(repo, *CHECKIN)
    assert result.status == 0, result.err
    require_committed(repo)
    after = [repo.git("diff", "-U0", *options) for options in ((), ("--cached",))]
    assert [changed_lines(text) for text in after] == [changed_lines(text) for text in before]
    assert repo.git("status", "--short").split("\n") == [" M kpis/company.yaml", "A  notes.txt", "MM okrs/trust.yaml"]


def changed_lines(diff: str) -> list[str]:
    return [line for line in diff.splitlines() if line[:1] in "+-" and line[:3] not in ("+++", "---")]


COMMANDS = {
    "amend": ("amend", "profiles", "--to", "90", "--reason", "Fewer suppliers", "--commit"),
    "new": ("new", "2026-Q3", "--team", "trust", "--commit"),
    "import": ("import", "more.csv", "--period", "2026-Q2", "--team", "trust", "--commit"),
    "prompted": ("checkin", "orders=7", "--commit"),
}


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_commits_its_edit_alone(repo: Repo, name: str) -> None:
    repo.write("more.csv", "id,parent,type,title,from,to\nreach,,objective,Reach more people,,\n")
    repo.write(".git/info/exclude", "more.csv\n")
    repo.write("okrs/trust.yaml", OTHER_EDITS)
    before = changed_lines(repo.git("diff", "-U0"))
    result = okrctl(repo, *COMMANDS[name])
    assert result.status == 0, result.err
    assert commit_count(repo) == 2
    assert changed_lines(repo.git("diff", "-U0")) == before
    assert "half of" not in repo.git("show", "HEAD:okrs/trust.yaml") and repo.git("diff", "--cached") == ""


def test_closing_and_reopening_leave_a_comment_out(repo: Repo) -> None:
    late = "2026-07-20"
    assert (
        run(
            "close", "2026-Q2", "--yes", "--outcome", "supply-chain=missed", "--commit", cwd=repo.path, today=late
        ).status
        == 0
    )
    repo.write("okrs/trust.yaml", "# mine\n" + repo.git("show", "HEAD:okrs/trust.yaml") + "\n")
    done = run("reopen", "2026-Q2", "--reason", "A late figure", "--commit", cwd=repo.path, today=late)
    assert done.status == 0, done.err
    assert repo.git("show", "--format=", "--name-only", "--no-renames").split() == [
        "scorecards/2026-Q2.json",
        "scorecards/reopened/2026-Q2.1.json",
    ]
    assert repo.git("status", "--short") == " M okrs/trust.yaml"


def test_a_reading_on_an_uncommitted_one_is_committed_alone(repo: Repo) -> None:
    assert okrctl(repo, "checkin", "profiles=79").status == 0
    assert okrctl(repo, "checkin", "profiles=80", "--force", "--commit").status == 0
    assert changed_lines(repo.git("show", "--format=", "-U0")) == ["+          2026-05-04: 80%"]
    assert repo.git("status", "--short") == ""


def test_what_the_file_says_already_is_committed(repo: Repo) -> None:
    repo.write("okrs/trust.yaml", OTHER_EDITS)
    assert okrctl(repo, "checkin", "profiles=80").status == 0
    result = okrctl(repo, "checkin", "profiles=80", "--commit")
    assert result.status == 0 and "committed as" in result.err
    assert changed_lines(repo.git("show", "--format=", "-U0")) == ["+          2026-05-04: 80%"]
    again = okrctl(repo, "checkin", "profiles=80", "--commit")
    assert again.status == 0 and "nothing to commit" in again.err and commit_count(repo) == 2


def test_a_goal_or_file_that_is_not_committed_is_refused(repo: Repo) -> None:
    renamed = TRUST.replace("id: complaints", "id: grumbles").replace("title: Complaints", "title: Grumbles")
    repo.write("okrs/trust.yaml", renamed)
    repo.write("okrs/new.yaml", TRUST.replace("team: trust", "team: new").replace("readings: orders.csv", "from: 1"))
    before = state(repo)
    result = okrctl(repo, "checkin", "trust/supply-chain.grumbles=3", "--commit")
    assert result.status == 2 and "okrs/trust.yaml has other uncommitted changes to this goal" in result.err
    result = okrctl(repo, "checkin", "new/supply-chain.profiles=80", "--commit")
    assert result.status == 2 and "okrs/new.yaml is not committed yet" in result.err
    assert state(repo) == before


def test_in_a_repository_without_a_commit_the_file_is_committed(tmp_path: Path) -> None:
    repo = repository(tmp_path / "other")
    fresh = Repo(tmp_path / "fresh")
    for path in ("okrctl.yaml", "okrs/trust.yaml", "okrs/orders.csv", "kpis/company.yaml"):
        fresh.write(path, repo.git("show", f"HEAD:{path}") + "\n")
    fresh.config("user.name", "Lea")
    fresh.config("user.email", "lea@acme.example")
    fresh.git("add", "okrs/trust.yaml")
    assert okrctl(fresh, *CHECKIN).status == 0
    assert fresh.git("ls-tree", "-r", "--name-only", "HEAD").split() == ["kpis/company.yaml", "okrs/trust.yaml"]
    assert "2026-05-04: 80%" in fresh.git("show", "HEAD:okrs/trust.yaml")


def test_line_ends_are_those_of_git(repo: Repo) -> None:
    repo.config("core.autocrlf", "true")
    repo.write("okrs/trust.yaml", OTHER_EDITS.replace("\n", "\r\n"))
    assert okrctl(repo, "checkin", "profiles=80", "--commit").status == 0
    assert changed_lines(repo.git("show", "--format=", "-U0")) == ["+          2026-05-04: 80%"]
    text = (repo.path / "okrs/trust.yaml").read_bytes()
    assert b"2026-05-04: 80%\r\n" in text and b"half of" in text and text.count(b"\n") == text.count(b"\r\n")


# --- what stops a commit


def in_lock(repo: Repo) -> Callable[[], Any]:
    return repo.write(".git/index.lock", "").unlink


def in_merge(repo: Repo) -> Callable[[], Any]:
    repo.branch("side")
    repo.commit(files={"side.txt": "1"})
    repo.switch("main")
    repo.commit(files={"main.txt": "1"})
    repo.git("merge", "-q", "--no-ff", "--no-commit", "side")
    return lambda: repo.git("merge", "--abort")


def in_rebase(repo: Repo) -> Callable[[], Any]:
    repo.commit(files={"more.txt": "1"})
    repo.git("-c", "core.editor=sed -i s/^pick/edit/", "rebase", "-q", "-i", "HEAD~1", **repo.moment("2026-04-06"))
    return lambda: repo.git("rebase", "--abort")


def in_cherry_pick(repo: Repo) -> Callable[[], Any]:
    repo.branch("side")
    repo.commit(files={"notes.txt": "side"})
    repo.switch("main")
    repo.commit(files={"notes.txt": "main"})
    with pytest.raises(RuntimeError):
        repo.git("cherry-pick", "side")
    return lambda: repo.git("cherry-pick", "--abort")


def in_conflict(repo: Repo) -> Callable[[], Any]:
    repo.commit(files={"notes.txt": "1"})
    repo.write("notes.txt", "2")
    repo.git("stash", "-q", **repo.moment("2026-04-05"))
    repo.commit(files={"notes.txt": "3"})
    with pytest.raises(RuntimeError):
        repo.git("stash", "pop", "-q")
    return lambda: repo.git("reset", "-q", "--hard")


def without_name(repo: Repo) -> Callable[[], Any]:
    repo.git("config", "--unset", "user.email")
    repo.config("user.useConfigOnly", "true")
    return lambda: repo.config("user.email", "lea@acme.example")


def with_reading_hook(repo: Repo) -> Callable[[], Any]:
    """A hook that refuses a reading of today, which it finds in the file and in the index of the commit alike."""
    found = 'grep -q "2026-05-04: 80%" okrs/trust.yaml && git show :okrs/trust.yaml | grep -q "2026-05-04: 80%"'
    hook = repo.write(".git/hooks/pre-commit", f"#!/bin/sh\nif {found}; then echo too low >&2; exit 1; fi\n")
    hook.chmod(0o755)
    return hook.unlink


def with_refusing_message_hook(repo: Repo) -> Callable[[], Any]:
    hook = repo.write(".git/hooks/commit-msg", '#!/bin/sh\ngrep -q TICKET "$1" || { echo no ticket >&2; exit 1; }\n')
    hook.chmod(0o755)
    return hook.unlink


def with_failing_signature(repo: Repo) -> Callable[[], Any]:
    repo.config("commit.gpgSign", "true")
    repo.config("gpg.program", "false")
    return lambda: repo.config("commit.gpgSign", "false")


STOPS: dict[str, tuple[Callable[[Repo], Callable[[], Any]], str]] = {
    "lock": (in_lock, "another git process is using the repository"),
    "merge": (in_merge, "a merge is in progress"),
    "rebase": (in_rebase, "a rebase is in progress"),
    "cherry-pick": (in_cherry_pick, "a cherry-pick is in progress"),
    "conflict": (in_conflict, "files are in conflict"),
    "name": (without_name, "git has no user name"),
    "hook": (with_reading_hook, "too low"),
    "message": (with_refusing_message_hook, "no ticket"),
    "signature": (with_failing_signature, "git could not sign the commit"),
}


@pytest.mark.parametrize("edits", [TRUST, OTHER_EDITS], ids=["alone", "beside others"])
@pytest.mark.parametrize("name", STOPS)
def test_what_stops_a_commit_leaves_everything_as_it_was(repo: Repo, name: str, edits: str) -> None:
    stop, message = STOPS[name]
    end = stop(repo)
    repo.write("okrs/trust.yaml", edits)
    before = state(repo)
    result = okrctl(repo, *CHECKIN)
    assert result.status == 2 and message in result.err, result.err
    assert state(repo) == before
    end()
    repo.write("okrs/trust.yaml", edits)
    again = okrctl(repo, *CHECKIN)
    assert again.status == 0, again.err
    require_committed(repo)


@pytest.mark.parametrize("room", [0, 2000, 4000, 6000])
def test_a_full_disk_leaves_everything_as_it_was(repo: Repo, monkeypatch: pytest.MonkeyPatch, room: int) -> None:
    """The room is that of the largest file: for nothing, and then for more and more of what is written."""
    monkeypatch.chdir(repo.path)
    repo.write("okrs/trust.yaml", OTHER_EDITS)
    before = state(repo)

    def work() -> int:
        import resource

        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (room, room))
        return okrctl(repo, *CHECKIN).status

    status = in_child(work)
    assert status in (0, 2)
    if status == 2:
        assert state(repo) == before
        assert okrctl(repo, *CHECKIN).status == 0
    require_committed(repo)


# --- hooks and signatures


def test_hooks_see_what_git_would_show_them(repo: Repo) -> None:
    seen = repo.path.parent / "seen"
    for name in ("pre-commit", "prepare-commit-msg", "commit-msg", "post-commit"):
        hook = repo.write(
            f".git/hooks/{name}", f'#!/bin/sh\n{{ echo {name} "$2"; git diff --name-only; }} >>"{seen}"\n'
        )
        hook.chmod(0o755)
    repo.write(".git/hooks/prepare-commit-msg", f'#!/bin/sh\necho "Team: trust" >>"$1"\necho "$2" >>"{seen}"\n')
    repo.write("okrs/trust.yaml", OTHER_EDITS)
    assert okrctl(repo, *CHECKIN).status == 0
    assert seen.read_text().split() == ["pre-commit", "message", "commit-msg", "post-commit"]
    assert repo.git("log", "-1", "--format=%B").strip().endswith("Team: trust")
    require_committed(repo)


def test_what_a_hook_adds_to_the_commit_stays(repo: Repo) -> None:
    script = "#!/bin/sh\necho '# formatted' >>okrs/trust.yaml\ngit add okrs/trust.yaml\n"
    repo.write(".git/hooks/pre-commit", script).chmod(0o755)
    assert okrctl(repo, *CHECKIN).status == 0
    assert repo.git("show", "HEAD:okrs/trust.yaml").endswith("# formatted")
    assert repo.git("status", "--short") == ""


def test_a_file_that_changes_while_it_is_committed_is_left_alone(repo: Repo) -> None:
    repo.write(".git/hooks/pre-commit", "#!/bin/sh\necho '# mine' >>okrs/trust.yaml\nexit 1\n").chmod(0o755)
    result = okrctl(repo, *CHECKIN)
    assert result.status == 2 and "okrs/trust.yaml changed while it was written" in result.err
    assert (repo.path / "okrs/trust.yaml").read_text().endswith("# mine\n")
    assert (repo.path / "kpis/company.yaml").read_text() == KPIS


def test_a_commit_is_signed_where_git_is_told_to(repo: Repo) -> None:
    program = repo.path.parent / "gpg"
    program.write_text(
        "#!/bin/sh\ncat >/dev/null\necho '[GNUPG:] SIG_CREATED D' >&2\n"
        "printf -- '-----BEGIN PGP SIGNATURE-----\\n\\nx\\n-----END PGP SIGNATURE-----\\n'\n"
    )
    program.chmod(0o755)
    repo.config("commit.gpgSign", "true")
    repo.config("gpg.program", str(program))
    assert okrctl(repo, *CHECKIN).status == 0
    assert "gpgsig -----BEGIN PGP SIGNATURE-----" in repo.git("cat-file", "commit", "HEAD")


PRECOMMIT = os.environ.get("OKRCTL_TEST_PRECOMMIT")
PRECOMMIT_CONFIG = """\
repos:
  - repo: local
    hooks:
      - {id: no-80, name: no 80, language: system, entry: 'sh -c "! grep -q 2026-05-04 okrs/trust.yaml"', files: okrs/}
"""


@pytest.mark.skipif(PRECOMMIT is None, reason="no pre-commit: OKRCTL_TEST_PRECOMMIT is not set")
def test_a_hook_through_pre_commit_refuses_and_nothing_is_lost(repo: Repo, tmp_path: Path) -> None:
    repo.commit(files={".pre-commit-config.yaml": PRECOMMIT_CONFIG})
    environment = repo.environment | {"PRE_COMMIT_HOME": str(tmp_path / "store")}
    subprocess.run(
        [str(PRECOMMIT), "install"],
        cwd=repo.path,
        env=environment,
        check=True,
        capture_output=True,
    )
    repo.write("okrs/trust.yaml", OTHER_EDITS)
    before = state(repo)
    result = run(*CHECKIN, cwd=repo.path, today=TODAY, env={"PRE_COMMIT_HOME": str(tmp_path / "store")})
    assert result.status == 2, result.err
    assert state(repo) == before
    (repo.path / ".git/hooks/pre-commit").unlink()
    assert okrctl(repo, *CHECKIN).status == 0
    require_committed(repo)


# --- kills


def in_child(work: Callable[[], int]) -> int:
    return end_of(start_child(work))


def end_of(child: int) -> int:
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def start_child(work: Callable[[], int]) -> int:
    child = os.fork()
    if child == 0:
        status = 99
        with contextlib.suppress(BaseException):
            status = work()
        os._exit(status)
    return child


KILLS = [
    *((journal.Journal, name, call) for name in ("begin", "place_committed", "place_final", "end") for call in (1,)),
    (transaction.git, "commit_entries", 1),
    (transaction.git, "stage_entries", 1),
    *((journal, "_replace", call) for call in (1, 2, 3, 4)),
]


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize(("place", "name", "call"), KILLS, ids=lambda value: str(getattr(value, "__name__", value)))
def test_after_a_kill_the_next_run_finds_all_or_nothing(
    repo: Repo, place: Any, name: str, call: int, after: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    repo.write("okrs/trust.yaml", OTHER_EDITS)
    before = state(repo)
    monkeypatch.chdir(repo.path)

    def work() -> int:
        real = getattr(place, name)
        calls = iter(range(1, 100))

        def deadly(*arguments: Any, **more: Any) -> Any:
            is_last = next(calls) == call
            if is_last and not after:
                os.kill(os.getpid(), signal.SIGKILL)
            result = real(*arguments, **more)
            if is_last:
                os.kill(os.getpid(), signal.SIGKILL)
            return result

        setattr(place, name, deadly)
        return okrctl(repo, *CHECKIN).status

    assert in_child(work) in (-signal.SIGKILL, 0)
    assert okrctl(repo, "score", "2026-Q2").status == 0  # any command looks after what is left
    if commit_count(repo) == 1:
        assert state(repo) == before
        assert okrctl(repo, *CHECKIN).status == 0
    require_committed(repo)
    assert changed_lines(repo.git("diff", "-U0")) == [
        "-    title: Users trace their products", "+    title: Users trace half of",
        "-        at_most: 4", "+        at_most: 5",
    ]  # fmt: skip
    assert state(repo)["own"] == "" and repo.git("diff", "--cached") == ""


@pytest.mark.parametrize("fate", ["exit 0", "exit 1"])
def test_git_that_outlives_okrctl_is_waited_for(repo: Repo, fate: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The hook kills okrctl and goes on; the lock is git's until it ends."""
    ready = repo.path.parent / "ready"
    os.mkfifo(ready)
    hook = f'#!/bin/sh\nkill -9 "$VICTIM"\nread line <"{ready}"\n{fate}\n'
    repo.write(".git/hooks/pre-commit", hook).chmod(0o755)
    before = state(repo)
    monkeypatch.chdir(repo.path)

    def work() -> int:
        return run(*CHECKIN, cwd=repo.path, today=TODAY, env={"VICTIM": str(os.getpid())}).status

    assert in_child(work) == -signal.SIGKILL
    monkeypatch.setattr(lock, "WAIT_SECONDS", 0.0)
    result = okrctl(repo, "checkin", "tracking-codes=5200")
    assert result.status == 2 and "another okrctl process is writing" in result.err
    assert okrctl(repo, "score", "2026-Q2").status == 0  # reads what is there, and waits for nobody
    ready.write_text("go\n")
    monkeypatch.setattr(lock, "WAIT_SECONDS", 60.0)
    with transaction.hold_lock(Project(repo.path)):
        pass
    (repo.path / ".git/hooks/pre-commit").unlink()
    if fate == "exit 1":
        assert state(repo) == before
        assert okrctl(repo, *CHECKIN).status == 0
    require_committed(repo)
    assert repo.git("status", "--short") == ""


def test_temporary_files_are_ignored_by_git_and_swept(repo: Repo) -> None:
    assert okrctl(repo, "checkin", "profiles=80").status == 0
    left = repo.write("okrs/.okrctl-trust.yaml.abc.tmp", "half")
    assert repo.git("status", "--short") == " M okrs/trust.yaml"
    assert okrctl(repo, "checkin", "tracking-codes=5200").status == 0
    assert not left.exists()


@pytest.mark.parametrize("path", ["../outside.yaml", ".git/config", "/etc/hostname"])
def test_a_journal_writes_nothing_outside_the_work_tree(repo: Repo, path: str) -> None:
    outside = repo.path.parent / "outside.yaml"
    outside.write_text("known")
    states = [journal.FileStates(path, b"bad", b"known", b"known")]
    journal.Journal(repo.path, states).begin()
    assert okrctl(repo, "score", "2026-Q2").status == 0
    assert outside.read_text() == "known" and state(repo)["own"] == ""


def test_another_workspace_of_the_tree_looks_after_a_kill(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    repo = Repo(tmp_path / "repo")
    for folder in ("one", "two"):
        repository(tmp_path / folder)
        for path in ("okrctl.yaml", "okrs/trust.yaml", "okrs/orders.csv", "kpis/company.yaml"):
            repo.write(f"{folder}/{path}", (tmp_path / folder / path).read_bytes())
    repo.config("user.name", "Lea")
    repo.config("user.email", "lea@acme.example")
    repo.commit()
    monkeypatch.chdir(repo.path / "one")

    def work() -> int:
        monkeypatch.setattr(transaction.git, "stage_entries", lambda *_: os.kill(os.getpid(), signal.SIGKILL))
        return run(*CHECKIN, cwd=repo.path / "one", today=TODAY).status

    assert in_child(work) == -signal.SIGKILL
    assert repo.git("status", "--short") != ""
    assert run("score", "2026-Q2", cwd=repo.path / "two", today=TODAY).status == 0
    assert repo.git("status", "--short") == "" and commit_count(repo) == 2


# --- several writers


def test_eight_writers_make_eight_readings_and_eight_commits(repo: Repo, monkeypatch: pytest.MonkeyPatch) -> None:
    names = ["profiles=80", "tracking-codes=5200", "signups=91", "complaints=3", "trust-grade=0.5", "orders=7",
             "docs=done", "steps=draft"]  # fmt: skip
    monkeypatch.chdir(repo.path)
    monkeypatch.setattr(lock, "WAIT_SECONDS", 300.0)  # a busy machine is no defect
    children = [
        start_child(lambda name=name: okrctl(repo, "checkin", "--commit", "--force", name).status) for name in names
    ]  # type: ignore[misc]
    assert [end_of(child) for child in children] == [0] * 8
    assert commit_count(repo) == 9 and repo.git("status", "--short") == ""
    for number in range(8):
        shown = changed_lines(repo.git("show", "--format=", "-U0", f"HEAD~{number}"))
        assert sum("2026-05-04" in line for line in shown if line.startswith("+")) == 1, shown


def test_a_linked_work_tree_commits_in_itself(repo: Repo, tmp_path: Path) -> None:
    linked = repo.worktree(tmp_path / "linked")
    assert okrctl(linked, *CHECKIN).status == 0
    require_committed(linked)
    assert commit_count(repo) == 1 and linked.git("status", "--short") == ""
