"""All rows of a workspace as comma-separated values, which `okrctl import` reads back without loss."""

from __future__ import annotations

import csv
import io
from datetime import date
from fractions import Fraction

from okrctl.analysis.export_rows import COLUMNS, Cell, Table
from okrctl.outputs.csv.scorecard import STARTS_A_FORMULA
from okrctl.outputs.terminal import Look, safe
from okrctl.values.quantity import MOST_PLACES, rounded

MOST_DECIMALS = 30


def render(result: Table, look: Look) -> str:
    """A header and the rows; numbers are exact where they can be, empty where there is none."""
    buffer = io.StringIO()
    writer = csv.DictWriter(buffer, COLUMNS, lineterminator="\n")
    writer.writeheader()
    for row in result.rows:
        writer.writerow({name: cell(value) for name, value in row.cells().items()})
    return buffer.getvalue()


def cell(value: Cell) -> str:
    """A value as text. A spreadsheet takes what begins like a formula for one, so that gets a quotation mark."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Fraction | int):
        return decimal(Fraction(value))
    if isinstance(value, date):
        return str(value)
    shown = safe(value)
    return f"'{shown}" if shown.startswith((*STARTS_A_FORMULA, "'")) else shown


def decimal(number: Fraction) -> str:
    """All decimals where they end, else six."""
    rest, twos, fives = number.denominator, 0, 0
    while rest % 2 == 0:
        rest, twos = rest // 2, twos + 1
    while rest % 5 == 0:
        rest, fives = rest // 5, fives + 1
    places = max(twos, fives)
    return format(rounded(number, places if rest == 1 and places <= MOST_DECIMALS else MOST_PLACES), "f")
