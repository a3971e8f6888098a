"""What is shown for a place, and where what is named there is declared and named."""

from __future__ import annotations

from pathlib import Path

import pytest

pytest.importorskip("pytest_lsp")

from lsprotocol import types

from tests.lsp.clients import CONFIG, EDITORS, FILES, GOALS, KPI, KPIS, SETTINGS, SHOP, WEB, Editor, marked, talk
from tests.running import write

SHOP_TEXT = """\
period: 2026-Q2
team: shop
objectives:
  - id: sales
    title: Größere Körbe 🛒 [bei allen](http://x)
    owner: tom
    parent: web/fast.share
    hypothesis: {kpi: visits, expect: up}
    initiatives:
      - {title: Ship it, moves: "2026-Q2/web/fast.errors", kpis: [visits]}
    key_results:
      - {id: fast, title: Baskets, from: 1, to: 2}
      - {id: all, title: All, rollup: {sum: [web/fast.share, fast, sales.fast]}, to: 9}
"""
FORMULA = KPIS + "  - {id: visits-2, title: Twice, better: higher, formula: visits * 2 + visits - visits-2 * 0}\n"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "goals"
    write(folder, {**FILES, SHOP: SHOP_TEXT, KPI: FORMULA})
    return folder


async def hover(editor: Editor, path: str, piece: str, offset: int = 0) -> types.Hover | None:
    place = editor.place(path, piece, offset)
    return await editor.client.text_document_hover_async(types.HoverParams(editor.document(path), place))


def text_of(found: types.Hover | None) -> str:
    assert found is not None and isinstance(found.contents, types.MarkupContent)
    return found.contents.value


@pytest.mark.parametrize("name", EDITORS)
@pytest.mark.parametrize(
    ("path", "piece", "offset", "about", "shown"),
    [
        (WEB, "fast", 0, "fast", ["**Pages load before people lose patience**", "`2026-Q2/web/fast`", "owner: ana"]),
        (
            WEB,
            "share",
            0,
            "share",
            ["**Pages below a second**", "value: 30 %", "0 → 100 %", "- 2026-05-11 30 %"],
        ),
        (WEB, "[share]", 1, "share", ["**Pages below a second**", "status: "]),
        (WEB, "[visits]", 7, "visits", ["**Visits**", "value: 9", "- 2026-05-04 9\n- 2026-04-20 7"]),
        (SHOP, "web/fast.share", 0, "share", ["**Pages below a second**"]),
        (SHOP, "web/fast.share", 4, "fast", ["**Pages load before people lose patience**", "- Pages that fail: "]),
        (SHOP, "2026-Q2/web/fast.errors", 20, "errors", ["**Pages that fail**"]),
        (SHOP, "sales", 0, "sales", ["**Größere Körbe 🛒 \\[bei allen\\](http\u200b://x)**"]),
        (KPI, "visits - visits-2", 0, "visits", ["**Visits**"]),
        (KPI, "visits-2 * 0", 7, "visits-2", ["**Twice**", "formula: visits \\* 2"]),
    ],
)
def test_a_name_shows_what_it_names(
    root: Path, name: str, path: str, piece: str, offset: int, about: str, shown: list[str]
) -> None:
    async def work(editor: Editor) -> types.Hover | None:
        await editor.open(path)
        return await hover(editor, path, piece, offset)

    found = talk(root, work, editor=name)
    for text in shown:
        assert text in text_of(found), text_of(found)
    assert found is not None and found.range is not None
    assert marked({WEB: GOALS, SHOP: SHOP_TEXT, KPI: FORMULA}[path], found.range) == about


@pytest.mark.parametrize(
    ("path", "key", "shown"),
    [
        (WEB, "owner:", "`owner`: One person or role"),
        (WEB, "period:", "`period`: "),
        (WEB, "guards:", "`guards`: Makes it a guardrail"),
        (WEB, "at_most:", "`at_most`: "),
        (WEB, "to:", "`to`: "),
        (SHOP, "expect:", "`expect`: The expected direction\n\nOne of `up`, `down`, `steady`"),
        (KPI, "better:", "`better`: The better direction\n\nOne of `higher`, `lower`"),
        (CONFIG, "teams:", "`teams`: The known teams"),
        (CONFIG, "name:", "`name`: The display name"),
    ],
)
def test_a_key_shows_what_it_means(root: Path, path: str, key: str, shown: str) -> None:
    async def work(editor: Editor) -> types.Hover | None:
        await editor.open(path)
        return await hover(editor, path, key, 1)

    found = talk(root, work)
    assert text_of(found).startswith(shown)
    assert found is not None and found.range is not None
    assert marked((root / path).read_text("utf-8"), found.range) == key.removesuffix(":")


def test_unsaved_text_is_shown(root: Path) -> None:
    async def work(editor: Editor) -> str:
        await editor.open(WEB, GOALS.replace("2026-05-11: 30", "2026-05-11: 77"))
        await editor.open(SHOP)
        return text_of(await hover(editor, SHOP, "fast.share", 6))

    assert "value: 77 %" in talk(root, work)


@pytest.mark.parametrize(
    ("text", "piece"),
    [
        (GOALS, "2026-04-20"), (GOALS, "Pages load"), (GOALS, "period: "), (GOALS.replace("ana", "[ana"), "fast"),
        ("", ""), ("objectives: [\n", "["),
    ],
)  # fmt: skip
def test_other_places_show_nothing(root: Path, text: str, piece: str) -> None:
    async def work(editor: Editor) -> types.Hover | None:
        await editor.open(WEB, text)
        return await hover(editor, WEB, piece, 8 if piece == "period: " else 1)

    assert talk(root, work) is None


def test_a_goal_that_has_not_begun_says_so(root: Path) -> None:
    async def work(editor: Editor) -> str:
        await editor.open(WEB, GOALS.replace("owner: ana", "owner: ana\n    added: 2026-06-20"))
        return text_of(await hover(editor, WEB, "fast"))

    assert "does not exist on 2026-05-20" in talk(root, work)


def test_an_editor_without_markdown_gets_plain_text(root: Path) -> None:
    from pygls.protocol import default_converter

    from okrctl.lsp.hover import MARKDOWN, PLAIN, choose_markup

    assert default_converter()  # the types of the protocol are those that pygls sends
    assert choose_markup(None) is choose_markup([types.MarkupKind.PlainText, types.MarkupKind.Markdown]) is MARKDOWN
    assert choose_markup([types.MarkupKind.PlainText]) is PLAIN
    assert PLAIN.bold("a*b") == PLAIN.text("a*b") == PLAIN.code("a*b") == "a*b"


# --- Declarations and references ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "piece", "offset", "target", "text", "line"),
    [
        (WEB, "[share]", 2, WEB, "share", 8),
        (WEB, "[visits]", 2, KPI, "visits", 1),
        (WEB, "fast", 2, WEB, "fast", 3),
        (SHOP, "web/fast.share", 5, WEB, "fast", 3),
        (SHOP, "web/fast.share", 12, WEB, "share", 8),
        (SHOP, "2026-Q2/web/fast.errors", 1, WEB, "errors", 16),
        (SHOP, "kpi: visits", 6, KPI, "visits", 1),
        (SHOP, "fast, sales.fast", 1, SHOP, "fast", 11),
        (SHOP, "sales.fast", 1, SHOP, "sales", 3),
        (KPI, "visits-2 * 0", 1, KPI, "visits-2", 2),
        (WEB, "owner: ana", 8, CONFIG, "ana", 1),
        (WEB, "team: web", 8, CONFIG, "web", 0),
    ],
)
def test_a_reference_leads_to_its_declaration(
    root: Path, path: str, piece: str, offset: int, target: str, text: str, line: int
) -> None:
    async def work(editor: Editor) -> None:
        await editor.open(path)
        params = types.DefinitionParams(editor.document(path), editor.place(path, piece, offset))
        found = await editor.client.text_document_definition_async(params)
        assert isinstance(found, types.Location)
        assert found.uri == editor.uri(target) and found.range.start.line == line
        assert marked((root / target).read_text("utf-8"), found.range) == text

    talk(root, work)


@pytest.mark.parametrize("piece", ["Pages", "period", "2026-04-20", "id:"])
def test_what_is_no_reference_leads_nowhere(root: Path, piece: str) -> None:
    async def work(editor: Editor) -> None:
        await editor.open(WEB)
        params = types.DefinitionParams(editor.document(WEB), editor.place(WEB, piece))
        assert await editor.client.text_document_definition_async(params) is None

    talk(root, work)


def test_an_unknown_reference_leads_nowhere(root: Path) -> None:
    async def work(editor: Editor) -> None:
        await editor.open(SHOP, SHOP_TEXT.replace("parent: web/fast.share", "parent: web/none"))
        params = types.DefinitionParams(editor.document(SHOP), editor.place(SHOP, "web/none"))
        assert await editor.client.text_document_definition_async(params) is None

    talk(root, work)


async def places(editor: Editor, path: str, piece: str, *, declaration: bool = True) -> list[tuple[str, int, str]]:
    context = types.ReferenceContext(declaration)
    params = types.ReferenceParams(context, editor.document(path), editor.place(path, piece, 1))
    found = await editor.client.text_document_references_async(params)
    texts = {editor.uri(name): editor.texts.get(editor.uri(name)) or (editor.root / name).read_text("utf-8")
             for name in (WEB, SHOP, KPI)}  # fmt: skip
    return [(each.uri.rpartition("/")[2], each.range.start.line, marked(texts[each.uri], each.range)) for each in found]


def test_references_are_found_in_all_files(root: Path) -> None:
    async def work(editor: Editor) -> None:
        await editor.open(WEB)
        share = [
            ("shop.yaml", 6, "share"),
            ("shop.yaml", 12, "share"),
            ("web.yaml", 8, "share"),
            ("web.yaml", 19, "share"),
        ]
        assert sorted(await places(editor, WEB, "share")) == share
        assert ("web.yaml", 8, "share") not in await places(editor, WEB, "share", declaration=False)
        visits = await places(editor, WEB, "visits")
        assert [name for name, *_ in sorted(visits)] == ["a.yaml"] * 3 + ["shop.yaml"] * 2 + ["web.yaml"]
        assert {text for *_, text in visits} == {"visits"}
        assert await places(editor, WEB, "Pages") == []
        params = types.DocumentHighlightParams(editor.document(WEB), editor.place(WEB, "share", 1))
        found = await editor.client.text_document_document_highlight_async(params)
        assert [marked(GOALS, each.range) for each in found or ()] == ["share", "share"]

    talk(root, work)


def test_references_in_unsaved_text_count(root: Path) -> None:
    async def work(editor: Editor) -> None:
        await editor.open(SHOP, SHOP_TEXT.replace("parent: web/fast.share", "parent: web/fast"))
        await editor.open(WEB)
        assert len(await places(editor, WEB, "share")) == 3

    talk(root, work)


def test_settings_are_no_goals(root: Path) -> None:
    async def work(editor: Editor) -> None:
        await editor.open(CONFIG, SETTINGS.replace("shop: {name: Shop}", "shop: {name: Shop, parent: web, lead: tom}"))
        for piece, line, text in (("parent: web", 0, "web"), ("lead: tom", 1, "tom")):
            params = types.DefinitionParams(editor.document(CONFIG), editor.place(CONFIG, piece, 9))
            found = await editor.client.text_document_definition_async(params)
            assert isinstance(found, types.Location) and found.range.start.line == line
            assert marked(editor.texts[editor.uri(CONFIG)], found.range) == text

    talk(root, work)


def test_a_file_with_errors_says_so(root: Path) -> None:
    async def work(editor: Editor) -> str:
        await editor.open(WEB, GOALS.replace("owner: ana", "onwer: ana"))
        return text_of(await hover(editor, WEB, "fast"))

    assert f"not scored while {WEB} has errors" in talk(root, work).replace("\\", "")
