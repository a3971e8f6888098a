"""Explains a syntax error in plain words: what is wrong, where, and how to fix it."""

from __future__ import annotations

import re
from typing import NamedTuple

from okrctl.values.diagnostic import CONFLICT_MESSAGE
from okrctl.yaml.ast import shorten
from okrctl.yaml.events import BAD_ESCAPE, END, EventRecord, ParserFailure

_CONFLICT = re.compile(r"^(?:<{7}|={7}|>{7}|\|{7})(?=[ \r\n]|$)", re.MULTILINE)
_CONTROL = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_LINE = re.compile(r"[^\r\n]*")
_WORD = re.compile(r"[^\s,\[\]{}]+")
_KEY = r"(?:\"[^\"]*\"\s*|'[^']*'\s*|[^\s'\"#:](?:[^:]|:(?=\S))*)"
_VALUE = re.compile(rf"(?P<lead>[ ]*(?:- +)*(?P<key>{_KEY}):\s+)(?P<value>\S.*)")
_UNICODE_ESCAPE = re.compile(
    r"\\(?:u(?P<half>[dD][89abAB][0-9a-fA-F]{2})(?:\\u(?P<other>[dD][c-fC-F][0-9a-fA-F]{2}))?"
    r"|u(?P<rest>[dD][c-fC-F][0-9a-fA-F]{2})|.)",
    re.DOTALL,
)
_NO_CHARACTER = re.compile(r"\\U(?!000|0010)[0-9a-fA-F]{8}")
_CLOSING_BRACKETS = {"[": "]", "{": "}"}


class SyntaxProblem(NamedTuple):
    """A syntax error between two offsets, and how to fix it."""

    message: str
    help: str
    start: int
    end: int
    code: str = "OKR001"


def find_conflict(text: str) -> SyntaxProblem | None:
    """The first merge-conflict marker of git at the start of a line."""
    found = _CONFLICT.search(text)
    if not found:
        return None
    help = "keep one of the two versions and delete the lines that start with <<<<<<<, ======= and >>>>>>>"
    return SyntaxProblem(CONFLICT_MESSAGE, help, found.start(), found.end())


def explain_failure(text: str, record: EventRecord, shift: int) -> SyntaxProblem:
    """Explain why the parser stopped; `shift` is added to its offsets."""
    failure = record.failure
    if failure is None or failure.offset is None:
        return _control_character(text)
    context = _FailureContext(text, record, failure, failure.offset, shift)
    explanations = (
        _open_quote, _open_bracket, _tab, _sign, _late_quote, _colon, _missing_colon, _escape, _misplaced_item,
        _other_problem,
    )  # fmt: skip
    for explanation in explanations:
        problem = explanation(context)
        if problem:
            return problem
    help = "check the indentation of this line and the line above, and quote text with special characters"
    return SyntaxProblem("invalid YAML", help, *context.word_span(context.offset))


class _FailureContext:
    """Where the parser stopped, and the line around that offset."""

    def __init__(self, text: str, record: EventRecord, failure: ParserFailure, offset: int, shift: int) -> None:
        self.text, self.record, self.shift = text, record, shift
        self.problem, self.context = failure.problem, failure.context
        self.offset = min(offset + shift, len(text))
        self.context_offset = self.offset if failure.context_offset is None else failure.context_offset + shift
        self.start, self.line = self.line_at(self.offset)

    def line_at(self, offset: int) -> tuple[int, str]:
        """The start of the line around an offset, after a byte order mark, and the line."""
        start = max(self.text.rfind("\n", 0, offset), self.text.rfind("\r", 0, offset), self.shift - 1) + 1
        found = _LINE.match(self.text, start)
        return start, found[0] if found else ""

    def word_span(self, offset: int) -> tuple[int, int]:
        """The start and end of the word at an offset, of at least one character unless the text ends there."""
        found = _WORD.match(self.text, offset)
        return offset, found.end() if found else min(offset + 1, len(self.text))

    def value_at(self, offset: int) -> str:
        """The text from an offset to the end of its line or a comment; in brackets, to the next comma or bracket."""
        start, line = self.line_at(offset)
        value = re.split(r"\s#", line[offset - start :], maxsplit=1)[0].rstrip()
        in_brackets = re.search(r"[\[{]", line[: offset - start])
        return re.split(r"[,\]}]", value, maxsplit=1)[0].rstrip() if in_brackets else value

    def spans_lines(self, start: int, end: int) -> bool:
        return "\n" in self.text[start:end] or "\r" in self.text[start:end]


def _control_character(text: str) -> SyntaxProblem:
    character = _CONTROL.search(text)
    escape = _NO_CHARACTER.search(text)
    if not character and escape:
        return SyntaxProblem(f"{escape[0]} is not a character", "correct the escape", *escape.span())
    if not character:
        return SyntaxProblem("the file is not valid YAML", "check the first lines of the file", 0, 0)
    return SyntaxProblem(
        f"the control character U+{ord(character[0]):04X} is not allowed", "delete it", *character.span()
    )


def _quote(text: str) -> str:
    """A text in quotes; single quotes if it contains double quotes or backslashes."""
    text = shorten(text, 60)
    if '"' not in text and "\\" not in text:
        return f'"{text}"'
    return "'" + text.replace("'", "''") + "'"


def _open_quote(at: _FailureContext) -> SyntaxProblem | None:
    if "quoted" not in at.context or not ("end of stream" in at.problem or "document" in at.problem):
        return None
    quote = at.text[at.context_offset : at.context_offset + 1]
    help = f"close it with {quote}, or quote the whole text if {quote} is part of it"
    return SyntaxProblem(f"the quote {quote} is never closed", help, at.context_offset, at.context_offset + 1)


def _open_bracket(at: _FailureContext) -> SyntaxProblem | None:
    if "flow" not in at.context:
        return None
    start = (
        at.context_offset
        if at.text[at.context_offset : at.context_offset + 1] in _CLOSING_BRACKETS
        else _innermost_bracket(at)
    )
    if start is None or not (at.offset >= len(at.text.rstrip()) or at.spans_lines(start, at.offset)):
        return None
    sign = at.text[start]
    return SyntaxProblem(
        f"the bracket {sign} is never closed", f"close it with {_CLOSING_BRACKETS[sign]}", start, start + 1
    )


def _innermost_bracket(at: _FailureContext) -> int | None:
    """The offset of the last bracket that is still open."""
    still_open: list[int] = []
    for index, entry in enumerate(at.record.entries):
        if entry == END:
            still_open.pop()
        elif not isinstance(entry, str) and entry < END and index not in at.record.properties:
            start = at.record.offsets[2 * index] + at.shift
            still_open.append(start)
    return next((start for start in reversed(still_open) if at.text[start : start + 1] in _CLOSING_BRACKETS), None)


def _tab(at: _FailureContext) -> SyntaxProblem | None:
    blank = len(at.line) - len(at.line.lstrip(" \t"))
    tab = at.line[:blank].find("\t")
    if tab < 0:
        return None
    return SyntaxProblem("a tab is used as indentation", "indent with spaces", at.start + tab, at.start + blank)


def _sign(at: _FailureContext) -> SyntaxProblem | None:
    """A text that begins with a character that has a meaning in YAML."""
    if "cannot start any token" in at.problem or "node content" in at.problem:
        begin = at.offset
    elif any(word in at.context for word in ("alias", "anchor", "tag", "directive", "block scalar")):
        begin = at.context_offset
    else:
        return None
    sign, value = at.text[begin : begin + 1], at.value_at(begin)
    if sign == "\t":
        return SyntaxProblem("a tab in place of a space", "use spaces", begin, begin + 1)
    if not sign.strip() or sign.isalnum():
        return None
    value = value or sign
    message = f"text that begins with {sign} needs quotes"
    return SyntaxProblem(message, f"write {_quote(value)}", begin, begin + len(value))


def _late_quote(at: _FailureContext) -> SyntaxProblem | None:
    """A quote that is closed only by the next quote, some lines later."""
    entries = at.record.entries
    last = next((index for index in range(len(entries) - 1, -1, -1) if isinstance(entries[index], str)), None)
    if last is None:
        return None
    start, end = at.record.offsets[2 * last] + at.shift, at.record.offsets[2 * last + 1] + at.shift
    sign = at.text[start : start + 1]
    if sign not in ("'", '"') or not at.spans_lines(start, end) or at.spans_lines(end, at.offset):
        return None
    help = f"close it with {sign} at the end of the text"
    return SyntaxProblem(f"the quote {sign} is not closed on this line", help, start, start + 1)


def _colon(at: _FailureContext) -> SyntaxProblem | None:
    """`title: Grow: faster`, or a line that cannot follow the line above."""
    if "mapping values are not allowed" not in at.problem:
        return None
    found = _VALUE.match(at.line)
    if found and at.start + found.start("value") <= at.offset:
        start = at.start + found.start("value")
        value = at.value_at(start)
        help = f"quote the text: {shorten(found['key'])}: {_quote(value)}"
        return SyntaxProblem("text with a colon and a space needs quotes", help, start, start + len(value))
    indent = len(at.line) - len(at.line.lstrip())
    before, above = at.line_at(max(at.start - 2, at.shift))
    above_indent = len(above) - len(above.lstrip())
    if above.strip() and ": " not in above and above_indent == indent and before < at.start:
        return _no_colon(at, before + above_indent)
    message = "this line cannot follow the line above"
    if above_indent < indent:
        message = "this line is indented deeper than the line above, which already has a value"
    help = "align it with the lines above"
    return SyntaxProblem(message, help, at.start + indent, max(at.offset, at.start + indent + 1))


def _missing_colon(at: _FailureContext) -> SyntaxProblem | None:
    return _no_colon(at, at.context_offset) if "could not find expected ':'" in at.problem else None


def _no_colon(at: _FailureContext, begin: int) -> SyntaxProblem:
    value = at.value_at(begin)
    help = "write the key, a colon, a space and the value"
    if ":" in value:
        return SyntaxProblem("missing space after the colon", help, begin, begin + len(value))
    return SyntaxProblem("missing colon", help, begin, begin + max(len(value), 1))


def _escape(at: _FailureContext) -> SyntaxProblem | None:
    if "quoted" not in at.context and "double-quoted" not in at.context:
        return None
    if at.problem == BAD_ESCAPE and (half := _half_character(at.text, at.context_offset)):
        return half
    start = at.text.rfind("\\", at.context_offset, at.offset + 1)
    if start < 0:
        return None
    help = "write the backslash twice, or use single quotes"
    sign = at.text[start : start + 2]
    return SyntaxProblem(f"invalid escape {sign} in double quotes", help, start, start + len(sign))


def _half_character(text: str, quote: int) -> SyntaxProblem | None:
    """The first escape after a quote that is half of a character, as JSON writes the characters above U+FFFF."""
    for found in _UNICODE_ESCAPE.finditer(text, quote + 1):
        if half := found["half"] or found["rest"]:
            help = "write the character itself"
            if found["other"]:
                code = 0x10000 + (int(half, 16) - 0xD800 << 10) + int(found["other"], 16) - 0xDC00
                help += f": {chr(code)}, or \\U{code:08X}"
            return SyntaxProblem(f"{found[0][:6]} is half of a character", help, *found.span())
    return None


def _misplaced_item(at: _FailureContext) -> SyntaxProblem | None:
    if "entries are not allowed" not in at.problem and "mapping keys are not allowed" not in at.problem:
        return None
    sign = at.text[at.offset : at.offset + 1]
    help = f"move it to its own line, or quote the text: {_quote(at.value_at(at.offset))}"
    return SyntaxProblem(f"`{sign} ` is not allowed here", help, at.offset, at.offset + 1)


def _other_problem(at: _FailureContext) -> SyntaxProblem | None:
    word = at.word_span(at.offset)
    if "undefined tag" in at.problem:
        help = f"quote the text: {_quote(at.value_at(at.offset))}"
        return SyntaxProblem(f"YAML tags are not allowed: {shorten(at.text[slice(*word)])}", help, *word, "OKR004")
    if "flow" in at.context:
        if at.text.startswith(":", at.offset):
            help = "separate two keys with a comma, or quote a text with a colon"
            return SyntaxProblem("extra colon between the brackets", help, *word)
        return SyntaxProblem("missing comma or closing bracket", "write a comma before this", *word)
    behind = at.text[at.start : at.offset].rstrip()[-1:]
    if behind and behind in "'\"]}":
        help = "quote the whole text; write a single quote inside single quotes twice"
        return SyntaxProblem("extra text after a closing quote or bracket", help, *word)
    if "block" in at.context:
        help = "align it with the lines above"
        return SyntaxProblem("the indentation does not match the lines above", help, *word)
    return None
