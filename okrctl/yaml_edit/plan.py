"""The files that a command is about to write, for messages and a dry run."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from okrctl.values.readings import CsvReadings
    from okrctl.yaml_edit import Edit

_LINE = re.compile(r"[^\n]*\n|[^\n]+\Z")


class FileChange(NamedTuple):
    """A file with its old and its new text; None if it does not exist, or is deleted."""

    path: str
    old: str | None
    new: str | None


class FileEdit(NamedTuple):
    """The edits of a file of goals, and the text that their routes belong to."""

    path: str
    text: str
    edits: tuple[Edit, ...]


class CsvEdit(NamedTuple):
    """The values of days that are written into a CSV file of readings, and how that file is read."""

    path: str
    reference: CsvReadings
    readings: Mapping[date, str]


class WritePlan(NamedTuple):
    """The files to write, a message for each change, and the commit message.

    `edits` are those that the changes were computed from, where they are known: what a commit holds. A file may have
    edits without a change: it says already what they write, but is not committed.
    """

    changes: tuple[FileChange, ...]
    messages: tuple[str, ...]
    message: str
    edits: tuple[FileEdit | CsvEdit, ...] = ()

    @property
    def paths(self) -> list[str]:
        """The files that are written or committed."""
        return sorted({*(change.path for change in self.changes), *(made.path for made in self.edits)})

    def diff(self) -> str:
        """The changes as a unified diff."""
        return "".join(map(_unified_diff, self.changes))


def build_plan(
    old: Mapping[str, str | None],
    new: Mapping[str, str | None],
    messages: tuple[str, ...],
    message: str,
    edits: Sequence[FileEdit | CsvEdit] = (),
) -> WritePlan:
    """The plan that replaces old texts by new ones, by path, without the files that stay the same."""
    changes = (FileChange(path, old.get(path), text) for path, text in sorted(new.items()) if old.get(path) != text)
    return WritePlan(tuple(changes), messages, message, tuple(edits))


def _unified_diff(change: FileChange) -> str:
    old, new = (_LINE.findall(text or "") for text in (change.old, change.new))
    before = "/dev/null" if change.old is None else f"a/{change.path}"
    after = "/dev/null" if change.new is None else f"b/{change.path}"
    lines = difflib.unified_diff(old, new, before, after)
    return "".join(line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in lines)
