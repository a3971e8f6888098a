"""Findings as workflow commands, which GitHub shows beside the lines of a pull request."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from okrctl.check.report import CheckReport
from okrctl.outputs.terminal import TerminalStyle, sanitize
from okrctl.values.diagnostic import Diagnostic, Severity

COMMANDS: dict[Severity, str] = {"error": "error", "warning": "warning", "info": "notice"}
MAX_PER_COMMAND = 10  # GitHub silently drops further commands of one kind


def render(result: CheckReport, style: TerminalStyle) -> str:
    """One command per line, the most severe first; the last one says what is not shown and not compared."""
    groups: dict[Severity, list[Diagnostic]] = {severity: [] for severity in COMMANDS}
    for diagnostic in result.most_severe_first:
        groups[diagnostic.severity].append(diagnostic)
    hidden = _count_hidden(groups, bool(result.left_out))
    lines = []
    for severity, group in groups.items():
        lines += [_command(diagnostic) for diagnostic in group[: len(group) - hidden.get(severity, 0)]]
    return "\n".join([*lines, *_last_notice(hidden, result.left_out)])


def _count_hidden(groups: Mapping[Severity, list[Diagnostic]], has_notice: bool) -> dict[Severity, int]:
    """How many findings of each severity have no room; the last notice takes the place of one itself."""
    hidden = {severity: len(group) - MAX_PER_COMMAND for severity, group in groups.items()}
    if has_notice or any(count > 0 for count in hidden.values()):
        hidden["info"] += 1
    return {severity: count for severity, count in hidden.items() if count > 0}


def _last_notice(hidden: Mapping[Severity, int], left_out: str) -> Iterator[str]:
    """What is not shown, and why goals were not compared with the agreed version."""
    counts = ", ".join(f"{count} more of severity {severity}" for severity, count in hidden.items())
    notes = [f"not shown here: {counts}"] if hidden else []
    notes += [f"not compared with the agreed version: {sanitize(left_out)}"] if left_out else []
    if notes:
        yield f"::notice title=okrctl::{_escape_data('; '.join(notes))}"


def _command(diagnostic: Diagnostic) -> str:
    span = diagnostic.span
    # A line break of a path has an escape of its own, other control characters have none.
    path = "\n".join(map(sanitize, diagnostic.path.split("\n")))
    places = {"file": path, "line": span.line, "endLine": span.end_line}
    if span.line == span.end_line:
        places |= {"col": span.column, "endColumn": span.end_column}
    properties = {"title": f"{diagnostic.code} {diagnostic.name}", **places}
    written = ",".join(f"{name}={_escape_property(str(value))}" for name, value in properties.items())
    text = sanitize(diagnostic.message) + (f"\nhelp: {sanitize(diagnostic.help)}" if diagnostic.help else "")
    return f"::{COMMANDS[diagnostic.severity]} {written}::{_escape_data(text)}"


def _escape_data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _escape_property(text: str) -> str:
    return _escape_data(text).replace(":", "%3A").replace(",", "%2C")
