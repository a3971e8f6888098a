"""Finds readings that were entered long after their date.

A late reading cannot warn anybody in time, and is often reconstructed from memory. Late means more than twice the
cadence, and at least two weeks. Late readings are still better than none. New goals and KPIs, KPIs with a `source`,
and readings in CSV files are not reported. Only `check --base` reports this, because it compares two states; the
date of the new commit is the date of entry.

Bad:

    # BASE
    period: 2026-Q2
    objectives:
      - id: origin
        title: Customers know where their products come from
        owner: lea
        key_results:
          - {id: codes, title: Codes requested, to: 25000, cadence: weekly}
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
            cadence: weekly
            readings: {2026-04-13: 1200, 2026-04-20: 1900, 2026-04-27: 2800, 2026-05-11: 5200}

Good:

    # BASE
    period: 2026-Q2
    objectives:
      - id: origin
        title: Customers know where their products come from
        owner: lea
        key_results:
          - {id: codes, title: Codes requested, to: 25000, cadence: weekly, readings: {2026-04-27: 2800}}
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
            cadence: weekly
            readings: {2026-04-27: 2800, 2026-05-11: 5200}
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from okrctl.check.finding import Context, Finding, reading_finding
from okrctl.check.goal_changes import changed_reading
from okrctl.check.rule import Rule
from okrctl.history.diff import Comparison
from okrctl.history.diff.change import Node
from okrctl.workspace import DatedReading, KeyResult, Kpi, Objective

MIN_DAYS = 14
HELP = "check in on the day: `okrctl status` says what is due"


def check(subject: Comparison, context: Context) -> Iterator[Finding]:
    """New readings of old days, one finding for each key result or KPI."""
    for _, changes in groupby(subject.changes, lambda one: one.ref):
        late: list[DatedReading] = []
        node: Node | None = None
        for change in changes:
            found = changed_reading(change, change.after)
            if found and found.value is not None and change.old is None and change.before is not None:
                node = change.after
                late += [found] if _is_late(subject, node, found) else []
        if late and node is not None and not isinstance(node, Objective):
            yield reading_finding(node, min(late), _describe(subject, sorted(late)), HELP, on_key=True)


def _is_late(subject: Comparison, node: Node | None, found: DatedReading) -> bool:
    if isinstance(node, KeyResult):
        cadence = subject.new.cadence(node).days
    elif isinstance(node, Kpi) and node.model.source is None:
        cadence = subject.new.kpi_cadence(node).days
    else:
        return False
    return found.line is None and (subject.day - found.day).days > max(2 * cadence, MIN_DAYS)


def _describe(subject: Comparison, late: list[DatedReading]) -> str:
    days = (subject.day - late[0].day).days
    if len(late) == 1:
        return f"the reading of {late[0].day} was entered {days} days later"
    return f"{len(late)} readings from {late[0].day} to {late[-1].day} were entered up to {days} days later"


RULE = Rule(code="OKR604", name="reading-backfilled", severity="info", check_changes=check)
