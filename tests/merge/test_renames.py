"""Goals that one side renamed or moved, and teams that it renamed, get what the other side changed."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.goals import GOALS, PATH
from tests.repositories import LEA, TOM, Repo, isolate
from tests.running import Result, run

OTHER = "okrs/2026-Q2/safety.yaml"
FIRST = GOALS.partition("objectives:\n")[2]
SECOND = """\
  - id: support
    title: Support answers within a day
    owner: tom
    key_results:
      - id: answers
        title: Answers within a day
        from: 0
        to: 90
        readings:
          2026-04-13: 40
"""
HEAD = "period: 2026-Q2\nteam: trust\nobjectives:\n"
NEW = "          2026-04-20: 20\n"
THEIRS = HEAD + FIRST + NEW + SECOND + "          2026-04-20: 55\n"


@pytest.fixture(autouse=True)
def _isolated(monkeypatch: pytest.MonkeyPatch) -> None:
    isolate(monkeypatch)


@pytest.fixture
def repo(tmp_path: Path) -> Repo:
    made = Repo(tmp_path / "repo")
    made.config("user.name", "Lea")
    made.config("user.email", "lea@acme.example")
    made.commit("base", files={PATH: HEAD + FIRST + SECOND, "okrctl.yaml": "organisation: Acme\n"})
    return made


def merged(repo: Repo, ours: dict[str, str | None], theirs: str = THEIRS) -> Result:
    """Commits a check-in on `tom` and `ours` on `main`, merges, and joins what git leaves in conflict."""
    repo.branch("tom")
    repo.commit("theirs", author=TOM, files={PATH: theirs})
    repo.switch("main")
    for path, text in ours.items():
        if text is None:
            repo.remove(path)
        else:
            repo.write(path, text)
    repo.commit("ours", author=LEA)
    with pytest.raises(RuntimeError):
        repo.git("merge", "-q", "tom")
    return run("merge", cwd=repo.path, today="2026-05-20")


def text(repo: Repo, path: str = PATH) -> str:
    return (repo.path / path).read_text("utf-8")


def test_check_ins_reach_goals_that_another_team_has_now(repo: Repo) -> None:
    head = HEAD.replace("trust", "safety")
    result = merged(repo, {PATH: head + FIRST.replace("10\n", "10\n          2026-04-27: 30\n") + SECOND})
    assert (result.status, result.err) == (0, "")
    expected = head + FIRST + NEW + "          2026-04-27: 30\n" + SECOND + "          2026-04-20: 55\n"
    assert text(repo) == expected


@pytest.mark.parametrize("title", ["Users trace", "People trace"])
def test_check_ins_follow_a_renamed_team_into_its_new_file(repo: Repo, title: str) -> None:
    notes = "".join(
        f"# Note {number} on the new name: git finds no likeness to the old file.\n" for number in range(40)
    )
    head = notes + HEAD.replace("trust", "safety")
    ours = head + FIRST.replace("Users trace", title) + SECOND
    result = merged(repo, {PATH: None, OTHER: ours})
    assert (result.status, result.err) == (0, "")
    assert "2026-Q2/trust/origin is now 2026-Q2/safety/origin" in result.out
    assert text(repo, OTHER) == head + FIRST.replace("Users trace", title) + NEW + SECOND + "          2026-04-20: 55\n"
    assert not (repo.path / PATH).exists()


@pytest.mark.parametrize(
    "renamed",
    [
        SECOND.replace("id: support", "id: help\n    formerly: support").replace("Support answers", "We answer"),
        SECOND.replace("id: support", "id: help"),
    ],
    ids=["formerly", "silently"],
)
def test_a_check_in_follows_an_objective_that_was_moved_and_renamed(repo: Repo, renamed: str) -> None:
    result = merged(repo, {PATH: HEAD + FIRST, OTHER: HEAD + renamed})
    assert (result.status, result.err) == (0, "")
    assert text(repo) == HEAD + FIRST + NEW
    assert text(repo, OTHER) == HEAD + renamed + "          2026-04-20: 55\n"


def test_a_check_in_follows_a_key_result_into_another_objective_under_another_id(repo: Repo) -> None:
    moved = SECOND[SECOND.index("      - id: answers") :].replace(
        "id: answers", "id: replies\n        formerly: answers"
    )
    rest = SECOND[: SECOND.index("    key_results")]
    result = merged(repo, {PATH: HEAD + FIRST + moved + rest})
    assert (result.status, result.err) == (0, "")
    assert text(repo) == HEAD + FIRST + NEW + moved + "          2026-04-20: 55\n" + rest


def test_a_kpi_that_was_renamed_without_a_word_gets_the_reading_of_the_other_side(repo: Repo) -> None:
    kpi = (
        "kpis:\n  - id: {}\n    title: Returns\n    owner: lea\n    better: lower\n    readings:\n      2026-04-13: 8\n"
    )
    repo.commit("kpi", files={"kpis/a.yaml": kpi.format("returns")})
    repo.branch("tom")
    repo.commit("theirs", author=TOM, files={"kpis/a.yaml": kpi.format("returns") + "      2026-04-20: 7\n"})
    repo.switch("main")
    repo.commit("ours", files={"kpis/a.yaml": kpi.format("parcels") + "      2026-04-27: 6\n"})
    with pytest.raises(RuntimeError):
        repo.git("merge", "-q", "tom")
    assert run("merge", cwd=repo.path, today="2026-05-20").status == 0
    assert text(repo, "kpis/a.yaml") == kpi.format("parcels") + "      2026-04-20: 7\n      2026-04-27: 6\n"


def test_an_objective_that_one_side_moved_in_a_conflict_and_the_other_removed_is_a_conflict(repo: Repo) -> None:
    repo.commit("more", files={OTHER: HEAD + FIRST.replace("origin", "other").replace("Users trace", "We know")})
    before = text(repo, OTHER)
    repo.branch("tom")
    repo.commit("theirs", author=TOM, files={PATH: HEAD + FIRST + NEW, OTHER: before + NEW})
    repo.switch("main")
    repo.commit("ours", files={PATH: HEAD + FIRST + NEW.replace("20\n", "21\n"), OTHER: before + SECOND})
    with pytest.raises(RuntimeError):
        repo.git("merge", "-q", "tom")
    result = run("merge", cwd=repo.path, today="2026-05-20")
    assert result.status == 1
    assert "it was moved from okrs/2026-Q2/trust.yaml, and removed" in result.out
