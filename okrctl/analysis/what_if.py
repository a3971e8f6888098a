"""What the score would be: assumed values for key results, in memory."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction
from typing import Any

from okrctl.analysis.suspects import find_suspects
from okrctl.scoring.values import KeyResultValues
from okrctl.values import period, quantity
from okrctl.values.errors import NotFoundError, OkrctlError
from okrctl.values.quantity import Quantity
from okrctl.values.unit import is_same_unit
from okrctl.workspace import DatedReading, KeyResult, Workspace


def apply_what_if(workspace: Workspace, node: KeyResult, text: str, day: date) -> list[str]:
    """Give a key result of this workspace, which nothing writes back, an assumed value on a day.

    For numbers the value is what its readings amount to: the sum, where they are added up. Returns what looks like a
    slip about it. Raises OkrctlError.
    """
    if not node.is_measured:
        raise OkrctlError(
            f"{node.ref} has no measure",
            "add one, such as `to:`; `okrctl check` lists the key results without a measure",
        )
    match node.measure.records:
        case "date":
            update = node.measure.with_done(node.model, 0, _parse_done(node, text, day))
            node.model = node.model.model_copy(update=update)
        case "steps":
            update = node.measure.with_done(node.model, _find_step(node, text), day)
            node.model = node.model.model_copy(update=update)
        case "numbers" | "grades":
            return _apply_number(workspace, node, text, day)
    return []


def _apply_number(workspace: Workspace, node: KeyResult, text: str, day: date) -> list[str]:
    assumed = _parse_value(workspace, node, text)
    values = KeyResultValues(workspace, day)
    series = values.measurement(node).series
    suspects = _find_suspects(workspace, node, DatedReading(day, assumed))
    earlier = series.points if values.aggregate_of(node) == "latest" else ()
    node.readings = [
        *(
            DatedReading(point.reading_day, Quantity(point.value, None, ""))
            for point in earlier
            if point.reading_day < day
        ),
        DatedReading(day, assumed),
    ]
    node.csv = None
    if node.measure.is_numeric:
        update: dict[str, Any] = {"aggregate": None, "kpi": None, "rollup": None, "unit": workspace.unit(node)}
        if series.start is not None:
            update |= node.measure.with_start(Quantity(series.start, None, ""))
        node.model = node.model.model_copy(update=update)
    return suspects


def _find_suspects(workspace: Workspace, node: KeyResult, assumed: DatedReading) -> list[str]:
    """Why an assumed reading is suspected, beside the readings before its day."""
    if getattr(node.model, "aggregate", None) not in (None, "latest"):
        return []
    readings = (workspace.kpi_of(node) or node).readings
    judged = replace(node, _readings=[*(reading for reading in readings if reading.day < assumed.day), assumed])
    return [suspect.message for suspect in find_suspects(judged) if suspect.number.reading == assumed]


def _parse_value(workspace: Workspace, node: KeyResult, text: str) -> Quantity:
    unit = workspace.unit(node)
    try:
        if node.measure.records == "grades":
            return Quantity(quantity.parse_grade(text), None, text)
        parsed = quantity.parse(text, unit)
    except quantity.QuantityError as error:
        raise OkrctlError(f"{node.ref}: {error.message}", error.hint) from error
    if parsed.unit and unit and not is_same_unit(parsed.unit, unit):
        raise OkrctlError(f"unit mismatch: {node.ref} is in {unit}, not in {parsed.unit}", f"write it in {unit}")
    return parsed


def _parse_done(node: KeyResult, text: str, day: date) -> date | bool:
    match text.strip().casefold():
        case "done" | "true" | "yes":
            return day
        case "open" | "false" | "no":
            return False
    try:
        return period.parse_day(text.strip())
    except period.PeriodError as error:
        message = f"'{text}' is not a valid value for {node.ref}"
        raise OkrctlError(message, "write done, open or a date") from error


def _find_step(node: KeyResult, text: str) -> int:
    """The number of the milestone with this id, number (from 1) or title."""
    name = text.strip()
    steps = node.measure.steps(node.model)
    for number, step in enumerate(steps):
        if name in (step.id, str(number + 1)) or name.casefold() == (step.title or "").casefold():
            return number
    names = ", ".join(step.id or step.title or "" for step in steps)
    raise NotFoundError(f"{node.ref} has no milestone '{text}'", f"its milestones: {names}")


def parse_score(text: str) -> Fraction:
    """A score as typed. Raises OkrctlError."""
    try:
        return quantity.parse_grade(text)
    except quantity.QuantityError as error:
        raise OkrctlError(error.message, "a score is a number from 0 to 1, such as 0.7") from error
