"""Finds readings that were entered long after their date.

A late reading cannot warn anybody in time, and is often reconstructed from memory. Late means more than twice the
cadence, and at least two weeks. Late readings are still better than none. New goals and KPIs, KPIs with a `source`,
and readings in CSV files are not reported. The date of the new commit is the date of entry. Reported only with a base:
`--base`, or a pull request in CI.

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
HELP = "check in on time; `okrctl status` shows what is due"


def check(comparison: Comparison, context: Context) -> Iterator[Finding]:
    """Readings that were entered late, one finding for each key result or KPI."""
    for _, changes in groupby(comparison.changes, lambda change: change.ref):
        late_readings: list[DatedReading] = []
        node: Node | None = None
        for change in changes:
            reading = changed_reading(change, change.after)
            if reading and reading.value is not None and change.old is None and change.before is not None:
                node = change.after
                late_readings += [reading] if _is_late(comparison, node, reading) else []
        if late_readings and node is not None and not isinstance(node, Objective):
            yield reading_finding(
                node, min(late_readings), _describe(comparison, sorted(late_readings)), HELP, on_key=True
            )


def _is_late(comparison: Comparison, node: Node | None, reading: DatedReading) -> bool:
    if isinstance(node, KeyResult):
        cadence = comparison.new.cadence(node).days
    elif isinstance(node, Kpi) and node.model.source is None:
        cadence = comparison.new.kpi_cadence(node).days
    else:
        return False
    return reading.line is None and (comparison.day - reading.day).days > max(2 * cadence, MIN_DAYS)


def _describe(comparison: Comparison, late_readings: list[DatedReading]) -> str:
    first, last = late_readings[0].day, late_readings[-1].day
    days = (comparison.day - first).days
    if len(late_readings) == 1:
        return f"the reading of {first} was entered {days} days later"
    return f"{len(late_readings)} readings from {first} to {last} were entered up to {days} days later"


RULE = Rule(code="OKR604", name="reading-backfilled", severity="info", check_changes=check)
