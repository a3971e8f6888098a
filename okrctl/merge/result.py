"""The result of merging a work tree: what was merged, and what is left to a person."""

from __future__ import annotations

from dataclasses import dataclass

from okrctl.merge.conflicts import Conflict
from okrctl.merge.moves import GoalPlace


@dataclass(frozen=True, slots=True)
class LeftConflict:
    """A conflict that is left to a person, and who made the change on each side, None where that is unknown."""

    conflict: Conflict
    authors: tuple[str | None, str | None] = (None, None)

    def describe(self, names: tuple[str, str]) -> str:
        """The conflict in words, with the sides and the people."""
        labels = [f"{name} ({author})" if author else name for name, author in zip(names, self.authors, strict=True)]
        return self.conflict.describe((labels[0], labels[1]))


@dataclass(frozen=True, slots=True)
class WorkTreeMerge:
    """What became of the files in conflict; `names` are the sides, `others` the files that hold no goals."""

    names: tuple[str, str]
    merged: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    left: tuple[LeftConflict, ...] = ()
    moves: tuple[tuple[GoalPlace, GoalPlace], ...] = ()
    others: tuple[str, ...] = ()
    is_dry_run: bool = False

    @property
    def is_complete(self) -> bool:
        """Whether nothing is left to decide in goal files."""
        return not self.left
