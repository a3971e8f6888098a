"""Says in plain words what is wrong with the syntax of a text, where exactly, and what would mend it."""

from __future__ import annotations

import re
from typing import NamedTuple

from okrctl.yaml.ast import shorten
from okrctl.yaml.events import END, EventRecord, ParserFailure

_CONFLICT = re.compile(r"^(?:<{7}|={7}|>{7}|\|{7})(?=[ \r\n]|$)", re.MULTILINE)
_CONTROL = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_LINE = re.compile(r"[^\r\n]*")
_WORD = re.compile(r"[^\s,\[\]{}]+")
_KEY = r"(?:\"[^\"]*\"\s*|'[^']*'\s*|[^\s'\"#:](?:[^:]|:(?=\S))*)"
_VALUE = re.compile(rf"(?P<lead>[ ]*(?:- +)*(?P<key>{_KEY}):\s+)(?P<value>\S.*)")
_CLOSING_BRACKETS = {"[": "]", "{": "}"}


class SyntaxProblem(NamedTuple):
    """What is wrong between two offsets, and the mend."""

    message: str
    help: str
    start: int
    end: int
    code: str = "OKR001"


def find_conflict(text: str) -> SyntaxProblem | None:
    """The first merge-conflict marker that begins a line; git leaves them where two changes met."""
    found = _CONFLICT.search(text) if "<<<<<<<" in text or ">>>>>>>" in text else None
    if not found:
        return None
    mend = "decide between the two versions and delete the lines that begin with <<<<<<<, ======= and >>>>>>>"
    return SyntaxProblem("a merge conflict is not resolved", mend, found.start(), found.end())


def explain_failure(text: str, record: EventRecord, shift: int) -> SyntaxProblem:
    """Explain why the parser gave up on `text`; `shift` is added to its offsets."""
    broken = record.broken
    if broken is None or broken.place is None:
        return _control_character(text)
    trouble = _FailureContext(text, record, broken, broken.place, shift)
    for reason in (
        _open_quote,
        _open_bracket,
        _tab,
        _sign,
        _late_quote,
        _colon,
        _missing_colon,
        _escape,
        _misplaced_item,
        _other_problem,
    ):
        found = reason(trouble)
        if found:
            return found
    mend = "check the indentation of this line and the one above, and quote text that holds special characters"
    return SyntaxProblem("this is not YAML here", mend, *trouble.word_span(trouble.place))


class _FailureContext:
    """Where the parser gave up, and the line around that place."""

    def __init__(self, text: str, record: EventRecord, broken: ParserFailure, offset: int, shift: int) -> None:
        self.text, self.record, self.shift = text, record, shift
        self.problem, self.context = broken.problem, broken.context
        self.place = min(offset + shift, len(text))
        self.context_offset = self.place if broken.origin is None else broken.origin + shift
        self.start, self.line = self.line_at(self.place)

    def line_at(self, place: int) -> tuple[int, str]:
        """The line around a place and the offset at which it begins, behind a byte order mark."""
        start = max(self.text.rfind("\n", 0, place), self.text.rfind("\r", 0, place), self.shift - 1) + 1
        found = _LINE.match(self.text, start)
        return start, found[0] if found else ""

    def word_span(self, place: int) -> tuple[int, int]:
        """The two ends of the word at a place, of one character at least unless the text ends there."""
        found = _WORD.match(self.text, place)
        return place, found.end() if found else min(place + 1, len(self.text))

    def value_at(self, place: int) -> str:
        """The text from a place to the end of its line, without a comment; in brackets, to the next sign of theirs."""
        start, line = self.line_at(place)
        value = re.split(r"\s#", line[place - start :], maxsplit=1)[0].rstrip()
        in_brackets = re.search(r"[\[{]", line[: place - start])
        return re.split(r"[,\]}]", value, maxsplit=1)[0].rstrip() if in_brackets else value

    def spans_lines(self, start: int, end: int) -> bool:
        return "\n" in self.text[start:end] or "\r" in self.text[start:end]


def _control_character(text: str) -> SyntaxProblem:
    found = _CONTROL.search(text)
    if not found:
        return SyntaxProblem("this is not YAML", "check the first lines of the file", 0, 0)
    return SyntaxProblem(f"the invisible character U+{ord(found[0]):04X} is not allowed", "delete it", *found.span())


def _quote(text: str) -> str:
    """A text in quotes, as a person would write it."""
    text = shorten(text, 60)
    if '"' not in text and "\\" not in text:
        return f'"{text}"'
    return "'" + text.replace("'", "''") + "'"


def _open_quote(at: _FailureContext) -> SyntaxProblem | None:
    if "quoted" not in at.context or not ("end of stream" in at.problem or "document" in at.problem):
        return None
    sign = at.text[at.context_offset : at.context_offset + 1]
    mend = f"close it with {sign}, or quote the whole text if the sign belongs to it"
    return SyntaxProblem(f"the quote {sign} is never closed", mend, at.context_offset, at.context_offset + 1)


def _open_bracket(at: _FailureContext) -> SyntaxProblem | None:
    if "flow" not in at.context:
        return None
    start = (
        at.context_offset
        if at.text[at.context_offset : at.context_offset + 1] in _CLOSING_BRACKETS
        else _innermost_bracket(at)
    )
    if start is None or not (at.place >= len(at.text.rstrip()) or at.spans_lines(start, at.place)):
        return None
    sign = at.text[start]
    return SyntaxProblem(
        f"the bracket {sign} is never closed", f"close it with {_CLOSING_BRACKETS[sign]}", start, start + 1
    )


def _innermost_bracket(at: _FailureContext) -> int | None:
    """Where the last bracket that is still open stands."""
    still_open: list[int] = []
    for index, entry in enumerate(at.record.entries):
        if entry == END:
            still_open.pop()
        elif not isinstance(entry, str) and entry < END and index not in at.record.marked:
            start = at.record.places[2 * index] + at.shift
            still_open.append(start)
    return next((start for start in reversed(still_open) if at.text[start : start + 1] in _CLOSING_BRACKETS), None)


def _tab(at: _FailureContext) -> SyntaxProblem | None:
    blank = len(at.line) - len(at.line.lstrip(" \t"))
    tab = at.line[:blank].find("\t")
    if tab < 0:
        return None
    return SyntaxProblem("a tab is used as indentation", "indent with spaces", at.start + tab, at.start + blank)


def _sign(at: _FailureContext) -> SyntaxProblem | None:
    """A text that begins with a sign that YAML keeps for itself."""
    if "cannot start any token" in at.problem or "node content" in at.problem:
        begin = at.place
    elif any(word in at.context for word in ("alias", "anchor", "tag", "directive", "block scalar")):
        begin = at.context_offset
    else:
        return None
    sign, value = at.text[begin : begin + 1], at.value_at(begin)
    if sign == "\t":
        return SyntaxProblem("a tab stands where YAML wants a space", "use spaces", begin, begin + 1)
    if not sign.strip() or sign.isalnum():
        return None
    value = value or sign
    message = f"text cannot begin with {sign} without quotes"
    return SyntaxProblem(message, f"write {_quote(value)}", begin, begin + len(value))


def _late_quote(at: _FailureContext) -> SyntaxProblem | None:
    """A quote that only the next one closed, lines later."""
    entries = at.record.entries
    last = next((index for index in range(len(entries) - 1, -1, -1) if isinstance(entries[index], str)), None)
    if last is None:
        return None
    start, end = at.record.places[2 * last] + at.shift, at.record.places[2 * last + 1] + at.shift
    sign = at.text[start : start + 1]
    if sign not in ("'", '"') or not at.spans_lines(start, end) or at.spans_lines(end, at.place):
        return None
    mend = f"close it with {sign} where the text ends"
    return SyntaxProblem(f"the quote {sign} is closed only lines later", mend, start, start + 1)


def _colon(at: _FailureContext) -> SyntaxProblem | None:
    """`title: Grow: faster`, or a line that cannot follow the one above."""
    if "mapping values are not allowed" not in at.problem:
        return None
    found = _VALUE.match(at.line)
    if found and at.start + found.start("value") <= at.place:
        start = at.start + found.start("value")
        value = at.value_at(start)
        mend = f"put the text in quotes: {shorten(found['key'])}: {_quote(value)}"
        return SyntaxProblem("a text with a colon and a space in it needs quotes", mend, start, start + len(value))
    indent = len(at.line) - len(at.line.lstrip())
    before, above = at.line_at(max(at.start - 2, at.shift))
    above_indent = len(above) - len(above.lstrip())
    if above.strip() and ": " not in above and above_indent == indent and before < at.start:
        return _no_colon(at, before + above_indent)
    message = "this line does not fit the one above"
    if above_indent < indent:
        message = "this line is indented deeper than the one above, which has its value already"
    mend = "begin it in the same column as its neighbours"
    return SyntaxProblem(message, mend, at.start + indent, max(at.place, at.start + indent + 1))


def _missing_colon(at: _FailureContext) -> SyntaxProblem | None:
    return _no_colon(at, at.context_offset) if "could not find expected ':'" in at.problem else None


def _no_colon(at: _FailureContext, begin: int) -> SyntaxProblem:
    value = at.value_at(begin)
    mend = "write the key, a colon, a space and the value"
    if ":" in value:
        return SyntaxProblem("a space is missing behind the colon", mend, begin, begin + len(value))
    return SyntaxProblem("a colon is missing in this line", mend, begin, begin + max(len(value), 1))


def _escape(at: _FailureContext) -> SyntaxProblem | None:
    if "quoted" not in at.context and "double-quoted" not in at.context:
        return None
    start = at.text.rfind("\\", at.context_offset, at.place + 1)
    if start < 0:
        return None
    mend = "write the backslash twice, or put the text in single quotes"
    sign = at.text[start : start + 2]
    return SyntaxProblem(f"the escape {sign} does not exist in double quotes", mend, start, start + len(sign))


def _misplaced_item(at: _FailureContext) -> SyntaxProblem | None:
    if "entries are not allowed" not in at.problem and "mapping keys are not allowed" not in at.problem:
        return None
    sign = at.text[at.place : at.place + 1]
    mend = f"move it to a line of its own, or put the text in quotes: {_quote(at.value_at(at.place))}"
    return SyntaxProblem(f"`{sign} ` cannot stand here", mend, at.place, at.place + 1)


def _other_problem(at: _FailureContext) -> SyntaxProblem | None:
    word = at.word_span(at.place)
    if "undefined tag" in at.problem:
        mend = f"put the text in quotes: {_quote(at.value_at(at.place))}"
        return SyntaxProblem(f"tags are not allowed: {shorten(at.text[slice(*word)])}", mend, *word, "OKR004")
    if "flow" in at.context:
        if at.text.startswith(":", at.place):
            mend = "separate two keys with a comma, or put a text with a colon in quotes"
            return SyntaxProblem("there is a colon too many between the brackets", mend, *word)
        return SyntaxProblem("a comma or the closing bracket is missing before this", "put a comma before it", *word)
    behind = at.text[at.start : at.place].rstrip()[-1:]
    if behind and behind in "'\"]}":
        mend = "quote the whole text; a quote inside single quotes is written twice"
        return SyntaxProblem("nothing may follow a closing quote or bracket", mend, *word)
    if "block" in at.context:
        mend = "begin it in the same column as its neighbours"
        return SyntaxProblem("the indentation does not fit the lines above", mend, *word)
    return None
