"""The coach: what the rules answer, what is written, and that nothing is ever replaced or lost."""

from __future__ import annotations

from pathlib import Path

import pytest

from okrctl.server.visit import Options
from tests.repositories import Repo
from tests.running import run
from tests.server.client import Answer, Client, forms, start
from tests.server.worlds import DAY, GOALS, GOALS_FILE, KPIS, SETTINGS

TYPED = {
    "period": "2026-Q3", "team": "shop", "title": "Customers find what they look for", "owner": "tom",
    "why": "Half of them\nsearch twice", "parent": "2026-Q2/shop/retention", "ambition": "committed",
    "hypothesis-kpi": "revenue", "expect": "up", "because": "they buy what they find",
    "title-1": "Searches that end with a click", "kind-1": "to", "start-1": "40%", "target-1": "60%",
    "title-2": "Visitors who search twice", "kind-2": "change", "start-2": "900", "change-2": "-30%",
    "unit-2": "visitors",
    "title-guardrail": "Seconds that a search takes", "kind-guardrail": "at_most", "bound-guardrail": "2",
    "unit-guardrail": "s",
}  # fmt: skip
WRITTEN = """\
period: 2026-Q3
team: shop
objectives:
  - id: customers-find-what-they-look-for
    title: Customers find what they look for
    owner: tom
    ambition: committed
    why: |-
      Half of them
      search twice
    parent: 2026-Q2/shop/retention
    hypothesis: {kpi: revenue, expect: up, because: they buy what they find}
    key_results:
      - id: searches-that-end-with-a-click
        title: Searches that end with a click
        from: 40%
        to: 60%
      - id: visitors-who-search-twice
        title: Visitors who search twice
        from: 900
        change: -30%
        unit: visitors
      - id: seconds-that-a-search-takes
        title: Seconds that a search takes
        at_most: 2
        unit: s
        guards: all
    state: draft
"""
HOSTILE = ["<script>alert(1)</script>", "\"><img src=x onerror='a'> # {{ 7*7 }}", "- no: yes", "a\x00b\x1b[31m\u202e"]


def save(server: Client, action: str = "save", page: str = "/draft", **values: str) -> Answer:
    form = server.form(page)
    return server.submit(form, form.with_values({**TYPED, **values}), action)


def new_file(repo: Repo) -> str:
    return (repo.path / "okrs/2026-Q3/shop.yaml").read_text("utf-8")


def files(repo: Repo) -> dict[str, str]:
    return {str(path): path.read_text() for path in repo.path.rglob("*.yaml")}


def test_an_objective_is_written_as_data_and_committed_by_the_person(repo: Repo, server: Client) -> None:
    before = repo.head
    answer = save(server)
    assert answer.status == 303, answer.text
    assert answer.header("location").startswith("/objectives/2026-Q3/shop/customers-find-what-they-look-for?saved=")
    heading, _, text = new_file(repo).partition("\n")
    assert text == WRITTEN and heading.startswith("# 2026-07-01 to 2026-09-30.")
    assert repo.git("log", "--format=%an %s", f"{before}..HEAD") == "Lea new 2026-Q3: customers-find-what-they-look-for"
    assert repo.git("status", "--short") == ""
    assert run("check", cwd=repo.path, today=DAY).status == 0


def test_it_is_what_the_command_line_writes(repo: Repo, server: Client, tmp_path: Path) -> None:
    other = Repo(tmp_path / "other")
    other.git("config", "user.name", "Lea")
    other.git("config", "user.email", "lea@acme.example")
    other.commit("x", files={"okrctl.yaml": SETTINGS, GOALS_FILE: GOALS, "kpis/money.yaml": KPIS})
    assert save(server).status == 303
    objective = other.path / "objective.yaml"
    objective.write_text("objectives:" + new_file(repo).partition("objectives:")[2].replace("    state: draft\n", ""))
    command = ["new", "2026-Q3", "--objective", objective, "--team", "shop", "--commit"]
    assert run(*command, cwd=other.path, today=DAY).status == 0
    assert (other.path / "okrs/2026-Q3/shop.yaml").read_text("utf-8") == new_file(repo)
    assert repo.git("log", "-1", "--format=%B") == other.git("log", "-1", "--format=%B")


def test_it_goes_into_the_file_of_its_team(repo: Repo, server: Client) -> None:
    form = server.form("/draft")
    fields = form.with_values({**TYPED, "period": "2026-Q2", "parent": ""})
    preview = server.submit(form, fields, "preview-active")
    assert preview.status == 200 and "state: draft" not in preview.text
    [second] = forms(preview.text)
    assert server.submit(second, second.fields, "save").status == 303
    text = (repo.path / GOALS_FILE).read_text()
    assert text.startswith(GOALS) and "state: draft" not in text
    assert "  - id: customers-find-what-they-look-for\n" in text


def test_a_button_saves_it_as_an_active_objective(repo: Repo, server: Client) -> None:
    assert save(server, "activate").status == 303
    assert new_file(repo).partition("\n")[2] == WRITTEN.replace("    state: draft\n", "")


def test_owners_are_chosen_by_name(repo: Repo, server: Client) -> None:
    text = server.get("/draft").text
    chosen = text.partition('<select id="owner" name="owner">')[2].partition("</select>")[0]
    assert '<option value="">nobody yet</option>' in chosen and '<option value="tom">Tom</option>' in chosen
    assert '<option value="lea" selected>Lea</option>' in chosen and "kim" not in chosen
    assert '<option value="" selected>the owner of the objective</option>' in text
    repo.write("okrctl.yaml", "organisation: Acme\n")
    assert '<input id="owner" name="owner"' in server.get("/draft").text


def test_an_owner_who_is_unknown_is_not_lost(server: Client) -> None:
    form = server.form("/draft")
    [again] = forms(server.submit(form, form.with_values({**TYPED, "owner": "nor"}), "check").text)
    assert dict(again.fields)["owner"] == "nor"


def test_the_form_says_what_is_usual_and_what_is_required(server: Client) -> None:
    text = server.get("/draft").text
    assert ">aspirational, as usual here</option>" in text
    assert "(required)" in text and text.count(" required>") == 1
    assert "Check against the rules" in text


def test_the_rules_answer_with_their_words_and_a_good_example(repo: Repo, server: Client) -> None:
    before = files(repo)
    answer = save(
        server,
        "check",
        **{
            "title": "Improve customer satisfaction",
            "title-1": "Launch the new search",
            "start-1": "",
            "target-1": "1",
        },
    )
    assert answer.status == 200
    for words in (
        "would be valid in any year", "OKR202 objective-evergreen", "A good example",
        "Customers know where their products come from", "<bdi>Launch the new search</bdi>", "describes work",
        "okrs/2026-Q3/shop.yaml", "title: Improve customer satisfaction",
    ):  # fmt: skip
        assert words in answer.text, words
    [form] = forms(answer.text)
    assert dict(form.fields)["why"] == TYPED["why"], "the form keeps what was typed"
    live = server.post("/draft/check", form.fields)
    assert live.status == 200 and "<form" not in live.text
    assert live.text.strip() in answer.text, "the script shows the same"
    assert files(repo) == before


def test_good_words_get_no_findings(server: Client) -> None:
    text = save(server, "check").text
    assert "The rules find nothing." in text or "OKR2" not in text


@pytest.mark.parametrize(
    ("values", "message"),
    [({"title": ""}, "Write a title"), ({"period": "2026-Q1"}, "2026-Q1 is over"), ({"id": "A b"}, "id")],
)
def test_what_cannot_be_written_is_told_while_one_types(server: Client, values: dict[str, str], message: str) -> None:
    form = server.form("/draft")
    fields = [(name, {**TYPED, **values}.get(name, value)) for name, value in form.fields]
    answer = server.post("/draft/check", fields)
    assert answer.status == 200 and message in answer.text


def test_one_more_key_result_without_a_script(repo: Repo, server: Client) -> None:
    answer = save(server, "add")
    [form] = forms(answer.text)
    typed = dict(form.fields)
    assert typed["rows"] == "3" and typed["title-3"] == "" and " autofocus" in answer.text
    assert {name: typed[name] for name in TYPED} == TYPED
    values = {"title-3": "The index is new", "kind-3": "milestones", "steps-3": "Plan: all\n\n- build\n"}
    assert server.submit(form, form.with_values(values), "save").status == 303
    assert "      - id: the-index-is-new\n" in new_file(repo)
    assert (
        'milestones:\n          - title: "Plan: all"\n            done: false\n          - title: "- build"'
        in new_file(repo)
    )


def test_there_is_an_end_to_key_results(server: Client) -> None:
    form = server.form("/draft")
    fields = [(name, "9999" if name == "rows" else value) for name, value in form.fields]
    answer = server.submit(form, fields, "add")
    assert answer.text.count('name="title-') == 21 and "Add a key result" not in answer.text


def test_each_way_to_judge_is_written_with_its_own_keys(repo: Repo, server: Client) -> None:
    [form] = forms(save(server, "add").text)
    values = {
        "title-1": "Up", "kind-1": "at_least", "bound-1": "3", "start-1": "", "target-1": "60%",
        "title-2": "In", "kind-2": "between", "start-2": "4", "target-2": "5", "change-2": "", "unit-2": "h",
        "title-3": "Good", "kind-3": "graded", "question-3": "How good is it?", "kpi-3": "", "owner-3": "lea",
        "title-guardrail": "Done", "kind-guardrail": "at_least", "bound-guardrail": "1",
    }  # fmt: skip
    assert server.submit(form, form.with_values(values), "save").status == 303
    text = new_file(repo)
    for lines in (
        "title: Up\n        at_least: 3\n", "title: In\n        between: [4, 5]\n        unit: h\n",
        "title: Good\n        owner: lea\n        graded: How good is it?\n", "title: Done\n        at_least: 1\n",
    ):  # fmt: skip
        assert lines in text, text
    assert "60%" not in text, "a field of another way to judge is left out"


def test_a_kpi_starts_the_hypothesis(server: Client) -> None:
    form = server.form("/draft?kpi=revenue")
    typed = dict(form.fields)
    assert (typed["hypothesis-kpi"], typed["expect"], typed["owner"]) == ("revenue", "up", "lea")
    assert "Monthly revenue" in typed["why"]
    assert server.get("/draft?kpi=nothing").status == 404


def test_an_id_that_exists_is_an_error_with_a_free_one(repo: Repo, server: Client) -> None:
    before = files(repo)
    answer = save(server, period="2026-Q2", parent="", id="retention")
    assert answer.status == 409 and "retention already exists" in answer.text and "retention-2" in answer.text
    [form] = forms(answer.text)
    assert dict(form.fields)["title"] == TYPED["title"] and files(repo) == before
    assert server.submit(form, form.with_values({"id": "retention-2"}), "save").status == 303


def test_two_people_with_one_title_get_two_objectives(repo: Repo) -> None:
    lea, tom = start(repo.path, today=DAY), start(repo.path, today=DAY)
    form = lea.form("/draft")
    assert save(tom).status == 303
    assert lea.submit(form, form.with_values(TYPED), "save").status == 303
    assert "id: customers-find-what-they-look-for\n" in new_file(repo)
    assert "id: customers-find-what-they-look-for-2\n" in new_file(repo)


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"period": "2026-Q1"}, "2026-Q1 is over"),
        ({"period": "someday"}, "someday"),
        ({"team": "nobody"}, "o such team"),
        ({"title": ""}, "title"),
        ({"target-1": "many"}, "his would break"),
        ({"expect": "sideways"}, "his would break"),
        ({"id": "No Id"}, "No Id"),
    ],
)
def test_an_error_keeps_what_was_typed(repo: Repo, server: Client, values: dict[str, str], message: str) -> None:
    before, head = files(repo), repo.head
    form = server.form("/draft")
    answer = server.submit(form, [(name, {**TYPED, **values}.get(name, value)) for name, value in form.fields], "save")
    assert answer.status == 409 and message in answer.text and 'role="alert"' in answer.text
    typed = dict(forms(answer.text)[0].fields)
    kept = {name: value for name, value in {**TYPED, **values}.items() if name not in ("expect",)}
    assert {name: typed[name] for name in kept} == kept
    assert (files(repo), repo.head) == (before, head)


def test_sealed_periods_take_none(repo: Repo) -> None:
    assert run("close", "2026-Q2", "--yes", "--force", "--commit", cwd=repo.path, today=DAY).status == 0
    server = start(repo.path, today=DAY)
    assert ">2026-Q2," not in server.get("/draft").text
    form = server.form("/draft")
    answer = server.submit(form, form.with_values({**TYPED, "period": "2026-Q2"}), "save")
    assert answer.status == 409 and "2026-Q2 is closed" in answer.text


def test_a_file_that_the_settings_leave_out_is_not_written(repo: Repo, server: Client) -> None:
    settings = f"{SETTINGS}include: [okrs/2026-Q2/*.yaml, kpis/*.yaml]\n"
    repo.commit("x", files={"okrctl.yaml": settings})
    before = files(repo)
    answer = save(server)
    assert answer.status == 409 and "does not include okrs/2026-Q3/shop.yaml" in answer.text
    assert files(repo) == before


def test_a_half_written_edit_stays_in_the_tree_and_out_of_the_commit(repo: Repo, server: Client) -> None:
    repo.write(GOALS_FILE, GOALS.replace("Customers come back", "Customers come back and"))
    assert save(server, period="2026-Q2", parent="").status == 303
    text, committed = (repo.path / GOALS_FILE).read_text(), repo.git("show", f"HEAD:{GOALS_FILE}")
    assert "Customers come back and" in text and "customers-find-what" in text
    assert "Customers come back and" not in committed and "customers-find-what" in committed


def test_a_broken_file_elsewhere_keeps_nobody_from_drafting(repo: Repo, server: Client) -> None:
    repo.write("okrs/2026-Q2/other.yaml", "period: 2026-Q2\nobjectives: [\n")
    assert save(server).status == 303
    repo.write("okrs/2026-Q3/shop.yaml", "period: 2026-Q3\nteam: shop\nobjectives: [\n")
    answer = save(server)
    assert answer.status == 409 and new_file(repo).endswith("objectives: [\n")


def test_a_hook_that_refuses_keeps_the_form(repo: Repo, server: Client) -> None:
    repo.write(".git/hooks/pre-commit", "#!/bin/sh\necho not on a Friday >&2\nexit 1\n").chmod(0o755)
    before = files(repo)
    answer = save(server)
    assert answer.status == 409 and "not on a Friday" in answer.text
    typed = dict(forms(answer.text)[0].fields)
    assert {name: typed[name] for name in TYPED} == TYPED
    assert files(repo) == before


def test_the_preview_shows_the_diff_and_comes_back(repo: Repo, server: Client) -> None:
    answer = save(server, "preview")
    assert answer.status == 200 and "+    title: Customers find what they look for" in answer.text
    assert not (repo.path / "okrs/2026-Q3").exists()
    [second] = forms(answer.text)
    back = dict(forms(server.submit(second, second.fields, "edit").text)[0].fields)
    assert {name: back[name] for name in TYPED} == TYPED, "line breaks and all"
    assert server.submit(second, second.fields, "save").status == 303


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_stays_text(repo: Repo, server: Client, text: str) -> None:
    names = ("title", "why", "owner", "because", "title-1", "title-2", "title-guardrail", "owner-1")
    form = server.form("/draft")
    fields = form.with_values({**TYPED, **dict.fromkeys(names, text), "owner": "tom", "owner-1": "tom"})
    checked = server.submit(form, fields, "check")
    saved = server.submit(form, fields, "save")
    assert saved.status in (303, 409) and checked.status == 200
    for answer in (checked, saved, server.get("/draft"), server.get("/")):
        assert "<script>alert" not in answer.text and "<img src=x" not in answer.text
    if saved.status == 303:
        assert run("check", "--select", "OKR0", cwd=repo.path, today=DAY).status == 0
    for name in ("period", "team", "parent", "hypothesis-kpi", "expect", "kind-1", "start-1", "unit-1", "id", "rows"):
        answer = server.submit(form, [*form.with_values(TYPED), (name, text)], "check")
        assert answer.status == 200 and "<script>alert" not in answer.text and "<img src=x" not in answer.text
    before = files(repo)
    for name, value in (("id", "../../x"), ("team", "../x"), ("period", "../x"), ("team", "a/b")):
        assert server.submit(form, [*form.with_values(TYPED), (name, value)], "save").status == 409
    assert files(repo) == before


def test_without_permission_the_form_is_refused(repo: Repo, server: Client) -> None:
    form = server.form("/draft")
    closed = start(repo.path, today=DAY, options=Options(frozenset({"checkin"}), None), access=server.server.access)
    assert closed.get("/draft").status == 403 and 'href="/draft"' not in closed.get("/").text
    assert closed.submit(form, form.with_values(TYPED), "save").status == 403
    assert closed.post("/draft/check", form.with_values(TYPED)).status == 403
    assert not (repo.path / "okrs/2026-Q3").exists()


def test_questions_do_not_wait_for_a_save(server: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    form = server.form("/draft")
    taken: list[bool] = []

    class Lock:
        def __enter__(self) -> None:
            taken.append(True)

        def __exit__(self, *error: object) -> None:
            pass

    monkeypatch.setattr(server.server.served, "write_lock", Lock())
    assert server.post("/draft/check", form.with_values(TYPED)).status == 200 and not taken
    assert server.submit(form, form.with_values(TYPED), "save").status == 303 and taken
