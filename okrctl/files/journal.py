"""A record of files that are about to be written, with which the next run finishes or undoes what a killed run began.

How it works. Before the first file is touched, the contents of all files before and after are written to one file,
the journal. When all of them are written, the journal is deleted. So a journal that is there without a running process
(`lock.py`) is that of a run that was killed, and holds all that is needed to go back or forward.

Why not simpler. Each file is replaced atomically, but a commit needs several files, git's index and a commit together.
No system call does that, and a hook of git wants to see the files as they are committed.
"""

from __future__ import annotations

import base64
import contextlib
import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from okrctl import files
from okrctl.files.lock import state_path

VERSION = 1


class FileStates(NamedTuple):
    """The contents of a file before a write, while git commits it, and after; None where it does not exist."""

    path: str
    before: bytes | None
    committed: bytes | None
    after: bytes | None


@dataclass(frozen=True, slots=True)
class Journal:
    """Files that are about to be written; their paths are relative to the top of the work tree.

    `commit` is what the repository needs to know to finish a commit; None where nothing is committed.
    """

    root: Path
    states: Sequence[FileStates]
    commit: Mapping[str, Any] | None = field(default=None)

    def begin(self) -> None:
        """Write the journal; raises OkrctlError where that is not possible, before anything else is written."""
        place = state_path(self.root, "journal")
        if place is None:  # nowhere to keep it: the files are written one by one all the same
            return
        if place.parent == files.git_folder(self.root):
            files.ignore_temporary_files(place.parent)
        files.remove_temporary_files(place)
        files.write_atomically(place, json.dumps(self._data()).encode(), None)

    def end(self) -> None:
        """Delete the journal: the files are as before, or all of them are written."""
        place = state_path(self.root, "journal")
        if place is not None:
            with contextlib.suppress(OSError):
                place.unlink()

    def place_committed(self) -> None:
        """Write the files as git is to commit them. Raises OkrctlError where one has changed or cannot be written."""
        for state in self.states:
            files.remove_temporary_files(self._file(state))
            _replace(self._file(state), state.before, state.committed)

    def place_final(self) -> list[str]:
        """Write the files as they are to stay; returns the paths of those that somebody else has changed since."""
        return self._place([(state, (state.before, state.committed), state.after) for state in self.states])

    def undo(self) -> list[str]:
        """Write the files as they were before; returns the paths of those that somebody else has changed since."""
        return self._place([(state, (state.committed, state.after), state.before) for state in self.states])

    def is_written(self) -> bool:
        """Whether all files are as they are to stay."""
        return all(_read(self._file(state)) == state.after for state in self.states)

    def _place(self, wanted: Sequence[tuple[FileStates, tuple[bytes | None, ...], bytes | None]]) -> list[str]:
        changed = []
        for state, known, content in wanted:
            file = self._file(state)
            files.remove_temporary_files(file)
            found = _read(file)
            if found != content and found in known:
                _replace(file, found, content)
            elif found != content:
                changed.append(state.path)
        return changed

    def _file(self, state: FileStates) -> Path:
        return files.git_root(self.root) / state.path

    def _data(self) -> dict[str, Any]:
        states = [[state.path, *map(_encode, state[1:])] for state in self.states]
        return {"version": VERSION, "files": states, "commit": self.commit}


def has_journal(root: Path) -> bool:
    """Whether a run is writing in the work tree around a folder, or was killed while it did."""
    place = state_path(root, "journal")
    return place is not None and place.exists()


def find_journals(root: Path) -> list[Path]:
    """The work trees that have a journal: the one around a folder, and those of its submodules, by a folder in each."""
    top = files.git_root(root)
    return [tree for tree in (root, *(top / folder for folder in files.submodule_folders(top))) if has_journal(tree)]


def read_journal(root: Path) -> Journal | None:
    """The journal of the work tree around a folder; None where there is none, or none that can be read."""
    place = state_path(root, "journal")
    try:
        data = json.loads(place.read_bytes()) if place is not None else None
        if data is None or data["version"] != VERSION:
            return None
        states = [FileStates(path, *map(_decode, contents)) for path, *contents in data["files"]]
        commit = data["commit"]
    except (OSError, ValueError, TypeError, KeyError):
        return None
    top = Path(os.path.realpath(files.git_root(root)))
    are_inside = all(_is_inside(top, state.path) for state in states)  # a repository from elsewhere may bring a journal
    return Journal(root, states, commit) if are_inside else None


def _is_inside(top: Path, path: str) -> bool:
    real = Path(os.path.realpath(top / path))
    return top in real.parents and ".git" not in real.relative_to(top).parts


def _replace(file: Path, old: bytes | None, new: bytes | None) -> None:
    if new is None:
        files.remove(file, old)
    elif new != old:
        files.write_atomically(file, new, old)


def _read(file: Path) -> bytes | None:
    try:
        return file.read_bytes()
    except OSError:
        return None


def _encode(content: bytes | None) -> str | None:
    return None if content is None else base64.b64encode(content).decode()


def _decode(text: str | None) -> bytes | None:
    return None if text is None else base64.b64decode(text, validate=True)
