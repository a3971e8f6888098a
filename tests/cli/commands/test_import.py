"""The command `import`: its JSON, what it asks on a terminal, and what it says without one."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.test_checkin_prompt import CTRL_D, Terminal
from tests.repositories import Repo
from tests.running import Result, run, write

TODAY = "2026-05-11"
PLAN = """\
Objective,Key Result,Owner,Start,Target,Current,Notes on risk
Trains run,Delays,Ida,9,3,7,
Trains run,Complaints,Ida,90,30,60,none
Total,,,,,,
"""
SLIP = "Objective,Key Result,Start,Target,Current\nGrowth,Codes requested,1100,2500,1.25\n"
LIKELY = "Enter writes 1250, k keeps 1.25, x leaves it out, or type another:"
REF = "2026-Q2/company/trains-run"


def imported(root: Path, *arguments: str) -> Result:
    return run("import", *arguments, cwd=root, today=TODAY)


def written(root: Path) -> str:
    return "".join(path.read_text() for path in sorted((root / "okrs").rglob("*.yaml")))


# JSON


def test_json_says_what_is_written_and_what_became_of_each_line(tmp_path: Path) -> None:
    write(tmp_path, {"plan.csv": PLAN})
    told = imported(tmp_path, "plan.csv", "--period", "2026-Q2", "--format", "json").json
    assert (told["version"], told["file"], told["commit"], told["written"]) == (1, "plan.csv", None, True)
    assert [(change["ref"], change["field"], change["old"]) for change in told["changes"]] == [
        (REF, None, None), (f"{REF}.delays", None, None), (f"{REF}.complaints", None, None),
    ]  # fmt: skip
    assert told["changes"][1]["path"] == "okrs/2026-Q2/company.yaml"
    assert told["changes"][1]["new"] == {
        "id": "delays", "title": "Delays", "owner": "Ida", "from": "9", "to": "3", "readings": {TODAY: "7"},
    }  # fmt: skip
    assert told["diff"].startswith("--- /dev/null\n+++ b/okrs/2026-Q2/company.yaml\n")
    # (9 - 7) / 6 is a third, (90 - 60) / 60 a half; the objective is their mean.
    assert told["effects"] == [{"ref": REF, "old": None, "new": told["effects"][0]["new"], "status": "behind"}]
    assert float(told["effects"][0]["new"]) == pytest.approx(5 / 12, abs=1e-6)
    assert [(line["line"], line["outcome"]) for line in told["lines"]] == [
        (1, "not-placed"), (2, "placed"), (2, "placed"), (3, "placed"), (4, "not-placed"),
    ]  # fmt: skip
    assert told["lines"][4]["message"] == "'Total': a row of totals"
    assert told["totals"] == {
        "objectives": {"seen": 1, "placed": 1}, "key_results": {"seen": 2, "placed": 2},
        "kpis": {"seen": 0, "placed": 0},
    }  # fmt: skip
    assert told["counts"] == {"new": 3} and told["doubts"] == []


def test_json_table_and_dry_run_say_the_same(tmp_path: Path) -> None:
    write(tmp_path, {"plan.csv": PLAN})
    words = ("plan.csv", "--period", "2026-Q2")
    dry, table = imported(tmp_path, *words, "--dry-run", "--format", "json"), imported(tmp_path, *words, "--dry-run")
    assert not (tmp_path / "okrs").exists()
    whole = imported(tmp_path, *words)
    words_of = {"placed": "", "remark": "note: ", "not-placed": "not imported: "}
    lines = [f"plan.csv:{each['line']}: {words_of[each['outcome']]}{each['message']}" for each in dry.json["lines"]]
    assert whole.out.splitlines()[:5] == lines == table.err.splitlines()[:5]
    assert whole.out.splitlines()[5:] == ["imported 1 of 1 objective, 2 of 2 key results", "3 new; 2 not imported"]
    assert table.out == dry.json["diff"] and dry.json["written"] is False
    assert dry.err == ""


def test_json_names_the_field_and_the_reading_that_are_new(tmp_path: Path) -> None:
    goals = """\
period: 2026-Q2
objectives:
  - id: trains-run
    title: Trains run
    key_results:
      - id: delays
        title: Delays
        from: 9
        to: 3
        readings:
          2026-05-04: 8
"""
    write(tmp_path, {"okrs/a.yaml": goals, "plan.csv": "".join(PLAN.splitlines(keepends=True)[:2])})
    told = imported(tmp_path, "plan.csv", "--period", "2026-Q2", "--format", "json").json
    at = {"path": "okrs/a.yaml", "ref": f"{REF}.delays"}
    assert told["changes"] == [
        {**at, "field": "owner", "old": None, "new": "Ida"},
        {**at, "field": f"readings.{TODAY}", "old": None, "new": "7"},
    ]
    # (9 - 8) / 6 before, (9 - 7) / 6 after
    assert [float(told["effects"][0][key]) for key in ("old", "new")] == pytest.approx([1 / 6, 1 / 3], abs=1e-6)
    assert told["counts"] == {"there_already": 1, "changed": 1}
    again = imported(tmp_path, "plan.csv", "--period", "2026-Q2", "--format", "json").json
    assert (again["changes"], again["diff"], again["effects"], again["written"]) == ([], "", [], False)


def test_json_has_the_commit_and_what_looks_like_a_slip(tmp_path: Path) -> None:
    repository = Repo(tmp_path)
    repository.config("user.name", "Ida")
    repository.config("user.email", "ida@rail.example")
    write(tmp_path, {"plan.csv": SLIP})
    words = ("plan.csv", "--period", "2026-Q2", "--format", "json", "--confirm-value", "--commit")
    told = imported(tmp_path, *words).json
    assert told["commit"] == repository.git("rev-parse", "HEAD").strip()
    (doubt,) = told["doubts"]
    assert (doubt["field"], doubt["text"], doubt["ways"][0]) == (f"readings.{TODAY}", "1.25", "1250")


# Without a terminal the error names the option


@pytest.mark.parametrize(
    ("rows", "says", "option"),
    [
        ('Objective,Key Result,Target\nA,B,"1,500"\n', "'1,500' may be 1.500 or 1500", "--decimal comma or --decimal"),
        ("Objective,Key Result,Target,Due\nA,B,5,05/06/2026\n", "may be 2026-06-05 or 2026-05-06", "--dates day-first"),
        ("KPI,Current\nChurn,5\n", "does not say whether higher or lower is better", "--better 'Churn'=higher"),
        ("Objective,Key Result,Team\nA,B,Payments EU\n", "'Payments EU' is not in", "--map-team 'Payments EU'=ID"),
    ],
)
def test_an_open_question_is_an_error_that_names_the_option(tmp_path: Path, rows: str, says: str, option: str) -> None:
    write(tmp_path, {"plan.csv": rows, "okrctl.yaml": "teams: {payments: {name: Payments}}\n"})
    result = imported(tmp_path, "plan.csv", "--period", "2026-Q2", "--team", "payments")
    if "Team" in rows:
        result = imported(tmp_path, "plan.csv", "--period", "2026-Q2")
    assert result.status == 2 and says in result.err and option in result.err
    assert not (tmp_path / "okrs").exists()


@pytest.mark.parametrize(
    ("rows", "found"),
    [
        ("Objective,Key Result,Team\nA,B,Payments EU\n", "found 1 objective and 1 key result; plan.csv:2: "),
        ("Objective,Key Result,Team\nA,B,Payments EU\n,C,\n", "found 1 objective and 2 key results; plan.csv:2: "),
        ("KPI,Current\nChurn,5\n", "found 1 KPI; plan.csv:2: "),
    ],
)
def test_nothing_imported_says_what_was_found(tmp_path: Path, rows: str, found: str) -> None:
    write(tmp_path, {"plan.csv": rows, "okrctl.yaml": "teams: {payments: {name: Payments}}\n"})
    result = imported(tmp_path, "plan.csv", "--period", "2026-Q2")
    assert f"nothing in plan.csv can be imported: {found}" in result.err


def test_numbers_of_the_settings_decide_before_anybody_is_asked(tmp_path: Path) -> None:
    write(tmp_path, {"plan.csv": 'Objective,Key Result,Target\nA,B,"1,500"\n', "okrctl.yaml": "numbers: de\n"})
    assert imported(tmp_path, "plan.csv", "--period", "2026-Q2").status == 0
    assert "to: 1.500\n" in written(tmp_path)


def test_a_part_of_a_period_selects_one_with_files(tmp_path: Path) -> None:
    write(tmp_path, {"plan.csv": PLAN})
    unknown = imported(tmp_path, "plan.csv", "--period", "Q2")
    assert (unknown.status, "such as --period 2026-Q2" in unknown.err) == (2, True)
    assert imported(tmp_path, "plan.csv", "--period", "2026-Q2").status == 0
    assert "nothing to change" in imported(tmp_path, "plan.csv", "--period", "Q2").err


@pytest.mark.parametrize(("words", "better"), [(["higher"], "higher"), (["higher", "Churn=lower"], "lower")])
def test_better_is_given_for_all_kpis_or_for_one(tmp_path: Path, words: list[str], better: str) -> None:
    write(tmp_path, {"plan.csv": "KPI,Current\nChurn,5\n"})
    assert imported(tmp_path, "plan.csv", *(f"--better={word}" for word in words)).status == 0
    assert f"better: {better}\n" in (tmp_path / "kpis/company.yaml").read_text()


@pytest.mark.parametrize("word", ["up", "Churn=up", "=lower"])
def test_better_is_higher_or_lower(tmp_path: Path, word: str) -> None:
    write(tmp_path, {"plan.csv": "KPI,Current\nChurn,5\n"})
    result = imported(tmp_path, "plan.csv", "--better", word)
    assert result.status == 2 and "is not a value for --better" in result.err and "lower" in result.err


# On a terminal


def test_a_terminal_is_asked_for_all_that_the_file_leaves_open(tmp_path: Path) -> None:
    rows = 'Objective;Key Result;Team;Start;Target;Due\nPaying;Fees;Payments EU;"1,500";9;05/06/2026\n'
    write(tmp_path, {"plan.csv": rows, "okrctl.yaml": "teams: {payments: {}, ops: {}}\n"})
    screen = Terminal(tmp_path, "import", "plan.csv", today=TODAY)
    screen.until("'05/06/2026' may be read in two ways (day-first: 2026-06-05, month-first: 2026-05-06)")
    screen.answer("Order in dates: day-first or month-first?", "neither")
    screen.answer("Order in dates: day-first or month-first?", "month")
    screen.until("the file does not name its period")
    screen.answer("Period, such as 2026-Q2:", "2026-Q2")
    screen.until("the team 'Payments EU' is not in okrctl.yaml")
    screen.answer("Which team is it: payments, ops? Enter leaves its rows out:", "pay")
    screen.until("'1,500' may be read in two ways (comma: 1.500, point: 1500)")
    screen.answer("Decimal mark: comma or point?", "point")
    assert screen.end().status == 0
    assert "team: payments\n" in written(tmp_path)
    assert "from: 1500\n        to: 9\n        due: 2026-05-06\n" in written(tmp_path)


def test_a_terminal_is_asked_what_is_better(tmp_path: Path) -> None:
    write(tmp_path, {"plan.csv": "KPI,Current\nChurn,5\nFares,9\n"})
    screen = Terminal(tmp_path, "import", "plan.csv", today=TODAY)
    screen.until("the KPI 'Churn' does not say whether higher or lower is better")
    screen.answer("Is higher or lower better? Enter leaves the KPI out:", "lower")
    screen.until("the KPI 'Fares' does not say whether higher or lower is better")
    screen.answer("Is higher or lower better? Enter leaves the KPI out:", "")
    assert screen.end().status == 0
    text = (tmp_path / "kpis/company.yaml").read_text()
    assert "title: Churn\n    better: lower\n" in text and "Fares" not in text


def test_what_is_better_need_not_be_said_again(tmp_path: Path) -> None:
    write(tmp_path, {"kpis.csv": "KPI,Current,Date\nChurn,5,2026-05-01\n"})
    assert imported(tmp_path, "kpis.csv", "--better", "lower").status == 0
    again = imported(tmp_path, "kpis.csv")
    assert (again.status, "nothing to change" in again.err) == (0, True)


def test_a_terminal_is_asked_how_a_number_in_a_title_is_read(tmp_path: Path) -> None:
    write(tmp_path, {"plan.md": "## Objective: Trains run\n\n- KR1: Seats sold: 1,250 -> 2,500\n"})
    refused = imported(tmp_path, "plan.md", "--period", "2026-Q2")
    assert refused.status == 2 and "--decimal comma or --decimal point" in refused.err
    screen = Terminal(tmp_path, "import", "plan.md", "--period", "2026-Q2", today=TODAY)
    screen.until("may be read in two ways")
    screen.answer("Decimal mark: comma or point?", "point")
    assert screen.end().status == 0
    assert "from: 1250\n" in written(tmp_path)


def test_a_question_without_an_answer_is_the_error_that_it_is_elsewhere(tmp_path: Path) -> None:
    write(tmp_path, {"plan.csv": "Objective,Key Result\nA,B\n"})
    screen = Terminal(tmp_path, "import", "plan.csv", today=TODAY)
    screen.answer("Period, such as 2026-Q2:", "")
    ended = screen.end()
    assert (
        ended.status == 2 and "cannot tell which period this is" in ended.screen and "--period 2026-Q2" in ended.screen
    )


@pytest.mark.parametrize(
    ("answer", "line"),
    [("", "2026-05-11: 1250\n"), ("k", "2026-05-11: 1.25\n"), ("1260", "2026-05-11: 1260\n"), ("x", "to: 2500\n")],
)
def test_a_likely_slip_is_replaced_kept_or_left_out(tmp_path: Path, answer: str, line: str) -> None:
    write(tmp_path, {"plan.csv": SLIP})
    screen = Terminal(tmp_path, "import", "plan.csv", "--period", "2026-Q2", today=TODAY)
    screen.until("'1.25' is far from its neighbours")
    screen.answer(LIKELY, answer)
    assert screen.end().status == 0
    assert written(tmp_path).endswith(line)
    assert run("check", cwd=tmp_path, today=TODAY).status == 0


@pytest.mark.parametrize(("answer", "line"), [("", "from: 1100\n"), ("x", "from: TBD\n")])
def test_a_baseline_that_looks_like_a_slip_is_asked_too(tmp_path: Path, answer: str, line: str) -> None:
    write(tmp_path, {"plan.csv": SLIP.replace("1100", "1.1").replace("1.25", "1250")})
    screen = Terminal(tmp_path, "import", "plan.csv", "--period", "2026-Q2", today=TODAY)
    screen.answer("x leaves it out, or type another:", answer)
    assert screen.end().status == 0 and line in written(tmp_path)


def test_who_leaves_writes_nothing(tmp_path: Path) -> None:
    write(tmp_path, {"plan.csv": SLIP})
    screen = Terminal(tmp_path, "import", "plan.csv", "--period", "2026-Q2", today=TODAY)
    screen.until(LIKELY)
    screen.type(CTRL_D)
    assert screen.end().status != 0 and not (tmp_path / "okrs").exists()
