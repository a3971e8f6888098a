"""The arithmetic of a score for people: the formula, its numbers with their places, the way in words."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from fractions import Fraction

from okrctl.analysis.explanation import Explanation
from okrctl.analysis.explanation.arithmetic import text
from okrctl.analysis.explanation.inputs import Input
from okrctl.outputs.table.grid import Cell, broken, row
from okrctl.outputs.terminal import Look, painted, safe, width_of
from okrctl.outputs.text import scorecard

WIDEST_NAME, WIDEST_VALUE = 40, 24


def render(result: Explanation, look: Look) -> str:
    """The formula first, then where each number is written."""
    return "\n".join(_lines(result, look)) + "\n"


def _lines(result: Explanation, look: Look) -> Iterator[str]:
    yield from row([Cell(safe(result.title), "bold", tail=result.ref)], [look.width or 0], look)
    yield from _wrapped(f"score {scorecard.score(result.score)} on {result.as_of}", look, "bold")
    if result.formula:
        yield ""
        yield from _wrapped(f"{result.formula} = {scorecard.score(result.score)}", look)
    if result.inputs:
        yield ""
        yield from _inputs(result.inputs, look)
    yield ""
    for step in result.steps:
        yield from _wrapped(safe(step), look)


def _wrapped(line: str, look: Look, style: str = "") -> Iterator[str]:
    for part in broken(line, look.width) if look.width else [line]:
        yield painted(part, style, look) if style else part


def _inputs(inputs: list[Input], look: Look) -> Iterator[str]:
    name = min(max(width_of(safe(one.name)) for one in inputs), WIDEST_NAME)
    value = min(max(width_of(_value(one.value)) for one in inputs), WIDEST_VALUE)
    place = (look.width or 0) - name - value - 4
    if look.width and place < 20:
        name, place = max(look.width - value - 2 - 28, 8), 26
    for one in inputs:
        where = "left out, so the default" if one.path is None else f"{safe(one.path)}:{one.line}"
        tail = f"  {one.commit[:10]}" if one.commit else ""
        cells = [Cell(safe(one.name)), Cell(_value(one.value), "bold", right=True), Cell(where + tail, "dim")]
        yield from row(cells, [name, value, place], look)


def _value(value: Fraction | date) -> str:
    return value.isoformat() if isinstance(value, date) else text(value)
