"""Says which values are in conflict: the goal, the value, what each side has, and what may be done."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, Literal

from okrctl.merge.three_way import Decision, Path
from okrctl.merge.trees import Table, Tree, iterate_tables, raw_data
from okrctl.schema.settings import COMPANY

ConflictKind = Literal["value", "removed", "moved", "sum", "graph", "text"]
GOAL_LISTS = ("objectives", "key_results", "kpis")
MAX_LENGTH = 60


@dataclass(frozen=True, slots=True)
class Conflict:
    """One value that a person must decide.

    `ref` is the goal (or the file, where it is none), `field` the value in it, empty for the goal itself. `base`,
    `ours` and `theirs` are plain data, None for nothing. `sides` says what each side did where one removed or moved
    something, `reason` why two versions that could be joined contradict each other.
    """

    path: str
    ref: str
    field: str
    kind: ConflictKind
    base: Any = None
    ours: Any = None
    theirs: Any = None
    sides: tuple[str, str] = ("", "")
    reason: str = ""
    value_path: Path = ()

    def describe(self, labels: tuple[str, str]) -> str:
        """The conflict in words; `labels` name the two sides."""
        what = f"{self.ref}: {self.field}" if self.field else self.ref
        match self.kind:
            case "removed" | "moved":
                return f"{what} is {self.sides[0]} in {labels[0]} and {self.sides[1]} in {labels[1]}"
            case "sum":
                return f"{what}: {show(self.ours)} is new in {labels[0]} and in {labels[1]}; one reading, or two?"
            case "text":
                return f"{what}: {self.reason}"
        values = f"{what} is {show(self.ours)} in {labels[0]} and {show(self.theirs)} in {labels[1]}"
        return f"{values}; together: {self.reason}" if self.reason else values


def show(data: Any) -> str:
    """A value on one line, as short as a message needs."""
    if data is None:
        return "missing"
    if isinstance(data, dict) and "title" in data:
        data = data["title"]
    text = data if isinstance(data, str) else json.dumps(data, ensure_ascii=False).replace('"', "")
    line = " ".join(text.split())
    return line if len(line) <= MAX_LENGTH else line[: MAX_LENGTH - 1] + "…"


def list_conflicts(path: str, decision: Decision) -> Iterator[Conflict]:
    """The conflicts of a merged file; the keys of one value (a measure, a state) are one conflict."""
    found: dict[tuple[Path, frozenset[str]], Conflict] = {}
    for conflicting in decision.conflicts():
        conflict = _conflict(path, decision, conflicting)
        group = _group_of(decision, conflicting.path)
        key = (conflicting.path[:-1], group) if group else (conflicting.path, group)
        found[key] = _join(found[key], conflict) if key in found else conflict
    yield from found.values()


def _group_of(root: Decision, path: Path) -> frozenset[str]:
    above = root.at(path[:-1])
    groups = above.ours.shape.groups if isinstance(above.ours, Table) else ()
    return next((group for group in groups if path[-1] in group), frozenset())


def _join(first: Conflict, second: Conflict) -> Conflict:
    def both(old: Any, new: Any) -> dict[str, Any]:
        old = old if first.field.count(",") else {first.field: old}
        return {key: value for key, value in {**old, second.field: new}.items() if value is not None}

    return replace(
        first,
        field=f"{first.field}, {second.field}",
        kind="value",
        base=both(first.base, second.base),
        ours=both(first.ours, second.ours),
        theirs=both(first.theirs, second.theirs),
    )


def _conflict(path: str, root: Decision, found: Decision) -> Conflict:
    base, ours, theirs = (raw_data(tree) for tree in (found.base, found.ours, found.theirs))
    ref, field = _name(path, root, found.path)
    conflict = Conflict(path, ref, field, "value", base, ours, theirs, reason=found.reason, value_path=found.path)
    if found.reason == "sum":
        return replace(conflict, kind="sum", reason="")
    if found.reason:
        return replace(conflict, kind="graph")
    above = root.at(found.path[:-1]).ours
    is_entry = len(found.path) > 1 and isinstance(above, Table) and above.shape.form in ("list", "dated")
    return _removal(root, found, conflict) if is_entry and None in (ours, theirs) else conflict


def _removal(root: Decision, found: Decision, conflict: Conflict) -> Conflict:
    """A conflict of an entry that one side removed or moved."""
    places = [_place_name(root, _new_place(side, found)) for side in (root.ours, root.theirs)]
    sides = [
        "changed" if data is not None else f"moved to {place}" if place else "removed"
        for data, place in zip((conflict.ours, conflict.theirs), places, strict=True)
    ]
    return replace(conflict, kind="moved" if any(places) else "removed", sides=(sides[0], sides[1]))


def contested_moves(root: Decision) -> dict[Path, str]:
    """The new places of goals that one side moved, and the other one removed or moved elsewhere, each with a reason."""
    contested: dict[Path, str] = {}
    for gone in _absent_goals(root):
        places = [_new_place(side, gone) for side in (root.ours, root.theirs)]
        if places[0] != places[1]:
            what = "moved and removed" if None in places else "moved to two places"
            reason = f"{_place_name(root, gone.path)} was {what}"
            contested |= {place: reason for place in places if place is not None}
    return contested


def _absent_goals(decision: Decision) -> Iterator[Decision]:
    """The goals of the base that neither side has at their place."""
    for child in decision.children.values():
        if decision.path[-1:] and decision.path[-1] in GOAL_LISTS and child.choice == "same" and child.ours is None:
            yield child
        yield from _absent_goals(child)


def _new_place(side: Tree | None, found: Decision) -> Path | None:
    """The path at which a side has the goal that it no longer has here; None if it has it nowhere."""
    name = found.path[-1]
    title = (raw_data(found.base) or {}).get("title") if found.path[-2:-1] and found.path[-2] in GOAL_LISTS else None
    for path, table in iterate_tables(side) if title else ():
        is_goal = len(path) > 1 and path[-1] == name and path[-2] in GOAL_LISTS and path != found.path
        if is_goal and (raw_data(table) or {}).get("title") == title:
            return path
    return None


def _place_name(root: Decision, path: Path | None) -> str:
    return _name("", root, path)[0] if path else ""


def _name(path: str, root: Decision, value_path: Path) -> tuple[str, str]:
    """The reference of the goal of a value, and the value in words."""
    data = raw_data(root.ours) or raw_data(root.theirs) or {}
    names, rest = [], value_path
    while len(rest) > 1 and rest[0] in GOAL_LISTS:
        names.append(rest[1])
        rest = rest[2:]
    if not names:
        return path, ".".join(rest)
    ref = ".".join(names)
    if value_path[0] == "objectives":
        period = data.get("period")
        ref = f"{period.get('id') if isinstance(period, dict) else period}/{data.get('team') or COMPANY}/{ref}"
    return ref, _field(rest)


def _field(rest: Path) -> str:
    if rest[:1] == ("readings",) and len(rest) > 1:
        return " ".join(["reading of", rest[1], *(() if rest[2:] in ((), ("value",)) else rest[2:])])
    if rest[:1] == ("milestones",) and len(rest) > 1:
        return " ".join(["milestone", *rest[1:]])
    return " ".join(rest)
