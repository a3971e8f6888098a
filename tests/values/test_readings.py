"""Writing a reading into a CSV file leaves all other lines unchanged, in any style of file."""

from __future__ import annotations

import random
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from okrctl.values.readings import CsvReadings, read_csv
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
