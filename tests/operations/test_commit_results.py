"""Scores of past commits come from the cache byte for byte, and only where a fresh run would give the same."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from okrctl.cache import CacheStore
from okrctl.cli.commands import score as command
from okrctl.operations import score as operation
from okrctl.operations.project import Project
from okrctl.operations.score import ScoreRequest, ScoreResult
from tests.repositories import Repo, isolate
from tests.running import Result, run

ROOT = Path(__file__).parents[2]
PATH = "okrs/2026-Q2/growth.yaml"
TEXT = """\
period: 2026-Q2
team: growth
objectives:
  - id: trial
    title: Strangers find their way in — schön
    key_results:
      - {id: signups, title: Demo accounts opened, from: 0, to: 100, readings: {2026-04-13: 10}}
"""
LATER = TEXT.replace("to: 100", "to: 80").replace("2026-04-13: 10", "2026-04-13: 10, 2026-05-11: 40")


@pytest.fixture(autouse=True)
def no_whole_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is kept of a commit is looked for, and no whole answer."""
    monkeypatch.setattr("okrctl.cli.commands.READING", ())


@pytest.fixture(autouse=True)
def _isolated(monkeypatch: pytest.MonkeyPatch) -> None:
    isolate(monkeypatch)


@pytest.fixture
def repo(tmp_path: Path) -> Repo:
    """Agreed in April, relaxed in May, something else in June."""
    repo = Repo(tmp_path / "repo")
    repo.commit(day="2026-04-08", files={PATH: TEXT})
    repo.commit(day="2026-05-12", files={PATH: LATER})
    repo.commit(day="2026-06-02", files={"README.md": "Goals\n"})
    return repo


@pytest.fixture
def entries(own_surroundings: Path) -> Path:
    """The folder of the cached results."""
    return own_surroundings / "okrctl" / "past"


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[str | None]:
    """The revision of each score that is computed from now on."""
    found, real = list[str | None](), operation.score

    def counted(project: Project, request: ScoreRequest) -> ScoreResult:
        found.append(request.known_at)
        return real(project, request)

    monkeypatch.setattr(operation, "score", counted)
    return found


def score(repo: Repo, *words: str, known_at: str = "HEAD", **environment: str) -> Result:
    words = ("2026-Q2", *words, "--known-at", known_at)
    return run("score", *words, cwd=repo.path, env=environment, today="2026-07-15")


def fresh(repo: Repo, entries: Path, *words: str, known_at: str = "HEAD", **environment: str) -> Result:
    """The same without a cache."""
    aside = entries.with_name("aside")
    if entries.exists():
        entries.rename(aside)
    found = score(repo, *words, known_at=known_at, **environment)
    shutil.rmtree(entries, ignore_errors=True)
    if aside.exists():
        aside.rename(entries)
    return found


QUESTIONS: list[list[str]] = [
    [], ["--format", "json"], ["--format", "csv"], ["--format", "markdown"], ["--agreed"], ["--level", "team"],
    ["--team", "growth"], ["--what-if", "signups=70"], ["--fail-under", "0.99"], ["--fail-if", "behind"],
    ["--as-of", "2026-04-20"], ["--color", "always"],
]  # fmt: skip


def test_each_request_has_its_own_result_byte_for_byte(repo: Repo, made: list[str | None]) -> None:
    first = [score(repo, *words) for words in QUESTIONS]
    assert len(made) == len(QUESTIONS)
    assert {one.status for one in first} == {0, 1}
    assert [score(repo, *words) for words in QUESTIONS] == first
    assert len(made) == len(QUESTIONS)


def test_all_names_of_a_commit_share_a_result_but_dates_do_not(repo: Repo, made: list[str | None]) -> None:
    named = [score(repo, "--format", "json", known_at=name) for name in ("HEAD", "main", repo.head, repo.head[:12])]
    assert len(made) == 1
    assert len({one.out for one in named}) == 1
    assert score(repo, "--format", "json", known_at="2026-06-20").json["as_of"] == "2026-06-20"
    assert len(made) == 2


def test_a_cached_result_is_written_to_the_requested_file(repo: Repo, made: list[str | None]) -> None:
    expected = score(repo).out
    score(repo, "-o", "one.txt")
    assert (repo.path / "one.txt").read_text("utf-8") == expected
    assert len(made) == 1


def test_a_moved_branch_is_another_commit(repo: Repo, entries: Path) -> None:
    before = score(repo, known_at="main")
    repo.commit(day="2026-06-20", files={PATH: LATER.replace("40}", "79}")})
    assert score(repo, known_at="main") == fresh(repo, entries, known_at="main") != before


def test_a_result_is_not_kept_if_the_branch_moved_meanwhile(
    repo: Repo, entries: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = operation.score

    def late(project: Project, request: ScoreRequest) -> ScoreResult:
        repo.commit(day="2026-06-20", files={PATH: LATER.replace("40}", "79}")})
        return real(project, request)

    monkeypatch.setattr(operation, "score", late)
    score(repo)
    assert not entries.exists()


def _replaced(repo: Repo) -> None:
    blob = repo.git("rev-parse", f"HEAD:{PATH}")
    other = repo.git("hash-object", "-w", "--stdin", text=LATER.replace("40}", "79}"))
    repo.git("replace", blob, other)


def _grafted(repo: Repo) -> None:
    (repo.path / ".git/info").mkdir(exist_ok=True)
    (repo.path / ".git/info/grafts").write_text(f"{repo.head}\n")


def _rewritten(repo: Repo) -> None:
    repo.git("reset", "-q", "--hard", "HEAD~2")
    repo.commit(day="2026-06-02", files={PATH: LATER.replace("40}", "50}")})


def _cut_off(repo: Repo) -> None:
    (repo.path / ".git/shallow").write_text(f"{repo.head}\n")


@pytest.mark.parametrize("change", [_replaced, _grafted, _rewritten, _cut_off])
def test_every_change_of_the_history_is_seen(repo: Repo, entries: Path, change: Callable[[Repo], None]) -> None:
    before = score(repo, "--format", "json")
    change(repo)
    assert score(repo, "--format", "json") == fresh(repo, entries, "--format", "json") != before


def test_a_completed_shallow_clone_knows_the_agreed_targets(repo: Repo, tmp_path: Path, entries: Path) -> None:
    subprocess.run(
        ["git", "clone", "-q", "--depth=1", f"file://{repo.path}", str(tmp_path / "clone")],
        check=True, env=repo.environment,
    )  # fmt: skip
    clone = Repo(tmp_path / "clone")
    before = score(clone)
    clone.git("fetch", "-q", "--unshallow")
    assert score(clone) == fresh(clone, entries) == score(repo) != before


def test_an_uncertain_result_is_not_cached(repo: Repo, entries: Path) -> None:
    agreed = repo.git("rev-parse", f"HEAD~2:{PATH}")
    stored = repo.path / ".git/objects" / agreed[:2] / agreed[2:]
    stored.rename(repo.path / "aside")
    broken = score(repo)
    assert not entries.exists()
    (repo.path / "aside").rename(stored)
    assert score(repo) == fresh(repo, entries) != broken


@pytest.mark.parametrize("content", [b"", b"garbage", b"\xff" * 500, None])
def test_a_damaged_cache_is_ignored(repo: Repo, entries: Path, content: bytes | None) -> None:
    expected = score(repo)
    [entry] = entries.iterdir()
    entry.write_bytes(entry.read_bytes()[: entry.stat().st_size // 2] if content is None else content)
    assert score(repo) == expected
    assert score(repo) == expected


def test_a_malformed_entry_is_ignored(repo: Repo, entries: Path) -> None:
    expected = score(repo)
    [entry] = entries.iterdir()
    for value in ([], {}, 3, ["text"], [1, 2], ["text", "0"], {"a": 1, "b": 2}, ["a", 1, 2]):
        CacheStore(entries).save(entry.name, json.dumps(value).encode())
        assert score(repo) == expected


def test_an_unwritable_cache_is_ignored(repo: Repo, entries: Path, own_surroundings: Path) -> None:
    expected = score(repo)
    shutil.rmtree(own_surroundings / "okrctl")
    (own_surroundings / "okrctl").write_text("a file where the folder should be")
    assert score(repo) == expected
    assert score(repo) == expected


def test_two_simultaneous_runs_have_the_same_result(repo: Repo, own_surroundings: Path) -> None:
    environment = {**os.environ, "XDG_CACHE_HOME": str(own_surroundings)}
    words = ["-C", str(repo.path), "score", "2026-Q2", "--known-at", "HEAD", "--format", "json"]
    command = [sys.executable, "-m", "okrctl", *words]
    both = [subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    out = [one.communicate(timeout=60)[0] for one in both]
    assert out[0] == out[1] == score(repo, "--format", "json").out


def test_errors_and_current_files_are_not_cached(repo: Repo, entries: Path) -> None:
    assert score(repo, known_at="nowhere").status == 2
    assert score(repo, "--team", "nobody").status == 2
    assert run("score", "2026-Q2", cwd=repo.path, today="2026-06-10").status == 0
    assert not entries.exists()


def test_another_version_of_a_library_is_another_request(
    repo: Repo, made: list[str | None], monkeypatch: pytest.MonkeyPatch
) -> None:
    score(repo)
    monkeypatch.setattr(command, "_libraries_changed_at", lambda: 0)
    score(repo)
    assert len(made) == 2
