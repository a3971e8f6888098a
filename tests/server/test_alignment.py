"""The tree of who supports what."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.server.client import Client, start
from tests.server.quarters import DAY, two_quarters, words


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Client:
    return start(two_quarters(tmp_path / "acme", monkeypatch).repo.path, today=DAY)


def tree(server: Client, query: str = "") -> str:
    answer = server.get(f"/alignment{query}")
    assert answer.status == 200
    return answer.text.partition('id="tree"')[2]


def test_objectives_are_below_what_they_support(server: Client) -> None:
    text = tree(server)
    parent, _, below = text.partition("1 objective supports it")
    assert "Customers stay" in parent and "Customers come back" in below.partition("</details>")[0]
    assert "3 objectives; 1 supports another one." in words(server.get("/alignment").text)


def test_a_team_is_shown_with_what_it_supports(server: Client) -> None:
    text = tree(server, "?team=shop")
    assert "Customers stay" in text and "Customers come back" in text and "Parcels" not in text
    assert "Parcels" in tree(server, "?team=depot")


def test_the_running_periods_unless_others_are_chosen(server: Client) -> None:
    assert "/objectives/2026-Q1/" not in tree(server)
    text = tree(server, "?period=2026-Q1")
    assert "/objectives/2026-Q1/shop/retention" in text and "2026-Q2" not in text


@pytest.mark.parametrize(("query", "kind"), [("?period=nope", "period"), ("?team=nope", "team")])
def test_unknown_names(server: Client, query: str, kind: str) -> None:
    answer = server.get(f"/alignment{query}")
    assert answer.status == 404 and f"There is no {kind} 'nope'." in words(answer.text)
