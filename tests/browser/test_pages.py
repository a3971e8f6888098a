"""The pages in a real browser: no messages, no requests, no overflow at any width, and accessible."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.browser import chromium
from tests.browser.chromium import Browser, Page
from tests.outputs import briefs
from tests.running import run

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


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A report and a site of an ordinary workspace, and a report of one with hostile titles."""
    plain, hostile = briefs.plain(tmp_path_factory.mktemp("plain")), briefs.hostile(tmp_path_factory.mktemp("hostile"))
    for root in (plain, hostile):
        assert run("report", "2026-Q2", "--format", "html", "-o", "report.html", cwd=root, today=briefs.DAY).status == 0
        assert run("report", "--site", "site", cwd=root, today=briefs.DAY).status == 0
    return {
        "report": plain / "report.html", "hostile": hostile / "report.html", "index": plain / "site/index.html",
        "team": plain / "site/teams/shop.html", "owner": plain / "site/owners/tom.html",
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
    rows = "[...document.querySelectorAll('.team tbody th > bdi')]"
    found: list[str] = page.run(f"{rows}.filter((one) => one.getClientRects().length).map((one) => one.textContent)")
    return found


def tab_to(page: Page, id: str) -> None:
    for _ in range(80):
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
    assert page.run("document.getElementById('f-count').textContent") == "1 objective, 3 key results"
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
    assert len(page.call("Page.printToPDF")["data"]) > 10_000
    page.close()
