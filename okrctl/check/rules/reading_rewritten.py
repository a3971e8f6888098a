"""Finds readings of earlier days that were changed or removed without a note.

Trends, projections and scores depend on past readings. To correct one, add a `note` to the new value. To withdraw
one, keep its date with a note and no value. A reading that is corrected on its own day is not reported. Reported only
with a base: `--base`, or a pull request in CI.

Bad:

    # BASE
    period: 2026-Q2
    objectives:
      - id: origin
        title: Customers know where their products come from
        owner: lea
        key_results:
          - {id: codes, title: Codes requested, to: 25000, readings: {2026-04-13: 4100, 2026-05-11: 5200}}
    # NOW
    period: 2026-Q2
    objectives:
      - id: origin
        title: Customers know where their products come from
        owner: lea
        key_results:
          - {id: codes, title: Codes requested, to: 25000, readings: {2026-04-13: 1400, 2026-05-11: 5200}}

Good:

    # BASE
    period: 2026-Q2
    objectives:
      - id: origin
        title: Customers know where their products come from
        owner: lea
        key_results:
          - {id: codes, title: Codes requested, to: 25000, readings: {2026-04-13: 4100, 2026-05-11: 5200}}
    # NOW
    period: 2026-Q2
    objectives:
      - id: origin
        title: Customers know where their products come from
        owner: lea
        key_results:
          - id: codes
            title: Codes requested
            to: 25000
            readings:
              2026-04-13: {value: 1400, note: 4100 was a typo}
              2026-05-11: 5200
"""

from __future__ import annotations

from collections.abc import Iterator

from okrctl.check.finding import Context, Finding, reading_finding
from okrctl.check.goal_changes import changed_reading
from okrctl.check.rule import Rule
from okrctl.history.diff import Change, Comparison
from okrctl.history.diff.describe import format_value
from okrctl.workspace import DatedReading, Objective

HELP = "explain it in a `note`, or restore the old value"


def check(comparison: Comparison, context: Context) -> Iterator[Finding]:
    """Readings of key results and KPIs that were changed or removed, one finding for each."""
    for change in comparison.changes:
        before, after = changed_reading(change, change.before), changed_reading(change, change.after)
        if before is None or before.value is None or before.day >= comparison.day or (after and after.note):
            continue
        if after is None or after.value is None or after.value.number != before.value.number:
            yield _build_finding(change, before, after)


def _build_finding(change: Change, before: DatedReading, after: DatedReading | None) -> Finding:
    node = change.after
    assert node is not None and not isinstance(node, Objective)
    if after is None:
        message = f"the reading of {before.day} was {format_value(change.old)} and was removed"
        return Finding(change.route, message, HELP, on_key=True, ref=change.ref, file=change.file)
    return reading_finding(
        node,
        after,
        f"the reading of {before.day} was {format_value(change.old)}, is now {format_value(change.new)}",
        HELP,
    )


RULE = Rule(code="OKR603", name="reading-rewritten", severity="warning", check_changes=check)
