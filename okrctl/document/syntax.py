"""Says in plain words what is wrong with the syntax of a text, where exactly, and what would mend it."""

from __future__ import annotations

import re
from typing import NamedTuple

from okrctl.document.events import Broken, Record
from okrctl.document.tree import shorten

_CONFLICT = re.compile(r"^(?:<{7}|={7}|>{7}|\|{7})(?=[ \r\n]|$)", re.MULTILINE)
_CONTROL = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_LINE = re.compile(r"[^\r\n]*")
_VALUE = re.compile(r"(?P<lead>[ ]*(?:- +)*(?:\"[^\"]*\"|'[^']*'|[^\s'\"#:][^:]*)\s*:\s+)(?P<value>\S.*)")


class Complaint(NamedTuple):
    """What is wrong between two offsets, and the mend."""

    message: str
    mend: str
    start: int
    end: int


def conflict(text: str) -> Complaint | None:
    """The first merge-conflict marker that begins a line; git leaves them where two changes met."""
    found = _CONFLICT.search(text) if "<<<<<<<" in text or ">>>>>>>" in text else None
    if not found:
        return None
    mend = "decide between the two versions and delete the lines that begin with <<<<<<<, ======= and >>>>>>>"
    return Complaint("a merge conflict is not resolved", mend, found.start(), found.end())


def explain(text: str, record: Record, shift: int) -> Complaint:
    """Explain why the parser gave up on `text`; `shift` is added to its offsets."""
    broken = record.broken or Broken("")
    if broken.place is None:
        return _control(text)
    place = min(broken.place + shift, len(text))
    origin = None if broken.origin is None else broken.origin + shift
    line = _Line(text, place)
    found = (
        _unclosed(text, broken, place, origin)
        or _tab(line)
        or _sign(line, broken)
        or _runaway(text, record, shift)
        or _colon(line, broken)
        or _by_problem(line, broken, origin)
    )
    return found or Complaint(
        "this is not YAML here",
        "check the indentation of this line and the one above, and quote text that holds special characters",
        *line.here,
    )


class _Line:
    """The line around a place."""

    def __init__(self, text: str, place: int) -> None:
        self.text, self.place = text, place
        before = max(text.rfind("\n", 0, place), text.rfind("\r", 0, place)) + 1
        self.start = before + (text.startswith("\ufeff") and before == 0)
        found = _LINE.match(text, self.start)
        self.end = max(found.end() if found else place, self.start)
        self.whole = text[self.start : self.end]

    @property
    def here(self) -> tuple[int, int]:
        """From the place to the end of the word that begins there."""
        found = re.compile(r"[^\s,\[\]{}]+").match(self.text, self.place)
        return self.place, max(found.end() if found else 0, min(self.place + 1, len(self.text)))

    def rest(self, start: int) -> str:
        """The text from `start` to the end of the line, without a comment."""
        return re.split(r"\s#", self.text[start : self.end])[0].rstrip()


def _control(text: str) -> Complaint:
    found = _CONTROL.search(text)
    if not found:
        return Complaint("this is not YAML", "check the first lines of the file", 0, 0)
    code = f"U+{ord(found[0]):04X}"
    return Complaint(f"the invisible character {code} is not allowed", "delete it", found.start(), found.end())


def _quoted(text: str) -> str:
    """A text in quotes, as a person would write it."""
    text = shorten(text, 60)
    if '"' not in text and "\\" not in text:
        return f'"{text}"'
    return "'" + text.replace("'", "''") + "'"


def _unclosed(text: str, broken: Broken, place: int, origin: int | None) -> Complaint | None:
    if origin is None:
        return None
    if "quoted scalar" in broken.context and ("end of stream" in broken.problem or "document" in broken.problem):
        sign = text[origin : origin + 1]
        mend = f"close it with {sign}, or quote the whole text if the sign belongs to it"
        return Complaint(f"the quote {sign} is never closed", mend, origin, origin + 1)
    if "flow" in broken.context and (place >= len(text.rstrip()) or _breaks(text, origin, place)):
        sign = text[origin : origin + 1]
        other = {"[": "]", "{": "}"}.get(sign, "")
        return Complaint(f"the bracket {sign} is never closed", f"close it with {other}", origin, origin + 1)
    return None


def _breaks(text: str, start: int, end: int) -> bool:
    return "\n" in text[start:end] or "\r" in text[start:end]


def _tab(line: _Line) -> Complaint | None:
    lead = re.match(r"[ \t]*", line.whole)
    tab = lead[0].find("\t") if lead else -1
    if tab < 0 or not lead:
        return None
    return Complaint("a tab is used as indentation", "indent with spaces", line.start + tab, line.start + lead.end())


def _sign(line: _Line, broken: Broken) -> Complaint | None:
    """A text that begins with a sign that YAML keeps for itself."""
    sign = line.text[line.place : line.place + 1]
    begin = line.place
    if "cannot start any token" not in broken.problem or not sign:
        if not any(word in broken.context for word in ("alias", "anchor", "tag", "directive", "block scalar")):
            return None
        begin = (line.place if broken.origin is None else broken.origin) + (line.text[0:1] == "\ufeff")
        sign = line.text[begin : begin + 1]
        line = _Line(line.text, begin)
    if sign == "\t":
        return Complaint("a tab stands where YAML wants a space", "use spaces", begin, begin + 1)
    rest = line.rest(begin)
    if "{" in line.whole[: begin - line.start] or "[" in line.whole[: begin - line.start]:
        rest = re.split(r"[,\]}]", rest)[0].rstrip()
    return Complaint(
        f"text cannot begin with {sign} without quotes", f"write {_quoted(rest)}", begin, begin + max(1, len(rest))
    )


def _runaway(text: str, record: Record, shift: int) -> Complaint | None:
    """A quote that was closed only by the next one, lines later."""
    last = len(record.entries) - 1
    while last >= 0 and not isinstance(record.entries[last], str):
        last -= 1
    if last < 0:
        return None
    start, end = record.places[2 * last] + shift, record.places[2 * last + 1] + shift
    if text[start : start + 1] not in ("'", '"') or not _breaks(text, start, end):
        return None
    return Complaint(
        f"the quote {text[start]} is closed only lines later",
        f"close it with {text[start]} where the text ends",
        start,
        start + 1,
    )


def _colon(line: _Line, broken: Broken) -> Complaint | None:
    """`title: Grow: faster`, or a line indented below one that already has its value."""
    if "mapping values are not allowed" not in broken.problem:
        return None
    found = _VALUE.match(line.whole)
    if found and line.start + found.start("value") <= line.place:
        start = line.start + found.start("value")
        rest = line.rest(start)
        mend = f"put the text in quotes: {shorten(found['lead'].strip(' -'), 40)} {_quoted(rest)}"
        return Complaint("a text with a colon and a space in it needs quotes", mend, start, start + len(rest))
    start = line.start + len(line.whole) - len(line.whole.lstrip())
    return Complaint(
        "this line does not fit the one above",
        "give it the same indentation as its neighbours, and every key a colon",
        start,
        max(line.place, start + 1),
    )


def _by_problem(line: _Line, broken: Broken, origin: int | None) -> Complaint | None:
    problem = broken.problem
    if "could not find expected ':'" in problem:
        begin = line.place if origin is None else origin
        return Complaint("a colon is missing behind this key", "write `key: value`", *_Line(line.text, begin).here)
    if "escape" in problem or "hexdecimal" in problem or "hexadecimal" in problem:
        mend = "double the backslash, or use single quotes"
        return Complaint("a backslash in double quotes begins an escape that does not exist", mend, *line.here)
    if "entries are not allowed" in problem:
        return Complaint("a list item must begin on a line of its own", "move `-` to the next line", *line.here)
    if "undefined tag" in problem:
        return Complaint("tags are not allowed", "put the text in quotes", *line.here)
    if "flow" in broken.context:
        return Complaint("a comma or the closing bracket is missing before this", "put a comma before it", *line.here)
    behind = line.text[line.start : line.place].rstrip()[-1:]
    if behind in ("'", '"', "]", "}"):
        mend = "quote the whole text; inside single quotes a quote is written twice"
        return Complaint("nothing may follow a closing quote or bracket", mend, *line.here)
    if "block" in broken.context or "-" in problem:
        mend = "begin it in the same column as its neighbours"
        return Complaint("the indentation does not fit the lines above", mend, *line.here)
    return None
