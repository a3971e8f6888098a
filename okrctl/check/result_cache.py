"""Keeps the report of a check, for the next check of files that have not changed since."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from okrctl import cache, files
from okrctl.cache import FileState, repository_state
from okrctl.check.report import CheckReport, LazyTexts
from okrctl.files import record
from okrctl.values.diagnostic import Diagnostic, FileProblem, Location, Related, Replacement, Span

SEALS = "scorecards/*.json"
BROKEN_ENTRY = (AttributeError, LookupError, RecursionError, TypeError, ValueError)


class WorkspaceState(NamedTuple):
    """All that a report depends on in the files, taken before any of them is read."""

    settings: dict[str, FileState | None]
    patterns: list[list[str]]
    seals: list[str]
    problems: dict[str, FileProblem | None]
    file_states: dict[str, FileState | None]

    def to_plain(self) -> dict[str, Any]:
        """Return the state as JSON can hold it."""
        problems = {path: problem.message for path, problem in self.problems.items() if problem is not None}
        return {
            "settings": self.settings, "patterns": self.patterns, "seals": self.seals, "faults": problems,
            "files": self.file_states,
        }  # fmt: skip


class ResultCache:
    """The cached report of one check: one folder, one day, one selection of rules.

    A workspace of ten thousand files takes many seconds to check, and hooks and editors check it again and again. An
    entry holds the report, and the size, times and inode of each file that the report depends on. While all of these
    are as they were, and no file appeared or vanished, the report holds: no file is opened, and the modules that parse
    and check are not even imported. Contents are not hashed, because reading them all is the slow part; only a file
    that changed within the last seconds is compared by its content, as it may change again under the same time.
    """

    def __init__(self, root: Path, today: date, request: object) -> None:
        self.root = root
        self.state: WorkspaceState | None = None
        self.history: dict[str, Any] | None = None
        self._store = cache.open_store("check")
        self._key = cache.cache_key(os.path.realpath(root), str(today), request)

    def load(self) -> CheckReport | None:
        """Return the cached report, None where something changed; `state` is what there is now in either case.

        `history` is what was kept with the last report, even if something has changed since.
        """
        if self._store is None:
            return None
        report = self._load_entry(self._store.load(self._key))
        self.state = self.state or read_state(self.root)
        return report

    def save(self, report: CheckReport, history: dict[str, Any]) -> None:
        """Keep a report that was made after `load`, unless a CSV file may have changed while it was read.

        `history` is what was compared with history, as JSON can hold it.
        """
        if self._store is None or self.state is None:
            return
        related = cache.file_states(self.root, report.related_paths)
        if any(state is not None and cache.is_racy(state) for state in related.values()):
            record.note_unknown()
        else:
            entry = self.state.to_plain() | {"beside": related, "report": _report_to_plain(report)}
            entry["history"] = history
            self._store.save(self._key, json.dumps(entry).encode())

    def _load_entry(self, saved: bytes | None) -> CheckReport | None:
        try:
            entry = json.loads(saved or b"")
            self.history = entry["history"]
            if not cache.is_unchanged(self.root, entry["settings"]):
                return None
            self.state = read_state(self.root, entry["patterns"], entry["settings"])
        except BROKEN_ENTRY:
            return None
        try:
            now = self.state.to_plain()
            unchanged = (
                cache.is_unchanged(self.root, entry["beside"])
                and all(now[key] == entry[key] for key in ("seals", "faults"))
                and cache.is_same_state(self.root, entry["files"], self.state.file_states)
            )
            return _report_from_plain(self.root, entry) if unchanged else None
        except BROKEN_ENTRY:
            return None


class KeptHistory(NamedTuple):
    """What a check compared with history: what git and the seals were, what it found, and what it knows for the next.

    `known` is for `goal_history`, as JSON holds it.
    """

    git: list[object] | None = None
    seals: dict[str, FileState | None] | None = None
    diagnostics: tuple[Diagnostic, ...] = ()
    left_out: str = ""
    known: Any = None

    @staticmethod
    def take(root: Path) -> KeptHistory:
        """The state of git and the seals, before any of it is read."""
        seals = [path for path, _ in files.find(root, [SEALS])]
        return KeptHistory(repository_state.read_history(root), cache.file_states(root, seals))

    @staticmethod
    def from_plain(plain: dict[str, Any] | None) -> KeptHistory:
        """What `to_plain` turned into JSON; nothing where it was damaged."""
        try:
            kept = KeptHistory(**(plain or {}))
            return kept._replace(diagnostics=tuple(diagnostic_from_plain(*each) for each in kept.diagnostics))  # type: ignore[misc]
        except BROKEN_ENTRY:
            return KeptHistory()

    def to_plain(self) -> dict[str, Any]:
        """The same as JSON can hold it."""
        return self._asdict() | {"diagnostics": [diagnostic_to_plain(each) for each in self.diagnostics]}

    def is_current(self, root: Path) -> bool:
        """Whether git and the seals are as they were."""
        now = KeptHistory.take(root)
        if self.seals is None or now.seals is None or now.git != self.git:
            return False
        return cache.is_same_state(root, self.seals, now.seals)


def read_state(
    root: Path, patterns: list[list[str]] | None = None, settings_paths: Iterable[str] = (files.SETTINGS_NAME,)
) -> WorkspaceState:
    """Return the state of a workspace; without `patterns`, those of its settings are read.

    `settings_paths` are those of its settings and of the files that they extend, which are found with the patterns.
    """
    settings = cache.file_states(root, settings_paths)
    if patterns is None:
        from okrctl.workspace import disk

        config, file = disk.read_settings(root)
        patterns = [config.include, config.exclude]
        settings |= cache.file_states(root, [path for path, _ in (file.extended if file else ())])
    problems = dict(files.find(root, *patterns))
    seals = [path for path, _ in files.find(root, [SEALS])]
    return WorkspaceState(settings, patterns, seals, problems, cache.file_states(root, problems))


def _report_to_plain(report: CheckReport) -> dict[str, Any]:
    """Return a report as plain data, without its texts."""
    diagnostics = [diagnostic_to_plain(diagnostic) for diagnostic in report.diagnostics]
    csvs = [path for path in report.related_paths if path in report.texts]
    return {"diagnostics": diagnostics, "files": report.files, "fail_on": report.fail_on, "csvs": csvs}


def _report_from_plain(root: Path, entry: dict[str, Any]) -> CheckReport:
    saved = entry["report"]
    settings = [files.SETTINGS_NAME] if entry["settings"][files.SETTINGS_NAME] is not None else []
    texts = LazyTexts([*settings, *entry["files"], *saved["csvs"]], partial(read_text, root))
    diagnostics = tuple(diagnostic_from_plain(*plain) for plain in saved["diagnostics"])
    return CheckReport(diagnostics, saved["files"], texts, saved["fail_on"], related_paths=tuple(entry["beside"]))


def diagnostic_to_plain(diagnostic: Diagnostic) -> list[Any]:
    """Return a diagnostic as JSON can hold it."""
    return [
        diagnostic.path, diagnostic.span, diagnostic.code, diagnostic.name, diagnostic.severity, diagnostic.message,
        diagnostic.help, diagnostic.ref, diagnostic.related, diagnostic.fix, diagnostic.suppression_location,
    ]  # fmt: skip


def diagnostic_from_plain(
    path: str, span: list[int], code: str, name: str, severity: Any, message: str, help: str, ref: str | None,
    related: list[Any], fix: list[Any], location: list[Any] | None,
) -> Diagnostic:  # fmt: skip
    """Return the diagnostic that `diagnostic_to_plain` turned into these values."""
    return Diagnostic(
        path, Span(*span), code, name, severity, message, help, ref,
        tuple(Related(other, Span(*span), text) for other, span, text in related),
        tuple(Replacement(Span(*span), text) for span, text in fix),
        None if location is None else Location(*location),
    )  # fmt: skip


def read_text(root: Path, path: str) -> str:
    """Return the text of a file, empty where it cannot be read."""
    content = files.read(root, path)
    try:
        return content.decode() if isinstance(content, bytes) else ""
    except UnicodeDecodeError:
        return ""
