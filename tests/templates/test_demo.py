"""The demo: the same for the same day, a commit every week, no check error at any commit, work for every command."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import okrctl.templates
from okrctl import scoring, workspace
from okrctl.analysis.hypotheses import evaluate_hypotheses
from okrctl.check import retrospective, runner
from okrctl.check.finding import Context
from okrctl.kpis.series import KpiValues
from okrctl.kpis.signals import find_signal
from okrctl.templates.demo import calendar, commits
from okrctl.yaml import Source, parse
from tests.repositories import Repo, clean_environment
from tests.running import run

DAYS = st.dates(date(2001, 6, 1), date(2090, 1, 1))
TODAY = date(2026, 6, 15)
DATA = Path(okrctl.templates.__file__).parent / "demo"


def states(today: date) -> Iterator[tuple[commits.DemoCommit, workspace.Workspace]]:
    """Each commit with the workspace as it leaves it."""
    texts: dict[str, str] = {}
    for commit in commits.demo_commits(calendar.build_calendar(today), today):
        texts |= commit.files
        yield commit, opened(texts)


def opened(texts: dict[str, str]) -> workspace.Workspace:
    config, known = workspace.read_settings(Source("okrctl.yaml", texts["okrctl.yaml"]))
    sources = [Source(path, text) for path, text in texts.items() if path.startswith(("okrs/", "kpis/"))]
    return workspace.build_workspace(sources, config, texts.__getitem__, known)


def last_state(today: date) -> workspace.Workspace:
    texts: dict[str, str] = {}
    for commit in commits.demo_commits(calendar.build_calendar(today), today):
        texts |= commit.files
    return opened(texts)


@given(DAYS)
def test_today_is_in_the_third_month_of_the_current_quarter(today: date) -> None:
    days = calendar.build_calendar(today)
    assert days.current.runs_on(today) and days.previous.end + timedelta(days=1) == days.current.start
    assert 59 <= (today - days.current.start).days < 92
    assert days.current.kind == days.previous.kind == "quarter"


@settings(max_examples=15)
@given(DAYS)
def test_every_week_has_a_commit_and_none_is_in_the_future(today: date) -> None:
    days = calendar.build_calendar(today)
    moments = [commit.day for commit in commits.demo_commits(days, today)]
    assert moments == sorted(moments) and moments[-1] <= today
    assert moments[0] < days.previous.start + timedelta(days=7)
    gaps = [later - earlier for earlier, later in zip(moments, [*moments[1:], today], strict=True)]
    assert max(gaps) <= timedelta(days=7)


@settings(max_examples=15)
@given(DAYS)
def test_the_last_state_has_something_for_every_command(today: date) -> None:
    state = last_state(today)
    assert state.broken_files == []
    assert {finding.code for finding in runner.run_rules(state, Context(state.config, today))} == {"OKR104"}
    before, running = state.periods
    card = scoring.build_scorecard(state, running, today)
    results = {result.node.id: result for objective in card.objectives for result in objective.key_results}
    assert results["reminders"].status == "stale"
    assert results["waste"].broken
    assert results["defects"].node.model.amended and not results["planned-weeks"].node.model.amended
    assert results["office-tables"].node.objective.model.added
    assert {objective.state for objective in card.objectives} == {"active", "deprioritized"}
    old = scoring.build_scorecard(state, before, before.end + timedelta(days=14))
    verdicts = {entry.objective.node.id: entry.verdict for entry in evaluate_hypotheses(state, old).hypotheses}
    assert verdicts == {
        "daily-cup": "supported", "pause": "refuted", "neighbours": "no verdict", "even-roast": "untested",
        "one-answer": "supported",
    }  # fmt: skip
    findings = retrospective.run_retrospective_rules(state, [old], Context(state.config, today))
    assert {"OKR701", "OKR703"} <= {found.rule.code for found in findings}
    values = KpiValues(state, today)
    signals = {name: find_signal(values, kpi) for name, kpi in state.kpis.items()}
    assert {name: found.signal for name, found in signals.items() if found.signal} == {
        "late-parcels": "beyond-limit", "wrong-bags": "near-limit",
    }  # fmt: skip
    assert {name for name, found in signals.items() if found.drawn} == {"late-parcels", "wrong-bags", "subscribers"}
    assert (signals["costs"].worst, signals["basket"].is_young) == ("highest", True)


@pytest.mark.parametrize("today", [TODAY, date(2024, 1, 1), date(2027, 2, 28)], ids=str)
def test_no_commit_has_a_check_error(today: date) -> None:
    for commit, state in states(today):
        assert state.broken_files == [], commit.subject
        findings = runner.run_rules(state, Context(state.config, commit.day))
        assert [finding for finding in findings if finding.severity == "error"] == [], (commit.day, commit.subject)


def test_no_commit_in_git_has_a_check_error(tmp_path: Path) -> None:
    assert run("init", "--demo", "demo", cwd=tmp_path, today=TODAY).status == 0
    repo = Repo(tmp_path / "demo")
    for line in repo.git("log", "--reverse", "--format=%H %cs").splitlines():
        commit, day = line.split(" ")
        repo.git("checkout", "--quiet", "--detach", commit)
        result = run("check", "--format", "concise", cwd=repo.path, today=date.fromisoformat(day))
        assert result.status == 0, (line, result.out)


def test_the_whole_history_is_in_git(tmp_path: Path) -> None:
    environment = clean_environment() | {"HOME": str(tmp_path), "GIT_CONFIG_GLOBAL": "/dev/null"}
    for name in ("first", "second"):
        result = run("init", "--demo", name, cwd=tmp_path, today=TODAY, env=environment)
        assert result.status == 0, result.err
    first, second = (Repo(tmp_path / name) for name in ("first", "second"))
    assert first.head == second.head
    assert first.git("status", "--short") == ""
    assert len(set(first.git("log", "--format=%an").splitlines())) == 6
    assert len(set(first.git("log", "--format=%cd", "--date=format:%G-%V").splitlines())) >= 24
    assert first.git("log", "-1", "--format=%cs") <= str(TODAY)
    verified = run("verify", "--format", "json", cwd=first.path, today=TODAY)
    assert verified.status == 0 and [entry["period"] for entry in verified.json["periods"]] == ["2026-Q1"]
    status = run("status", "--format", "json", cwd=first.path, today=TODAY)
    statuses = {entry["status"] for entry in status.json["attention"]}
    assert {"at risk", "behind", "stale", "alarm", "signal", "at its worst"} <= statuses


def test_it_needs_an_empty_folder(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    result = run("init", "--demo", cwd=tmp_path)
    assert result.status == 2 and "is not empty" in result.err
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_a_dry_run_lists_the_commits_only(tmp_path: Path) -> None:
    result = run("init", "--demo", "there", "--dry-run", cwd=tmp_path, today=TODAY)
    assert result.status == 0 and "Drop the newspaper" in result.out
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("line", ["x: 1  # from b5", "<b5>: 1", "<b5>,1", "readings: <weekly b> - - - - - 7"])
def test_a_line_exists_from_its_day_on(line: str) -> None:
    days = calendar.build_calendar(TODAY)
    day = days.day("b", 5)
    assert calendar.render_text(line, days, day - timedelta(days=1)).strip() == ""
    assert calendar.render_text(line, days, day).strip() != ""


@pytest.mark.parametrize(
    ("line", "before", "after"),
    [
        ("to: 45%  # from b5, before: 60%", "to: 60%", "to: 45%"),
        ("- {id: mill, done: <b5>}", "- {id: mill, done: false}", "- {id: mill, done: 2026-05-11}"),
        ("due: <b5>", "due: 2026-05-11", "due: 2026-05-11"),
        ("- id: a  # from b5\n  title: A\n- id: b", "- id: b", "- id: a\n  title: A\n- id: b"),
    ],
)  # fmt: skip
def test_a_line_changes_on_its_day(line: str, before: str, after: str) -> None:
    days = calendar.build_calendar(TODAY)
    day = days.day("b", 5)
    assert calendar.render_text(line, days, day - timedelta(days=1)) == before + "\n"
    assert calendar.render_text(line, days, day) == after + "\n"


@pytest.mark.parametrize("path", sorted(DATA.rglob("*.yaml")), ids=lambda path: str(path.relative_to(DATA)))
def test_the_data_files_are_valid_yaml(path: Path) -> None:
    assert parse(Source(path.name, path.read_text("utf-8"))).problems == []


def test_the_csv_file_is_a_table_of_numbers() -> None:
    header, *rows = csv.reader((DATA / "data/subscribers.csv").read_text("utf-8").splitlines())
    assert header == ["day", "active"]
    assert all(re.fullmatch("<[ab]-?[0-9]+>", day) and value.isdecimal() for day, value in rows)


def test_no_placeholder_is_left() -> None:
    for commit, _ in states(TODAY):
        for path, text in commit.files.items():
            assert not re.search(r"<[a-z]|# from ", text), path
