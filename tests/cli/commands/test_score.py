"""What `score` does beyond one scorecard: filters, levels, several periods, what-if, thresholds, formats."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from okrctl.operations.project import Project
from okrctl.operations.score import ScoreRequest
from okrctl.operations.score import score as build_scorecards
from okrctl.outputs.terminal import TerminalStyle
from okrctl.outputs.views.scorecard import render
from tests.repositories import Repo, isolate
from tests.running import Result, run, write

EXAMPLE = Path(__file__).parents[3] / "examples" / "company"
TODAY = "2026-11-22"


def score(*words: str, cwd: Path = EXAMPLE) -> Result:
    return run("score", *words, cwd=cwd, today=TODAY)


def data(*words: str) -> Any:
    found = score(*words, "--format", "json")
    assert found.status == 0, found.err
    return found.json


def lines(card: Any) -> Iterator[str]:
    for team in card["teams"]:
        yield team["team"]
        for objective in team["objectives"]:
            yield objective["ref"].split("/", 1)[1]
            yield from (one["ref"].split("/", 1)[1] for one in objective["key_results"])


@pytest.mark.parametrize("words", [["Q4"], ["FY27-Q4"], ["this"], ["fy27-q4"]])
def test_a_period_can_be_written_in_every_form(words: list[str]) -> None:
    assert data(*words)["period"]["id"] == "FY27-Q4"


def test_without_a_period_the_running_ones_are_listed() -> None:
    assert [one["period"]["id"] for one in data()["periods"]] == ["FY27-Q4"]
    assert [one["period"]["id"] for one in data("Q3", "Q4")["periods"]] == ["FY27-Q3", "FY27-Q4"]


def test_filters_select_lines_and_change_no_score() -> None:
    whole, part = data("Q4"), data("Q4", "--team", "cities", "--owner", "soeren")
    assert (part["score"], part["measured"], part["key_results"]) == (whole["score"], 19, 20)
    assert list(lines(part)) == [
        "cities", "cities/snow", "cities/snow.lit-routes", "cities/frost", "cities/frost.trade-signups",
        "cities/frost.winter-kits",
    ]  # fmt: skip
    [cities] = [team for team in whole["teams"] if team["team"] == "cities"]
    assert part["teams"][0]["score"] == cities["score"]
    assert part["teams"][0]["objectives"][0]["score"] == cities["objectives"][0]["score"]
    assert part["teams"][0]["measured"] == cities["measured"]


def test_priorities_choose_key_results() -> None:
    urgent = "workshop/winter-ready.parts-delivery"
    assert list(lines(data("Q4", "--priority", "P0"))) == ["workshop", "workshop/winter-ready", urgent]
    assert list(lines(data("Q3", "--tag", "car-free"))) == [
        "company", "company/everyday", "company/everyday.car-free", "company/everyday.new-subscriptions",
        "company/everyday.recommended",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--team", "citys"], "there is no team 'citys', did you mean 'cities'?"),
        (["--owner", "nobody-here"], "there is no owner 'nobody-here'"),
        (["--tag", "x"], "there is no tag 'x'"),
        (["--priority", "9"], "'9' is not a valid priority"),
        (["--fail-if", "late"], "unknown status 'late' for --fail-if"),
        (["--fail-under", "7"], "'7' is not a valid grade"),
        (["--what-if", "snow"], "--what-if 'snow' has no value"),
        (["--what-if", "trade-signups=x"], "trade-signups: 'x' is not a valid number"),
        (["--what-if", "lit-routes=3 EUR"], "is in pupils, not in EUR"),
        (["--what-if", "winter-check=x"], "has no milestone 'x'"),
        (["Q1"], "no files for any Q1"),
    ],
)
def test_an_unknown_name_is_an_error(words: list[str], message: str) -> None:
    found = score(*words)
    assert (found.status, found.out) == (2, "")
    assert message in found.err


def test_without_a_period_the_day_decides_which_one_runs() -> None:
    assert [one["period"]["id"] for one in data("--as-of", "2026-09-01")["periods"]] == ["FY27-Q3"]


@pytest.mark.parametrize(("level", "parts"), [("team", 1), ("objective", 2), ("key-result", 3)])
def test_levels_limit_the_lines_and_change_no_score(level: str, parts: int) -> None:
    card = data("Q4", "--level", level)
    assert card["score"] == data("Q4")["score"]
    depths = {1 + ("/" in name) + ("." in name) for name in lines(card)}
    assert max(depths) == parts


def test_two_periods_are_compared_side_by_side() -> None:
    out = score("Q3", "Q4", "--level", "team").out
    assert "FY27-Q3  FY27-Q4  change" in " ".join(out.split(" ")).replace("   ", "  ")
    cities = next(line.split() for line in out.splitlines() if line.startswith("CITIES"))
    assert cities == ["CITIES", "0.84", "0.22", "-0.62"]


def test_carried_over_and_renamed_goals_share_a_line(tmp_path: Path) -> None:
    def quarter(name: str, keys: str, id: str, value: int) -> str:
        result = f"{{id: {id}, title: R, {keys}to: 10, readings: {{{name[:4]}-0{3 * int(name[-1]) - 1}-01: {value}}}}}"
        return f"period: {name}\nobjectives: [{{id: o, title: T, owner: ada, key_results: [{result}]}}]\n"

    first, second = quarter("2025-Q1", "", "old", 2), quarter("2025-Q2", "formerly: old, ", "new", 7)
    root = write(tmp_path, {"okrs/1.yaml": first, "okrs/2.yaml": second})
    out = run("score", "2025-Q1", "2025-Q2", cwd=root, today="2025-06-20").out
    figures = [line.split()[-3:] for line in out.splitlines() if "0." in line]
    assert figures == [["0.20", "0.70", "+0.50"]] * 4


def test_a_carried_objective_shares_the_line_of_its_successor() -> None:
    out = score("Q3", "Q4").out
    [snow] = [line.split() for line in out.splitlines() if "snow" in line.split()]
    assert snow[-3:] == ["0.85", "0.26", "-0.60"]


@pytest.mark.parametrize(
    ("supposed", "ref", "expected"),
    [
        ("cities/snow.household-signups=250", "cities/snow.household-signups", "0.5"),
        ("lit-routes=430", "cities/snow.lit-routes", "1"),
        ("self-pickup=done", "app/transparent-repairs.self-pickup", "1"),
        ("winter-check=Düsseldorf", "workshop/winter-ready.winter-check", "0.833333"),
        ("winter-check=2", "workshop/winter-ready.winter-check", "0.833333"),
        ("arrival-time=70%", "app/transparent-repairs.arrival-time", "0.7"),
        ("repair-bill=23.5 EUR", "company/own-keep.repair-bill", "0.5"),
        ("winter.new-subscriptions=400", "company/winter.new-subscriptions", "0.5"),
    ],
)
def test_a_what_if_value_counts_and_is_marked(supposed: str, ref: str, expected: str) -> None:
    words = ["Q4", "--what-if", supposed]
    found = {
        one["ref"].split("/", 1)[1]: one
        for team in data(*words)["teams"]
        for o in team["objectives"]
        for one in o["key_results"]
    }
    assert Decimal(found[ref]["score"]) == Decimal(expected)
    out = score(*words).out
    assert re.search(r"[a-z], what if$|[a-z], what if  ", out, re.MULTILINE)
    assert f"what if FY27-Q4/{ref} were" in out


def test_a_what_if_value_reaches_its_rollup_and_is_not_written() -> None:
    before = data("Q4")
    changed = data("Q4", "--what-if", "cities/snow.household-signups=740")
    rolled = changed["teams"][0]["objectives"][0]["key_results"][2]
    assert (rolled["id"], rolled["value"]) == ("new-subscriptions", 800)
    assert data("Q4") == before


@pytest.mark.parametrize(
    ("words", "status"),
    [
        (["--fail-under", "0.2"], 0),
        (["--fail-under", "0.3"], 1),
        (["--fail-under", "25%", "--team", "workshop"], 0),
        (["--fail-under", "0.2", "--team", "app"], 1),
        (["--fail-if", "at-risk"], 1),
        (["--fail-if", "missed"], 0),
        (["--fail-if", "missed,stale"], 1),
        (["--fail-if", "behind", "--team", "app"], 0),
        (["--fail-if", "broken"], 1),
        (["--fail-if", "broken", "--level", "objective"], 1),
        (["--fail-if", "at-risk", "--level", "team"], 1),
    ],
)
def test_thresholds_exit_with_1(words: list[str], status: int) -> None:
    found = score("Q4", *words)
    assert (found.status, bool(found.out), found.err) == (status, True, "")


def test_csv_has_a_row_for_each_line() -> None:
    rows = list(csv.DictReader(io.StringIO(score("Q3", "Q4", "--format", "csv").out)))
    assert {row["period"] for row in rows} == {"FY27-Q3", "FY27-Q4"}
    [delivery] = [row for row in rows if row["ref"] == "FY27-Q4/workshop/winter-ready.parts-delivery"]
    assert (delivery["from"], delivery["to"], delivery["value"], delivery["score"]) == ("9", "4", "8.5", "0.1")
    card = data("Q4")
    assert sum(row["period"] == "FY27-Q4" for row in rows) == 1 + len(list(lines(card)))


def test_a_spreadsheet_takes_no_title_for_a_formula(tmp_path: Path) -> None:
    result = '{id: k, title: "@x, y", to: 1}'
    text = f'period: 2025-Q2\nobjectives: [{{id: o, title: "=cmd()", owner: ada, key_results: [{result}]}}]\n'
    out = score("2025-Q2", "--format", "csv", cwd=write(tmp_path, {"okrs/a.yaml": text})).out
    titles = [row["title"] for row in csv.DictReader(io.StringIO(out))]
    assert titles[2:] == ["'=cmd()", "'@x, y"]


def test_markdown_is_a_table_that_notifies_nobody(tmp_path: Path) -> None:
    result = "{id: k, title: R, to: 1}"
    text = f'period: 2025-Q2\nobjectives: [{{id: o, title: "a | b @ada *c*", owner: ada, key_results: [{result}]}}]\n'
    out = score("2025-Q2", "--format", "markdown", cwd=write(tmp_path, {"okrs/a.yaml": text})).out
    assert "a \\| b @\u200bada \\*c\\*" in out
    table = [line for line in out.splitlines() if line.startswith("|")]
    assert {line.replace("\\|", "").count("|") for line in table} == {7}


def test_json_keys_are_those_of_the_interface() -> None:
    card = json.loads(score("Q4", "--format", "json").out)
    assert list(card) == [
        "version", "period", "as_of", "known_at", "score", "band", "pace", "at_risk", "measured", "key_results",
        "agreed", "teams",
    ]  # fmt: skip
    assert list(card["teams"][0]["objectives"][0]["key_results"][0]) == [
        "ref", "id", "title", "owner", "measure", "from", "to", "at_least", "at_most", "unit", "value", "value_date",
        "progress", "score", "computed", "by_hand", "measured", "counted", "guardrail", "broken", "weight", "priority",
        "confidence", "due", "expected", "status", "projected", "forecast", "state",
    ]  # fmt: skip


def test_retrospective_findings_are_below_the_table() -> None:
    out = score("Q3").out
    assert "OKR703 score-and-kpi-diverge: FY27-Q3/company/everyday: missed at 0.68" in out
    assert "OKR7" not in score("Q4").out


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("to: 10", "to: 8", "As agreed on 2 Apr: 0.40 (1 change)"),
        ("weight: 1", "weight: 3", "As agreed on 2 Apr: 0.20 (1 change)"),  # neutral, and the score differs
        ("title: R", "title: S", ""),
    ],
)
def test_on_a_terminal_moved_goals_are_one_line_and_a_command(tmp_path: Path, old: str, new: str, words: str) -> None:
    repo = Repo(tmp_path)
    text = "period: 2026-Q2\nobjectives: [{id: o, title: O, owner: ada, key_results: [{id: k, title: R, weight: 1, "
    text += "to: 10, readings: {2026-05-10: 4}}, {id: m, title: M, to: 9}]}]\n"
    text = text if new == "weight: 3" else text.replace(", {id: m, title: M, to: 9}", "")
    commit = repo.commit(day="2026-04-02", files={"okrs/a.yaml": text})
    write(repo.path, {"okrs/a.yaml": text.replace(old, new, 1)})
    project = Project(repo.path, environment={"OKRCTL_TODAY": "2026-05-16"})
    found = build_scorecards(project, ScoreRequest()).scorecards
    shown = render(found, "table", TerminalStyle(width=80))
    assert (words in shown) and (f"okrctl diff {commit[:10]}" in shown) == bool(words)
    assert "against the version agreed on" not in shown
    assert ("against the version agreed on" in render(found, "table", TerminalStyle())) == bool(words)


# what keeps git's history away


def test_a_repository_that_git_does_not_trust_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    isolate(monkeypatch)
    goal = "{id: a, title: Shops answer, key_results: [{id: k, title: Calls, to: 3}]}"
    repo = Repo(tmp_path)
    repo.commit(files={"okrs/a.yaml": f"period: 2026-Q2\nobjectives: [{goal}]\n"})
    monkeypatch.setenv("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1")
    said = run("score", cwd=tmp_path, today="2026-05-15").out
    assert f"the repository {tmp_path} belongs to another user" in said and "safe.directory" in said
    assert "without a git repository" not in said
    agreed = run("score", "--agreed", cwd=tmp_path, today="2026-05-15")
    assert agreed.status == 2 and "belongs to another user" in agreed.err
    monkeypatch.setattr("okrctl.git.discover.is_git_available", lambda: False)
    monkeypatch.setattr("okrctl.git.process.is_git_available", lambda: False)
    assert "git was not found; install git" in run("score", "--no-cache", cwd=tmp_path, today="2026-05-15").out


@pytest.mark.parametrize("command", ["kpi", "score", "status", "show visits", "kpi --format json"])
def test_a_csv_file_with_errors_is_named_once(tmp_path: Path, command: str) -> None:
    goal = "{id: a, title: Shops answer, key_results: [{id: k, title: Calls, to: 3, readings: ../data/d.csv}]}"
    csv = "date,value\n2026-04-05,3\n2026-04-12,many\n2026-04-19,few\n"
    kpi = "{id: visits, title: Visits, better: higher, readings: ../data/d.csv}"
    write(tmp_path, {"okrs/a.yaml": f"period: 2026-Q2\nobjectives: [{goal}]\n", "kpis/k.yaml": f"kpis: [{kpi}]\n"})
    write(tmp_path, {"data/d.csv": csv})
    result = run(*command.split(), cwd=tmp_path, today="2026-05-15")
    lines = [line for line in result.err.splitlines() if "data/d.csv" in line]
    assert result.status == 0 and len(lines) == 1
    assert lines[0].startswith("data/d.csv has readings that are left out: line 3: 'many' is not a valid number, and 1")
    (tmp_path / "data/d.csv").unlink()
    said = run(*command.split(), cwd=tmp_path, today="2026-05-15").err
    assert said.count("data/d.csv cannot be read: there is no such file") == 1
    write(tmp_path, {"data/d.csv": "date,value\n2026-04-05,3\n"})
    assert "data/d.csv" not in run(*command.split(), cwd=tmp_path, today="2026-05-15").err
