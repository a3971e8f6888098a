"""Files that are none, too large, or made to harm: one line says why, and nothing is written."""

from __future__ import annotations

import io
import random
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from okrctl.importers import encoding, table, xlsx
from tests.running import Result, run, write

HEADER = ["Objective", "Key Result", "Start", "Target", "Current"]
PICTURE = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x06\0\0\0" + bytes(range(256)) * 8


def workbook(fill: Callable[[Any], None]) -> bytes:
    book = openpyxl.Workbook()
    fill(book)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def archive(files: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, data in files.items():
            packed.writestr(name, data)
    return out.getvalue()


def imported(root: Path, name: str, data: bytes, *arguments: str) -> Result:
    write(root, {name: data})
    return run("import", name, "--period", "2026-Q2", *arguments, cwd=root, today="2026-06-20")


def is_refused(root: Path, result: Result, says: str) -> None:
    assert result.status == 2, result.out + result.err
    assert [line.partition(":")[0] for line in result.err.splitlines()] == ["error", "hint"], result.err
    assert says in result.err
    assert not (root / "okrs").exists()


BOMB = archive({"xl/workbook.xml": b"<a/>", "xl/worksheets/sheet1.xml": b"0" * (xlsx.MAX_UNPACKED + 1)})
WIDE = ",".join(f"c{number}" for number in range(10_000)).encode() + b"\n"
NOISE = random.Random(1).randbytes(5000)


@pytest.mark.parametrize(
    ("name", "data", "says"),
    [
        ("goals.csv", PICTURE, "is not a text file"),
        ("goals.md", PICTURE, "is not a text file"),
        ("goals.csv", b"%PDF-1.7\n" + NOISE, "is not a text file"),
        ("goals.csv", NOISE, "is not a text file"),
        ("goals.xlsx", b"not a workbook", "is not a valid workbook"),
        ("goals.xlsx", BOMB, "unpacks to more than"),
        ("goals.xlsx", BOMB[: len(BOMB) // 2], "is not a valid workbook"),
        ("goals.xlsx", archive({"xl/workbook.xml": b"<a/>"}), "is not a valid workbook"),
        ("goals.csv", BOMB, "unpacks to more than"),
        ("goals.csv", WIDE, "10,000 columns"),
        ("goals.md", b"# O1: A\n\n|" + b"c|" * 10_000 + b"\n|" + b"-|" * 10_000 + b"\n", "goals.md:3: 10,000 columns"),
        ("goals.json", b"[{" + b",".join(b'"c%d": 1' % at for at in range(10_000)) + b"}]", "can be imported"),
        ("goals.csv", b"Objective,Key Result\nA," + b"x" * 200_000, "goals.csv:2 is not valid CSV: field larger"),
        ("goals.xlsx", workbook(lambda book: book.active.cell(1, 10_000, "x")), "10,000 columns"),
        ("goals.xlsx", workbook(lambda book: None), "nothing in goals.xlsx can be imported"),
        ("goals.csv", b"\xff\xfea", "utf-16"),
        ("goals.csv", b"", "has no header line"),
        ("goals.json", b"{", "is not valid JSON"),
        ("goals.json", b"[" * 100_000, "nested too deeply"),
        ("goals.yaml", b"a: [", "goals.yaml:1"),
        ("goals.yaml", b"a: &a [*a]", "goals.yaml:1"),
        ("goals.yaml", b"a: 1", "can be imported"),
        ("goals.csv", b'Objective,"Key', "is not valid CSV"),
    ],
)
def test_what_is_no_table_is_refused_in_one_line(tmp_path: Path, name: str, data: bytes, says: str) -> None:
    is_refused(tmp_path, imported(tmp_path, name, data), says)


def test_a_file_of_200_megabytes_is_refused(tmp_path: Path) -> None:
    for name in ("goals.csv", "goals.xlsx"):
        with (tmp_path / name).open("wb") as file:
            file.truncate(200_000_000)
        is_refused(tmp_path, run("import", name, "--period", "2026-Q2", cwd=tmp_path), "too large")


def test_what_the_reader_holds_against_its_own_limits() -> None:
    assert encoding.MAX_SIZE <= 20_000_000 and xlsx.MAX_UNPACKED <= 200_000_000 and table.MAX_COLUMNS < 10_000


def test_a_workbook_with_titles_merged_cells_and_numbers(tmp_path: Path) -> None:
    def fill(book: Any) -> None:
        sheet = book.active
        sheet.append(["Plan of the depot"])
        sheet.append([])
        sheet.append(HEADER)
        sheet.append(["Shelves are full", "Gaps on shelves", 0.125, 0.05, 0.08])
        sheet.append([None, "Kilograms on a pallet", 1.234, 2.5, 1.75])
        sheet.merge_cells("A4:A5")
        for cell in ("C4", "D4", "E4"):
            sheet[cell].number_format = "0.0%"
        book.create_sheet("Notes").append(["Nothing to see"])

    result = imported(tmp_path, "goals.xlsx", workbook(fill))
    assert result.status == 0, result.err
    written = (tmp_path / "okrs/2026-Q2/company.yaml").read_text()
    assert "from: 12.5%\n        to: 5%\n        readings:\n          2026-06-20: 8%" in written
    assert "from: 1.2340\n        to: 2.5\n" in written
    assert written.count("title: Shelves are full") == 1
    assert "imported 1 of 1 objective, 2 of 2 key results" in result.out
    assert "nothing to change" in imported(tmp_path, "goals.xlsx", workbook(fill)).err


def test_a_formula_without_a_stored_value_is_reported(tmp_path: Path) -> None:
    def fill(book: Any) -> None:
        book.active.append(HEADER)
        book.active.append(["Shelves are full", "Gaps on shelves", 12, 5, "=C2-1"])

    result = imported(tmp_path, "goals.xlsx", workbook(fill))
    assert result.status == 0, result.err
    assert "the formula of E2 has no stored value" in result.out
    assert "readings" not in (tmp_path / "okrs/2026-Q2/company.yaml").read_text()


def test_formulas_and_links_in_texts_stay_texts(tmp_path: Path) -> None:
    rows = b'Objective,Key Result,Target,Current\n"=HYPERLINK(""http://evil.example"")",=1+1,5,3\n'
    rows += b"@SUM(A1),+cmd|' /C calc'!A0,5,3\n"
    result = imported(tmp_path, "goals.csv", rows)
    assert result.status == 0, result.err
    assert run("check", cwd=tmp_path, today="2026-06-20").status == 0


def test_the_stored_value_of_a_formula_is_read(tmp_path: Path) -> None:
    rows = "".join(f'<c r="{cell}"{kind}</c>' for cell, kind in (
        ("A2", ' t="str"><v>Shelves are full</v>'), ("B2", ' t="str"><v>Gaps on shelves</v>'), ("C2", "><v>12</v>"),
        ("D2", "><v>5</v>"), ("E2", "><f>C2-4</f><v>8</v>"),
    ))  # fmt: skip
    book = zipfile.ZipFile(io.BytesIO(workbook(lambda book: book.active.append(HEADER))))
    parts = {name: book.read(name) for name in book.namelist()}
    sheet = parts["xl/worksheets/sheet1.xml"].decode()
    parts["xl/worksheets/sheet1.xml"] = sheet.replace("</sheetData>", f'<row r="2">{rows}</row></sheetData>').encode()
    result = imported(tmp_path, "goals.xlsx", archive(parts))
    assert result.status == 0, result.err
    assert "2026-06-20: 8\n" in (tmp_path / "okrs/2026-Q2/company.yaml").read_text()


def test_external_links_of_a_workbook_are_not_followed(tmp_path: Path) -> None:
    def fill(book: Any) -> None:
        book.active.append(HEADER)
        book.active.append(["Shelves are full", "Gaps on shelves", 12, 5, "='[http://evil.example/a.xlsx]Sheet1'!A1"])

    result = imported(tmp_path, "goals.xlsx", workbook(fill))
    assert result.status == 0 and "no stored value" in result.out


def test_a_team_that_nobody_knows_is_named_with_the_line_to_add(tmp_path: Path) -> None:
    write(tmp_path, {"okrctl.yaml": "teams: {payments: {name: Payments}}\n"})
    rows = b"Objective,Key Result,Target,Current,Team\nPaying is easy,Wallets,5,3,Payments EU\n"
    is_refused(tmp_path, imported(tmp_path, "goals.csv", rows), "add `payments-eu: {name: Payments EU}` below `teams:`")
    assert imported(tmp_path, "goals.csv", rows, "--map-team", "Payments EU=payments").status == 0
    assert (tmp_path / "okrs/2026-Q2/payments.yaml").is_file()


@pytest.mark.parametrize(
    ("rows", "option", "answer", "value"),
    [
        ('Objective,Key Result,Target\nA,B,"1,500"\n', "--decimal", "point", "to: 1500\n"),
        ('Objective,Key Result,Target\nA,B,"1,500"\n', "--decimal", "comma", "to: 1.500\n"),
        ("Objective,Key Result,Target,Due\nA,B,5,05/06/2026\n", "--dates", "day-first", "due: 2026-06-05\n"),
        ("Objective,Key Result,Target,Due\nA,B,5,05/06/2026\n", "--dates", "month-first", "due: 2026-05-06\n"),
    ],
)
def test_what_may_mean_two_values_is_asked_for(tmp_path: Path, rows: str, option: str, answer: str, value: str) -> None:
    is_refused(tmp_path, imported(tmp_path, "goals.csv", rows.encode()), option)
    assert imported(tmp_path, "goals.csv", rows.encode(), option, answer).status == 0
    assert value in (tmp_path / "okrs/2026-Q2/company.yaml").read_text()


def sheets(book: Any) -> None:
    book.active.title = "Q1 2026"
    book.active.append(HEADER)
    book.active.append(["Shelves are full", "Gaps on shelves", 12, 5, 8])
    book.create_sheet("Q2 2026").append(HEADER)
    book["Q2 2026"].append(["Trucks are full", "Empty runs", 40, 20, 31])


def test_a_sheet_is_named_or_all_are_read_for_the_periods_that_they_name(tmp_path: Path) -> None:
    write(tmp_path, {"goals.xlsx": workbook(sheets)})
    one = run("import", "goals.xlsx", "--sheet", "q2 2026", cwd=tmp_path, today="2026-06-20")
    assert one.status == 0 and [path.name for path in (tmp_path / "okrs").iterdir()] == ["2026-Q2"]
    assert run("import", "goals.xlsx", cwd=tmp_path, today="2026-06-20").status == 0
    assert "title: Shelves are full" in (tmp_path / "okrs/2026-Q1/company.yaml").read_text()


def test_a_sheet_that_is_not_there_is_refused_with_those_that_are(tmp_path: Path) -> None:
    result = imported(tmp_path, "goals.xlsx", workbook(sheets), "--sheet", "Q3")
    is_refused(tmp_path, result, "goals.xlsx has no sheet 'Q3'")
    assert "its sheets are 'Q1 2026', 'Q2 2026'" in result.err
    is_refused(tmp_path, imported(tmp_path, "goals.csv", b"Objective,Key Result\nA,B\n", "--sheet", "Q3"), "no sheets")
