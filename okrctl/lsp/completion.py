"""Completion as an editor shows it: what may be written at a place, in the order of the operation."""

from __future__ import annotations

from collections.abc import Mapping

from lsprotocol import types

from okrctl.lsp.buffers import View
from okrctl.operations.complete import Candidate, CandidateKind, complete
from okrctl.outputs.terminal import sanitize

TRIGGERS = [" ", "/", ".", "["]
KINDS: Mapping[CandidateKind, types.CompletionItemKind] = {
    "goal": types.CompletionItemKind.Reference,
    "kpi": types.CompletionItemKind.Variable,
    "name": types.CompletionItemKind.Value,
    "key": types.CompletionItemKind.Property,
    "word": types.CompletionItemKind.EnumMember,
}


def list_completions(view: View, path: str, offset: int) -> types.CompletionList | None:
    """What may be written at a place; None where nothing is known of it."""
    found = complete(view.project, path, offset)
    if found is None:
        return None
    place = view.positions(path, view.buffers[path].text).range(found.start, found.end)
    items = [_item(place, number, candidate) for number, candidate in enumerate(found.candidates)]
    return types.CompletionList(is_incomplete=found.is_cut, items=items)


def _item(place: types.Range, number: int, candidate: Candidate) -> types.CompletionItem:
    """An item that is found by its title too."""
    label, detail = candidate.text.removesuffix(" ").removesuffix(":"), sanitize(candidate.detail)
    return types.CompletionItem(
        label,
        kind=KINDS[candidate.kind],
        detail=detail or None,
        sort_text=f"{number:05}",
        filter_text=f"{label} {detail}".strip(),
        text_edit=types.TextEdit(place, candidate.text),
    )
