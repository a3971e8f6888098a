"""Puts commits on top of another one in a work tree of their own, so that the real one never stands half-way.

The work tree is a linked one in the folder of git. What a killed run left of it is removed by the next one; the branch
has not moved then.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from okrctl.git.process import GitRunner, git_error, to_printable
from okrctl.git.repository import Repository
from okrctl.git.upstream import NO_HOOKS, Upstream
from okrctl.values.errors import NotFoundError

# `false` leaves every file of goals that both sides changed to okrctl, also where git could join its lines.
OPTIONS = (
    *NO_HOOKS,
    *(
        part
        for setting in (
            "merge.okrctl.driver=false",
            "merge.directoryRenames=true",
            "rerere.enabled=false",
            "core.editor=true",
            "gc.auto=0",
            "maintenance.auto=false",
        )
        for part in ("-c", setting)
    ),
)
PICK = ("cherry-pick", "--allow-empty", "--allow-empty-message")
TREE_NAME = "okrctl-sync"
KEPT_REFS = "refs/okrctl/taken-back/"


def unpushed_commits(repository: Repository, tip: str) -> list[str]:
    """The ids of the commits of HEAD that are not in the upstream branch, oldest first, without merges."""
    words = ("rev-list", "--reverse", "--topo-order", "--no-merges", "HEAD", f"^{tip}")
    return repository.runner.read(*words).decode().split()


def continues_line(repository: Repository, tip: str) -> bool:
    """Whether HEAD has a commit among its first parents, or is that commit."""
    line = repository.runner.read("rev-list", "--first-parent", "--parents", "HEAD", f"^{tip}").decode().splitlines()
    oldest = line[-1].split()[1:2] if line else [repository.find_commit_id("HEAD")]
    return oldest == [tip]


def lost_commit(repository: Repository, upstream: Upstream) -> str | None:
    """The id of a commit of HEAD that the upstream branch once had, and has no more; None where there is none."""
    status, output, _ = repository.runner.run("merge-base", "--fork-point", upstream.ref, "HEAD")
    found = output.decode().strip()
    if status or not found:
        return None
    return found if repository.runner.run("merge-base", "--is-ancestor", found, upstream.ref)[0] else None


class RebaseTree:
    """A work tree at a commit, onto which others are picked one by one."""

    def __init__(self, folder: Path, lock: int | None) -> None:
        self.folder = folder
        self.runner = GitRunner(folder)
        self.lock = lock

    def pick(self, commit: str) -> list[str]:
        """Pick a commit; returns the files in conflict, by their paths from the top.

        A commit that brings nothing new is left out. Raises OkrctlError where git fails for another reason.
        """
        status, _, error_text = self._run(*PICK, commit)
        if not status:
            return []
        unmerged = self.unmerged_paths()
        if not unmerged:
            if not self._is_unchanged():
                raise git_error(error_text)
            self.reset()
        return unmerged

    def commit(self, commit: str) -> None:
        """Commit what was picked, with author, date and message of the commit; nothing where there is no change."""
        if self._is_unchanged():
            self.reset()
            return
        status, _, error_text = self._run(
            "commit", "--quiet", "--cleanup=verbatim", "--allow-empty-message", "-C", commit
        )
        if status:
            raise git_error(error_text)

    def reset(self, commit: str = "HEAD") -> None:
        """Give up what is being picked, and all commits after this one."""
        self._run("reset", "--quiet", "--hard", commit)

    def unmerged_paths(self) -> list[str]:
        """The files in conflict, by their paths from the top."""
        output = self.runner.read("diff", "--name-only", "--diff-filter=U", "--no-relative", "-z")
        return sorted({name.decode("utf-8", "surrogateescape") for name in output.split(b"\0") if name})

    def head(self) -> str:
        """The id of the last commit."""
        return self.runner.read("rev-parse", "HEAD").decode().strip()

    def _is_unchanged(self) -> bool:
        return not self.runner.read("diff-index", "--cached", "--name-only", "HEAD", "--")

    def _run(self, *words: str) -> tuple[int, bytes, str]:
        attributes = ("-c", f"core.attributesFile={self.folder.parent / 'attributes'}")
        return self.runner.try_write(*OPTIONS, *attributes, *words, lock=self.lock)


@contextmanager
def open_rebase_tree(
    repository: Repository, commit: str, goals: Iterable[str], lock: int | None
) -> Iterator[RebaseTree]:
    """A work tree at a commit, removed at the end; `goals` are the lines that tell git which files okrctl merges."""
    folder = repository.folder / TREE_NAME
    tree = RebaseTree(folder / TREE_NAME, lock)
    remove_rebase_tree(repository)
    try:
        folder.mkdir()
        _write_attributes(repository, folder / "attributes", goals)
        words = ("worktree", "add", "--quiet", "--detach", str(tree.folder), commit)
        status, _, error_text = repository.runner.try_write(*OPTIONS, *words, lock=lock)
        if status:
            raise git_error(error_text)
        yield tree
    finally:
        remove_rebase_tree(repository)


def _write_attributes(repository: Repository, path: Path, goals: Iterable[str]) -> None:
    """Write the attributes of the user, with those of goals, to the file that stands in for the user's."""
    status, output, _ = repository.runner.run("config", "--type=path", "-z", "--get", "core.attributesFile")
    home = os.environ.get("XDG_CONFIG_HOME") or os.path.expanduser("~/.config")
    user = Path(home, "git", "attributes") if status else Path(os.fsdecode(output.rstrip(b"\0")))
    try:
        text = user.read_text("utf-8", "surrogateescape")
    except OSError:
        text = ""
    path.write_text("\n".join([text, *goals, ""]), "utf-8", "surrogateescape")


def remove_rebase_tree(repository: Repository) -> None:
    """Remove the work tree of a rebase, also what a killed run left of it; the caller must hold the lock."""
    folder = repository.folder / TREE_NAME
    if folder.exists():
        shutil.rmtree(folder / TREE_NAME, ignore_errors=True)
        words = ("worktree", "remove", "--force", "--force", str(folder / TREE_NAME))
        repository.runner.try_write(*OPTIONS, *words)
        shutil.rmtree(folder, ignore_errors=True)  # last: it tells that git may still know the work tree


class KeptCommit(NamedTuple):
    """A commit that was taken back from the branch, the ref that keeps it, and what was noted about it."""

    ref: str
    commit: str
    note: str


def keep_commit(repository: Repository, commit: str, note: str) -> str:
    """Keep a commit reachable under a ref of its own, with a note; returns the ref.

    The ref names a tag object that holds the note, so that both are there or neither.
    """
    name = commit[:12]
    tag = f"object {commit}\ntype commit\ntag {name}\ntagger okrctl <okrctl> 0 +0000\n\n{note}\n"
    write = repository.runner.write
    made = write(*NO_HOOKS, "hash-object", "-t", "tag", "-w", "--stdin", text=tag.encode("utf-8", "surrogateescape"))
    write(*NO_HOOKS, "update-ref", KEPT_REFS + name, made.decode().strip())
    return KEPT_REFS + name


def list_kept(repository: Repository) -> list[KeptCommit]:
    """The commits that were taken back."""
    return [kept for kept in _all_kept(repository) if not _is_on_branch(repository, kept)]


def forget_present(repository: Repository) -> None:
    """Delete the refs of commits that are still on the branch, since they were not taken back after all."""
    for kept in _all_kept(repository):
        if _is_on_branch(repository, kept):
            _delete(repository, kept.ref)


def forget_commit(repository: Repository, ref: str) -> None:
    """Delete the ref of a commit that was taken back. Raises NotFoundError where there is none of this name."""
    if ref not in {kept.ref for kept in _all_kept(repository)}:
        raise NotFoundError(f"'{to_printable(ref)}' holds no commit that was rolled back", "it may be resolved already")
    _delete(repository, ref)


def _all_kept(repository: Repository) -> list[KeptCommit]:
    fields = "--format=%(refname)%00%(*objectname)%00%(contents)%00%00"
    output = repository.runner.read("for-each-ref", fields, KEPT_REFS).decode("utf-8", "surrogateescape")
    return [KeptCommit(*entry.lstrip("\n").split("\0")) for entry in output.split("\0\0") if entry.strip()]


def _is_on_branch(repository: Repository, kept: KeptCommit) -> bool:
    return repository.runner.run("merge-base", "--is-ancestor", kept.commit, "HEAD")[0] == 0


def _delete(repository: Repository, ref: str) -> None:
    repository.runner.write(*NO_HOOKS, "update-ref", "-d", ref)
