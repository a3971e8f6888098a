"""Scores, KPIs and goals as rows: the days of the rhythm, the figures of `score --as-of`, and where rows come from."""

from __future__ import annotations

import csv
import io
import random
from collections import Counter
from datetime import date, timedelta
from pathlib import Path

import pytest

from okrctl.analysis.export_series import Span
from tests.fuzz.valid import WORKSPACE
from tests.repositories import Repo, isolate
from tests.running import run, write

GOALS = """\
period: 2025-Q2
team: web
objectives:
  - id: fast
    title: Pages load fast
    owner: ana
    key_results:
      - {id: share, title: Pages below a second, from: 0, to: 100, readings: {2025-04-20: 20, 2025-06-09: 60}}
      - {id: errors, title: Errors, from: 40, to: 20, readings: {2025-05-04: {value: 30, confidence: 6}}}
"""


def rows(root: Path, *arguments: str, today: str = "2025-06-30") -> list[dict[str, str]]:
    result = run("export", *arguments, cwd=root, today=today)
    assert result.status == 0, result.out + result.err
    return list(csv.DictReader(io.StringIO(result.out)))


def commit(root: Path, remote: str = "git@github.com:acme/goals.git") -> Repo:
    repo = Repo(root)
    repo.git("remote", "add", "origin", remote)
    repo.git("add", ".")
    repo.git("-c", "user.name=Lea", "-c", "user.email=lea@acme.example", "commit", "-qm", "One")
    return repo


@pytest.mark.parametrize(
    ("every", "since", "days"),
    [
        ("day", "2025-06-08", "8 9 10 11"),
        ("week", None, "1 8 11"),  # Sundays, and the last day
        ("week", "2025-06-09", "11"),
        ("month", None, "11"),
    ],
)
def test_the_days_of_a_rhythm_end_with_the_last_one(every: str, since: str | None, days: str) -> None:
    last = date(2025, 6, 11)
    span = Span(last, date.fromisoformat(since) if since else None, every)  # type: ignore[arg-type]
    assert [day.day for day in span.days(date(2025, 6, 1), last)] == [int(day) for day in days.split()]


def test_a_month_ends_on_its_last_day() -> None:
    days = Span(date(2024, 3, 10), None, "month").days(date(2024, 1, 15), date(2024, 3, 10))
    assert [str(day) for day in days] == ["2024-01-31", "2024-02-29", "2024-03-10"]


def test_a_week_of_scores_by_hand(tmp_path: Path) -> None:
    found = rows(write(tmp_path, {"okrs/a.yaml": GOALS}), "--what", "scores")
    on = {row["ref"]: row for row in found if row["date"] == "2025-05-04"}
    assert list(on) == [
        "2025-Q2", "2025-Q2/web", "2025-Q2/web/fast", "2025-Q2/web/fast.share", "2025-Q2/web/fast.errors",
    ]  # fmt: skip
    # 20 of 100 and 10 of 20 make 0.2 and 0.5, whose mean is 0.35; 33 of 90 days are expected.
    assert [row["score"] for row in on.values()] == ["0.35", "0.35", "0.35", "0.2", "0.5"]
    assert {row["expected"] for row in on.values()} == {"0.366667"}
    assert on["2025-Q2/web/fast.errors"]["confidence"] == "6"
    assert [row["measured"] for row in on.values()] == ["2", "2", "2", "1", "1"]
    assert {row["period_state"] for row in found} == {"running"}
    before = next(row for row in found if row["date"] == "2025-04-13" and row["ref"].endswith("share"))
    assert (before["score"], before["measured"], before["value"]) == ("", "0", "")


def test_each_week_is_counted_once_and_the_last_row_is_of_today(tmp_path: Path) -> None:
    found = rows(write(tmp_path, {"okrs/a.yaml": GOALS}), "--what", "scores", today="2025-06-25")
    days = [row["date"] for row in found if row["level"] == "team"]
    assert len(days) == 13 and days[0] == "2025-04-06" and days[-2:] == ["2025-06-22", "2025-06-25"]
    weeks = Counter(date.fromisoformat(day).isocalendar()[:2] for day in days)
    assert set(weeks.values()) == {1}
    assert [row["date"] for row in found if row["is_latest"] == "true"] == ["2025-06-25"] * 5


def test_a_period_that_is_over_ends_with_its_closing_day(tmp_path: Path) -> None:
    found = rows(write(tmp_path, {"okrs/a.yaml": GOALS}), "--what", "scores", today="2026-03-01")
    last = [row for row in found if row["level"] == "period"][-2:]
    assert [(row["date"], row["period_state"]) for row in last] == [("2025-06-29", "running"), ("2025-07-14", "over")]
    assert rows(tmp_path, "--what", "scores", "--since", "2025-09-01", today="2026-03-01") == []
    assert rows(tmp_path, "--what", "scores", today="2025-03-01") == []


def test_until_is_the_last_row(tmp_path: Path) -> None:
    write(tmp_path, {"okrs/a.yaml": GOALS})
    found = rows(tmp_path, "--what", "scores", "--since", "2025-05-01", "--until", "2025-05-06")
    assert sorted({row["date"] for row in found}) == ["2025-05-04", "2025-05-06"]


def test_scores_are_those_of_score_as_of(tmp_path: Path) -> None:
    root = tmp_path / "demo"
    assert run("init", "--demo", root, cwd=tmp_path, today="2026-11-29").status == 0
    found = rows(root, "--what", "scores", "--every", "day", today="2026-11-29")
    chance = random.Random(21)
    periods = {row["period"]: (row["period_start"], row["period_end"]) for row in found}
    compared = 0
    for _ in range(10):
        period = chance.choice(sorted(periods))
        first, last = (date.fromisoformat(day) for day in periods[period])
        day = first + timedelta(days=chance.randrange((min(last, date(2026, 11, 29)) - first).days + 1))
        arguments = ("score", period, "--as-of", str(day), "--format", "csv")
        out = run(*arguments, cwd=root, today="2026-11-29").out
        scored = {row["ref"]: row for row in csv.DictReader(io.StringIO(out))}
        exported = {row["ref"]: row for row in found if (row["period"], row["date"]) == (period, str(day))}
        assert scored.keys() == exported.keys()
        for ref, row in scored.items():
            for name in ("score", "confidence", "measured", "progress", "value", "weight", "state", "team"):
                assert _same(row[name], exported[ref][name]), (ref, name, day)
            if row["level"] in ("objective", "key-result"):
                assert row["status"] == exported[ref]["status"]
            if row["level"] == "key-result":
                assert _same(row["expected"], exported[ref]["expected"])
            compared += 1
    assert compared > 150


def _same(left: str, right: str) -> bool:
    if left in ("true", "false"):
        return int(left == "true") == int(right)
    try:
        return abs(float(left) - float(right)) < 1e-6
    except ValueError:
        return left == right


def test_kpis_are_those_of_kpi_as_of(tmp_path: Path) -> None:
    write(tmp_path, WORKSPACE)
    found = rows(tmp_path, "--what", "kpis", "--every", "month")
    for day in ("2025-04-30", "2025-05-31", "2025-06-30"):
        shown = run("kpi", "--as-of", day, "--format", "json", cwd=tmp_path).json["kpis"]
        exported = {row["kpi"]: row for row in found if row["date"] == day}
        for kpi in shown:
            if kpi["value"] is None:
                assert exported.get(kpi["id"], {"value": ""})["value"] == ""
            else:
                assert float(exported[kpi["id"]]["value"]) == pytest.approx(float(kpi["value"]), abs=1e-6)
    assert any(row["is_computed"] == "true" and row["value"] for row in found)


def test_objectives_have_one_row_each(tmp_path: Path) -> None:
    found = rows(write(tmp_path, WORKSPACE), "--what", "objectives")
    assert len({row["ref"] for row in found}) == len(found) > 5
    codes = next(row for row in found if row["key_result"] == "codes")
    assert (codes["value"], codes["to"], codes["progress"], codes["date"]) == ("9500", "25000", "0.38", "2025-06-30")


def test_readings_of_some_days(tmp_path: Path) -> None:
    found = rows(write(tmp_path, WORKSPACE), "--since", "2025-04-20", "--until", "2025-04-30")
    assert {row["date"] for row in found if row["key_result"] == "codes"} == {"2025-04-21"}
    assert all("2025-04-20" <= row["date"] <= "2025-04-30" for row in found)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--every", "day"), "--every does not apply to --what readings"),
        (("--what", "objectives", "--since", "2025-01-01"), "--since does not apply to --what objectives"),
        (("--since", "2025-02-01", "--until", "2025-01-01"), "--since 2025-02-01 is after --until 2025-01-01"),
        (("--keep-history",), "--keep-history needs --into or a folder of Parquet files"),
        (("--into", "duckdb:x", "-o", "y"), "--into cannot be used with --format or -o"),
        (("--into", "duckdb:x", "--format", "jsonl"), "--into cannot be used with --format or -o"),
        (("--into", "duckdb:x"), "has no name: it has no git remote"),
        (("--into", "x", "--workspace", "w"), "'x' is not a database address"),
        (("--into", "env:NONE", "--workspace", "w"), "the environment variable 'NONE' is not set"),
    ],
)
def test_what_does_not_fit_is_refused(tmp_path: Path, arguments: tuple[str, ...], message: str) -> None:
    result = run("export", *arguments, cwd=write(tmp_path, {"okrs/a.yaml": GOALS}))
    assert (result.status, result.out) == (2, "") and message in result.err


# Where rows come from


@pytest.mark.parametrize(
    ("remote", "name"),
    [
        ("git@github.com:acme/goals.git", "github.com/acme/goals"),
        ("https://lea:s3cret@GitHub.com/acme/goals.git/", "github.com/acme/goals"),
        ("ssh://git@git.acme.example:2222/okr/goals", "git.acme.example/okr/goals"),
        ("/srv/git/goals.git", "goals"),
    ],
)
def test_the_workspace_is_the_remote_without_its_user(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, remote: str, name: str
) -> None:
    isolate(monkeypatch)
    commit(write(tmp_path, {"okrs/a.yaml": GOALS, "okrctl.yaml": "organisation: Acme\n"}), remote)
    found = rows(tmp_path, "--what", "objectives")
    assert {(row["workspace"], row["organisation"]) for row in found} == {(name, "Acme")}


def test_a_workspace_in_a_folder_has_its_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    isolate(monkeypatch)
    write(tmp_path, {"web/okrs/a.yaml": GOALS, "web/okrctl.yaml": "organisation: Acme\n"})
    commit(tmp_path)
    assert {row["workspace"] for row in rows(tmp_path / "web")} == {"github.com/acme/goals/web"}
    assert {row["workspace"] for row in rows(tmp_path / "web", "--workspace", "mine")} == {"mine"}


def test_the_commit_and_the_day_of_what_is_known(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    isolate(monkeypatch)
    repo = commit(write(tmp_path, {"okrs/a.yaml": GOALS}))
    head = repo.git("rev-parse", "HEAD").strip()
    assert {(row["commit"], row["known_at"]) for row in rows(tmp_path)} == {(head, "2025-06-30")}
    write(tmp_path, {"okrs/a.yaml": GOALS.replace("60}", "70}")})
    assert {row["commit"] for row in rows(tmp_path)} == {"dirty"}
    past = rows(tmp_path, "--known-at", "HEAD")
    assert {row["commit"] for row in past} == {head} and {row["value"] for row in past} >= {"60"}
