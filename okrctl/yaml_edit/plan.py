"""Holds what a command is about to write, so that it can be said and shown before it is done."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from typing import NamedTuple

_LINE = re.compile(r"[^\n]*\n|[^\n]+\Z")


class FileChange(NamedTuple):
    """A file of the workspace: what it holds and what it is to hold; None where there is none, or is to be none."""

    path: str
    old: str | None
    new: str | None


class WritePlan(NamedTuple):
    """The files that change, each sentence that says what it means, and the message for git."""

    changes: tuple[FileChange, ...]
    messages: tuple[str, ...]
    message: str

    def diff(self) -> str:
        """The changes as a unified diff."""
        return "".join(map(_unified_diff, self.changes))


def build_plan(
    old: Mapping[str, str | None], new: Mapping[str, str | None], says: tuple[str, ...], message: str
) -> WritePlan:
    """The plan that turns the old texts into the new ones, by path; texts that stay are left out."""
    changes = (FileChange(path, old.get(path), text) for path, text in sorted(new.items()) if old.get(path) != text)
    return WritePlan(tuple(changes), says, message)


def _unified_diff(change: FileChange) -> str:
    old, new = (_LINE.findall(text or "") for text in (change.old, change.new))
    before = "/dev/null" if change.old is None else f"a/{change.path}"
    after = "/dev/null" if change.new is None else f"b/{change.path}"
    lines = difflib.unified_diff(old, new, before, after)
    return "".join(line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in lines)
