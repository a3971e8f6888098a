"""The models of the nodes in a file, as they were read, or kept as JSON until one of them is used."""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable, Sequence
from functools import cached_property
from typing import Any

from okrctl.schema import plain
from okrctl.values.diagnostic import Route

BROKEN_ENTRY = (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError, zlib.error)
Names = list[list[Any]]  # ids of objectives or KPIs, each with those of its key results


def pack_json(data: object) -> bytes:
    """Plain data as compressed JSON: a third of the bytes, which take longer to read and check than to decompress."""
    return zlib.compress(json.dumps(data, separators=(",", ":")).encode(), 1)


def unpack_json(packed: bytes) -> Any:
    """The data of what `pack_json` returned. Other bytes raise one of BROKEN_ENTRY."""
    return json.loads(zlib.decompress(packed))


def names_of(entries: Sequence[Any]) -> Names:
    """The ids of objectives or KPIs, each with those of its key results; empty where one is missing."""
    return [[entry.id or "", [result.id or "" for result in getattr(entry, "key_results", ())]] for entry in entries]


def model_at(entries: Sequence[Any], route: Route) -> Any:
    """The model at the route of a node."""
    entry = entries[int(route[1])]
    return entry if len(route) == 2 else entry.key_results[int(route[3])]


class PackedModels:
    """The models of a valid file as JSON, and the names that most commands need first.

    `read_entries` reads the models from the text of the file; it is needed only where the JSON is damaged.
    """

    def __init__(self, names: Names, has_csv: bool, packed: bytes, read_entries: Callable[[], Sequence[Any]]) -> None:
        self.names = names
        self.has_csv = has_csv
        self._packed = packed
        self._read_entries = read_entries

    @cached_property
    def entries(self) -> Sequence[Any]:
        """The models of its objectives or KPIs."""
        try:
            entries: Sequence[Any] = plain.from_plain(unpack_json(self._packed))
            if names_of(entries) == self.names:
                return entries
        except BROKEN_ENTRY:
            pass
        return self._read_entries()
