"""The page needs no other file, escapes all text, and is the same for the same workspace."""

from __future__ import annotations

import re
from base64 import b64encode
from datetime import date
from hashlib import sha256
from html.parser import HTMLParser
from pathlib import Path

import pytest

from okrctl.values.addresses import SITE
from tests.kpis.kpi_values import kpi
from tests.kpis.test_kpi_signals import BASELINE, CALM, weekly
from tests.outputs import briefs
from tests.running import run, write

VOID = {"meta", "input", "br", "img", "link"}
HARMFUL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


class Reader(HTMLParser):
    """Reads a page strictly: every element is closed where it must be, every id is there once."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert len({name for name, _ in attrs}) == len(attrs), (tag, attrs)
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open and self.open.pop() == tag, tag

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] not in ("script", "style"):
            self.texts.append(data)

    @property
    def text(self) -> str:
        return "".join(self.texts)


def read(page: str) -> Reader:
    reader = Reader()
    reader.feed(page)
    reader.close()
    assert reader.open == []
    ids = [attributes["id"] for _, attributes in reader.tags if "id" in attributes]
    assert len(set(ids)) == len(ids)
    return reader


def page_of(root: Path, *more: str) -> str:
    found = run("report", "2026-Q2", "--format", "html", *more, cwd=root, today=briefs.DAY)
    assert found.status == 0, found.err
    return found.out


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return briefs.plain(tmp_path_factory.mktemp("plain"))


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return briefs.hostile(tmp_path_factory.mktemp("hostile"))


def test_the_page_is_well_formed_and_complete(plain: Path) -> None:
    found = read(page_of(plain))
    for said in (
        "Acme: 2026-Q2", "The shop", "Customers love to come back", "The new shop is open", "a broken guardrail",
        "What is left over", "Why it moved", "lowers the KPI above when it rises", "Loyal customers cost less",
        "Changes since the targets were agreed", "Tom", "okrs/2026-Q2/shop.yaml:4", "company/grow", "Declined",
    ):  # fmt: skip
        assert said in found.text, said


def test_every_table_has_a_caption_and_headings(plain: Path) -> None:
    found = read(page_of(plain))
    names = [tag for tag, _ in found.tags]
    assert names.count("table") == names.count("caption") == names.count("thead") > 4
    assert all(attributes.get("scope") in ("col", "row") for tag, attributes in found.tags if tag == "th")
    pictures = [attributes for tag, attributes in found.tags if tag == "svg"]
    assert pictures and all("aria-hidden" in one or one.get("aria-label") for one in pictures)


def test_nothing_is_loaded_and_nothing_but_its_own_script_runs(plain: Path) -> None:
    page = page_of(plain)
    found = read(page)
    policy = next(one["content"] for tag, one in found.tags if tag == "meta" and "http-equiv" in one) or ""
    assert policy.startswith("default-src 'none';") and "unsafe" not in policy
    for tag, kind in (("style", "style-src"), ("script", "script-src")):
        (inner,) = re.findall(f"<{tag}>(.*?)</{tag}>", page, re.DOTALL)
        hashed = b64encode(sha256(inner.encode()).digest()).decode()
        assert f"{kind} 'sha256-{hashed}'" in policy
    loading = {"src", "srcset", "data", "poster", "action", "formaction", "background", "style", "ping"}
    for tag, attributes in found.tags:
        assert loading.isdisjoint(attributes) and tag not in ("link", "img", "iframe", "object", "base", "image", "use")
        assert not any(name.startswith("on") for name in attributes)
    unlinked = page.replace(f'<a href="{SITE}/', "")
    assert "http:" not in unlinked and "https:" not in unlinked and "url(" not in page and "@import" not in page


def test_hostile_text_stays_text(hostile: Path) -> None:
    page = page_of(hostile)
    found = read(page)
    assert page.count("<script") == page.count("</script") == page.count("<style") == page.count("</style") == 1
    assert {tag for tag, _ in found.tags}.isdisjoint({"img", "iframe"})
    assert not HARMFUL.search(page)
    for said in ("<script>alert(1)</script>", "</style></title><img src=x onerror=alert(1)>", "@acme/board", "\\u202e"):
        assert said in found.text, said


def test_a_link_is_only_what_was_meant(plain: Path) -> None:
    page = page_of(plain, "--link-base", 'https://forge.example/a"><script>/blob/main')
    hrefs = [one["href"] or "" for tag, one in read(page).tags if tag == "a"]
    assert page.count("<script") == 1
    for place in ("okrs/2026-Q2/shop.yaml#L4", "okrs/2026-Q2/shop.yaml#L9", "kpis/company.yaml#L3"):
        assert any(href.endswith(f"/blob/main/{place}") for href in hrefs)
    assert all(href.startswith(("#", "https://forge.example/", f"{SITE}/")) for href in hrefs)
    refused = run("report", "--link-base", "javascript:alert(1)", cwd=plain, today=briefs.DAY)
    assert refused.status == 2 and "is not a URL" in refused.err


def test_the_same_workspace_gives_the_same_bytes(plain: Path, tmp_path: Path) -> None:
    again = write(tmp_path, dict(reversed(briefs.PLAIN.items())))
    assert page_of(plain) == page_of(again)


@pytest.mark.parametrize(
    ("example", "period"),
    [("company", "FY27-Q3"), ("company", "FY27-Q4"), ("articles", "2026-Q2"), ("success-formula", "2026-Q3")],
)
def test_the_examples_have_pages(example: str, period: str) -> None:
    root = Path(__file__).parents[2] / "examples" / example
    for day in ("2026-05-20", "2026-11-22", "2027-06-01"):
        page = run("report", period, "--format", "html", cwd=root, today=day)
        assert page.status == 0, page.err
        assert read(page.out).text.count("Key result") > 0
        assert run("report", period, "--full", cwd=root, today=day).status == 0


def test_a_period_ahead_or_without_anything_has_a_page(tmp_path: Path) -> None:
    write(tmp_path, {"okrs/2026-Q2/a.yaml": "period: 2026-Q2\nobjectives: []\n"})
    assert "No KPIs" in read(page_of(tmp_path)).text
    write(tmp_path, {"okrs/2026-Q4/a.yaml": "period: 2026-Q4\nobjectives: [{id: a, title: A, key_results: []}]\n"})
    found = run("report", "2026-Q4", "--format", "html", cwd=tmp_path, today=briefs.DAY)
    assert found.status == 0 and "begins in" in read(found.out).text


def test_five_hundred_key_results_make_a_small_page(tmp_path: Path) -> None:
    briefs.large(tmp_path)
    page = page_of(tmp_path)
    assert page.count("data-gap") == 100 and page.count('class="spark"') == 500
    assert len(page.encode()) < 1_000_000


def test_limits_are_drawn_and_signals_named(tmp_path: Path) -> None:
    """Twelve readings of mean 10 and standard deviation 1.65, eight set aside, the newest at 15."""
    numbers: list[object] = [*BASELINE, *CALM, 15]
    kpis = (
        "kpis:\n" + kpi("faults", weekly(numbers, date(2026, 1, 19)), "better: lower") + kpi("young", "2026-05-01: 1")
    )
    okrs = "period: 2026-Q2\nobjectives: [{id: o, title: T, key_results: [{id: k, title: R, to: 9}]}]\n"
    root = write(tmp_path, {"okrs/a.yaml": okrs, "kpis/a.yaml": kpis})
    page = run("report", "--format", "html", cwd=root, today="2026-06-02").out
    words = "above its usual limit of 14.95"
    assert page.count('<svg class="limits"') == 1
    assert f"<span>15, {words}</span>" in page and "usual limits 5.05 to 14.95: mean 10 ± 3 standard deviations" in page
    assert '<path class="baseline"' in page and "signals from 20 readings on, 1 so far" in page
    text = run("report", "--full", cwd=root, today="2026-06-02").out
    assert f"signal: {words}" in text and "`young`: signals from 20 readings on, 1 so far" in text
