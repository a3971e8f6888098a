"""Keeps the rows of an export as text, so that after an edit only those that it can change are worked out again.

How it works. The scores of a period on a day follow from the settings and from the files of that period alone (with
the CSV files of their readings), unless one of its key results takes its numbers from a KPI or from other key results;
then from all files. The same holds of the readings in one file. So rows are kept under a hash of what they follow
from, of the question, and of okrctl's edition. Which of the two it is follows from these files, and is kept under a
hash of them.

Why not simpler. A whole answer is kept too (`cli/answers.py`), but any edit makes it worthless, while most of the rows
of two years are of periods that nobody edits any more.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from hashlib import sha256
from typing import TYPE_CHECKING

from okrctl.cache import cache_key
from okrctl.operations.project import Project
from okrctl.workspace import File, Objective, Workspace

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

    def states(self, workspace: Workspace, groups: Mapping[str, Sequence[File]]) -> dict[str, bytes]:
        """Return, for each group of files, a hash of all that their rows follow from."""
        base = cache_key("rows", repr(workspace.config)).encode()
        by_path = {file.path: state_of_file(file) for file in workspace.files}
        whole = digest(base, *by_path.values())
        own = {name: digest(base, *(by_path[file.path] for file in files)) for name, files in groups.items()}
        known = self._database.load(own.values())
        new = {own[name]: _find_extent(files) for name, files in groups.items() if own[name] not in known}
        self._database.save(new)
        extents = known | new
        return {name: digest(state, whole if extents[state] == ALL else b"") for name, state in own.items()}


def row_key(state: bytes, *question: object) -> bytes:
    """The key of rows by what they follow from and what they say of it."""
    return digest(state, repr(question).encode())


def _find_extent(files: Iterable[File]) -> bytes:
    """Which files the rows of these follow from."""
    nodes = (node for file in files for node in file.nodes if isinstance(node, Objective))
    models = (key_result.model for node in nodes for key_result in node.key_results)
    is_own = all(getattr(model, "kpi", None) is None and getattr(model, "rollup", None) is None for model in models)
    return OWN if is_own else ALL


def state_of_file(file: File) -> bytes:
    """A hash of a file and of the CSV files with readings of its nodes."""
    sheets = (node.csv for node in file.nodes_with_readings() if node.csv is not None)
    texts = (repr((sheet.path, sheet.read_problem, sheet.text)).encode() for sheet in sheets)
    return digest(file.path.encode(), file.document.text.encode(), *texts)


def digest(*parts: bytes) -> bytes:
    """A hash of these parts, each with its length."""
    found = sha256()
    for part in parts:
        found.update(b"%d " % len(part))
        found.update(part)
    return found.digest()
