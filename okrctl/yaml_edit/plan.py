"""The files that a command is about to write, for messages and a dry run."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from typing import NamedTuple

_LINE = re.compile(r"[^\n]*\n|[^\n]+\Z")


class FileChange(NamedTuple):
    """A file with its old and its new text; None if it does not exist, or is deleted."""

    path: str
    old: str | None
    new: str | None


class WritePlan(NamedTuple):
    """The files to write, a message for each change, and the commit message."""

    changes: tuple[FileChange, ...]
    messages: tuple[str, ...]
    message: str

    def diff(self) -> str:
        """The changes as a unified diff."""
        return "".join(map(_unified_diff, self.changes))


def build_plan(
    old: Mapping[str, str | None], new: Mapping[str, str | None], messages: tuple[str, ...], message: str
) -> WritePlan:
    """The plan that replaces old texts by new ones, by path, without the files that stay the same."""
    changes = (FileChange(path, old.get(path), text) for path, text in sorted(new.items()) if old.get(path) != text)
    return WritePlan(tuple(changes), messages, message)


def _unified_diff(change: FileChange) -> str:
    old, new = (_LINE.findall(text or "") for text in (change.old, change.new))
    before = "/dev/null" if change.old is None else f"a/{change.path}"
    after = "/dev/null" if change.new is None else f"b/{change.path}"
    lines = difflib.unified_diff(old, new, before, after)
    return "".join(line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in lines)
