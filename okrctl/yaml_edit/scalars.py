"""Formats values as YAML that parses back to the same values."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import TypeAlias

from okrctl.yaml import ScalarStyle

Value: TypeAlias = "str | Mapping[str, Value] | Sequence[Value]"

ONE_LINE_KEYS = frozenset(("readings", "plan"))
_BLANK_VALUES = frozenset(("", "~", "null", "Null", "NULL"))
_INDICATORS = frozenset(",[]{}#&*!|>'\"%@`")
_NOT_IN_FLOW = re.compile(r"[,\[\]{}:?]")
_UNPRINTABLE = re.compile("[^\t\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]")
_ESCAPES = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t", "\r": "\\r"}
# Texts that some YAML parsers read as a truth value, a number, a time or the merge key.
_AMBIGUOUS_TEXT = re.compile(
    r"(?i:y|yes|no|n|true|false|on|off)|[-+.]?[0-9][-+0-9_.,:eExXoOa-fA-F]*|[-+]?\.(?i:inf|nan)|<<|=|"
    r"[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}.*"
)


class Prose(str):
    """A text for people. It is quoted if a YAML parser may read it as another type, such as `no` or `1.10`."""

    __slots__ = ()


def format_scalar(value: str, *, flow: bool, style: ScalarStyle = "plain") -> str:
    """A scalar on one line, in the given style if the value allows it."""
    if _UNPRINTABLE.search(value) or "\t" in value or (style == "double" and value):
        return _double_quote(value)
    if style == "single":
        return _single_quote(value)
    if is_plain_allowed(value, flow=flow):
        return value
    return _single_quote(value) if '"' in value or "\\" in value else _double_quote(value)


def is_plain_allowed(value: str, *, flow: bool) -> bool:
    """Whether a value needs no quotes."""
    if value in _BLANK_VALUES or value != value.strip() or value.startswith(("---", "...", "- ", "? ", ": ")):
        return False
    if value[0] in _INDICATORS or value in ("-", "?", ":") or value.endswith(":") or ": " in value or " #" in value:
        return False
    if flow and _NOT_IN_FLOW.search(value):
        return False
    return not (isinstance(value, Prose) and _AMBIGUOUS_TEXT.fullmatch(value))


def format_flow(value: Value) -> str:
    """A value on one line, mappings and lists in brackets."""
    if isinstance(value, str):
        return format_scalar(value, flow=True)
    if isinstance(value, Mapping):
        return (
            "{"
            + ", ".join(f"{format_scalar(key, flow=True)}: {format_flow(inner)}" for key, inner in value.items())
            + "}"
        )
    return "[" + ", ".join(map(format_flow, value)) + "]"


def format_entry(key: str, value: Value, indent: int, step: int = 2, gap: str = " ") -> list[str]:
    """The lines of a key with its value in block style."""
    head = f"{' ' * indent}{format_scalar(key, flow=False)}:"
    if isinstance(value, str):
        literal = _format_literal(value, indent + step)
        return [f"{head} {literal[0]}", *literal[1:]] if literal else [head + gap + format_scalar(value, flow=False)]
    if isinstance(value, Mapping):
        if not value or (key not in ONE_LINE_KEYS and all(isinstance(inner, str) for inner in value.values())):
            return [head + gap + format_flow(value)]
        return [head, *format_mapping(value, indent + step, step, in_flow=key in ONE_LINE_KEYS)]
    if all(isinstance(inner, str) for inner in value):
        return [head + gap + format_flow(value)]
    return [head, *(line for inner in value for line in format_item(inner, indent + step, step))]


def format_mapping(value: Mapping[str, Value], indent: int, step: int = 2, *, in_flow: bool = False) -> list[str]:
    """The lines of a block mapping; with `in_flow` each value is on the line of its key."""
    if in_flow:
        return [
            f"{' ' * indent}{format_scalar(key, flow=False)}: {format_inline(inner)}" for key, inner in value.items()
        ]
    return [line for key, inner in value.items() for line in format_entry(key, inner, indent, step)]


def format_item(value: Value, indent: int, step: int = 2, gap: int = 1) -> list[str]:
    """The lines of an element of a block sequence whose dash is at column `indent`."""
    dash = f"{' ' * indent}-{' ' * gap}"
    if not isinstance(value, Mapping) or not value:
        return [dash + format_inline(value)]
    lines = format_mapping(value, len(dash), step)
    return [dash + lines[0][len(dash) :], *lines[1:]]


def format_inline(value: Value) -> str:
    """A value on the line of its key or dash."""
    return format_scalar(value, flow=False) if isinstance(value, str) else format_flow(value)


def _format_literal(value: str, indent: int) -> list[str]:
    """The lines of a literal block for a text of several lines; empty if it must be quoted or has one line."""
    body = value.removesuffix("\n")
    lines = body.split("\n")
    if "\n" not in value or any(_UNPRINTABLE.search(line) for line in lines):
        return []
    if not lines[-1].strip() or lines[0].startswith((" ", "\t")) or not lines[0]:
        return []
    pad = " " * indent
    return ["|" if value.endswith("\n") else "|-", *(pad + line if line else "" for line in lines)]


def _single_quote(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"


def _double_quote(value: str) -> str:
    return '"' + "".join(_escape(character) for character in value) + '"'


def _escape(character: str) -> str:
    if character in _ESCAPES:
        return _ESCAPES[character]
    if not _UNPRINTABLE.match(character):
        return character
    code = ord(character)
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
