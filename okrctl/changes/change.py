"""Says what one difference between two states of a workspace is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from okrctl.diagnostic import Route
from okrctl.workspace import File, KeyResult, Kpi, Objective

Kind = Literal["added", "removed", "changed"]
Effect = Literal["relaxed", "tightened", "neutral"]
Node = Objective | KeyResult | Kpi


@dataclass(frozen=True, slots=True)
class Change:
    """One difference: a thing that came or went, or one `field` of a thing that is in both states.

    `old` and `new` are values as the models have them, None where there is none; `amended` says that the file records
    it. The place is where the new state says so, for what is gone where the old one did.
    """

    ref: str
    kind: Kind
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
        return self.file.document.at(self.route).line if self.route else 1
