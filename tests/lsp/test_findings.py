"""Findings while typing: of unsaved text, with the places of the editor, in all files that an edit concerns."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

pytest.importorskip("pytest_lsp")

from lsprotocol import types

from tests.lsp.clients import (
    CONFIG,
    EDITORS,
    FILES,
    GOALS,
    KPI,
    KPIS,
    SETTINGS,
    SHOP,
    WEB,
    Diagnostics,
    Editor,
    codes,
    marked,
    talk,
)
from tests.running import run, write

SUPPORT = """\
period: 2026-Q2
team: shop
objectives:
  - id: sales
    title: More people find what they look for
    owner: tom
    parent: web/fast
    key_results: [{id: found, title: Searches that end with a purchase, from: 10%, to: 20%}]
"""


def test_the_findings_are_those_of_the_command(root: Path) -> None:
    text = GOALS.replace("owner: ana", "owner: anna").replace("[share]", "[shares]").replace("to: 100", "to: 1,00")
    write(root, {WEB: text})
    printed = json.loads(run("check", "--format", "json", cwd=root, today="2026-05-20").out)["diagnostics"]

    async def work(editor: Editor) -> Diagnostics:
        return await editor.open(WEB)

    found = talk(root, work)
    own = [each for each in printed if each["path"].endswith("web.yaml")]
    assert len(own) > 2
    assert [(each.code, each.range.start.line + 1, each.range.start.character + 1) for each in found] == [
        (each["code"], each["line"], each["column"]) for each in own
    ]
    severities = {"error": types.DiagnosticSeverity.Error, "warning": types.DiagnosticSeverity.Warning,
                  "info": types.DiagnosticSeverity.Information}  # fmt: skip
    for each, data in zip(found, own, strict=True):
        assert each.message == data["message"] + (f"\n{data['help']}" if data["help"] else "")
        assert each.severity == severities[data["severity"]] and each.source == "okrctl"
        assert each.code_description.href.endswith(f"/rules/{data['code']}/")


def test_a_typed_mistake_is_found_and_goes_with_it(root: Path) -> None:
    async def work(editor: Editor) -> list[set[str]]:
        clean = await editor.open(WEB)
        wrong = await editor.replace(WEB, "owner: ana", "owner: ann")
        right = await editor.replace(WEB, "owner: ann", "owner: ana")
        return [codes(each) for each in (clean, wrong, right)]

    clean, wrong, right = talk(root, work)
    assert clean == right and wrong - clean == {"OKR104"}
    assert (root / WEB).read_text() == GOALS


def test_an_edit_is_felt_in_other_files(root: Path) -> None:
    write(root, {SHOP: SUPPORT})

    async def work(editor: Editor) -> list[set[str]]:
        await editor.open(WEB)
        before = codes(editor.shown(SHOP))
        await editor.replace(WEB, "id: fast", "id: quick")
        await editor.until(lambda: "OKR102" in codes(editor.shown(SHOP)))
        missing = next(each for each in editor.shown(SHOP) if each.code == "OKR102")
        assert marked(SUPPORT, missing.range) == "web/fast"
        await editor.replace(WEB, "id: quick", "id: fast")
        await editor.until(lambda: "OKR102" not in codes(editor.shown(SHOP)))
        return [before, codes(editor.shown(SHOP))]

    before, after = talk(root, work)
    assert before == after


def test_two_unsaved_texts_are_seen_together(root: Path) -> None:
    write(root, {SHOP: SUPPORT})

    async def work(editor: Editor) -> None:
        await editor.open(WEB, GOALS.replace("id: fast", "id: quick"))
        found = await editor.open(SHOP, SUPPORT.replace("web/fast", "web/quick"))
        assert "OKR102" not in codes(found)

    talk(root, work)


@pytest.mark.parametrize(
    ("text", "code", "place"),
    [
        (GOALS.replace("title: Pages load", "title: Pages: load"), "OKR001", "Pages: load before people lose patience"),
        (GOALS.replace("owner: ana", "owner: [ana"), "OKR001", "["),
        (GOALS.replace("owner: ana", "owner: 'ana"), "OKR001", "'"),
        (GOALS.replace("    owner", "\t  owner"), "OKR001", "\t  "),
        (GOALS.replace("owner: ana", "onwer: ana"), "OKR002", "onwer"),
        (GOALS + "<<<<<<< HEAD\n", "OKR001", "<<<<<<<"),
        ("", "OKR006", ""),
        ("kpis: []\nobjectives: []\n", "OKR006", "kpis"),
    ],
)
def test_a_broken_text_has_its_finding_at_its_place(root: Path, text: str, code: str, place: str) -> None:
    async def work(editor: Editor) -> Diagnostics:
        return await editor.open(WEB, text)

    found = next(each for each in talk(root, work) if each.code == code)
    assert marked(text, found.range) == place


def wrong_key(title: str) -> str:
    """A file of KPIs with an unknown key behind a title in the same line."""
    quoted = json.dumps(title, ensure_ascii=False)
    return f"kpis:\n  - {{id: a, title: T}}\n  - {{id: b, title: {quoted}, onwer: ana}}\n"


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("title", ["Größe für Ärzte", "🚀🚀 load", "A\u2028b\u0085c \u2029d\ue000", "日本語 👩‍👩‍👧"])
def test_places_count_units_of_utf_16(root: Path, newline: str, title: str) -> None:
    text = wrong_key(title).replace("\n", newline)

    async def work(editor: Editor) -> Diagnostics:
        return await editor.open(KPI, text)

    [found] = [each for each in talk(root, work) if each.code == "OKR002"]
    assert marked(text, found.range) == "onwer"


@pytest.mark.parametrize(("encoding", "units"), [("utf-8", 10), ("utf-16", 5), ("utf-32", 3)])
def test_places_count_what_was_negotiated(root: Path, encoding: str, units: int) -> None:
    async def work(editor: Editor) -> int:
        [found] = [each for each in await editor.open(KPI, wrong_key("ä🚀🚀")) if each.code == "OKR002"]
        assert editor.server_capabilities.position_encoding == encoding
        return found.range.start.character

    assert talk(root, work, encoding=encoding) == len('  - {id: b, title: "", ') + units


def test_a_byte_order_mark_moves_nothing(root: Path) -> None:
    text = "{kpis: [{id: a, title: ä, better: higher, onwer: ana}]}\n"
    write(root, {"kpis/b.yaml": text.encode("utf-8-sig")})

    def places(text: str, found: Diagnostics) -> list[str]:
        return [marked(text, each.range) for each in found if each.code == "OKR002"]

    async def work(editor: Editor) -> None:
        await editor.open(WEB)
        await editor.until(lambda: editor.uri("kpis/b.yaml") in editor.published)
        assert places(text, editor.shown("kpis/b.yaml")) == ["onwer"], "editors hide the mark of a file"
        assert places(text, await editor.open("kpis/b.yaml", text)) == ["onwer"]
        marked_text = "\ufeff" + text
        assert places(marked_text, await editor.change("kpis/b.yaml", marked_text)) == ["onwer"]

    talk(root, work)


def test_related_places_lead_into_other_files(root: Path) -> None:
    write(root, {"kpis/b.yaml": KPIS})

    async def work(editor: Editor) -> None:
        found = await editor.open("kpis/b.yaml")
        duplicate = next(each for each in found if each.related_information)
        [other] = duplicate.related_information
        assert other.location.uri == editor.uri(KPI) and marked(KPIS, other.location.range) == "visits"

    talk(root, work)


def test_a_suppression_without_use_is_marked_as_unnecessary(root: Path) -> None:
    async def work(editor: Editor) -> Diagnostics:
        return await editor.open(WEB, GOALS.replace("owner: ana", "owner: ana  # okrctl: ignore[missing-owner]"))

    [found] = [each for each in talk(root, work) if each.code == "OKR011"]
    assert list(found.tags or ()) == [types.DiagnosticTag.Unnecessary]


def test_unsaved_settings_count(root: Path) -> None:
    async def work(editor: Editor) -> None:
        assert "OKR104" not in codes(await editor.open(WEB))
        await editor.open(CONFIG, SETTINGS.replace("ana:", "eva:"))
        await editor.until(lambda: "OKR104" in codes(editor.shown(WEB)))
        await editor.change(CONFIG, SETTINGS + "rules: {unknown-owner: ignore}\n")
        await editor.until(lambda: "OKR104" not in codes(editor.shown(WEB)))
        assert "OKR002" in codes(await editor.change(CONFIG, SETTINGS + "raules: {}\n"))

    talk(root, work)


def test_unsaved_readings_in_csv_count(root: Path) -> None:
    text = KPIS.replace("readings: {2026-04-20: 7, 2026-05-04: 9}", "readings: a.csv")
    write(root, {KPI: text, "kpis/a.csv": "date,value\n2026-04-20,7\n"})

    async def work(editor: Editor) -> None:
        assert await editor.open(KPI) == []
        found = await editor.open("kpis/a.csv", "date,value\n2026-04-20,7\n2026-04-27,seven\n")
        assert [marked(editor.texts[editor.uri("kpis/a.csv")], each.range) for each in found] == [""]
        assert found[0].range.start.line == 2
        assert await editor.change("kpis/a.csv", "") != []

    talk(root, work)


def test_closing_takes_back_what_was_not_saved(root: Path) -> None:
    write(root, {SHOP: SUPPORT})

    async def work(editor: Editor) -> None:
        await editor.open(SHOP)
        await editor.open(WEB, GOALS.replace("owner: ana", "owner: ann").replace("id: fast", "id: quick"))
        await editor.until(lambda: "OKR102" in codes(editor.shown(SHOP)))
        editor.close(WEB)
        await editor.until(lambda: "OKR104" not in codes(editor.shown(WEB)))
        await editor.until(lambda: "OKR102" not in codes(editor.shown(SHOP)))

    talk(root, work)


def test_closing_the_last_file_of_a_workspace_clears_it(root: Path) -> None:
    write(root, {SHOP: SUPPORT.replace("web/fast", "web/none")})

    async def work(editor: Editor) -> None:
        await editor.open(WEB, GOALS.replace("owner: ana", "owner: ann"))
        await editor.until(lambda: "OKR102" in codes(editor.shown(SHOP)))
        editor.close(WEB)
        await editor.until(lambda: editor.shown(SHOP) == [] and editor.shown(WEB) == [])

    talk(root, work)


def test_a_file_that_is_deleted_keeps_its_buffer(root: Path) -> None:
    async def work(editor: Editor) -> None:
        await editor.open(WEB)
        (root / WEB).unlink()
        assert "OKR104" in codes(await editor.replace(WEB, "owner: ana", "owner: ann"))

    talk(root, work)


def test_a_new_file_counts_before_it_is_saved(root: Path) -> None:
    async def work(editor: Editor) -> None:
        await editor.open(WEB, GOALS)
        assert "OKR102" not in codes(await editor.open("okrs/2026-Q3/web.yaml", SUPPORT.replace("2026-Q2", "2026-Q2")))
        assert await editor.open("okrs/notes.txt", "neither YAML: nor: a goal") == []
        assert await editor.open("drafts/web.yaml", "onwer: ana\n") == []

    talk(root, work)


def test_each_workspace_has_its_own_settings(root: Path, tmp_path: Path) -> None:
    """Two folders, of which one lies within the other."""
    inner = root / "branch"
    write(inner, {**FILES, CONFIG: "people: {tom: {}}\n"})

    async def work(editor: Editor) -> None:
        await editor.open(WEB)
        found = await editor.open(f"branch/{WEB}")
        assert "OKR104" in codes(found) and "OKR104" not in codes(editor.shown(WEB))
        editor.close(WEB)
        await editor.change(f"branch/{WEB}", GOALS.replace("owner: ana", "owner: tom"))
        assert "OKR104" not in codes(editor.shown(f"branch/{WEB}"))

    talk(root, work)


def test_files_that_change_on_the_disk_are_noticed(root: Path) -> None:
    write(root, {SHOP: SUPPORT})
    event = types.FileEvent((root / SHOP).as_uri(), types.FileChangeType.Changed)

    async def work(editor: Editor) -> None:
        await editor.open(WEB)
        write(root, {SHOP: SUPPORT.replace("web/fast", "web/none")})
        editor.client.workspace_did_change_watched_files(types.DidChangeWatchedFilesParams([event]))
        await editor.until(lambda: "OKR102" in codes(editor.shown(SHOP)))
        await editor.until(lambda: bool(editor.registered))
        assert editor.registered[0].method == types.WORKSPACE_DID_CHANGE_WATCHED_FILES

    talk(root, work)


def test_saving_looks_again(root: Path) -> None:
    write(root, {SHOP: SUPPORT})

    async def work(editor: Editor) -> None:
        await editor.open(WEB)
        write(root, {SHOP: SUPPORT.replace("web/fast", "web/none")})
        editor.client.text_document_did_save(types.DidSaveTextDocumentParams(editor.document(WEB)))
        await editor.until(lambda: "OKR102" in codes(editor.shown(SHOP)))

    talk(root, work)


@pytest.mark.parametrize("name", EDITORS)
def test_every_editor_gets_what_it_can_show(root: Path, name: str) -> None:
    """The client of the tests warns of what its editor did not say that it can show."""

    async def work(editor: Editor) -> Diagnostics:
        return await editor.open(WEB, GOALS.replace("owner: ana", "owner: ann"))

    assert "OKR104" in codes(talk(root, work, editor=name))
