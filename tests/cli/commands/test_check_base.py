"""`okrctl check --base` against real repositories: what changed since, and what was there before."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.repositories import LEA, TOM, Repo, isolate
from tests.running import Result, run

PATH = "okrs/2026-Q2/growth.yaml"
TEXT = """\
period: 2026-Q2
team: growth
objectives:
  - id: trial
    title: Strangers find their way into the product
    owner: lea
    key_results:
      - id: signups
        title: Demo accounts opened
        to: 100
        readings: {2026-04-13: 10, 2026-05-04: 30}
      - id: calls
        title: Calls answered without waiting
        to: 50
        readings: {2026-05-04: 10}
"""
RECORD = "        amended: {date: 2026-05-11, by: lea, reason: The fair was cancelled, was: {to: 100}}\n"
LOWER = TEXT.replace("to: 100", "to: 80")


@pytest.fixture(autouse=True)
def _isolated(monkeypatch: pytest.MonkeyPatch) -> None:
    isolate(monkeypatch)


@pytest.fixture
def repo(tmp_path: Path) -> Repo:
    repo = Repo(tmp_path / "repo")
    repo.commit(day="2026-04-10", files={PATH: TEXT})
    return repo


def check(repo: Repo, *words: str, env: dict[str, str] | None = None, today: str = "2026-05-20") -> Result:
    return run("check", *words, cwd=repo.path, today=today, env=env)


def changed(repo: Repo, base: str = "HEAD~1", today: str = "2026-05-20") -> dict[str, tuple[str, int]]:
    """Path and line of each finding on a change, by its name."""
    result = check(repo, "--base", base, "--format", "json", "--select", "OKR6", today=today)
    assert result.status in (0, 1), result.err
    return {one["name"]: (one["path"], one["line"]) for one in result.json["diagnostics"]}


def line_of(text: str, words: str) -> int:
    return next(number for number, line in enumerate(text.splitlines(), 1) if words in line)


def test_a_target_relaxed_in_week_six_fails_at_its_line(repo: Repo) -> None:
    repo.commit(day="2026-05-11", files={PATH: LOWER})
    result = check(repo, "--base", "HEAD~1")
    assert result.status == 1
    assert "OKR601" in result.out and "'to' was 100, is now 80: easier than agreed, without an amendment" in result.out
    assert changed(repo) == {"goalpost-moved": (PATH, line_of(LOWER, "to: 80"))}


def test_json_names_the_commit_that_changes_were_checked_since(repo: Repo) -> None:
    base = repo.head
    repo.commit(day="2026-05-11", files={PATH: LOWER})
    [workspace] = check(repo, "--base", "HEAD~1", "--format", "json").json["workspaces"]
    assert workspace["base"] == base
    [workspace] = check(repo, "--format", "json").json["workspaces"]
    assert workspace["base"] is None


def test_with_a_record_it_passes(repo: Repo) -> None:
    repo.commit(day="2026-05-11", files={PATH: LOWER.replace("to: 80\n", "to: 80\n" + RECORD)})
    assert changed(repo) == {}
    assert check(repo, "--base", "HEAD~1").status == 0


def test_a_tightened_target_is_a_warning(repo: Repo) -> None:
    repo.commit(day="2026-05-11", files={PATH: TEXT.replace("to: 100", "to: 120")})
    assert set(changed(repo)) == {"goalpost-tightened"}
    assert check(repo, "--base", "HEAD~1").status == 0


def test_before_the_agreement_every_change_is_allowed(repo: Repo) -> None:
    repo.commit(day="2026-04-15", files={PATH: LOWER[: LOWER.index("      - id: calls")]})
    assert changed(repo, today="2026-06-20") == {}
    repo.commit(day="2026-04-16", files={PATH: TEXT.replace("to: 100", "to: 70")})
    assert set(changed(repo, today="2026-04-16")) == {"goalpost-moved"}


def test_today_matters_only_for_uncommitted_changes(repo: Repo) -> None:
    repo.write(PATH, LOWER)
    assert changed(repo, "HEAD", today="2026-04-15") == {}
    assert set(changed(repo, "HEAD", today="2026-04-16")) == {"goalpost-moved"}


def test_a_reading_rewritten_and_one_removed(repo: Repo) -> None:
    now = TEXT.replace("2026-04-13: 10", "2026-04-13: 20")
    repo.commit(day="2026-05-11", files={PATH: now})
    assert changed(repo) == {"reading-rewritten": (PATH, line_of(now, "2026-04-13"))}
    noted = TEXT.replace("2026-04-13: 10", "2026-04-13: {value: 15, note: One was a test}")
    repo.commit(day="2026-05-12", files={PATH: noted})
    assert changed(repo) == {}
    repo.commit(day="2026-05-13", files={PATH: TEXT.replace("2026-04-13: 10, ", "")})
    assert set(changed(repo)) == {"reading-rewritten"}


def test_a_correction_on_the_same_day_is_allowed(repo: Repo) -> None:
    repo.commit(day="2026-05-11", files={PATH: TEXT.replace("2026-05-04: 30", "2026-05-04: 30, 2026-05-11: 40")})
    repo.commit(day="2026-05-11", files={PATH: TEXT.replace("2026-05-04: 30", "2026-05-04: 30, 2026-05-11: 45")})
    assert changed(repo) == {}


def test_a_back_filled_series_is_one_finding(repo: Repo) -> None:
    series = ", ".join(f"2026-04-{day}: {day}" for day in (15, 17, 20, 22, 24))
    now = TEXT.replace("{2026-04-13: 10, ", f"{{2026-04-13: 10, {series}, ")
    repo.commit(day="2026-05-25", files={PATH: now})
    result = check(repo, "--base", "HEAD~1", "--format", "json", "--select", "OKR604", today="2026-05-25")
    (one,) = result.json["diagnostics"]
    assert one["message"] == "5 readings from 2026-04-15 to 2026-04-24 were entered up to 40 days later"
    assert result.status == 0


def test_an_objective_removed_in_week_ten_and_one_added_in_week_nine(repo: Repo) -> None:
    born = TEXT + "  - id: price\n    title: Nobody asks twice what it costs\n    owner: tom\n    added: 2026-05-28\n"
    repo.commit(day="2026-05-28", files={PATH: born})
    assert changed(repo) == {"added-without-deprioritizing": (PATH, line_of(born, "Nobody"))}
    dropped = born.replace(TEXT[TEXT.index("      - id: calls") :], "")
    repo.commit(day="2026-06-04", files={PATH: dropped})
    assert changed(repo) == {"goal-removed": (PATH, line_of(dropped, "key_results"))}
    repo.remove(PATH)
    repo.commit(day="2026-06-05")
    assert changed(repo) == {"goal-removed": (PATH, 1)}


def test_a_recorded_deprioritization_is_no_finding(repo: Repo) -> None:
    given_up = "        state: deprioritized\n        reason: No capacity\n        since: 2026-05-11\n"
    repo.commit(day="2026-05-11", files={PATH: TEXT + given_up})
    assert changed(repo) == {}


def test_a_file_split_in_two_a_rename_and_another_layout_are_no_findings(repo: Repo) -> None:
    both = TEXT + "  - {id: price, title: Prices are plain, owner: tom, key_results: [{id: a, title: A, to: 5}]}\n"
    repo.commit(day="2026-04-12", files={PATH: both})
    other = both.splitlines()[-1]
    repo.commit(
        day="2026-05-11",
        files={
            PATH: TEXT.replace("id: trial", "id: way-in\n    formerly: trial"),
            "okrs/other.yaml": f"team: growth\nperiod: '2026-Q2'\nobjectives:\n{other}\n",
        },
    )
    assert changed(repo) == {}


def test_a_closed_period_edited_and_reopened(repo: Repo) -> None:
    seal = "scorecards/2026-Q2.json"
    repo.commit(day="2026-07-10", files={seal: "{}\n"})
    edited = TEXT.replace("2026-05-04: 30", "2026-05-04: {value: 90, note: Recounted}")
    repo.commit(day="2026-07-20", files={PATH: edited})
    assert changed(repo) == {"sealed-period-edited": (PATH, line_of(edited, "value: 90"))}
    assert check(repo, "--base", "HEAD~1").status == 1
    repo.commit(day="2026-07-21", files={seal: "{} \n"})
    assert changed(repo) == {"sealed-period-edited": (seal, 1)}
    repo.move(seal, "scorecards/reopened/2026-Q2.1.json")
    repo.commit(day="2026-07-22", files={PATH: TEXT})
    assert "sealed-period-edited" not in changed(repo)


def test_a_parent_reworded(repo: Repo) -> None:
    objective = "{id: o, title: Buyers find us, owner: tom, parent: growth/trial}"
    child = f"period: 2026-Q2\nteam: sales\nobjectives:\n  - {objective}\n"
    repo.commit(day="2026-04-12", files={"okrs/sales.yaml": child})
    now = TEXT.replace("Strangers find their way into the product", "Strangers stay")
    repo.commit(day="2026-05-11", files={PATH: now})
    result = check(repo, "--base", "HEAD~1", "--format", "json", "--select", "OKR608")
    (one,) = result.json["diagnostics"]
    assert (one["line"], one["severity"]) == (line_of(now, "Strangers stay"), "info")
    assert "2026-Q2/sales/o supports this" in one["message"] and one["help"].endswith("tom")


def test_an_owner_who_is_not_involved(repo: Repo) -> None:
    settings = "rules: {owner-not-involved: warning}\npeople: {lea: {email: lea@acme.example}, tom: {}}\n"
    repo.commit(day="2026-04-12", files={"okrctl.yaml": settings})
    repo.commit(day="2026-05-11", author=TOM, files={PATH: LOWER})
    result = check(repo, "--base", "HEAD~1", "--select", "OKR609")
    assert "changed by Tom, but the owner is 'lea'" in result.out
    repo.commit(day="2026-05-12", author=LEA, files={PATH: LOWER.replace("to: 80", "to: 70")})
    assert "OKR609" not in check(repo, "--base", "HEAD~2", "--select", "OKR609").out


def test_known_findings_are_counted_in_one_line(repo: Repo) -> None:
    bad = TEXT.replace("owner: lea\n", "owner: lea\n    onwer: tom\n")
    repo.commit(day="2026-04-12", files={PATH: bad})
    more = "# A word\n\n" + bad + "  - {id: second, titel: Prices are fair, owner: tom}\n"
    repo.commit(day="2026-04-13", files={PATH: more})
    result = check(repo, "--base", "HEAD~1", "--format", "concise")
    assert "titel" in result.out and "onwer" not in result.out
    (line,) = [line for line in result.err.splitlines() if "already" in line]
    assert "--all-findings" in line
    assert "onwer" in check(repo, "--base", "HEAD~1", "--format", "concise", "--all-findings").out
    repo.commit(day="2026-04-14", files={PATH: more + "# A last word\n"})
    assert check(repo, "--base", "HEAD~1").status == 0


def test_a_suppression_of_a_change_is_never_unused(repo: Repo) -> None:
    silent = LOWER.replace("to: 80", "to: 80  # okrctl: ignore[goalpost-moved]")
    repo.commit(day="2026-05-11", files={PATH: silent})
    assert changed(repo) == {}
    repo.commit(day="2026-05-12", files={PATH: silent + "# The end\n"})
    assert check(repo, "--base", "HEAD~1").out.count("OKR011") == check(repo).out.count("OKR011") == 0


def test_an_unreadable_file_hides_nothing_else_and_is_not_treated_as_empty(repo: Repo) -> None:
    repo.commit(day="2026-04-12", files={"okrs/other.yaml": TEXT.replace("growth", "sales")})
    repo.commit(day="2026-05-11", files={PATH: "objectives: [", "okrs/other.yaml": LOWER.replace("growth", "sales")})
    found = changed(repo)
    assert found == {"goalpost-moved": ("okrs/other.yaml", line_of(LOWER, "to: 80"))}
    assert check(repo, "--base", "HEAD~1").status == 1


def test_the_branch_is_compared_with_its_fork_point(repo: Repo) -> None:
    repo.branch("idea")
    repo.commit(day="2026-05-11", files={"okrs/other.yaml": TEXT.replace("growth", "sales")})
    repo.switch("main")
    repo.commit(day="2026-05-12", files={PATH: TEXT.replace("to: 100", "to: 120")})
    repo.switch("idea")
    assert changed(repo, "main") == {}


def pull_request(repo: Repo, tmp_path: Path, depth: int) -> tuple[Repo, dict[str, str]]:
    """A checkout as GitHub makes it: the merge of a branch into main, with a detached HEAD."""
    repo.branch("idea")
    repo.commit(day="2026-05-11", files={PATH: LOWER})
    repo.switch("main")
    merge = repo.merge("idea", day="2026-05-12")
    clone = repo.clone(tmp_path / "clone", depth=depth)
    clone.switch(merge)
    for name in ("remotes/origin/HEAD", "remotes/origin/main", "heads/main"):
        clone.git("update-ref", "--no-deref", "-d", f"refs/{name}")
    environment = {"GITHUB_ACTIONS": "true", "GITHUB_EVENT_NAME": "pull_request", "GITHUB_SHA": merge}
    return clone, environment | {"GITHUB_BASE_REF": "main"}


def test_on_github_the_base_is_detected(repo: Repo, tmp_path: Path) -> None:
    clone, environment = pull_request(repo, tmp_path, depth=2)
    result = check(clone, "--format", "json", env=environment)
    assert [(one["code"], one["severity"]) for one in result.json["diagnostics"]] == [("OKR601", "error")]
    alone = check(clone, "--format", "json").json["diagnostics"]  # a plain check compares with what was agreed
    assert [(one["code"], one["severity"]) for one in alone] == [("OKR601", "warning")]


def test_a_missing_base_is_reported_with_a_hint(repo: Repo, tmp_path: Path) -> None:
    clone, environment = pull_request(repo, tmp_path, depth=1)
    clone.write("okrs/other.yaml", "objectives: [\n")
    for words in ((), ("--base", "origin/nothing")):
        result = check(clone, "--format", "json", *words, env=environment)
        assert result.status == 1 and result.json["summary"]["error"] == 1
        (line,) = result.err.splitlines()
        assert line.startswith("changes were not checked: ") and "fetch-depth" in line


def test_on_gitlab_the_base_is_detected(repo: Repo) -> None:
    base = repo.head
    repo.branch("idea")
    repo.commit(day="2026-05-11", files={PATH: LOWER})
    environment = {"GITLAB_CI": "true", "CI_MERGE_REQUEST_IID": "7", "CI_MERGE_REQUEST_DIFF_BASE_SHA": base}
    result = check(repo, "--format", "gitlab", env=environment)
    assert [one["check_name"] for one in json.loads(result.out)] == ["goalpost-moved"]


def test_in_a_linked_work_tree_and_a_submodule(repo: Repo, tmp_path: Path) -> None:
    repo.commit(day="2026-05-11", files={PATH: LOWER})
    tree = repo.worktree(tmp_path / "tree")
    assert set(changed(tree)) == {"goalpost-moved"}
    outer = Repo(tmp_path / "outer")
    outer.commit()
    outer.git("submodule", "add", "-q", f"file://{repo.path}", "goals")
    assert set(changed(Repo(outer.path / "goals"))) == {"goalpost-moved"}


@pytest.mark.parametrize("base", ["--all", "nothing", "HEAD:okrs", "-1", ""])
def test_an_unknown_base_is_one_error(repo: Repo, base: str) -> None:
    result = check(repo, f"--base={base}")
    assert result.status == 2 and result.err.startswith("error: ")
