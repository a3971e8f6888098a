"""Findings for people: the line of the file with marks under the exact text, then the mend."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from okrctl.checking import Report
from okrctl.diagnostic import Diagnostic, Severity, Span
from okrctl.outputs.excerpt import excerpt
from okrctl.outputs.terminal import Look, painted, safe, wrapped

COLORS: dict[Severity, str] = {"error": "red bold", "warning": "yellow bold", "info": "cyan bold"}
FRAME = "cyan"
_BREAK = re.compile(r"\r\n|[\r\n]")


def render(result: Report, look: Look) -> str:
    """Every finding with its place, and how many there are."""
    texts = _Texts(result.texts)
    blocks = ["\n".join(_block(one, texts, look)) for one in result.diagnostics]
    return "\n\n".join([*blocks, _summary(result, look)]) + "\n"


class _Texts:
    """The lines of the files, each file split once."""

    def __init__(self, texts: Mapping[str, str]) -> None:
        self.texts = texts
        self._lines: dict[str, list[str]] = {}

    def line(self, path: str, number: int) -> str | None:
        """One line of a file, None where it has no such line."""
        if path not in self._lines:
            self._lines[path] = _BREAK.split(self.texts.get(path, "").removeprefix("\ufeff"))
        lines = self._lines[path]
        return lines[number - 1] if 0 < number <= len(lines) and any(lines) else None


def _block(one: Diagnostic, texts: _Texts, look: Look) -> Iterator[str]:
    head = f"{one.severity}[{one.code}] {one.name}: "
    title, *more = wrapped(head + safe(one.message), look.width, "  ")
    color = COLORS[one.severity]
    label = painted(f"{one.severity}[{one.code}]", color, look)
    yield label + painted(title.removeprefix(f"{one.severity}[{one.code}]"), "bold", look)
    yield from (painted(line, "bold", look) for line in more)
    digits = len(str(max([one.span.line, *(other.span.line for other in one.related)])))
    yield from _place("-->", one.path, one.span, "", digits, texts, look, color)
    for other in one.related:
        yield from _place(":::", other.path, other.span, other.message, digits, texts, look, FRAME)
    if one.help:
        help, *rest = wrapped(f"help: {safe(one.help)}", look.width, " " * 6)
        yield painted("help", "green bold", look) + help.removeprefix("help")
        yield from rest


def _place(
    arrow: str, path: str, span: Span, label: str, digits: int, texts: _Texts, look: Look, color: str
) -> Iterator[str]:
    """Where something is, and the line there with its marks: `^` under what is wrong, `-` under what belongs to it."""
    margin = " " * digits
    place = f"{safe(path)}:{span.line}:{span.column}"
    line = texts.line(path, span.line)
    tail = f" {safe(label)}" if label and line is None else ""
    yield f"{margin}{painted(arrow, FRAME, look)} {place}{tail}"
    if line is None:
        return
    end = span.end_column - 1 if span.end_line == span.line else len(line.rstrip())
    room = look.width - digits - 3 if look.width else None
    shown = excerpt(line, span.column - 1, end, room, look.glyphs)
    bar = painted("|", FRAME, look)
    marks = ("^" if arrow == "-->" else "-") * shown.marks
    beside = f" {safe(label)}" if label else ""
    yield f"{margin} {bar}"
    yield f"{painted(str(span.line).rjust(digits), FRAME, look)} {bar} {shown.line}".rstrip()
    yield f"{margin} {bar} {' ' * shown.gap}{painted(marks + beside, color, look)}"


def _summary(result: Report, look: Look) -> str:
    files = counted(result.files, "file")
    if not result.diagnostics:
        if not result.files:
            return "Nothing to check: there is no OKR or KPI file here; `okrctl init` begins with one"
        return f"{painted('All checks passed', 'green bold', look)} in {files}"
    found = [counted(number, word) for word, number in result.counts.items() if number]
    fixable = sum(one.fixable for one in result.diagnostics)
    mend = f"; `okrctl check --fix` mends {fixable} of them" if fixable else ""
    return f"{painted('Found', 'bold', look)} {', '.join(found)} in {files}{mend}"


def counted(number: int, word: str) -> str:
    """A number with its noun in the right form; `info` has no plural."""
    return f"{number} {word}" if number == 1 or word == "info" else f"{number} {word}s"
