"""Finds texts that are cut short by ` #`.

In YAML, a `#` after a space begins a comment, so `title: Close issue #42` has the title "Close issue". An intended
comment has a space after its `#` and is not reported.

To fix it, put the whole text in quotes.

Bad:

    period: 2026-Q2
    objectives:
      - id: origin
        title: Customers trust us to be #1 for origins
        owner: lea
        key_results: [{id: codes, title: Codes requested, to: 25000}]

Good:

    period: 2026-Q2
    objectives:
      - id: origin
        title: "Customers trust us to be #1 for origins"
        owner: lea  # since April
        key_results: [{id: codes, title: Codes requested, to: 25000}]
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from okrctl import measures
from okrctl.check.finding import Context, Finding
from okrctl.check.rule import Rule
from okrctl.values.diagnostic import Replacement, Route, Span
from okrctl.workspace import File
from okrctl.yaml import Document, Scalar

TEXT_KEYS = frozenset(
    ("title", "description", "why", "reason", "because", "note", "retrospective", "name", "organisation",
     "tags", "links", *measures.TEXT_KEYS)
)  # fmt: skip
QUICK_CHECK = re.compile(r"#(?<=[ \t]#)[^\s#!]")
CUT_TEXT = re.compile(r"[ \t]+(#[^\s#!](?:(?![ \t]+#)[^\r\n])*)")


def check(file: File, context: Context) -> Iterator[Finding]:
    """Plain texts before a `#` that is not followed by a space."""
    document = file.document
    if not QUICK_CHECK.search(document.text):
        return
    for route, value, is_key, style in document.scalars():
        if style != "plain" or is_key or not value or not _is_text(route):
            continue
        scalar = document.scalar(route)
        cut = CUT_TEXT.match(document.text, scalar.end) if scalar is not None else None
        if scalar is not None and cut and "okrctl:" not in cut[1]:
            yield _build_finding(document, route, scalar, cut)


def _is_text(route: Route) -> bool:
    """Whether the value is free text, according to its key."""
    key = next((part for part in reversed(route) if isinstance(part, str)), "")
    return key in TEXT_KEYS or any(name in route for name in measures.TEXT_KEYS)


def _build_finding(document: Document, route: Route, scalar: Scalar, cut: re.Match[str]) -> Finding:
    line, column = scalar.span.end_line, scalar.span.end_column + cut.start(1) - cut.start()
    lost = cut[1].rstrip()
    span = Span(line, column, line, column + len(lost))
    full_text = scalar.text + document.text[cut.start() : cut.start(1)] + lost
    fix: tuple[Replacement, ...] = ()
    if scalar.span.line == line and not _is_in_flow_style(document, route):
        fix = (Replacement(Span(line, scalar.span.column, line, span.end_column), _quote(full_text)),)
    message = f"a comment begins here: the text ends with '{_last_words(scalar.value)}'"
    help = "put the whole text in quotes, or add a space after the `#` if it is a comment"
    return Finding(route, message, help, span=span, fix=fix)


def _is_in_flow_style(document: Document, route: Route) -> bool:
    nodes = (document.node(route[:length]) for length in range(len(route)))
    return any(node is not None and node.is_flow for node in nodes)


def _last_words(text: str) -> str:
    words = " ".join(text.split())
    return words if len(words) <= 40 else f"…{words[-39:]}"


def _quote(text: str) -> str:
    return f'"{text}"' if '"' not in text and "\\" not in text else "'" + text.replace("'", "''") + "'"


RULE = Rule(code="OKR013", name="value-truncated-by-comment", severity="warning", check_file=check)
