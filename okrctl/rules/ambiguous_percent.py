"""Finds `change: -7` on a key result in percent: seven per cent of the value, or seven percentage points?

From 40 %, `-7%` leads to 37.2 % and `-7pp` to 33 %. Only the author knows which is meant.

Bad:

    period: 2026-Q2
    objectives:
      - id: origin
        title: Customers know where their products come from
        owner: lea
        key_results:
          - {id: wrong, title: Codes that belong to another product, from: 4.3%, change: -2}
          - {id: codes, title: Tracking codes requested, to: 25000}

Good:

    period: 2026-Q2
    objectives:
      - id: origin
        title: Customers know where their products come from
        owner: lea
        key_results:
          - {id: wrong, title: Codes that belong to another product, from: 4.3%, change: -2pp}
          - {id: codes, title: Tracking codes requested, to: 25000}
"""

from __future__ import annotations

from collections.abc import Iterator

from okrctl.finding import Context, Finding
from okrctl.quantity import Change
from okrctl.workspace import Workspace

CODE = "OKR309"
NAME = "ambiguous-percent"
SEVERITY = "error"
LOOKS_AT = "file"


def across(workspace: Workspace, context: Context) -> Iterator[Finding]:
    """Changes without a unit of key results whose unit, or whose KPI's, is the percent."""
    for kr in workspace.key_results:
        change = getattr(kr.model, "change", None)
        if kr.measure != "change" or not isinstance(change, Change) or change.kind != "absolute" or change.unit:
            continue
        if workspace.unit(kr) == "%":
            text = change.text.strip()
            message = f"'{text}' may be percent or percentage points"
            help = f"write `{text}%` for a share of the value, `{text}pp` for percentage points"
            yield Finding((*kr.route, "change"), message, help, ref=kr.ref, file=kr.file)
