"""Drives a YAML parser event by event and writes down what it says: the plain data, and where everything lies."""

from __future__ import annotations

import re
from array import array
from collections.abc import Callable
from functools import cache
from itertools import islice
from typing import Any, NamedTuple

MAX_DEPTH = 64
MAX_EVENTS = 150_000  # what the parser tells of one file: memory goes with it, and not with the size of the text
BLANK_VALUES = frozenset(("", "~", "null", "Null", "NULL"))
MAPPING, SEQUENCE, ALIAS, END = 1, 2, 3, 4  # what an entry says that is no scalar

NextEvent = Callable[[], Any]
_Blanks = list[tuple[dict[str, object], str]]  # keys whose values are blank

_PUNCTUATION_IN_WORD = re.compile(r"(?<![\s:\"'\]}]):(?=[^\s,\[\]{}])|(?<=[^\s,\[\]{}])\?")


class ParserFailure(Exception):
    """The parser gave up: its problem, and the offsets of the problem and of what it was reading, where known."""

    def __init__(
        self, problem: str, context: str = "", offset: int | None = None, context_offset: int | None = None
    ) -> None:
        super().__init__(problem)
        self.problem, self.context, self.place, self.origin = problem, context, offset, context_offset


class EventRecord:
    """Every event of one text in order.

    `entries` holds the value of a scalar or one of the four marks above, `places` two offsets for each entry,
    `marked` the anchor and the tag of the few entries that have one (of an alias: the name that it speaks of).
    `data` is right unless `odd`: then something was met that only the tree (tree.py) treats properly.
    """

    __slots__ = (
        "blank", "broken", "data", "days", "entries", "marked", "months", "odd", "places", "second", "too_deep",
        "too_many",
    )  # fmt: skip

    def __init__(self) -> None:
        self.entries: list[str | int] = []
        self.places: array[int] = array("I")
        self.marked: dict[int, tuple[str | None, str | None]] = {}
        self.data: object = None
        self.odd = False
        self.blank = False  # some key has a blank value
        self.days = self.months = False  # some key is a day, some is a month
        self.second: int | None = None  # where a second document begins
        self.too_deep = False  # the last entry lies deeper than MAX_DEPTH
        self.too_many = False  # there is more than MAX_PIECES
        self.broken: ParserFailure | None = None


class _EventClasses(NamedTuple):
    """The classes of events, imported only when the first text is read."""

    scalar: type
    mapping: type
    sequence: type
    mapping_end: type
    sequence_end: type
    alias: type
    document: type


@cache
def _event_classes() -> _EventClasses:
    from ruamel.yaml import events as ruamel

    return _EventClasses(
        ruamel.ScalarEvent,
        ruamel.MappingStartEvent,
        ruamel.SequenceStartEvent,
        ruamel.MappingEndEvent,
        ruamel.SequenceEndEvent,
        ruamel.AliasEvent,
        ruamel.DocumentStartEvent,
    )


def _python_parser(text: str) -> NextEvent:
    """The parser written in Python, whose stray exceptions become the library's own."""
    from ruamel.yaml import YAML
    from ruamel.yaml.docinfo import DocInfo
    from ruamel.yaml.error import YAMLError

    try:
        yaml = YAML(typ="safe", pure=True)
        yaml.doc_infos.append(DocInfo())  # a `%YAML` directive wants one
        pull = yaml.get_constructor_parser(text)[1].get_event
    except YAMLError:
        raise
    except Exception as error:
        raise YAMLError(str(error)) from error

    def guarded() -> Any:
        try:
            return pull()
        except YAMLError:
            raise
        except Exception as error:
            raise YAMLError(str(error)) from error

    return guarded


@cache
def _select_parser(pure: bool) -> Callable[[str], NextEvent]:
    if pure:
        return _python_parser
    try:
        from _ruamel_yaml import CParser  # type: ignore[import-not-found]
    except ImportError:  # no wheel for this machine
        return _python_parser

    def pull(text: str) -> NextEvent:
        get_event: NextEvent = CParser(text).get_event
        return get_event

    return pull


def record_events(text: str, *, pure: bool) -> EventRecord:
    """Read one text (without a byte order mark) as far as it goes; never raises."""
    parser = _select_parser(pure)
    result = _record_once(parser, text)
    if result.broken and not pure and _PUNCTUATION_IN_WORD.search(text):
        return _record_once(lambda original: _with_stand_ins(parser, original), text)
    return result


def _with_stand_ins(parser: Callable[[str], NextEvent], text: str) -> NextEvent:
    """Parse with stand-ins for the signs inside words, for libyaml refuses `[https://a.example]` and `[why?]`."""
    free = (sign for sign in map(chr, range(0xE000, 0xF900)) if sign not in text)
    hide = dict(zip(":?", free, strict=False))
    reveal = str.maketrans({stand_in: sign for sign, stand_in in hide.items()})
    pull, scalar = (
        parser(_PUNCTUATION_IN_WORD.sub(lambda found: hide.get(found[0], found[0]), text)),
        _event_classes().scalar,
    )

    def restored() -> Any:
        event = pull()
        kind = event.__class__
        if kind is scalar:
            event.value = event.value.translate(reveal)
        return event

    return restored


def _record_once(parser: Callable[[str], NextEvent], text: str) -> EventRecord:
    from ruamel.yaml.error import MarkedYAMLError, YAMLError

    result = EventRecord()
    try:
        documents, blanks = _run_events(parser(text), result)
        for table, key in blanks:
            table.pop(key, None)
        result.blank = bool(blanks)
        result.too_many = len(result.places) > 2 * MAX_EVENTS
        result.data = documents[0] if documents else None
    except MarkedYAMLError as error:
        problem, context = error.problem_mark, error.context_mark
        result.broken = ParserFailure(
            error.problem or "", error.context or "", problem and problem.index, context and context.index
        )
    except (YAMLError, UnicodeEncodeError) as error:
        result.broken = ParserFailure(str(error))
    return result


def _run_events(pull: NextEvent, result: EventRecord) -> tuple[list[object], _Blanks]:
    """Run through all events, kept flat, for a call costs as much as the work; returns documents and blank keys."""
    scalar, mapping, sequence, mapping_end, sequence_end, alias, document = _event_classes()
    keep, place = result.entries.append, result.places.append
    blank, blanks = BLANK_VALUES, _Blanks()
    table: dict[str, object] | None = None  # the open mapping, or
    row: list[object] = []  # the open sequence, at first the one of documents
    key: str | None = None
    stack: list[tuple[dict[str, object] | None, list[object], str | None]] = []
    pull(), pull()  # the stream begins, and the first document
    for event in islice(iter(pull, None), MAX_EVENTS + 1):
        kind = event.__class__
        place(event.start_mark.index)
        place(event.end_mark.index)
        if kind is scalar:
            keep(value := event.value)
            if event.anchor is not None or event.ctag is not None:
                _note_properties(result, event)
            if table is None:
                row.append(None if value in blank and event.implicit[0] else value)
            elif key is None:
                if value in table or (value < "=" and _may_repeat_key(value, result)):
                    result.odd = True
                key = value
            else:
                if value in blank and event.implicit[0]:
                    blanks.append((table, key))
                table[key] = value
                key = None
        elif kind is mapping or kind is sequence:
            keep(MAPPING if kind is mapping else SEQUENCE)
            if event.anchor is not None or event.ctag is not None:
                _note_properties(result, event)
            new: Any = {} if kind is mapping else []
            stack.append((table, row, _attach(result, table, row, key, new)))
            table, row, key = (new, row, None) if kind is mapping else (None, new, None)
            if len(stack) > MAX_DEPTH:
                result.too_deep = True
                break
        elif kind is mapping_end or kind is sequence_end:
            keep(END)
            table, row, key = stack.pop()
        elif kind is alias:
            keep(ALIAS)
            _note_properties(result, event)
            key = "" if table is not None and key is None else None
        elif kind is document:
            result.second = event.start_mark.index
            break
    return row, blanks


def _attach(
    result: EventRecord, table: dict[str, object] | None, row: list[object], key: str | None, new: object
) -> str | None:
    """Put a container where it belongs and return the key that waits for a value once it is closed."""
    if table is None:
        row.append(new)
    elif key is not None:
        table[key] = new
    else:  # it is itself a key
        result.odd = True
        return ""
    return None


def _note_properties(result: EventRecord, event: Any) -> None:
    """Note an anchor, a tag, or the name of an alias."""
    result.odd = True
    tag = getattr(event, "ctag", None)
    result.marked[len(result.entries) - 1] = (event.anchor, None if tag is None else str(tag))


def _may_repeat_key(key: str, result: EventRecord) -> bool:
    """Whether another spelling could mean the same key: `1` and `1.0`, a month and its last day; or it is a merge."""
    if len(key) == 10 and key[4] == "-" == key[7]:
        result.days = True
        return result.months
    if len(key) == 7 and key[4] == "-" and key[:4].isdigit() and key[5:].isdigit():
        result.months = True
        return result.days
    return True
