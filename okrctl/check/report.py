"""The report of a check: its diagnostics, and what output formats need besides, such as texts and counts."""

from __future__ import annotations

import hashlib
import posixpath
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import NamedTuple

from okrctl.files import SETTINGS_NAME
from okrctl.values.diagnostic import SEVERITIES, Diagnostic, Severity

_LINE_BREAK = re.compile(r"\r\n|[\r\n]")
SEAL_PATH = re.compile(r"scorecards/.+\.json")
_LINE_NUMBER = re.compile(r"\b(lines?) \d+")


class RuleCount(NamedTuple):
    """The number of findings of one rule."""

    code: str
    name: str
    severity: Severity
    findings: int
    fixable: int


@dataclass(frozen=True)
class Statistics:
    """The counts of the rules that found something, the most frequent first."""

    rule_counts: tuple[RuleCount, ...]
    files: int


class UnreadPath(NamedTuple):
    """A requested path that no workspace reads: as it was written, why, and the path from git's top."""

    name: str
    why: str
    path: str


class WorkspaceCounts(NamedTuple):
    """A workspace of a run, by its path from git's top: its files, its diagnostics, what fails it, and its base."""

    root: str
    files: int
    counts: dict[Severity, int]
    fail_on: Severity
    base: str = ""


class LazyTexts(Mapping[str, str]):
    """The texts of files by path, each loaded on first access."""

    def __init__(self, paths: Iterable[str], load_text: Callable[[str], str]) -> None:
        self._texts: dict[str, str | None] = dict.fromkeys(paths)
        self._load_text = load_text

    def __getitem__(self, path: str) -> str:
        text = self._texts[path]
        if text is None:
            text = self._texts[path] = self._load_text(path)
        return text

    def __iter__(self) -> Iterator[str]:
        return iter(self._texts)

    def __len__(self) -> int:
        return len(self._texts)


@dataclass(frozen=True)
class CheckReport:
    """The diagnostics of a workspace, the number of checked files, and their texts by path.

    `fail_on` is the lowest severity that fails the check. Paths are relative to the workspace; `join_reports` makes
    the report of a run, in which they begin at git's top. There, `current_folder` is the folder of the run, empty at
    the top, `workspaces` are those checked, and `unread` the requested paths that none of them reads. `related_paths`
    are the CSV files that were used, including missing ones. `left_out` says why goals were not compared with what was
    agreed, empty where they were. `base` is the commit that changes were checked since, empty without one.
    """

    diagnostics: tuple[Diagnostic, ...]
    files: int
    texts: Mapping[str, str]
    fail_on: Severity = "error"
    current_folder: str = ""
    related_paths: tuple[str, ...] = ()
    workspaces: tuple[WorkspaceCounts, ...] = ()
    unread: tuple[UnreadPath, ...] = ()
    left_out: str = ""
    base: str = ""

    @property
    def counts(self) -> dict[Severity, int]:
        """The number of diagnostics of each severity."""
        counts = Counter(diagnostic.severity for diagnostic in self.diagnostics)
        return {severity: counts[severity] for severity in SEVERITIES if severity != "ignore"}

    @property
    def most_severe_first(self) -> list[Diagnostic]:
        """The diagnostics by severity, otherwise in the usual order."""
        return sorted(self.diagnostics, key=lambda diagnostic: SEVERITIES.index(diagnostic.severity))

    @property
    def statistics(self) -> Statistics:
        """The number of findings of each rule."""
        groups: dict[tuple[str, str, Severity], list[Diagnostic]] = {}
        for diagnostic in self.diagnostics:
            groups.setdefault((diagnostic.code, diagnostic.name, diagnostic.severity), []).append(diagnostic)
        counts = [
            RuleCount(*rule, len(group), sum(diagnostic.is_fixable for diagnostic in group))
            for rule, group in groups.items()
        ]
        return Statistics(tuple(sorted(counts, key=lambda count: (-count.findings, count.code))), self.files)

    def reads(self, path: str) -> bool:
        """Whether a path is a file that was read, or a folder with one besides the settings; seals are read too."""
        if path in self.texts or path in self.related_paths or SEAL_PATH.fullmatch(path):
            return True
        prefix = f"{path}/" if path else ""
        names = (name for name in (*self.texts, *self.related_paths) if name != SETTINGS_NAME)
        return any(name.startswith(prefix) for name in names)

    def is_failure(self, diagnostic: Diagnostic) -> bool:
        """Whether a diagnostic is severe enough to fail the check of its workspace."""
        fail_on = self._fail_on.get(diagnostic.workspace, self.fail_on)
        return SEVERITIES.index(diagnostic.severity) <= SEVERITIES.index(fail_on)

    @cached_property
    def _fail_on(self) -> dict[str, Severity]:
        return {workspace.root: workspace.fail_on for workspace in self.workspaces}

    @property
    def has_failed(self) -> bool:
        """Whether any diagnostic fails the check."""
        return any(map(self.is_failure, self.diagnostics))

    def relative_path(self, path: str) -> str:
        """A path relative to the folder of the run."""
        return posixpath.relpath(path, self.current_folder) if self.current_folder else path

    def select(self, is_wanted: Callable[[Diagnostic], bool]) -> CheckReport:
        """The same report with only the wanted diagnostics."""
        return replace(self, diagnostics=tuple(filter(is_wanted, self.diagnostics)))

    def joined_with(self, diagnostics: Iterable[Diagnostic], left_out: str) -> CheckReport:
        """The report with further diagnostics, but those of a rule that speaks of the place already."""
        known = {(each.code, each.path, each.span) for each in self.diagnostics}
        new = [each for each in diagnostics if (each.code, each.path, each.span) not in known]
        joined = sorted([*self.diagnostics, *new], key=lambda each: each.sort_key) if new else self.diagnostics
        return replace(self, diagnostics=tuple(joined), left_out=left_out)

    def line(self, path: str, number: int) -> str | None:
        """One line of a file, without a byte order mark; None if there is no such line."""
        lines = self._lines.get(path)
        if lines is None:
            text = self.texts.get(path, "").removeprefix("\ufeff")
            lines = self._lines[path] = _LINE_BREAK.split(text) if text.strip() else []
        return lines[number - 1] if 0 < number <= len(lines) else None

    @cached_property
    def _lines(self) -> dict[str, list[str]]:
        return {}

    def fingerprints(self) -> list[str]:
        """A hash for each diagnostic that stays the same when lines move: of code, reference or path, and message.

        The workspace is part of it, since two may have the same references. Diagnostics that are equal in these are
        numbered, so that all fingerprints of a report differ.
        """
        counts: Counter[tuple[str, ...]] = Counter()
        fingerprints = []
        for diagnostic in self.diagnostics:
            message = _LINE_NUMBER.sub(r"\1", diagnostic.message)
            key = (diagnostic.workspace, diagnostic.code, diagnostic.ref or diagnostic.path, message)
            text = "\0".join((*key, str(counts[key])))
            counts[key] += 1
            fingerprints.append(hashlib.sha256(text.encode("utf-8", "replace")).hexdigest())
        return fingerprints


def join_reports(reports: Mapping[str, CheckReport], current_folder: str, unread: Iterable[UnreadPath]) -> CheckReport:
    """The report of a run: those of its workspaces, by the path of each from git's top (`.` for the top itself).

    This alone makes the paths of all formats that programs read. `current_folder` leads from git's top to the folder
    of the run.
    """
    diagnostics = [each.moved_to(root) for root, report in reports.items() for each in report.diagnostics]
    owners = {join_path(root, path): (report, path) for root, report in reports.items() for path in report.texts}

    def load_text(path: str) -> str:
        report, inner = owners[path]
        return report.texts[inner]

    return CheckReport(
        tuple(sorted(diagnostics, key=lambda each: each.sort_key)) if len(reports) > 1 else tuple(diagnostics),
        sum(report.files for report in reports.values()),
        LazyTexts(owners, load_text),
        current_folder=current_folder,
        related_paths=tuple(join_path(root, path) for root, report in reports.items() for path in report.related_paths),
        workspaces=tuple(
            WorkspaceCounts(root, report.files, report.counts, report.fail_on, report.base)
            for root, report in reports.items()
        ),
        unread=tuple(unread),
        left_out=next((report.left_out for report in reports.values() if report.left_out), ""),
    )


def join_path(workspace: str, path: str) -> str:
    """A path of a workspace from git's top, where the workspace is at this path."""
    return path if workspace == "." else f"{workspace}/{path}"
