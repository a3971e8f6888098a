"""The arithmetic: every rule of scores, pace and verdicts against figures worked out by hand."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.conformance.sheets import AFTER, card, key_result, objective, workspace
from tests.running import write

LATE = "\nreadings: {2026-06-20: %s, 2026-07-14: %s, 2026-07-15: %s}"


def figure(root: Path, name: str, number: int = 0, today: str = "2026-05-15") -> Any:
    return key_result(root, number, today=today)[name]


@pytest.mark.parametrize(
    ("result", "value"),
    [
        ("to: 10" + LATE % (5, 8, 9), 8),
        ("to: 10\naggregate: mean" + LATE % (4, 8, 9), 6),
        ("graded: true" + LATE % ("0.4", "0.8", "1"), Decimal("0.8")),
        ("to: 10\naggregate: sum" + LATE % (4, 8, 9), 4),
        ("done: 2026-07-02", 0),
        ("milestones: [{title: One, done: 2026-07-02}, {title: Two, done: 2026-06-30}]", Decimal("0.5")),
    ],
)
def test_late_figures_count_in_the_closing_days_but_for_sums_and_dated_work(
    tmp_path: Path, result: str, value: object
) -> None:
    assert figure(workspace(tmp_path, result), "value", today="2026-09-01") == value


@pytest.mark.parametrize(
    ("today", "state", "as_of"),
    [
        ("2026-03-31", "ahead", "2026-03-31"),
        ("2026-04-01", "running", "2026-04-01"),
        ("2026-06-30", "running", "2026-06-30"),
        ("2026-07-01", "over", "2026-07-01"),
        ("2027-01-01", "over", "2026-07-14"),
    ],
)
def test_the_day_is_today_and_at_the_latest_the_last_closing_day(
    tmp_path: Path, today: str, state: str, as_of: str
) -> None:
    found = card(workspace(tmp_path, "to: 5"), today=today)
    assert (found["period"]["state"], found["as_of"]) == (state, as_of)


def test_a_period_ahead_has_no_score(tmp_path: Path) -> None:
    found = card(workspace(tmp_path, "done: false"), today="2026-03-31")
    assert (found["score"], found["band"], found["measured"]) == (None, None, 0)


def test_nothing_exists_before_it_was_added(tmp_path: Path) -> None:
    root = workspace(tmp_path, "to: 10\nadded: 2026-05-01")
    assert objective(root, today="2026-04-30")["key_results"] == []


ADDED = "added: 2026-05-01\nreadings: {2026-04-20: 9, 2026-05-05: 1}"


@pytest.mark.parametrize(
    ("result", "day", "name", "value"),
    [
        ("to: 10\n" + ADDED, "2026-05-31", "expected", Decimal("0.5")),
        ("to: 10\n" + ADDED, "2026-05-07", "status", "starting"),
        ("to: 10\n" + ADDED, "2026-05-08", "status", "on track"),
        ("to: 10\naggregate: sum\n" + ADDED, "2026-05-31", "value", 1),
        ("done: true\nadded: 2026-05-01", "2026-05-31", "value_date", "2026-05-01"),
    ],
)
def test_the_day_it_was_added_takes_the_place_of_the_first(
    tmp_path: Path, result: str, day: str, name: str, value: object
) -> None:
    assert figure(workspace(tmp_path, result), name, today=day) == value


@pytest.mark.parametrize(("day", "score"), [("2026-05-09", Decimal("0.75")), ("2026-05-10", 1)])
def test_what_is_given_up_leaves_the_mean_from_its_day_on(tmp_path: Path, day: str, score: object) -> None:
    read = "to: 10\nreadings: {2026-04-20: %s}"
    root = workspace(
        tmp_path, read % 5 + "\nstate: deprioritized\nreason: No hands\nsince: 2026-05-10", read % 10
    )  # fmt: skip
    assert objective(root, today=day)["score"] == score


KPI = "kpis: [{id: n, title: N, owner: lea, better: higher, readings: {%s%s}}]"
IN_AND_AFTER = "2026-04-05: 20, 2026-06-30: 30, 2026-07-05: 50"


@pytest.mark.parametrize(
    ("result", "before", "start", "progress"),
    [
        ("to: 50\nkpi: n", "2026-03-01: 10, ", 10, Decimal("0.5")),
        ("to: 50\nkpi: n", "", None, None),
        ("to: 40\nfrom: 0\nkpi: n", "", 0, Decimal("0.75")),
        ("to: 40\nkpi: n\nadded: 2026-05-01", "", 20, Decimal("0.5")),
        ("change: x2\nkpi: n", "2026-03-01: 20, ", 20, Decimal("0.5")),
    ],
)
def test_a_kpi_gives_the_start_and_only_what_lies_in_the_period(
    tmp_path: Path, result: str, before: str, start: object, progress: object
) -> None:
    found = key_result(workspace(tmp_path, result, kpis=KPI % (before, IN_AND_AFTER)), today=AFTER)
    assert (found["from"], found["progress"]) == (start, progress)


@pytest.mark.parametrize(
    ("cadence", "readings", "day", "held"),
    [
        ("monthly", "2026-04-10: 10, 2026-05-10: 9", "2026-05-15", Decimal("0.5")),
        ("monthly", "2026-04-10: 10", "2026-05-31", 1),
        ("monthly", "2026-04-10: 10", "2026-06-01", Decimal("0.5")),
        ("monthly", "2026-04-10: 10, 2026-06-01: 12, 2026-06-20: 5", "2026-06-25", Decimal("0.666667")),
        ("monthly", "2026-04-10: 10, 2026-06-01: 12", "2026-06-25", Decimal("0.666667")),
        ("weekly", "2026-04-01: 10", "2026-04-14", 1),
        ("weekly", "2026-04-01: 10", "2026-04-15", Decimal("0.5")),
        ("10 days", "2026-04-05: 10, 2026-04-14: 11", "2026-04-16", 1),
        ("weekly", "", "2026-06-01", None),
    ],
)
def test_held_is_the_share_of_intervals_in_bounds(
    tmp_path: Path, cadence: str, readings: str, day: str, held: object
) -> None:
    result = f"at_least: 10\njudge: held\ncadence: {cadence}\nreadings: {{{readings}}}"
    assert figure(workspace(tmp_path, result), "progress", today=day) == held


@pytest.mark.parametrize(
    ("readings", "held"),
    [
        ("2026-01-31: 10, 2026-02-27: 4, 2026-02-28: 10, 2026-03-31: 10", Decimal("0.666667")),
        ("2026-01-31: 10, 2026-02-28: 4, 2026-03-30: 10, 2026-03-31: 10", 1),
        ("2026-01-31: 10, 2026-02-28: 10, 2026-03-30: 4, 2026-03-31: 10", Decimal("0.666667")),
    ],
)
def test_months_are_counted_from_the_first_day_and_clipped(tmp_path: Path, readings: str, held: object) -> None:
    result = f"at_least: 10\njudge: held\ncadence: monthly\nreadings: {{{readings}}}"
    root = workspace(tmp_path, result, period="{id: c1, start: 2026-01-31, end: 2026-05-15}")
    assert key_result(root, today="2026-04-02", period="c1")["progress"] == held


@pytest.mark.parametrize(
    ("how", "value"), [("sum", 29), ("mean", Decimal("14.5")), ("min", 9), ("max", 20)]
)  # fmt: skip
def test_a_rollup_reaches_across_periods(tmp_path: Path, how: str, value: object) -> None:
    quarter = "period: 2026-Q{}\nteam: trust\nobjectives:\n  - id: o\n    title: Trust\n    owner: lea\n"
    quarter += "    key_results: [{{id: a, title: Letters, to: 50, readings: {{{}}}}}]\n"
    more = {
        "okrs/1.yaml": quarter.format(1, "2026-02-01: 7, 2026-04-10: 9, 2026-04-20: 30"),
        "okrs/2.yaml": quarter.format(2, "2026-05-01: 20"),
        "okrs/3.yaml": quarter.format(3, ""),
    }
    members = ", ".join(f"2026-Q{number}/trust/o.a" for number in (1, 2, 3))
    root = workspace(tmp_path, f"to: 100\nrollup: {{{how}: [{members}]}}", period="2026", more=more)
    found = key_result(root, period="2026")
    assert (found["value"], found["value_date"]) == (value, "2026-04-10")


def test_a_rollup_of_a_running_member_without_a_value_has_none(tmp_path: Path) -> None:
    root = workspace(tmp_path, "to: 9\nrollup: {sum: [a]}", "id: a\ntitle: Letters sent\nto: 5")
    assert key_result(root)["status"] == "no data"


@pytest.mark.parametrize(("day", "score"), [("2026-05-09", Decimal("0.5")), ("2026-05-10", Decimal("0.8"))])
def test_an_override_holds_from_its_date_on(tmp_path: Path, day: str, score: object) -> None:
    override = "\nscore: {value: 80%, by: lea, reason: Late letters, date: 2026-05-10}"
    root = workspace(tmp_path, "to: 100\nreadings: {2026-05-01: 50}" + override)
    found = key_result(root, today=day)
    assert (found["score"], found["computed"], found["by_hand"]) == (score, Decimal("0.5"), day == "2026-05-10")
    assert objective(root, today=day)["score"] == score


BANDS = [
    ("69.9", "", "yellow"),
    ("70", "", "green"),
    ("40", "", "yellow"),
    ("39.99", "", "red"),
    ("65", "bands: google", "green"),
    ("64.9", "bands: google", "yellow"),
    ("35", "bands: google", "yellow"),
    ("34.9", "bands: google", "red"),
    ("50", "bands: [0.3, 0.5]", "green"),
]


@pytest.mark.parametrize(("value", "setting", "band"), BANDS)
def test_bands_are_those_of_the_unrounded_score(tmp_path: Path, value: str, setting: str, band: str) -> None:
    root = workspace(tmp_path, f"to: 100\nreadings: {{2026-05-01: {value}}}", config=f"scoring: {{{setting}}}\n")
    assert objective(root, "--bands")["band"] == band
    assert objective(root)["band"] is None
    assert objective(root, today="2026-07-01")["band"] == band


@pytest.mark.parametrize(
    ("ambition", "value", "running", "over"),
    [
        ("aspirational", "69", None, None),
        ("aspirational", "70", "succeeded", "succeeded"),
        ("aspirational", "89.9", "succeeded", "succeeded"),
        ("aspirational", "90", "succeeded", "sandbagging?"),
        ("committed", "90", None, "missed"),
        ("committed", "100", "met", "met"),
    ],
)
def test_a_verdict_is_read_by_ambition(
    tmp_path: Path, ambition: str, value: str, running: object, over: object
) -> None:
    root = workspace(
        tmp_path, f"to: 100\nreadings: {{2026-06-01: {value}}}", objective=f"ambition: {ambition}"
    )  # fmt: skip
    assert [objective(root, today=day)["verdict"] for day in ("2026-06-05", AFTER)] == [running, over]


# Half of the way is expected on 2026-05-16: 45 of 90 days.
HALF = "2026-05-16"
READ = "to: 100\nreadings: {2026-05-16: %s}"
STATUSES = [
    (READ % 50, HALF, "on track"),
    (READ % 40, HALF, "on track"),
    (READ % 39.9, HALF, "behind"),
    (READ % 25, HALF, "behind"),
    (READ % 24.9, HALF, "at risk"),
    (READ % 100, HALF, "achieved"),
    ("to: 100\nreadings: {2026-04-03: 100}", "2026-04-05", "achieved"),
    ("to: 100\nreadings: {2026-04-03: 5}", "2026-04-07", "starting"),
    ("to: 100\nreadings: {2026-04-03: 5}", "2026-04-08", "on track"),
    ("to: 100", "2026-04-07", "starting"),
    ("to: 100", "2026-04-08", "no data"),
    ("to: TBD", "2026-04-08", "no data"),
    ("at_most: 4\nreadings: {2026-04-02: 5}", "2026-04-03", "at risk"),
    ("at_most: 4\nreadings: {2026-04-02: 4}", "2026-04-03", "starting"),
    ("at_most: 4\nreadings: {2026-04-20: 4}", "2026-05-11", "on track"),
    ("at_most: 4\nreadings: {2026-04-20: 4}", "2026-05-12", "stale"),
    ("at_least: 10\njudge: held\ncadence: weekly\nreadings: {2026-04-02: 12, 2026-04-09: 3}", "2026-04-10", "at risk"),
    ("at_least: 10\njudge: held\ncadence: weekly\nreadings: {2026-04-02: 3, 2026-04-09: 12}", "2026-04-10", "on track"),
    ("done: false\ndue: 2026-05-10", "2026-04-22", "on track"),
    ("done: false\ndue: 2026-05-10", "2026-04-23", "stale"),
    ("done: false\ndue: 2026-05-10\ncadence: monthly", "2026-05-10", "on track"),
    ("done: false\ndue: 2026-05-10", "2026-05-11", "at risk"),
    ("milestones: [{title: One, done: false}]", "2026-04-20", "behind"),
    ("to: 5\nstate: draft", HALF, None),
    ("to: 5\nkpi: nobody", HALF, "error"),
    ("to: 5", "2026-03-01", "not started"),
    ("to: 5", AFTER, "no data"),
    ("to: 5\nscore: {value: 0.8, by: lea, reason: Told by hand}", AFTER, "no data"),
    ("graded: true\nreadings: {2026-06-01: 1}", AFTER, "achieved"),
    ("graded: true\nreadings: {2026-06-01: 0.7}", AFTER, "succeeded"),
    ("graded: true\nreadings: {2026-06-01: 0.69}", AFTER, "missed"),
    ("graded: true\nambition: committed\nreadings: {2026-06-01: 0.9}", AFTER, "missed"),
]


@pytest.mark.parametrize(("result", "day", "status"), STATUSES)
def test_the_status_is_the_first_line_that_fits(tmp_path: Path, result: str, day: str, status: str | None) -> None:
    assert figure(workspace(tmp_path, result), "status", today=day) == status


AT_RISK, BEHIND, NO_DATA = READ % 10, READ % 30, "to: 100"
STALE = "to: 100\nreadings: {2026-04-20: 90}"
STARTING = "to: 100\nadded: 2026-05-12\nreadings: {2026-05-14: 5}"
ON_TRACK, ACHIEVED = READ % 60, READ % 100
ORDER = [AT_RISK, NO_DATA, BEHIND, STALE, STARTING, ON_TRACK, ACHIEVED]


@pytest.mark.parametrize("worse", range(len(ORDER) - 1))
def test_the_worst_key_result_decides_and_is_named(tmp_path: Path, worse: int) -> None:
    found = objective(workspace(tmp_path, ORDER[worse + 1], ORDER[worse]), today=HALF)
    assert found["decided_by"] == "k2"
    assert found["status"] == found["key_results"][1]["status"] != found["key_results"][0]["status"]


def test_a_broken_guardrail_lowers_the_status_and_leaves_the_score(tmp_path: Path) -> None:
    root = workspace(tmp_path, READ % 90, "at_most: 4\nguards: all\nreadings: {2026-05-16: 5}")
    found = objective(root, today=HALF)
    assert (found["score"], found["status"], found["decided_by"]) == (Decimal("0.9"), "at risk", "k2")
    assert found["key_results"][1]["broken"] is True
    assert objective(root, today=AFTER)["status"] == "succeeded"


def test_a_guardrail_that_is_not_broken_decides_nothing(tmp_path: Path) -> None:
    found = objective(workspace(tmp_path, READ % 90, "at_most: 4\nguards: all"), today=HALF)
    assert (found["status"], found["decided_by"]) == ("on track", "k1")


@pytest.mark.parametrize(
    ("missing", "score", "counted"),
    [("zero", Decimal("0.48"), [True, True, True]), ("skip", Decimal("0.6"), [True, True, False])],
)
def test_what_has_no_reading_counts_zero_or_is_left_out(
    tmp_path: Path, missing: str, score: object, counted: list[bool]
) -> None:
    config = f"scoring: {{missing: {missing}}}\n"
    root = workspace(tmp_path, READ % 50 + "\nweight: 3", READ % 90, "to: 100", config=config)
    found = objective(root, today=HALF)
    assert (found["score"], found["measured"]) == (score, 2)
    assert [one["counted"] for one in found["key_results"]] == counted


def test_the_period_is_the_plain_mean_of_weighted_teams(tmp_path: Path) -> None:
    one = "objectives: [{{id: {}, title: Trust, owner: lea, weight: {}, key_results: [{}]}}]\n"
    result = "{{id: a, title: Letters, to: 100, readings: {{2026-05-14: {}}}}}"
    head = "period: 2026-Q2\nteam: {}\n"
    write(tmp_path, {
        "okrs/a.yaml": "period: 2026-Q2\n" + one.format("x", 1, result.format(20)),
        "okrs/b.yaml": head.format("trust") + one.format("x", 3, result.format(40)),
        "okrs/c.yaml": head.format("trust") + one.format("y", 1, result.format(80)),
        "okrs/d.yaml": head.format("unmeasured") + one.format("x", 1, ""),
    })  # fmt: skip
    found = card(tmp_path)
    assert [(one["team"], one["score"]) for one in found["teams"]] == [
        ("company", Decimal("0.2")), ("trust", Decimal("0.5")), ("unmeasured", None),
    ]  # fmt: skip
    assert found["score"] == Decimal("0.35")


PLAN = "from: 10\nto: 110\nplan: {2026-04-11: 20, 2026-05-01: 60}\ndue: 2026-05-31\nreadings: {2026-04-01: 10}"


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        ("2026-04-01", 0),
        ("2026-04-06", Decimal("0.05")),
        ("2026-04-11", Decimal("0.1")),
        ("2026-04-21", Decimal("0.3")),
        ("2026-05-16", Decimal("0.75")),
        ("2026-05-31", 1),
        ("2026-06-10", 1),
    ],
)
def test_a_plan_is_followed_along_straight_lines(tmp_path: Path, day: str, expected: object) -> None:
    assert figure(workspace(tmp_path, PLAN), "expected", today=day) == expected


# From 0 on the first day: steps of 10, 10, 20 and 0 over 10, 5, 10 and 5 days; 40 on 1 May, 60 days to go.
FOUR = "to: 100\nreadings: {2026-04-11: 10, 2026-04-16: 20, 2026-04-26: 40, 2026-05-01: 40}"


def test_the_projected_range_is_a_prediction_interval(tmp_path: Path) -> None:
    """Pace 4/3; (10 - 40/3)² / 10 + (10 - 20/3)² / 5 + (20 - 40/3)² / 10 + (20/3)² / 5 = 16.67, by 3: s is 2.357."""
    found = figure(workspace(tmp_path, FOUR), "projected", today="2026-05-05")
    width = 1.6377444 * (Decimal(50) / 9).sqrt().__float__() * (60 * (1 + 60 / 30)) ** 0.5  # 51.8
    assert found == {
        "value": 120, "progress": Decimal("1.2"), "low": int(120 - width), "high": int(120 + width) + 1,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("result", "day"),
    [
        ("to: 100\nreadings: {2026-04-11: 10, 2026-04-16: 20, 2026-04-26: 40}", "2026-04-27"),
        ("to: 100\nreadings: {2026-04-11: 10, 2026-04-12: 20, 2026-04-13: 30, 2026-04-14: 40}", "2026-04-25"),
        (FOUR, AFTER),
        (FOUR + "\naggregate: mean", "2026-05-05"),
        (FOUR.replace("to: 100", "to: TBD"), "2026-05-05"),
    ],
)
def test_too_little_to_go_by_is_not_projected(tmp_path: Path, result: str, day: str) -> None:
    assert figure(workspace(tmp_path, result), "projected", today=day) is None


def test_a_reading_of_the_first_day_replaces_the_start(tmp_path: Path) -> None:
    root = workspace(tmp_path, FOUR.replace("to: 100", "from: 50\nto: 100").replace("{2", "{2026-04-01: 10, 2"))
    assert figure(root, "projected", today="2026-05-05")["value"] == 100  # (40 - 10) / 30 days


@pytest.mark.parametrize(
    ("value", "setting", "score"),
    [(12, "", 1), (-2, "", 0), (12, "cap: none", Decimal("1.2")), (-2, "floor: none", Decimal("-0.2"))],
)
def test_a_score_is_progress_between_floor_and_cap(tmp_path: Path, value: int, setting: str, score: object) -> None:
    root = workspace(tmp_path, f"to: 10\nreadings: {{2026-05-01: {value}}}", config=f"scoring: {{{setting}}}\n")
    found = key_result(root)
    assert (found["score"], found["progress"]) == (score, Decimal(value) / 10)
