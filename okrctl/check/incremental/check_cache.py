"""Keeps what a large check learned about each file, and its diagnostics, for the next run."""

from __future__ import annotations

import json
import marshal
import zlib
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from okrctl import cache
from okrctl.cache import CacheStore, FileState
from okrctl.check import result_cache
from okrctl.check.dependencies import FileDependencies
from okrctl.values.diagnostic import Diagnostic
from okrctl.workspace import KpiCount, NodePosition

KPIS_INDEX = FileDependencies._fields.index("kpi_count")  # the one field that is no plain tuple
SHARDS = 64  # entries that the stubs are divided among, so that a few files take a few entries
Pairs = dict[str, Sequence[tuple[NodePosition, NodePosition]]]


class CheckCache:
    """What is known from the last run with the same request; empty where nothing is known.

    One entry holds what every run needs: the dependencies of each file, the pairs of similar titles in each period,
    and the diagnostics. The stubs of files are larger, and a run after a small change needs few of them, so they are
    divided among many entries. `marshal` is used because it is faster than JSON and, other than pickle, runs no code;
    an entry belongs to one version of Python, which is part of its key.
    """

    def __init__(self, root: Path, store: CacheStore | None, request: object) -> None:
        self._root, self._store, self._request = root, store, request
        self._file_states: dict[str, FileState] = {}
        self._shards: dict[int, dict[str, tuple[FileState, bytes]]] = {}
        self.dependencies: dict[str, FileDependencies] = {}
        self.pairs: Pairs = {}
        self.diagnostics: list[Diagnostic] | None = None
        saved = store.load(cache.cache_key(request)) if store is not None else None
        if saved is not None:
            self._file_states, dependencies, self.pairs, diagnostics = marshal.loads(saved)
            self.dependencies = {path: _dependencies_from_plain(*plain) for path, plain in dependencies.items()}
            self.diagnostics = [result_cache.diagnostic_from_plain(*plain) for plain in json.loads(diagnostics)]

    def unchanged(self, states: Mapping[str, FileState | None]) -> set[str]:
        """Return the files whose states now are as they were."""
        return states.keys() - set(cache.changed_files(self._root, self._file_states, states))

    def stub(self, path: str) -> bytes | None:
        """Return the stub of a file that has not changed, None where it is no longer in the cache."""
        state, stub = self._shard(_shard_number(path)).get(path, (None, None))
        return stub if state == self._file_states[path] else None

    def _shard(self, number: int) -> dict[str, tuple[FileState, bytes]]:
        if number not in self._shards:
            saved = self._store.load(cache.cache_key(self._request, number)) if self._store is not None else None
            self._shards[number] = marshal.loads(saved) if saved else {}
        return self._shards[number]

    def save(
        self, states: Mapping[str, FileState | None], dependencies: Mapping[str, FileDependencies], pairs: Pairs,
        diagnostics: Iterable[Diagnostic], stubs: Mapping[str, bytes | None],
    ) -> None:  # fmt: skip
        """Keep all this for the next run; `stubs` are those of the files that changed."""
        if self._store is None:
            return
        old = self._file_states
        known = {path: state if path in stubs else old[path] for path, state in states.items() if state is not None}
        plain = {path: _dependencies_to_plain(file) for path, file in dependencies.items()}
        findings = json.dumps([result_cache.diagnostic_to_plain(diagnostic) for diagnostic in diagnostics])
        self._store.save(cache.cache_key(self._request), marshal.dumps((known, plain, pairs, findings)))
        self._save_stubs(known, stubs)

    def _save_stubs(self, known: Mapping[str, FileState], stubs: Mapping[str, bytes | None]) -> None:
        """Save the shards with a file that changed: its new stub, and the old ones of files that still exist."""
        assert self._store is not None
        by_shard: dict[int, list[str]] = {}
        for path in stubs:
            by_shard.setdefault(_shard_number(path), []).append(path)
        for number, paths in by_shard.items():
            old = self._shard(number).items()
            shard = {path: entry for path, entry in old if path in known and path not in stubs}
            shard |= {
                path: (known[path], stub) for path in paths if path in known and (stub := stubs[path]) is not None
            }
            self._store.save(cache.cache_key(self._request, number), marshal.dumps(shard))


def _shard_number(path: str) -> int:
    return zlib.crc32(path.encode("utf-8", "surrogatepass")) % SHARDS


def _dependencies_to_plain(file: FileDependencies) -> tuple[object, ...]:
    return *file[:KPIS_INDEX], tuple(file.kpi_count), *file[KPIS_INDEX + 1 :]


def _dependencies_from_plain(*plain: Any) -> FileDependencies:
    return FileDependencies._make((*plain[:KPIS_INDEX], KpiCount(*plain[KPIS_INDEX]), *plain[KPIS_INDEX + 1 :]))
