"""The page of one objective or key result: how it stands, who wrote what, on any day and at any commit."""

from __future__ import annotations

from pathlib import Path

import pytest

from okrctl.server.visit import Options
from tests.repositories import Repo
from tests.server.client import Client, start
from tests.server.quarters import words
from tests.server.worlds import GOALS, small_company

PATH = "okrs/2026-Q2/shop.yaml"
OBJECTIVE = "/objectives/2026-Q2/shop/retention"
RESULT = "/key-results/2026-Q2/shop/retention.orders"


@pytest.fixture
def repo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Repo:
    repo = small_company(tmp_path / "acme", monkeypatch)
    repo.commit("Count again", "2026-05-18", files={PATH: GOALS.replace("130\n", "130\n          2026-05-18: 150\n")})
    return repo


@pytest.fixture
def client(repo: Repo) -> Client:
    return start(repo.path)


def test_an_objective_shows_its_key_results_and_its_arithmetic(client: Client) -> None:
    text = client.get(OBJECTIVE).text
    assert "<h1><bdi>Customers come back</bdi></h1>" in text
    assert 'href="/key-results/2026-Q2/shop/retention.orders"' in text
    assert "How the score is made" in text
    assert f"{PATH}:10" in text
    assert 'href="/people/tom"' in text
    assert 'href="/periods/2026-Q2"' in text


def test_a_key_result_shows_its_chart_and_who_wrote_each_reading(client: Client, repo: Repo) -> None:
    text = client.get(RESULT).text
    assert 'aria-label="18 May: 150' in text
    assert "50 %, 54 % expected" in text
    head = repo.git("rev-parse", "HEAD").strip()
    first = repo.git("rev-parse", "HEAD~1").strip()
    readings = text.partition('id="readings-h"')[2].partition('id="history-h"')[0]
    assert head[:10] in readings
    assert first[:10] in readings
    assert f"/changes?from={first[:10]}&amp;to={head[:10]}" in readings
    assert 'on <span class="whole">18 May<' in readings


def test_a_reading_that_is_not_committed_says_so(client: Client, repo: Repo) -> None:
    (repo.path / PATH).write_text((repo.path / PATH).read_text().replace("150", "151"))
    readings = client.get(RESULT).text.partition('id="readings-h"')[2]
    assert "151 customers" in readings
    assert "not committed" in readings


def test_the_day_and_the_commit_are_chosen_in_the_address(client: Client, repo: Repo) -> None:
    assert "150 customers" in client.get(RESULT).text
    assert "150 customers" not in client.get(f"{RESULT}?as_of=2026-05-10").text
    first = repo.git("rev-parse", "HEAD~1").strip()[:10]
    text = client.get(f"{RESULT}?known_at={first}").text
    assert "150 customers" not in text
    assert f'<option value="{first}" selected>' in text
    assert 'as known on <span class="whole">30 Mar</span>' in text


@pytest.mark.parametrize("query", ["known_at=nonsense", "known_at=--help", "as_of=tomorrow", "known_at=2020-01-01"])
def test_what_cannot_be_shown_keeps_the_controls(client: Client, query: str) -> None:
    answer = client.get(f"{RESULT}?{query}")
    assert answer.status == 400
    assert 'role="alert"' in answer.text
    assert 'id="known_at"' in answer.text


def test_a_commit_that_is_on_no_branch_is_not_shown(client: Client, repo: Repo) -> None:
    lost = repo.git("rev-parse", "HEAD").strip()
    repo.git("reset", "--hard", "HEAD~1")
    answer = client.get(f"{RESULT}?known_at={lost}")
    assert answer.status == 400
    assert "is on no local branch" in answer.text


def test_a_short_or_misplaced_reference_leads_to_the_full_one(client: Client) -> None:
    answer = client.get("/objectives/orders?as_of=2026-05-10")
    assert answer.status == 303
    assert answer.header("location") == f"{RESULT}?as_of=2026-05-10"
    assert client.get("/key-results/2026-Q2/shop/retention").header("location") == OBJECTIVE


def test_an_unknown_reference_is_not_found(client: Client) -> None:
    assert client.get("/objectives/2026-Q2/shop/nothing").status == 404
    assert client.get("/objectives/../../okrctl.yaml").status in (400, 404)
    assert client.get("/key-results/revenue").status == 404


def test_links_to_forms_are_shown_to_those_who_may_write(client: Client, repo: Repo) -> None:
    text = client.get(RESULT).text
    assert 'href="/check-in?ref=2026-Q2%2Fshop%2Fretention.orders"' in text
    assert 'href="/amend/2026-Q2/shop/retention.orders"' in text
    closed = start(repo.path, options=Options(frozenset(), "it was started so", commits=True)).get(RESULT).text
    assert "/amend/" not in closed
    assert "/check-in?" not in closed
    first = repo.git("rev-parse", "HEAD~1").strip()[:10]
    assert "/amend/" not in client.get(f"{RESULT}?known_at={first}").text


def test_lines_lead_to_the_forge_where_one_is_known(client: Client, repo: Repo) -> None:
    assert "https://github.com" not in client.get(RESULT).text
    repo.git("remote", "add", "origin", "git@github.com:acme/goals.git")
    head = repo.git("rev-parse", "HEAD").strip()
    assert f'href="https://github.com/acme/goals/blob/{head}/{PATH}#L8"' in start(repo.path).get(RESULT).text


def test_the_history_has_what_changed_beside_readings(client: Client, repo: Repo) -> None:
    repo.commit("Aim higher", "2026-05-19", files={PATH: (repo.path / PATH).read_text().replace("to: 200", "to: 220")})
    assert f'href="{RESULT}?history=1#history"' in client.get(RESULT).text
    history = client.get(f"{RESULT}?history=1").text.partition('id="history-h"')[2]
    assert "target: 200 customers → 220 customers (harder)" in history
    assert "Aim higher" in history
    assert "reading of" not in history


def test_a_workspace_without_git_has_its_page_too(tmp_path: Path, repo: Repo) -> None:
    plain = tmp_path / "plain"
    (plain / "okrs").mkdir(parents=True)
    (plain / "okrs/shop.yaml").write_text(GOALS)
    text = start(plain).get("/key-results/retention.orders?as_of=2026-05-20")
    assert text.status == 303
    page = start(plain).get(RESULT)
    assert page.status == 200
    assert "120 customers" in page.text


def test_text_of_files_is_text(client: Client, repo: Repo) -> None:
    evil = GOALS.replace("Customers come back", "<b>x</b>").replace(
        "2026-05-04: 130", "2026-05-04: {value: 130, note: <i>n</i>}"
    )
    (repo.path / PATH).write_text(evil)
    for address in (OBJECTIVE, RESULT):
        text = client.get(address).text
        assert "<b>x</b>" not in text
        assert "<i>n</i>" not in text


def test_only_web_addresses_are_links(client: Client, repo: Repo) -> None:
    links = "    owner: tom\n    links: ['https://wiki.example/goal', 'javascript:alert(1)']\n"
    (repo.path / PATH).write_text(GOALS.replace("    owner: tom\n", links, 1))
    text = client.get(OBJECTIVE).text
    assert 'href="https://wiki.example/goal"' in text
    assert 'href="javascript:' not in text


def test_the_score_is_explained_in_one_sentence_and_the_rest_is_folded(client: Client) -> None:
    said = words(client.get(RESULT).text)
    assert "How the score is made From 100 customers to 200 customers is the way; 150 customers is 50 % of it" in said
    text = client.get(RESULT).text.partition('id="why-h"')[2]
    assert text.index("<details><summary>All steps and numbers") < text.index("(150 - 100) / (200 - 100)")
    assert "The score is the mean of 4 key results: 0.50, 0.20, 0.00 and 0.50" in words(client.get(OBJECTIVE).text)


def test_commits_and_lines_are_folded_as_the_source(client: Client, repo: Repo) -> None:
    head = repo.git("rev-parse", "HEAD").strip()[:10]
    readings = client.get(RESULT).text.partition('id="readings-h"')[2].partition('id="history-h"')[0]
    table, _, source = readings.partition("<summary>Source</summary>")
    assert head not in table and PATH not in table and "Lea" in table
    assert head in source and PATH in source


def test_the_present_stands_before_the_choice_of_another_day(client: Client) -> None:
    text = client.get(RESULT).text
    assert text.index('class="score"') < text.index("<summary>Another day</summary>") < text.index('id="as_of"')
    assert 'type="date" value="2026-05-20" data-newest="2026-05-20"' in text
    assert '<details class="another-day" open>' in client.get(f"{RESULT}?as_of=2026-05-10").text


def test_an_amendment_and_an_earlier_goal_are_told_by_name(client: Client, repo: Repo) -> None:
    amended = (
        "unit: customers\n        amended: [{date: 2026-05-08, by: tom, reason: New shop, was: {to: 150 customers}}]"
    )
    carried = "owner: tom\n    carried_from: 2026-Q1/shop/retention"
    first = GOALS.replace("2026-Q2", "2026-Q1").replace("2026-0", "2025-0")
    repo.write("okrs/2026-Q1/shop.yaml", first.replace("Customers come back", "Customers return"))
    repo.write(PATH, GOALS.replace("unit: customers", amended).replace("owner: tom", carried, 1))
    said = words(client.get(RESULT).text)
    assert "Amended Target was 150 customers, changed by Tom on 8 May : New shop" in said
    carried_from = '<a href="/objectives/2026-Q1/shop/retention"><bdi>Customers return (2026-Q1)</bdi></a>'
    assert carried_from in client.get(OBJECTIVE).text


def test_a_confidence_has_the_day_on_which_it_was_given(client: Client, repo: Repo) -> None:
    told = GOALS.replace("2026-04-20: 120", "2026-04-20: {value: 120, confidence: 8}")
    repo.write(PATH, told.replace("2026-05-04: 130", "2026-05-04: 130\n          2026-05-11: 140"))
    text = client.get(RESULT).text
    assert "Confidence 8 on 20 Apr" in words(text)
    assert "<th" in text and ">Confidence</th>" not in text and "confidence 8" in words(text)
