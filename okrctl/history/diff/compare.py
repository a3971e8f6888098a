"""Comparison of two states of a workspace, node by node and field by field."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from fractions import Fraction
from functools import cache
from typing import Any, NamedTuple

from okrctl.history.diff import direction, identity
from okrctl.history.diff.change import Change, Node
from okrctl.history.diff.direction import Ranges
from okrctl.history.diff.identity import NO_LATER_REFS, LaterRefs
from okrctl.history.diff.normalize import (
    RANGE_FIELDS,
    FieldValue,
    FieldValues,
    follow_renames,
    is_same_measure_kind,
    measure_fields,
    normalize_node,
)
from okrctl.measures.measure import Effect, Step
from okrctl.schema.model import AGREED_KEYS
from okrctl.schema.settings import Config
from okrctl.scoring import pace
from okrctl.values import quantity
from okrctl.values.fields import TBD
from okrctl.values.quantity import Quantity
from okrctl.workspace import KeyResult, Objective, Workspace
from okrctl.workspace.nodes import day_route

NO_REFS: Mapping[str, str] = {}
SCORING_SECTIONS = ("scoring", "pace", "defaults")


class _States(NamedTuple):
    """The two states that are compared, the new references of goals by the old ones, and whether readings count."""

    old: Workspace
    new: Workspace
    refs: Mapping[str, str]
    has_readings: bool


def compare(old: Workspace, new: Workspace, readings: bool = True, later: LaterRefs = NO_LATER_REFS) -> list[Change]:
    """Every change in meaning, in the order of the new files; removed nodes come last.

    An added or removed objective is one change, without its key results. `later` is what the commits in between say of
    goals that were renamed.
    """
    pairs = identity.pair_nodes(old, new, later)
    periods = {objective.period.id for objective in old.objectives}
    states = _States(old, new, identity.new_refs(pairs), readings)
    of_key_results = _key_result_changes(states, pairs)
    changes: list[Change] = []
    for old_objective, new_objective in pairs.objectives:
        own = list(_compare_pair(states, old_objective, new_objective))
        if old_objective is None and new_objective is not None and new_objective.period.id not in periods:
            own = [_describe_added(new_objective, None)]
        changes += own + of_key_results.get(id(new_objective), [])
    for old_kpi, new_kpi in pairs.kpis:
        changes += _compare_pair(states, old_kpi, new_kpi)
    return changes + list(_compare_settings(old.config, new))


def _key_result_changes(states: _States, pairs: identity.NodePairs) -> dict[int, list[Change]]:
    """The changes of key results in objectives that both states have, by the identity of the new objective."""
    objectives = {id(node): pair for pair in pairs.objectives for node in pair}
    changes: dict[int, list[Change]] = {}
    for before, after in pairs.key_results:
        node = after or before
        assert node is not None
        pair = objectives[id(node.objective)]
        if None not in pair:
            changes.setdefault(id(pair[1]), []).extend(_compare_pair(states, before, after))
    return changes


def compare_node(
    old: Workspace, new: Workspace, before: Node, after: Node, readings: bool = True,
    refs: Mapping[str, str] = NO_REFS,
) -> list[Change]:  # fmt: skip
    """The changed fields of a node, in order; for an objective only its own fields.

    `refs` are the references of goals in the new state by those in the old one, so that one is no change that leads to
    the same goal under another id.
    """
    old_fields, new_fields = normalize_node(old, before, readings), normalize_node(new, after, readings)
    old_fields = follow_renames(old_fields, refs)
    if isinstance(before, KeyResult) and isinstance(after, KeyResult):
        _drop_measure_fields(old_fields, new_fields, before, after)

    @cache
    def ranges() -> Ranges:
        assert isinstance(before, KeyResult) and isinstance(after, KeyResult)
        return direction.start_and_target(old, before), direction.start_and_target(new, after)

    changes = list(_compare_milestones(old_fields, new_fields, before, after))
    for name in dict.fromkeys((*new_fields, *old_fields)):
        old_field, new_field = old_fields.get(name), new_fields.get(name)
        if name.startswith(("readings.", "initiatives.")):
            changes += _compare_entry(name, old_field, new_field, before, after)
            continue
        blank = FieldValue(None, None, (*after.route, name))
        old_field, new_field = old_field or blank, new_field or blank
        if not new_field.is_same(old_field.value, new_field.value) and not _is_filled_in(old_field, new_field):
            effect = direction.field_effect(name, old_field, new_field, before, after, ranges)
            changes.append(_field_change(name, old_field.shown, new_field, effect, before, after))
    return changes


def _compare_pair(states: _States, before: Node | None, after: Node | None) -> Iterator[Change]:
    old, new = states.old, states.new
    if before is not None and after is not None:
        if not _has_same_text(old, new, before, after):
            yield from compare_node(old, new, before, after, states.has_readings, states.refs)
    elif after is not None:
        yield _describe_added(after, "tightened")
    elif before is not None:
        effect = direction.removal_effect(before)
        yield Change(before.ref, "removed", None, before.model.title, None, effect, before.file, before.route, before)


def _has_same_text(old: Workspace, new: Workspace, before: Node, after: Node) -> bool:
    """Whether a node is at the same place of the same text, so that its fields need not be compared."""
    csv_texts = [None if isinstance(node, Objective) or node.csv is None else node.csv.text for node in (before, after)]
    return (
        before.route == after.route
        and csv_texts[0] == csv_texts[1]
        and before.file.document.digest == after.file.document.digest
        and old.config.defaults == new.config.defaults
    )


def _describe_added(node: Node, effect: Effect | None) -> Change:
    effect = effect if _is_scored(node) else None
    return Change(node.ref, "added", None, None, node.model.title, effect, node.file, node.route, None, node)


def _is_scored(node: Node) -> bool:
    return isinstance(node, Objective | KeyResult) and direction.affects_score(node)


def _field_change(name: str, old: Any, new: FieldValue, effect: Effect | None, before: Node, after: Node) -> Change:
    amended = is_recorded(name, old, before, after)
    route = new.route
    if route[:-1] == (*after.route, "readings"):
        route = day_route(after.file.document, route[:-1], date.fromisoformat(str(route[-1])))
    return Change(after.ref, "changed", name, old, new.shown, effect, after.file, route, before, after, amended)


def _is_filled_in(old: FieldValue, new: FieldValue) -> bool:
    """Whether a value replaces TBD, which does not change what was agreed."""
    return old.value == TBD and new.value not in (None, TBD)


def _drop_measure_fields(old: FieldValues, new: FieldValues, before: KeyResult, after: KeyResult) -> None:
    """Keep `measure` only where the measure changed, and then drop its keys, so that this is one change."""
    if is_same_measure_kind(before, after):
        old.pop("measure"), new.pop("measure")
        return
    dropped = {*measure_fields(before, after), *RANGE_FIELDS}
    for fields in (old, new):
        for name in [name for name in fields if name in dropped or name.startswith("milestones.")]:
            fields.pop(name)


def _compare_entry(
    name: str, old: FieldValue | None, new: FieldValue | None, before: Node, after: Node
) -> Iterator[Change]:
    """The changes of a reading or an initiative: added, removed, or changed."""
    if old is None or new is None:
        field = new or old
        assert field is not None
        present = field if new else FieldValue(None, None, (*after.route, name.partition(".")[0]))
        yield _field_change(name, old.shown if old else None, present, None, before, after)
    elif old.value != new.value:
        if old.shown != new.shown and not _has_same_number(old, new):
            yield _field_change(name, old.shown, new, None, before, after)
        if isinstance(old.value, dict):
            yield from _compare_keys(name, old, new, before, after)


def _compare_keys(name: str, old: FieldValue, new: FieldValue, before: Node, after: Node) -> Iterator[Change]:
    for key in sorted(set(old.value) & set(new.value) - {"value", "title"}):
        if old.value[key] != new.value[key] and new.value[key] != new.shown:
            field = FieldValue(None, new.value[key], new.route)
            yield _field_change(f"{name}.{key}", old.value[key], field, None, before, after)


def _has_same_number(old: FieldValue, new: FieldValue) -> bool:
    """Whether only the spelling of a reading's value differs."""
    if not isinstance(old.value, dict) or "value" not in old.value:
        return False
    return bool(old.value["value"] == new.value["value"] is not None)


def _compare_milestones(old: FieldValues, new: FieldValues, before: Node, after: Node) -> Iterator[Change]:
    """The changes of milestones, matched by name; one at the place of another with a new name was reworded."""
    removed = {name: old.pop(name) for name in list(old) if name.startswith("milestones.")}
    current = {name: new.pop(name) for name in list(new) if name.startswith("milestones.")}
    former_names = _former_names(removed, current)
    for name, field in current.items():
        if name in former_names:
            former = former_names[name]
            yield from _compare_milestone(former, removed[former], field, before, after)
        else:
            yield _field_change(name, None, field, "neutral" if field.value.done else "tightened", before, after)
    for name, field in removed.items():
        if name not in former_names.values():
            blank = FieldValue(None, None, (*after.route, "milestones"))
            yield _field_change(name, field.shown, blank, "neutral" if field.value.done else "relaxed", before, after)


def _former_names(old: FieldValues, new: FieldValues) -> dict[str, str]:
    """The old names of milestones by their new ones: the same, else that of the one that was at its place."""
    former = {name: name for name in new if name in old}
    if len(old) == len(new):
        unmatched = {field.route[-1]: name for name, field in old.items() if name not in new}
        for name, field in new.items():
            if name not in former and field.route[-1] in unmatched:
                former[name] = unmatched[field.route[-1]]
    return former


def _compare_milestone(name: str, old: FieldValue, new: FieldValue, before: Node, after: Node) -> Iterator[Change]:
    if " ".join(old.shown.split()) != " ".join(new.shown.split()):
        yield _field_change(name, old.shown, new, "neutral", before, after)
    if old.value.weight != new.value.weight:
        shown = FieldValue(None, new.value.weight, (*new.route, "weight"))
        yield _field_change(f"{name}.weight", old.value.weight, shown, "neutral", before, after)
    yield from _compare_due(name, old.value, new, before, after)
    if old.value.done != new.value.done:
        yield _field_change(
            f"{name}.done", old.value.done, FieldValue(None, new.value.done, (*new.route, "done")), None, before, after
        )


def _compare_due(name: str, old: Step, new: FieldValue, before: Node, after: Node) -> Iterator[Change]:
    """Another due day of a milestone; one without a day of its own is due with its key result."""
    assert isinstance(before, KeyResult) and isinstance(after, KeyResult)
    former, current = old.due or pace.due_date(before), new.value.due or pace.due_date(after)
    if old.due != new.value.due and former != current:
        shown = FieldValue(None, current, (*new.route, "due"))
        effect: Effect = "relaxed" if current > former else "tightened"
        yield _field_change(f"{name}.due", former, shown, effect, before, after)


def _compare_settings(old: Config, new: Workspace) -> Iterator[Change]:
    """The changes of settings that affect scores."""
    if new.settings is None:
        return
    for section in SCORING_SECTIONS:
        old_section, new_section = getattr(old, section), getattr(new.config, section)
        for name in type(new_section).model_fields:
            old_value, new_value = getattr(old_section, name), getattr(new_section, name)
            if old_value != new_value:
                route = (section, name)
                ref, field = new.settings.path, f"{section}.{name}"
                yield Change(ref, "changed", field, old_value, new_value, None, new.settings, route)


def is_recorded(field: str, old: Any, before: Node, after: Node) -> bool:
    """Whether the new state has a new entry under `amended` for the field, for a number with its old value."""
    if isinstance(after, KeyResult):
        return _is_amended(field, old, before if isinstance(before, KeyResult) else None, after)
    if not isinstance(after, Objective) or not isinstance(before, Objective):
        return False
    _, pairs = identity.pair_goals([before], [after])
    return any(new is not None and _is_amended(field, old, former, new) for former, new in pairs)


def _is_amended(field: str, old: Any, before: KeyResult | None, after: KeyResult) -> bool:
    known = before.model.amended if before else []
    names = {field.partition(".")[0], *after.measure.aliases.get(field, ())} & set(AGREED_KEYS)
    amendments = [amendment for amendment in after.model.amended if amendment not in known]
    return any(
        name in amendment.was and _is_old_value(amendment.was[name], old) for amendment in amendments for name in names
    )


def _is_old_value(recorded: Any, old: Any) -> bool:
    if not isinstance(old, Quantity | Fraction) or not isinstance(recorded, str):
        return True
    try:
        return quantity.parse(recorded).number == (old.number if isinstance(old, Quantity) else old)
    except quantity.QuantityError:
        return False
