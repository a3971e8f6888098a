"""Finds suppressions that name no rule, or one that does not exist.

There is no way to silence everything at once: whoever reads the comment should see what was set aside. Rules are
named by their name or their code.

Bad:

    period: 2026-Q2
    objectives:
      - id: origin
        title: Customers know where their products come from  # okrctl: ignore[mising-owner]
        owner: lea
        key_results: [{id: codes, title: Codes requested, to: 25000}]

Good:

    period: 2026-Q2
    objectives:
      - id: origin
        title: Customers know where their products come from  # okrctl: ignore[missing-owner]
        key_results: [{id: codes, title: Codes requested, to: 25000}]
"""

from __future__ import annotations

CODE = "OKR012"
NAME = "unknown-ignore"
SEVERITY = "error"
LOOKS_AT = "file"
