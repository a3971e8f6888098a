"""The job that checks a merge request at GitLab, run by a real shell, with a server that keeps notes as GitLab does."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from ruamel.yaml import YAML

from okrctl.templates import init
from tests.goals import EASIER, GOALS, PATH
from tests.repositories import TOM, Repo, clean_environment, isolate

JOB: Any = YAML(typ="safe", pure=True).load(init.pipeline_files("gitlab")[".gitlab-ci.yml"])["okr"]
NOTES = "/api/v4/projects/3/merge_requests/7/notes"
OURS, OTHER = 12, 5


@pytest.fixture(autouse=True)
def _isolated(monkeypatch: pytest.MonkeyPatch) -> None:
    isolate(monkeypatch)


class GitLab(ThreadingHTTPServer):
    """The notes of one merge request; without its token nothing can be done."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Answer)
        self.notes: list[dict[str, Any]] = []
        self.calls: list[str] = []
        self.status = 200

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/api/v4"

    def add(self, author: int, body: str) -> None:
        self.notes.append({"id": len(self.notes) + 1, "author": {"id": author}, "body": body})

    def answer(self, method: str, path: str, query: dict[str, list[str]], data: Any) -> Any:
        if path == "/api/v4/user":
            return {"id": OURS}
        if method == "GET":
            first = 100 * (int(query["page"][0]) - 1)
            return self.notes[first : first + 100] if query["sort"] == ["asc"] else None
        if method == "POST" and path == NOTES:
            self.add(OURS, data["body"])
            return self.notes[-1]
        note = self.notes[int(path.removeprefix(f"{NOTES}/")) - 1]
        note["body"] = data["body"]
        return note


class Answer(BaseHTTPRequestHandler):
    server: GitLab

    def _answer(self) -> None:
        place = urlsplit(self.path)
        text = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.server.calls.append(f"{self.command} {place.path.removeprefix('/api/v4')}")
        status = self.server.status if self.headers["PRIVATE-TOKEN"] == "secret" else 401
        data = json.loads(text) if text else None
        found = self.server.answer(self.command, place.path, parse_qs(place.query), data) if status == 200 else {}
        self.send_response(status)
        self.end_headers()
        self.wfile.write(json.dumps(found).encode())

    do_GET = do_POST = do_PUT = _answer

    def log_message(self, format: str, *args: Any) -> None:
        pass


@pytest.fixture
def gitlab() -> Iterator[GitLab]:
    with GitLab() as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


class Pipeline:
    """The checkout of a merge request, and the job in it."""

    def __init__(self, folder: Path, server: GitLab, head: str = EASIER) -> None:
        self.server = server
        self.checkout = Repo(folder / "checkout")
        self.base = self.checkout.commit("base", files={PATH: GOALS})
        self.checkout.commit("change", day="2026-05-18", author=TOM, files={PATH: head})
        self.programs = folder / "bin"
        self.programs.mkdir()
        own = f'#!/bin/bash\nexec "{sys.executable}" '
        programs = {"python": f'{own}"$@"\n', "okrctl": f'{own}-m okrctl "$@"\n', "pip": "#!/bin/bash\n"}
        for name, text in programs.items():
            (self.programs / name).write_text(text)
            (self.programs / name).chmod(0o755)

    def run(self, **variables: str) -> subprocess.CompletedProcess[str]:
        environment = clean_environment() | {
            "PATH": f"{self.programs}:{os.environ['PATH']}", "OKRCTL_TODAY": "2026-05-20", "GITLAB_CI": "true",
            "CI_PIPELINE_SOURCE": "merge_request_event", "CI_MERGE_REQUEST_DIFF_BASE_SHA": self.base,
            "CI_API_V4_URL": self.server.url, "CI_MERGE_REQUEST_PROJECT_ID": "3", "CI_MERGE_REQUEST_IID": "7",
            "OKRCTL_MERGE_TOKEN": "secret", "no_proxy": "127.0.0.1",
            "XDG_CACHE_HOME": JOB["variables"]["XDG_CACHE_HOME"].replace("$CI_PROJECT_DIR", str(self.checkout.path)),
        } | variables  # fmt: skip
        return subprocess.run(
            ["bash", "-e", "-o", "pipefail", "-c", "\n".join(JOB["script"])],
            cwd=self.checkout.path, env=environment, capture_output=True, text=True, check=False,
        )  # fmt: skip


def test_the_job_leaves_reports_counts_and_a_note(tmp_path: Path, gitlab: GitLab) -> None:
    pipeline = Pipeline(tmp_path, gitlab)
    done = pipeline.run()
    assert done.returncode == 1 and "OKR601" in done.stdout
    folder, artifacts = pipeline.checkout.path, JOB["artifacts"]
    [finding] = json.loads((folder / artifacts["reports"]["codequality"]).read_text())
    assert finding["check_name"] == "goalpost-moved"
    assert (folder / artifacts["reports"]["dotenv"]).read_text() == "OKR_ERRORS=1\nOKR_WARNINGS=0\nOKR_INFOS=0\n"
    [path] = artifacts["paths"]
    assert json.loads((folder / path).read_text())["summary"]["error"] == 1
    [note] = gitlab.notes
    assert note["body"].startswith("<!-- okrctl diff -->\n### ⚠️ OKRs: 1 change made a goal easier\n")
    [cache] = JOB["cache"]["paths"]
    assert list((folder / cache / "okrctl").iterdir())


def test_the_note_is_updated_in_place_and_others_are_left_alone(tmp_path: Path, gitlab: GitLab) -> None:
    pipeline = Pipeline(tmp_path, gitlab)
    for number in range(130):
        gitlab.add(OTHER, "<!-- okrctl diff -->" if number == 3 else f"talk {number}")
    pipeline.run()
    pipeline.checkout.write(PATH, GOALS.replace("to: 60", "to: 30"))
    pipeline.run()
    assert len(gitlab.notes) == 131 and gitlab.notes[3]["body"] == "<!-- okrctl diff -->"
    assert "60 → 30" in gitlab.notes[-1]["body"]
    pipeline.checkout.write(PATH, GOALS)
    assert pipeline.run().returncode == 0
    assert gitlab.notes[-1]["body"] == "<!-- okrctl diff -->\n### OKRs: no changes\n"


def test_a_merge_request_without_goals_gets_no_note(tmp_path: Path, gitlab: GitLab) -> None:
    assert Pipeline(tmp_path, gitlab, GOALS).run().returncode == 0
    assert gitlab.notes == []


@pytest.mark.parametrize(
    ("variables", "reason"),
    [
        ({"OKRCTL_MERGE_TOKEN": ""}, "there is no variable OKRCTL_MERGE_TOKEN"),
        ({"OKRCTL_MERGE_TOKEN": "wrong"}, "HTTP Error 401: Unauthorized"),
        ({"CI_MERGE_REQUEST_DIFF_BASE_SHA": "0" * 40}, "there is no base to compare with"),
        ({"CI_API_V4_URL": "http://127.0.0.1:1/api/v4"}, "<urlopen error [Errno 111] Connection refused>"),
    ],
)
def test_what_stops_a_note_is_said_in_one_line_and_fails_nothing(
    variables: dict[str, str], reason: str, tmp_path: Path, gitlab: GitLab
) -> None:
    pipeline = Pipeline(tmp_path, gitlab, GOALS + "          2026-05-18: 30\n")
    if "CI_MERGE_REQUEST_DIFF_BASE_SHA" in variables:
        pipeline.checkout.git("branch", "-m", "tom")
    done = pipeline.run(**variables)
    assert (done.returncode, gitlab.notes) == (0, [])
    assert f"okrctl: no note on the merge request: {reason}" in done.stdout.splitlines()


def test_main_is_checked_without_a_note(tmp_path: Path, gitlab: GitLab) -> None:
    done = Pipeline(tmp_path, gitlab).run(CI_PIPELINE_SOURCE="push", CI_MERGE_REQUEST_IID="")
    assert gitlab.calls == [] and "no note" not in done.stdout


def test_an_old_python_is_named(tmp_path: Path, gitlab: GitLab) -> None:
    pipeline = Pipeline(tmp_path, gitlab)
    (pipeline.programs / "python").write_text("#!/bin/bash\nexit 1\n")
    done = pipeline.run()
    assert done.returncode == 1
    assert done.stdout == "okrctl needs Python 3.11 or newer: set another image, such as python:3.12\n"


def test_what_cannot_be_checked_ends_with_its_status(tmp_path: Path, gitlab: GitLab) -> None:
    pipeline = Pipeline(tmp_path, gitlab)
    done = pipeline.run(OKRCTL_SELECT="OKR999")
    assert done.returncode == 2 and done.stderr.startswith("error: there is no rule 'OKR999'")
    assert gitlab.calls == []
