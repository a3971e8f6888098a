"""Findings as workflow commands, which GitHub shows beside the lines of a pull request."""

from __future__ import annotations

from okrctl.check.report import CheckReport
from okrctl.outputs.terminal import TerminalStyle, sanitize
from okrctl.values.diagnostic import Diagnostic, Severity

COMMANDS: dict[Severity, str] = {"error": "error", "warning": "warning", "info": "notice"}
MAX_PER_COMMAND = 10  # of each command; GitHub drops what comes behind them without a word


def render(result: CheckReport, style: TerminalStyle) -> str:
    """One command a line, the gravest first; the last one counts what there was no room for."""
    groups = {severity: [one for one in result.most_severe_first if one.severity == severity] for severity in COMMANDS}
    more = {severity: len(ones) - MAX_PER_COMMAND for severity, ones in groups.items() if len(ones) > MAX_PER_COMMAND}
    if more and len(groups["info"]) >= MAX_PER_COMMAND:  # the notice that counts needs a place itself
        more["info"] = len(groups["info"]) - MAX_PER_COMMAND + 1
    lines = []
    for severity, ones in groups.items():
        room = MAX_PER_COMMAND if severity != "info" else len(ones) - more.get("info", 0)
        lines += [_command(one, result) for one in ones[:room]]
    if more:
        counted = ", ".join(f"{number} more of severity {severity}" for severity, number in more.items())
        lines.append(f"::notice title=okrctl::{_escape_data(f'not shown here: {counted}')}")
    return "\n".join(lines)


def _command(one: Diagnostic, result: CheckReport) -> str:
    span = one.span
    places = {"file": result.path_from_repository + one.path, "line": span.line, "endLine": span.end_line}
    if span.line == span.end_line:
        places |= {"col": span.column, "endColumn": span.end_column}
    properties = {"title": f"{one.code} {one.name}", **places}
    said = ",".join(f"{name}={_escape_property(str(value))}" for name, value in properties.items())
    text = sanitize(one.message) + (f"\nhelp: {sanitize(one.help)}" if one.help else "")
    return f"::{COMMANDS[one.severity]} {said}::{_escape_data(text)}"


def _escape_data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _escape_property(text: str) -> str:
    return _escape_data(text).replace(":", "%3A").replace(",", "%2C")
