"""Puts elements into lists and takes them out, in block and in flow style."""

from __future__ import annotations

from okrctl.values.diagnostic import Route
from okrctl.yaml_edit import mappings, scalars
from okrctl.yaml_edit.scalars import Value
from okrctl.yaml_edit.source_map import Layout, Splice


def append(layout: Layout, route: Route, value: Value) -> list[Splice]:
    """Put an element behind the last one of the list at `route`."""
    node = layout.node(route)
    assert node is not None
    count = layout.length(route)
    if node.flow:
        if not count:
            inside = layout.text[node.start + 1 : node.end - 1]
            end = node.end - 1 if not inside.strip() else node.start + 1
            return [Splice(node.start + 1, end, scalars.flow(value))]
        return mappings.among(layout, _parts(layout, route, count), count, scalars.flow(value))
    indent = layout.column(node.start)
    last = layout.node((*route, count - 1))
    gap = layout.column(last.start) - indent - 1 if last and _beside_dash(layout, last.start, indent) else 1
    return layout.below((*route, count - 1), scalars.item(value, indent, layout.step, gap))


def fill(layout: Layout, route: Route, value: Value) -> list[Splice]:
    """Make a first element, in block style, the value of a key that is blank or an empty list in brackets."""
    pair = layout.pair(route)
    indent = layout.column(pair.start) + layout.step
    new = layout.at_line_end(layout.line_end(pair.end), scalars.item(value, indent, layout.step))
    return [new] if pair.value is None else [Splice(pair.colon, pair.end, ""), new]


def remove(layout: Layout, route: Route, place: int) -> list[Splice]:
    """Take out the element number `place` of the list at `route`, with its lines in block style."""
    node = layout.node(route)
    element = layout.node((*route, place))
    assert node is not None and element is not None
    if node.flow:
        return mappings.without(layout, _parts(layout, route, layout.length(route)), place)
    dash = _dash(layout, element.start, layout.column(node.start))
    return [mappings.whole_lines(layout, dash, layout.end((*route, place)))]


def _parts(layout: Layout, route: Route, count: int) -> list[tuple[int, int]]:
    nodes = [layout.node((*route, number)) for number in range(count)]
    return [(node.start, node.end) for node in nodes if node is not None]


def _dash(layout: Layout, start: int, column: int) -> int:
    """Where the dash of an element stands: on its first line, or above it."""
    line = layout.line_start(start)
    while line and not (layout.text.startswith("-", line + column) and not layout.text[line : line + column].strip()):
        line = layout.line_start(line - 1)
    return line + column


def _beside_dash(layout: Layout, start: int, column: int) -> bool:
    dash = layout.line_start(start) + column
    return layout.text.startswith("-", dash) and layout.text[dash + 1 : start].isspace()
