"""Filters for paths, which also tell of a folder whether they may want a path below it.

A folder that is a repository of its own need not be opened where nothing below it is wanted.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from okrctl.values.patterns import Patterns


class PathFilter(Protocol):
    """Tells which paths are wanted."""

    def __call__(self, path: str) -> bool:
        """Whether a path is wanted."""
        ...

    def covers(self, folder: str) -> bool:
        """Whether paths below a folder may be wanted."""
        ...


class IncludedPaths:
    """The paths that the patterns of the settings include.

    It keeps the state of the patterns for each folder, so that a pattern is matched once for each part of a path.
    """

    def __init__(self, include: Iterable[str], exclude: Iterable[str] = ()) -> None:
        self._states: dict[str, tuple[Patterns, Patterns]] = {"": (Patterns.parse(include), Patterns.parse(exclude))}

    def __call__(self, path: str) -> bool:
        """Whether a path matches."""
        parent, _, name = path.rpartition("/")
        included, excluded = self._inside(parent)
        return included.matches(name) and not excluded.matches_everything and not excluded.matches(name)

    def covers(self, folder: str) -> bool:
        """Whether paths below a folder may match."""
        included, excluded = self._inside(folder)
        return bool(included) and not excluded.matches_everything

    def _inside(self, folder: str) -> tuple[Patterns, Patterns]:
        if folder not in self._states:
            parent, _, name = folder.rpartition("/")
            included, excluded = self._inside(parent)
            rest = excluded if excluded.matches_everything else excluded.descend(name)
            self._states[folder] = (included.descend(name), rest)
        return self._states[folder]


class PathsBelow:
    """Some paths, and those below them where they are folders; None stands for every path."""

    def __init__(self, paths: Iterable[str] | None) -> None:
        self._paths = None if paths is None else frozenset(paths)

    def __call__(self, path: str) -> bool:
        """Whether a path is one of them, or below one."""
        if self._paths is None or path in self._paths:
            return True
        return any(path.startswith(f"{each}/") for each in self._paths)

    def covers(self, folder: str) -> bool:
        """Whether a path below a folder may be one of them."""
        return self(folder) or any(each.startswith(f"{folder}/") for each in self._paths or ())


class OwnPaths:
    """Every path of a repository itself, and none of a repository in one of its folders."""

    def __call__(self, path: str) -> bool:
        """Always true."""
        return True

    def covers(self, folder: str) -> bool:
        """Never true."""
        return False


EVERY_PATH = PathsBelow(None)
OWN_PATHS = OwnPaths()
