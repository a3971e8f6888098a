"""Merges three trees of data: what only one side changed is taken, what both changed differently is a conflict."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from okrctl.merge.trees import Atom, Shape, Table, Tree, is_same

Choice = Literal["same", "ours", "theirs", "conflict", "join"]
Side = Literal["ours", "theirs"]
Path = tuple[str, ...]
NOT_SPLIT = "milestones"  # a list of its own inside the keys of a measure


@dataclass
class Decision:
    """What becomes of one value: that of one side, both joined (with `children`), or a conflict with its reason.

    The children of a list are in their final order. A conflict without a reason is one of two values.
    """

    choice: Choice
    path: Path
    base: Tree | None
    ours: Tree | None
    theirs: Tree | None
    children: dict[str, Decision] = field(default_factory=dict)
    reason: str = ""

    def conflicts(self) -> Iterator[Decision]:
        """Every conflict at or below this value, in order."""
        if self.choice == "conflict":
            yield self
        for child in self.children.values():
            yield from child.conflicts()

    def resolve(self, side: Side) -> Tree | None:
        """The merged value, with one side's version of everything in conflict."""
        if self.choice == "join":
            assert isinstance(self.ours, Table) and isinstance(self.theirs, Table)
            found = ((name, child.resolve(side)) for name, child in self.children.items())
            children = {name: tree for name, tree in found if tree is not None}
            is_bare = self.ours.is_bare or self.theirs.is_bare
            return Table(self.ours.shape, children, {**self.theirs.steps, **self.ours.steps}, is_bare)
        if self.choice == "conflict":
            return self.ours if side == "ours" else self.theirs
        return self.theirs if self.choice == "theirs" else self.ours

    def at(self, path: Path) -> Decision:
        """The decision about the value at a path, or about the nearest one above."""
        if path and path[0] in self.children:
            return self.children[path[0]].at(path[1:])
        return self


class ThreeWayMerge:
    """One merge; `contested` are values that are a conflict in any case if the sides differ, with the reason."""

    def __init__(self, contested: Mapping[Path, str] | None = None) -> None:
        self.contested = contested or {}

    def merge(self, base: Tree | None, ours: Tree | None, theirs: Tree | None, path: Path = ()) -> Decision:
        """Decide about a value and everything in it."""
        if path in self.contested and not is_same(ours, theirs):
            return self._contest(base, ours, theirs, path)
        if _choose(base, ours, theirs) == "conflict":
            ours, theirs = _as_empty_list(ours, theirs, base), _as_empty_list(theirs, ours, base)
        if isinstance(ours, Table) and isinstance(theirs, Table) and ours.shape is theirs.shape:
            base_table = base if isinstance(base, Table) and base.shape is ours.shape else None
            return self._join(base_table, ours, theirs, path)
        choice = _choose(base, ours, theirs)
        is_above_contested = any(place[: len(path)] == path for place in self.contested)
        if choice != "same" and is_above_contested:
            return self._contest(base, ours, theirs, path)
        return Decision(choice, path, base, ours, theirs)

    def _contest(self, base: Tree | None, ours: Tree | None, theirs: Tree | None, path: Path) -> Decision:
        reason = next(reason for place, reason in self.contested.items() if place[: len(path)] == path)
        return Decision("conflict", path, base, ours, theirs, reason=reason)

    def _join(self, base: Table | None, ours: Table, theirs: Table, path: Path) -> Decision:
        decision = Decision("join", path, base, ours, theirs)
        names = [*dict.fromkeys((*ours.children, *theirs.children, *(base.children if base else ())))]
        found = {name: self._merge_child(base, ours, theirs, name, path) for name in names}
        if ours.shape.form == "mapping":
            self._settle_groups(found, ours.shape)
            self._settle_sums(found)
        if ours.shape.form in ("list", "set"):
            names = _order(base, ours, theirs, found)
        decision.children = {name: found[name] for name in names}
        return decision

    def _merge_child(self, base: Table | None, ours: Table, theirs: Table, name: str, path: Path) -> Decision:
        of_base = base.children.get(name) if base else None
        return self.merge(of_base, ours.children.get(name), theirs.children.get(name), (*path, name))

    def _settle_groups(self, found: dict[str, Decision], shape: Shape) -> None:
        """Where both sides changed the keys of one value differently, every key that differs is in conflict."""
        for group in shape.groups:
            decisions = [
                decision
                for name, decision in found.items()
                if name in group and not (name == NOT_SPLIT and decision.choice == "join")
            ]
            choices = {decision.choice for decision in decisions}
            if "conflict" in choices or {"ours", "theirs"} <= choices:
                for decision in decisions:
                    if not is_same(decision.ours, decision.theirs):
                        decision.choice = "conflict"

    def _settle_sums(self, found: dict[str, Decision]) -> None:
        """Equal new readings of a sum are a conflict: one reading that both entered, or two of the same size."""
        aggregate, readings = found.get("aggregate"), found.get("readings")
        sides = (aggregate.ours, aggregate.theirs) if aggregate else ()
        if readings is None or not any(isinstance(side, Atom) and side.value == "sum" for side in sides):
            return
        for reading in readings.children.values():
            if reading.choice == "join" and reading.base is None:
                value = reading.children.get("value")
                if value is not None and value.choice == "same":
                    reading.choice, reading.children, reading.reason = "conflict", {}, "sum"


def _choose(base: Tree | None, ours: Tree | None, theirs: Tree | None) -> Choice:
    if is_same(ours, theirs):
        return "same"
    if is_same(ours, base):
        return "theirs"
    return "ours" if is_same(theirs, base) else "conflict"


def _as_empty_list(tree: Tree | None, other: Tree | None, base: Tree | None) -> Tree | None:
    """A list that a side removed, as an empty one: its elements are removed one by one."""
    is_removed = tree is None or (isinstance(tree, Atom) and tree.value is None)
    if is_removed and isinstance(other, Table) and isinstance(base, Table) and other.shape is base.shape:
        return Table(other.shape, {}, {}) if other.shape.form in ("list", "set", "dated") else tree
    return tree


def _order(base: Table | None, ours: Table, theirs: Table, found: Mapping[str, Decision]) -> list[str]:
    """The order of a merged list: that of the side that changed the order, new elements at their place by name."""
    known = list(base.children) if base else []
    sides = [list(ours.children), list(theirs.children)]
    backbone = _backbone(known, *sides)
    gaps: dict[str, list[list[str]]] = {}
    placed: set[str] = set()
    for side in sides:
        anchor = ""
        for name in side:
            if name in backbone:
                anchor = name
            else:
                gaps.setdefault(anchor, [[], []])[side is sides[1]].append(name)
    result: list[str] = []
    for anchor in ("", *backbone):
        result += [anchor] if anchor else []
        new = [name for name in _join_gap(*gaps.get(anchor, ([], []))) if name not in placed]
        placed.update(new)
        result += new
    return result + [name for name in found if name not in result]


def _backbone(known: Sequence[str], ours: Sequence[str], theirs: Sequence[str]) -> list[str]:
    """The elements of the base that a side still has, in the order of the side that moved some."""
    both = [name for name in known if name in ours and name in theirs]
    our_order, their_order = ([name for name in side if name in both] for side in (ours, theirs))
    order = their_order if our_order == both else our_order if their_order == both else min(our_order, their_order)
    for side in (ours, theirs):
        _add_known(order, known, side)
    return order


def _add_known(order: list[str], known: Sequence[str], side: Sequence[str]) -> None:
    """Put the elements of the base that only this side still has behind the one that they follow there."""
    for number, name in enumerate(side):
        if name in known and name not in order:
            before = [other for other in side[:number] if other in order]
            order.insert(order.index(before[-1]) + 1 if before else 0, name)


def _join_gap(ours: list[str], theirs: list[str]) -> list[str]:
    """The new elements at one place: those of one side in its order, those of both by name."""
    if not theirs or ours == theirs:
        return ours
    return theirs if not ours else sorted({*ours, *theirs})
