"""Finds the way along a route through the tree of a text."""

from __future__ import annotations

from typing import Any, NamedTuple

from okrctl.values.diagnostic import Route
from okrctl.yaml.ast import YamlNode, is_merge_key
from okrctl.yaml.events import ALIAS, MAPPING, SEQUENCE


class PathStep(NamedTuple):
    """One step of a route: the part it leads to, that part's key, and whether an alias or a merge led there."""

    node: YamlNode
    key: YamlNode | None
    is_shared: bool


def without_list_index(data: Any, route: Route) -> Route:
    """The route to the same place where a single value stands for a list of one: without the number of that one."""
    kept: list[str | int] = []
    for part in route:
        if part == 0 and data is not None and not isinstance(data, list):
            continue
        kept.append(part)
        fits = isinstance(part, int) and isinstance(data, list) and part < len(data)
        data = data[part] if fits or (isinstance(data, dict) and part in data) else None
    return tuple(kept)


def follow_route(root: YamlNode | None, route: Route, text: str) -> tuple[list[PathStep], bool]:
    """The way along a route, and whether its last part was found."""
    if root is None:
        return [], False
    first = PathStep(root, None, root.kind == ALIAS)
    steps = [first]
    for name in route:
        child = _child_step(steps[-1], name, text)
        if child is None:
            found, complete = _follow_leniently(first, route, text)
            return [first, *found], complete
        steps.append(child)
    return steps, bool(route)


def _follow_leniently(step: PathStep, route: Route, text: str) -> tuple[list[PathStep], bool]:
    """Descend where the first part fits; skip it where it does not, or where only skipping leads to the end."""
    if not route:
        return [], False
    child = _child_step(step, route[0], text)
    if child is None:
        return _follow_leniently(step, route[1:], text)
    if len(route) == 1:
        return [child], True
    steps, complete = _follow_leniently(child, route[1:], text)
    if not complete:
        other, other_complete = _follow_leniently(step, route[1:], text)
        if other_complete and len(other) > len(steps):
            return other, True
    return [child, *steps], complete


def _child_step(step: PathStep, name: str | int, text: str) -> PathStep | None:
    part = step.node.resolved
    shared = step.is_shared or step.node.kind == ALIAS
    if part.kind == SEQUENCE and isinstance(name, int) and 0 <= name < len(part.items):
        item = part.items[name]
        return PathStep(item, None, shared or item.kind == ALIAS)
    if part.kind != MAPPING or not isinstance(name, str):
        return None
    found = part.find(name)
    if found:
        return PathStep(found[1], found[0], shared or found[1].kind == ALIAS)
    merge = part.find("<<")
    if merge is None or not is_merge_key(merge[0], text):
        return None
    sources = merge[1].resolved.items if merge[1].resolved.kind == SEQUENCE else [merge[1]]
    steps = (
        _child_step(PathStep(source, None, True), name, text) for source in sources if source.resolved.kind == MAPPING
    )
    return next((step for step in steps if step), None)
