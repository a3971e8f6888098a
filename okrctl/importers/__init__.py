"""Reads goals that were written elsewhere, as far as they can be placed, and says of every line what came of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Literal, NamedTuple

from okrctl.values.errors import OkrctlError
from okrctl.values.nouns import count_noun
from okrctl.values.period import Period
from okrctl.yaml_edit import Value

Outcome = Literal["placed", "remark", "not-placed"]


class LineResult(NamedTuple):
    """What became of something on a line of the file, counted from 1: placed, how it was understood, or why not."""

    line: int
    message: str
    outcome: Outcome = "not-placed"


class SourceReading(NamedTuple):
    """A reading as a container found it: the name of its day, week or month, and what is said beside the value."""

    day: str
    value: str
    note: str = ""


class Question(NamedTuple):
    """What a file leaves open: `subject` is the name of a team or KPI; `choices` are the answers, if they are few."""

    kind: Literal["decimal", "dates", "period", "team", "better"]
    subject: str
    choices: tuple[str, ...]
    text: str


class MissingAnswer(OkrctlError):
    """Nothing can be placed without an answer; the hint names the option that gives it."""

    def __init__(self, message: str, hint: str, question: Question) -> None:
        super().__init__(message, hint)
        self.question = question


PERIOD_QUESTION = Question("period", "", (), "the file does not name its period")


@dataclass(slots=True)
class SourceGoal:
    """A goal as a container found it: texts under our names for them, not yet understood.

    `series` has the readings that say their day, such as the cells of columns that are weeks.
    """

    line: int
    kind: Literal["objective", "key-result", "kpi"]
    cells: dict[str, str]
    children: list[SourceGoal] = field(default_factory=list)
    series: list[SourceReading] = field(default_factory=list)
    parent: SourceGoal | None = None

    def walk(self) -> Iterator[SourceGoal]:
        """It and all below it."""
        yield self
        for child in self.children:
            yield from child.walk()


@dataclass(slots=True)
class SourceFile:
    """All goals that a container found, what it could not place, and what it guessed."""

    goals: list[SourceGoal] = field(default_factory=list)
    results: list[LineResult] = field(default_factory=list)

    def report(self, line: int, message: str) -> None:
        """Say that something of a line has no place."""
        self.results.append(LineResult(line, message))

    def remark(self, line: int, message: str) -> None:
        """Say how something of a line was understood."""
        self.results.append(LineResult(line, message, "remark"))


@dataclass(slots=True)
class ImportedGoal:
    """An objective, a key result or a KPI as it is to be written; readings and what stands below it stand apart.

    Without an `id` in `data` it gets one from its title; one that was made from it so that others can refer to it is
    not what it is known by (`has_made_id`). `undated_day` is the day of a reading that says no day: it is only news
    where the newest reading says otherwise.
    """

    line: int
    data: dict[str, Value]
    readings: dict[date, Value] = field(default_factory=dict)
    key_results: list[ImportedGoal] = field(default_factory=list)
    undated_day: date | None = None
    has_made_id: bool = False

    @property
    def title(self) -> str:
        """Its title, else its id."""
        return str(self.data.get("title") or self.data.get("id") or "")


class GoalLocation(NamedTuple):
    """Where objectives belong."""

    period: Period
    team: str


@dataclass(slots=True)
class ImportDraft:
    """All that a file says in our terms, and what it says beyond them; `seen` counts what was there to be placed."""

    objectives: list[tuple[GoalLocation, ImportedGoal]] = field(default_factory=list)
    kpis: list[ImportedGoal] = field(default_factory=list)
    results: list[LineResult] = field(default_factory=list)
    seen: dict[str, int] = field(default_factory=dict)
    questions: list[Question] = field(default_factory=list)

    def report(self, line: int, message: str) -> None:
        """Say that something of a line has no place."""
        self.results.append(LineResult(line, message))

    def remark(self, line: int, message: str) -> None:
        """Say how something of a line was understood."""
        self.results.append(LineResult(line, message, "remark"))

    def goals(self) -> Iterator[ImportedGoal]:
        """Everything that has a place."""
        for _, objective in self.objectives:
            yield objective
            yield from objective.key_results
        yield from self.kpis

    def counts(self) -> str:
        """How many of the goals in the file have a place, in words."""
        placed = self.count_placed()
        seen = {kind: count for kind, count in self.seen.items() if count}
        parts = [f"{placed[kind]} of {count_noun(count, kind.removesuffix('s'))}" for kind, count in seen.items()]
        return f"imported {', '.join(parts) or 'nothing'}"

    def count_placed(self) -> dict[str, int]:
        """How many of what was seen have a place."""
        key_results = sum(len(objective.key_results) for _, objective in self.objectives)
        return {"objectives": len(self.objectives), "key results": key_results, "KPIs": len(self.kpis)}


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import did, or with a dry run would do.

    `totals` has how many objectives, key results and KPIs were seen in the file, and how many were placed. `changes`
    are mappings with the path, the goal, the field, the old and the new value; `effects` have the scores of objectives
    before and after; `doubts` are values that look like typos.
    """

    file: str
    lines: list[LineResult]
    counts: Mapping[str, int]
    totals: Mapping[str, tuple[int, int]]
    summary: tuple[str, ...]
    changes: Sequence[Mapping[str, object]] = ()
    effects: Sequence[Mapping[str, object]] = ()
    doubts: Sequence[Mapping[str, object]] = ()
    diff: str = ""
    commit: str | None = None
    is_written: bool = False
