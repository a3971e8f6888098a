"""The pages of KPIs: the worst first, their charts, and why one of them moved."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from okrctl.server.visit import Options
from tests.repositories import Repo
from tests.server.client import Client, start
from tests.server.quarters import words
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
    assert 'aria-label="30 Apr: 600 EUR"' in text
    assert "3 KPIs, 1 with an alarm, as of 20 May." in text


def test_a_kpi_has_one_verdict_and_says_since_when_it_changed(client: Client) -> None:
    card = words(client.get("/kpis").text).partition("Monthly revenue")[2]
    assert "since the last reading +100 EUR since 1 Apr +100 EUR" in card
    text = client.get("/kpis").text
    assert text.count('class="chip bad"') == 1 and 'class="chip good"' not in text


def test_the_bounds_of_an_alarm_are_drawn_and_named(client: Client) -> None:
    text = client.get("/kpis/costs").text
    assert 'class="alarm"' in text and "alarm above 500" in text


def test_a_formula_says_how_old_its_inputs_are(client: Client, repo: Repo) -> None:
    repo.write(PATH, MORE.replace("2026-04-30: 600", "2026-04-15: 600"))
    assert "computed for 30 Apr using Monthly costs as of 15 Apr" in words(client.get("/kpis").text)
    assert "computed for 30 Apr using Monthly costs as of 15 Apr" in words(client.get("/kpis/margin").text)
    assert "computed" not in words(client.get("/kpis/revenue").text)


def test_usual_limits_say_what_is_missing(client: Client) -> None:
    text = words(client.get("/kpis/revenue").text)
    assert text.count("no usual limits yet: 2 of the 20 readings needed") == 1


def test_a_signal_says_why_and_asks_for_no_points(client: Client, repo: Repo) -> None:
    days = [date(2025, 12, 1) + timedelta(weeks=number) for number in range(22)]
    values = ", ".join(f"{day}: {10 + number % 2}" for number, day in enumerate(days))
    repo.write(
        "kpis/more.yaml",
        "kpis: [{id: late, title: Late, better: lower, unit: '%', readings: {" + values + ", 2026-05-18: 40}}]\n",
    )
    text = client.get("/kpis/late").text
    shown = words(text)
    assert (
        "Why this is a signal 40 % on 18 May: above its usual limit of" in shown
        and "Usual is 8.5 to 12.5 %, based on the 15 readings from 1 Dec 2025 to 9 Mar." in shown
    )
    assert "Why it moved" not in shown and "Pick two points" not in shown and "data-picks" not in text


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
    assert "600 EUR on 31 Mar → 500 EUR on 30 Apr: −100 EUR" in text
    moved = text.partition('id="moved"')[2]
    assert "+100 EUR helps" in words(text)
    assert "−200 EUR hurts" in words(text) and 'href="/kpis/costs"' in moved
    assert "What hurt most: Monthly costs (−200 EUR)" in words(text)
    assert "Monthly margin = Monthly revenue − Monthly costs" in words(text)
    assert "margin = revenue - costs" in text
    assert "when it rises, the KPI above falls" in moved
    assert 'class="point picked"' in text
    tree = text.partition('<ul class="tree">')[2].partition("Objectives that address it")[0]
    assert "Monthly costs</bdi></a>: 600 EUR" in tree and "since" not in tree  # each has another day to compare with


def test_the_days_of_a_change_stand_in_the_fields(client: Client) -> None:
    text = client.get("/kpis/margin").text
    assert 'id="since" name="since" type="date" value="2026-03-31"' in text
    assert 'id="until" name="until" type="date" value="2026-05-20"' in text
    assert "Since the period began" not in text
    chosen = client.get("/kpis/margin?as_of=2026-05-10&since=2026-04-02").text
    assert 'name="as_of" value="2026-05-10"' in chosen and 'href="/kpis/margin?as_of=2026-05-10"' in chosen


def test_days_in_the_wrong_order_are_said_at_the_waterfall(client: Client) -> None:
    answer = client.get("/kpis/margin?since=2026-04-30&until=2026-03-31")
    assert answer.status == 200
    assert "2026-04-30 must be before 2026-03-31. Choose other days." in words(answer.text)
    assert "Formula" in answer.text


def test_the_points_of_the_chart_say_their_days(client: Client) -> None:
    text = client.get("/kpis/margin").text
    assert 'data-day="2026-03-31"' in text
    assert 'data-day="2026-04-30"' in text
    assert "data-day" not in client.get("/kpis/costs").text


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
