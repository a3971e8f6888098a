"""Carries out a plan: announces it, shows its diff, writes all of its files or none, and commits them."""

from __future__ import annotations

import os
from pathlib import Path
from typing import NamedTuple

from okrctl import git
from okrctl.files import sparse
from okrctl.git.process import git_in
from okrctl.operations import transaction
from okrctl.operations.project import Project
from okrctl.values.errors import GitError
from okrctl.yaml_edit import FileChange, WritePlan


class WriteOptions(NamedTuple):
    """What becomes of a plan: only shown as a diff, or written and perhaps committed; `force` overrides refusals.

    `confirm_value` writes values that look like typos, which `force` does not.
    """

    commit: bool = False
    force: bool = False
    dry_run: bool = False
    confirm_value: bool = False


class WriteResult(NamedTuple):
    """The result of a plan: whether files were written, the commit where one was made, the diff of a dry run.

    `plan` is what was or would be written, None where there was nothing to plan.
    """

    is_written: bool
    commit: str | None = None
    diff: str | None = None
    plan: WritePlan | None = None

    @property
    def changes(self) -> tuple[FileChange, ...]:
        """The files that were or would be written."""
        return self.plan.changes if self.plan is not None else ()


def apply_plan(project: Project, plan: WritePlan, options: WriteOptions) -> WriteResult:
    """Write the files of a plan, and commit its edits, and nothing else, if the options say so.

    Raises OkrctlError where a file changed meanwhile or cannot be written, and where git or a hook refuses the commit;
    then every file is as it was before.
    """
    sparse.require_present(project.root, plan.paths)
    if options.dry_run:
        return WriteResult(False, diff=plan.diff(), plan=plan)
    repository = _require_repository(project.root) if options.commit and plan.paths else None
    commit = None
    if repository is None and not plan.changes:
        project.notify("nothing to change: the files are up to date")
        return WriteResult(False, plan=plan)
    for message in plan.messages:
        project.notify(message)
    if repository is None:
        transaction.write_changes(project, plan.changes)
    else:
        commit = transaction.commit_plan(project, repository, plan)
        submodule = transaction.find_submodule(project.root, plan.paths)
        _announce(project, commit, submodule)
    return WriteResult(bool(plan.changes) or commit is not None, commit, plan=plan)


def _announce(project: Project, commit: str | None, submodule: Path | None) -> None:
    """Say what was committed, and for a submodule, what the commit means for the workspace's repository."""
    if commit is None:
        project.notify("nothing to commit: HEAD has this already")
    elif submodule is None:
        project.notify(f"committed as {commit[:12]}")
    else:
        name = os.path.relpath(submodule, os.path.realpath(project.root)).replace(os.sep, "/")
        project.notify(f"committed as {commit[:12]} in {name}, whose pin moves with the next commit that adds {name}")
        repository = git.find_repository(submodule)
        if repository is not None and repository.current_branch() is None:
            project.notify(f"{name} is on no branch: {git_in(submodule)} switch -c NAME gives the commit one")


def _require_repository(root: Path) -> git.Repository:
    repository = git.find_repository(root)
    if repository is None:
        raise GitError("no git repository to commit to", "run git init, or leave out --commit")
    return repository
