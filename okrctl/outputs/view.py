"""Tables that Markdown and HTML print alike: rows of cells, each with its meaning but without markup.

A view says what stands in a table once; a format says how a status, a reference or a bar looks there. The terminal has
columns of its own (`grid`), since what fits there depends on its width.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Literal, NamedTuple

from okrctl.analysis.trajectory import Trajectory

Tone = Literal["good", "warn", "bad"]
TONES: dict[str, Tone] = {
    "at risk": "bad", "alarm": "bad", "error": "bad", "missed": "bad", "red": "bad", "worse": "bad", "broken": "bad",
    "refuted": "bad", "easier": "warn", "behind": "warn", "stale": "warn", "no data": "warn", "yellow": "warn",
    "moved": "warn", "still open": "warn", "signal": "warn", "at its worst": "warn", "due": "warn", "untested": "warn",
    "in bounds, stale": "warn", "warning": "warn", "unknown": "warn",
    "on track": "good", "achieved": "good", "succeeded": "good", "green": "good", "better": "good", "met": "good",
    "supported": "good", "in bounds": "good",
}  # fmt: skip


class Bar(NamedTuple):
    """A share of the whole, with the share expected by now."""

    progress: Fraction | None
    expected: Fraction | None = None


class Step(NamedTuple):
    """One step of a waterfall, from one height to another on a scale."""

    start: Fraction
    end: Fraction
    low: Fraction
    high: Fraction
    effect: Literal["rise", "fall", "same"]


class Cell(NamedTuple):
    """What one cell says, as plain text that each format escapes.

    A `name` is what a person wrote and may run from right to left; a `ref` is set as code, a `place` is a line of a
    file. Each may lead to `href`. A `status` follows the text, coloured by its tone. `notes` stand below in small
    print. `values` are a sparkline, a `trajectory` is a chart; the `label` says what they show to those who cannot see
    them.
    """

    text: str = ""
    kind: Literal["text", "name", "ref", "place"] = "text"
    status: str | None = None
    notes: tuple[Cell, ...] = ()
    bar: Bar | None = None
    step: Step | None = None
    values: Sequence[Fraction | None] = ()
    trajectory: Trajectory | None = None
    label: str = ""
    href: str | None = None

    @property
    def tone(self) -> Tone | Literal["none"]:
        """The colour of the status."""
        return TONES.get(self.status or "", "none")


class Column(NamedTuple):
    """A heading; `key` names the column in a style sheet, and a column of drawings has no text at all."""

    title: str
    key: str = ""
    is_number: bool = False
    is_drawing: bool = False


class Row(NamedTuple):
    """The cells of one row, the first its heading; `level` is how deep it lies in a tree."""

    cells: tuple[Cell, ...]
    level: int = 0
    attributes: tuple[tuple[str, str | int], ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under columns; the caption is read aloud even where it is not shown."""

    columns: tuple[Column, ...]
    rows: list[Row] = field(default_factory=list)
    caption: str = ""
