"""The arithmetic of a score for people: the formula, its numbers with their places, the way in words."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from fractions import Fraction

from okrctl.analysis.explanation import Explanation, Input
from okrctl.measures.measure import formula_number
from okrctl.outputs.table.grid import Cell, fold_text, layout_row
from okrctl.outputs.terminal import TerminalStyle, display_width, paint, sanitize
from okrctl.outputs.text import scorecard

WIDEST_NAME, WIDEST_VALUE = 40, 24


def render(result: Explanation, look: TerminalStyle) -> str:
    """The formula first, then where each number is written."""
    return "\n".join(_lines(result, look)) + "\n"


def _lines(result: Explanation, look: TerminalStyle) -> Iterator[str]:
    yield from layout_row([Cell(sanitize(result.title), "bold", tail=result.ref)], [look.width or 0], look)
    yield from _wrapped(f"score {scorecard.score(result.score)} on {result.as_of}", look, "bold")
    if result.formula:
        yield ""
        yield from _wrapped(f"{result.formula} = {scorecard.score(result.score)}", look)
    if result.inputs:
        yield ""
        yield from _inputs(result.inputs, look)
    yield ""
    for step in result.steps:
        yield from _wrapped(sanitize(step), look)


def _wrapped(line: str, look: TerminalStyle, style: str = "") -> Iterator[str]:
    for part in fold_text(line, look.width) if look.width else [line]:
        yield paint(part, style, look) if style else part


def _inputs(inputs: list[Input], look: TerminalStyle) -> Iterator[str]:
    name = min(max(display_width(sanitize(one.name)) for one in inputs), WIDEST_NAME)
    value = min(max(display_width(_value(one.value)) for one in inputs), WIDEST_VALUE)
    place = (look.width or 0) - name - value - 4
    if look.width and place < 20:
        name, place = max(look.width - value - 2 - 28, 8), 26
    for one in inputs:
        where = "left out, so the default" if one.path is None else f"{sanitize(one.path)}:{one.line}"
        tail = f"  {one.commit[:10]}" if one.commit else ""
        cells = [Cell(sanitize(one.name)), Cell(_value(one.value), "bold", right=True), Cell(where + tail, "dim")]
        yield from layout_row(cells, [name, value, place], look)


def _value(value: Fraction | date) -> str:
    return value.isoformat() if isinstance(value, date) else formula_number(value)
