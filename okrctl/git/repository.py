"""A git repository: its commits, their files, its history, and the changes in the work tree."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import IO, NamedTuple

from okrctl.git import worktree
from okrctl.git.clocks import correct_days
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
from okrctl.values.errors import GitError, NotFoundError, OkrctlError

PathFilter = Callable[[str], bool]

DATE_PATTERN = re.compile(r"\d{4}-\d{2}-\d{2}")
OBJECT_ID = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")
UNSHALLOW_HINT = (
    "this clone is shallow; fetch the rest with git fetch --unshallow (GitHub: fetch-depth: 0, GitLab: GIT_DEPTH: 0)"
)
MAX_BLOB_BYTES = 10 * 1024 * 1024
"""The size of a blob above which it is listed, but not read."""

BlamedLines = Sequence[tuple[bytes, str]]
"""Lines of a committed file, each with the id of its commit."""


class Branch(NamedTuple):
    """A local branch with the id of its newest commit."""

    name: str
    commit: str


class Blob(NamedTuple):
    """A file of a commit; `data` is None where `size` (bytes) is above MAX_BLOB_BYTES."""

    path: str
    id: str
    size: int
    data: bytes | None


def any_path(path: str) -> bool:
    """A filter that accepts every path."""
    return True


class Repository:
    """The repository of the workspace at `root`; `work_tree` is None in a bare repository."""

    def __init__(
        self, runner: GitRunner, root: Path, folder: Path, up: int | None, *, is_shallow: bool, hash_name: str
    ) -> None:
        self.runner = runner
        self.root = root
        self.folder = folder
        self.is_shallow = is_shallow
        self.hash_name = hash_name
        self.work_tree = None if up is None else root.parents[up - 1] if up else root
        self.prefix = "" if not up else "".join(f"{part}/" for part in root.parts[-up:])

    def head(self) -> Commit | None:
        """The commit that is checked out; None before the first one. OkrctlError where HEAD cannot be resolved."""
        status, output, error_text = self.runner.run("log", "-1", *LOG_FORMAT)
        if status and "does not have any commits yet" in error_text:
            return None
        if status:
            raise git_error(error_text)
        return parse_commits(output)[0]

    def resolve(self, text: str) -> Commit:
        """The commit of a revision, or the last one up to a date.

        For a date the first parents of HEAD are searched, by the committers' local dates.
        """
        if DATE_PATTERN.fullmatch(text):
            return self._last_commit_by(text)
        if name := self.find_commit_id(text):
            return self.get_commit(name)
        raise self._unknown_revision_error(text)

    def find_commit_id(self, text: str) -> str | None:
        """The commit id of a revision; None if there is none. The text is passed as input, never as an option."""
        if not text or text.startswith("-") or not text.isprintable() or any(character in text for character in ": "):
            return None
        output = self.runner.read("cat-file", "--batch-check", text=f"{text}^{{commit}}\n".encode()).decode()
        name, _, rest = output.partition(" ")
        return name if rest.startswith("commit ") and OBJECT_ID.fullmatch(name) else None

    def get_commit(self, name: str) -> Commit:
        """The commit with this id."""
        return self.get_commits([name])[name]

    def get_commits(self, names: Iterable[str]) -> dict[str, Commit]:
        """The commits with these ids, by id."""
        ids = "".join(f"{name}\n" for name in dict.fromkeys(names) if OBJECT_ID.fullmatch(name))
        if not ids:
            return {}
        parsed = parse_commits(self.runner.read("log", "--no-walk", "--stdin", *LOG_FORMAT, text=ids.encode()))
        return {commit.id: commit for commit in parsed}

    def first_parent_commits(self, commit: str = "HEAD") -> list[Commit]:
        """The commit (its id, or HEAD) and its first parents, newest first, as far as the clone reaches.

        A commit whose date the others contradict counts as of another day.
        """
        return correct_days(parse_commits(self._log("--first-parent", self._require_object_id(commit), "--")))

    def shallow_ends(self) -> frozenset[str]:
        """The ids of the commits at which a shallow clone ends: what they changed is not known."""
        if not self.is_shallow:
            return frozenset()
        path = os.fsdecode(self.runner.read("rev-parse", "--git-path", "shallow").rstrip(b"\n"))
        return frozenset((_read_file(os.path.join(self.root, path)) or b"").decode().split())

    def merge_base(self, first: str, second: str) -> str | None:
        """The id of the newest common ancestor of two commits (ids); None if there is none, or it is missing here."""
        status, output, error_text = self.runner.run(
            "merge-base", self._require_object_id(first), self._require_object_id(second)
        )
        if status > 1:
            raise git_error(error_text)
        return output.decode().strip() or None

    def list_present_files(self) -> list[str]:
        """The paths of the files in the work tree below the root that git tracks, or would: not those it ignores."""
        output = self.runner.read("ls-files", "-z", "--cached", "--others", "--exclude-standard")
        return sorted({os.fsdecode(name) for name in output.split(b"\0")[:-1]})

    def common_folder(self) -> Path:
        """The real path of the folder that all work trees of the repository share."""
        output = self.runner.read("rev-parse", "--git-common-dir")
        return Path(os.path.realpath(self.root / os.fsdecode(output.removesuffix(b"\n"))))

    def list_files(
        self, commit: str, wants: PathFilter = any_path, modes: Sequence[str] = FILE_MODES
    ) -> dict[str, str]:
        """The files of a commit below the root, path to blob id, in order of path, without links and submodules.

        With `modes=LINK_MODES`, the symbolic links instead; their blobs hold their targets.
        """
        status, output, error_text = self.runner.run("ls-tree", "-r", "-z", self._require_object_id(commit))
        if status:
            raise git_error(error_text) if self.head() else no_commit_error()
        files = {}
        for entry in output.split(b"\0")[:-1]:
            metadata, _, name = entry.partition(b"\t")
            mode, _, blob = metadata.decode().split(" ")
            if mode in modes and wants(path := os.fsdecode(name)):
                files[path] = blob
        return files

    def read_files(self, commit: str, wants: PathFilter = any_path) -> Iterator[Blob]:
        """The files of a commit below the root whose path is wanted, in order of path, read from one stream."""
        files = self.list_files(commit, wants)
        blobs = _read_blobs(self.runner, list(files.values()))
        yield from (Blob(path, *blob) for path, blob in zip(files, blobs, strict=True))

    def read_blobs(self, ids: Iterable[str]) -> Iterator[tuple[str, bytes | None]]:
        """The contents of blobs in the order of the ids, which may repeat; None for a blob above MAX_BLOB_BYTES."""
        checked = [self._require_object_id(name) for name in ids]
        yield from ((name, data) for name, _, data in _read_blobs(self.runner, checked))

    def history(
        self, paths: Sequence[str] = (), *, commit: str = "HEAD", first_parents: bool = True
    ) -> list[CommitChanges]:
        """The commits that changed something at or below `paths` (all if empty), newest first, with these changes."""
        output = self._log(
            *_merge_options(first_parents),
            *RAW_DIFF_OPTIONS,
            self._require_object_id(commit),
            "--",
            *self._pathspecs(paths),
        )
        return [
            CommitChanges(commit, tuple(self._changes_below_root(changes))) for commit, changes in parse_log(output)
        ]

    def file_history(self, path: str, *, first_parents: bool = False) -> list[tuple[Commit, FileChange]]:
        """The commits that changed one file, newest first, across renames, each with the change.

        The oldest is the one that brought the file below the root. Without `first_parents`, merged branches count too.
        """
        output = self._log("--follow", *_merge_options(first_parents), *RAW_DIFF_OPTIONS, "HEAD", "--", path)
        versions = []
        names = {path}
        for commit, changes in parse_log(output):
            # Git follows a copy to its source, which is another file.
            for change in (change for change in self._changes_below_root(changes) if change.path in names):
                names.add(change.old_path or path)
                versions.append((commit, change))
        return versions

    def blame_lines(self, path: str, data: bytes | None = None, commit: str = "HEAD") -> list[str | None]:
        """The id of the commit of each line of `data` (default: of the file in `commit`); None for a new line."""
        committed = self.list_files(commit, path.__eq__) if self.head() else {}
        if path not in committed:
            return [None] * len((data or b"").splitlines())
        options = ("--porcelain", "--no-textconv", "--no-ignore-revs-file", self._require_object_id(commit), "--", path)
        lines = _parse_blame(self.runner.read("blame", *options))
        return [name for _, name in lines] if data is None else _match_lines(lines, data)

    def diff_files(self, old: str, new: str | None = None, wants: PathFilter = any_path) -> list[FileChange]:
        """The files that differ between two commits (ids or HEAD); `new` of None stands for the files on disk."""
        if new is None:
            return worktree.diff_work_tree(
                self.root, self.hash_name, self.list_files(old, wants), filter(wants, self._known_paths())
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
        """The paths whose file on disk differs from HEAD."""
        committed = self.list_files("HEAD", set(paths := list(paths)).__contains__) if self.head() else {}
        return [
            change.path
            for change in worktree.diff_work_tree(self.root, self.hash_name, committed, paths, detect_renames=False)
        ]

    def staged_paths(self) -> list[str]:
        """The paths with staged changes."""
        base = "HEAD" if self.head() else self._empty_tree_id()
        output = self.runner.read("diff-index", "--cached", "-z", *RAW_DIFF_OPTIONS, base, "--", *self._pathspecs(()))
        return [change.path for change in self._changes_below_root(parse_changes(output.split(b"\0")))]

    def staged_files(self) -> list[str]:
        """The files of the whole work tree that are staged, deleted ones too, by their paths from its top."""
        base = "HEAD" if self.head() else self._empty_tree_id()
        output = self.runner.read("diff-index", "--cached", "--name-only", "--no-renames", "-z", base, "--")
        return [os.fsdecode(name) for name in output.split(b"\0") if name]

    def tracked_files(self) -> list[str]:
        """The files of the whole work tree that git tracks, by their paths from its top."""
        output = self.runner.read("ls-files", "-z", "--full-name", "--", self._path_to_top())
        return [os.fsdecode(name) for name in output.split(b"\0") if name]

    def _path_to_top(self) -> str:
        return "../" * self.prefix.count("/") or "."

    def get_setting(self, key: str) -> str | None:
        """A setting of git, from the user or the repository; None if it is not set."""
        status, output, _ = self.runner.run("config", "-z", "--get", key)
        return None if status else output.decode("utf-8", "replace").rstrip("\0")

    def user_email(self) -> str | None:
        """The email address of the user; None if it is not set."""
        return self.get_setting("user.email") or None

    def remote_url(self) -> str | None:
        """The address of `origin` as it is configured (it may contain a password); None without one."""
        return self.get_setting("remote.origin.url") or None

    def ref_names(self) -> list[str]:
        """The short names of branches and tags."""
        output = self.runner.read(
            "for-each-ref", "--format=%(refname:short)", "refs/heads", "refs/tags", "refs/remotes"
        )
        return output.decode("utf-8", "replace").splitlines()

    def branches(self) -> list[Branch]:
        """The local branches, the one that changed last first."""
        output = self.runner.read(
            "for-each-ref", "--sort=-committerdate", "--format=%(objectname) %(refname:lstrip=2)", "refs/heads"
        )
        pairs = (line.partition(" ") for line in output.decode("utf-8", "replace").splitlines())
        return [Branch(name, commit) for commit, _, name in pairs]

    def current_branch(self) -> str | None:
        """The name of the branch that is checked out; None where a commit is."""
        status, output, _ = self.runner.run("symbolic-ref", "--quiet", "--short", "HEAD")
        return None if status else output.decode("utf-8", "replace").strip()

    def is_on_branch(self, commit: str) -> bool:
        """Whether HEAD or a local branch has a commit (its id) in its history."""
        name = self._require_object_id(commit)
        if not self.runner.run("merge-base", "--is-ancestor", name, "HEAD")[0]:
            return True
        output = self.runner.read("for-each-ref", "--count=1", f"--contains={name}", "refs/heads")
        return bool(output.strip())

    def newest_commits(self, most: int, commit: str = "HEAD") -> list[Commit]:
        """At most so many of the commit (its id, or HEAD) and its first parents, newest first."""
        found = parse_commits(self._log("--first-parent", f"--max-count={most}", self._require_object_id(commit), "--"))
        return correct_days(found)

    def fingerprint(self) -> tuple[object, ...]:
        """What the history of a past commit depends on beside the commit: as long as it is the same, so is the history.

        That is the folder of the workspace, replaced objects, the ends of a shallow clone, settings and variables.
        """
        run = self.runner.run
        paths = run("rev-parse", "--git-path", "shallow", "--git-path", "info/grafts")[1].splitlines()
        ends = [_read_file(os.path.join(self.root, os.fsdecode(path))) for path in paths]
        variables = sorted(item for item in os.environ.items() if item[0].startswith("GIT_"))
        replaced, settings = run("replace", "--list", "--format=medium"), run("config", "--list", "-z")
        return str(self.root), self.prefix, ends, replaced, settings, variables

    def _log(self, *arguments: str) -> bytes:
        """The output of git log; empty before the first commit."""
        status, output, error_text = self.runner.run("log", *LOG_FORMAT, *arguments)
        if status and self.head():
            raise git_error(error_text)
        return output

    def _last_commit_by(self, text: str) -> Commit:
        try:
            day = date.fromisoformat(text)
        except ValueError:
            raise OkrctlError(f"'{text}' is not a valid date", "write YEAR-MONTH-DAY, such as 2026-05-15") from None
        commits = self.first_parent_commits()
        if last := next((commit for commit in commits if commit.day <= day), None):
            return last
        if not commits:
            raise no_commit_error()
        hint = UNSHALLOW_HINT if self.is_shallow else "use a later date"
        raise NotFoundError(f"no commit up to {text}; the first commit is from {commits[-1].day}", hint)

    def _unknown_revision_error(self, text: str) -> OkrctlError:
        if self.head() is None:
            return no_commit_error()
        shown = to_printable(text)
        names = self.ref_names()
        if text in names:
            return damage_error(f"the commit of '{shown}' is missing")
        import difflib

        close = difflib.get_close_matches(text, names, 1)
        hint = f"did you mean '{close[0]}'?" if close else "use a commit, tag, branch or date (YEAR-MONTH-DAY)"
        return NotFoundError(f"unknown revision '{shown}'", UNSHALLOW_HINT if self.is_shallow and not close else hint)

    def _require_object_id(self, name: str) -> str:
        """The id itself; ValueError for anything else, so that no text becomes an option of git."""
        if name != "HEAD" and not OBJECT_ID.fullmatch(name):
            raise ValueError(f"not the id of an object: {name!r}")
        return name

    def _known_paths(self) -> Iterator[str]:
        """The paths that git tracks, and new ones that are not ignored."""
        output = self.runner.read("ls-files", "-z", "--cached", "--others", "--exclude-standard")
        yield from (os.fsdecode(name) for name in output.split(b"\0") if name)

    def _empty_tree_id(self) -> str:
        return hashlib.new(self.hash_name, b"tree 0\0", usedforsecurity=False).hexdigest()

    def _pathspecs(self, paths: Sequence[str]) -> list[str]:
        return list(paths) or (["."] if self.prefix else [])

    def _changes_below_root(self, changes: Iterable[FileChange]) -> Iterator[FileChange]:
        """The changes below the root, with paths relative to it; a file that moved in from outside is a new one."""
        for change in changes:
            if change.path.startswith(self.prefix):
                old = change.old_path if change.old_path is None or change.old_path.startswith(self.prefix) else None
                status = "A" if change.status == "R" and old is None else change.status
                path = change.path.removeprefix(self.prefix)
                yield change._replace(status=status, path=path, old_path=old and old.removeprefix(self.prefix))


def _merge_options(first_parents: bool) -> tuple[str, ...]:
    """Show merges against their first parent, or only changes that none of their parents has."""
    return ("--first-parent", "-m") if first_parents else ("-c",)


def no_commit_error() -> OkrctlError:
    """The error of a repository without commits."""
    return GitError("the repository has no commits", "create the first one with git commit")


def _read_file(path: str) -> bytes | None:
    try:
        with open(path, "rb") as file:
            return file.read()
    except OSError:
        return None


def _read_blobs(runner: GitRunner, ids: Sequence[str]) -> Iterator[tuple[str, int, bytes | None]]:
    """Id, size in bytes and contents (None above MAX_BLOB_BYTES) of each blob; OkrctlError if one is missing.

    All contents come from one stream of one process, since a process for each blob would be slow.
    """
    if not ids:
        return
    sizes = _blob_sizes(runner, ids)
    requested = "".join(f"{name}\n" for name, size in zip(ids, sizes, strict=True) if size <= MAX_BLOB_BYTES)
    with runner.stream("cat-file", "--batch", "--buffer", text=requested.encode()) as output:
        for name, size in zip(ids, sizes, strict=True):
            yield name, size, _read_next(output, name, size) if size <= MAX_BLOB_BYTES else None


def _blob_sizes(runner: GitRunner, ids: Sequence[str]) -> list[int]:
    text = "".join(f"{name}\n" for name in ids).encode()
    lines = runner.read("cat-file", "--batch-check=%(objectsize)", "--buffer", text=text).decode().splitlines()
    for line in lines:
        if not line.isdigit():
            raise damage_error(f"object {line}")
    return [int(line) for line in lines]


def _read_next(output: IO[bytes], name: str, size: int) -> bytes:
    heading = output.readline()
    data = output.read(size + 1)
    if not heading.startswith(name.encode()) or len(data) != size + 1:
        raise damage_error(f"object {name} cannot be read")
    return data[:-1]


def _parse_blame(output: bytes) -> list[tuple[bytes, str]]:
    """Each line of a file with the id of its commit, from the output of `git blame --porcelain`.

    Before each line come headings, the first of which names the commit.
    """
    lines = []
    commit = ""
    is_first_heading = True
    for line in output.split(b"\n")[:-1]:
        if line.startswith(b"\t"):
            lines.append((line[1:], commit))
        elif is_first_heading:
            commit = line.split(b" ", 1)[0].decode()
        is_first_heading = line.startswith(b"\t")
    return lines


def _match_lines(committed: BlamedLines, data: bytes) -> list[str | None]:
    """For each line of `data` the commit of the same committed line, apart from the line end; None for a new line."""
    import difflib

    new = [line.rstrip(b"\r") for line in data.removesuffix(b"\n").split(b"\n")]
    old = [line.rstrip(b"\r") for line, _ in committed]
    commits: list[str | None] = [None] * len(new)
    for start, other, count in difflib.SequenceMatcher(None, old, new, autojunk=False).get_matching_blocks():
        commits[other : other + count] = [commit for _, commit in committed[start : start + count]]
    return commits
