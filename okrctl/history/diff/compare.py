"""Holds two states of a workspace against each other, thing by thing and field by field."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import cache
from typing import Any

from okrctl.history.diff import direction, identity
from okrctl.history.diff.amendments import is_recorded
from okrctl.history.diff.change import Change, Node
from okrctl.history.diff.direction import Ranges
from okrctl.history.diff.normalize import (
    RANGE_FIELDS,
    FieldValue,
    FieldValues,
    is_same_measure_kind,
    measure_fields,
    normalize_node,
)
from okrctl.measures.measure import Effect
from okrctl.schema.settings import Config
from okrctl.values.fields import TBD
from okrctl.workspace import KeyResult, Objective, Workspace
from okrctl.workspace.nodes import day_route

SCORING_SECTIONS = ("scoring", "pace", "defaults")


def compare(old: Workspace, new: Workspace, readings: bool = True) -> list[Change]:
    """Every difference in meaning, in the order of the new files, then what is gone; a thing stands for its parts."""
    found = identity.pair_nodes(old, new)
    periods = {one.period.id for one in old.objectives}
    whole = {id(node): pair for pair in found.objectives for node in pair}
    below: dict[int, list[Change]] = {}
    for before, after in found.key_results:
        node = after or before
        assert node is not None
        above = whole[id(node.objective)]
        if None not in above:
            below.setdefault(id(above[1]), []).extend(_compare_pair(old, new, before, after, readings))
    changes: list[Change] = []
    for was, now in found.objectives:
        listed = list(_compare_pair(old, new, was, now, readings))
        if was is None and now is not None and now.period.id not in periods:
            listed = [_added(now, None)]
        changes += listed + below.get(id(now), [])
    for one, other in found.kpis:
        changes += _compare_pair(old, new, one, other, readings)
    return changes + list(_compare_settings(old.config, new))


def compare_node(old: Workspace, new: Workspace, before: Node, after: Node, readings: bool = True) -> list[Change]:
    """Every field in which a thing and what it was before differ; for an objective its own fields alone."""
    old_says, new_says = normalize_node(old, before, readings), normalize_node(new, after, readings)
    if isinstance(before, KeyResult) and isinstance(after, KeyResult):
        _drop_measure_fields(old_says, new_says, before, after)

    @cache
    def ways() -> Ranges:
        assert isinstance(before, KeyResult) and isinstance(after, KeyResult)
        return direction.start_and_target(old, before), direction.start_and_target(new, after)

    changes = list(_compare_milestones(old_says, new_says, before, after))
    for name in dict.fromkeys((*new_says, *old_says)):
        one, other = old_says.get(name), new_says.get(name)
        if name.startswith(("readings.", "initiatives.")):
            changes += _compare_entry(name, one, other, before, after)
            continue
        blank = FieldValue(None, None, (*after.route, name))
        one, other = one or blank, other or blank
        if not other.is_same(one.value, other.value) and not _is_filled_in(one, other):
            judged = direction.field_effect(name, one, other, before, after, ways)
            changes.append(_field_change(name, one.shown, other, judged, before, after))
    return changes


def _compare_pair(
    old: Workspace, new: Workspace, before: Node | None, after: Node | None, readings: bool
) -> Iterator[Change]:
    if before is not None and after is not None:
        if not _has_same_text(old, new, before, after):
            yield from compare_node(old, new, before, after, readings)
    elif after is not None:
        yield _added(after, "tightened")
    elif before is not None:
        easier: Effect | None = "relaxed" if _is_scored(before) else None
        yield Change(before.ref, "removed", None, before.model.title, None, easier, before.file, before.route, before)


def _has_same_text(old: Workspace, new: Workspace, before: Node, after: Node) -> bool:
    """Whether a thing stands in the same place of the same text, so that nobody has to look closer."""
    kept = [None if isinstance(node, Objective) or node.csv is None else node.csv.text for node in (before, after)]
    return (
        before.route == after.route
        and kept[0] == kept[1]
        and before.file.document.text == after.file.document.text
        and old.config.defaults == new.config.defaults
    )


def _added(node: Node, judged: Effect | None) -> Change:
    judged = judged if _is_scored(node) else None
    return Change(node.ref, "added", None, None, node.model.title, judged, node.file, node.route, None, node)


def _is_scored(node: Node) -> bool:
    return isinstance(node, Objective | KeyResult) and direction.affects_score(node)


def _field_change(name: str, old: Any, new: FieldValue, judged: Effect | None, before: Node, after: Node) -> Change:
    amended = is_recorded(name, old, before, after)
    route = new.route
    if route[:-1] == (*after.route, "readings"):
        route = day_route(after.file.document, route[:-1], date.fromisoformat(str(route[-1])))
    return Change(after.ref, "changed", name, old, new.shown, judged, after.file, route, before, after, amended)


def _is_filled_in(old: FieldValue, new: FieldValue) -> bool:
    """Filling what was to be determined is no change of what was agreed."""
    return old.value == TBD and new.value not in (None, TBD)


def _drop_measure_fields(old: FieldValues, new: FieldValues, before: KeyResult, after: KeyResult) -> None:
    """Another measure is one change, whatever keys it has; metric and change are one, told apart by their keys."""
    if is_same_measure_kind(before, after):
        old.pop("measure"), new.pop("measure")
        return
    dropped = {*measure_fields(before, after), *RANGE_FIELDS}
    for says in (old, new):
        for name in [name for name in says if name in dropped or name.startswith("milestones.")]:
            says.pop(name)


def _compare_entry(
    name: str, old: FieldValue | None, new: FieldValue | None, before: Node, after: Node
) -> Iterator[Change]:
    """A reading, or a piece of work: that it came or went, else what it now says."""
    if old is None or new is None:
        known = new or old
        assert known is not None
        there = known if new else FieldValue(None, None, (*after.route, name.partition(".")[0]))
        yield _field_change(name, old.shown if old else None, there, None, before, after)
    elif old.value != new.value:
        if old.shown != new.shown and not _has_same_number(old, new):
            yield _field_change(name, old.shown, new, None, before, after)
        for key in sorted(set(old.value) & set(new.value) - {"value", "title"}) if isinstance(old.value, dict) else ():
            if old.value[key] != new.value[key] and new.value[key] != new.shown:
                part = FieldValue(None, new.value[key], new.route)
                yield _field_change(f"{name}.{key}", old.value[key], part, None, before, after)


def _has_same_number(old: FieldValue, new: FieldValue) -> bool:
    """Whether only the spelling of a reading's value differs."""
    if not isinstance(old.value, dict) or "value" not in old.value:
        return False
    return bool(old.value["value"] == new.value["value"] is not None)


def _compare_milestones(old: FieldValues, new: FieldValues, before: Node, after: Node) -> Iterator[Change]:
    """Steps by their names; one that stands in the place of another with a new name was reworded."""
    gone = {name: old.pop(name) for name in list(old) if name.startswith("milestones.")}
    here = {name: new.pop(name) for name in list(new) if name.startswith("milestones.")}
    same = {name: name for name in here if name in gone}
    for name in here.keys() - gone.keys():
        place = here[name].route[-1]
        twin = next((one for one in gone if one not in here and gone[one].route[-1] == place), None)
        if twin and len(gone) == len(here):
            same[name] = twin
    for name, part in here.items():
        if name in same:
            yield from _compare_milestone(same[name], gone[same[name]], part, before, after)
        else:
            yield _field_change(name, None, part, None if part.value.done else "tightened", before, after)
    for name, part in gone.items():
        if name not in same.values():
            left = FieldValue(None, None, (*after.route, "milestones"))
            yield _field_change(name, part.shown, left, None if part.value.done else "relaxed", before, after)


def _compare_milestone(name: str, old: FieldValue, new: FieldValue, before: Node, after: Node) -> Iterator[Change]:
    if " ".join(old.shown.split()) != " ".join(new.shown.split()):
        yield _field_change(name, old.shown, new, "neutral", before, after)
    if old.value.weight != new.value.weight:
        shown = FieldValue(None, new.value.weight, (*new.route, "weight"))
        yield _field_change(f"{name}.weight", old.value.weight, shown, "neutral", before, after)
    if old.value.done != new.value.done:
        yield _field_change(
            f"{name}.done", old.value.done, FieldValue(None, new.value.done, (*new.route, "done")), None, before, after
        )


def _compare_settings(old: Config, new: Workspace) -> Iterator[Change]:
    """Settings that change how scores come about."""
    if new.settings is None:
        return
    for section in SCORING_SECTIONS:
        was, now = getattr(old, section), getattr(new.config, section)
        for name in type(now).model_fields:
            one, other = getattr(was, name), getattr(now, name)
            if one != other:
                route = (section, name)
                ref, field = new.settings.path, f"{section}.{name}"
                yield Change(ref, "changed", field, one, other, None, new.settings, route)
