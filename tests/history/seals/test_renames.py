"""A goal that is renamed or moves after its period was closed is neutral: for `verify`, and for `check`."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.repositories import Repo, isolate
from tests.running import run

TODAY = "2026-07-20"
PATH, OTHER = "okrs/trust.yaml", "okrs/other.yaml"
HEAD = "period: 2026-Q2\nteam: trust\nobjectives:\n"
FIRST = """\
  - id: origin
    title: Users trace the origin of what they buy
    owner: lea
    outcome: reached
    hypothesis: {kpi: returns, expect: down}
    key_results:
      - {id: codes, title: Codes requested by users, to: 60, readings: {2026-05-13: 30, 2026-06-10: 40}}
      - {id: rate, title: Share of parcels that return, from: 9, to: 3, kpi: returns}
"""
SECOND = """\
  - id: support
    title: Support answers within a day
    owner: tom
    outcome: reached
    parent: origin
    key_results:
      - {id: answers, title: Answers within a day, to: 90, readings: {2026-05-13: 40, 2026-06-10: 80}}
      - {id: both, title: Answers and codes, to: 200, rollup: {sum: [answers, origin.codes]}}
"""
KPIS = """\
kpis:
  - {id: returns, title: Returned parcels, owner: lea, better: lower, readings: {2026-05-01: 7, 2026-06-20: 6}}
"""
PARCELS = KPIS.replace("id: returns", "id: parcels, formerly: returns")
TEXT = HEAD + FIRST + SECOND
Q2 = "2026-Q2/trust"


@pytest.fixture
def repo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Repo:
    isolate(monkeypatch)
    made = Repo(tmp_path / "repo")
    made.commit("goals", day="2026-04-02", files={PATH: TEXT, "kpis/a.yaml": KPIS})
    assert run("close", "2026-Q2", cwd=made.path, today=TODAY).status == 0
    made.commit("close", day="2026-07-20")
    return made


def verified(repo: Repo) -> tuple[bool, dict[str, str]]:
    found = run("verify", "2026-Q2", "--format", "json", cwd=repo.path, today=TODAY).json
    return found["holds"], {each["was"]: each["ref"] for each in found["renamed"]}


def findings(repo: Repo, *words: str) -> list[str]:
    result = run("check", "--format", "json", "--select", "OKR102,OKR6", *words, cwd=repo.path, today=TODAY)
    return [f"{each['code']} {each['message']}" for each in result.json["diagnostics"]]


def with_codes(name: str, *, is_recorded: bool = False) -> str:
    former = ", formerly: codes" if is_recorded else ""
    return TEXT.replace("id: codes", f"id: {name}{former}").replace("origin.codes", f"origin.{name}")


RECORDED = TEXT.replace("id: origin", "id: source\n    formerly: origin").replace("origin.codes", "source.codes")
RECORDED = RECORDED.replace("parent: origin", "parent: source")
UNRECORDED = {
    "a key result, without a word": ["OKR610 the id was 'codes' when 2026-Q2 was closed"],
    "a team and a key result": ["OKR610 the id was 'codes' when 2026-Q2 was closed"],
    "the file and an objective": ["OKR610 the id was 'support' when 2026-Q2 was closed"],
}
CASES: dict[str, tuple[dict[str, str | None], dict[str, str]]] = {
    "a key result, without a word": ({PATH: with_codes("requests")}, {f"{Q2}/origin.codes": f"{Q2}/origin.requests"}),
    "a key result": (
        {PATH: with_codes("requests", is_recorded=True).replace("Codes requested", "Codes asked for")},
        {f"{Q2}/origin.codes": f"{Q2}/origin.requests"},
    ),
    "an objective": ({PATH: RECORDED}, {f"{Q2}/origin": f"{Q2}/source"}),
    "a team": ({PATH: TEXT.replace("team: trust", "team: safety")}, {"trust": "safety"}),
    "a team and a key result": (
        {PATH: with_codes("asked").replace("team: trust", "team: safety")},
        {"trust": "safety", f"{Q2}/origin.codes": "2026-Q2/safety/origin.asked"},
    ),
    "the file": ({PATH: HEAD + FIRST, OTHER: HEAD + SECOND}, {}),
    "the file and an objective": (
        {PATH: HEAD + FIRST, OTHER: HEAD + SECOND.replace("id: support", "id: help")},
        {f"{Q2}/support": f"{Q2}/help"},
    ),
    "a KPI": (
        {PATH: TEXT.replace("kpi: returns", "kpi: parcels"), "kpis/a.yaml": PARCELS},
        {},
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_another_name_is_no_difference(repo: Repo, case: str) -> None:
    files, renamed = CASES[case]
    titles = case == "a key result"  # another title is a difference for `verify`, and none for `check`
    for path, text in files.items():
        repo.write(path, text or "")
    assert verified(repo) == (not titles, renamed)
    assert findings(repo) == UNRECORDED.get(case, [])
    repo.commit("rename", day="2026-07-21")
    assert verified(repo) == (not titles, renamed)
    assert findings(repo) == UNRECORDED.get(case, [])


def test_the_words_for_it(repo: Repo) -> None:
    repo.write(PATH, with_codes("requests"))
    result = run("verify", cwd=repo.path, today=TODAY)
    assert result.status == 0
    assert result.out.splitlines()[1:] == ["  2026-Q2/trust/origin.requests: id was codes"]


def test_what_was_renamed_twice_is_followed_through_history(repo: Repo) -> None:
    repo.commit(
        "one", day="2026-07-21", files={PATH: with_codes("asked", is_recorded=True).replace("Codes req", "Req")}
    )
    repo.commit("two", day="2026-07-22", files={PATH: with_codes("wanted").replace("Codes req", "Req")})
    repo.commit("title", day="2026-07-23", files={PATH: with_codes("wanted")})
    assert verified(repo) == (True, {f"{Q2}/origin.codes": f"{Q2}/origin.wanted"})


def test_a_rename_hides_no_edit(repo: Repo) -> None:
    repo.write(PATH, with_codes("requests").replace("2026-06-10: 40", "2026-06-10: 45"))
    holds, renamed = verified(repo)
    assert not holds and renamed == {f"{Q2}/origin.codes": f"{Q2}/origin.requests"}
    assert findings(repo) == [
        "OKR607 2026-Q2 is closed, but readings changed: 2026-06-10 was 40, is now 45",
        "OKR610 the id was 'codes' when 2026-Q2 was closed",
    ]


def test_another_goal_under_the_same_id_is_a_difference(repo: Repo) -> None:
    edited = TEXT.replace(
        "to: 60, readings: {2026-05-13: 30, 2026-06-10: 40}", "at_least: 5, readings: {2026-05-13: 9}"
    )
    repo.write(PATH, edited)
    assert not verified(repo)[0] and findings(repo)


def test_references_to_the_old_id_name_the_new_one(repo: Repo) -> None:
    repo.write(PATH, TEXT.replace("id: origin", "id: source\n    formerly: origin"))
    assert [each for each in findings(repo) if "OKR102" in each] == [
        "OKR102 'origin' is 'source' now", "OKR102 'origin.codes' is 'source.codes' now",
    ]  # fmt: skip
    assert run("check", "--fix", cwd=repo.path, today=TODAY).status == 0
    assert (repo.path / PATH).read_text().count("source") == 3
    assert findings(repo) == []


@pytest.mark.parametrize(
    ("edit", "messages", "advice"),
    [
        (("id: origin", "id: source"), ["'origin' is 'source' now", "'origin.codes' is 'source.codes' now"],
         ", and add `formerly: origin` to the goal"),
        (("id: codes", "id: asked"), ["'origin.codes' is 'origin.asked' now"],
         ", and add `formerly: codes` to the goal"),
        (("team: trust", "team: safety"), [], ""),
    ],
)  # fmt: skip
def test_with_a_base_the_new_name_is_known_without_a_word(
    repo: Repo, edit: tuple[str, str], messages: list[str], advice: str
) -> None:
    repo.write(PATH, TEXT.replace(*edit))
    result = run("check", "--base", "HEAD", "--format", "json", "--select", "OKR102", cwd=repo.path, today=TODAY)
    shown = [(each["message"], each["help"]) for each in result.json["diagnostics"]]
    assert [message for message, _ in shown] == messages
    assert all(help.endswith(f"now`{advice}") or help.endswith(advice) for _, help in shown)


def test_references_to_a_team_with_another_name(repo: Repo) -> None:
    text = TEXT.replace("sum: [answers, origin.codes]", "sum: [answers, trust/origin.codes]")
    repo.commit("full", day="2026-07-21", files={PATH: text})
    repo.write(PATH, text.replace("team: trust", "team: safety"))
    [message] = [each for each in findings(repo) if "OKR102" in each]
    assert message == "OKR102 the team 'trust' has no objectives in 2026-Q2, did you mean 'safety/origin.codes'?"
    [message] = [each for each in findings(repo, "--base", "HEAD") if "OKR102" in each]
    assert message == "OKR102 'trust/origin.codes' is 'safety/origin.codes' now"


def test_the_log_and_the_agreed_score_follow_a_team_and_a_file(repo: Repo) -> None:
    text = SECOND.replace("outcome: reached", "outcome: missed")
    files = {PATH: HEAD.replace("trust", "safety") + FIRST, OTHER: HEAD.replace("trust", "safety") + text}
    repo.commit("team", day="2026-07-21", files=files)
    lines = run("log", "safety/support", "--format", "json", cwd=repo.path, today=TODAY).json["entries"]
    assert [(each["field"], each["old"], each["new"]) for each in lines] == [
        ("outcome", "reached", "missed"), ("team", "trust", "safety"), (None, None, "Support answers within a day"),
    ]  # fmt: skip
    agreed = run("score", "2026-Q2", "--format", "json", cwd=repo.path, today=TODAY).json["agreed"]
    assert [each["field"] for each in agreed["differences"] if each["effect"] in ("relaxed", "tightened")] == []
    changes = run("diff", "HEAD~1", "--format", "json", cwd=repo.path, today=TODAY).json["changes"]
    assert {(each["field"], each["effect"]) for each in changes} == {("team", "neutral"), ("outcome", None)}


def test_with_a_base_a_rename_in_a_closed_period_passes(repo: Repo) -> None:
    repo.write(PATH, with_codes("requests", is_recorded=True).replace("team: trust", "team: safety"))
    assert [each for each in findings(repo, "--base", "HEAD") if "OKR607" in each] == []
    repo.write(PATH, with_codes("requests", is_recorded=True).replace("owner: tom", "owner: kim"))
    assert "OKR607" in findings(repo, "--base", "HEAD")[0]
