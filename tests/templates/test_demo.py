"""The company of the demo: the same for the same day, told week by week, with something for every command to find."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from okrctl import scoring, workspace
from okrctl.analysis.hypotheses import evaluate_hypotheses
from okrctl.check import retrospective, runner
from okrctl.check.finding import Context
from okrctl.scoring.values import KeyResultValues
from okrctl.templates.demo import calendar, commits
from okrctl.yaml import Source
from tests.repositories import Repo, clean_environment
from tests.running import run

DAYS = st.dates(date(2001, 6, 1), date(2090, 1, 1))
TODAY = date(2026, 6, 15)


def ending(today: date) -> workspace.Workspace:
    """The workspace as the last commit leaves it."""
    texts: dict[str, str] = {}
    for scene in commits.demo_commits(calendar.build_calendar(today), today):
        texts |= scene.files
    config, known = workspace.read_settings(Source("okrctl.yaml", texts["okrctl.yaml"]))
    sources = [Source(path, text) for path, text in texts.items() if path.startswith(("okrs/", "kpis/"))]
    return workspace.build_workspace(sources, config, texts.__getitem__, known)


@given(DAYS)
def test_today_is_in_the_third_month_of_the_running_quarter(today: date) -> None:
    days = calendar.build_calendar(today)
    assert days.running.runs_on(today) and days.before.end + timedelta(days=1) == days.running.start
    assert 59 <= (today - days.running.start).days < 92
    assert days.running.kind == days.before.kind == "quarter"


@settings(max_examples=15)
@given(DAYS)
def test_every_week_has_a_commit_and_none_lies_ahead(today: date) -> None:
    days = calendar.build_calendar(today)
    moments = [scene.day for scene in commits.demo_commits(days, today)]
    assert moments == sorted(moments) and moments[-1] <= today
    assert moments[0] < days.before.start + timedelta(days=7)
    gaps = [later - earlier for earlier, later in zip(moments, [*moments[1:], today], strict=True)]
    assert max(gaps) <= timedelta(days=7)


@settings(max_examples=15)
@given(DAYS)
def test_what_there_is_to_find(today: date) -> None:
    opened = ending(today)
    assert opened.broken_files == []
    assert {one.code for one in runner.run_rules(opened, Context(opened.config, today))} == {"OKR104"}
    before, running = opened.periods
    card = scoring.build_scorecard(opened, running, today)
    results = {kr.node.id: kr for one in card.objectives for kr in one.key_results}
    assert results["reminders"].status == "stale"
    assert results["waste"].broken
    assert results["defects"].node.model.amended and not results["planned-weeks"].node.model.amended
    assert results["office-tables"].node.objective.model.added
    assert {one.state for one in card.objectives} == {"active", "deprioritized"}
    old = scoring.build_scorecard(opened, before, before.end + timedelta(days=14))
    verdicts = {one.hypothesis.kpi: one.verdict for one in evaluate_hypotheses(opened, old).hypotheses}
    assert verdicts == {"subscribers": "no verdict", "cancellations": "refuted", "satisfaction": "supported"}
    codes = {one.code for one in retrospective.run_retrospective_rules(opened, [old], Context(opened.config, today))}
    assert {"OKR701", "OKR703"} <= codes
    series = KeyResultValues(opened, today).kpi_values.series(opened.kpis["late-parcels"])
    assert [step.value for step in series[-4:]] == sorted(step.value for step in series[-4:])


def test_a_whole_history_lies_in_git(tmp_path: Path) -> None:
    nobody = clean_environment() | {"HOME": str(tmp_path), "GIT_CONFIG_GLOBAL": "/dev/null"}
    for name in ("one", "two"):
        result = run("init", "--demo", name, cwd=tmp_path, today=TODAY, env=nobody)
        assert result.status == 0, result.err
    one, two = (Repo(tmp_path / name) for name in ("one", "two"))
    assert one.head == two.head
    assert one.git("status", "--short") == ""
    assert len(set(one.git("log", "--format=%an").splitlines())) == 6
    assert len(set(one.git("log", "--format=%cd", "--date=format:%G-%V").splitlines())) >= 24
    assert one.git("log", "-1", "--format=%cs") <= str(TODAY)
    verified = run("verify", "--format", "json", cwd=one.path, today=TODAY)
    assert verified.status == 0 and [one["period"] for one in verified.json["periods"]] == ["2026-Q1"]
    status = run("status", "--format", "json", cwd=one.path, today=TODAY)
    found = {one["status"] for one in status.json["attention"]}
    assert {"at risk", "behind", "stale", "alarm", "getting worse"} <= found


def test_it_needs_a_folder_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    result = run("init", "--demo", cwd=tmp_path)
    assert result.status == 2 and "is not empty" in result.err
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_a_dry_run_tells_the_story_only(tmp_path: Path) -> None:
    result = run("init", "--demo", "there", "--dry-run", cwd=tmp_path, today=TODAY)
    assert result.status == 0 and "Give up the newspaper" in result.out
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("line", ["[b5-] x: 1", "x: {b5}", "readings: @b - - - - - 7"])
def test_a_line_is_there_from_its_day_on(line: str) -> None:
    days = calendar.build_calendar(TODAY)
    day = days.day("b", 5)
    assert calendar.render_text(line, days, day - timedelta(days=1)).strip() == ""
    assert calendar.render_text(line, days, day).strip() != ""
