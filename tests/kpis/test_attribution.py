"""Why a KPI moved: parts level by level, each level adding up to its own change, and a reason where there are none."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from fractions import Fraction as F

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from okrctl.kpis.attribution import Attribution, Contribution, attribute_change, most_harmful
from okrctl.kpis.tree import KpiTreeNode, build_kpi_tree
from tests.kpis.kpi_values import DAY, computed, gauges, kpi, one

MARCH, JUNE = date(2026, 3, 31), date(2026, 6, 30)
SHOP = (
    computed("success", "turnover - costs")
    + computed("turnover", "visitors * price")
    + kpi("visitors", "2026-03-31: 10, 2026-06-30: 20")
    + kpi("price", "2026-03-31: 5, 2026-06-30: 4")
    + kpi("costs", "2026-03-31: 20, 2026-06-30: 35", "better: lower")
)


def recorded(readings: str) -> str:
    """The shop with a success that is written down too."""
    return SHOP.replace('formula: "turnover - costs"', f'formula: "turnover - costs", readings: {{{readings}}}')


def told(kpis: str, id: str = "success", since: date = MARCH, until: date = JUNE) -> Attribution:
    all = gauges(kpis, until)
    return attribute_change(all, one(all, id), since, until)


def levels(found: Attribution | Contribution) -> Iterator[tuple[F, list[Contribution]]]:
    """The change of every KPI that is split, with its parts."""
    if found.contributions:
        assert found.new is not None and found.old is not None
        yield found.new - found.old, found.contributions
        for inner in found.contributions:
            yield from levels(inner)


def test_the_way_down_on_paper() -> None:
    found = told(SHOP)
    assert (found.old, found.new, found.change) == (30, 45, 15)
    turnover, costs = found.contributions
    assert (turnover.amount, costs.amount) == (30, -15)
    # 10 more visitors at a mean price of 4.5; 1 less at a mean of 15 visitors
    assert [(part.kpi.id, part.old, part.new, part.amount) for part in turnover.contributions] == [
        ("visitors", 10, 20, 45), ("price", 5, 4, -15),
    ]  # fmt: skip
    assert costs.contributions == []


def test_what_hurts_most_is_followed_down_the_tree() -> None:
    assert [part.kpi.id for part in most_harmful(told(SHOP))] == ["costs"]
    dear = SHOP.replace("2026-06-30: 20", "2026-06-30: 9")  # turnover 50 to 36
    found = told(dear)
    assert [part.kpi.id for part in most_harmful(found)] == ["costs"]  # 15 more, turnover 14 less
    cheap = dear.replace("2026-06-30: 35", "2026-06-30: 20")
    assert [(part.kpi.id, part.amount) for part in most_harmful(told(cheap))] == [
        ("turnover", -14),
        ("price", F(-19, 2)),
    ]


def test_an_input_below_two_others_has_its_part_in_each() -> None:
    shared = (
        computed("success", "a - b") + computed("a", "3 * x") + computed("b", "x + y")
        + kpi("x", "2026-03-31: 1, 2026-06-30: 5") + kpi("y", "2026-03-31: 2, 2026-06-30: 1")
    )  # fmt: skip
    found = told(shared)
    assert [part.amount for part in found.contributions] == [12, -3]
    assert [[(part.kpi.id, part.amount) for part in above.contributions] for above in found.contributions] == [
        [("x", 12)], [("x", 4), ("y", -1)],
    ]  # fmt: skip


@given(st.lists(st.integers(1, 60), min_size=10, max_size=10))
@settings(max_examples=40, deadline=None)
def test_every_level_adds_up(values: list[int]) -> None:
    leaves = [kpi(name, f"2026-03-31: {values[n]}, 2026-06-30: {values[n + 5]}") for n, name in enumerate("vwxyz")]
    tree = (
        computed("success", "rate * volume - v") + computed("rate", "w / (x + y)") + computed("volume", "v * v + z / w")
        + "".join(leaves)
    )  # fmt: skip
    split = list(levels(told(tree)))
    assert len(split) == 3
    for change, parts in split:
        assert sum((part.amount for part in parts), F(0)) == change


@pytest.mark.parametrize(
    ("kpis", "remark"),
    [
        (SHOP.replace("2026-03-31: 5, ", ""), "no value of turnover on 2026-03-31"),
        (kpi("success", "2026-06-30: 5"), "no reading on or before 2026-03-31"),
        (
            recorded("2026-03-01: 31, 2026-06-01: 9"),
            "the change cannot be split: on 2026-03-01 no value of turnover, costs",
        ),
        (
            SHOP.replace("turnover - costs", "turnover / (costs - visitors - 10)"),
            "division by zero: costs - visitors - 10 is 0 on 2026-03-31",
        ),
    ],
)
def test_why_there_is_no_split(kpis: str, remark: str) -> None:
    found = told(kpis)
    assert (found.contributions, found.remark) == ([], remark)


def test_a_recorded_value_that_is_not_the_computed_one_is_not_split() -> None:
    both = recorded("2026-03-31: 30, 2026-06-30: 44")
    assert told(both).remark == "the change cannot be split: on 2026-06-30 44 is recorded, the formula gives 45"
    assert len(told(both.replace("44}", "45}")).contributions) == 2


def test_a_tree_that_doubles_at_every_level_ends() -> None:
    rungs = "".join(
        computed(f"a{n}", f"a{n - 1} + b{n - 1}") + computed(f"b{n}", f"a{n - 1} - b{n - 1}") for n in range(1, 40)
    )
    found = told(kpi("a0", "2026-03-31: 1, 2026-06-30: 3") + kpi("b0", "2026-03-31: 1, 2026-06-30: 2") + rungs, "a39")
    remarks = [part.remark for _, parts in levels(found) for part in parts if part.remark]
    assert set(remarks) == {"the tree is too large to split further"}


def test_a_deep_tree_ends() -> None:
    rungs = "".join(computed(f"k{n}", f"2 - k{n - 1}") for n in range(1, 300))
    all = gauges(kpi("k0", "2026-03-31: 1, 2026-06-30: 3") + rungs)
    assert 0 < len(list(levels(attribute_change(all, one(all, "k299"), MARCH, JUNE)))) < 100
    assert build_kpi_tree(all, one(all, "k299")).children


def test_the_anatomy_says_which_way_each_input_pulls() -> None:
    def row(found: KpiTreeNode) -> tuple[str, str | None, bool]:
        return found.status.kpi.id, found.effect, found.is_repeated

    again = computed("success", "turnover - costs / turnover") + SHOP.partition("\n")[2]
    all = gauges(again, DAY)
    root = build_kpi_tree(all, one(all, "success"))
    assert [row(found) for found in (root, *root.children, *root.children[0].children)] == [
        ("success", None, False), ("turnover", "up", False), ("costs", "down", False), ("visitors", "up", False),
        ("price", "up", False),
    ]  # fmt: skip
    twice = gauges(computed("success", "a + b") + computed("a", "x") + computed("b", "2 * a") + kpi("x", ""), DAY)
    below = build_kpi_tree(twice, one(twice, "success")).children[1].children
    assert [row(found) for found in below] == [("a", "up", True)]
    assert below[0].children == []
