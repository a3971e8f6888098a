"""Findings for people: the line of the file with marks under the exact text, then the mend."""

from __future__ import annotations

from collections.abc import Iterator

from okrctl.check.report import Report, Statistics, Tally
from okrctl.outputs.ci.excerpt import excerpt
from okrctl.outputs.terminal import Look, painted, safe, width_of, wrapped
from okrctl.values.diagnostic import Diagnostic, Severity, Span

COLORS: dict[Severity, str] = {"error": "red bold", "warning": "yellow bold", "info": "cyan bold"}
FRAME = "cyan"


def render(result: Report | Statistics, look: Look) -> str:
    """Every finding with its place, and how many there are."""
    if isinstance(result, Statistics):
        return "\n".join(_tally(one, look) for one in result.tallies)
    blocks = ["\n".join(_block(one, result, look)) for one in result.diagnostics]
    return "\n\n".join([*blocks, _summary(result, look)]) + "\n"


def _tally(one: Tally, look: Look) -> str:
    mend = f", {one.fixable} with a fix" if one.fixable else ""
    return f"{one.found:>6}  {painted(one.severity.ljust(7), COLORS[one.severity], look)}  {one.code}  {one.name}{mend}"


def _block(one: Diagnostic, result: Report, look: Look) -> Iterator[str]:
    head = f"{one.severity}[{one.code}] {one.name}: "
    title, *more = wrapped(head + safe(one.message), look.width, "  ")
    color = COLORS[one.severity]
    label = painted(f"{one.severity}[{one.code}]", color, look)
    yield label + painted(title.removeprefix(f"{one.severity}[{one.code}]"), "bold", look)
    yield from (painted(line, "bold", look) for line in more)
    digits = len(str(max([one.span.line, *(other.span.line for other in one.related)])))
    yield from _place("-->", one.path, one.span, "", digits, result, look, color)
    for other in one.related:
        yield from _place(":::", other.path, other.span, other.message, digits, result, look, FRAME)
    if one.help:
        help, *rest = wrapped(f"help: {safe(one.help)}", look.width, " " * 6)
        yield painted("help", "green bold", look) + help.removeprefix("help")
        yield from rest


def _place(
    arrow: str, path: str, span: Span, label: str, digits: int, result: Report, look: Look, color: str
) -> Iterator[str]:
    """Where something is, and the line there with its marks: `^` under what is wrong, `-` under what belongs to it."""
    margin = " " * digits
    place = f"{safe(result.from_folder(path))}:{span.line}:{span.column}"
    line = result.line(path, span.line)
    if line is None:
        yield from _header(margin, arrow, place, label, look)
        return
    whole = span.end_line != span.line or span == (span.line, 1, span.line, 1)
    end = len(line.rstrip()) if whole else span.end_column - 1
    room = look.width - digits - 3 if look.width else None
    shown = excerpt(line, span.column - 1, end, room, look.glyphs)
    beside = f" {safe(label)}" if label else ""
    fits = room is None or shown.gap + shown.marks + width_of(beside) <= room
    yield from _header(margin, arrow, place, "" if fits else label, look)
    bar = painted("|", FRAME, look)
    marks = ("^" if arrow == "-->" else "-") * shown.marks + (beside if fits else "")
    yield f"{margin} {bar}"
    yield f"{painted(str(span.line).rjust(digits), FRAME, look)} {bar} {shown.line}".rstrip()
    yield f"{margin} {bar} {' ' * shown.gap}{painted(marks, color, look)}"


def _header(margin: str, arrow: str, place: str, label: str, look: Look) -> Iterator[str]:
    front = len(margin) + len(arrow) + 1
    text = f"{place} {safe(label)}" if label else place
    first, *more = wrapped(text, look.width - front if look.width and label else None)
    yield f"{margin}{painted(arrow, FRAME, look)} {first}"
    yield from (" " * front + line for line in more)


def _summary(result: Report, look: Look) -> str:
    files = counted(result.files, "file")
    if not result.diagnostics:
        if result.empty:
            return "Nothing to check: there is no OKR or KPI file here; `okrctl init` begins with one"
        return f"{painted('All checks passed', 'green bold', look)} in {files}"
    found = [counted(number, word) for word, number in result.counts.items() if number]
    fixable = sum(one.fixable for one in result.diagnostics)
    mend = f"; `okrctl check --fix` mends {fixable} of them" if fixable else ""
    first, *more = wrapped(f"Found {', '.join(found)} in {files}{mend}", look.width)
    return "\n".join([painted("Found", "bold", look) + first.removeprefix("Found"), *more])


def counted(number: int, word: str) -> str:
    """A number with its noun in the right form; `info` has no plural."""
    return f"{number} {word}" if number == 1 or word == "info" else f"{number} {word}s"
