"""Gathers what there is to say of every KPI on a day: value, changes, trends, age, alarm, who takes it up."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

from okrctl.kpis.series import Gauges, Step, Totals, chain, earlier, newest, period_asked
from okrctl.kpis.trend import IN_A_ROW, Turn, alarm, turn, worsening
from okrctl.kpis.usage import taken_up
from okrctl.values import suggestions
from okrctl.values.errors import OkrctlError
from okrctl.values.period import Period
from okrctl.workspace import Kpi, Objective

SPARK = 16
LONGEST_RUN = 53
FAILING = ("alarm", "worse", "stale")
WORST_FIRST: tuple[Turn | None, ...] = ("worse", None, "steady", "better")


@dataclass(slots=True)
class Gauge:
    """One KPI on a day; values have the KPI's unit.

    `value` is the newest reading or, of what is added up or averaged, the figure of the period; `change` is from
    `previous`, the newest reading at least a cadence older, to the newest one; `period_change` from the day before the
    period. `lacking` says why a formula has no value by the newest inputs. `recent` has a value for each of the last
    cadences, oldest first; `run` are the newest readings of which each was worse than the one before, newest first;
    `overdue` says that the newest is older than one and a half cadences.
    """

    kpi: Kpi
    value: Fraction | None
    value_date: date | None
    previous: Fraction | None
    change: Fraction | None
    trend: Turn | None
    period_change: Fraction | None
    period_trend: Turn | None
    age_days: int | None
    alarm: str | None
    computed: bool
    run: list[Step] = field(default_factory=list)
    overdue: bool = False
    lacking: str | None = None
    recent: list[Fraction | None] = field(default_factory=list)
    objectives: list[Objective] = field(default_factory=list)
    steps: list[Step] = field(default_factory=list)

    @property
    def addressed(self) -> bool:
        """Whether an active objective takes it up."""
        return bool(self.objectives)

    @property
    def worsening(self) -> int:
        """How many readings in a row, up to the newest, were each worse than the one before."""
        return max(len(self.run) - 1, 0)

    @property
    def going_wrong(self) -> bool:
        """Whether it has got worse three readings in a row."""
        return self.worsening >= IN_A_ROW


@dataclass(slots=True)
class Board:
    """KPIs on a day, the worst first; `period` is the one that sums, means and changes are of."""

    as_of: date
    period: Period | None
    gauges: list[Gauge]


def board(gauges: Gauges, kpis: Iterable[Kpi] | None = None) -> Board:
    """All KPIs of a workspace, or these, on the day of the gauges."""
    workspace, day = gauges.workspace, gauges.day
    asked = period_asked(workspace, day)
    takers = taken_up(workspace, day)
    found = [gauge(gauges, kpi, asked, takers) for kpi in (workspace.kpis.values() if kpis is None else kpis)]
    found.sort(key=lambda one: (one.alarm is None, WORST_FIRST.index(one.trend), WORST_FIRST.index(one.period_trend)))
    return Board(day, asked, found)


def failing(words: Iterable[str]) -> frozenset[str]:
    """What `--fail-if` names; OkrctlError for a word that no KPI can be."""
    asked = frozenset(word.strip() for part in words for word in part.split(","))
    for word in sorted(asked - set(FAILING)):
        guess = suggestions.meant(suggestions.closest(word, FAILING))
        raise OkrctlError(f"--fail-if does not know '{word}'{guess}", f"one of {', '.join(FAILING)}")
    return asked


def fails(result: Board, words: frozenset[str]) -> bool:
    """Whether a KPI is what `--fail-if` names."""
    return any(
        ("alarm" in words and one.alarm is not None)
        or ("worse" in words and one.trend == "worse")
        or ("stale" in words and one.overdue)
        for one in result.gauges
    )


def gauge(gauges: Gauges, kpi: Kpi, asked: Period | None, takers: dict[str, list[Objective]]) -> Gauge:
    """One KPI on the day of the gauges."""
    day, steps = gauges.day, gauges.series(kpi)
    cadence = gauges.workspace.kpi_cadence(kpi).days
    readings = chain(steps, day, cadence, LONGEST_RUN)
    last = readings[0] if readings else None
    before = readings[1].value if len(readings) > 1 else None
    value, value_date, at_first = _in_period(kpi, steps, day, asked)
    age = None if last is None else (day - last.day).days
    return Gauge(
        kpi=kpi, value=value, value_date=value_date, previous=before,
        change=None if last is None or before is None else last.value - before,
        trend=None if last is None else turn(kpi, before, last.value),
        period_change=None if value is None or at_first is None else value - at_first,
        period_trend=turn(kpi, at_first, value), age_days=age, alarm=alarm(kpi, last.value if last else None),
        computed=last.computed if last else kpi.model.formula is not None and not kpi.readings,
        run=worsening(kpi, readings), overdue=age is not None and 2 * age > 3 * cadence,
        lacking=gauges.lacking(kpi, day), recent=_recent(steps, day, cadence),
        objectives=takers.get(kpi.id, []), steps=steps,
    )  # fmt: skip


def _in_period(
    kpi: Kpi, steps: list[Step], day: date, asked: Period | None
) -> tuple[Fraction | None, date | None, Fraction | None]:
    """The value, the day of its newest reading, and the value to which the period compares it.

    What is added up or averaged is compared with as many days before the period as have passed of it.
    """
    how = "latest" if asked is None else kpi.aggregate
    last = day if asked is None or how == "latest" else min(day, asked.end)
    days = (last - asked.start).days + 1 if asked else 1
    totals = Totals(steps, how)
    at_first = totals.standing(earlier(asked.start, 1), days) if asked and asked.start > date.min else None
    value, step = totals.standing(last, days), newest(steps, last)
    return value, step.day if step and value is not None else None, at_first


def _recent(steps: list[Step], day: date, cadence: int) -> list[Fraction | None]:
    last = newest(steps, day)
    if last is None:
        return []
    found = (newest(steps, earlier(last.day, number * cadence)) for number in range(SPARK - 1, -1, -1))
    return [step.value if step else None for step in found]
