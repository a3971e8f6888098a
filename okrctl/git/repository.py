"""Reads a repository: which commit is meant, what it holds, how that came to be, and how the work tree differs."""

from __future__ import annotations

import difflib
import hashlib
import os
import re
import stat
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import IO, NamedTuple

from okrctl.errors import OkrctlError
from okrctl.git.commits import FORMAT, RAW, Change, Commit, Status, Step, changes, commits, steps
from okrctl.git.running import Runner, available, damaged, failure, same_folder

LIMIT = 10 * 1024 * 1024
"""Bytes above which a blob is named with its size, but not read."""

DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
ID = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")
FILES = ("100644", "100755", "100664")


class Blob(NamedTuple):
    """A file of a commit; `data` is None where `size` (bytes) is over LIMIT."""

    path: str
    id: str
    size: int
    data: bytes | None


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
        """The id of the commit that a revision names, None if it names none here. Handed over as input: never an option."""
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
        """The commit (by id, or HEAD) and what came before it, newest first, along first parents; ends where a shallow clone ends."""
        if commit == "HEAD" and self.head() is None:
            return []
        return commits(self.runner.read("log", "--first-parent", *FORMAT, self._checked(commit), "--"))

    def merge_base(self, one: str, other: str) -> str | None:
        """The id of the newest commit that both (ids) come from; None where there is none, or none in a shallow clone."""
        status, output, complaint = self.runner.ask("merge-base", self._checked(one), self._checked(other))
        if status > 1:
            raise failure(complaint)
        return output.decode().strip() or None

    # What it holds

    def listing(self, commit: str, wants: Callable[[str], bool] = lambda path: True) -> dict[str, str]:
        """The files of a commit below the root, path to blob id, in order of path; neither links nor submodules."""
        output = self.runner.read("ls-tree", "-r", "-z", self._checked(commit))
        found = {}
        for entry in output.split(b"\0")[:-1]:
            about, _, name = entry.partition(b"\t")
            mode, _, blob = about.decode().split(" ")
            if mode in FILES and wants(path := os.fsdecode(name)):
                found[path] = blob
        return found

    def snapshot(self, commit: str, wants: Callable[[str], bool] = lambda path: True) -> Iterator[Blob]:
        """Every file of a commit below the root whose path is wanted, in order of path, out of one stream."""
        listing = self.listing(commit, wants)
        yield from (Blob(path, *rest) for path, rest in zip(listing, self._blobs(list(listing.values())), strict=True))

    def blobs(self, ids: Iterable[str]) -> Iterator[tuple[str, bytes | None]]:
        """The contents of blobs in the order asked, each as often as asked; None for one over LIMIT."""
        yield from ((name, data) for name, _, data in self._blobs(list(ids)))

    def _blobs(self, ids: Sequence[str]) -> Iterator[tuple[str, int, bytes | None]]:
        sizes = self._sizes(ids)
        wanted = "".join(f"{name}\n" for name, size in zip(ids, sizes, strict=True) if size <= LIMIT)
        with self.runner.stream("cat-file", "--batch", "--buffer", text=wanted.encode()) as output:
            for name, size in zip(ids, sizes, strict=True):
                yield name, size, _contents(output, name, size) if size <= LIMIT else None

    def _sizes(self, ids: Sequence[str]) -> list[int]:
        wanted = "".join(f"{self._checked(name)}\n" for name in ids)
        answer = self.runner.read("cat-file", "--batch-check=%(objectsize)", "--buffer", text=wanted.encode()).decode()
        for line in answer.splitlines():
            if not line.isdigit():
                raise damaged(line)
        return [int(line) for line in answer.splitlines()]

    # How that came to be

    def history(self, paths: Sequence[str] = (), *, commit: str = "HEAD", first_parents: bool = True) -> list[Step]:
        """Each commit that changed something at or below `paths` (all if empty), newest first, with those changes."""
        if commit == "HEAD" and self.head() is None:
            return []
        way = ("--first-parent", "-m") if first_parents else ("-c",)
        output = self.runner.read("log", *way, *RAW, *FORMAT, self._checked(commit), "--", *self._within(paths))
        return [Step(commit, tuple(self._inside(found))) for commit, found in steps(output)]

    def versions(self, path: str, *, first_parents: bool = False) -> list[tuple[Commit, Change]]:
        """The life of one file, newest first, across renames: each commit that changed it, with the change.

        It begins where the file came into the root, and holds commits on merged branches unless `first_parents`.
        """
        if self.head() is None:
            return []
        way = ("--first-parent", "-m") if first_parents else ()
        output = self.runner.read("log", "--follow", *way, *RAW, *FORMAT, "HEAD", "--", path)
        life = []
        for commit, found in steps(output):
            inside = list(self._inside(found))
            if found and not inside:
                break
            life += [(commit, change) for change in inside]
        return life

    def line_commits(self, path: str, data: bytes | None = None) -> list[str | None]:
        """For each line of `data` the id of the commit it comes from, None if not committed; without data, for HEAD's lines."""
        committed = self.listing("HEAD", path.__eq__) if self.head() else {}
        if path not in committed:
            return [None] * len((data or b"").splitlines())
        output = self.runner.read("blame", "--porcelain", "--no-textconv", "HEAD", "--", path)
        lines = _blamed(output)
        return [name for _, name in lines] if data is None else _carried(lines, data)

    # How the work tree differs

    def changed(self, old: str, new: str | None = None, wants: Callable[[str], bool] = lambda path: True) -> list[Change]:
        """What differs between two commits (ids or HEAD), or between one and the files on disk if `new` is None."""
        if new is None:
            return self._changed_on_disk(old, wants)
        output = self.runner.read("diff-tree", "-z", *RAW, self._checked(old), self._checked(new), "--", *self._within(()))
        return [change for change in self._inside(changes(output.split(b"\0"))) if wants(change.path)]

    def unsaved(self, paths: Iterable[str]) -> list[str]:
        """Those of the paths whose file on disk is not what HEAD holds."""
        held = self.listing("HEAD", set(paths := list(paths)).__contains__) if self.head() else {}
        return [path for path in paths if self._on_disk(path, held.get(path)) != held.get(path)]

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
        output = self.runner.read("for-each-ref", "--format=%(refname:short)", "refs/heads", "refs/tags", "refs/remotes")
        return output.decode("utf-8", "replace").splitlines()

    def _on_day(self, text: str) -> Commit:
        try:
            day = date.fromisoformat(text)
        except ValueError:
            raise OkrctlError(f"there is no day {text}", "a date is written YEAR-MONTH-DAY, such as 2026-05-15") from None
        known = self.first_parents()
        if found := next((commit for commit in known if commit.day <= day), None):
            return found
        if not known:
            raise OkrctlError("the repository has no commit yet", "git commit makes the first one")
        hint = UNSHALLOW if self.shallow else "name a later day, or leave it out"
        raise OkrctlError(f"no commit is as old as {text}, the first one here is of {known[-1].day}", hint)

    def _unknown(self, text: str) -> OkrctlError:
        if self.head() is None:
            return OkrctlError("the repository has no commit yet", "git commit makes the first one")
        shown = "".join(sign if sign.isprintable() else "?" for sign in text)
        names = self.names()
        if text in names:
            return damaged(f"'{shown}' names a commit that is not there")
        close = difflib.get_close_matches(text, names, 1)
        hint = f"did you mean '{close[0]}'?" if close else "a commit, tag, branch or date (YEAR-MONTH-DAY) is wanted"
        return OkrctlError(f"git knows no commit '{shown}'", UNSHALLOW if self.shallow and not close else hint)

    def _checked(self, name: str) -> str:
        """Only what okrctl got from git itself may stand among a command's arguments."""
        if name != "HEAD" and not ID.fullmatch(name):
            raise ValueError(f"not the id of an object: {name!r}")
        return name

    def _empty_tree(self) -> str:
        return hashlib.new(self.digest, b"tree 0\0").hexdigest()

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

    def _changed_on_disk(self, old: str, wants: Callable[[str], bool]) -> list[Change]:
        held = self.listing(old, wants)
        output = self.runner.read("ls-files", "-z", "--cached", "--others", "--exclude-standard")
        known = {os.fsdecode(name) for name in output.split(b"\0") if name}
        found = []
        for path in sorted(held.keys() | {path for path in known if wants(path)}):
            before, now = held.get(path), self._on_disk(path, held.get(path))
            if before != now:
                status: Status = "A" if before is None else "D" if now is None else "M"
                found.append(Change(status, path, path if before else None, before, now))
        return _with_moves(found)

    def _on_disk(self, path: str, expected: str | None) -> str | None:
        """The id that the file would have as a blob; `expected` if it differs from that in nothing but line ends."""
        file = self.root / path
        try:
            if not stat.S_ISREG(file.lstat().st_mode):
                return None
            data = file.read_bytes()
        except OSError:
            return None
        name = self._digest_of(data)
        return expected if expected == self._digest_of(data.replace(b"\r\n", b"\n")) else name

    def _digest_of(self, data: bytes) -> str:
        return hashlib.new(self.digest, b"blob %d\0" % len(data) + data, usedforsecurity=False).hexdigest()


UNSHALLOW = "this is a shallow clone: git fetch --unshallow brings the rest (fetch-depth: 0 on GitHub, GIT_DEPTH: 0 on GitLab)"


def find(root: Path) -> Repository | None:
    """The repository that `root` lies in; None where there is none, or no git. OkrctlError where git refuses to read it."""
    if not available():
        return None
    root = root.resolve()
    hidden = {name: os.path.abspath(os.environ[name]) for name in ("GIT_DIR", "GIT_WORK_TREE") if name in os.environ}
    found = _discover(Runner(root), root) or ("GIT_DIR" in hidden and _discover(Runner(root, hidden), root)) or None
    index = os.environ.get("GIT_INDEX_FILE")
    # A hook's own index counts only for the repository whose hook it is.
    if found and index and same_folder(Path(index).absolute().parent, found.folder):
        found.runner.extra["GIT_INDEX_FILE"] = os.path.abspath(index)
    return found


QUESTIONS = ("--is-bare-repository", "--is-inside-work-tree", "--is-shallow-repository", "--show-object-format", "--show-cdup")


def _discover(runner: Runner, root: Path) -> Repository | None:
    status, output, complaint = runner.ask("rev-parse", *QUESTIONS, "--absolute-git-dir")
    if status and re.search(r"not a git repository(?: \(or any|: ')", complaint) and not _dangling(root):
        return None
    if status:
        raise failure(complaint)
    _, inside, shallow, digest, up, folder = os.fsdecode(output).removesuffix("\n").split("\n", 5)
    steps_up = up.count("../") if inside == "true" else None
    return Repository(runner, root, Path(folder), steps_up, shallow=shallow == "true", digest=digest)


def _dangling(root: Path) -> bool:
    """Whether the nearest `.git` is a file: a work tree or submodule whose repository is gone."""
    nearest = next((folder / ".git" for folder in (root, *root.parents) if (folder / ".git").exists()), None)
    return nearest is not None and nearest.is_file()


def _contents(output: IO[bytes], name: str, size: int) -> bytes:
    heading = output.readline()
    data = output.read(size + 1)
    if not heading.startswith(name.encode()) or len(data) != size + 1:
        raise damaged(f"object {name} cannot be read")
    return data[:-1]


def _blamed(output: bytes) -> list[tuple[bytes, str]]:
    """Each line with the id of its commit, out of blame's porcelain: headings, then the line behind a tab."""
    lines = []
    name = ""
    opening = True
    for line in output.split(b"\n")[:-1]:
        if line.startswith(b"\t"):
            lines.append((line[1:], name))
            opening = True
        elif opening:
            name = line.split(b" ", 1)[0].decode()
            opening = False
    return lines


def _carried(lines: list[tuple[bytes, str]], data: bytes) -> list[str | None]:
    """The commits of HEAD's lines carried over to those of `data` that are still the same."""
    now = [line.rstrip(b"\r") for line in data.removesuffix(b"\n").split(b"\n")]
    names: list[str | None] = [None] * len(now)
    before = [line.rstrip(b"\r") for line, _ in lines]
    for start, other, count in difflib.SequenceMatcher(None, before, now, autojunk=False).get_matching_blocks():
        names[other : other + count] = [name for _, name in lines[start : start + count]]
    return names


def _with_moves(found: list[Change]) -> list[Change]:
    """Joins what vanished and what appeared with the same contents into one rename."""
    gone = {change.old_id: change for change in found if change.status == "D"}
    moves = {}
    for change in found:
        if change.status == "A" and (source := gone.pop(change.new_id, None)):
            moves[change.path] = source
    sources = {source.path for source in moves.values()}
    return [
        Change("R", change.path, moves[change.path].path, change.new_id, change.new_id) if change.path in moves else change
        for change in found
        if change.path not in sources
    ]
