"""Finds workspaces: the one around a folder, those of the paths of a check, and those that a commit touches.

The root of a workspace is the nearest folder with okrctl.yaml in the work tree of git, or in the superproject of a
submodule where its `include:` covers the folder. Only where there is none, it is the nearest folder, not above the
root of git, whose `okrs/` or `kpis/` hold YAML. No file is read for this but okrctl.yaml of a superproject.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from okrctl import files
from okrctl.files import SETTINGS_NAME, superproject_of
from okrctl.values.errors import GitError

if TYPE_CHECKING:
    from okrctl.operations.project import Project
    from okrctl.schema.settings import Config

GOAL_FOLDERS = ("okrs", "kpis")
YAML_ENDINGS = (".yaml", ".yml")
SKIPPED_FOLDERS = ("node_modules", "__pycache__")
NO_SUCH_PATH = "no such file or folder"
NO_WORKSPACE = "not in a workspace: no okrctl.yaml, and no okrs/ or kpis/ with YAML files, in its folder or above"


class WorkspaceRoot(NamedTuple):
    """The root of a workspace, and in words why it is one."""

    folder: Path
    reason: str


class WorkspacePaths(NamedTuple):
    """A workspace with the paths of it that were requested, as they were written and relative to its root.

    The relative path of the root itself is empty.
    """

    root: Path
    paths: dict[str, str]


def find_root(start: Path) -> WorkspaceRoot:
    """Return the root of the workspace around a folder; the folder itself where there is none."""
    folder = Path(os.path.abspath(start))
    return locate_root(folder) or WorkspaceRoot(folder, "no okrctl.yaml, okrs/ or kpis/ at or above this folder")


def locate_root(start: Path) -> WorkspaceRoot | None:
    """Return the root of the workspace around a folder, which need not exist; None where there is none."""
    return _locate(os.path.abspath(start))


def _locate(start: str) -> WorkspaceRoot | None:
    folders = [Path(start), *Path(start).parents]
    top = next((folder for folder in folders if (folder / ".git").exists()), None)
    inside = folders if top is None else folders[: folders.index(top) + 1]
    for folder in inside:
        if _has_settings(folder):
            return WorkspaceRoot(folder, f"the nearest folder with {SETTINGS_NAME}")
    covering = None if top is None else _covering_superproject(Path(start), top)
    if covering is not None:
        return WorkspaceRoot(covering, "its `include:` covers this submodule")
    return _locate_goals(inside)


def _has_settings(folder: Path) -> bool:
    name = folder / SETTINGS_NAME
    return name.is_file() or files.is_left_out(str(name))


def _locate_goals(folders: Sequence[Path]) -> WorkspaceRoot | None:
    """Return the nearest of nested folders that holds goals; okrs/2026/kpis/ belongs to the folder of okrs/."""
    holding = [folder for folder in folders if _holds_goals(folder)]
    inner = {goals for folder in holding for goals in _goal_folders(folder)}
    nearest = next((folder for folder in holding if inner.isdisjoint((folder, *folder.parents))), None)
    if nearest is None:
        return None
    return WorkspaceRoot(nearest, "the nearest folder whose okrs/ or kpis/ hold YAML")


def _goal_folders(folder: Path) -> list[Path]:
    return [folder / name for name in GOAL_FOLDERS]


def _holds_goals(folder: Path) -> bool:
    return _leaves_out_goals(folder) or any(
        name.endswith(YAML_ENDINGS)
        for goals in _goal_folders(folder)
        if goals.is_dir()
        for _, _, names in os.walk(goals)
        for name in names
    )


def _leaves_out_goals(folder: Path) -> bool:
    """Whether a sparse checkout leaves out goals of a folder."""
    if not files.is_sparse(str(folder)):
        return False
    from okrctl.files import sparse
    from okrctl.values.path_filters import PathsBelow

    paths = sparse.find_left_out(str(folder), str(folder), PathsBelow(GOAL_FOLDERS))
    return any(path.endswith(YAML_ENDINGS) for path in paths)


def _covering_superproject(start: Path, top: Path) -> Path | None:
    """Return the workspace of the superproject whose `include:` covers the folder `start` of the submodule `top`."""
    outer = superproject_of(top)
    if outer is None:
        return None
    above = list(top.parents)
    inside = above[: above.index(outer) + 1]
    root = next(filter(_has_settings, inside), None)
    return root if root is not None and _covers(root, start) else None


def _covers(root: Path, folder: Path) -> bool:
    from okrctl.values.path_filters import IncludedPaths
    from okrctl.workspace import disk

    config, _ = disk.read_settings(root)
    return IncludedPaths(config.include, config.exclude).covers(folder.relative_to(root).as_posix())


def roots_below(folder: Path) -> Iterator[Path]:
    """Yield the roots of the workspaces below a folder, without hidden folders, links and other repositories."""
    for path, names, _ in os.walk(folder):
        here = Path(path)
        is_root = _is_root(here)
        if is_root and here != folder:
            yield here
        skipped = (*SKIPPED_FOLDERS, *(GOAL_FOLDERS if is_root else ()))
        names[:] = sorted(name for name in names if name not in skipped and not _is_foreign(here / name))


def _is_root(folder: Path) -> bool:
    if not _has_settings(folder) and not any(goals.is_dir() for goals in _goal_folders(folder)):
        return False
    found = locate_root(folder)
    return found is not None and found.folder == folder


def _is_foreign(folder: Path) -> bool:
    """Whether a folder is hidden or another repository."""
    return folder.name.startswith(".") or (folder / ".git").exists()


def hint_to_start(directory: Path) -> str:
    """Return what helps a person in a folder without a workspace: the nearest one below it, or `okrctl init`."""
    below = next(roots_below(directory), None)
    if below is None:
        return "start with `okrctl init`, or use -C DIR for another folder"
    return f"a workspace is in {relative_path(directory, below)}/: name it with -C {relative_path(directory, below)}"


def assign_paths(directory: Path, names: Sequence[str]) -> tuple[list[WorkspacePaths], dict[str, str]]:
    """Return the workspaces of paths that are relative to a folder, in order, and why the other paths have none.

    A folder stands for its own workspace and for all below it.
    """
    found: dict[Path, dict[str, str]] = {}
    unread = {}
    for name in dict.fromkeys(names):
        path = real_path(directory / name)
        roots = _roots_of(path)
        for root in roots:
            inner = relative_path(root, path)
            found.setdefault(root, {})[name] = "" if _is_outside(inner) else inner
        if not os.path.lexists(path):
            unread[name] = NO_SUCH_PATH
        elif not roots:
            unread[name] = NO_WORKSPACE
    return [WorkspacePaths(root, paths) for root, paths in sorted(found.items())], unread


def _roots_of(path: Path) -> set[Path]:
    """Return the root of the workspace around a path, and of a folder also those below it; none for a missing path."""
    if path.is_dir():
        return {*nearest_roots([path]), *roots_below(path)}
    return nearest_roots([path.parent]) if os.path.lexists(path) else set()


def paths_in(root: Path, directory: Path, names: Sequence[str]) -> tuple[WorkspacePaths, dict[str, str]]:
    """Return the paths that lie in one workspace, and why the others do not."""
    inside: dict[str, str] = {}
    unread = {}
    for name in dict.fromkeys(names):
        path = real_path(directory / name)
        relative = relative_path(Path(os.path.realpath(root)), path)
        if not os.path.lexists(path):
            unread[name] = NO_SUCH_PATH
        elif _is_outside(relative):
            unread[name] = _foreign_reason(path, directory) or f"outside the workspace {root}"
        else:
            inside[name] = relative
    return WorkspacePaths(root, inside), unread


def _foreign_reason(path: Path, directory: Path, root: Path | None = None) -> str:
    """Return the words for a path that belongs to another workspace than `root`; empty where it does not."""
    nearest = locate_root(path if path.is_dir() else path.parent)
    if nearest is None or (root is not None and nearest.folder == Path(os.path.realpath(root))):
        return ""
    shown = relative_path(Path(os.path.realpath(directory)), nearest.folder) or "."
    return f"belongs to the workspace {shown}/ (-C {shown})"


def explain_unread(root: Path, directory: Path, relative: str) -> str:
    """Return why a workspace does not read an existing path of it."""
    from okrctl.workspace import disk

    path = root / relative
    foreign = _foreign_reason(path, directory, root)
    if foreign:
        return foreign
    config, _ = disk.read_settings(root)
    patterns = ", ".join(config.include)
    if path.is_dir():
        return f"none of its files matches `include:` ({patterns}), or `exclude:` excludes all that match"
    if relative.endswith(".csv"):
        return "no key result or KPI has it as `readings:`"
    is_included, is_excluded = _match_settings(config, relative)
    if is_included and is_excluded:
        return f"excluded by `exclude:` ({', '.join(config.exclude)})"
    return f"no pattern of `include:` matches it ({patterns})"


def _match_settings(config: Config, relative: str) -> tuple[bool, bool]:
    """Return whether `include:` and whether `exclude:` match the path of a file."""
    from okrctl.values.patterns import Patterns

    *folders, last = relative.split("/")
    include, exclude = Patterns.parse(config.include), Patterns.parse(config.exclude)
    is_excluded = False
    for folder in folders:
        include, exclude = include.descend(folder), exclude.descend(folder)
        is_excluded |= exclude.matches_everything
    return include.matches(last), is_excluded or exclude.matches(last)


def choose_texts(root: Path, texts: Mapping[str, bytes]) -> dict[str, bytes]:
    """Return those of some texts by path that a workspace reads, or would read if they were saved.

    Settings among the texts decide that. A file that exists counts only if it is found: a second link to it is not.
    """
    from okrctl.workspace import disk

    config, _ = disk.read_settings(root, texts)
    found = {path for path, problem in files.find(root, config.include, config.exclude) if problem is None}

    def is_read(path: str) -> bool:
        if path == SETTINGS_NAME or path.endswith(".csv"):
            return not files.leads_out(root, path)
        return path in found or (not os.path.lexists(root / path) and _match_settings(config, path) == (True, False))

    return {path: text for path, text in texts.items() if is_read(path)}


def touched_roots(project: Project, names: Sequence[str]) -> list[Path]:
    """Return the workspaces that paths belong to; without paths those of what is staged, else of what git tracks.

    A path belongs to the nearest workspace, whether it exists or not; a folder also to those below it. Raises
    OkrctlError where git is needed and there is no repository.
    """
    if names:
        paths = [real_path(project.directory / name) for name in names]
        existing = (root for path in paths for root in _roots_of(path))
        return sorted({*existing, *nearest_roots(path.parent for path in paths if not path.is_dir())})
    from okrctl import git

    repository = git.find_repository(project.directory)
    if repository is None or repository.work_tree is None:
        raise GitError(
            f"--whole needs a git work tree, and there is none around {project.directory}",
            "pass files or folders, such as `okrctl check --whole .`",
        )
    top = repository.work_tree
    return sorted(nearest_roots(
        (top / path).parent for path in repository.staged_files() or repository.tracked_files()
    ))  # fmt: skip


def nearest_roots(folders: Iterable[Path]) -> set[Path]:
    """Return the roots of the workspaces around folders, which need not exist."""
    locate = lru_cache(maxsize=None)(locate_root)
    return {found.folder for found in map(locate, dict.fromkeys(folders)) if found is not None}


def common_base(directory: Path, roots: Sequence[Path]) -> Path:
    """Return the folder that paths in machine formats begin at: git's top, else the common folder of the run.

    Workspaces in several repositories, such as a superproject and its submodule, have the folder around all of them.
    """
    tops = {Path(os.path.realpath(files.git_root(root))) for root in roots or [directory]}
    has_git = all((top / ".git").exists() for top in tops)
    if has_git and len(tops) == 1:
        return next(iter(tops))
    folders = tops if has_git else {Path(os.path.realpath(folder)) for folder in (directory, *roots)}
    try:
        return Path(os.path.commonpath(folders))
    except ValueError:  # folders on several drives
        return min(folders)


def real_path(path: Path) -> Path:
    """Return a path without links in its folders; a file that is a link stays one."""
    if path.is_dir():
        return Path(os.path.realpath(path))
    return Path(os.path.realpath(path.parent), path.name)


def relative_path(start: Path, end: Path) -> str:
    """Return the path from one folder to another with slashes, empty where they are the same."""
    path = os.path.relpath(end, start).replace(os.sep, "/")
    return "" if path == "." else path


def _is_outside(relative: str) -> bool:
    return relative == ".." or relative.startswith("../") or os.path.isabs(relative)
