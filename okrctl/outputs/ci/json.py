"""Findings as JSON, with how many there are of each severity; statistics as the count of each rule."""

from __future__ import annotations

from typing import Any

from okrctl.check.report import CheckReport, Statistics
from okrctl.outputs import json
from okrctl.outputs.terminal import TerminalStyle
from okrctl.values.diagnostic import SEVERITIES, Diagnostic


def render(result: CheckReport | Statistics, style: TerminalStyle) -> str:
    """One object."""
    if isinstance(result, Statistics):
        rules = [
            {"code": rule.code, "name": rule.name, "severity": rule.severity, "count": rule.findings,
             "fixable": rule.fixable}
            for rule in result.rule_counts
        ]  # fmt: skip
        return json.document({"rules": rules, "files": result.files})
    severities = [diagnostic.severity for diagnostic in result.diagnostics]
    counts = {severity: severities.count(severity) for severity in SEVERITIES[:3]}
    diagnostics = [_data(diagnostic) for diagnostic in result.diagnostics]
    return json.document({"diagnostics": diagnostics, "summary": {"files": result.files, **counts}})


def _data(diagnostic: Diagnostic) -> dict[str, Any]:
    return {
        "code": diagnostic.code,
        "name": diagnostic.name,
        "severity": diagnostic.severity,
        "message": diagnostic.message,
        "help": diagnostic.help,
        "path": diagnostic.path,
        "line": diagnostic.span.line,
        "column": diagnostic.span.column,
        "end_line": diagnostic.span.end_line,
        "end_column": diagnostic.span.end_column,
        "ref": diagnostic.ref,
        "fixable": diagnostic.is_fixable,
    }
