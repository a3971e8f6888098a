"""Finds values that are not what their key asks for.

A day that no calendar has, a number with a comma for thousands, a band whose bounds are swapped, a stretch that falls
short of the goal: each would be guessed at differently by every reader, so none is guessed at. Each message says how
the value is written instead.

Bad:

    period: 2026-Q2
    objectives:
      - id: origin
        title: Customers know where their products come from
        owner: lea
        key_results: [{id: codes, title: Codes requested, to: "25,000", due: 2026-06-31}]

Good:

    period: 2026-Q2
    objectives:
      - id: origin
        title: Customers know where their products come from
        owner: lea
        key_results: [{id: codes, title: Codes requested, to: 25000, due: 2026-06-30}]
"""

from __future__ import annotations

from collections.abc import Iterator

from okrctl.finding import Context, Finding, reported
from okrctl.workspace import File

CODE = "OKR004"
NAME = "invalid-value"
SEVERITY = "error"
LOOKS_AT = "file"


def check(file: File, context: Context) -> Iterator[Finding]:
    """Values that cannot be read as what they are to be."""
    yield from reported(file, CODE)
