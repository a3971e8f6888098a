"""The pages of KPIs: the worst first, their charts, and why one of them moved."""

from __future__ import annotations

from pathlib import Path

import pytest

from okrctl.server.visit import Options
from tests.repositories import Repo
from tests.server.client import Client, start
from tests.server.worlds import KPIS, small_company

PATH = "kpis/money.yaml"
MORE = (
    KPIS
    + """\
  - id: costs
    title: Monthly costs
    unit: EUR
    better: lower
    watch: {above: 500}
    readings:
      2026-03-31: 400
      2026-04-30: 600
  - id: margin
    title: Monthly margin
    unit: EUR
    better: higher
    formula: revenue - costs
"""
)


@pytest.fixture
def repo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Repo:
    repo = small_company(tmp_path / "acme", monkeypatch)
    repo.commit("Watch the costs", "2026-05-02", files={PATH: MORE})
    return repo


@pytest.fixture
def client(repo: Repo) -> Client:
    return start(repo.path)


def test_the_worst_kpi_comes_first_with_its_alarm(client: Client) -> None:
    text = client.get("/kpis").text
    assert text.index("Monthly costs") < text.index("Monthly revenue")
    assert "Above 500" in text
    assert 'href="/draft?kpi=costs"' in text
    assert 'aria-label="30 Apr: 600"' in text


def test_a_day_and_a_commit_are_chosen_in_the_address(client: Client, repo: Repo) -> None:
    assert "Above 500" not in client.get("/kpis?as_of=2026-04-10").text
    first = repo.git("rev-parse", "HEAD~1").strip()[:10]
    assert "Monthly costs" not in client.get(f"/kpis?known_at={first}").text
    for query in ("as_of=soon", "known_at=--all"):
        answer = client.get(f"/kpis?{query}")
        assert answer.status == 400
        assert 'id="as_of"' in answer.text


def test_a_formula_is_explained_between_two_days(client: Client) -> None:
    text = client.get("/kpis/margin?since=2026-03-31&until=2026-04-30").text
    assert "600 EUR on 2026-03-31 → 500 EUR on 2026-04-30: -100 worse" in text
    moved = text.partition('id="moved"')[2]
    assert "+100" in moved
    assert "-200" in moved
    assert 'href="/kpis/costs"' in moved
    assert "margin = revenue - costs" in moved
    assert "lowers the KPI above when it rises" in moved
    assert 'class="point picked"' in text


def test_days_in_the_wrong_order_are_said_at_the_waterfall(client: Client) -> None:
    answer = client.get("/kpis/margin?since=2026-04-30&until=2026-03-31")
    assert answer.status == 200
    assert "must be before" in answer.text
    assert "Formula" in answer.text


def test_the_points_of_the_chart_say_their_days(client: Client) -> None:
    text = client.get("/kpis/costs").text
    assert 'data-day="2026-03-31"' in text
    assert 'data-day="2026-04-30"' in text


def test_a_kpi_shows_who_wrote_its_readings(client: Client, repo: Repo) -> None:
    readings = client.get("/kpis/costs").text.partition('id="readings-h"')[2]
    assert "2 readings" in readings
    assert repo.git("rev-parse", "HEAD").strip()[:10] in readings


def test_objectives_that_address_a_kpi_are_named(client: Client, repo: Repo) -> None:
    path = repo.path / "okrs/2026-Q2/shop.yaml"
    path.write_text(path.read_text().replace("    owner: tom\n", "    owner: tom\n    kpis: [costs]\n", 1))
    text = client.get("/kpis/costs").text
    assert 'href="/objectives/2026-Q2/shop/retention"' in text
    assert "No active objective addresses it" in client.get("/kpis").text


def test_links_to_forms_are_shown_to_those_who_may_write(client: Client, repo: Repo) -> None:
    assert 'href="/draft?kpi=costs"' in client.get("/kpis/costs").text
    assert 'href="/check-in?ref=costs"' in client.get("/kpis/costs").text
    assert "/check-in?ref=margin" not in client.get("/kpis/margin").text
    closed = start(repo.path, options=Options(frozenset(), "it was started so", commits=True))
    assert "/draft" not in closed.get("/kpis/costs").text
    assert "/draft" not in closed.get("/kpis").text


def test_an_unknown_kpi_is_not_found(client: Client) -> None:
    assert client.get("/kpis/nothing").status == 404
    assert client.get("/kpis/retention").status == 404


def test_a_workspace_without_kpis_says_so(client: Client, repo: Repo) -> None:
    (repo.path / PATH).unlink()
    assert "There are no KPIs yet" in client.get("/kpis").text
