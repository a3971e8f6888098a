"""Files, queries, Prometheus and what packages add: what they give is written, what they must not do they cannot."""

from __future__ import annotations

import importlib.metadata
import os
import subprocess
import threading
from collections.abc import Iterator
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from okrctl.sources import Request, fetch
from okrctl.sources.http import values_at
from okrctl.sources.policy import SourceError
from okrctl.sources.validate import FetchedReading, validate_readings
from tests.running import Result, run, write
from tests.sources.loopback import Site, site
from tests.sources.trusted import own_files, trusting

MRR = "week,mrr,note\n2025-05-05,90,x\n2025-05-12,91.50,\n2025-05-19,,gap\n2025-06-02,93,\n"


def workspace(root: Path, source: str, hosts: str = "", **files: str) -> Path:
    kpi = f"kpis:\n  - id: mrr\n    title: Revenue\n    owner: cfo\n    better: higher\n    source: {source}\n"
    settings = f"sources: {{hosts: [{hosts}]}}\n"
    return write(root, {"kpis/a.yaml": kpi, "okrctl.yaml": settings, "data/mrr.csv": MRR, **files})


def refreshed(root: Path, *arguments: str, **env: str) -> Result:
    return run("refresh", "--retries", "0", "--time-limit", "5", *arguments, cwd=root, env=trusting(root) | env)


def readings(root: Path) -> list[str]:
    lines = (root / "kpis/a.yaml").read_text().splitlines()
    return [line.strip() for line in lines[lines.index("    readings:") + 1 :]]


def fails(root: Path, says: str, *arguments: str, **env: str) -> None:
    before = own_files(root)
    result = refreshed(root, *arguments, **env)
    assert result.status == 2 and says in result.out, result.out + result.err
    assert own_files(root) == before


# --- a file ---------------------------------------------------------------------------------------------------------


def test_a_csv_file_of_the_workspace(tmp_path: Path) -> None:
    root = workspace(tmp_path, "{csv: data/mrr.csv, date: week, value: mrr}")
    assert refreshed(root).status == 0
    assert readings(root) == [
        "2025-05-05: {value: 90, source: csv data/mrr.csv}",
        "2025-05-12: {value: 91.5, source: csv data/mrr.csv}",
        "2025-06-02: {value: 93, source: csv data/mrr.csv}",
    ]
    assert refreshed(root).out == "mrr: nothing new\n"
    assert run("check", cwd=root).status == 0


@pytest.mark.parametrize(
    ("source", "says"),
    [
        ("{csv: ../outside.csv}", "../outside.csv is outside the workspace"),
        ("{csv: /etc/hostname}", "/etc/hostname is outside the workspace"),
        ("{csv: data/link.csv}", "data/link.csv is outside the workspace"),
        ("{csv: data/none.csv}", "data/none.csv: there is no such file"),
        ("{csv: data/mrr.csv, date: day, value: mrr}", "data/mrr.csv:1: there is no column 'day'"),
        ("{csv: data/mrr.csv, date: note, value: mrr}", "data/mrr.csv:2: expected a date and a number"),
        ("{csv: data/mrr.csv, sql: select 1}", "must name exactly one of"),
        ("{value: mrr}", "must name exactly one of"),
    ],
)
def test_a_file_that_cannot_be_read(tmp_path: Path, source: str, says: str) -> None:
    write(tmp_path, {"outside.csv": "day,value\n2025-01-01,1\n"})
    root = workspace(tmp_path / "root", source)
    (root / "data/link.csv").symlink_to(tmp_path / "outside.csv")
    fails(root, says)


# --- what comes back ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (7, "7"),
        (7.5, "7.5"),
        (1e-7, "0.0000001"),
        (Decimal("1.50"), "1.5"),
        (Decimal("1E+3"), "1000"),
        ("12 EUR", "12 EUR"),
        ("1.5e+06", "1500000"),  # as programs print numbers
        ("-2E-3", "-0.002"),
    ],
)
def test_numbers_of_all_kinds(value: object, text: str) -> None:
    readings = validate_readings([(None, value)], date.min, date(2025, 6, 30))
    assert readings == [FetchedReading(date(2025, 6, 30), text)]


@pytest.mark.parametrize(
    "value",
    [
        True,
        float("nan"),
        float("inf"),
        Decimal("NaN"),
        b"7",
        [7],
        "",
        "1,000",
        object(),
        "1O0",
        "4users",
        "0x1F",
        "1e99",
    ],
)
def test_what_is_no_number(value: object) -> None:
    with pytest.raises(SourceError, match="expected a number, got"):
        validate_readings([(None, value)], date.min, date(2025, 6, 30))


def test_the_declared_unit_may_stick_to_a_number() -> None:
    (reading,) = validate_readings([(None, "4users")], date.min, date(2025, 6, 30), "users")
    assert reading.value == "4users"


def fetched(pairs: list[tuple[object, object]]) -> list[tuple[str, str, str]]:
    return [(str(day), value, note) for day, value, note in validate_readings(pairs, date.min, date(2026, 6, 30))]


def test_a_timestamp_is_the_day_as_it_is_written() -> None:
    zone = timezone(timedelta(hours=-8))
    pairs: list[tuple[object, object]] = [
        ("2026-04-01 00:00:00", 10), ("2026-04-08T23:59:59+02:00", 12), ("2026-W16", 13), ("2026-04", 14),
        (datetime(2026, 5, 4, 23, 30, tzinfo=zone), 15),
    ]  # fmt: skip
    days = ["2026-04-01", "2026-04-08", "2026-04-19", "2026-04-30", "2026-05-04"]
    assert [(day, value) for day, value, _ in fetched(pairs)] == list(zip(days, "10 12 13 14 15".split(), strict=True))


def test_of_two_timestamps_on_a_day_the_latest_counts_with_a_note() -> None:
    pairs: list[tuple[object, object]] = [("2026-04-01 18:00", 11), ("2026-04-01 8:00", 10), ("2026-04-02 18:00", 12)]
    note = "several values on 2026-04-01; the latest, 11 at 18:00, counts"
    assert fetched(pairs) == [("2026-04-01", "11", note), ("2026-04-02", "12", "")]
    assert fetched([("2026-04-01 08:00", 10), ("2026-04-01 18:00", 10)]) == [("2026-04-01", "10", "")]
    for day in ("2026-04-01", "2026-04-01 08:00"):
        with pytest.raises(SourceError, match="two different values for 2026-04-01"):
            fetched([(day, 10), (day, 11)])


def test_paths_into_json() -> None:
    data = {"a": [{"b": 1}, {"b": 2}, {}], "c": {"0": 5}}
    assert values_at(data, "a.b") == [1, 2, None]
    assert values_at(data, "a.1.b") == [2] and values_at(data, "a.9.b") == [None]
    assert values_at(data, "c.0") == [5] and values_at(3, "") == [3]


# --- queries --------------------------------------------------------------------------------------------------------


def test_a_query_over_the_files_of_the_workspace(tmp_path: Path) -> None:
    pytest.importorskip("duckdb")
    query = "select week, mrr * 2 from 'data/mrr.csv' where week >= :since and mrr is not null"
    root = workspace(tmp_path, f'{{sql: "{query}"}}')
    assert refreshed(root, "--since", "2025-05-12").status == 0
    assert readings(root) == ["2025-05-12: {value: 183, source: sql}", "2025-06-02: {value: 186, source: sql}"]


SECRET_FILE = "SELECT length(content) FROM read_text('{outside}/outside.csv')"


@pytest.mark.parametrize(
    ("query", "says"),
    [
        (SECRET_FILE, "the query uses read_text(...)"),
        ("select length(content) from read_text('data/mrr.csv')", "the query uses read_text(...)"),
        ("select count(*) from glob('**')", "the query uses glob(...)"),
        ("select 1 from (select * from read_blob('data/mrr.csv'))", "the query uses read_blob(...)"),
        ("with a as (select * from query('select 1')) select * from a", "the query uses query(...)"),
        ("select (select max(value) from duckdb_settings())", "the query uses duckdb_settings(...)"),
        ("select * from '{outside}/outside.csv'", "may read only data files"),
        ("select * from read_csv('../outside.csv')", "may read only data files"),
        ("select * from read_csv('data/link.csv')", "may read only data files"),
        ("select * from read_csv('data/*.csv')", "may read only data files"),
        ("select * from read_csv('.env')", "may read only data files"),
        ("select * from read_csv('data/.hidden.csv')", "may read only data files"),
        ("select * from 'data/.hidden.csv'", "may read only data files"),
        ("select * from read_csv('data/../.hidden/a.csv')", "may read only data files"),
        ("select * from read_csv('.git/config')", "may read only data files"),
        ("select * from read_csv('ignored/a.csv')", "may read only data files"),
        ("select * from read_csv('okrctl.yaml')", "may read only data files"),
        ("select * from 'https://evil.example/x.csv'", "may read only data files"),
        ("copy (select 1) to 'data/new.csv'", "must be a single valid SELECT"),
        ("attach 'x.db'", "must be a single valid SELECT"),
        ("install httpfs", "must be a single valid SELECT"),
        ("select 1; copy (select 1) to 'data/new.csv'", "must be a single valid SELECT"),
        ("select 1 from (values (1), (2), (3))", "3 rows with one column"),
        ("select null", "expected one value"),
        (
            "with recursive n as (select 1 i union all select i + 1 from n where i < 20000) select i, i from n",
            "more than",
        ),
        ("select cast(note as int) from 'data/mrr.csv'", "the database reports ConversionException"),
        ("select nothing", "the database reports BinderException"),
        ("select 1, 2, 3", "3 columns"),
        ("select null, 3", "a row without a date"),
        ("select 'x'", "expected a number, got a text of 1 character"),
        ("select true", "got a value of the type bool"),
        ("select", "must be a single valid SELECT"),
    ],
)
def test_a_query_that_must_not_or_cannot(tmp_path: Path, query: str, says: str) -> None:
    pytest.importorskip("duckdb")
    write(tmp_path, {"outside.csv": "day,value\n2025-01-01,1\n"})
    root = workspace(tmp_path / "root", '{sql: "' + query.replace("{outside}", str(tmp_path)) + '"}')
    (root / "data/link.csv").symlink_to(tmp_path / "outside.csv")
    repository_with_secrets(root)
    fails(root, says)


def repository_with_secrets(root: Path) -> None:
    """Make a repository in which files are hidden or ignored, all of them tables."""
    table = "day,value\n2025-01-01,1\n"
    write(root, {".env": table, "data/.hidden.csv": table, ".hidden/a.csv": table, "ignored/a.csv": table})
    write(root, {".gitignore": "ignored/\n"})
    subprocess.run(["git", "init", "-q"], cwd=root, check=True)


def test_of_a_repository_a_query_reads_tracked_and_new_files(tmp_path: Path) -> None:
    pytest.importorskip("duckdb")
    source = "select week, mrr from read_csv('data/mrr.csv') union select day, value from 'data/new.csv' order by 1"
    root = workspace(tmp_path, f'{{sql: "{source}"}}', **{"data/new.csv": "day,value\n2025-06-09,94\n"})
    repository_with_secrets(root)
    subprocess.run(["git", "add", "data/mrr.csv"], cwd=root, check=True)
    assert refreshed(root).status == 0
    assert readings(root)[-1] == "2025-06-09: {value: 94, source: sql}"


def test_a_query_that_never_ends(tmp_path: Path) -> None:
    pytest.importorskip("duckdb")
    numbers = "with recursive n as (select 1 i union all select i + 1 from n where i < 20000)"
    query = f"{numbers} select sum(a.i * b.i) from n a, n b, n c"
    fails(workspace(tmp_path, f'{{sql: "{query}"}}'), "the query took longer than 0.2 seconds", "--time-limit", "0.2")


def test_a_database_behind_a_secret_address(tmp_path: Path) -> None:
    pytest.importorskip("sqlalchemy")
    import sqlite3

    with sqlite3.connect(tmp_path / "house.db") as house:
        house.execute("create table mrr (day text, value real)")
        house.executemany("insert into mrr values (?, ?)", [("2025-05-01", 1.5), ("2025-06-01", 2.25)])
    house.close()
    query = "select value, day from mrr where day >= :since order by day"
    root = workspace(tmp_path / "root", f'{{sql: "{query}", date: day, value: value, url_env: OKRCTL_URL}}')
    result = refreshed(root, OKRCTL_URL=f"sqlite:///{tmp_path}/house.db")
    assert result.status == 0, result.out
    assert readings(root) == [
        "2025-05-01: {value: 1.5, source: sql OKRCTL_URL}", "2025-06-01: {value: 2.25, source: sql OKRCTL_URL}",
    ]  # fmt: skip
    for source in ("delete from mrr", "with a as (select 1) delete from mrr"):
        changed = workspace(tmp_path / "other", f'{{sql: "{source}", url_env: OKRCTL_URL}}')
        assert refreshed(changed, OKRCTL_URL=f"sqlite:///{tmp_path}/house.db").status == 2
    with sqlite3.connect(tmp_path / "house.db") as house:
        assert house.execute("select count(*) from mrr").fetchone() == (2,)
    house.close()


@pytest.mark.parametrize(
    "address",
    ["postgresql://lea:hunter2@127.0.0.1:1/x", "nosuch://lea:hunter2@host/x", "hunter2", "sqlite:////hunter2/x/y"],
)
def test_the_address_of_a_database_appears_nowhere(tmp_path: Path, address: str) -> None:
    pytest.importorskip("sqlalchemy")
    root = workspace(tmp_path, '{sql: "select 1", url_env: OKRCTL_URL}')
    result = refreshed(root, OKRCTL_URL=address)
    assert result.status == 2
    assert "hunter2" not in result.out + result.err


@pytest.mark.parametrize(("source", "extra"), [("", "duckdb"), (", url_env: OKRCTL_URL", "sql")])
def test_without_the_extra_the_message_says_how_to_get_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, source: str, extra: str
) -> None:
    for name in ("duckdb", "sqlalchemy"):
        monkeypatch.setitem(__import__("sys").modules, name, None)
    fails(workspace(tmp_path, f'{{sql: "select 1"{source}}}'), f"pip install 'okrctl[{extra}]'", OKRCTL_URL="sqlite://")


# --- Prometheus -----------------------------------------------------------------------------------------------------


@pytest.fixture
def web() -> Iterator[Site]:
    with site() as found:
        yield found


def vector(*values: str) -> dict[str, Any]:
    series = [{"metric": {}, "value": [1751290000.5, value]} for value in values]
    return {"status": "success", "data": {"resultType": "vector", "result": series}}


def test_prometheus_now_and_at_the_end_of_each_day(tmp_path: Path, web: Site) -> None:
    web.gives("/api/v1/query", vector("12.5"))
    points = [[1751155199, "10"], [1751241599, "NaN"]]  # the ends of 28 and 29 June
    matrix = {"resultType": "matrix", "result": [{"metric": {}, "values": points}]}
    web.gives("/api/v1/query_range", {"status": "success", "data": matrix})
    root = workspace(tmp_path, f'{{prometheus: "{web.url("/")}", query: sum(up)}}', web.host)
    assert refreshed(root).status == 0
    assert readings(root) == ["2025-06-30: {value: 12.5, source: prometheus 127.0.0.1}"]
    assert [path for path, _ in web.asked] == ["/api/v1/query?query=sum%28up%29"]
    assert refreshed(root, "--since", "2025-06-28").status == 0
    assert readings(root)[0] == "2025-06-28: {value: 10, source: prometheus 127.0.0.1}"
    assert "start=1751155199&end=1751241599&step=86400" in web.asked[-1][0]


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        (vector(), "0 series"),
        (vector("1", "2"), "2 series"),
        (vector("NaN"), "the query returns NaN"),
        (vector("x"), "expected a number, got a text of 1 character"),
        ({"status": "error"}, "Prometheus rejected the query"),
        (
            {"status": "success", "data": {"resultType": "scalar", "result": [1, None]}},
            "not a valid Prometheus response",
        ),
        ([], "not a valid Prometheus response"),
        ({"status": "success"}, "not a valid Prometheus response"),
    ],
)
def test_a_prometheus_that_lies(tmp_path: Path, web: Site, answer: Any, says: str) -> None:
    web.gives("/api/v1/query", answer)
    fails(workspace(tmp_path, f'{{prometheus: "{web.url("")}", query: up}}', web.host), says)


# --- packages -------------------------------------------------------------------------------------------------------


class Entry:
    """What an installed package declares."""

    def __init__(self, name: str, load: Any) -> None:
        self.name, self.load = name, lambda: load


def test_a_package_adds_a_source(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def dice(request: Request) -> Iterator[tuple[object, object]]:
        asked = request.spec["x-dice"]
        assert isinstance(asked, dict)
        yield "2025-06-01", int(asked["sides"])

    def broken(request: Request) -> Iterator[tuple[object, object]]:
        raise RuntimeError(request.access.read_secret("OKRCTL_T"))

    entries = [Entry("dice", dice), Entry("broken", broken), Entry("csv", dice)]
    monkeypatch.setattr(importlib.metadata, "entry_points", lambda group: entries if group == "okrctl.sources" else [])
    root = workspace(tmp_path / "a", "{x-dice: {sides: 6}}")
    assert refreshed(root).status == 0
    assert readings(root) == ["2025-06-01: {value: 6, source: dice}"]
    assert run("check", cwd=root).status == 0
    fails(workspace(tmp_path / "b", "{x-broken: {}}"), "failed: RuntimeError (7 characters)", OKRCTL_T="hunter2")
    fails(workspace(tmp_path / "c", "{x-none: 1}"), "no installed package provides the source 'none'")


def test_a_package_that_never_answers_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    over = threading.Event()
    entries = [Entry("deaf", lambda request: over.wait(30) and [])]
    monkeypatch.setattr(importlib.metadata, "entry_points", lambda group: entries)
    monkeypatch.setattr(fetch, "GRACE_SECONDS", 0.1)
    fails(workspace(tmp_path, "{x-deaf: 1}"), "mrr: failed: no response within the time limit", "--time-limit", "0.05")
    over.set()


def test_nothing_of_the_workspace_is_run(tmp_path: Path) -> None:
    import sys

    trap = "import pathlib; pathlib.Path(__file__).with_name('trapped').touch()\n"
    entry = "[okrctl.sources]\ntrap = trap:fetch\n"
    files = {"trap.py": trap, "duckdb.py": trap, "ruamel.py": trap, "trap-1.dist-info/entry_points.txt": entry}
    root = workspace(tmp_path, "{x-trap: 1}", **files)
    place = Path(__file__).parents[2]
    run_it = "import runpy; runpy.run_module('okrctl', run_name='__main__')"
    start = f"import sys; sys.path[1:1] = [{str(place)!r}]; {run_it}"
    command = [sys.executable, "-c", start, "refresh", "--retries", "0"]
    environment = dict(os.environ) | trusting(root)
    ended = subprocess.run(command, cwd=root, capture_output=True, text=True, timeout=60, env=environment)
    assert ended.returncode == 2, ended.stderr
    assert "no installed package provides the source 'trap'" in ended.stdout
    assert not (root / "trapped").exists()
