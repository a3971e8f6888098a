"""Finds suppressions that name no rule, or an unknown one.

A suppression always names the rule, by name or code, so that readers see what was suppressed. There is no way to
suppress all rules at once.

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
