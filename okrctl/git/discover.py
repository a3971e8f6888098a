"""Finds the repository that a folder lies in, whatever a hook or the user set in the environment."""

from __future__ import annotations

import os
import re
from pathlib import Path

from okrctl.git.process import GitRunner, git_error, is_git_available
from okrctl.git.repository import Repository
from okrctl.values.errors import OkrctlError

REV_PARSE_OPTIONS = (
    "--is-inside-work-tree",
    "--is-shallow-repository",
    "--show-object-format",
    "--show-cdup",
    "--absolute-git-dir",
)

# In a bare repository there is no line for the way up; a folder may have line breaks in its name.
REV_PARSE_OUTPUT = re.compile(r"(true|false)\n(true|false)\n(\w+)\n(?:((?:\.\./)*)\n)?(.*)\n", re.DOTALL)


def find_repository(root: Path) -> Repository | None:
    """The repository that `root` lies in; None if there is none, or no git. OkrctlError where git refuses to read it.

    What surrounds `root` counts first: a hook of another repository may have set GIT_DIR. Where nothing does, GIT_DIR
    and GIT_WORK_TREE count as git itself reads them.
    """
    # GitPython starts git elsewhere, without a word, where it cannot enter the folder.
    if not is_git_available() or not root.is_dir() or not os.access(root, os.X_OK):
        return None
    root = root.resolve()
    found = _discover(GitRunner(root), root)
    if not found and "GIT_DIR" in os.environ:
        given = {name: os.path.abspath(os.environ[name]) for name in ("GIT_DIR", "GIT_WORK_TREE") if name in os.environ}
        found = _discover(GitRunner(root, given), root)
    if found:
        found.runner.extra.update(_hook_environment(found.folder))
    return found


def _hook_environment(folder: Path) -> dict[str, str]:
    """A hook's own index and the objects of a push not yet accepted, if they are those of this repository."""
    kept = {}
    for name in ("GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY"):
        path = Path(os.environ.get(name) or os.sep).absolute()
        if folder in path.resolve().parents:
            kept[name] = str(path)
    if "GIT_OBJECT_DIRECTORY" in kept and "GIT_ALTERNATE_OBJECT_DIRECTORIES" in os.environ:
        kept["GIT_ALTERNATE_OBJECT_DIRECTORIES"] = os.environ["GIT_ALTERNATE_OBJECT_DIRECTORIES"]
    return kept


def _discover(runner: GitRunner, root: Path) -> Repository | None:
    status, output, complaint = runner.run("rev-parse", *REV_PARSE_OPTIONS)
    if status and "not a git repository" in complaint:
        if dangling := _dangling_git_file(root):
            raise OkrctlError(
                f"{dangling} points to a repository that is gone", "git worktree repair, or clone it again"
            )
        return None
    if status:
        raise git_error(complaint)
    answers = REV_PARSE_OUTPUT.fullmatch(os.fsdecode(output))
    assert answers
    inside, shallow, digest, up, folder = answers.groups()
    depth = up.count("../") if inside == "true" else None
    return Repository(runner, root, Path(folder).resolve(), depth, shallow=shallow == "true", digest=digest)


def _dangling_git_file(root: Path) -> Path | None:
    """The nearest `.git` if it is a file: that of a linked work tree or a submodule."""
    nearest = next((folder / ".git" for folder in (root, *root.parents) if (folder / ".git").exists()), None)
    return nearest if nearest and nearest.is_file() else None
