"""Plain values for problems in files: place, message, severity."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal, NamedTuple

Route = tuple[str | int, ...]
# A stable word for each way in which a command can fail.
ErrorCode = Literal[
    "usage", "settings", "files", "not-found", "ambiguous", "confirm", "refused", "conflict", "git", "io", "source",
    "interrupted", "internal",
]  # fmt: skip
Severity = Literal["error", "warning", "info", "ignore"]
SEVERITIES: tuple[Severity, ...] = ("error", "warning", "info", "ignore")


class Span(NamedTuple):
    """A range of text; lines and columns count characters from 1, the end column is one after the last character."""

    line: int
    column: int
    end_line: int
    end_column: int


START = Span(1, 1, 1, 1)
CONFLICT_MESSAGE = "unresolved merge conflict"  # what a file with the markers of git is said to have


class FileProblem(NamedTuple):
    """A problem found while reading or parsing a file, before its data is validated."""

    code: str
    message: str
    span: Span
    help: str = ""
    related: tuple[tuple[Span, str], ...] = ()


class Related(NamedTuple):
    """Another place of a diagnostic, such as the first of two duplicates."""

    path: str
    span: Span
    message: str


class Replacement(NamedTuple):
    """One edit of a fix: the characters of `span` become `text`."""

    span: Span
    text: str


class Location(NamedTuple):
    """Where a comment suppresses a finding: at the end of `line`, or alone above `first_line`."""

    path: str
    line: int
    first_line: int


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """A finding of `check` with its place, ready for any output format.

    `suppression_location` is where a comment can suppress it, None if no comment can. Paths are relative to the
    workspace; in the report of a run, which may be about several, they begin at git's top, and `workspace` is the path
    of the workspace from there (`.` for the top itself).
    """

    path: str
    span: Span
    code: str
    name: str
    severity: Severity
    message: str
    help: str = ""
    ref: str | None = None
    related: tuple[Related, ...] = ()
    fix: tuple[Replacement, ...] = ()
    suppression_location: Location | None = None
    workspace: str = "."

    @property
    def is_fixable(self) -> bool:
        """Whether `check --fix` can fix it."""
        return bool(self.fix)

    @property
    def sort_key(self) -> tuple[str, int, int, str, Span, str]:
        """The order in which diagnostics are shown: path, line, column, code."""
        return (self.path, self.span.line, self.span.column, self.code, self.span, self.message)

    def moved_to(self, workspace: str) -> Diagnostic:
        """The diagnostic of a workspace with paths from the folder that `workspace` is relative to."""
        if workspace == ".":
            return self
        prefix, place = f"{workspace}/", self.suppression_location
        return replace(
            self,
            path=prefix + self.path,
            related=tuple(other._replace(path=prefix + other.path) for other in self.related),
            suppression_location=place and place._replace(path=prefix + place.path),
            workspace=workspace,
        )
