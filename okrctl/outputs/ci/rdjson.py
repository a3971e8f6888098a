"""Findings in the JSON of reviewdog, which comments on pull requests of many hosts."""

from __future__ import annotations

import json
from typing import Any

from okrctl.check.report import CheckReport
from okrctl.outputs.terminal import TerminalStyle, sanitize
from okrctl.values.diagnostic import Diagnostic, Severity, Span

SEVERITIES: dict[Severity, str] = {"error": "ERROR", "warning": "WARNING", "info": "INFO"}
SOURCE = {"name": "okrctl", "url": "https://github.com/okrctl/okrctl"}


def render(result: CheckReport, style: TerminalStyle) -> str:
    """One object; columns count the bytes of UTF-8 from 1, paths are relative to the folder of the run."""
    found = {"source": SOURCE, "diagnostics": [_diagnostic(one, result) for one in result.diagnostics]}
    return json.dumps(found, indent=2, ensure_ascii=False)


def _diagnostic(one: Diagnostic, report: CheckReport) -> dict[str, Any]:
    found: dict[str, Any] = {
        "message": sanitize(one.message) + (f"\n{sanitize(one.help)}" if one.help else ""),
        "location": _location(one.path, one.span, report),
        "severity": SEVERITIES[one.severity],
        "code": {"value": one.code},
    }
    if one.fix:
        found["suggestions"] = [{"range": _range(one.path, part.span, report), "text": part.text} for part in one.fix]
    if one.related:
        found["related_locations"] = [
            {"message": sanitize(other.message), "location": _location(other.path, other.span, report)}
            for other in one.related
        ]
    return found


def _location(path: str, span: Span, report: CheckReport) -> dict[str, Any]:
    return {"path": report.relative_path(path), "range": _range(path, span, report)}


def _range(path: str, span: Span, report: CheckReport) -> dict[str, Any]:
    return {
        "start": {"line": span.line, "column": _column(path, span.line, span.column, report)},
        "end": {"line": span.end_line, "column": _column(path, span.end_line, span.end_column, report)},
    }


def _column(path: str, line: int, column: int, report: CheckReport) -> int:
    """The same place in bytes; a byte order mark is part of the first line."""
    text = report.line(path, line) or ""
    mark = "\ufeff" if line == 1 and report.texts.get(path, "").startswith("\ufeff") else ""
    before = (text[: column - 1]).encode("utf-8", "replace")
    return len(mark.encode()) + len(before) + max(column - 1 - len(text), 0) + 1
