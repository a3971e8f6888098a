"""The oracle's own arithmetic, on figures that can be worked out by hand."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Literal

from tests.oracle import kpis, oracle, worlds
from tests.oracle.compare import before_and_after
from tests.oracle.generate import Q1, Q2, YEAR, World
from tests.oracle.values import Kpi, Typed, Workspace
from tests.oracle.worlds import key_result, level, read, sheet

END = (Q2.start, Q2.end)


def figures(workspace: Workspace, day: date = worlds.MIDDLE) -> dict[str, oracle.KeyResultFigures]:
    """The key results of a workspace by their names."""
    found = [oracle.key_result(workspace, place, day) for place in workspace.places()]
    return {each.place.ref.split("/", 1)[1]: each for each in found}


def agreed(world: World) -> Workspace:
    """The agreed version of the second quarter."""
    form = oracle.agreed_form(world.history, Q2)
    assert form
    return form


def test_what_was_dropped_keeps_its_own_last_value() -> None:
    form = agreed(worlds.namesakes())
    assert figures(form)["beta/o.returns"].value == 20
    assert oracle.period(form, Q2, worlds.MIDDLE).score == Fraction(85, 200)


def test_roll_ups_of_roll_ups_know_their_members_days() -> None:
    world = worlds.totals_of_totals()
    places = {one.key_result.id: one for one in world.today.places() if one.sheet.period == YEAR}
    values = {name: oracle.value(world.today, place, world.day)[0] for name, place in places.items()}
    assert values == {"mean": 60, "min": 60, "sum": None, "late": None}


def test_a_roll_up_without_a_value_has_its_numbers() -> None:
    found = figures(worlds.moved_total().today)["alpha/o.total"]
    assert found.value is None
    assert found.start == 0
    assert found.to == 20
    assert found.expected == (10 + 10 * Fraction(14, 60)) / 20


def test_a_ratio_of_sums_and_a_difference_every_month() -> None:
    world = worlds.share_of_sums()
    assert kpis.figure(world.today, world.today.kpi("share"), END, world.day) == Fraction(70, 1250)
    months = level(m0430=150, m0531=150, m0630=150)
    income = Kpi("income", "sum", cadence="monthly", readings=months)
    costs = Kpi("costs", "sum", cadence="monthly", readings={day: Decimal(50) for day in months})
    margin = Kpi("margin", formula=("-", "income", "costs"))
    workspace = Workspace(kpis=[income, costs, margin])
    assert kpis.figure(workspace, margin, END, worlds.AFTER) == 100
    del costs.readings[date(2026, 5, 31)]
    assert kpis.figure(workspace, margin, END, worlds.AFTER) == 100
    margin.aggregate = "sum"
    assert kpis.figure(workspace, margin, END, worlds.AFTER) == 200


def test_slots() -> None:
    assert kpis.slot("weekly", date(2026, 4, 5)) == (date(2026, 3, 30), date(2026, 4, 5))
    assert kpis.slot("fortnightly", date(1970, 1, 18)) == (date(1970, 1, 5), date(1970, 1, 18))
    assert kpis.slot("10 days", date(1970, 1, 11)) == (date(1970, 1, 11), date(1970, 1, 20))
    assert kpis.slot("monthly", date(2026, 12, 3)) == (date(2026, 12, 1), date(2026, 12, 31))
    assert kpis.slot("quarterly", date(2026, 5, 3)) == END


def test_an_empty_slot_takes_the_first_of_two() -> None:
    flow = Kpi("flow", "sum", cadence="weekly", readings=level(m0406=1, m0420=2, m0424=4))
    workspace = Workspace(kpis=[flow])
    weeks = [(date(2026, 4, day), date(2026, 4, day + 6)) for day in (6, 13, 20)]
    found = [kpis.in_slot(workspace, flow, week, worlds.MIDDLE, "weekly").values() for week in weeks]
    assert [list(values) for values in found] == [[1], [2], [4]]


def test_division_by_zero_gives_no_value() -> None:
    world = worlds.division_by_zero()
    assert kpis.value_on(world.today, world.today.kpi("share"), world.day) is None


def test_levels() -> None:
    world = worlds.hypothesis_on_a_sum()
    assert before_and_after(world.today, world.today.kpi("orders"), Q2, world.day) == {"before": 30, "after": 65}


def test_held_counts_a_meeting_moved_by_a_day() -> None:
    limit = key_result("n", "limit", at_least=Decimal(10), judge="held", cadence="weekly")
    limit.readings = read(m0407=10, m0415=12, m0421=9)  # weeks of 1, 8 and 15 April; the second has no reading
    workspace = Workspace(sheets=[sheet(limit)])
    assert figures(workspace, date(2026, 4, 21))["alpha/o.n"].progress == Fraction(2, 3)
    assert figures(workspace, date(2026, 4, 24))["alpha/o.n"].progress == Fraction(2, 3)


def test_pace_of_a_period() -> None:
    half = key_result("half", readings=read(m0516=20))  # expected 0.5 on that day, 0.3 behind
    full = key_result("full", readings=read(m0516=90))  # ahead, which makes up for nothing
    bound = key_result("bound", "limit", at_most=Decimal(3), readings=read(m0516=4))  # out of bounds: 1 behind
    day = Q2.start + (Q2.end - Q2.start) / 2
    workspace = Workspace(sheets=[sheet(half, full)])
    found = oracle.period(workspace, Q2, day)
    assert (found.pace, found.at_risk) == ("behind", 1)
    workspace.sheets[0].objectives[0].key_results.append(bound)
    found = oracle.period(workspace, Q2, day + (Q2.end - Q2.start) / 90)
    assert (found.pace, found.at_risk) == ("at risk", 2)
    bound.readings = half.readings = {}
    assert oracle.period(workspace, Q2, day).pace == "no data"
    workspace.sheets[0].objectives[0].score = Typed(Decimal("0.45"))
    assert oracle.period(workspace, Q2, day).pace == "on track"


def test_effects_of_edits() -> None:
    def effect(*numbers: int) -> str:
        fractions = [Fraction(number) for number in numbers]
        return oracle.effect_of_numbers((fractions[0], fractions[1]), (fractions[2], fractions[3]))

    assert effect(0, 100, 0, 80) == "relaxed"
    assert effect(0, 100, 0, 120) == "tightened"
    assert effect(0, 100, 20, 100) == "tightened"
    assert effect(100, 0, 100, 20) == "relaxed"
    assert effect(0, 100, 0, 100) == "neutral"


def monthly(name: str, *values: int | None, aggregate: Literal["latest", "sum", "mean"] = "sum") -> Kpi:
    """A KPI with a reading at the end of each month from January on; None where there is none."""
    ends = [kpis.slot("monthly", date(2026, month, 1))[1] for month in range(1, len(values) + 1)]
    readings = {day: Decimal(value) for day, value in zip(ends, values, strict=True) if value is not None}
    return Kpi(name, aggregate, cadence="monthly", readings=readings)


def slots(workspace: Workspace, name: str, day: date) -> dict[int, Fraction]:
    """A formula's values by the month in which their slots begin."""
    found = kpis.slot_values(workspace, workspace.kpi(name), day)
    return {span[0].month: value for span, value in found.items()}


def test_flows_are_never_carried_over() -> None:
    parcels, spend = monthly("parcels", 100, 110, None, 130), monthly("spend", 300, 330, 200, 390)
    workspace = Workspace(kpis=[parcels, spend, Kpi("costs", formula=("/", "spend", "parcels"))])
    assert slots(workspace, "costs", date(2026, 4, 30)) == {1: 3, 2: 3, 4: 3}
    assert kpis.figure(workspace, workspace.kpi("costs"), None, date(2026, 4, 30)) == 3


def test_formulas_of_formulas_enter_with_their_figure_for_the_slot() -> None:
    orders, visits = monthly("orders", 10, 20, 30), monthly("visits", 100, 100, 50)
    share = Kpi("share", formula=("/", "orders", "visits"))
    twice = Kpi("twice", formula=("*", "share", Decimal(2)))
    workspace = Workspace(kpis=[orders, visits, share, twice])
    assert slots(workspace, "twice", date(2026, 3, 31)) == {1: Fraction(1, 5), 2: Fraction(2, 5), 3: Fraction(6, 5)}
    whole = (date(2026, 1, 1), date(2026, 3, 31))
    assert kpis.figure(workspace, twice, whole, date(2026, 3, 31)) == 2 * Fraction(60, 250)


def test_levels_are_carried_for_two_of_their_cadences() -> None:
    price, orders = monthly("price", 5, aggregate="latest"), monthly("orders", 1, 2, 3, 4)
    workspace = Workspace(kpis=[price, orders, Kpi("turnover", formula=("*", "orders", "price"))])
    assert slots(workspace, "turnover", date(2026, 5, 1)) == {1: 5, 2: 10, 3: 15}  # 89 days in April


def test_a_running_slot_counts_with_as_many_readings_as_the_one_before() -> None:
    flow = Kpi("flow", "sum", cadence="weekly", readings=level(m0302=1, m0309=1, m0406=1, m0413=1, m0420=1))
    workspace = Workspace(kpis=[flow, Kpi("double", cadence="monthly", formula=("*", "flow", Decimal(2)))])
    assert slots(workspace, "double", date(2026, 4, 7)) == {3: 4}
    assert slots(workspace, "double", date(2026, 4, 13)) == {3: 4, 4: 4}


def test_a_sum_of_coarser_cadence_gives_no_value() -> None:
    workspace = Workspace(kpis=[monthly("flow", 1, 2), Kpi("weekly", cadence="weekly", formula=("+", "flow", "flow"))])
    assert slots(workspace, "weekly", date(2026, 3, 31)) == {}


def test_a_slot_belongs_to_the_period_of_its_last_reading() -> None:
    flow = Kpi("flow", "sum", cadence="weekly", readings=level(m0325=1, m0331=1, m0402=2, m0408=4))
    double = Kpi("double", formula=("*", "flow", Decimal(2)))
    workspace = Workspace(kpis=[flow, double])
    assert kpis.slots_of(workspace, double, (Q1.start, Q1.end), worlds.MIDDLE) == [
        kpis.slot("weekly", date(2026, 3, 25))
    ]
    assert len(kpis.slots_of(workspace, double, END, worlds.MIDDLE)) == 2
