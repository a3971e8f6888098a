"""Renames of ids across files: only the bytes that are needed, the former id kept, and nothing else meant after it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

pytest.importorskip("pytest_lsp")

from lsprotocol import types

from tests.lsp.clients import EDITORS, FILES, GOALS, KPI, KPIS, SHOP, WEB, Editor, marked, refusal, talk
from tests.lsp.edits import changed_files, touched
from tests.repositories import Repo
from tests.running import run, write

SHOP_TEXT = """\
period: 2026-Q2
team: shop
objectives:
  - id: sales  # not fast
    title: "More people 🚀 fast"
    owner: tom
    parent: web/fast
    kpis: visits
    hypothesis: {kpi: visits, expect: up}
    initiatives:
      - {title: Be fast, moves: ["2026-Q2/web/fast.share", found], kpis: [visits]}
    key_results:
      - {id: found, title: Searches, from: 10%, to: 20%}
      - {id: fast, title: Shipped fast, rollup: {sum: [ web/fast.share, 'web/fast.errors' ]}, to: 9}
"""
NEXT = "okrs/2026-Q3/web.yaml"
NEXT_TEXT = """\
period: 2026-Q3
team: web
objectives:
  - {id: fast, title: Again, carried_from: 2026-Q2/web/fast, key_results: [{id: s, title: S, kpi: visits, to: 9}]}
"""
FORMULA = KPIS + "  - {id: visits-2, title: Twice, better: higher, formula: visits*2 + (visits - visits-2*0)}\n"
ALL = {**FILES, SHOP: SHOP_TEXT, NEXT: NEXT_TEXT, KPI: FORMULA}


@pytest.fixture
def repo(tmp_path: Path) -> Repo:
    repo = Repo(tmp_path / "goals")
    repo.commit("one", files=ALL)
    return repo


async def rename(editor: Editor, path: str, piece: str, name: str, offset: int = 1) -> types.WorkspaceEdit:
    params = types.RenameParams(editor.document(path), editor.place(path, piece, offset), name)
    found = await editor.client.text_document_rename_async(params)
    assert found is not None
    return found


def renamed(repo: Repo, path: str, piece: str, name: str, offset: int = 1, editor: str = EDITORS[0]) -> dict[str, str]:
    """The new texts of a rename in a file of the disk; the old ones stay where they are."""
    before = {file: file.read_bytes() for file in repo.path.rglob("*.yaml")}

    async def work(own: Editor) -> dict[str, str]:
        await own.open(path)
        return changed_files(own, await rename(own, path, piece, name, offset))

    found = talk(repo.path, work, editor=editor)
    assert {file: file.read_bytes() for file in repo.path.rglob("*.yaml")} == before
    return found


def findings(root: Path) -> list[str]:
    return [
        each["code"]
        for each in json.loads(run("check", "--format", "json", cwd=root, today="2026-05-20").out)["diagnostics"]
    ]


@pytest.mark.parametrize("name", EDITORS)
def test_an_objective_is_renamed_in_all_files(repo: Repo, name: str) -> None:
    found = renamed(repo, WEB, "fast", "quick", editor=name)
    assert found == {
        WEB: GOALS.replace("id: fast", "id: quick").replace(
            "    kpis: [visits]", "    kpis: [visits]\n    formerly: fast"
        ),
        SHOP: SHOP_TEXT.replace("web/fast", "web/quick"),
        NEXT: NEXT_TEXT.replace("carried_from: 2026-Q2/web/fast", "carried_from: 2026-Q2/web/quick"),
    }


def test_a_key_result_is_renamed_in_all_files(repo: Repo) -> None:
    found = renamed(repo, WEB, "share", "part")
    assert found == {
        WEB: GOALS.replace("id: share", "id: part").replace("[share]", "[part]").replace(
            "        readings:", "        formerly: share\n        readings:"
        ),
        SHOP: SHOP_TEXT.replace("fast.share", "fast.part"),
    }  # fmt: skip


def test_a_kpi_is_renamed_in_all_files(repo: Repo) -> None:
    found = renamed(repo, WEB, "visits", "calls")
    assert found[WEB] == GOALS.replace("visits", "calls")
    assert found[SHOP] == SHOP_TEXT.replace("visits", "calls")
    assert found[NEXT] == NEXT_TEXT.replace("visits", "calls")
    assert "formula: calls*2 + (calls - visits-2*0)" in found[KPI] and "{id: calls, title: Visits" in found[KPI]
    assert found[KPI].count("formerly: visits") == 1 and "{id: visits-2, " in found[KPI]
    assert set(found) == {WEB, SHOP, NEXT, KPI}


@pytest.mark.parametrize(
    ("path", "piece", "offset"),
    [(SHOP, "web/fast", 5), (SHOP, "2026-Q2/web/fast.share", 14), (SHOP, "web/fast.errors", 5), (NEXT, "web/fast", 6)],
)
def test_a_rename_may_begin_at_a_reference(repo: Repo, path: str, piece: str, offset: int) -> None:
    assert renamed(repo, path, piece, "quick", offset) == renamed(repo, WEB, "fast", "quick")


def test_only_the_words_are_touched(repo: Repo) -> None:
    async def work(editor: Editor) -> int:
        await editor.open(SHOP)
        await editor.open(WEB)
        found = await rename(editor, WEB, "fast", "quick")
        for change in found.document_changes or ():
            assert isinstance(change, types.TextDocumentEdit)
            if change.text_document.uri == editor.uri(SHOP):
                assert [marked(SHOP_TEXT, each.range) for each in change.edits] == ["fast"] * 4
        return touched(found)

    assert talk(repo.path, work) == 1 + 1 + 4 + 1


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_line_ends_and_other_characters_stay(repo: Repo, newline: str) -> None:
    texts = {path: text.replace("\n", newline).replace("Pages", "Größe 🚀") for path, text in ALL.items()}
    write(repo.path, {path: text.encode() for path, text in texts.items()})
    write(repo.path, {NEXT: texts[NEXT].encode("utf-8-sig")})
    found = renamed(repo, WEB, "fast", "quick")
    assert found[SHOP] == texts[SHOP].replace("web/fast", "web/quick")
    assert found[NEXT] == texts[NEXT].replace("from: 2026-Q2/web/fast", "from: 2026-Q2/web/quick")
    assert found[WEB].count(newline) == found[WEB].count("\n")
    assert found[WEB] == texts[WEB].replace("id: fast", "id: quick").replace(
        "    kpis: [visits]", f"    kpis: [visits]{newline}    formerly: fast"
    )


def test_after_it_the_goal_is_known_as_before(repo: Repo) -> None:
    before = findings(repo.path)
    write(repo.path, renamed(repo, WEB, "fast", "quick"))
    assert findings(repo.path) == before
    changes = json.loads(run("diff", "HEAD", "--format", "json", cwd=repo.path, today="2026-05-20").out)
    assert "removed" not in json.dumps(changes)


def test_unsaved_texts_are_renamed(repo: Repo) -> None:
    async def work(editor: Editor) -> dict[str, str]:
        await editor.open(SHOP, SHOP_TEXT.replace("parent: web/fast", "parent: web/fast  # typed"))
        await editor.open(WEB)
        return changed_files(editor, await rename(editor, WEB, "fast", "quick"))

    assert "parent: web/quick  # typed" in talk(repo.path, work)[SHOP]


# --- The former id --------------------------------------------------------------------------------------------------


def test_a_goal_without_a_commit_has_no_former_id(repo: Repo) -> None:
    new = "  - {id: fresh, title: Fresh, owner: ana, key_results: [{id: one, title: One, to: 1}]}\n"
    write(repo.path, {WEB: GOALS + new})
    assert renamed(repo, WEB, "fresh", "fresher") == {WEB: GOALS + new.replace("fresh,", "fresher,")}


def test_the_id_of_the_last_commit_is_kept_over_two_renames(repo: Repo) -> None:
    once = renamed(repo, WEB, "fast", "quick")
    write(repo.path, once)
    twice = renamed(repo, WEB, "quick", "speedy")
    assert twice[WEB] == once[WEB].replace("id: quick", "id: speedy")
    write(repo.path, twice)
    back = renamed(repo, WEB, "speedy", "fast")
    assert back[WEB] == GOALS
    write(repo.path, back)
    assert repo.git("status", "--porcelain") == ""


def test_a_second_rename_after_a_commit_replaces_the_former_id(repo: Repo) -> None:
    repo.commit("two", files=renamed(repo, WEB, "fast", "quick"))
    assert "formerly: quick" in renamed(repo, WEB, "quick", "speedy")[WEB]


def test_without_git_the_former_id_is_written(tmp_path: Path) -> None:
    write(tmp_path / "goals", ALL)

    async def work(editor: Editor) -> dict[str, str]:
        await editor.open(KPI)
        return changed_files(editor, await rename(editor, KPI, "visits-2", "twice"))

    assert "formerly: visits-2" in talk(tmp_path / "goals", work)[KPI]


# --- What is refused ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "piece", "name", "message"),
    [
        (WEB, "fast", "", "'' is not a valid id"),
        (WEB, "fast", "Fast Pages", "'Fast Pages' is not a valid id; use at most 64"),
        (WEB, "fast", "größer", "'größer' is not a valid id"),
        (WEB, "fast", "a/b", "'a/b' is not a valid id"),
        (WEB, "fast", "x" * 65, "is not a valid id"),
        (WEB, "share", "errors", "'errors' is taken by 2026-Q2/web/fast.errors (Pages that fail); choose another id"),
        (KPI, "visits-2", "visits", "'visits' is taken by visits (Visits)"),
        (KPI, "visits", "7", "with the id '7', the formula in kpis/a.yaml:3 would name something else"),
        (KPI, "visits", "a-", "with the id 'a-', the formula in kpis/a.yaml:3 would name something else"),
        (
            WEB,
            "title: Pages",
            "x",
            "no objective, key result or KPI is named here; rename it at",
        ),
        (WEB, "period", "x", "no objective, key result or KPI is named here"),
    ],
)
def test_what_cannot_be_renamed_says_why(repo: Repo, path: str, piece: str, name: str, message: str) -> None:
    async def work(editor: Editor) -> str:
        await editor.open(path)
        return await refusal(rename(editor, path, piece, name))

    assert message in talk(repo.path, work)


def test_a_name_that_would_be_taken_for_another_is_refused(repo: Repo) -> None:
    """`parent: slow` means the objective of the year, until one of the quarter has that id."""
    slow = "[{id: slow, title: Y, owner: ana, key_results: [{id: a, title: A, to: 1}]}]"
    year = f"period: 2026\nteam: web\nobjectives: {slow}\n"
    text = GOALS + "  - {id: other, title: O, owner: ana, parent: slow, key_results: [{id: one, title: One, to: 1}]}\n"
    write(repo.path, {"okrs/2026/web.yaml": year, WEB: text})

    async def work(editor: Editor) -> str:
        await editor.open(WEB)
        return await refusal(rename(editor, WEB, "fast", "slow"))

    found = talk(repo.path, work)
    assert found == f"with the id 'slow', 'slow' in {WEB}:21 would name something else; choose another id"


def test_a_file_that_cannot_be_read_may_name_it(repo: Repo) -> None:
    write(repo.path, {"okrs/broken.yaml": "parent: web/fast\nkpis: [\n"})

    async def work(editor: Editor) -> list[str]:
        await editor.open(WEB)
        refused = await refusal(rename(editor, WEB, "fast", "quick"))
        return [refused, *changed_files(editor, await rename(editor, WEB, "errors", "faults"))]

    refused, *paths = talk(repo.path, work)
    assert refused.startswith("okrs/broken.yaml:2: ") and "may name 'fast'; fix the file first" in refused
    assert paths == [SHOP, WEB]


def test_an_alias_is_not_renamed(repo: Repo) -> None:
    write(repo.path, {SHOP: SHOP_TEXT.replace("parent: web/fast", "x-all: &all web/fast\n    parent: *all")})

    async def work(editor: Editor) -> str:
        await editor.open(WEB)
        return await refusal(rename(editor, WEB, "fast", "quick"))

    assert "alias" in talk(repo.path, work)


def test_a_closed_period_is_not_renamed(repo: Repo) -> None:
    closed = run(
        "close",
        "2026-Q2",
        "--outcome",
        "fast=reached",
        "--outcome",
        "sales=missed",
        "--yes",
        cwd=repo.path,
        today="2026-07-20",
    )
    assert (repo.path / "scorecards/2026-Q2.json").exists(), closed

    async def work(editor: Editor) -> list[str]:
        await editor.open(NEXT)
        await editor.open(WEB)
        place = types.PrepareRenameParams(editor.document(WEB), editor.place(WEB, "fast", 1))
        return [
            await refusal(rename(editor, WEB, "fast", "quick")),
            await refusal(editor.client.text_document_prepare_rename_async(place)),
            *changed_files(editor, await rename(editor, NEXT, "fast", "quick")),
        ]

    first, second, *paths = talk(repo.path, work)
    assert first == second == "2026-Q2 is closed: its seal holds the id 'fast'; okrctl reopen 2026-Q2 --reason TEXT"
    assert paths == [NEXT]


@pytest.mark.parametrize(
    ("path", "piece", "offset", "about"),
    [
        (WEB, "fast", 0, "fast"),
        (WEB, "[share]", 3, "share"),
        (SHOP, "web/fast.share", 10, "share"),
        (SHOP, "web/fast", 0, "fast"),
        (KPI, "visits-2*0", 2, "visits-2"),
    ],
)
def test_the_editor_learns_what_is_renamed(repo: Repo, path: str, piece: str, offset: int, about: str) -> None:
    async def work(editor: Editor) -> None:
        await editor.open(path)
        params = types.PrepareRenameParams(editor.document(path), editor.place(path, piece, offset))
        found = await editor.client.text_document_prepare_rename_async(params)
        assert isinstance(found, types.PrepareRenamePlaceholder)
        assert found.placeholder == about and marked(ALL[path], found.range) == about

    talk(repo.path, work)


def test_the_same_id_changes_nothing(repo: Repo) -> None:
    assert renamed(repo, WEB, "fast", "fast") == {}


def test_outside_a_workspace_nothing_is_renamed(repo: Repo) -> None:
    async def work(editor: Editor) -> str:
        editor.begin(editor.uri("notes.yaml"), "id: fast\n")
        return await refusal(rename(editor, "notes.yaml", "fast", "quick"))

    assert talk(repo.path, work) == "no workspace of okrctl reads this file"
