"""Changes values in the text of a file and leaves every other byte as it is, or refuses."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

from okrctl.values.diagnostic import Route
from okrctl.yaml import Document, Source, parse
from okrctl.yaml.path import unlisted
from okrctl.yaml_edit import expected, mappings, scalars, sequences
from okrctl.yaml_edit.failure import EditError
from okrctl.yaml_edit.plan import FileChange, Plan, plan
from okrctl.yaml_edit.scalars import Value, Words
from okrctl.yaml_edit.source_map import Layout, Splice, applied

__all__ = ["Append", "Change", "EditError", "FileChange", "Plan", "Remove", "Set", "Value", "Words", "edit", "plan"]


@dataclass(frozen=True, slots=True)
class Set:
    """The value at `route` becomes `value`; keys that are missing are put in, in the order of the format page.

    A reading is `Set((*route, "readings", "2026-04-20"), "4100")`, or with a mapping as its value. `after` names the
    key behind which a new one is put instead.
    """

    route: Route
    value: Value
    after: str | None = None


@dataclass(frozen=True, slots=True)
class Append:
    """The list at `route` gets one more element, in block style where the list is; a missing list is made."""

    route: Route
    value: Value


@dataclass(frozen=True, slots=True)
class Remove:
    """The key or the element at `route` goes, with its lines."""

    route: Route


Change: TypeAlias = Set | Append | Remove


def edit(source: Source, changes: Iterable[Change]) -> Source:
    """The text with the changes, made one after the other; all else stays byte for byte.

    Raises EditError where a change cannot be made so that the text, read again, says exactly what was meant.
    """
    document = _readable(source)
    rest = list(changes)
    while rest:
        together = _together(rest)
        try:
            document = _changed(document, together)
        except EditError:
            if len(together) == 1:
                raise
            together = rest[:1]
            document = _changed(document, together)
        rest = rest[len(together) :]
    return Source(source.path, document.text)


def _together(changes: Sequence[Change]) -> list[Change]:
    """The first change, or the readings at the head of the list by date: they can be written without reading between.

    A key result has few readings, but a source may bring hundreds, and each reading of the text costs.
    """
    found: dict[Route, Change] = {}
    for change in changes:
        route = change.route
        if not isinstance(change, Set) or len(route) < 2 or route[-2] not in scalars.ONE_LINE_EACH or route in found:
            break
        found[route] = change
    return [found[route] for route in sorted(found, key=str)] or list(changes[:1])


def _readable(source: Source) -> Document:
    document = parse(source)
    if document.faults:
        fault = document.faults[0]
        raise EditError(
            f"{source.path}:{fault.span.line}: {fault.message}", fault.help or "mend that first; nothing was changed"
        )
    return document


def _changed(document: Document, written: Sequence[Change]) -> Document:
    changes = [_unlisted(document, change) for change in written]
    meant = expected.copied(document.data)
    for change in changes:
        meant = _meant(document, meant, change)
    layout = Layout(document)
    try:
        text = applied(document.text, [splice for change in changes for splice in _splices(layout, change)])
    except (AssertionError, LookupError, ValueError, StopIteration) as error:
        raise _refused(document, changes[0]) from error
    result = parse(Source(document.path, text))
    if result.faults or not expected.same(result.data, meant):
        raise _refused(document, changes[0])
    return result


def _unlisted(document: Document, change: Change) -> Change:
    return replace(change, route=unlisted(document.data, change.route)) if isinstance(change, Set) else change


def _meant(document: Document, data: object, change: Change) -> object:
    try:
        if isinstance(change, Set):
            return expected.with_value(data, change.route, change.value)
        if isinstance(change, Append):
            return expected.with_element(data, change.route, change.value)
        return expected.without(data, change.route)
    except (KeyError, IndexError, TypeError, AttributeError) as error:
        raise _refused(document, change) from error


def _splices(layout: Layout, change: Change) -> list[Splice]:
    route = change.route
    _refuse_aliases(layout, route)
    if isinstance(change, Set):
        return _set(layout, route, change.value, change.after)
    if isinstance(change, Append):
        return _append(layout, route, change.value)
    if isinstance(route[-1], int):
        return sequences.remove(layout, route[:-1], route[-1])
    return mappings.remove(layout, route)


def _set(layout: Layout, route: Route, value: Value, after: str | None) -> list[Splice]:
    depth = _written(layout, route)
    if depth == len(route):
        return _replace(layout, route, value)
    for name in reversed(route[depth + 1 :]):
        value = {str(name): value}
    parent, name = route[:depth], str(route[depth])
    if _is_empty(layout, parent):
        return mappings.fill(layout, parent, name, value)
    names = layout.document.keys(parent)
    return mappings.insert(layout, parent, name, value, names.index(after) + 1 if after in names else None)


def _written(layout: Layout, route: Route) -> int:
    """How many parts of a route stand in the text itself; a merge (`<<`) is no part of the text."""
    for depth, part in enumerate(route):
        above = route[:depth]
        if isinstance(part, str) and part not in layout.document.keys(above):
            return depth
        if isinstance(part, int) and layout.node((*above, part)) is None:
            return depth
    return len(route)


def _is_empty(layout: Layout, route: Route) -> bool:
    """Whether a key has a blank value, or empty brackets, that may become a block."""
    if not route or not isinstance(route[-1], str):
        return False
    above = layout.node(route[:-1])
    return above is not None and not above.flow and expected.at(layout.document.data, route) in (None, {}, [])


def _replace(layout: Layout, route: Route, value: Value) -> list[Splice]:
    node = layout.node(route)
    assert node is not None
    flow = _in_flow(layout, route)
    end = layout.end(route)
    if not isinstance(route[-1], str):
        return [Splice(node.start, end, _spelled(layout, route, value, flow))]
    pair = layout.pair(route)
    if isinstance(value, str) and "\n" in value and not flow:
        lines = scalars.entry(pair.name, value, layout.column(pair.start), layout.step)
        text = layout.newline.join([lines[0][lines[0].index(":") + 1 :], *lines[1:]])
        return [Splice(pair.colon, end, text)]
    text = _spelled(layout, route, value, flow)
    if pair.value is None:
        return [Splice(pair.colon, pair.colon, " " + text)]
    collapses = node.kind != "scalar" and not node.flow and layout.text[pair.colon : node.start].isspace()
    return [Splice(pair.colon, end, " " + text)] if collapses else [Splice(node.start, end, text)]


def _spelled(layout: Layout, route: Route, value: Value, flow: bool) -> str:
    if not isinstance(value, str):
        return scalars.flow(value)
    old = layout.document.scalar(route)
    return scalars.scalar(value, flow=flow, style=old.style if old else "plain")


def _in_flow(layout: Layout, route: Route) -> bool:
    """Whether a node above stands in brackets."""
    above = (layout.node(route[:depth]) for depth in range(len(route)))
    return any(node is not None and node.flow for node in above)


def _append(layout: Layout, route: Route, value: Value) -> list[Splice]:
    node = layout.node(route)
    if node is not None and node.kind == "sequence" and (layout.length(route) or not _is_empty(layout, route)):
        return sequences.append(layout, route, value)
    if _written(layout, route) == len(route) and _is_empty(layout, route):
        return sequences.fill(layout, route, value)
    return _set(layout, route, [value], None)


def _refuse_aliases(layout: Layout, route: Route) -> None:
    """What is reached through an alias stands elsewhere, and an edit there would change more than was asked."""
    for depth in range(len(route) + 1):
        node = layout.node(route[:depth])
        if node is not None and node.alias and _written(layout, route[:depth]) == depth:
            raise EditError(
                f"{layout.document.path}:{node.span.line}: this is written elsewhere, behind an anchor",
                "write the values out instead of the alias, or edit the anchor by hand",
            )


def _refused(document: Document, change: Change) -> EditError:
    name = ".".join(str(part) for part in change.route)
    line = document.at(change.route).line
    node = document.node(change.route[:-1])
    anchored = any(
        found is not None and found.anchor
        for depth in range(1, len(change.route) + 1)
        for found in [document.node(change.route[:depth])]
    )
    hint = (
        "an alias repeats it elsewhere: edit it by hand"
        if anchored or (node is not None and node.alias)
        else "write it by hand; nothing was changed"
    )
    return EditError(f"{document.path}:{line}: '{name}' cannot be changed safely as the file is written", hint)
