"""Texts in place of those on the disk, as an editor has them: every operation sees them, and no other file does."""

from __future__ import annotations

from pathlib import Path

import pytest

from okrctl.operations import show
from okrctl.operations.check import CheckRequest, check
from okrctl.operations.load import load_readable, load_workspace
from okrctl.operations.project import Project
from okrctl.operations.workspaces import choose_texts
from okrctl.workspace.disk import ParsedFiles
from tests.running import write

GOALS = """\
period: 2026-Q2
objectives:
  - {id: fast, title: Pages load fast, owner: ana, key_results: [{id: share, title: Share, to: 9, readings: r.csv}]}
"""
PATH, CSV = "okrs/a.yaml", "okrs/r.csv"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    write(tmp_path, {PATH: GOALS, CSV: "date,value\n2026-04-20,1\n", "okrctl.yaml": "exclude: [okrs/old]\n"})
    return tmp_path


def project(root: Path, texts: dict[str, str]) -> Project:
    found = Project(root, {"OKRCTL_TODAY": "2026-05-20"}, parsed_files=ParsedFiles())
    found.root = root
    found.texts = {path: text.encode() for path, text in texts.items()}
    return found


def test_operations_see_the_texts(root: Path) -> None:
    typed = project(root, {PATH: GOALS.replace("Pages", "Shops"), CSV: "date,value\n2026-04-20,7\n"})
    assert load_workspace(typed).objectives[0].model.title == "Shops load fast"
    [found] = [reading for node in load_readable(typed).key_results for reading in node.readings]
    assert found.value is not None and found.value.number == 7
    assert show.show(typed, "fast")
    assert load_workspace(project(root, {})).objectives[0].model.title == "Pages load fast"


def test_a_check_reports_on_all_files_and_not_on_the_texts_alone(root: Path) -> None:
    write(root, {"okrs/b.yaml": GOALS.replace("fast", "slow").replace("owner: ana, ", "parent: fast, ")})
    typed = project(root, {PATH: GOALS.replace("id: fast", "id: quick")})
    found = {(each.path, each.code) for each in check(typed, CheckRequest()).report.diagnostics}
    assert ("okrs/b.yaml", "OKR102") in found
    requested = check(typed, CheckRequest(texts={PATH: GOALS.encode()})).report.diagnostics
    assert {each.path for each in requested} <= {PATH}


def test_an_empty_text_is_a_text(root: Path) -> None:
    [node] = load_readable(project(root, {CSV: ""})).key_results
    assert node.readings == []


def test_only_what_the_workspace_reads_is_chosen(root: Path) -> None:
    (root / "okrs/link.yaml").symlink_to(root / PATH)
    (root / "okrs/out.csv").symlink_to("/etc/hostname")
    names = [
        *(PATH, CSV, "okrctl.yaml", "okrs/new.yaml", "okrs/new.txt", "okrs/old/a.yaml", "okrs/link.yaml"),
        *("okrs/out.csv", "drafts/a.yaml", "okrs/.hidden.yaml"),
    ]
    chosen = choose_texts(root, dict.fromkeys(names, b"a: b\n") | {"okrctl.yaml": b"exclude: [okrs/old]\n"})
    assert set(chosen) == {PATH, CSV, "okrctl.yaml", "okrs/new.yaml"}
    settings = {"okrctl.yaml": b"include: ['drafts/*.yaml']\n"}
    assert set(choose_texts(root, dict.fromkeys(names, b"") | settings)) == {CSV, "okrctl.yaml", "drafts/a.yaml"}
