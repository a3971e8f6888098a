"""Keeps rendered results about past commits: neither a commit nor its history ever changes."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from okrctl import cache, files
from okrctl.cache import CacheStore
from okrctl.files import record
from okrctl.git import Commit, Repository
from okrctl.git.repository import DATE_PATTERN
from okrctl.operations.project import Project, parse_date
from okrctl.values.errors import OkrctlError


class CachedResult(NamedTuple):
    """A rendered result and the exit status; `commit` is the one it is about, None where it must not be kept."""

    text: str
    status: int
    commit: str | None = None


def cached_result(
    project: Project, known_at: str | None, request: object, compute: Callable[[], CachedResult]
) -> CachedResult:
    """Return the cached result for a commit, or compute and keep it.

    `request` is all that the result depends on beside the commit, its day and the repository: what was asked, and how
    it is rendered. A result that the cache answers is printed without reading a file or importing what reads them.
    """
    store = cache.open_store("past") if project.uses_cache else None
    if known_at is None or store is None:
        return compute()
    repository, commit = _resolve(project, known_at)
    if repository is None or commit is None:
        return compute()
    today = parse_date(known_at) if DATE_PATTERN.fullmatch(known_at) else commit.day
    about = (commit.id, str(today), request)
    key = _key(repository, about)
    known = _load(store, key)
    if known is not None:
        project.trace(f"result about commit {commit.id[:10]}: from the cache")
        return known
    with record.recorded() as seen:
        result = compute()
    top = os.path.realpath(files.git_root(project.root))
    is_about_repository = all(Path(os.path.realpath(name)).is_relative_to(top) for name in seen.files)
    # Meanwhile a branch may have moved, or an object been replaced; the settings of a superproject may change.
    if is_about_repository and result.commit == commit.id and _key(repository, about) == key:
        store.save(key, json.dumps([result.text, result.status]).encode())
    return result


def _resolve(project: Project, known_at: str) -> tuple[Repository | None, Commit | None]:
    """Return the repository and the commit of a revision; None where `compute` meets the same error and raises it."""
    try:
        repository = project.repository
        return repository, repository.resolve(known_at) if repository else None
    except OkrctlError:
        return None, None


def _key(repository: Repository, about: tuple[object, ...]) -> str:
    return cache.cache_key(*about, repository.fingerprint())


def _load(store: CacheStore, key: str) -> CachedResult | None:
    """Return a cached result, None where the entry is missing or malformed."""
    try:
        text, status = json.loads(store.load(key) or b"")
    except (RecursionError, TypeError, ValueError):
        return None
    return CachedResult(text, status) if isinstance(text, str) and isinstance(status, int) else None
