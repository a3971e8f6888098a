"""The pages in a real browser, as a person uses them: by keyboard, in several tabs, while files change."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.browser import chromium

pytest.importorskip("playwright")
pytest.importorskip("uvicorn")

from playwright.sync_api import sync_playwright

from tests.repositories import Repo
from tests.server.processes import Served, environment_for, run_okrctl, serving
from tests.server.worlds import DAY, GOALS, GOALS_FILE

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page, Request

AXE = Path(os.environ.get("OKRCTL_TEST_AXE") or "axe-core is not here") / "axe.min.js"
ORDERS = 'input[name="value:2026-Q2/shop/retention.orders"]'
DEMO_DAY = "2026-11-30"
PAGES = (
    "/", "/check-in?who=all", "/periods", "/periods/FY26-Q3", "/alignment", "/impact", "/changes", "/draft",
    "/findings", "/teams", "/periods/FY26-Q2", "/close/FY26-Q2",
    "/kpis", "/kpis/margin", "/kpis/late-parcels", "/objectives/FY26-Q3/roastery/even-roast", "/teams/roastery",
    "/key-results/FY26-Q3/roastery/even-roast.defects", "/amend/FY26-Q3/roastery/even-roast.defects", "/close/FY26-Q3",
    "/people/noor", "/people/nobody",
)  # fmt: skip

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.skipif(chromium.CHROMIUM is None, reason="there is no Chromium"),
]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium.CHROMIUM, args=["--no-sandbox"])
        yield started
        started.close()


@pytest.fixture(scope="module")
def demo_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo, built once, where git knows Ines; tests that write use a copy."""
    folder = tmp_path_factory.mktemp("demo")
    (folder / "company").mkdir()
    done = run_okrctl(folder / "company", environment_for(folder, DEMO_DAY), "init", "--demo")
    assert done.returncode == 0, done.stderr
    repo = Repo(folder / "company")
    repo.git("config", "user.name", "Ines")
    repo.git("config", "user.email", "ines@morgenrot.example")
    return repo.path


@pytest.fixture
def demo(demo_folder: Path, tmp_path: Path) -> Iterator[Served]:
    """A server of a copy of the demo."""
    root = tmp_path / "company"
    subprocess.run(["cp", "-a", str(demo_folder), str(root)], check=True)
    with serving(root, tmp_path, day=DEMO_DAY) as served:
        yield served


@pytest.fixture
def served(repo: Repo, tmp_path: Path) -> Iterator[Served]:
    with serving(repo.path, tmp_path, day=DAY) as found:
        yield found


def enter(browser: Browser, served: Served, width: int = 1280, **options: object) -> tuple[BrowserContext, Page]:
    """A browser that came in with a code."""
    context = browser.new_context(viewport={"width": width, "height": 900}, **options)  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(served.new_address())
    return context, page


def focus_by_tab(page: Page, selector: str, most: int = 60) -> None:
    """Press Tab until the element has the focus, as somebody without a mouse does."""
    for _ in range(most):
        page.keyboard.press("Tab")
        if page.evaluate("(what) => document.activeElement.matches(what)", selector):
            return
    pytest.fail(f"Tab does not lead to {selector}")


def test_five_readings_are_checked_in_by_keyboard(browser: Browser, demo: Served) -> None:
    repo = Repo(demo.root)
    before = repo.head
    context, page = enter(browser, demo)
    page.goto(f"{demo.origin}/check-in?who=all")
    focus_by_tab(page, "input.value")
    values = ["4.2", "69", "25.1", "69000", "28"]
    keys = 0
    for number, value in enumerate(values):
        page.keyboard.type(value)
        keys += len(value) + 1
        page.keyboard.press("ArrowDown" if number + 1 < len(values) else "Enter")
    page.wait_for_url("**/check-in?saved=*")
    assert keys < 40
    assert "Saved 5 readings" in page.inner_text("body")
    assert repo.git("rev-list", "--count", f"{before}..HEAD") == "1"
    assert repo.git("log", "-1", "--format=%an %s") == "Ines checkin: 5 readings"
    context.close()


def test_an_objective_is_drafted_with_the_words_of_the_rules(browser: Browser, demo: Served) -> None:
    repo = Repo(demo.root)
    context, page = enter(browser, demo)
    page.goto(f"{demo.origin}/draft?kpi=late-parcels")
    page.select_option("[name=team]", "roastery")
    page.fill("[name=title]", "Improve delivery")
    page.get_by_text("vague").first.wait_for()  # what a rule says of that title
    page.fill("[name=title]", "Parcels arrive on the day we promise")
    page.fill("[name=because]", "customers plan their week around it")
    page.fill("[name=title-1]", "Parcels that arrive a day late")
    page.fill("[name=start-1]", "6 %")
    page.fill("[name=target-1]", "2 %")
    page.fill("[name=title-2]", "Customers who ask where their parcel is")
    page.fill("[name=start-2]", "40")
    page.fill("[name=target-2]", "10")
    page.fill("[name=title-guardrail]", "Cost of a delivery")
    page.fill("[name=bound-guardrail]", "6 EUR")
    page.get_by_text("title: Parcels arrive on the day we promise").first.wait_for()  # the file to be
    page.click("text=Save the draft")
    page.locator(".banner.good").wait_for()
    assert repo.git("log", "-1", "--format=%an") == "Ines"
    changed = repo.git("diff", "--unified=0", "HEAD~1", "HEAD")
    for line in ("title: Parcels arrive on the day we promise", "state: draft", "from: 6 %", "at_most: 6 EUR"):
        assert line in changed
    done = run_okrctl(demo.root, demo.environment, "check", "--select", "OKR0")
    assert done.returncode == 0, done.stdout
    context.close()


def test_a_target_is_amended_with_a_reason(browser: Browser, demo: Served) -> None:
    repo = Repo(demo.root)
    context, page = enter(browser, demo)
    page.goto(f"{demo.origin}/key-results/FY26-Q3/roastery/even-roast.defects")
    page.get_by_role("link", name="Amend", exact=True).first.click()
    page.fill('[name="new:to"]', "1.5 %")
    page.fill("[name=reason]", "The second mill grinds finer")
    page.click("text=Save the amendment")
    page.locator(".banner.good").wait_for()
    changed = repo.git("diff", "--unified=0", "HEAD~1", "HEAD")
    assert "to: 1.5" in changed and "The second mill grinds finer" in changed
    context.close()


def test_a_quarter_is_closed_and_verified(browser: Browser, demo: Served) -> None:
    repo = Repo(demo.root)
    context, page = enter(browser, demo)
    page.goto(f"{demo.origin}/close/FY26-Q3")
    for choice in page.query_selector_all('select[name^="new:outcome:"]'):
        choice.select_option(index=1)
    page.click("text=Show the scorecard to seal")
    page.locator(".confirm").wait_for()
    for box in page.query_selector_all(".confirm input"):
        box.check()
    page.click("text=Show the scorecard to seal")
    page.locator("button[value=save]").click()
    page.get_by_text("The seal is valid").wait_for()
    assert "sealed" in repo.git("log", "-1", "--format=%s")
    done = run_okrctl(demo.root, demo.environment, "verify", "FY26-Q3")
    assert done.returncode == 0, done.stdout + done.stderr
    context.close()


def test_what_a_value_does_is_shown_while_it_is_typed(browser: Browser, served: Served) -> None:
    context, page = enter(browser, served)
    page.goto(f"{served.origin}/check-in?who=all")
    page.fill(ORDERS, "150")
    page.get_by_text("50 %").first.wait_for()
    page.fill(ORDERS, "15000")
    page.wait_for_selector("li.problem")
    context.close()


def test_a_file_that_changes_shows_on_an_open_page(browser: Browser, served: Served, repo: Repo) -> None:
    context, page = enter(browser, served)
    page.goto(f"{served.origin}/?who=all")
    assert "Customers with a second order" in page.inner_text("main")
    repo.write(GOALS_FILE, GOALS.replace("Customers with a second order", "Customers who order again"))
    page.get_by_text("Customers who order again").first.wait_for()
    context.close()


def test_what_is_being_typed_is_kept_while_files_change(browser: Browser, served: Served, repo: Repo) -> None:
    context, page = enter(browser, served)
    page.goto(f"{served.origin}/check-in?who=all")
    page.fill(ORDERS, "15")
    repo.write(GOALS_FILE, GOALS.replace("Parcels that come back", "Parcels sent back"))
    page.wait_for_selector("#changed:not([hidden])")
    assert page.input_value(ORDERS) == "15"
    context.close()


def test_a_reading_of_another_browser_shows_on_an_open_page(browser: Browser, served: Served) -> None:
    first, page = enter(browser, served)
    second, other = enter(browser, served)
    page.goto(f"{served.origin}/check-in?who=all")
    other.goto(f"{served.origin}/check-in?who=all")
    other.fill(ORDERS, "150")
    other.keyboard.press("Enter")
    other.wait_for_url("**/check-in?saved=*")
    page.get_by_text("130 customers, 16 days ago").wait_for(state="detached")
    first.close()
    second.close()


def test_eight_tabs_load_and_stay_live(browser: Browser, served: Served, repo: Repo) -> None:
    context, page = enter(browser, served)
    tabs = [page, *(context.new_page() for _ in range(7))]
    for tab in tabs:
        tab.goto(f"{served.origin}/?who=all")
    repo.write(GOALS_FILE, GOALS.replace("Customers with a second order", "Customers who order again"))
    for tab in tabs:
        tab.bring_to_front()
        tab.get_by_text("Customers who order again").first.wait_for()
    context.close()


def test_nothing_is_asked_of_other_machines_and_nothing_is_logged(
    browser: Browser, demo_pages: tuple[Served, dict[bool, BrowserContext]]
) -> None:
    demo, _ = demo_pages
    context, page = enter(browser, demo)
    asked: list[str] = []
    said: list[str] = []
    page.on("request", lambda request: _note(asked, request))
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    for path in PAGES[:-1]:  # the last one is missing, which a browser logs
        page.goto(f"{demo.origin}{path}", wait_until="load")
    assert said == []
    assert all(address.startswith(demo.origin) for address in asked)
    context.close()


def _note(asked: list[str], request: Request) -> None:
    asked.append(request.url)


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("dark", [False, True])
def test_every_page_fits_and_is_accessible(
    demo_pages: tuple[Served, dict[bool, BrowserContext]], path: str, dark: bool
) -> None:
    served, contexts = demo_pages
    page = contexts[dark].new_page()
    page.goto(f"{served.origin}{path}")
    for width in (1280, 390):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), width
        if AXE.is_file():
            page.evaluate("document.querySelectorAll('details').forEach((node) => { node.open = true; })")
            page.evaluate(AXE.read_text("utf-8") + "; 0")
            found = page.evaluate("axe.run().then((all) => all.violations.map((one) => [one.id, one.nodes[0].html]))")
            assert found == [], width
    page.close()


@pytest.mark.parametrize("path", ["/", "/periods/FY26-Q3", "/alignment", "/close/FY26-Q3", "/teams"])
def test_a_finger_hits_what_it_aims_at(demo_pages: tuple[Served, dict[bool, BrowserContext]], path: str) -> None:
    served, contexts = demo_pages
    page = contexts[False].new_page()
    page.set_viewport_size({"width": 390, "height": 900})
    page.goto(f"{served.origin}{path}")
    shown = "[...document.querySelectorAll(what)].filter((each) => each.offsetParent)"
    heights = f"(what) => {shown}.map((each) => each.offsetHeight)"
    assert page.evaluate("document.querySelector('.topbar').offsetHeight") <= 48  # one row
    assert min(page.evaluate(heights, "nav.site a")) >= 44
    for what, least in (("input[type=checkbox]", 24), ("summary", 44), (".button, button:not(.unseen)", 40)):
        assert min(page.evaluate(heights, what), default=least) >= least, what
    page.close()


def test_the_page_that_is_open_comes_first_on_a_phone(
    demo_pages: tuple[Served, dict[bool, BrowserContext]],
) -> None:
    served, contexts = demo_pages
    page = contexts[False].new_page()
    page.set_viewport_size({"width": 390, "height": 900})
    page.goto(f"{served.origin}/periods")
    left = "(what) => Math.round(document.querySelector(what).getBoundingClientRect().left)"
    page.wait_for_function(f"({left})('nav.site [aria-current]') === ({left})('nav.site ul')")
    page.close()


def test_another_day_is_folded_on_a_phone_and_shows_at_once(
    demo_pages: tuple[Served, dict[bool, BrowserContext]],
) -> None:
    served, contexts = demo_pages
    page = contexts[False].new_page()
    page.set_viewport_size({"width": 390, "height": 900})
    page.goto(f"{served.origin}/periods/FY26-Q3")
    assert not page.locator("#as_of").is_visible()
    page.get_by_text("Another day").click()
    assert page.input_value("#as_of") == DEMO_DAY
    score, figures = page.inner_text("#answer"), page.inner_text("#figures")
    page.fill("#as_of", "2026-10-05")
    page.get_by_text("day 35 of 91").first.wait_for()
    assert page.inner_text("#answer") != score and page.inner_text("#figures") != figures
    page.set_viewport_size({"width": 1280, "height": 900})
    page.goto(f"{served.origin}/periods/FY26-Q3")
    page.locator("#as_of").wait_for()  # on a wide screen nothing is folded
    page.close()


@pytest.fixture(scope="module")
def demo_pages(
    browser: Browser, demo_folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Served, dict[bool, BrowserContext]]]:
    """A server of the demo that nobody writes to, with a light and a dark browser."""
    with serving(demo_folder, tmp_path_factory.mktemp("serve"), day=DEMO_DAY) as served:
        schemes = {False: "light", True: "dark"}
        contexts = {dark: enter(browser, served, color_scheme=scheme)[0] for dark, scheme in schemes.items()}
        yield served, contexts
        for context in contexts.values():
            context.close()


def test_every_page_reads_without_scripts(
    browser: Browser, demo_pages: tuple[Served, dict[bool, BrowserContext]]
) -> None:
    demo, _ = demo_pages
    context, page = enter(browser, demo, java_script_enabled=False)
    for path in PAGES:
        answer = page.goto(f"{demo.origin}{path}")
        assert answer is not None and (answer.status == 200 or path == "/people/nobody"), path
        assert len(page.inner_text("main")) > 20, path
        assert page.locator("[data-with-script]:visible").count() == 0, path
    context.close()


def test_a_form_works_in_two_pages_without_scripts(browser: Browser, served: Served, repo: Repo) -> None:
    context, page = enter(browser, served, java_script_enabled=False)
    page.goto(f"{served.origin}/check-in?who=all")
    page.fill(ORDERS, "150")
    page.click("text=Show the changes")
    assert "2026-05-20: 150" in page.inner_text("pre.diff")
    assert (repo.path / GOALS_FILE).read_text() == GOALS
    page.click("text=Save and commit")
    assert "Saved 1 reading" in page.inner_text("body")
    assert "2026-05-20: 150" in (repo.path / GOALS_FILE).read_text()
    context.close()
