"""Findings as a code quality report, which GitLab shows in merge requests."""

from __future__ import annotations

from typing import Any

from okrctl.check.report import CheckReport
from okrctl.outputs.terminal import TerminalStyle, sanitize
from okrctl.values.diagnostic import Diagnostic, Severity
from okrctl.values.json_text import dump

SEVERITIES: dict[Severity, str] = {"error": "major", "warning": "minor", "info": "info"}


def render(result: CheckReport, style: TerminalStyle) -> str:
    """A JSON list; GitLab merges findings with the same fingerprint, so each has its own."""
    pairs = zip(result.diagnostics, result.fingerprints(), strict=True)
    return dump([_issue(diagnostic, name) for diagnostic, name in pairs], indent=2)


def _issue(diagnostic: Diagnostic, fingerprint: str) -> dict[str, Any]:
    return {
        "description": f"{diagnostic.code} {diagnostic.name}: {sanitize(diagnostic.message)}",
        "check_name": diagnostic.name,
        "fingerprint": fingerprint,
        "severity": SEVERITIES[diagnostic.severity],
        "location": {
            "path": diagnostic.path,
            "lines": {"begin": diagnostic.span.line, "end": diagnostic.span.end_line},
            "positions": {
                "begin": {"line": diagnostic.span.line, "column": diagnostic.span.column},
                "end": {"line": diagnostic.span.end_line, "column": diagnostic.span.end_column},
            },
        },
    }
