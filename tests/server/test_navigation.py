"""What stands around every page: its place in the navigation, who looks, and a page for what is not there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.server.client import Client, start
from tests.server.quarters import words
from tests.server.worlds import LAST_DAY, guarded_company

RESULT = "2026-Q2/roastery/even-roast.defects"


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Client:
    return start(guarded_company(tmp_path / "acme", monkeypatch).path, today=LAST_DAY)


@pytest.mark.parametrize(
    ("address", "current"),
    [
        ("/", ("This week", "page")), ("/periods", ("Periods", "page")), ("/periods/2026-Q2", ("Periods", "true")),
        ("/objectives/2026-Q2/roastery/even-roast", ("Periods", "true")),
        (f"/key-results/{RESULT}", ("Periods", "true")),
        (f"/amend/{RESULT}", ("Periods", "true")), ("/close/2026-Q2", ("Periods", "true")),
        ("/teams", ("Teams", "page")), ("/teams/roastery", ("Teams", "true")), ("/people/tom", ("Teams", "true")),
        ("/kpis/revenue", ("KPIs", "true")), ("/check-in", ("Check in", "page")),
    ],
)  # fmt: skip
def test_every_page_has_its_place_in_the_navigation(server: Client, address: str, current: tuple[str, str]) -> None:
    found = re.findall(r'aria-current="(\w+)">([^<]+)</a></li>', server.get(address).text)
    assert [(name, kind) for kind, name in found] == [current]


def test_who_looks_stands_above_and_leads_to_their_goals(server: Client) -> None:
    text = server.get("/periods").text
    assert '<span class="me"><a href="/people/lea"><bdi>Lea</bdi></a></span>' in text
    footer = text.partition("<footer>")[2]
    assert "What you save is recorded with your name." in footer and "commit" not in footer


@pytest.mark.parametrize(
    ("address", "links"), [("/people/nobody", ["Lea", "Lu", "Tom"]), ("/teams/nope", ["Company", "Roastery"])]
)
def test_an_unknown_name_comes_with_those_that_are_known(server: Client, address: str, links: list[str]) -> None:
    answer = server.get(address)
    main = answer.text.partition("<main")[2]
    assert answer.status == 404 and "<h1><bdi>Not found</bdi></h1>" in answer.text
    assert re.findall(r'<a href="/(?:people|teams)/[^"]*"><bdi>(.*?)</bdi></a>', main) == links


def test_two_periods_are_a_table_and_no_chart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    repo = guarded_company(tmp_path / "acme", monkeypatch)
    goals = (repo.path / "okrs/2026-Q2/roastery.yaml").read_text()
    for period, year in (("2026-Q1", "2025"), ("2025-Q4", "2025")):
        server = start(repo.path, today=LAST_DAY)
        assert 'class="chart"' not in server.get("/periods").text
        repo.write(f"okrs/{period}/roastery.yaml", goals.replace("2026-Q2", period).replace("2026-0", f"{year}-0"))
    text = start(repo.path, today=LAST_DAY).get("/periods").text
    assert 'class="chart"' in text and "2026-Q2 2026-Q1 2025-Q4 Change" in words(text)
