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

    `fail_on` is the lowest severity that fails the check. Paths are relative to the workspace. `path_from_repository`
    leads from the root of the repository to the workspace; it is empty or ends in a slash. `current_folder` is the
    folder of the run, empty at the root. `related_paths` are the CSV files that were used, including missing ones.
    """

    diagnostics: tuple[Diagnostic, ...]
    files: int
    texts: Mapping[str, str]
    fail_on: Severity = "error"
    path_from_repository: str = ""
    current_folder: str = ""
    related_paths: tuple[str, ...] = ()

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

    @property
    def is_empty(self) -> bool:
        """Whether the workspace has no files besides the settings."""
        return not self.texts.keys() - {SETTINGS_NAME}

    def is_failure(self, diagnostic: Diagnostic) -> bool:
        """Whether a diagnostic is severe enough to fail the check."""
        return SEVERITIES.index(diagnostic.severity) <= SEVERITIES.index(self.fail_on)

    @property
    def has_failed(self) -> bool:
        """Whether any diagnostic fails the check."""
        return any(map(self.is_failure, self.diagnostics))

    def relative_path(self, path: str) -> str:
        """A path relative to the folder of the run."""
        return posixpath.relpath(path, self.current_folder) if self.current_folder else path

    def filtered(self, is_wanted: Callable[[Diagnostic], bool]) -> CheckReport:
        """The same report with only the wanted diagnostics."""
        return replace(self, diagnostics=tuple(filter(is_wanted, self.diagnostics)))

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

        Diagnostics that are equal in these are numbered, so that all fingerprints of a report differ.
        """
        counts: Counter[tuple[str, ...]] = Counter()
        fingerprints = []
        for diagnostic in self.diagnostics:
            message = _LINE_NUMBER.sub(r"\1", diagnostic.message)
            key = (diagnostic.code, diagnostic.ref or diagnostic.path, message)
            text = "\0".join((*key, str(counts[key])))
            counts[key] += 1
            fingerprints.append(hashlib.sha256(text.encode("utf-8", "replace")).hexdigest())
        return fingerprints
