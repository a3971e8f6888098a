"""KPIs, why they moved, and what the hypotheses about them came to, as plain data."""

from __future__ import annotations

from typing import Any

from okrctl.analysis.hypotheses import HypothesisResult, Impact
from okrctl.kpis.attribution import Attribution, Contribution
from okrctl.kpis.detail import KpiDetail
from okrctl.kpis.overview import KpiOverview, KpiStatus
from okrctl.kpis.tree import KpiTreeNode
from okrctl.outputs.json.scorecard import day, number


def board(result: KpiOverview) -> dict[str, Any]:
    """All KPIs, the worst first."""
    return {"version": 1, "as_of": day(result.as_of), "kpis": [_gauge(one) for one in result.statuses]}


def _gauge(one: KpiStatus) -> dict[str, Any]:
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
        "compared": _comparison(one),
        "age_days": one.age_days,
        "alarm": one.alarm,
        "computed": one.is_computed,
        "objectives": [objective.ref for objective in one.objectives],
    }


def _comparison(one: KpiStatus) -> dict[str, Any] | None:
    if one.comparison is None:
        return None
    found = one.comparison
    return {"slots": found.slots, "now": number(found.now.value), "before": number(found.before.value)}


def portrait(result: KpiDetail) -> dict[str, Any]:
    """One KPI with its course."""
    steps = result.status.series
    readings = [{"date": day(one.day), "value": number(one.value), "computed": one.is_computed} for one in steps]
    named = [{"ref": one.ref, "state": one.model.state} for one in result.objectives]
    return {
        "version": 1, "as_of": day(result.as_of), **_gauge(result.status), "formula": result.status.kpi.model.formula,
        "used_in": result.used_in, "named_in": named, "readings": readings,
    }  # fmt: skip


def tree(result: KpiTreeNode) -> dict[str, Any]:
    """A formula as a tree."""
    return {"version": 1, **_branch(result)}


def _branch(one: KpiTreeNode) -> dict[str, Any]:
    gauge = one.status
    return {
        "id": gauge.kpi.id,
        "title": gauge.kpi.model.title,
        "owner": gauge.kpi.owner,
        "better": "between" if gauge.kpi.model.between else gauge.kpi.model.better,
        "pull": one.effect,
        "unit": gauge.kpi.unit,
        "value": number(gauge.value),
        "value_date": day(gauge.value_date),
        "change": number(gauge.change),
        "trend": gauge.trend,
        "alarm": gauge.alarm,
        "formula": gauge.kpi.model.formula,
        "repeated": one.is_repeated,
        "inputs": [_branch(inner) for inner in one.children],
    }


def explanation(result: Attribution) -> dict[str, Any]:
    """The change of a KPI split among its inputs; `remark` says why it is not."""
    return {
        "version": 1,
        "id": result.kpi.id,
        "from": {"date": day(result.since), "value": number(result.old)},
        "to": {"date": day(result.until), "value": number(result.new)},
        "change": number(result.change),
        "remark": result.remark,
        "parts": [_part(one) for one in result.contributions],
    }


def _part(one: Contribution) -> dict[str, Any]:
    return {
        "id": one.kpi.id,
        "old": number(one.old),
        "new": number(one.new),
        "part": number(one.amount),
        "remark": one.remark,
        "parts": [_part(inner) for inner in one.contributions],
    }


def impact(result: Impact) -> dict[str, Any]:
    """The hypotheses of a period with their verdicts, null as long as it is not over."""
    period = result.period
    return {
        "version": 1,
        "period": {"id": period.id, "start": day(period.start), "end": day(period.end), "state": result.state},
        "hypotheses": [_hypothesis(one) for one in result.hypotheses],
    }


def _hypothesis(one: HypothesisResult) -> dict[str, Any]:
    return {
        "ref": one.objective.node.ref,
        "kpi": one.hypothesis.kpi,
        "expect": one.hypothesis.expect,
        "because": one.hypothesis.because,
        "score": number(one.objective.score),
        "succeeded": one.succeeded,
        "before": number(one.before),
        "after": number(one.after),
        "noise": number(one.noise),
        "verdict": one.verdict,
        "why": one.why,
    }
