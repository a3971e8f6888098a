"""Says what a difference between two states of a workspace is, and what the rules on changes look at."""

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
    """One difference: a thing that came or went, or one `field` of a thing that is in both states.

    `old` and `new` are values as the models have them, None where there is none; `amended` says that the file records
    it. The place is where the new state says so, for what is gone where the old one did.
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
        """The file of its place."""
        return self.file.path

    @property
    def line(self) -> int:
        """The line of its place, from 1."""
        return self.file.document.span_at(self.route).line if self.route else 1


@dataclass(frozen=True)
class Comparison:
    """What the rules on changes look at: both states, every change from one to the other, and what surrounds them.

    `day` is when the new state came to be. `sealed` are the periods whose seal the old state holds and the new one
    did not open again, `broken_seals` the paths of seals that were changed or thrown away. `authors` gives name and
    address of those who changed a file in between, as far as it was committed.
    """

    old: Workspace
    new: Workspace
    changes: list[Change]
    day: date
    sealed: frozenset[str] = frozenset()
    broken_seals: tuple[str, ...] = ()
    authors: Callable[[str], frozenset[tuple[str, str]]] = lambda path: frozenset()

    def is_agreed(self, period: Period) -> bool:
        """Whether the time for agreeing on a period had passed when the new state came to be."""
        return (self.day - period.start).days > self.new.config.scoring.agree_days

    def current_objective(self, node: Objective) -> Objective | None:
        """What an old objective is now; None where it is gone, or where nothing of it changed."""
        return self._current_objectives.get(id(node))

    @cached_property
    def _current_objectives(self) -> dict[int, Objective]:
        by_name = {one.ref: one for one in self.new.objectives}
        found = {id(one): by_name[one.ref] for one in self.old.objectives if one.ref in by_name}
        for one in self.changes:
            if isinstance(one.before, Objective) and isinstance(one.after, Objective):
                found[id(one.before)] = one.after
        return found
