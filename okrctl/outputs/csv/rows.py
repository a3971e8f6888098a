"""All rows of a workspace as comma-separated values, which `okrctl import` reads back without loss."""

from __future__ import annotations

import csv
import io
from datetime import date
from fractions import Fraction

from okrctl.analysis.export_rows import COLUMNS, Cell, ExportTable
from okrctl.outputs.csv.scorecard import FORMULA_PREFIXES
from okrctl.outputs.terminal import TerminalStyle, sanitize
from okrctl.values.quantity import MAX_DECIMALS, round_number

MAX_EXACT_DECIMALS = 30


def render(result: ExportTable, look: TerminalStyle) -> str:
    """A header and the rows; numbers are exact where they can be, empty where there is none."""
    buffer = io.StringIO()
    writer = csv.DictWriter(buffer, COLUMNS, lineterminator="\n")
    writer.writeheader()
    for row in result.rows:
        writer.writerow({name: format_cell(value) for name, value in row.cells().items()})
    return buffer.getvalue()


def format_cell(value: Cell) -> str:
    """A value as text. A spreadsheet takes what begins like a formula for one, so that gets a quotation mark."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Fraction | int):
        return format_decimal(Fraction(value))
    if isinstance(value, date):
        return str(value)
    shown = sanitize(value)
    return f"'{shown}" if shown.startswith((*FORMULA_PREFIXES, "'")) else shown


def format_decimal(number: Fraction) -> str:
    """All decimals where they end, else six."""
    rest, twos, fives = number.denominator, 0, 0
    while rest % 2 == 0:
        rest, twos = rest // 2, twos + 1
    while rest % 5 == 0:
        rest, fives = rest // 5, fives + 1
    places = max(twos, fives)
    return format(round_number(number, places if rest == 1 and places <= MAX_EXACT_DECIMALS else MAX_DECIMALS), "f")
