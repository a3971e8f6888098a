"""A lock against two okrctl processes that write to one workspace at the same time."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterator
from pathlib import Path

from okrctl.files import cache_dir
from okrctl.values.errors import ConflictError


@contextlib.contextmanager
def lock(root: Path) -> Iterator[None]:
    """Hold the lock of a workspace. The system releases it when the process ends, even after a crash.

    Raises OkrctlError if another process holds it.
    """
    descriptor = _open_lock(root)
    if descriptor is None:  # no place for a lock file; the check before each write still protects the files
        yield
        return
    try:
        _acquire(descriptor)
        yield
    finally:
        os.close(descriptor)


def _open_lock(root: Path) -> int | None:
    """The lock file is inside .git, where git ignores it, else in the cache folder under a hash of the path."""
    import hashlib

    real = os.path.realpath(root)
    digest = hashlib.sha256(os.fsencode(real)).hexdigest()[:16]
    cache = cache_dir()
    places = [Path(real, ".git", "okrctl.lock")] if Path(real, ".git").is_dir() else []
    places += [cache / "locks" / f"{digest}.lock"] if cache else []
    for place in places:
        with contextlib.suppress(OSError):
            place.parent.mkdir(parents=True, exist_ok=True)
            return os.open(place, os.O_RDWR | os.O_CREAT, 0o666)
    return None


def _acquire(descriptor: int) -> None:
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        raise ConflictError(
            "another okrctl process is writing to this workspace", "try again when it has finished"
        ) from error
