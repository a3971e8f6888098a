"""An answer that is kept is printed again only while everything that it was computed from is as it was."""

from __future__ import annotations

import io
import json
import os
import random
import shutil
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from okrctl.cache import repository_state
from okrctl.cli import app
from tests.repositories import Repo, isolate
from tests.running import Result, run, write

TODAY = "2026-05-15"
GOALS = """\
period: 2026-Q2
objectives:
  - id: shops
    title: Shops serve more people
    owner: lea
    key_results:
      - {id: answer, title: Shops that answer within a day, from: 10 %, to: 60 %, readings: {2026-04-06: 12 %, 2026-05-04: 30 %}}
      - {id: calls, title: Calls a week, from: 200, to: 90, kpi: calls}
"""  # noqa: E501
KPIS = "kpis:\n  - {id: calls, title: Calls a week, better: lower, readings: ../data/calls.csv}\n"
CSV = "date,value\n2026-04-06,190\n2026-05-04,150\n"
COMMANDS = [
    "check", "check --format json", "diff", "digest", "explain answer", "explain rules", "export",
    "export --what scores", "impact", "kpi", "log answer", "report", "score", "score --agreed",
    "score --known-at HEAD --format json", "score --as-of 2026-04-20", "show answer", "status",
    "status --format json", "tree",
]  # fmt: skip


@pytest.fixture
def repo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Repo:
    """A workspace in git, with a CSV file of readings."""
    isolate(monkeypatch)
    repo = Repo(tmp_path)
    repo.commit(files={"okrctl.yaml": "organisation: Acme\n", "okrs/a.yaml": GOALS, "kpis/k.yaml": KPIS})
    repo.commit(files={"data/calls.csv": CSV})
    return repo


def ask(root: Path, command: str, *more: str) -> Result:
    return run(*command.split(), *more, cwd=root, today=TODAY)


def is_computed(root: Path, command: str, monkeypatch: pytest.MonkeyPatch, **variables: str) -> bool:
    """Whether a command line is computed, and not answered by what is kept."""
    computed: list[object] = []
    real = app.run

    def count(*given: object, **named: object) -> int:
        computed.append(given)
        return real(*given, **named)  # type: ignore[arg-type]

    with monkeypatch.context() as patch:
        patch.setattr("okrctl.cli.app.run", count)
        run(*command.split(), cwd=root, env=variables, today=TODAY)
    return bool(computed)


@pytest.mark.parametrize("command", COMMANDS)
def test_the_same_question_has_the_same_answer(repo: Repo, command: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("okrctl.files.record.RACY_NANOSECONDS", -(10**12))  # files of a test are never old
    fresh = ask(repo.path, command, "--no-cache")
    assert ask(repo.path, command) == fresh
    assert fresh.status in (0, 1)
    assert not is_computed(repo.path, command, monkeypatch)
    assert ask(repo.path, command) == fresh


def edit(path: str, old: str, new: str) -> Callable[[Repo], object]:
    def change(repo: Repo) -> None:
        file = repo.path / path
        file.write_text(file.read_text().replace(old, new))

    return change


CHANGES: dict[str, Callable[[Repo], object]] = {
    "a reading": edit("okrs/a.yaml", "30 %", "40 %"),
    "a reading in CSV": edit("data/calls.csv", "150", "140"),
    "the settings": edit("okrctl.yaml", "Acme", "Acorn"),
    "no settings": lambda repo: (repo.path / "okrctl.yaml").unlink(),
    "a new file": lambda repo: write(repo.path, {"okrs/b.yaml": GOALS.replace("shops", "stalls")}),
    "a file less": lambda repo: (repo.path / "kpis/k.yaml").unlink(),
    "no CSV file": lambda repo: (repo.path / "data/calls.csv").unlink(),
    "a commit": lambda repo: repo.commit(files={"notes.txt": "new\n"}),
    "a branch": lambda repo: repo.git("branch", "other"),
    "a setting of git": lambda repo: repo.git("config", "user.email", "other@example.org"),
    "a file ignored": lambda repo: write(repo.path, {".gitignore": "okrs/\n"}),
    "a seal": lambda repo: write(repo.path, {"scorecards/2026-Q2.json": "{}"}),
}


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("command", ["check", "score", "status", "kpi", "log answer", "diff", "show answer", "export"])
def test_any_change_is_seen(repo: Repo, command: str, change: str) -> None:
    ask(repo.path, command)
    CHANGES[change](repo)
    assert ask(repo.path, command) == ask(repo.path, command, "--no-cache")


def test_an_object_that_comes_back_changes_the_state_of_git(repo: Repo) -> None:
    name = repo.git("rev-parse", "HEAD:okrs/a.yaml")
    file = repo.path / ".git/objects" / name[:2] / name[2:]
    file.rename(repo.path / "aside")
    without = repository_state.read(repo.path)
    assert repository_state.read(repo.path) == without
    (repo.path / "aside").rename(file)
    assert repository_state.read(repo.path) != without


def test_same_size_and_time_are_seen(repo: Repo) -> None:
    file = repo.path / "okrs/a.yaml"
    before = file.stat()
    first = ask(repo.path, "score")
    with file.open("r+b") as stream:
        stream.write(file.read_bytes().replace(b"30 %", b"40 %"))
    os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert ask(repo.path, "score") == ask(repo.path, "score", "--no-cache") != first


@pytest.mark.parametrize(
    "variables",
    [{"COLUMNS": "90"}, {"NO_COLOR": "", "FORCE_COLOR": "1"}, {"OKRCTL_FORMAT": "json"}, {"OKRCTL_TODAY": "2026-05-16"},
     {"OKRCTL_NO_CACHE": "1"}, {"GIT_DIR": "elsewhere"}],
)  # fmt: skip
def test_what_surrounds_a_run_is_part_of_the_question(
    repo: Repo, variables: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    ask(repo.path, "score")
    assert is_computed(repo.path, "score", monkeypatch, **variables)
    assert not is_computed(repo.path, "score", monkeypatch)


@pytest.mark.parametrize(
    "command",
    ["score -v", "score no-such-period", "score --help", "check okrs", "check --stdin-filename okrs/a.yaml",
     "score -o score.txt", "report --site site", "digest --each people"],
)  # fmt: skip
def test_what_fails_writes_or_looks_elsewhere_is_computed_each_time(
    repo: Repo, command: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", SimpleNamespace(buffer=io.BytesIO(GOALS.encode())))
    ask(repo.path, command)
    assert is_computed(repo.path, command, monkeypatch)


def test_settings_that_include_others_are_not_trusted(repo: Repo, monkeypatch: pytest.MonkeyPatch) -> None:
    repo.git("config", "include.path", "more.config")
    ask(repo.path, "status")
    assert is_computed(repo.path, "status", monkeypatch)


def test_messages_come_in_their_place_and_the_status_stays(repo: Repo, monkeypatch: pytest.MonkeyPatch) -> None:
    write(repo.path, {"data/calls.csv": CSV + "no day,4\n"})
    first = ask(repo.path, "score", "--fail-if", "behind,at-risk")
    assert first.err and first.status in (0, 1)
    assert not is_computed(repo.path, "score --fail-if behind,at-risk", monkeypatch)
    assert ask(repo.path, "score", "--fail-if", "behind,at-risk") == first


@pytest.mark.parametrize("content", [b"", b"garbage", b"\xff" * 500, None])
def test_a_damaged_entry_is_ignored(repo: Repo, own_surroundings: Path, content: bytes | None) -> None:
    fresh = ask(repo.path, "score", "--no-cache")
    ask(repo.path, "score")
    for entry in (own_surroundings / "okrctl/answers").iterdir():
        entry.write_bytes(entry.read_bytes()[:200] if content is None else content)
    assert ask(repo.path, "score") == fresh == ask(repo.path, "score")


def test_a_long_answer_is_packed(repo: Repo, own_surroundings: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fresh = ask(repo.path, "score", "--no-cache")
    monkeypatch.setattr("okrctl.cli.answers.MAX_UNPACKED", 0)
    assert ask(repo.path, "score") == fresh
    (entry,) = (own_surroundings / "okrctl/answers").iterdir()
    assert fresh.out.encode()[:40] not in entry.read_bytes()
    assert not is_computed(repo.path, "score", monkeypatch)
    assert ask(repo.path, "score") == fresh


def test_an_entry_of_another_shape_is_ignored(repo: Repo, own_surroundings: Path) -> None:
    from okrctl.cache import CacheStore

    fresh = ask(repo.path, "score")
    folder = own_surroundings / "okrctl/answers"
    for value in ([], {}, {"place": 3}, {"place": ["a", "b", "c"]}, {"pieces": [1]}):
        for entry in folder.iterdir():
            CacheStore(folder).save(entry.name, json.dumps(value).encode())
        assert ask(repo.path, "score") == fresh


def test_an_unwritable_cache_is_ignored(repo: Repo, own_surroundings: Path) -> None:
    (own_surroundings / "okrctl").write_text("a file where the folder should be")
    assert ask(repo.path, "score") == ask(repo.path, "score") == ask(repo.path, "score", "--no-cache")


def test_a_linked_work_tree_has_a_state_of_its_own(repo: Repo, tmp_path_factory: pytest.TempPathFactory) -> None:
    other = tmp_path_factory.mktemp("linked") / "tree"
    repo.git("worktree", "add", "-q", str(other), "-b", "other")
    for root in (other, repo.path):
        ask(root, "log answer")
    Repo(other).commit(files={"okrs/a.yaml": GOALS.replace("30 %", "35 %")})
    for root in (other, repo.path):
        assert ask(root, "log answer") == ask(root, "log answer", "--no-cache")


def test_a_goal_with_the_name_of_a_command_does_not_make_a_writing_command_a_reading_one(
    repo: Repo, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(repo.path, {"okrs/a.yaml": GOALS.replace("id: answer", "id: status")})
    dry_run = "checkin status 40% --dry-run"
    ask(repo.path, dry_run)
    assert is_computed(repo.path, dry_run, monkeypatch)


def test_every_reading_command_exists() -> None:
    from okrctl.cli.commands import COMMANDS as ALL
    from okrctl.cli.commands import GROUPS, READING

    assert set(READING) <= set(ALL)
    assert set(READING).isdisjoint(GROUPS["Write"])


STEPS = st.lists(
    st.sampled_from(
        ["reading", "csv", "same time", "new file", "remove", "break", "fix", "settings", "commit", "checkout",
         "branch", "rename", "day", "touch", "damage", "no answers"]
    ),
    min_size=1,
    max_size=6,
)  # fmt: skip


@pytest.mark.slow
@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS, seed=st.integers(0, 10**6))
def test_random_edits_never_give_an_old_answer(
    tmp_path_factory: pytest.TempPathFactory, steps: list[str], seed: int
) -> None:
    """After each edit a command says, byte for byte, what it says without the cache."""
    with pytest.MonkeyPatch.context() as patch:
        isolate(patch)
        repo = Repo(tmp_path_factory.mktemp("work"))
        repo.commit(files={"okrctl.yaml": "organisation: Acme\n", "okrs/a.yaml": GOALS, "kpis/k.yaml": KPIS})
        repo.commit(files={"data/calls.csv": CSV})
        repo.config("user.name", "Lea")
        repo.config("user.email", "lea@acme.example")
        day = 15
        for number, step in enumerate(steps):
            day += step == "day"
            _take(repo, step, seed % 50 + number)
            for command in COMMANDS[(seed + number) % 3 :: 3]:
                kept = run(*command.split(), cwd=repo.path, today=f"2026-05-{day}")
                fresh = run(*command.split(), "--no-cache", cwd=repo.path, today=f"2026-05-{day}")
                assert kept == fresh, (step, command)


def _take(repo: Repo, step: str, number: int) -> None:
    root, goals, csv = repo.path, repo.path / "okrs/a.yaml", repo.path / "data/calls.csv"
    if step == "reading" and goals.exists():
        goals.write_text(goals.read_text().replace("2026-05-04: 3", f"2026-05-04: {number % 7 + 1}3"))
    elif step == "csv":
        write(root, {"data/calls.csv": f"date,value\n2026-04-06,190\n2026-05-04,{100 + number}\n"})
    elif step == "same time" and csv.exists():
        before = csv.stat()
        csv.write_bytes(csv.read_bytes()[::-1].replace(b"09", b"19")[::-1])
        os.utime(csv, ns=(before.st_atime_ns, before.st_mtime_ns))
    elif step == "new file":
        write(root, {f"okrs/b{number}.yaml": GOALS.replace("shops", f"stalls-{number}")})
    elif step == "remove":
        sorted((root / "okrs").iterdir())[-1].unlink()
        write(root, {"okrs/c.yaml": GOALS})
    elif step == "break":
        write(root, {"okrs/c.yaml": GOALS.replace("title:", "titel:")})
    elif step == "fix":
        write(root, {"okrs/c.yaml": GOALS, "okrs/a.yaml": "objectives: []\nperiod: 2026-Q2\n"})
    elif step == "settings":
        write(root, {"okrctl.yaml": f"organisation: Acme {number}\n"})
    elif step == "commit":
        repo.git("add", "-A")
        repo.git("commit", "-q", "--allow-empty", "-m", f"step {number}")
    elif step == "checkout":
        repo.git("checkout", "-q", "-f", "HEAD", "--", ".")
    elif step == "branch":
        repo.git("stash", "-q", "-u")
        has_parent = int(repo.git("rev-list", "--count", "HEAD")) > 1
        repo.git("checkout", "-q", "-B", f"b{number}", "HEAD~1" if number % 2 and has_parent else "HEAD")
    elif step == "rename" and goals.exists():
        goals.rename(root / f"okrs/z{number}.yaml")
    elif step == "touch" and csv.exists():
        os.utime(csv)
    elif step == "damage":
        _damage(number)
    elif step == "no answers":
        shutil.rmtree(Path(os.environ["XDG_CACHE_HOME"]) / "okrctl/answers", ignore_errors=True)


def _damage(number: int) -> None:
    """Delete the index of the workspace, cut it, or write noise into it."""
    index = Path(os.environ["XDG_CACHE_HOME"]) / "okrctl/files.db"
    content = index.read_bytes() if index.exists() else b""
    if number % 3 == 0:
        index.unlink(missing_ok=True)
    elif content:
        place = len(content) * (number % 50) // 50
        index.write_bytes(content[:place] + (random.Random(number).randbytes(300) if number % 3 == 1 else b""))
