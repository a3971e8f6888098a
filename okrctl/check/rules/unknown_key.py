"""Finds keys that mean nothing where they stand.

A mistyped key would otherwise be passed over in silence, and with it what it says: `onwer: lea` is an objective
without an owner. The usual words of other tools (`target`, `baseline`, `current`) are answered with ours. Keys that
begin with `x-` are your own. The same holds for okrctl.yaml, and for names of rules there that no rule has.

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
from okrctl.workspace import File

CODE = "OKR002"
NAME = "unknown-key"
SEVERITY = "error"
LOOKS_AT = "file"


def check(file: File, context: Context) -> Iterator[Finding]:
    """Keys that the shape of the file does not know."""
    return schema_findings(file, CODE)
