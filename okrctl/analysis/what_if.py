"""Puts a value in the place of a key result's own, in memory, to see what the score would be."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

from okrctl import measures
from okrctl.scoring.progress import KeyResultValues
from okrctl.values import period, quantity
from okrctl.values.errors import OkrctlError
from okrctl.values.quantity import Quantity
from okrctl.values.unit import is_same_unit
from okrctl.workspace import DatedReading, KeyResult, Workspace


def apply_what_if(workspace: Workspace, node: KeyResult, words: str, day: date) -> None:
    """Let a key result of this workspace, which nothing writes back, stand at a value on a day.

    For numbers the value is what its readings amount to: the sum, where they are added up. Raises OkrctlError.
    """
    match node.measure:
        case "done":
            node.model = node.model.model_copy(update={"done": _parse_done(node, words, day)})
        case "milestones":
            node.model = node.model.model_copy(update={"milestones": _complete_milestone(node, words, day)})
        case "graded" | "metric" | "change" | "limit":
            _apply_number(workspace, node, words, day)
        case _:
            raise OkrctlError(f"{node.ref} does not say how it is judged", "`okrctl check` shows the place")


def _apply_number(workspace: Workspace, node: KeyResult, words: str, day: date) -> None:
    value = _parse_value(workspace, node, words)
    ledger = KeyResultValues(workspace, day)
    course = ledger.measurement(node).series
    known = course.points if ledger.aggregate_of(node) == "latest" else ()
    made = [
        DatedReading(point.reading_day, Quantity(point.value, None, "")) for point in known if point.reading_day < day
    ]
    node.readings = [*made, DatedReading(day, value)]
    node.csv = None
    if node.measure in measures.NUMERIC:
        start = None if course.start is None else Quantity(course.start, None, "")
        changes = {"aggregate": None, "kpi": None, "rollup": None}
        said = {"from_": start} if start is not None and node.measure != "limit" else {}
        unit = {"unit": workspace.unit(node)}
        node.model = node.model.model_copy(update={**changes, **said, **unit})


def _parse_value(workspace: Workspace, node: KeyResult, words: str) -> Quantity:
    try:
        if node.measure == "graded":
            return Quantity(quantity.parse_grade(words), None, words)
        found = quantity.parse(words, workspace.unit(node))
    except quantity.QuantityError as error:
        raise OkrctlError(f"{node.ref}: {error.message}", error.hint) from error
    unit = workspace.unit(node)
    if found.unit and unit and not is_same_unit(found.unit, unit):
        raise OkrctlError(f"{node.ref} is counted in {unit}, not in {found.unit}", f"write the number in {unit}")
    return found


def _parse_done(node: KeyResult, words: str, day: date) -> date | bool:
    match words.strip().casefold():
        case "done" | "true" | "yes":
            return day
        case "open" | "false" | "no":
            return False
    try:
        return period.parse_day(words.strip())
    except period.PeriodError as error:
        raise OkrctlError(f"{node.ref} is yes or no, not '{words}'", "write done, open or a date") from error


def _complete_milestone(node: KeyResult, words: str, day: date) -> list[object]:
    """The milestones with one more done: the one that the words name by id, number or title."""
    wanted = words.strip()
    steps = node.model.milestones or []
    for number, step in enumerate(steps):
        if wanted in (step.id, str(number + 1)) or wanted.casefold() == step.title.casefold():
            done = step.model_copy(update={"done": day})
            return [*steps[:number], done, *steps[number + 1 :]]
    named = ", ".join(step.id or step.title for step in steps)
    raise OkrctlError(f"{node.ref} has no milestone '{words}'", f"its milestones: {named}")


def parse_score(words: str) -> Fraction:
    """A score that a person types; OkrctlError where it is none."""
    try:
        return quantity.parse_grade(words)
    except quantity.QuantityError as error:
        raise OkrctlError(error.message, "a score goes from 0 to 1, such as 0.7") from error
