"""The files of a workspace that a query may read: data, neither hidden, nor ignored by git, nor behind a link."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from okrctl import git

SUFFIXES = (".csv", ".tsv", ".json", ".jsonl", ".ndjson", ".parquet")
COMPRESSED = ("", ".gz", ".zst")
ENDINGS = tuple(suffix + compressed for suffix in SUFFIXES for compressed in COMPRESSED)


def list_data_files(root: Path) -> list[str]:
    """The real paths of the data files below a folder; those that git ignores are left out where there is git."""
    root = Path(os.path.realpath(root))
    repository = git.find_repository(root)
    paths = _walk(root) if repository is None else repository.list_present_files()
    return [str(root / path) for path in paths if _is_data(path) and _is_plain_file(root / path)]


def is_hidden(path: str) -> bool:
    """Whether a file, or a folder on the way to it, is hidden: its name starts with a dot."""
    return any(part.startswith(".") for part in Path(path).parts)


def _is_data(path: str) -> bool:
    return path.lower().endswith(ENDINGS) and not is_hidden(path)


def _is_plain_file(path: Path) -> bool:
    """Whether a path is that of a file itself, and no folder on the way is a link."""
    return os.path.realpath(path) == str(path) and path.is_file()


def _walk(root: Path) -> Iterable[str]:
    for folder, folders, names in os.walk(root):
        folders[:] = [name for name in folders if not name.startswith(".")]
        yield from (os.path.relpath(os.path.join(folder, name), root) for name in names)
