"""What a digest tells: what moved, needs someone, is due and was decided in some days, for everyone or one owner."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from okrctl.analysis.digest import last_monday
from tests.repositories import Repo, isolate
from tests.running import run, write

TODAY = "2025-05-14"  # a Wednesday; the last Monday is 12 May
GOALS = """\
period: 2025-Q2
team: web
objectives:
  - id: fast
    title: Pages load fast
    owner: ana
    key_results:
      - {id: share, title: Pages below a second, from: 0, to: 100, readings: {2025-05-04: 20, 2025-05-12: 60}}
      - id: errors
        title: Errors
        owner: ben
        from: 40
        to: 20
        readings: {2025-05-11: 30}
        amended: {date: 2025-05-13, by: Ben, reason: Half was too easy, was: {to: 30}}
  - id: slow
    title: Slow pages are known
    owner: ben
    state: postponed
    since: 2025-05-12
    reason: Nobody has time
    key_results: [{id: list, title: A list, done: false}]
"""
KPIS = """\
kpis:
  - {id: mrr, title: Revenue, owner: cfo, unit: EUR, better: higher, readings: {2025-05-05: 100, 2025-05-12: 90}}
  - {id: nps, title: Recommendation, owner: ana, better: higher, readings: {2025-05-05: 7}}
"""
FILES = {"okrs/a.yaml": GOALS, "kpis/a.yaml": KPIS, "okrctl.yaml": "organisation: Acme\n"}
LISTS = ("moved", "attention", "due", "decided", "kpis", "unaddressed")


def digest(root: Path, *arguments: str, today: str = TODAY) -> dict[str, Any]:
    result = run("digest", "--format", "json", *arguments, cwd=root, today=today)
    assert result.status == 0, result.out + result.err
    found: dict[str, Any] = json.loads(result.out)
    return found


def lines(items: list[dict[str, Any]]) -> list[tuple[str, str | None, str]]:
    return [(item["ref"], item["status"], item["text"]) for item in items]


@pytest.mark.parametrize(
    ("day", "monday"),
    [
        ("2025-05-14", "2025-05-12"),
        ("2025-05-18", "2025-05-12"),
        ("2025-05-12", "2025-05-05"),
        ("2025-05-13", "2025-05-12"),
    ],
)
def test_the_last_monday_is_a_week_ago_on_a_monday(day: str, monday: str) -> None:
    assert last_monday(date.fromisoformat(day)) == date.fromisoformat(monday)


def test_what_moved_since_the_last_monday(tmp_path: Path) -> None:
    found = digest(write(tmp_path, FILES))
    assert (found["since"], found["as_of"], found["organisation"]) == ("2025-05-12", TODAY, "Acme")
    assert lines(found["moved"]) == [("2025-Q2/web/fast.share", "on track", "20 % → 60 %")]
    assert (found["moved"][0]["old"], found["moved"][0]["new"]) == (0.2, 0.6)
    assert lines(found["kpis"]) == [("mrr", "worse", "100 EUR → 90 EUR")]
    assert lines(found["decided"]) == [
        ("2025-Q2/web/fast.errors", "amended", "to was 30; Half was too easy (Ben)"),
        ("2025-Q2/web/slow", "postponed", "Nobody has time"),
    ]


def test_a_guardrail_and_a_range_in_words(tmp_path: Path) -> None:
    """JSON has the status of every key result and trend; people read whether the bounds are kept."""
    guard = "      - {id: bugs, title: Bugs, at_most: 5, guards: all, readings: {2025-05-04: 4, 2025-05-12: 6}}\n"
    stock = "  - {id: stock, title: Stock, between: [5, 9], readings: {2025-05-05: 7, 2025-05-12: 6}}\n"
    goals = GOALS.replace("    key_results:\n", f"    key_results:\n{guard}", 1)
    root = write(tmp_path, {**FILES, "okrs/a.yaml": goals, "kpis/a.yaml": KPIS + stock})
    found = digest(root)
    assert [item["status"] for item in found["moved"] if item["ref"].endswith(".bugs")] == ["at risk"]
    assert ("stock", "steady", "7 → 6, within its range") in lines(found["kpis"])
    text = run("digest", cwd=root, today=TODAY).out
    assert "**Bugs** 🔴 broken: 4 → 6" in text and "**Stock** 7 → 6, within its range" in text
    explained = run("explain", "bugs", cwd=root, today=TODAY).out
    assert "status: broken, which puts the objective at risk" in explained


def test_since_another_day(tmp_path: Path) -> None:
    found = digest(write(tmp_path, FILES), "--since", "2025-05-05")
    assert [item["ref"] for item in found["moved"]] == ["2025-Q2/web/fast.errors", "2025-Q2/web/fast.share"]
    assert {item["ref"]: item["text"] for item in found["moved"]} == {
        "2025-Q2/web/fast.errors": "0 % → 50 %",
        "2025-Q2/web/fast.share": "20 % → 60 %",
    }


def test_what_is_due(tmp_path: Path) -> None:
    due = digest(write(tmp_path, FILES), today="2025-05-20")["due"]
    assert [(item["ref"], item["status"]) for item in due] == [
        ("nps", "stale"),  # 15 days old, expected weekly
        ("mrr", "due"),  # 8 days old; key results are expected fortnightly
    ]
    soon = digest(write(tmp_path, FILES), today="2025-06-25")["due"]
    assert ("2025-Q2", "due", "ends on 2025-06-30") in lines(soon)


def test_targets_and_milestones_that_are_due_soon(tmp_path: Path) -> None:
    text = GOALS.replace(
        "      - id: errors\n",
        "      - {id: plan, title: The plan stands, due: 2025-05-18, done: false}\n"
        "      - id: steps\n        title: It is built\n"
        "        milestones:\n          [{title: Built, due: 2025-05-16, done: false},\n"
        "           {title: Later, due: 2025-05-30, done: false}]\n"
        "      - id: errors\n",
    )
    due = lines(digest(write(tmp_path, {"okrs/a.yaml": text}))["due"])
    assert ("2025-Q2/web/fast.plan", "due", "target due on 2025-05-18") in due
    assert ("2025-Q2/web/fast.steps", "due", "milestone due on 2025-05-16: Built") in due
    assert not any("Later" in text for _, _, text in due)


def test_each_owner_gets_their_own(tmp_path: Path) -> None:
    write(tmp_path, FILES)
    ben = digest(tmp_path, "--owner", "ben")
    assert ben["owners"] == ["ben"] and ben["moved"] == [] and ben["kpis"] == []
    assert [item["ref"] for item in ben["decided"]] == ["2025-Q2/web/fast.errors", "2025-Q2/web/slow"]
    assert [item["ref"] for item in digest(tmp_path, "--owner", "cfo")["kpis"]] == ["mrr"]
    assert [item["ref"] for item in digest(tmp_path, "--team", "web")["moved"]] == ["2025-Q2/web/fast.share"]
    assert digest(tmp_path, "--team", "company")["moved"] == []


def test_goals_that_were_added_and_removed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    isolate(monkeypatch)
    repo = Repo(tmp_path)
    gone = "      - {id: gone, title: Given up, from: 0, to: 9}\n      - id: errors\n"
    repo.commit(day="2025-05-02", files={**FILES, "okrs/a.yaml": GOALS.replace("      - id: errors\n", gone)})
    repo.commit(day="2025-05-12", files=FILES)
    write(tmp_path, {"okrs/b.yaml": "period: 2025-Q2\nobjectives: [{id: new, title: A new one, owner: cy}]\n"})
    decided = lines(digest(tmp_path)["decided"])
    assert ("2025-Q2/company/new", "added", "new") in decided
    assert ("2025-Q2/web/fast.gone", "removed", "no longer in the files") in decided
    assert len(decided) == 4
    early = digest(tmp_path, "--since", "2025-05-01")
    assert len(early["decided"]) == 2 and "no commit up to 2025-04-30" in early["notes"][0]


def test_periods_that_were_closed_and_reopened(tmp_path: Path) -> None:
    write(tmp_path, FILES)
    closing = ("close", "2025-Q2", "--outcome", "fast=reached", "--outcome", "slow=missed", "--force")
    closed = run(*closing, cwd=tmp_path, today="2025-07-20")
    if closed.status:
        pytest.fail(closed.out + closed.err)
    assert ("2025-Q2", "closed", "closed on 2025-07-20") in lines(digest(tmp_path, today="2025-07-21")["decided"])
    assert digest(tmp_path, today="2025-08-21")["decided"] == []
    run("reopen", "2025-Q2", "--reason", "A late figure", cwd=tmp_path, today="2025-07-22")
    found = lines(digest(tmp_path, today="2025-07-23")["decided"])
    assert [(ref, status) for ref, status, _ in found] == [("2025-Q2", "reopened")] and "A late figure" in found[0][2]


def test_an_empty_week_says_so(tmp_path: Path) -> None:
    done = "key_results: [{id: k, title: K, done: 2025-04-03}]"
    text = f"period: 2025-Q2\nobjectives: [{{id: o, title: One, owner: ana, {done}}}]\n"
    found = digest(write(tmp_path, {"okrs/a.yaml": text}))
    assert [name for name in LISTS if found[name]] == []
    out = run("digest", "--format", "text", cwd=tmp_path, today=TODAY).out
    assert out.endswith("\n\nNothing moved, and nothing needs attention.\n")
    nobody = run("digest", "--format", "text", cwd=tmp_path, today="2026-05-14").out
    assert "No period is running." in nobody


def test_each_of_the_demo_has_a_file(tmp_path: Path) -> None:
    root = tmp_path / "demo"
    assert run("init", "--demo", root, cwd=tmp_path, today="2026-11-29").status == 0
    for format, suffix in (
        ("markdown", "md"),
        ("slack", "json"),
        ("msteams", "json"),
        ("html", "html"),
        ("text", "txt"),
    ):
        result = run("digest", "--each", f"../{format}", "--format", format, cwd=root, today="2026-11-29")
        assert result.status == 0, result.err
        people = json.loads((tmp_path / format / "index.json").read_text())["people"]
        files = sorted(path.name for path in (tmp_path / format).iterdir() if not path.name.startswith("."))
        assert files == sorted(["index.json", *(person["file"] for person in people)])
        assert all(person["file"].endswith(f".{suffix}") for person in people)
        ines = next(person for person in people if person["owner"] == "ines")
        assert (ines["name"], ines["email"], ines["empty"]) == ("Ines", "ines@morgenrot.example", False)
        for person in people:
            alone = run("digest", "--owner", person["owner"], "--format", format, cwd=root, today="2026-11-29")
            assert alone.out == (tmp_path / format / person["file"]).read_text()


def test_a_file_is_named_after_its_owner_however_they_are_called(tmp_path: Path) -> None:
    text = GOALS.replace("owner: ana", "owner: '../Ána'").replace("owner: ben", "owner: index")
    result = run("digest", "--each", "out", cwd=write(tmp_path, {"okrs/a.yaml": text}), today=TODAY)
    assert result.err == "wrote 2 digests and index.json to out\n"
    assert {path.name for path in (tmp_path / "out").glob("[a-z]*")} == {"ana.md", "index-2.md", "index.json"}
    told = run("digest", "--each", "out", "--format", "json", cwd=tmp_path, today=TODAY).json
    assert told == {"version": 1, "folder": "out", "digests": 2}


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--owner", "nobody"), "there is no owner 'nobody'"),
        (("--team", "nowhere"), "there is no team 'nowhere'"),
        (("--since", "2025-06-01"), "--since 2025-06-01 is after today, 2025-05-14"),
        (("--since", "monday"), "'monday' is not a valid date"),
        (("--each", "out", "--owner", "ana"), "--each cannot be used with --owner or -o"),
    ],
)
def test_what_is_refused(tmp_path: Path, arguments: tuple[str, ...], message: str) -> None:
    result = run("digest", *arguments, cwd=write(tmp_path, FILES), today=TODAY)
    assert (result.status, result.out) == (2, "") and message in result.err
