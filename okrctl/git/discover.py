"""Discovery of the repository that contains a folder, whatever a hook or the user set in the environment."""

from __future__ import annotations

import os
from pathlib import Path

from okrctl.git.process import GitRunner, is_git_available
from okrctl.git.repository import Repository
from okrctl.git.superproject import MODULES_FOLDER, Superproject


def find_repository(root: Path) -> Repository | None:
    """The repository that contains `root`; None if there is none, or no git. OkrctlError where git refuses to read it.

    The folders around `root` are searched first, since a hook of another repository may have set GIT_DIR. GIT_DIR and
    GIT_WORK_TREE apply only where these have no repository.
    """
    # GitPython starts git in another folder, without an error, where it cannot enter this one.
    if not is_git_available() or not root.is_dir() or not os.access(root, os.X_OK):
        return None
    root = root.resolve()
    repository = Superproject.discover(GitRunner(root), root)
    if not repository and "GIT_DIR" in os.environ:
        variables = {
            name: os.path.abspath(os.environ[name]) for name in ("GIT_DIR", "GIT_WORK_TREE") if name in os.environ
        }
        repository = Superproject.discover(GitRunner(root, variables), root)
    if repository:
        repository.runner.extra.update(_hook_environment(repository.folder))
    return repository


def _hook_environment(folder: Path) -> dict[str, str]:
    """The index of a running hook and the objects of a push not yet accepted, if they belong to this repository."""
    variables = {}
    for name in ("GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY"):
        path = Path(os.environ.get(name) or os.sep).absolute()
        real = path.resolve()
        if folder in real.parents and real.relative_to(folder).parts[0] != MODULES_FOLDER:  # or of a submodule
            variables[name] = str(path)
    if "GIT_OBJECT_DIRECTORY" in variables and "GIT_ALTERNATE_OBJECT_DIRECTORIES" in os.environ:
        variables["GIT_ALTERNATE_OBJECT_DIRECTORIES"] = os.environ["GIT_ALTERNATE_OBJECT_DIRECTORIES"]
    return variables
