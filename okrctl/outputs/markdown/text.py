"""Makes the text of files plain in Markdown: no markup, no links, nobody notified."""

from __future__ import annotations

import re

from okrctl.outputs.terminal import sanitize

COMMENT_LIMIT = 65_536  # characters that a comment on GitHub may have
SUMMARY_LIMIT = 1_048_576  # bytes that a job summary may have

_MARKUP = re.compile(r"([\\`*_\[\]<>|~$&])")
_MENTION = re.compile(r"(@|#|(?<![\w])![ \t]*|GH-)(?=\w)")
_LINK = re.compile(r"(?i)\b(https?|ftp|www)([:.])")
_ZERO_WIDTH_SPACE = "\u200b"  # shows nothing and parts what must not be read together


def escape(text: str) -> str:
    """Text on one line as it reads, whatever signs it has."""
    apart = _LINK.sub(rf"\1{_ZERO_WIDTH_SPACE}\2", _MENTION.sub(rf"\1{_ZERO_WIDTH_SPACE}", sanitize(text)))
    return _MARKUP.sub(r"\\\1", apart)


def code_span(text: str) -> str:
    """Text on one line in the type of a machine; fit for a cell of a table."""
    inner = sanitize(text).replace("|", "\\|")
    fence = "`" * (max((len(run) for run in re.findall("`+", inner)), default=0) + 1)
    space = " " if inner[:1] == "`" or inner[-1:] == "`" else ""
    return f"{fence}{space}{inner}{space}{fence}" if inner else ""
