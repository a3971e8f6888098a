"""Findings as a table for the comment on a pull request or the summary of a job."""

from __future__ import annotations

from okrctl.check.report import CheckReport
from okrctl.outputs.ci.full import count_noun
from okrctl.outputs.markdown.text import COMMENT_LIMIT, code_span, escape
from okrctl.values.diagnostic import Diagnostic, Severity

SIGNS: dict[Severity, str] = {"error": "❌", "warning": "⚠️", "info": "ℹ️"}
TABLE_HEAD = "| | Rule | Place | Finding |\n|---|---|---|---|\n"


def page(result: CheckReport, room: int = COMMENT_LIMIT) -> str:
    """The gravest findings first, as many as fit into so many bytes, which are never fewer than characters."""
    title = "### okrctl check\n\n"
    files = count_noun(result.files, "file")
    if not result.diagnostics:
        return f"{title}✅ All checks passed in {files}.\n"
    found = ", ".join(count_noun(number, word) for word, number in result.counts.items() if number)
    start = f"{title}Found {found} in {files}.\n\n{TABLE_HEAD}"
    rows, left = [], room - len(start.encode()) - 100
    for one in result.most_severe_first:
        row = _row(one, result)
        left -= len(row.encode("utf-8", "replace"))
        if left < 0:
            break
        rows.append(row)
    more = len(result.diagnostics) - len(rows)
    return start + "".join(rows) + (f"\nand {count_noun(more, 'more finding')}\n" if more else "")


def _row(one: Diagnostic, result: CheckReport) -> str:
    place = code_span(f"{result.path_from_repository}{one.path}:{one.span.line}:{one.span.column}")
    help = f"<br>{_escape_help(one.help)}" if one.help else ""
    return f"| {SIGNS[one.severity]} {one.severity} | {one.code} {one.name} | {place} | {escape(one.message)}{help} |\n"


def _escape_help(help: str) -> str:
    """A help, whose code in backticks stays code."""
    parts = help.split("`")
    if len(parts) % 2 == 0:
        return escape(help)
    return "".join(code_span(part) if number % 2 and part else escape(part) for number, part in enumerate(parts))
