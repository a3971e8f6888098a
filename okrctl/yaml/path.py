"""Follows a route through the tree of a text, and finds that of a place."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from okrctl.values.diagnostic import Route
from okrctl.yaml.ast import SCALAR, YamlNode, is_merge_key
from okrctl.yaml.events import ALIAS, MAPPING, SEQUENCE


class PathStep(NamedTuple):
    """One step of a route: the node it leads to, the key of that node, and whether an alias or a merge leads there."""

    node: YamlNode
    key: YamlNode | None
    is_shared: bool


def without_list_index(data: Any, route: Route) -> Route:
    """The route without the index 0 of single values that are written in place of a list of one."""
    kept: list[str | int] = []
    for part in route:
        if part == 0 and data is not None and not isinstance(data, list):
            continue
        kept.append(part)
        is_index = isinstance(part, int) and isinstance(data, list) and part < len(data)
        data = data[part] if is_index or (isinstance(data, dict) and part in data) else None
    return tuple(kept)


def follow_route(root: YamlNode | None, route: Route, text: str) -> tuple[list[PathStep], bool]:
    """The steps of a route, and whether its last part was found."""
    if root is None:
        return [], False
    first = PathStep(root, None, root.kind == ALIAS)
    steps = [first]
    for name in route:
        child = _child_step(steps[-1], name, text)
        if child is None:
            lenient_steps, complete = _follow_leniently(first, route, text)
            return [first, *lenient_steps], complete
        steps.append(child)
    return steps, bool(route)


def _follow_leniently(step: PathStep, route: Route, text: str) -> tuple[list[PathStep], bool]:
    """Follow the first part if it exists. Skip it if it does not, or if only skipping it reaches the end."""
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
    node = step.node.resolved
    is_shared = step.is_shared or step.node.kind == ALIAS
    if node.kind == SEQUENCE and isinstance(name, int) and 0 <= name < len(node.items):
        item = node.items[name]
        return PathStep(item, None, is_shared or item.kind == ALIAS)
    if node.kind != MAPPING or not isinstance(name, str):
        return None
    pair = node.find(name)
    if pair:
        return PathStep(pair[1], pair[0], is_shared or pair[1].kind == ALIAS)
    return _merged_step(node, name, text)


def _merged_step(node: YamlNode, name: str, text: str) -> PathStep | None:
    """The step to a key that a mapping takes from another one with `<<`."""
    merge = node.find("<<")
    if merge is None or not is_merge_key(merge[0], text):
        return None
    merged = merge[1].resolved
    sources = merged.items if merged.kind == SEQUENCE else [merge[1]]
    steps = (
        _child_step(PathStep(source, None, True), name, text) for source in sources if source.resolved.kind == MAPPING
    )
    return next((step for step in steps if step), None)


def scalar_route(node: YamlNode, route: Route, offset: int) -> tuple[Route, bool] | None:
    """The route of the scalar that an offset is in or at the end of, and whether it is a key; None where none is."""
    if not node.start <= offset <= node.end or node.start == node.end:
        return None
    if node.kind == SCALAR:
        return route, False
    for key, value, inner in _parts(node, route):
        if key is not None and key.kind == SCALAR and key.start <= offset <= key.end:
            return inner, True
        found = scalar_route(value, inner, offset)
        if found is not None:
            return found
    return None


def _parts(node: YamlNode, route: Route) -> Iterator[tuple[YamlNode | None, YamlNode, Route]]:
    """The key, the value and the route of each part of a collection; of an alias none, for it is written elsewhere."""
    if node.kind == MAPPING:
        for key, value in node.pairs():
            yield key, value, (*route, key.resolved.value)
    elif node.kind == SEQUENCE:
        for index, item in enumerate(node.items):
            yield None, item, (*route, index)
