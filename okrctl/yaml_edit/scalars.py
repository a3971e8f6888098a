"""Spells values as YAML that reads back as exactly what was meant."""

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
# What some YAML reader takes for a truth value, a number, a time or the merge sign.
_AMBIGUOUS_TEXT = re.compile(
    r"(?i:y|yes|no|n|true|false|on|off)|[-+.]?[0-9][-+0-9_.,:eExXoOa-fA-F]*|[-+]?\.(?i:inf|nan)|<<|=|"
    r"[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}.*"
)


class Prose(str):
    """A text for people: put in quotes where any YAML reader would take it for something else, as `no` or `1.10`."""

    __slots__ = ()


def format_scalar(value: str, *, flow: bool, style: ScalarStyle = "plain") -> str:
    """One scalar on one line, in the style asked where the value allows it."""
    if _UNPRINTABLE.search(value) or "\t" in value or (style == "double" and value):
        return _double_quote(value)
    if style == "single":
        return _single_quote(value)
    if is_plain_allowed(value, flow=flow):
        return value
    return _single_quote(value) if '"' in value or "\\" in value else _double_quote(value)


def is_plain_allowed(value: str, *, flow: bool) -> bool:
    """Whether a value can stand without quotes."""
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
    """A key with its value in block style: one line, or several where the value does not fit on one."""
    head = f"{' ' * indent}{format_scalar(key, flow=False)}:"
    if isinstance(value, str):
        literal = _format_literal(value, indent + step)
        return [f"{head} {literal[0]}", *literal[1:]] if literal else [head + gap + format_scalar(value, flow=False)]
    if isinstance(value, Mapping):
        if not value or (key not in ONE_LINE_KEYS and all(isinstance(one, str) for one in value.values())):
            return [head + gap + format_flow(value)]
        return [head, *format_mapping(value, indent + step, step, in_flow=key in ONE_LINE_KEYS)]
    if all(isinstance(one, str) for one in value):
        return [head + gap + format_flow(value)]
    return [head, *(line for one in value for line in format_item(one, indent + step, step))]


def format_mapping(value: Mapping[str, Value], indent: int, step: int = 2, *, in_flow: bool = False) -> list[str]:
    """The lines of a block mapping; with `in_flow` each value stays on the line of its key."""
    if in_flow:
        return [f"{' ' * indent}{format_scalar(key, flow=False)}: {format_inline(one)}" for key, one in value.items()]
    return [line for key, one in value.items() for line in format_entry(key, one, indent, step)]


def format_item(value: Value, indent: int, step: int = 2, gap: int = 1) -> list[str]:
    """The lines of an element of a block sequence whose dash stands at `indent`."""
    dash = f"{' ' * indent}-{' ' * gap}"
    if not isinstance(value, Mapping) or not value:
        return [dash + format_inline(value)]
    lines = format_mapping(value, len(dash), step)
    return [dash + lines[0][len(dash) :], *lines[1:]]


def format_inline(value: Value) -> str:
    """A value on the line of its key or dash."""
    return format_scalar(value, flow=False) if isinstance(value, str) else format_flow(value)


def _format_literal(value: str, indent: int) -> list[str]:
    """A text of several lines as a literal block; nothing where it must be quoted, or has one line."""
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
    return '"' + "".join(_escape(sign) for sign in value) + '"'


def _escape(sign: str) -> str:
    if sign in _ESCAPES:
        return _ESCAPES[sign]
    if not _UNPRINTABLE.match(sign):
        return sign
    code = ord(sign)
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
