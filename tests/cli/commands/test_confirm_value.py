"""Commands that write ask about numbers that look like a typo, or refuse them unless they are confirmed."""

from __future__ import annotations

import io
import sys
from pathlib import Path

import pytest

from tests.cli.test_checkin_prompt import CTRL_D, Terminal
from tests.repositories import Repo
from tests.running import Result, run, write

TODAY = "2026-05-11"
SETTINGS = "people: {lea: {name: Lea}}\n"
GOALS = """\
period: 2026-Q2
objectives:
  - id: trace
    title: Users trace their products
    owner: lea
    readings:
    key_results:
      - id: codes
        title: Codes requested
        from: 1100
        to: 2500
        readings:
          2026-04-13: 1180
          2026-04-20: 1235
      - id: orders
        title: Orders
        to: 2500
        readings: orders.csv
      - {id: page, title: The page is online, done: false}
"""
KPIS = """\
kpis:
  - id: revenue
    title: Revenue
    owner: lea
    better: higher
    unit: EUR
    readings:
      2026-04-01: 1180
      2026-04-08: 1235
    source: {csv: data/revenue.csv}
"""
ORDERS = "date,value\n2026-04-13,1180\n2026-04-20,1235\n"
SLIP = "'1.25' is far from its neighbours"
CODES = "2026-Q2/company/trace.codes"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    files = {"okrs/a.yaml": GOALS, "kpis/a.yaml": KPIS, "okrs/orders.csv": ORDERS, "okrctl.yaml": SETTINGS}
    repository = Repo(tmp_path)
    repository.config("user.name", "Lea")
    return write(tmp_path, files)


def okrctl(root: Path, *words: str) -> Result:
    return run(*words, cwd=root, today=TODAY)


def contents(root: Path) -> dict[str, str]:
    paths = [path for path in root.rglob("*.*") if path.is_file() and ".git" not in path.parts]
    return {str(path.relative_to(root)): path.read_text() for path in paths}


def came(root: Path, path: str, before: str) -> list[str]:
    return [line.strip() for line in (root / path).read_text().splitlines() if line not in before.splitlines()]


# checkin


@pytest.mark.parametrize(
    ("ref", "place"), [("codes", CODES), ("orders", "2026-Q2/company/trace.orders"), ("revenue", "revenue")]
)
def test_checkin_refuses_a_slip_and_writes_nothing(root: Path, ref: str, place: str) -> None:
    before = contents(root)
    result = okrctl(root, "checkin", ref, "1.25")
    assert (result.status, result.out) == (2, "")
    assert f"error: {place} on 2026-05-11: {SLIP}" in result.err and "did you mean 1250?" in result.err
    assert "hint: write 1250, or keep 1.25 with --confirm-value" in result.err
    assert contents(root) == before


@pytest.mark.parametrize("ref", ["codes", "orders", "revenue"])
def test_a_confirmed_value_is_written_as_it_is(root: Path, ref: str) -> None:
    result = okrctl(root, "checkin", ref, "1.25", "--confirm-value")
    assert result.status == 0 and SLIP in result.err
    assert any("2026-05-11" in text and "1.25" in text for text in contents(root).values())


def test_force_confirms_nothing(root: Path) -> None:
    assert okrctl(root, "checkin", "codes", "1.25", "--force").status == 2
    assert okrctl(root, "checkin", "codes", "1.25", "--date", "2026-04-20", "--force").status == 2


def test_a_dry_run_names_it_and_shows_the_change(root: Path) -> None:
    result = okrctl(root, "checkin", "codes", "1.25", "--dry-run")
    assert result.status == 0 and SLIP in result.err and "+          2026-05-11: 1.25" in result.out


def test_all_slips_of_a_call_are_listed(root: Path) -> None:
    before = contents(root)
    result = okrctl(root, "checkin", "codes=1.25", "revenue=1.26", "orders=1300")
    assert result.status == 2 and "2 values look like typos" in result.err
    assert f"{CODES} on 2026-05-11: {SLIP}" in result.err and "revenue on 2026-05-11: '1.26 EUR'" not in result.err
    assert "revenue on 2026-05-11: '1.26'" in result.err and "orders" not in result.err
    assert contents(root) == before
    assert okrctl(root, "checkin", "codes=1.25", "revenue=1.26", "--confirm-value").status == 0


def test_csv_and_standard_input_are_judged_alike(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    table = "ref,value,date\ncodes,1.25,2026-05-04\nrevenue,1250,2026-05-04\n"
    write(root, {"week.csv": table})
    before = contents(root)
    from_file = okrctl(root, "checkin", "--csv", "week.csv")
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(table.encode())))
    from_input = okrctl(root, "checkin", "--csv", "-")
    for result in (from_file, from_input):
        assert result.status == 2 and f"{CODES} on 2026-05-04: {SLIP}" in result.err
    assert contents(root) == before
    assert okrctl(root, "checkin", "--csv", "week.csv", "--confirm-value").status == 0


def test_thousands_with_a_point_are_refused_with_both_ways(root: Path) -> None:
    result = okrctl(root, "checkin", "codes", "1.250")
    assert result.status == 2 and "'1.250' is 1.25, but beside 2500 it looks like" in result.err
    assert "hint: write 1250, or 1.25 if the decimals are meant; --confirm-value keeps 1.250" in result.err


def test_what_was_wrong_before_is_no_doubt_of_this_call(root: Path) -> None:
    write(root, {"okrs/a.yaml": GOALS.replace("2026-04-20: 1235", "2026-04-20: 1.235")})
    assert okrctl(root, "checkin", "codes", "1250").status == 0


def test_a_note_confirms_nothing(root: Path) -> None:
    assert okrctl(root, "checkin", "codes", "1.25", "-m", "A strike").status == 2


@pytest.mark.parametrize("words", [("codes", "1250"), ("codes",), ("page",), ("trace",)])
def test_a_confidence_between_0_and_1_is_doubted(root: Path, words: tuple[str, ...]) -> None:
    result = okrctl(root, "checkin", *words, "--confidence", "0.6")
    assert (
        result.status == 2
        and "the confidence 0.6 is on a scale from 0 to 10, did you mean 6?" in result.err
        and "write 6" in result.err
    )
    assert okrctl(root, "checkin", *words, "--confidence", "0.6", "--confirm-value").status == 0


def test_a_low_confidence_is_no_doubt_beside_a_higher_one(root: Path) -> None:
    assert okrctl(root, "checkin", "codes", "--confidence", "7", "--date", "2026-05-04").status == 0
    assert okrctl(root, "checkin", "codes", "--confidence", "0.6").status == 0


@pytest.mark.parametrize(
    ("text", "hint"),
    [("6/10", "write 6: --confidence 6"), ("60%", "write 6: --confidence 6"), ("75%", "write 7.5: --confidence 7.5")],
)
def test_another_scale_of_confidence_is_refused(root: Path, text: str, hint: str) -> None:
    result = okrctl(root, "checkin", "codes", "--confidence", text)
    assert result.status == 2 and f"'{text}' is not a valid confidence" in result.err and hint in result.err


# amend, import, refresh, --what-if


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (("--from", "1.1"), f"{CODES}, from: '1.1' is far from its neighbours 1180, 1235 and 2500, did you mean 1100?"),
        (
            ("--to", "2.600"),
            f"{CODES}, to: '2.600' is 2.6, but beside 1235 it looks like thousands written with a point"
            ", did you mean 2600?",
        ),
    ],
)
def test_amend_is_judged_alike(root: Path, words: tuple[str, str], reason: str) -> None:
    before = contents(root)
    change = ("amend", "codes", *words, "--reason", "More shops")
    for result in (okrctl(root, *change), okrctl(root, *change, "--force")):
        assert result.status == 2 and reason in result.err
    assert contents(root) == before
    assert okrctl(root, *change, "--confirm-value").status == 0
    assert f"{words[0][2:]}: {words[1]}" in (root / "okrs/a.yaml").read_text()


def test_a_target_far_from_the_readings_is_no_slip(root: Path) -> None:
    assert okrctl(root, "amend", "codes", "--to", "2500000", "--reason", "More shops").status == 0


IMPORTED = """\
objective,title,start,target,current,date
Growth,Codes requested,1100,2500,1.25,2026-05-04
Growth,Shops open,10,20,12,2026-05-04
"""


def test_import_writes_nothing_with_a_slip(root: Path) -> None:
    write(root, {"goals.csv": IMPORTED})
    before = contents(root)
    words = ("import", "goals.csv", "--period", "2026-Q2")
    result = okrctl(root, *words)
    assert result.status == 2 and f"{SLIP} 1100 and 2500, did you mean 1250?" in result.err
    assert okrctl(root, *words, "--force").status == 2 and contents(root) == before
    assert okrctl(root, *words, "--dry-run").status == 0 and contents(root) == before
    assert okrctl(root, *words, "--confirm-value").status == 0


def test_refresh_skips_and_lists_slips(root: Path) -> None:
    table = "date,value\n2026-04-15,1300\n2026-04-22,1.25\n2026-04-29,1.26\n2026-05-06,1400\n"
    write(root, {"data/revenue.csv": table})
    result = okrctl(root, "refresh")
    assert result.status == 0 and "2 new readings, the newest 1400 on 2026-05-06" in result.out
    assert f"skipped on 2026-04-22: {SLIP} 1300, 1235 and 1180, did you mean 1250?" in result.out
    assert "skipped on 2026-04-29: '1.26' is far from" in result.out
    new = "{value: %s, source: csv data/revenue.csv}"
    assert came(root, "kpis/a.yaml", KPIS) == [f"2026-04-15: {new % 1300}", f"2026-05-06: {new % 1400}"]
    assert "suspected-slip" not in okrctl(root, "check", "--format", "concise").out
    assert okrctl(root, "refresh", "--since", "2026-04-01", "--confirm-value").status == 0
    assert f"2026-04-22: {new % '1.25'}" in came(root, "kpis/a.yaml", KPIS)


def test_what_if_only_warns(root: Path) -> None:
    before = contents(root)
    result = okrctl(root, "score", "--what-if", "codes=1.25")
    assert result.status == 0 and f"{CODES}: {SLIP} 1235, 1180 and 1100, did you mean 1250?" in result.err
    assert okrctl(root, "score", "--what-if", "codes=1250").err == ""
    assert contents(root) == before


# On a terminal


def test_a_terminal_is_asked_and_the_likely_value_is_proposed(root: Path) -> None:
    screen = Terminal(root, "checkin", "codes", "1.25", "--confidence", "0.6", today=TODAY)
    screen.until(SLIP)
    screen.answer("Enter writes 1250, k keeps 1.25, or type another:", "")
    screen.until("the confidence 0.6 is on a scale from 0 to 10, did you mean 6?")
    screen.answer("Enter writes 6, k keeps 0.6, or type another:", "")
    assert screen.end().status == 0
    assert came(root, "okrs/a.yaml", GOALS) == ["2026-05-11: {value: 1250, confidence: 6}"]


@pytest.mark.parametrize(
    ("answer", "lines"), [("k", ["2026-05-11: 1.25"]), ("1260", ["2026-05-11: 1260"]), (CTRL_D, [])]
)
def test_a_person_keeps_it_types_another_or_leaves(root: Path, answer: str, lines: list[str]) -> None:
    screen = Terminal(root, "checkin", "codes", "1.25", today=TODAY)
    screen.until("or type another:")
    screen.type(answer if answer == CTRL_D else f"{answer}\n")
    assert (screen.end().status == 0) == bool(lines)
    assert came(root, "okrs/a.yaml", GOALS) == lines


def test_amend_asks_too(root: Path) -> None:
    screen = Terminal(root, "amend", "codes", "--from", "1.1", "--reason", "Recount", today=TODAY)
    screen.until("'1.1' is far from its neighbours")
    screen.answer("Enter writes 1100, k keeps 1.1", "1150")
    assert screen.end().status == 0
    assert "from: 1150" in came(root, "okrs/a.yaml", GOALS)


def test_the_round_asks_too(root: Path) -> None:
    screen = Terminal(root, "checkin", "--all", today=TODAY)
    screen.until("Codes requested")
    screen.answer("value [skip]:", "1.25")
    screen.answer("confidence", "")
    screen.answer("note", "")
    screen.answer("Enter writes 1250, k keeps 1.25", "")
    screen.answer("value [skip]:", CTRL_D)
    screen.type(CTRL_D)
    screen.end()
    assert came(root, "okrs/a.yaml", GOALS) == ["2026-05-11: 1250"]


# How people type numbers


def with_numbers(root: Path, numbers: str) -> Path:
    return write(root, {"okrctl.yaml": f"numbers: {numbers}\n{SETTINGS}"})


@pytest.mark.parametrize("numbers", ["en", "de"])
def test_arguments_are_read_as_in_files(root: Path, numbers: str) -> None:
    result = okrctl(with_numbers(root, numbers), "checkin", "codes", "1.240,5")
    assert result.status == 2 and "hint: write 1240.5:" in result.err
    write(root, {"week.csv": "ref;value\ncodes;1.240,5\n"})
    assert "hint: write 1240.5:" in okrctl(root, "checkin", "--csv", "week.csv").err


@pytest.mark.parametrize(
    ("words", "text", "meanings", "ways"),
    [
        (("checkin", "revenue", "1.300"), "1.300", "1300 or 1.3", "1300, or 1.3"),
        (("checkin", "revenue", "1.300 EUR"), "1.300", "1300 or 1.3", "1300, or 1.3"),
        (("checkin", "codes", "12.345"), "12.345", "12345 or 12.345", "12345, or 12.3450"),
        (("amend", "codes", "--to", "9.000", "--reason", "More"), "9.000", "9000 or 9", "9000, or 9"),
        (("score", "--what-if", "codes=1.300"), "1.300", "1300 or 1.3", "1300, or 1.3"),
    ],
)
def test_three_digits_behind_the_point_may_mean_two_numbers(
    root: Path, words: tuple[str, ...], text: str, meanings: str, ways: str
) -> None:
    before = contents(with_numbers(root, "de"))
    result = okrctl(root, *words)
    assert result.status == 2
    assert f"'{text}' may mean {meanings} (`numbers: de`)" in result.err
    assert f"write {ways} if the decimals are meant" in result.err
    assert contents(root) == before


def test_a_plain_number_means_one_thing(root: Path) -> None:
    with_numbers(root, "de")
    assert okrctl(root, "checkin", "codes", "1250.5").status == 0
    assert okrctl(root, "checkin", "revenue", "1300").status == 0
    assert okrctl(root, "checkin", "page", "done").status == 0
    assert okrctl(root, "amend", "codes", "--due", "2026-06-15", "--reason", "Later").status == 0


def test_a_number_with_two_meanings_is_asked_about_on_a_terminal(root: Path) -> None:
    screen = Terminal(with_numbers(root, "de"), "checkin", "codes", "1.300", today=TODAY)
    screen.until("'1.300' may mean 1300 or 1.3 (`numbers: de`)")
    screen.answer("Enter writes 1300, k keeps 1.300, or type another or 1.3:", "1.305,5")
    assert screen.end().status == 0
    assert came(root, "okrs/a.yaml", GOALS) == ["2026-05-11: 1305.5"]


@pytest.mark.parametrize(("typed", "written"), [("1.240,5", "1240.5"), ("1.240", "1240"), ("1240,5", "1240.5")])
def test_answers_have_a_decimal_comma(root: Path, typed: str, written: str) -> None:
    screen = Terminal(with_numbers(root, "de"), "checkin", "codes", today=TODAY)
    screen.answer(f"value of {CODES}:", typed)
    assert screen.end().status == 0
    assert came(root, "okrs/a.yaml", GOALS) == [f"2026-05-11: {written}"]


def test_the_round_reads_a_decimal_comma(root: Path) -> None:
    screen = Terminal(with_numbers(root, "de"), "checkin", "--all", today=TODAY)
    screen.until("Codes requested")
    screen.answer("value [skip]:", "1.240")
    screen.answer("confidence", "6,5")
    screen.answer("note", "")
    screen.until("1235 -> 1240")
    screen.type(CTRL_D)
    screen.end()
    assert came(root, "okrs/a.yaml", GOALS) == ["2026-05-11: {value: 1240, confidence: 6.5}"]


def test_a_file_whose_cells_decide_nothing_is_read_as_people_type(root: Path) -> None:
    table = "objective,title,start,target\nGrowth,Shops,1.100,2.500\nGrowth,Codes,10,20\n"
    write(with_numbers(root, "de"), {"goals.csv": table})
    result = okrctl(root, "import", "goals.csv", "--period", "2026-Q2", "--dry-run")
    assert result.status == 0 and "to: 2500" in result.out
    write(root, {"okrctl.yaml": SETTINGS})
    assert "--decimal comma or --decimal point" in okrctl(root, "import", "goals.csv", "--period", "2026-Q2").err
