"""Answers a check from the cache where nothing has changed since, and remembers the answer where something has."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from okrctl import cache, files
from okrctl.cache import FileState
from okrctl.check.report import CheckReport, LazyTexts
from okrctl.cli.session import Session
from okrctl.values.diagnostic import Diagnostic, FileProblem, Location, Related, Replacement, Span

SEALS = "scorecards/*.json"


class WorkspaceState(NamedTuple):
    """All that an answer depends on in the files, before any of them is read."""

    settings: dict[str, FileState | None]
    patterns: list[list[str]]
    seals: list[str]
    faults_by_path: dict[str, FileProblem | None]
    stamps: dict[str, FileState | None]

    def to_plain(self) -> dict[str, Any]:
        """The same as JSON can hold it."""
        faults = {path: fault.message for path, fault in self.faults_by_path.items() if fault is not None}
        return {
            "settings": self.settings, "patterns": self.patterns, "seals": self.seals, "faults": faults,
            "files": self.stamps,
        }  # fmt: skip


def cached_report(
    session: Session, request: object, compute: Callable[[WorkspaceState | None], CheckReport]
) -> CheckReport:
    """What `afresh` answers; `asked` is all that its answer depends on beside the files and the day."""
    store = cache.open_store("check")
    if store is None:
        return compute(None)
    root = session.root
    key = cache.cache_key(os.path.realpath(root), str(session.today), request)
    seen, known = _load_entry(root, store.load(key))
    if known is not None:
        return known
    seen = seen or _read_state(root, None)
    found = compute(seen)
    beside = cache.file_states(root, found.related_paths)
    if not any(look is not None and cache.is_racy(look) for look in beside.values()):  # it was read before this look
        store.save(key, json.dumps(seen.to_plain() | {"beside": beside, "report": _report_to_plain(found)}).encode())
    return found


def _read_state(root: Path, patterns: list[list[str]] | None) -> WorkspaceState:
    """What there is now; without `patterns` those of the settings."""
    settings = cache.file_states(root, [files.SETTINGS_NAME])
    if patterns is None:
        from okrctl.cli import load

        config, _ = load.read_settings(root)
        patterns = [config.include, config.exclude]
    listed = dict(files.find(root, *patterns))
    return WorkspaceState(settings, patterns, _seal_paths(root), listed, cache.file_states(root, listed))


def _load_entry(root: Path, saved: bytes | None) -> tuple[WorkspaceState | None, CheckReport | None]:
    """What there is now, and the answer of an entry: None where anything has changed, or it is no entry."""
    try:
        entry = json.loads(saved or b"")
        if not cache.is_unchanged(root, entry["settings"]):
            return None, None
        seen = _read_state(root, entry["patterns"])
    except (AttributeError, LookupError, RecursionError, TypeError, ValueError):
        return None, None
    try:
        now, same = seen.to_plain(), cache.is_unchanged(root, entry["beside"])
        same = same and all(now[what] == entry[what] for what in ("seals", "faults"))
        same = same and cache.is_same_state(root, entry["files"], seen.stamps)
        return seen, _report_from_plain(root, entry) if same else None
    except (AttributeError, LookupError, RecursionError, TypeError, ValueError):
        return seen, None


def _seal_paths(root: Path) -> list[str]:
    return [path for path, _ in files.find(root, [SEALS])]


def _report_to_plain(found: CheckReport) -> dict[str, Any]:
    """A report as plain data, without its texts."""
    diagnostics = [diagnostic_to_plain(one) for one in found.diagnostics]
    csvs = [path for path in found.related_paths if path in found.texts]
    return {"diagnostics": diagnostics, "files": found.files, "fail_on": found.fail_on, "csvs": csvs}


def diagnostic_to_plain(one: Diagnostic) -> list[Any]:
    """A diagnostic as JSON can hold it."""
    return [
        one.path, one.span, one.code, one.name, one.severity, one.message, one.help, one.ref, one.related, one.fix,
        one.suppression_location,
    ]  # fmt: skip


def _report_from_plain(root: Path, entry: dict[str, Any]) -> CheckReport:
    kept = entry["report"]
    settings = [files.SETTINGS_NAME] if entry["settings"][files.SETTINGS_NAME] is not None else []
    texts = LazyTexts([*settings, *entry["files"], *kept["csvs"]], partial(read_text, root))
    found = tuple(diagnostic_from_plain(*one) for one in kept["diagnostics"])
    return CheckReport(found, kept["files"], texts, kept["fail_on"], related_paths=tuple(entry["beside"]))


def diagnostic_from_plain(
    path: str, span: list[int], code: str, name: str, severity: Any, message: str, help: str, ref: str | None,
    related: list[Any], fix: list[Any], home: list[Any] | None,
) -> Diagnostic:  # fmt: skip
    """A diagnostic out of what `plain` made of it."""
    return Diagnostic(
        path, Span(*span), code, name, severity, message, help, ref,
        tuple(Related(other, Span(*place), said) for other, place, said in related),
        tuple(Replacement(Span(*place), text) for place, text in fix),
        None if home is None else Location(*home),
    )  # fmt: skip


def read_text(root: Path, path: str) -> str:
    """The text of a file, empty where it cannot be read."""
    content = files.read(root, path)
    try:
        return content.decode() if isinstance(content, bytes) else ""
    except UnicodeDecodeError:
        return ""
