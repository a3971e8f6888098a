"""Plain data of a workspace: what the generator makes, the oracle reads and the YAML files say."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Literal

Measure = Literal["metric", "change", "limit", "done", "milestones", "graded"]
Aggregate = Literal["latest", "sum", "mean"]
State = Literal["draft", "active", "deprioritized", "postponed"]
Formula = str | Decimal | tuple[str, "Formula", "Formula"]
Readings = dict[date, Decimal | None]


@dataclass(frozen=True)
class Period:
    """A span of days with a name; `custom` ones say both days in their file."""

    id: str
    start: date
    end: date
    custom: bool = False


@dataclass
class Settings:
    """The settings that scores depend on."""

    missing: Literal["zero", "skip"] = "zero"
    cap: Decimal | None = Decimal(1)
    floor: Decimal | None = Decimal(0)
    success: Decimal = Decimal("0.7")
    closing_days: int = 14
    agree_days: int = 14
    behind: int = 10
    at_risk: int = 25
    grace_days: int = 7


@dataclass
class Typed:
    """A score that a person typed in, from its day on."""

    value: Decimal
    date: date | None = None


@dataclass
class Milestone:
    """One step; `done` is a date, or False while it is open."""

    title: str
    done: date | Literal[False] = False
    weight: Decimal | None = None
    due: date | None = None


@dataclass
class KeyResult:
    """One key result. `uid` follows it through renames and is written nowhere; `members` are uids too."""

    uid: int
    id: str
    measure: Measure
    start: Decimal | None = None
    to: Decimal | None = None
    change: str | None = None
    at_least: Decimal | None = None
    at_most: Decimal | None = None
    judge: Literal["latest", "held"] = "latest"
    aggregate: Aggregate = "latest"
    readings: Readings = field(default_factory=dict)
    done: date | Literal[False] = False
    milestones: list[Milestone] = field(default_factory=list)
    steps: list[Decimal] = field(default_factory=list)
    kpi: str | None = None
    rollup: Literal["sum", "mean", "min", "max"] | None = None
    members: list[int] = field(default_factory=list)
    weight: Decimal | None = None
    ambition: Literal["aspirational", "committed"] | None = None
    state: State = "active"
    since: date | None = None
    added: date | None = None
    due: date | None = None
    plan: dict[date, Decimal] = field(default_factory=dict)
    cadence: str | None = None
    score: Typed | None = None
    guards: bool = False
    formerly: str | None = None


@dataclass
class Objective:
    """One objective with its key results."""

    uid: int
    id: str
    key_results: list[KeyResult] = field(default_factory=list)
    ambition: Literal["aspirational", "committed"] | None = None
    weight: Decimal | None = None
    state: State = "active"
    since: date | None = None
    added: date | None = None
    score: Typed | None = None
    formerly: str | None = None
    hypothesis: str | None = None


@dataclass
class Sheet:
    """The objectives of one team in one period: one file."""

    period: Period
    team: str
    objectives: list[Objective] = field(default_factory=list)


@dataclass
class Kpi:
    """One KPI with readings or a formula."""

    id: str
    aggregate: Aggregate = "latest"
    better: Literal["higher", "lower"] = "higher"
    cadence: str | None = None
    readings: dict[date, Decimal] = field(default_factory=dict)
    formula: Formula | None = None


@dataclass(frozen=True)
class Place:
    """A key result with all that stands above it."""

    sheet: Sheet
    objective: Objective
    key_result: KeyResult

    @property
    def ref(self) -> str:
        """The full name of the key result."""
        return f"{objective_ref(self.sheet, self.objective)}.{self.key_result.id}"


@dataclass
class Workspace:
    """Everything that one commit holds."""

    settings: Settings = field(default_factory=Settings)
    sheets: list[Sheet] = field(default_factory=list)
    kpis: list[Kpi] = field(default_factory=list)

    def places(self) -> Iterator[Place]:
        """Every key result of every file."""
        for sheet in self.sheets:
            for objective in sheet.objectives:
                for key_result in objective.key_results:
                    yield Place(sheet, objective, key_result)

    def place(self, uid: int) -> Place | None:
        """The key result that has this uid, unless it is not here."""
        return next((place for place in self.places() if place.key_result.uid == uid), None)

    def kpi(self, name: str) -> Kpi:
        """The KPI of that id."""
        return next(kpi for kpi in self.kpis if kpi.id == name)

    def periods(self) -> list[Period]:
        """The periods that have files, the earliest first."""
        return sorted(
            {sheet.period for sheet in self.sheets if sheet.objectives}, key=lambda period: (period.start, period.end)
        )


@dataclass(frozen=True)
class Commit:
    """The workspace as it was committed on a day; `id` is known once it is in git."""

    day: date
    workspace: Workspace
    id: str = ""


def objective_ref(sheet: Sheet, objective: Objective) -> str:
    """The full name of an objective."""
    return f"{sheet.period.id}/{sheet.team}/{objective.id}"
