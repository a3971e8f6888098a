"""Shows how a title is read, and what each rule about wording says of it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from okrctl.check.title_explanation import TitleExplanation
from okrctl.outputs import json
from okrctl.outputs.documents import TitleDocument
from okrctl.outputs.markdown import escape, table
from okrctl.outputs.terminal import TerminalStyle, paint, sanitize, wrap

LANGUAGES = {"en": "English", "de": "German"}


def render(result: TitleExplanation, format: Literal["table", "markdown", "json"], style: TerminalStyle) -> str:
    """A title that was read, in a format."""
    match format:
        case "table":
            return "\n".join(_lines(result, style)) + "\n"
        case "markdown":
            facts = table(("Part", "Read as"), [(name, escape(text)) for name, text in _facts(result)])
            rows = [(rule.code, rule.name, escape(rule.message or "nothing")) for rule in result.verdicts]
            return f"{facts}\n\n{table(('Code', 'Name', 'What it says'), rows)}\n"
        case "json":
            return json.document(data(result))


def _facts(result: TitleExplanation) -> Iterator[tuple[str, str]]:
    """The parts of a title that rules ask for; a part that is not there is left out."""
    reading = result.reading
    yield "title", result.title
    yield "language", LANGUAGES[result.language]
    if reading.verb:
        yield "verb", f"{reading.verb.lemma} ({reading.verb.verb_class})"
    if reading.noun:
        yield "noun", f"{reading.noun.text}, no verb here"
    for phrase in reading.objects:
        yield "about", " ".join((*phrase.qualifiers, phrase.head)) + f" (head noun: {phrase.head})"
    if reading.excuse:
        yield "outcome", f"'{reading.excuse}' makes an outcome of it"
    if reading.generic:
        what = "metrics" if reading.is_metric else "general nouns"
        yield "general", f"'{result.title[slice(*reading.generic)]}' has only {what}"
    if reading.second_goal:
        yield "second goal", f"begins with '{reading.second_goal.text}'"


def _lines(result: TitleExplanation, style: TerminalStyle) -> Iterator[str]:
    for name, text in _facts(result):
        first, *more = wrap(sanitize(text), style.width - 13 if style.width else None)
        yield f"{paint(name.ljust(11), 'dim', style)}  {first}"
        yield from (" " * 13 + line for line in more)
    yield ""
    longest = max(len(rule.name) for rule in result.verdicts)
    for rule in result.verdicts:
        said = sanitize(rule.message) if rule.message else "no finding"
        indent = len(rule.code) + longest + 4
        first, *more = wrap(said, max(style.width - indent, 20) if style.width else None)
        yield f"{rule.code}  {paint(rule.name.ljust(longest), 'bold', style)}  {first}"
        yield from (" " * indent + line for line in more)


def data(result: TitleExplanation) -> TitleDocument:
    """What the rules read in a title."""
    reading = result.reading
    return {
        "title": result.title,
        "language": result.language,
        "verb": reading.verb and {"lemma": reading.verb.lemma, "class": reading.verb.verb_class},
        "objects": [{"head": phrase.head, "qualifiers": list(phrase.qualifiers)} for phrase in reading.objects],
        "outcome": reading.excuse,
        "general": reading.generic and result.title[slice(*reading.generic)],
        "second_goal": reading.second_goal and reading.second_goal.text,
        "rules": [
            {"code": rule.code, "name": rule.name, "judges": rule.kind, "message": rule.message}
            for rule in result.verdicts
        ],
    }
