"""The shipped examples: no findings, and every figure as worked out by hand in exact fractions."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from fractions import Fraction as F
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from okrctl.cli.commands import COMMANDS
from tests.running import Result, run

EXAMPLES = Path(__file__).parents[1] / "examples"
TODAY = "2026-11-22"
HALF_A_DIGIT = F(1, 2_000_000)  # JSON carries six places, rounded half up

Json = dict[str, Any]
Score = Callable[[str, str, str], Json]


@cache
def _run(workspace: str, *arguments: str) -> Result:
    return run(*arguments, cwd=EXAMPLES / workspace, today=TODAY)


@pytest.fixture
def score() -> Score:
    """The scorecard of `(workspace, period, day)` as data."""

    def card(workspace: str, period: str, day: str) -> Json:
        done = _run(workspace, "score", period, "--as-of", day, "--format", "json")
        assert done.status == 0, done.err
        data: Json = done.json
        return data

    return card


def objectives(card: Json) -> dict[str, Json]:
    """The scorecard's objectives by `TEAM/OBJECTIVE`."""
    return {_short(objective["ref"]): objective for team in card["teams"] for objective in team["objectives"]}


def key_results(card: Json) -> dict[str, Json]:
    """The scorecard's key results by `TEAM/OBJECTIVE.KEY_RESULT`."""
    found = (each for objective in objectives(card).values() for each in objective["key_results"])
    return {_short(each["ref"]): each for each in found}


def _short(ref: str) -> str:
    return ref.split("/", 1)[1]


def same(shown: Any, expected: F | int | None) -> bool:
    """Whether a figure of the JSON is the expected one, rounded to six places."""
    if shown is None or expected is None:
        return shown is None and expected is None
    return abs(F(str(shown)) - expected) <= HALF_A_DIGIT


def wrong(shown: Iterator[tuple[str, Any]], expected: dict[str, Any]) -> dict[str, tuple[Any, Any]]:
    """Every figure that differs, or is there on one side only: name to (shown, expected)."""
    figures = dict(shown)
    both = {name: (figures.get(name, "not shown"), expected.get(name, "not expected")) for name in figures | expected}
    return {name: pair for name, pair in both.items() if _one_sided(pair) or not same(*pair)}


def _one_sided(pair: tuple[Any, Any]) -> bool:
    return any(isinstance(figure, str) for figure in pair)


def both_days(figure: Callable[[int], F]) -> tuple[F, F]:
    """A figure on the earlier day (0) and on the later one (1)."""
    return figure(0), figure(1)


def test_the_examples_are_the_ones_known_here() -> None:
    folders = sorted(folder.name for folder in EXAMPLES.iterdir() if folder.is_dir())
    assert folders == ["articles", "company", "success-formula"]


@pytest.mark.parametrize("workspace", ["company", "articles", "success-formula"])
def test_check_finds_no_error_and_no_warning(workspace: str) -> None:
    done = _run(workspace, "check", "--format", "json")
    found = done.json
    assert [each for each in found["diagnostics"] if each["severity"] != "info"] == []
    assert found["summary"]["error"] == found["summary"]["warning"] == 0
    assert found["summary"]["info"] <= 5
    assert done.status == 0


# The company's closed quarter, FY27-Q3: 1 August to 31 October 2026, 91 days from the first to the last.

Q3_MID, Q3_OVER = "2026-09-15", "2026-11-22"

Q3_PROGRESS: dict[str, tuple[F, F]] = {
    # metric up, 140 to 300: 190 in September; 252 was read on 4 November, within the closing days
    "company/everyday.car-free": (F(190 - 140, 160), F(252 - 140, 160)),
    # rollup of the two lines below: 240 + 60 of 900, then 604 + 146 of 900
    "company/everyday.new-subscriptions": (F(240 + 60, 900), F(604 + 146, 900)),
    # a KPI's readings; `from` is its value of 31 July, 18 %: 20 %, then 24 %, on the way to 30 %
    "company/everyday.recommended": (F(20 - 18, 30 - 18), F(24 - 18, 30 - 18)),
    # held, calendar months: August in; then August in, September out, October in
    "company/no-lost-day.replacement-bike": (F(1), F(2, 3)),
    # at most 6, summed: 1.5 + 2 = 3.5; then 3.5 + 3 = 6.5
    "company/no-lost-day.outage-hours": (F(1), F(0)),
    # graded plain: 6/10, then 80 %
    "company/no-lost-day.mystery-calls": (F(6, 10), F(80, 100)),
    # summed from a CSV file: 28+31+40+44+47+50 = 240 of 700, then + 52+49+55+58+54+51+45 = 604
    "cities/school-gates.household-signups": (F(240, 700), F(604, 700)),
    # x2: 310 to 620; 340, then 527
    "cities/school-gates.test-ride-bookings": (F(340 - 310, 310), F(527 - 310, 310)),
    # 4 to 20: 10, then 22 on 6 November: beyond the goal
    "cities/school-gates.partner-schools": (F(10 - 4, 16), F(22 - 4, 16)),
    # guardrail, at most 5 %: 5.8 % on 11 September, 3.9 % in the end
    "cities/school-gates.early-cancellations": (F(0), F(1)),
    "cities/building-sites.trade-signups": (F(60, 200), F(146, 200)),
    # +20 from 65: 70, then 79
    "cities/building-sites.demo-dealers": (F(70 - 65, 20), F(79 - 65, 20)),
    # at least 4.5: 4.3, then exactly 4.5
    "cities/building-sites.first-month-rating": (F(0), F(1)),
    # 52 % to 76 %: 58 %, then 70 %
    "app/self-service.self-booked": (F(58 - 52, 24), F(70 - 52, 24)),
    # -30 % of 6 % is 4.2 %, a way of 1.8 down: 5.4 %, then 4.74 %
    "app/self-service.failed-bookings": (F("0.6") / F("1.8"), F("1.26") / F("1.8")),
    # done on 30 September
    "app/self-service.offline-map": (F(0), F(1)),
    "app/open-data.city-halls": (F(1, 4), F(3, 4)),
    "app/open-data.data-requests": (F(3 - 2, 10), F(5 - 2, 10)),
    # held, fortnights from 1 August: out, in, in; then in, in (first of the next one's two), out, in (the short one)
    "workshop/same-day.same-day-share": (F(2, 3), F(5, 7)),
    # -4pp from 12 %: 11 %, then 8 %
    "workshop/same-day.repeat-repairs": (F(12 - 11, 4), F(12 - 8, 4)),
    # between 92 and 97: 91, then exactly 97
    "workshop/same-day.parts-on-hand": (F(0), F(1)),
    # milestones of weight 3, 2, 1: the first, then the first two
    "workshop/same-day.vans": (F(3, 6), F(5, 6)),
}

Q3_OBJECTIVES: dict[str, tuple[F, F]] = {
    "company/everyday": ((F(50, 160) + F(300, 900) + F(2, 12)) / 3, (F(112, 160) + F(750, 900) + F(6, 12)) / 3),
    "company/no-lost-day": ((1 + 1 + F(6, 10)) / 3, (F(2, 3) + 0 + F(8, 10)) / 3),
    # the guardrail stays out; 22 of 16 counts 1
    "cities/school-gates": ((F(240, 700) + F(30, 310) + F(6, 16)) / 3, (F(604, 700) + F(217, 310) + 1) / 3),
    "cities/building-sites": ((F(60, 200) + F(5, 20) + 0) / 3, (F(146, 200) + F(14, 20) + 1) / 3),
    # `first-booking` has no grade before October and counts 0; then 0.7
    "app/self-service": ((F(6, 24) + F(1, 3) + 0 + 0) / 4, (F(18, 24) + F(7, 10) + F(7, 10) + 1) / 4),
    # 0.525 in the end, but 0.6 by hand from 3 November on
    "app/open-data": ((F(1, 4) + F(1, 10)) / 2, F(6, 10)),
    # weights 3, 2, 1, 2
    "workshop/same-day": (
        (3 * F(2, 3) + 2 * F(1, 4) + 1 * 0 + 2 * F(3, 6)) / 8,
        (3 * F(5, 7) + 2 * 1 + 1 * 1 + 2 * F(5, 6)) / 8,
    ),
}

Q3_TEAMS: dict[str, tuple[F, F]] = {
    "company": (
        (Q3_OBJECTIVES["company/everyday"][0] + Q3_OBJECTIVES["company/no-lost-day"][0]) / 2,  # 0.57
        (F(61, 90) + F(22, 45)) / 2,  # 0.58
    ),
    # weights 2 and 1
    "cities": (
        (2 * Q3_OBJECTIVES["cities/school-gates"][0] + Q3_OBJECTIVES["cities/building-sites"][0]) / 3,
        (2 * F(299, 350) + F(81, 100)) / 3,  # 0.84
    ),
    "app": ((F(7, 48) + F(175, 1000)) / 2, (F(7875, 10000) + F(6, 10)) / 2),  # 0.16, 0.69
    # `second-life` stood at 0.1 before it was given up on 21 September: (4/40 + 3/30) / 2
    "workshop": ((F(7, 16) + F(1, 10)) / 2, F(143, 168)),  # 0.27, 0.85
}


@pytest.mark.parametrize(("side", "day"), list(enumerate([Q3_MID, Q3_OVER])))
def test_the_closed_quarter_of_the_company(score: Score, side: int, day: str) -> None:
    card = score("company", "FY27-Q3", day)
    expected = {name: pair[side] for name, pair in Q3_PROGRESS.items()}
    shown = key_results(card)
    assert wrong(((name, shown[name]["progress"]) for name in expected), expected) == {}
    scores = {name: min(max(value, F(0)), F(1)) for name, value in expected.items()}
    assert wrong(((name, shown[name]["score"]) for name in scores), scores) == {}
    expected = {name: pair[side] for name, pair in Q3_OBJECTIVES.items()}
    assert wrong(((name, objectives(card)[name]["score"]) for name in expected), expected) == {}
    expected = {name: pair[side] for name, pair in Q3_TEAMS.items()}
    assert wrong(((team["team"], team["score"]) for team in card["teams"]), expected) == {}
    assert same(card["score"], sum(expected.values(), F(0)) / 4)


def test_the_closed_quarter_of_the_company_in_two_places(score: Score) -> None:
    # (0.5833 + 0.8395 + 0.6938 + 0.8512) / 4
    assert round(float(score("company", "FY27-Q3", Q3_OVER)["score"]), 2) == 0.74


def test_what_has_no_grade_yet_counts_nothing_and_is_not_measured(score: Score) -> None:
    before = key_results(score("company", "FY27-Q3", Q3_MID))["app/self-service.first-booking"]
    assert (before["value"], before["progress"], before["score"]) == (None, None, None)
    assert (before["measured"], before["counted"]) == (False, True)
    after = key_results(score("company", "FY27-Q3", Q3_OVER))["app/self-service.first-booking"]
    assert same(after["progress"], F(7, 10))
    assert (after["measured"], after["counted"]) == (True, True)


def test_measured_counts_active_key_results_without_guardrails(score: Score) -> None:
    def counts(day: str) -> dict[str, tuple[int, int]]:
        card = score("company", "FY27-Q3", day)
        teams = {team["team"]: (team["measured"], team["key_results"]) for team in card["teams"]}
        return teams | {"all": (card["measured"], card["key_results"])}

    # app: 4 + 2, one of them without a grade; workshop: 4 + 2 with `second-life`, 4 without
    assert counts(Q3_MID) == {"company": (6, 6), "cities": (6, 6), "app": (5, 6), "workshop": (6, 6), "all": (23, 24)}
    assert counts(Q3_OVER) == {"company": (6, 6), "cities": (6, 6), "app": (6, 6), "workshop": (4, 4), "all": (22, 22)}


def test_a_score_by_hand_replaces_the_computed_one_from_its_day_on(score: Score) -> None:
    before = objectives(score("company", "FY27-Q3", "2026-11-02"))["app/open-data"]
    after = objectives(score("company", "FY27-Q3", "2026-11-03"))["app/open-data"]
    assert same(before["score"], (F(3, 4) + F(3, 10)) / 2)
    assert not before["by_hand"]
    assert same(after["computed"], F(525, 1000))
    assert same(after["score"], F(6, 10))
    assert after["by_hand"]


def test_a_deprioritized_objective_leaves_the_score_and_stays_in_the_table(score: Score) -> None:
    before = objectives(score("company", "FY27-Q3", Q3_MID))["workshop/second-life"]
    assert same(before["score"], (F(4, 40) + F(3, 30)) / 2)
    assert "workshop/second-life" in objectives(score("company", "FY27-Q3", Q3_OVER))


def test_bands_and_verdicts_after_the_close(score: Score) -> None:
    card = score("company", "FY27-Q3", Q3_OVER)
    assert card["period"] == {"id": "FY27-Q3", "start": "2026-08-01", "end": "2026-10-31", "state": "over"}
    assert {name: objectives(card)[name]["band"] for name in Q3_OBJECTIVES} == {
        "company/everyday": "yellow",  # 0.68
        "company/no-lost-day": "yellow",  # 0.49
        "cities/school-gates": "green",  # 0.85
        "cities/building-sites": "green",  # 0.81
        "app/self-service": "green",  # 0.79
        "app/open-data": "yellow",  # 0.60
        "workshop/same-day": "green",  # 0.85
    }
    verdicts = {name: each["verdict"] for name, each in objectives(card).items()}
    assert [verdicts[name] for name in ("cities/school-gates", "workshop/same-day")] == ["succeeded", "missed"]
    bands = {team["team"]: team["band"] for team in card["teams"]}
    assert bands == {"company": "yellow", "cities": "green", "app": "yellow", "workshop": "green"}
    assert card["band"] == "green"  # 0.742


def test_a_broken_guardrail_leaves_the_score_alone(score: Score) -> None:
    card = score("company", "FY27-Q3", Q3_MID)
    guardrail = key_results(card)["cities/school-gates.early-cancellations"]
    assert (guardrail["guardrail"], guardrail["broken"], guardrail["counted"]) == (True, True, False)
    assert same(objectives(card)["cities/school-gates"]["score"], Q3_OBJECTIVES["cities/school-gates"][0])
    mended = key_results(score("company", "FY27-Q3", Q3_OVER))["cities/school-gates.early-cancellations"]
    assert mended["broken"] is False


def test_pace_statuses_in_the_closed_quarter(score: Score) -> None:
    over = objectives(score("company", "FY27-Q3", Q3_OVER))
    assert {name: over[name]["status"] for name in Q3_OBJECTIVES} == {
        "company/everyday": "missed",  # 0.68 of 0.7
        "company/no-lost-day": "missed",  # committed, 0.49
        "cities/school-gates": "succeeded",
        "cities/building-sites": "succeeded",
        "app/self-service": "succeeded",
        "app/open-data": "missed",  # 0.60 by hand
        "workshop/same-day": "missed",  # committed, 0.85
    }
    assert over["workshop/second-life"]["status"] is None
    # the guardrail is broken
    assert objectives(score("company", "FY27-Q3", Q3_MID))["cities/school-gates"]["status"] == "at risk"


def test_pace_expected_in_the_closed_quarter(score: Score) -> None:
    shown = key_results(score("company", "FY27-Q3", Q3_MID))
    # 45 of 91 days
    assert same(shown["company/everyday.car-free"]["expected"], F(45, 91))
    # the plan: 14 of the 30 days from 1 September (6) to 1 October (14), of a way from 4 to 20
    assert same(shown["cities/school-gates.partner-schools"]["expected"], (6 + F(14, 30) * (14 - 6) - 4) / 16)
    # a limit expects nothing that could be said as a share; something to be done only after its day
    assert shown["company/no-lost-day.outage-hours"]["expected"] is None
    assert same(shown["app/self-service.offline-map"]["expected"], 0)


# The company's running quarter, FY27-Q4: 1 November 2026 to 31 January 2027, 91 days from the first to the last.

Q4_EARLY, Q4_NOW = "2026-11-10", "2026-11-22"

Q4_PROGRESS: dict[str, tuple[F, F]] = {
    # 46 % to 65 %: 47 %, then 51 %
    "company/winter.winter-riders": (F(1, 19), F(5, 19)),
    # -7pp from 19 %: 18.3 %, then 17.25 %
    "company/winter.winter-pauses": (F("0.7") / 7, F("1.75") / 7),
    # 38 + 20 of 800, then 120 + 60
    "company/winter.new-subscriptions": (F(38 + 20, 800), F(120 + 60, 800)),
    # the KPI stood at 26 EUR on 30 October; 25.5, then 24.8, on the way to 21
    "company/own-keep.repair-bill": (F("0.5") / 5, F("1.2") / 5),
    # 40 to 20: 38, then 35
    "company/own-keep.idle-bikes": (F(2, 20), F(5, 20)),
    # summed from a CSV file with columns named: 38 of 500, then 38 + 44 + 38
    "cities/snow.household-signups": (F(38, 500), F(120, 500)),
    # +120 from 310: 322, then 343
    "cities/snow.lit-routes": (F(12, 120), F(33, 120)),
    "cities/frost.trade-signups": (F(20, 300), F(60, 300)),
    # x2 from 150: 153, then 165
    "cities/frost.winter-kits": (F(3, 150), F(15, 150)),
    # 20 % to 60 %: 21 %, then 29 %
    "app/transparent-repairs.status-views": (F(1, 40), F(9, 40)),
    # -30 % of 80 is 56: 75 on both days
    "app/transparent-repairs.where-is-my-bike": (F(5, 24), F(5, 24)),
    "app/transparent-repairs.self-pickup": (F(0), F(0)),
    # 9 to 4 days: 8.9, then 8.5
    "workshop/winter-ready.parts-delivery": (F("0.1") / 5, F("0.5") / 5),
    # held, weeks: the first out, the second still without a reading; then out, in, in
    "workshop/winter-ready.parts-on-hand": (F(0, 1), F(2, 3)),
    # milestones of weight 3, 2, 1: the first was done on 12 November
    "workshop/winter-ready.winter-check": (F(0), F(3, 6)),
    # mean of the readings, 3.4 to 4.2: 3.5, then (3.5 + 3.7) / 2 = 3.6
    "workshop/craft.mood": (F("0.1") / F("0.8"), F("0.2") / F("0.8")),
}

Q4_OBJECTIVES: dict[str, tuple[F, F]] = {
    "company/winter": ((F(1, 19) + F(1, 10) + F(58, 800)) / 3, (F(5, 19) + F(1, 4) + F(180, 800)) / 3),
    "company/own-keep": ((F(1, 10) + F(1, 10)) / 2, (F(24, 100) + F(25, 100)) / 2),
    "cities/snow": ((F(38, 500) + F(12, 120)) / 2, (F(120, 500) + F(33, 120)) / 2),
    "cities/frost": ((F(20, 300) + F(3, 150)) / 2, (F(60, 300) + F(15, 150)) / 2),
    # `arrival-time` has no grade on the 10th and counts 0; then 0.6, which reaches the step 0.5
    "app/transparent-repairs": ((F(1, 40) + F(5, 24) + 0 + 0) / 4, (F(9, 40) + F(5, 24) + F(1, 2) + 0) / 4),
    "workshop/winter-ready": ((F(2, 100) + 0 + 0) / 3, (F(10, 100) + F(2, 3) + F(1, 2)) / 3),
    # `apprentices` has no agreed goal yet (TBD) and counts 0
    "workshop/craft": ((F(1, 8) + 0) / 2, (F(1, 4) + 0) / 2),
}

# Given up on 16 November: 8 of 100 and 3 of 30 before. Joined on the same day: 12 of 200 and 1.5 of 30 since.
ICY_STREETS = (F(8, 100) + F(3, 30)) / 2
EARLY_WARNING = (F(12, 200) + F("1.5") / 30) / 2

Q4_TEAMS: dict[str, tuple[F, F]] = {
    "company": both_days(
        lambda day: (Q4_OBJECTIVES["company/winter"][day] + Q4_OBJECTIVES["company/own-keep"][day]) / 2
    ),
    # weights 2 and 1
    "cities": both_days(lambda day: (2 * Q4_OBJECTIVES["cities/snow"][day] + Q4_OBJECTIVES["cities/frost"][day]) / 3),
    "app": (
        (Q4_OBJECTIVES["app/transparent-repairs"][0] + ICY_STREETS) / 2,
        (Q4_OBJECTIVES["app/transparent-repairs"][1] + EARLY_WARNING) / 2,
    ),
    "workshop": ((F(2, 300) + F(1, 16)) / 2, (F(19, 45) + F(1, 8)) / 2),
}


@pytest.mark.parametrize(("side", "day"), list(enumerate([Q4_EARLY, Q4_NOW])))
def test_the_running_quarter_of_the_company(score: Score, side: int, day: str) -> None:
    card = score("company", "FY27-Q4", day)
    shown = key_results(card)
    expected = {name: pair[side] for name, pair in Q4_PROGRESS.items()}
    assert wrong(((name, shown[name]["progress"]) for name in expected), expected) == {}
    expected = {name: pair[side] for name, pair in Q4_OBJECTIVES.items()}
    assert wrong(((name, objectives(card)[name]["score"]) for name in expected), expected) == {}
    expected = {name: pair[side] for name, pair in Q4_TEAMS.items()}
    assert wrong(((team["team"], team["score"]) for team in card["teams"]), expected) == {}
    assert same(card["score"], sum(expected.values(), F(0)) / 4)
    assert card["period"]["state"] == "running"


def test_a_grade_between_two_steps_reaches_the_lower_one(score: Score) -> None:
    shown = key_results(score("company", "FY27-Q4", Q4_NOW))["app/transparent-repairs.arrival-time"]
    assert same(shown["progress"], F(1, 2))


def test_an_objective_that_joined_late_did_not_exist_before(score: Score) -> None:
    early, now = (objectives(score("company", "FY27-Q4", day)) for day in (Q4_EARLY, Q4_NOW))
    assert "app/early-warning" not in early
    assert same(now["app/early-warning"]["score"], EARLY_WARNING)
    assert same(early["app/icy-streets"]["score"], ICY_STREETS)
    assert (early["app/icy-streets"]["state"], now["app/icy-streets"]["state"]) == ("active", "deprioritized")


def test_measured_in_the_running_quarter(score: Score) -> None:
    cards = [score("company", "FY27-Q4", day) for day in (Q4_EARLY, Q4_NOW)]
    # 10th: company 5/5, cities 4/4, app 3/4 + 2/2, workshop 3/3 + 1/2; 22nd: app 4/4 + 2/2
    assert [(card["measured"], card["key_results"]) for card in cards] == [(18, 20), (19, 20)]


def test_pace_expected_and_projected_in_the_running_quarter(score: Score) -> None:
    shown = key_results(score("company", "FY27-Q4", Q4_NOW))
    assert same(shown["cities/frost.winter-kits"]["expected"], F(21, 91))
    # due on 15 December: 21 of 44 days
    assert same(shown["workshop/winter-ready.parts-delivery"]["expected"], F(21, 44))
    # joined on 16 November: 6 of the 76 days that remained
    assert same(shown["app/early-warning.damage-reports"]["expected"], F(6, 76))
    # Three readings make three steps: too few for a range.
    assert shown["company/winter.winter-riders"]["projected"] is None


def test_pace_statuses_in_the_running_quarter(score: Score) -> None:
    card = score("company", "FY27-Q4", Q4_NOW)
    shown = {name: each["status"] for name, each in key_results(card).items()}
    remarkable = {name: status for name, status in shown.items() if status != "on track" and status is not None}
    assert remarkable == {
        "cities/snow.early-cancellations": "at risk",  # guardrail, 5.6 % where 5 % is the limit
        "cities/frost.winter-kits": "behind",  # 10 % where 23 % would be due
        "app/transparent-repairs.where-is-my-bike": "stale",  # weekly; 13 days are more than 10.5
        "app/early-warning.damage-reports": "starting",  # joined six days ago
        "app/early-warning.preventive-repairs": "starting",
        "workshop/winter-ready.parts-delivery": "at risk",  # 10 % where 48 % would be due
        "workshop/craft.apprentices": "no data",  # TBD
    }
    decided = {name: (each["status"], each["decided_by"]) for name, each in objectives(card).items()}
    assert decided["cities/snow"] == ("at risk", "early-cancellations")
    assert decided["cities/frost"] == ("behind", "winter-kits")
    assert decided["app/transparent-repairs"] == ("stale", "where-is-my-bike")
    assert decided["workshop/winter-ready"] == ("at risk", "parts-delivery")
    assert decided["workshop/craft"] == ("no data", "apprentices")
    assert decided["company/winter"][0] == "on track"


@pytest.mark.skipif("status" not in COMMANDS, reason="needs `okrctl status`")
def test_status_finds_what_the_readme_names() -> None:
    done = _run("company", "status", "--as-of", Q4_NOW, "--format", "json")
    named = " ".join(each["ref"] for each in done.json["attention"])
    for expected in (
        "cities/frost.winter-kits",
        "workshop/winter-ready.parts-delivery",
        "app/transparent-repairs.where-is-my-bike",
        "cities/snow.early-cancellations",
        "monthly-cancellations",
        "charging-failures",
    ):
        assert expected in named


# The OKRs of the two articles, 2026-Q2: 1 April to 30 June 2026.

ARTICLES_MID, ARTICLES_END = "2026-05-15", "2026-06-30"

ARTICLES_PROGRESS: dict[str, tuple[F, F]] = {
    "trust/supply-chain.tracking-codes": (F(9000, 25000), F(20000, 25000)),
    # 72 % to 95 %: 81.2 %, then 88.1 %
    "trust/supply-chain.supplier-profiles": (F("9.2") / 23, F("16.1") / 23),
    # -7 % of 4 % is 3.72 %, a way of 0.28 down: 3.86 %, then 3.72 %
    "trust/supply-chain.wrong-codes": (F("0.14") / F("0.28"), F(1)),
    # at least 98 %: 96.4 %, then exactly 98 %
    "trust/supply-chain.matching-rate": (F(0), F(1)),
    # 640 + 410 of 3000; then + 450 + 480 + 420 on the last day
    "marketing/demo-signups.signups": (F(1050, 3000), F(2400, 3000)),
    "marketing/demo-signups.attended": (F(5, 20), F(16, 20)),
    # guardrail, at most 20 %: 22 % that day, 18 % later
    "marketing/demo-signups.unfit": (F(0), F(1)),
    "sales/sales-machine.good-prospects": (F(5, 20), F(11, 20)),
    # held by month, all within two days: April not, May without a reading yet; then May and June
    "sales/sales-machine.followed-up": (F(0, 1), F(2, 3)),
    # at most 4, summed: 3, then exactly 4
    "product/trusted-releases.breaking-changes": (F(1), F(1)),
    # done on 17 June
    "product/trusted-releases.high-value-feature": (F(0), F(1)),
    # 30 % to 50 %: 33 %, then 52 %
    "product/trusted-releases.early-updates": (F(3, 20), F(22, 20)),
}

ARTICLES_OBJECTIVES: dict[str, tuple[F, F]] = {
    "trust/supply-chain": (
        (F(36, 100) + F(4, 10) + F(1, 2) + 0) / 4,  # 0.315
        (F(8, 10) + F(7, 10) + 1 + 1) / 4,  # 0.875
    ),
    "marketing/demo-signups": ((F(35, 100) + F(25, 100)) / 2, (F(8, 10) + F(8, 10)) / 2),
    "sales/sales-machine": ((F(25, 100) + 0) / 2, (F(55, 100) + F(2, 3)) / 2),
    "product/trusted-releases": ((1 + 0 + F(15, 100)) / 3, F(1 + 1 + 1, 3)),
}


@pytest.mark.parametrize(("side", "day"), list(enumerate([ARTICLES_MID, ARTICLES_END])))
def test_the_okrs_of_the_articles(score: Score, side: int, day: str) -> None:
    card = score("articles", "2026-Q2", day)
    shown = key_results(card)
    expected = {name: pair[side] for name, pair in ARTICLES_PROGRESS.items()}
    assert wrong(((name, each["progress"]) for name, each in shown.items()), expected) == {}
    expected = {name: pair[side] for name, pair in ARTICLES_OBJECTIVES.items()}
    assert wrong(((name, each["score"]) for name, each in objectives(card).items()), expected) == {}
    # one objective a team: the team's score is its objective's, the period's the plain mean of the four
    assert wrong(((f"{t['team']}/{t['objectives'][0]['id']}", t["score"]) for t in card["teams"]), expected) == {}
    assert same(card["score"], sum(expected.values(), F(0)) / 4)
    assert (card["measured"], card["key_results"]) == (11, 11)
    assert shown["marketing/demo-signups.unfit"]["broken"] is (side == 0)


def test_the_measures_of_the_articles(score: Score) -> None:
    shown = key_results(score("articles", "2026-Q2", ARTICLES_END))
    wrong_codes = shown["trust/supply-chain.wrong-codes"]
    assert wrong_codes["measure"] == "change"
    assert same(wrong_codes["from"], 4)
    assert same(wrong_codes["to"], F("3.72"))
    matching = shown["trust/supply-chain.matching-rate"]
    assert (matching["measure"], matching["at_least"], matching["at_most"]) == ("limit", 98, None)
    assert shown["product/trusted-releases.high-value-feature"]["measure"] == "done"
    early = shown["product/trusted-releases.early-updates"]
    assert same(early["progress"], F(11, 10))
    assert same(early["score"], 1)


def test_verdicts_of_the_articles_after_the_close(score: Score) -> None:
    shown = objectives(score("articles", "2026-Q2", "2026-07-10"))
    assert {name: each["band"] for name, each in shown.items()} == {
        "trust/supply-chain": "green",
        "marketing/demo-signups": "green",
        "sales/sales-machine": "yellow",
        "product/trusted-releases": "green",
    }
    assert shown["product/trusted-releases"]["verdict"] == "met"
    assert shown["trust/supply-chain"]["verdict"] == "succeeded"


def test_pace_statuses_of_the_articles_after_the_close(score: Score) -> None:
    shown = objectives(score("articles", "2026-Q2", "2026-07-10"))
    assert {name: each["status"] for name, each in shown.items()} == {
        "trust/supply-chain": "succeeded",
        "marketing/demo-signups": "succeeded",
        "sales/sales-machine": "missed",
        "product/trusted-releases": "achieved",
    }


# The success formula: 52 weeks, one quarter after the other.


def weeks() -> dict[str, dict[str, F]]:
    """The weekly figures of the success formula by their day."""
    with (EXAMPLES / "success-formula/data/weeks.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return {row.pop("week"): {name: F(figure) for name, figure in row.items()} for row in rows}


def turnover(week: dict[str, F]) -> F:
    return week["visitors"] * week["selection"] * week["attractiveness"] / 100 * week["purchasing_power"]


def costs(week: dict[str, F]) -> F:
    return week["communication"] + week["production"] + week["logistics"]


def test_the_figures_in_the_readme_follow_from_the_weeks() -> None:
    known = weeks()
    assert len(known) == 52
    worked_out = {
        "2026-03-27": (76800, 52600),  # 24000 x 3.2 x 0.025 x 40; 15000 + 30400 + 7200
        "2026-06-26": (85172, 56900),  # 21400 x 4 x 0.025 x 39.8; 15000 + 33880 + 8020
        "2026-09-25": (96000, 62000),  # 24000 x 4 x 0.025 x 40; 15000 + 38000 + 9000
        "2026-11-20": (82000, 60500),  # 25000 x 4 x 0.020 x 41; 16000 + 34000 + 10500
    }
    for day, (earned, spent) in worked_out.items():
        assert turnover(known[day]) == earned
        assert costs(known[day]) == spent
    logistics = [week["logistics"] for week in known.values()]
    assert logistics[-4:] == [9400, 9600, 10000, 10500]


def test_the_scores_of_the_success_formula(score: Score) -> None:
    shown = {
        name: objective["score"]
        for period in ("2026-Q2", "2026-Q3")
        for name, objective in objectives(score("success-formula", period, TODAY)).items()
    }
    expected = {
        "shop/finding": (F(64 - 40, 30) + F(520 - 120, 500)) / 2,  # (0.8 + 0.8) / 2
        "brand/word-of-mouth": (F(260 - 100, 200) + F(180 + 220 + 300, 1000)) / 2,  # (0.8 + 0.7) / 2
        "shop/true-pictures": (F(150, 500) + F(30 - 25, 10)) / 2,  # (0.3 + 0.5) / 2
        "brand/lasting-clothes": (F(60 + 100 + 140, 400) + F(13 - 5, 10)) / 2,  # (0.75 + 0.8) / 2
    }
    assert wrong(iter(shown.items()), expected) == {}


def verdicts(workspace: str, period: str) -> dict[str, str]:
    found = _run(workspace, "impact", period, "--format", "json").json["hypotheses"]
    return {f"{_short(each['ref'])} {each['kpi']}": each["verdict"] for each in found}


@pytest.mark.skipif("impact" not in COMMANDS, reason="needs `okrctl impact`")
def test_impact_of_every_closed_quarter() -> None:
    # The files reach back over one to three spans before a quarter, and it takes four to know what is usual.
    assert verdicts("success-formula", "2026-Q2") == {
        "shop/finding selection": "no verdict",
        "brand/word-of-mouth visitors": "no verdict",
    }
    assert verdicts("success-formula", "2026-Q3") == {
        "shop/true-pictures attractiveness": "untested",  # score 0.40
        "brand/lasting-clothes purchasing-power": "no verdict",
    }
    assert verdicts("company", "FY27-Q3") == {
        "company/everyday active-subscriptions": "untested",  # score 0.68
        "cities/school-gates test-rides": "no verdict",
        "app/self-service support-calls": "no verdict",
        "workshop/same-day repair-cost": "untested",  # committed, and 0.85 is not all
    }
    assert verdicts("articles", "2026-Q2") == {
        "trust/supply-chain customer-satisfaction": "no verdict",
        "marketing/demo-signups form-conversion": "no verdict",
        "sales/sales-machine mrr": "untested",  # score 0.61
    }


@pytest.mark.skipif("impact" not in COMMANDS, reason="`okrctl explain` of a KPI comes with `okrctl impact`")
def test_why_success_fell() -> None:
    arguments = ("--since", "2026-09-25", "--until", "2026-11-20", "--format", "json")
    told = _run("success-formula", "explain", "success", *arguments).json
    assert same(told["change"], 21500 - 34000)
    parts = {part["id"]: part for part in told["parts"]}
    assert {name: part["part"] for name, part in parts.items()} == {"turnover": -14000, "costs": 1500}
    within = {part["id"]: F(str(part["part"])) for one in parts.values() for part in one["parts"]}
    # With selection 4 on both days, turnover is 0.04 x visitors x attractiveness x purchasing power. Each step is taken
    # times the mean of the other two: a third for both old and both new, a sixth for each mixture.
    old, new = (24000, F("2.5"), 40), (25000, F(2), 41)

    def mean(i: int, j: int) -> F:
        return F(old[i] * old[j] + new[i] * new[j], 3) + F(old[i] * new[j] + new[i] * old[j], 6)

    expected = {
        "visitors": F(4, 100) * 1000 * mean(1, 2),  # 3643.33
        "selection": F(0),
        "attractiveness": F(4, 100) * F("-0.5") * mean(0, 2),  # -19846.67
        "purchasing-power": F(4, 100) * 1 * mean(0, 1),  # 2203.33
        "communication": F(1000),
        "production": F(-4000),
        "logistics-expenses": F(1500),
    }
    assert wrong(iter(within.items()), expected) == {}
    assert sum(list(expected.values())[:4]) == -14000


@pytest.mark.skipif("tree" not in COMMANDS, reason="needs `okrctl tree`")
def test_the_tree_of_the_success_formula() -> None:
    tree = _run("success-formula", "tree", "success", "--format", "json").json
    turnover, costs = tree["inputs"]
    assert [(one["id"], one["pull"], one["value"]) for one in (turnover, costs)] == [
        ("turnover", "up", 82000),
        ("costs", "down", 60500),
    ]
    below = {one["id"]: (one["pull"], one["better"], one["owner"]) for one in turnover["inputs"] + costs["inputs"]}
    assert below == {
        "visitors": ("up", "higher", "david"),
        "selection": ("up", "higher", "carla"),
        "attractiveness": ("up", "higher", "carla"),
        "purchasing-power": ("up", "higher", "david"),
        "communication": ("up", "lower", "david"),
        "production": ("up", "lower", "cfo"),
        "logistics-expenses": ("up", "lower", "logistics"),
    }


@pytest.mark.skipif("status" not in COMMANDS, reason="needs `okrctl status`")
def test_what_nobody_looks_after_in_the_success_formula() -> None:
    found = _run("success-formula", "status", "--as-of", TODAY, "--format", "json").json["attention"]
    kpis = {each["ref"]: (each["status"], each["why"]) for each in found if "/" not in each["ref"]}
    alarm = "2 %: below 2.1 %; below its usual limit of 2.42 %; addressed by 2026-Q4/shop/winter-wardrobe"
    assert kpis["attractiveness"] == ("alarm", alarm)
    # 20 readings before the last eight: mean 8297.5, standard deviation 452.05.
    why = "10500 EUR, above its usual limit of 9653.64 EUR; not addressed by any active objective"
    assert kpis["logistics-expenses"] == ("signal", why)
    assert [ref for ref, (status, _) in kpis.items() if status in ("alarm", "signal", "at its worst")] == [
        "attractiveness",
        "communication",
        "logistics-expenses",
    ]
