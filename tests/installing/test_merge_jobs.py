"""The jobs that merge main into a conflicting branch, run by a real shell on a real repository."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from okrctl.templates import init
from tests.goals import GOALS, PATH
from tests.repositories import TOM, Repo, clean_environment, isolate

MAIN, BRANCH = "          2026-04-27: 30\n", "          2026-04-20: 20\n"
GH = """#!/bin/bash
case "$1 $2" in
    "pr list") echo "7 tom" ;;
    "pr view") cat "$RECORD/comments" 2>/dev/null ;;
    "pr comment") cat "${@: -1}" >> "$RECORD/comments"; echo "$3" >> "$RECORD/numbers" ;;
esac
"""
CURL = """#!/bin/bash
for word in "$@"; do
    case $word in
        body@*) cat "${word#body@}" >> "$RECORD/notes"; echo "${@: -1}" >> "$RECORD/written"; exit ;;
    esac
done
cat "$RECORD/notes" 2>/dev/null || echo "[]"
"""


@pytest.fixture(autouse=True)
def _isolated(monkeypatch: pytest.MonkeyPatch) -> None:
    isolate(monkeypatch)


class Forge:
    """A repository at a forge with main and the branch `tom`, and a checkout in which a job runs."""

    def __init__(self, folder: Path, main: str, branch: str) -> None:
        self.folder = folder
        self.origin = Repo(folder / "origin")
        self.origin.commit("base", files={PATH: GOALS, "README.md": "a\n"})
        self.origin.branch("tom")
        self.origin.commit("theirs", author=TOM, files={PATH: branch})
        self.origin.switch("main")
        self.origin.commit("ours", files={PATH: main})
        self.origin.git("config", "receive.denyCurrentBranch", "ignore")
        self.checkout = self.origin.clone(folder / "checkout")
        self.record = folder / "record"
        self.programs = folder / "bin"
        for path in (self.record, self.programs):
            path.mkdir()
        okrctl = f'#!/bin/bash\nexec "{sys.executable}" -m okrctl "$@"\n'
        for name, text in (("gh", GH), ("curl", CURL), ("okrctl", okrctl), ("pip", "#!/bin/bash\n")):
            (self.programs / name).write_text(text)
            (self.programs / name).chmod(0o755)

    def run(self, script: str, **variables: str) -> None:
        environment = clean_environment() | {
            "PATH": f"{self.programs}:{os.environ['PATH']}", "RECORD": str(self.record),
            "RUNNER_TEMP": str(self.record), "OKRCTL_TODAY": "2026-05-20",
        } | variables  # fmt: skip
        command = ["bash", "--noprofile", "--norc", "-e", "-o", "pipefail", "-c", script]
        done = subprocess.run(
            command, cwd=self.checkout.path, env=environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr

    def text(self) -> str:
        return self.origin.git("show", f"tom:{PATH}") + "\n"


def github_script() -> str:
    steps: Any = YAML(typ="safe", pure=True).load(init.pipeline_files("github")[init.MERGE_PATH])
    script: str = steps["jobs"]["merge"]["steps"][-1]["run"]
    assert "${{" not in script
    return script


def run_gitlab(forge: Forge) -> None:
    jobs: Any = YAML(typ="safe", pure=True).load(init.pipeline_files("gitlab")[".gitlab-ci.yml"])
    server = f"url.file://{forge.folder}/origin.insteadOf"
    forge.checkout.git("config", server, "https://okrctl:secret@forge.example/acme/origin.git")
    forge.run(
        "\n".join(jobs["okr-merge"]["script"]),
        CI_SERVER_HOST="forge.example",
        CI_MERGE_REQUEST_SOURCE_PROJECT_PATH="acme/origin",
        CI_MERGE_REQUEST_SOURCE_BRANCH_NAME="tom",
        CI_MERGE_REQUEST_TARGET_BRANCH_NAME="main",
        CI_API_V4_URL="https://forge.example/api/v4",
        CI_MERGE_REQUEST_PROJECT_ID="3",
        CI_MERGE_REQUEST_IID="7",
        OKRCTL_MERGE_TOKEN="secret",
    )


def test_github_merges_main_into_a_conflicting_branch(tmp_path: Path) -> None:
    forge = Forge(tmp_path, GOALS + MAIN, GOALS + BRANCH)
    forge.run(github_script())
    assert forge.text() == GOALS + BRANCH + MAIN
    assert forge.origin.git("log", "-1", "--format=%s", "tom") == "Merge main into tom with okrctl"
    assert not (forge.record / "comments").exists()


def test_github_says_once_in_a_comment_what_is_left(tmp_path: Path) -> None:
    forge = Forge(tmp_path, GOALS + BRANCH.replace("20\n", "25\n"), GOALS + BRANCH)
    before = forge.origin.git("rev-parse", "tom")
    for _ in range(2):
        forge.run(github_script())
    assert forge.origin.git("rev-parse", "tom") == before
    comment = (forge.record / "comments").read_text()
    assert "2026-Q2/trust/origin.codes: reading of 2026-04-20 is 20 in" in comment
    assert "and 25 in" in comment
    assert (forge.record / "numbers").read_text() == "7\n"


def test_github_leaves_a_branch_alone_that_git_can_merge(tmp_path: Path) -> None:
    forge = Forge(tmp_path, GOALS.replace("period: 2026-Q2", "period: 2026-Q2  # now"), GOALS + BRANCH)
    before = forge.origin.git("rev-parse", "tom")
    forge.run(github_script())
    assert forge.origin.git("rev-parse", "tom") == before


def test_gitlab_merges_the_target_into_a_conflicting_branch(tmp_path: Path) -> None:
    forge = Forge(tmp_path, GOALS + MAIN, GOALS + BRANCH)
    run_gitlab(forge)
    assert forge.text() == GOALS + BRANCH + MAIN


def test_gitlab_says_once_in_a_note_what_is_left(tmp_path: Path) -> None:
    forge = Forge(tmp_path, GOALS + BRANCH.replace("20\n", "25\n"), GOALS + BRANCH)
    for _ in range(2):
        run_gitlab(forge)
    written = (forge.record / "written").read_text()
    assert written == "https://forge.example/api/v4/projects/3/merge_requests/7/notes\n"
    note = (forge.record / "notes").read_text()
    assert note.startswith("main and this branch contradict each other:\n") and "reading of 2026-04-20" in note
