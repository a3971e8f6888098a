"""Records the events of a YAML parser: the plain data of a text and the place of everything in it.

How it works. ruamel.yaml is used only as a parser of events (a key starts here, a list ends there). One loop over the
events (`_Recorder`) does two things at once: it builds the data as dicts, lists and strings, and it appends every
event with its two offsets to flat arrays. Most files need nothing else. The tree of nodes with their places (`ast.py`)
is built from these arrays when the place of a value is needed, for example to report a problem.

Why not simpler. The loader of ruamel.yaml converts values (`2026-04` becomes a number, `no` becomes false) and its
round-trip mode keeps places, but takes many times as long, which is seconds in a large workspace. The plain
data is wrong for some texts: merge keys, aliases, tags, repeated keys. The loop does not handle these; it sets
`needs_strict_build`, and `StrictBuilder` builds the data from the tree by all rules of YAML.

libyaml parses many times as fast as the parser in Python, so it is used if it is installed. Both give the same data
and the same places; the code below evens out the cases where they differ.
"""

from __future__ import annotations

import re
from array import array
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from itertools import islice
from typing import Any, NamedTuple

MAX_DEPTH = 64
MAX_EVENTS = 150_000  # of one file; memory grows with the number of events and not with the size of the text
BLANK_VALUES = frozenset(("", "~", "null", "Null", "NULL"))
MAX_SECOND_READING = 200_000  # characters of a refused text that are read again by the parser in Python, in 2 seconds
MAX_TABS_READ = 2_000_000  # characters that are read again for tabs
MAPPING, SEQUENCE, ALIAS, END = 1, 2, 3, 4  # the entry of an event that is not a scalar

NextEvent = Callable[[], Any]

_PUNCTUATION_IN_WORD = re.compile(
    r"(?<![\s:\"'\]}]):(?=[^\s,\[\]{}])|(?<=[^\s,\[\]{}])\?|(?<=[\s,\[{])\?(?=[^\s,\[\]{}])"
)
_QUESTION_MARK_FIRST = re.compile(r"[\[{,]\s*\?[^\s,\[\]{}]")  # of a word in brackets; both parsers drop it
# What libyaml reads otherwise than YAML 1.2 says, or than the parser in Python: `*a:` (an alias, then a colon), `{:a}`,
# `>#`, marks of byte order, the line breaks that YAML 1.2 takes for text, directives, and lines that begin with a tab.
# Each with the characters of which it needs one: most texts have none, and a character is found faster than a pattern.
_READ_OTHERWISE = tuple((needed, re.compile(pattern)) for needed, pattern in (
    ("&*", r"[&*][0-9A-Za-z_-]+[?:%@`]"), ("[{,", r"[\[{,]\s*:\S"), ("|>", r"[|>][-+0-9]*#"),
    ("\ufeff\x85\u2028\u2029", "[\ufeff\x85\u2028\u2029]"), ("%\t", r"(?m)^(?:%|---\t| *\t\s*[^\s#])"),
))  # fmt: skip
_REST_OF_LINE = re.compile(r"[^\r\n]*")

_SURROGATE = re.compile("[\ud800-\udfff]")
QUOTED, BAD_ESCAPE = "while parsing a quoted scalar", "found invalid Unicode character escape code"


class ParserFailure(NamedTuple):
    """Why the parser stopped: its message, the message about what it was reading, and the offsets of both if known."""

    problem: str
    context: str = ""
    offset: int | None = None
    context_offset: int | None = None


class EventRecord:
    """Every event of one text in order.

    `entries` holds the value of each scalar or one of the four numbers above, `offsets` holds the start and the end of
    each entry, `properties` the anchor and the tag of the few entries that have one (for an alias its name). `data` is
    correct unless `needs_strict_build` is set.
    """

    __slots__ = (
        "data", "entries", "failure", "has_blank_values", "has_days", "has_months", "has_too_many_events",
        "is_too_deep", "needs_strict_build", "offsets", "properties", "second_document",
    )  # fmt: skip

    def __init__(self) -> None:
        self.entries: list[str | int] = []
        self.offsets: array[int] = array("I")
        self.properties: dict[int, tuple[str | None, str | None]] = {}
        self.data: object = None
        self.needs_strict_build = False
        self.has_blank_values = False  # some key has a blank value
        self.has_days = self.has_months = False  # some keys are dates, some are months
        self.second_document: int | None = None  # where a second document begins
        self.is_too_deep = False  # the last entry lies deeper than MAX_DEPTH
        self.has_too_many_events = False  # there are more than MAX_EVENTS
        self.failure: ParserFailure | None = None


class _EventClasses(NamedTuple):
    """The classes of events of ruamel.yaml, imported when the first text is read."""

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


@cache
def _scanner_class() -> type:
    """The scanner in Python, which takes blank lines of any length before the text of a block, as libyaml does."""
    from ruamel.yaml.scanner import Scanner

    class BlankLinesScanner(Scanner):
        def scan_block_scalar_indentation(self) -> tuple[list[str], int, Any]:
            """The line breaks before the text of a block, its indentation, and where the last of the breaks ends."""
            reader = self.reader
            breaks, deepest, end = [], 0, reader.get_mark()
            while reader.peek() in " \r\n":
                if reader.peek() == " ":
                    reader.forward()
                    deepest = max(deepest, reader.column)
                else:
                    breaks.append(self.scan_line_break())
                    end = reader.get_mark()
            return breaks, deepest, end

    return BlankLinesScanner


def _python_parser(text: str) -> NextEvent:
    """The parser written in Python. Any other exception that it raises becomes a YAMLError."""
    from ruamel.yaml import YAML
    from ruamel.yaml.docinfo import DocInfo
    from ruamel.yaml.error import MarkedYAMLError, YAMLError

    try:
        yaml = YAML(typ="safe", pure=True)
        yaml.Scanner = _scanner_class()
        yaml.doc_infos.append(DocInfo())  # a `%YAML` directive needs one
        next_event = yaml.get_constructor_parser(text)[1].get_event
    except YAMLError:
        raise
    except Exception as error:
        raise YAMLError(str(error)) from error

    scalar: type[Any] = _event_classes().scalar

    def next_checked() -> Any:
        try:
            event = next_event()
        except YAMLError:
            raise
        except Exception as error:
            raise YAMLError(str(error)) from error
        if isinstance(event, scalar) and not event.value.isascii() and _SURROGATE.search(event.value):
            raise MarkedYAMLError(QUOTED, event.start_mark, BAD_ESCAPE, event.end_mark)  # as libyaml does
        return event

    return next_checked


@cache
def _select_parser(pure: bool) -> Callable[[str], NextEvent]:
    if pure:
        return _python_parser
    try:
        from _ruamel_yaml import CParser  # type: ignore[import-not-found]
    except ImportError:  # no wheel for this platform
        return _python_parser

    def c_parser(text: str) -> NextEvent:
        next_event: NextEvent = CParser(text).get_event
        return next_event

    return c_parser


def record_events(text: str, *, pure: bool) -> EventRecord:
    """Read a text without byte order mark as far as it is valid; never raises."""
    parser = _select_parser(pure)
    if "?" in text and _QUESTION_MARK_FIRST.search(text):
        return _record_once(lambda original: _with_stand_ins(_python_parser, original), text)
    if parser is _python_parser or _is_read_otherwise(text):
        return _record_in_python(text)
    record = _record_once(parser, text)
    if record.failure and _PUNCTUATION_IN_WORD.search(text):
        record = _record_once(lambda original: _with_stand_ins(parser, original), text)
    return _record_in_python(text) if record.failure and len(text) <= MAX_SECOND_READING else record


def _is_read_otherwise(text: str) -> bool:
    """Whether libyaml reads something in a text otherwise than YAML 1.2 says."""
    has = text.__contains__
    return any(any(map(has, needed)) and pattern.search(text) for needed, pattern in _READ_OTHERWISE)


def _record_in_python(text: str) -> EventRecord:
    """Read a text with the parser in Python, which takes no tab for a blank; each tab that it stops at is replaced."""
    read, inner_tab = text, next(_unused_characters(text))
    record = _record_once(_python_parser, text)
    for _ in range(MAX_TABS_READ // (len(text) + 1)):
        stop = record.failure and record.failure.offset
        if stop is None:
            break
        tab = read.find("\t", len(read[:stop].rstrip()), stop + 1)  # where it stops, or among the blanks before that
        if tab < 0 or _is_indentation(text, tab):
            break
        read = f"{read[:tab]}{inner_tab if _is_inner(text, tab) else ' '}{read[tab + 1 :]}"
        record = _record_once(lambda changed: _restore(_python_parser(changed), {inner_tab: "\t"}), read)
    return record


def _line_around(text: str, offset: int) -> tuple[str, str]:
    """The parts of a line before and from an offset on."""
    start = max(text.rfind("\n", 0, offset), text.rfind("\r", 0, offset)) + 1
    rest = _REST_OF_LINE.match(text, offset)
    return text[start:offset], rest[0] if rest else ""


def _is_indentation(text: str, offset: int) -> bool:
    """Whether a tab indents something other than a comment."""
    before, rest = _line_around(text, offset)
    return not before.strip() and bool(rest.strip()) and not rest.strip().startswith("#")


def _is_inner(text: str, offset: int) -> bool:
    """Whether a tab lies within a plain text, where it is part of it."""
    before, rest = (part.strip(" \t") for part in _line_around(text, offset))
    is_over = re.match(r"$|[#,\]}]|:(\s|$)", rest) is not None
    return not is_over and re.search(r"(?:^|[\s\[{,])[-?]$|[:,\[\]{}'\"]$|^$", before) is None


def _unused_characters(text: str) -> Iterator[str]:
    """Characters for private use that a text does not have."""
    return (character for character in map(chr, range(0xE000, 0xF900)) if character not in text)


def _with_stand_ins(parser: Callable[[str], NextEvent], text: str) -> NextEvent:
    """Parse with other characters in place of `:` and `?` inside words.

    libyaml rejects `[https://a.example]` and `[why?]`, which are valid YAML 1.2, and reads `[?why]` as a key.
    """
    stand_ins = dict(zip(":?", _unused_characters(text), strict=False))
    disguised = _PUNCTUATION_IN_WORD.sub(lambda match: stand_ins.get(match[0], match[0]), text)
    return _restore(parser(disguised), {stand_in: original for original, stand_in in stand_ins.items()})


def _restore(next_event: NextEvent, originals: Mapping[str, str]) -> NextEvent:
    """The events with the original characters in place of their stand-ins."""
    scalar: type[Any] = _event_classes().scalar
    table = str.maketrans(dict(originals))

    def next_restored() -> Any:
        event = next_event()
        if isinstance(event, scalar):
            event.value = event.value.translate(table)
        return event

    return next_restored


def _record_once(parser: Callable[[str], NextEvent], text: str) -> EventRecord:
    from ruamel.yaml.error import MarkedYAMLError, YAMLError

    recorder = _Recorder()
    record = recorder.record
    try:
        recorder.run(parser(text))
    except MarkedYAMLError as error:
        problem, context = error.problem_mark, error.context_mark
        record.failure = ParserFailure(
            error.problem or "", error.context or "", problem and problem.index, context and context.index
        )
    except (YAMLError, UnicodeEncodeError) as error:
        record.failure = ParserFailure(str(error))
    return record


class _Recorder:
    """Builds the record of one text. Each handler of a class of events returns whether to stop after it."""

    def __init__(self) -> None:
        self.record = EventRecord()
        self.mapping: dict[str, object] | None = None  # the open mapping, or None if a sequence is open
        self.sequence: list[object] = []  # the open sequence; the outermost one holds the documents
        self.key: str | None = None  # of the open mapping, if its value comes next
        self.parents: list[tuple[dict[str, object] | None, list[object], str | None]] = []
        self.blank_keys: list[tuple[dict[str, object], str]] = []

    def run(self, next_event: NextEvent) -> None:
        """Record all events. Keys with blank values are removed at the end, so that repeated keys are detected."""
        record, documents = self.record, self.sequence
        self.read(next_event)
        for mapping, key in self.blank_keys:
            mapping.pop(key, None)
        record.has_blank_values = bool(self.blank_keys)
        record.has_too_many_events = len(record.offsets) > 2 * MAX_EVENTS
        record.data = documents[0] if documents else None

    def read(self, next_event: NextEvent) -> None:
        """Take the events. Most are scalars in mappings, so that these are handled here, without calls."""
        classes = _event_classes()
        handlers: dict[type, Callable[[Any], bool]] = {
            classes.mapping: self.on_mapping,
            classes.sequence: self.on_sequence,
            classes.mapping_end: self.on_end,
            classes.sequence_end: self.on_end,
            classes.alias: self.on_alias,
            classes.document: self.on_document,
        }
        add_offset, add_entry = self.record.offsets.append, self.record.entries.append
        scalar: Any = classes.scalar
        next_event(), next_event()  # the start of the stream and of the first document
        mapping: dict[str, object] | None = None
        key: str | None = None
        for event in islice(iter(next_event, None), MAX_EVENTS + 1):
            add_offset(event.start_mark.index)
            add_offset(event.end_mark.index)
            if event.__class__ is not scalar:
                self.key = key
                if handlers.get(event.__class__, _go_on)(event):
                    break
                mapping, key = self.mapping, self.key
                continue
            value = event.value
            add_entry(value)
            if event.ctag is not None or event.anchor is not None:
                self.add_properties(event)
            if mapping is None:
                self.sequence.append(None if _is_blank(event) else value)
            elif key is None:
                key = value
                if value < "=" or value in mapping:
                    self.check_key(key, mapping)
            else:
                mapping[key] = value
                if value in BLANK_VALUES:
                    self.on_blank(event, mapping, key)
                key = None

    def check_key(self, key: str, mapping: dict[str, object]) -> None:
        """Have the data built by all rules if the mapping may have this key already."""
        if key in mapping or _may_repeat_key(key, self.record):
            self.record.needs_strict_build = True

    def on_blank(self, event: Any, mapping: dict[str, object], key: str) -> None:
        """Remember the key of a blank value."""
        if _is_blank(event):
            self.blank_keys.append((mapping, key))

    def on_mapping(self, event: Any) -> bool:
        self.record.entries.append(MAPPING)
        mapping: dict[str, object] = {}
        is_too_deep = self.open_collection(event, mapping)
        self.mapping = mapping
        return is_too_deep

    def on_sequence(self, event: Any) -> bool:
        self.record.entries.append(SEQUENCE)
        sequence: list[object] = []
        is_too_deep = self.open_collection(event, sequence)
        self.mapping, self.sequence = None, sequence
        return is_too_deep

    def open_collection(self, event: Any, collection: object) -> bool:
        """Add a new collection to the open one and remember where to go on. Returns whether it is nested too deep."""
        if event.anchor is not None or event.ctag is not None:
            self.add_properties(event)
        next_key: str | None = None
        if self.mapping is None:
            self.sequence.append(collection)
        elif self.key is not None:
            self.mapping[self.key] = collection
        else:  # the collection is itself a key
            self.record.needs_strict_build = True
            next_key = ""
        self.parents.append((self.mapping, self.sequence, next_key))
        self.key = None
        self.record.is_too_deep = len(self.parents) > MAX_DEPTH
        return self.record.is_too_deep

    def on_end(self, _: Any) -> bool:
        self.record.entries.append(END)
        self.mapping, self.sequence, self.key = self.parents.pop()
        return False

    def on_alias(self, event: Any) -> bool:
        self.record.entries.append(ALIAS)
        self.add_properties(event)
        self.key = "" if self.mapping is not None and self.key is None else None
        return False

    def on_document(self, event: Any) -> bool:
        self.record.second_document = event.start_mark.index
        return True

    def add_properties(self, event: Any) -> None:
        """Record an anchor, a tag or the name of an alias."""
        self.record.needs_strict_build = True
        tag = getattr(event, "ctag", None)
        self.record.properties[len(self.record.entries) - 1] = (event.anchor, None if tag is None else str(tag))


def _go_on(_: Any) -> bool:
    """Take an event that nothing follows from."""
    return False


def _is_blank(event: Any) -> bool:
    """Whether a scalar is blank and not quoted."""
    return event.value in BLANK_VALUES and bool(event.implicit[0])


def _may_repeat_key(key: str, record: EventRecord) -> bool:
    """Whether another key may be equal to this one (`1` and `1.0`, a month and its last day), or it is a merge key."""
    if len(key) == 10 and key[4] == "-" == key[7]:
        record.has_days = True
        return record.has_months
    if len(key) == 7 and key[4] == "-" and key[:4].isdigit() and key[5:].isdigit():
        record.has_months = True
        return record.has_days
    return True
