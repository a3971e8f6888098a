"""The edits that an editor applies: those of a rename, and of any new texts only what differs, word by word."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from difflib import SequenceMatcher

from lsprotocol import types

from okrctl.lsp.buffers import View
from okrctl.operations.rename import find_renamable, rename

MAX_TOKENS = 2_000  # of a changed piece that is compared word by word
_LINE = re.compile(r"[^\r\n]*(?:\r\n|[\r\n])|[^\r\n]+\Z")
_TOKEN = re.compile(r"\r\n|[\w-]+|.", re.DOTALL)


def prepare_rename(view: View, path: str, offset: int) -> types.PrepareRenamePlaceholder:
    """The range of the id at a place, and the id; raises OkrctlError where it cannot be renamed."""
    found = find_renamable(view.project, path, offset)
    place = view.positions(path, found.file.document.text).range(found.start, found.end)
    return types.PrepareRenamePlaceholder(place, found.node.id)


def build_rename_edit(
    view: View, path: str, offset: int, new_id: str, capabilities: types.ClientCapabilities
) -> types.WorkspaceEdit:
    """The edits of all files that give the goal or KPI at a place another id; raises OkrctlError."""
    return build_workspace_edit(view, rename(view.project, path, offset, new_id.strip()), capabilities)


def build_workspace_edit(
    view: View, texts: Mapping[str, tuple[str, str]], capabilities: types.ClientCapabilities
) -> types.WorkspaceEdit:
    """The edit that makes new texts of old ones, by path; of open files with the version that it is made for."""
    edits = {path: _text_edits(view, path, *both) for path, both in sorted(texts.items())}
    workspace = capabilities.workspace
    editing = workspace.workspace_edit if workspace is not None else None
    if editing is None or not editing.document_changes:
        return types.WorkspaceEdit(changes={view.uri(path): changes for path, changes in edits.items()})
    return types.WorkspaceEdit(
        document_changes=[
            types.TextDocumentEdit(
                types.OptionalVersionedTextDocumentIdentifier(view.uri(path), view.version(path)), changes
            )
            for path, changes in edits.items()
        ]
    )


def _text_edits(view: View, path: str, old: str, new: str) -> list[types.TextEdit]:
    positions = view.positions(path, old)
    return [types.TextEdit(positions.range(start, end), text) for start, end, text in find_differences(old, new)]


def find_differences(old: str, new: str) -> Iterator[tuple[int, int, str]]:
    """Each piece of the old text, as two offsets, with what takes its place; in order, and none touches another."""
    old_lines, new_lines = _LINE.findall(old), _LINE.findall(new)
    for start, before, after in _compare(old_lines, new_lines, 0):
        old_tokens, new_tokens = _TOKEN.findall(before), _TOKEN.findall(after)
        if len(old_tokens) + len(new_tokens) > MAX_TOKENS:
            yield start, start + len(before), after
        else:
            for inner, piece, text in _compare(old_tokens, new_tokens, start):
                yield inner, inner + len(piece), text


def _compare(old: Sequence[str], new: Sequence[str], start: int) -> Iterator[tuple[int, str, str]]:
    """The pieces that differ: the offset of each, what it was, what it becomes."""
    place, number = start, 0
    for kind, first, last, new_first, new_last in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        place += sum(map(len, old[number:first]))
        number = first
        if kind != "equal":
            yield place, "".join(old[first:last]), "".join(new[new_first:new_last])
