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
from okrctl.git.commits import FILES, FORMAT, RAW, Change, Commit, Step, changes, commits, steps
from okrctl.git.process import Runner, damaged, failure, printable
from okrctl.values.errors import OkrctlError

Wants = Callable[[str], bool]

DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
ID = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")
UNSHALLOW = (
    "this clone is shallow: git fetch --unshallow (GitHub: fetch-depth: 0, GitLab: GIT_DEPTH: 0) brings the rest"
)


class Blob(NamedTuple):
    """A file of a commit; `data` is None where `size` (bytes) is over `contents.LIMIT`."""

    path: str
    id: str
    size: int
    data: bytes | None


def everything(path: str) -> bool:
    """Wants every path."""
    return True


class Repository:
    """What git knows of the workspace at `root`; `top` is the work tree's own root, None in a bare repository."""

    def __init__(self, runner: Runner, root: Path, folder: Path, up: int | None, *, shallow: bool, digest: str) -> None:
        self.runner = runner
        self.root = root
        self.folder = folder
        self.shallow = shallow
        self.digest = digest
        self.top = None if up is None else root.parents[up - 1] if up else root
        self.prefix = "" if not up else "".join(f"{part}/" for part in root.parts[-up:])

    # Which commit

    def head(self) -> Commit | None:
        """The commit checked out; None where there is none yet. OkrctlError where HEAD leads nowhere."""
        status, output, complaint = self.runner.ask("log", "-1", *FORMAT)
        if status and "does not have any commits yet" in complaint:
            return None
        if status:
            raise failure(complaint)
        return commits(output)[0]

    def resolve(self, text: str) -> Commit:
        """The commit that a person means by a revision, or by a date: the last commit before that day ended.

        Days are those of each committer's own calendar, along the first parents of HEAD.
        """
        if DATE.fullmatch(text):
            return self._on_day(text)
        if name := self.id_of(text):
            return self.commit_of(name)
        raise self._unknown(text)

    def id_of(self, text: str) -> str | None:
        """The id of the commit that a revision names, if any. The text is handed over as input: never an option."""
        if not text or text.startswith("-") or not text.isprintable() or any(sign in text for sign in ": "):
            return None
        answer = self.runner.read("cat-file", "--batch-check", text=f"{text}^{{commit}}\n".encode()).decode()
        name, _, rest = answer.partition(" ")
        return name if rest.startswith("commit ") and ID.fullmatch(name) else None

    def commit_of(self, name: str) -> Commit:
        """The commit with that id."""
        return self.commits_of([name])[name]

    def commits_of(self, names: Iterable[str]) -> dict[str, Commit]:
        """Commits by their ids."""
        wanted = "".join(f"{name}\n" for name in dict.fromkeys(names) if ID.fullmatch(name))
        if not wanted:
            return {}
        found = commits(self.runner.read("log", "--no-walk", "--stdin", *FORMAT, text=wanted.encode()))
        return {commit.id: commit for commit in found}

    def first_parents(self, commit: str = "HEAD") -> list[Commit]:
        """The commit (its id, or HEAD) and its line of first parents, newest first, as far as the clone reaches."""
        return commits(self._log("--first-parent", self._checked(commit), "--"))

    def merge_base(self, one: str, other: str) -> str | None:
        """The id of the newest commit that both (ids) come from; None if there is none, or none that is here."""
        status, output, complaint = self.runner.ask("merge-base", self._checked(one), self._checked(other))
        if status > 1:
            raise failure(complaint)
        return output.decode().strip() or None

    # What it holds

    def listing(self, commit: str, wants: Wants = everything, modes: Sequence[str] = FILES) -> dict[str, str]:
        """The files of a commit below the root, path to blob id, in order of path; neither links nor submodules.

        With `modes=LINKS` the symbolic links instead, whose blobs say where they lead.
        """
        status, output, complaint = self.runner.ask("ls-tree", "-r", "-z", self._checked(commit))
        if status:
            raise failure(complaint) if self.head() else no_commit()
        found = {}
        for entry in output.split(b"\0")[:-1]:
            about, _, name = entry.partition(b"\t")
            mode, _, blob = about.decode().split(" ")
            if mode in modes and wants(path := os.fsdecode(name)):
                found[path] = blob
        return found

    def snapshot(self, commit: str, wants: Wants = everything) -> Iterator[Blob]:
        """Every file of a commit below the root whose path is wanted, in order of path, out of one stream."""
        listing = self.listing(commit, wants)
        found = contents.read(self.runner, list(listing.values()))
        yield from (Blob(path, *about) for path, about in zip(listing, found, strict=True))

    def blobs(self, ids: Iterable[str]) -> Iterator[tuple[str, bytes | None]]:
        """The contents of blobs in the order asked, each as often as asked; None for one over LIMIT."""
        wanted = [self._checked(name) for name in ids]
        yield from ((name, data) for name, _, data in contents.read(self.runner, wanted))

    # How that came to be

    def history(self, paths: Sequence[str] = (), *, commit: str = "HEAD", first_parents: bool = True) -> list[Step]:
        """Each commit that changed something at or below `paths` (all if empty), newest first, with those changes."""
        output = self._log(*_way(first_parents), *RAW, self._checked(commit), "--", *self._within(paths))
        return [Step(commit, tuple(self._inside(found))) for commit, found in steps(output)]

    def versions(self, path: str, *, first_parents: bool = False) -> list[tuple[Commit, Change]]:
        """The life of one file, newest first, across renames: each commit that changed it, with the change.

        It begins where the file came into the root, and holds commits on merged branches unless `first_parents`.
        """
        output = self._log("--follow", *_way(first_parents), *RAW, "HEAD", "--", path)
        life = []
        names = {path}
        for commit, found in steps(output):
            # Git follows a copy to what it was copied from: another file's life.
            for change in (change for change in self._inside(found) if change.path in names):
                names.add(change.old_path or path)
                life.append((commit, change))
        return life

    def line_commits(self, path: str, data: bytes | None = None, commit: str = "HEAD") -> list[str | None]:
        """For each line of `data` (None: of the file in `commit`) the id of its commit; None if it has none."""
        committed = self.listing(commit, path.__eq__) if self.head() else {}
        if path not in committed:
            return [None] * len((data or b"").splitlines())
        asked = ("--porcelain", "--no-textconv", "--no-ignore-revs-file", self._checked(commit), "--", path)
        lines = blame.lines(self.runner.read("blame", *asked))
        return [name for _, name in lines] if data is None else blame.carried(lines, data)

    # How the work tree differs

    def changed(self, old: str, new: str | None = None, wants: Wants = everything) -> list[Change]:
        """What differs between two commits (ids or HEAD), or between one and the files on disk if `new` is None."""
        if new is None:
            return worktree.changes(self.root, self.digest, self.listing(old, wants), filter(wants, self._known()))
        output = self.runner.read(
            "diff-tree", "-z", *RAW, self._checked(old), self._checked(new), "--", *self._within(())
        )
        return [change for change in self._inside(changes(output.split(b"\0"))) if wants(change.path)]

    def unsaved(self, paths: Iterable[str]) -> list[str]:
        """Those of the paths whose file on disk is not what HEAD holds."""
        held = self.listing("HEAD", set(paths := list(paths)).__contains__) if self.head() else {}
        return [change.path for change in worktree.changes(self.root, self.digest, held, paths, moves=False)]

    def staged(self) -> list[str]:
        """The paths whose next commit is prepared in the index."""
        against = "HEAD" if self.head() else self._empty_tree()
        output = self.runner.read("diff-index", "--cached", "-z", *RAW, against, "--", *self._within(()))
        return [change.path for change in self._inside(changes(output.split(b"\0")))]

    # What the settings say

    def setting(self, key: str) -> str | None:
        """One of git's settings, as the user and the repository have it; None if unset."""
        status, output, _ = self.runner.ask("config", "-z", "--get", key)
        return None if status else output.decode("utf-8", "replace").rstrip("\0")

    def email(self) -> str | None:
        """The address that the user signs commits with."""
        return self.setting("user.email") or None

    def remote_url(self) -> str | None:
        """The address of `origin`, as it is in the settings (it may hold a password)."""
        return self.setting("remote.origin.url") or None

    def names(self) -> list[str]:
        """Branches and tags, as people write them."""
        output = self.runner.read(
            "for-each-ref", "--format=%(refname:short)", "refs/heads", "refs/tags", "refs/remotes"
        )
        return output.decode("utf-8", "replace").splitlines()

    def _log(self, *arguments: str) -> bytes:
        """What a log prints; nothing where there is no commit yet."""
        status, output, complaint = self.runner.ask("log", *FORMAT, *arguments)
        if status and self.head():
            raise failure(complaint)
        return output

    def _on_day(self, text: str) -> Commit:
        try:
            day = date.fromisoformat(text)
        except ValueError:
            raise OkrctlError(
                f"there is no day {text}", "a date is written YEAR-MONTH-DAY, such as 2026-05-15"
            ) from None
        known = self.first_parents()
        if found := next((commit for commit in known if commit.day <= day), None):
            return found
        if not known:
            raise no_commit()
        hint = UNSHALLOW if self.shallow else "name a later day, or leave it out"
        raise OkrctlError(f"no commit is as old as {text}, the first one here is of {known[-1].day}", hint)

    def _unknown(self, text: str) -> OkrctlError:
        if self.head() is None:
            return no_commit()
        shown = printable(text)
        names = self.names()
        if text in names:
            return damaged(f"'{shown}' names a commit that is not there")
        import difflib

        close = difflib.get_close_matches(text, names, 1)
        hint = f"did you mean '{close[0]}'?" if close else "a commit, tag, branch or date (YEAR-MONTH-DAY) is wanted"
        return OkrctlError(f"git knows no commit '{shown}'", UNSHALLOW if self.shallow and not close else hint)

    def _checked(self, name: str) -> str:
        """Only what okrctl got from git itself may stand among a command's arguments."""
        if name != "HEAD" and not ID.fullmatch(name):
            raise ValueError(f"not the id of an object: {name!r}")
        return name

    def _known(self) -> Iterator[str]:
        """What git tracks or could: the index, and what is new and not ignored."""
        output = self.runner.read("ls-files", "-z", "--cached", "--others", "--exclude-standard")
        yield from (os.fsdecode(name) for name in output.split(b"\0") if name)

    def _empty_tree(self) -> str:
        return hashlib.new(self.digest, b"tree 0\0", usedforsecurity=False).hexdigest()

    def _within(self, paths: Sequence[str]) -> list[str]:
        return list(paths) or (["."] if self.prefix else [])

    def _inside(self, found: Iterable[Change]) -> Iterator[Change]:
        """The changes below the root, named from there; what moved in from outside was not there before."""
        for change in found:
            if change.path.startswith(self.prefix):
                old = change.old_path if change.old_path is None or change.old_path.startswith(self.prefix) else None
                status = "A" if change.status == "R" and old is None else change.status
                path = change.path.removeprefix(self.prefix)
                yield change._replace(status=status, path=path, old_path=old and old.removeprefix(self.prefix))


def _way(first_parents: bool) -> tuple[str, ...]:
    """Merges against their first parent, or only with what none of their parents has."""
    return ("--first-parent", "-m") if first_parents else ("-c",)


def no_commit() -> OkrctlError:
    """The error of a repository without a history."""
    return OkrctlError("the repository has no commit yet", "git commit makes the first one")
