"""Findings one a line, for editors and for grep."""

from __future__ import annotations

from okrctl.checking import Report
from okrctl.outputs.terminal import Look, safe


def render(result: Report, look: Look) -> str:
    """PATH:LINE:COL: CODE NAME message."""
    return "\n".join(
        f"{safe(one.path)}:{one.span.line}:{one.span.column}: {one.code} {one.name} {safe(one.message)}"
        for one in result.diagnostics
    )
