"""Adds keys to mappings and removes them, in block and flow style."""

from __future__ import annotations

import re
from collections.abc import Sequence

from okrctl.measures import FIELD_KEYS
from okrctl.values import period
from okrctl.values.diagnostic import Route
from okrctl.yaml_edit import scalars
from okrctl.yaml_edit.scalars import Value
from okrctl.yaml_edit.source_map import Pair, SourceMap, Splice

ALIGNED_NEIGHBOURS = 3  # pairs on each side whose alignment a new pair follows
_COMMA = re.compile(r"[ \t]*,")
_END_OF_LINE = re.compile(r"[ \t]*(?:#[^\r\n]*)?(?=\r\n|[\r\n])")

# The order of keys in the format documentation.
_OBJECTIVE = """
    id title owner contributors ambition why description parent kpis hypothesis weight state reason since added outcome
    score retrospective carried_from formerly links tags readings key_results initiatives
"""
_KEY_RESULT = f"""
    id title owner description ambition priority {" ".join(FIELD_KEYS)} unit
    stretch plan guards aggregate kpi rollup source due cadence weight state reason since added score formerly links
    tags amended readings
"""
_KPI = """
    id title owner team why description better between indicator unit cadence aggregate watch target formula source
    formerly links tags readings
"""
READING_ORDER = ("value", "confidence", "forecast", "note", "source")
_MILESTONE = "title id weight due done"
_TOP = "period team objectives kpis"
KEY_ORDERS = {
    "objectives": tuple(_OBJECTIVE.split()),
    "key_results": tuple(_KEY_RESULT.split()),
    "kpis": tuple(_KPI.split()),
    "milestones": tuple(_MILESTONE.split()),
    "amended": ("date", "by", "reason", "was"),
    "": tuple(_TOP.split()),
}


def insert(layout: SourceMap, route: Route, name: str, value: Value, index: int | None = None) -> list[Splice]:
    """Add a key to the mapping at a route, at an index (default: in the order of the format documentation)."""
    node = layout.node(route)
    names = layout.document.keys(route)
    if index is None:
        index = insertion_index(names, name, route)
    first = max(0, index - ALIGNED_NEIGHBOURS)
    pairs = [layout.pair((*route, other)) for other in names[first : index + ALIGNED_NEIGHBOURS]]
    if node is not None and (node.is_flow or not pairs):
        text = f"{scalars.format_scalar(name, flow=True)}: {scalars.format_flow(value)}"
        return _insert_into_flow(layout, route, pairs, index - first, text)
    return _insert_into_block(layout, route, pairs, index - first, name, value)


def fill_blank(layout: SourceMap, route: Route, name: str, value: Value) -> list[Splice]:
    """Replace a blank value or empty brackets by a block mapping with one key."""
    pair = layout.pair(route)
    indent = layout.column(pair.start)
    in_flow = route[-1] in scalars.ONE_LINE_KEYS
    lines = scalars.format_mapping({name: value}, indent + layout.indent_width, layout.indent_width, in_flow=in_flow)
    new = layout.splice_at_line_end(layout.line_end(pair.end), lines)
    return [new] if pair.value is None else [Splice(pair.colon, pair.end, ""), new]


def remove(layout: SourceMap, route: Route) -> list[Splice]:
    """Remove the key at a route, with its lines if nothing else is on them."""
    above = route[:-1]
    names = layout.document.keys(above)
    index = names.index(str(route[-1]))
    first = max(0, index - 1)
    pairs = [layout.pair((*above, other)) for other in names[first : index + 2]]
    pair = pairs[index - first]
    node = layout.node(above)
    if node is not None and node.is_flow:
        return remove_part(layout, [(pair.start, pair.end) for pair in pairs], index - first)
    if layout.is_first_on_line(pair.start):
        return [remove_lines(layout, pair.start, layout.node_end(route))]
    return [Splice(pair.start, pair.end if pair is pairs[-1] else pairs[-1].start, "")]


def remove_lines(layout: SourceMap, start: int, end: int) -> Splice:
    """Remove all lines of a range with the line break after them, or before them at the end of the text."""
    first, last = layout.line_start(start), layout.line_end(end)
    after = layout.text[last : last + 2]
    if after:
        return Splice(first, last + (2 if after == "\r\n" else 1), "")
    before = layout.text[:first]
    return Splice(first - (2 if before.endswith("\r\n") else 1 if before else 0), last, "")


def _insert_into_block(
    layout: SourceMap, route: Route, pairs: list[Pair], index: int, name: str, value: Value
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
    if index:
        return layout.splices_below((*route, pairs[index - 1].name), lines)
    first = pairs[0].start
    broken = layout.newline
    if not layout.is_first_on_line(first):
        return [Splice(first, first, broken.join(lines).lstrip(" ") + broken + " " * indent)]
    above = layout.line_above(first, indent)
    return [Splice(above, above, "".join(line + broken for line in lines))]


def _value_gap(layout: SourceMap, pairs: list[Pair], name: str, text: str) -> str:
    """The blanks between the colon and a new value, so that aligned values stay aligned."""
    neighbours = [pair for pair in pairs if pair.value is not None and layout.is_same_line(pair.colon, pair.value)]
    gaps = {layout.text[pair.colon : pair.value] for pair in neighbours}
    name_lengths = {len(pair.name) for pair in neighbours}
    if len(gaps) == 1 and name_lengths == {len(name)}:
        gap = gaps.pop()
        return gap if gap.isspace() else " "
    return " " * max(1, _aligned_gap(layout, neighbours, layout.column(pairs[0].start) + len(name) + 1, len(text)))


def _aligned_gap(layout: SourceMap, neighbours: list[Pair], column: int, length: int) -> int:
    """The blanks before a value of some length after a column, if the starts or the ends of its neighbours align."""
    if len(neighbours) < 2:
        return 1
    starts = {layout.column(pair.value) for pair in neighbours if pair.value is not None}
    if len(starts) == 1:
        return starts.pop() - column
    ends = {layout.column(pair.end) for pair in neighbours if layout.is_same_line(pair.colon, pair.end)}
    return ends.pop() - column - length if len(ends) == 1 else 1


def _insert_into_flow(layout: SourceMap, route: Route, pairs: list[Pair], index: int, text: str) -> list[Splice]:
    node = layout.node(route)
    assert node is not None
    if not pairs:
        inside = layout.text[node.start + 1 : node.end - 1]
        return [Splice(node.start + 1, node.end - 1 if not inside.strip() else node.start + 1, text)]
    return insert_part(layout, [(pair.start, pair.end) for pair in pairs], index, text)


def insert_part(layout: SourceMap, parts: list[tuple[int, int]], index: int, text: str) -> list[Splice]:
    """Add `text` to a collection in brackets, after its first `index` parts."""
    if index == 0:
        start = parts[0][0]
        own_line = layout.is_first_on_line(start)
        behind = layout.newline + layout.text[layout.line_start(start) : start] if own_line else " "
        return [Splice(start, start, f"{text},{behind}")]
    start, end = parts[index - 1]
    if not layout.is_first_on_line(start):
        return [Splice(end, end, f", {text}")]
    line = layout.newline + layout.text[layout.line_start(start) : start] + text
    comma = _COMMA.match(layout.text, end)
    after = comma.end() if comma else end
    rest = _END_OF_LINE.match(layout.text, after)
    if rest is None:  # something else is on the line
        return [Splice(end, end, f", {text}")]
    if comma:
        return [Splice(rest.end(), rest.end(), line + ",")]
    if rest.end() == after:
        return [Splice(end, end, "," + line)]
    return [Splice(end, end, ","), Splice(rest.end(), rest.end(), line)]


def remove_part(layout: SourceMap, parts: list[tuple[int, int]], index: int) -> list[Splice]:
    """Remove a part of a collection in brackets with one comma next to it."""
    start, end = parts[index]
    if index + 1 < len(parts):
        return [Splice(start, parts[index + 1][0], "")]
    if index:
        return [Splice(parts[index - 1][1], end, "")]
    comma = _COMMA.match(layout.text, end)
    return [Splice(start, comma.end() if comma else end, "")]


def insertion_index(names: Sequence[str], name: str, route: Route) -> int:
    """The index of a new key among the keys of the mapping at a route.

    Readings and plans are in order of date, all other keys in the order of the format documentation.
    """
    if route and route[-1] in scalars.ONE_LINE_KEYS:
        return _index_after_lower([_day_ordinal(known) for known in names], _day_ordinal(name))
    order = _key_order(route)
    if name not in order:
        return len(names)
    return _index_after_lower([order.index(known) if known in order else None for known in names], order.index(name))


def _key_order(route: Route) -> tuple[str, ...]:
    """The order of the keys in the mapping at a route, empty if it has none."""
    if len(route) > 1 and route[-2] in scalars.ONE_LINE_KEYS:
        return READING_ORDER
    if not route:
        return KEY_ORDERS[""]
    if not isinstance(route[-1], int):
        return ()
    names = [part for part in route if isinstance(part, str)]
    return KEY_ORDERS.get(names[-1] if names else "", ())


def _index_after_lower(ranks: Sequence[int | None], rank: int | None) -> int:
    """The index after the highest lower rank; the end if the rank or all ranks are unknown."""
    if rank is None:
        return len(ranks)
    lower = [(known, index) for index, known in enumerate(ranks) if known is not None and known < rank]
    if lower:
        return max(lower)[1] + 1
    return 0 if any(known is not None for known in ranks) else len(ranks)


def _day_ordinal(text: str) -> int | None:
    try:
        return period.parse_reading_day(text).toordinal()
    except period.PeriodError:
        return None
