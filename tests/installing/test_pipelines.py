"""The pipelines that `init` writes, and what the manual shows of them."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from okrctl import __version__
from okrctl.templates import init
from tests.running import run

ROOT = Path(__file__).parents[2]


VERSIONS = init.compatible_versions(__version__)


def loaded(text: str) -> Any:
    return YAML(typ="safe", pure=True).load(text)


ACTION = loaded((ROOT / "action.yml").read_text("utf-8"))


def test_the_pipeline_for_github_does_what_the_action_does(tmp_path: Path) -> None:
    text = init.pipeline_files("github")[".github/workflows/okr.yml"]
    steps = loaded(text)["jobs"]["check"]["steps"]
    assert steps[0]["with"] == {"fetch-depth": 2, "persist-credentials": False}
    assert [step["run"] for step in steps if "run" in step] == [
        f'pip install "okrctl{VERSIONS}"',
        "okrctl check --format github",
    ]
    assert loaded(text)["permissions"] == {"contents": "read"}


def test_the_pipeline_for_gitlab_writes_what_gitlab_reads(tmp_path: Path) -> None:
    [(path, text)] = init.pipeline_files("gitlab").items()
    job = loaded(text)["okr"]
    report = job["artifacts"]["reports"]["codequality"]
    assert path == ".gitlab-ci.yml"
    assert any(f"--format gitlab={report}" in line for line in job["script"])
    assert {"if": '$CI_PIPELINE_SOURCE == "merge_request_event"'} in job["rules"]


@pytest.mark.parametrize("place", ["github", "gitlab"])
def test_what_the_pipelines_run_is_understood(place: init.Pipeline, tmp_path: Path) -> None:
    words = ["--organisation", "Acme", "--team", "product", "--ci", place, "--pre-commit"]
    assert run("init", *words, cwd=tmp_path).status == 0
    text = init.pipeline_files(place)[init.PIPELINE_PATHS[place]]
    command = re.findall(r"okrctl (check [^|\n`]*)", text)[-1]
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


def test_the_manual_shows_a_part_of_the_pipeline_that_is_written() -> None:
    jobs = shown("git-and-ci", "yaml", "# .gitlab-ci.yml")
    written = loaded(init.pipeline_files("gitlab")[".gitlab-ci.yml"])
    assert_part(jobs, written)


def assert_part(shown: Any, written: Any) -> None:
    """Whatever is shown stands in what is written, too; a line may go on there."""
    match shown:
        case dict():
            for key in shown:
                assert_part(shown[key], written[key])
        case list():
            assert all(any(str(other).startswith(str(each)) for other in written) for each in shown), shown
        case _:
            assert shown == written


@pytest.mark.parametrize(
    ("version", "versions"),
    [("0.1.0", ">=0.1.0,<0.2"), ("0.9.3", ">=0.9.3,<0.10"), ("1.2.3", ">=1.2.3,<2"), ("2.0.0rc1", ">=2.0.0rc1,<3")],
)
def test_jobs_install_versions_that_need_no_look(version: str, versions: str) -> None:
    assert init.compatible_versions(version) == versions


@pytest.mark.parametrize("place", ["github", "gitlab"])
def test_each_job_installs_compatible_versions(place: init.Pipeline) -> None:
    texts = init.pipeline_files(place, has_refresh=True).values()
    installed = [line for text in texts for line in re.findall(r"pip install (.*)", text)]
    assert len(installed) == 3 and all(re.fullmatch(rf'"okrctl(\[.*])?{VERSIONS}"', line) for line in installed)
    assert not any("<versions>" in text for text in texts)


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
