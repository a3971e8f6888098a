"""The content of a node, field by field, in a form in which two spellings of the same are equal."""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Iterator, Mapping
from fractions import Fraction
from typing import Any, NamedTuple

from okrctl.schema.model import Hypothesis
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
    """One field: the value to compare, the value to show, its route, and when two values are the same."""

    value: Any
    shown: Any
    route: Route
    is_same: Callable[[Any, Any], bool] = operator.eq


FieldValues = dict[str, FieldValue]


class Reference(NamedTuple):
    """A reference as it is written, and the full one of the goal that it leads to, None where it leads nowhere."""

    text: str
    ref: str | None


def normalize_node(workspace: Workspace, node: Objective | KeyResult | Kpi, readings: bool = True) -> FieldValues:
    """All fields of a node by name; each milestone, initiative and reading is a field of its own."""
    if isinstance(node, Objective):
        return dict(_objective_fields(workspace, node))
    fields = dict(_key_result_fields(workspace, node) if isinstance(node, KeyResult) else _kpi_fields(node))
    if readings:
        fields.update(_reading_fields(node, workspace.unit(node) if isinstance(node, KeyResult) else node.unit))
    return fields


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
    """The value with numbers without their spelling and texts without line breaks."""
    match value:
        case Quantity():
            return value.number
        case str():
            return " ".join(value.split())
        case dict():
            return {key: _normalize_value(entry) for key, entry in value.items()}
        case list():
            return [_normalize_value(entry) for entry in value]
    if isinstance(value, StrictModel):
        return {name: _normalize_value(getattr(value, name)) for name in type(value).model_fields}
    return None if value == [] else value


def _common_fields(node: Objective | KeyResult | Kpi) -> Iterator[tuple[str, FieldValue]]:
    yield "id", FieldValue(node.id, node.id, (*node.route, "id"))
    yield from _plain_fields(node, ("title",))
    yield "owner", FieldValue((node.model.owner, node.owner), node.owner, (*node.route, "owner"), _is_any_equal)


def _is_any_equal(first: tuple[Any, ...], second: tuple[Any, ...]) -> bool:
    """Whether two fields are the same as written or in effect, such as a default that is now spelled out."""
    return any(map(operator.eq, first, second))


def _objective_fields(workspace: Workspace, node: Objective) -> Iterator[tuple[str, FieldValue]]:
    yield from _common_fields(node)
    yield from _plain_fields(node, (*GOAL_FIELDS, *OBJECTIVE_FIELDS))
    yield "team", FieldValue(node.team, node.team, ("team",))
    ambition = node.model.ambition or workspace.config.defaults.ambition
    yield "ambition", FieldValue((node.model.ambition, ambition), ambition, (*node.route, "ambition"), _is_any_equal)
    yield "weight", _weight_field(node)
    text = node.model.parent
    parent = _reference(workspace, node, text) if text else None
    yield "parent", FieldValue(parent, text, (*node.route, "parent"), _is_same_reference)
    yield (
        "hypothesis",
        FieldValue(
            [(each.kpi, each.expect, _normalize_value(each.within)) for each in node.model.hypothesis],
            [_hypothesis_text(each) for each in node.model.hypothesis] or None,
            (*node.route, "hypothesis"),
        ),
    )
    yield from _initiative_fields(node)
    for day, reading in (node.model.readings or {}).items():
        yield (
            f"readings.{day}",
            FieldValue(
                _normalize_value(reading), reading.note or reading.confidence, (*node.route, "readings", str(day))
            ),
        )


def _hypothesis_text(hypothesis: Hypothesis) -> str:
    within = f" within {hypothesis.within.text}" if hypothesis.within else ""
    return f"{hypothesis.kpi} {hypothesis.expect}{within}"


def _initiative_fields(node: Objective) -> Iterator[tuple[str, FieldValue]]:
    for number, initiative in enumerate(node.model.initiatives):
        done, count = initiative.done, initiative.count
        shown = f"{count[0]}/{count[1]}" if count and not done else done or "open"
        yield (
            f"initiatives.{initiative.title}",
            FieldValue(_normalize_value(initiative), shown, (*node.route, "initiatives", number)),
        )


def _weight_field(node: Objective | KeyResult) -> FieldValue:
    weight = Fraction(1) if node.model.weight is None else node.model.weight
    return FieldValue(weight, weight, (*node.route, "weight"))


def _key_result_fields(workspace: Workspace, node: KeyResult) -> Iterator[tuple[str, FieldValue]]:
    model, route = node.model, node.route
    yield from _common_fields(node)
    yield from _plain_fields(node, (*GOAL_FIELDS, "priority", "cadence", "aggregate", "kpi", "source", *RANGE_FIELDS))
    ambition = model.ambition or node.objective.model.ambition or workspace.config.defaults.ambition
    yield "ambition", FieldValue((model.ambition, ambition), ambition, (*route, "ambition"), _is_any_equal)
    yield "weight", _weight_field(node)
    yield "due", FieldValue(pace.due_date(node), pace.due_date(node), (*route, "due"))
    yield "measure", FieldValue(node.measure.family, node.measure.name, route)
    unit = workspace.unit(node)
    yield "unit", FieldValue(unit, unit, (*route, "unit"), is_same_unit)
    guards = ["all"] if model.guards == "all" else model.guards
    yield "guards", FieldValue(guards, guards, (*route, "guards"))
    rollup = getattr(model, "rollup", None)
    members = rollup and (rollup.method, [_reference(workspace, node.objective, text) for text in rollup.members])
    shown = rollup and f"{rollup.method} of {', '.join(rollup.members)}"
    yield "rollup", FieldValue(members, shown, (*route, "rollup"), _is_same_rollup)
    for field in node.measure.compared_fields(model, unit):
        yield field.name, FieldValue(field.value, field.shown, (*route, *field.route))
    for step in node.measure.steps(model) if node.measure.records == "steps" else ():
        yield f"milestones.{step.id or step.title}", FieldValue(step, step.title, (*route, *step.route[:-1]))


def _reference(workspace: Workspace, near: Objective, text: str) -> Reference:
    goal = workspace.resolve(text, near)
    return Reference(text, goal.ref if goal else None)


def _is_same_reference(first: Reference | None, second: Reference | None) -> bool:
    """Whether two references lead to one goal; one that leads nowhere, such as after a rename, is as it is written."""
    if first is None or second is None or None in (first.ref, second.ref):
        return (first and first.text) == (second and second.text)
    return first.ref == second.ref


def _is_same_rollup(first: Any, second: Any) -> bool:
    if first is None or second is None or (first[0], len(first[1])) != (second[0], len(second[1])):
        return bool(first == second)
    return all(map(_is_same_reference, first[1], second[1]))


def follow_renames(fields: FieldValues, refs: Mapping[str, str]) -> FieldValues:
    """The fields of an old state with what they refer to as it is called now; `refs` are the new names by the old."""

    def follow(reference: Reference) -> Reference:
        return reference._replace(ref=refs.get(reference.ref or "", reference.ref))

    for name in ("parent", "rollup"):
        found = fields.get(name)
        if found is not None and found.value is not None:
            value = follow(found.value) if name == "parent" else (found.value[0], [*map(follow, found.value[1])])
            fields[name] = found._replace(value=value)
    return fields


def _with_unit(value: Any, unit: str | None) -> Any:
    return value._replace(unit=value.unit or unit) if isinstance(value, Quantity) else value


def _kpi_fields(node: Kpi) -> Iterator[tuple[str, FieldValue]]:
    yield from _common_fields(node)
    yield from _plain_fields(node, KPI_FIELDS)
    yield "unit", FieldValue(node.unit, node.unit, (*node.route, "unit"), is_same_unit)


def _reading_fields(node: KeyResult | Kpi, unit: str | None) -> Iterator[tuple[str, FieldValue]]:
    for reading in node.readings:
        route: Route = (*node.route, "readings")
        if reading.line is None:  # not from a CSV file
            route = (*route, reading.day.isoformat())
        shown = _with_unit(reading.value, unit) if reading.value is not None else reading.note or reading.confidence
        yield f"readings.{reading.day}", FieldValue(normalize_reading(reading), shown, route)


def normalize_reading(reading: DatedReading) -> dict[str, Any]:
    """The content of a reading, without its line in a CSV file."""
    return {
        "value": _normalize_value(reading.value),
        "confidence": reading.confidence,
        "forecast": _normalize_value(reading.forecast),
        "note": _normalize_value(reading.note),
        "source": _normalize_value(reading.source),
    }
