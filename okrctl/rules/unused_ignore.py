"""Finds suppressions that suppress nothing.

A comment that has outlived its reason lets the next real finding in that place pass unseen. Nothing is said about
rules that do not run, nor in files that could not be read whole, since nobody can tell there.

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

CODE = "OKR011"
NAME = "unused-ignore"
SEVERITY = "warning"
LOOKS_AT = "file"
