"""Findings in the JSON of reviewdog, which comments on pull requests of many hosts."""

from __future__ import annotations

from typing import Any

from okrctl.check.report import CheckReport
from okrctl.outputs.terminal import TerminalStyle, sanitize
from okrctl.values.addresses import REPOSITORY, rule_url
from okrctl.values.diagnostic import Diagnostic, Severity, Span
from okrctl.values.json_text import dump

SEVERITIES: dict[Severity, str] = {"error": "ERROR", "warning": "WARNING", "info": "INFO"}
SOURCE = {"name": "okrctl", "url": REPOSITORY}


def render(result: CheckReport, style: TerminalStyle) -> str:
    """One object; columns count the bytes of UTF-8 from 1."""
    document = {"source": SOURCE, "diagnostics": [_diagnostic(diagnostic, result) for diagnostic in result.diagnostics]}
    return dump(document, indent=2)


def _diagnostic(diagnostic: Diagnostic, report: CheckReport) -> dict[str, Any]:
    data: dict[str, Any] = {
        "message": sanitize(diagnostic.message) + (f"\n{sanitize(diagnostic.help)}" if diagnostic.help else ""),
        "location": _location(diagnostic.path, diagnostic.span, report),
        "severity": SEVERITIES[diagnostic.severity],
        "code": {"value": diagnostic.code, "url": rule_url(diagnostic.code)},
    }
    if diagnostic.fix:
        data["suggestions"] = [
            {"range": _range(diagnostic.path, part.span, report), "text": part.text} for part in diagnostic.fix
        ]
    if diagnostic.related:
        data["related_locations"] = [
            {"message": sanitize(other.message), "location": _location(other.path, other.span, report)}
            for other in diagnostic.related
        ]
    return data


def _location(path: str, span: Span, report: CheckReport) -> dict[str, Any]:
    return {"path": path, "range": _range(path, span, report)}


def _range(path: str, span: Span, report: CheckReport) -> dict[str, Any]:
    return {
        "start": {"line": span.line, "column": _column(path, span.line, span.column, report)},
        "end": {"line": span.end_line, "column": _column(path, span.end_line, span.end_column, report)},
    }


def _column(path: str, line: int, column: int, report: CheckReport) -> int:
    """A column in bytes; a byte order mark is part of the first line."""
    text = report.line(path, line) or ""
    mark = "\ufeff" if line == 1 and report.texts.get(path, "").startswith("\ufeff") else ""
    before = (text[: column - 1]).encode("utf-8", "replace")
    return len(mark.encode()) + len(before) + max(column - 1 - len(text), 0) + 1
