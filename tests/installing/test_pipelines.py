"""The action's script with hostile inputs in a real shell, and the pipelines that `init` writes."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from okrctl import __version__
from okrctl.templates import init
from tests.running import run

ROOT = Path(__file__).parents[2]
PYTHON = """#!/bin/bash
# Stands in for Python: makes a place whose programs write down their arguments, each ended by a zero.
mkdir -p "$3/bin"
for name in pip okrctl; do
    printf '#!/bin/bash\\npwd > "%s/%s.folder"\\nprintf "%%s\\\\0" "$@" > "%s/%s.arguments"\\nexit ${STATUS:-0}\\n' \\
        "$RECORD" "$name" "$RECORD" "$name" > "$3/bin/$name"
    chmod +x "$3/bin/$name"
done
"""
HOSTILE = (
    "$(touch hurt)", "`touch hurt`", "; touch hurt", "' ; touch hurt ; '", '" ; touch hurt ; "', "a b", "*",
    "&& touch hurt", "${HOME}", "\\", "x\ny", "-n", "ä 🎯",
)  # fmt: skip


def loaded(text: str) -> Any:
    return YAML(typ="safe", pure=True).load(text)


ACTION = loaded((ROOT / "action.yml").read_text("utf-8"))
[STEP] = ACTION["runs"]["steps"]


class Ran:
    """One run of the action's step: its exit status, and what its programs were given."""

    def __init__(self, folder: Path, status: int = 0, **inputs: str) -> None:
        (folder / "record").mkdir()
        (folder / "work" / inputs.get("directory", ".")).mkdir(parents=True)
        (folder / "python").write_text(PYTHON)
        (folder / "python").chmod(0o755)
        defaults = {name: said["default"] for name, said in ACTION["inputs"].items()}
        values = defaults | {"python": str(folder / "python")} | inputs
        told = {
            name: re.sub(r"\$\{\{ inputs\.([a-z-]+) }}", lambda found: values[found[1]], said)
            for name, said in STEP["env"].items()
        }
        surroundings = {"PATH": os.environ["PATH"], "RUNNER_TEMP": str(folder / "temp"), "STATUS": "0",
                        "GITHUB_ACTION_PATH": "the action", "RECORD": str(folder / "record")}  # fmt: skip
        program = '"$RUNNER_TEMP/okrctl/bin/okrctl"'
        script = STEP["run"].replace(program, f"STATUS={status} {program}")
        command = ["bash", "--noprofile", "--norc", "-e", "-o", "pipefail", "-c", script]  # as GitHub runs it
        done = subprocess.run(command, cwd=folder / "work", env=surroundings | told, capture_output=True, text=True)
        self.status, self.folder = done.returncode, folder
        assert done.stderr == ""

    def given(self, program: str) -> list[str]:
        return (self.folder / f"record/{program}.arguments").read_text("utf-8").split("\0")[:-1]

    @property
    def hurt(self) -> bool:
        return any(path.name == "hurt" for path in self.folder.rglob("*"))


def test_the_action_checks_where_it_stands(tmp_path: Path) -> None:
    ran = Ran(tmp_path)
    assert ran.given("okrctl") == ["check", "--format=github"]
    assert ran.given("pip")[-2:] == ["--", "the action"]
    assert ran.status == 0


def test_the_action_fails_with_the_check(tmp_path: Path) -> None:
    assert Ran(tmp_path, status=1).status == 1


def test_the_inputs_of_the_action_become_arguments(tmp_path: Path) -> None:
    inputs = {"fail-on": "warning", "arguments": "--select\nOKR1\n\n--statistics\n", "package": "okrctl==1.0"}
    ran = Ran(tmp_path, directory="our goals", base="main", format="sarif=a b.sarif", **inputs)
    assert ran.given("okrctl") == [
        "check", "--format=sarif=a b.sarif", "--fail-on=warning", "--base=main", "--select", "OKR1", "--statistics",
    ]  # fmt: skip
    assert (tmp_path / "record/okrctl.folder").read_text() == f"{tmp_path}/work/our goals\n"
    assert ran.given("pip")[-1] == "okrctl==1.0"


@pytest.mark.parametrize("word", HOSTILE)
def test_no_input_of_the_action_is_run(word: str, tmp_path: Path) -> None:
    names = ("format", "fail-on", "base", "package", "directory")
    ran = Ran(tmp_path, **dict.fromkeys(names, word), arguments=word)
    assert not ran.hurt
    lines = word.split("\n")
    assert ran.given("okrctl") == ["check", f"--format={word}", f"--fail-on={word}", f"--base={word}", *lines]
    assert ran.given("pip")[-2:] == ["--", word]


def test_no_expression_stands_in_the_script_of_the_action() -> None:
    assert "${{" not in STEP["run"]
    assert sorted(re.findall(r"inputs\.([a-z-]+)", str(STEP["env"]))) == sorted(ACTION["inputs"])
    assert all(said["description"] and isinstance(said["default"], str) for said in ACTION["inputs"].values())


def test_the_pipeline_for_github_does_what_the_action_does(tmp_path: Path) -> None:
    text = init.pipeline_files("github")[".github/workflows/okr.yml"]
    steps = loaded(text)["jobs"]["check"]["steps"]
    assert steps[0]["with"] == {"fetch-depth": 2, "persist-credentials": False}
    assert [step["run"] for step in steps if "run" in step] == ["pip install okrctl", "okrctl check --format github"]
    assert loaded(text)["permissions"] == {"contents": "read"}


def test_the_pipeline_for_gitlab_writes_what_gitlab_reads(tmp_path: Path) -> None:
    [(path, text)] = init.pipeline_files("gitlab").items()
    job = loaded(text)["okr"]
    report = job["artifacts"]["reports"]["codequality"]
    assert path == ".gitlab-ci.yml"
    assert f"--format gitlab={report}" in job["script"][-1]
    assert {"if": '$CI_PIPELINE_SOURCE == "merge_request_event"'} in job["rules"]


@pytest.mark.parametrize("place", ["github", "gitlab"])
def test_what_the_pipelines_run_is_understood(place: init.Pipeline, tmp_path: Path) -> None:
    words = ["--organisation", "Acme", "--team", "product", "--ci", place, "--pre-commit"]
    assert run("init", *words, cwd=tmp_path).status == 0
    text = init.pipeline_files(place)[init.PIPELINE_PATHS[place]]
    command = re.findall(r"okrctl (check .*)", text)[-1]
    assert run(*command.split(), cwd=tmp_path).status == 0
    if place == "gitlab":
        assert (tmp_path / "gl-code-quality-report.json").read_text() == "[]\n"


def test_the_hook_of_a_new_workspace_is_the_hook_of_okrctl() -> None:
    [ours] = loaded((ROOT / ".pre-commit-hooks.yaml").read_text("utf-8"))
    [[local]] = [repo["hooks"] for repo in loaded(init.hook_files()[".pre-commit-config.yaml"])["repos"]]
    for key in ("name", "entry", "pass_filenames", "always_run"):
        assert local[key] == ours[key]
    assert "files" not in local and "files" not in ours  # pre-commit passes no deleted file, so git is asked


def shown(page: str, language: str, beginning: str) -> Any:
    """The block of a page of the manual that begins so, as data."""
    text = (ROOT / f"okrctl/docs/{page}.md").read_text("utf-8")
    [block] = [one for one in re.findall(rf"^```{language}\n(.*?)^```$", text, re.DOTALL | re.MULTILINE)
               if one.startswith(beginning)]  # fmt: skip
    return loaded(block)


def test_the_manual_shows_the_pipeline_that_is_written() -> None:
    assert shown("git-and-ci", "yaml", "# .gitlab-ci.yml") == loaded(init.pipeline_files("gitlab")[".gitlab-ci.yml"])


def test_the_manual_names_what_action_and_hook_know() -> None:
    steps = shown("git-and-ci", "yaml", "# .github/workflows/okr.yml")["jobs"]["check"]["steps"]
    assert set(steps[-1]["with"]) <= set(ACTION["inputs"])
    [repository] = shown("git-and-ci", "yaml", "# .pre-commit-config.yaml")["repos"]
    [ours] = loaded((ROOT / ".pre-commit-hooks.yaml").read_text("utf-8"))
    assert [hook["id"] for hook in repository["hooks"]] == [ours["id"]]


def test_the_manual_shows_the_settings_of_editors_that_are_written() -> None:
    written = loaded(init.editor_files()[".vscode/settings.json"])
    assert shown("editors", "json", '{\n  "yaml.schemas"') == written
    text = (ROOT / "okrctl/docs/editors.md").read_text("utf-8")
    for path in written["yaml.schemas"]:
        assert text.count(f'"{path}"') == 3, "VS Code, Neovim, Helix"


def test_our_own_workflow_runs_the_command_of_the_readme() -> None:
    jobs = loaded((ROOT / ".github/workflows/test.yml").read_text("utf-8"))["jobs"]
    commands = {name: [step["run"] for step in job["steps"] if "run" in step] for name, job in jobs.items()}
    assert commands["whole"][-1] == ".ci/run"
    assert f"\n{commands['python'][-1]}\n" in (ROOT / "README.md").read_text("utf-8")


def test_the_changelog_begins_with_this_version() -> None:
    text = (ROOT / "CHANGELOG.md").read_text("utf-8")
    versions = re.findall(r"^## ([0-9.]+)", text, re.MULTILINE)
    assert versions[0] == __version__
