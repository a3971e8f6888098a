"""Findings as JSON, with how many there are of each severity; statistics as the count of each rule."""

from __future__ import annotations

from collections.abc import Mapping

from okrctl.check.report import CheckReport, Statistics
from okrctl.outputs import json
from okrctl.outputs.documents import CheckCounts, CheckDocument, DiagnosticData, StatisticsDocument
from okrctl.outputs.terminal import TerminalStyle
from okrctl.values.diagnostic import Diagnostic, Severity


def render(result: CheckReport | Statistics, style: TerminalStyle) -> str:
    """One object."""
    return json.document(statistics_data(result) if isinstance(result, Statistics) else data(result))


def statistics_data(result: Statistics) -> StatisticsDocument:
    """The count of each rule."""
    return {
        "rules": [
            {"code": rule.code, "name": rule.name, "severity": rule.severity, "count": rule.findings,
             "fixable": rule.fixable}
            for rule in result.rule_counts
        ],
        "files": result.files,
    }  # fmt: skip


def data(result: CheckReport) -> CheckDocument:
    """All findings, with their counts."""
    return {
        "diagnostics": [diagnostic_data(diagnostic) for diagnostic in result.diagnostics],
        "summary": _counts(result.files, result.counts),
        "workspaces": [
            {"root": each.root, **_counts(each.files, each.counts), "base": each.base or None}
            for each in result.workspaces
        ],
        "unread": [{"path": each.path, "why": each.why} for each in result.unread],
    }


def _counts(files: int, counts: Mapping[Severity, int]) -> CheckCounts:
    return {"files": files, "error": counts["error"], "warning": counts["warning"], "info": counts["info"]}


def diagnostic_data(diagnostic: Diagnostic) -> DiagnosticData:
    """One finding."""
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
