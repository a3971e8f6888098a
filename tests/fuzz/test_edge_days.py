"""Days at the edges of the calendar, leap days and week 53: every command that takes a day answers on each."""

from __future__ import annotations

from pathlib import Path

import pytest

from okrctl.values import period
from okrctl.values.dates import days_after, days_before, parse_day
from okrctl.values.period import FiscalYear, PeriodError
from tests.fuzz.test_every_command import answers
from tests.repositories import Repo, isolate
from tests.running import run, write

SETTINGS = """\
organisation: Acme
teams: {trust: {}}
people: {lea: {}}
scoring: {closing_days: 60, agree_days: 9999999999}
"""
# A period, and days of it.
PERIODS = {
    "first": ("0001-Q1", "0001-01-01 0001-01-02 0001-02-01 0001-03-31"),
    "first-days": ("{id: cycle-1, start: 0001-01-01, end: 0001-01-05}", "0001-01-01 0001-01-03"),
    "last": ("9999-Q4", "9999-10-01 9999-11-30 9999-12-30 9999-12-31"),
    "last-year": ("9999", "9999-01-01 9999-11-30 9999-12-30 9999-12-31"),
    "last-day": ("{id: cycle-1, start: 9999-12-31, end: 9999-12-31}", "9999-12-31"),
    "leap": ("2024-02", "2024-02-01 2024-02-28 2024-02-29"),
    "week-53": ("{id: w53, start: 2020-12-28, end: 2021-01-03}", "2020-12-28 2020-12-31 2021-01-01 2021-01-03"),
    "hundred-years": ("{id: wide, start: 0001-01-01, end: 0099-12-31}", "0001-01-01 0050-01-01 0099-12-31"),
}
TODAYS = ("0001-01-01", "2024-02-29", "9999-12-31")
COMMANDS = """
score
score --level key-result --agreed
score --known-at 0001-01-01
score --known-at 9999-12-31
score --as-of DAY
status
status --as-of DAY
show goal
show mean
show held --as-of DAY
show happy
show longest --as-of DAY
tree both
kpi
kpi --against year --format json
kpi --as-of DAY
impact
impact --as-of DAY
explain goal
explain held --as-of DAY
explain happy --since 0001-01-01
explain both --until 9999-12-31
report --as-of DAY
report --full --format html
report --site DIR/site
export
export --what scores --every month --as-of DAY
export --what kpis --every month
export --what kpis --since DAY --until DAY
export --what objectives
digest
digest --since 0001-01-01 --format json
log met
diff --as-of DAY
check
check --base HEAD --no-cache
verify
checkin met=3 --dry-run
checkin happy=3 --dry-run --date DAY
amend met --due DAY --reason Late --dry-run
new next --dry-run
close PERIOD --yes --force --dry-run
refresh --since DAY
init --dry-run --organisation Acme --team growth DIR/new
init --dry-run --organisation Acme --team growth --fiscal-year april DIR/new
init --dry-run --demo DIR/demo
""".strip().splitlines()
FOUND = (
    ("first", "0001-01-01", "status", "show longest", "report", "report --as-of 0001-01-01", "init --demo DIR/demo"),
    ("first", "9999-12-31", "impact", "score --known-at 9999-12-31", "export --what kpis", "init --demo DIR/demo"),
    ("last", "9999-12-31", "show goal", "checkin met=3 --dry-run", "close 9999-Q4 --yes --force --dry-run", "digest"),
    ("last", "9999-12-31", "status", "check", "new next --dry-run"),
)


def files(name: str, words: str) -> dict[str, str]:
    days = words.split()
    readings = ", ".join(f"{day}: {number}" for number, day in enumerate(days, 1))
    measures = {
        "met": f"from: 0, to: 10, readings: {{{readings}}}",
        "mean": f"from: 0, to: 10, aggregate: mean, cadence: 3660 days, readings: {{{readings}}}",
        "held": f"at_least: 4, judge: held, cadence: quarterly, readings: {{{readings}}}",
        "shipped": f"done: {days[-1]}",
        "steps": f"milestones: [{{title: A, done: {days[0]}, due: {days[0]}}}, {{title: B, done: false}}]",
        "on-kpi": "to: 5, kpi: happy",
        "due": f"from: 0, to: 10, due: {days[-1]}, plan: {{{days[0]}: 3}}, readings: {{{readings}}}",
    }
    key_results = "".join(f"      - {{id: {key}, title: Codes, {rest}}}\n" for key, rest in measures.items())
    kpis = {
        "happy": "cadence: weekly",
        "money": "cadence: monthly, aggregate: sum",
        "quarterly": "cadence: quarterly, aggregate: mean",
        "longest": "cadence: 3660 days, aggregate: sum",
    }
    listed = "".join(
        f"  - {{id: {key}, title: T, better: higher, owner: lea, {rest}, readings: {{{readings}}}}}\n"
        for key, rest in kpis.items()
    )
    return {
        "okrctl.yaml": SETTINGS,
        "okrs/a.yaml": f"period: {name}\nteam: trust\nobjectives:\n  - id: goal\n    title: Users trace products\n"
        "    owner: lea\n    hypothesis: [{kpi: happy, expect: up}, {kpi: money, expect: down}]\n"
        f"    key_results:\n{key_results}",
        "kpis/a.yaml": f"kpis:\n{listed}  - {{id: both, title: Both, better: lower, formula: money / quarterly}}\n",
    }


@pytest.mark.parametrize(("name", "today", "commands"), [(name, today, words) for name, today, *words in FOUND])
def test_each_that_once_ended_in_a_traceback(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, today: str, commands: list[str]
) -> None:
    every_command(tmp_path, monkeypatch, name, [today], commands)


@pytest.mark.slow
@pytest.mark.parametrize("name", PERIODS)
def test_every_command_on_every_edge(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    every_command(tmp_path, monkeypatch, name, TODAYS, COMMANDS)


def every_command(
    root: Path, monkeypatch: pytest.MonkeyPatch, name: str, todays: tuple[str, ...] | list[str], commands: list[str]
) -> None:
    isolate(monkeypatch)
    period_name, days = PERIODS[name]
    Repo(root / "repo").commit(day="2025-04-10", files=files(period_name, days))
    id = period_name if period_name[0] != "{" else period_name.split("id: ")[1].split(",")[0]
    for number, today in enumerate(todays):
        folder = str(root / str(number))
        for command in commands:
            words = command.replace("PERIOD", id).replace("DIR", folder).replace("DAY", today).split()
            answers(root / "repo", words, today=today)


@pytest.mark.parametrize(("today", "month"), [("1990-05-01", "april"), ("2100-08-01", "july"), ("1999-12-31", "april")])
def test_a_fiscal_year_that_has_no_name(tmp_path: Path, today: str, month: str) -> None:
    done = run("init", "--organisation", "A", "--team", "b", "--fiscal-year", month, cwd=tmp_path, today=today)
    assert done.status == 2
    assert "fiscal years that start in a month other than January are 2000 to 2099" in done.err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("today", "quarter"),
    [("9999-12-31", "9999-Q4"), ("0001-01-01", "0001-Q1"), ("2026-06-15", "2026-Q2"), ("2026-06-16", "2026-Q3")],
)
def test_the_first_quarter_of_a_new_workspace(tmp_path: Path, today: str, quarter: str) -> None:
    assert run("init", "--organisation", "A", "--team", "b", cwd=tmp_path, today=today).status == 0
    assert quarter in next((tmp_path / "okrs").rglob("*.yaml")).read_text()


def test_rows_over_more_than_a_hundred_years(tmp_path: Path) -> None:
    kpi = "kpis: [{id: a, title: A, better: lower, readings: {0206-06-01: 3, 2026-06-01: 4}}]\n"
    write(tmp_path, {"okrctl.yaml": "", "kpis/a.yaml": kpi})
    done = run("export", "--what", "kpis", cwd=tmp_path)
    assert done.status == 2
    assert done.err.splitlines() == [
        "error: the rows from 0206-06-01 to 2025-06-30 span more than a hundred years",
        "hint: use --since DATE",
    ]
    assert run("export", "--what", "kpis", "--since", "2025-06-01", cwd=tmp_path).status == 0


def test_days_end_where_the_calendar_does() -> None:
    first, last = parse_day("0001-01-01"), parse_day("9999-12-31")
    assert days_before(days_after(first, 3), 10**12) == first
    assert days_after(days_before(last, 3), 10**12) == last
    assert days_after(days_before(last, 3), 2) == days_before(last, 1)


@pytest.mark.parametrize("name", ["0001", "0001-Q1", "9999-12", "9999", "9999-H2", "2024-02"])
def test_periods_at_the_edges_have_neighbours_or_none(name: str) -> None:
    found = period.parse(name)
    for shift, edge in ((period.next_period, "9999-12-31"), (period.previous_period, "0001-01-01")):
        if edge in (str(found.start), str(found.end)):
            with pytest.raises(PeriodError):
                shift(found)
        else:
            assert shift(found).kind == found.kind
    with pytest.raises(PeriodError):
        period.parse("FY99-Q4", FiscalYear())
