"""Keeps the rows of an export as text, so that after an edit only those that it can change are worked out again.

How it works. The scores of a period on a day follow from the settings and from the files of that period alone (with
the CSV files of their readings), unless one of its key results takes its numbers from a KPI or from other key results;
then from all files. So the rows of each period and day are kept under a hash of what they follow from, of the
question, and of okrctl's edition. Which of the two a period is follows from its own files, and is kept under a hash of
these.

Why not simpler. A whole answer is kept too (`cli/answers.py`), but any edit makes it worthless, while most of the rows
of two years are of periods that nobody edits any more.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import date
from functools import cached_property
from hashlib import sha256
from typing import TYPE_CHECKING

from okrctl.cache import cache_key
from okrctl.operations.project import Project
from okrctl.values.period import Period
from okrctl.workspace import File, KeyResult, Objective, Workspace

if TYPE_CHECKING:
    from okrctl.cache.database import CacheDatabase

OWN, ALL = b"own files", b"all files"


def open_kept_rows(project: Project) -> KeptRows | None:
    """What earlier exports kept; None where nothing is to be kept, or the user has no cache folder."""
    if not project.uses_cache:
        return None
    try:
        from okrctl.cache.database import open_database
    except ImportError:  # of a Python that was built without SQLite
        return None
    database = open_database("rows", lambda reason: project.trace(f"rows: {reason}"))
    return None if database is None else KeptRows(database)


class KeptRows:
    """Texts of rows by their keys, and what the rows of each period follow from."""

    def __init__(self, database: CacheDatabase) -> None:
        self._database = database

    def load(self, keys: Iterable[bytes]) -> dict[bytes, str]:
        """Return the texts that are kept under these keys."""
        with suppress(zlib.error, UnicodeDecodeError):
            return {key: zlib.decompress(packed).decode() for key, packed in self._database.load(keys).items()}
        return {}

    def save(self, texts: Mapping[bytes, str]) -> None:
        """Keep these texts."""
        self._database.save({key: zlib.compress(text.encode(), 1) for key, text in texts.items()})

    def period_states(self, workspace: Workspace) -> dict[str, bytes]:
        """Return a hash of all that the scores of each period follow from."""
        states = _States(workspace)
        own = {states.own(period): period for period in workspace.periods}
        known = self._database.load(own)
        new = {key: states.find_extent(period) for key, period in own.items() if key not in known}
        self._database.save(new)
        extents = known | new
        return {period.id: _digest(key, states.whole if extents[key] == ALL else b"") for key, period in own.items()}


def row_key(state: bytes, period: Period, day: date, *question: object) -> bytes:
    """The key of the rows of a period on a day."""
    return _digest(state, repr((tuple(period), day, question)).encode())


class _States:
    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._base = cache_key("rows", repr(workspace.config)).encode()
        self._files: dict[str, list[File]] = {}
        for file in workspace.files:
            self._files.setdefault(file.period.id if file.period else "", []).append(file)

    def own(self, period: Period) -> bytes:
        """A hash of its own files."""
        return _digest(self._base, period.id.encode(), *map(_state_of_file, self._files[period.id]))

    @cached_property
    def whole(self) -> bytes:
        """A hash of all files."""
        return _digest(self._base, *map(_state_of_file, self._workspace.files))

    def find_extent(self, period: Period) -> bytes:
        """Which files its scores follow from."""
        models = (node.model for node in self._key_results(period))
        is_own = all(getattr(model, "kpi", None) is None and getattr(model, "rollup", None) is None for model in models)
        return OWN if is_own else ALL

    def _key_results(self, period: Period) -> Iterable[KeyResult]:
        nodes = (node for file in self._files[period.id] for node in file.nodes if isinstance(node, Objective))
        return (key_result for node in nodes for key_result in node.key_results)


def _state_of_file(file: File) -> bytes:
    """A hash of a file and of the CSV files with readings of its nodes."""
    sheets = (node.csv for node in file.nodes_with_readings() if node.csv is not None)
    texts = (repr((sheet.path, sheet.read_problem, sheet.text)).encode() for sheet in sheets)
    return _digest(file.path.encode(), file.document.text.encode(), *texts)


def _digest(*parts: bytes) -> bytes:
    found = sha256()
    for part in parts:
        found.update(b"%d " % len(part))
        found.update(part)
    return found.digest()
