"""Where what is named at a place is declared, and where else it is named."""

from __future__ import annotations

from collections.abc import Iterator

from lsprotocol import types

from okrctl.lsp.buffers import View
from okrctl.lsp.positions import Positions
from okrctl.operations import mentions
from okrctl.operations.load import load_readable
from okrctl.workspace import File


def find_definition(view: View, path: str, offset: int) -> types.Location | None:
    """Where the goal, KPI, team or person at a place is declared; None where none is named."""
    found = mentions.find_declaration(load_readable(view.project), path, offset)
    if found is None:
        return None
    positions = view.positions(found.file.path, found.file.document.text)
    return types.Location(view.uri(found.file.path), positions.span_range(found.span))


def find_references(view: View, path: str, offset: int, *, with_declaration: bool) -> list[types.Location]:
    """Each place that names the goal or KPI at a place."""
    return [place for place, is_declaration in _mentions(view, path, offset) if with_declaration or not is_declaration]


def find_highlights(view: View, path: str, offset: int) -> list[types.DocumentHighlight]:
    """Each place of this file that names the goal or KPI at a place."""
    uri = view.uri(path)
    return [
        types.DocumentHighlight(place.range, types.DocumentHighlightKind.Text)
        for place, _ in _mentions(view, path, offset)
        if place.uri == uri
    ]


def _mentions(view: View, path: str, offset: int) -> Iterator[tuple[types.Location, bool]]:
    workspace = load_readable(view.project)
    found = mentions.find_mention(workspace, path, offset)
    positions: dict[str, Positions] = {}
    for mention in mentions.find_mentions(workspace, found.node) if found is not None else ():
        place = _positions(view, mention.file, positions).range(mention.start, mention.end)
        yield types.Location(view.uri(mention.file.path), place), mention.is_declaration


def _positions(view: View, file: File, known: dict[str, Positions]) -> Positions:
    if file.path not in known:
        known[file.path] = view.positions(file.path, file.document.text)
    return known[file.path]
