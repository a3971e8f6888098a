"""Findings as a table, for the comment on a pull request or the summary of a job."""

from __future__ import annotations

from okrctl.check.report import CheckReport
from okrctl.outputs.ci.full import count_files
from okrctl.outputs.markdown import COMMENT_LIMIT, code_span, escape
from okrctl.values.diagnostic import Diagnostic, Severity
from okrctl.values.nouns import count_noun

SIGNS: dict[Severity, str] = {"error": "❌", "warning": "⚠️", "info": "ℹ️"}
TABLE_HEAD = "| | Rule | Place | Finding |\n|---|---|---|---|\n"


def page(result: CheckReport, room: int = COMMENT_LIMIT) -> str:
    """The most severe findings first, as many as fit into so many bytes; bytes are never fewer than characters."""
    title = "### okrctl check\n\n"
    files = count_files(result)
    end = f"\nNot compared with the agreed version: {escape(result.left_out)}.\n" if result.left_out else ""
    if not result.diagnostics:
        return f"{title}✅ All checks passed in {files}.\n{end}"
    counts = ", ".join(count_noun(number, word) for word, number in result.counts.items() if number)
    start = f"{title}Found {counts} in {files}.\n\n{TABLE_HEAD}"
    rows, left = [], room - len((start + end).encode("utf-8", "replace")) - 100
    for diagnostic in result.most_severe_first:
        row = _row(diagnostic)
        left -= len(row.encode("utf-8", "replace"))
        if left < 0:
            break
        rows.append(row)
    more = len(result.diagnostics) - len(rows)
    return start + "".join(rows) + (f"\nand {count_noun(more, 'more finding')}\n" if more else "") + end


def _row(diagnostic: Diagnostic) -> str:
    span, severity = diagnostic.span, diagnostic.severity
    place = code_span(f"{diagnostic.path}:{span.line}:{span.column}")
    text = escape(diagnostic.message) + (f"<br>{_escape_help(diagnostic.help)}" if diagnostic.help else "")
    return f"| {SIGNS[severity]} {severity} | {diagnostic.code} {diagnostic.name} | {place} | {text} |\n"


def _escape_help(help: str) -> str:
    """A help text, in which code in backticks stays code."""
    parts = help.split("`")
    if len(parts) % 2 == 0:
        return escape(help)
    return "".join(code_span(part) if number % 2 and part else escape(part) for number, part in enumerate(parts))
