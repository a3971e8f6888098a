"""A digest as an Adaptive Card in a message of Microsoft Teams: what the webhook of a workflow takes.

Lines are `RichTextBlock`, whose runs are literal: no character of a title can be markup, a link or a mention. Teams
refuses messages of more than 28 KB, and counts more than the bytes that are sent, so this stays well below.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from okrctl.analysis.digest import Digest
from okrctl.outputs.messages import Line, Message, Section, defuse, longest_fitting
from okrctl.outputs.view import TONES
from okrctl.values.json_text import dump

MAX_BYTES = 20_000
COLORS = {"good": "Good", "warn": "Warning", "bad": "Attention"}
Data = dict[str, Any]


def render(digest: Digest) -> str:
    """The message as JSON on one line."""
    return longest_fitting(digest, _message, lambda text: len(text.encode("utf-8", "replace")) <= MAX_BYTES) + "\n"


def _message(message: Message) -> str:
    body: list[Data] = [_block([_run(message.title, weight="Bolder", size="Large")])]
    body += [_block([_run(head)], spacing="Small") for head in message.heads]
    for section in message.sections:
        body += _section(section)
    body += [_block([_run(note, isSubtle=True)]) for note in message.notes]
    card = {
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "type": "AdaptiveCard",
        "version": "1.4",
        "msteams": {"width": "Full"},
        "body": body,
    }
    attachment = {"contentType": "application/vnd.microsoft.card.adaptive", "contentUrl": None, "content": card}
    return dump({"type": "message", "attachments": [attachment]}, separators=(",", ":"))


def _section(section: Section) -> Iterator[Data]:
    yield _block([_run(section.title, weight="Bolder")], spacing="Large", separator=True)
    for line in section.lines:
        yield _block(list(_line(line)), spacing="Small")
    if section.more:
        yield _block([_run(section.rest, isSubtle=True)], spacing="Small")


def _line(line: Line) -> Iterator[Data]:
    yield _run(f"{line.title}: ", weight="Bolder")
    if line.status:
        color = COLORS.get(TONES.get(line.status, ""), "Default")
        yield _run(f"{line.status} ", color=color)
    yield _run(line.text)


def _run(text: str, **style: Any) -> Data:
    return {"type": "TextRun", "text": defuse(text), **style}


def _block(inlines: list[Data], **layout: Any) -> Data:
    return {"type": "RichTextBlock", "inlines": inlines, **layout}
