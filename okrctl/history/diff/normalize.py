"""Spells out what a thing says, field by field, so that two ways of writing the same come out equal."""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Iterator
from fractions import Fraction
from typing import Any, NamedTuple

from okrctl.scoring import pace
from okrctl.values.diagnostic import Route
from okrctl.values.fields import StrictModel
from okrctl.values.quantity import Quantity
from okrctl.values.unit import is_same_unit
from okrctl.workspace import DatedReading, KeyResult, Kpi, Objective, Workspace

RANGE_FIELDS = ("plan", "stretch")
TEXT_FIELDS = ("title", "description", "why", "reason", "retrospective", "formula")
GOAL_FIELDS = ("description", "reason", "since", "added", "score", "links", "tags", "state")
OBJECTIVE_FIELDS = ("why", "contributors", "kpis", "outcome", "retrospective", "carried_from")
KPI_FIELDS = (
    "team", "why", "description", "better", "between", "indicator", "cadence", "aggregate", "watch", "target",
    "formula", "source", "links", "tags",
)  # fmt: skip


class FieldValue(NamedTuple):
    """One field: what is compared, what is shown, where it stands, and when two of them say the same."""

    value: Any
    shown: Any
    route: Route
    is_same: Callable[[Any, Any], bool] = operator.eq


FieldValues = dict[str, FieldValue]


def normalize_node(workspace: Workspace, node: Objective | KeyResult | Kpi, readings: bool = True) -> FieldValues:
    """Everything that a thing says, by field; milestones, initiatives and readings each by their own name."""
    if isinstance(node, Objective):
        return dict(_objective_fields(workspace, node))
    says = dict(_key_result_fields(workspace, node) if isinstance(node, KeyResult) else _kpi_fields(node))
    if readings:
        says.update(_reading_fields(node, workspace.unit(node) if isinstance(node, KeyResult) else node.unit))
    return says


def is_same_measure_kind(one: KeyResult, other: KeyResult) -> bool:
    """Whether two measures are judged in one way: a change is a metric whose goal is worked out."""
    return one.measure.family == other.measure.family


def measure_fields(before: KeyResult, after: KeyResult) -> set[str]:
    """The fields that belong to the measure of a key result, before or after."""
    return {field.name for node in (before, after) for field in node.measure.compared_fields(node.model, None)}


def _plain_fields(node: Objective | KeyResult | Kpi, names: Iterable[str]) -> Iterator[tuple[str, FieldValue]]:
    for name in names:
        value = getattr(node.model, name, None)
        yield name, FieldValue(_normalize_value(value), None if value == [] else value, (*node.route, name))


def _normalize_value(value: Any) -> Any:
    """Numbers without their spelling, texts without their line breaks."""
    match value:
        case Quantity():
            return value.number
        case str():
            return " ".join(value.split())
        case dict():
            return {key: _normalize_value(one) for key, one in value.items()}
        case list():
            return [_normalize_value(one) for one in value]
    if isinstance(value, StrictModel):
        return {name: _normalize_value(getattr(value, name)) for name in type(value).model_fields}
    return None if value == [] else value


def _common_fields(node: Objective | KeyResult | Kpi) -> Iterator[tuple[str, FieldValue]]:
    yield "id", FieldValue(node.id, node.id, (*node.route, "id"))
    yield from _plain_fields(node, ("title",))
    yield "owner", FieldValue((node.model.owner, node.owner), node.owner, (*node.route, "owner"), _is_any_equal)


def _is_any_equal(one: tuple[Any, ...], other: tuple[Any, ...]) -> bool:
    """The same in writing, or the same in effect."""
    return any(map(operator.eq, one, other))


def _objective_fields(workspace: Workspace, node: Objective) -> Iterator[tuple[str, FieldValue]]:
    yield from _common_fields(node)
    yield from _plain_fields(node, (*GOAL_FIELDS, *OBJECTIVE_FIELDS))
    yield "team", FieldValue(node.team, node.team, ("team",))
    usual = node.model.ambition or workspace.config.defaults.ambition
    yield "ambition", FieldValue((node.model.ambition, usual), usual, (*node.route, "ambition"), _is_any_equal)
    yield "weight", _weight_field(node)
    said = node.model.parent
    found = workspace.resolve(said, node) if said else None
    yield "parent", FieldValue(found.ref if found else said, said, (*node.route, "parent"))
    yield (
        "hypothesis",
        FieldValue(
            [(one.kpi, one.expect) for one in node.model.hypothesis],
            [f"{one.kpi} {one.expect}" for one in node.model.hypothesis] or None,
            (*node.route, "hypothesis"),
        ),
    )
    for number, one in enumerate(node.model.initiatives):
        done = one.done if one.done else "open"
        shown = f"{one.count[0]}/{one.count[1]}" if one.count and not one.done else done
        yield f"initiatives.{one.title}", FieldValue(_normalize_value(one), shown, (*node.route, "initiatives", number))
    for day, word in (node.model.readings or {}).items():
        yield (
            f"readings.{day}",
            FieldValue(_normalize_value(word), word.note or word.confidence, (*node.route, "readings", str(day))),
        )


def _weight_field(node: Objective | KeyResult) -> FieldValue:
    weight = Fraction(1) if node.model.weight is None else node.model.weight
    return FieldValue(weight, weight, (*node.route, "weight"))


def _key_result_fields(workspace: Workspace, node: KeyResult) -> Iterator[tuple[str, FieldValue]]:
    model, route = node.model, node.route
    yield from _common_fields(node)
    yield from _plain_fields(
        node, (*GOAL_FIELDS, "priority", "cadence", "aggregate", "kpi", *RANGE_FIELDS)
    )
    above = node.objective.model.ambition or workspace.config.defaults.ambition
    ambition = model.ambition or above
    yield "ambition", FieldValue((model.ambition, ambition), ambition, (*route, "ambition"), _is_any_equal)
    yield "weight", _weight_field(node)
    yield "due", FieldValue(pace.due_date(node), pace.due_date(node), (*route, "due"))
    yield "measure", FieldValue(node.measure.family, node.measure.name, route)
    unit = workspace.unit(node)
    yield "unit", FieldValue(unit, unit, (*route, "unit"), is_same_unit)
    guards = ["all"] if model.guards == "all" else model.guards
    yield "guards", FieldValue(guards, guards, (*route, "guards"))
    rollup = getattr(model, "rollup", None)
    members = rollup and (rollup.method, [_full_ref(workspace, node, text) for text in rollup.members])
    shown = rollup and f"{rollup.method} of {', '.join(rollup.members)}"
    yield "rollup", FieldValue(members, shown, (*route, "rollup"))
    for field in node.measure.compared_fields(model, unit):
        yield field.name, FieldValue(field.value, field.shown, (*route, *field.route))
    for step in node.measure.steps(model) if node.measure.records == "steps" else ():
        yield f"milestones.{step.id or step.title}", FieldValue(step, step.title, (*route, *step.route[:-1]))


def _full_ref(workspace: Workspace, node: KeyResult, text: str) -> str:
    found = workspace.resolve(text, node.objective)
    return found.ref if found else text


def _with_unit(value: Any, unit: str | None) -> Any:
    return value._replace(unit=value.unit or unit) if isinstance(value, Quantity) else value


def _kpi_fields(node: Kpi) -> Iterator[tuple[str, FieldValue]]:
    yield from _common_fields(node)
    yield from _plain_fields(node, KPI_FIELDS)
    yield "unit", FieldValue(node.unit, node.unit, (*node.route, "unit"), is_same_unit)


def _reading_fields(node: KeyResult | Kpi, unit: str | None) -> Iterator[tuple[str, FieldValue]]:
    for one in node.readings:
        route = (*node.route, "readings")
        place = route if one.line is not None else (*route, one.day.isoformat())
        shown = _with_unit(one.value, unit) if one.value is not None else one.note or one.confidence
        yield f"readings.{one.day}", FieldValue(normalize_reading(one), shown, place)


def normalize_reading(one: DatedReading) -> dict[str, Any]:
    """What a reading says, but for the line of a CSV file that it stands on."""
    return {
        "value": _normalize_value(one.value), "confidence": one.confidence, "forecast": _normalize_value(one.forecast),
        "note": _normalize_value(one.note), "source": _normalize_value(one.source),
    }  # fmt: skip
