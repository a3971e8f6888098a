"""Carries the findings of one check with all that their formats need: texts, counts, places, stable names."""

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
    """How often one rule has found something."""

    code: str
    name: str
    severity: Severity
    findings: int
    fixable: int


@dataclass(frozen=True)
class Statistics:
    """The tallies of the rules that found something, the most frequent first."""

    rule_counts: tuple[RuleCount, ...]
    files: int


class LazyTexts(Mapping[str, str]):
    """The texts of files by path, each got when it is asked for."""

    def __init__(self, paths: Iterable[str], get: Callable[[str], str]) -> None:
        self._texts: dict[str, str | None] = dict.fromkeys(paths)
        self._load_text = get

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
    """The diagnostics of a workspace, how many files were looked at, and the texts by path.

    `fail_on` is the least severity that fails the check. Paths are those of the workspace: `from_top` leads from the
    root of the repository to it, and is empty or ends in a slash; `here` is the folder of the run, empty at the root.
    `beside` are the files that are no documents and had a say, be they there or not.
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
        """How many diagnostics there are of each severity."""
        found = Counter(one.severity for one in self.diagnostics)
        return {severity: found[severity] for severity in SEVERITIES if severity != "ignore"}

    @property
    def most_severe_first(self) -> list[Diagnostic]:
        """The diagnostics by severity, those of one severity in the usual order."""
        return sorted(self.diagnostics, key=lambda one: SEVERITIES.index(one.severity))

    @property
    def statistics(self) -> Statistics:
        """How much each rule has found."""
        groups: dict[tuple[str, str, Severity], list[Diagnostic]] = {}
        for one in self.diagnostics:
            groups.setdefault((one.code, one.name, one.severity), []).append(one)
        tallies = [RuleCount(*key, len(ones), sum(one.is_fixable for one in ones)) for key, ones in groups.items()]
        return Statistics(tuple(sorted(tallies, key=lambda one: (-one.findings, one.code))), self.files)

    @property
    def is_empty(self) -> bool:
        """Whether there was nothing to look at but the settings."""
        return not self.texts.keys() - {SETTINGS_NAME}

    def is_failure(self, one: Diagnostic) -> bool:
        """Whether a diagnostic is bad enough to fail the check."""
        return SEVERITIES.index(one.severity) <= SEVERITIES.index(self.fail_on)

    @property
    def has_failed(self) -> bool:
        """Whether anything fails the check."""
        return any(map(self.is_failure, self.diagnostics))

    def relative_path(self, path: str) -> str:
        """A path as it is written in the folder of the run."""
        return posixpath.relpath(path, self.current_folder) if self.current_folder else path

    def filtered(self, wanted: Callable[[Diagnostic], bool]) -> CheckReport:
        """The same report with fewer diagnostics."""
        return replace(self, diagnostics=tuple(one for one in self.diagnostics if wanted(one)))

    def line(self, path: str, number: int) -> str | None:
        """One line of a file, without a byte order mark; None where there is nothing to show."""
        lines = self._lines.get(path)
        if lines is None:
            text = self.texts.get(path, "").removeprefix("\ufeff")
            lines = self._lines[path] = _LINE_BREAK.split(text) if text.strip() else []
        return lines[number - 1] if 0 < number <= len(lines) else None

    @cached_property
    def _lines(self) -> dict[str, list[str]]:
        return {}

    def fingerprints(self) -> list[str]:
        """A name for each diagnostic that stays when lines move: from reference or path, code and message.

        Equal ones are numbered in the order of the report, so that all names of a report differ.
        """
        seen: Counter[tuple[str, ...]] = Counter()
        found = []
        for one in self.diagnostics:
            key = (one.code, one.ref or one.path, _LINE_NUMBER.sub(r"\1", one.message))
            parts = "\0".join((*key, str(seen[key])))
            seen[key] += 1
            found.append(hashlib.sha256(parts.encode("utf-8", "replace")).hexdigest())
        return found
