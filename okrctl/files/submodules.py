"""The submodules of a work tree, found without git, and what is wrong where one of them is not here."""

from __future__ import annotations

import os
import shlex
from collections.abc import Iterable, Iterator
from pathlib import Path

from okrctl.files import git_root, record
from okrctl.values.errors import GitError
from okrctl.values.path_filters import OWN_PATHS, PathFilter


def read_list(name: str) -> list[str]:
    """Return the folders of the submodules that a file lists."""
    settings = (line.partition("=") for line in _read_text(name).splitlines())
    paths = (value.strip().strip('"').rstrip("/") for key, _, value in settings if key.strip() == "path")
    return [path for path in dict.fromkeys(paths) if path and not os.path.isabs(path) and ".." not in path.split("/")]


def require_initialised(root: str, listed: Iterable[str], wants: PathFilter) -> Iterator[str]:
    """Yield the folders of those of the listed submodules that may have wanted files below a root.

    Raises GitError where one of them is not here: then its files are not gone, but missing.
    """
    top = git_root(Path(root))
    for path in listed:
        place = str(top / path)
        relative = os.path.relpath(place, root).replace(os.sep, "/")
        if relative.startswith("..") or not wants.covers(relative):
            continue
        if _has_git(place):
            yield place
        elif (top / ".git").exists() and not _holds_files(place) and _is_listed(top, path):
            raise _absent_error(top, path, relative)


def _read_text(name: str) -> str:
    try:
        with open(name, "rb") as file:
            status, content = os.fstat(file.fileno()), file.read()
    except OSError:
        record.note_file(name, None)
        return ""
    record.note_file(name, record.state_of(status, lambda: content))
    return content.decode("utf-8", "surrogateescape")


def _has_git(place: str) -> bool:
    return os.path.lexists(os.path.join(place, ".git"))


def _holds_files(place: str) -> bool:
    try:
        return bool(os.listdir(place))
    except OSError:
        return False


def _is_listed(top: Path, path: str) -> bool:
    """Whether git's index has the submodule, or nobody can tell: its entry may be older than its removal."""
    from okrctl import git

    repository = git.find_repository(top)
    return repository is None or path in repository.list_present(OWN_PATHS).submodules


def _absent_error(top: Path, path: str, relative: str) -> GitError:
    from okrctl.git.process import git_in, to_printable

    message = f"the submodule {to_printable(relative)} is not in this clone"
    return GitError(message, f"run {git_in(top)} submodule update --init {shlex.quote(to_printable(path))}")
