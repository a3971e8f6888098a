"""Applies the edits of a server as an editor does, apart from the code that makes them."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from lsprotocol import types

from tests.lsp.clients import Editor, at


def apply(text: str, edits: Sequence[types.TextEdit]) -> str:
    """The text after edits that are all about the text before; none may touch another."""
    places = sorted((at(text, each.range.start), at(text, each.range.end), each.new_text) for each in edits)
    assert all(first[1] <= second[0] for first, second in pairwise(places))
    for start, end, new in reversed(places):
        text = text[:start] + new + text[end:]
    return text


def changed_files(editor: Editor, edit: types.WorkspaceEdit) -> dict[str, str]:
    """The new texts of all files that an edit changes, by path; each edit is of the version that is open."""
    by_uri: dict[str, Sequence[types.TextEdit]] = dict(edit.changes or {})
    for change in edit.document_changes or ():
        assert isinstance(change, types.TextDocumentEdit)
        uri = change.text_document.uri
        assert change.text_document.version == editor.versions.get(uri)
        by_uri[uri] = [each for each in change.edits if isinstance(each, types.TextEdit)]
    root = editor.root.as_uri()
    paths = {uri: uri.removeprefix(f"{root}/") for uri in by_uri}
    return {paths[uri]: apply(_text(editor, uri, paths[uri]), edits) for uri, edits in by_uri.items()}


def _text(editor: Editor, uri: str, path: str) -> str:
    """The text as the editor knows it, which hides the byte order mark of a file."""
    return editor.texts.get(uri) or (editor.root / path).read_bytes().decode("utf-8-sig")


def touched(edit: types.WorkspaceEdit) -> int:
    """How many edits there are in all files."""
    changes = [each.edits for each in edit.document_changes or () if isinstance(each, types.TextDocumentEdit)]
    return sum(map(len, [*changes, *(edit.changes or {}).values()]))
