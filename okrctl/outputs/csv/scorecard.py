"""Scorecards as comma-separated values, one row for each line of the scorecard, for spreadsheets."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from okrctl.outputs.terminal import TerminalStyle, sanitize
from okrctl.scoring.scorecard import KeyResultScore, ObjectiveScore, Scorecard, Scorecards, TeamScore
from okrctl.values.quantity import to_json

COLUMNS = (
    "period", "as_of", "level", "ref", "team", "title", "owner", "state", "score", "computed", "by_hand", "band",
    "verdict", "status", "decided_by", "measured", "key_results", "weight", "measure", "from", "to", "at_least",
    "at_most", "unit", "value", "value_date", "progress", "expected", "confidence", "guardrail", "priority", "due",
)  # fmt: skip
FORMULA_PREFIXES = ("=", "+", "-", "@")


def render(result: Scorecards, look: TerminalStyle) -> str:
    """A header and the rows; numbers as in JSON, empty where there is none."""
    buffer = io.StringIO()
    writer = csv.DictWriter(buffer, COLUMNS, restval="", lineterminator="\n")
    writer.writeheader()
    for card in result.cards:
        for line in _lines(card):
            writer.writerow({"period": card.period.id, "as_of": card.as_of} | line)
    return buffer.getvalue()


def _lines(card: Scorecard) -> Iterator[dict[str, Any]]:
    yield {"level": "period", "ref": card.period.id, **_counts(card)}
    for team in card.teams:
        yield {"level": "team", "ref": f"{card.period.id}/{team.team}", "team": team.team, **_counts(team)}
        for objective in team.objectives:
            yield _objective(objective)
            yield from (_key_result(one) for one in objective.key_results)


def _counts(one: Scorecard | TeamScore) -> dict[str, Any]:
    score = _number(one.score)
    return {"score": score, "band": one.band or "", "measured": one.measured_count, "key_results": one.key_result_count}


def _shared_columns(one: ObjectiveScore | KeyResultScore) -> dict[str, Any]:
    return {
        "ref": one.node.ref, "title": _text(one.node.model.title), "owner": _text(one.node.owner), "state": one.state,
        "score": _number(one.score), "computed": _number(one.computed), "by_hand": _boolean(one.by_hand),
        "status": one.status or "", "weight": _number(one.weight), "confidence": _number(one.confidence),
    }  # fmt: skip


def _objective(one: ObjectiveScore) -> dict[str, Any]:
    return {
        **_shared_columns(one), "level": "objective", "team": one.node.team, "band": one.band or "",
        "verdict": one.verdict or "", "decided_by": one.decided_by or "", "measured": one.measured_count,
        "key_results": one.key_result_count,
    }  # fmt: skip


def _key_result(one: KeyResultScore) -> dict[str, Any]:
    measure = one.node.measure
    low, high = measure.bounds(one.node.model)
    return {
        **_shared_columns(one), "level": "key-result", "team": one.node.objective.team, "measured": int(one.measured),
        "measure": measure.name, "from": _number(one.series.start) if measure.has_range else "",
        "to": _number(one.target), "at_least": _number(low), "at_most": _number(high), "unit": _text(one.unit),
        "value": _number(one.value), "value_date": one.value_date or "", "progress": _number(one.progress),
        "expected": _number(one.expected), "guardrail": _boolean(one.guardrail), "due": one.due,
        "priority": "" if one.node.model.priority is None else one.node.model.priority,
    }  # fmt: skip


def _number(value: Fraction | None) -> Any:
    return "" if value is None else to_json(value)


def _boolean(value: bool) -> str:
    return "true" if value else "false"


def _text(text: str | None) -> str:
    """Text as it reads; a spreadsheet takes what begins like a formula for one, so that gets a quotation mark."""
    shown = sanitize(text or "")
    return f"'{shown}" if shown.startswith(FORMULA_PREFIXES) else shown
