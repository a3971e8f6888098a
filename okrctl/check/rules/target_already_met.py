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

from okrctl.check.finding import Context, Finding
from okrctl.check.subjects import active_key_results, is_active
from okrctl.kpis.series import KpiValues
from okrctl.measures import limit
from okrctl.measures.range import progress_between
from okrctl.values.quantity import Quantity, format_number
from okrctl.workspace import KeyResult, Workspace

CODE = "OKR314"
NAME = "target-already-met"
SEVERITY = "warning"
LOOKS_AT = "key_result"
HELP = "aim further, or make a guardrail of it with `guards:`"


def check(key_result: KeyResult, context: Context) -> Iterator[Finding]:
    """Key results with readings of their own whose value on the first day is good enough."""
    value = _first_day_value(key_result)
    if value is not None and _is_checked(key_result) and getattr(key_result.model, "kpi", None) is None:
        said = key_result.measure.written_start(key_result.model)
        start = said.number if isinstance(said, Quantity) else None
        start = key_result.measure.default_start if said is None else start
        if _is_met(key_result, value.number, start):
            yield _build_finding(key_result, value.number, key_result.own_unit)


def _first_day_value(kr: KeyResult) -> Quantity | None:
    """The newest value up to the first day; most key results have none, for readings are in order of date."""
    if not kr.readings or kr.readings[0].day > (first := kr.first_day):
        return None
    return next((one.value for one in reversed(kr.readings) if one.value is not None and one.day <= first), None)


def across(workspace: Workspace, context: Context) -> Iterator[Finding]:
    """Key results whose KPI is good enough on the first day."""
    gauges = KpiValues(workspace, date.max)
    for kr in active_key_results(workspace):
        kpi = workspace.kpi_of(kr)
        if kpi is not None and kpi.aggregate != "sum" and _is_checked(kr):
            step = gauges.series(kpi).newest(kr.first_day)
            said = kr.measure.written_start(kr.model)
            start = said.number if isinstance(said, Quantity) else None
            if step is not None and _is_met(kr, step.value, step.value if said is None else start):
                yield _build_finding(kr, step.value, workspace.unit(kr))


def _is_checked(kr: KeyResult) -> bool:
    numeric = kr.measure.is_numeric and not kr.is_guardrail and getattr(kr.model, "rollup", None) is None
    return numeric and is_active(kr) and bool(kr.model.title)


def _build_finding(kr: KeyResult, value: Fraction, unit: str | None) -> Finding:
    message = f"met already on its first day, with {format_number(value, unit)}"
    return Finding((*kr.route, _target_key(kr)), message, HELP, ref=kr.ref, file=kr.file)


def _is_met(kr: KeyResult, value: Fraction, start: Fraction | None) -> bool:
    if kr.measure is limit.MEASURE:
        growing = (getattr(kr.model, "aggregate", None) or "latest") == "sum" and kr.model.at_least is None
        return kr.model.judge != "held" and not growing and limit.MEASURE.allows(kr.model, value)
    progress = progress_between(value, start, kr.measure.target(kr.model, start))
    return progress is not None and progress >= 1


def _target_key(kr: KeyResult) -> str:
    return next(key for key in kr.measure.keys if getattr(kr.model, key, None))
