"""Small reports for the tests of formats."""

from __future__ import annotations

from okrctl.check.report import CheckReport
from okrctl.outputs.terminal import TerminalStyle
from okrctl.values.diagnostic import Diagnostic, Related, Replacement, Severity, Span

PLAIN = TerminalStyle()
WORD = Span(1, 1, 1, 7)
PATH = "okrs/2026-Q2/trust.yaml"


def finding(
    message: str = "this objective has no owner",
    *,
    span: Span = WORD,
    severity: Severity = "warning",
    path: str = PATH,
    help: str = "",
    ref: str | None = None,
    related: tuple[Related, ...] = (),
    fix: tuple[Replacement, ...] = (),
    code: str = "OKR105",
    name: str = "missing-owner",
) -> Diagnostic:
    return Diagnostic(path, span, code, name, severity, message, help, ref, related, fix)


def report(*ones: Diagnostic, text: str = "period: 2026-Q2\n", **more: object) -> CheckReport:
    return CheckReport(ones, 1, {PATH: text}, **more)  # type: ignore[arg-type]
