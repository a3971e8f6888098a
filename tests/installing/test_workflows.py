"""The workflows of this repository and those that `okrctl init --ci github` writes: pinned, with few permissions."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from okrctl import __version__
from okrctl.templates import init

ROOT = Path(__file__).parents[2]
OURS = {path.name: path.read_text("utf-8") for path in sorted((ROOT / ".github/workflows").glob("*.yml"))}
THEIRS = init.pipeline_files("github", has_refresh=True)
WORKFLOWS = OURS | THEIRS
PINNED = re.compile(r"[\w.-]+/[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+")


def loaded(text: str) -> Any:
    return YAML(typ="safe", pure=True).load(text)


def test_there_are_workflows() -> None:
    assert set(OURS) == {"pages.yml", "release.yml", "test.yml"} and len(THEIRS) == 3


@pytest.mark.parametrize("name", WORKFLOWS)
def test_actions_are_pinned_by_a_full_hash_with_their_version(name: str) -> None:
    used = re.findall(r"uses: (.*)", WORKFLOWS[name])
    assert used and [each for each in used if not PINNED.fullmatch(each)] == []


def test_an_action_has_one_hash_and_version_everywhere() -> None:
    pins: dict[str, set[str]] = {}
    for text in WORKFLOWS.values():
        for action, pin in re.findall(r"uses: ([^@]+)@(.*)", text):
            pins.setdefault(action, set()).add(pin)
    assert {action: found for action, found in pins.items() if len(found) > 1} == {}


@pytest.mark.parametrize("name", OURS)
def test_a_job_has_only_the_permissions_that_it_names(name: str) -> None:
    workflow = loaded(OURS[name])
    assert workflow["permissions"] == {}
    for job in workflow["jobs"].values():
        assert job["permissions"] and job["timeout-minutes"]


@pytest.mark.parametrize("name", WORKFLOWS)
def test_a_script_holds_no_expression(name: str) -> None:
    """What GitHub writes into a script is run by the shell; variables are not."""
    scripts = [
        step["run"] for job in loaded(WORKFLOWS[name])["jobs"].values() for step in job["steps"] if "run" in step
    ]
    assert [script for script in scripts if "${{" in script] == []


def release_notes(tmp_path: Path, version: str, heading: str) -> subprocess.CompletedProcess[str]:
    script = tmp_path / ".ci/release-notes"
    script.parent.mkdir()
    shutil.copy(ROOT / ".ci/release-notes", script)
    changelog = f"# Changelog\n\n{heading}\n\n* **New**: this.\n\n## 0.1.0, 2026-01-01\n\n* The first.\n"
    (tmp_path / "CHANGELOG.md").write_text(changelog)
    return subprocess.run(["bash", str(script), version], capture_output=True, text=True, check=False)


def test_the_notes_of_a_release_are_its_section_of_the_changelog(tmp_path: Path) -> None:
    ended = release_notes(tmp_path, "0.2.0", "## 0.2.0, 2026-12-01")
    assert (ended.returncode, ended.stdout) == (0, "\n* **New**: this.\n\n")


@pytest.mark.parametrize(
    ("version", "heading", "said"),
    [
        ("0.2.0", "## 0.2.0, not released yet", "replace it by the date"),
        ("0.2", "## 0.2.0, 2026-12-01", "no section ## 0.2\n"),
        ("0.3.0", "## 0.2.0, 2026-12-01", "no section ## 0.3.0\n"),
    ],
)
def test_there_is_no_release_without_a_section(tmp_path: Path, version: str, heading: str, said: str) -> None:
    ended = release_notes(tmp_path, version, heading)
    assert ended.returncode == 1 and ended.stdout == "" and said in ended.stderr


def test_the_image_has_what_its_manual_says() -> None:
    text = (ROOT / "Dockerfile").read_text("utf-8")
    copied = re.findall(r"^COPY (?!--)(.*) \S+$", text, re.MULTILINE)
    kept = {line[1:] for line in (ROOT / ".dockerignore").read_text("utf-8").splitlines() if line.startswith("!")}
    assert {name for line in copied for name in line.split()} == kept
    assert all((ROOT / name).exists() for name in kept)
    assert "ENTRYPOINT" not in text  # GitLab runs a shell in the image
    manual = (ROOT / "okrctl/docs/git-and-ci.md").read_text("utf-8")
    assert f"ghcr.io/okrctl/okrctl:{__version__}" in manual
