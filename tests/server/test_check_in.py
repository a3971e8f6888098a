"""The weekly round: what is due, what a value does, and how it is saved."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.repositories import Repo
from tests.running import run
from tests.server.client import Client, forms, proxy_access, start
from tests.server.quarters import words
from tests.server.worlds import DAY, GOALS, GOALS_FILE, read_goals

REF = "2026-Q2/shop/retention"
HOSTILE = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "a: b # c",
    "'''",
    "{{ 7*7 }}",
    "\u202eabc",
    "- x",
]


def test_the_form_lists_what_is_due_with_last_and_expected_values(server: Client) -> None:
    text = server.get("/check-in?who=all").text
    for shown in ("Customers with a second order", "130 customers, 16 days ago", "expected today", "Monthly revenue"):
        assert shown in text
    assert "Labels" not in text and ">Desk</option>" in text


def test_only_ones_own_are_listed_first(server: Client) -> None:
    text = server.get("/check-in?who=mine").text
    assert "Monthly revenue" in text.partition("Another reading")[0]
    assert "second order" not in text.partition("Another reading")[0]


def test_the_rows_of_others_stand_below_their_names_and_ones_own_come_first(server: Client) -> None:
    page = server.get("/check-in?who=all")
    text = words(page.text)
    assert text.index("Mine Monthly revenue") < text.index("Tom Customers with a second order")
    assert "5 readings are due. Only lines with a value, a confidence or a note are saved." in page.text
    assert '<a href="/check-in?who=all" aria-current="true">Everybody&#39;s</a>' in page.text.replace("'", "&#39;")
    assert "okrctl_who=all" in page.header("set-cookie")
    own = server.get("/check-in?who=mine").text
    assert "Mine Monthly" not in words(own) and '<a href="/check-in?who=mine" aria-current="true">Mine</a>' in own


def test_nothing_is_chosen_before_somebody_chooses(server: Client) -> None:
    form = server.form("/check-in?who=all")
    typed = {name: value for name, value in form.fields if name.startswith(("value:", "confidence:", "note:"))}
    assert set(typed.values()) == {""} and "not yet" not in server.get("/check-in?who=all").text


def test_several_readings_are_one_commit_that_says_what_it_is(server: Client, repo: Repo) -> None:
    before = repo.head
    answer = server.save(
        "/check-in?who=all",
        **{
            f"value:{REF}.orders": "150", f"confidence:{REF}.orders": "7", f"note:{REF}.orders": "the mail helped",
            f"value:{REF}.returns": "7 %", f"value:{REF}.terms": "done", f"value:{REF}.steps": "Desk",
            "value:revenue": "1200",
        },
    )  # fmt: skip
    assert answer.status == 303, answer.text
    assert repo.git("rev-list", "--count", f"{before}..HEAD") == "1"
    assert repo.git("log", "-1", "--format=%an %s") == "Lea checkin: 5 readings"
    assert repo.git("status", "--short") == ""
    text = read_goals(repo)
    assert "2026-05-20: {value: 150, confidence: 7, note: the mail helped}" in text or "value: 150" in text
    assert "{2026-05-04: 8 %, 2026-05-20: 7 %}" in text
    assert "done: 2026-05-20" in text and "# kept by hand" in text
    page = server.get(answer.header("location"))
    assert "Saved 5 readings, commit" in page.text


def test_it_is_what_the_command_line_writes(server: Client, repo: Repo, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    (other / "okrs/2026-Q2").mkdir(parents=True)
    (other / GOALS_FILE).write_text(GOALS)
    assert run("checkin", f"{REF}.orders", "150", "--confidence", "7", "-m", "so", cwd=other, today=DAY).status == 0
    values = {f"value:{REF}.orders": "150", f"confidence:{REF}.orders": "7", f"note:{REF}.orders": "so"}
    assert server.save("/check-in?who=all", **values).status == 303
    assert read_goals(repo) == (other / GOALS_FILE).read_text("utf-8")


def test_a_preview_shows_the_diff_and_saves_nothing(server: Client, repo: Repo) -> None:
    form = server.form("/check-in?who=all")
    answer = server.submit(form, form.with_values({f"value:{REF}.orders": "150"}), "preview")
    assert answer.status == 200 and "+          2026-05-20: 150" in answer.text and "50 %" in answer.text
    assert read_goals(repo) == GOALS
    [second] = forms(answer.text)
    assert server.submit(second, second.fields, "edit").text.count('value="150"') == 1
    assert server.submit(second, second.fields, "save").status == 303
    assert "2026-05-20: 150" in read_goals(repo)


def test_what_a_value_does_is_told_before_it_is_saved(server: Client, repo: Repo) -> None:
    form = server.form("/check-in?who=all")
    token = dict(form.fields)["token"]

    def effect(value: str) -> dict[str, str]:
        sent = [("token", token), ("ref", f"{REF}.orders"), (f"value:{REF}.orders", value)]
        found = json.loads(server.post("/check-in/effect", sent).text)
        assert isinstance(found, dict)
        return found

    assert "50 %" in effect("150")["effect"] and "→" in effect("150")["effect"]
    assert "not a valid number" in effect("many")["problem"] or effect("many")["problem"]
    assert effect("15000")["doubt"]
    assert read_goals(repo) == GOALS


@pytest.mark.parametrize(
    "values",
    [
        {f"value:{REF}.orders": "many"},
        {f"value:{REF}.orders": "150", f"confidence:{REF}.orders": "70"},
        {f"value:{REF}.orders": "150", f"day:{REF}.orders": "2026-06-31"},
        {f"value:{REF}.orders": "150", f"day:{REF}.orders": "2026-06-02"},
        {f"value:{REF}.orders": "150", f"value:{REF}.returns": "x"},
        {f"value:{REF}.orders": "150 EUR"},
        {},
    ],
)
def test_an_error_keeps_what_was_typed_and_writes_nothing(server: Client, repo: Repo, values: dict[str, str]) -> None:
    before = repo.head
    answer = server.save("/check-in?who=all", **values)
    assert answer.status == 409 and 'role="alert"' in answer.text
    for value in values.values():
        assert f'value="{value}"' in answer.text
    assert (read_goals(repo), repo.head) == (GOALS, before)


def test_a_slip_is_asked_about_once(server: Client, repo: Repo) -> None:
    answer = server.save("/check-in?who=all", **{f"value:{REF}.orders": "15000"})
    assert answer.status == 409 and "typo" in answer.text
    [form] = forms(answer.text)
    confirmed = [*form.fields, ("confirm", "yes")]
    assert server.submit(form, confirmed, "save").status == 303
    assert "2026-05-20: 15000" in read_goals(repo)


def test_two_people_who_check_in_the_same_reading_see_both_values(repo: Repo) -> None:
    lea, tom = start(repo.path, today=DAY), start(repo.path, today=DAY)
    form = lea.form("/check-in?who=all")
    assert tom.save("/check-in?who=all", **{f"value:{REF}.orders": "150"}).status == 303
    answer = lea.submit(form, form.with_values({f"value:{REF}.orders": "160", f"note:{REF}.orders": "mine"}), "save")
    assert answer.status == 409
    assert (
        "150, which is saved" in answer.text and "160, which you typed" in answer.text and 'value="mine"' in answer.text
    )
    assert "160" not in read_goals(repo)
    [again] = forms(answer.text)
    assert lea.submit(again, [*again.fields, (f"keep:{REF}.orders", "mine")], "save").status == 303
    assert "value: 160" in read_goals(repo) or "2026-05-20: {value: 160" in read_goals(repo)


def test_keeping_the_other_value_writes_nothing(repo: Repo) -> None:
    lea, tom = start(repo.path, today=DAY), start(repo.path, today=DAY)
    form = lea.form("/check-in?who=all")
    assert tom.save("/check-in?who=all", **{f"value:{REF}.orders": "150"}).status == 303
    answer = lea.submit(form, form.with_values({f"value:{REF}.orders": "160", "value:revenue": "1300"}), "save")
    [again] = forms(answer.text)
    assert lea.submit(again, [*again.fields, (f"keep:{REF}.orders", "theirs")], "save").status == 303
    assert "160" not in read_goals(repo)
    assert "1300" in (repo.path / "kpis/money.yaml").read_text()


def test_different_readings_of_one_file_are_both_saved(repo: Repo) -> None:
    lea, tom = start(repo.path, today=DAY), start(repo.path, today=DAY)
    form = lea.form("/check-in?who=all")
    assert tom.save("/check-in?who=all", **{f"value:{REF}.returns": "7 %"}).status == 303
    assert lea.submit(form, form.with_values({f"value:{REF}.orders": "160"}), "save").status == 303
    assert "2026-05-20: 160" in read_goals(repo) and "2026-05-20: 7 %" in read_goals(repo)


def test_a_half_written_edit_stays_in_the_tree_and_out_of_the_commit(server: Client, repo: Repo) -> None:
    repo.write(GOALS_FILE, GOALS.replace("Customers come back", "Customers come back and"))
    assert server.save("/check-in?who=all", **{f"value:{REF}.orders": "150"}).status == 303
    assert "Customers come back and" in read_goals(repo) and "2026-05-20: 150" in read_goals(repo)
    committed = repo.git("show", f"HEAD:{GOALS_FILE}")
    assert "Customers come back and" not in committed and "2026-05-20: 150" in committed


def test_a_hook_that_refuses_keeps_the_form(server: Client, repo: Repo) -> None:
    hook = repo.write(".git/hooks/pre-commit", "#!/bin/sh\necho not on a Friday >&2\nexit 1\n")
    hook.chmod(0o755)
    answer = server.save("/check-in?who=all", **{f"value:{REF}.orders": "150", f"note:{REF}.orders": "so"})
    assert answer.status == 409
    assert 'value="150"' in answer.text and 'value="so"' in answer.text and "not on a Friday" in answer.text
    assert read_goals(repo) == GOALS


def test_a_broken_file_does_not_take_the_page_away(server: Client, repo: Repo) -> None:
    repo.write("okrs/2026-Q2/other.yaml", "period: 2026-Q2\nobjectives: [\n")
    text = server.get("/").text
    assert "okrs/2026-Q2/other.yaml" in text and "/findings" in text and "This week" in text
    assert server.save("/check-in?who=all", **{f"value:{REF}.orders": "150"}).status == 303


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_stays_text(server: Client, repo: Repo, text: str) -> None:
    answer = server.save("/check-in?who=all", **{f"value:{REF}.orders": "150", f"note:{REF}.orders": text})
    assert answer.status == 303
    assert run("check", cwd=repo.path, today=DAY).status == 0
    answer = server.save("/check-in?who=all", **{f"value:{REF}.returns": text})
    assert answer.status == 409
    assert "<script>alert" not in answer.text and "<img src=x" not in answer.text and "\u202e" not in answer.text


def test_without_commits_the_files_alone_are_written(repo: Repo) -> None:
    from okrctl.server.access import WRITES
    from okrctl.server.visit import Options

    server = start(repo.path, today=DAY, options=Options(frozenset(WRITES), None, commits=False))
    before = repo.head
    answer = server.save("/check-in?who=all", **{f"value:{REF}.orders": "150"})
    assert answer.status == 303 and repo.head == before
    assert "2026-05-20: 150" in read_goals(repo)


def test_a_page_without_permission_offers_and_takes_nothing(repo: Repo) -> None:
    from okrctl.server.visit import Options

    server = start(repo.path, today=DAY, options=Options(frozenset(), "this server is read-only (--read-only)"))
    assert "check-in" not in server.get("/").text
    token = server.server.access.form_token(server.server.served.git_person())
    sent = [("token", token), ("ref", f"{REF}.orders"), (f"value:{REF}.orders", "150"), ("action", "save")]
    assert server.post("/check-in", sent).status == 403
    assert read_goals(repo) == GOALS


def test_behind_a_proxy_the_commit_is_by_the_person(repo: Repo) -> None:
    from urllib.parse import urlencode

    from tests.server.client import HOST, ORIGIN

    server = start(repo.path, today=DAY, access=proxy_access())
    who = [("host", HOST), ("x-user", "tom@acme.example")]
    page = server.send("GET", "/check-in", who).text
    assert '<a href="/people/tom"><bdi>Tom</bdi></a>' in page and "second order" in page.partition("Another reading")[0]
    [form] = forms(page)
    body = urlencode([*form.with_values({f"value:{REF}.orders": "150"}), ("action", "save")]).encode()
    own = [("origin", ORIGIN), ("content-type", "application/x-www-form-urlencoded")]
    assert server.send("POST", "/check-in", [*who, *own], body).status == 303
    assert repo.git("log", "-1", "--format=%an <%ae> %cn") == "Tom <tom@acme.example> Lea"


def test_pages_are_kept_until_something_changes(server: Client, repo: Repo) -> None:
    first = server.get("/").text
    assert server.get("/").text == first
    repo.write(GOALS_FILE, GOALS.replace("2026-05-04: 130", "2026-05-04: 130\n          2026-05-18: 190"))
    assert server.get("/").text != first
    repo.write(GOALS_FILE, GOALS)
    assert server.get("/").text == first


def test_a_page_follows_readings_in_a_csv_file(server: Client, repo: Repo) -> None:
    kpi = "kpis:\n  - {id: visits, title: Visits, owner: lea, better: higher, readings: {csv: visits.csv}}\n"
    repo.write("kpis/visits.yaml", kpi)
    repo.write("kpis/visits.csv", "date,value\n2026-05-18,100\n")
    assert "100" in server.get("/kpis/visits").text and "4711" not in server.get("/kpis/visits").text
    repo.write("kpis/visits.csv", "date,value\n2026-05-18,4711\n")
    assert "4711" in server.get("/kpis/visits").text
