"""Every figure of a scorecard with its inputs, as plain data to be sealed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from fractions import Fraction
from typing import Any

from okrctl.analysis.hypotheses import HypothesisResult, evaluate_hypotheses
from okrctl.schema.settings import Config
from okrctl.scoring.scorecard import KeyResultScore, ObjectiveScore, Scorecard, TeamScore
from okrctl.values.quantity import Quantity, to_json
from okrctl.workspace import Workspace

RULES_VERSION = 2  # the version of the arithmetic; it goes up where the same files would give other figures

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
        "teams": [_team_data(team, workspace) for team in card.teams],
        "hypotheses": [_hypothesis_data(result) for result in evaluate_hypotheses(workspace, card).hypotheses],
    }


def _settings_data(config: Config) -> PlainData:
    rules = config.scoring
    return {
        "fiscal_year": {"starts": config.fiscal_year.starts, "named_by": config.fiscal_year.named_by},
        "missing": rules.missing,
        "cap": _json_number(rules.cap),
        "floor": _json_number(rules.floor),
        "bands": config.bands if isinstance(config.bands, str) else [_json_number(bound) for bound in config.bands],
        "success": _json_number(rules.success),
        "closing_days": rules.closing_days,
        "ambition": config.defaults.ambition,
        "key_result_cadence": config.defaults.key_result_cadence.name,
        "kpi_cadence": config.defaults.kpi_cadence.name,
    }


def _team_data(team: TeamScore, workspace: Workspace) -> PlainData:
    return {
        "team": team.team,
        "score": _json_number(team.score),
        "band": team.band,
        "measured": team.measured_count,
        "key_results": team.key_result_count,
        "objectives": [_objective_data(objective, workspace) for objective in team.objectives],
    }


def _objective_data(scored: ObjectiveScore, workspace: Workspace) -> PlainData:
    model = scored.node.model
    return {
        "ref": scored.node.ref,
        "title": model.title,
        "owner": model.owner,
        **_score_data(scored),
        "ambition": scored.ambition,
        "verdict": scored.verdict,
        "band": scored.band,
        "outcome": model.outcome,
        "retrospective": model.retrospective,
        "measured": scored.measured_count,
        "key_results": [_key_result_data(key_result, workspace) for key_result in scored.key_results],
    }


def _score_data(scored: ObjectiveScore | KeyResultScore) -> PlainData:
    """The score, and the typed score that replaces it."""
    manual = scored.node.model.score
    typed = manual and {
        "value": _json_number(manual.value),
        "by": manual.by,
        "reason": manual.reason,
        "date": _json_day(manual.date),
    }
    return {
        "state": scored.state,
        "weight": _json_number(scored.weight),
        "score": _json_number(scored.score),
        "computed": _json_number(scored.computed),
        "by_hand": typed,
        "status": scored.status,
    }


def _key_result_data(scored: KeyResultScore, workspace: Workspace) -> PlainData:
    model, series = scored.node.model, scored.series
    measure = scored.node.measure
    low, high = measure.bounds(model)
    written = measure.written_start(model)
    start = written.number if isinstance(written, Quantity) else series.start
    rollup, kpi = getattr(model, "rollup", None), workspace.kpi_of(scored.node)
    return {
        "ref": scored.node.ref,
        "title": model.title,
        "owner": scored.node.owner,
        **_score_data(scored),
        "measure": measure.name,
        "judge": model.judge if measure.has_bounds else None,
        "from": _json_number(start) if measure.has_range else None,
        "to": _json_number(scored.target),
        "at_least": _json_number(low),
        "at_most": _json_number(high),
        "unit": scored.unit,
        "value": _json_number(scored.value),
        "value_date": _json_day(scored.value_date),
        "progress": _json_number(scored.progress),
        "counted": scored.counted,
        "guardrail": scored.guardrail,
        "broken": scored.broken,
        "due": str(scored.due),
        "aggregate": (kpi.aggregate if kpi else getattr(model, "aggregate", None)) or "latest",
        "kpi": kpi.id if kpi else None,
        "rollup": {rollup.method: list(rollup.members)} if rollup else None,
        "steps": list(_step_data(scored)),
        "readings": [{"date": str(point.reading_day), "value": _json_number(point.value)} for point in series.points],
    }  # fmt: skip


def _step_data(scored: KeyResultScore) -> Iterator[PlainData]:
    """What is done or open, with its weight and its day."""
    for step in scored.node.measure.steps(scored.node.model):
        title = scored.node.model.title if step.title is None else step.title
        day = step.done_day(scored.series.first)
        yield {"title": title, "weight": _json_number(step.weight), "due": _json_day(step.due), "done": _json_day(day)}


def _hypothesis_data(result: HypothesisResult) -> PlainData:
    return {
        "ref": result.objective.node.ref,
        "kpi": result.hypothesis.kpi,
        "expect": result.hypothesis.expect,
        "within": _json_number(result.hypothesis.within.number) if result.hypothesis.within else None,
        "before": _json_number(result.before),
        "after": _json_number(result.after),
        "usual": _usual_data(result),
        "verdict": result.verdict,
    }


def _usual_data(result: HypothesisResult) -> PlainData | None:
    usual = result.usual
    if usual is None:
        return None
    return {"low": _json_number(usual.low), "high": _json_number(usual.high), "spans": usual.spans}


def _json_number(value: Fraction | None) -> int | float | None:
    return None if value is None else to_json(value)


def _json_day(value: date | None) -> str | None:
    return None if value is None else str(value)
