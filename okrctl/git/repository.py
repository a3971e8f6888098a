"""Reads a repository: which commit is meant, what it holds, how that came to be, and how the work tree differs."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import NamedTuple

from okrctl.git import blame, contents, worktree
from okrctl.git.commits import (
    FILE_MODES,
    LOG_FORMAT,
    RAW_DIFF_OPTIONS,
    Commit,
    CommitChanges,
    FileChange,
    parse_changes,
    parse_commits,
    parse_log,
)
from okrctl.git.process import GitRunner, damage_error, git_error, to_printable
from okrctl.values.errors import OkrctlError

PathFilter = Callable[[str], bool]

DATE_PATTERN = re.compile(r"\d{4}-\d{2}-\d{2}")
OBJECT_ID = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")
UNSHALLOW_HINT = (
    "this clone is shallow: git fetch --unshallow (GitHub: fetch-depth: 0, GitLab: GIT_DEPTH: 0) brings the rest"
)


class Blob(NamedTuple):
    """A file of a commit; `data` is None where `size` (bytes) is over `contents.MAX_BLOB_BYTES`."""

    path: str
    id: str
    size: int
    data: bytes | None


def any_path(path: str) -> bool:
    """Wants every path."""
    return True


class Repository:
    """What git knows of the workspace at `root`; `top` is the work tree's own root, None in a bare repository."""

    def __init__(
        self, runner: GitRunner, root: Path, folder: Path, up: int | None, *, shallow: bool, digest: str
    ) -> None:
        self.runner = runner
        self.root = root
        self.folder = folder
        self.shallow = shallow
        self.digest = digest
        self.work_tree = None if up is None else root.parents[up - 1] if up else root
        self.prefix = "" if not up else "".join(f"{part}/" for part in root.parts[-up:])

    # Which commit

    def head(self) -> Commit | None:
        """The commit checked out; None where there is none yet. OkrctlError where HEAD leads nowhere."""
        status, output, complaint = self.runner.run("log", "-1", *LOG_FORMAT)
        if status and "does not have any commits yet" in complaint:
            return None
        if status:
            raise git_error(complaint)
        return parse_commits(output)[0]

    def resolve(self, text: str) -> Commit:
        """The commit that a person means by a revision, or by a date: the last commit before that day ended.

        Days are those of each committer's own calendar, along the first parents of HEAD.
        """
        if DATE_PATTERN.fullmatch(text):
            return self._last_commit_by(text)
        if name := self.find_commit_id(text):
            return self.get_commit(name)
        raise self._unknown_revision_error(text)

    def find_commit_id(self, text: str) -> str | None:
        """The id of the commit that a revision names, if any. The text is handed over as input: never an option."""
        if not text or text.startswith("-") or not text.isprintable() or any(sign in text for sign in ": "):
            return None
        answer = self.runner.read("cat-file", "--batch-check", text=f"{text}^{{commit}}\n".encode()).decode()
        name, _, rest = answer.partition(" ")
        return name if rest.startswith("commit ") and OBJECT_ID.fullmatch(name) else None

    def get_commit(self, name: str) -> Commit:
        """The commit with that id."""
        return self.get_commits([name])[name]

    def get_commits(self, names: Iterable[str]) -> dict[str, Commit]:
        """Commits by their ids."""
        wanted = "".join(f"{name}\n" for name in dict.fromkeys(names) if OBJECT_ID.fullmatch(name))
        if not wanted:
            return {}
        found = parse_commits(self.runner.read("log", "--no-walk", "--stdin", *LOG_FORMAT, text=wanted.encode()))
        return {commit.id: commit for commit in found}

    def first_parent_commits(self, commit: str = "HEAD") -> list[Commit]:
        """The commit (its id, or HEAD) and its line of first parents, newest first, as far as the clone reaches."""
        return parse_commits(self._log("--first-parent", self._require_object_id(commit), "--"))

    def merge_base(self, one: str, other: str) -> str | None:
        """The id of the newest commit that both (ids) come from; None if there is none, or none that is here."""
        status, output, complaint = self.runner.run(
            "merge-base", self._require_object_id(one), self._require_object_id(other)
        )
        if status > 1:
            raise git_error(complaint)
        return output.decode().strip() or None

    # What it holds

    def list_files(
        self, commit: str, wants: PathFilter = any_path, modes: Sequence[str] = FILE_MODES
    ) -> dict[str, str]:
        """The files of a commit below the root, path to blob id, in order of path; neither links nor submodules.

        With `modes=LINKS` the symbolic links instead, whose blobs say where they lead.
        """
        status, output, complaint = self.runner.run("ls-tree", "-r", "-z", self._require_object_id(commit))
        if status:
            raise git_error(complaint) if self.head() else no_commit_error()
        found = {}
        for entry in output.split(b"\0")[:-1]:
            about, _, name = entry.partition(b"\t")
            mode, _, blob = about.decode().split(" ")
            if mode in modes and wants(path := os.fsdecode(name)):
                found[path] = blob
        return found

    def read_files(self, commit: str, wants: PathFilter = any_path) -> Iterator[Blob]:
        """Every file of a commit below the root whose path is wanted, in order of path, out of one stream."""
        listing = self.list_files(commit, wants)
        found = contents.read_blobs(self.runner, list(listing.values()))
        yield from (Blob(path, *about) for path, about in zip(listing, found, strict=True))

    def read_blobs(self, ids: Iterable[str]) -> Iterator[tuple[str, bytes | None]]:
        """The contents of blobs in the order asked, each as often as asked; None for one over LIMIT."""
        wanted = [self._require_object_id(name) for name in ids]
        yield from ((name, data) for name, _, data in contents.read_blobs(self.runner, wanted))

    # How that came to be

    def history(
        self, paths: Sequence[str] = (), *, commit: str = "HEAD", first_parents: bool = True
    ) -> list[CommitChanges]:
        """Each commit that changed something at or below `paths` (all if empty), newest first, with those changes."""
        output = self._log(
            *_merge_options(first_parents),
            *RAW_DIFF_OPTIONS,
            self._require_object_id(commit),
            "--",
            *self._pathspecs(paths),
        )
        return [CommitChanges(commit, tuple(self._changes_below_root(found))) for commit, found in parse_log(output)]

    def file_history(self, path: str, *, first_parents: bool = False) -> list[tuple[Commit, FileChange]]:
        """The life of one file, newest first, across renames: each commit that changed it, with the change.

        It begins where the file came into the root, and holds commits on merged branches unless `first_parents`.
        """
        output = self._log("--follow", *_merge_options(first_parents), *RAW_DIFF_OPTIONS, "HEAD", "--", path)
        life = []
        names = {path}
        for commit, found in parse_log(output):
            # Git follows a copy to what it was copied from: another file's life.
            for change in (change for change in self._changes_below_root(found) if change.path in names):
                names.add(change.old_path or path)
                life.append((commit, change))
        return life

    def blame_lines(self, path: str, data: bytes | None = None, commit: str = "HEAD") -> list[str | None]:
        """For each line of `data` (None: of the file in `commit`) the id of its commit; None if it has none."""
        committed = self.list_files(commit, path.__eq__) if self.head() else {}
        if path not in committed:
            return [None] * len((data or b"").splitlines())
        asked = ("--porcelain", "--no-textconv", "--no-ignore-revs-file", self._require_object_id(commit), "--", path)
        lines = blame.parse_blame(self.runner.read("blame", *asked))
        return [name for _, name in lines] if data is None else blame.match_lines(lines, data)

    # How the work tree differs

    def diff_files(self, old: str, new: str | None = None, wants: PathFilter = any_path) -> list[FileChange]:
        """What differs between two commits (ids or HEAD), or between one and the files on disk if `new` is None."""
        if new is None:
            return worktree.diff_work_tree(
                self.root, self.digest, self.list_files(old, wants), filter(wants, self._known_paths())
            )
        output = self.runner.read(
            "diff-tree",
            "-z",
            *RAW_DIFF_OPTIONS,
            self._require_object_id(old),
            self._require_object_id(new),
            "--",
            *self._pathspecs(()),
        )
        return [change for change in self._changes_below_root(parse_changes(output.split(b"\0"))) if wants(change.path)]

    def uncommitted_paths(self, paths: Iterable[str]) -> list[str]:
        """Those of the paths whose file on disk is not what HEAD holds."""
        held = self.list_files("HEAD", set(paths := list(paths)).__contains__) if self.head() else {}
        return [
            change.path for change in worktree.diff_work_tree(self.root, self.digest, held, paths, detect_renames=False)
        ]

    def staged_paths(self) -> list[str]:
        """The paths whose next commit is prepared in the index."""
        against = "HEAD" if self.head() else self._empty_tree_id()
        output = self.runner.read(
            "diff-index", "--cached", "-z", *RAW_DIFF_OPTIONS, against, "--", *self._pathspecs(())
        )
        return [change.path for change in self._changes_below_root(parse_changes(output.split(b"\0")))]

    # What the settings say

    def get_setting(self, key: str) -> str | None:
        """One of git's settings, as the user and the repository have it; None if unset."""
        status, output, _ = self.runner.run("config", "-z", "--get", key)
        return None if status else output.decode("utf-8", "replace").rstrip("\0")

    def user_email(self) -> str | None:
        """The address that the user signs commits with."""
        return self.get_setting("user.email") or None

    def remote_url(self) -> str | None:
        """The address of `origin`, as it is in the settings (it may hold a password)."""
        return self.get_setting("remote.origin.url") or None

    def ref_names(self) -> list[str]:
        """Branches and tags, as people write them."""
        output = self.runner.read(
            "for-each-ref", "--format=%(refname:short)", "refs/heads", "refs/tags", "refs/remotes"
        )
        return output.decode("utf-8", "replace").splitlines()

    def _log(self, *arguments: str) -> bytes:
        """What a log prints; nothing where there is no commit yet."""
        status, output, complaint = self.runner.run("log", *LOG_FORMAT, *arguments)
        if status and self.head():
            raise git_error(complaint)
        return output

    def _last_commit_by(self, text: str) -> Commit:
        try:
            day = date.fromisoformat(text)
        except ValueError:
            raise OkrctlError(
                f"there is no day {text}", "a date is written YEAR-MONTH-DAY, such as 2026-05-15"
            ) from None
        known = self.first_parent_commits()
        if found := next((commit for commit in known if commit.day <= day), None):
            return found
        if not known:
            raise no_commit_error()
        hint = UNSHALLOW_HINT if self.shallow else "name a later day, or leave it out"
        raise OkrctlError(f"no commit is as old as {text}, the first one here is of {known[-1].day}", hint)

    def _unknown_revision_error(self, text: str) -> OkrctlError:
        if self.head() is None:
            return no_commit_error()
        shown = to_printable(text)
        names = self.ref_names()
        if text in names:
            return damage_error(f"'{shown}' names a commit that is not there")
        import difflib

        close = difflib.get_close_matches(text, names, 1)
        hint = f"did you mean '{close[0]}'?" if close else "a commit, tag, branch or date (YEAR-MONTH-DAY) is wanted"
        return OkrctlError(f"git knows no commit '{shown}'", UNSHALLOW_HINT if self.shallow and not close else hint)

    def _require_object_id(self, name: str) -> str:
        """Only what okrctl got from git itself may stand among a command's arguments."""
        if name != "HEAD" and not OBJECT_ID.fullmatch(name):
            raise ValueError(f"not the id of an object: {name!r}")
        return name

    def _known_paths(self) -> Iterator[str]:
        """What git tracks or could: the index, and what is new and not ignored."""
        output = self.runner.read("ls-files", "-z", "--cached", "--others", "--exclude-standard")
        yield from (os.fsdecode(name) for name in output.split(b"\0") if name)

    def _empty_tree_id(self) -> str:
        return hashlib.new(self.digest, b"tree 0\0", usedforsecurity=False).hexdigest()

    def _pathspecs(self, paths: Sequence[str]) -> list[str]:
        return list(paths) or (["."] if self.prefix else [])

    def _changes_below_root(self, found: Iterable[FileChange]) -> Iterator[FileChange]:
        """The changes below the root, named from there; what moved in from outside was not there before."""
        for change in found:
            if change.path.startswith(self.prefix):
                old = change.old_path if change.old_path is None or change.old_path.startswith(self.prefix) else None
                status = "A" if change.status == "R" and old is None else change.status
                path = change.path.removeprefix(self.prefix)
                yield change._replace(status=status, path=path, old_path=old and old.removeprefix(self.prefix))


def _merge_options(first_parents: bool) -> tuple[str, ...]:
    """Merges against their first parent, or only with what none of their parents has."""
    return ("--first-parent", "-m") if first_parents else ("-c",)


def no_commit_error() -> OkrctlError:
    """The error of a repository without a history."""
    return OkrctlError("the repository has no commit yet", "git commit makes the first one")
