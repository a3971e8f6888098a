"""Finds graded key results whose title says faster, better, significant or as much as possible.

A grade is a person's judgement and needs a standard. "Noticeably better" fits every grade.

To fix it, find the number behind the word, or describe each grade under `graded:`.

Bad:

    period: 2026-Q2
    objectives:
      - id: origin
        title: Customers know where their products come from
        owner: lea
        key_results:
          - {id: pages, title: Significantly better product pages, graded: true}
          - {id: codes, title: Tracking codes requested, to: 25000}

Good:

    period: 2026-Q2
    objectives:
      - id: origin
        title: Customers know where their products come from
        owner: lea
        key_results:
          - id: pages
            title: Better product pages
            graded: {0.3: The farm is named, 0.7: with a map, 1: with a picture of the people}
          - {id: codes, title: Tracking codes requested, to: 25000}
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from okrctl.check.finding import Context, Finding
from okrctl.check.rule import Rule
from okrctl.measures import graded
from okrctl.workspace import KeyResult

VAGUE_WORDS = re.compile(
    r"(?<!find a )(?<!Find a )\b(?:as (?:much|many|fast|soon|often|well|far|good) as possible|"
    r"significant(?:ly)?(?! (?:figure|digit|other))|"
    r"substantial(?:ly)?|considerabl[ey]|noticeabl[ey]|faster|better|"
    r"more efficient(?:ly)?)\b(?!-)(?! (?:than|business bureau)\b)",
    re.IGNORECASE,
)


def check(key_result: KeyResult, context: Context) -> Iterator[Finding]:
    """The first vague word in the title of a graded key result."""
    if key_result.measure is not graded.MEASURE or not key_result.is_active or not context.knows_language:
        return
    if isinstance(key_result.model.graded, dict):
        return
    match = VAGUE_WORDS.search(key_result.model.title or "")
    if match:
        message = f"'{match[0]}' fits every grade"
        help = "find the number behind it, or describe each grade under `graded:`"
        yield Finding((*key_result.route, "title"), message, help, text_range=match.span())


RULE = Rule(code="OKR306", name="vague-key-result", severity="warning", check_key_result=check)
