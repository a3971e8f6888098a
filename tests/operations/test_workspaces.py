"""Where a workspace begins, and which workspaces paths and commits belong to."""

from __future__ import annotations

from pathlib import Path

import pytest

from okrctl.operations import workspaces
from tests.repositories import Repo
from tests.running import write


def put(root: Path, *paths: str) -> Path:
    return write(root, dict.fromkeys(paths, ""))


def root_of(start: Path) -> Path | None:
    found = workspaces.locate_root(start)
    return found and found.folder


def test_the_nearest_settings_win_over_goals_without_settings(tmp_path: Path) -> None:
    put(tmp_path, ".git/HEAD", "okrctl.yaml", "a/okrs/x.yaml", "a/b/okrctl.yaml")
    assert root_of(tmp_path / "a") == tmp_path
    assert root_of(tmp_path / "a/okrs") == tmp_path
    assert root_of(tmp_path / "a/b/okrs/gone") == tmp_path / "a/b"


def test_settings_above_the_work_tree_are_those_of_others(tmp_path: Path) -> None:
    put(tmp_path, "okrctl.yaml", "a/.git/HEAD", "a/b/c.txt")
    assert root_of(tmp_path / "a/b") is None
    assert workspaces.find_root(tmp_path / "a/b").folder == tmp_path / "a/b"
    assert "no okrctl.yaml" in workspaces.find_root(tmp_path / "a/b").reason


@pytest.mark.parametrize("goals", ["okrs/2026-Q2/a.yaml", "okrs/a.yml", "kpis/k.yaml"])
def test_without_settings_the_nearest_folder_with_goals_is_the_root(tmp_path: Path, goals: str) -> None:
    put(tmp_path, ".git", f"goals/{goals}", "goals/notes/n.txt")
    assert root_of(tmp_path / "goals") == tmp_path / "goals"
    assert root_of(tmp_path / "goals/notes") == tmp_path / "goals"
    assert root_of((tmp_path / "goals" / goals).parent) == tmp_path / "goals"
    assert root_of(tmp_path) is None


def test_folders_without_yaml_hold_no_goals(tmp_path: Path) -> None:
    put(tmp_path, ".git", "okrs/readme.md", "kpis/data.csv")
    assert root_of(tmp_path) is None


def test_a_folder_below_okrs_is_no_workspace_of_its_own(tmp_path: Path) -> None:
    put(tmp_path, ".git", "okrs/2026/kpis/k.yaml", "okrs/a.yaml")
    assert root_of(tmp_path / "okrs/2026") == tmp_path
    assert root_of(tmp_path / "okrs/2026/kpis") == tmp_path


def test_a_folder_named_like_the_settings_is_none(tmp_path: Path) -> None:
    (tmp_path / "a/okrctl.yaml").mkdir(parents=True)
    put(tmp_path, "okrctl.yaml")
    assert root_of(tmp_path / "a") == tmp_path


@pytest.mark.parametrize(
    ("include", "expected"), [("[team/okrs/*.yaml]", "."), ("['*/okrs/*.yaml']", "."), ("[other/*.yaml]", "team")]
)
def test_a_submodule_belongs_to_the_superproject_that_includes_it(tmp_path: Path, include: str, expected: str) -> None:
    put(tmp_path, ".git/HEAD", "team/.git", "team/okrs/a.yaml")
    write(tmp_path, {"okrctl.yaml": f"include: {include}\n"})
    assert root_of(tmp_path / "team") == tmp_path / "team"  # no submodule, just a repository
    write(tmp_path, {".gitmodules": '[submodule "team"]\n\tpath = team\n\turl = ../team\n'})
    assert root_of(tmp_path / "team") == tmp_path / expected
    put(tmp_path, "team/okrctl.yaml")
    assert root_of(tmp_path / "team") == tmp_path / "team"


def test_workspaces_below_a_folder(tmp_path: Path) -> None:
    put(
        tmp_path, ".git/HEAD", "a/okrctl.yaml", "a/okrs/x/kpis/k.yaml", "b/c/kpis/k.yaml", ".hidden/okrctl.yaml",
        "node_modules/p/okrctl.yaml", "other/.git/HEAD", "other/okrctl.yaml", "empty/okrs/x.md",
    )  # fmt: skip
    assert [*workspaces.roots_below(tmp_path)] == [tmp_path / "a", tmp_path / "b/c"]
    put(tmp_path, "okrctl.yaml")
    assert [*workspaces.roots_below(tmp_path)] == [tmp_path / "a"]


def test_a_folder_stands_for_its_workspace_and_those_below(tmp_path: Path) -> None:
    put(tmp_path, ".git/HEAD", "okrs/a.yaml", "sub/okrctl.yaml", "sub/okrs/b.yaml")
    found, unread = workspaces.assign_paths(tmp_path, ["."])
    assert unread == {}
    assert found == [(tmp_path, {".": ""}), (tmp_path / "sub", {".": ""})]
    found, unread = workspaces.assign_paths(tmp_path / "sub", ["../okrs/a.yaml", "okrs", "gone"])
    assert found == [(tmp_path, {"../okrs/a.yaml": "okrs/a.yaml"}), (tmp_path / "sub", {"okrs": "okrs"})]
    assert unread == {"gone": workspaces.NO_SUCH_PATH}


def test_paths_in_machine_formats_begin_at_the_top_of_git_or_of_the_run(tmp_path: Path) -> None:
    put(tmp_path, "plain/goals/okrctl.yaml", "git/.git/HEAD", "git/goals/okrctl.yaml", "git/sub/.git", "git/sub/k.yaml")
    plain, git = tmp_path / "plain", tmp_path / "git"
    assert workspaces.common_base(plain, [plain / "goals"]) == plain
    assert workspaces.common_base(plain / "goals", [plain / "goals"]) == plain / "goals"
    assert workspaces.common_base(git / "goals", [git / "goals"]) == git
    assert workspaces.common_base(git / "goals", []) == git
    assert workspaces.common_base(git, [git / "goals", git / "sub"]) == git
    assert workspaces.common_base(tmp_path, [git / "goals", plain / "goals"]) == tmp_path


def test_staged_and_tracked_files_are_those_of_the_whole_work_tree(tmp_path: Path) -> None:
    from okrctl import git

    repo = Repo(tmp_path)
    repo.write("goals/okrs/ä b.yaml", "1\n")
    repo.git("add", ".")
    (tmp_path / "goals/inner").mkdir()

    def found(folder: str) -> tuple[list[str], list[str]]:
        repository = git.find_repository(tmp_path / folder)
        assert repository is not None
        return repository.staged_files(), repository.tracked_files()

    assert found(".") == found("goals/inner") == (["goals/okrs/ä b.yaml"], ["goals/okrs/ä b.yaml"])
    repo.commit()
    repo.write("top.txt", "2\n")
    repo.git("add", "top.txt")
    repo.git("mv", "goals/okrs/ä b.yaml", "goals/c.yaml")
    names = ["goals/c.yaml", "goals/okrs/ä b.yaml", "top.txt"]
    assert found("goals/inner") == (names, ["goals/c.yaml", "top.txt"])
