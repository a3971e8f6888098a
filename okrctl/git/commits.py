"""Commits and changes of files, parsed from the output of `git log` and `git diff` with NUL separators."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Literal, NamedTuple

LOG_FORMAT = (
    "-z",
    "--date=raw",
    "--no-color",
    "--no-notes",
    "--no-decorate",
    "--format=%H%x00%P%x00%cd%x00%an%x00%ae%x00%s",
)
RAW_DIFF_OPTIONS = ("--raw", "--no-abbrev", "-r", "-M", "--no-ext-diff", "--no-textconv", "--no-relative")
FIELD_COUNT = 6
FILE_MODES = ("100644", "100755", "100664")
LINK_MODES = ("120000",)
SUBMODULE_MODE = "160000"

Status = Literal["A", "M", "D", "R"]
Side = tuple[str, str]  # the mode and the id of a path before or after a change


class Commit(NamedTuple):
    """One commit; `committed_at` has the committer's own offset. Where a shallow clone ends, it has no parents.

    `counted_day` is the day on which it counts where the commits around it contradict its own (`clocks.py`).
    `submodule` is the folder of the submodule that it belongs to, empty for a commit of the repository itself.
    """

    id: str
    parents: tuple[str, ...]
    committed_at: datetime
    author: str
    email: str
    subject: str
    counted_day: date | None = None
    submodule: str = ""

    @property
    def day(self) -> date:
        """The day on which the commit counts: the committer's local date, unless other commits contradict it."""
        return self.counted_day or self.own_day

    @property
    def own_day(self) -> date:
        """The committer's local date."""
        return self.committed_at.date()

    @property
    def clock_note(self) -> str:
        """Both dates of a commit that counts as of another day than its own."""
        return f"commit {self.id[:10]} is dated {self.own_day}, but counts as of {self.day}: others contradict its date"


class FileChange(NamedTuple):
    """One path that differs, with its path before and the ids of both blobs; None where there is none."""

    status: Status
    path: str
    old_path: str | None
    old_id: str | None
    new_id: str | None


class PinChange(NamedTuple):
    """A submodule that is pinned at another commit, with its path and commit before; None where there is none."""

    path: str
    old_path: str | None
    old_id: str | None
    new_id: str | None


class CommitChanges(NamedTuple):
    """A commit with the files and the submodules that it changed."""

    commit: Commit
    changes: tuple[FileChange, ...]
    pins: tuple[PinChange, ...] = ()


def parse_commits(output: bytes) -> list[Commit]:
    """The commits of a log printed with LOG_FORMAT."""
    return [step.commit for step in parse_log(output)]


def parse_log(output: bytes) -> Iterator[CommitChanges]:
    """The commits of a log printed with LOG_FORMAT, each with its changes if RAW_DIFF_OPTIONS were given."""
    tokens = output.split(b"\0")
    start = 0
    while start + FIELD_COUNT <= len(tokens):
        commit = _parse_commit(tokens[start : start + FIELD_COUNT])
        end = start + FIELD_COUNT
        while end < len(tokens) and (length := _token_count(tokens[end])):
            end += length
        changes = [*parse_changes(tokens[start + FIELD_COUNT : end])]
        yield CommitChanges(commit, tuple(files_of(changes)), tuple(pins_of(changes)))
        start = end


def _token_count(token: bytes) -> int:
    """The number of tokens of the change that starts here; 0 at a commit. A merge has one more, which is empty."""
    if not token:
        return 1
    if not token.lstrip(b"\n").startswith(b":"):
        return 0
    return 3 if _has_two_paths(token) else 2


def parse_changes(tokens: list[bytes]) -> Iterator[FileChange | PinChange]:
    """The changes in raw diff lines, split at NULs; paths are relative to the top of the work tree.

    Symbolic links count as missing: a file that becomes one is deleted.
    """
    rest = iter(tokens)
    for line in rest:
        if not line.strip():
            continue
        # A merge has one colon, one mode and one id for each parent before those of the result.
        parents = len(line.lstrip(b"\n")) - len(line.lstrip(b"\n:"))
        words = line.strip(b"\n:").decode().split(" ")
        before = os.fsdecode(next(rest))
        path = os.fsdecode(next(rest)) if _has_two_paths(line) else before
        old = ("", "") if words[-1].startswith("C") else (words[0], words[parents + 1])
        new = words[parents], words[2 * parents + 1]
        yield from _file_change(before, path, old, new)  # a file may become a submodule, which is one of each
        yield from _pin_change(before, path, old, new)


def _file_change(old_path: str, path: str, old: Side, new: Side) -> Iterator[FileChange]:
    old_id, new_id = (name if mode in FILE_MODES else None for mode, name in (old, new))
    if old_id or new_id:
        status: Status = "A" if not old_id else "D" if not new_id else "M" if path == old_path else "R"
        yield FileChange(status, path, old_path if old_id else None, old_id, new_id)


def _pin_change(old_path: str, path: str, old: Side, new: Side) -> Iterator[PinChange]:
    old_id, new_id = (name if mode == SUBMODULE_MODE else None for mode, name in (old, new))
    if old_id or new_id:
        yield PinChange(path, old_path if old_id else None, old_id, new_id)


def files_of(changes: Iterable[FileChange | PinChange]) -> list[FileChange]:
    """Those of the changes that are of files."""
    return [change for change in changes if isinstance(change, FileChange)]


def pins_of(changes: Iterable[FileChange | PinChange]) -> list[PinChange]:
    """Those of the changes that are of submodules."""
    return [change for change in changes if isinstance(change, PinChange)]


def join_changes(changes: Iterable[FileChange], *, detect_renames: bool = True) -> list[FileChange]:
    """Changes of several places as one list in order of path: what is deleted here and added there is one change.

    A deleted file and a new one with the same bytes are one rename, unless `detect_renames` is off.
    """
    found = list(changes)
    by_path = {change.path: change for change in found if change.status == "A"}
    same = {change.path: change for change in found if change.status == "D" and change.path in by_path}
    kept = [change for change in found if change.path not in same]
    replaced = ((before, by_path[path]) for path, before in same.items())
    kept += [
        FileChange("M", new.path, new.path, old.old_id, new.new_id) for old, new in replaced if old.old_id != new.new_id
    ]
    return sorted(_join_renames(kept) if detect_renames else kept, key=lambda change: change.path)


def _join_renames(changes: list[FileChange]) -> list[FileChange]:
    deleted = {change.old_id: change for change in changes if change.status == "D"}
    sources = {
        change.path: source
        for change in changes
        if change.status == "A" and (source := deleted.pop(change.new_id, None)) is not None
    }
    moved = {source.path for source in sources.values()}
    joined = []
    for change in changes:
        if source := sources.get(change.path):
            joined.append(FileChange("R", change.path, source.path, source.old_id, change.new_id))
        elif change.path not in moved or change.status != "D":
            joined.append(change)
    return joined


def _has_two_paths(line: bytes) -> bool:
    return line.rsplit(b" ", 1)[-1][:1] in (b"R", b"C") and not line.lstrip(b"\n").startswith(b"::")


def _parse_commit(fields: list[bytes]) -> Commit:
    name, parents, when, author, email, subject = (field.decode("utf-8", "replace") for field in fields)
    return Commit(name, tuple(parents.split()), _parse_moment(when), author, email, subject)


def _parse_moment(raw: str) -> datetime:
    """The time in a raw git date (`1775642400 +0200`); an impossible date becomes the first of 1970."""
    seconds, _, offset = raw.partition(" ")
    try:
        minutes = int(offset[1:3]) * 60 + int(offset[3:5])
        zone = timezone(timedelta(minutes=-minutes if offset.startswith("-") else minutes))
        return datetime.fromtimestamp(int(seconds), zone)
    except (ValueError, OverflowError, OSError):
        return datetime.fromtimestamp(0, UTC)
