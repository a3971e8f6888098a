"""Detects what a terminal can show (colour, width, characters), and makes the text of files harmless to it."""

from __future__ import annotations

import os
import re
import shutil
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple, TextIO

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rich.console import Console


class Glyphs(NamedTuple):
    """The characters for drawing."""

    full: str  # a bar's filled cell
    empty: str  # a bar's open cell
    partial: str  # a bar's last cell, partly filled, from little to much
    sparkline: str  # the levels of a sparkline, from low to high
    done: str
    open: str
    warning: str
    arrow: str
    ellipsis: str
    bullet: str
    line: str
    branch: str
    last_branch: str
    vertical: str


UNICODE = Glyphs("█", "░", "▏▎▍▌▋▊▉", "▁▂▃▄▅▆▇█", "✓", "○", "⚠", "→", "…", "·", "─", "├─ ", "└─ ", "│  ")
ASCII = Glyphs("#", ".", "", "_.-=+*%#", "x", "o", "!", "->", "~", "-", "-", "|- ", "`- ", "|  ")


MIN_COLUMNS, MAX_COLUMNS = 20, 2000


@dataclass(frozen=True, slots=True)
class TerminalStyle:
    """What the output may use; `width` is None where lines are never broken, as in a file or a pipe."""

    color: bool = False
    width: int | None = None
    unicode: bool = True

    def is_wide(self, columns: int) -> bool:
        """Whether there are so many columns; always where lines are never broken."""
        return self.width is None or self.width >= columns

    @property
    def glyphs(self) -> Glyphs:
        """The characters for drawing."""
        return UNICODE if self.unicode else ASCII


def detect_style(stream: TextIO | None, color: str, environment: Mapping[str, str]) -> TerminalStyle:
    """What `stream` can show; `color` is the value of the option: auto, always or never."""
    terminal = _is_terminal(stream)
    return TerminalStyle(
        color=wants_color(color, terminal, environment),
        width=_width(stream, environment) if terminal else None,
        unicode=_supports_unicode(stream, environment),
    )


def wants_color(choice: str, terminal: bool, environment: Mapping[str, str]) -> bool:
    """Whether to colour: the option first, then NO_COLOR, FORCE_COLOR and CLICOLOR, then whether it is a terminal."""
    if choice != "auto":
        return choice == "always"
    if environment.get("NO_COLOR"):
        return False
    if "FORCE_COLOR" in environment:
        return environment["FORCE_COLOR"].lower() not in ("", "0", "false", "no")
    if environment.get("CLICOLOR") == "0" or environment.get("TERM") == "dumb":
        return False
    return terminal


def sanitize(text: str) -> str:
    """One harmless line: line breaks become spaces, control characters and changes of direction become visible."""
    if text.isprintable() and text.isascii():
        return text
    return _CONTROL_CHARACTERS.sub(_escape_character, " ".join(text.splitlines()))


_CONTROL_CHARACTERS = re.compile("[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def _escape_character(found: re.Match[str]) -> str:
    code = ord(found[0])
    if code == 0x09:
        return " "
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"


def display_width(text: str) -> int:
    """The number of columns that `text` takes on a terminal."""
    if text.isascii():
        return len(text)
    from rich.cells import cell_len

    return cell_len(text)


def clip(text: str, width: int | None, glyphs: Glyphs = UNICODE) -> str:
    """`text` in at most `width` columns, with an ellipsis where something is cut."""
    if width is None or display_width(text) <= width:
        return text
    from rich.cells import set_cell_size

    room = width - len(glyphs.ellipsis)
    return set_cell_size(text, room).rstrip(" ,;:") + glyphs.ellipsis if room >= 0 else ""


def pad(text: str, width: int, right: bool = False) -> str:
    """`text` padded with spaces to `width` columns, on its right or, for numbers, on its left."""
    gap = " " * (width - display_width(text))
    return gap + text if right else text + gap


def paint(text: str, color: str, style: TerminalStyle) -> str:
    """`text` in colour where there is colour; `color` is words such as `red bold`."""
    if not style.color or not text:
        return text
    return f"\x1b[{';'.join(_ANSI_CODES[word] for word in color.split())}m{text}\x1b[0m"


_ANSI_CODES = {
    "bold": "1", "dim": "2", "underline": "4", "red": "31", "green": "32", "yellow": "33", "blue": "34",
    "magenta": "35", "cyan": "36",
}  # fmt: skip


def wrap(text: str, width: int | None, indent: str = "") -> list[str]:
    """Text broken between words into lines of at most `width` columns, all but the first indented."""
    if width is None or display_width(text) <= width:
        return [text]
    lines = [""]
    for word in text.split(" "):
        fits = display_width(lines[-1]) + 1 + display_width(word) <= width
        if lines == [""] or fits:
            lines[-1] += f" {word}" if lines[-1] else word
        else:
            lines.append(indent + word)
    return lines


def rich_console(style: TerminalStyle, file: TextIO | None = None) -> Console:
    """A rich console that shows text as it is: without markup, emoji codes or highlighting."""
    from rich.console import Console

    return Console(
        file=file,
        width=style.width or 100_000,
        force_terminal=style.color,
        color_system="standard" if style.color else None,
        no_color=not style.color,
        legacy_windows=False,
        safe_box=True,
        markup=False,
        emoji=False,
        highlight=False,
        soft_wrap=style.width is None,
        _environ={},
    )


def _is_terminal(stream: TextIO | None) -> bool:
    try:
        return stream is not None and stream.isatty()
    except ValueError:  # closed
        return False


def _width(stream: TextIO | None, environment: Mapping[str, str]) -> int:
    """The width that COLUMNS or the terminal says, limited so that a table has room and memory suffices."""
    return min(max(_columns(stream, environment), MIN_COLUMNS), MAX_COLUMNS)


def _columns(stream: TextIO | None, environment: Mapping[str, str]) -> int:
    columns = environment.get("COLUMNS", "")
    if columns.isascii() and columns.isdecimal() and len(columns) < 10 and int(columns) > 0:
        return int(columns)
    try:
        return os.get_terminal_size((stream or sys.stdout).fileno()).columns or 80
    except (OSError, ValueError):
        return shutil.get_terminal_size().columns


def _supports_unicode(stream: TextIO | None, environment: Mapping[str, str]) -> bool:
    """Whether encoding and locale agree: in the C locale Python writes UTF-8, which the terminal may not read."""
    try:
        "".join(UNICODE).encode(getattr(stream, "encoding", None) or "utf-8")
    except (UnicodeEncodeError, LookupError):
        return False
    return (environment.get("LC_ALL") or environment.get("LANG")) not in ("C", "POSIX")
