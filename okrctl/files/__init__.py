"""Finds, reads and writes the files of a workspace.

How a file is written. The new content goes to a temporary file in the same folder and is flushed to the disk. Then the
content of the file is compared with the content that the change was computed from, and only if it is the same, the
temporary file replaces it with one rename. At last the folder is flushed, so that the rename survives a power failure.

Why not simpler. Writing into the file itself leaves half a file after a crash or on a full disk. A rename within a
folder is atomic, so that other programs see the old or the new content. The comparison protects an edit that somebody
saved in an editor while okrctl was working; the lock (`lock.py`) protects only against other okrctl processes. A link
is resolved first, so that its target is replaced and the link stays, and the new file gets the permissions of the old
one.
"""

from __future__ import annotations

import contextlib
import errno
import io
import os
import stat
import sys
from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path

from okrctl.files import record
from okrctl.values.diagnostic import START, FileProblem
from okrctl.values.errors import ConflictError, DiskError, OkrctlError
from okrctl.values.patterns import Patterns

SETTINGS_NAME = "okrctl.yaml"
SCHEMA_FOLDER = ".okrctl"  # JSON Schemas for editors
SPARSE_FILE = "info/sparse-checkout"  # in the folder of git, with the patterns of a sparse checkout
SUBMODULE_LIST = ".gitmodules"  # at the top of a work tree
MAX_BYTES = 10_000_000  # of one file of a workspace
SUFFIXES = (".yaml", ".yml")  # a name that ends in one is meant as that of a file, even if it is that of a folder
TEMPORARY_PATTERN = ".okrctl-*.tmp"  # what git is to ignore
MAX_WRITERS = 100  # of one file at the same time
MAX_NAME_BYTES = 200  # of the name of a file that the names of its temporary files contain

_FOLDER = ("a folder with the name of a file", "rename the folder, or add it to `exclude:` of okrctl.yaml")
_LINK_OUT = ("the link points outside the workspace", "replace it with a regular file")

FoundFile = tuple[str, bytes | FileProblem]


def read_workspace(root: Path, include: Iterable[str], exclude: Iterable[str] = ()) -> Iterator[FoundFile]:
    """All files below `root` that match `include` and not `exclude`, with their bytes or the reason why not.

    Paths are relative to `root`, with slashes, in order. Each file is read when the iterator reaches it.
    """
    return ((path, why or read(root, path)) for path, why in find(root, include, exclude))


def _open_without_waiting(name: str, flags: int) -> int:
    """An opener that does not wait for a pipe; a folder, which cannot be read, is closed again by `open`."""
    return os.open(name, flags | getattr(os, "O_NONBLOCK", 0))


def read(root: Path, path: str) -> bytes | FileProblem:
    """The bytes of one file of the workspace, or an OKR009 that says why it cannot be read."""
    name = os.path.join(root, path)
    try:
        with open(name, "rb", buffering=0, opener=_open_without_waiting) as file:
            status = os.fstat(file.fileno())
            content = _read_open_file(file, status)
    except OSError as error:
        if is_left_out(name):
            from okrctl.files import sparse

            return _too_large() if (left_out := sparse.read_left_out(name)) is None else left_out
        reason, help = _explain_error(error)
        record.note_unread(name, reason)
        return _file_problem(reason, help)
    if record.is_recording():
        text = content if isinstance(content, bytes) else content.message.encode()
        record.note_file(name, record.state_of(status, lambda: text))
    return content


def leads_out(root: Path, path: str) -> bool:
    """Whether a path of the workspace leads out of it through a link."""
    return not Path(os.path.realpath(os.path.join(root, path))).is_relative_to(os.path.realpath(root))


def read_inside(root: Path, path: str) -> bytes | FileProblem:
    """The bytes of one file of the workspace, as `read`; an OKR009 also where a link leads out of the workspace."""
    if leads_out(root, path):
        return _file_problem(*_LINK_OUT)
    return read(root, path)


def _read_open_file(file: io.FileIO, status: os.stat_result) -> bytes | FileProblem:
    if not stat.S_ISREG(status.st_mode):
        return _file_problem("not a regular file", "replace it with a regular file")
    if status.st_size > MAX_BYTES:
        return _too_large(f": {status.st_size:,} bytes")
    return file.readall()


def _too_large(size: str = "") -> FileProblem:
    return _file_problem(f"the file is too large{size}, the limit is {MAX_BYTES:,}", "split the file")


def has_file(root: Path, path: str) -> bool:
    """Whether the workspace has something at a path, be it only a link that leads nowhere."""
    name = os.path.join(root, path)
    if os.path.lexists(name) or is_left_out(name):
        return True
    record.note_file(name, None)
    return False


def find(root: Path, include: Iterable[str], exclude: Iterable[str] = ()) -> list[tuple[str, FileProblem | None]]:
    """The paths that `read_workspace` reads, in order; with a problem if the file cannot be read.

    Raises OkrctlError where a submodule that may have such files is not here.
    """
    include, exclude = tuple(include), tuple(exclude)
    walk = _Walk(os.path.realpath(root))
    walk.walk("", "", Patterns.parse(include), Patterns.parse(exclude))
    walk.add_missing(include, exclude)
    if record.is_recording():
        found = {path: problem and problem.message for path, problem in walk.found.items()}
        record.note_listing((walk.root, include, exclude), found)
    return sorted(walk.found.items())


class _Walk:
    """A walk through the folders that can contain matches. Links come last, so that files keep their own paths."""

    def __init__(self, root: str) -> None:
        self.root = root
        self.found: dict[str, FileProblem | None] = {}
        self._real: set[str] = set()  # real paths of the files found and the folders walked
        self._links: list[tuple[str, Patterns, Patterns]] = []
        self._broken: dict[str, str] = {}  # links that lead to nothing, with what they name

    def walk(self, path: str, real: str, include: Patterns, exclude: Patterns) -> None:
        self._walk_folders(path, real, include, exclude)
        while self._links:
            self._links.sort(key=lambda link: link[0], reverse=True)
            self._follow_link(*self._links.pop())

    def add_missing(self, include: Iterable[str], exclude: Iterable[str]) -> None:
        """Add the files that a sparse checkout leaves out, here or in a submodule."""
        listed = submodule_folders(git_root(Path(self.root)))
        if not listed and not is_sparse(self.root):
            return
        from okrctl.files import sparse, submodules
        from okrctl.values.path_filters import IncludedPaths

        wants = IncludedPaths(include, exclude)
        tops = [self.root, *submodules.require_initialised(self.root, listed, wants)]
        for path in (path for top in tops for path in sparse.find_left_out(self.root, top, wants, self._broken)):
            self.found.setdefault(path, None)

    def _walk_folders(self, path: str, real: str, include: Patterns, exclude: Patterns) -> None:
        pending = [(path, real, include, exclude)]
        while pending:
            path, real, include, exclude = pending.pop()
            self._real.add(real)
            for entry in self._entries(path):
                name = entry.name
                if entry.is_symlink():
                    self._links.append((path + name, include, exclude))
                elif entry.is_dir(follow_symlinks=False):
                    inner, outer = include.descend(name), exclude.descend(name)
                    if name.endswith(SUFFIXES) and include.matches(name) and not exclude.matches(name):
                        self.found[path + name] = _file_problem(*_FOLDER)
                    elif inner and not outer.matches_everything:
                        pending.append((f"{path}{name}/", f"{real}{name}/", inner, outer))
                elif include.matches(name) and not exclude.matches(name):
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
        if not os.path.lexists(target):
            self._broken[path] = target
        wanted = (
            inner and not outer.matches_everything if folder else include.matches(name) and not exclude.matches(name)
        )
        if not wanted:
            return
        real = os.path.relpath(target, self.root).replace(os.sep, "/") + ("/" if folder else "")
        if real.startswith("../") or os.path.isabs(real):
            self.found[path] = _file_problem(*_LINK_OUT)
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
    """Replace the content of a file atomically; its permissions stay, and a link stays a link.

    `expected` is the content that the change was computed from, None for a new file. Raises OkrctlError, without
    writing anything, if the file has other content by now or cannot be written.
    """
    record.note_unknown()
    path = Path(os.path.realpath(path))
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with _TemporaryFile.create(path) as temporary:
            temporary.fill(data, _permissions(path))
            if _read_or_none(path) != expected:
                raise ConflictError(f"{path} changed in the meantime", "nothing was written; run the command again")
            temporary.replace(path)
        _sync_folder(path.parent)
    except OSError as error:
        raise _write_error(path, error) from error


def write_output(path: Path, data: bytes) -> None:
    """Write a result to a path given by the user, replacing any file. Raises OkrctlError if that fails."""
    record.note_unknown()
    try:
        if path.exists() and not path.is_file():  # a device or a pipe cannot be replaced
            path.write_bytes(data)
            return
        before = _read_or_none(path)
    except OSError as error:
        raise _write_error(path, error) from error
    write_atomically(path, data, before)


def remove(path: Path, expected: bytes | None) -> None:
    """Delete a file that has the expected content. Raises OkrctlError if it has changed or cannot be deleted."""
    record.note_unknown()
    try:
        if _read_or_none(path) != expected:
            raise ConflictError(f"{path} changed in the meantime", "nothing was deleted; run the command again")
        path.unlink(missing_ok=True)
        _sync_folder(path.parent)
    except OSError as error:
        raise _write_error(path, error) from error


def append(path: Path, data: bytes) -> None:
    """Append to a file. Raises OkrctlError if that fails."""
    record.note_unknown()
    try:
        with path.open("ab") as file:
            file.write(data)
    except OSError as error:
        raise _write_error(path, error) from error


def git_root(root: Path) -> Path:
    """The root of the git worktree around a folder, found without git; the folder itself if there is none."""
    root = Path(os.path.abspath(root))
    return next((folder for folder in (root, *root.parents) if (folder / ".git").exists()), root)


def superproject_of(top: Path) -> Path | None:
    """The root of the work tree that has the work tree at `top` as a submodule, found without git; None without one."""
    outer = next((folder for folder in top.parents if (folder / ".git").exists()), None)
    if outer is None:
        return None
    return outer if top.relative_to(outer).as_posix() in submodule_folders(outer) else None


def git_folder(root: Path) -> Path | None:
    """The folder in which git keeps the index of the work tree around a folder, found without git; None without one.

    In a linked work tree and a submodule, `.git` is a file that names it.
    """
    place = git_root(root) / ".git"
    try:
        if place.is_dir():
            return place
        named = place.read_text("utf-8", "surrogateescape")
    except OSError:
        return None
    target = named.removeprefix("gitdir:").strip()
    folder = Path(os.path.normpath(place.parent / target))
    return folder if named.startswith("gitdir:") and folder.is_dir() else None


def common_git_folder(folder: Path) -> Path:
    """The folder that all linked work trees share, of the folder that git has for one of them."""
    shared = folder / "commondir"
    return Path(os.path.normpath(folder / _read_text(shared).strip())) if shared.is_file() else folder


def _read_text(path: Path) -> str:
    try:
        return path.read_text("utf-8", "surrogateescape")
    except OSError:
        return ""


def is_sparse(folder: str) -> bool:
    """Whether the checkout of the work tree around a folder has been made sparse, found without git."""
    _, place = git_places(os.path.abspath(folder))
    return place is not None and os.path.exists(os.path.join(place, SPARSE_FILE))


@lru_cache(maxsize=4096)
def git_places(folder: str) -> tuple[str, str | None]:
    """The top of the work tree around a folder, and the folder of git, found without git; known once found."""
    top = git_root(Path(folder))
    place = git_folder(top)
    return str(top), None if place is None else str(place)


def is_left_out(name: str) -> bool:
    """Whether a sparse checkout leaves out the file of an absolute path."""
    if not is_sparse(os.path.dirname(name)):
        return False
    from okrctl.files import sparse

    return sparse.is_left_out(name)


def submodule_folders(top: Path) -> list[str]:
    """The folders of the submodules that a work tree lists, by their paths from its top, found without git."""
    name = str(top / SUBMODULE_LIST)
    if not os.path.exists(name):
        record.note_file(name, None)
        return []
    from okrctl.files import submodules

    return submodules.read_list(name)


def ignore_temporary_files(folder: Path) -> None:
    """Make git ignore our temporary files in the clone whose folder of git this is, if that is possible."""
    exclude = common_git_folder(folder) / "info" / "exclude"
    with contextlib.suppress(OSError, OkrctlError):
        old = _read_or_none(exclude)
        if TEMPORARY_PATTERN.encode() not in (old or b"").splitlines():
            separator = b"" if not old or old.endswith(b"\n") else b"\n"
            write_atomically(exclude, b"%s%s%s\n" % (old or b"", separator, TEMPORARY_PATTERN.encode()), old)


def remove_temporary_files(path: Path) -> None:
    """Remove what killed processes left of a file that they were writing."""
    with contextlib.suppress(OSError):
        for entry in path.parent.iterdir():
            if entry.name.startswith(_temporary_prefix(path)) and entry.name.endswith(".tmp"):
                _remove_abandoned(entry)


def cache_dir() -> Path | None:
    """The cache folder of the user, which may not exist yet; None if there is no home folder."""
    configured = os.environ.get("XDG_CACHE_HOME", "")
    if os.path.isabs(configured):
        return Path(configured) / "okrctl"
    local = os.environ.get("LOCALAPPDATA")
    if sys.platform == "win32" and local:
        return Path(local) / "okrctl" / "cache"
    try:
        home = Path.home()
    except RuntimeError:
        return None
    return home / ("Library/Caches" if sys.platform == "darwin" else ".cache") / "okrctl"


def config_dir() -> Path | None:
    """The folder for settings of the user, which may not exist yet; None if there is no home folder."""
    configured = os.environ.get("XDG_CONFIG_HOME", "")
    if os.path.isabs(configured):
        return Path(configured) / "okrctl"
    roaming = os.environ.get("APPDATA")
    if sys.platform == "win32" and roaming:
        return Path(roaming) / "okrctl"
    try:
        home = Path.home()
    except RuntimeError:
        return None
    return home / ("Library/Application Support" if sys.platform == "darwin" else ".config") / "okrctl"


def _file_problem(message: str, help: str) -> FileProblem:
    return FileProblem("OKR009", message, START, help)


def _explain_error(error: OSError) -> tuple[str, str]:
    """The message and the fix for a file that cannot be read."""
    if isinstance(error, PermissionError):
        return "no permission to read the file", "change its permissions"
    if isinstance(error, FileNotFoundError):
        return "there is no such file", "correct the path, or the link to it"
    return f"cannot be read: {error.strerror or error}", "check the file"


class _TemporaryFile:
    """A file beside the one that is written, until it takes its place; removed at the end if it did not.

    Its writer holds a lock on it, which the system releases when the process ends, even after a kill. Its name is one
    of a few for each file. So whoever writes the same file next meets what a killed process left, sees that nobody
    holds it, and removes it.
    """

    def __init__(self, path: Path, descriptor: int) -> None:
        self.path = path
        self.descriptor = descriptor

    @classmethod
    def create(cls, target: Path) -> _TemporaryFile:
        """The first name that nobody writes to now. Raises OSError."""
        for number in range(MAX_WRITERS):
            path = target.parent / f"{_temporary_prefix(target)}{number}.tmp"
            _remove_abandoned(path)
            with contextlib.suppress(FileExistsError):
                descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600)
                lock_descriptor(descriptor)
                if os.path.lexists(path) and os.path.samestat(os.fstat(descriptor), os.lstat(path)):
                    return cls(path, descriptor)
                os.close(descriptor)  # somebody took it for abandoned before it was locked
        raise OSError(errno.EEXIST, f"too many temporary files: {_temporary_prefix(target)}*")

    def fill(self, data: bytes, permissions: int) -> None:
        """Write the content and flush it to the disk."""
        with open(self.descriptor, "wb", closefd=False) as file:
            file.write(data)
        os.fsync(self.descriptor)
        self.path.chmod(permissions)

    def replace(self, target: Path) -> None:
        """Take the place of the file."""
        if sys.platform == "win32":  # which renames no open file
            self._close()
        os.replace(self.path, target)

    def __enter__(self) -> _TemporaryFile:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is not None:
            with contextlib.suppress(OSError):
                self.path.unlink()
        self._close()

    def _close(self) -> None:
        if self.descriptor >= 0:
            os.close(self.descriptor)
            self.descriptor = -1


def _remove_abandoned(path: Path) -> None:
    """Remove a temporary file unless a process that is alive writes to it."""
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
    with contextlib.suppress(OSError):
        descriptor = os.open(path, flags)
        try:
            if stat.S_ISREG(os.fstat(descriptor).st_mode) and lock_descriptor(descriptor):
                if sys.platform == "win32":
                    os.close(descriptor)
                    descriptor = -1
                path.unlink()
        finally:
            if descriptor >= 0:
                os.close(descriptor)


def lock_descriptor(descriptor: int) -> bool:
    """Lock an open file unless another process has locked it; the system unlocks it when it is closed."""
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def _temporary_prefix(path: Path) -> str:
    """How the names of the temporary files of a file begin; shorter than its own where that is very long."""
    name = path.name
    if len(os.fsencode(name)) > MAX_NAME_BYTES:
        import hashlib

        name = hashlib.sha256(os.fsencode(name)).hexdigest()
    return f".okrctl-{name}."


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
    """Flush a folder to the disk, if the system supports that."""
    with contextlib.suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _write_error(path: Path, error: OSError) -> OkrctlError:
    reason = error.strerror or error
    return DiskError(f"cannot write {path}: {reason}", "check its permissions and the free space on the disk")
