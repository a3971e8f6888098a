"""The findings of a check as plain data."""

from __future__ import annotations

from typing import Any

from okrctl.check.report import CheckReport
from okrctl.values.diagnostic import SEVERITIES, Diagnostic


def plain(result: CheckReport) -> dict[str, Any]:
    """Diagnostics and how many there are of each severity."""
    found = [one.severity for one in result.diagnostics]
    return {
        "version": 1,
        "diagnostics": [_diagnostic(one) for one in result.diagnostics],
        "summary": {"files": result.files, **{severity: found.count(severity) for severity in SEVERITIES[:3]}},
    }


def _diagnostic(one: Diagnostic) -> dict[str, Any]:
    return {
        "code": one.code,
        "name": one.name,
        "severity": one.severity,
        "message": one.message,
        "help": one.help,
        "path": one.path,
        "line": one.span.line,
        "column": one.span.column,
        "end_line": one.span.end_line,
        "end_column": one.span.end_column,
        "ref": one.ref,
        "fixable": one.is_fixable,
    }
