"""The file format: what every key takes, what is refused, and how each refusal helps."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from tests.conformance.sheets import AFTER, check, key_result, said, workspace

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
        ("to: 1e3" + READ % "500", 500),
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
        (">5", "without quotes"),
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
        ("to: 5\nname: Letters", "'title' is there already"),
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
