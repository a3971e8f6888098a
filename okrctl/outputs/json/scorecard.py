"""Scorecards as plain data."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Any

from okrctl.measures import limit
from okrctl.outputs.json import diff
from okrctl.scoring.scorecard import KeyResultScore, ObjectiveScore, Projection, Scorecard, Scorecards, TeamScore
from okrctl.values.quantity import Quantity, to_json


def plain(result: Scorecards) -> dict[str, Any]:
    """One scorecard as an object, several under `periods`."""
    if result.is_single:
        return {"version": 1, **_card(result.cards[0])}
    return {"version": 1, "periods": [_card(one) for one in result.cards]}


def number(value: Fraction | None) -> int | float | None:
    """A number to six places."""
    return None if value is None else to_json(value)


def day(value: date | None) -> str | None:
    """A day in ISO form."""
    return None if value is None else value.isoformat()


def period(card: Scorecard) -> dict[str, Any]:
    """A period with its dates and whether it lies ahead, runs or is over."""
    return {"id": card.period.id, "start": day(card.period.start), "end": day(card.period.end), "state": card.state}


def _card(card: Scorecard) -> dict[str, Any]:
    return {
        "period": period(card),
        "as_of": day(card.as_of),
        "known_at": card.known_at,
        "score": number(card.score),
        "band": card.band,
        "measured": card.measured_count,
        "key_results": card.key_result_count,
        "agreed": diff.agreed(card.agreed),
        "teams": [_team(one) for one in card.teams],
    }


def _team(one: TeamScore) -> dict[str, Any]:
    return {
        "team": one.team,
        "score": number(one.score),
        "band": one.band,
        "measured": one.measured_count,
        "key_results": one.key_result_count,
        "objectives": [of_objective(inner) for inner in one.objectives],
    }


def of_objective(one: ObjectiveScore) -> dict[str, Any]:
    """An objective with its key results."""
    model = one.node.model
    return {
        "ref": one.node.ref,
        "id": one.node.id,
        "title": model.title,
        "owner": model.owner,
        "ambition": one.ambition,
        "state": one.state,
        "weight": number(one.weight),
        "score": number(one.score),
        "computed": number(one.computed),
        "by_hand": one.by_hand,
        "band": one.band,
        "verdict": one.verdict,
        "status": one.status,
        "decided_by": one.decided_by,
        "outcome": model.outcome,
        "measured": one.measured_count,
        "parent": one.parent,
        "key_results": [of_key_result(inner) for inner in one.key_results],
    }


def of_key_result(one: KeyResultScore) -> dict[str, Any]:
    """A key result."""
    model = one.node.model
    low, high = limit.bounds_of(model) if one.node.measure == "limit" else (None, None)
    said = getattr(model, "from_", None)
    start = said.number if isinstance(said, Quantity) else one.series.start
    # Without a baseline nothing follows from the value, but it is known.
    newest = one.series.points[-1] if isinstance(said, str) and one.value is None and one.series.points else None
    return {
        "ref": one.node.ref,
        "id": one.node.id,
        "title": model.title,
        "owner": one.node.owner,
        "measure": one.node.measure,
        "from": number(start) if one.node.measure in ("metric", "change") else None,
        "to": number(one.target),
        "at_least": number(low),
        "at_most": number(high),
        "unit": one.unit,
        "value": number(newest.value if newest else one.value),
        "value_date": day(newest.original_day if newest else one.value_date),
        "progress": number(one.progress),
        "score": number(one.score),
        "computed": number(one.computed),
        "by_hand": one.by_hand,
        "measured": one.measured,
        "counted": one.counted,
        "guardrail": one.guardrail,
        "broken": one.broken,
        "weight": number(one.weight),
        "priority": model.priority,
        "confidence": number(one.confidence),
        "due": day(one.due),
        "expected": number(one.expected),
        "status": one.status,
        "projected": _projection(one.projection),
        "forecast": number(one.forecast),
        "state": one.state,
    }


def _projection(one: Projection | None) -> dict[str, Any] | None:
    if one is None:
        return None
    return {
        "value": number(one.value),
        "progress": number(one.progress),
        "low": number(one.low),
        "high": number(one.high),
    }
