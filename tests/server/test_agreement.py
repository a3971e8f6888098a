"""What pages say of one goal agrees on all of them: one verdict with its cause, and counts that add up."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from okrctl.server.visit import Options
from tests.server.client import Client, start
from tests.server.quarters import part, words
from tests.server.worlds import LAST_DAY, guarded_company

PERIOD = "/periods/2026-Q2"


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Client:
    return start(guarded_company(tmp_path / "acme", monkeypatch).path, today=LAST_DAY)


def chips(text: str) -> list[str]:
    """The badges of a part of a page."""
    return re.findall(r'class="chip [a-z]+">(.*?)</span>', text)


def test_a_period_counts_guardrails_and_what_is_put_off_apart(server: Client) -> None:
    text = server.get(PERIOD).text
    said = words(text)
    assert "1.00 expected, 3 of 4 key results measured, 1 guardrail: broken" in said
    tally = chips(text.partition('class="tally"')[2].partition("</ul>")[0])
    assert tally == ["1 no data", "1 behind", "1 on track", "1 achieved"]
    scorecard = text.partition('id="teams"')[2].partition("The period in figures")[0]
    assert chips(scorecard) == []  # a team has no verdict of its own
    assert "Company 0.42 1 no data, 1 behind 1 of 2 measured" in words(f"<main>{scorecard}")
    assert "Roastery 0.98 1 on track, 1 achieved 1 guardrail: broken" in words(f"<main>{scorecard}")
    figures = words(f"<main>{text.partition('The period in figures</h3>')[2].partition('</table>')[0]}")
    assert "Objectives 2, and 1 deprioritized Key results 4 Guardrails 1 broken 1" in figures
    assert "2 objectives and 1 deprioritized, 4 key results, 1 guardrail: broken" in said
    assert "1.00 is expected of each objective by now." in said and "100 % is expected of each key result" in said


def test_a_status_names_the_goal_that_decides_it(server: Client) -> None:
    waste = "/key-results/2026-Q2/roastery/even-roast.waste"
    for address in (PERIOD, "/people/tom", "/teams/roastery", "/objectives/2026-Q2/roastery/even-roast"):
        text = server.get(address).text
        assert f'At risk because of <a href="{waste}"><bdi>Coffee thrown away</bdi></a>' in text, address
        assert "decided by" not in text and "because of waste" not in words(text).partition("How the score")[0]
    assert f'broken guardrail: <a href="{waste}"><bdi>Coffee thrown away</bdi></a>' in server.get("/alignment").text
    listed = words(f"<main>{part(server.get(PERIOD).text, 'list')}")
    assert "no data 1 of 2 without data" in listed


def test_a_period_that_is_over_has_no_names_of_colours(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    server = start(guarded_company(tmp_path / "acme", monkeypatch).path, today="2026-07-20")
    for address in ("/periods", PERIOD, "/people/tom", "/teams/roastery", "/objectives/2026-Q2/roastery/even-roast"):
        text = server.get(address).text.partition("The period in figures")[0]
        assert not {"green", "yellow", "red"} & {chip.split()[-1] for chip in chips(text)}, address
    assert "1 of 2 objectives reached" in words(server.get(PERIOD).text)
    assert "1 of 2 objectives reached" in words(server.get("/periods").text)
    assert "expected of each" not in words(server.get(PERIOD).text)
    result = words(server.get("/key-results/2026-Q2/roastery/even-roast.defects").text)
    assert "95 % Value" in result and "100 % expected" not in result


def test_people_are_those_of_the_settings_who_own_something(server: Client) -> None:
    text = server.get("/teams").text.partition("<main")[2]
    assert re.findall(r'href="/people/([a-z]+)"', text) == ["lea", "lu", "tom"]  # Kim owns nothing, `nor` is unknown
    assert 'href="/teams/company"' in text and "Roastery led by Tom" in words(f"<main{text}")


def test_an_owner_whom_the_settings_do_not_name_is_marked(server: Client) -> None:
    marked = re.compile(r"<bdi>nor</bdi>(</a>)? <span class=\"chip warn\">unknown</span>")
    for address in (PERIOD, "/objectives/2026-Q2/roastery/even-roast"):
        assert marked.search(server.get(address).text), address
    assert "nor (unknown)" in server.get("/key-results/2026-Q2/roastery/even-roast.waste").text
    assert '<option value="nor">nor (unknown)</option>' in server.get(PERIOD).text
    assert "Unknown owner" in server.get("/people/nor").text


def test_a_person_who_owns_only_kpis_has_a_page_with_them(server: Client) -> None:
    said = words(server.get("/people/lu").text)
    assert "Monthly revenue" in said and "No goals yet" not in said and "Subscribers" not in said


def test_the_last_week_says_what_comes_next(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    repo = guarded_company(tmp_path / "acme", monkeypatch)
    for day, said in (
        ("2026-06-23", ""), ("2026-06-24", "ends in 6 days"), ("2026-06-29", "ends tomorrow"), (LAST_DAY, "ends today"),
        ("2026-07-02", "ended on 30 Jun"),
    ):  # fmt: skip
        server = start(repo.path, today=day)
        for address in ("/", PERIOD):
            text = server.get(address).text
            assert (f"2026-Q2 {said} Close it Draft goals for 2026-Q3" in words(text)) == bool(said), (day, address)
            assert ('href="/close/2026-Q2"' in text) == ('href="/draft?period=2026-Q3"' in text) == bool(said)
    assert "ends today" not in words(start(repo.path, today=LAST_DAY).get(f"{PERIOD}?as_of=2026-05-20").text)
    looking = start(repo.path, today=LAST_DAY, options=Options(frozenset({"checkin"})))
    assert "2026-Q2 ends today" in words(looking.get("/").text) and "/close/" not in looking.get("/").text
    assert "still open" not in words(start(repo.path, today="2026-07-02").get("/?who=all").text)  # it stands above
    assert "still open" in words(start(repo.path, today="2026-10-02").get("/?who=all").text)
    repo.write("scorecards/2026-Q2.json", "{}")
    assert "ended on" not in words(start(repo.path, today="2026-07-02").get(PERIOD).text)


def test_the_score_against_the_agreed_targets_stands_beside_the_score(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    repo = guarded_company(tmp_path / "acme", monkeypatch)
    path = "okrs/2026-Q2/company.yaml"
    assert "against the targets" not in start(repo.path, today=LAST_DAY).get(PERIOD).text
    repo.commit("Aim lower", "2026-06-01", files={path: (repo.path / path).read_text().replace("to: 100", "to: 84")})
    lead = start(repo.path, today=LAST_DAY).get(PERIOD).text.partition('id="teams"')[0]
    assert '0.698 <a href="#changed">against the version agreed on 30 Mar</a>' in lead


def test_a_close_says_how_each_objective_stands_and_would_close(server: Client) -> None:
    text = server.get("/close/2026-Q2").text
    said = words(text)
    assert "Every bag tastes the same Tom 0.98 at risk because of Coffee thrown away · would close as succeeded" in said
    assert "Subscribers stay Lea 0.42 no data because of Tasting tables · would close as missed" in said
    assert "Close anyway" not in said and 'type="checkbox"' not in text  # nobody has filled in anything yet
    assert "2026-Q2 ends today; late readings count until 14 Jul, but not after the close" in said
    assert "1 reading is still due: check in" in said and "Tasting tables has no data: no reading since" in said
    assert "Sealing can be undone with a reason" in text and "okrctl reopen 2026-Q2 --reason TEXT" in text


def test_an_owner_whom_nobody_knows_is_marked_in_the_weekly_round(server: Client) -> None:
    text = words(server.get("/check-in?ref=2026-Q2/roastery/even-roast.waste").text)
    assert "nor (unknown)" in text and "Tom (unknown)" not in text


def test_what_stands_in_the_way_of_a_close_is_ticked_after_it_was_sent(server: Client) -> None:
    form = server.form("/close/2026-Q2")
    text = server.submit(form, form.fields, "preview").text
    assert "Close anyway" in text and 'name="force"' not in text  # it ends today
    assert "2 of 2 objectives have no outcome: leave them open" in words(text) and 'name="accept"' not in text
