"""Large files cost what their size says: nothing is looked at once for each other thing."""

from __future__ import annotations

import tracemalloc
from datetime import date, timedelta
from pathlib import Path

import pytest

from okrctl.outputs.ci import FORMATS
from okrctl.yaml import Source, parse
from tests.counting import calls_at_most
from tests.repositories import Repo, isolate
from tests.running import run, write

HEAD = "period: 2025-Q2\nteam: trust\nobjectives:\n"


def test_thousands_of_comments_that_suppress(tmp_path: Path) -> None:
    comments = "# okrctl: ignore[missing-owner]\n" * 20_000
    write(tmp_path, {"okrctl.yaml": "", "okrs/a.yaml": comments + HEAD + "  - {id: a, title: A, key_results: []}\n"})
    with calls_at_most(10_000_000):
        done = run("check", "--select", "OKR011", "--format", "json", cwd=tmp_path)
    assert done.json["summary"]["warning"] == 1000
    assert done.json["diagnostics"][-1]["message"].endswith("; 19,000 more like this are not listed")


def test_readings_far_outside_the_period(tmp_path: Path) -> None:
    days = [date(1900, 1, 1) + timedelta(number) for number in range(20_000)]
    rows = "date,value\n" + "".join(f"{day},{number}\n" for number, day in enumerate(days))
    body = "  - {id: a, title: A, owner: ada, key_results: [{id: k, title: K, to: 9, readings: r.csv}]}\n"
    write(tmp_path, {"okrctl.yaml": "", "okrs/a.yaml": HEAD + body, "okrs/r.csv": rows})
    with calls_at_most(20_000_000):
        done = run("export", "--format", "jsonl", cwd=tmp_path)
    assert done.out.count("\n") == 20_001


def test_rollups_that_all_hold_each_other(tmp_path: Path) -> None:
    """Ways through them: far more than can be walked, in search of a unit that none of them has."""
    members = [", ".join(f"k{after}" for after in range(one + 1, one + 9)) for one in range(60)]
    lines = [f"      - {{id: k{one}, title: K, to: 10, rollup: {{sum: [{all}]}}}}" for one, all in enumerate(members)]
    body = "  - id: a\n    title: A\n    owner: ada\n    key_results:\n" + "\n".join(lines) + "\n"
    write(tmp_path, {"okrctl.yaml": "", "okrs/a.yaml": HEAD + body})
    with calls_at_most(3_000_000):
        done = run("check", "--format", "json", cwd=tmp_path), run("score", cwd=tmp_path)
    assert [one.status for one in done] == [1, 0]


def test_thousands_of_findings_in_every_format(tmp_path: Path) -> None:
    days = [date(2025, 7, 1) + timedelta(number) for number in range(20_000)]
    readings = ", ".join(f"{day}: {number}" for number, day in enumerate(days))
    body = f"  - {{id: a, title: A, owner: ada, key_results: [{{id: k, title: K, to: 9, readings: {{{readings}}}}}]}}\n"
    write(tmp_path, {"okrctl.yaml": "", "okrs/a.yaml": HEAD + body})
    with calls_at_most(36_000_000):
        done = [run("check", "--format", form, cwd=tmp_path) for form in FORMATS]
    assert all(one.status == 1 and len(one.out) < 3_000_000 for one in done)


def test_what_is_not_listed_is_neither_new_nor_out_of_reach(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    isolate(monkeypatch)
    steps = "          - {title: M, done: true}\n" * 1100
    body = f"  - id: a\n    title: A\n    owner: ada\n    key_results:\n      - id: k\n        milestones:\n{steps}"
    repo = Repo(tmp_path)
    repo.commit(day="2025-04-10", files={"okrctl.yaml": "", "okrs/a.yaml": HEAD + body})
    repo.write("okrs/a.yaml", HEAD + body.replace("true", "false", 1))
    check = ("check", "--select", "OKR014", "--format", "json")
    assert run(*check, cwd=tmp_path).json["diagnostics"][-1]["message"].endswith("; 99 more like this are not listed")
    assert run(*check, "--base", "HEAD", cwd=tmp_path).json["diagnostics"] == []
    run("check", "--select", "OKR014", "--add-ignore", cwd=tmp_path)
    assert run(*check, cwd=tmp_path).json["diagnostics"] == []


def test_thousands_of_things_that_cannot_be_read(tmp_path: Path) -> None:
    bad = "  - {id: a, title: , owner: [], weight: x, key_results: [{to: 3, at_least: x}]}\n" * 1500
    unknown = "  - id: b\n" + "".join(f"    key{number}: x\n" for number in range(3000))
    write(tmp_path, {"okrctl.yaml": "", "okrs/a.yaml": HEAD + bad, "okrs/b.yaml": HEAD + unknown})
    with calls_at_most(28_000_000):
        done = run("check", "--format", "json", cwd=tmp_path)
    assert done.json["summary"]["error"] > 4000


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("  - x-a: [" + "1," * 300_000 + "]\n", "more than 150,000 keys, values, lists and mappings"),
        ("  - x-a: [" + "[]," * 300_000 + "]\n", "more than 150,000 keys, values, lists and mappings"),
        ("  - {}\n" * 6_000, "more than 3,000 objectives, key results and KPIs in one file"),
        ("  - id: a\n    key_results:\n" + "      - {}\n" * 6_000, "more than 3,000 objectives"),
    ],
)
def test_more_in_a_file_than_anybody_writes(tmp_path: Path, body: str, message: str) -> None:
    write(tmp_path, {"okrctl.yaml": "", "okrs/a.yaml": HEAD + body})
    with calls_at_most(5_000_000):
        done = run("check", "--format", "json", cwd=tmp_path)
    [one] = done.json["diagnostics"]
    assert (done.status, one["code"]) == (1, "OKR009")
    assert one["message"].startswith(message)
    assert one["line"] >= 4


def test_thousands_of_references_that_lead_nowhere(tmp_path: Path) -> None:
    parents = "".join(f"  - {{id: a{number}, title: A, parent: b{number}}}\n" for number in range(2999))
    guards = "".join(f"      - {{id: a{one}, title: K, at_most: 3, guards: [b{one}]}}\n" for one in range(2999))
    rest = "  - id: b\n    title: B\n    key_results:\n" + guards
    write(tmp_path, {"okrctl.yaml": "", "okrs/a.yaml": HEAD + parents, "okrs/b.yaml": HEAD + rest})
    with calls_at_most(16_000_000):
        done = run("check", "--select", "OKR102", "--format", "json", cwd=tmp_path)
    assert done.json["summary"]["error"] == 2000


def test_thousands_of_settings_that_mean_nothing(tmp_path: Path) -> None:
    rules = "".join(f"  objective-vagueness{number}: error\n" for number in range(20_000))
    write(tmp_path, {"okrctl.yaml": "rules:\n" + rules})
    with calls_at_most(21_000_000):
        done = run("check", "--format", "json", cwd=tmp_path)
    assert done.json["summary"]["error"] == 1000


@pytest.mark.parametrize("key", ["include", "exclude"])
def test_patterns_that_explode(tmp_path: Path, key: str) -> None:
    settings = f"{key}:\n  - okrs/*.yml\n  - '{'{a,b}' * 30}'\n"
    write(tmp_path, {"okrctl.yaml": settings, "okrs/a.yml": HEAD + "  - {id: a, title: A, owner: ada}\n"})
    with calls_at_most(3_000_000):
        done = run("check", "--format", "json", cwd=tmp_path)
    [one] = [one for one in done.json["diagnostics"] if one["severity"] == "error"]
    assert (done.status, one["code"], one["path"], one["line"]) == (1, "OKR004", "okrctl.yaml", 3)
    assert done.json["summary"]["files"] == 2 if key == "include" else 1


def test_very_many_patterns(tmp_path: Path) -> None:
    patterns = "".join(f"  - okrs/{number}*.yaml\n" for number in range(50_000))
    write(tmp_path, {"okrctl.yaml": "include:\n" + patterns})
    with calls_at_most(9_000_000):
        done = run("check", "--format", "json", cwd=tmp_path)
    assert (done.status, done.json["diagnostics"][0]["line"]) == (1, 1002)


@pytest.mark.parametrize("aggregate", ["latest", "sum", "mean"])
def test_a_reading_of_every_day_of_a_long_period(tmp_path: Path, aggregate: str) -> None:
    days = [date(1926, 1, 1) + timedelta(number) for number in range(20_000)]
    rows = "date,value\n" + "".join(f"{day},{number}\n" for number, day in enumerate(days))
    head = "period: {id: long, start: 1926-01-01, end: 2025-12-31}\nobjectives:\n"
    body = f"[{{id: k, title: K, to: 9, aggregate: {aggregate}, readings: r.csv}}]"
    text = f"{head}  - {{id: a, title: A, owner: ada, key_results: {body}}}\n"
    write(tmp_path, {"okrctl.yaml": "", "okrs/a.yaml": text, "okrs/r.csv": rows})
    with calls_at_most(21_000_000):
        done = run("export", "--format", "csv", cwd=tmp_path)
    assert (done.status, done.out.count("\n")) == (0, 20_002)


@pytest.mark.parametrize("text", ["# okrctl: ignore[" + "x9, " * 60_000 + "]\n", "# okrctl: ignore[x9]\n" * 60_000])
def test_suppressions_of_rules_that_do_not_exist(tmp_path: Path, text: str) -> None:
    write(tmp_path, {"okrctl.yaml": "", "okrs/a.yaml": text + HEAD + "  - {id: a, title: A, key_results: []}\n"})
    with calls_at_most(15_000_000):
        done = run("check", "--select", "OKR012", "--format", "json", cwd=tmp_path)
    assert done.json["diagnostics"][-1]["message"].endswith("; 19,000 more like this are not listed")


def test_thousands_of_teams_without_a_word_about_them(tmp_path: Path) -> None:
    teams = "".join(f"  team{number}:\n" for number in range(20_000))
    write(
        tmp_path,
        {"okrctl.yaml": "teams:\n" + teams, "kpis/a.yaml": "kpis: [{id: a, title: A, better: lower, owner: team1}]\n"},
    )
    with calls_at_most(16_000_000):
        done = run("check", "--format", "json", cwd=tmp_path)
    assert (done.status, done.json["diagnostics"]) == (0, [])


def test_roll_ups_of_roll_ups_without_a_unit(tmp_path: Path) -> None:
    lines = [
        f"      - {{id: k{one}, title: K, to: 5, rollup: {{sum: [k{one + 1}, k{one + 2}]}}}}" for one in range(2900)
    ]
    body = "  - id: a\n    title: A\n    key_results:\n" + "\n".join(lines) + "\n"
    write(tmp_path, {"okrctl.yaml": "", "okrs/a.yaml": HEAD + body})
    with calls_at_most(25_000_000):
        done = run("check", "--select", "OKR302", "--format", "json", cwd=tmp_path)
    assert (done.status, done.json["diagnostics"]) == (0, [])


@pytest.mark.parametrize("pattern", ["[" * 100_000, "*a" * 50_000, "**/" * 30_000, "{" * 100_000])
def test_a_pattern_longer_than_any_path(tmp_path: Path, pattern: str) -> None:
    settings = f"include:\n  - okrs/*.yml\n  - '{pattern}'\n"
    write(tmp_path, {"okrctl.yaml": settings, "okrs/a.yml": HEAD + "  - {id: a, title: A, owner: ada}\n"})
    with calls_at_most(2_000_000):
        done = run("check", "--select", "OKR0", "--format", "json", cwd=tmp_path)
    [one] = done.json["diagnostics"]
    message = "more than 1,000 characters in one pattern; the patterns from here on are ignored"
    assert (one["code"], one["path"], one["line"], one["message"]) == ("OKR004", "okrctl.yaml", 3, message)


def test_a_title_beside_thousands_of_planned_numbers(tmp_path: Path) -> None:
    days = [date(1990, 1, 1) + timedelta(number) for number in range(20_000)]
    plan = ", ".join(f"{day}: {7 * number}" for number, day in enumerate(days))
    keys = f"id: k, title: 'Reach 25,000,000 users', to: 9 users, plan: {{{plan}}}"
    body = f"  - {{id: a, title: A, key_results: [{{{keys}}}]}}\n"
    write(tmp_path, {"okrctl.yaml": "", "okrs/a.yaml": HEAD + body})
    with calls_at_most(15_000_000):
        done = run("check", "--select", "OKR317", "--format", "json", cwd=tmp_path)
    assert [one["message"] for one in done.json["diagnostics"]] == [
        "the title says '25,000,000', but the target is 9 users"
    ]


@pytest.mark.parametrize(
    "text",
    [
        "a: b\n" + "\n" * 3_000_000,
        "a: b\n" + "# okrctl:\n" + "#\n" * 1_500_000,
        "# okrctl: ignore[" + "a, " * 1_000_000 + "]\na: b\n",
        "a: " + "!!str " * 500_000,
        "a: " + "b: " * 1_000_000,
    ],
    ids=["blank lines", "comments", "names in a comment", "tags", "colons"],
)
def test_memory_goes_with_the_size_of_the_text(text: str) -> None:
    """The bound is a dozen times the text, and a third of what a place or a word for each of its parts takes."""
    tracemalloc.start()
    try:
        document = parse(Source("okrs/a.yaml", text))
        assert len(document.ignore_comments) <= 1
        assert document.span_at(("a",)).line <= 2
        assert tracemalloc.get_traced_memory()[1] < 40_000_000
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("cell", ["2025-04-01," + "9" * 200_000, "\0" * 200_000, '"' + "a\n" * 200_000])
def test_a_cell_longer_than_any_number(tmp_path: Path, cell: str) -> None:
    body = "  - {id: a, title: A, owner: ada, key_results: [{id: k, title: K, to: 9, readings: r.csv}]}\n"
    write(tmp_path, {"okrctl.yaml": "", "okrs/a.yaml": HEAD + body, "okrs/r.csv": "date,value\n" + cell})
    with calls_at_most(2_000_000):
        done = run("check", "--select", "OKR0", "--format", "json", cwd=tmp_path)
    [one] = done.json["diagnostics"]
    assert (one["path"], "not CSV" in one["message"]) == ("okrs/r.csv", True)
