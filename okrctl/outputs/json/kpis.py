"""KPIs, why they moved, and what the hypotheses about them came to, as plain data."""

from __future__ import annotations

from typing import Any

from okrctl.analysis.hypotheses import Impact, Tested
from okrctl.kpis.attribution import Drivers, Part
from okrctl.kpis.detail import Portrait
from okrctl.kpis.overview import Board, Gauge
from okrctl.kpis.tree import Branch
from okrctl.outputs.json.scorecard import day, number


def board(result: Board) -> dict[str, Any]:
    """All KPIs, the worst first."""
    return {"version": 1, "as_of": day(result.as_of), "kpis": [_gauge(one) for one in result.gauges]}


def _gauge(one: Gauge) -> dict[str, Any]:
    return {
        "id": one.kpi.id,
        "title": one.kpi.model.title,
        "team": one.kpi.model.team,
        "owner": one.kpi.owner,
        "better": "between" if one.kpi.model.between else one.kpi.model.better,
        "unit": one.kpi.unit,
        "value": number(one.value),
        "value_date": day(one.value_date),
        "previous": number(one.previous),
        "change": number(one.change),
        "trend": one.trend,
        "period_change": number(one.period_change),
        "period_trend": one.period_trend,
        "age_days": one.age_days,
        "alarm": one.alarm,
        "computed": one.computed,
        "objectives": [objective.ref for objective in one.objectives],
    }


def portrait(result: Portrait) -> dict[str, Any]:
    """One KPI with its course."""
    steps = result.gauge.steps
    readings = [{"date": day(one.day), "value": number(one.value), "computed": one.computed} for one in steps]
    named = [{"ref": one.ref, "state": one.model.state} for one in result.named]
    return {
        "version": 1, "as_of": day(result.as_of), **_gauge(result.gauge), "formula": result.gauge.kpi.model.formula,
        "used_in": result.used_in, "named_in": named, "readings": readings,
    }  # fmt: skip


def tree(result: Branch) -> dict[str, Any]:
    """A formula as a tree."""
    return {"version": 1, **_branch(result)}


def _branch(one: Branch) -> dict[str, Any]:
    gauge = one.gauge
    return {
        "id": gauge.kpi.id,
        "title": gauge.kpi.model.title,
        "owner": gauge.kpi.owner,
        "better": "between" if gauge.kpi.model.between else gauge.kpi.model.better,
        "pull": one.pull,
        "unit": gauge.kpi.unit,
        "value": number(gauge.value),
        "value_date": day(gauge.value_date),
        "change": number(gauge.change),
        "trend": gauge.trend,
        "alarm": gauge.alarm,
        "formula": gauge.kpi.model.formula,
        "repeated": one.repeated,
        "inputs": [_branch(inner) for inner in one.branches],
    }


def explanation(result: Drivers) -> dict[str, Any]:
    """The change of a KPI split among its inputs; `remark` says why it is not."""
    return {
        "version": 1,
        "id": result.kpi.id,
        "from": {"date": day(result.since), "value": number(result.old)},
        "to": {"date": day(result.until), "value": number(result.new)},
        "change": number(result.change),
        "remark": result.remark,
        "parts": [_part(one) for one in result.parts],
    }


def _part(one: Part) -> dict[str, Any]:
    return {
        "id": one.kpi.id,
        "old": number(one.old),
        "new": number(one.new),
        "part": number(one.part),
        "remark": one.remark,
        "parts": [_part(inner) for inner in one.parts],
    }


def impact(result: Impact) -> dict[str, Any]:
    """The hypotheses of a period with their verdicts, null as long as it is not over."""
    period = result.period
    return {
        "version": 1,
        "period": {"id": period.id, "start": day(period.start), "end": day(period.end), "state": result.state},
        "hypotheses": [_hypothesis(one) for one in result.hypotheses],
    }


def _hypothesis(one: Tested) -> dict[str, Any]:
    return {
        "ref": one.objective.node.ref,
        "kpi": one.guess.kpi,
        "expect": one.guess.expect,
        "because": one.guess.because,
        "score": number(one.objective.score),
        "succeeded": one.succeeded,
        "before": number(one.before),
        "after": number(one.after),
        "noise": number(one.noise),
        "verdict": one.verdict,
        "why": one.why,
    }
