"""What changed between two commits, on a branch, and in the files."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from okrctl.server.pages import changes
from tests.repositories import Repo, isolate
from tests.server.client import Client, start
from tests.server.quarters import DAY, SHOP, SHOP_FILE, History, words


@pytest.fixture
def server(history: History) -> Client:
    return start(history.repo.path, today=DAY)


def said(server: Client, query: str = "") -> str:
    answer = server.get(f"/changes{query}")
    assert answer.status == 200, words(answer.text)
    return words(answer.text).partition("Reset ")[2]


def test_by_itself_it_is_what_changed_in_the_last_week(server: Client) -> None:
    text = said(server)
    assert text.startswith("Since 30 Mar: 1 change made a goal easier.") and "to: 40 → 20" in text
    assert text.index("Easier or harder") < text.index("Scores") < text.index("New readings")
    assert "Mails that are read" in text and "2026-Q2 0." in text


def test_the_last_week_begins_with_its_first_commit_where_none_is_older(history: History) -> None:
    assert said(start(history.repo.path, today="2026-04-01")).startswith("Since 30 Mar: ")


def test_uncommitted_changes_are_among_them(server: Client, history: History) -> None:
    said(server)
    history.repo.write(SHOP_FILE, SHOP.replace("to: 200", "to: 400"))
    assert "to: 200 → 400" in said(server)
    text = said(server, f"?from={history.easier}")
    assert text.startswith("Since 19 May: 2 changes made goals harder.") and "reading of" not in text


def test_the_answer_is_kept_until_a_file_or_a_branch_changes(
    server: Client, history: History, monkeypatch: pytest.MonkeyPatch
) -> None:
    compared: list[object] = []
    compare = changes.diff
    monkeypatch.setattr(changes, "diff", lambda *args, **kinds: (compared.append(args), compare(*args, **kinds))[1])
    first = server.get("/changes").text
    assert server.get("/changes").text == first and len(compared) == 1
    history.repo.git("branch", "plan", history.reading)
    assert '<option value="plan">' in server.get("/changes").text
    assert "to: 20 → 40" in said(server, "?from=main&to=plan")
    history.repo.git("update-ref", "refs/heads/plan", history.easier)
    assert "No changes." in said(server, "?from=main&to=plan")
    history.repo.write(SHOP_FILE, SHOP.replace("to: 200", "to: 400"))
    assert "to: 200 → 400" in server.get("/changes").text


def test_between_two_commits(server: Client, history: History) -> None:
    text = said(server, f"?from={history.agreed[:10]}&to={history.reading[:10]}")
    assert text.startswith("No change made a goal easier or harder.")
    assert "New readings" in text and "reading of 2026-05-18: 190" in text
    page = server.get(f"/changes?from={history.agreed[:10]}&to={history.reading[:10]}").text
    assert f'<option value="{history.reading[:10]}" selected>18 May 2026  Check in: shop' in page


def test_a_branch_is_compared_from_where_it_left_the_other(server: Client, history: History) -> None:
    repo = history.repo
    repo.branch("plan", history.reading)
    repo.commit("Aim higher", "2026-05-20", files={SHOP_FILE: SHOP.replace("to: 200", "to: 300")})
    repo.switch("main")
    text = said(server, "?to=plan")
    assert "1 change made a goal harder." in text and "to: 200 → 300" in text and "to: 40" not in text
    assert "where the two went apart" in text
    assert text == said(server, "?from=main&to=plan")
    assert '<option value="plan" selected>plan</option>' in server.get("/changes?from=main&to=plan").text


def test_from_a_newer_commit_to_an_older_one(server: Client, history: History) -> None:
    assert "to: 20 → 40" in said(server, f"?from={history.easier}&to={history.reading}")


@pytest.mark.parametrize("query", ["?from=nope", "?to=nope", "?to=-x", "?from=HEAD&to=HEAD:okrctl.yaml"])
def test_unknown_states_come_with_the_controls(server: Client, query: str) -> None:
    answer = server.get(f"/changes{query}")
    assert answer.status == 400 and "Unknown revision" in words(answer.text) and 'name="from"' in answer.text


def test_without_git_it_says_so(history: History) -> None:
    shutil.rmtree(history.repo.path / ".git")
    answer = start(history.repo.path, today=DAY).get("/changes")
    assert answer.status == 400 and "is not in a git repository" in words(answer.text)


def test_the_first_commit_has_nothing_before_it(history: History, server: Client) -> None:
    assert "No changes." in said(server, f"?to={history.agreed}")


def test_a_broken_file_is_no_removed_goal(history: History, server: Client) -> None:
    history.repo.write(SHOP_FILE, SHOP.replace("title: Customers come back", "title: [Customers"))
    answer = server.get("/changes")
    assert answer.status == 400 and SHOP_FILE in words(answer.text) and "removed" not in words(answer.text)
    assert server.get(f"/changes?from={history.agreed}&to={history.reading}").status == 200


def test_before_the_first_commit_it_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    isolate(monkeypatch)
    repo = Repo(tmp_path / "new")
    repo.write("okrctl.yaml", "organisation: Acme\n")
    answer = start(repo.path, today=DAY).get("/changes")
    assert answer.status == 400 and "The repository has no commits." in words(answer.text)
