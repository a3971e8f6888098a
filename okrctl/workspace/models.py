"""The models of the nodes in a file, as they were read, or kept as JSON until one of them is used."""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from okrctl.schema import plain
from okrctl.values.diagnostic import Route

if TYPE_CHECKING:
    from okrctl.yaml import Document

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
    return [[entry.id or "", [result.id or "" for result in vars(entry).get("key_results", ())]] for entry in entries]


def model_at(entries: Sequence[Any], route: Route) -> Any:
    """The model at the route of a node."""
    entry = entries[int(route[1])]
    return entry if len(route) == 2 else entry.key_results[int(route[3])]


class PackedModels:
    """The models of a valid file, as JSON until one of them is used, and the names that most commands need first.

    `read_entries` reads the models from the document of the file; it is needed only where the JSON is damaged.
    """

    __slots__ = ("_entries", "_names", "_read_entries", "has_csv")

    def __init__(
        self, names: bytes, has_csv: bool, packed: bytes, read_entries: Callable[[Document], Sequence[Any]]
    ) -> None:
        self.has_csv = has_csv
        self._names = names
        self._entries: bytes | Sequence[Any] = packed
        self._read_entries = read_entries

    def names(self, document: Document) -> Names:
        """The ids of its objectives or KPIs, each with those of its key results."""
        with suppress(*BROKEN_ENTRY):
            return [[name, [*inner]] for name, inner in json.loads(self._names)]
        return names_of(self._read_entries(document))

    def entries(self, document: Document) -> Sequence[Any]:
        """The models of its objectives or KPIs."""
        entries = self._entries
        if isinstance(entries, bytes):
            entries = self._entries = self._unfold(entries, document)
        return entries

    def _unfold(self, packed: bytes, document: Document) -> Sequence[Any]:
        with suppress(*BROKEN_ENTRY):
            entries: Sequence[Any] = plain.from_plain(unpack_json(packed))
            if names_of(entries) == self.names(document):
                return entries
        return self._read_entries(document)
