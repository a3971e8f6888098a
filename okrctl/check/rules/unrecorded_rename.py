"""Finds objectives and key results whose id changed without a record under `formerly`.

Without `formerly`, a goal with a different id is taken for the same one only if its title, its kind of measure and at
least one reading stayed the same. The next change of its title makes it a new goal, which has lost its history and what
was agreed for it. With a base (`--base`, or a pull request in CI), ids that changed since then are reported. Without a
base, ids in running periods that changed since the goals were agreed are reported, and ids in closed periods that are
not those of the seal.

To fix it, add the old id under `formerly`.

Bad:

    # BASE
    period: 2026-Q2
    objectives:
      - id: origin
        title: Customers know where their products come from
        owner: lea
        key_results:
          - {id: codes, title: Codes requested, to: 25000, readings: {2026-04-13: 1200}}
    # NOW
    period: 2026-Q2
    objectives:
      - id: origin
        title: Customers know where their products come from
        owner: lea
        key_results:
          - {id: requests, title: Codes requested, to: 25000, readings: {2026-04-13: 1200}}

Good:

    # BASE
    period: 2026-Q2
    objectives:
      - id: origin
        title: Customers know where their products come from
        owner: lea
        key_results:
          - {id: codes, title: Codes requested, to: 25000, readings: {2026-04-13: 1200}}
    # NOW
    period: 2026-Q2
    objectives:
      - id: origin
        title: Customers know where their products come from
        owner: lea
        key_results:
          - {id: requests, formerly: codes, title: Codes requested, to: 25000, readings: {2026-04-13: 1200}}
"""

from __future__ import annotations

from collections.abc import Iterator

from okrctl.check.finding import Context, Finding
from okrctl.check.rule import Rule
from okrctl.history.diff import Comparison
from okrctl.workspace import KeyResult, Objective


def check(comparison: Comparison, context: Context) -> Iterator[Finding]:
    """Every goal with another id and no word of the old one."""
    for change in comparison.changes:
        before, after = change.before, change.after
        if not isinstance(before, Objective | KeyResult) or not isinstance(after, Objective | KeyResult):
            continue
        if change.field == "id" and after.model.formerly is None:
            message = f"the id was '{before.id}'"
            yield Finding((*after.route, "id"), message, advise(before.id), ref=after.ref, file=after.file)


def advise(former: str) -> str:
    """How to record the id that a goal had."""
    return f"add `formerly: {former}`, so that the goal is still found under its old id"


RULE = Rule(code="OKR610", name="unrecorded-rename", severity="info", check_changes=check, is_about_agreement=True)
