"""One objective or key result as plain data."""

from __future__ import annotations

from typing import Any

from okrctl.analysis.detail import Curve, Detail
from okrctl.outputs.json.scorecard import day, number, of_key_result, of_objective, period


def plain(result: Detail) -> dict[str, Any]:
    """The thing as in a scorecard, with its readings, its course and the expected way."""
    one = result.key_result
    return {
        "version": 1,
        "ref": one.node.ref if one else result.objective.node.ref,
        "period": period(result.card),
        "as_of": day(result.card.as_of),
        "path": result.path,
        "line": result.line,
        "objective": None if one else of_objective(result.objective),
        "key_result": of_key_result(one) if one else None,
        "supporters": [supporter.ref for supporter in result.supporters],
        "readings": [
            {
                "date": day(reading.day),
                "value": None if reading.value is None else number(reading.value.number),
                "confidence": number(reading.confidence),
                "forecast": None if reading.forecast is None else number(reading.forecast.number),
                "note": reading.note,
                "source": reading.source,
            }
            for reading in result.readings
        ],
        "course": _line(result.actual),
        "expected": _line(result.expected),
    }


def _line(points: Curve) -> list[dict[str, Any]]:
    return [{"date": day(when), "value": number(value)} for when, value in points]
