"""Finds plain words and numbers that other YAML readers interpret differently.

okrctl reads a value as the type its key expects, so `no` stays a country code and `1:30` stays text. A dashboard or
a script that reads the same file may get false and 90 instead: YAML 1.1 and YAML 1.2 differ here, and both are in
use. Numbers, dates and `true` are not reported where the key expects them.

To fix it, put the value in quotes.

Bad:

    period: 2026-Q2
    objectives:
      - id: nordics
        title: Shops in the north sell on their own
        owner: lea
        tags: [dk, no, se]
        key_results: [{id: shops, title: Shops without support, to: 12}]

Good:

    period: 2026-Q2
    objectives:
      - id: nordics
        title: Shops in the north sell on their own
        owner: lea
        tags: [dk, "no", se]
        key_results: [{id: shops, title: Shops without support, to: 12}]
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from okrctl.check.finding import Context, Finding
from okrctl.check.rule import Rule
from okrctl.values.diagnostic import Replacement, Route
from okrctl.workspace import File

TRUE = frozenset("y Y yes Yes YES on On ON".split())
FALSE = frozenset("n N no No NO off Off OFF".split())
AMBIGUOUS_NUMBER = re.compile(
    r"[-+]?(?:(?P<octal>0[0-9]+)|(?P<based>0[xX][0-9a-fA-F]+|0o[0-7]+|0b[01]+)"
    r"|(?P<sixty>[1-9][0-9]*(?::[0-5]?[0-9])+)|(?P<grouped>[0-9]+(?:_[0-9]+)+(?:\.[0-9]+)?))"
)
# Most files have none of these, which quick searches of the whole text show; each pattern begins with a rare character.
WORDS = TRUE | FALSE
QUICK_CHECKS = (
    re.compile(r"0[0-9xXob](?:(?<=[\s\[{,:]0.)|(?<=[\s\[{,:][-+]0.))"),
    re.compile(r":[0-9](?<=[0-9]:.)"),
    re.compile(r"_[0-9](?<=[0-9]_.)"),
)


def check(file: File, context: Context) -> Iterator[Finding]:
    """Plain scalars, including keys, that readers of YAML 1.1 and 1.2 interpret differently."""
    text = file.document.text
    if not any(pattern.search(text) for pattern in QUICK_CHECKS) and not file.document.has_any_scalar(WORDS):
        return
    invalid_routes = {problem.route for problem in file.schema_problems}
    for route, value, is_key, style in file.document.scalars():
        meaning = _alternative_meaning(value) if style == "plain" and len(value) <= 40 else None
        if meaning and route not in invalid_routes and not _is_custom_key(route):
            span = file.document.key_span(route) if is_key else file.document.span_at(route)
            fix = (Replacement(span, f'"{value}"'),)
            message = f"other YAML readers interpret '{value}' as {meaning}"
            yield Finding(route, message, f'put it in quotes: `"{value}"`', is_key, fix=fix)


def _is_custom_key(route: Route) -> bool:
    return any(isinstance(part, str) and part.startswith("x-") for part in route)


def _alternative_meaning(value: str) -> str | None:
    """The value that other readers see in a plain scalar; None if all agree."""
    if value in TRUE or value in FALSE:
        return "true" if value in TRUE else "false"
    match = AMBIGUOUS_NUMBER.fullmatch(value)
    if match is None:
        return None
    sign = "-" if value.startswith("-") else ""
    if match["sixty"]:
        total = 0
        for part in match["sixty"].split(":"):
            total = total * 60 + int(part)
        return f"the number {sign}{total}"
    if match["grouped"]:
        return f"the number {sign}{match['grouped'].replace('_', '')}"
    if match["octal"] and set(match["octal"]) <= set("01234567"):
        return f"the octal number {sign}{int(match['octal'], 8)}"
    return f"the number {sign}{int(match['based'], 0) if match['based'] else int(match['octal'])}"


RULE = Rule(code="OKR010", name="ambiguous-scalar", severity="warning", check_file=check)
