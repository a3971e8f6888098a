"""Rows in DuckDB, SQLite and Parquet folders: a run replaces those of its workspace and touches no other."""

from __future__ import annotations

import re
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from okrctl.docs import read_page
from tests.operations.test_export_series import GOALS, commit
from tests.repositories import isolate
from tests.running import Result, run, write

duckdb = pytest.importorskip("duckdb")
BY_TEAM_AND_WEEK = """\
select workspace, team, date, avg(score), count(*) from okrctl_scores
where level = 'team' and period_state = 'running' group by workspace, team, date order by all
"""


def put(
    root: Path, target: str, *arguments: str, what: str = "scores", today: str = "2025-06-30", **env: str
) -> Result:
    result = run("export", "--what", what, "--into", target, *arguments, cwd=root, today=today, env=env)
    assert result.status == 0, result.out + result.err
    return result


def ask(database: Path, query: str) -> list[tuple[Any, ...]]:
    with duckdb.connect(str(database), read_only=True) as connection:
        found: list[tuple[Any, ...]] = connection.execute(query).fetchall()
        return found


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    isolate(monkeypatch)
    goals = write(tmp_path / "goals", {"okrs/a.yaml": GOALS})
    commit(goals)
    return goals


def test_running_it_twice_changes_nothing(root: Path, tmp_path: Path) -> None:
    database = tmp_path / "all.duckdb"
    said = put(root, f"duckdb:{database}").err
    assert said == "wrote 70 rows of github.com/acme/goals into okrctl_scores\n"
    first = ask(database, "select * from okrctl_scores order by all")
    put(root, f"duckdb:{database}")
    assert ask(database, "select * from okrctl_scores order by all") == first
    assert len(first) == 70  # 14 days with a period, a team, an objective and two key results
    types = dict(ask(database, "select column_name, data_type from duckdb_columns() where not internal"))
    assert (types["date"], types["score"], types["measured"], types["is_latest"]) == (
        "DATE", "DOUBLE", "BIGINT", "BOOLEAN",
    )  # fmt: skip


def test_changes_in_between_replace_rows_and_history_keeps_them(root: Path, tmp_path: Path) -> None:
    database = tmp_path / "all.duckdb"
    newest = (
        "select score, \"commit\" = 'dirty' from okrctl_scores where is_latest and key_result = 'share' order by all"
    )
    put(root, f"duckdb:{database}")
    write(root, {"okrs/a.yaml": GOALS.replace("60}", "70}")})
    put(root, f"duckdb:{database}")
    assert ask(database, newest) == [(0.7, True)]
    put(root, f"duckdb:{database}", "--known-at", "HEAD", "--keep-history", "--as-of", "2025-06-30")
    put(root, f"duckdb:{database}", "--keep-history")
    put(root, f"duckdb:{database}", "--keep-history")
    assert ask(database, newest) == [(0.6, False), (0.7, True)]
    put(root, f"duckdb:{database}")
    assert ask(database, newest) == [(0.7, True)]


def test_three_repositories_answer_score_by_team_and_week(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, root: Path
) -> None:
    database = tmp_path / "all.duckdb"
    for name, target in (("one", "100"), ("two", "200"), ("three", "50")):
        goals = write(tmp_path / name, {"okrs/a.yaml": GOALS.replace("to: 100", f"to: {target}")})
        commit(goals, f"https://git.acme.example/{name}.git")
        put(goals, f"duckdb:{database}")
    put(tmp_path / "two", f"duckdb:{database}", today="2025-07-20")
    found = ask(database, BY_TEAM_AND_WEEK)
    assert {count for *_, count in found} == {1}
    on = {workspace: score for workspace, team, day, score, _ in found if str(day) == "2025-05-04"}
    assert on == {
        "git.acme.example/one": 0.35,
        "git.acme.example/two": 0.3,  # 20 of 200, and 10 of 20
        "git.acme.example/three": 0.45,
    }
    weeks = [day.isocalendar()[:2] for workspace, _, day, *_ in found if workspace.endswith("/two")]
    assert len(weeks) == len(set(weeks)) == 13


def test_a_table_of_an_earlier_version_gets_its_new_columns(root: Path, tmp_path: Path) -> None:
    database = tmp_path / "old.duckdb"
    with duckdb.connect(str(database)) as connection:
        connection.execute("create table okrctl_scores (workspace varchar, ref varchar)")
        connection.execute("insert into okrctl_scores values ('other', 'kept')")
    put(root, f"duckdb:{database}")
    assert ask(database, "select workspace, count(score) from okrctl_scores group by all order by all") == [
        ("github.com/acme/goals", 64), ("other", 0),
    ]  # fmt: skip


def test_a_failure_changes_nothing(root: Path, tmp_path: Path) -> None:
    database = tmp_path / "old.duckdb"
    with duckdb.connect(str(database)) as connection:
        connection.execute("create table okrctl_scores (workspace varchar, score date)")
        connection.execute("insert into okrctl_scores values ('github.com/acme/goals', '2025-01-01')")
    result = run("export", "--what", "scores", "--into", f"duckdb:{database}", cwd=root)
    assert result.status == 2 and "cannot write old.duckdb" in result.err
    assert ask(database, "select count(*) from okrctl_scores") == [(1,)]


def test_the_address_may_stand_in_a_variable_and_passwords_must(root: Path, tmp_path: Path) -> None:
    put(root, "env:PLACE", what="readings", PLACE=f"duckdb:{tmp_path}/x.duckdb")
    assert ask(tmp_path / "x.duckdb", "select count(*) from okrctl_readings") == [(4,)]
    pytest.importorskip("sqlalchemy")
    result = run("export", "--into", "postgresql://me:s3cret@127.0.0.1:1/x", cwd=root)
    assert result.status == 2 and "use --into env:NAME" in result.err and "s3cret" not in result.err


def test_sqlite_by_sqlalchemy(root: Path, tmp_path: Path) -> None:
    pytest.importorskip("sqlalchemy")
    database = tmp_path / "all.sqlite"
    with sqlite3.connect(database) as connection:
        connection.execute("create table okrctl_kpis (workspace text, kpi text)")
        connection.execute("insert into okrctl_kpis values ('other', 'kept')")
    write(root, {"kpis/a.yaml": "kpis: [{id: mrr, title: Revenue, better: higher, readings: {2025-06-20: 4.5}}]\n"})
    for _ in range(2):
        put(root, f"sqlite:///{database}", what="kpis")
    with sqlite3.connect(database) as connection:
        found = connection.execute("select workspace, kpi, date, value from okrctl_kpis order by 1, 3").fetchall()
    assert found == [
        ("github.com/acme/goals", "mrr", "2025-06-22", 4.5),
        ("github.com/acme/goals", "mrr", "2025-06-29", 4.5),
        ("github.com/acme/goals", "mrr", "2025-06-30", 4.5),
        ("other", "kept", None, None),
    ]


def test_a_relative_address_begins_at_the_folder_of_the_run(root: Path, tmp_path: Path) -> None:
    pytest.importorskip("sqlalchemy")
    for target in ("sqlite:///all.sqlite", "duckdb:all.duckdb"):
        assert run("-C", root, "export", "--what", "scores", "--into", target, cwd=tmp_path).status == 0
    assert sorted(path.name for path in root.glob("all.*")) == ["all.duckdb", "all.sqlite"]
    assert not list(tmp_path.glob("all.*"))


def test_the_queries_of_the_manual_answer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    isolate(monkeypatch)
    page = read_page("dashboards").text
    chart, stacked = re.search(r"(select date.*?)\"\"\"", page, re.S), re.search(r"```sql\n(.*?)```", page, re.S)
    assert chart and stacked
    assert run("init", "--demo", "demo", cwd=tmp_path, today="2026-06-20").status == 0
    command = re.search(r"okrctl -C (demo export .* --workspace demo)", page)
    assert command
    assert run("-C", *command[1].split(), cwd=tmp_path, today="2026-06-20").status == 0
    found = ask(tmp_path / "demo/okr.duckdb", chart[1])
    assert len({team for _, team, _ in found}) == 5 and len({day for day, _, _ in found}) > 5
    assert all(score is None or 0 <= score <= 1 for _, _, score in found)
    assert len(ask(tmp_path / "demo/okr.duckdb", stacked[1])) > len(found)


def test_a_folder_of_parquet_is_partitioned_by_workspace(root: Path, tmp_path: Path) -> None:
    folder = tmp_path / "lake"
    arguments = ("export", "--what", "scores", "--format", "parquet", "-o", f"{folder}/")
    for extra in ((), (), ("--workspace", "other")):
        assert run(*arguments, *extra, cwd=root).status == 0
    found = duckdb.sql(f"select workspace, count(*) from '{folder}/scores/*/*/*.parquet' group by all order by all")
    assert found.fetchall() == [("github.com/acme/goals", 70), ("other", 70)]
    write(root, {"okrs/a.yaml": GOALS.replace("60}", "70}")})
    assert run(*arguments, "--keep-history", cwd=root).status == 0
    assert len(list(folder.glob("scores/workspace=github.com%2Facme%2Fgoals/*/rows.parquet"))) == 2
    assert run(*arguments, cwd=root).status == 0
    assert [path.parent.name for path in folder.glob("scores/workspace=github*/*/*")] == ["commit=dirty"]
