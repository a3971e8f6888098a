"""Adds elements to lists and removes them, in block and flow style."""

from __future__ import annotations

from okrctl.values.diagnostic import Route
from okrctl.yaml_edit import mappings, scalars
from okrctl.yaml_edit.scalars import Value
from okrctl.yaml_edit.source_map import SourceMap, Splice


def append(layout: SourceMap, route: Route, value: Value) -> list[Splice]:
    """Append an element to the list at a route."""
    node = layout.node(route)
    assert node is not None
    count = layout.item_count(route)
    if node.is_flow:
        if not count:
            inside = layout.text[node.start + 1 : node.end - 1]
            end = node.end - 1 if not inside.strip() else node.start + 1
            return [Splice(node.start + 1, end, scalars.format_flow(value))]
        return mappings.insert_part(layout, _item_spans(layout, route, count), count, scalars.format_flow(value))
    indent = layout.column(node.start)
    last = layout.node((*route, count - 1))
    gap = layout.column(last.start) - indent - 1 if last and _is_beside_dash(layout, last.start, indent) else 1
    return layout.splices_below((*route, count - 1), scalars.format_item(value, indent, layout.indent_width, gap))


def fill_blank(layout: SourceMap, route: Route, value: Value) -> list[Splice]:
    """Replace a blank value or empty brackets by a block sequence with one element."""
    pair = layout.pair(route)
    indent = layout.column(pair.start) + layout.indent_width
    new = layout.splice_at_line_end(layout.line_end(pair.end), scalars.format_item(value, indent, layout.indent_width))
    return [new] if pair.value is None else [Splice(pair.colon, pair.end, ""), new]


def remove(layout: SourceMap, route: Route, index: int) -> list[Splice]:
    """Remove an element of the list at a route, with its lines in block style."""
    node = layout.node(route)
    element = layout.node((*route, index))
    assert node is not None and element is not None
    if node.is_flow:
        return mappings.remove_part(layout, _item_spans(layout, route, layout.item_count(route)), index)
    dash = _dash_offset(layout, element.start, layout.column(node.start))
    return [mappings.remove_lines(layout, dash, layout.node_end((*route, index)))]


def _item_spans(layout: SourceMap, route: Route, count: int) -> list[tuple[int, int]]:
    nodes = [layout.node((*route, number)) for number in range(count)]
    return [(node.start, node.end) for node in nodes if node is not None]


def _dash_offset(layout: SourceMap, start: int, column: int) -> int:
    """The offset of the dash of an element, which is on its first line or above it."""
    line = layout.line_start(start)
    while line and not (layout.text.startswith("-", line + column) and not layout.text[line : line + column].strip()):
        line = layout.line_start(line - 1)
    return line + column


def _is_beside_dash(layout: SourceMap, start: int, column: int) -> bool:
    dash = layout.line_start(start) + column
    return layout.text.startswith("-", dash) and layout.text[dash + 1 : start].isspace()
