"""Figures of flows: sums and means by whole slots, formulas over them, and what is said where a month is missing."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.running import run, write

OKR = """\
period: 2026-Q2
team: ops
objectives:
  - id: o
    title: Parcels are a habit in every street
    owner: kim
    key_results:
      - {id: a, title: Streets with a locker, to: 10}
"""
MONTHS = ("2025-10", "2025-11", "2025-12", "2026-01", "2026-02", "2026-03", "2026-04", "2026-05", "2026-06")


def kpi(id: str, readings: dict[str, object] | None = None, **keys: object) -> str:
    """One KPI as a line of YAML."""
    fields = {"id": id, "title": f"About {id}", "owner": "kim", "better": "higher", **keys}
    if readings is not None:
        fields["readings"] = "{" + ", ".join(f"{day}: {value}" for day, value in readings.items()) + "}"
    return "  - {" + ", ".join(f"{key}: {value}" for key, value in fields.items()) + "}\n"


def workspace(root: Path, *kpis: str, okr: str = OKR) -> Path:
    return write(root, {"okrs/a.yaml": okr, "kpis/a.yaml": "kpis:\n" + "".join(kpis)})


def kpi_json(root: Path, id: str, as_of: str, *words: str) -> dict[str, Any]:
    found = run("kpi", "--as-of", as_of, "--format", "json", *words, cwd=root).json
    return next(entry for entry in found["kpis"] if entry["id"] == id)


def monthly(*values: object, first: int = 0) -> dict[str, object]:
    return {month: value for month, value in zip(MONTHS[first:], values, strict=False) if value is not None}


SUM = {"aggregate": "sum", "cadence": "monthly"}


@pytest.mark.parametrize(
    ("as_of", "slots", "now"),
    [("2026-04-30", 1, 100), ("2026-05-30", 1, 100), ("2026-05-31", 2, 200), ("2026-06-30", 3, 300)],
)
def test_months_of_equal_sums_are_steady(tmp_path: Path, as_of: str, slots: int, now: int) -> None:
    workspace(tmp_path, kpi("parcels", monthly(*[100] * 9), **SUM))
    found = kpi_json(tmp_path, "parcels", as_of)
    assert found["compared"] == {"slots": slots, "now": now, "before": now}
    assert (found["change"], found["period_change"], found["trend"], found["period_trend"]) == (
        0,
        0,
        "steady",
        "steady",
    )
    assert found["previous"] == now


def test_weeks_are_held_against_as_many_weeks(tmp_path: Path) -> None:
    """Weeks from 2026-03-30 on: five of 20 are held against five of 10."""
    days = [
        f"2026-{day}"
        for day in ("03-01", "03-08", "03-15", "03-22", "03-29", "04-05", "04-12", "04-19", "04-26", "05-03")
    ]
    readings = dict(zip(days, [10] * 5 + [20] * 5, strict=True))
    workspace(tmp_path, kpi("signups", readings, aggregate="sum", cadence="weekly"))
    found = kpi_json(tmp_path, "signups", "2026-05-05")
    assert found["compared"] == {"slots": 5, "now": 100, "before": 50}
    assert (found["change"], found["trend"]) == (50, "better")


def test_means_are_held_against_means(tmp_path: Path) -> None:
    workspace(
        tmp_path,
        kpi("wait", monthly(None, None, None, 9, 8, 7, 6, 5), aggregate="mean", cadence="monthly", better="lower"),
    )
    found = kpi_json(tmp_path, "wait", "2026-05-31")
    assert found["compared"] == {"slots": 2, "now": Decimal("5.5"), "before": Decimal("7.5")}
    assert (found["change"], found["trend"]) == (-2, "better")


def test_without_a_cadence_the_readings_tell_it(tmp_path: Path) -> None:
    workspace(tmp_path, kpi("parcels", monthly(*[100] * 9), aggregate="sum"))
    assert kpi_json(tmp_path, "parcels", "2026-05-31")["compared"] == {"slots": 2, "now": 200, "before": 200}


def test_a_missing_month_gives_no_trend_and_is_named(tmp_path: Path) -> None:
    workspace(tmp_path, kpi("parcels", monthly(100, 100, 100, 100, 100, None, 100, 100), **SUM))
    found = kpi_json(tmp_path, "parcels", "2026-05-31")
    assert (found["trend"], found["change"], found["period_trend"]) == (None, None, None)
    shown = run("kpi", "--as-of", "2026-05-31", cwd=tmp_path).out
    assert "March 2026 is missing" in shown


def test_the_table_says_what_is_compared(tmp_path: Path) -> None:
    workspace(tmp_path, kpi("parcels", monthly(*[100] * 9), **SUM))
    assert "2 months against the 2 before" in run("kpi", "--as-of", "2026-05-31", cwd=tmp_path).out


def test_against_a_year_ago(tmp_path: Path) -> None:
    readings = {f"{year}-{month:02}": year - 2000 for year in (2025, 2026) for month in range(1, 13)}
    workspace(tmp_path, kpi("parcels", readings, **SUM), kpi("visits", {"2025-05-01": 1, "2026-05-01": 2}))
    found = kpi_json(tmp_path, "parcels", "2026-05-31", "--against", "year")
    assert found["compared"] == {"slots": 2, "now": 52, "before": 50}


@pytest.mark.parametrize("as_of", ["2026-05-31", "2026-04-30"])
def test_a_year_ago_is_named_in_the_table(tmp_path: Path, as_of: str) -> None:
    readings = {"2025-04": 20, "2025-05": 25, "2025-06": 30, "2026-04": 40, "2026-05": 50}
    workspace(tmp_path, kpi("parcels", readings, **SUM))
    words = ("kpi", "--against", "year", "--as-of", as_of)
    shown = run(*words, cwd=tmp_path).out
    slots = {"2026-05-31": "2 months against the same months", "2026-04-30": "1 month against the same month"}[as_of]
    assert f"{slots} of the year before" in shown and "against the year before" in shown
    assert "since" not in shown and "the 2 before" not in shown
    assert "Against the year before" in run(*words, "--format", "markdown", cwd=tmp_path).out


def test_a_year_ago_beside_readings_that_are_compared_with_the_day_before(tmp_path: Path) -> None:
    workspace(tmp_path, kpi("parcels", {"2025-04": 20, "2026-04": 40}, **SUM), kpi("staff", {"2026-03-01": 2}))
    words = ("kpi", "--as-of", "2026-05-15")
    assert "since 1 Apr or year before" in run(*words, "--against", "year", cwd=tmp_path).out
    assert "year" not in run(*words, cwd=tmp_path).out


def test_other_cadences_have_no_year_before(tmp_path: Path) -> None:
    readings = {f"2026-{month:02}-{day}": 5 for month in range(1, 6) for day in (10, 20)}
    workspace(tmp_path, kpi("parcels", readings, aggregate="sum", cadence="10 days"))
    words = ("kpi", "--as-of", "2026-05-31", "--against", "year")
    shown = run(*words, cwd=tmp_path).out
    assert shown.count("not available") == 3  # twice a change, once why
    assert "only weeks, months and quarters have a year before" in shown
    assert "not available" in run(*words, "--format", "markdown", cwd=tmp_path).out
    found = kpi_json(tmp_path, "parcels", "2026-05-31", "--against", "year")
    assert (found["change"], found["period_change"], found["compared"]) == (None, None, None)
    assert "not available" not in run("kpi", "--as-of", "2026-05-31", cwd=tmp_path).out


def test_flows_are_never_carried_over_in_a_formula(tmp_path: Path) -> None:
    """Costs are 300/100, 330/110, nothing in March, 390/130."""
    workspace(
        tmp_path,
        kpi("parcels", monthly(100, 110, None, 130, first=3), **SUM),
        kpi("spend", monthly(300, 330, 200, 390, first=3), **SUM, unit="EUR"),
        kpi("costs", formula="spend / parcels", unit="EUR", better="lower"),
    )
    found = kpi_json(tmp_path, "costs", "2026-04-30")
    assert found["value"] == 3
    assert (found["trend"], found["change"]) == (None, None)  # March is missing
    assert "1.82" not in run("show", "costs", "--as-of", "2026-04-30", cwd=tmp_path).out


RATIO = (
    kpi("signups", {"2026-04-12": 20, "2026-05-10": 10, "2026-06-07": 40}, aggregate="sum", cadence="monthly"),
    kpi("visits", {"2026-04-12": 500, "2026-05-10": 700, "2026-06-07": 50}, aggregate="sum", cadence="monthly"),
    kpi("rate", formula="signups / visits"),
)


def test_a_ratio_of_sums_is_the_ratio_of_the_period(tmp_path: Path) -> None:
    """70 sign-ups in 1250 visits are 0.056, whatever the last month had (40 / 50)."""
    workspace(tmp_path, *RATIO)
    assert kpi_json(tmp_path, "rate", "2026-06-30")["value"] == Decimal("0.056")


def test_a_key_result_on_a_ratio_has_the_figure_of_the_period(tmp_path: Path) -> None:
    okr = OKR + "      - {id: rate, title: Visits that lead to a sign-up, kpi: rate, from: 0, to: 0.1}\n"
    workspace(tmp_path, *RATIO, okr=okr)
    card = run("score", "2026-Q2", "--as-of", "2026-06-30", "--format", "json", cwd=tmp_path).json
    found = card["teams"][0]["objectives"][0]["key_results"][1]
    assert (found["value"], found["progress"]) == (Decimal("0.056"), Decimal("0.56"))


def test_a_margin_of_every_month_stays_what_it_is_in_a_month(tmp_path: Path) -> None:
    workspace(
        tmp_path,
        kpi("turnover", monthly(*[300] * 9), **SUM),
        kpi("costs", monthly(*[200] * 9), **SUM, better="lower"),
        kpi("margin", formula="turnover - costs"),
        kpi("total", formula="turnover - costs", aggregate="sum"),
    )
    assert kpi_json(tmp_path, "margin", "2026-06-30")["value"] == 100
    assert kpi_json(tmp_path, "total", "2026-06-30")["value"] == 300
    assert kpi_json(tmp_path, "total", "2026-06-30")["compared"] == {"slots": 3, "now": 300, "before": 300}


def test_a_stock_enters_with_its_newest_reading(tmp_path: Path) -> None:
    """Turnover for each subscriber: 600 in May by the 20 of April; older than two cadences there is none."""
    workspace(
        tmp_path,
        kpi("turnover", monthly(*[600] * 9), **SUM),
        kpi("subscribers", {"2026-04-30": 20}, cadence="monthly"),
        kpi("each", formula="turnover / subscribers"),
    )
    assert kpi_json(tmp_path, "each", "2026-05-31")["value"] == 30
    assert kpi_json(tmp_path, "each", "2026-04-30")["value"] == 30


def test_a_formula_of_formulas_takes_their_figures(tmp_path: Path) -> None:
    workspace(
        tmp_path,
        kpi("turnover", monthly(*[300] * 9), **SUM),
        kpi("costs", monthly(*[200] * 9), **SUM, better="lower"),
        kpi("parcels", monthly(*[50] * 9), **SUM),
        kpi("margin", formula="turnover - costs"),
        kpi("margin-each", formula="margin / parcels"),
    )
    assert kpi_json(tmp_path, "margin-each", "2026-06-30")["value"] == 2


def test_a_coarser_sum_gives_no_value(tmp_path: Path) -> None:
    workspace(
        tmp_path,
        kpi("spend", {"2026-03-31": 900, "2026-06-30": 900}, aggregate="sum", cadence="quarterly", better="lower"),
        kpi("parcels", monthly(*[100] * 9), **SUM),
        kpi("costs", formula="spend / parcels", cadence="monthly", better="lower"),
    )
    assert kpi_json(tmp_path, "costs", "2026-06-30")["value"] is None


def test_explain_without_days_splits_the_change_that_kpi_shows(tmp_path: Path) -> None:
    workspace(
        tmp_path,
        kpi("turnover", monthly(*[300] * 6, 330, 330), **SUM),
        kpi("costs", monthly(*[200] * 6, 210, 190), **SUM, better="lower"),
        kpi("margin", formula="turnover - costs"),
    )
    shown = kpi_json(tmp_path, "margin", "2026-05-31")
    assert shown["compared"] == {"slots": 2, "now": 130, "before": 100}
    told = run("explain", "margin", "--as-of", "2026-05-31", "--format", "json", cwd=tmp_path).json
    assert told["change"] == shown["change"] == 30
    assert {part["id"]: part["part"] for part in told["parts"]} == {"turnover": 30, "costs": 0}


def test_explain_with_days_splits_between_their_slots(tmp_path: Path) -> None:
    workspace(
        tmp_path,
        kpi("turnover", monthly(*[300] * 6, 330, 330), **SUM),
        kpi("costs", monthly(*[200] * 6, 210, 190), **SUM, better="lower"),
        kpi("margin", formula="turnover - costs"),
    )
    words = ("explain", "margin", "--since", "2026-04-10", "--until", "2026-05-31", "--format", "json")
    told = run(*words, cwd=tmp_path, today="2026-06-01").json
    assert (told["from"]["value"], told["to"]["value"], told["change"]) == (120, 140, 20)


@pytest.mark.parametrize(
    ("words", "today", "is_whole"),
    [
        ((), "2026-06-01", True),
        ((), "2026-04-30", True),
        ((), "2026-04-29", False),  # of a slot that runs, only what is known by then
        (("--as-of", "2026-04-29"), "2026-06-01", False),
        (("--as-of", "2026-05-02"), "2026-06-01", True),
    ],
)
def test_explain_counts_the_slot_of_the_last_day_whole(
    tmp_path: Path, words: tuple[str, ...], today: str, is_whole: bool
) -> None:
    days = ("2026-02-28", "2026-03-31", "2026-04-30", "2026-05-31")
    workspace(
        tmp_path,
        kpi("spend", dict(zip(days, (10, 20, 90, 70), strict=True)), **SUM),
        kpi("parcels", dict(zip(days, (10, 10, 30, 70), strict=True)), **SUM),
        kpi("costs", formula="spend / parcels"),
    )
    asked = ("explain", "costs", "--since", "2026-03-15", "--until", "2026-04-15", *words, "--format", "json")
    told = run(*asked, cwd=tmp_path, today=today).json
    assert (told["from"]["date"], told["from"]["value"]) == ("2026-03-31", 2)
    assert told["to"] == {"date": "2026-04-30" if is_whole else "2026-04-15", "value": 3 if is_whole else None}


@pytest.mark.parametrize("command", ["explain", "show"])
def test_where_the_newest_inputs_divide_by_zero_there_is_no_value(tmp_path: Path, command: str) -> None:
    workspace(
        tmp_path,
        kpi("turnover", {"2026-04-01": 100, "2026-05-01": 100}),
        kpi("parcels", {"2026-04-01": 50, "2026-05-01": 0}),
        kpi("each", formula="turnover / parcels"),
    )
    assert kpi_json(tmp_path, "each", "2026-05-31")["value"] is None
    found = run(command, "each", "--as-of", "2026-05-31", cwd=tmp_path)
    assert "division by zero: parcels is 0 on 2026-05-31" in found.out
    assert "steady" not in found.out
