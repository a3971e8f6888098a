"""Findings as JSON, with how many there are of each severity; statistics as the count of each rule."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from okrctl.check.report import CheckReport, Statistics
from okrctl.outputs import json
from okrctl.outputs.terminal import TerminalStyle
from okrctl.values.diagnostic import Diagnostic, Severity


def render(result: CheckReport | Statistics, style: TerminalStyle) -> str:
    """One object."""
    if isinstance(result, Statistics):
        rules = [
            {"code": rule.code, "name": rule.name, "severity": rule.severity, "count": rule.findings,
             "fixable": rule.fixable}
            for rule in result.rule_counts
        ]  # fmt: skip
        return json.document({"rules": rules, "files": result.files})
    diagnostics = [_data(diagnostic) for diagnostic in result.diagnostics]
    workspaces = [{"root": each.root, **_counts(each.files, each.counts)} for each in result.workspaces]
    unread = [{"path": each.path, "why": each.why} for each in result.unread]
    summary = _counts(result.files, result.counts)
    return json.document({"diagnostics": diagnostics, "summary": summary, "workspaces": workspaces, "unread": unread})


def _counts(files: int, counts: Mapping[Severity, int]) -> dict[str, Any]:
    return {"files": files, **{str(severity): count for severity, count in counts.items()}}


def _data(diagnostic: Diagnostic) -> dict[str, Any]:
    return {
        "code": diagnostic.code,
        "name": diagnostic.name,
        "severity": diagnostic.severity,
        "message": diagnostic.message,
        "help": diagnostic.help,
        "path": diagnostic.path,
        "workspace": diagnostic.workspace,
        "line": diagnostic.span.line,
        "column": diagnostic.span.column,
        "end_line": diagnostic.span.end_line,
        "end_column": diagnostic.span.end_column,
        "ref": diagnostic.ref,
        "fixable": diagnostic.is_fixable,
    }
