"""Findings as workflow commands, which GitHub shows beside the lines of a pull request."""

from __future__ import annotations

from okrctl.check.report import Report
from okrctl.outputs.terminal import Look, safe
from okrctl.values.diagnostic import Diagnostic, Severity

COMMANDS: dict[Severity, str] = {"error": "error", "warning": "warning", "info": "notice"}
MOST = 10  # of each command; GitHub drops what comes behind them without a word


def render(result: Report, look: Look) -> str:
    """One command a line, the gravest first; the last one counts what there was no room for."""
    groups = {severity: [one for one in result.gravest_first if one.severity == severity] for severity in COMMANDS}
    more = {severity: len(ones) - MOST for severity, ones in groups.items() if len(ones) > MOST}
    if more and len(groups["info"]) >= MOST:  # the notice that counts needs a place itself
        more["info"] = len(groups["info"]) - MOST + 1
    lines = []
    for severity, ones in groups.items():
        room = MOST if severity != "info" else len(ones) - more.get("info", 0)
        lines += [_command(one, result) for one in ones[:room]]
    if more:
        counted = ", ".join(f"{number} more of severity {severity}" for severity, number in more.items())
        lines.append(f"::notice title=okrctl::{_data(f'not shown here: {counted}')}")
    return "\n".join(lines)


def _command(one: Diagnostic, result: Report) -> str:
    span = one.span
    places = {"file": result.from_top + one.path, "line": span.line, "endLine": span.end_line}
    if span.line == span.end_line:
        places |= {"col": span.column, "endColumn": span.end_column}
    properties = {"title": f"{one.code} {one.name}", **places}
    said = ",".join(f"{name}={_property(str(value))}" for name, value in properties.items())
    text = safe(one.message) + (f"\nhelp: {safe(one.help)}" if one.help else "")
    return f"::{COMMANDS[one.severity]} {said}::{_data(text)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
