"""A lock against two okrctl processes that write to one work tree at the same time."""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Iterator
from pathlib import Path

from okrctl.files import cache_dir, git_folder, git_root, lock_descriptor
from okrctl.values.errors import ConflictError

WAIT_SECONDS = 5.0
POLL_SECONDS = 0.02


class Lock:
    """The lock of the work tree around a workspace. The system releases it when the process ends, even after a crash.

    `descriptor` is the open lock file, None where it is not held. A child process that inherits it holds the lock too.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        self.descriptor: int | None = None

    def acquire(self, wait_seconds: float | None = None) -> None:
        """Take the lock; raises ConflictError if another process holds it for longer than WAIT_SECONDS.

        Where there is no place for a lock file, nothing is held; the check before each write still protects the files.
        """
        self.descriptor = _open_lock(self.root)
        if self.descriptor is None:
            return
        end = time.monotonic() + (WAIT_SECONDS if wait_seconds is None else wait_seconds)
        while not lock_descriptor(self.descriptor):
            if time.monotonic() >= end:
                self.release()
                raise ConflictError(
                    "another okrctl process is writing to this workspace", "try again when it has finished"
                )
            time.sleep(POLL_SECONDS)

    def release(self) -> None:
        """Let others write."""
        if self.descriptor is not None:
            os.close(self.descriptor)
            self.descriptor = None


@contextlib.contextmanager
def lock(root: Path, wait_seconds: float | None = None) -> Iterator[Lock]:
    """Hold the lock of the work tree around a workspace; raises ConflictError as `Lock.acquire` does."""
    held = Lock(root)
    held.acquire(wait_seconds)
    try:
        yield held
    finally:
        held.release()


def state_path(root: Path, kind: str) -> Path | None:
    """Where a file of our own for the work tree around a folder is: in the folder of git, else in the cache folder.

    None where neither exists.
    """
    return next(iter(_state_paths(root, kind)), None)


def _state_paths(root: Path, kind: str) -> list[Path]:
    import hashlib

    folder, cache = git_folder(root), cache_dir()
    places = [folder / f"okrctl.{kind}"] if folder is not None else []
    if cache is not None:
        digest = hashlib.sha256(os.fsencode(os.path.realpath(git_root(root)))).hexdigest()[:16]
        places.append(cache / "locks" / f"{digest}.{kind}")
    return places


def _open_lock(root: Path) -> int | None:
    for place in _state_paths(root, "lock"):
        with contextlib.suppress(OSError):
            place.parent.mkdir(parents=True, exist_ok=True)
            return os.open(place, os.O_RDWR | os.O_CREAT, 0o666)
    return None
