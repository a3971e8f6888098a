"""Answers a check from the cache where nothing has changed since, and remembers the answer where something has."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from okrctl import cache, files
from okrctl.commands.session import Session
from okrctl.diagnostic import Diagnostic, Home, Related, Replacement, Span
from okrctl.report import Report, Texts

SEALS = "scorecards/*.json"


def report(session: Session, asked: object, afresh: Callable[[], Report]) -> Report:
    """What `afresh` answers; `asked` is all that its answer depends on beside the files and the day."""
    store = cache.store("check")
    if store is None:
        return afresh()
    root = session.root
    key = cache.key(os.path.realpath(root), str(session.today), asked)
    known = _known(root, store.load(key))
    if known is not None:
        return known
    seen = _seen(root)
    found = afresh()
    beside = cache.look(root, found.beside)
    if not any(look is not None and cache.in_doubt(look) for look in beside.values()):  # it was read before this look
        store.save(key, json.dumps(seen | {"beside": beside, "report": _plain(found)}).encode())
    return found


def _seen(root: Path) -> dict[str, Any]:
    """All that the answer will depend on, before any of it is read."""
    from okrctl.commands import opening

    settings = cache.look(root, [files.SETTINGS])
    config, _ = opening.settings_of(root)
    listed = dict(files.find(root, config.include, config.exclude))
    return {
        "settings": settings,
        "patterns": [config.include, config.exclude],
        "seals": _seals(root),
        "faults": {path: fault.message for path, fault in listed.items() if fault is not None},
        "files": cache.look(root, listed),
    }


def _known(root: Path, saved: bytes | None) -> Report | None:
    """The answer of an entry, None where anything has changed or the entry is not what it should be."""
    try:
        entry = json.loads(saved or b"")
        if not cache.same(root, entry["settings"]):
            return None
        listed = dict(files.find(root, *entry["patterns"]))
        faults = {path: fault.message for path, fault in listed.items() if fault is not None}
        if [*listed] != [*entry["files"]] or faults != entry["faults"] or _seals(root) != entry["seals"]:
            return None
        if not cache.same(root, entry["files"]) or not cache.same(root, entry["beside"]):
            return None
        return _report(root, entry)
    except (AttributeError, LookupError, RecursionError, TypeError, ValueError):
        return None


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
    texts = Texts([*settings, *entry["files"], *kept["csvs"]], partial(_text, root))
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


def _text(root: Path, path: str) -> str:
    """The text of a file, empty where it cannot be read."""
    content = files.read(root, path)
    try:
        return content.decode() if isinstance(content, bytes) else ""
    except UnicodeDecodeError:
        return ""
