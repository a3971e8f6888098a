"""Edits values in the text of a YAML file and leaves all other bytes unchanged, or raises an error.

How an edit is made.

1. The text is parsed. A file with problems is not edited.
2. The expected data after the edit is computed from the parsed data (`expected.py`).
3. Splices are computed from the places of the nodes (`source_map.py`): replace these characters by that text. The text
   of new values is in the style of the file (`scalars.py`, `mappings.py`, `sequences.py`).
4. The new text is parsed again, and its data is compared with the expected data. If they differ, the edit is refused.

Why not simpler. Loading, changing and dumping a file loses comments, quotes, blank lines or the layout of flow
collections, even with a round-trip parser, so that a check-in of one number would change many lines. Splicing text
keeps them, but YAML has too many forms to be sure that a splice is correct. So the result is not trusted but checked:
step 4 turns every mistake of steps 2 and 3 into an error, and never into a wrong file.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import takewhile
from typing import TypeAlias

from okrctl.values.diagnostic import Route
from okrctl.values.errors import OkrctlError
from okrctl.yaml import Document, Source, parse
from okrctl.yaml.path import without_list_index
from okrctl.yaml_edit import expected, mappings, scalars, sequences
from okrctl.yaml_edit.plan import FileChange, WritePlan, build_plan
from okrctl.yaml_edit.scalars import Prose, Value
from okrctl.yaml_edit.source_map import SourceMap, Splice, apply_splices

__all__ = [
    "AppendValue",
    "Edit",
    "EditError",
    "FileChange",
    "Prose",
    "RemoveValue",
    "SetValue",
    "Value",
    "WritePlan",
    "build_plan",
    "edit",
]


@dataclass(frozen=True, slots=True)
class SetValue:
    """Set the value at a route; missing keys are added in the order of the format documentation.

    A reading is `SetValue((*route, "readings", "2026-04-20"), "4100")`, or with a mapping as its value. `after` names
    the key after which a new key is added instead.
    """

    route: Route
    value: Value
    after: str | None = None


@dataclass(frozen=True, slots=True)
class AppendValue:
    """Append an element to the list at a route, in the style of the list; a missing list is created."""

    route: Route
    value: Value


@dataclass(frozen=True, slots=True)
class RemoveValue:
    """Remove the key or the element at a route with its lines."""

    route: Route


Edit: TypeAlias = SetValue | AppendValue | RemoveValue


class EditError(OkrctlError):
    """An edit is not safe or not possible; the text is unchanged."""


def edit(source: Source, edits: Iterable[Edit]) -> Source:
    """Apply edits one after the other; all other bytes stay unchanged.

    Raises EditError if the new text, parsed again, does not have exactly the expected data.
    """
    document = _parse_valid(source)
    remaining = list(edits)
    while remaining:
        batch = _next_batch(document, remaining)
        try:
            document = _apply_batch(document, batch)
        except EditError:
            if len(batch) == 1:
                raise
            batch = remaining[:1]
            document = _apply_batch(document, batch)
        remaining = remaining[len(batch) :]
    return Source(source.path, document.text)


def _next_batch(document: Document, edits: Sequence[Edit]) -> list[Edit]:
    """The first edit, with those after it of the same kind that leave each other's place in the text alone.

    These are readings, in order of date, elements of one list, and new values in the place of others. A source or an
    import may bring hundreds, and parsing the text for each of them takes time.
    """
    kind = _batch_kind(document, edits[0])
    if kind is None:
        return list(edits[:1])
    batch = list(takewhile(lambda change: _batch_kind(document, change) == kind, edits))
    if kind[0] == "elements":
        return batch
    by_route: dict[Route, Edit] = {}
    for change in batch:
        if change.route in by_route:
            break
        by_route[change.route] = change
    return [by_route[route] for route in sorted(by_route, key=str)]


def _batch_kind(document: Document, change: Edit) -> tuple[str, Route] | None:
    """What an edit does, and the list that it does it to; None for an edit that is applied alone."""
    route = change.route
    if isinstance(change, RemoveValue):
        return None
    if isinstance(change, AppendValue):
        return None if _has_lines(change.value) else ("elements", route)
    if len(route) > 1 and route[-2] in scalars.ONE_LINE_KEYS:
        return "readings", ()
    is_line = isinstance(change.value, str) and not _has_lines(change.value)
    return ("values", ()) if is_line and document.scalar(route) is not None else None


def _has_lines(value: Value) -> bool:
    """Whether there is a text of several lines in a value, which may end with blank ones."""
    if isinstance(value, str):
        return "\n" in value
    return any(map(_has_lines, value.values() if isinstance(value, Mapping) else value))


def _parse_valid(source: Source) -> Document:
    document = parse(source)
    if document.problems:
        problem = document.problems[0]
        raise EditError(
            f"{source.path}:{problem.span.line}: {problem.message}",
            problem.help or "fix the file first; nothing was changed",
        )
    return document


def _apply_batch(document: Document, batch: Sequence[Edit]) -> Document:
    edits = [_without_list_index(document, change) for change in batch]
    data = expected.copy_data(document.data)
    for change in edits:
        data = _expected_data(document, data, change)
    layout = SourceMap(document)
    try:
        text = apply_splices(document.text, [splice for change in edits for splice in _splices_for(layout, change)])
    except (AssertionError, LookupError, ValueError, StopIteration) as error:
        raise _unsafe_edit_error(document, edits[0]) from error
    result = parse(Source(document.path, text))
    if result.problems or not expected.is_same_data(result.data, data):
        raise _unsafe_edit_error(document, edits[0])
    return result


def _without_list_index(document: Document, change: Edit) -> Edit:
    return (
        replace(change, route=without_list_index(document.data, change.route))
        if isinstance(change, SetValue)
        else change
    )


def _expected_data(document: Document, data: object, change: Edit) -> object:
    try:
        if isinstance(change, SetValue):
            return expected.with_value(data, change.route, change.value)
        if isinstance(change, AppendValue):
            return expected.with_element(data, change.route, change.value)
        return expected.without(data, change.route)
    except (KeyError, IndexError, TypeError, AttributeError) as error:
        raise _unsafe_edit_error(document, change) from error


def _splices_for(layout: SourceMap, change: Edit) -> list[Splice]:
    route = change.route
    _reject_aliases(layout, route)
    if isinstance(change, SetValue):
        return _splices_for_set(layout, route, change.value, change.after)
    if isinstance(change, AppendValue):
        return _splices_for_append(layout, route, change.value)
    if isinstance(route[-1], int):
        return sequences.remove(layout, route[:-1], route[-1])
    return mappings.remove(layout, route)


def _splices_for_set(layout: SourceMap, route: Route, value: Value, after: str | None) -> list[Splice]:
    depth = _written_depth(layout, route)
    if depth == len(route):
        return _splices_for_replacement(layout, route, value)
    for name in reversed(route[depth + 1 :]):
        value = {str(name): value}
    parent, name = route[:depth], str(route[depth])
    if _is_empty(layout, parent):
        return mappings.fill_blank(layout, parent, name, value)
    names = layout.document.keys(parent)
    return mappings.insert(layout, parent, name, value, names.index(after) + 1 if after in names else None)


def _written_depth(layout: SourceMap, route: Route) -> int:
    """How many parts of a route are written in the text itself, and not merged with `<<`."""
    for depth, part in enumerate(route):
        above = route[:depth]
        if isinstance(part, str) and part not in layout.document.keys(above):
            return depth
        if isinstance(part, int) and layout.node((*above, part)) is None:
            return depth
    return len(route)


def _is_empty(layout: SourceMap, route: Route) -> bool:
    """Whether a key has a blank value or empty brackets that can become a block."""
    if not route or not isinstance(route[-1], str):
        return False
    above = layout.node(route[:-1])
    return above is not None and not above.is_flow and expected.value_at(layout.document.data, route) in (None, {}, [])


def _splices_for_replacement(layout: SourceMap, route: Route, value: Value) -> list[Splice]:
    node = layout.node(route)
    assert node is not None
    flow = _is_in_flow(layout, route)
    end = layout.node_end(route)
    if not isinstance(route[-1], str):
        return [Splice(node.start, end, _format_value(layout, route, value, flow))]
    pair = layout.pair(route)
    if isinstance(value, str) and "\n" in value and not flow:
        lines = scalars.format_entry(pair.name, value, layout.column(pair.start), layout.indent_width)
        text = layout.newline.join([lines[0][lines[0].index(":") + 1 :], *lines[1:]])
        return [Splice(pair.colon, end, text)]
    text = _format_value(layout, route, value, flow)
    if pair.value is None:
        return [Splice(pair.colon, pair.colon, " " + text)]
    collapses = node.kind != "scalar" and not node.is_flow and layout.text[pair.colon : node.start].isspace()
    return [Splice(pair.colon, end, " " + text)] if collapses else [Splice(node.start, end, text)]


def _format_value(layout: SourceMap, route: Route, value: Value, flow: bool) -> str:
    if not isinstance(value, str):
        return scalars.format_flow(value)
    old = layout.document.scalar(route)
    return scalars.format_scalar(value, flow=flow, style=old.style if old else "plain")


def _is_in_flow(layout: SourceMap, route: Route) -> bool:
    """Whether a node above is written in brackets."""
    above = (layout.node(route[:depth]) for depth in range(len(route)))
    return any(node is not None and node.is_flow for node in above)


def _splices_for_append(layout: SourceMap, route: Route, value: Value) -> list[Splice]:
    node = layout.node(route)
    if node is not None and node.kind == "sequence" and (layout.item_count(route) or not _is_empty(layout, route)):
        return sequences.append(layout, route, value)
    if _written_depth(layout, route) == len(route) and _is_empty(layout, route):
        return sequences.fill_blank(layout, route, value)
    return _splices_for_set(layout, route, [value], None)


def _reject_aliases(layout: SourceMap, route: Route) -> None:
    """Reject a route through an alias: the value is written elsewhere, and an edit would also change other values."""
    for depth in range(len(route) + 1):
        node = layout.node(route[:depth])
        if node is not None and node.is_alias and _written_depth(layout, route[:depth]) == depth:
            raise EditError(
                f"{layout.document.path}:{node.span.line}: this value is an alias of an anchor",
                "write the values instead of the alias, or edit the anchor by hand",
            )


def _unsafe_edit_error(document: Document, change: Edit) -> EditError:
    name = ".".join(str(part) for part in change.route)
    line = document.span_at(change.route).line
    node = document.node(change.route[:-1])
    ancestors = (document.node(change.route[:depth]) for depth in range(1, len(change.route) + 1))
    has_anchor = any(ancestor is not None and ancestor.has_anchor for ancestor in ancestors)
    is_repeated = has_anchor or (node is not None and node.is_alias)
    hint = "edit the file by hand; nothing was changed"
    if is_repeated:
        hint = "an alias repeats it; edit the file by hand"
    return EditError(f"{document.path}:{line}: '{name}' cannot be changed safely in this file", hint)
