"""The action as GitHub runs it: its steps in order in a real shell, on a checkout, with a stand-in for gh and pip."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from tests.goals import EASIER, GOALS, PATH
from tests.repositories import TOM, Repo, clean_environment, isolate

ROOT = Path(__file__).parents[2]
ACTION: Any = YAML(typ="safe", pure=True).load((ROOT / "action.yml").read_text("utf-8"))
PYTHON = """#!/bin/bash
# Stands in for a Python: says its version, and makes an environment with okrctl.
if [ "$1" = -c ]; then echo "$VERSION"; exit; fi
mkdir -p "$3/bin"
if [ -n "$STATUS" ]; then
    printf '#!/bin/bash\\npwd > "$RECORD/folder"; printf "%%s\\\\0" "$@" > "$RECORD/okrctl"; exit "$STATUS"\\n' \
        > "$3/bin/okrctl"
else
    printf '#!/bin/bash\\nexec "%s" -m okrctl "$@"\\n' "$REAL" > "$3/bin/okrctl"
fi
printf '#!/bin/bash\\nif [ "$1" = -m ]; then printf "%%s\\\\0" "$@" > "$RECORD/pip"; exit; fi\\nexec "%s" "$@"\\n' \
    "$REAL" > "$3/bin/python"
chmod +x "$3/bin/okrctl" "$3/bin/python"
"""
GH = """#!/bin/bash
# Stands in for gh: keeps the comments of one pull request; those of others have no place in it.
echo "$1 $2" >> "$RECORD/calls"
if [ -n "$DENIED" ] && [ "$2" != view ]; then echo "GraphQL: Resource not accessible by integration" >&2; exit 1; fi
case "$1 $2" in
    "pr view")
        [ "$3" = 7 ] && [ "$5" = github.example/acme/goals ] || exit 1
        mark=$(sed -E 's/.*startswith\\("([^"]*)"\\).*/\\1/' <<< "${@: -1}")
        [ -f "$RECORD/41" ] && [ "$(head -n 1 "$RECORD/41")" = "$mark" ] &&
            echo "https://github.example/acme/goals/pull/7#issuecomment-41"
        exit 0 ;;
    "pr comment") cp "${@: -1}" "$RECORD/41" ;;
    "api --hostname") cp "${8#body=@}" "$RECORD/41"; echo "$3 $5 $6" >> "$RECORD/changed" ;;
esac
"""

HOSTILE = (
    "$(touch hurt)", "`touch hurt`", "; touch hurt", "' ; touch hurt ; '", '" ; touch hurt ; "', "a b", "*",
    "&& touch hurt", "${HOME}", "\\", "x\ny", "-n", "ä 🎯",
)  # fmt: skip


@pytest.fixture(autouse=True)
def _isolated(monkeypatch: pytest.MonkeyPatch) -> None:
    isolate(monkeypatch)


class Runner:
    """A runner with a checkout of a pull request, as actions/checkout leaves it with `fetch-depth: 2`."""

    def __init__(self, folder: Path, base: str = GOALS, head: str = EASIER, place: str = ".") -> None:
        self.folder, self.record = folder, folder / "record"
        origin = Repo(folder / "origin")
        origin.commit("base", files={f"{place}/{PATH}": base, f"{place}/okrctl.yaml": "organisation: Acme\n"})
        origin.branch("tom")
        origin.commit("change", day="2026-05-18", author=TOM, files={f"{place}/{PATH}": head, "notes": "b\n"})
        origin.switch("main")
        self.merge = origin.merge("tom", day="2026-05-19")
        self.checkout = origin.clone(folder / "checkout", depth=2)
        self.programs = folder / "bin"
        for path in (self.record, self.programs, folder / "temp"):
            path.mkdir()
        for name, text in (("gh", GH), ("a python", PYTHON)):
            (self.programs / name).write_text(text)
            (self.programs / name).chmod(0o755)
        event = {"pull_request": {"number": 7, "base": {"sha": origin.git("rev-parse", "main^1")}}}
        (folder / "event.json").write_text(json.dumps(event))

    def run(self, *, variables: dict[str, str] | None = None, event: str = "pull_request", **inputs: str) -> Job:
        return Job(self, variables or {}, event, inputs)

    @property
    def comment(self) -> str | None:
        path = self.record / "41"
        return path.read_text("utf-8") if path.exists() else None

    def given(self, program: str) -> list[str]:
        """The arguments of the last run of pip, or of okrctl where a status is set that it ends with."""
        return (self.record / program).read_text("utf-8").split("\0")[:-1]

    def calls(self) -> list[str]:
        path = self.record / "calls"
        return path.read_text().splitlines() if path.exists() else []


class Job:
    """One run of the action: what it printed, whether it failed, its outputs, and the actions that it used."""

    def __init__(self, runner: Runner, variables: dict[str, str], event: str, inputs: dict[str, str]) -> None:
        self.runner = runner
        defaults = {name: said["default"] for name, said in ACTION["inputs"].items()}
        defaults |= {"token": "secret", "python": str(runner.programs / "a python")}
        self.context = {f"inputs.{name}": text for name, text in (defaults | inputs).items()}
        self.context |= {
            "github.event_name": event, "github.sha": runner.merge, "runner.os": "Linux",
            "runner.temp": str(runner.folder / "temp"),
            "github.event.pull_request.number": "7" if event == "pull_request" else "",
        }  # fmt: skip
        self.environment = clean_environment() | {
            "PATH": f"{runner.programs}:{os.environ['PATH']}", "RECORD": str(runner.record), "REAL": sys.executable,
            "VERSION": "3.12", "OKRCTL_TODAY": "2026-05-20", "RUNNER_TEMP": str(runner.folder / "temp"),
            "GITHUB_ACTIONS": "true", "GITHUB_ACTION_PATH": "the action", "GITHUB_SHA": runner.merge,
            "GITHUB_EVENT_NAME": event, "GITHUB_EVENT_PATH": str(runner.folder / "event.json"),
            "GITHUB_REPOSITORY": "acme/goals", "GITHUB_SERVER_URL": "https://github.example",
            "GITHUB_STEP_SUMMARY": str(runner.folder / "summary.md"),
        } | variables  # fmt: skip
        self.printed, self.failed = "", False
        self.used: dict[str, dict[str, str]] = {}
        for step in ACTION["runs"]["steps"]:
            self._run(step)

    @property
    def outputs(self) -> dict[str, str]:
        return {name: self._fill(said["value"]) for name, said in ACTION["outputs"].items()}

    def _run(self, step: Any) -> None:
        if not self._is_wanted(step.get("if", "success()")):
            return
        if "uses" in step:
            self.used[step["uses"].split("@")[0]] = {name: self._fill(text) for name, text in step["with"].items()}
            return
        output = self.runner.folder / "output"
        output.write_text("")
        own = {name: self._fill(text) for name, text in step["env"].items()}
        command = ["bash", "--noprofile", "--norc", "-e", "-o", "pipefail", "-c", step["run"]]
        done = subprocess.run(
            command, cwd=self.runner.checkout.path, env=self.environment | own | {"GITHUB_OUTPUT": str(output)},
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False,
        )  # fmt: skip
        self.printed += done.stdout
        self.failed |= done.returncode != 0
        for line in output.read_text("utf-8").splitlines():
            name, _, value = line.partition("=")
            self.context[f"steps.{step['id']}.outputs.{name}"] = value

    def _fill(self, text: str) -> str:
        return re.sub(r"\$\{\{ (.*?) }}", lambda found: self.context.get(found[1], ""), text)

    def _is_wanted(self, condition: str) -> bool:
        parts = condition.removeprefix("${{ ").removesuffix(" }}").split(" && ")
        if not {"!cancelled()", "success()"} & {*parts}:
            parts.append("success()")  # as GitHub has it
        return all(map(self._holds, parts))

    def _holds(self, part: str) -> bool:
        if part in ("!cancelled()", "success()"):
            return part == "!cancelled()" or not self.failed
        [(name, sign, text)] = re.findall(r"^(\S+) (==|!=) '(.*)'$", part)
        is_equal = self.context.get(name, "") == text
        return is_equal if sign == "==" else not is_equal


def test_the_steps_of_a_pull_request(tmp_path: Path) -> None:
    runner = Runner(tmp_path)
    job = runner.run(sarif="true")
    assert job.failed, "an agreed target became easier without a record"
    assert "::error title=OKR601 goalpost-moved,file=okrs/2026-Q2/trust.yaml" in job.printed
    counts = {name: text for name, text in job.outputs.items() if name.endswith("s")}
    assert counts == {"errors": "1", "warnings": "0", "infos": "0"}, "as shown: the base has the rest"
    report = json.loads(Path(job.outputs["report"]).read_text())
    assert [each["code"] for each in report["diagnostics"]] == ["OKR601"]
    assert job.used["github/codeql-action/upload-sarif"] == {
        "sarif_file": job.outputs["sarif"], "category": "okrctl/.",
    }  # fmt: skip
    assert json.loads(Path(job.outputs["sarif"]).read_text())["runs"]
    assert "OKR601" in (tmp_path / "summary.md").read_text("utf-8")
    assert runner.given("pip")[-2:] == ["--", "the action"]


def test_the_cache_is_the_folder_that_okrctl_uses(tmp_path: Path) -> None:
    job = Runner(tmp_path).run(comment="false")
    cache = job.used["actions/cache"]
    assert cache["path"] == str(tmp_path / "temp/okrctl-cache")
    assert list((tmp_path / "temp/okrctl-cache/okrctl").iterdir())
    assert cache["key"].startswith(cache["restore-keys"])
    without = Runner(tmp_path / "without").run(variables={"STATUS": "0"}, cache="false", comment="false")
    assert without.used == {}


@pytest.mark.slow
def test_a_comment_says_what_changed_and_is_updated_in_place(tmp_path: Path) -> None:
    runner = Runner(tmp_path)
    runner.run()
    first = runner.comment
    assert first is not None and first.startswith("<!-- okrctl diff ")
    assert "### ⚠️ OKRs: 1 change made a goal easier" in first
    assert "| 0.17 | 0.25 | **+0.08** |" in first
    runner.checkout.write(PATH, GOALS.replace("to: 60", "to: 30"))
    runner.run()
    assert runner.comment is not None and "60 → 30" in runner.comment
    assert runner.calls() == ["pr view", "pr comment", "pr view", "api --hostname"]
    assert (runner.record / "changed").read_text() == "github.example PATCH repos/acme/goals/issues/comments/41\n"
    runner.checkout.write(PATH, GOALS)
    job = runner.run()
    assert not job.failed and "### OKRs: no changes\n" in runner.comment, "what was said holds no longer"


def test_a_pull_request_without_goals_gets_no_comment(tmp_path: Path) -> None:
    runner = Runner(tmp_path, head=GOALS)
    assert not runner.run().failed
    assert runner.comment is None and runner.calls() == ["pr view"]


def test_the_comments_of_two_workspaces_stand_side_by_side(tmp_path: Path) -> None:
    runner = Runner(tmp_path, place="our goals")
    job = runner.run(directory="our goals")
    first = runner.comment
    assert job.outputs["errors"] == "1" and first is not None
    runner.run(directory="our goals/okrs")
    assert runner.calls()[-1] == "pr comment" and runner.comment != first


@pytest.mark.parametrize(
    ("inputs", "variables", "reason"),
    [
        ({"token": ""}, {}, "there is no token"),
        ({}, {"DENIED": "yes"}, "the token may not write it: the job needs pull-requests: write"),
        ({"directory": "nowhere"}, {}, "there is no base to compare with"),
    ],
)
def test_what_stops_a_comment_is_said_in_one_line(
    inputs: dict[str, str], variables: dict[str, str], reason: str, tmp_path: Path
) -> None:
    runner = Runner(tmp_path, head=GOALS.replace("from: 0", "from: 1"))
    job = runner.run(variables=variables, **inputs)
    [line] = [line for line in job.printed.splitlines() if line.startswith("okrctl: no comment")]
    assert reason in line and runner.comment is None


def test_a_denied_comment_fails_nothing(tmp_path: Path) -> None:
    runner = Runner(tmp_path, head=GOALS + "          2026-05-18: 30\n")
    job = runner.run(variables={"DENIED": "yes"})
    assert not job.failed and "Resource not accessible" in job.printed


@pytest.mark.parametrize("given", [{"comment": "false"}, {"event": "push"}])
def test_nothing_is_said_where_no_comment_is_wanted(given: dict[str, str], tmp_path: Path) -> None:
    runner = Runner(tmp_path)
    job = runner.run(**given)  # type: ignore[arg-type]
    assert runner.calls() == [] and "no comment" not in job.printed


@pytest.mark.parametrize("version", ["3.10", "3.9", "2.7"])
def test_an_old_python_is_named(version: str, tmp_path: Path) -> None:
    job = Runner(tmp_path).run(variables={"VERSION": version})
    assert job.failed and f"::error::okrctl needs Python 3.11 or newer, found: {version};" in job.printed
    assert job.printed.splitlines()[-1] == "okrctl: no comment on the pull request: okrctl is not installed"
    assert job.outputs["errors"] == ""


@pytest.mark.parametrize("version", ["3.11", "3.14", "4.0"])
def test_a_new_python_will_do(version: str, tmp_path: Path) -> None:
    assert "okrctl needs Python" not in Runner(tmp_path).run(variables={"VERSION": version, "STATUS": "0"}).printed


def test_a_missing_python_is_named(tmp_path: Path) -> None:
    job = Runner(tmp_path).run(python="no-such-python")
    assert job.failed and "found: none" in job.printed


def test_what_cannot_be_checked_has_no_counts(tmp_path: Path) -> None:
    job = Runner(tmp_path).run(arguments="--select\nOKR999\n")
    assert job.failed and job.outputs == {"errors": "", "warnings": "", "infos": "", "report": "", "sarif": ""}


def test_the_inputs_of_the_action_become_arguments(tmp_path: Path) -> None:
    inputs = {"fail-on": "warning", "arguments": "--select\nOKR1\n\n--statistics\n", "package": "okrctl==1.0"}
    runner = Runner(tmp_path, place="our goals")
    job = runner.run(variables={"STATUS": "1"}, directory="our goals", base="main", format="junit=a b.xml", **inputs)
    report, *rest = runner.given("okrctl")[2:]
    assert runner.given("okrctl")[:2] == ["check", "--format=junit=a b.xml"]
    assert report.startswith("--format=json=") and report.endswith("/okr.json")
    assert rest == ["--fail-on=warning", "--base=main", "--select", "OKR1", "--statistics"]
    assert (runner.record / "folder").read_text() == f"{runner.checkout.path}/our goals\n"
    assert runner.given("pip")[-1] == "okrctl==1.0"
    assert job.failed


@pytest.mark.parametrize("word", HOSTILE)
def test_no_input_of_the_action_is_run(word: str, tmp_path: Path) -> None:
    runner = Runner(tmp_path)
    (runner.checkout.path / word).mkdir(exist_ok=True)
    names = ("format", "fail-on", "base", "package", "directory", "token", "sarif", "arguments")
    job = runner.run(variables={"STATUS": "0"}, **dict.fromkeys(names, word))
    assert not any(path.name == "hurt" for path in tmp_path.rglob("*"))
    _, form, _, *rest = runner.given("okrctl")
    assert form == f"--format={word}"
    assert rest == [f"--fail-on={word}", f"--base={word}", *word.split("\n")]
    assert runner.given("pip")[-2:] == ["--", word]
    assert not job.failed


def test_no_expression_stands_in_a_script_of_the_action() -> None:
    steps = ACTION["runs"]["steps"]
    assert [step for step in steps if "${{" in step.get("run", "")] == []
    used = set(re.findall(r"inputs\.([a-z-]+)", str(steps)))
    assert used == {*ACTION["inputs"]}
    assert all(said["description"] and isinstance(said["default"], str) for said in ACTION["inputs"].values())


def test_the_actions_of_the_action_are_pinned() -> None:
    used = re.findall(r"uses: (.*)", (ROOT / "action.yml").read_text("utf-8"))
    assert len(used) == 2 and all(re.fullmatch(r"[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", each) for each in used)
