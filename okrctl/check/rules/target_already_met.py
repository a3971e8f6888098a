"""Finds key results whose first value already meets the target.

Such key results raise the score without any progress. They can also be a mistake: `from` and `to` are swapped, or a
number is in a different unit. Guardrails and limits with `judge: held` should be met from the start, so they are not
reported.

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

from okrctl.check.finding import Context, Finding
from okrctl.check.rule import Rule
from okrctl.kpis.series import KpiValues
from okrctl.measures import limit
from okrctl.measures.range import progress_between
from okrctl.values.quantity import Quantity, format_number
from okrctl.workspace import KeyResult, Workspace

HELP = "raise the target, or make it a guardrail with `guards:`"


def check(key_result: KeyResult, context: Context) -> Iterator[Finding]:
    """Key results whose own readings meet the target on the first day."""
    value = _first_day_value(key_result)
    if value is not None and _is_checked(key_result) and getattr(key_result.model, "kpi", None) is None:
        baseline = key_result.measure.written_start(key_result.model)
        start = baseline.number if isinstance(baseline, Quantity) else None
        start = key_result.measure.default_start if baseline is None else start
        if _is_met(key_result, value.number, start):
            yield _build_finding(key_result, value.number, key_result.own_unit)


def _first_day_value(kr: KeyResult) -> Quantity | None:
    """The newest value up to the first day. Readings are in order of date, and most key results have none so early."""
    if not kr.readings or kr.readings[0].day > (first_day := kr.first_day):
        return None
    return next(
        (reading.value for reading in reversed(kr.readings) if reading.value is not None and reading.day <= first_day),
        None,
    )


def check_workspace(workspace: Workspace, context: Context) -> Iterator[Finding]:
    """Key results whose KPI meets the target on the first day."""
    kpi_values = KpiValues(workspace, date.max)
    for kr in workspace.active_key_results():
        kpi = workspace.kpi_of(kr)
        if kpi is not None and kpi.aggregate != "sum" and _is_checked(kr):
            point = kpi_values.series(kpi).newest(kr.first_day)
            baseline = kr.measure.written_start(kr.model)
            start = baseline.number if isinstance(baseline, Quantity) else None
            if point is not None and _is_met(kr, point.value, point.value if baseline is None else start):
                yield _build_finding(kr, point.value, workspace.unit(kr))


def _is_checked(kr: KeyResult) -> bool:
    is_numeric = kr.measure.is_numeric and not kr.is_guardrail and getattr(kr.model, "rollup", None) is None
    return is_numeric and kr.is_active and bool(kr.model.title)


def _build_finding(kr: KeyResult, value: Fraction, unit: str | None) -> Finding:
    message = f"the target is already met on the first day, with {format_number(value, unit)}"
    return Finding((*kr.route, _target_key(kr)), message, HELP, ref=kr.ref, file=kr.file)


def _is_met(kr: KeyResult, value: Fraction, start: Fraction | None) -> bool:
    if kr.measure is limit.MEASURE:
        is_growing = (getattr(kr.model, "aggregate", None) or "latest") == "sum" and kr.model.at_least is None
        return kr.model.judge != "held" and not is_growing and limit.MEASURE.allows(kr.model, value)
    progress = progress_between(value, start, kr.measure.target(kr.model, start))
    return progress is not None and progress >= 1


def _target_key(kr: KeyResult) -> str:
    return next(key for key in kr.measure.keys if getattr(kr.model, key, None))


RULE = Rule(
    code="OKR314",
    name="target-already-met",
    severity="warning",
    check_key_result=check,
    check_workspace=check_workspace,
)
