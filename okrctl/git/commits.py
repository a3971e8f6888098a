"""Turns what `git log` and `git diff` print between NULs into commits and changes."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Literal, NamedTuple

FORMAT = ("-z", "--date=raw", "--no-color", "--no-notes", "--no-decorate", "--format=%H%x00%P%x00%cd%x00%an%x00%ae%x00%s")
RAW = ("--raw", "--no-abbrev", "-r", "-M", "--no-ext-diff", "--no-textconv", "--ignore-submodules=dirty")
FIELDS = 6

Status = Literal["A", "M", "D", "R"]


class Commit(NamedTuple):
    """One commit; `when` is the committer's date in the committer's own offset. At a shallow boundary it has no parents."""

    id: str
    parents: tuple[str, ...]
    when: datetime
    author: str
    email: str
    subject: str

    @property
    def day(self) -> date:
        """The day that the committer's calendar showed."""
        return self.when.date()


class Change(NamedTuple):
    """One path that differs; `old_path` where it was before (None if added), ids of blobs (None: not there, or not in git)."""

    status: Status
    path: str
    old_path: str | None
    old_id: str | None
    new_id: str | None


class Step(NamedTuple):
    """A commit together with what it changed."""

    commit: Commit
    changes: tuple[Change, ...]


def commits(output: bytes) -> list[Commit]:
    """The commits of a log printed with FORMAT."""
    return [step.commit for step in steps(output)]


def steps(output: bytes) -> Iterator[Step]:
    """The commits of a log printed with FORMAT, each with the changes that RAW adds."""
    tokens = output.split(b"\0")
    place = 0
    while place + FIELDS <= len(tokens):
        if not tokens[place]:  # git sets one more NUL behind a merge
            place += 1
            continue
        commit = _commit(tokens[place : place + FIELDS])
        end = place + FIELDS
        while end < len(tokens) and tokens[end].lstrip(b"\n").startswith(b":"):
            end += 3 if _renames(tokens[end]) else 2
        yield Step(commit, tuple(changes(tokens[place + FIELDS : end])))
        place = end


def changes(tokens: list[bytes]) -> Iterator[Change]:
    """The changes of raw lines that were split at NULs; paths as git has them, from the top of the work tree."""
    rest = iter(tokens)
    for line in rest:
        if not line.strip():
            continue
        # A merge has one colon, one mode and one id for each parent before those of the result.
        parents = len(line.lstrip(b"\n")) - len(line.lstrip(b"\n:"))
        words = line.strip(b"\n:").decode().split(" ")
        old, new = words[parents + 1], words[2 * parents + 1]
        before = os.fsdecode(next(rest))
        path = os.fsdecode(next(rest)) if _renames(line) else before
        status = _status(words[-1], old, new)
        yield Change(status, path, None if status == "A" else before, _blob(old), _blob(new))


def _renames(line: bytes) -> bool:
    return line.rsplit(b" ", 1)[-1][:1] in (b"R", b"C") and not line.lstrip(b"\n").startswith(b"::")


def _status(letters: str, old: str, new: str) -> Status:
    if letters.startswith("R"):
        return "R"
    if _blob(new) is None and letters.startswith("D"):
        return "D"
    return "A" if letters.startswith(("A", "C")) else "M"


def _blob(text: str) -> str | None:
    return text if text.strip("0") else None


def _commit(fields: list[bytes]) -> Commit:
    name, parents, when, author, email, subject = (field.decode("utf-8", "replace") for field in fields)
    return Commit(name, tuple(parents.split()), _moment(when), author, email, subject)


def _moment(raw: str) -> datetime:
    """Seconds and offset as git keeps them (`1775642400 +0200`); a date no calendar has becomes the first of 1970."""
    seconds, _, offset = raw.partition(" ")
    try:
        minutes = int(offset[1:3]) * 60 + int(offset[3:5])
        zone = timezone(timedelta(minutes=-minutes if offset.startswith("-") else minutes))
        return datetime.fromtimestamp(int(seconds), zone)
    except (ValueError, OverflowError, OSError):
        return datetime.fromtimestamp(0, UTC)
