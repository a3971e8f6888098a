"""Finds key results that are met on their first day.

Nothing has to happen for them to count, so they lift the score and hide what is missing. It is also how a slip shows:
a reversed `from` and `to`, or a number of another unit. Guardrails and limits that are to be `held` are meant to be
met from the start.

To mend it, aim further, or make a guardrail of what is only to stay as it is.

Bad:

    period: 2026-Q2
    objectives:
      - id: origin
        title: Customers know where their products come from
        owner: lea
        key_results:
          - id: profiles
            title: Suppliers with a profile
            from: 50%
            to: 70%
            readings: {2026-04-01: 72%}
          - {id: codes, title: Tracking codes requested, to: 25000}

Good:

    period: 2026-Q2
    objectives:
      - id: origin
        title: Customers know where their products come from
        owner: lea
        key_results:
          - id: profiles
            title: Suppliers with a profile
            from: 72%
            to: 95%
            readings: {2026-04-01: 72%}
          - {id: codes, title: Tracking codes requested, to: 25000}
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from fractions import Fraction

from okrctl import measures
from okrctl.finding import Context, Finding
from okrctl.kpis.series import Gauges, newest
from okrctl.measures import limit
from okrctl.quantity import Quantity, show
from okrctl.subjects import active_key_results
from okrctl.workspace import KeyResult, Workspace

CODE = "OKR314"
NAME = "already-met"
SEVERITY = "warning"
LOOKS_AT = "workspace"
HELP = "aim further, or make a guardrail of it with `guards:`"


def across(workspace: Workspace, context: Context) -> Iterator[Finding]:
    """Key results with a number whose value on the first day is good enough."""
    gauges = Gauges(workspace, date.max)
    for kr in active_key_results(workspace):
        if kr.measure in measures.NUMERIC and not kr.guardrail and getattr(kr.model, "rollup", None) is None:
            value, start = _on_first_day(kr, gauges)
            if value is not None and _met(kr, value, start):
                message = f"met already on its first day, with {show(value, workspace.unit(kr))}"
                yield Finding((*kr.route, _goal(kr)), message, HELP, ref=kr.ref, file=kr.file)


def _on_first_day(kr: KeyResult, gauges: Gauges) -> tuple[Fraction | None, Fraction | None]:
    """The value on the first day, and the number the way begins at."""
    said = getattr(kr.model, "from_", None)
    start = said.number if isinstance(said, Quantity) else None
    kpi = gauges.workspace.kpi_of(kr)
    if kpi is not None:
        step = newest(gauges.series(kpi), kr.first) if kpi.aggregate != "sum" else None
        value = step.value if step else None
        return value, value if said is None else start
    readings = [one for one in kr.readings if one.value is not None and one.day <= kr.first]
    value = readings[-1].value.number if readings and readings[-1].value else None
    return value, Fraction(0) if said is None and kr.measure == "metric" else start


def _met(kr: KeyResult, value: Fraction, start: Fraction | None) -> bool:
    if kr.measure == "limit":
        growing = (getattr(kr.model, "aggregate", None) or "latest") == "sum" and kr.model.at_least is None
        return kr.model.judge != "held" and not growing and limit.holds(kr.model, value)
    goal: Fraction | None = measures.MEASURES[kr.measure].target(kr.model, start)
    if start is None or goal is None or goal == start:
        return False
    return (value - start) / (goal - start) >= 1


def _goal(kr: KeyResult) -> str:
    return next(key for key in ("to", "change", "at_least", "at_most", "between") if getattr(kr.model, key, None))
