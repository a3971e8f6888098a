"""Marks stand under the text that is meant, whatever the line is made of, and nothing harmful reaches the terminal."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from okrctl.check.report import CheckReport
from okrctl.outputs.ci.excerpt import MAX_COLUMNS, excerpt
from okrctl.outputs.ci.full import render
from okrctl.outputs.terminal import ASCII, UNICODE, TerminalStyle, display_width
from okrctl.values.diagnostic import Related, Span
from tests.outputs.reports import PATH, PLAIN, finding, report


def place(text: str, word: str) -> Span:
    line, start = next((n, one.index(word)) for n, one in enumerate(text.splitlines(), 1) if word in one)
    return Span(line, start + 1, line, start + 1 + len(word))


def drawn(text: str, word: str, style: TerminalStyle = PLAIN) -> tuple[str, str]:
    """The line as shown, and what stands above the marks in it, counted in columns."""
    lines = render(report(finding(span=place(text, word)), text=text), style).splitlines()
    shown, marks = next((a, b) for a, b in pairwise(lines) if re.fullmatch(r" +\| +\^+", b))
    begin, end = marks.index("^"), len(marks)
    columns = [(display_width(shown[:number]), letter) for number, letter in enumerate(shown)]
    return shown, "".join(letter for column, letter in columns if begin <= column < end)


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("title: Users stay", "Users"),
        ("title: 日本のお客様 stay", "お客様"),
        ("title: 日本のお客様 stay", "stay"),
        ("title:\tUsers\tstay", "stay"),
        ("title: cafe\u0301 e\u0301te\u0301 stay", "stay"),
        ("title: 👩‍👩‍👧 and ❤️ stay", "stay"),
        ("a: 1\r\ntitle: Users stay\r\nb: 2", "Users"),
        ("\ufefftitle: Users stay"[1:], "title"),
    ],
)
def test_marks_stand_under_the_text(text: str, word: str) -> None:
    assert drawn(text, word)[1] == word


def test_a_byte_order_mark_takes_no_column() -> None:
    found = render(report(finding(span=Span(1, 1, 1, 6)), text="\ufefftitle: x"), PLAIN)
    assert "1 | title: x\n  | ^^^^^\n" in found


@pytest.mark.parametrize("width", [30, 40, 60, 80, 140])
def test_a_long_line_is_shown_around_the_place(width: int) -> None:
    text = "a " * 5000 + "meant" + " b" * 5000
    shown, above = drawn(text, "meant", TerminalStyle(width=width))
    assert above == "meant"
    assert display_width(shown) <= width
    assert shown.count("…") == 2


def test_a_piped_line_is_cut_only_when_it_is_very_long() -> None:
    shown, above = drawn("x" * (MAX_COLUMNS - 10) + " meant", "meant")
    assert above == "meant" and "…" not in shown
    assert "…" in drawn("x" * (MAX_COLUMNS + 10) + " meant", "meant")[0]


def test_without_unicode_only_ascii_is_drawn() -> None:
    text = "a " * 500 + "meant" + " b" * 500
    assert render(
        report(finding(span=place(text, "meant")), text=text), TerminalStyle(width=60, unicode=False)
    ).isascii()


def test_a_span_over_several_lines_is_shown_by_its_first() -> None:
    found = render(report(finding(span=Span(1, 8, 3, 4)), text="title: >\n  one\n  two\n"), PLAIN)
    assert "1 | title: >\n  |        ^\n" in found


def test_related_places_carry_their_label() -> None:
    other = Related("okrs/other.yaml", Span(2, 5, 2, 8), "first given here")
    texts = {PATH: "id: b\n", "okrs/other.yaml": "a:\nid: boo\n"}
    found = render(CheckReport((finding(span=Span(1, 5, 1, 6), related=(other,)),), 2, texts), PLAIN)
    assert " ::: okrs/other.yaml:2:5\n  |\n2 | id: boo\n  |     --- first given here\n" in found


def test_a_label_without_room_beside_the_marks_stands_with_the_place() -> None:
    other = Related(PATH, Span(1, 40, 1, 50), "first given here, a long time ago")
    found = render(report(finding(related=(other,)), text="x" * 60), TerminalStyle(width=60))
    assert " ::: okrs/2026-Q2/trust.yaml:1:40 first given here, a long\n     time ago\n" in found
    assert all(display_width(line) <= 60 for line in found.splitlines())


def test_a_file_that_cannot_be_shown_is_still_named() -> None:
    found = render(
        CheckReport((finding(path="okrs/gone.yaml", span=Span(1, 1, 1, 1)),), 1, {"okrs/gone.yaml": ""}), PLAIN
    )
    assert "--> okrs/gone.yaml:1:1" in found and " | " not in found


def test_nothing_is_said_by_colour_alone_and_nothing_harmful_passes() -> None:
    text = "title: \x1b[31mred\x07\u202e back"
    result = report(finding("bad \x1b]0;title\x07", span=Span(1, 8, 1, 10), help="\x1b[2J"), text=text)
    plain, coloured = render(result, PLAIN), render(result, TerminalStyle(color=True))
    assert "\x1b" not in plain and "\x07" not in plain and "\u202e" not in plain
    assert re.sub(r"\x1b\[[\d;]*m", "", coloured) == plain


def test_the_summary_counts_findings_and_fixes() -> None:
    ones = (finding(severity="error"), finding(severity="error"), finding(), finding(severity="info"))
    assert render(report(*ones), PLAIN).endswith("\n\nFound 2 errors, 1 warning, 1 info in 1 file\n")
    assert render(report(), PLAIN) == "All checks passed in 1 file\n"
    assert render(CheckReport((), 0, {}), PLAIN) == "Nothing to check: no workspace is affected\n"


@given(st.text(max_size=300), st.integers(0, 320), st.integers(0, 320), st.integers(10, 120), st.booleans())
def test_an_excerpt_fits_and_its_marks_lie_inside(line: str, start: int, end: int, room: int, unicode: bool) -> None:
    shown = excerpt(line, start, end, room, UNICODE if unicode else ASCII)
    assert display_width(shown.line) <= max(room, 20)
    assert shown.gap >= 0 and shown.marks >= 1
    assert "\n" not in shown.line and "\x1b" not in shown.line
