"""Findings, one per line, for editors and grep."""

from __future__ import annotations

from okrctl.check.report import CheckReport, Statistics
from okrctl.outputs.terminal import TerminalStyle, sanitize
from okrctl.values.diagnostic import Diagnostic


def render(result: CheckReport | Statistics, style: TerminalStyle) -> str:
    """PATH:LINE:COL: CODE NAME message; of statistics, COUNT CODE NAME."""
    if isinstance(result, Statistics):
        return "\n".join(f"{rule.findings} {rule.code} {rule.name}" for rule in result.rule_counts)
    return "\n".join(_line(diagnostic, result) for diagnostic in result.diagnostics)


def _line(diagnostic: Diagnostic, result: CheckReport) -> str:
    place = f"{sanitize(result.relative_path(diagnostic.path))}:{diagnostic.span.line}:{diagnostic.span.column}"
    return f"{place}: {diagnostic.code} {diagnostic.name} {sanitize(diagnostic.message)}"
