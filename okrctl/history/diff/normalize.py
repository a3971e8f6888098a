"""Spells out what a thing says, field by field, so that two ways of writing the same come out equal."""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Iterator
from fractions import Fraction
from typing import Any, NamedTuple

from okrctl.measures import limit
from okrctl.scoring import pace
from okrctl.values.diagnostic import Route
from okrctl.values.fields import Model
from okrctl.values.quantity import Quantity
from okrctl.values.unit import same_unit
from okrctl.workspace import Dated, KeyResult, Kpi, Objective, Workspace

ZERO = Quantity(Fraction(0), None, "0")
OF_A_WAY = ("from", "to", "change")
OF_MEASURES = (*OF_A_WAY, "at_least", "at_most", "judge", "graded", "done", "plan", "stretch")
TEXTS = ("title", "description", "why", "reason", "retrospective", "formula")
OF_THING = ("description", "reason", "since", "added", "score", "links", "tags", "state")
OF_OBJECTIVE = ("why", "contributors", "kpis", "outcome", "retrospective", "carried_from")
OF_KPI = (
    "team", "why", "description", "better", "between", "indicator", "cadence", "aggregate", "watch", "target",
    "formula", "source", "links", "tags",
)  # fmt: skip


class Part(NamedTuple):
    """One field: what is compared, what is shown, where it stands, and when two of them say the same."""

    value: Any
    shown: Any
    route: Route
    alike: Callable[[Any, Any], bool] = operator.eq


Content = dict[str, Part]


def content(workspace: Workspace, node: Objective | KeyResult | Kpi, readings: bool = True) -> Content:
    """Everything that a thing says, by field; milestones, initiatives and readings each by their own name."""
    if isinstance(node, Objective):
        return dict(_objective(workspace, node))
    says = dict(_key_result(workspace, node) if isinstance(node, KeyResult) else _kpi(node))
    if readings:
        says.update(_readings(node, workspace.unit(node) if isinstance(node, KeyResult) else node.unit))
    return says


def same_family(one: KeyResult, other: KeyResult) -> bool:
    """Whether two measures are judged in one way: a change is a metric whose goal is worked out."""
    ways = ("metric", "change")
    return one.measure == other.measure or (one.measure in ways and other.measure in ways)


def _plain(node: Objective | KeyResult | Kpi, names: Iterable[str]) -> Iterator[tuple[str, Part]]:
    for name in names:
        value = getattr(node.model, name, None)
        yield name, Part(_comparable(value), None if value == [] else value, (*node.route, name))


def _comparable(value: Any) -> Any:
    """Numbers without their spelling, texts without their line breaks."""
    match value:
        case Quantity():
            return value.number
        case str():
            return " ".join(value.split())
        case dict():
            return {key: _comparable(one) for key, one in value.items()}
        case list():
            return [_comparable(one) for one in value]
    if isinstance(value, Model):
        return {name: _comparable(getattr(value, name)) for name in type(value).model_fields}
    return None if value == [] else value


def _common(node: Objective | KeyResult | Kpi) -> Iterator[tuple[str, Part]]:
    yield "id", Part(node.id, node.id, (*node.route, "id"))
    yield from _plain(node, ("title",))
    yield "owner", Part((node.model.owner, node.owner), node.owner, (*node.route, "owner"), _either)


def _either(one: tuple[Any, ...], other: tuple[Any, ...]) -> bool:
    """The same in writing, or the same in effect."""
    return any(map(operator.eq, one, other))


def _objective(workspace: Workspace, node: Objective) -> Iterator[tuple[str, Part]]:
    yield from _common(node)
    yield from _plain(node, (*OF_THING, *OF_OBJECTIVE))
    yield "team", Part(node.team, node.team, ("team",))
    usual = node.model.ambition or workspace.config.defaults.ambition
    yield "ambition", Part((node.model.ambition, usual), usual, (*node.route, "ambition"), _either)
    yield "weight", _weight(node)
    said = node.model.parent
    found = workspace.resolve(said, node) if said else None
    yield "parent", Part(found.ref if found else said, said, (*node.route, "parent"))
    yield (
        "hypothesis",
        Part(
            [(one.kpi, one.expect) for one in node.model.hypothesis],
            [f"{one.kpi} {one.expect}" for one in node.model.hypothesis] or None,
            (*node.route, "hypothesis"),
        ),
    )
    for number, one in enumerate(node.model.initiatives):
        done = one.done if one.done else "open"
        shown = f"{one.count[0]}/{one.count[1]}" if one.count and not one.done else done
        yield f"initiatives.{one.title}", Part(_comparable(one), shown, (*node.route, "initiatives", number))
    for day, word in (node.model.readings or {}).items():
        yield (
            f"readings.{day}",
            Part(_comparable(word), word.note or word.confidence, (*node.route, "readings", str(day))),
        )


def _weight(node: Objective | KeyResult) -> Part:
    weight = Fraction(1) if node.model.weight is None else node.model.weight
    return Part(weight, weight, (*node.route, "weight"))


def _key_result(workspace: Workspace, node: KeyResult) -> Iterator[tuple[str, Part]]:
    model, route = node.model, node.route
    yield from _common(node)
    yield from _plain(node, (*OF_THING, "priority", "cadence", "aggregate", "kpi", "plan", "stretch", "graded", "done"))
    above = node.objective.model.ambition or workspace.config.defaults.ambition
    ambition = model.ambition or above
    yield "ambition", Part((model.ambition, ambition), ambition, (*route, "ambition"), _either)
    yield "weight", _weight(node)
    yield "due", Part(pace.due(node), pace.due(node), (*route, "due"))
    yield "measure", Part(node.measure, node.measure, route)
    unit = workspace.unit(node)
    yield "unit", Part(unit, unit, (*route, "unit"), same_unit)
    guards = ["all"] if model.guards == "all" else model.guards
    yield "guards", Part(guards, guards, (*route, "guards"))
    rollup = getattr(model, "rollup", None)
    members = rollup and (rollup.how, [_full(workspace, node, text) for text in rollup.members])
    shown = rollup and f"{rollup.how} of {', '.join(rollup.members)}"
    yield "rollup", Part(members, shown, (*route, "rollup"))
    yield from _numbers(node, unit)
    for number, step in enumerate(getattr(model, "milestones", None) or ()):
        yield f"milestones.{step.id or step.title}", Part(step, step.title, (*route, "milestones", number))


def _full(workspace: Workspace, node: KeyResult, text: str) -> str:
    found = workspace.resolve(text, node.objective)
    return found.ref if found else text


def _numbers(node: KeyResult, unit: str | None) -> Iterator[tuple[str, Part]]:
    model, route = node.model, node.route
    start = getattr(model, "from_", None)
    if start is None and node.measure == "metric" and not getattr(model, "kpi", None):
        start = ZERO
    goal, by = getattr(model, "to", None), getattr(model, "change", None)
    yield "from", Part(_comparable(start), _with(start, unit), (*route, "from"))
    yield "to", Part(_comparable(goal), _with(goal, unit), (*route, "to"))
    yield "change", Part(by and (by.kind, by.number), by and by.text, (*route, "change"))
    if node.measure == "limit":
        low, high = limit.bounds(model)
        band = model.between is not None
        for name, bound, number in (("at_least", low, 0), ("at_most", high, 1)):
            shown = None if bound is None else Quantity(bound, unit, "")
            yield name, Part(bound, shown, (*route, "between", number) if band else (*route, name))
        yield "judge", Part(model.judge, model.judge, (*route, "judge"))


def _with(value: Any, unit: str | None) -> Any:
    return value._replace(unit=value.unit or unit) if isinstance(value, Quantity) else value


def _kpi(node: Kpi) -> Iterator[tuple[str, Part]]:
    yield from _common(node)
    yield from _plain(node, OF_KPI)
    yield "unit", Part(node.unit, node.unit, (*node.route, "unit"), same_unit)


def _readings(node: KeyResult | Kpi, unit: str | None) -> Iterator[tuple[str, Part]]:
    for one in node.readings:
        route = (*node.route, "readings")
        place = route if one.line is not None else (*route, one.day.isoformat())
        shown = _with(one.value, unit) if one.value is not None else one.note or one.confidence
        yield f"readings.{one.day}", Part(said(one), shown, place)


def said(one: Dated) -> dict[str, Any]:
    """What a reading says, but for the line of a CSV file that it stands on."""
    return {
        "value": _comparable(one.value), "confidence": one.confidence, "forecast": _comparable(one.forecast),
        "note": _comparable(one.note), "source": _comparable(one.source),
    }  # fmt: skip
