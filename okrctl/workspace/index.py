"""The index of a workspace: what was read of each valid file, kept between runs by the content of the file.

How it works. A file is found by a hash of its bytes and the edition of okrctl, so that an edit, another branch or a
copy of the workspace needs no other bookkeeping: what was not seen before is read and validated, and kept. Names of
files are not part of it, and neither are the settings, since a period is read again from its name; the settings have
an entry of their own. A file with a problem is not kept; it is the rare one, and its problems are found again.

`cache/database.py` says where it is kept and how damage is handled, `packed.py` what is kept of a file.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from hashlib import sha256
from itertools import islice
from typing import TYPE_CHECKING

from okrctl.cache import cache_key
from okrctl.schema.settings import Config
from okrctl.values.diagnostic import FileProblem
from okrctl.workspace.models import BROKEN_ENTRY
from okrctl.workspace.nodes import File
from okrctl.workspace.packed import is_valid, pack, pack_settings, unpack, unpack_settings
from okrctl.workspace.reader import read_file, read_settings
from okrctl.yaml import LazyDocument, Source

if TYPE_CHECKING:
    from okrctl.cache.database import CacheDatabase

SourceOrProblem = Source | tuple[str, FileProblem]
BATCH = 500  # files whose texts are held at a time


def read_files(sources: Iterable[SourceOrProblem], config: Config, index: FileIndex | None) -> Iterator[File]:
    """Yield each file, read with the help of an index where there is one."""
    return index.read(sources, config) if index is not None else (read_file(source, config) for source in sources)


class FileIndex:
    """Reads files, of which it knows those that were valid before."""

    def __init__(self, database: CacheDatabase) -> None:
        self._database = database
        self._edition = cache_key("file").encode()

    def read(self, sources: Iterable[SourceOrProblem], config: Config) -> Iterator[File]:
        """Yield each file, as `read_file` does."""
        remaining = iter(sources)
        while batch := list(islice(remaining, BATCH)):
            keys = [self._key(source) if isinstance(source, Source) else b"" for source in batch]
            packed = self._database.load(filter(None, keys))
            new: dict[bytes, bytes] = {}
            for source, key in zip(batch, keys, strict=True):
                file = _restore(source, packed[key], config) if key in packed else None
                if file is None:
                    file = read_file(source, config)
                    if key and is_valid(file):
                        new[key] = pack(file, with_data=True)
                        file = _restore(source, new[key], config) or file
                yield file
            self._database.save(new)

    def read_settings(self, source: Source | FileProblem) -> tuple[Config, File | None]:
        """Return the settings of a workspace, as the function of this name does."""
        if not isinstance(source, Source):
            return read_settings(source)
        key = self._key(source, b"settings")
        packed = self._database.load([key])
        if packed:
            with suppress(*BROKEN_ENTRY):
                config, document = unpack_settings(packed[key]), LazyDocument(source.path, lambda _: source.text)
                return config, File(source.path, document, "config", config)
        config, file = read_settings(source)
        if file is not None and is_valid(file):
            self._database.save({key: pack_settings(config)})
        return config, file

    def _key(self, source: Source, kind: bytes = b"") -> bytes:
        return sha256(b"%s %s\n%s" % (self._edition, kind, source.text.encode())).digest()


def _restore(source: SourceOrProblem, packed: bytes, config: Config) -> File | None:
    """The file of an entry, None where the entry is damaged."""
    text = source[1]
    assert isinstance(text, str)
    try:
        return unpack(source[0], packed, config, lambda _: text)
    except BROKEN_ENTRY:
        return None
