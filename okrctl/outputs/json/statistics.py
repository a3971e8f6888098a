"""How much each rule has found, as plain data."""

from __future__ import annotations

from typing import Any

from okrctl.check.report import Statistics


def plain(result: Statistics) -> dict[str, Any]:
    """The rules that found something, the most frequent first."""
    rules = [
        {"code": one.code, "name": one.name, "severity": one.severity, "count": one.findings, "fixable": one.fixable}
        for one in result.rule_counts
    ]
    return {"version": 1, "rules": rules, "files": result.files}
