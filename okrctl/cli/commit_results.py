"""Answers a question about a past commit from the cache: neither the commit nor what came before it ever changes."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from functools import partial
from typing import NamedTuple

import typer

from okrctl import cache
from okrctl.cli.session import Session, parse_date
from okrctl.git import Repository
from okrctl.git.repository import DATE_PATTERN
from okrctl.values.errors import OkrctlError


class CachedResult(NamedTuple):
    """What a command prints and how it ends; `commit` is the one it speaks of, None where it may not be kept."""

    text: str
    status: int
    commit: str | None = None


def cached_result(
    session: Session, known_at: str | None, request: object, compute: Callable[[], CachedResult]
) -> CachedResult:
    """What `afresh` answers; `asked` is all that its answer depends on beside the commit, its day and the reader."""
    store = cache.open_store("past") if known_at is not None else None
    if known_at is None or store is None:
        return compute()
    try:
        found = session.repository
        commit = found.resolve(known_at) if found else None
    except OkrctlError:  # told in its turn
        return compute()
    if found is None or commit is None:
        return compute()
    day = parse_date(known_at) if DATE_PATTERN.fullmatch(known_at) else commit.day
    key = partial(_key, session, found, commit.id, str(day), request)
    name = key()
    known = _result_from_plain(store.load(name))
    if known is not None:
        return known
    new = compute()
    # A branch may have moved meanwhile, or something been put in the place of an object.
    if new.commit == commit.id and key() == name:
        store.save(name, json.dumps([new.text, new.status]).encode())
    return new


def _key(session: Session, repository: Repository, *about: object) -> str:
    return cache.cache_key(*about, session.style, repository.fingerprint(), _libraries_changed_at())


def _result_from_plain(saved: bytes | None) -> CachedResult | None:
    """The answer of an entry; None where it is not what it should be."""
    try:
        text, status = json.loads(saved or b"")
    except (RecursionError, TypeError, ValueError):
        return None
    return CachedResult(text, status) if isinstance(text, str) and isinstance(status, int) else None


def _libraries_changed_at() -> int:
    """What changes when a library is installed: one that draws tables may draw them otherwise."""
    return os.stat(os.path.dirname(os.path.dirname(typer.__file__))).st_mtime_ns
