"""The pages of teams and people."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.server.client import Client, start
from tests.server.quarters import DAY, two_quarters, words


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Client:
    return start(two_quarters(tmp_path / "acme", monkeypatch).repo.path, today=DAY)


def test_a_team_has_its_running_goals_in_full_and_the_others_below(server: Client) -> None:
    text = server.get("/teams/shop").text
    said = words(text)
    assert "Led by" in text and 'href="/people/tom"' in text
    assert "2026-Q2" in said.partition("Other periods")[0] and "Second orders" in said
    assert "2026-Q1" in said.partition("Other periods")[2]
    assert "Customers stay" not in said.replace("supports Customers stay", "")


def test_a_person_has_their_goals_and_the_teams_that_they_lead(server: Client) -> None:
    text = server.get("/people/tom").text
    assert "Leads" in text and 'href="/teams/shop"' in text and "Customers come back" in text
    assert "Customers stay" not in words(text).replace("supports Customers stay", "")


def test_what_others_do_for_the_same_objective_is_named(server: Client) -> None:
    text = server.get("/people/tom").text
    assert "Also in this objective: Mails that are read ( Lea )" in words(text)
    assert 'href="/key-results/2026-Q2/shop/retention.mails"' in text
    assert "Also in this objective" not in server.get("/teams/shop").text


def test_a_name_leads_to_the_same_goals_as_the_key(server: Client) -> None:
    assert words(server.get("/people/Tom").text) == words(server.get("/people/tom").text)


def test_what_is_due_can_be_checked_in(server: Client) -> None:
    text = server.get("/people/lea").text
    assert "Check in 2 readings" in words(text)
    assert "ref=2026-Q2%2Fshop%2Fretention.mails&amp;ref=revenue" in text


@pytest.mark.parametrize("address", ["/teams/nope", "/people/nope", "/people/a/b", "/teams/..%2f..%2fetc"])
def test_nobody_has_another_name(server: Client, address: str) -> None:
    answer = server.get(address)
    assert answer.status == 404 and "There is no" in words(answer.text)


def test_names_are_text(server: Client) -> None:
    text = server.get("/teams/depot").text
    assert "The &lt;depot&gt;" in text and "<depot>" not in text


def test_the_kpis_of_a_person_lead_to_their_pages(server: Client) -> None:
    listed = server.get("/people/lea").text.partition('<section id="kpis"')[2]
    assert '<a href="/kpis/revenue"><bdi>Monthly revenue</bdi></a>' in listed
    assert "kpis/money.yaml" not in listed and "<code>revenue" not in listed
