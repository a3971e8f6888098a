"""Finds key results whose first value already meets the target.

They count without any progress, raise the score and hide what is missing. This can also be a mistake: swapped `from`
and `to`, or a number in another unit. Guardrails and limits with `judge: held` should be met from the start and are
not reported.

To fix it, raise the target, or turn the key result into a guardrail.

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
from okrctl.check.finding import Context, Finding
from okrctl.check.rule import Rule
from okrctl.kpis.series import KpiValues
from okrctl.measures import limit
from okrctl.values.quantity import Quantity, format_number
from okrctl.workspace import KeyResult, Workspace

HELP = "aim further, or make a guardrail of it with `guards:`"


def check(key_result: KeyResult, context: Context) -> Iterator[Finding]:
    """Key results with readings of their own whose value on the first day is good enough."""
    value = _first_day_value(key_result)
    if value is not None and _is_checked(key_result) and getattr(key_result.model, "kpi", None) is None:
        said = getattr(key_result.model, "from_", None)
        start = said.number if isinstance(said, Quantity) else None
        start = Fraction(0) if said is None and key_result.measure == "metric" else start
        if _is_met(key_result, value.number, start):
            yield _build_finding(key_result, value.number, key_result.own_unit)


def _first_day_value(kr: KeyResult) -> Quantity | None:
    """The newest value up to the first day; most key results have none, for readings are in order of date."""
    if not kr.readings or kr.readings[0].day > (first := kr.first_day):
        return None
    return next((one.value for one in reversed(kr.readings) if one.value is not None and one.day <= first), None)


def check_workspace(workspace: Workspace, context: Context) -> Iterator[Finding]:
    """Key results whose KPI is good enough on the first day."""
    gauges = KpiValues(workspace, date.max)
    for kr in workspace.active_key_results():
        kpi = workspace.kpi_of(kr)
        if kpi is not None and kpi.aggregate != "sum" and _is_checked(kr):
            step = gauges.series(kpi).newest(kr.first_day)
            said = getattr(kr.model, "from_", None)
            start = said.number if isinstance(said, Quantity) else None
            if step is not None and _is_met(kr, step.value, step.value if said is None else start):
                yield _build_finding(kr, step.value, workspace.unit(kr))


def _is_checked(kr: KeyResult) -> bool:
    numeric = kr.measure in measures.NUMERIC and not kr.is_guardrail and getattr(kr.model, "rollup", None) is None
    return numeric and kr.is_active and bool(kr.model.title)


def _build_finding(kr: KeyResult, value: Fraction, unit: str | None) -> Finding:
    message = f"met already on its first day, with {format_number(value, unit)}"
    return Finding((*kr.route, _target_key(kr)), message, HELP, ref=kr.ref, file=kr.file)


def _is_met(kr: KeyResult, value: Fraction, start: Fraction | None) -> bool:
    if kr.measure == "limit":
        growing = (getattr(kr.model, "aggregate", None) or "latest") == "sum" and kr.model.at_least is None
        return kr.model.judge != "held" and not growing and limit.is_in_bounds(kr.model, value)
    goal: Fraction | None = measures.MEASURES[kr.measure].target(kr.model, start)
    if start is None or goal is None or goal == start:
        return False
    return (value - start) / (goal - start) >= 1


def _target_key(kr: KeyResult) -> str:
    return next(key for key in ("to", "change", "at_least", "at_most", "between") if getattr(kr.model, key, None))


RULE = Rule(
    code="OKR314",
    name="target-already-met",
    severity="warning",
    check_key_result=check,
    check_workspace=check_workspace,
)
