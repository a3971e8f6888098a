"""Shows the arithmetic of a score: the formula, its numbers with their places, the steps in words."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from fractions import Fraction
from typing import Literal

from okrctl.analysis.explanation import Explanation, Input
from okrctl.measures.measure import formula_number
from okrctl.outputs import json
from okrctl.outputs.documents import ExplanationDocument, InputData
from okrctl.outputs.grid import Cell, heading, layout_row, paragraph
from okrctl.outputs.markdown import code_span, escape, table
from okrctl.outputs.terminal import TerminalStyle, display_width, sanitize

MAX_NAME, MAX_VALUE = 40, 24


def render(result: Explanation, format: Literal["table", "markdown", "json"], style: TerminalStyle) -> str:
    """An explanation in a format; the formula in JSON gives the score exactly."""
    match format:
        case "table":
            return "\n".join(_lines(result, style)) + "\n"
        case "markdown":
            return _markdown(result)
        case "json":
            return json.document(data(result))


def data(result: Explanation) -> ExplanationDocument:
    """The formula, its inputs and the steps."""
    inputs: list[InputData] = [
        {"name": each.name, "value": each.value, "path": each.path, "line": each.line, "commit": each.commit}
        for each in result.inputs
    ]
    return {
        "ref": result.ref, "score": result.score, "formula": result.formula or None, "inputs": inputs,
        "steps": result.steps,
    }  # fmt: skip


def _lines(result: Explanation, style: TerminalStyle) -> Iterator[str]:
    score = result.precision.score(result.score)
    yield from heading(sanitize(result.title), result.ref, style)
    yield from paragraph(f"score {score} on {result.as_of}", style, "bold")
    if result.equation:
        yield ""
        yield from paragraph(result.equation, style)
    if result.inputs:
        yield ""
        yield from _inputs(result.inputs, style)
    yield ""
    for step in result.steps:
        yield from paragraph(sanitize(step), style)


def _inputs(inputs: list[Input], style: TerminalStyle) -> Iterator[str]:
    name = min(max(display_width(sanitize(number.name)) for number in inputs), MAX_NAME)
    value = min(max(display_width(_format(number.value)) for number in inputs), MAX_VALUE)
    place = (style.width or 0) - name - value - 4
    if style.width and place < 20:
        name, place = max(style.width - value - 2 - 28, 8), 26
    for number in inputs:
        where = "default" if number.path is None else f"{sanitize(number.path)}:{number.line}"
        commit = f"  {number.commit[:10]}" if number.commit else ""
        cells = [
            Cell(sanitize(number.name)), Cell(_format(number.value), "bold", right=True), Cell(where + commit, "dim"),
        ]  # fmt: skip
        yield from layout_row(cells, [name, value, place], style)


def _format(value: Fraction | date) -> str:
    return value.isoformat() if isinstance(value, date) else formula_number(value)


def _markdown(result: Explanation) -> str:
    score = result.precision.score(result.score)
    blocks = [f"### {escape(result.title)} {code_span(result.ref)}", f"Score **{score}** on {result.as_of}."]
    blocks += [code_span(result.equation)] if result.equation else []
    if result.inputs:
        rows = [
            (
                escape(number.name),
                escape(_format(number.value)),
                code_span(f"{number.path}:{number.line}") if number.path else "default",
            )
            for number in result.inputs
        ]
        blocks.append(table(("Number", "Value:", "Place"), rows))
    blocks.append("\n".join(f"- {escape(step)}" for step in result.steps))
    return "\n\n".join(blocks) + "\n"
