"""Which files `check` looks at: the workspaces of its paths, of what is staged, and paths that nobody reads."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from tests.repositories import Repo
from tests.running import Result, run, write

TODAY = "2026-05-15"
GOALS = """\
period: 2026-Q2
team: ops
objectives:
  - id: calm
    title: Operations are calm
    onwer: kim
    key_results:
      - {id: pages, title: Night pages, from: 40, to: 10, kpi: pages}
      - {id: drills, title: Drills passed without help, to: 6}
"""
SOUND = GOALS.replace("onwer", "owner").replace(", kpi: pages", "")
KPIS = "kpis: [{id: pages, title: Night pages, owner: kim, better: lower, readings: {2026-04-01: 40}}]\n"
SETTINGS = "organisation: Kontor\n"


def check(folder: Path, *arguments: str, **environment: str) -> Result:
    return run("check", *arguments, cwd=folder, env=environment, today=TODAY)


def concise(folder: Path, *arguments: str) -> list[str]:
    """PATH CODE of every finding."""
    lines = check(folder, "--format", "concise", *arguments).out.splitlines()
    return [f"{line.split(':')[0]} {line.split()[1]}" for line in lines]


@pytest.fixture
def two(tmp_path: Path) -> Path:
    """Two workspaces below a folder that is none: goals/ with settings, ops/ without."""
    return write(
        tmp_path,
        {
            ".git/HEAD": "", "notes.txt": "", "goals/okrctl.yaml": SETTINGS, "goals/okrs/a.yaml": GOALS,
            "goals/kpis/k.yaml": KPIS, "ops/okrs/b.yaml": SOUND.replace("    owner: kim\n", ""),
        },
    )  # fmt: skip


def test_each_path_is_checked_in_its_own_workspace(two: Path) -> None:
    assert concise(two, "goals/okrs/a.yaml") == ["goals/okrs/a.yaml OKR002"]
    assert check(two, "goals/okrs/a.yaml").status == 1
    both = ["goals/okrs/a.yaml OKR002", "ops/okrs/b.yaml OKR105"]
    assert concise(two, "ops", "goals/okrs/a.yaml") == concise(two, ".") == both
    assert concise(two / "ops", "../goals", ".") == ["../goals/okrs/a.yaml OKR002", "okrs/b.yaml OKR105"]
    assert check(two, "ops").status == 0
    assert "in 4 files of 2 workspaces" in check(two, ".").out


def test_each_workspace_fails_by_its_own_settings(two: Path) -> None:
    write(two, {"goals/okrs/a.yaml": SOUND})
    assert check(two, ".").status == 0
    write(two, {"ops/okrctl.yaml": "fail_on: warning\n"})
    assert check(two, ".").status == 1
    assert check(two, "goals").status == 0
    suites = ElementTree.fromstring(check(two, ".", "--format", "junit").out)
    assert [suite.get("name") for suite in suites if suite.get("failures") == "1"] == ["ops/okrs/b.yaml"]


def test_one_document_names_the_workspace_of_each_finding(two: Path) -> None:
    found = check(two, ".", "nowhere", "--format", "json").json
    assert [(one["path"], one["workspace"]) for one in found["diagnostics"]] == [
        ("goals/okrs/a.yaml", "goals"), ("ops/okrs/b.yaml", "ops"),
    ]  # fmt: skip
    assert found["summary"] == {"files": 4, "error": 1, "warning": 1, "info": 0}
    assert found["workspaces"] == [
        {"root": "goals", "files": 3, "error": 1, "warning": 0, "info": 0, "base": None},
        {"root": "ops", "files": 1, "error": 0, "warning": 1, "info": 0, "base": None},
    ]
    assert found["unread"] == [{"path": "nowhere", "why": "no such file or folder"}]


@pytest.mark.parametrize(
    ("path", "why"),
    [
        ("okrs/none.yaml", "no such file or folder"),
        ("okr/a.yaml", "no pattern of `include:` matches it (okrs/**/*.y{a,}ml"),
        ("okr", "none of its files matches `include:`"),
        ("okrs/old/a.yaml", "excluded by `exclude:` (okrs/old, okrs/x.yaml)"),
        ("okrs/x.yaml", "excluded by `exclude:`"),
        ("data/unused.csv", "no key result or KPI has it as `readings:`"),
        ("../outside.yaml", "not in a workspace"),
    ],
)
def test_a_path_that_is_not_read_names_why(tmp_path: Path, path: str, why: str) -> None:
    root = write(
        tmp_path / "root",
        {
            "okrctl.yaml": "exclude: [okrs/old, okrs/x.yaml]\n", "okrs/a.yaml": GOALS, "okr/a.yaml": GOALS,
            "okrs/old/a.yaml": GOALS, "okrs/x.yaml": GOALS, "data/unused.csv": "", "../outside.yaml": GOALS,
        },
    )  # fmt: skip
    alone = check(root, path, "--format", "json")
    assert (alone.status, alone.json["error"]["code"]) == (2, "not-found")
    assert alone.err.startswith(f"error: {path} is not checked: ") and why in alone.err.splitlines()[0]
    assert "\nhint: " in alone.err
    beside = check(root, path, "okrs/a.yaml", "--format", "json", "-q")
    assert beside.status == 2 and why in beside.err
    assert [one["code"] for one in beside.json["diagnostics"]] == ["OKR002"]
    assert why in beside.json["unread"][0]["why"] and len(beside.json["unread"]) == 1


def test_with_a_folder_given_the_paths_are_those_of_one_workspace(two: Path) -> None:
    write(two, {"okrs/c.yaml": SOUND})
    result = check(two, "-C", ".", "goals/okrs/a.yaml")
    assert result.status == 2
    assert "belongs to the workspace goals/ (-C goals)" in result.err
    assert concise(two, "-C", "goals", "okrs") == ["okrs/a.yaml OKR002"]
    assert check(two, "-C", "goals", "../ops/okrs/b.yaml").status == 2


def test_files_that_are_read_beside_the_goals_are_no_unread_paths(tmp_path: Path) -> None:
    text = SOUND.replace("to: 6}", "to: 6, readings: ../data/d.csv}")
    root = write(
        tmp_path, {"okrctl.yaml": SETTINGS, "okrs/a.yaml": text, "data/d.csv": "date,value\n2026-04-05,many\n"}
    )
    assert concise(root, "data/d.csv") == concise(root, "data") == ["data/d.csv OKR015"]
    assert check(root, "okrctl.yaml").status == 0
    write(root, {"scorecards/2026-Q1.json": "{}"})
    assert check(root, "scorecards/2026-Q1.json").status == 0


def test_nothing_to_check_is_an_error_with_a_way_out(two: Path, tmp_path: Path) -> None:
    nothing = check(two)
    assert nothing.status == 2 and "-C goals" in nothing.err
    for command in ("status", "score"):
        assert "-C goals" in run(command, cwd=two, today=TODAY).err
    lone = write(tmp_path / "lone", {"okrctl.yaml": "include: [goals/*.yaml]\nexclude: [goals/x.yaml]\n"})
    for words in ([], ["."], [str(lone)], ["-C", str(lone)], ["--whole", "."]):
        result = check(lone, *words)
        assert (result.status, result.out) == (2, ""), words
        assert "`include:` is goals/*.yaml, `exclude:` is goals/x.yaml" in result.err
    write(lone, {"okrctl.yaml": "fail_on: sometimes\n"})
    assert check(lone).status == check(lone, ".").status == 1


def places(format: str, text: str) -> Iterator[str]:
    """The paths that a format names."""
    match format:
        case "github":
            yield from (line.partition("file=")[2].partition(",")[0] for line in text.splitlines() if "file=" in line)
        case "junit":
            yield from (str(suite.get("name")) for suite in ElementTree.fromstring(text) if suite.find("testcase"))
        case "markdown":
            yield from (line.split("`")[1].partition(":")[0] for line in text.splitlines() if ".yaml" in line)
        case _:
            yield from _json_places(json.loads(text))


def _json_places(data: Any) -> Iterator[str]:
    if isinstance(data, dict):
        for key, value in data.items():
            if key in ("path", "uri") and isinstance(value, str):
                yield value
            else:
                yield from _json_places(value)
    elif isinstance(data, list):
        for entry in data:
            yield from _json_places(entry)


MACHINE_FORMATS = ("rdjson", "github", "gitlab", "sarif", "json")


@pytest.mark.parametrize("format", [*MACHINE_FORMATS, "markdown"])
@pytest.mark.parametrize(
    ("folder", "arguments"),
    [(".", ["-C", "goals"]), ("goals", []), ("goals/okrs", []), (".", ["goals/okrs/a.yaml"]), ("ops", ["../goals"])],
)
def test_machine_formats_name_paths_from_the_top_of_git(
    two: Path, format: str, folder: str, arguments: list[str]
) -> None:
    result = check(two / folder, *arguments, "--format", format)
    assert result.status == 1
    assert set(places(format, result.out)) == {"goals/okrs/a.yaml"}


@pytest.mark.parametrize("format", MACHINE_FORMATS)
def test_without_git_they_begin_where_the_run_and_its_workspaces_lie(tmp_path: Path, format: str) -> None:
    write(tmp_path, {"goals/okrctl.yaml": SETTINGS, "goals/okrs/a.yaml": GOALS, "goals/kpis/k.yaml": KPIS})

    def found(folder: str, *arguments: str) -> set[str]:
        return set(places(format, check(tmp_path / folder, *arguments, "--format", format).out))

    assert found(".", "goals") == {"goals/okrs/a.yaml"}
    assert found("goals") == found("goals/okrs") == found(".", "-C", "goals") == {"okrs/a.yaml"}


def test_junit_names_every_file_from_the_top_of_git(two: Path) -> None:
    suites = ElementTree.fromstring(check(two, "-C", "goals", "--format", "junit").out)
    names = [suite.get("name") for suite in suites]
    assert names == ["goals/kpis/k.yaml", "goals/okrctl.yaml", "goals/okrs/a.yaml"]


def test_fingerprints_of_two_workspaces_differ(two: Path) -> None:
    write(two, {"ops/okrs/b.yaml": GOALS, "ops/kpis/k.yaml": KPIS})
    names = [one["fingerprint"] for one in check(two, ".", "--format", "gitlab").json]
    assert len(set(names)) == len(names) == 2
    assert [one["fingerprint"] for one in check(two, "ops", "--format", "gitlab").json] == names[1:]


def test_a_fix_acts_on_each_workspace(two: Path) -> None:
    write(two, {"ops/okrs/b.yaml": GOALS.replace(", kpi: pages", "")})
    dry = check(two, "--fix", "--dry-run", ".")
    assert "--- a/goals/okrs/a.yaml" in dry.out and "--- a/ops/okrs/b.yaml" in dry.out
    assert "would fix goals/okrs/a.yaml:6: OKR002" in dry.err and "would fix ops/okrs/b.yaml:6" in dry.err
    assert check(two, "--fix", ".", "--format", "json").json["diagnostics"] == []
    assert (two / "goals/okrs/a.yaml").read_text() == GOALS.replace("onwer", "owner")
    assert (two / "ops/okrs/b.yaml").read_text() == SOUND


def test_suppressions_and_standard_input_take_one_workspace(two: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    both = check(two, "--add-ignore", ".")
    assert both.status == 2 and "goals, ops" in both.err
    assert (two / "goals/okrs/a.yaml").read_text() == GOALS
    assert check(two, "--add-ignore", "ops").status == 0
    assert "ignore[missing-owner]" in (two / "ops/okrs/b.yaml").read_text()

    from tests.cli.commands.test_check import piped

    piped(monkeypatch, GOALS)
    found = check(two, "--stdin-filename", "goals/okrs/new.yaml", "--format", "json").json
    assert {one["path"] for one in found["diagnostics"]} == {"goals/okrs/new.yaml"}
    piped(monkeypatch, GOALS)
    assert check(two, "--stdin-filename", "goals/okrs/a.yaml", "ops").status == 2
    assert check(two, "--stdin-filename", "goals/okrs/a.yaml", "--whole").status == 2


# --whole


@pytest.fixture
def repo(tmp_path: Path) -> Repo:
    """Two sound workspaces that are committed, and files of nobody beside them."""
    repo = Repo(tmp_path / "repo")
    linked = SOUND.replace("to: 10}", "to: 10, kpi: pages}")
    repo.commit(
        files={
            "goals/okrctl.yaml": SETTINGS, "goals/okrs/a.yaml": linked, "goals/kpis/k.yaml": KPIS,
            "ops/okrs/b.yaml": linked, "ops/kpis/k.yaml": KPIS, ".github/ci.yml": "on: push\n",
        }
    )  # fmt: skip
    return repo


def whole(repo: Repo, *arguments: str, folder: str = ".") -> tuple[int, list[str]]:
    """The exit status, and the workspaces that were checked."""
    result = check(repo.path / folder, "--whole", "--format", "json", *arguments)
    return result.status, [one["root"] for one in result.json["workspaces"]]


def test_what_is_staged_decides_which_workspaces_are_checked(repo: Repo) -> None:
    assert whole(repo) == (0, ["goals", "ops"])
    repo.write("ops/okrs/b.yaml", GOALS)
    assert whole(repo, folder="goals") == (1, ["goals", "ops"])
    repo.write("goals/new.txt", "")
    repo.git("add", "goals")
    assert whole(repo) == whole(repo, folder="ops") == (0, ["goals"])
    repo.git("add", "ops")
    assert whole(repo) == (1, ["goals", "ops"])


@pytest.mark.parametrize("name", ["goals", "ops"])
def test_a_deletion_alone_is_found(repo: Repo, name: str) -> None:
    repo.git("rm", "-q", f"{name}/kpis/k.yaml")
    assert whole(repo) == (1, [name])
    assert f"{name}/okrs/" in check(repo.path, "--whole", "--format", "concise").out


def test_files_of_no_workspace_are_nobodys_business(repo: Repo) -> None:
    repo.write("ops/okrs/b.yaml", GOALS)
    repo.write(".github/ci.yml", "on: pull_request\n")
    repo.git("add", ".github")
    assert whole(repo) == (0, [])
    assert check(repo.path, "--whole").status == 0
    assert whole(repo, ".github/ci.yml") == whole(repo, "gone/x.yaml") == (0, [])


def test_with_whole_paths_choose_workspaces_and_not_findings(repo: Repo) -> None:
    repo.write("goals/okrs/a.yaml", GOALS)
    assert whole(repo, "goals/kpis/k.yaml") == (1, ["goals"])
    assert whole(repo, "goals/kpis/deleted/k.yaml", ".github/ci.yml") == (1, ["goals"])
    assert whole(repo, "ops/README.md") == (0, ["ops"])
    assert whole(repo, ".") == (1, ["goals", "ops"])
    assert whole(repo, "-C", str(repo.path / "goals")) == (1, ["goals"])


def test_before_the_first_commit_everything_is_staged(tmp_path: Path) -> None:
    repo = Repo(tmp_path)
    repo.write("data/d.csv", "date,value\n2026-04-05,many\n")
    repo.write("okrs/a.yaml", SOUND.replace("to: 6}", "to: 6, readings: ../data/d.csv}"))
    assert whole(repo) == (0, [])
    repo.git("add", "data")
    assert whole(repo) == (1, ["."])


def test_whole_without_git_wants_paths(tmp_path: Path) -> None:
    write(tmp_path, {"okrs/a.yaml": SOUND})
    result = check(tmp_path, "--whole")
    assert result.status == 2 and "check --whole ." in result.err
    assert check(tmp_path, "--whole", ".").status == 0


def test_a_base_is_compared_in_each_workspace(repo: Repo) -> None:
    text = (repo.path / "ops/okrs/b.yaml").read_text()
    repo.write("ops/okrs/b.yaml", text.replace("to: 6", "to: 3"))
    repo.write("goals/okrs/a.yaml", text.replace("to: 6", "to: 2"))
    found = check(repo.path, ".", "--base", "HEAD", "--format", "json").json["diagnostics"]
    assert [(one["path"], one["code"]) for one in found if one["code"] == "OKR601"] == [
        ("goals/okrs/a.yaml", "OKR601"), ("ops/okrs/b.yaml", "OKR601"),
    ]  # fmt: skip
