"""A change between two states of a workspace, and the comparison that the rules on changes examine."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any, Literal

from okrctl.measures.measure import Effect
from okrctl.values.diagnostic import Route
from okrctl.values.period import Period
from okrctl.workspace import File, KeyResult, Kpi, Objective, Workspace

ChangeKind = Literal["added", "removed", "changed"]
Node = Objective | KeyResult | Kpi


@dataclass(frozen=True, slots=True)
class Change:
    """One change: an added or removed node, or one changed `field` of a node.

    `old` and `new` are values as the models have them, None where there is none. `amended` is true where the file
    records the change. File and route are those of the new state, for a removed node those of the old one.
    """

    ref: str
    kind: ChangeKind
    field: str | None
    old: Any
    new: Any
    effect: Effect | None
    file: File
    route: Route
    before: Node | None = None
    after: Node | None = None
    amended: bool = False

    @property
    def path(self) -> str:
        """The path of the file."""
        return self.file.path

    @property
    def line(self) -> int:
        """The line in the file, from 1."""
        return self.file.document.span_at(self.route).line if self.route else 1


@dataclass(frozen=True)
class Comparison:
    """Two states, every change from one to the other, and facts about them that rules on changes need.

    `day` is the day of the new state. `sealed` are the periods that are sealed in the old state and not reopened in the
    new one, `broken_seals` the paths of seals that were changed or deleted. `authors` returns the names and addresses
    of those who committed changes of a file in between.
    """

    old: Workspace
    new: Workspace
    changes: list[Change]
    day: date
    sealed: frozenset[str] = frozenset()
    broken_seals: tuple[str, ...] = ()
    authors: Callable[[str], frozenset[tuple[str, str]]] = lambda path: frozenset()

    def is_agreed(self, period: Period) -> bool:
        """Whether the time for agreeing on a period was over on the day of the new state."""
        return (self.day - period.start).days > self.new.config.scoring.agree_days

    @cached_property
    def renamed(self) -> dict[str, str]:
        """The new references of goals that changed their id or team, by their old ones."""
        goals = ((change.before, change.after) for change in self.changes)
        return {
            before.ref: after.ref
            for before, after in goals
            if isinstance(before, Objective | KeyResult) and after is not None and before.ref != after.ref
        }

    def current_objective(self, node: Objective) -> Objective | None:
        """The new state of an old objective; None where it was removed."""
        return self._current_objectives.get(id(node))

    @cached_property
    def _current_objectives(self) -> dict[int, Objective]:
        by_ref = {objective.ref: objective for objective in self.new.objectives}
        current = {id(objective): by_ref[objective.ref] for objective in self.old.objectives if objective.ref in by_ref}
        for change in self.changes:
            if isinstance(change.before, Objective) and isinstance(change.after, Objective):
                current[id(change.before)] = change.after
        return current
