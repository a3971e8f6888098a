"""The page of this week: the running periods, what is due, and what needs attention, one's own first."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.server.client import Client, start
from tests.server.quarters import words
from tests.server.worlds import LAST_DAY, guarded_company


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Client:
    return start(guarded_company(tmp_path / "acme", monkeypatch).path, today=LAST_DAY)


def test_the_score_has_what_is_expected(server: Client) -> None:
    text = server.get("/").text
    assert "0.698 , 1.00 expected at risk" in words(text)
    assert "key-expected" in text


def test_what_changed_is_said_on_one_page(server: Client) -> None:
    text = server.get("/").text
    assert "What changed since Monday last week, 22 Jun" in words(text)
    assert 'href="/changes?from=2026-06-22"' in text


def test_what_is_due_is_named(server: Client) -> None:
    mine, everybody = server.get("/").text, server.get("/?who=all").text
    assert "1 reading is due: Tasting tables Check in" in words(mine)
    assert "2 readings are due for everybody: Tasting tables , Monthly revenue Check in" in words(everybody)
    assert '<a href="/kpis/revenue"><bdi>Monthly revenue</bdi></a>' in everybody


def test_a_line_says_nothing_twice(server: Client) -> None:
    mine, everybody = server.get("/").text, server.get("/?who=all").text
    assert "Behind 1 Second parcels 84 %, 100 % expected" in words(mine)  # no badge that repeats the heading
    assert 'href="/people/lea"' not in mine.partition('id="attention"')[2]
    assert 'href="/people/lea"' in everybody.partition('id="attention"')[2]
    assert re.search(r"\d more for others", words(mine))
    assert "Coffee thrown away" in words(everybody) and "nor unknown" in words(everybody)


def test_a_reason_names_objectives_by_their_titles(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    repo = guarded_company(tmp_path / "acme", monkeypatch)
    kpis = (
        (repo.path / "kpis/money.yaml")
        .read_text()
        .replace("better: higher", "better: higher\n    watch: {below: 2000}")
    )
    repo.write("kpis/money.yaml", kpis)
    goals = repo.path / "okrs/2026-Q2/company.yaml"
    goals.write_text(goals.read_text().replace("owner: lea\n    key", "owner: lea\n    kpis: [revenue]\n    key", 1))
    text = start(repo.path, today=LAST_DAY).get("/?who=all").text
    assert 'addressed by <a href="/objectives/2026-Q2/company/stay"><bdi>Subscribers stay</bdi></a>' in text
