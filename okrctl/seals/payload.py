"""Spells out every figure of a scorecard with what it was worked out from, as plain data to be sealed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from fractions import Fraction
from typing import Any

from okrctl.analysis.hypotheses import HypothesisResult, evaluate_hypotheses
from okrctl.measures import done, limit
from okrctl.schema.settings import Config
from okrctl.scoring.scorecard import KeyResultScore, ObjectiveScore, Scorecard, TeamScore
from okrctl.values.quantity import Quantity, to_json
from okrctl.workspace import Workspace

RULES_VERSION = 1  # the version of the arithmetic; it goes up where the same files would give other figures

PlainData = dict[str, Any]


def seal_figures(workspace: Workspace, card: Scorecard) -> PlainData:
    """Everything that follows from the files: settings that matter, scores from the period down, hypotheses."""
    return {
        "rules": RULES_VERSION,
        "as_of": str(card.as_of),
        "settings": _settings_data(workspace.config),
        "score": _json_number(card.score),
        "band": card.band,
        "measured": card.measured_count,
        "key_results": card.key_result_count,
        "teams": [_team_data(one, workspace) for one in card.teams],
        "hypotheses": [_hypothesis_data(one) for one in evaluate_hypotheses(workspace, card).hypotheses],
    }


def _settings_data(config: Config) -> PlainData:
    said = config.scoring
    return {
        "fiscal_year": {"starts": config.fiscal_year.starts, "named_by": config.fiscal_year.named_by},
        "missing": said.missing,
        "cap": _json_number(said.cap),
        "floor": _json_number(said.floor),
        "bands": config.bands if isinstance(config.bands, str) else [_json_number(one) for one in config.bands],
        "success": _json_number(said.success),
        "closing_days": said.closing_days,
        "ambition": config.defaults.ambition,
        "key_result_cadence": config.defaults.key_result_cadence.name,
        "kpi_cadence": config.defaults.kpi_cadence.name,
    }


def _team_data(one: TeamScore, workspace: Workspace) -> PlainData:
    return {
        "team": one.team,
        "score": _json_number(one.score),
        "band": one.band,
        "measured": one.measured_count,
        "key_results": one.key_result_count,
        "objectives": [_objective_data(inner, workspace) for inner in one.objectives],
    }


def _objective_data(one: ObjectiveScore, workspace: Workspace) -> PlainData:
    model = one.node.model
    return {
        "ref": one.node.ref,
        "title": model.title,
        "owner": model.owner,
        **_score_data(one),
        "ambition": one.ambition,
        "verdict": one.verdict,
        "band": one.band,
        "outcome": model.outcome,
        "retrospective": model.retrospective,
        "measured": one.measured_count,
        "key_results": [_key_result_data(inner, workspace) for inner in one.key_results],
    }


def _score_data(one: ObjectiveScore | KeyResultScore) -> PlainData:
    """The score of a thing, and what a person put in its place."""
    said = one.node.model.score
    typed = said and {
        "value": _json_number(said.value),
        "by": said.by,
        "reason": said.reason,
        "date": _json_day(said.date),
    }
    return {
        "state": one.state,
        "weight": _json_number(one.weight),
        "score": _json_number(one.score),
        "computed": _json_number(one.computed),
        "by_hand": typed,
        "status": one.status,
    }


def _key_result_data(one: KeyResultScore, workspace: Workspace) -> PlainData:
    model, course = one.node.model, one.series
    low, high = limit.bounds_of(model) if one.node.measure == "limit" else (None, None)
    said = getattr(model, "from_", None)
    start = said.number if isinstance(said, Quantity) else course.start
    way = one.node.measure in ("metric", "change")
    rollup, kpi = getattr(model, "rollup", None), workspace.kpi_of(one.node)
    return {
        "ref": one.node.ref,
        "title": model.title,
        "owner": one.node.owner,
        **_score_data(one),
        "measure": one.node.measure,
        "judge": model.judge if one.node.measure == "limit" else None,
        "from": _json_number(start) if way else None,
        "to": _json_number(one.target),
        "at_least": _json_number(low),
        "at_most": _json_number(high),
        "unit": one.unit,
        "value": _json_number(one.value),
        "value_date": _json_day(one.value_date),
        "progress": _json_number(one.progress),
        "counted": one.counted,
        "guardrail": one.guardrail,
        "broken": one.broken,
        "due": str(one.due),
        "aggregate": (kpi.aggregate if kpi else getattr(model, "aggregate", None)) or "latest",
        "kpi": kpi.id if kpi else None,
        "rollup": {rollup.method: list(rollup.members)} if rollup else None,
        "steps": list(_step_data(one)),
        "readings": [{"date": str(point.reading_day), "value": _json_number(point.value)} for point in course.points],
    }  # fmt: skip


def _step_data(one: KeyResultScore) -> Iterator[PlainData]:
    """What is done or open, with its weight and its day."""
    steps = {"done": [one.node.model], "milestones": getattr(one.node.model, "milestones", None) or []}
    for step in steps.get(one.node.measure, []):
        weight = step.weight if one.node.measure == "milestones" else None
        day = done.done_day(step.done, one.series.first)
        yield {
            "title": step.title,
            "weight": _json_number(Fraction(1) if weight is None else weight),
            "done": _json_day(day),
        }


def _hypothesis_data(one: HypothesisResult) -> PlainData:
    return {
        "ref": one.objective.node.ref,
        "kpi": one.hypothesis.kpi,
        "expect": one.hypothesis.expect,
        "before": _json_number(one.before),
        "after": _json_number(one.after),
        "noise": _json_number(one.noise),
        "verdict": one.verdict,
    }


def _json_number(value: Fraction | None) -> int | float | None:
    return None if value is None else to_json(value)


def _json_day(value: date | None) -> str | None:
    return None if value is None else str(value)
