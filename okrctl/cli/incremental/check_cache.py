"""Keeps between runs what a large check found out about each file, and its answer."""

from __future__ import annotations

import json
import marshal
import zlib
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from okrctl import cache
from okrctl.cache import CacheStore, FileState
from okrctl.check.dependencies import FileDependencies
from okrctl.cli import check_results
from okrctl.values.diagnostic import Diagnostic
from okrctl.workspace import KpiCount, NodePosition

KPIS_INDEX = FileDependencies._fields.index("kpi_count")  # the one field that is no plain tuple
SHARDS = 64  # entries among which the files are divided, so that few files take few of them
Pairs = dict[str, Sequence[tuple[NodePosition, NodePosition]]]


class CheckCache:
    """What is known from the last run that was asked the same: of files by path, and of the whole.

    `ties` of each file, `pairs` of titles that are alike in each period, the diagnostics; empty where nothing is known.
    """

    def __init__(self, root: Path, store: CacheStore | None, asked: object) -> None:
        self._root, self._store, self._request = root, store, asked
        self._stamps: dict[str, FileState] = {}
        self._shards: dict[int, dict[str, tuple[FileState, bytes]]] = {}
        self.dependencies: dict[str, FileDependencies] = {}
        self.pairs: Pairs = {}
        self.diagnostics: list[Diagnostic] | None = None
        saved = store.load(cache.cache_key(asked)) if store is not None else None
        if saved is not None:
            self._stamps, told, self.pairs, found = marshal.loads(saved)
            self.dependencies = {path: _dependencies_from_plain(*one) for path, one in told.items()}
            self.diagnostics = [check_results.diagnostic_from_plain(*one) for one in json.loads(found)]

    def unchanged(self, looks: Mapping[str, FileState | None]) -> set[str]:
        """Those of the files looked at now that are as they were."""
        return looks.keys() - cache.changed_files(self._root, self._stamps, looks)

    def stub(self, path: str) -> bytes | None:
        """What was left of a file that has not changed; None where that is not known any more."""
        look, left = self._shard(_shard_number(path)).get(path, (None, None))
        return left if look == self._stamps[path] else None

    def _shard(self, number: int) -> dict[str, tuple[FileState, bytes]]:
        if number not in self._shards:
            saved = self._store.load(cache.cache_key(self._request, number)) if self._store is not None else None
            self._shards[number] = marshal.loads(saved) if saved else {}
        return self._shards[number]

    def save(
        self,
        looks: Mapping[str, FileState | None],
        ties: Mapping[str, FileDependencies],
        pairs: Pairs,
        found: Iterable[Diagnostic],
        left: Mapping[str, bytes | None],
    ) -> None:
        """Remember all this; the `looks` were taken before, `left` is of the files that had changed."""
        if self._store is None:
            return
        old = self._stamps
        known = {path: look if path in left else old[path] for path, look in looks.items() if look is not None}
        plain = {path: (*one[:KPIS_INDEX], tuple(one.kpi_count), *one[KPIS_INDEX + 1 :]) for path, one in ties.items()}
        answer = json.dumps([check_results.diagnostic_to_plain(one) for one in found])
        self._store.save(cache.cache_key(self._request), marshal.dumps((known, plain, pairs, answer)))
        shelves: dict[int, dict[str, tuple[FileState, bytes]]] = {number: {} for number in map(_shard_number, left)}
        for number, shelf in shelves.items():
            shelf |= {path: one for path, one in self._shard(number).items() if path in known and path not in left}
        for path, one in left.items():
            if one is not None and path in known:
                shelves[_shard_number(path)][path] = known[path], one
        for number, shelf in shelves.items():
            self._store.save(cache.cache_key(self._request, number), marshal.dumps(shelf))


def _shard_number(path: str) -> int:
    return zlib.crc32(path.encode("utf-8", "surrogatepass")) % SHARDS


def _dependencies_from_plain(*plain: Any) -> FileDependencies:
    return FileDependencies._make((*plain[:KPIS_INDEX], KpiCount(*plain[KPIS_INDEX]), *plain[KPIS_INDEX + 1 :]))
