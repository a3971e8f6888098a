"""Findings for people: the line of the file with marks under the exact text, then how to fix it."""

from __future__ import annotations

from collections.abc import Iterator

from okrctl.check.report import CheckReport, RuleCount, Statistics
from okrctl.outputs.ci.excerpt import excerpt
from okrctl.outputs.terminal import TerminalStyle, display_width, paint, sanitize, wrap
from okrctl.values.diagnostic import Diagnostic, Severity, Span
from okrctl.values.nouns import count_noun

COLORS: dict[Severity, str] = {"error": "red bold", "warning": "yellow bold", "info": "cyan bold"}
FRAME_COLOR = "cyan"


def render(result: CheckReport | Statistics, style: TerminalStyle) -> str:
    """Every finding with its location, and how many there are."""
    if isinstance(result, Statistics):
        return "\n".join(_statistics_line(rule, style) for rule in result.rule_counts)
    blocks = ["\n".join(_diagnostic_block(diagnostic, result, style)) for diagnostic in result.diagnostics]
    return "\n\n".join([*blocks, _summary(result, style)]) + "\n"


def _statistics_line(rule: RuleCount, style: TerminalStyle) -> str:
    severity = paint(rule.severity.ljust(7), COLORS[rule.severity], style)
    fixable = f", {rule.fixable} with a fix" if rule.fixable else ""
    return f"{rule.findings:>6}  {severity}  {rule.code}  {rule.name}{fixable}"


def _diagnostic_block(diagnostic: Diagnostic, result: CheckReport, style: TerminalStyle) -> Iterator[str]:
    head = f"{diagnostic.severity}[{diagnostic.code}] {diagnostic.name}: "
    title, *more = wrap(head + sanitize(diagnostic.message), style.width, "  ")
    color = COLORS[diagnostic.severity]
    label = paint(f"{diagnostic.severity}[{diagnostic.code}]", color, style)
    yield label + paint(title.removeprefix(f"{diagnostic.severity}[{diagnostic.code}]"), "bold", style)
    yield from (paint(line, "bold", style) for line in more)
    digits = len(str(max([diagnostic.span.line, *(other.span.line for other in diagnostic.related)])))
    yield from _location("-->", diagnostic.path, diagnostic.span, "", digits, result, style, color)
    for other in diagnostic.related:
        yield from _location(":::", other.path, other.span, other.message, digits, result, style, FRAME_COLOR)
    if diagnostic.help:
        help, *rest = wrap(f"help: {sanitize(diagnostic.help)}", style.width, " " * 6)
        yield paint("help", "green bold", style) + help.removeprefix("help")
        yield from rest


def _location(
    arrow: str, path: str, span: Span, label: str, digits: int, result: CheckReport, style: TerminalStyle, color: str
) -> Iterator[str]:
    """A location and its line with marks: `^` under what is wrong, `-` under what is related."""
    margin = " " * digits
    place = f"{sanitize(result.relative_path(path))}:{span.line}:{span.column}"
    line = result.line(path, span.line)
    if line is None:
        yield from _header(margin, arrow, place, label, style)
        return
    is_whole_line = span.end_line != span.line or span == (span.line, 1, span.line, 1)
    end = len(line.rstrip()) if is_whole_line else span.end_column - 1
    room = style.width - digits - 3 if style.width else None
    shown = excerpt(line, span.column - 1, end, room, style.glyphs)
    beside = f" {sanitize(label)}" if label else ""
    fits = room is None or shown.gap + shown.marks + display_width(beside) <= room
    yield from _header(margin, arrow, place, "" if fits else label, style)
    bar = paint("|", FRAME_COLOR, style)
    marks = ("^" if arrow == "-->" else "-") * shown.marks + (beside if fits else "")
    yield f"{margin} {bar}"
    yield f"{paint(str(span.line).rjust(digits), FRAME_COLOR, style)} {bar} {shown.line}".rstrip()
    yield f"{margin} {bar} {' ' * shown.gap}{paint(marks, color, style)}"


def _header(margin: str, arrow: str, place: str, label: str, style: TerminalStyle) -> Iterator[str]:
    front = len(margin) + len(arrow) + 1
    text = f"{place} {sanitize(label)}" if label else place
    first, *more = wrap(text, style.width - front if style.width and label else None)
    yield f"{margin}{paint(arrow, FRAME_COLOR, style)} {first}"
    yield from (" " * front + line for line in more)


def count_files(result: CheckReport) -> str:
    """The number of files that were checked, and of workspaces where they are several."""
    several = f" of {len(result.workspaces)} workspaces" if len(result.workspaces) > 1 else ""
    return count_noun(result.files, "file") + several


def _summary(result: CheckReport, style: TerminalStyle) -> str:
    files = count_files(result)
    left_out = f"; not compared with the agreed version: {sanitize(result.left_out)}" if result.left_out else ""
    if not result.diagnostics:
        if not result.files:
            return "Nothing to check: no workspace is affected"
        first, *more = wrap(f"All checks passed in {files}{left_out}", style.width)
        passed = paint("All checks passed", "green bold", style)
        return "\n".join([passed + first.removeprefix("All checks passed"), *more])
    counts = [count_noun(number, word) for word, number in result.counts.items() if number]
    fixable = sum(diagnostic.is_fixable for diagnostic in result.diagnostics)
    fixes = f"; `okrctl check --fix` fixes {fixable} of them" if fixable else ""
    first, *more = wrap(f"Found {', '.join(counts)} in {files}{fixes}{left_out}", style.width)
    return "\n".join([paint("Found", "bold", style) + first.removeprefix("Found"), *more])
