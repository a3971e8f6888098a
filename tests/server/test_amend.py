"""The form that changes what was agreed: the reason, the record, two people at once, and what the command writes."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlencode

import pytest

from okrctl.server.visit import Options
from tests.repositories import Repo
from tests.running import run
from tests.server.client import HOST, ORIGIN, Answer, Client, forms, proxy_access, start
from tests.server.quarters import words
from tests.server.worlds import DAY, GOALS, GOALS_FILE, KPIS, SETTINGS, read_goals

REF = "2026-Q2/shop/retention"
PAGE = f"/amend/{REF}.orders"
HOSTILE = ["<script>alert(1)</script>", "\"><img src=x onerror='a'> # {{ 7*7 }}", "- no: yes"]


def save(server: Client, page: str = PAGE, action: str = "save", **values: str) -> Answer:
    form = server.form(page)
    return server.submit(form, form.with_values(values), action)


def test_the_form_shows_what_is_agreed_now(server: Client) -> None:
    form = server.form(PAGE)
    assert {name: value for name, value in form.fields if name.startswith("new:")} == {
        "new:to": "200", "new:from": "100", "new:weight": "1", "new:due": "2026-06-30", "new:state": "active",
    }  # fmt: skip
    assert [value for name, value in form.fields if name.startswith("plan-")] == [""] * 6
    assert "Halfway would be 150 on 16 May." in server.get(PAGE).text
    assert '<span class="whole">30 Jun</span>' in server.get(PAGE).text
    assert f'<a class="button" href="/key-results/{REF}.orders">Cancel</a>' in server.get(PAGE).text
    assert "<td>200</td>" in server.get(PAGE).text and "Customers with a second order" in server.get(PAGE).text
    assert [name for name, _ in server.form(f"/amend/{REF}").fields if name.startswith("new:")] == [
        "new:weight", "new:state",
    ]  # fmt: skip


def test_it_is_what_the_command_line_writes(repo: Repo, server: Client, tmp_path: Path) -> None:
    other = small_company_copy(tmp_path)
    words = ["--to", "180", "--plan", "2026-05-31=150", "--due", "2026-06-15", "--weight", "2"]
    assert run("amend", f"{REF}.orders", *words, "--reason", "two shops closed", cwd=other, today=DAY).status == 0
    values = {"new:to": "180", "new:due": "2026-06-15", "new:weight": "2", "reason": " two shops\nclosed "}
    form = server.form(PAGE)
    answer = server.submit(form, with_step(form.with_values(values), "2026-05-31", "150"), "save")
    assert answer.status == 303, answer.text
    assert answer.header("location").startswith(f"/key-results/{REF}.orders?saved=")
    assert read_goals(repo) == (other / GOALS_FILE).read_text("utf-8") != GOALS
    assert "by: lea" in read_goals(repo) and "reason: two shops closed" in read_goals(repo)
    assert repo.git("log", "-1", "--format=%an %s").startswith(f"Lea amend {REF}.orders: ")
    assert repo.git("log", "-1", "--format=%b").strip() == "two shops closed"


def with_step(fields: list[tuple[str, str]], day: str, value: str) -> list[tuple[str, str]]:
    """The fields of a form with the first row of its plan filled in."""
    first = fields.index(("plan-day", ""))
    return [*fields[:first], ("plan-day", day), ("plan-value", value), *fields[first + 2 :]]


def test_a_plan_has_a_row_for_each_day(repo: Repo, server: Client) -> None:
    repo.commit("x", files={GOALS_FILE: GOALS.replace("to: 200", "to: 200\n        plan: {2026-05-01: 120}")})
    form = server.form(PAGE)
    rows = [value for name, value in form.fields if name.startswith("plan-")]
    assert rows == ["2026-05-01", "120", "", "", "", ""]
    answer = server.submit(form, [*with_step(form.fields, "2026-05-31", "160"), ("reason", "so")], "save")
    assert answer.status == 303, answer.text
    assert "2026-05-01: 120" in read_goals(repo) and "2026-05-31: 160" in read_goals(repo)
    form = server.form(PAGE)
    answer = server.submit(form, [*[(n, "" if n.startswith("plan-") else v) for n, v in form.fields],
                                  ("reason", "no")], "save")  # fmt: skip
    assert answer.status == 303 and "plan" not in read_goals(repo).partition("amended")[0]
    assert "Plan was 120 by 2026-05-01, 160 by 2026-05-31, changed by Lea on 20 May" in words(server.get(PAGE).text)


def test_a_wrong_step_of_a_plan_keeps_what_was_typed(repo: Repo, server: Client) -> None:
    form = server.form(PAGE)
    for day, value in (("2026-05-31", "soon"), ("", "150"), ("2026-05-31", "")):
        fields = with_step(form.with_values({"reason": "so"}), day, value)
        answer = server.submit(form, fields, "save")
        assert answer.status == 409 and 'class="problem"' in answer.text
        assert f'name="plan-day" value="{day}"' in answer.text and f'name="plan-value" value="{value}"' in answer.text
    assert read_goals(repo) == GOALS


def test_earlier_changes_are_told_with_names(server: Client, repo: Repo) -> None:
    values = {"new:to": "180", "reason": "two shops closed"}
    assert save(server, **values).status == 303
    text = words(server.get(PAGE).text)
    assert "Target was 200, changed by Lea on 20 May" in text and "two shops closed" in text


def test_the_reason_for_an_easier_target_is_recorded_afterwards(repo: Repo, server: Client) -> None:
    repo.commit("Lower a target", "2026-05-19", files={GOALS_FILE: GOALS.replace("to: 200", "to: 150")})
    page = server.get(PAGE).text
    assert "The target was 200 and is 150, which is easier than agreed, and nobody has recorded why." in words(page)
    assert "The reason is empty" in save(server).text
    answer = save(server, reason="two shops closed")
    assert answer.status == 303, answer.text
    text = read_goals(repo)
    assert "to: 150" in text and "was: {to: 200}" in text and "reason: two shops closed" in text
    assert "nobody has recorded" not in server.get(PAGE).text
    assert "goalpost-moved" not in run("check", cwd=repo.path, today=DAY).out


def test_what_would_be_an_error_is_not_saved(repo: Repo, server: Client) -> None:
    for action in ("preview", "save"):
        answer = save(server, action=action, reason="so", **{"new:to": "100"})
        assert answer.status == 409
        assert "'to' is 100 and 'from' is 100 too: the range is zero" in words(answer.text).replace("&#39;", "'")
    assert read_goals(repo) == GOALS


def small_company_copy(tmp_path: Path) -> Path:
    """The same files and the same person, for the command line."""
    other = Repo(tmp_path / "other")
    other.git("config", "user.name", "Lea")
    other.git("config", "user.email", "lea@acme.example")
    other.commit("x", files={"okrctl.yaml": SETTINGS, GOALS_FILE: GOALS, "kpis/money.yaml": KPIS})
    return other.path


def test_an_objective_is_given_up_with_its_reason(repo: Repo, server: Client) -> None:
    answer = save(server, f"/amend/{REF}", **{"new:state": "deprioritized", "reason": "other things first"})
    assert answer.status == 303, answer.text
    assert "state: deprioritized" in read_goals(repo) and "reason: other things first" in read_goals(repo)


def test_the_preview_shows_diff_and_score_and_saves_nothing(repo: Repo, server: Client) -> None:
    answer = save(server, action="preview", **{"new:to": "180", "reason": "so"})
    assert answer.status == 200
    assert "+        to: 180" in answer.text and "Score of the objective" in answer.text and "→" in answer.text
    assert read_goals(repo) == GOALS
    [second] = forms(answer.text)
    back = server.submit(second, second.fields, "edit")
    assert 'value="180"' in back.text and "so</textarea>" in back.text
    assert server.submit(second, second.fields, "save").status == 303
    assert "to: 180" in read_goals(repo)


def test_what_it_does_is_told_while_one_types(repo: Repo, server: Client) -> None:
    answer = save(server, action="live", **{"new:to": "180"})
    assert answer.status == 200 and "to 200 -&gt; 180" in answer.text and "<form" not in answer.text
    assert "not a valid number" in save(server, action="live", **{"new:to": "many"}).text
    assert read_goals(repo) == GOALS


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"new:to": "180"}, "needs a reason"),
        ({"reason": "because"}, "Nothing is changed"),
        ({"new:to": "many", "reason": "because"}, "not a valid number"),
        ({"new:to": "", "reason": "because"}, "Target is empty"),
        ({"new:to": "TBD", "reason": "because"}, "cannot become TBD"),
        ({"new:weight": "0", "reason": "because"}, "not a valid weight"),
        ({"new:due": "2026-07-01", "reason": "because"}, "is not in 2026-Q2"),
        ({"new:to": "180 EUR", "reason": "because"}, "unit"),
    ],
)
def test_an_error_keeps_what_was_typed(repo: Repo, server: Client, values: dict[str, str], message: str) -> None:
    before = repo.head
    answer = save(server, **values)
    assert answer.status == 409 and message in answer.text and 'role="alert"' in answer.text
    [form] = forms(answer.text)
    assert {name: value for name, value in form.fields if name in values} == values
    assert (read_goals(repo), repo.head) == (GOALS, before)


def test_a_slip_is_asked_about_once(repo: Repo, server: Client) -> None:
    repo.commit("x", files={"okrctl.yaml": f"numbers: de\n{SETTINGS}"})
    answer = save(server, **{"new:to": "1.240", "reason": "because"})
    assert answer.status == 409 and "may mean" in answer.text and read_goals(repo) == GOALS
    [form] = forms(answer.text)
    assert server.submit(form, [*form.fields, ("confirm", "yes")], "save").status == 303
    assert "to: 1.240" in read_goals(repo)


def test_a_decimal_comma_is_taken_where_people_write_it(repo: Repo, server: Client) -> None:
    repo.commit("x", files={"okrctl.yaml": f"numbers: de\n{SETTINGS}"})
    assert save(server, **{"new:to": "180,5", "reason": "because"}).status == 303
    assert "to: 180.5" in read_goals(repo)


def test_a_target_that_was_never_agreed_needs_no_reason(repo: Repo, server: Client) -> None:
    repo.commit("x", "2026-03-31", files={GOALS_FILE: GOALS.replace("to: 200", "to: TBD")})
    answer = save(server, **{"new:to": "180"})
    assert answer.status == 303, answer.text
    assert "to: 180" in read_goals(repo) and "amended" not in read_goals(repo)


def test_two_people_who_change_the_same_value_see_both(repo: Repo) -> None:
    lea, tom = start(repo.path, today=DAY), start(repo.path, today=DAY)
    form = lea.form(PAGE)
    assert save(tom, **{"new:to": "180", "reason": "mine"}).status == 303
    answer = lea.submit(form, form.with_values({"new:to": "170", "new:weight": "3", "reason": "hers"}), "save")
    assert answer.status == 409
    assert "180, which is saved" in answer.text and "170, which you typed" in answer.text
    [again] = forms(answer.text)
    assert dict(again.fields)["reason"] == "hers" and dict(again.fields)["new:weight"] == "3"
    assert lea.submit(again, again.fields, "save").status == 409, "nobody has chosen yet"
    assert lea.submit(again, [*again.fields, ("keep:to", "mine=175")], "save").status == 409, "another value was seen"
    assert lea.submit(again, [*again.fields, ("keep:to", "theirs")], "save").status == 303
    assert "to: 180" in read_goals(repo) and "weight: 3" in read_goals(repo)


def test_ones_own_value_can_win(repo: Repo) -> None:
    lea, tom = start(repo.path, today=DAY), start(repo.path, today=DAY)
    form = lea.form(PAGE)
    assert save(tom, **{"new:to": "180", "reason": "mine"}).status == 303
    [again] = forms(lea.submit(form, form.with_values({"new:to": "170", "reason": "hers"}), "save").text)
    assert lea.submit(again, [*again.fields, ("keep:to", "mine=180")], "save").status == 303
    assert "to: 170" in read_goals(repo) and "was: {to: 180}" in read_goals(repo)


def test_another_change_of_the_same_goal_does_not_matter(repo: Repo) -> None:
    lea, tom = start(repo.path, today=DAY), start(repo.path, today=DAY)
    form = lea.form(PAGE)
    assert save(tom, **{"new:to": "180", "reason": "mine"}).status == 303
    assert lea.submit(form, form.with_values({"new:weight": "3", "reason": "hers"}), "save").status == 303
    assert "to: 180" in read_goals(repo) and "weight: 3" in read_goals(repo)


def test_a_half_written_edit_stays_in_the_tree_and_out_of_the_commit(repo: Repo, server: Client) -> None:
    repo.write(GOALS_FILE, GOALS.replace("Customers come back", "Customers come back and"))
    assert save(server, **{"new:to": "180", "reason": "so"}).status == 303
    assert "Customers come back and" in read_goals(repo) and "to: 180" in read_goals(repo)
    committed = repo.git("show", f"HEAD:{GOALS_FILE}")
    assert "Customers come back and" not in committed and "to: 180" in committed


def test_a_hook_that_refuses_keeps_the_form(repo: Repo, server: Client) -> None:
    repo.write(".git/hooks/pre-commit", "#!/bin/sh\necho not on a Friday >&2\nexit 1\n").chmod(0o755)
    answer = save(server, **{"new:to": "180", "reason": "so\nit is"})
    assert answer.status == 409 and "not on a Friday" in answer.text
    [form] = forms(answer.text)
    assert dict(form.fields)["new:to"] == "180" and dict(form.fields)["reason"] == "so\nit is"
    assert read_goals(repo) == GOALS


def test_a_sealed_period_asks_first(repo: Repo) -> None:
    assert run("close", "2026-Q2", "--yes", "--commit", cwd=repo.path, today="2026-07-20").status == 0
    server = start(repo.path, today="2026-07-20")
    answer = save(server, **{"new:to": "180", "reason": "so"})
    assert answer.status == 409 and "is sealed" in answer.text and read_goals(repo) == GOALS
    [form] = forms(answer.text)
    assert server.submit(form, [*form.fields, ("overwrite", "yes")], "save").status == 303
    assert "to: 180" in read_goals(repo)


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_stays_text(repo: Repo, server: Client, text: str) -> None:
    form = server.form(PAGE)
    for name in ("to", "from", "weight", "due", "state"):
        answer = server.submit(form, form.with_values({f"new:{name}": text, "reason": text}), "save")
        assert answer.status == 409 and read_goals(repo) == GOALS
        assert "<script>alert" not in answer.text and "<img src=x" not in answer.text
    answer = server.submit(form, with_step(form.with_values({"reason": text}), text, text), "save")
    assert answer.status == 409 and "<script>alert" not in answer.text and "<img src=x" not in answer.text
    assert save(server, **{"new:to": "180", "reason": text}).status == 303
    assert run("check", "--select", "OKR0,OKR1", cwd=repo.path, today=DAY).status == 0
    page = server.get(PAGE).text
    assert "<script>alert" not in page and "<img src=x" not in page


@pytest.mark.parametrize("ref", ["revenue", "nothing", "..%2F..%2Fetc%2Fpasswd", "--help", "2026-Q2%2Fshop"])
def test_what_cannot_be_amended_is_an_error(server: Client, ref: str) -> None:
    answer = server.get(f"/amend/{ref}")
    assert answer.status in (400, 404) and "<form" not in answer.text


def test_without_permission_the_form_is_refused(repo: Repo, server: Client) -> None:
    form = server.form(PAGE)
    options = Options(frozenset({"checkin", "draft"}), None)
    closed = start(repo.path, today=DAY, options=options, access=server.server.access)
    assert closed.get(PAGE).status == 403
    assert closed.submit(form, form.with_values({"new:to": "180", "reason": "so"}), "save").status == 403
    assert read_goals(repo) == GOALS


def test_behind_a_proxy_the_record_and_the_commit_name_the_person(repo: Repo) -> None:
    server = start(repo.path, today=DAY, access=proxy_access())
    who = [("host", HOST), ("x-user", "tom@acme.example")]
    [form] = forms(server.send("GET", PAGE, who).text)
    fields = [*form.with_values({"new:to": "180", "reason": "so"}), ("action", "save")]
    own = [("origin", ORIGIN), ("content-type", "application/x-www-form-urlencoded")]
    assert server.send("POST", PAGE, [*who, *own], urlencode(fields).encode()).status == 303
    assert "by: tom" in read_goals(repo)
    assert repo.git("log", "-1", "--format=%an <%ae> %cn") == "Tom <tom@acme.example> Lea"
