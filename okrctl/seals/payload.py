"""Spells out every figure of a scorecard with what it was worked out from, as plain data to be sealed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from fractions import Fraction
from typing import Any

from okrctl.analysis.hypotheses import Tested, impact
from okrctl.measures import done, limit
from okrctl.schema.settings import Config
from okrctl.scoring.scorecard import KeyResultScore, ObjectiveScore, Scorecard, TeamScore
from okrctl.values.quantity import Quantity, as_json
from okrctl.workspace import Workspace

RULES = 1  # the version of the arithmetic; it goes up where the same files would give other figures

Plain = dict[str, Any]


def figures(workspace: Workspace, card: Scorecard) -> Plain:
    """Everything that follows from the files: settings that matter, scores from the period down, hypotheses."""
    return {
        "rules": RULES,
        "as_of": str(card.as_of),
        "settings": _settings(workspace.config),
        "score": _number(card.score),
        "band": card.band,
        "measured": card.measured,
        "key_results": card.key_results,
        "teams": [_team(one, workspace) for one in card.teams],
        "hypotheses": [_hypothesis(one) for one in impact(workspace, card).hypotheses],
    }


def _settings(config: Config) -> Plain:
    said = config.scoring
    return {
        "fiscal_year": {"starts": config.fiscal_year.starts, "named_by": config.fiscal_year.named_by},
        "missing": said.missing,
        "cap": _number(said.cap),
        "floor": _number(said.floor),
        "bands": config.bands if isinstance(config.bands, str) else [_number(one) for one in config.bands],
        "success": _number(said.success),
        "closing_days": said.closing_days,
        "ambition": config.defaults.ambition,
        "key_result_cadence": config.defaults.key_result_cadence.name,
        "kpi_cadence": config.defaults.kpi_cadence.name,
    }


def _team(one: TeamScore, workspace: Workspace) -> Plain:
    return {
        "team": one.team,
        "score": _number(one.score),
        "band": one.band,
        "measured": one.measured,
        "key_results": one.key_results,
        "objectives": [_objective(inner, workspace) for inner in one.objectives],
    }


def _objective(one: ObjectiveScore, workspace: Workspace) -> Plain:
    model = one.node.model
    return {
        "ref": one.node.ref,
        "title": model.title,
        "owner": model.owner,
        **_standing(one),
        "ambition": one.ambition,
        "verdict": one.verdict,
        "band": one.band,
        "outcome": model.outcome,
        "retrospective": model.retrospective,
        "measured": one.measured,
        "key_results": [_key_result(inner, workspace) for inner in one.key_results],
    }


def _standing(one: ObjectiveScore | KeyResultScore) -> Plain:
    """The score of a thing, and what a person put in its place."""
    said = one.node.model.score
    typed = said and {"value": _number(said.value), "by": said.by, "reason": said.reason, "date": _day(said.date)}
    return {
        "state": one.state,
        "weight": _number(one.weight),
        "score": _number(one.score),
        "computed": _number(one.computed),
        "by_hand": typed,
        "status": one.status,
    }


def _key_result(one: KeyResultScore, workspace: Workspace) -> Plain:
    model, course = one.node.model, one.course
    low, high = limit.bounds(model) if one.node.measure == "limit" else (None, None)
    said = getattr(model, "from_", None)
    start = said.number if isinstance(said, Quantity) else course.start
    way = one.node.measure in ("metric", "change")
    rollup, kpi = getattr(model, "rollup", None), workspace.kpi_of(one.node)
    return {
        "ref": one.node.ref,
        "title": model.title,
        "owner": one.node.owner,
        **_standing(one),
        "measure": one.node.measure,
        "judge": model.judge if one.node.measure == "limit" else None,
        "from": _number(start) if way else None,
        "to": _number(one.target),
        "at_least": _number(low),
        "at_most": _number(high),
        "unit": one.unit,
        "value": _number(one.value),
        "value_date": _day(one.value_date),
        "progress": _number(one.progress),
        "counted": one.counted,
        "guardrail": one.guardrail,
        "broken": one.broken,
        "due": str(one.due),
        "aggregate": (kpi.aggregate if kpi else getattr(model, "aggregate", None)) or "latest",
        "kpi": kpi.id if kpi else None,
        "rollup": {rollup.how: list(rollup.members)} if rollup else None,
        "steps": list(_steps(one)),
        "readings": [{"date": str(point.made), "value": _number(point.value)} for point in course.points],
    }  # fmt: skip


def _steps(one: KeyResultScore) -> Iterator[Plain]:
    """What is done or open, with its weight and its day."""
    steps = {"done": [one.node.model], "milestones": getattr(one.node.model, "milestones", None) or []}
    for step in steps.get(one.node.measure, []):
        weight = step.weight if one.node.measure == "milestones" else None
        day = done.on(step.done, one.course.first)
        yield {"title": step.title, "weight": _number(Fraction(1) if weight is None else weight), "done": _day(day)}


def _hypothesis(one: Tested) -> Plain:
    return {
        "ref": one.objective.node.ref,
        "kpi": one.guess.kpi,
        "expect": one.guess.expect,
        "before": _number(one.before),
        "after": _number(one.after),
        "noise": _number(one.noise),
        "verdict": one.verdict,
    }


def _number(value: Fraction | None) -> int | float | None:
    return None if value is None else as_json(value)


def _day(value: date | None) -> str | None:
    return None if value is None else str(value)
