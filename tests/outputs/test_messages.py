"""Digests as messages: each format within its limits and schema, whatever titles say, and never a mention."""

from __future__ import annotations

import html.parser
import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from markdown_it import MarkdownIt

from tests.running import run, write

TODAY = "2025-05-14"
HOSTILE = (
    "<!channel> <!here> <@U012AB3CD> <#C1|x> @here @channel @everyone <at>Ana</at>",
    "</td></tr></table><script>alert(1)</script><img src=x onerror=alert(1)>",
    "| a | b |\\n|---|---|\\n| *bold* _it_ ~no~ `code` [link](https://evil.example) **Ana** #12",
    "a & b < c > d &amp; \\u0007 \\u202e \\u200f end",
    "<https://evil.example|Click here> mailto:x@y.example {{ 7*7 }} ${HOME}",
)
FORMATS = ("markdown", "slack", "msteams", "html", "text")

# Slack's reference of Block Kit, as far as digests use it: https://docs.slack.dev/reference/block-kit/blocks
TEXT = {
    "type": "object", "required": ["type", "text"], "additionalProperties": False,
    "properties": {
        "type": {"const": "text"}, "text": {"type": "string", "minLength": 1, "maxLength": 3000},
        "style": {"type": "object", "additionalProperties": False,
                  "properties": {name: {"type": "boolean"} for name in ("bold", "italic", "strike", "code")}},
    },
}  # fmt: skip
EMOJI = {
    "type": "object", "required": ["type", "name"], "additionalProperties": False,
    "properties": {"type": {"const": "emoji"}, "name": {"type": "string", "pattern": "^[a-z_]+$"}},
}  # fmt: skip
RICH_SECTION = {
    "type": "object", "required": ["type", "elements"], "additionalProperties": False,
    "properties": {"type": {"const": "rich_text_section"},
                   "elements": {"type": "array", "items": {"anyOf": [TEXT, EMOJI]}}},
}  # fmt: skip
RICH_LIST = {
    "type": "object", "required": ["type", "style", "elements"], "additionalProperties": False,
    "properties": {"type": {"const": "rich_text_list"}, "style": {"enum": ["bullet", "ordered"]},
                   "elements": {"type": "array", "minItems": 1, "items": RICH_SECTION}},
}  # fmt: skip
HEADER = {
    "type": "object", "required": ["type", "text"], "additionalProperties": False,
    "properties": {"type": {"const": "header"}, "text": {
        "type": "object", "required": ["type", "text"], "additionalProperties": False,
        "properties": {"type": {"const": "plain_text"}, "text": {"type": "string", "minLength": 1, "maxLength": 150},
                       "emoji": {"type": "boolean"}}}},
}  # fmt: skip
SLACK = {
    "type": "object", "required": ["text", "blocks"], "additionalProperties": False,
    "properties": {
        "text": {"type": "string", "maxLength": 3000},
        "blocks": {"type": "array", "maxItems": 50, "items": {"anyOf": [HEADER, {
            "type": "object", "required": ["type", "elements"], "additionalProperties": False,
            "properties": {"type": {"const": "rich_text"}, "elements": {
                "type": "array", "items": {"anyOf": [RICH_SECTION, RICH_LIST]}}},
        }]}},
    },
}  # fmt: skip

# The schema of Adaptive Cards 1.4, as far as digests use it: https://adaptivecards.io/explorer
SPACING = {"enum": ["none", "small", "default", "medium", "large", "extraLarge", "padding", "Small", "Large"]}
CARD = {
    "type": "object", "required": ["type", "version", "body"], "additionalProperties": False,
    "properties": {
        "$schema": {"const": "http://adaptivecards.io/schemas/adaptive-card.json"},
        "type": {"const": "AdaptiveCard"}, "version": {"const": "1.4"}, "msteams": {"const": {"width": "Full"}},
        "body": {"type": "array", "items": {
            "type": "object", "required": ["type", "inlines"], "additionalProperties": False,
            "properties": {
                "type": {"const": "RichTextBlock"}, "spacing": SPACING, "separator": {"type": "boolean"},
                "inlines": {"type": "array", "minItems": 1, "items": {
                    "type": "object", "required": ["type", "text"], "additionalProperties": False,
                    "properties": {
                        "type": {"const": "TextRun"}, "text": {"type": "string"}, "isSubtle": {"type": "boolean"},
                        "weight": {"enum": ["Default", "Lighter", "Bolder"]},
                        "size": {"enum": ["Default", "Small", "Medium", "Large", "ExtraLarge"]},
                        "color": {"enum": ["Default", "Dark", "Light", "Accent", "Good", "Warning", "Attention"]},
                    }}},
            }}},
    },
}  # fmt: skip
TEAMS = {
    "type": "object", "required": ["type", "attachments"], "additionalProperties": False,
    "properties": {"type": {"const": "message"}, "attachments": {"type": "array", "maxItems": 1, "items": {
        "type": "object", "required": ["contentType", "content"], "additionalProperties": False,
        "properties": {"contentType": {"const": "application/vnd.microsoft.card.adaptive"},
                       "contentUrl": {"type": "null"}, "content": CARD}}}},
}  # fmt: skip


def goals(titles: list[str]) -> str:
    results = [
        f'      - {{id: k{number}, title: "{title}", from: 0, to: 100, readings: {{2025-05-04: 1, 2025-05-13: 2}}}}\n'
        for number, title in enumerate(titles)
    ]
    owner = '"Ana <!here> @ana"'
    head = f"period: 2025-Q2\nobjectives:\n  - id: o\n    title: One\n    owner: {owner}\n    key_results:\n"
    return head + "".join(results)


def workspace(root: Path, titles: list[str]) -> Path:
    settings = 'organisation: "<!channel> & </title> @here"\n'
    return write(root, {"okrs/a.yaml": goals(titles), "okrctl.yaml": settings})


def message(root: Path, format: str, *arguments: str) -> str:
    result = run("digest", "--format", format, *arguments, cwd=root, today=TODAY)
    assert result.status == 0, result.out + result.err
    return result.out


def texts(data: Any) -> list[str]:
    if isinstance(data, dict):
        own = [value for key, value in data.items() if key == "text" and isinstance(value, str)]
        return own + [text for value in data.values() for text in texts(value)]
    return [text for element in data for text in texts(element)] if isinstance(data, list) else []


def require_within_limits(out: str, format: str) -> None:
    match format:
        case "slack":
            data = json.loads(out)
            jsonschema.validate(data, SLACK)
            assert all(sum(map(len, texts(block))) <= 3000 for block in data["blocks"])
        case "msteams":
            jsonschema.validate(json.loads(out), TEAMS)
            assert len(out.encode()) <= 28 * 1024
        case "markdown":
            assert len(out) <= 65_536
        case "html":
            assert len(out.encode()) <= 102_000
            require_a_plain_mail(out)


class Mail(html.parser.HTMLParser):
    """Notes the tags of a mail that are open, in order, and all that it names."""

    VOID = ("meta", "br")

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: set[str] = set()
        self.attributes: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}
        self.open += [] if tag in self.VOID else [tag]

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def require_a_plain_mail(out: str) -> None:
    mail = Mail()
    mail.feed(out)
    assert mail.open == []
    assert mail.tags <= set("html head meta title style body table tr td strong br span code".split())
    assert not {name for name in mail.attributes if name.startswith("on") or name in ("src", "href")}
    assert "prefers-color-scheme: dark" in out and "url(" not in out and "@import" not in out


@pytest.mark.parametrize("format", FORMATS)
def test_each_owner_of_the_demo_is_within_the_limits(tmp_path_factory: pytest.TempPathFactory, format: str) -> None:
    root = tmp_path_factory.mktemp("demo") / "demo"
    assert run("init", "--demo", root, cwd=root.parent, today="2026-11-29").status == 0
    for arguments in ((), ("--owner", "ines"), ("--owner", "lu"), ("--team", "app"), ("--since", "2026-01-01")):
        out = run("digest", "--format", format, *arguments, cwd=root, today="2026-11-29").out
        require_within_limits(out, format)
        assert "Digest for" in out


@pytest.mark.parametrize("format", FORMATS)
def test_three_hundred_items_end_in_and_more(tmp_path: Path, format: str) -> None:
    long = "A title that is rather long and says in many words what it is about, number"
    out = message(workspace(tmp_path, [f"{long} {number} ä€𝄞" for number in range(300)]), format)
    require_within_limits(out, format)
    shown = out.count(f"{long} 1")
    assert shown >= 2
    assert " more" in out and "and 0 more" not in out
    if format == "text":
        assert out.count("and 200 more") == 2  # of what moved, and of what is at risk


@pytest.mark.parametrize("format", FORMATS)
def test_an_empty_week_is_a_message_too(tmp_path: Path, format: str) -> None:
    text = "period: 2025-Q2\nobjectives: [{id: o, title: One, key_results: [{id: k, title: K, done: 2025-04-03}]}]\n"
    out = message(write(tmp_path, {"okrs/a.yaml": text}), format)
    require_within_limits(out, format)
    assert "Nothing moved, and nothing needs attention" in out


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize("title", HOSTILE)
def test_no_title_is_markup_or_a_mention(tmp_path: Path, format: str, title: str) -> None:
    out = message(workspace(tmp_path, [title, "Plain"]), format, "--owner", "Ana <!here> @ana")
    require_within_limits(out, format)
    for mention in ("<!", "<@", "<#", "<at>", "@here", "@channel", "@everyone", "@ana", "<https"):
        assert mention not in out.replace("<!DOCTYPE", ""), mention
    assert "\x07" not in out and "\u202e" not in out


@pytest.mark.parametrize("title", HOSTILE)
def test_markdown_stays_text(tmp_path: Path, title: str) -> None:
    out = message(workspace(tmp_path, [title]), "markdown")
    tokens = [
        token
        for block in MarkdownIt("gfm-like", {"linkify": False}).parse(out)
        for token in (block, *(block.children or ()))
    ]
    kinds = {token.type for token in tokens}
    assert not kinds & {"html_inline", "html_block", "link_open", "image", "table_open", "em_open", "s_open"}
    assert {token.content for token in tokens if token.type == "code_inline"} <= {"okrctl show k0"}


def test_slack_circles_and_the_fallback_are_escaped(tmp_path: Path) -> None:
    data = json.loads(message(workspace(tmp_path, ["Plain"]), "slack"))
    assert data["text"].startswith("Digest for &lt;\u200b!channel&gt; &amp;")
    names = [element["name"] for block in data["blocks"] for element in _elements(block) if element["type"] == "emoji"]
    assert names == ["red_circle"] * 2


def _elements(block: dict[str, Any]) -> list[dict[str, Any]]:
    found = []
    for element in block.get("elements", ()):
        found += [element, *_elements(element)]
    return found
