"""Puts keys into mappings and takes them out, in block and in flow style."""

from __future__ import annotations

import re

from okrctl.values.diagnostic import Route
from okrctl.yaml_edit import key_order, scalars
from okrctl.yaml_edit.scalars import Value
from okrctl.yaml_edit.source_map import Pair, SourceMap, Splice

ALIGNED_NEIGHBOURS = 3  # pairs on each side whose alignment a new one follows
_COMMA = re.compile(r"[ \t]*,")
_END_OF_LINE = re.compile(r"[ \t]*(?:#[^\r\n]*)?(?=\r\n|[\r\n])")


def insert(layout: SourceMap, route: Route, name: str, value: Value, place: int | None = None) -> list[Splice]:
    """Put a new key into the mapping at `route`, behind its first `place` keys (default: where it belongs)."""
    node = layout.node(route)
    names = layout.document.keys(route)
    if place is None:
        place = key_order.insertion_index(names, name, route)
    first = max(0, place - ALIGNED_NEIGHBOURS)
    pairs = [layout.pair((*route, other)) for other in names[first : place + ALIGNED_NEIGHBOURS]]
    if node is not None and (node.is_flow or not pairs):
        text = f"{scalars.format_scalar(name, flow=True)}: {scalars.format_flow(value)}"
        return _insert_into_flow(layout, route, pairs, place - first, text)
    return _insert_into_block(layout, route, pairs, place - first, name, value)


def fill_blank(layout: SourceMap, route: Route, name: str, value: Value) -> list[Splice]:
    """Make a first pair, in block style, the value of a key that is blank or an empty mapping in brackets."""
    pair = layout.pair(route)
    indent = layout.column(pair.start)
    in_flow = route[-1] in scalars.ONE_LINE_KEYS
    lines = scalars.format_mapping({name: value}, indent + layout.indent_width, layout.indent_width, in_flow=in_flow)
    new = layout.splice_at_line_end(layout.line_end(pair.end), lines)
    return [new] if pair.value is None else [Splice(pair.colon, pair.end, ""), new]


def remove(layout: SourceMap, route: Route) -> list[Splice]:
    """Take out the pair whose value is at `route`, with its lines where it has them for itself."""
    above = route[:-1]
    names = layout.document.keys(above)
    place = names.index(str(route[-1]))
    first = max(0, place - 1)
    pairs = [layout.pair((*above, other)) for other in names[first : place + 2]]
    pair = pairs[place - first]
    node = layout.node(above)
    if node is not None and node.is_flow:
        return remove_part(layout, [(one.start, one.end) for one in pairs], place - first)
    if layout.is_first_on_line(pair.start):
        return [remove_lines(layout, pair.start, layout.node_end(route))]
    return [Splice(pair.start, pair.end if pair is pairs[-1] else pairs[-1].start, "")]


def remove_lines(layout: SourceMap, start: int, end: int) -> Splice:
    """The lines of a stretch, with the break behind them, or before them at the end of the text."""
    first, last = layout.line_start(start), layout.line_end(end)
    after = layout.text[last : last + 2]
    if after:
        return Splice(first, last + (2 if after == "\r\n" else 1), "")
    before = layout.text[:first]
    return Splice(first - (2 if before.endswith("\r\n") else 1 if before else 0), last, "")


def _insert_into_block(
    layout: SourceMap, route: Route, pairs: list[Pair], place: int, name: str, value: Value
) -> list[Splice]:
    indent = layout.column(pairs[0].start)
    if route and route[-1] in scalars.ONE_LINE_KEYS:
        text = scalars.format_inline(value)
        lines = [
            f"{' ' * indent}{scalars.format_scalar(name, flow=False)}:{_value_gap(layout, pairs, name, text)}{text}"
        ]
    else:
        text = value if isinstance(value, str) else ""
        lines = scalars.format_entry(name, value, indent, layout.indent_width, _value_gap(layout, pairs, name, text))
    if place:
        return layout.splices_below((*route, pairs[place - 1].name), lines)
    first = pairs[0].start
    broken = layout.newline
    if not layout.is_first_on_line(first):
        return [Splice(first, first, broken.join(lines).lstrip(" ") + broken + " " * indent)]
    above = layout.line_above(first, indent)
    return [Splice(above, above, "".join(line + broken for line in lines))]


def _value_gap(layout: SourceMap, pairs: list[Pair], name: str, text: str) -> str:
    """What stands between the colon and the value, so that aligned values stay aligned."""
    beside = [pair for pair in pairs if pair.value is not None and layout.is_same_line(pair.colon, pair.value)]
    gaps = {layout.text[pair.colon : pair.value] for pair in beside}
    if len(gaps) == 1 and len({len(pair.name) for pair in beside}) == 1 and len(name) == len(beside[0].name):
        gap = gaps.pop()
        return gap if gap.isspace() else " "
    behind = layout.column(pairs[0].start) + len(name) + 1
    starts = {layout.column(pair.value) for pair in beside if pair.value is not None}
    ends = {layout.column(pair.end) for pair in beside if layout.is_same_line(pair.colon, pair.end)}
    if len(beside) > 1 and len(starts) == 1:
        return " " * max(1, starts.pop() - behind)
    if len(beside) > 1 and len(ends) == 1:
        return " " * max(1, ends.pop() - behind - len(text))
    return " "


def _insert_into_flow(layout: SourceMap, route: Route, pairs: list[Pair], place: int, text: str) -> list[Splice]:
    node = layout.node(route)
    assert node is not None
    if not pairs:
        inside = layout.text[node.start + 1 : node.end - 1]
        return [Splice(node.start + 1, node.end - 1 if not inside.strip() else node.start + 1, text)]
    return insert_part(layout, [(pair.start, pair.end) for pair in pairs], place, text)


def insert_part(layout: SourceMap, parts: list[tuple[int, int]], place: int, text: str) -> list[Splice]:
    """Put `text` behind the first `place` of the parts of a collection in brackets."""
    if place == 0:
        start = parts[0][0]
        own_line = layout.is_first_on_line(start)
        behind = layout.newline + layout.text[layout.line_start(start) : start] if own_line else " "
        return [Splice(start, start, f"{text},{behind}")]
    start, end = parts[place - 1]
    if not layout.is_first_on_line(start):
        return [Splice(end, end, f", {text}")]
    line = layout.newline + layout.text[layout.line_start(start) : start] + text
    comma = _COMMA.match(layout.text, end)
    after = comma.end() if comma else end
    rest = _END_OF_LINE.match(layout.text, after)
    if rest is None:  # something else stands on the line
        return [Splice(end, end, f", {text}")]
    if comma:
        return [Splice(rest.end(), rest.end(), line + ",")]
    if rest.end() == after:
        return [Splice(end, end, "," + line)]
    return [Splice(end, end, ","), Splice(rest.end(), rest.end(), line)]


def remove_part(layout: SourceMap, parts: list[tuple[int, int]], place: int) -> list[Splice]:
    """Take a part out of a collection in brackets, with one of the commas beside it."""
    start, end = parts[place]
    if place + 1 < len(parts):
        return [Splice(start, parts[place + 1][0], "")]
    if place:
        return [Splice(parts[place - 1][1], end, "")]
    comma = _COMMA.match(layout.text, end)
    return [Splice(start, comma.end() if comma else end, "")]
