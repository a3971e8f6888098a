"""What may be written at a place: references, names of the settings, words and keys, also in half-typed text."""

from __future__ import annotations

from pathlib import Path

import pytest

pytest.importorskip("pytest_lsp")

from lsprotocol import types

from tests.lsp.clients import CONFIG, EDITORS, FILES, GOALS, KPI, KPIS, SETTINGS, SHOP, WEB, Editor, at, position, talk
from tests.running import write

SHOP_TEXT = """\
period: 2026-Q2
team: shop
objectives:
  - id: sales
    title: More people find what they look for
    owner: tom
    key_results: [{id: found, title: Searches that end with a purchase, from: 10%, to: 20%}]
"""
YEAR = "okrs/2026/company.yaml"
YEAR_TEXT = """\
period: 2026
objectives:
  - {id: trust, title: People trust us, owner: ana, key_results: [{id: complaints, title: Complaints, at_most: 9}]}
"""
EARLIER = "okrs/2026-Q1/web.yaml"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "goals"
    earlier = GOALS.replace("2026-Q2", "2026-Q1").replace("id: fast", "id: slow")
    write(folder, {**FILES, SHOP: SHOP_TEXT, YEAR: YEAR_TEXT, EARLIER: earlier})
    return folder


async def complete(editor: Editor, path: str, text: str) -> tuple[str, list[types.CompletionItem]]:
    """The text without the sign `|`, and what may be written there."""
    index = text.index("|")
    text = text[:index] + text[index + 1 :]
    uri = editor.uri(path)
    if uri in editor.texts:
        editor.type(uri, text)
    else:
        editor.begin(uri, text)
    params = types.CompletionParams(editor.document(path), position(text, index))
    found = await editor.client.text_document_completion_async(params)
    if found is None:
        return text, []
    assert isinstance(found, types.CompletionList) and not found.is_incomplete
    return text, list(found.items)


def labels(items: list[types.CompletionItem]) -> list[str]:
    return [item.label for item in sorted(items, key=lambda item: item.sort_text or "")]


def accepted(text: str, item: types.CompletionItem) -> str:
    """The text in which a person has accepted an item."""
    edit = item.text_edit
    assert isinstance(edit, types.TextEdit)
    return text[: at(text, edit.range.start)] + edit.new_text + text[at(text, edit.range.end) :]


def with_line(line: str) -> str:
    """The goals with a line below the owner."""
    return GOALS.replace("    owner: ana\n", f"    owner: ana\n{line}\n")


PLACES = [
    (WEB, GOALS.replace("owner: ana", "owner: |"), ["ana", "tom", "web", "shop"]),
    (WEB, GOALS.replace("owner: ana", "owner: a|"), ["ana", "tom", "web", "shop"]),
    (WEB, GOALS.replace("owner: ana", 'owner: "a|"'), ["ana", "tom", "web", "shop"]),
    (WEB, with_line("    contributors: [tom, |]"), ["ana", "tom", "web", "shop"]),
    (WEB, with_line("    contributors: [tom, |"), ["ana", "tom", "web", "shop"]),
    (WEB, GOALS.replace("team: web", "team: |"), ["web", "shop"]),
    (WEB, GOALS.replace("kpis: [visits]", "kpis: [|]"), ["visits"]),
    (WEB, GOALS.replace("kpis: [visits]", "kpis: [|"), ["visits"]),
    (WEB, GOALS.replace("kpis: [visits]", "kpis:\n      - |"), ["visits"]),
    (WEB, GOALS.replace("kpis: [visits]", "kpis: |"), ["visits"]),
    (WEB, GOALS.replace("kpis: [visits]", "hypothesis: {kpi: |, expect: up}"), ["visits"]),
    (WEB, GOALS.replace("kpis: [visits]", "hypothesis: {kpi: visits, expect: |}"), ["up", "down", "steady"]),
    (WEB, GOALS.replace("[share]", "[|]"), ["share", "all"]),
    (WEB, GOALS.replace("[share]", "|"), ["share", "all"]),
    (WEB, with_line("    parent: |"), ["shop/sales", "shop/sales.found", "company/trust", "company/trust.complaints",
                                        "2026-Q1/web/slow", "2026-Q1/web/slow.share", "2026-Q1/web/slow.errors"]),
    (WEB, with_line("    parent: company/|"), None),
    (WEB, with_line("    carried_from: |"), ["2026-Q1/web/slow"]),
    (WEB, with_line("    initiatives: [{title: T, moves: |}]"), None),
    (WEB, with_line("    ambition: |"), ["aspirational", "committed"]),
    (WEB, with_line("    state: d|"), ["draft", "active", "deprioritized", "postponed"]),
    (WEB, GOALS.replace("at_most: 4", "at_most: 4\n        cadence: |"),
     ["daily", "weekly", "fortnightly", "monthly", "quarterly"]),
    (WEB, "period: |\nobjectives: []\n", ["2026", "2026-Q2", "2026-Q1"]),
    (KPI, KPIS.replace("better: higher", "better: |"), ["higher", "lower"]),
    (KPI, KPIS + "  - {id: more, title: More, better: higher, formula: 2 * v|}\n", ["visits"]),
    (KPI, KPIS + "  - {id: more, title: More, better: higher, formula: (visits - |", ["visits"]),
    (KPI, KPIS.replace("owner: ana", "team: |"), ["web", "shop"]),
    (CONFIG, SETTINGS.replace("shop: {name: Shop}", "shop: {parent: |}"), ["web", "shop"]),
    (CONFIG, SETTINGS.replace("shop: {name: Shop}", "shop: {lead: |}"), ["ana", "tom", "web", "shop"]),
    (CONFIG, SETTINGS + "rules: {unknown-owner: |}\n", ["error", "warning", "info", "ignore"]),
    (CONFIG, SETTINGS + "profile: |\n", ["balanced", "academy", "databox", "google"]),
]  # fmt: skip


@pytest.mark.parametrize(("path", "text", "expected"), PLACES)
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_values(root: Path, path: str, text: str, expected: list[str] | None, newline: str) -> None:
    async def work(editor: Editor) -> list[str]:
        return labels((await complete(editor, path, text.replace("\n", newline)))[1])

    found = talk(root, work)
    if expected is None:
        assert "company/trust.complaints" in found
    else:
        assert sorted(found) == sorted(expected)
        assert found[: len(expected)] == expected or "parent" in text or "period" in text


@pytest.mark.parametrize(
    ("path", "text", "expected", "absent"),
    [
        (WEB, with_line("    |"), {"why", "parent", "hypothesis", "state"}, {"owner", "title", "to"}),
        (WEB, with_line("    par|"), {"parent"}, {"owner"}),
        (WEB, GOALS + "        |", {"cadence", "weight", "readings"}, {"at_most", "guards"}),
        (WEB, GOALS + "      - |", {"id", "title", "from", "to", "done", "milestones", "graded"}, {"kpis"}),
        (WEB, GOALS + "  - |", {"id", "title", "owner", "key_results"}, {"team"}),
        (WEB, GOALS + "|", {"language"}, {"period", "kpis"}),
        (WEB, GOALS.replace("2026-04-20: 20", "2026-04-20: {value: 20, |}"), {"confidence", "note"}, {"value"}),
        (KPI, KPIS.replace("owner: ana, ", "|"), {"owner", "unit", "formula"}, {"title", "to"}),
        (KPI, KPIS + "  - {id: x, |", {"title", "better", "watch"}, {"id"}),
        (KPI, KPIS + "  - id: x\n    watch:\n      |\n", {"below", "above"}, {"id"}),
        ("okrs/new.yaml", "|", {"period", "team", "objectives", "kpis"}, {"id"}),
        (CONFIG, SETTINGS + "|", {"rules", "fiscal_year", "scoring"}, {"teams"}),
        (CONFIG, SETTINGS + "scoring: {|}\n", {"cap", "missing"}, {"rules"}),
        (CONFIG, SETTINGS + "rules:\n  |\n", {"unknown-owner", "missing-owner"}, {"teams"}),
    ],
)
def test_keys(root: Path, path: str, text: str, expected: set[str], absent: set[str]) -> None:
    async def work(editor: Editor) -> set[str]:
        return set(labels((await complete(editor, path, text))[1]))

    found = talk(root, work)
    assert expected <= found and not absent & found


@pytest.mark.parametrize(
    ("text", "label", "result"),
    [
        (with_line("    parent: comp|"), "company/trust", with_line("    parent: company/trust")),
        (with_line("    parent: shop/|sales"), "company/trust", with_line("    parent: company/trust")),
        (with_line("    parent: '🚀 |'"), "company/trust", with_line("    parent: '🚀 company/trust'")),
        (with_line("    parent: \"x |"), "company/trust", with_line("    parent: \"x company/trust")),
        (with_line("    wh|"), "why", with_line("    why: ")),
        (with_line("    wh|: x"), "why", with_line("    why: x")),
        (with_line("    in|"), "initiatives", with_line("    initiatives:")),
        (GOALS.replace("kpis: [visits]", "kpis: [vis|its]"), "visits", GOALS),
    ],
)  # fmt: skip
def test_what_is_accepted_takes_the_place_of_the_word(root: Path, text: str, label: str, result: str) -> None:
    async def work(editor: Editor) -> str:
        plain, items = await complete(editor, WEB, text)
        return accepted(plain, next(item for item in items if item.label == label))

    assert talk(root, work) == result


@pytest.mark.parametrize(
    "text",
    [
        GOALS.replace("title: Pages load", "title: Pages |load"), GOALS.replace("title: Pages load", "title: |"),
        GOALS.replace("owner: ana", "owner: ana  # |"), "# |\n" + GOALS, "\t|", "'|", "a: b: |",
        GOALS.replace("2026-04-20: 20", "2026-04-20: |"), with_line("    description: >\n      ana |"),
        with_line("    description: |\n      ana") + "\n", "<<<<<<< a\n|",
    ],
)  # fmt: skip
def test_elsewhere_nothing_is_proposed(root: Path, text: str) -> None:
    async def work(editor: Editor) -> list[str]:
        return labels((await complete(editor, WEB, text))[1])

    assert talk(root, work) == []


def test_titles_tell_what_a_reference_is(root: Path) -> None:
    async def work(editor: Editor) -> types.CompletionItem:
        _, items = await complete(editor, WEB, with_line("    parent: |"))
        return next(item for item in items if item.label == "company/trust")

    item = talk(root, work)
    assert item.detail == "People trust us" and item.filter_text == "company/trust People trust us"


def test_goals_of_unsaved_files_are_proposed(root: Path) -> None:
    async def work(editor: Editor) -> list[str]:
        await editor.open(SHOP, SHOP_TEXT.replace("id: sales", "id: revenue"))
        return labels((await complete(editor, WEB, with_line("    parent: |")))[1])

    found = talk(root, work)
    assert "shop/revenue" in found and "shop/sales" not in found


def test_a_bare_name_that_means_another_is_not_proposed(root: Path) -> None:
    """An objective `share` of the same team is `web/share`, since the key result comes first."""
    other = "  - {id: share, title: O, owner: ana, key_results: [{id: one, title: One, to: 1}]}\n"
    text = GOALS.replace("    kpis: [visits]", "    parent: |") + other

    async def work(editor: Editor) -> list[str]:
        return labels((await complete(editor, WEB, text))[1])

    found = talk(root, work)
    assert "web/share" in found and "share" not in found


def test_without_settings_the_names_in_use_are_proposed(root: Path) -> None:
    (root / CONFIG).write_text("")

    async def work(editor: Editor) -> list[list[str]]:
        owners = labels((await complete(editor, WEB, GOALS.replace("owner: ana", "owner: |")))[1])
        return [owners, labels((await complete(editor, WEB, GOALS.replace("team: web", "team: |")))[1])]

    assert talk(root, work) == [["ana", "tom"], ["company", "shop", "web"]]


def test_other_files_may_be_broken(root: Path) -> None:
    write(root, {SHOP: "objectives: [", YEAR: "kpis: []\nobjectives: []\n"})

    async def work(editor: Editor) -> list[str]:
        broken = with_line("    parent: |") + "      onwer: x\n"
        return labels((await complete(editor, WEB, broken))[1])

    assert "2026-Q1/web/slow" in talk(root, work)


@pytest.mark.parametrize("name", EDITORS)
def test_every_editor_is_served(root: Path, name: str) -> None:
    async def work(editor: Editor) -> list[str]:
        assert editor.server_capabilities.completion_provider is not None
        return labels((await complete(editor, WEB, GOALS.replace("owner: ana", "owner: |")))[1])

    assert talk(root, work, editor=name) == ["ana", "tom", "web", "shop"]
