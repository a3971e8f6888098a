"""Tests of the rules about numbers of goals, repetition, first values and KPIs."""

from __future__ import annotations

from datetime import date

import pytest

from okrctl.values.diagnostic import Diagnostic
from tests.check.rules.pages import check, okr

NUMBERS = "rules: {no-guardrail: info, monetary-key-result: info, kpi-as-key-result: info, individual-okr: info}\n"
KPI = "  - {id: calls, title: Calls, owner: coo, better: lower, readings: {2026-03-31: 900, 2026-04-20: 800}}\n"


def of(code: str, files: dict[str, str] | str, settings: str = NUMBERS) -> list[Diagnostic]:
    return [one for one in check(files, settings) if one.code == code]


def objectives(*titles: str, period: str = "2026-Q2", more: str = "") -> str:
    entries = [
        f"  - {{id: o{number}, title: {title}, owner: lea{more}, key_results: [{{id: k, title: K{number}, to: 5}}]}}"
        for number, title in enumerate(titles)
    ]
    return "\n".join([f"period: {period}", "objectives:", *entries, ""])


def kpis(*lines: str) -> str:
    return "\n".join(["kpis:", *(f"  - {{owner: coo, {line}}}" for line in lines), ""])


def test_the_finding_marks_the_word() -> None:
    (one,) = of("OKR201", objectives("'Reach 2,000 schools this year'"))
    assert (one.span.column, one.span.end_column) == (28, 33)
    (one,) = of("OKR204", objectives("Launch the new app"))
    assert (one.span.column, one.span.end_column) == (21, 27)


@pytest.mark.parametrize("state", ["draft", "deprioritized", "postponed"])
def test_inactive_goals_are_not_checked(state: str) -> None:
    more = f", state: {state}, reason: r, since: 2026-04-02"
    found = check(
        objectives("Improve quality", "Launch 5 apps", "Improve quality", more=more), "limits: {objectives: 0}\n"
    )
    assert not {one.code for one in found} & {"OKR201", "OKR202", "OKR204", "OKR209", "OKR210", "OKR304"}


def test_a_goal_is_repeated_only_in_its_team_and_kind_of_period() -> None:
    title = "Customers know where their products come from"
    before, now = objectives(title, period="2026-Q1"), objectives(title)
    assert len(of("OKR203", {"okrs/a.yaml": before, "okrs/b.yaml": now})) == 1
    assert not of("OKR203", {"okrs/a.yaml": before, "okrs/b.yaml": "team: other\n" + now})
    assert not of("OKR203", {"okrs/a.yaml": objectives(title, period="2025"), "okrs/b.yaml": now})
    gone = {
        "okrs/a.yaml": objectives("Something else", period="2026-Q1"),
        "okrs/0.yaml": objectives(title, period="2025-Q4"),
    }
    assert not of("OKR203", {**gone, "okrs/b.yaml": now})


def test_each_duplicate_is_reported_once_with_the_first_one() -> None:
    found = of("OKR209", objectives(*["Every family knows our bikes"] * 4))
    assert [one.ref for one in found] == [f"2026-Q2/company/o{number}" for number in (1, 2, 3)]
    assert all(one.related[0].span.line == 3 for one in found)


def test_the_limit_counts_a_team_over_all_its_files() -> None:
    files = {"okrs/a.yaml": objectives("One", "Two", "Three"), "okrs/b.yaml": objectives("Four", "Five", "Six")}
    (one,) = of("OKR210", files)
    assert one.path == "okrs/b.yaml" and "6 objectives" in one.message
    assert not of("OKR210", {**files, "okrs/b.yaml": "team: b\n" + objectives("Four", "Five", "Six")})


def test_guardrails_do_not_count_towards_the_limit() -> None:
    lines = [f"{{id: k{n}, title: Word{n}, to: 5}}" for n in range(5)]
    guard = "{id: g, title: Guard, at_most: 3, guards: all}"
    assert not of("OKR303", okr("\n".join([*lines, guard])))
    (one,) = of("OKR303", okr("\n".join([*lines, "{id: k6, title: Six, to: 5}"])))
    assert one.span.line == 12
    assert of("OKR304", okr(lines[0])) and not of("OKR304", okr(f"{lines[0]}\n{guard}"))


def test_parents_and_rollup_members_may_have_the_same_title() -> None:
    alike = "{id: a, title: Bikes on the road, to: 5}\n{id: b, title: Bikes on the road, to: 6}"
    assert len(of("OKR311", okr(alike))) == 1
    assert not of("OKR311", okr(alike + "\n{id: c, title: All of them, to: 9, rollup: {sum: [a, b]}}"))
    assert not of("OKR311", okr("{id: a, title: Bikes, to: 5, unit: bikes}\n{id: b, title: Bikes, to: 6, unit: '%'}"))
    assert not of("OKR311", okr("{id: a, title: Tier 1 shops, to: 5}\n{id: b, title: Tier 2 shops, to: 6}"))


def test_two_key_results_with_one_kpi_are_duplicates() -> None:
    twice = "{id: a, title: A, kpi: calls, to: 500}\n{id: b, title: B, kpi: calls, to: 400}"
    files = {"okrs/a.yaml": okr(twice), "kpis/a.yaml": "kpis:\n" + KPI}
    (one,) = of("OKR311", files)
    assert one.span.line == 8
    guarded = twice.replace("to: 400}", "at_most: 950, guards: a}")
    assert not of("OKR311", {**files, "okrs/a.yaml": okr(guarded)})


@pytest.mark.parametrize(
    ("key_result", "met"),
    [
        ("from: 50, to: 70, readings: {2026-04-01: 70}", True),
        ("from: 50, to: 70, readings: {2026-04-01: 69.9}", False),
        ("from: 50, to: 70, readings: {2026-04-02: 70}", False),
        ("from: 90, to: 70, readings: {2026-04-01: 60}", True),
        ("from: 90, to: 70, readings: {2026-04-01: 80}", False),
        ("from: 40, change: -10%, readings: {2026-04-01: 36}", True),
        ("to: 5, readings: {2026-04-01: 6}", True),
        ("at_least: 98%, readings: {2026-04-01: 98%}", True),
        ("at_least: 98%, judge: held, readings: {2026-04-01: 99%}", False),
        ("at_most: 4, aggregate: sum, readings: {2026-04-01: 1}", False),
        ("at_most: 4, guards: all, readings: {2026-04-01: 1}", False),
        ("kpi: calls, from: 2000, to: 950", True),
        ("kpi: calls, to: 500", False),
        ("to: TBD, readings: {2026-04-01: 6}", False),
    ],
)
def test_target_met_on_the_first_day(key_result: str, met: bool) -> None:
    files = {"okrs/a.yaml": okr(f"{{id: a, title: A, {key_result}}}"), "kpis/a.yaml": "kpis:\n" + KPI}
    assert bool(of("OKR314", files)) == met


@pytest.mark.parametrize(
    ("title", "key_result", "disagrees"),
    [
        ("Reach 3,000 signups", "to: 3500, unit: signups", True),
        ("Reach 3,000 signups", "to: 3000, unit: signups", False),
        ("Reach 3k signups", "to: 3000, unit: signups", False),
        ("Reach a signup more each day", "to: 3000, unit: signups", False),
        ("Coverage of 80%", "from: 40%, to: 70%", True),
        ("Coverage up by 30%", "from: 40%, to: 70%", False),
        ("Coverage up by 75 percent", "from: 40%, to: 70%", False),
        ("From 40% to 80%", "from: 40%, to: 70%", False),
        ("Teams with 80% coverage", "from: 10%, to: 60%", False),
        ("Fewer than 5% fail", "at_least: 95%", False),
        ("Raise $200k", "to: $250k", True),
        ("Raise $200k", "to: 200000, unit: USD", False),
        ("Reach 60%", "to: 50%, amended: {date: 2026-05-01, by: lea, reason: r, was: {to: 60%}}", False),
        ("Reach 60% in 2026", "to: 60%, stretch: 80%", False),
        ("Reach 12 shops", "to: 14", False),
    ],
)
def test_a_title_with_another_number(title: str, key_result: str, disagrees: bool) -> None:
    assert bool(of("OKR317", okr(f"{{id: a, title: '{title}', {key_result}}}"))) == disagrees


@pytest.mark.parametrize(
    ("key_result", "against"),
    [
        ("kpi: calls, to: 500", False),
        ("kpi: calls, to: 1200", True),
        ("kpi: calls, from: 700, to: 800", True),
        ("kpi: calls, change: -7%", False),
        ("kpi: calls, change: x2", True),
        ("kpi: calls, at_least: 900", False),
    ],
)
def test_direction_of_the_linked_kpi(key_result: str, against: bool) -> None:
    files = {"okrs/a.yaml": okr(f"{{id: a, title: A, {key_result}}}"), "kpis/a.yaml": "kpis:\n" + KPI}
    assert bool(of("OKR321", files)) == against


def test_a_negative_increment_has_its_csv_line() -> None:
    files = {
        "okrs/a.yaml": okr("{id: a, title: A, to: 20, aggregate: sum, readings: ../data/a.csv}"),
        "data/a.csv": "date,value\n2026-04-06,5\n2026-04-13,-2\n",
    }
    (one,) = of("OKR323", files)
    assert (one.path, one.span.line) == ("data/a.csv", 3)
    savings = "{id: a, title: A, to: -20, aggregate: sum, readings: {2026-04-06: -5}}"
    assert not of("OKR323", okr(savings))


@pytest.mark.parametrize(
    ("formula", "harmed"),
    [
        ("a - b", True),
        ("a + b", False),
        ("a - (b - b * 2)", False),
        ("a / b", False),
        ("a - b + b", False),
        ("a * (1 - b)", True),
        ("100 * (a - b) / a", True),
        ("a / (a + b)", False),
    ],
)
def test_an_input_with_the_opposite_direction(formula: str, harmed: bool) -> None:
    inputs = [f"id: {name}, title: {name}, better: higher" for name in "ab"]
    result = f"id: c, title: c, better: higher, formula: {formula}"
    assert bool(of("OKR404", kpis(*inputs, result))) == harmed


def test_negative_values_make_the_direction_unknown() -> None:
    inputs = ["id: a, title: a, better: lower, readings: {2026-04-06: -5}", "id: b, title: b, better: higher"]
    assert not of("OKR404", kpis(*inputs, "id: c, title: c, better: higher, formula: a * b"))
    inputs[0] = inputs[0].replace("-5", "5")
    assert of("OKR404", kpis(*inputs, "id: c, title: c, better: higher, formula: a * b"))


@pytest.mark.parametrize(
    ("units", "formula", "clashes"),
    [
        (("EUR", "visitors"), "a + b", 1),
        (("EUR", "visitors"), "a * b", 0),
        (("EUR", "€"), "a - b", 0),
        (("EUR", "users"), "2 * a - b", 1),
        (("EUR", "users"), "a - b / 3", 1),
        (("user", "users"), "a + b", 0),
        (("bikes", "trailers"), "a + b", 0),
        (("%", "trailers"), "a + b", 1),
    ],
)
def test_two_units_in_a_sum(units: tuple[str, str], formula: str, clashes: int) -> None:
    inputs = [
        f"id: {name}, title: {name}, better: higher, unit: '{unit}'" for name, unit in zip("ab", units, strict=True)
    ]
    result = f"id: c, title: c, better: higher, unit: vehicles, formula: {formula}"
    assert len(of("OKR405", kpis(*inputs, result))) == clashes


@pytest.mark.parametrize(
    ("recorded", "off"),
    [
        ("2026-04-30: 202", 0),
        ("2026-04-30: 202.1", 1),
        ("2026-05-31: 900", 0),
        ("2026-04-30: 20000", 1),
        ("2026-04: 198", 0),
    ],
)
def test_a_recorded_value_is_compared_with_its_formula(recorded: str, off: int) -> None:
    inputs = ["id: a, title: a, better: higher, readings: {2026-04-30: 900, 2026-05-31: 950}",
              "id: b, title: b, better: lower, readings: {2026-04: 700}"]  # fmt: skip
    result = f"id: c, title: c, better: higher, formula: a - b, readings: {{{recorded}}}"
    found = of("OKR406", kpis(*inputs, result))
    assert len(found) == off
    assert all(("100 *" in one.help) == ("20000" in recorded) for one in found)


@pytest.mark.parametrize(
    ("summed", "result", "off"),
    [
        ("aggregate: sum, cadence: monthly", "cadence: weekly", "monthly"),
        ("aggregate: sum, cadence: 10 days", "cadence: weekly", "10 days"),
        ("aggregate: sum", "cadence: weekly", "monthly"),  # as its readings are
        ("aggregate: sum, cadence: monthly", "cadence: monthly", ""),
        ("aggregate: sum, cadence: monthly", "cadence: quarterly", ""),
        ("aggregate: sum, cadence: monthly", "lead: true", ""),  # the coarsest of the inputs
        ("aggregate: mean, cadence: monthly", "cadence: weekly", ""),
        ("cadence: monthly", "cadence: weekly", ""),
        ("aggregate: sum, cadence: monthly", "cadence: weekly, readings: {2026-05-01: 3}", ""),
    ],
)
def test_a_sum_that_is_coarser_than_its_formula(summed: str, result: str, off: str) -> None:
    readings = "readings: {2026-01: 1, 2026-02: 3, 2026-03: 1, 2026-04: 3}"
    text = kpis(f"id: s, title: S, better: higher, {summed}, {readings}",
                "id: v, title: V, better: higher, aggregate: sum, cadence: weekly, readings: {2026-04-30: 7}",
                f"id: r, title: R, better: higher, {result}, formula: v / s")  # fmt: skip
    found = of("OKR410", text)
    assert [one.ref for one in found] == ["r"] * bool(off)
    for one in found:
        assert f"'s' is a sum with a coarser cadence ({off})" in one.message and f"`cadence: {off}`" in one.help


def test_sets_of_kpis() -> None:
    money = [f"id: k{n}, title: K, better: higher, unit: EUR" for n in range(2)]
    assert of("OKR408", kpis(*money)) and not of(
        "OKR408", kpis(*money, "id: v, title: V, better: higher, unit: visits")
    )
    kept = [f"id: b{n}, title: K, between: [1, 2], unit: x" for n in range(2)]
    assert of("OKR409", kpis(*kept, *money)) and not of("OKR409", kpis(kept[0], *money))
    assert of("OKR407", kpis(*kept, *money)) and not of("OKR407", kpis(*money))


@pytest.mark.parametrize("today", [date(2024, 1, 1), date(2026, 5, 15), date(2031, 1, 1)])
def test_no_advice_depends_on_the_day(today: date) -> None:
    text = okr("{id: a, title: A, from: 50, to: 70, readings: {2026-04-01: 72}}")
    assert {one.code for one in check(text, NUMBERS, today)} >= {"OKR314", "OKR304"}
