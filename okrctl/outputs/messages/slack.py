"""A digest as Slack's Block Kit: what a webhook or `chat.postMessage` takes.

Lists are `rich_text`, whose texts are literal: no character of a title can be markup, a link or a mention. Limits are
those of Slack's reference: 50 blocks, 3,000 characters a text, here of all texts of a block, 150 in a header.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from okrctl.analysis.digest import Digest
from okrctl.outputs.messages import Line, Message, Section, defuse, longest_fitting
from okrctl.outputs.view import TONES
from okrctl.values.json_text import dump

MAX_BLOCKS, MAX_CHARACTERS, MAX_HEADER = 50, 3_000, 150
CIRCLES = {"good": "large_green_circle", "warn": "large_yellow_circle", "bad": "red_circle"}
_ENTITIES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})
Data = dict[str, Any]


def render(digest: Digest) -> str:
    """The message as JSON."""
    return dump(longest_fitting(digest, _message, _fits), indent=2) + "\n"


def _fits(message: Data) -> bool:
    blocks = message["blocks"]
    return len(blocks) <= MAX_BLOCKS and all(sum(map(len, _texts(block))) <= MAX_CHARACTERS for block in blocks)


def _texts(data: Any) -> Iterator[str]:
    if isinstance(data, list):
        for element in data:
            yield from _texts(element)
    elif isinstance(data, dict):
        for key, value in data.items():
            yield from [value] if key == "text" and isinstance(value, str) else _texts(value)


def _message(message: Message) -> Data:
    """The blocks, and `text`, which notifications show."""
    header = {
        "type": "header",
        "text": {"type": "plain_text", "text": defuse(message.title)[:MAX_HEADER], "emoji": False},
    }
    summary = "; ".join([message.title, *message.heads])[: MAX_CHARACTERS // 6]
    blocks = [header, _rich_text([_section([_text("\n".join(message.heads))])])]
    blocks += [_rich_text(_list(section)) for section in message.sections]
    blocks += [_rich_text([_section([_text(note)])]) for note in message.notes]
    return {"text": defuse(summary).translate(_ENTITIES), "blocks": blocks}


def _list(section: Section) -> list[Data]:
    items = [_section(list(_line(line))) for line in section.lines]
    items += [_section([_text(section.rest, italic=True)])] if section.more else []
    heading = _section([_text(section.title, bold=True)])
    return [heading, {"type": "rich_text_list", "style": "bullet", "elements": items}]


def _line(line: Line) -> Iterator[Data]:
    if line.status in TONES:
        yield {"type": "emoji", "name": CIRCLES[TONES[line.status]]}
        yield _text(" ")
    yield _text(line.title, bold=True)
    yield _text(f" {line.status}: {line.text}" if line.status else f" {line.text}")


def _text(text: str, **style: bool) -> Data:
    """A literal text; Slack refuses an empty one."""
    return {"type": "text", "text": defuse(text) or " ", **({"style": style} if style else {})}


def _section(elements: list[Data]) -> Data:
    return {"type": "rich_text_section", "elements": elements}


def _rich_text(elements: list[Data]) -> Data:
    return {"type": "rich_text", "elements": elements}
