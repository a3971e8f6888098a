"""Finds KPIs with a target.

A KPI with a target is a second system of goals beside the objectives, and the two will disagree. A KPI states which
direction is better and when to raise an alarm (`watch:`); the goals of the period are key results (Alberti). Many
others do set targets for KPIs, so this is only a hint, and the profiles `databox` and `google` ignore it.

To fix it, move the number to a key result, or to `watch:` if it is an alarm.

Bad:

    kpis:
      - {id: mrr, title: Monthly recurring revenue, owner: cfo, better: higher, unit: EUR, target: 200000}

Good:

    kpis:
      - {id: mrr, title: Monthly recurring revenue, owner: cfo, better: higher, unit: EUR, watch: {below: 180000}}
"""

from __future__ import annotations

from collections.abc import Iterator

from okrctl.check.finding import Context, Finding
from okrctl.check.rule import Rule
from okrctl.workspace import Kpi


def check(kpi: Kpi, context: Context) -> Iterator[Finding]:
    """The target of a KPI."""
    if kpi.model.target is not None:
        message = f"a target of {kpi.model.target.text.strip()} makes the KPI a second kind of goal"
        help = "move it to a key result, or to an alarm with `watch:`"
        yield Finding((*kpi.route, "target"), message, help, on_key=True)


RULE = Rule(
    code="OKR401",
    name="kpi-has-target",
    severity="info",
    profiles={"academy": "error", "databox": "ignore", "google": "ignore"},
    check_kpi=check,
)
