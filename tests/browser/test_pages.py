"""The pages in a real browser: no messages, no requests, no overflow at any width, and accessible."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.browser import chromium
from tests.browser.chromium import Browser, Page
from tests.outputs import briefs
from tests.running import run, write

AXE = Path(os.environ.get("OKRCTL_TEST_AXE") or "axe-core is not here") / "axe.min.js"

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.skipif(chromium.CHROMIUM is None, reason="there is no Chromium"),
]

SEEN = [(width, dark, scripts) for width in (390, 1280) for dark in (False, True) for scripts in (True, False)]
SEEN.append((860, False, True))
WIDEST = """(() => {
  const wide = document.documentElement.clientWidth;
  const scrolled = (node) => node.closest(".scroll, .skip, caption, thead, svg");
  return [...document.body.querySelectorAll("*")]
    .filter((node) => !scrolled(node) && node.getClientRects().length)
    .filter((node) => node.getBoundingClientRect().right > wide + 1 || node.getBoundingClientRect().left < -1)
    .map((node) => node.outerHTML.slice(0, 120));
})()"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium.started() as found:
        yield found


def _lengthen(text: str) -> str:
    """The same files with words as long as German has them in earnest."""
    for short, long in (("Orders", "Kundenzufriedenheitsbefragungen"[:27]), ("Customers", "Bestandskundenverträge"),
                        ("Income of", "Jahresdurchschnittstemperatur"), ("Tom", "Bartholomäus-Maximilian"),
                        ("The shop", "Wiederverkäuferbetreuung")):  # fmt: skip
        text = text.replace(short, long)
    return text


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A report and a site of an ordinary workspace, and a report of one with hostile titles."""
    plain, hostile = briefs.plain(tmp_path_factory.mktemp("plain")), briefs.hostile(tmp_path_factory.mktemp("hostile"))
    german = write(tmp_path_factory.mktemp("german"), {path: _lengthen(text) for path, text in briefs.PLAIN.items()})
    for root in (plain, hostile, german):
        assert run("report", "2026-Q2", "--format", "html", "-o", "report.html", cwd=root, today=briefs.DAY).status == 0
        assert run("report", "--site", "site", cwd=root, today=briefs.DAY).status == 0
    return {
        "report": plain / "report.html", "hostile": hostile / "report.html", "index": plain / "site/index.html",
        "team": plain / "site/teams/shop.html", "owner": plain / "site/owners/tom.html",
        "german": german / "report.html",
    }  # fmt: skip


@pytest.mark.parametrize("name", ["report", "hostile", "index", "team", "owner"])
@pytest.mark.parametrize(("width", "dark", "scripts"), SEEN)
def test_a_page_logs_nothing_requests_nothing_and_fits(
    browser: Browser, pages: dict[str, Path], name: str, width: int, dark: bool, scripts: bool
) -> None:
    page = Page(browser, width=width, dark=dark, scripts=scripts)
    page.show(pages[name])
    assert page.run("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    assert page.run(WIDEST) == []
    assert page.run("document.getElementById('main').innerText.length") > 100
    if name in ("report", "hostile"):
        assert page.run("document.getElementById('filters').hidden") is not scripts
    assert page.requests() == [pages[name].as_uri()]
    assert page.messages() == []
    page.close()


@pytest.mark.skipif(not AXE.is_file(), reason="OKRCTL_TEST_AXE names no folder with axe-core")
@pytest.mark.parametrize("name", ["report", "hostile", "index", "team", "owner"])
@pytest.mark.parametrize(("width", "dark"), [(390, False), (390, True), (1280, False), (1280, True)])
def test_axe_finds_nothing(browser: Browser, pages: dict[str, Path], name: str, width: int, dark: bool) -> None:
    page = Page(browser, width=width, dark=dark)
    page.show(pages[name])
    page.run("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
    page.run(AXE.read_text("utf-8") + "; 0")
    found = page.run(
        "axe.run(document, {resultTypes: ['violations']}).then((all) => all.violations.map("
        "(one) => [one.id, one.nodes.map((node) => [node.target, node.failureSummary])]))"
    )
    assert found == []
    page.close()


def shown(page: Page) -> list[str]:
    """The titles of the key results that can be seen."""
    page.run("document.querySelectorAll('.fold').forEach((one) => { one.open = true; })")
    rows = "[...document.querySelectorAll('.results tbody th > bdi')]"
    found: list[str] = page.run(f"{rows}.filter((one) => one.getClientRects().length).map((one) => one.textContent)")
    return found


def tab_to(page: Page, id: str) -> None:
    for _ in range(200):
        if page.run("document.activeElement.id") == id:
            return
        page.press("Tab", 9)
    raise AssertionError(f"the keyboard does not lead to {id}")


def test_filters_work_by_keyboard(browser: Browser, pages: dict[str, Path]) -> None:
    page = Page(browser)
    page.show(pages["report"])
    everything = shown(page)
    assert len(everything) == 5
    tab_to(page, "f-team")
    page.type("The shop")
    assert shown(page) == ["Orders each week", "Calls about broken things", "Cost of an order"]
    assert page.run("document.getElementById('f-count').textContent") == "1 objective, 2 key results, 1 guardrail"
    tab_to(page, "f-owner")
    page.type("Tom")
    assert shown(page) == ["Orders each week"]
    tab_to(page, "f-clear")
    page.press("Enter", 13, "\r")
    assert shown(page) == everything
    assert page.run("document.activeElement.id") == "f-text"
    page.type("loyal")
    assert shown(page) == ["Share of loyal customers"]
    assert page.messages() == []
    page.close()


def test_filters_stay_in_the_address(browser: Browser, pages: dict[str, Path]) -> None:
    page = Page(browser)
    page.show(pages["report"])
    tab_to(page, "f-owner")
    page.type("Tom")
    tab_to(page, "f-text")
    page.type("or")
    assert page.run("location.hash") == "#owner=tom&words=or"
    page.close()
    again = Page(browser)
    again.call("Page.navigate", url=f"{pages['report'].as_uri()}#owner=tom&words=orders&order=title&team=nobody")
    again.wait()
    assert again.run("['f-owner', 'f-text', 'f-sort', 'f-team'].map((id) => document.getElementById(id).value)") == [
        "tom", "orders", "title", "",
    ]  # fmt: skip
    assert shown(again) == ["Orders each week"]
    assert again.messages() == []
    again.close()


def test_a_link_to_a_goal_opens_its_objective_also_behind_a_filter(browser: Browser, pages: dict[str, Path]) -> None:
    page = Page(browser)
    page.show(pages["report"])
    assert page.run("[...document.querySelectorAll('.fold')].every((one) => !one.open)")
    tab_to(page, "f-team")
    page.type("Company")
    page.run("document.querySelector('#attention a[href$=\"loved.orders\"]').click()")
    page.run("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    assert page.run("document.getElementById('goal-2026-Q2/shop/loved').querySelector('.fold').open")
    row = page.run("document.getElementById('goal-2026-Q2/shop/loved.orders').getBoundingClientRect().toJSON()")
    assert row["height"] > 0 and 0 <= row["top"] < 900
    assert page.run("document.getElementById('f-team').value") == ""
    page.close()


def test_points_of_a_chart_say_their_values_on_hover_and_on_focus(browser: Browser, pages: dict[str, Path]) -> None:
    page = Page(browser, scripts=False)
    page.show(pages["report"])
    points = "[...document.querySelectorAll('header .point')]"
    words = f"{points}.map((one) => getComputedStyle(one.querySelector('text')).visibility)"
    assert set(page.run(words)) == {"hidden"}
    while not page.run("document.activeElement.classList.contains('point')"):
        page.press("Tab", 9)
    assert page.run(words)[0] == "visible" and page.run("document.activeElement.getAttribute('aria-label')")
    place = page.run(f"{points}.at(-1).querySelector('circle').getBoundingClientRect().toJSON()")
    middle = {"x": place["x"] + place["width"] / 2, "y": place["y"] + place["height"] / 2}
    page.call("Input.dispatchMouseEvent", type="mouseMoved", **middle)
    assert page.run(words)[-1] == "visible"
    page.close()


WORDS_BROKEN = """(() => {
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), broken = [];
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    if (node.parentElement.closest("script, style, code, .place, .long, caption, thead, svg, option")) continue;
    if (!node.parentElement.checkVisibility()) continue;
    for (const match of node.data.matchAll(/[\\p{L}\\p{N}]+/gu)) {
      if (match[0].length > 30) continue;
      const range = document.createRange();
      range.setStart(node, match.index);
      range.setEnd(node, match.index + match[0].length);
      const lines = new Set([...range.getClientRects()].filter((one) => one.width).map((one) => Math.round(one.top)));
      if (lines.size > 1) broken.push(match[0]);
    }
  }
  return broken;
})()"""


@pytest.mark.parametrize("name", ["report", "german", "index", "team", "owner"])
@pytest.mark.parametrize("width", [390, 860, 1000, 1280])
def test_no_word_is_broken_inside(browser: Browser, pages: dict[str, Path], name: str, width: int) -> None:
    page = Page(browser, width=width)
    page.show(pages[name])
    page.run("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
    assert page.run(WORDS_BROKEN) == []
    page.close()


def test_a_broken_word_would_be_seen(browser: Browser, pages: dict[str, Path]) -> None:
    page = Page(browser, width=390)
    page.show(pages["report"])
    page.run("document.body.style.wordBreak = 'break-all'")
    assert page.run(WORDS_BROKEN) != []
    page.close()


def test_objectives_can_be_sorted(browser: Browser, tmp_path: Path) -> None:
    root = briefs.large(tmp_path)
    run("report", "2026-Q2", "--format", "html", "-o", "report.html", cwd=root, today=briefs.DAY)
    page = Page(browser)
    page.show(root / "report.html")
    scores = "[...document.querySelector('.team').querySelectorAll('article')].map((one) => Number(one.dataset.score))"
    before = page.run(scores)
    tab_to(page, "f-sort")
    page.type("Lowest")
    assert page.run(scores) == sorted(before) != before
    page.close()


def test_print_has_everything_open_and_no_controls(browser: Browser, pages: dict[str, Path]) -> None:
    page = Page(browser, dark=True)
    page.show(pages["report"])
    page.call("Emulation.setEmulatedMedia", media="print", features=[{"name": "prefers-color-scheme", "value": "dark"}])
    assert page.run("getComputedStyle(document.getElementById('filters')).display") == "none"
    assert page.run("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    rows = "[...document.querySelectorAll('.results tbody tr')]"
    folded = "[...document.querySelectorAll('.fold')].filter((one) => !one.open).length"
    assert page.run(folded) == 2 and page.run(f"{rows}.length") == 5
    assert page.run(f"{rows}.filter((one) => one.checkVisibility() && one.getClientRects().length).length") == 5
    assert page.run("[...document.querySelectorAll('.values table')].every((one) => !one.getClientRects().length)")
    assert len(page.call("Page.printToPDF")["data"]) > 10_000
    page.close()
