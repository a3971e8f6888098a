"""Finds suppressions that suppress nothing.

A suppression that is no longer needed hides the next finding there. Rules that are off are not considered,
nor are files that cannot be fully read.

Bad:

    period: 2026-Q2
    objectives:
      - id: origin
        title: Customers know where their products come from
        owner: lea  # okrctl: ignore[missing-owner]
        key_results: [{id: codes, title: Codes requested, to: 25000}]

Good:

    period: 2026-Q2
    objectives:
      - id: origin
        title: Customers know where their products come from  # okrctl: ignore[missing-owner]
        key_results: [{id: codes, title: Codes requested, to: 25000}]
"""

from __future__ import annotations

from collections.abc import Iterator

from okrctl.check.finding import Context, Finding
from okrctl.check.rule import Rule, SuppressedFile
from okrctl.values.diagnostic import Replacement, Span
from okrctl.yaml import Document, IgnoreComment


def check(subject: SuppressedFile, context: Context) -> Iterator[Finding]:
    """Names of active rules in suppressions that were not needed."""
    file = subject.file
    if file.omitted or file.file_problems:  # the rules have not seen all of it
        return
    for comment in file.document.ignore_comments:
        for number, (name, span) in enumerate(comment.names):
            rule = subject.rules.get(name)
            if rule and rule.code in subject.active_codes and (comment.line, name) not in subject.used:
                fix = _removal_fix(file.document, comment, number)
                yield Finding((), f"'{name}' suppresses nothing here", "remove it", span=span, fix=fix)


def _removal_fix(document: Document, comment: IgnoreComment, number: int) -> tuple[Replacement, ...]:
    """Remove one name from a suppression; the only name is removed together with the comment, and with its line."""
    names, place = comment.names, comment.span
    span = names[number][1]
    if len(names) > 1:
        end = names[number + 1][1].column if number + 1 < len(names) else span.end_column
        start = span.column if number + 1 < len(names) else names[number - 1][1].end_column
        return (Replacement(Span(span.line, start, span.line, end), ""),)
    if comment.is_alone and comment.target != comment.line:
        return (Replacement(Span(place.line, 1, place.line + 1, 1), ""),)
    start = len(document.line(place.line)[: place.column - 1].rstrip()) + 1
    return (Replacement(Span(place.line, start, place.line, place.end_column), ""),)


RULE = Rule(code="OKR011", name="unused-ignore", severity="warning", check_suppressions=check)
