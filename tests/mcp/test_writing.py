"""Assistants that write: nothing is written unless the client's person accepted this very diff, once, in time."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("mcp")

from mcp import Client
from mcp_types import ElicitResult

from okrctl.mcp.confirmations import SECONDS, Confirmations, plan_digest
from okrctl.yaml_edit import FileChange, WritePlan
from tests.mcp.clients import FILES, GOALS, MODES, Person, accepting, call, document, error, talk
from tests.repositories import Repo
from tests.running import write

CHECKIN = ("checkin", {"values": {"share": "40"}, "note": "A good week", "confidence": "7"})
AMEND = ("amend", {"ref": "share", "values": {"to": "80"}, "reason": "The old one cannot be measured"})
DRAFT = ("draft", {"objective": {"title": "People find what they look for"}, "period": "2026-Q3", "team": "web"})
TOOLS = [CHECKIN, AMEND, DRAFT]
both_modes = pytest.mark.parametrize("mode", MODES)


@pytest.fixture
def repo(tmp_path: Path) -> Repo:
    repo = Repo(tmp_path / "goals")
    repo.commit("one", files=FILES)
    repo.git("config", "user.name", "Ana")
    repo.git("config", "user.email", "ana@web.example")
    return repo


def state(repo: Repo) -> tuple[dict[str, bytes], str]:
    files = {str(path): path.read_bytes() for path in repo.path.rglob("*.yaml")}
    return files, repo.git("rev-parse", "HEAD")


def answering(*answers: ElicitResult) -> tuple[Person, list[str]]:
    """A person with an answer for each question, the last one for all that follow, and the questions."""
    asked: list[str] = []

    def person(message: str) -> ElicitResult:
        asked.append(message)
        return answers[min(len(asked), len(answers)) - 1]

    return person, asked


@both_modes
@pytest.mark.parametrize(("tool", "arguments"), TOOLS, ids=["checkin", "amend", "draft"])
def test_what_a_person_accepts_is_written_and_committed(repo: Repo, tool: str, arguments: Any, mode: str) -> None:
    person, asked = answering(accepting(""))
    found = document(call(repo.path, tool, arguments, write=True, person=person, mode=mode))["data"]
    [question] = asked
    assert "commit this as Ana <ana@web.example>" in question and found["diff"] in question + "\n"
    assert found["commit"] == repo.git("rev-parse", "HEAD") and repo.git("status", "--porcelain") == ""
    assert repo.git("log", "-1", "--format=%an <%ae>") == "Ana <ana@web.example>"
    assert repo.git("log", "-1", "--format=%(trailers:key=Assisted-by,valueonly)").strip() == "mcp"
    changed = repo.git("diff", "--unified=0", "HEAD~1..HEAD").split("@@", 1)[1]
    assert {line for line in changed.splitlines() if line[:1] == "+"} <= {*question.splitlines()}


def test_a_draft_does_not_count_yet(repo: Repo) -> None:
    call(repo.path, *DRAFT, write=True, person=accepting)
    text = (repo.path / "okrs/2026-Q3/web.yaml").read_text()
    assert "state: draft" in text and "id: people-find-what-they-look-for" in text


@pytest.mark.parametrize(("tool", "arguments"), TOOLS, ids=["checkin", "amend", "draft"])
def test_without_the_option_there_is_no_tool_that_writes(repo: Repo, tool: str, arguments: Any) -> None:
    before = state(repo)
    assert call(repo.path, tool, arguments, person=accepting).is_error
    assert state(repo) == before


NOT_ACCEPTED = [
    ElicitResult(action="decline"),
    ElicitResult(action="cancel"),
    ElicitResult(action="accept", content={"write": False}),
    ElicitResult(action="accept", content={}),
    ElicitResult(action="accept"),
    ElicitResult(action="accept", content={"write": "perhaps"}),
]


@both_modes
@pytest.mark.parametrize("answer", NOT_ACCEPTED, ids=["declined", "cancelled", "unticked", "blank", "nothing", "words"])
@pytest.mark.parametrize(("tool", "arguments"), TOOLS, ids=["checkin", "amend", "draft"])
def test_what_is_not_accepted_is_not_written(
    repo: Repo, tool: str, arguments: Any, answer: ElicitResult, mode: str
) -> None:
    before = state(repo)
    person, asked = answering(answer)
    assert call(repo.path, tool, arguments, write=True, person=person, mode=mode).is_error
    assert len(asked) == 1 and state(repo) == before


@both_modes
@pytest.mark.parametrize(("tool", "arguments"), TOOLS, ids=["checkin", "amend", "draft"])
def test_a_client_that_cannot_ask_gets_the_diff_and_the_command(
    repo: Repo, tool: str, arguments: Any, mode: str
) -> None:
    before = state(repo)
    found = document(call(repo.path, tool, arguments, write=True, mode=mode))["data"]
    assert found["written"] is False and found["diff"].startswith("--- ") and state(repo) == before
    start = {
        "checkin": "okrctl checkin share=40 --confidence 7 -m 'A good week' --commit",
        "amend": "okrctl amend share --to 80 --reason 'The old one cannot be measured' --commit",
        "draft": "okrctl new 2026-Q3 --team web --objective FILE --commit",
    }
    assert found["command"] == start[tool]


@both_modes
def test_a_file_that_changes_while_the_person_reads_is_not_written(repo: Repo, mode: str) -> None:
    changed = GOALS.replace("ana", "tom", 1)

    def person(message: str) -> ElicitResult:
        if (repo.path / "okrs/2026-Q2/web.yaml").read_text() == GOALS:
            write(repo.path, {"okrs/2026-Q2/web.yaml": changed})
            return accepting(message)
        return ElicitResult(action="decline")

    assert call(repo.path, *CHECKIN, write=True, person=person, mode=mode).is_error
    assert (repo.path / "okrs/2026-Q2/web.yaml").read_text() == changed
    assert repo.git("rev-list", "--count", "HEAD") == "1"


@both_modes
def test_another_diff_than_the_accepted_one_is_asked_anew(repo: Repo, mode: str) -> None:
    """A client that accepts whatever comes writes what it was shown last, and in one call never what it was not."""
    asked: list[str] = []

    def person(message: str) -> ElicitResult:
        if not asked:
            write(repo.path, {"okrs/2026-Q2/web.yaml": GOALS.replace("to: 100", "to: 90")})
        asked.append(message)
        return accepting(message)

    result = call(repo.path, *AMEND, write=True, person=person, mode=mode)
    text = (repo.path / "okrs/2026-Q2/web.yaml").read_text()
    if mode == "legacy":
        assert error(result)["code"] == "conflict" and "to: 90" in text and len(asked) == 1
    else:
        assert len(asked) == 2 and "-        to: 90" in asked[1] and "to: 80" in text


def test_an_answer_counts_once(repo: Repo) -> None:
    """The client sends the accepted answer and the state of the call again, after the file was put back."""
    seen: list[Any] = []

    async def work(client: Client) -> Any:
        name, arguments = CHECKIN
        first = await client.session.call_tool(name, arguments, allow_input_required=True)
        answers = {key: accepting("") for key in first.input_requests}
        again = {"input_responses": answers, "request_state": first.request_state, "allow_input_required": True}
        seen.append(await client.session.call_tool(name, arguments, **again))
        after = state(repo)
        seen.append(await client.session.call_tool(name, arguments, **again))
        assert state(repo) == after
        repo.git("reset", "--quiet", "--hard", "HEAD~1")
        before = state(repo)
        seen.append(await client.session.call_tool(name, arguments, **again))
        assert state(repo) == before
        other = {"values": {"share": "41"}, "note": "A good week", "confidence": "7"}
        with pytest.raises(Exception, match=r"[Ii]nvalid|state"):
            await client.session.call_tool(name, other, **again)
        assert state(repo) == before

    talk(repo.path, work, write=True, person=accepting)
    assert not seen[0].is_error and repo.git("rev-list", "--count", "HEAD") == "1"
    assert hasattr(seen[2], "input_requests"), "it asks again"


def test_an_answer_counts_for_ten_minutes(repo: Repo) -> None:
    now = [0.0]
    before = state(repo)

    def slow(message: str) -> ElicitResult:
        now[0] += SECONDS + 1
        return accepting(message)

    confirmations = Confirmations(lambda: now[0])
    result = call(repo.path, *CHECKIN, write=True, person=slow, mode="legacy", confirmations=confirmations)
    assert error(result)["code"] == "conflict" and state(repo) == before


def test_a_question_is_about_one_plan() -> None:
    plan = WritePlan((FileChange("a.yaml", "a", "b"),), (), "message")
    known = plan_digest("checkin", {"values": {"a": "1"}}, "2026-05-20", plan)
    assert known == plan_digest("checkin", {"values": {"a": "1"}}, "2026-05-20", plan)
    elsewhere = plan._replace(changes=(FileChange("a.yaml", "c", "b"),))
    others = [
        plan_digest("amend", {"values": {"a": "1"}}, "2026-05-20", plan),
        plan_digest("checkin", {"values": {"a": "2"}}, "2026-05-20", plan),
        plan_digest("checkin", {"values": {"a": "1"}}, "2026-05-21", plan),
        plan_digest("checkin", {"values": {"a": "1"}}, "2026-05-20", plan._replace(message="other")),
        plan_digest("checkin", {"values": {"a": "1"}}, "2026-05-20", elsewhere),
    ]
    assert known not in others and len(set(others)) == 5


@pytest.mark.parametrize(
    ("tool", "arguments", "code"),
    [
        ("checkin", {"values": {}}, "conflict"),
        ("checkin", {"values": {"nope": "1"}}, "not-found"),
        ("checkin", {"values": {"share": "lots"}}, "usage"),
        ("checkin", {"values": {"share": "40"}, "day": "2027-01-01"}, "usage"),
        ("checkin", {"values": {"share": "21"}, "day": "2026-04-20"}, "confirm"),
        ("amend", {"ref": "share", "values": {}, "reason": "r"}, "usage"),
        ("amend", {"ref": "visits", "values": {"to": "1"}, "reason": "r"}, "usage"),
        ("draft", {"objective": {"title": "A"}, "period": "2026-Q1"}, "refused"),
        ("draft", {"objective": {"title": "A", "id": "fast"}, "period": "2026-Q2", "team": "web"}, "conflict"),
    ],
)
def test_bad_input_is_refused_before_anybody_is_asked(repo: Repo, tool: str, arguments: Any, code: str) -> None:
    before = state(repo)
    person, asked = answering(accepting(""))
    assert error(call(repo.path, tool, arguments, write=True, person=person))["code"] == code
    assert asked == [] and state(repo) == before


def test_without_git_the_files_alone_are_written(tmp_path: Path) -> None:
    root = write(tmp_path / "goals", FILES)
    person, [*asked] = answering(accepting(""))
    found = document(call(root, *CHECKIN, write=True, person=person))["data"]
    assert found["commit"] is None and "2026-05-20" in (root / "okrs/2026-Q2/web.yaml").read_text()
    assert asked == []


def test_the_question_shows_no_control_characters(repo: Repo) -> None:
    person, asked = answering(ElicitResult(action="decline"))
    call(repo.path, "checkin", {"values": {"share": "40"}, "note": "a\x1b[2Jb"}, write=True, person=person)
    assert len(asked) == 1 and "\x1b" not in asked[0]


def test_the_tools_that_write_say_that_they_destroy(repo: Repo) -> None:
    async def work(client: Client) -> Any:
        return (await client.list_tools()).tools

    tools = talk(repo.path, work, write=True)
    found = [tool for tool in tools if not tool.annotations.read_only_hint]
    assert [tool.name for tool in found] == ["checkin", "amend", "draft"]
    assert all(tool.annotations.destructive_hint for tool in found)
    assert all("decision" not in tool.input_schema["properties"] for tool in found), "an assistant cannot decide"
