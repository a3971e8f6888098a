"""Findings one a line, for editors and for grep."""

from __future__ import annotations

from okrctl.check.report import CheckReport, Statistics
from okrctl.outputs.terminal import TerminalStyle, sanitize
from okrctl.values.diagnostic import Diagnostic


def render(result: CheckReport | Statistics, style: TerminalStyle) -> str:
    """PATH:LINE:COL: CODE NAME message; of statistics, COUNT CODE NAME."""
    if isinstance(result, Statistics):
        return "\n".join(f"{one.findings} {one.code} {one.name}" for one in result.rule_counts)
    return "\n".join(_line(one, result) for one in result.diagnostics)


def _line(one: Diagnostic, result: CheckReport) -> str:
    place = f"{sanitize(result.relative_path(one.path))}:{one.span.line}:{one.span.column}"
    return f"{place}: {one.code} {one.name} {sanitize(one.message)}"
