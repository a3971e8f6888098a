"""The jobs that fetch readings on a schedule, run by a real shell on a real repository."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from okrctl.templates import init
from tests.goals import GOALS
from tests.installing.test_merge_jobs import BRANCH, MAIN, Forge
from tests.repositories import isolate

KPIS = """\
kpis:
  - {id: mrr, title: Revenue, owner: cfo, better: higher, source: {csv: data/mrr.csv}}
  - {id: cost, title: Costs, owner: cfo, better: lower, source: {http: "https://metrics.example/", value: v}}
"""
GH = """#!/bin/bash
case "$1 $2" in
    "pr list") cat "$RECORD/open" 2>/dev/null || echo 0 ;;
    "pr create") printf "%s\\n" "$@" >> "$RECORD/created"; echo 1 > "$RECORD/open" ;;
esac
"""


@pytest.fixture(autouse=True)
def _isolated(monkeypatch: pytest.MonkeyPatch) -> None:
    isolate(monkeypatch)


def forge_with_sources(folder: Path) -> Forge:
    forge = Forge(folder, GOALS + MAIN, GOALS + BRANCH)
    files = {"kpis/a.yaml": KPIS, "data/mrr.csv": "day,value\n2026-05-01,90\n"}
    forge.origin.commit("sources", files=files | {"okrctl.yaml": "sources: {hosts: [metrics.example]}\n"})
    forge.checkout.git("pull", "--quiet", "--ff-only", "origin", "main")
    (forge.programs / "gh").write_text(GH)
    return forge


def github_job() -> Any:
    text = init.pipeline_files("github", has_refresh=True)[init.REFRESH_PATH]
    return YAML(typ="safe", pure=True).load(text)


def run_github(forge: Forge) -> None:
    """Both steps with a shell; the second one runs also where the first one fails, as the job says."""
    *_, fetch, propose = github_job()["jobs"]["refresh"]["steps"]
    assert propose["if"] == "${{ !cancelled() }}" and "${{" not in fetch["run"] + propose["run"]
    forge.run(f"{fetch['run']} || echo $? > $RECORD/status")
    forge.run(propose["run"])


def test_github_proposes_what_was_fetched_although_a_source_is_not_allowed(tmp_path: Path) -> None:
    forge = forge_with_sources(tmp_path)
    run_github(forge)
    assert (forge.record / "status").read_text() == "2\n"
    assert "2026-05-01: {value: 90, source: csv data/mrr.csv}" in forge.origin.git("show", "okrctl/refresh:kpis/a.yaml")
    assert "cost" not in forge.origin.git("diff", "--unified=0", "main..okrctl/refresh").replace("id: cost", "")
    assert "--head\nokrctl/refresh" in (forge.record / "created").read_text()


def test_github_opens_one_pull_request_and_none_for_nothing(tmp_path: Path) -> None:
    forge = forge_with_sources(tmp_path)
    for _ in range(2):
        forge.checkout.git("checkout", "--quiet", "-B", "main", "origin/main")
        run_github(forge)
    assert (forge.record / "created").read_text().count("create") == 1
    forge.origin.git("merge", "--quiet", "okrctl/refresh")
    (forge.record / "created").unlink()
    forge.checkout.git("pull", "--quiet", "--ff-only", "origin", "main")
    run_github(forge)
    assert not (forge.record / "created").exists()


def test_github_runs_it_on_the_default_branch_only() -> None:
    job = github_job()
    assert set(job[True if True in job else "on"]) == {"schedule", "workflow_dispatch"}
    assert "github.ref_name == github.event.repository.default_branch" in job["jobs"]["refresh"]["if"]
    assert job["jobs"]["refresh"]["steps"][3]["env"]["OKRCTL_TRUSTED_SOURCES"] == "${{ vars.OKRCTL_TRUSTED_SOURCES }}"


def test_gitlab_proposes_what_was_fetched(tmp_path: Path) -> None:
    forge = forge_with_sources(tmp_path)
    text = init.pipeline_files("gitlab", has_refresh=True)[".gitlab-ci.yml"]
    jobs: Any = YAML(typ="safe", pure=True).load(text)
    [rule] = jobs["okr-refresh"]["rules"]
    assert rule["if"] == '$CI_PIPELINE_SOURCE == "schedule" && $CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH'
    forge.origin.git("config", "receive.advertisePushOptions", "true")
    server = f"url.file://{forge.folder}/origin.insteadOf"
    forge.checkout.git("config", server, "https://okrctl:secret@forge.example/acme/origin.git")
    script = "\n".join(jobs["okr-refresh"]["script"])
    forge.run(
        f"( {script} ) || echo $? > $RECORD/status",
        CI_SERVER_HOST="forge.example",
        CI_PROJECT_PATH="acme/origin",
        CI_DEFAULT_BRANCH="main",
        OKRCTL_MERGE_TOKEN="secret",
    )
    assert (forge.record / "status").read_text() == "2\n"
    assert "value: 90" in forge.origin.git("show", "okrctl/refresh:kpis/a.yaml")
