"""Fixes as actions of an editor: what `okrctl check --fix` writes, no more and no less, and only what is safe."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

pytest.importorskip("pytest_lsp")

from lsprotocol import types

from okrctl.lsp.edits import find_differences
from tests.lsp.clients import EDITORS, GOALS, KPI, KPIS, WEB, Editor, talk
from tests.lsp.edits import changed_files, touched
from tests.running import run, write

WRONG = (
    GOALS.replace("owner: ana", "onwer: ana")
    .replace("[share]", "[shar]")
    .replace("  - id: fast\n    title", "  - title")
)
WHOLE = types.Range(types.Position(0, 0), types.Position(999, 0))


async def actions(
    editor: Editor, path: str, place: types.Range = WHOLE, only: Sequence[str] | None = None
) -> list[types.CodeAction]:
    kinds = None if only is None else [types.CodeActionKind(name) if name in KNOWN else name for name in only]
    shown = editor.published[editor.uri(path)].diagnostics
    context = types.CodeActionContext(shown, only=kinds)  # type: ignore[arg-type]
    params = types.CodeActionParams(editor.document(path), place, context)
    found = await editor.client.text_document_code_action_async(params)
    assert all(isinstance(each, types.CodeAction) for each in found or ())
    return list(found or ())  # type: ignore[arg-type]


KNOWN = {kind.value for kind in types.CodeActionKind}


def fixed_by_command(root: Path, path: str, text: str) -> str:
    write(root, {path: text.encode()})
    run("check", "--fix", cwd=root, today="2026-05-20")
    return (root / path).read_bytes().decode()


@pytest.mark.parametrize("name", EDITORS)
@pytest.mark.parametrize(
    "text",
    [WRONG, WRONG.replace("\n", "\r\n"), WRONG.replace("Pages", "🚀 Größe"), "\ufeff" + WRONG],
)
def test_all_fixes_of_a_file_are_what_the_command_writes(root: Path, text: str, name: str) -> None:
    async def work(editor: Editor) -> str:
        await editor.open(WEB, text)
        [action] = await actions(editor, WEB, only=["source.fixAll"])
        assert action.kind == "source.fixAll.okrctl" and action.edit is not None
        changed = changed_files(editor, action.edit)
        assert set(changed) == {WEB}
        return changed[WEB]

    found = talk(root, work, editor=name)
    assert (root / WEB).read_text() == GOALS
    assert found != text and found == fixed_by_command(root, WEB, text)


def test_each_fix_is_offered_where_its_finding_is(root: Path) -> None:
    async def work(editor: Editor) -> dict[str, str]:
        found = await editor.open(WEB, WRONG)
        fixed = {}
        for diagnostic in found:
            here = types.Range(diagnostic.range.start, diagnostic.range.start)
            for action in await actions(editor, WEB, here):
                assert action.edit is not None and action.is_preferred and action.diagnostics
                assert touched(action.edit) == 1
                fixed[action.title] = changed_files(editor, action.edit)[WEB]
        return fixed

    fixed = talk(root, work)
    results = {title.partition(":")[0]: text for title, text in fixed.items()}
    assert results == {
        "Fix OKR002": WRONG.replace("onwer", "owner"),
        "Fix OKR003": WRONG.replace(
            "  - title: Pages load", "  - id: pages-load-before-people-lose-patience\n    title: Pages load"
        ),
        "Fix OKR102": WRONG.replace("[shar]", "[share]"),
    }


def test_elsewhere_nothing_is_offered(root: Path) -> None:
    async def work(editor: Editor) -> None:
        await editor.open(WEB, WRONG)
        first = types.Range(types.Position(0, 0), types.Position(0, 6))
        assert await actions(editor, WEB, first) == []
        assert await actions(editor, WEB, WHOLE, ["refactor"]) == []
        assert [each.kind for each in await actions(editor, WEB, WHOLE, ["quickfix"])] == ["quickfix"] * 3
        assert [each.kind for each in await actions(editor, WEB, WHOLE, ["source"])] == ["source.fixAll.okrctl"]
        assert [each.kind for each in await actions(editor, WEB, WHOLE, ["source.fixAll.okrctl"])] != []
        await editor.change(WEB, GOALS)
        assert await actions(editor, WEB) == [] and await actions(editor, WEB, only=["source"]) == []

    talk(root, work)


def test_a_fix_that_does_harm_is_not_offered(root: Path) -> None:
    """The corrected key is there already, so that the fix would repeat it."""
    text = GOALS.replace("owner: ana", "owner: ana\n    tilte: {a: b}")

    async def work(editor: Editor) -> None:
        assert await editor.open(WEB, text)
        for action in await actions(editor, WEB):
            assert action.edit is not None
            changed = changed_files(editor, action.edit)[WEB]
            assert changed == fixed_by_command(root, WEB, text)

    talk(root, work)


def test_a_fix_of_text_that_is_half_typed(root: Path) -> None:
    async def work(editor: Editor) -> None:
        await editor.open(WEB, "objectives: [")
        assert await actions(editor, WEB) == []
        await editor.open(KPI, KPIS.replace("better", "beter"))
        [action] = await actions(editor, KPI)
        assert action.edit is not None and changed_files(editor, action.edit) == {KPI: KPIS}

    talk(root, work)


def test_a_folder_without_goals_has_no_actions(root: Path) -> None:
    (root / WEB).unlink()
    (root / KPI).unlink()

    async def work(editor: Editor) -> None:
        await editor.open("okrctl.yaml", "onwer: x\n")
        assert await actions(editor, "okrctl.yaml") == []
        editor.begin(editor.uri("notes.yaml"), "a: b\n")
        params = types.CodeActionParams(editor.document("notes.yaml"), WHOLE, types.CodeActionContext([]))
        assert not await editor.client.text_document_code_action_async(params)

    talk(root, work)


@given(st.text("ab- \n\r🚀ä", max_size=60), st.text("ab- \n\r🚀ä", max_size=60))
def test_differences_make_the_new_text(old: str, new: str) -> None:
    text, end = "", 0
    for start, stop, piece in find_differences(old, new):
        assert start >= end and old[start:stop] != piece
        text, end = text + old[end:start] + piece, stop
    assert text + old[end:] == new


def test_differences_are_words() -> None:
    old, new = "a: web/fast.share\nb: [x, fast, fast.share]\n", "a: web/quick.share\nb: [x, quick, quick.share]\n"
    assert [(old[start:end], text) for start, end, text in find_differences(old, new)] == [("fast", "quick")] * 3
    assert list(find_differences("a" * 9, "a" * 9)) == []
