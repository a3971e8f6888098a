"""Changes values in the text of a file and leaves every other byte as it is, or refuses."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

from okrctl.values.diagnostic import Route
from okrctl.yaml import Document, Source, parse
from okrctl.yaml.path import without_list_index
from okrctl.yaml_edit import expected, mappings, scalars, sequences
from okrctl.yaml_edit.failure import EditError
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
    """The value at `route` becomes `value`; keys that are missing are put in, in the order of the format page.

    A reading is `Set((*route, "readings", "2026-04-20"), "4100")`, or with a mapping as its value. `after` names the
    key behind which a new one is put instead.
    """

    route: Route
    value: Value
    after: str | None = None


@dataclass(frozen=True, slots=True)
class AppendValue:
    """The list at `route` gets one more element, in block style where the list is; a missing list is made."""

    route: Route
    value: Value


@dataclass(frozen=True, slots=True)
class RemoveValue:
    """The key or the element at `route` goes, with its lines."""

    route: Route


Edit: TypeAlias = SetValue | AppendValue | RemoveValue


def edit(source: Source, changes: Iterable[Edit]) -> Source:
    """The text with the changes, made one after the other; all else stays byte for byte.

    Raises EditError where a change cannot be made so that the text, read again, says exactly what was meant.
    """
    document = _parse_valid(source)
    rest = list(changes)
    while rest:
        together = _next_batch(rest)
        try:
            document = _apply_batch(document, together)
        except EditError:
            if len(together) == 1:
                raise
            together = rest[:1]
            document = _apply_batch(document, together)
        rest = rest[len(together) :]
    return Source(source.path, document.text)


def _next_batch(changes: Sequence[Edit]) -> list[Edit]:
    """The first change, or the readings at the head of the list by date: they can be written without reading between.

    A key result has few readings, but a source may bring hundreds, and each reading of the text costs.
    """
    found: dict[Route, Edit] = {}
    for change in changes:
        route = change.route
        if (
            not isinstance(change, SetValue)
            or len(route) < 2
            or route[-2] not in scalars.ONE_LINE_KEYS
            or route in found
        ):
            break
        found[route] = change
    return [found[route] for route in sorted(found, key=str)] or list(changes[:1])


def _parse_valid(source: Source) -> Document:
    document = parse(source)
    if document.problems:
        fault = document.problems[0]
        raise EditError(
            f"{source.path}:{fault.span.line}: {fault.message}", fault.help or "mend that first; nothing was changed"
        )
    return document


def _apply_batch(document: Document, written: Sequence[Edit]) -> Document:
    changes = [_without_list_index(document, change) for change in written]
    meant = expected.copy_data(document.data)
    for change in changes:
        meant = _expected_data(document, meant, change)
    layout = SourceMap(document)
    try:
        text = apply_splices(document.text, [splice for change in changes for splice in _splices_for(layout, change)])
    except (AssertionError, LookupError, ValueError, StopIteration) as error:
        raise _unsafe_edit_error(document, changes[0]) from error
    result = parse(Source(document.path, text))
    if result.problems or not expected.is_same_data(result.data, meant):
        raise _unsafe_edit_error(document, changes[0])
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
    """How many parts of a route stand in the text itself; a merge (`<<`) is no part of the text."""
    for depth, part in enumerate(route):
        above = route[:depth]
        if isinstance(part, str) and part not in layout.document.keys(above):
            return depth
        if isinstance(part, int) and layout.node((*above, part)) is None:
            return depth
    return len(route)


def _is_empty(layout: SourceMap, route: Route) -> bool:
    """Whether a key has a blank value, or empty brackets, that may become a block."""
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
    """Whether a node above stands in brackets."""
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
    """What is reached through an alias stands elsewhere, and an edit there would change more than was asked."""
    for depth in range(len(route) + 1):
        node = layout.node(route[:depth])
        if node is not None and node.is_alias and _written_depth(layout, route[:depth]) == depth:
            raise EditError(
                f"{layout.document.path}:{node.span.line}: this is written elsewhere, behind an anchor",
                "write the values out instead of the alias, or edit the anchor by hand",
            )


def _unsafe_edit_error(document: Document, change: Edit) -> EditError:
    name = ".".join(str(part) for part in change.route)
    line = document.span_at(change.route).line
    node = document.node(change.route[:-1])
    anchored = any(
        found is not None and found.has_anchor
        for depth in range(1, len(change.route) + 1)
        for found in [document.node(change.route[:depth])]
    )
    hint = (
        "an alias repeats it elsewhere: edit it by hand"
        if anchored or (node is not None and node.is_alias)
        else "write it by hand; nothing was changed"
    )
    return EditError(f"{document.path}:{line}: '{name}' cannot be changed safely as the file is written", hint)
