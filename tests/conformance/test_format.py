"""The file format: what every key takes, what is refused, and how each refusal helps."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from tests.conformance.sheets import AFTER, card, check, key_result, said, workspace
from tests.running import write

READ = "\nreadings: {2026-05-01: %s}"


@pytest.mark.parametrize(
    ("result", "value"),
    [
        ("to: 1200" + READ % "600", 600),
        ("to: 4.3" + READ % "2.15", Decimal("2.15")),
        ("from: 72%\nto: 95%" + READ % "80", 80),
        ("to: $200k" + READ % "$50k", 50000),
        ("to: 1.2M" + READ % "600K", 600000),
        ("from: 96h\nto: 48h" + READ % "72h", 72),
        ("to: EUR 3" + READ % "1 EUR", 1),
        ("to: 3bn" + READ % "1B", 1000000000),
        ("to: 3m\nunit: m" + READ % "1m", 1),
        ("to: 5M\nunit: M" + READ % "1 M", 1),
        ("to: 500\nunit: kEUR" + READ % "300kEUR", 300),
        ("to: 500kEUR\nunit: kEUR" + READ % "300 kEUR", 300),
        ("to: 500 k€\nunit: k€" + READ % "300", 300),
        ("to: 500\nunit: EUR" + READ % "300kEUR", 300000),
        ("to: 1000users\nunit: users" + READ % "500 users", 500),
        ("to: '5'" + READ % "'3'", 3),
        ("to: +20" + READ % "+5", 5),
    ],
)
def test_numbers_are_exact_however_they_are_written(tmp_path: Path, result: str, value: object) -> None:
    assert key_result(workspace(tmp_path, result))["value"] == value


@pytest.mark.parametrize(
    ("written", "help"),
    [
        ("1,000", "write 1000"),
        ("1.200,50", "write 1200.50"),
        ("NaN", "finite"),
        (".inf", "finite"),
        ("1:30", "1.5h"),
        ("1e999", "larger unit"),
        ("1234567890123456789012345678901", "larger unit"),
        ("3m", "declare unit: m"),
        ("tbd", "write TBD"),
        (">5", "quote a value"),
        ('">5"', "at_least:"),
    ],
)
def test_no_number_is_refused_with_a_hint(tmp_path: Path, written: str, help: str) -> None:
    root = workspace(tmp_path, f"to: {written}")
    assert check(root) == ["OKR004"]
    assert help in said(root)


@pytest.mark.parametrize(
    ("result", "to"),
    [
        ("change: -7%\nfrom: 4.3%", Decimal("3.999")),
        ("change: -7pp\nfrom: 10%", 3),
        ("change: +20\nfrom: 10", 30),
        ("change: x2\nfrom: 10", 20),
    ],
)
def test_a_change_works_its_goal_out(tmp_path: Path, result: str, to: object) -> None:
    assert key_result(workspace(tmp_path, result))["to"] == to


REFUSED: list[tuple[str, list[str]]] = [
    ("to: 5\nat_most: 4", ["OKR008"]),
    ("at_least: 1\nat_most: 5", ["OKR008"]),
    ("to: 5\ntype: metric", ["OKR002"]),
    ("done: false\nplan: {2026-05-01: 2}", ["OKR002"]),
    ("at_least: 5\nfrom: 2", ["OKR002"]),
    ("at_least: 5\nstretch: 9", ["OKR002"]),
    ("to: 5\njudge: held", ["OKR002"]),
    ("between: [5, 2]", ["OKR004"]),
    ("milestones: []", ["OKR004"]),
    ("graded: true" + READ % "7", ["OKR004"]),
    ("graded: {0.7: fine, 70%: good}", ["OKR004"]),
    ("done: no", ["OKR004"]),
    ("done: true", ["OKR014"]),
    ("change: 20\nfrom: 10", ["OKR004"]),
    ("change: x2", ["OKR003"]),
    ("change: -7\nfrom: 4.3%", ["OKR309"]),
    ("to: 5\npriority: 5", ["OKR004"]),
    ("to: 5\nweight: 0", ["OKR004"]),
    ("to: 5\nreadings: {2026-05-01: {value: 2, confidence: 11}}", ["OKR004"]),
    ("from: 1%\nto: 5%\naggregate: sum", ["OKR320", "OKR320"]),
    ("to: 5\naggregate: sum\nfrom: 0", ["OKR320"]),
    ("to: 5\ndue: 2026-07-01", ["OKR112"]),
    ("to: 5\nplan: {2026-08-01: 3}", ["OKR112"]),
    ("to: 5\nadded: 2026-03-01", ["OKR112"]),
    ("from: 5\nto: 5.0", ["OKR301"]),
    ("to: 5\nstate: postponed", ["OKR212", "OKR503"]),
    ("to: 3 users\nunit: people", ["OKR302"]),
    ("from: 0.72\nto: 95\nunit: '%'", ["OKR319"]),
    ("to: 5\nreadings: {2026-05-01: 3, 2026-05-01: 4}", ["OKR005"]),
    ("to: 5\nreadings: {2026-04-30: 3, 2026-04: 4}", ["OKR005"]),
    ("to: 5\nreadings: {2026-02-30: 3}", ["OKR004"]),
    ("to: 5\nstretch: 4", ["OKR004"]),
    ("from: 9\nto: 5\nstretch: 6", ["OKR004"]),
    ("change: +5\nfrom: 1\nstretch: 5", ["OKR004"]),
]


@pytest.mark.parametrize(("result", "codes"), REFUSED)
def test_what_makes_no_sense_is_found_once(tmp_path: Path, result: str, codes: list[str]) -> None:
    found = check(workspace(tmp_path, result), today=AFTER)
    assert found == codes if "sum" not in result else set(found) == set(codes)


ACCEPTED = [
    "to: 5\nx-jira: ABC",
    "to: 5\ntags: one\nlinks: https://acme.example",
    "to: 5\nstretch: 6",
    "from: 9\nto: 5\nstretch: 4",
    "to: 5\npriority: P0",
    "to: 5\ncadence: 10 days",
    "to: TBD",
    "to: 5\nowner:",
    "milestones: {title: First letter, done: false}",
    "done: 2026-05-01",
    "done: false\nreadings: {2026-05-01: {confidence: 4, note: Nearly there}}",
    "graded: Do they like it?" + READ % "7/10",
    "at_least: 5\njudge: held",
    "to: 5\namended: {date: 2026-05-01, by: lea, reason: Fewer letters, was: {to: 60}}",
]


@pytest.mark.parametrize("result", ACCEPTED)
def test_what_the_format_allows_is_no_finding(tmp_path: Path, result: str) -> None:
    assert check(workspace(tmp_path, result)) == []


def test_a_single_milestone_counts_as_a_list_of_one(tmp_path: Path) -> None:
    root = workspace(tmp_path, "milestones: {title: First letter, done: 2026-05-01}")
    assert key_result(root)["progress"] == 1


@pytest.mark.parametrize(
    ("result", "help"),
    [
        ("to: 5\ncurrent: 3", "did you mean 'readings'?"),
        ("to: 5\ncurrent: 3", "a value for each date"),
        ("to: 5\nreadings: [1, 2]", "a value for each date"),
        ("to: 5\nreadings: 3", "write `readings: {2026-04-13: 3}`"),
        ("to: 5\nscore: 0.5", "write `score: {value: 0.7"),
        ("to: 5\nowner: [lea, tom]", "`contributors:` lists more"),
        ("to: 5\nname: Letters", "'title' already exists"),
        ("to: 5\nweight: 50%", "the number alone"),
    ],
)
def test_typical_slips_are_told_how_it_is_written(tmp_path: Path, result: str, help: str) -> None:
    assert help in said(workspace(tmp_path, result))


@pytest.mark.parametrize(
    "result",
    [
        "to: 5\nscore: {value: 1.2, by: lea, reason: Luck}",
        "to: 5\namended: {date: 2026-05-01, by: lea, reason: x, was: {t: 6}}",
    ],
)
def test_a_wrong_value_is_not_called_missing_too(tmp_path: Path, result: str) -> None:
    assert check(workspace(tmp_path, result)) == ["OKR004"]


@pytest.mark.parametrize(
    ("result", "codes"),
    [
        ("target: 5", ["OKR002"]),
        ("goal: 5\nstart: 2", ["OKR002", "OKR002"]),
        ("min: 5", ["OKR002"]),
        ("metric: 5", ["OKR002", "OKR007"]),
    ],
)
def test_a_key_under_another_name_is_not_called_missing_too(tmp_path: Path, result: str, codes: list[str]) -> None:
    assert sorted(check(workspace(tmp_path, result))) == codes


@pytest.mark.parametrize(
    ("result", "more", "help"),
    [
        ("to: 5\nparent: trust", "", "'parent' belongs to the objective"),
        ("done: false\nplan: {2026-05-01: 2}", "", "'plan' belongs to the measure metric or change"),
        ("to: 5", "due: 2026-05-01", "'due' belongs to a key result"),
        ("to: 5", "team: trust", "'team' belongs at the top of the file"),
    ],
)
def test_a_key_in_the_wrong_place_is_told_its_own(tmp_path: Path, result: str, more: str, help: str) -> None:
    assert help in said(workspace(tmp_path, result, objective=more))


@pytest.mark.parametrize(("result", "fixable"), [("to: 5\ncurrent: 3", False), ("to: 5\nlog: {2026-05-01: 3}", True)])
def test_only_what_a_fix_would_mend_is_called_fixable(tmp_path: Path, result: str, fixable: bool) -> None:
    assert ("--fix` fixes 1" in said(workspace(tmp_path, result))) == fixable


@pytest.mark.parametrize(
    ("period", "first", "last"),
    [
        ("2026-Q2", "2026-04-01", "2026-06-30"),
        ("2026-H1", "2026-01-01", "2026-06-30"),
        ("2026-T2", "2026-05-01", "2026-08-31"),
        ("2026", "2026-01-01", "2026-12-31"),
        ("2026-05", "2026-05-01", "2026-05-31"),
        ("{id: cycle-7, start: 2026-04-13, end: 2026-05-24}", "2026-04-13", "2026-05-24"),
    ],
)
def test_periods_have_their_days(tmp_path: Path, period: str, first: str, last: str) -> None:
    asked = "cycle-7" if "{" in period else period
    found = card(workspace(tmp_path, "to: 5", period=period), period=asked)["period"]
    assert (found["id"], found["start"], found["end"]) == (asked, first, last)


FISCAL = "fiscal_year: {starts: february, named_by: end}\n"


def test_a_fiscal_year_is_named_by_its_end_where_that_is_said(tmp_path: Path) -> None:
    root = workspace(tmp_path, "to: 5", period="FY26-Q1", config=FISCAL)
    found = card(root, today="2025-03-01", period="FY26-Q1")["period"]
    assert (found["start"], found["end"]) == ("2025-02-01", "2025-04-30")


@pytest.mark.parametrize(
    ("period", "config", "help"),
    [
        ("2026-Q1", FISCAL, "FY26-Q1"),
        ("FY26-Q1", "", "write 2026-Q1"),
        ("Q2 2026", "", "write 2026-Q2"),
        ("2026-q2", "", "write 2026-Q2"),
        ("2026-Q5", "", "write Q1 to Q4"),
    ],
)
def test_no_period_is_refused_with_a_hint(tmp_path: Path, period: str, config: str, help: str) -> None:
    root = workspace(tmp_path, "to: 5", period=period, config=config)
    assert check(root) == ["OKR004"]
    assert help in said(root)


@pytest.mark.parametrize(
    ("asked", "today", "meant"),
    [
        ("Q2", "2026-05-15", "2026-Q2"),
        ("Q2", "2026-11-15", "2026-Q2"),
        ("Q2", "2025-11-15", "2026-Q2"),
        ("this", "2026-05-15", "2026-Q2"),
        ("last", "2026-07-15", "2026-Q2"),
        ("next", "2026-03-15", "2026-Q2"),
    ],
)
def test_a_part_of_a_name_means_the_running_the_newest_or_the_next(
    tmp_path: Path, asked: str, today: str, meant: str
) -> None:
    assert card(workspace(tmp_path, "to: 5"), today=today, period=asked)["period"]["id"] == meant


@pytest.mark.parametrize(
    ("comment", "codes"),
    [
        ("# okrctl: ignore[objective-has-number]", []),
        ("# okrctl: ignore[OKR201]", []),
        ("# okrctl: ignore", ["OKR012", "OKR201"]),
        ("# okrctl: ignore[no-such-rule]", ["OKR012", "OKR201"]),
        ("# okrctl: ignore[OKR202]", ["OKR011", "OKR201"]),
        ("# nothing", ["OKR201"]),
    ],
)
@pytest.mark.parametrize("above", [False, True])
def test_a_finding_is_suppressed_by_name_or_code(tmp_path: Path, comment: str, codes: list[str], above: bool) -> None:
    title = f"    {comment}\n    title: Win 5 prizes\n" if above else f"    title: Win 5 prizes {comment}\n"
    rest = "    owner: lea\n    key_results: [{id: k, title: One, to: 5}]\n"
    write(tmp_path, {"okrs/a.yaml": f"period: 2026-Q2\nobjectives:\n  - id: o\n{title}{rest}"})
    assert sorted(check(tmp_path)) == codes


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("", ["OKR006"]),
        ("# only words\n", ["OKR006"]),
        ("foo: 1\n", ["OKR006"]),
        ("period: 2026-Q2\nobjectives: []\nkpis: []\n", ["OKR006"]),
        ("kpis: [{id: a, title: A, owner: lea, better: higher}]\n---\nkpis: []\n", ["OKR009"]),
        ("kpis: [{id: a, title: A, owner: lea, better: higher, target: 3}]\n", ["OKR401"]),
        ("kpis: [{id: a, title: A, owner: lea}]\n", ["OKR003"]),
        ("kpis: [{id: a, title: A, owner: lea, better: higher, between: [1, 2]}]\n", ["OKR008"]),
        ("kpis: [{id: a, title: !!str A, owner: lea, better: higher}]\n", ["OKR004"]),
        ("kpis: [" + "{id: a, title: A, owner: lea, better: higher}, " * 2 + "]\n", ["OKR101"]),
    ],
)
def test_a_file_is_what_its_keys_say(tmp_path: Path, text: str, codes: list[str]) -> None:
    assert check(write(tmp_path, {"anywhere.yaml": "no: 1\n", "okrs/a.yaml": text})) == codes


@pytest.mark.parametrize(
    ("settings", "help"),
    [
        ("teams: [trust]\n", "write `teams: {trust:"),
        ("fiscal_year: february\n", "write `fiscal_year: {starts: february}`"),
        ("organization: Acme\n", "did you mean 'organisation'?"),
        ("scoring: {bands: [0.7, 0.4]}\n", "write the lower number first"),
        ("rules: {objective-has-number: off}\n", "error, warning, info or ignore"),
    ],
)
def test_settings_are_told_how_they_are_written(tmp_path: Path, settings: str, help: str) -> None:
    assert help in said(workspace(tmp_path, "to: 5", config=settings))
