"""Shows a digest: as Markdown, as a message of Slack or Teams, as a mail, as plain text, as JSON."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields
from typing import Any, Literal

from okrctl.analysis.digest import Digest, DigestItem
from okrctl.outputs import json
from okrctl.outputs.markdown import COMMENT_LIMIT, TONE_SIGNS, code_span, escape
from okrctl.outputs.messages import Line, Message, build_message, defuse, longest_fitting, msteams, slack
from okrctl.outputs.terminal import TerminalStyle
from okrctl.outputs.view import TONES
from okrctl.outputs.views.scorecard import period_data

Format = Literal["markdown", "slack", "msteams", "html", "text", "json"]
SUFFIXES: dict[Format, str] = {
    "markdown": "md", "slack": "json", "msteams": "json", "html": "html", "text": "txt", "json": "json",
}  # fmt: skip
MAIL_LIMIT = 90_000  # bytes; Gmail hides what is beyond 102 KB
LISTS = ("moved", "attention", "due", "decided", "kpis", "unaddressed")


def render(
    result: Digest, format: Literal["markdown", "slack", "msteams", "html", "text", "json"], style: TerminalStyle
) -> str:
    """A digest in a format."""
    match format:
        case "markdown":
            return longest_fitting(result, _markdown, lambda text: len(text) <= COMMENT_LIMIT)
        case "slack":
            return slack.render(result)
        case "msteams":
            return msteams.render(result)
        case "html":
            return longest_fitting(result, _mail, lambda text: len(text.encode("utf-8", "replace")) <= MAIL_LIMIT)
        case "text":
            return "\n".join(_text_lines(build_message(result))) + "\n"
        case "json":
            return json.document(_data(result))


def render_index(entries: list[dict[str, object]]) -> str:
    """The index of a folder with a digest for each person, as JSON."""
    return json.document({"people": entries}) + "\n"


def render_folder(folder: str, count: int) -> str:
    """The document of a folder with a digest for each person."""
    return json.document({"folder": folder, "digests": count})


def _markdown(message: Message) -> str:
    blocks = [f"## {_escape(message.title)}", "  \n".join(map(_escape, message.heads))]
    for section in message.sections:
        lines = [_markdown_line(line) for line in section.lines] + ([f"- {section.rest}"] if section.more else [])
        blocks += [f"### {escape(section.title)}", "\n".join(lines)]
    return "\n\n".join([*blocks, *map(_escape, message.notes)]) + "\n"


def _markdown_line(line: Line) -> str:
    status = f"{TONE_SIGNS.get(TONES.get(line.status, ''), '')}{escape(line.status)}: " if line.status else ""
    command = f" → {code_span(line.command)}" if line.command else ""
    return f"- **{_escape(line.title)}** {status}{_escape(line.text)}{command}"


def _escape(text: str) -> str:
    """Markdown that reads as the text, also where a chat takes it for its own markup."""
    return escape(defuse(text))


def _text_lines(message: Message) -> Iterator[str]:
    yield from map(defuse, (message.title, *message.heads))
    for section in message.sections:
        yield from ("", section.title)
        for line in section.lines:
            status = f"{line.status}: " if line.status else ""
            command = f" -> {line.command}" if line.command else ""
            yield defuse(f"* {line.title}: {status}{line.text}") + command
        if section.more:
            yield f"* {section.rest}"
    if message.notes:
        yield from ("", *map(defuse, message.notes))


def _mail(message: Message) -> str:
    from okrctl.outputs.reports import page

    return page.render("digest.html", message=message, tones=TONES, defuse=defuse)


def _data(result: Digest) -> dict[str, Any]:
    keys = ("score", "pace")
    periods = [
        {**period_data(card), **{key: getattr(card, key) for key in keys}, "measured": card.measured_count,
         "key_results": card.key_result_count}
        for card in result.cards
    ]  # fmt: skip
    return {
        "since": result.since,
        "as_of": result.as_of,
        "organisation": result.organisation,
        "owners": result.owners,
        "teams": result.teams,
        "periods": periods,
        **{name: [_item_data(item) for item in getattr(result, name)] for name in LISTS},
        "notes": result.notes,
    }


def _item_data(item: DigestItem) -> dict[str, Any]:
    return {field.name: getattr(item, field.name) for field in fields(item) if field.name not in ("node", "label")}
