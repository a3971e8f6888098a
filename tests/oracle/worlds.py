"""Small worlds by hand, one for each fault that random ones found, with the right figures."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any, Literal

from tests.oracle.generate import Q1, Q2, YEAR, World
from tests.oracle.values import Commit, KeyResult, Kpi, Measure, Objective, Period, Readings, Sheet, Workspace

MIDDLE, AFTER = date(2026, 5, 15), date(2026, 7, 5)

_uids = iter(range(1, 10**9))
_objectives: dict[tuple[str, str], int] = {}


def key_result(name: str, measure: Measure = "metric", to: int | None = 100, **fields: Any) -> KeyResult:
    """A key result of that id; a metric to 100 unless said otherwise."""
    one = KeyResult(next(_uids), name, measure, to=Decimal(to) if to is not None and measure == "metric" else None)
    for field, value in fields.items():
        setattr(one, field, value)
    return one


def total(name: str, how: Literal["sum", "mean", "min", "max"], *members: KeyResult, **fields: Any) -> KeyResult:
    """A rollup to 100."""
    return key_result(name, rollup=how, members=[one.uid for one in members], **fields)


def sheet(*results: KeyResult, period: Period = Q2, team: str = "alpha", hypothesis: str | None = None) -> Sheet:
    """One file with one objective `o`, which is the same in every version."""
    uid = _objectives.setdefault((period.id, team), next(_uids))
    return Sheet(period, team, [Objective(uid, "o", list(results), hypothesis=hypothesis)])


def alone(workspace: Workspace, day: date = MIDDLE) -> World:
    """A world with a single commit early in 2026."""
    return World(0, (Commit(date(2026, 1, 2), workspace),), day)


def read(**days: int) -> Readings:
    """Readings of 2026 by `m0413=20`."""
    return {date(2026, int(day[1:3]), int(day[3:])): Decimal(value) for day, value in days.items()}


def level(**days: int) -> dict[date, Decimal]:
    """The same for a KPI, whose readings all have values."""
    return {day: value for day, value in read(**days).items() if value is not None}


# The points of cases.md, "Figures that were recomputed"


def namesakes() -> World:
    """1. Beta drops a key result that has the same name as alpha's."""
    alpha, beta, other = (key_result("returns", to=0, start=Decimal(100)) for _ in range(3))
    beta.readings, other.id = read(m0410=20), "letters"
    before = Workspace(sheets=[sheet(alpha, team="alpha"), sheet(beta, team="beta")])
    read_later = key_result("returns", to=0, start=Decimal(100), readings=read(m0510=95))
    read_later.uid = alpha.uid
    after = Workspace(sheets=[sheet(read_later, team="alpha"), sheet(other, team="beta")])
    return World(0, (Commit(date(2026, 4, 12), before), Commit(date(2026, 5, 11), after)), MIDDLE)


def totals_of_totals() -> World:
    """2. Rollups over rollups, one of them in a period ahead and one that has not joined."""
    first, second = key_result("n", readings=read(m0301=60)), key_result("n")
    now, ahead = total("total", "sum", first), total("total", "sum", second)
    late = total("late", "sum", first, added=date(2026, 5, 1))
    year = [total("mean", "mean", now, ahead), total("min", "min", now, ahead), total("sum", "sum", late, now), late]
    sheets = [sheet(first, now, period=Q1), sheet(second, ahead), sheet(*year, period=YEAR)]
    return alone(Workspace(sheets=sheets), date(2026, 3, 15))


def moved_total() -> World:
    """3. A rollup without a value gets an easier end."""
    member = key_result("n")
    hard = total("total", "sum", member, plan={date(2026, 5, 1): Decimal(10)})
    easy = key_result("total", to=20, rollup="sum", members=hard.members, plan=hard.plan)
    easy.uid = hard.uid
    versions = (Workspace(sheets=[sheet(member, one)]) for one in (hard, easy))
    days = (date(2026, 4, 5), date(2026, 5, 5))
    return World(0, tuple(Commit(day, one) for day, one in zip(days, versions, strict=True)), MIDDLE)


def share_of_sums() -> World:
    """4. 70 sign-ups in 1250 visits."""
    signups = Kpi("signups", "sum", cadence="weekly", readings=level(m0406=10, m0413=20, m0420=40))
    visits = Kpi("visits", "sum", cadence="weekly", readings=level(m0406=1000, m0413=200, m0420=50))
    share = Kpi("share", formula=("/", "signups", "visits"))
    workspace = Workspace(sheets=[sheet(key_result("share", to=1, start=Decimal(0), kpi="share"))])
    workspace.kpis = [signups, visits, share]
    return alone(workspace, date(2026, 4, 27))


def division_by_zero() -> World:
    """5. The newest readings divide by zero."""
    above = Kpi("above", cadence="weekly", readings=level(m0406=10, m0413=20, m0420=40))
    below = Kpi("below", cadence="weekly", readings=level(m0406=5, m0413=4, m0420=0))
    share = Kpi("share", cadence="weekly", formula=("/", "above", "below"))
    workspace = Workspace(sheets=[sheet(key_result("n"))], kpis=[above, below, share])
    return alone(workspace, date(2026, 4, 21))


def hypothesis_on_a_sum() -> World:
    """6. A hypothesis on a KPI that is a sum."""
    days = level(m0306=10, m0313=20, m0320=40, m0327=50, m0615=60, m0622=70)
    met = key_result("n", to=10, readings=read(m0620=10))
    workspace = Workspace(sheets=[sheet(met, hypothesis="orders")], kpis=[Kpi("orders", "sum", cadence="weekly")])
    workspace.kpis[0].readings = days
    return alone(workspace, AFTER)


# What the random worlds found beside them


def silence() -> World:
    """Nothing was said of a key result that is done or not."""
    return alone(Workspace(sheets=[sheet(key_result("n", "done", cadence="weekly"))]))


def nothing_measured() -> World:
    """An objective that is over, without any reading."""
    return alone(Workspace(sheets=[sheet(key_result("n"))]), AFTER)


def renamed_silently() -> World:
    """Another id with the same title, measure and reading."""
    before = key_result("a", readings=read(m0405=50))
    after = key_result("b", readings=read(m0405=50, m0504=80))
    after.uid = before.uid
    first, second = Workspace(sheets=[sheet(before)]), Workspace(sheets=[sheet(after)])
    return World(0, (Commit(date(2026, 4, 6), first), Commit(date(2026, 5, 5), second)), MIDDLE)
