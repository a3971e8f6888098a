"""Keeps between runs what a large check found out about each file, and its answer."""

from __future__ import annotations

import json
import marshal
import zlib
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from okrctl import cache
from okrctl.cache import Look, Store
from okrctl.check.dependencies import Ties
from okrctl.cli import check_results
from okrctl.values.diagnostic import Diagnostic
from okrctl.workspace import KpiCount, Place

KPIS = Ties._fields.index("kpis")  # the one field that is no plain tuple
SHELVES = 64  # entries among which the files are divided, so that few files take few of them
Pairs = dict[str, Sequence[tuple[Place, Place]]]


class Memory:
    """What is known from the last run that was asked the same: of files by path, and of the whole.

    `ties` of each file, `pairs` of titles that are alike in each period, the diagnostics; empty where nothing is known.
    """

    def __init__(self, root: Path, store: Store | None, asked: object) -> None:
        self._root, self._store, self._asked = root, store, asked
        self._looks: dict[str, Look] = {}
        self._shelves: dict[int, dict[str, tuple[Look, bytes]]] = {}
        self.ties: dict[str, Ties] = {}
        self.pairs: Pairs = {}
        self.found: list[Diagnostic] | None = None
        saved = store.load(cache.key(asked)) if store is not None else None
        if saved is not None:
            self._looks, told, self.pairs, found = marshal.loads(saved)
            self.ties = {path: _ties(*one) for path, one in told.items()}
            self.found = [check_results.diagnostic(*one) for one in json.loads(found)]

    def unchanged(self, looks: Mapping[str, Look | None]) -> set[str]:
        """Those of the files looked at now that are as they were."""
        return looks.keys() - cache.changed(self._root, self._looks, looks)

    def left(self, path: str) -> bytes | None:
        """What was left of a file that has not changed; None where that is not known any more."""
        look, left = self._shelf(_number(path)).get(path, (None, None))
        return left if look == self._looks[path] else None

    def _shelf(self, number: int) -> dict[str, tuple[Look, bytes]]:
        if number not in self._shelves:
            saved = self._store.load(cache.key(self._asked, number)) if self._store is not None else None
            self._shelves[number] = marshal.loads(saved) if saved else {}
        return self._shelves[number]

    def keep(
        self, looks: Mapping[str, Look | None], ties: Mapping[str, Ties], pairs: Pairs, found: Iterable[Diagnostic],
        left: Mapping[str, bytes | None],
    ) -> None:  # fmt: skip
        """Remember all this; the `looks` were taken before, `left` is of the files that had changed."""
        if self._store is None:
            return
        old = self._looks
        known = {path: look if path in left else old[path] for path, look in looks.items() if look is not None}
        plain = {path: (*one[:KPIS], tuple(one.kpis), *one[KPIS + 1 :]) for path, one in ties.items()}
        answer = json.dumps([check_results.plain(one) for one in found])
        self._store.save(cache.key(self._asked), marshal.dumps((known, plain, pairs, answer)))
        shelves: dict[int, dict[str, tuple[Look, bytes]]] = {number: {} for number in map(_number, left)}
        for number, shelf in shelves.items():
            shelf |= {path: one for path, one in self._shelf(number).items() if path in known and path not in left}
        for path, one in left.items():
            if one is not None and path in known:
                shelves[_number(path)][path] = known[path], one
        for number, shelf in shelves.items():
            self._store.save(cache.key(self._asked, number), marshal.dumps(shelf))


def _number(path: str) -> int:
    return zlib.crc32(path.encode("utf-8", "surrogatepass")) % SHELVES


def _ties(*plain: Any) -> Ties:
    return Ties._make((*plain[:KPIS], KpiCount(*plain[KPIS]), *plain[KPIS + 1 :]))
