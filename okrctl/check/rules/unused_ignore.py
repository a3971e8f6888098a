"""Finds suppressions that suppress nothing.

A suppression that is no longer needed hides the next finding in its place. Rules that are off are not considered,
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

from okrctl.values.diagnostic import Replacement, Span
from okrctl.yaml import Document, IgnoreComment

CODE = "OKR011"
NAME = "unused-ignore"
SEVERITY = "warning"
LOOKS_AT = "file"


def build_removal_fix(document: Document, ignore: IgnoreComment, number: int) -> tuple[Replacement, ...]:
    """What takes one name out of a suppression; the last one goes with the comment, and with a line of nothing else."""
    names, place = ignore.names, ignore.span
    span = names[number][1]
    if len(names) > 1:
        end = names[number + 1][1].column if number + 1 < len(names) else span.end_column
        start = span.column if number + 1 < len(names) else names[number - 1][1].end_column
        return (Replacement(Span(span.line, start, span.line, end), ""),)
    if ignore.is_alone and ignore.target != ignore.line:
        return (Replacement(Span(place.line, 1, place.line + 1, 1), ""),)
    start = len(document.line(place.line)[: place.column - 1].rstrip()) + 1
    return (Replacement(Span(place.line, start, place.line, place.end_column), ""),)
