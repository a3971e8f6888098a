"""Writing a reading into a CSV file leaves all other lines unchanged, in any style of file."""

from __future__ import annotations

import random
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from okrctl.values.readings import CsvReadings, find_gaps_and_disorder, read_csv
from okrctl.yaml_edit import EditError, csv_readings

FIRST = date(2026, 4, 1)
KEPT = CsvReadings(csv="x.csv")


def random_file(chance: random.Random) -> str:
    """A CSV file of readings with other columns, in a random style."""
    delimiter, newline = chance.choice(",;\t"), chance.choice(("\n", "\r\n"))
    columns = ["date", "value", *chance.choice(([], ["who"], ["who", "note"]))]
    chance.shuffle(columns)
    quote = chance.random() < 0.3
    days = sorted(chance.sample(range(0, 60, 2), chance.randint(0, 6)))
    rows = [columns]
    for day in days:
        cells = {
            "date": str(FIRST + timedelta(day)),
            "value": str(chance.randint(0, 999)),
            "who": chance.choice(("", "lea", "Lea L.")),
            "note": chance.choice(("", "x", f"a{delimiter} b", 'say ""x""', f"two{newline}lines")),
        }
        rows.append([cells[name] for name in columns])
    lines = [delimiter.join(_cell(cell, delimiter, quote) for cell in row) for row in rows]
    return ("\ufeff" if chance.random() < 0.2 else "") + newline.join(lines) + chance.choice((newline, newline, ""))


def _cell(text: str, delimiter: str, quote: bool) -> str:
    return f'"{text}"' if quote or any(sign in text for sign in (delimiter, '"', "\n")) else text


@given(st.integers(0, 2**32), st.integers(0, 60))
def test_write_changes_one_line(seed: int, days: int) -> None:
    old, day = random_file(random.Random(seed)), FIRST + timedelta(days)
    before, _ = read_csv(KEPT, old)
    try:
        new = csv_readings.write_readings(KEPT, old, {day: "7.5"})
    except EditError:
        assert "\n" not in old.strip() and not before
        return
    after, faults = read_csv(KEPT, new)
    assert faults == []
    assert [(line.day, line.value.text) for line in after] == sorted(
        [(line.day, line.value.text) for line in before if line.day != day] + [(day, "7.5")]
    )
    kept, size = 0, min(len(old), len(new))
    while kept < size and old[kept] == new[kept]:
        kept += 1
    behind = 0
    while behind < size - kept and old[-1 - behind] == new[-1 - behind]:
        behind += 1
    gone = old[kept : len(old) - behind]
    assert gone == "" if day not in [line.day for line in before] else len(gone) <= 3


STAMPED = """date,value
2026-04-01 00:00:00,10
2026-04-08T00:00:00Z,12
2026-W16,13
2026-04-30 08:00,14
2026-04-30 18:00,15
"""


def test_the_day_as_it_is_written_and_the_latest_of_a_day() -> None:
    readings, problems = read_csv(KEPT, STAMPED)
    assert [(str(reading.day), reading.value.text) for reading in readings] == [
        ("2026-04-01", "10"), ("2026-04-08", "12"), ("2026-04-19", "13"), ("2026-04-30", "15"),
    ]  # fmt: skip
    assert problems == []
    (remark,) = find_gaps_and_disorder(KEPT, STAMPED)
    assert (remark.line, remark.help) == (6, "keep one value for each day")
    assert "2026-04-30 08:00 and 2026-04-30 18:00 are readings of one day, 2026-04-30" in remark.message


def test_one_date_twice_is_still_a_problem() -> None:
    for again in ("2026-04-30 18:00", "2026-04-01"):
        _, (problem,) = read_csv(KEPT, f"{STAMPED}{again},{16}\n".replace("2026-04-01 00:00:00", "2026-04-01"))
        assert "duplicate date" in problem.message


def test_a_reading_replaces_the_line_of_its_timestamp() -> None:
    new = csv_readings.write_readings(KEPT, STAMPED, {date(2026, 4, 8): "11", date(2026, 4, 20): "14"})
    assert "2026-04-08T00:00:00Z,11\n" in new and "2026-04-20,14\n" in new


COMMA = CsvReadings(csv="x.csv", decimal="comma")
GERMAN = "date;value\n2026-04-01;1.240,5\n2026-04-08;1.250\n2026-04-15;7,5 %\n"


def test_a_file_with_a_decimal_comma() -> None:
    readings, problems = read_csv(COMMA, GERMAN)
    assert [(reading.value.text, float(reading.value.number)) for reading in readings] == [
        ("1240.5", 1240.5), ("1250", 1250), ("7.5 %", 7.5),
    ]  # fmt: skip
    assert problems == []
    new = csv_readings.write_readings(COMMA, GERMAN, {date(2026, 4, 22): "8.25"})
    assert new == f"{GERMAN}2026-04-22;8,25\n"
    _, (problem,) = read_csv(COMMA, GERMAN.replace("7,5", "7.5"))
    assert problem.help == "write 7,5 %"
    _, problems = read_csv(KEPT, GERMAN)
    assert [problem.help[:12] for problem in problems] == ["write 1240.5", "write 7.5: n"]


def test_a_decimal_comma_is_quoted_where_a_comma_parts_the_cells() -> None:
    assert csv_readings.write_readings(COMMA, "date,value\n", {date(2026, 4, 1): "7.5"}).endswith('2026-04-01,"7,5"\n')


def test_the_declared_unit_may_stick_to_a_number() -> None:
    content = "date,value\n2026-04-01,4users\n2026-04-08,5 users\n2026-04-15,6\n"
    readings, problems = read_csv(KEPT, content, "users")
    assert [(reading.value.number, reading.value.unit) for reading in readings] == [
        (4, "users"),
        (5, "users"),
        (6, None),
    ]
    assert problems == []
    assert [problem.line for problem in read_csv(KEPT, content)[1]] == [2]


@pytest.mark.parametrize(("unit", "cell"), [("kEUR", "5kEUR"), ("kEUR", "5 kEUR"), ("M", "5M"), ("m", "5 m")])
def test_a_declared_unit_multiplies_nothing(unit: str, cell: str) -> None:
    [reading], problems = read_csv(KEPT, f"date,value\n2026-04-01,{cell}\n", unit)
    assert (reading.value.number, reading.value.unit, problems) == (5, unit, [])
