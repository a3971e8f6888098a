"""The arithmetic of a score as Markdown."""

from __future__ import annotations

from datetime import date

from okrctl.analysis.explanation import Explanation
from okrctl.measures.measure import formula_number
from okrctl.outputs.markdown.text import code_span, escape
from okrctl.outputs.text import scorecard


def page(result: Explanation) -> str:
    """A heading, the formula, a table of its numbers, the way in words."""
    score = scorecard.score(result.score)
    blocks = [f"### {escape(result.title)} {code_span(result.ref)}", f"Score **{score}** on {result.as_of}."]
    blocks += [code_span(f"{result.formula} = {score}")] if result.formula else []
    if result.inputs:
        blocks.append("\n".join(["| Number | Value | Place |", "|---|--:|---|", *_rows(result)]))
    blocks.append("\n".join(f"- {escape(step)}" for step in result.steps))
    return "\n\n".join(blocks) + "\n"


def _rows(result: Explanation) -> list[str]:
    rows = []
    for one in result.inputs:
        value = one.value.isoformat() if isinstance(one.value, date) else formula_number(one.value)
        place = code_span(f"{one.path}:{one.line}") if one.path else "default"
        rows.append(f"| {escape(one.name)} | {escape(value)} | {place} |")
    return rows
