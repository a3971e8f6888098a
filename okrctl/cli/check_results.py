"""Answers a check from the cache where nothing has changed since, and remembers the answer where something has."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from okrctl import cache, files
from okrctl.cache import Look
from okrctl.check.report import Report, Texts
from okrctl.cli.session import Session
from okrctl.values.diagnostic import Diagnostic, Fault, Home, Related, Replacement, Span

SEALS = "scorecards/*.json"


class Seen(NamedTuple):
    """All that an answer depends on in the files, before any of them is read."""

    settings: dict[str, Look | None]
    patterns: list[list[str]]
    seals: list[str]
    listed: dict[str, Fault | None]
    looks: dict[str, Look | None]

    def plain(self) -> dict[str, Any]:
        """The same as JSON can hold it."""
        faults = {path: fault.message for path, fault in self.listed.items() if fault is not None}
        return {
            "settings": self.settings, "patterns": self.patterns, "seals": self.seals, "faults": faults,
            "files": self.looks,
        }  # fmt: skip


def report(session: Session, asked: object, afresh: Callable[[Seen | None], Report]) -> Report:
    """What `afresh` answers; `asked` is all that its answer depends on beside the files and the day."""
    store = cache.store("check")
    if store is None:
        return afresh(None)
    root = session.root
    key = cache.key(os.path.realpath(root), str(session.today), asked)
    seen, known = _recalled(root, store.load(key))
    if known is not None:
        return known
    seen = seen or _seen(root, None)
    found = afresh(seen)
    beside = cache.look(root, found.beside)
    if not any(look is not None and cache.in_doubt(look) for look in beside.values()):  # it was read before this look
        store.save(key, json.dumps(seen.plain() | {"beside": beside, "report": _plain(found)}).encode())
    return found


def _seen(root: Path, patterns: list[list[str]] | None) -> Seen:
    """What there is now; without `patterns` those of the settings."""
    settings = cache.look(root, [files.SETTINGS])
    if patterns is None:
        from okrctl.cli import load

        config, _ = load.settings_of(root)
        patterns = [config.include, config.exclude]
    listed = dict(files.find(root, *patterns))
    return Seen(settings, patterns, _seals(root), listed, cache.look(root, listed))


def _recalled(root: Path, saved: bytes | None) -> tuple[Seen | None, Report | None]:
    """What there is now, and the answer of an entry: None where anything has changed, or it is no entry."""
    try:
        entry = json.loads(saved or b"")
        if not cache.same(root, entry["settings"]):
            return None, None
        seen = _seen(root, entry["patterns"])
    except (AttributeError, LookupError, RecursionError, TypeError, ValueError):
        return None, None
    try:
        now, same = seen.plain(), cache.same(root, entry["beside"])
        same = same and all(now[what] == entry[what] for what in ("seals", "faults"))
        same = same and cache.agree(root, entry["files"], seen.looks)
        return seen, _report(root, entry) if same else None
    except (AttributeError, LookupError, RecursionError, TypeError, ValueError):
        return seen, None


def _seals(root: Path) -> list[str]:
    return [path for path, _ in files.find(root, [SEALS])]


def _plain(found: Report) -> dict[str, Any]:
    """A report as plain data, without its texts."""
    diagnostics = [plain(one) for one in found.diagnostics]
    csvs = [path for path in found.beside if path in found.texts]
    return {"diagnostics": diagnostics, "files": found.files, "fail_on": found.fail_on, "csvs": csvs}


def plain(one: Diagnostic) -> list[Any]:
    """A diagnostic as JSON can hold it."""
    return [
        one.path, one.span, one.code, one.name, one.severity, one.message, one.help, one.ref, one.related, one.fix,
        one.home,
    ]  # fmt: skip


def _report(root: Path, entry: dict[str, Any]) -> Report:
    kept = entry["report"]
    settings = [files.SETTINGS] if entry["settings"][files.SETTINGS] is not None else []
    texts = Texts([*settings, *entry["files"], *kept["csvs"]], partial(text_of, root))
    found = tuple(diagnostic(*one) for one in kept["diagnostics"])
    return Report(found, kept["files"], texts, kept["fail_on"], beside=tuple(entry["beside"]))


def diagnostic(
    path: str, span: list[int], code: str, name: str, severity: Any, message: str, help: str, ref: str | None,
    related: list[Any], fix: list[Any], home: list[Any] | None,
) -> Diagnostic:  # fmt: skip
    """A diagnostic out of what `plain` made of it."""
    return Diagnostic(
        path, Span(*span), code, name, severity, message, help, ref,
        tuple(Related(other, Span(*place), said) for other, place, said in related),
        tuple(Replacement(Span(*place), text) for place, text in fix),
        None if home is None else Home(*home),
    )  # fmt: skip


def text_of(root: Path, path: str) -> str:
    """The text of a file, empty where it cannot be read."""
    content = files.read(root, path)
    try:
        return content.decode() if isinstance(content, bytes) else ""
    except UnicodeDecodeError:
        return ""
