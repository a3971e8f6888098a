"""Finds text that is not valid YAML, and shows how to fix common mistakes.

A file that cannot be read hides all its goals, so nothing else is reported for it. Common mistakes are a title that
contains `: `, a value that begins with `@`, `%` or a backtick, a tab, and the markers of an unfinished merge.

Bad:

    period: 2026-Q2
    objectives:
      - id: speed
        title: Faster: in all we do

Good:

    period: 2026-Q2
    objectives:
      - id: speed
        title: "Faster: in all we do"
"""

from __future__ import annotations

from collections.abc import Iterator

from okrctl.check.finding import Context, Finding, schema_findings
from okrctl.check.rule import Rule
from okrctl.workspace import File


def check(file: File, context: Context) -> Iterator[Finding]:
    """Why the text is not valid YAML."""
    return schema_findings(file, RULE.code)


RULE = Rule(code="OKR001", name="yaml-syntax", severity="error", check_file=check)
