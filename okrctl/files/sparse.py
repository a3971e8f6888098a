"""Files that a sparse checkout leaves out of the work tree: they are read from git's index, as if they were there.

Everything of a workspace is found and read in this room, so that nobody else needs to know. Git is asked only where the
checkout is sparse, which its folder tells, and again only when its index has changed. A file that is there all the
same is read from the disk.
"""

from __future__ import annotations

import os
import posixpath
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from okrctl import files
from okrctl.files import SPARSE_FILE, common_git_folder, git_places, record
from okrctl.values.errors import GitError, OkrctlError, RefusedError
from okrctl.values.path_filters import PathFilter

if TYPE_CHECKING:
    from okrctl.files.record import FileState
    from okrctl.git import Repository

LINK_MODE = "120000"
MAX_FOLDERS = 8  # that one command names
_SETTING = re.compile(r"^[ \t]*sparsecheckout[ \t]*(?:=[ \t]*(\w*))?[ \t]*$", re.IGNORECASE | re.MULTILINE)

Stamp = tuple[object, ...]


class _LeftOut(NamedTuple):
    """What the checkout of one work tree leaves out, as long as its stamp holds: blobs by path from the top.

    `links` are the blobs of symbolic links, `aliases` the files that a search has found through them. `searches` are
    the files that searches have found, and that are going to be read together.
    """

    stamp: Stamp
    top: str
    repository: Repository | None
    blobs: dict[str, str]
    links: dict[str, str]
    contents: dict[str, bytes | None]
    aliases: dict[str, str]
    searches: dict[frozenset[str], None]

    def place_of(self, path: str) -> str | None:
        """Where a file is on the disk, None where it is left out."""
        return None if path in self.blobs else os.path.join(self.top, path)

    def paths_below(self, root: str, paths: Iterable[str]) -> Iterator[tuple[str, str]]:
        """Those of some paths from the top that are below a root, with their paths from the root."""
        inside = os.path.relpath(root, self.top).replace(os.sep, "/")
        prefix = "" if inside == "." else f"{inside}/"
        outer = ""
        if prefix.startswith("../"):  # a submodule below the root
            prefix, outer = "", os.path.relpath(self.top, root).replace(os.sep, "/") + "/"
        return ((path, outer + path.removeprefix(prefix)) for path in paths if path.startswith(prefix))


_known: dict[str, _LeftOut] = {}


def find_left_out(root: str, folder: str, wants: PathFilter, broken: Mapping[str, str] | None = None) -> list[str]:
    """Return the files below a folder that its work tree leaves out, by their paths from the root; both are real.

    `broken` are links below the root that lead to nothing on the disk, with the real paths that they name.
    """
    found = _look_at(folder)
    if found is None:
        return []
    wanted = {
        path: shown
        for path, shown in found.paths_below(root, found.blobs)
        if wants(shown) and not os.path.lexists(os.path.join(found.top, path))
    }
    linked = {shown: path for shown, path in _linked(found, root, wants, broken or {}) if path not in wanted}
    own = {path for path, shown in found.paths_below(root, linked.values()) if wants(shown)}
    linked = {shown: path for shown, path in linked.items() if path not in own}  # it is found without the link
    found.searches[frozenset({*wanted, *linked.values()} & found.blobs.keys())] = None
    return [*wanted.values(), *linked]


def _linked(found: _LeftOut, root: str, wants: PathFilter, broken: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """The wanted paths from the root that lead to other files through links, with those files."""
    for shown, target in _link_targets(found, root, wants, broken).items():
        for path in _paths_at(found, target):
            alias = shown + path.removeprefix(target)
            if wants(alias):
                found.aliases[os.path.relpath(os.path.join(root, alias), found.top).replace(os.sep, "/")] = path
                yield alias, path


def _link_targets(found: _LeftOut, root: str, wants: PathFilter, broken: Mapping[str, str]) -> dict[str, str]:
    """What links lead to that may be wanted, from the top: links that are left out, and those that are broken."""
    targets = {path: os.path.relpath(target, found.top).replace(os.sep, "/") for path, target in broken.items()}
    links = {path: shown for path, shown in found.paths_below(root, found.links) if wants(shown) or wants.covers(shown)}
    if links:
        _read_ahead(found, [*links])
    for path, shown in links.items():
        text = (found.contents[path] or b"").decode("utf-8", "surrogateescape")
        targets[shown] = posixpath.normpath(posixpath.join(posixpath.dirname(path), text))
    return targets


def _paths_at(found: _LeftOut, target: str) -> list[str]:
    """The files that a link leads to, left out or not, by their paths from the top; those outside count as none."""
    if target.startswith("../") or os.path.isabs(target):
        return []
    inside = [path for path in found.blobs if path == target or path.startswith(f"{target}/")]
    place = os.path.join(found.top, target)
    present = [place] if os.path.isfile(place) else []
    present += [os.path.join(folder, name) for folder, _, names in os.walk(place) for name in names]
    return [*inside, *(os.path.relpath(name, found.top).replace(os.sep, "/") for name in present)]


def is_left_out(name: str) -> bool:
    """Whether a sparse checkout leaves out what an absolute path names."""
    return _find(name) is not None


def read_left_out(name: str) -> bytes | None:
    """Return what git's index has for a file that is left out, None where it is too large to be read.

    Raises OkrctlError where the content is not in this clone, LookupError where nothing is left out.
    """
    place = _find(name)
    if place is None:
        raise LookupError(name)
    found, path = place
    if found.place_of(path) is not None:
        return _read_present(found, path)
    record.note_file(name, [found.blobs[path]])
    if path not in found.contents:
        _read_ahead(found, next((paths for paths in reversed(found.searches) if path in paths), [path]), path)
    return found.contents[path]


def state_of(name: str) -> FileState | None:
    """Return the state of a file that is left out, which is its blob; None where it is not."""
    place = _find(name)
    if place is None:
        return None
    found, path = place
    present = found.place_of(path)
    if present is None:
        return [found.blobs[path]]
    return record.state_of(os.stat(present), lambda: _read_present(found, path) or b"")


def _read_present(found: _LeftOut, path: str) -> bytes | None:
    """The content of a file that is there, and that a link leads to which is left out."""
    content = files.read(Path(found.top), path)
    return content if isinstance(content, bytes) else None


def require_present(root: Path, paths: Iterable[str]) -> None:
    """Raise RefusedError where one of the files that are to be written is left out of the work tree."""
    for path in paths:
        place = None if os.path.lexists(root / path) else _find(str(root / path))
        if place is not None:
            raise RefusedError(
                f"{path} is not in the work tree: this checkout is sparse", f"run {_command(place[0], [place[1]])}"
            )


def _find(name: str) -> tuple[_LeftOut, str] | None:
    """What is left out around a file, and its path from the top."""
    real = os.path.realpath(name)
    found = _look_at(os.path.dirname(real))
    if found is None:
        return None
    path = os.path.relpath(real, found.top).replace(os.sep, "/")
    path = found.aliases.get(path, path)
    is_there = path in found.blobs or path in found.aliases.values()
    return (found, path) if is_there else None


def _look_at(folder: str) -> _LeftOut | None:
    """What the work tree around a real folder leaves out; None where its checkout is not sparse."""
    top, git = git_places(folder)
    if git is None or not os.path.exists(os.path.join(git, SPARSE_FILE)):
        return None
    settings = [os.path.join(common_git_folder(Path(git)), "config"), os.path.join(git, "config.worktree")]
    index = os.environ.get("GIT_INDEX_FILE") or os.path.join(git, "index")
    stamp = (index, *(_stamp(name) for name in (index, os.path.join(git, SPARSE_FILE), *settings)))
    found = _known.get(top)
    if found is None or found.stamp != stamp:
        repository = _find_repository(top) if _is_sparse(settings) else None
        found = _known[top] = _list_left_out(stamp, top, repository)
    return found


def _list_left_out(stamp: Stamp, top: str, repository: Repository | None) -> _LeftOut:
    entries = repository.list_skipped() if repository is not None else []
    links = {entry.path: entry.id for entry in entries if entry.mode == LINK_MODE}
    blobs = {entry.path: entry.id for entry in entries if entry.mode.startswith("100")}
    return _LeftOut(stamp, top, repository, blobs, links, {}, {}, {})


def _stamp(name: str) -> Stamp:
    try:
        status = os.stat(name)
    except OSError:
        return ()
    return status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino


def _is_sparse(settings: Iterable[str]) -> bool:
    """Whether the settings of a repository leave the checkout sparse; those of the user may."""
    values: list[str] = []
    for name in settings:
        try:
            values += _SETTING.findall(Path(name).read_text("utf-8", "replace"))
        except OSError:
            continue
    return not values or values[-1].casefold() not in ("false", "no", "off", "0")


def _find_repository(top: str) -> Repository | None:
    from okrctl import git  # here, since hardly a clone is sparse
    from okrctl.git.process import is_git_available

    if not is_git_available():
        hint = "install git, or add it to the PATH"
        raise GitError(f"{top} is a sparse checkout, and git, which has the rest of it, was not found", hint)
    return git.find_repository(Path(top))


def _read_ahead(found: _LeftOut, paths: Iterable[str], asked: str | None = None) -> None:
    """Read files together, since one by one is slow; where only one of them is asked for, others may be missing."""
    try:
        _read(found, sorted(paths))
    except OkrctlError as error:
        path = asked or min(paths)
        try:
            if asked is None:
                raise
            _read(found, [asked])
        except OkrctlError:
            message = f"{path} is left out of this sparse checkout, and its content is not in this clone"
            raise GitError(message, f"run {_command(found, paths)}") from error


def _read(found: _LeftOut, paths: Sequence[str]) -> None:
    assert found.repository is not None
    blobs = found.repository.read_blobs(found.blobs.get(path) or found.links[path] for path in paths)
    found.contents.update((path, data) for path, (_, data) in zip(paths, blobs, strict=True))


def _command(found: _LeftOut, paths: Iterable[str]) -> str:
    """The command that brings files to the work tree, with the others of their folders."""
    import shlex

    from okrctl.git.process import git_in

    folders = sorted({os.path.dirname(path) or f"/{path}" for path in paths})
    outer = [name for name in folders if not any(name.startswith(f"{other}/") for other in folders)]
    if len(outer) > MAX_FOLDERS:
        return f"{git_in(Path(found.top))} sparse-checkout disable"
    return f"{git_in(Path(found.top))} sparse-checkout add {shlex.join(outer)}"
