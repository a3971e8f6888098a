"""A company of submodules answers as the same company in one repository, as of what it had pinned."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.companies import CALLS, EASIER, STEPS, TEAMS, TRUST, Step, build_company, build_twin, pin, team_commit
from tests.history.clones import COMMANDS, TODAY, okrctl
from tests.repositories import LEA, TOM, Repo, isolate
from tests.running import Result, run

HISTORY = (
    *COMMANDS, "diff 2026-04-20", "diff 2026-04-08..2026-05-07", "check --base HEAD~5", "log calls", "log shelves",
    "log reviews", "log all-signups", "explain calls", "explain shelves", "score 2026-Q2 --known-at 2026-04-06",
    "impact 2026-Q2 --known-at 2026-05-06", "log signups --format json",
)  # fmt: skip
PIN_DAYS = ("2026-04-09", "2026-05-09", "2026-05-13")
COMMIT_ID = re.compile(r"\b[0-9a-f]{10,64}\b")


@pytest.fixture(scope="module")
def isolated() -> Iterator[pytest.MonkeyPatch]:
    with pytest.MonkeyPatch.context() as patch:
        isolate(patch)
        yield patch


@pytest.fixture(scope="module")
def twin(isolated: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> Repo:
    return build_twin(tmp_path_factory.mktemp("twin") / "company")


@pytest.fixture(scope="module")
def company(isolated: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> Repo:
    """Each commit of a team is pinned on its own day."""
    return build_company(tmp_path_factory.mktemp("company") / "company")


@pytest.fixture(scope="module")
def later(isolated: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> Repo:
    """One commit of the company pins several commits of teams at once."""
    return build_company(tmp_path_factory.mktemp("later") / "company", pin_days=PIN_DAYS)


def own(isolated: pytest.MonkeyPatch, folder: Path, kind: str, steps: tuple[Step, ...] = STEPS) -> Repo:
    """A repository of its own for a test that writes, with a person who commits."""
    repo = build_twin(folder / "company", steps) if kind == "twin" else build_company(folder / "company", steps)
    for place in (repo.path, *(repo.path / team for team in TEAMS if kind != "twin")):
        Repo(place).config("user.name", "Lea")
        Repo(place).config("user.email", "lea@acme.example")
    return repo


def without_ids(result: Result) -> tuple[int, str, str]:
    return result.status, COMMIT_ID.sub("ID", result.out), COMMIT_ID.sub("ID", result.err)


@pytest.mark.parametrize("command", HISTORY)
def test_pinned_on_its_own_day_it_answers_as_one_repository(twin: Repo, company: Repo, command: str) -> None:
    expected = okrctl(twin, command)
    assert without_ids(okrctl(company, command)) == without_ids(expected)
    assert without_ids(okrctl(company, command)) == without_ids(expected), "the answer that was kept"


def test_the_comparison_says_something(twin: Repo) -> None:
    """The commands above succeed, and find the easier target, the other id and the readings."""
    found = {command: okrctl(twin, command) for command in HISTORY}
    failed = {command for command, result in found.items() if result.status > 1}
    assert failed == {"verify"} and "no period is closed" in found["verify"].err
    assert "500 (easier)" in found["log signups"].out
    assert "shelves (neutral)" in found["log shelves"].out
    assert "reading of 2026-05-11: 60" in found["log calls"].out and found["check --base HEAD~5"].status == 1


@pytest.mark.parametrize("command", [each for each in HISTORY if not each.startswith("log") and "HEAD~5" not in each])
def test_pinned_later_it_answers_of_the_pins(
    later: Repo, isolated: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory, command: str,
    cache: dict[str, Repo],
) -> None:  # fmt: skip
    """As one repository does whose commits hold what was pinned."""
    if "twin" not in cache:
        cache["twin"] = Repo(tmp_path_factory.mktemp("pins") / "company")
        cache["twin"].commit("Goals", "2026-04-05", files=STEPS[0].files)
        for number, day in enumerate(PIN_DAYS):
            first = PIN_DAYS[number - 1] if number else ""
            made = [step for step in STEPS if step.team and first < step.day <= day]
            files = {f"{step.team}/{path}": text for step in made for path, text in step.files.items()}
            cache["twin"].commit("Pin the teams", day, files=files)
    assert without_ids(okrctl(later, command)) == without_ids(okrctl(cache["twin"], command))


@pytest.fixture(scope="module")
def cache() -> dict[str, Repo]:
    return {}


def entries(repo: Repo, reference: str) -> list[tuple[str, str, str]]:
    found = okrctl(repo, f"log {reference} --format json").json["entries"]
    return [(each["date"], each["author"], each["subject"]) for each in found]


def test_the_log_names_the_commits_of_the_submodule(company: Repo, later: Repo) -> None:
    team = Repo(company.path / "team-a")
    ids = [each["commit"] for each in okrctl(company, "log signups --format json").json["entries"]]
    assert ids == [team.git("rev-parse", name) for name in ("HEAD", "HEAD~2", "HEAD~3")]
    expected = [("Tom", "Check in"), ("Tom", "Easier"), ("Tom", "Goals of growth")]
    assert [each[1:] for each in entries(later, "signups")] == expected
    assert [each[0] for each in entries(later, "signups")] == ["2026-05-13", "2026-05-09", "2026-04-09"]


def test_of_several_commits_at_once_the_one_is_named_that_made_the_change(later: Repo) -> None:
    """The pin of 13 May brings a reading in CSV by Lea, and a later commit by Tom to the file of the goal."""
    assert entries(later, "calls")[0] == ("2026-05-13", "Lea", "Fewer calls")


def test_explain_names_the_commits_of_the_submodule(later: Repo) -> None:
    team = Repo(later.path / "team-a")
    inputs = okrctl(later, "explain signups --format json").json["inputs"]
    commits = {each["name"]: each["commit"] for each in inputs}
    assert commits["to"] == team.git("rev-parse", "HEAD~2") and commits["value"] == team.head


CLOSE = "close 2026-Q2 --force --yes --accept-unrecorded --commit"


def figures(repo: Repo) -> Mapping[str, Any]:
    """What a seal says, without the commit that it names."""
    import json

    sealed = json.loads((repo.path / "scorecards/2026-Q2.json").read_text())
    return {name: value for name, value in sealed.items() if name not in ("commit", "digest")}


def test_close_seals_in_the_company_and_verify_follows_the_pins(isolated: pytest.MonkeyPatch, tmp_path: Path) -> None:
    one, company = (own(isolated, tmp_path / kind, kind) for kind in ("twin", "company"))
    for repo in (one, company):
        assert okrctl(repo, CLOSE).status == 0
        assert repo.git("status", "--porcelain") == ""
        assert okrctl(repo, "verify 2026-Q2").status == 0
        assert okrctl(repo, "check").status == 0
    assert figures(company) == figures(one)
    assert company.git("show", "--format=", "--name-only") == "scorecards/2026-Q2.json"
    assert without_ids(okrctl(company, "verify")) == without_ids(okrctl(one, "verify"))
    step = Step("2026-05-15", TOM, "team-b", "Slip", {"okrs/g.yaml": "period: 2026-Q2\nteam: trust\nobjectives: []\n"})
    team_commit(company, step)
    pin(company, "2026-05-15")
    one.commit("Slip", "2026-05-15", TOM, files={f"team-b/{path}": text for path, text in step.files.items()})
    for command in ("verify 2026-Q2", "check", "diff HEAD~1"):
        assert without_ids(okrctl(company, command)) == without_ids(okrctl(one, command))


def test_close_wants_the_pins_to_be_committed(isolated: pytest.MonkeyPatch, tmp_path: Path) -> None:
    company = own(isolated, tmp_path, "company")
    team_commit(company, Step("2026-05-13", TOM, "team-b", "Check in", {"okrs/g.yaml": TRUST}))
    result = okrctl(company, CLOSE)
    assert result.status == 2 and "error: not committed yet: team-b/okrs/g.yaml" in result.err
    assert "commit these and the pins of team-b first" in result.err
    pin(company, "2026-05-13")
    result = okrctl(company, f"{CLOSE} --outcome onboarding=reached")
    assert result.status == 2
    assert "`close --commit` commits only to this repository, but some outcomes belong to team-a" in result.err
    assert okrctl(company, "check").status == 0 and not (company.path / "scorecards").exists()


# --- writing


def test_a_check_in_is_committed_in_the_submodule(isolated: pytest.MonkeyPatch, tmp_path: Path) -> None:
    company = own(isolated, tmp_path, "company")
    head, team = company.head, Repo(company.path / "team-a")
    result = okrctl(company, "checkin signups=300 --commit")
    assert result.status == 0, result.err
    made = team.git("rev-parse", "HEAD")
    assert f"committed as {made[:12]} in team-a, whose pin moves with the next commit that adds team-a" in result.err
    assert team.git("show", "--format=%s", "--name-only").split("\n")[-1] == "okrs/g.yaml"
    assert company.head == head and company.git("status", "--porcelain") == " M team-a"
    assert "reading of 2026-05-20" not in okrctl(company, "log signups").out, "the company has not pinned it"
    assert "300" in okrctl(company, "show signups").out and "2026-05-20" in okrctl(company, "diff").out
    pin(company, "2026-05-20")
    assert entries(company, "signups")[0][1:] == ("Lea", team.git("log", "-1", "--format=%s"))


def test_check_ins_of_several_teams_are_a_commit_in_each(isolated: pytest.MonkeyPatch, tmp_path: Path) -> None:
    company = own(isolated, tmp_path, "company")
    result = okrctl(company, "checkin signups=300 score=4.5 nps=45 --commit")
    assert result.status == 0, result.err
    subjects = {name: Repo(company.path / name).git("log", "-1", "--format=%B") for name in ("team-a", "team-b", ".")}
    assert "signups" in subjects["team-a"] and "score" not in subjects["team-a"].replace("score 0", "")
    assert "reviews.score" in subjects["team-b"] and "nps" in subjects["."] and "signups" not in subjects["."]


def test_a_commit_on_no_branch_says_so(isolated: pytest.MonkeyPatch, tmp_path: Path) -> None:
    company = own(isolated, tmp_path, "company")
    Repo(company.path / "team-a").git("checkout", "-q", "--detach")
    result = okrctl(company, "checkin signups=300 --commit")
    assert (
        result.status == 0 and "team-a is on no branch: git -C team-a switch -c NAME gives the commit one" in result.err
    )


def test_a_hook_of_the_submodule_that_refuses_leaves_all_as_before(
    isolated: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    company = own(isolated, tmp_path, "company")
    hook = company.path / ".git/modules/team-a/hooks/pre-commit"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text("#!/bin/sh\necho no >&2\nexit 1\n")
    hook.chmod(0o755)
    before = (company.path / "team-a/okrs/g.yaml").read_text()
    result = okrctl(company, "checkin signups=300 --commit")
    assert result.status == 2 and "cannot commit" in result.err
    assert (company.path / "team-a/okrs/g.yaml").read_text() == before
    assert company.git("status", "--porcelain") == "" and not list(company.path.rglob("okrctl.journal"))


def test_what_a_killed_run_left_in_a_submodule_is_settled(isolated: pytest.MonkeyPatch, tmp_path: Path) -> None:
    from okrctl.files.journal import FileStates, Journal

    company = own(isolated, tmp_path, "company")
    team = company.path / "team-a"
    before = (team / "okrs/g.yaml").read_bytes()
    half = before.replace(b"240", b"999")
    Journal(
        team,
        [FileStates("okrs/g.yaml", before, half, half)],
        {"head": Repo(team).git("rev-parse", "HEAD"), "staged": {}},
    ).begin()
    (team / "okrs/g.yaml").write_bytes(half)
    assert "240" in okrctl(company, "show signups").out
    assert (team / "okrs/g.yaml").read_bytes() == before


# --- the borders


def test_a_folder_that_becomes_a_submodule_keeps_its_history(isolated: pytest.MonkeyPatch, tmp_path: Path) -> None:
    early = [step for step in STEPS if step.team in ("", "team-a")][:3]
    company = build_twin(tmp_path / "company", early)
    company.git("rm", "-rq", "--cached", "team-a")
    origin = Repo(tmp_path / "teams" / "team-a")
    origin.commit("Its own repository", "2026-05-06", LEA, files={"okrs/g.yaml": EASIER, "calls.csv": CALLS})
    import shutil

    shutil.rmtree(company.path / "team-a")
    company.git("submodule", "--quiet", "add", f"file://{origin.path}", "team-a")
    pin(company, "2026-05-06")
    assert [each[2] for each in entries(company, "signups")] == ["Easier", "Goals of growth"]
    assert "team-a" not in okrctl(company, "diff 2026-05-05..HEAD").out
    assert okrctl(company, "check").status == 0


def test_a_submodule_that_becomes_a_folder_keeps_its_history(isolated: pytest.MonkeyPatch, tmp_path: Path) -> None:
    company = build_company(tmp_path / "company", STEPS[:5])
    (company.path / "team-a/.git").unlink()
    company.git("rm", "-rq", "--cached", "team-a")
    text = (company.path / ".gitmodules").read_text()
    listed = text[: text.index('[submodule "team-a"]')] + text[text.index('[submodule "team-b"]') :]
    company.commit("One repository again", "2026-05-06", files={".gitmodules": listed})
    assert company.git("ls-tree", "HEAD", "team-a").startswith("040000 tree")
    assert [each[2] for each in entries(company, "signups")] == ["Easier", "Goals of growth"]
    assert "growth" not in okrctl(company, "diff HEAD~1").out
    company.commit("Check in", "2026-05-12", files={"team-a/okrs/g.yaml": STEPS[-1].files["okrs/g.yaml"]})
    assert [each[2] for each in entries(company, "signups")] == ["Check in", "Easier", "Goals of growth"]


def test_a_goal_that_moves_from_one_team_to_another(isolated: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """One commit of the company pins both: where it left, and where it came to."""
    company = build_company(tmp_path / "company", STEPS[:4])
    text = (company.path / "team-a/okrs/g.yaml").read_text()
    Repo(company.path / "team-a").git("rm", "-q", "okrs/g.yaml")
    team_commit(company, Step("2026-05-04", TOM, "team-a", "Give it away", {}))
    team_commit(
        company, Step("2026-05-04", LEA, "team-b", "Take it over", {"okrs/growth.yaml": text, "calls.csv": CALLS})
    )
    pin(company, "2026-05-04")
    assert "removed" not in okrctl(company, "diff HEAD~1").out
    assert entries(company, "signups")[-1] == ("2026-04-06", "Tom", "Goals of growth")


def test_what_the_settings_exclude_is_not_opened(isolated: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Other submodules, such as libraries, cost nothing and may be missing."""
    import shutil

    company = build_company(tmp_path / "company", STEPS[:4])
    library = Repo(tmp_path / "teams" / "library")
    library.commit(files={"a.c": ""})
    company.git("submodule", "--quiet", "add", f"file://{library.path}", "vendor/library")
    pin(company, "2026-05-04")
    company.git("submodule", "--quiet", "deinit", "-f", "vendor/library")
    shutil.rmtree(company.path / ".git/modules/vendor")
    for command in ("score 2026-Q2", "diff HEAD~1", "log signups", "check --base HEAD~1", "score --known-at HEAD"):
        assert okrctl(company, command).status == 0, command


def test_a_hook_of_a_submodule_reads_the_company_s_own_index(isolated: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """In a hook, GIT_INDEX_FILE is that of the submodule, which lies in the folder of the company's repository."""
    company = own(isolated, tmp_path, "company")
    index = {"GIT_INDEX_FILE": str(company.path / ".git/modules/team-a/index")}
    expected = okrctl(company, "diff HEAD~1").out
    assert run("diff", "HEAD~1", cwd=company.path, today=TODAY, env=index).out == expected
