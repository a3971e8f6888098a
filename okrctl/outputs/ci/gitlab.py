"""Findings as a code quality report, which GitLab shows in merge requests."""

from __future__ import annotations

import json
from typing import Any

from okrctl.check.report import CheckReport
from okrctl.outputs.terminal import TerminalStyle, sanitize
from okrctl.values.diagnostic import Diagnostic, Severity

SEVERITIES: dict[Severity, str] = {"error": "major", "warning": "minor", "info": "info"}


def render(result: CheckReport, style: TerminalStyle) -> str:
    """A JSON list; GitLab takes findings with one fingerprint for one finding, so each has its own."""
    pairs = zip(result.diagnostics, result.fingerprints(), strict=True)
    return json.dumps([_issue(one, name, result) for one, name in pairs], indent=2, ensure_ascii=False)


def _issue(one: Diagnostic, fingerprint: str, result: CheckReport) -> dict[str, Any]:
    return {
        "description": f"{one.code} {one.name}: {sanitize(one.message)}",
        "check_name": one.name,
        "fingerprint": fingerprint,
        "severity": SEVERITIES[one.severity],
        "location": {
            "path": result.path_from_repository + one.path,
            "lines": {"begin": one.span.line, "end": one.span.end_line},
            "positions": {
                "begin": {"line": one.span.line, "column": one.span.column},
                "end": {"line": one.span.end_line, "column": one.span.end_column},
            },
        },
    }
