"""The page needs no other file, escapes all text, and is the same for the same workspace."""

from __future__ import annotations

import re
from base64 import b64encode
from datetime import date, timedelta
from gzip import compress
from hashlib import sha256
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote

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
        "What is left over", "Why it moved", "when it rises, the KPI above falls", "Loyal customers cost less",
        "Changes since the agreed version", "Tom", "okrs/2026-Q2/shop.yaml:4", "Declined",
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


def test_five_hundred_key_results_make_a_page_that_can_be_sent(tmp_path: Path) -> None:
    briefs.large(tmp_path)
    page = page_of(tmp_path)
    assert page.count("data-gap") == 100 and page.count('class="spark"') == 500
    assert page.count('<svg class="chart"') == 601  # the period, 100 objectives, 500 key results
    assert len(page.encode()) < 3_200_000 and len(compress(page.encode())) < 200_000


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
    assert page.count('<svg class="chart limits"') == 1
    assert f"<span>15, {words}</span>" in page and "<span>Usual: 5.0 to 14.95, based on the 12 readings from " in page
    assert '<path class="baseline"' in page and "no usual limits yet: 1 of the 20 readings needed" in page
    text = run("report", "--full", cwd=root, today="2026-06-02").out
    assert f"signal: {words}" in text and "`young`: signals from 20 readings on, 1 so far" in text


def test_an_objective_is_one_line_that_opens(plain: Path) -> None:
    page = page_of(plain)
    folds = re.findall(r'<details class="fold"(.*?)><summary>(.*?)</summary>', page, re.DOTALL)
    assert [attributes for attributes, _ in folds] == ["", ""]
    line = read(folds[1][1]).text
    for said in ("Customers love to come back", "Lea", "0.38, 0.54 expected", "at risk", "1 of 2 at risk"):
        assert said in line, said
    assert "<a " not in folds[1][1] and '<svg class="bar"' in folds[1][1]


def test_a_period_that_is_over_expects_nothing_any_more(plain: Path) -> None:
    found = run("report", "2026-Q1", "--format", "html", cwd=plain, today=briefs.DAY)
    assert "Objectives reached" in found.out and "1.00 expected" not in found.out
    assert (
        re.search(r"\d of \d objectives? reached", found.out)
        and ">green<" in found.out
        and ">on track<" not in found.out
    )


def test_readings_have_a_chart_with_axes_and_a_table_of_the_same_values(plain: Path) -> None:
    page = page_of(plain)
    orders = page[page.index('aria-label="Readings of Orders each week"') :]
    drawing, table = orders[: orders.index("</svg>")], orders[: orders.index("</table>")]
    for said in (">100<", ">150<", ">200<", ">1 Apr<", ">30 Jun<", "20 Apr: 130", "18 May: 110"):
        assert said in drawing, said
    assert '<span class="key key-target">target 200</span>' in table
    assert '<span class="key key-expected">expected</span>' in table
    assert re.findall(r'scope="row">(.*?)</th><td class="value n">(.*?)</td>', table) == [
        ('<span class="whole">18 May</span>', "110"),
        ('<span class="whole">20 Apr</span>', "130"),
    ]


@pytest.mark.parametrize(
    ("fields", "readings", "said"),
    [
        ("from: 1, to: TBD", "{2026-05-01: 2}", "1 May: 2"),
        ("from: 9, to: 9000000000000000", "{2026-05-01: 4000000000000000}", ">5e15<"),
        ("from: -40, to: -80", "{2026-04-20: -50, 2026-05-01: -60}", "1 May: -60"),
        ("from: 90, to: 10", "{2026-05-01: 30}", "target 10<"),
        ("from: 5, to: 9", "{2026-04-20: 5, 2026-05-01: 5}", "1 May: 5"),
        ("at_most: 30 kg", "{2026-05-01: 40 kg}", "at most 30 kg"),
        ("at_least: 3 %", "{2026-04-20: 4 %, 2026-05-01: 4 %}", ">4 %<"),
    ],
    ids=["target to be decided", "huge", "negative", "lower is better", "equal", "limit", "equal and limited"],
)
def test_every_kind_of_trajectory_has_a_chart(tmp_path: Path, fields: str, readings: str, said: str) -> None:
    goal = f"{{id: k, title: Weight, {fields}, readings: {readings}}}"
    write(tmp_path, {"okrs/a.yaml": f"period: 2026-Q2\nobjectives: [{{id: o, title: T, key_results: [{goal}]}}]\n"})
    page = page_of(tmp_path)
    figure = page[page.index('aria-label="Readings of Weight"') :]
    assert said in figure[: figure.index("</figure>")]
    read(page)


def test_five_hundred_readings_are_all_in_the_table_and_as_many_as_can_be_seen_in_the_chart(tmp_path: Path) -> None:
    days = (date(2025, 1, 1) + timedelta(days=day) for day in range(500))
    readings = ", ".join(f"{day}: {number}" for number, day in enumerate(days))
    goal = f"{{id: k, title: Weight, from: 0, to: 900, readings: {{{readings}}}}}"
    period = "{id: long, start: 2025-01-01, end: 2026-06-30}"
    write(tmp_path, {"okrs/a.yaml": f"period: {period}\nobjectives: [{{id: o, title: T, key_results: [{goal}]}}]\n"})
    page = run("report", "long", "--format", "html", cwd=tmp_path, today=briefs.DAY).out
    figure = page[page.index('aria-label="Readings of Weight"') :]
    figure = figure[: figure.index("</figure>")]
    assert figure.count('<g class="point"') == 20 and figure.count('<th scope="row">') == 500
    assert "500 readings" in figure


def test_what_has_a_place_is_a_link_and_no_command(plain: Path) -> None:
    page = page_of(plain)
    found = read(page)
    places = {one["id"] for _, one in found.tags if "id" in one}
    hrefs = [unquote(one["href"] or "") for tag, one in found.tags if tag == "a"]
    hrefs = [href for href in hrefs if not href.startswith(f"{SITE}/")]
    assert hrefs and all(href.removeprefix("#") in places for href in hrefs)
    for place in ("goal-2026-Q2/shop/loved.orders", "goal-2026-Q2/company/grow", "team-shop", "kpi-margin"):
        assert f"#{place}" in hrefs, place
    assert "okrctl show" not in page and "okrctl status" not in page and "okrctl checkin" not in page


def test_two_goals_of_one_name_make_a_valid_page(tmp_path: Path) -> None:
    goal = "{id: o, title: T, key_results: [{id: k, title: R, to: 9}, {id: k, title: S, to: 9}]}"
    write(tmp_path, {"okrs/a.yaml": f"period: 2026-Q2\nobjectives: [{goal}, {goal}]\n"})
    read(page_of(tmp_path))


def test_the_report_of_the_demo_is_a_small_file(tmp_path: Path) -> None:
    assert run("init", "--demo", "demo", cwd=tmp_path, today="2026-11-30").status == 0
    found = run("report", "--format", "html", cwd=tmp_path / "demo", today="2026-11-30")
    assert found.status == 0 and len(found.out.encode()) < 400 * 1024
    read(found.out)


def test_an_owner_with_kpis_alone_has_a_page_and_an_unknown_one_is_no_entry(tmp_path: Path) -> None:
    objective = "{id: o, title: T, owner: nor, key_results: [{id: k, title: R, to: 9}]}"
    settings = "people: {lea: {name: Lea}, lu: {name: Lu}}\n"
    files = {
        "okrctl.yaml": settings, "okrs/a.yaml": f"period: 2026-Q2\nobjectives: [{objective}]\n",
        "kpis/a.yaml": "kpis:\n" + kpi("faults", "2026-05-01: 1", "better: lower, owner: lu"),
    }  # fmt: skip
    root = write(tmp_path / "acme", files)
    assert run("report", "--format", "html", "--site", str(tmp_path / "site"), cwd=root, today=briefs.DAY).status == 0
    index = (tmp_path / "site/index.html").read_text()
    owners = index.partition('id="owners"')[2]
    assert ">Lu<" in owners and "nor" not in owners.partition("</section>")[0] and ">Lea<" not in owners
    assert "faults" in (tmp_path / "site/owners/lu.html").read_text()
    assert 'nor</bdi> <span class="chip warn">unknown</span>' in page_of(root)
