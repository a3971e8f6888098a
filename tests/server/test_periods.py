"""The list of periods, and a period on its days, as it was known at its commits."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from okrctl.server.visit import Options
from tests.server.client import Client, start
from tests.server.quarters import DAY, History, part, words
from tests.server.worlds import small_company

RESULTS = ["Customers after a year", "Second orders", "Mails that are read", "Hours to dispatch"]


@pytest.fixture
def server(history: History) -> Client:
    return start(history.repo.path, today=DAY)


def shown(server: Client, query: str = "") -> str:
    answer = server.get(f"/periods/2026-Q2{query}")
    assert answer.status == 200, words(answer.text)
    return answer.text


def test_the_list_has_every_period_the_newest_first(server: Client) -> None:
    text = server.get("/periods").text
    assert text.index('href="/periods/2026-Q2"') < text.index('href="/periods/2026-Q1"')
    assert "running, day 50 of 91" in text and "over" in words(text)
    assert 'href="/teams/shop"' in text and 'href="/teams/company"' in text


def test_an_empty_workspace_has_no_periods(tmp_path: Path) -> None:
    (tmp_path / "okrctl.yaml").write_text("organisation: Acme\n", "utf-8")
    assert "There are no goals yet." in words(start(tmp_path, today=DAY).get("/periods").text)


def test_a_period_shows_figures_teams_and_folded_objectives(server: Client) -> None:
    text = shown(server)
    said = words(text)
    assert "3 objectives, 4 key results" in said
    assert "Teams with goals 3" in said and "Objectives 3" in said and "Key results 4" in said
    assert '<details class="fold">' in text and '<details class="fold" open>' not in text
    assert 'href="/objectives/2026-Q2/shop/retention"' in text
    assert 'href="/key-results/2026-Q2/shop/retention.orders"' in text


def test_a_day_of_the_address_is_the_day_of_the_figures(server: Client) -> None:
    early = shown(server, "?as_of=2026-04-21")
    assert "day 21 of 91" in part(early, "when") and 'value="2026-04-21"' in early
    assert "120" in part(early, "list") and "190" not in part(early, "list").partition('id="agreed"')[0]
    assert "190" in part(shown(server), "list")


def test_a_commit_of_the_address_is_what_was_known_then(server: Client, history: History) -> None:
    then = shown(server, f"?known_at={history.agreed[:10]}")
    assert 'as known on <span class="whole">30 Mar</span>' in part(then, "when")
    assert f'<option value="{history.agreed[:10]}" selected>' in then
    assert ">190<" not in then
    assert "Amend" not in words(then) and "Amend" in words(shown(server))


def test_commits_are_listed_with_their_subjects_by_month(server: Client) -> None:
    text = shown(server)
    assert '<optgroup label="May 2026">' in text and '<optgroup label="March 2026">' in text
    assert "30 Mar  Agree on &lt;goals&gt;" in text and "19 May  Lower a target" in text


def test_a_date_is_a_commit_as_well(server: Client, history: History) -> None:
    assert history.agreed[:10] in part(shown(server, "?known_at=2026-04-30"), "when")


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("?known_at=nope", "Unknown revision 'nope'."),
        ("?known_at=--help", "Unknown revision '--help'."),
        ("?known_at=HEAD:okrctl.yaml", "Unknown revision 'HEAD:okrctl.yaml'."),
        ("?known_at=2026-13-01", "'2026-13-01' is not a valid date."),
        ("?as_of=31.03.2026", "'31.03.2026' is not a valid date."),
        ("?team=nope", "There is no team 'nope'."),
        ("?owner=nope", "There is no owner 'nope'."),
        ("?beside=nope", "'nope' is not a valid period."),
    ],
)
def test_what_cannot_be_shown_comes_with_the_controls(server: Client, query: str, message: str) -> None:
    answer = server.get(f"/periods/2026-Q2{query}")
    assert answer.status == 400
    assert message in words(answer.text) and 'name="known_at"' in answer.text and 'name="as_of"' in answer.text


def test_a_commit_on_no_branch_is_not_shown(server: Client, history: History) -> None:
    tree = history.repo.git("rev-parse", "HEAD^{tree}")
    thrown_away = history.repo.git("commit-tree", tree, "-m", "Secret", **history.repo.moment("2026-05-01"))
    answer = server.get(f"/periods/2026-Q2?known_at={thrown_away}")
    assert answer.status == 400 and "is on no local branch" in words(answer.text)
    history.repo.git("branch", "other", thrown_away)
    assert server.get(f"/periods/2026-Q2?known_at={thrown_away[:12]}").status == 200


def test_the_agreed_version(server: Client) -> None:
    text = shown(server, "?agreed=1")
    assert "against the agreed version" in part(text, "when") and "10 → 40" in words(text)
    assert "10 → 20" in words(shown(server)) and "10 → 40" not in words(shown(server)).partition("Changes since")[0]
    assert "target: 40 → 20" in words(shown(server)).partition("Changes since")[2]


def test_beside_another_period_on_the_same_day(server: Client) -> None:
    text = shown(server, "?as_of=2026-04-21&beside=2026-Q1")
    said = words(part(f"<main>{text}", "beside-section"))
    assert "2026-Q1, day 21 of 90" in text and "2026-Q2, day 21 of 91" in text, said
    assert 'id="beside-section"' not in shown(server)


@pytest.mark.parametrize(
    ("query", "objectives", "results"),
    [
        ("?team=shop", ["Customers come back"], ["Second orders", "Mails that are read"]),
        ("?owner=lea", ["Customers stay", "Customers come back"], ["Customers after a year", "Mails that are read"]),
        ("?owner=lea&team=shop", ["Customers come back"], ["Mails that are read"]),
        ("?words=SECOND", ["Customers come back"], ["Second orders"]),
        ("?words=second+come", ["Customers come back"], ["Second orders"]),
        ("?status=at+risk&team=depot", ["Parcels leave at once &lt;b&gt;today&lt;/b&gt;"], ["Hours to dispatch"]),
        ("?words=nothing+like+this", [], []),
    ],
)
def test_filters_choose_lines_and_never_change_figures(
    server: Client, query: str, objectives: list[str], results: list[str]
) -> None:
    text = shown(server, query)
    listed = part(text, "list").partition('id="agreed"')[0]
    rows = re.findall(r'scope="row"><a [^>]*><bdi>(.*?)</bdi>', listed)
    assert re.findall(r"<h4><bdi>(.*?)</bdi></h4>", listed) == objectives
    assert [title for title in RESULTS if title in rows] == results
    assert ("No objective fits." in listed) == (not objectives)
    assert score_line(text) == score_line(shown(server))


def score_line(text: str) -> str:
    return part(text, "answer").partition("</p>")[0]


def test_text_of_files_and_addresses_is_text(server: Client) -> None:
    text = shown(server, "?words=%3Cscript%3Ealert(1)%3C/script%3E&status=%22%3E%3Cimg%3E")
    assert "<script>alert" not in text and "<img>" not in text
    assert "<b>today" not in shown(server) and "&lt;b&gt;today&lt;/b&gt;" in shown(server)


def test_other_names_of_a_period_lead_to_its_address(server: Client) -> None:
    answer = server.get("/periods/q2?team=shop")
    assert answer.status == 303 and answer.header("location") == "/periods/2026-Q2?team=shop"
    assert server.get("/periods/nope").status == 404


def test_a_period_that_is_over_has_bands_and_can_be_closed(server: Client, history: History) -> None:
    text = server.get("/periods/2026-Q1").text
    assert "Objectives reached 1 of 1" in words(text) and 'href="/close/2026-Q1"' in text
    assert "2026-Q1 ended on 31 Mar Close it" in words(text)
    history.repo.write("scorecards/2026-Q1.json", "{}")
    text = server.get("/periods/2026-Q1").text
    assert "sealed" in part(text, "when") and "/close/" not in text


def test_who_may_not_write_gets_no_links_to_forms(history: History, server: Client) -> None:
    looking = start(history.repo.path, today=DAY, options=Options(frozenset(), "nobody may"))
    for address in ("/check-in", "/amend/"):
        assert f'href="{address}' in shown(server) and f'href="{address}' not in shown(looking)
    assert "/close/" not in looking.get("/periods/2026-Q1").text


def test_without_git_there_is_no_choice_of_commits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    repo = small_company(tmp_path / "plain", monkeypatch)
    shutil.rmtree(repo.path / ".git")
    text = start(repo.path, today=DAY).get("/periods/2026-Q2").text
    assert 'name="known_at"' not in text and "Customers come back" in text


def test_a_reading_shows_at_once(server: Client, history: History) -> None:
    assert ">190<" in shown(server)
    path = history.repo.path / "okrs/2026-Q2/shop.yaml"
    path.write_text(path.read_text("utf-8").replace("2026-05-18: 190", "2026-05-18: 171"), "utf-8")
    assert ">171<" in shown(server) and ">190<" not in shown(server)


def test_a_broken_file_is_left_out_and_named(server: Client, history: History) -> None:
    history.repo.write("okrs/2026-Q2/depot.yaml", "period: [")
    text = shown(server)
    assert "Customers come back" in words(text) and "Parcels" not in words(text)
    assert "okrs/2026-Q2/depot.yaml" in text.partition("<main")[0]


def test_a_long_list_has_a_link_to_the_rest(server: Client, history: History) -> None:
    more = "".join(f"  - {{id: extra-{number}, title: Extra {number}, key_results: []}}\n" for number in range(70))
    history.repo.write("okrs/2026-Q2/more.yaml", f"period: 2026-Q2\nteam: depot\nobjectives:\n{more}")
    text = shown(server)
    assert "Show 13 more objectives" in words(text) and text.count("<article") == 60
    whole = shown(server, "?all=1")
    assert "more objectives" not in words(whole) and whole.count("<article") == 73
