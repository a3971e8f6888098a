"""Moves a branch, the index and the work tree from one commit to another, and settles a move that was killed.

Git changes the files first, then the branch; nothing is touched where a file has changes. A move that ended in between
leaves files of both commits. Which one is right is told by the branch: where it has moved the move is finished, else
undone. A file that is neither as in the one commit nor as in the other was edited by somebody, and stays.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from okrctl.git.commits import SUBMODULE_MODE
from okrctl.git.process import GitRunner, git_error, locked_error, to_printable
from okrctl.git.repository import Repository
from okrctl.git.upstream import NO_HOOKS
from okrctl.values.errors import ConflictError, OkrctlError, RefusedError


class BranchMove(NamedTuple):
    """The full name of a branch, and the ids of its commits before and after."""

    branch: str
    old: str
    new: str


def move_branch(repository: Repository, move: BranchMove, lock: int | None = None) -> None:
    """Move the branch that is checked out. Raises OkrctlError, with everything as before, where git refuses.

    Git holds `lock`, an open file, until it ends.
    """
    _write(repository, lock, "read-tree", "-m", "-u", move.old, move.new)
    words = ("update-ref", "-m", "okrctl: sync", move.branch, move.new, move.old)
    status, _, error_text = repository.runner.try_write(*NO_HOOKS, *words, lock=lock)
    if status:
        _write(repository, lock, "read-tree", "-m", "-u", move.new, move.old)
        if repository.find_commit_id(move.branch) == move.old:
            raise git_error(error_text)
        raise ConflictError("somebody committed to the branch meanwhile", "try again")


def settle_move(repository: Repository, move: BranchMove) -> list[str]:
    """Finish or undo a move that was killed; returns the paths of files that somebody has changed since."""
    branch = repository.find_commit_id(move.branch)
    if branch not in (move.old, move.new) or _head_name(repository) != move.branch:
        return []
    wanted, other = (move.new, move.old) if branch == move.new else (move.old, move.new)
    versions = {path: _Versions(*ids) for path, ids in _touched_paths(repository, other, wanted)}
    found = _found_ids(repository, versions)
    if _is_settled(repository, wanted, versions, found):
        return []
    if (repository.folder / "index.lock").exists():
        raise locked_error()
    kept = _edited_paths(repository, versions, found)
    _write(repository, None, "read-tree", "-i", "-m", wanted)
    _restore(repository, {path: versions[path].wanted for path in versions.keys() - {*kept}})
    repository.runner.run("update-index", "-q", "--refresh")
    return kept


class _Versions(NamedTuple):
    """The ids of a file in both commits of a move, None where it does not exist."""

    other: str | None
    wanted: str | None


def _is_settled(
    repository: Repository, wanted: str, versions: Mapping[str, _Versions], found: Mapping[str, str | None]
) -> bool:
    """Whether the files and the index are as in the wanted commit; then a lock of another git does not matter."""
    is_placed = all(found[path] == ids.wanted for path, ids in versions.items())
    return is_placed and versions.keys().isdisjoint(_staged_paths(repository, wanted))


def _edited_paths(
    repository: Repository, versions: Mapping[str, _Versions], found: Mapping[str, str | None]
) -> list[str]:
    """The files that are neither as in one of the commits nor half written."""
    foreign = (path for path, ids in versions.items() if found[path] not in ids)
    return sorted(path for path in foreign if not _is_half(repository, path, versions[path]))


def _write(repository: Repository, lock: int | None, *words: str) -> None:
    status, _, error_text = repository.runner.try_write(*NO_HOOKS, *words, lock=lock)
    if status:
        raise _move_error(error_text)


def _move_error(error_text: str) -> OkrctlError:
    """The error of git where it does not change the files; the first of them is named."""
    match = re.search(r"(?:Entry|Untracked working tree file) '([^']*)'", error_text)
    if not match:
        return git_error(error_text)
    hint = "commit it, or undo the change" if "not uptodate" in error_text else "add it to git, or move it away"
    return RefusedError(f"{to_printable(match[1])} would be overwritten", hint)


def _head_name(repository: Repository) -> str:
    return os.fsdecode(repository.runner.run("symbolic-ref", "--quiet", "HEAD")[1]).strip()


def _touched_paths(repository: Repository, old: str, new: str) -> Iterator[tuple[str, tuple[str | None, str | None]]]:
    """The files and links that differ between two commits, by their paths from the top, with both ids."""
    words = ("diff-tree", "-r", "-z", "--raw", "--no-abbrev", "--no-renames", "--no-relative", old, new)
    tokens = repository.runner.read(*words).split(b"\0")
    for metadata, name in zip(tokens[::2], tokens[1::2], strict=False):
        modes, ids = metadata.decode().lstrip(":").split(" ")[:2], metadata.decode().split(" ")[2:4]
        if SUBMODULE_MODE not in modes:
            before, after = (None if set(each) == {"0"} else each for each in ids)
            yield os.fsdecode(name), (before, after)


def _staged_paths(repository: Repository, commit: str) -> set[str]:
    words = ("diff-index", "--cached", "--name-only", "--no-renames", "--no-relative", "-z", commit, "--")
    return {os.fsdecode(name) for name in repository.runner.read(*words).split(b"\0") if name}


def _found_ids(repository: Repository, paths: Iterable[str]) -> dict[str, str | None]:
    """The ids that files in the work tree would have, as git would add them; None for what is no file."""
    top = _top(repository)
    found: dict[str, str | None] = dict.fromkeys(paths)
    regular = [path for path in found if (top / path).is_file() and not (top / path).is_symlink()]
    for path in found:
        if (top / path).is_symlink():
            found[path] = _hash(repository, os.fsencode(os.readlink(top / path)))
    names = "".join(f"{_quote(path)}\n" for path in regular)
    output = GitRunner(top, repository.runner.extra).write("hash-object", "--stdin-paths", text=os.fsencode(names))
    return found | dict(zip(regular, output.decode().split(), strict=True))


def _quote(path: str) -> str:
    """A path on one line, as git reads it."""
    return '"' + path.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'


def _hash(repository: Repository, data: bytes) -> str:
    return hashlib.new(repository.hash_name, b"blob %d\0" % len(data) + data, usedforsecurity=False).hexdigest()


def _is_half(repository: Repository, path: str, ids: _Versions) -> bool:
    """Whether a file is missing, or ends in the middle of what git was writing."""
    try:
        found = (_top(repository) / path).read_bytes()
    except FileNotFoundError:
        return True
    except OSError:
        return False
    runner = GitRunner(_top(repository), repository.runner.extra)
    contents = (runner.write("cat-file", "--filters", f"--path={path}", name) for name in ids if name is not None)
    return any(content.startswith(found) for content in contents)


def _restore(repository: Repository, wanted: Mapping[str, str | None]) -> None:
    """Write files as the index has them, and remove those that a commit does not have."""
    top = _top(repository)
    for path in (path for path, name in wanted.items() if name is None):
        (top / path).unlink(missing_ok=True)
        _remove_empty_folders((top / path).parent, top)
    names = "".join(f"{path}\0" for path, name in wanted.items() if name is not None)
    runner = GitRunner(top, repository.runner.extra)
    runner.write("checkout-index", "--force", "-z", "--stdin", text=os.fsencode(names))


def _remove_empty_folders(folder: Path, top: Path) -> None:
    while folder != top and folder.is_dir() and not any(folder.iterdir()):
        folder.rmdir()
        folder = folder.parent


def _top(repository: Repository) -> Path:
    assert repository.work_tree is not None
    return repository.work_tree
