"""Streams the contents of many blobs out of one git process."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import IO

from okrctl.git.process import GitRunner, damage_error

MAX_BLOB_BYTES = 10 * 1024 * 1024
"""Bytes above which a blob is named with its size, but not read."""


def read_blobs(runner: GitRunner, ids: Sequence[str]) -> Iterator[tuple[str, int, bytes | None]]:
    """Id, size in bytes and contents (None over LIMIT) of blobs, in the order asked; OkrctlError if one is missing."""
    if not ids:
        return
    sizes = _blob_sizes(runner, ids)
    wanted = "".join(f"{name}\n" for name, size in zip(ids, sizes, strict=True) if size <= MAX_BLOB_BYTES)
    with runner.stream("cat-file", "--batch", "--buffer", text=wanted.encode()) as output:
        for name, size in zip(ids, sizes, strict=True):
            yield name, size, _read_next(output, name, size) if size <= MAX_BLOB_BYTES else None


def _blob_sizes(runner: GitRunner, ids: Sequence[str]) -> list[int]:
    wanted = "".join(f"{name}\n" for name in ids)
    answer = runner.read("cat-file", "--batch-check=%(objectsize)", "--buffer", text=wanted.encode()).decode()
    for line in answer.splitlines():
        if not line.isdigit():
            raise damage_error(f"object {line}")
    return [int(line) for line in answer.splitlines()]


def _read_next(output: IO[bytes], name: str, size: int) -> bytes:
    heading = output.readline()
    data = output.read(size + 1)
    if not heading.startswith(name.encode()) or len(data) != size + 1:
        raise damage_error(f"object {name} cannot be read")
    return data[:-1]
