"""Discovery of the repository that contains a folder, whatever a hook or the user set in the environment."""

from __future__ import annotations

import os
import re
from pathlib import Path

from okrctl.git.process import GitRunner, git_error, is_git_available
from okrctl.git.repository import Repository
from okrctl.values.errors import GitError

REV_PARSE_OPTIONS = (
    "--is-inside-work-tree",
    "--is-shallow-repository",
    "--show-object-format",
    "--show-cdup",
    "--absolute-git-dir",
)

# In a bare repository the line of --show-cdup is missing; the name of a folder may have line breaks.
REV_PARSE_OUTPUT = re.compile(r"(true|false)\n(true|false)\n(\w+)\n(?:((?:\.\./)*)\n)?(.*)\n", re.DOTALL)


def find_repository(root: Path) -> Repository | None:
    """The repository that contains `root`; None if there is none, or no git. OkrctlError where git refuses to read it.

    The folders around `root` are searched first, since a hook of another repository may have set GIT_DIR. GIT_DIR and
    GIT_WORK_TREE apply only where these have no repository.
    """
    # GitPython starts git in another folder, without an error, where it cannot enter this one.
    if not is_git_available() or not root.is_dir() or not os.access(root, os.X_OK):
        return None
    root = root.resolve()
    repository = _discover(GitRunner(root), root)
    if not repository and "GIT_DIR" in os.environ:
        variables = {
            name: os.path.abspath(os.environ[name]) for name in ("GIT_DIR", "GIT_WORK_TREE") if name in os.environ
        }
        repository = _discover(GitRunner(root, variables), root)
    if repository:
        repository.runner.extra.update(_hook_environment(repository.folder))
    return repository


def _hook_environment(folder: Path) -> dict[str, str]:
    """The index of a running hook and the objects of a push not yet accepted, if they belong to this repository."""
    variables = {}
    for name in ("GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY"):
        path = Path(os.environ.get(name) or os.sep).absolute()
        if folder in path.resolve().parents:
            variables[name] = str(path)
    if "GIT_OBJECT_DIRECTORY" in variables and "GIT_ALTERNATE_OBJECT_DIRECTORIES" in os.environ:
        variables["GIT_ALTERNATE_OBJECT_DIRECTORIES"] = os.environ["GIT_ALTERNATE_OBJECT_DIRECTORIES"]
    return variables


def _discover(runner: GitRunner, root: Path) -> Repository | None:
    status, output, error_text = runner.run("rev-parse", *REV_PARSE_OPTIONS)
    if status and "not a git repository" in error_text:
        if dangling := _dangling_git_file(root):
            raise GitError(f"{dangling} points to a missing repository", "run git worktree repair, or clone it again")
        return None
    if status:
        raise git_error(error_text)
    match = REV_PARSE_OUTPUT.fullmatch(os.fsdecode(output))
    assert match
    is_inside, is_shallow, hash_name, up, folder = match.groups()
    depth = up.count("../") if is_inside == "true" else None
    return Repository(runner, root, Path(folder).resolve(), depth, is_shallow=is_shallow == "true", hash_name=hash_name)


def _dangling_git_file(root: Path) -> Path | None:
    """The nearest `.git` if it is a file, as in a linked work tree or a submodule."""
    nearest = next((folder / ".git" for folder in (root, *root.parents) if (folder / ".git").exists()), None)
    return nearest if nearest and nearest.is_file() else None
