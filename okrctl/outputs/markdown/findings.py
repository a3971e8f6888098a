"""Findings as a table for the comment on a pull request or the summary of a job."""

from __future__ import annotations

from okrctl.check.report import Report
from okrctl.outputs.ci.full import counted
from okrctl.outputs.markdown.text import COMMENT, code, plain
from okrctl.values.diagnostic import Diagnostic, Severity

SIGNS: dict[Severity, str] = {"error": "❌", "warning": "⚠️", "info": "ℹ️"}
HEAD = "| | Rule | Place | Finding |\n|---|---|---|---|\n"


def page(result: Report, room: int = COMMENT) -> str:
    """The gravest findings first, as many as fit into so many bytes, which are never fewer than characters."""
    title = "### okrctl check\n\n"
    files = counted(result.files, "file")
    if not result.diagnostics:
        return f"{title}✅ All checks passed in {files}.\n"
    found = ", ".join(counted(number, word) for word, number in result.counts.items() if number)
    start = f"{title}Found {found} in {files}.\n\n{HEAD}"
    rows, left = [], room - len(start.encode()) - 100
    for one in result.gravest_first:
        row = _row(one, result)
        left -= len(row.encode("utf-8", "replace"))
        if left < 0:
            break
        rows.append(row)
    more = len(result.diagnostics) - len(rows)
    return start + "".join(rows) + (f"\nand {counted(more, 'more finding')}\n" if more else "")


def _row(one: Diagnostic, result: Report) -> str:
    place = code(f"{result.from_top}{one.path}:{one.span.line}:{one.span.column}")
    help = f"<br>{_ours(one.help)}" if one.help else ""
    return f"| {SIGNS[one.severity]} {one.severity} | {one.code} {one.name} | {place} | {plain(one.message)}{help} |\n"


def _ours(help: str) -> str:
    """A help, whose code in backticks stays code."""
    parts = help.split("`")
    if len(parts) % 2 == 0:
        return plain(help)
    return "".join(code(part) if number % 2 and part else plain(part) for number, part in enumerate(parts))
