"""Makes random workspaces with a history: plain data, the same for the same seed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from copy import deepcopy
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Literal

from tests.oracle.kpis import by_slots
from tests.oracle.switches import WITH_DUE_OF_MILESTONES
from tests.oracle.values import (
    Commit,
    KeyResult,
    Kpi,
    Milestone,
    Objective,
    Period,
    Place,
    Readings,
    Settings,
    Sheet,
    Typed,
    Workspace,
)

Q1 = Period("2026-Q1", date(2026, 1, 1), date(2026, 3, 31))
Q2 = Period("2026-Q2", date(2026, 4, 1), date(2026, 6, 30))
Q3 = Period("2026-Q3", date(2026, 7, 1), date(2026, 9, 30))
YEAR = Period("2026", date(2026, 1, 1), date(2026, 12, 31))
CYCLE = Period("cycle-7", date(2026, 4, 13), date(2026, 5, 24), custom=True)
PERIODS = (Q1, Q2, Q3, YEAR, CYCLE)
TEAMS = ("company", "alpha", "beta")

FIRST_READING, LAST_DAY = date(2026, 1, 5), date(2026, 7, 26)
DAY = timedelta(days=1)


@dataclass(frozen=True)
class World:
    """A history whose newest commit is the work tree, and the day that the commands are asked about."""

    seed: int
    history: tuple[Commit, ...]
    day: date

    @property
    def today(self) -> Workspace:
        """The work tree."""
        return self.history[-1].workspace


class Maker:
    """The dice of one seed, and the numbers that it gave out."""

    def __init__(self, seed: int) -> None:
        self.dice = Random(seed)
        self.last_uid = 0

    def chance(self, share: float) -> bool:
        """True in that share of cases."""
        return self.dice.random() < share

    def uid(self) -> int:
        """A number that no other goal has."""
        self.last_uid += 1
        return self.last_uid

    def number(self, low: int, high: int) -> Decimal:
        """A whole number, or one with a decimal."""
        number = Decimal(self.dice.randint(low, high))
        return number + Decimal(self.dice.randint(1, 9)) / 10 if self.chance(0.3) else number

    def day(self, first: date, last: date) -> date:
        """A day from the first to the last."""
        return first + timedelta(days=self.dice.randint(0, max((last - first).days, 0)))

    def weight(self) -> Decimal | None:
        """A weight above 0, or none."""
        return self.dice.choice([Decimal("0.5"), Decimal(2), Decimal(3)]) if self.chance(0.3) else None


def world(seed: int) -> World:
    """The world of a seed."""
    maker = Maker(seed)
    workspace = Workspace(_settings(maker), [], _kpis(maker))
    periods = sorted(maker.dice.sample(PERIODS, maker.dice.choice([1, 2, 2, 3])), key=lambda one: one.start)
    teams = maker.dice.sample(TEAMS, maker.dice.choice([1, 2, 3, 3]))
    for period in periods:
        workspace.sheets += [_sheet(maker, workspace, period, team) for team in teams]
    for _ in range(maker.dice.choice([0, 1, 2, 3, 5])):
        _add_rollup(maker, workspace)
    history = _history(maker, workspace)
    asked = maker.day(min(one.start for one in periods) - 5 * DAY, LAST_DAY)
    return World(seed, history, asked)


def _settings(maker: Maker) -> Settings:
    if maker.chance(0.4):
        return Settings()
    return Settings(
        missing=maker.dice.choice(["zero", "skip"]),
        cap=maker.dice.choice([Decimal(1), None]),
        floor=maker.dice.choice([Decimal(0), None]),
        success=maker.dice.choice([Decimal("0.7"), Decimal("0.6")]),
        closing_days=maker.dice.choice([14, 5]),
        agree_days=maker.dice.choice([14, 21]),
        behind=maker.dice.choice([10, 5]),
        at_risk=maker.dice.choice([25, 15]),
        grace_days=maker.dice.choice([7, 3]),
    )


# KPIs


def _kpis(maker: Maker) -> list[Kpi]:
    weekday = maker.dice.randint(0, 6)
    cadences = [maker.dice.choice(["weekly", "weekly", "monthly"]) for _ in range(6)]
    leaves = [
        Kpi("level", "latest", cadence=cadences[0], readings=_series(maker, cadences[0], weekday, 40, 90)),
        Kpi("price", "latest", cadence=cadences[1], readings=_series(maker, cadences[1], weekday, 2, 9)),
        Kpi("visits", "sum", cadence=cadences[2], readings=_series(maker, cadences[2], weekday, 50, 150)),
        Kpi("orders", "sum", cadence=cadences[3], readings=_series(maker, cadences[3], weekday, 1, 40)),
        Kpi("rating", "mean", cadence=cadences[4], readings=_series(maker, cadences[4], weekday, 1, 5)),
        Kpi("drop", "latest", cadence=cadences[5], readings=_with_zeros(maker, cadences[5], weekday)),
    ]
    formulas = [
        Kpi("product", formula=("*", "level", "price")),
        Kpi("difference", formula=("-", "level", ("/", "product", "price"))),
        Kpi("per-drop", formula=("/", "level", "drop")),
        Kpi("share", formula=("/", "orders", "visits")),
        Kpi("turnover", formula=("*", "orders", "price")),
        Kpi("margin", "sum", formula=("-", "visits", "orders")),
        Kpi("rated", formula=("*", "rating", "orders")),
        Kpi("index", formula=("+", ("*", "share", Decimal(100)), ("/", "level", "rating"))),
    ]
    for kpi in formulas:
        kpi.cadence = maker.dice.choice([None, None, "monthly"]) if kpi.id != "product" else "weekly"
    for kpi in [*leaves, *formulas]:
        kpi.better = maker.dice.choice(["higher", "lower"])
    formulas[1].cadence = formulas[2].cadence = "weekly"
    return leaves + formulas


def _series(maker: Maker, cadence: str, weekday: int, low: int, high: int) -> dict[date, Decimal]:
    days = _days_of_series(cadence, weekday)
    first = maker.dice.choice([0, 0, 0, len(days) // 3])
    gaps = maker.dice.choice([0.0, 0.0, 0.15])
    return {day: maker.number(low, high) for day in days[first:] if not maker.chance(gaps)}


def _with_zeros(maker: Maker, cadence: str, weekday: int) -> dict[date, Decimal]:
    series = _series(maker, cadence, weekday, 1, 5)
    return {day: Decimal(0) if maker.chance(0.2) else value for day, value in series.items()}


def _days_of_series(cadence: str, weekday: int) -> list[date]:
    """One day a week, always the same; or the last day of each month."""
    if cadence == "monthly":
        return [date(2026, month, 1) - DAY for month in range(2, 9) if date(2026, month, 1) - DAY <= LAST_DAY]
    first = FIRST_READING + timedelta(days=weekday)
    return [first + timedelta(days=7 * week) for week in range(30) if first + timedelta(days=7 * week) <= LAST_DAY]


# Goals


def _sheet(maker: Maker, workspace: Workspace, period: Period, team: str) -> Sheet:
    """The ids are the same in every team and period, so that namesakes are everywhere."""
    sheet = Sheet(period, team)
    for number in range(maker.dice.choice([1, 1, 2])):
        sheet.objectives.append(_objective(maker, workspace, period, f"o{number + 1}"))
    return sheet


def _objective(maker: Maker, workspace: Workspace, period: Period, name: str) -> Objective:
    one = Objective(maker.uid(), name, weight=maker.weight())
    one.ambition = maker.dice.choice([None, None, "committed", "aspirational"])
    one.added = maker.day(period.start, period.end) if maker.chance(0.08) else None
    if maker.chance(0.12):
        _rest(maker, one, period)
    if maker.chance(0.08):
        one.score = Typed(maker.number(0, 1) % 1, maker.day(period.start, period.end) if maker.chance(0.5) else None)
    one.hypothesis = maker.dice.choice(workspace.kpis).id if maker.chance(0.4) else None
    for number in range(maker.dice.choice([0, 1, 2, 3, 3, 4])):
        one.key_results.append(key_result(maker, workspace, period, f"k{number + 1}", one.added))
    return one


def _rest(maker: Maker, one: Objective | KeyResult, period: Period) -> None:
    one.state = maker.dice.choice(["draft", "deprioritized", "postponed"])
    if one.state != "draft":
        one.since = maker.day(period.start, period.end)


def key_result(
    maker: Maker, workspace: Workspace, period: Period, name: str, added: date | None, now: date | None = None
) -> KeyResult:
    """A random key result; `now` is the day on which it joins, where it joins late."""
    make = maker.dice.choice([_metric, _metric, _metric, _change, _limit, _limit, _done, _milestones, _graded, _on_kpi])
    one: KeyResult = make(maker, workspace, period)
    one.uid, one.id = maker.uid(), name
    one.ambition = maker.dice.choice([None, None, None, "committed", "aspirational"])
    one.cadence = maker.dice.choice([None, "weekly", "fortnightly", "monthly", "10 days"])
    if one.judge == "held" and maker.chance(0.2):
        one.cadence = "quarterly"
    if now and maker.chance(0.6):
        one.added = now
    elif maker.chance(0.1):
        one.added = maker.day(period.start, period.end)
    if one.measure != "limit" and maker.chance(0.2):
        one.due = maker.day(max(filter(None, [period.start, added, one.added])) + DAY, period.end)
    if maker.chance(0.12):
        _rest(maker, one, period)
    if maker.chance(0.08) and one.readings:
        one.score = Typed(maker.number(0, 1) % 1, maker.day(period.start, period.end) if maker.chance(0.5) else None)
    if one.measure == "limit" and maker.chance(0.35):
        one.guards = True
    else:
        one.weight = maker.weight()
    if one.measure == "metric" and maker.chance(0.2):
        _plan(maker, one, period, added)
    return one


def _metric(maker: Maker, workspace: Workspace, period: Period) -> KeyResult:
    one = KeyResult(0, "", "metric", to=maker.number(60, 120))
    one.aggregate = maker.dice.choice(["latest", "latest", "sum", "mean"])
    if one.aggregate != "sum" and maker.chance(0.7):
        one.start = maker.number(0, 50)
        if maker.chance(0.4):
            one.start, one.to = one.to, one.start
    one.readings = _readings(maker, period, 0, 15 if one.aggregate == "sum" else 130)
    if maker.chance(0.06):
        one.to = None
    return one


def _change(maker: Maker, workspace: Workspace, period: Period) -> KeyResult:
    one = KeyResult(0, "", "change", start=maker.number(20, 80))
    one.change = maker.dice.choice(["-7%", "+30%", "-7pp", "+20", "-15", "x2", "x0.5"])
    one.aggregate = maker.dice.choice(["latest", "mean"])
    one.readings = _readings(maker, period, 10, 90)
    return one


def _limit(maker: Maker, workspace: Workspace, period: Period) -> KeyResult:
    one = KeyResult(0, "", "limit")
    low, high = maker.number(10, 30), maker.number(31, 60)
    one.at_least, one.at_most = maker.dice.choice([(low, None), (None, high), (low, high)])
    if maker.chance(0.5):
        one.judge = "held"
    else:
        one.aggregate = maker.dice.choice(["latest", "latest", "mean"])
    one.readings = _readings(maker, period, 5, 65)
    return one


def _done(maker: Maker, workspace: Workspace, period: Period) -> KeyResult:
    return KeyResult(0, "", "done", done=_some_day(maker, period))


def _some_day(maker: Maker, period: Period) -> date | Literal[False]:
    return min(maker.day(period.start, period.end + 10 * DAY), LAST_DAY) if maker.chance(0.6) else False


def _milestones(maker: Maker, workspace: Workspace, period: Period) -> KeyResult:
    steps = []
    for number in range(maker.dice.randint(1, 4)):
        due = maker.day(period.start, period.end) if WITH_DUE_OF_MILESTONES and maker.chance(0.3) else None
        steps.append(Milestone(f"Step {number}", _some_day(maker, period), maker.weight(), due))
    return KeyResult(0, "", "milestones", milestones=steps)


def _graded(maker: Maker, workspace: Workspace, period: Period) -> KeyResult:
    one = KeyResult(0, "", "graded")
    one.steps = [Decimal("0.3"), Decimal("0.7"), Decimal(1)] if maker.chance(0.5) else []
    one.readings = {day: value and value / 10 for day, value in _readings(maker, period, 0, 9).items()}
    return one


def _on_kpi(maker: Maker, workspace: Workspace, period: Period) -> KeyResult:
    """A key result on a KPI; never one that may divide by zero."""
    kpi = maker.dice.choice([kpi for kpi in workspace.kpis if kpi.id not in ("drop", "per-drop")])
    if maker.chance(0.3):
        one = KeyResult(0, "", "limit", at_least=maker.number(2, 60), kpi=kpi.id)
        plain = kpi.formula is None and kpi.aggregate == "latest"
        one.judge = maker.dice.choice(["latest", "held"]) if plain else "latest"
        return one
    one = KeyResult(0, "", "metric", to=maker.number(100, 999) + Decimal("0.05"), kpi=kpi.id)
    written = kpi.aggregate == "mean" or (by_slots(workspace, kpi) and kpi.aggregate != "sum")
    if kpi.aggregate != "sum" and (written or maker.chance(0.5)):
        one.start = maker.number(0, 30)
    return one


def _readings(maker: Maker, period: Period, low: int, high: int) -> Readings:
    """Readings from before the period to after the closing days; some of them without a value."""
    if maker.chance(0.12):
        return {}
    found: Readings = {}
    day = maker.day(period.start - 8 * DAY, period.start + 25 * DAY)
    last = min(maker.day(period.start, period.end + 40 * DAY), LAST_DAY)
    pace = maker.dice.choice([5, 9, 16, 32])
    while day <= last:
        found[day] = None if maker.chance(0.06) else maker.number(low, high)
        day += timedelta(days=maker.dice.randint(1, pace))
    return found


def _plan(maker: Maker, one: KeyResult, period: Period, added: date | None) -> None:
    if one.to is None:
        return
    first = max(filter(None, [period.start, added, one.added]))
    last = one.due or period.end
    days = sorted({maker.day(first + DAY, last - DAY) for _ in range(2)})
    start = one.start or Decimal(0)
    if first < days[0] and days[-1] < last:
        way = sorted(maker.dice.randint(1, 99) for _ in days)
        one.plan = {day: start + (one.to - start) * share / 100 for day, share in zip(days, way, strict=True)}


def _add_rollup(maker: Maker, workspace: Workspace) -> None:
    """A rollup of key results that have numbers without a unit, in its own period or in later ones."""
    sheet = maker.dice.choice(workspace.sheets)
    objective = maker.dice.choice(sheet.objectives)
    candidates = [place for place in workspace.places() if _may_be_member(place, sheet.period)]
    if not candidates:
        return
    chosen = maker.dice.sample(candidates, min(len(candidates), maker.dice.choice([1, 2, 2, 3])))
    totals = [place for place in candidates if place.key_result.rollup and place not in chosen]
    if totals and maker.chance(0.7):
        chosen.append(maker.dice.choice(totals))
    one = KeyResult(maker.uid(), f"total{maker.last_uid}", "metric", to=maker.number(100, 300))
    one.rollup = maker.dice.choice(["sum", "sum", "mean", "min", "max"])
    one.members = [place.key_result.uid for place in chosen]
    one.start = maker.number(0, 40) if maker.chance(0.5) else None
    one.added = maker.day(sheet.period.start, sheet.period.end) if maker.chance(0.15) else None
    if maker.chance(0.2):
        one.measure, one.to, one.start, one.at_least = "limit", None, None, maker.number(20, 90)
    elif maker.chance(0.3):
        _plan(maker, one, sheet.period, objective.added)
    one.cadence = maker.dice.choice([None, "weekly", "monthly"])
    objective.key_results.append(one)


def _may_be_member(place: Place, period: Period) -> bool:
    one = place.key_result
    numeric = one.measure in ("metric", "limit") or (one.measure == "change" and not str(one.change).endswith("pp"))
    tbd = one.measure == "metric" and one.to is None
    return numeric and not tbd and one.kpi is None and place.sheet.period.start >= period.start


# History


def _history(maker: Maker, workspace: Workspace) -> tuple[Commit, ...]:
    number = maker.dice.choice([1, 3, 4, 5])
    days = sorted(maker.day(date(2026, 1, 2), LAST_DAY) for _ in range(number - 1))
    days.append(LAST_DAY)
    found: list[Commit] = []
    for day in days:
        if found and maker.chance(0.2):
            _rename_silently(maker, workspace, found[-1].workspace)
        elif found:
            for _ in range(maker.dice.choice([1, 2, 3])):
                _edit(maker, workspace, day)
        found.append(Commit(day, read_until(workspace, day)))
    return tuple(found)


def read_until(workspace: Workspace, day: date) -> Workspace:
    """A copy without the readings of later days."""
    copy = deepcopy(workspace)
    for kpi in copy.kpis:
        kpi.readings = {when: value for when, value in kpi.readings.items() if when <= day}
    for place in copy.places():
        one = place.key_result
        one.readings = {when: value for when, value in one.readings.items() if when <= day}
        one.done = one.done if one.done and one.done <= day else False
        for step in one.milestones:
            step.done = step.done if step.done and step.done <= day else False
    return copy


def _edit(maker: Maker, workspace: Workspace, day: date) -> None:
    places = list(workspace.places())
    if not places:
        return
    edits: Sequence[Callable[[Maker, Workspace, Place, date], None]] = (
        _other_numbers, _other_numbers, _other_start, _other_weight, _other_due, _put_aside, _drop, _drop,
        _drop_objective, _join, _rename, _rename_objective,
    )  # fmt: skip
    maker.dice.choice(edits)(maker, workspace, maker.dice.choice(places), day)


def _other_numbers(maker: Maker, workspace: Workspace, place: Place, day: date) -> None:
    one = place.key_result
    if one.measure == "metric" and one.to is not None and not one.kpi and not one.plan:
        one.to += maker.dice.choice([Decimal("-7.5"), Decimal("8.5")])
        one.to += Decimal("0.25") if one.to == (one.start or 0) else 0
    elif one.measure == "limit" and one.at_least is not None:
        one.at_least += maker.dice.choice([-5, -1]) if one.at_most else maker.dice.choice([-5, 5])


def _other_start(maker: Maker, workspace: Workspace, place: Place, day: date) -> None:
    one = place.key_result
    if one.measure == "metric" and one.start is not None and one.to is not None and not one.kpi and not one.plan:
        one.start += maker.dice.choice([Decimal("-3.5"), Decimal("4.5")])
        one.start += Decimal("0.25") if one.to == one.start else 0


def _one_of(maker: Maker, place: Place) -> Objective | KeyResult:
    return place.objective if maker.chance(0.5) else place.key_result


def _other_weight(maker: Maker, workspace: Workspace, place: Place, day: date) -> None:
    thing = _one_of(maker, place)
    if not (isinstance(thing, KeyResult) and thing.guards):
        thing.weight = maker.dice.choice([None, Decimal(2), Decimal("1.5")])


def _other_due(maker: Maker, workspace: Workspace, place: Place, day: date) -> None:
    one, last = place.key_result, place.sheet.period.end
    if one.due and not one.plan:
        one.due = min(one.due + 7 * DAY, last)
    for step in one.milestones:
        step.due = min(step.due + 7 * DAY, last) if step.due else None


def _put_aside(maker: Maker, workspace: Workspace, place: Place, day: date) -> None:
    thing = _one_of(maker, place)
    if thing.state == "active" and place.sheet.period.start <= day <= place.sheet.period.end:
        thing.state, thing.since = "postponed", day


def _drop(maker: Maker, workspace: Workspace, place: Place, day: date) -> None:
    _remove(workspace, place.objective, place.key_result)


def _remove(workspace: Workspace, objective: Objective, one: KeyResult) -> None:
    """Takes a key result away, and with it the rollups that would be empty."""
    objective.key_results = [each for each in objective.key_results if each.uid != one.uid]
    for place in list(workspace.places()):
        if one.uid in place.key_result.members:
            place.key_result.members.remove(one.uid)
            if not place.key_result.members:
                _remove(workspace, place.objective, place.key_result)


def _drop_objective(maker: Maker, workspace: Workspace, place: Place, day: date) -> None:
    for one in list(place.objective.key_results):
        _remove(workspace, place.objective, one)
    place.sheet.objectives = [each for each in place.sheet.objectives if each.uid != place.objective.uid]


def _join(maker: Maker, workspace: Workspace, place: Place, day: date) -> None:
    period = place.sheet.period
    now = day if period.start < day < period.end - DAY else None
    name = f"n{maker.last_uid}"
    place.objective.key_results.append(key_result(maker, workspace, period, name, place.objective.added, now))


def _rename(maker: Maker, workspace: Workspace, place: Place, day: date) -> None:
    """Also a second and a third time: `formerly` then names only the last id before."""
    one = place.key_result
    one.formerly, one.id = one.id, f"r{maker.uid()}"


def _rename_silently(maker: Maker, workspace: Workspace, before: Workspace) -> None:
    """Another id without `formerly`; the title, the measure and a reading say that it is the same goal."""
    for place in workspace.places():
        one, known = place.key_result, before.place(place.key_result.uid)
        numeric = one.measure in ("metric", "limit", "change")
        if known and numeric and any(value is not None for value in known.key_result.readings.values()):
            one.formerly, one.id = None, f"s{maker.uid()}"
            return


def _rename_objective(maker: Maker, workspace: Workspace, place: Place, day: date) -> None:
    one = place.objective
    one.formerly, one.id = one.id, f"ro{maker.uid()}"
