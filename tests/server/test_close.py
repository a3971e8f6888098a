"""The form that ends a period: outcomes, reasons, the scorecard that is looked at, and the seal that is verified."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from okrctl.server.visit import Options
from tests.repositories import Repo
from tests.running import run
from tests.server.client import Answer, Client, forms, start
from tests.server.worlds import DAY, GOALS, GOALS_FILE, read_goals

SEAL = "scorecards/2026-Q2.json"
REF = "2026-Q2/shop/retention"
OVER = "2026-07-20"
PAGE = "/close/2026-Q2"
OUTCOME, LEARNED = f"new:outcome:{REF}", f"new:retrospective:{REF}"
HOSTILE = ["<script>alert(1)</script>", "\"><img src=x onerror='a'> # {{ 7*7 }}", "- no: yes"]


@pytest.fixture
def server(repo: Repo) -> Client:
    return start(repo.path, today=OVER)


def preview(server: Client, *ticks: str, **values: str) -> Answer:
    form = server.form(PAGE)
    return server.submit(form, [*form.with_values(values), *((tick, "yes") for tick in ticks)], "preview")


def seal(server: Client, shown: Answer) -> Answer:
    assert shown.status == 200, shown.text
    [form] = forms(shown.text)
    return server.submit(form, form.fields, "save")


def test_outcome_and_seal_are_two_commits_and_the_seal_is_valid(repo: Repo, server: Client) -> None:
    before = repo.head
    shown = preview(server, **{OUTCOME: "missed", LEARNED: "Ask earlier,\nand fewer people."})
    for words in ("outcome missed", "+    outcome: missed", "Ask earlier, and fewer people.", "Seal 2026-Q2"):
        assert words in shown.text, words
    assert read_goals(repo) == GOALS and not (repo.path / SEAL).exists() and repo.head == before
    answer = seal(server, shown)
    assert answer.status == 303 and answer.header("location").startswith(f"{PAGE}?saved="), answer.text
    subjects = repo.git("log", "--format=%an %s", f"{before}..HEAD").splitlines()
    assert subjects[1] == "Lea close 2026-Q2: outcomes and retrospectives"
    assert subjects[0].startswith("Lea close 2026-Q2: 0.") and subjects[0].endswith(", sealed") and len(subjects) == 2
    assert json.loads((repo.path / SEAL).read_text())["commit"] == repo.git("rev-parse", "HEAD~1")
    page = server.get(answer.header("location")).text
    assert "The seal is valid" in page and "2026-Q2 is closed" in page and "Saved the seal of 2026-Q2" in page
    assert run("verify", "2026-Q2", cwd=repo.path, today=OVER).status == 0


def test_it_is_what_the_command_line_writes(repo: Repo, server: Client, tmp_path: Path) -> None:
    repo.git("clone", "-q", str(repo.path), str(tmp_path / "other"))
    other = Repo(tmp_path / "other")
    for key in ("user.name", "user.email"):
        other.git("config", key, repo.git("config", key))
    words = ["--outcome", f"{REF}=missed", "--retrospective", f"{REF}=Ask earlier", "--yes", "--commit"]
    assert run("close", "2026-Q2", *words, cwd=other.path, today=OVER).status == 0
    assert seal(server, preview(server, **{OUTCOME: "missed", LEARNED: "Ask earlier"})).status == 303
    assert read_goals(repo) == (other.path / GOALS_FILE).read_text() != GOALS
    ours, theirs = (json.loads((root / SEAL).read_text()) for root in (repo.path, other.path))
    for each in (ours, theirs):
        each.pop("commit"), each.pop("digest")
    assert ours == theirs
    messages = [each.git("log", "-2", "--format=%B") for each in (repo, other)]
    assert messages[0] == messages[1]


def test_a_missing_outcome_is_asked_for_or_left_open_on_purpose(repo: Repo, server: Client) -> None:
    answer = preview(server, **{LEARNED: "so"})
    assert answer.status == 409 and "No outcome yet for “Customers come back”" in answer.text
    assert dict(forms(answer.text)[0].fields)[LEARNED] == "so"
    assert seal(server, preview(server, "open")).status == 303
    assert read_goals(repo) == GOALS and (repo.path / SEAL).exists()


def test_a_period_that_is_not_over_asks_for_a_tick(repo: Repo) -> None:
    server = start(repo.path, today=DAY)
    answer = preview(server, **{OUTCOME: "missed"})
    assert answer.status == 409 and "is still running" in answer.text and "--force" not in answer.text
    assert seal(server, preview(server, "force", **{OUTCOME: "missed"})).status == 303
    assert "outcome: missed" in read_goals(repo)


def test_a_period_to_come_and_one_that_is_not_there(repo: Repo) -> None:
    early = start(repo.path, today="2026-03-30")
    assert early.get(PAGE).status == 403 and "has not started" in early.get(PAGE).text
    for name in ("2031-Q1", "x", "..%2F..%2Fx", "--all"):
        assert early.get(f"/close/{name}").status == 404, name


def test_easier_goals_need_a_reason(repo: Repo) -> None:
    repo.commit("Easier", "2026-05-10", files={GOALS_FILE: GOALS.replace("to: 200", "to: 150")})
    server = start(repo.path, today=OVER)
    answer = preview(server, **{OUTCOME: "missed"})
    assert answer.status == 409 and "easier" in answer.text
    assert "Reason for the easier target (was 200 customers, is now 150 customers)" in answer.text
    assert "1 goal became easier without a reason: seal that there is none" in answer.text
    shown = preview(server, **{OUTCOME: "missed", f"reason:{REF}.orders": "the shop\x0bburned down"})
    assert "reason: the shop burned down" in shown.text
    assert seal(server, shown).status == 303
    assert any("burned down" in line for line in json.loads((repo.path / SEAL).read_text())["findings"])
    assert "burned down" in server.get(PAGE).text


def test_easier_goals_can_be_closed_without_a_reason_on_purpose(repo: Repo) -> None:
    repo.commit("Easier", "2026-05-10", files={GOALS_FILE: GOALS.replace("to: 200", "to: 150")})
    server = start(repo.path, today=OVER)
    shown = preview(server, "accept", **{OUTCOME: "missed"})
    assert "no reason given" in shown.text and seal(server, shown).status == 303


def test_what_is_sealed_is_what_was_looked_at(repo: Repo, server: Client) -> None:
    shown = preview(server, **{OUTCOME: "missed"})
    words = ["checkin", f"{REF}.orders", "190", "--date", "2026-06-29", "--commit"]
    assert run(*words, cwd=repo.path, today=OVER).status == 0
    answer = seal(server, shown)
    assert answer.status == 409 and "scorecard changed since you looked at it" in answer.text
    assert not (repo.path / SEAL).exists()
    [form] = forms(answer.text)
    assert dict(form.fields)[OUTCOME] == "missed"
    again = server.submit(form, form.fields, "preview")
    assert seal(server, again).status == 303


def test_nobody_seals_without_looking(repo: Repo, server: Client) -> None:
    form = server.form(PAGE)
    assert "save" not in form.buttons
    assert server.submit(form, form.with_values({OUTCOME: "missed"}), "save").status == 409
    assert read_goals(repo) == GOALS and not (repo.path / SEAL).exists()


def test_two_people_who_judge_one_objective_see_both(repo: Repo, server: Client) -> None:
    form = server.form(PAGE)
    theirs = GOALS.replace("    owner: tom\n", "    owner: tom\n    outcome: reached\n    retrospective: theirs\n")
    repo.commit("Judge", OVER, files={GOALS_FILE: theirs})
    answer = server.submit(form, form.with_values({OUTCOME: "missed", LEARNED: "mine"}), "preview")
    assert answer.status == 409 and "reached, which is saved" in answer.text and "mine, which you typed" in answer.text
    [again] = forms(answer.text)
    keeps = [(f"keep:outcome:{REF}", "theirs"), (f"keep:retrospective:{REF}", "mine=theirs")]
    assert seal(server, server.submit(again, [*again.fields, *keeps], "preview")).status == 303
    assert "outcome: reached" in read_goals(repo) and "retrospective: mine" in read_goals(repo)


def test_an_outcome_is_not_emptied(repo: Repo) -> None:
    text = GOALS.replace(
        "    owner: tom\n", "    owner: tom\n    outcome: reached\n    retrospective: |\n      a\n      b\n"
    )
    repo.commit("Judge", "2026-07-01", files={GOALS_FILE: text})
    server = start(repo.path, today=OVER)
    assert dict(server.form(PAGE).fields)[LEARNED] == "a\nb"
    answer = preview(server, **{LEARNED: ""})
    assert answer.status == 409 and "is empty now" in answer.text
    assert seal(server, preview(server)).status == 303
    assert read_goals(repo) == text, "what nobody changed is left as it is"


def test_what_is_not_committed_is_not_sealed(repo: Repo, server: Client) -> None:
    half = GOALS.replace("Customers come back", "Customers come back and")
    repo.write(GOALS_FILE, half)
    answer = preview(server, **{OUTCOME: "missed", LEARNED: "so"})
    assert answer.status == 409 and "ot committed yet" in answer.text
    assert dict(forms(answer.text)[0].fields)[LEARNED] == "so"
    assert read_goals(repo) == half and not (repo.path / SEAL).exists()


def test_a_hook_that_refuses_keeps_the_form(repo: Repo, server: Client) -> None:
    shown = preview(server, **{OUTCOME: "missed", LEARNED: "so\nit is"})
    repo.write(".git/hooks/pre-commit", "#!/bin/sh\necho not on a Friday >&2\nexit 1\n").chmod(0o755)
    answer = seal(server, shown)
    assert answer.status == 409 and "not on a Friday" in answer.text
    typed = dict(forms(answer.text)[0].fields)
    assert typed[OUTCOME] == "missed" and typed[LEARNED] == "so\nit is"
    assert read_goals(repo) == GOALS and not (repo.path / SEAL).exists()


def test_a_broken_file_is_not_left_out_of_a_seal(repo: Repo, server: Client) -> None:
    form = server.form(PAGE)
    repo.write("okrs/2026-Q2/other.yaml", "period: 2026-Q2\nobjectives: [\n")
    assert server.get(PAGE).status == 400 and "okrs/2026-Q2/other.yaml" in server.get(PAGE).text
    assert server.submit(form, form.with_values({OUTCOME: "missed"}), "preview").status == 400
    assert not (repo.path / SEAL).exists()


def test_without_commits_both_files_are_written(repo: Repo) -> None:
    from okrctl.server.access import WRITES

    server = start(repo.path, today=OVER, options=Options(frozenset(WRITES), None, commits=False))
    before = repo.head
    assert seal(server, preview(server, **{OUTCOME: "missed"})).status == 303
    assert repo.head == before and "outcome: missed" in read_goals(repo) and (repo.path / SEAL).exists()


def test_a_seal_that_does_not_fit_the_files_is_told(repo: Repo, server: Client) -> None:
    assert seal(server, preview(server, **{OUTCOME: "missed"})).status == 303
    repo.write(GOALS_FILE, read_goals(repo).replace("2026-05-04: 130", "2026-05-04: 190"))
    page = server.get(PAGE).text
    assert "The seal is not valid" in page and "in today" in page


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_stays_text(repo: Repo, server: Client, text: str) -> None:
    form = server.form(PAGE)
    wrong = server.submit(form, [*form.fields, (OUTCOME, text), (LEARNED, text)], "preview")
    assert wrong.status == 409
    shown = server.submit(form, form.with_values({OUTCOME: "missed", LEARNED: text}), "preview")
    saved = seal(server, shown)
    assert saved.status == 303
    for answer in (wrong, shown, server.get(PAGE), server.get("/")):
        assert "<script>alert" not in answer.text and "<img src=x" not in answer.text
    assert run("verify", "2026-Q2", cwd=repo.path, today=OVER).status == 0


def test_without_permission_the_form_is_refused_and_the_seal_is_shown(repo: Repo, server: Client) -> None:
    form = server.form(PAGE)
    options = Options(frozenset({"checkin", "draft"}), None)
    closed = start(repo.path, today=OVER, options=options, access=server.server.access)
    assert closed.get(PAGE).status == 403
    for action in ("preview", "save"):
        assert closed.submit(form, form.with_values({OUTCOME: "missed"}), action).status == 403
    assert read_goals(repo) == GOALS
    assert seal(server, preview(server, **{OUTCOME: "missed"})).status == 303
    assert "The seal is valid" in closed.get(PAGE).text
