"""What reaches a terminal: nothing harmful, nothing too wide, nothing it cannot show."""

from __future__ import annotations

import io
import unicodedata
from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.table import Table
from rich.text import Text

from okrctl.outputs import terminal
from okrctl.outputs.grid import fold_text
from okrctl.outputs.terminal import (
    ASCII,
    UNICODE,
    TerminalStyle,
    clip,
    display_width,
    pad,
    rich_console,
    sanitize,
    wants_color,
)

HOSTILE = ["\x1b[31mred", "\x1b]0;title\x07", "a\u202eb", "\u2066x\u2069", "\x9b31m", "\x08\x08", "\x00", "\ud800"]


@pytest.mark.parametrize("text", HOSTILE)
def test_control_characters_are_escaped(text: str) -> None:
    assert "\\" in sanitize(text)
    assert sanitize(sanitize(text)) == sanitize(text)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Größe 日本 🇩🇪 👩‍🚀 é", "Größe 日本 🇩🇪 👩‍🚀 é"),
        ("two\nlines\r\nthree", "two lines three"),
        ("a\tb", "a b"),
        ("\x1b[31m", "\\x1b[31m"),
        ("\u202eevil", "\\u202eevil"),
        ("[red]x[/] :smile:", "[red]x[/] :smile:"),
        ("", ""),
    ],
)
def test_other_text_stays_what_it_is(text: str, shown: str) -> None:
    assert sanitize(text) == shown


@given(st.text(st.characters(exclude_categories=())))
def test_safe_text_is_one_line_without_controls(text: str) -> None:
    shown = sanitize(text)
    assert len(shown.splitlines()) <= 1
    assert not any(unicodedata.category(sign) in ("Cc", "Cs") for sign in shown)
    shown.encode("utf-8")


@pytest.mark.parametrize(
    ("choice", "tty", "environment", "colored"),
    [
        ("auto", True, {}, True),
        ("auto", False, {}, False),
        ("always", False, {"NO_COLOR": "1"}, True),
        ("never", True, {"FORCE_COLOR": "1"}, False),
        ("auto", True, {"NO_COLOR": "1"}, False),
        ("auto", True, {"NO_COLOR": ""}, True),
        ("auto", False, {"FORCE_COLOR": "1"}, True),
        ("auto", True, {"FORCE_COLOR": "0"}, False),
        ("auto", True, {"NO_COLOR": "1", "FORCE_COLOR": "1"}, False),
        ("auto", True, {"CLICOLOR": "0"}, False),
        ("auto", False, {"CLICOLOR": "1"}, False),
        ("auto", True, {"TERM": "dumb"}, False),
    ],
)
def test_colour(choice: str, tty: bool, environment: Mapping[str, str], colored: bool) -> None:
    assert wants_color(choice, tty, environment) is colored


class Screen(io.TextIOWrapper):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


def screen(encoding: str = "utf-8") -> Screen:
    return Screen(io.BytesIO(), encoding=encoding)


def test_width_is_that_of_the_terminal_and_endless_elsewhere() -> None:
    assert terminal.detect_style(screen(), "auto", {"COLUMNS": "123"}).width == 123
    assert terminal.detect_style(screen(), "auto", {"COLUMNS": "none"}).width
    assert terminal.detect_style(io.StringIO(), "auto", {"COLUMNS": "123"}).width is None
    assert terminal.detect_style(None, "always", {}) == TerminalStyle(color=True, width=None)


@pytest.mark.parametrize("columns", ["1", "3", "0", "-3", "1000000000", "9" * 5000, "\u0663", ""])
def test_the_width_is_limited(columns: str) -> None:
    width = terminal.detect_style(screen(), "auto", {"COLUMNS": columns}).width
    assert width is not None
    assert terminal.MIN_COLUMNS <= width <= terminal.MAX_COLUMNS


@given(st.text(st.sampled_from("ab 漢\u0301\u200d\u200b👩%"), max_size=30), st.integers(-3, 12))
def test_text_is_broken_at_every_width(text: str, width: int) -> None:
    assert all(display_width(line) <= max(width, 2) for line in fold_text(text, width))


@pytest.mark.parametrize(
    ("encoding", "environment", "unicode"),
    [
        ("utf-8", {}, True),
        ("cp1252", {}, False),
        ("ascii", {}, False),
        ("utf-8", {"LANG": "C"}, False),
        ("utf-8", {"LC_ALL": "POSIX"}, False),
        ("utf-8", {"LC_ALL": "C.UTF-8", "LANG": "C"}, True),
        ("utf-8", {"LANG": "de_DE.UTF-8"}, True),
    ],
)
def test_characters_are_those_that_the_terminal_has(encoding: str, environment: dict[str, str], unicode: bool) -> None:
    style = terminal.detect_style(screen(encoding), "auto", environment)
    assert style.unicode is unicode
    "".join(style.glyphs).encode(encoding)


def test_ascii_signs_are_ascii_and_single_cells_are_single() -> None:
    assert "".join(ASCII).isascii()
    for sign in (*UNICODE.partial, *UNICODE.sparkline, UNICODE.full, UNICODE.empty, UNICODE.done, UNICODE.open):
        assert display_width(sign) == 1


@pytest.mark.parametrize(
    ("text", "width"), [("abc", 3), ("日本", 4), ("é", 1), ("e\u0301", 1), ("🙂", 2), ("👩‍🚀", 2), ("🇩🇪", 2), ("", 0)]
)
def test_width_of_text(text: str, width: int) -> None:
    assert display_width(text) == width


@pytest.mark.parametrize(
    ("text", "width", "clipped"),
    [
        ("abcdef", 6, "abcdef"),
        ("abcdef", 5, "abcd…"),
        ("日本語", 5, "日本…"),
        ("日本語", 4, "日…"),
        ("ab cd", 4, "ab…"),
        ("abc", 1, "…"),
        ("abc", 0, ""),
        ("abc", None, "abc"),
    ],
)
def test_clip(text: str, width: int | None, clipped: str) -> None:
    assert clip(text, width) == clipped


@given(st.text(max_size=20), st.integers(0, 12))
def test_a_clipped_text_fits_and_a_padded_one_fills(text: str, width: int) -> None:
    short = clip(sanitize(text), width)
    assert display_width(short) <= width
    assert display_width(pad(short, width)) == display_width(pad(short, width, right=True)) == width


def table(*cells: str) -> Table:
    made = Table(*("column" for _ in cells))
    made.add_row(*(Text(cell) for cell in cells))
    return made


def printed(renderable: Table | Text, style: TerminalStyle) -> str:
    """What a console prints; lines do not end in spaces."""
    buffer = io.StringIO()
    rich_console(style, buffer).print(renderable)
    return "".join(line.rstrip() + "\n" for line in buffer.getvalue().splitlines())


def test_text_is_never_markup() -> None:
    for text in ("[x] done", "[/]", ":smile:", "[red]"):
        assert text in printed(text, TerminalStyle())
        assert text in printed(table(text), TerminalStyle(width=80))


def test_rich_has_colour_only_when_wanted() -> None:
    red = Text("x", style="red")
    assert printed(red, TerminalStyle(color=True, width=80)) == "\x1b[31mx\x1b[0m\n"
    assert printed(red, TerminalStyle(color=False, width=80)) == "x\n"


def test_rich_keeps_its_width_or_its_length() -> None:
    long = "word " * 100
    assert max(map(len, printed(table(long, long), TerminalStyle(width=60)).splitlines())) <= 60
    assert printed(Text(long), TerminalStyle()) == long.rstrip() + "\n"
    assert long.strip() in printed(table(long), TerminalStyle())


def test_the_environment_does_not_reach_rich(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "10")
    assert printed(Text("word " * 10, style="red"), TerminalStyle(width=60)) == ("word " * 10).rstrip() + "\n"
