"""`okrctl diff` against real repositories: what a reviewer sees of a pull request that lowers a target."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from tests.repositories import Repo, isolate
from tests.running import Result, run

PATH = "okrs/2026-Q2/growth.yaml"
TEXT = """\
period: 2026-Q2
team: growth
objectives:
  - id: trial
    title: Strangers find their way into the product
    owner: lea
    key_results:
      - id: signups
        title: Demo accounts opened
        to: 100
        readings: {2026-04-13: 10, 2026-05-11: 60}
      - id: calls
        title: Calls answered
        to: 50
        readings: {2026-05-11: 10}
"""
LOWER = TEXT.replace("to: 100", "to: 80")


@pytest.fixture(autouse=True)
def _isolated(monkeypatch: pytest.MonkeyPatch) -> None:
    isolate(monkeypatch)


@pytest.fixture
def repo(tmp_path: Path) -> Repo:
    return Repo(tmp_path / "repo")


def diff(repo: Repo, *words: str, today: str = "2026-05-20", status: int = 0) -> Result:
    result = run("diff", *words, cwd=repo.path, today=today)
    assert result.status == status, result.err
    return result


def test_a_lowered_target_as_json(repo: Repo) -> None:
    old = repo.commit(day="2026-04-10", files={PATH: TEXT})
    new = repo.commit(day="2026-05-12", files={PATH: LOWER})
    expected = {
        "version": 1,
        "old": old,
        "new": new,
        "changes": [
            {
                "ref": "2026-Q2/growth/trial.signups", "kind": "changed", "field": "to", "old": 100, "new": 80,
                "effect": "relaxed", "amended": False, "path": PATH, "line": 10,
            }
        ],
        "scores": [
            {"ref": "2026-Q2", "old": Decimal("0.4"), "new": Decimal("0.475")},
            {"ref": "2026-Q2/growth", "old": Decimal("0.4"), "new": Decimal("0.475")},
            {"ref": "2026-Q2/growth/trial", "old": Decimal("0.4"), "new": Decimal("0.475")},
            {"ref": "2026-Q2/growth/trial.signups", "old": Decimal("0.6"), "new": Decimal("0.75")},
        ],
    }  # fmt: skip
    assert diff(repo, f"{old}..{new}", "--format", "json").json == expected
    assert diff(repo, "HEAD~1..", "--format", "json").json == expected
    assert diff(repo, "2026-04-30..2026-05-30", "--format", "json").json == expected
    assert diff(repo, "HEAD~1", "--format", "json").json == expected | {"new": None}


def test_without_a_revision_the_work_tree_is_compared_with_the_last_commit(repo: Repo) -> None:
    repo.commit(day="2026-04-10", files={PATH: TEXT})
    assert "no changes between " in diff(repo).out
    repo.write(PATH, LOWER)
    assert "1 change made a goal easier" in diff(repo).out


def test_both_sides_are_scored_on_one_day(repo: Repo) -> None:
    repo.commit(day="2026-04-10", files={PATH: TEXT})
    repo.write(PATH, LOWER)
    scores = diff(repo, "--as-of", "2026-04-20", "--format", "json").json["scores"]
    assert scores[-1] == {"ref": "2026-Q2/growth/trial.signups", "old": Decimal("0.1"), "new": Decimal("0.125")}


def test_the_comment_says_at_one_glance_that_it_became_easier_and_by_how_much(repo: Repo) -> None:
    repo.commit(day="2026-04-10", files={PATH: TEXT})
    repo.write(PATH, LOWER)
    lines = diff(repo, "--format", "markdown").out.splitlines()
    assert lines[0] == "### ⚠️ OKRs: 1 change made a goal easier"
    assert "| Strangers find their way into the product `2026-Q2/growth/trial` | 0.40 | 0.48 | **+0.08** |" in lines
    assert (
        "| growth `2026-Q2/growth` | 0.40 | 0.48 | **+0.08** |" in lines
        or "| `2026-Q2/growth` | 0.40 | 0.48 | **+0.08** |" in lines
    )
    assert any("⚠️ easier" in line and "to: 100 → 80, not recorded under amended" in line for line in lines)
    assert len("\n".join(lines)) < 1500


def test_a_target_that_nobody_has_gone_towards_shows_its_unmoved_score(repo: Repo) -> None:
    repo.commit(day="2026-04-10", files={PATH: TEXT.replace("10, 2026-05-11: 60", "0")})
    repo.write(PATH, LOWER.replace("10, 2026-05-11: 60", "0"))
    assert "| `2026-Q2/growth` | 0.10 | 0.10 | **+0.00** |" in diff(repo, "--format", "markdown").out


def test_a_comment_notifies_nobody_and_fits(repo: Repo) -> None:
    results = "".join(
        f"      - {{id: k{number}, title: 'Ask @team and #{number} <b>', to: {{}}}}\n" for number in range(700)
    )
    text = "period: 2026-Q2\nobjectives:\n  - id: o\n    title: Thanks @lea\n    key_results:\n" + results
    repo.commit(day="2026-04-10", files={PATH: text.replace("{}", "100")})
    repo.write(PATH, text.replace("{}", "90"))
    comment = diff(repo, "--format", "markdown").out
    assert 30_000 < len(comment) <= 65_536
    assert "@team" not in comment and "@lea" not in comment and "<b>" not in comment
    assert "more changes" in comment and "more scores" in comment
    assert "| `2026-Q2/company` |" in comment


def test_many_readings_are_one_line_for_people(repo: Repo) -> None:
    repo.commit(day="2026-04-10", files={PATH: TEXT})
    readings = ", ".join(f"2026-05-{day}: {day}" for day in range(12, 19))
    repo.write(PATH, TEXT.replace("{2026-05-11: 10}", f"{{2026-05-11: 10, {readings}}}"))
    assert "2026-05-18  18  " in diff(repo).out and "(the newest of 7)" in diff(repo).out
    assert len(diff(repo, "--format", "json").json["changes"]) == 7


def test_three_dots_mean_since_they_parted(repo: Repo) -> None:
    repo.commit(day="2026-04-10", files={PATH: TEXT})
    repo.branch("idea")
    repo.commit(day="2026-04-11", files={PATH: LOWER})
    repo.switch("main")
    repo.commit(day="2026-04-12", files={"okrs/other.yaml": TEXT.replace("growth", "sales")})
    assert {one["ref"] for one in diff(repo, "main...idea", "--format", "json").json["changes"]} == {
        "2026-Q2/growth/trial.signups"
    }
    assert len(diff(repo, "main..idea", "--format", "json").json["changes"]) == 2


def test_what_cannot_be_read_is_one_error_that_names_the_commit(repo: Repo) -> None:
    old = repo.commit(day="2026-04-10", files={PATH: "objectives: ["})
    repo.commit(day="2026-04-11", files={PATH: TEXT})
    assert f"{PATH} at {old[:10]}" in diff(repo, "HEAD~1", status=2).err
    for words in ("--output=x..HEAD", "nothing..HEAD", "HEAD..nothing", "HEAD...--all"):
        result = run("diff", "--", words, cwd=repo.path)
        assert result.status == 2 and result.err.count("\n") == 2


def test_text_of_files_stays_text_in_a_table(repo: Repo) -> None:
    repo.commit(day="2026-04-10", files={PATH: TEXT})
    repo.write(PATH, TEXT.replace("Calls answered", '"[red]Calls\\x1b[31m[/]"'))
    shown = diff(repo).out
    assert "\x1b" not in shown and "[red]Calls" in shown


def test_a_base_is_where_the_branch_left_it(repo: Repo) -> None:
    """What the other branch did since then is not shown; a revision beside it is refused."""
    text = "period: 2026-Q2\nobjectives: [{id: o, title: O, owner: ada, key_results: [{id: k, title: K, to: 10}]}]\n"
    repo.commit("Begin", day="2026-04-01", files={"okrs/z.yaml": text})
    main = repo.git("symbolic-ref", "--short", "HEAD")
    repo.git("checkout", "-q", "-b", "mine")
    repo.commit("Easier", day="2026-04-20", files={"okrs/z.yaml": text.replace("to: 10", "to: 8")})
    repo.git("checkout", "-q", main)
    repo.commit("Theirs", day="2026-04-21", files={"okrs/y.yaml": text.replace("id: o,", "id: p,")})
    repo.git("checkout", "-q", "mine")
    fields = [
        change["field"] for change in run("diff", "--base", main, "--format", "json", cwd=repo.path).json["changes"]
    ]
    assert fields == ["to"]
    refused = run("diff", main, "--base", main, cwd=repo.path)
    assert refused.status == 2 and "cannot be used together" in refused.err
