"""Findings one a line, for editors and for grep."""

from __future__ import annotations

from okrctl.check.report import Report, Statistics
from okrctl.outputs.terminal import Look, safe
from okrctl.values.diagnostic import Diagnostic


def render(result: Report | Statistics, look: Look) -> str:
    """PATH:LINE:COL: CODE NAME message; of statistics, COUNT CODE NAME."""
    if isinstance(result, Statistics):
        return "\n".join(f"{one.found} {one.code} {one.name}" for one in result.tallies)
    return "\n".join(_line(one, result) for one in result.diagnostics)


def _line(one: Diagnostic, result: Report) -> str:
    place = f"{safe(result.from_folder(one.path))}:{one.span.line}:{one.span.column}"
    return f"{place}: {one.code} {one.name} {safe(one.message)}"
