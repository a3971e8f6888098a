"""Reads and writes the files of a workspace; nothing else touches the disk."""

from __future__ import annotations

import contextlib
import os
import stat
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from okrctl.values.diagnostic import START, FileProblem
from okrctl.values.errors import OkrctlError
from okrctl.values.patterns import Patterns

SETTINGS_NAME = "okrctl.yaml"
MAX_BYTES = 10_000_000  # bytes; a longer file of a workspace is not read

FoundFile = tuple[str, bytes | FileProblem]


def find_root(start: Path) -> Path:
    """The nearest folder at or above `start` with an okrctl.yaml; else the root of the git work tree; else `start`."""
    start = Path(os.path.abspath(start))
    above = [start, *start.parents]
    settled = (folder for folder in above if (folder / SETTINGS_NAME).is_file())
    in_git = (folder for folder in above if (folder / ".git").exists())
    return next(settled, None) or next(in_git, None) or start


def read_workspace(root: Path, include: Iterable[str], exclude: Iterable[str] = ()) -> Iterator[FoundFile]:
    """All files below `root` that match a pattern of `include` and none of `exclude`: their bytes, or why not.

    Paths are relative to `root`, with slashes, in order. A file is read when it is its turn.
    """
    return ((path, why or read(root, path)) for path, why in find(root, include, exclude))


def read(root: Path, path: str) -> bytes | FileProblem:
    """The bytes of one file of the workspace, or the OKR009 that says why there are none."""
    flags = os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_NONBLOCK", 0)  # a pipe must not make us wait
    try:
        with open(os.open(os.path.join(root, path), flags), "rb", buffering=0) as file:
            about = os.fstat(file.fileno())
            if not stat.S_ISREG(about.st_mode):
                return _file_problem("this is no file", "put a file here")
            if about.st_size > MAX_BYTES:
                return _file_problem(
                    f"the file is too large: {about.st_size:,} bytes, {MAX_BYTES:,} are read", "split it"
                )
            return file.readall()
    except OSError as error:
        return _file_problem(*_explain_error(error))


def find(root: Path, include: Iterable[str], exclude: Iterable[str] = ()) -> list[tuple[str, FileProblem | None]]:
    """The paths that `read_workspace` reads, in order, without reading them; a Fault where that is already hopeless."""
    walk = _Walk(os.path.realpath(root))
    walk.walk("", "", Patterns.parse(include), Patterns.parse(exclude))
    return sorted(walk.found.items())


class _Walk:
    """One pass over the folders that can hold a match; links come last, so that a file is found under its own name."""

    def __init__(self, root: str) -> None:
        self.root = root
        self.found: dict[str, FileProblem | None] = {}
        self._real: set[str] = set()  # files found and folders walked, by their own path below the root
        self._links: list[tuple[str, Patterns, Patterns]] = []

    def walk(self, path: str, real: str, include: Patterns, exclude: Patterns) -> None:
        self._walk_folders(path, real, include, exclude)
        while self._links:
            self._links.sort(key=lambda link: link[0], reverse=True)
            self._follow_link(*self._links.pop())

    def _walk_folders(self, path: str, real: str, include: Patterns, exclude: Patterns) -> None:
        waiting = [(path, real, include, exclude)]
        while waiting:
            path, real, include, exclude = waiting.pop()
            self._real.add(real)
            for entry in self._entries(path):
                name = entry.name
                if entry.is_symlink():
                    self._links.append((path + name, include, exclude))
                elif entry.is_dir(follow_symlinks=False):
                    inner, outer = include.descend(name), exclude.descend(name)
                    if inner and not outer.matches_everything:
                        waiting.append((f"{path}{name}/", f"{real}{name}/", inner, outer))
                elif include.matches(name) and not exclude.matches(name) and entry.is_file(follow_symlinks=False):
                    self._add_file(path + name, real + name)

    def _entries(self, path: str) -> list[os.DirEntry[str]]:
        try:
            with os.scandir(os.path.join(self.root, path)) as entries:
                return list(entries)
        except OSError as error:
            self.found[path.rstrip("/") or "."] = _file_problem(*_explain_error(error))
            return []

    def _follow_link(self, path: str, include: Patterns, exclude: Patterns) -> None:
        name = path.rpartition("/")[2]
        target = os.path.realpath(os.path.join(self.root, path))
        inner, outer = include.descend(name), exclude.descend(name)
        folder = os.path.isdir(target)
        wanted = (
            inner and not outer.matches_everything if folder else include.matches(name) and not exclude.matches(name)
        )
        if not wanted:
            return
        real = os.path.relpath(target, self.root).replace(os.sep, "/") + ("/" if folder else "")
        if real.startswith("../") or os.path.isabs(real):
            self.found[path] = _file_problem("a link that leads out of the workspace", "put the file itself here")
        elif real not in self._real and real != "./":
            self._add_target(path, real, folder, inner, outer)

    def _add_target(self, path: str, real: str, folder: bool, include: Patterns, exclude: Patterns) -> None:
        if folder:
            self._walk_folders(path + "/", real, include, exclude)
        else:
            self._add_file(path, real)

    def _add_file(self, path: str, real: str) -> None:
        if real not in self._real:
            self._real.add(real)
            self.found[path] = None


def write_atomically(path: Path, data: bytes, expected: bytes | None) -> None:
    """Replaces a file as a whole or not at all; its permissions stay, and a link stays a link.

    `expected` is what the file held when the change was worked out, None where there was no file: if that no longer
    holds, nothing is written. Raises OkrctlError where the file changed meanwhile or cannot be written.
    """
    path = Path(os.path.realpath(path))
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary = _write_beside(path, data)
        try:
            if _read_or_none(path) != expected:
                raise OkrctlError(f"{path} changed in the meantime", "nothing was written; run the command again")
            os.replace(temporary, path)
        except BaseException:
            temporary.unlink()
            raise
        _sync_folder(path.parent)
    except OSError as error:
        raise _write_error(path, error) from error


def write_output(path: Path, data: bytes) -> None:
    """Writes a result where the user asked for it, whatever is there; raises OkrctlError where that fails."""
    try:
        if path.exists() and not path.is_file():  # a device or a pipe takes the bytes as they come
            path.write_bytes(data)
            return
        before = _read_or_none(path)
    except OSError as error:
        raise _write_error(path, error) from error
    write_atomically(path, data, before)


def remove(path: Path, expected: bytes | None) -> None:
    """Deletes a file that still holds what is expected; raises OkrctlError where it changed, or cannot be deleted."""
    try:
        if _read_or_none(path) != expected:
            raise OkrctlError(f"{path} changed in the meantime", "nothing was deleted; run the command again")
        path.unlink(missing_ok=True)
        _sync_folder(path.parent)
    except OSError as error:
        raise _write_error(path, error) from error


def append(path: Path, data: bytes) -> None:
    """Adds to a file that several write to one after the other; raises OkrctlError where that fails."""
    try:
        with path.open("ab") as file:
            file.write(data)
    except OSError as error:
        raise _write_error(path, error) from error


def git_root(root: Path) -> Path:
    """The root of the git work tree around a folder, found without git; the folder itself where there is none."""
    root = Path(os.path.abspath(root))
    return next((folder for folder in (root, *root.parents) if (folder / ".git").exists()), root)


def cache_dir() -> Path | None:
    """The user's folder for what can be worked out again; it may not exist yet, and None means there is no home."""
    chosen = os.environ.get("XDG_CACHE_HOME", "")
    if os.path.isabs(chosen):
        return Path(chosen) / "okrctl"
    local = os.environ.get("LOCALAPPDATA")
    if sys.platform == "win32" and local:
        return Path(local) / "okrctl" / "cache"
    try:
        home = Path.home()
    except RuntimeError:
        return None
    return home / ("Library/Caches" if sys.platform == "darwin" else ".cache") / "okrctl"


def _file_problem(message: str, help: str) -> FileProblem:
    return FileProblem("OKR009", message, START, help)


def _explain_error(error: OSError) -> tuple[str, str]:
    """What to say, and to do, about a file that could not be read."""
    if isinstance(error, PermissionError):
        return "no permission to read this", "change its permissions"
    if isinstance(error, FileNotFoundError):
        return "there is no such file", "correct the path, or the link that leads here"
    return f"cannot be read: {error.strerror or error}", "see whether the file is whole"


def _write_beside(path: Path, data: bytes) -> Path:
    """A file with `data` in the folder of `path`, safely on the disk, with the permissions that `path` has."""
    import tempfile

    descriptor, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".tmp", dir=path.parent)
    temporary = Path(name)
    try:
        with open(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(descriptor)
        temporary.chmod(_permissions(path))
    except BaseException:
        temporary.unlink()
        raise
    return temporary


def _permissions(path: Path) -> int:
    try:
        return stat.S_IMODE(path.stat().st_mode)
    except FileNotFoundError:
        mask = os.umask(0)
        os.umask(mask)
        return 0o666 & ~mask


def _read_or_none(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None


def _sync_folder(folder: Path) -> None:
    """Makes the new name survive a power cut, where the system has folders that can be synced."""
    with contextlib.suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _write_error(path: Path, error: OSError) -> OkrctlError:
    reason = error.strerror or error
    return OkrctlError(f"cannot write {path}: {reason}", "see its permissions and the room on its disk")
