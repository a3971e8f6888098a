"""Finds keys that are not valid where they are used.

A misspelled key would otherwise be ignored together with its value: `onwer: lea` is an objective without an owner.
For the usual words of other tools (`target`, `baseline`, `current`) the message names okrctl's key. Keys that
begin with `x-` are your own. The same applies to okrctl.yaml, and to unknown names under its `rules:`.

Bad:

    period: 2026-Q2
    objectives:
      - id: origin
        title: Customers know where their products come from
        onwer: lea
        key_results: [{id: codes, title: Codes requested, to: 25000}]

Good:

    period: 2026-Q2
    objectives:
      - id: origin
        title: Customers know where their products come from
        owner: lea
        key_results: [{id: codes, title: Codes requested, to: 25000}]
"""

from __future__ import annotations

from collections.abc import Iterator

from okrctl.check.finding import Context, Finding, schema_findings
from okrctl.check.rule import Rule
from okrctl.workspace import File


def check(file: File, context: Context) -> Iterator[Finding]:
    """Keys that are not valid where they are used."""
    return schema_findings(file, RULE.code)


RULE = Rule(code="OKR002", name="unknown-key", severity="error", check_file=check)
