"""A git repository: its commits, their files, its history, and the changes in the work tree."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import IO, NamedTuple, Self

from okrctl.git import worktree
from okrctl.git.clocks import correct_days
from okrctl.git.commits import (
    FILE_MODES,
    LOG_FORMAT,
    RAW_DIFF_OPTIONS,
    SUBMODULE_MODE,
    Commit,
    CommitChanges,
    FileChange,
    PinChange,
    files_of,
    parse_changes,
    parse_commits,
    parse_log,
    pins_of,
)
from okrctl.git.process import GitRunner, damage_error, git_error, missing_error, to_printable
from okrctl.values.errors import GitError, NotFoundError, OkrctlError
from okrctl.values.path_filters import EVERY_PATH, PathFilter, PathsBelow

DATE_PATTERN = re.compile(r"\d{4}-\d{2}-\d{2}")
OBJECT_ID = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")
UNSHALLOW_HINT = (
    "this clone is shallow; fetch the rest with git fetch --unshallow (GitHub: fetch-depth: 0, GitLab: GIT_DEPTH: 0)"
)
REV_PARSE_OPTIONS = (
    "--is-inside-work-tree",
    "--is-shallow-repository",
    "--show-object-format",
    "--show-cdup",
    "--absolute-git-dir",
)
# In a bare repository the line of --show-cdup is missing; the name of a folder may have line breaks.
REV_PARSE_OUTPUT = re.compile(r"(true|false)\n(true|false)\n(\w+)\n(?:((?:\.\./)*)\n)?(.*)\n", re.DOTALL)
MAX_BLOB_BYTES = 10 * 1024 * 1024
"""The size of a blob above which it is listed, but not read."""

SKIPPED = "S"  # the tag of `git ls-files -t` for what a sparse checkout leaves out
SizedBlob = tuple[str, int, bytes | None]
"""Id, size and contents of a blob, None above MAX_BLOB_BYTES."""

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


class TreeEntry(NamedTuple):
    """What a commit has at a path: a file, a link or a submodule."""

    mode: str
    id: str
    path: str


class PresentFiles(NamedTuple):
    """What git knows of a work tree below the root.

    `paths` are those that git tracks and new ones that it does not ignore, `skipped` the files of the index that a
    sparse checkout leaves out, with their blobs, and `submodules` the folders of submodules.
    """

    paths: list[str]
    skipped: dict[str, str]
    submodules: list[str]


class Repository:
    """The repository of the workspace at `root`; `work_tree` is None in a bare repository.

    What its submodules hold is not among its files: `Superproject` reads that.
    """

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
        self._newest_tree: tuple[str, list[TreeEntry]] | None = None  # the one that was listed last

    @classmethod
    def discover(cls, runner: GitRunner, root: Path) -> Self | None:
        """The repository that git finds around the folder of the runner, None where there is none."""
        status, output, error_text = runner.run("rev-parse", *REV_PARSE_OPTIONS)
        if status and "not a git repository" in error_text:
            if dangling := _dangling_git_file(root):
                raise GitError(
                    f"{dangling} points to a missing repository", "run git worktree repair, or clone it again"
                )
            return None
        if status:
            raise git_error(error_text)
        match = REV_PARSE_OUTPUT.fullmatch(os.fsdecode(output))
        assert match
        is_inside, is_shallow, hash_name, up, folder = match.groups()
        depth = up.count("../") if is_inside == "true" else None
        return cls(runner, root, Path(folder).resolve(), depth, is_shallow=is_shallow == "true", hash_name=hash_name)

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

    def explain_end(self, name: str) -> str:
        """Why the changes of a commit are not known: a shallow clone ends there; empty where they are."""
        if name not in self.shallow_ends():
            return ""
        return f"the commits of older lines are missing; {UNSHALLOW_HINT}"

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

    def list_present(self, wants: PathFilter = EVERY_PATH) -> PresentFiles:
        """What git knows of the work tree; of submodules, `wants` tells which need not be opened."""
        found = PresentFiles([], {}, [])
        for state, entry in self._list_index("--cached", "--others", "--exclude-standard"):
            found.paths.append(entry.path)
            if entry.mode == SUBMODULE_MODE:
                found.submodules.append(entry.path)
            elif state == SKIPPED and entry.mode in FILE_MODES:
                found.skipped[entry.path] = entry.id
        return found

    def list_skipped(self) -> list[TreeEntry]:
        """What the index has below the root, and a sparse checkout leaves out of the work tree."""
        return [entry for state, entry in self._list_index("--cached") if state == SKIPPED]

    def _list_index(self, *options: str) -> Iterator[tuple[str, TreeEntry]]:
        """The entries of git's index, each with its state; new files have no mode and no id."""
        for line in self.runner.read("ls-files", "-z", "-t", "--stage", *options).split(b"\0")[:-1]:
            is_new = line.startswith(b"? ")
            state, _, name = line.partition(b" " if is_new else b"\t")
            words = [state.decode(), "", ""] if is_new else state.decode().split(" ")
            yield words[0], TreeEntry(words[1], words[2], os.fsdecode(name))

    def common_folder(self) -> Path:
        """The real path of the folder that all work trees of the repository share."""
        output = self.runner.read("rev-parse", "--git-common-dir")
        return Path(os.path.realpath(self.root / os.fsdecode(output.removesuffix(b"\n"))))

    def list_files(
        self, commit: str, wants: PathFilter = EVERY_PATH, modes: Sequence[str] = FILE_MODES
    ) -> dict[str, str]:
        """The files of a commit below the root, path to blob id, in order of path, without links.

        With `modes=LINK_MODES`, the symbolic links instead; their blobs hold their targets.
        """
        return {each.path: each.id for each in self._list_tree(commit) if each.mode in modes and wants(each.path)}

    def list_pins(self, commit: str) -> dict[str, str]:
        """The folders of the submodules below the root that a commit has, with the commits that they are pinned at."""
        return {each.path: each.id for each in self._list_tree(commit) if each.mode == SUBMODULE_MODE}

    def has_submodules(self, commit: str) -> bool:
        """Whether a commit has submodules whose files are read as its own."""
        return False

    def _list_tree(self, commit: str) -> list[TreeEntry]:
        """Whatever a commit has below the root. That of a commit that is named by its id is kept until another is."""
        if self._newest_tree is not None and self._newest_tree[0] == commit:
            return self._newest_tree[1]
        status, output, error_text = self.runner.run("ls-tree", "-r", "-z", self._require_object_id(commit))
        if status:
            raise git_error(error_text) if self.head() else no_commit_error()
        entries = []
        for line in output.split(b"\0")[:-1]:
            metadata, _, name = line.partition(b"\t")
            mode, _, blob = metadata.decode().split(" ")
            entries.append(TreeEntry(mode, blob, os.fsdecode(name)))
        if commit != "HEAD":
            self._newest_tree = commit, entries
        return entries

    def find_file(self, commit: str, path: str) -> str | None:
        """The id of the blob at a path from git's top in a commit; None where there is no file."""
        output = self.runner.read("ls-tree", "-z", "--full-tree", self._require_object_id(commit), "--", path)
        metadata, _, name = output.split(b"\0")[0].partition(b"\t")
        mode, _, blob = metadata.decode().split(" ") if os.fsdecode(name) == path else ("", "", "")
        return blob if mode in FILE_MODES else None

    def read_files(self, commit: str, wants: PathFilter = EVERY_PATH) -> Iterator[Blob]:
        """The files of a commit below the root whose path is wanted, in order of path, read from one stream."""
        files = self.list_files(commit, wants)
        blobs = self._stream_blobs(list(files.values()))
        yield from (Blob(path, *blob) for path, blob in zip(files, blobs, strict=True))

    def read_blobs(self, ids: Iterable[str]) -> Iterator[tuple[str, bytes | None]]:
        """The contents of blobs in the order of the ids, which may repeat; None for a blob above MAX_BLOB_BYTES."""
        checked = [self._require_object_id(name) for name in ids]
        yield from ((name, data) for name, _, data in self._stream_blobs(checked))

    def _stream_blobs(self, ids: Sequence[str]) -> Iterator[SizedBlob]:
        return _read_blobs(self.runner, ids)

    def history(
        self, paths: Sequence[str] = (), *, commit: str = "HEAD", first_parents: bool = True, since: str | None = None,
        wants: PathFilter = EVERY_PATH,
    ) -> list[CommitChanges]:  # fmt: skip
        """The commits that changed something at or below `paths` (all if empty), newest first, with these changes.

        With `since`, a commit and all before it are left out; `wants` tells which submodules need not be opened.
        """
        output = self._log(
            *_merge_options(first_parents),
            *RAW_DIFF_OPTIONS,
            self._require_object_id(commit),
            *([f"^{self._require_object_id(since)}"] if since is not None else []),
            "--",
            *self._pathspecs(paths),
        )
        return [
            CommitChanges(commit, *self._changes_below_root([*changes, *pins]))
            for commit, changes, pins in parse_log(output)
        ]

    def commits_of(self, step: CommitChanges, path: str) -> list[Commit]:
        """The commits that made the change of a file in a step of the history, newest first: the step itself."""
        return [step.commit]

    def authors_since(self, base: str, path: str) -> frozenset[tuple[str, str]]:
        """Who changed a file in commits that HEAD has and a base (its id) has not, as names and addresses."""
        before = {step.commit.id for step in self.history([path], commit=base, first_parents=False)}
        steps = self.history([path], first_parents=False)
        return frozenset((step.commit.author, step.commit.email) for step in steps if step.commit.id not in before)

    def file_history(self, path: str, *, first_parents: bool = False) -> list[tuple[Commit, FileChange]]:
        """The commits that changed one file, newest first, across renames, each with the change.

        The oldest is the one that brought the file below the root. Without `first_parents`, merged branches count too.
        """
        output = self._log("--follow", *_merge_options(first_parents), *RAW_DIFF_OPTIONS, "HEAD", "--", path)
        versions = []
        names = {path}
        for commit, changes, _ in parse_log(output):
            # Git follows a copy to its source, which is another file.
            for change in (change for change in self._changes_below_root(changes)[0] if change.path in names):
                names.add(change.old_path or path)
                versions.append((commit, change))
        return versions

    def blame_lines(self, path: str, data: bytes | None = None, commit: str = "HEAD") -> list[str | None]:
        """The id of the commit of each line of `data` (default: of the file in `commit`); None for a new line."""
        committed = self.list_files(commit, PathsBelow([path])) if self.head() else {}
        if path not in committed:
            return [None] * len((data or b"").splitlines())
        options = ("--porcelain", "--no-textconv", "--no-ignore-revs-file", self._require_object_id(commit), "--", path)
        lines = _parse_blame(self.runner.read("blame", *options))
        return [name for _, name in lines] if data is None else _match_lines(lines, data)

    def diff_files(self, old: str, new: str | None = None, wants: PathFilter = EVERY_PATH) -> list[FileChange]:
        """The files that differ between two commits (ids or HEAD); `new` of None stands for the files on disk."""
        if new is not None:
            return [change for change in self._diff_commits(old, new, wants) if wants(change.path)]
        present = self.list_present(wants)
        return worktree.diff_work_tree(
            self.root, self.hash_name, self.list_files(old, wants), filter(wants, present.paths), present.skipped
        )

    def _diff_commits(self, old: str, new: str, wants: PathFilter) -> list[FileChange]:
        return [*self._diff_trees(old, new)[0]]

    def _diff_trees(self, old: str, new: str) -> tuple[tuple[FileChange, ...], tuple[PinChange, ...]]:
        ids = (self._require_object_id(old), self._require_object_id(new))
        output = self.runner.read("diff-tree", "-z", *RAW_DIFF_OPTIONS, *ids, "--", *self._pathspecs(()))
        return self._changes_below_root(parse_changes(output.split(b"\0")))

    def uncommitted_paths(self, paths: Iterable[str]) -> list[str]:
        """The paths whose file on disk differs from HEAD."""
        wants = PathsBelow(paths := list(paths))
        committed = self.list_files("HEAD", wants) if self.head() else {}
        changes = self._diff_disk(committed, paths, {})
        if any(change.new_id is None for change in changes):  # or does a sparse checkout leave it out?
            changes = self._diff_disk(committed, paths, self.list_present(wants).skipped)
        return [change.path for change in changes]

    def _diff_disk(
        self, committed: Mapping[str, str], known: Iterable[str], skipped: Mapping[str, str]
    ) -> list[FileChange]:
        return worktree.diff_work_tree(self.root, self.hash_name, committed, known, skipped, detect_renames=False)

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

    def _empty_tree_id(self) -> str:
        return hashlib.new(self.hash_name, b"tree 0\0", usedforsecurity=False).hexdigest()

    def _pathspecs(self, paths: Sequence[str]) -> list[str]:
        return list(paths) or (["."] if self.prefix else [])

    def _changes_below_root(
        self, changes: Iterable[FileChange | PinChange]
    ) -> tuple[tuple[FileChange, ...], tuple[PinChange, ...]]:
        """The changes of files and submodules below the root, with paths relative to it.

        What moved in from outside is new.
        """
        found = [self._move_below_root(change) for change in changes if change.path.startswith(self.prefix)]
        return tuple(files_of(found)), tuple(pins_of(found))

    def _move_below_root(self, change: FileChange | PinChange) -> FileChange | PinChange:
        old = change.old_path if change.old_path is None or change.old_path.startswith(self.prefix) else None
        path, old_path = change.path.removeprefix(self.prefix), old and old.removeprefix(self.prefix)
        if isinstance(change, PinChange):
            return change._replace(path=path, old_path=old_path)
        is_new = change.status == "R" and old is None
        return change._replace(status="A" if is_new else change.status, path=path, old_path=old_path)


def _dangling_git_file(root: Path) -> Path | None:
    """The nearest `.git` if it is a file, as in a linked work tree or a submodule."""
    nearest = next((folder / ".git" for folder in (root, *root.parents) if (folder / ".git").exists()), None)
    return nearest if nearest and nearest.is_file() else None


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


def _read_blobs(runner: GitRunner, ids: Sequence[str]) -> Iterator[SizedBlob]:
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
            raise missing_error(line.partition(" ")[0]) if _is_partial(runner) else damage_error(f"object {line}")
    return [int(line) for line in lines]


def _is_partial(runner: GitRunner) -> bool:
    """Whether a remote has promised the objects that are missing."""
    return runner.run("config", "--get-regexp", r"^remote\..*\.promisor$")[0] == 0


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
