"""What titles and targets say, and what they only seem to say."""

from __future__ import annotations

from pathlib import Path

import pytest

from okrctl.importers.meaning import phrases
from okrctl.importers.meaning.notation import Notation
from tests.running import run, write


def test_so_many_of_as_many_is_graded_where_it_has_grades_alone(tmp_path: Path) -> None:
    header = "Objective,Key result,Baseline,Target,Final score\n"
    rows = "Paying is easy,Wallets,,8/10,0.7\nPaying is easy,Points,2/10,8/10,0.7\n"
    root = write(tmp_path, {"plan.csv": header + rows})
    result = run("import", "plan.csv", "--period", "2026-Q2", "--team", "pay", cwd=root, today="2026-07-12")
    text = next((root / "okrs").rglob("*.yaml")).read_text()
    assert "graded: true" in text and "2026-06-30: 0.7" in text and "from: 2\n" in text, result.err


@pytest.mark.parametrize(
    ("text", "title", "cells"),
    [
        ("KR1: Back, from 9% to 3% (0.5)", "Back, from 9% to 3%", {"start": "9%", "target": "3%", "score": "0.5"}),
        ("Alarms: 40 -> 10 per week, now 22", "Alarms", {"start": "40", "target": "10 per week", "current": "22"}),
        ("Guide rewritten - done", "Guide rewritten", {"status": "done"}),
        ("Approval [Target: 60%, Weight: 40%]", "Approval", {"target": "60%", "weight": "40%"}),
        ("Time to pay (target 40 s, actual 55 s)", "Time to pay", {"target": "40 s", "current": "55 s"}),
        ("Errors (baseline 9, target 3; currently 7)", "Errors", {"start": "9", "target": "3", "current": "7"}),
        ("Speed (Current 5; Target 9)", "Speed", {"current": "5", "target": "9"}),
        ("Wartezeit (Ziel 5 min, Ist 9 min)", "Wartezeit", {"target": "5 min", "current": "9 min"}),
        ("Refunds (in EUR, target 40)", "Refunds (in EUR, target 40)", {}),
        ("Offices visited (top 10)", "Offices visited (top 10)", {}),
        ("Load time | target 80 % | owner: eva", "Load time", {"target": "80 %", "owner": "eva"}),
        ("Publish 12 studies (5/12)", "Publish 12 studies", {"current": "5", "target": "12"}),
        ("From 10 to 20 users by June", "From 10 to 20 users by June", {"start": "10", "target": "20 users"}),
        ("Upgrade from version 2.0 to 2.1", "Upgrade from version 2.0 to 2.1", {}),
        ("Reduce churn from 5% by 2%", "Reduce churn from 5% by 2%", {}),
        ("Ratio 3:1 to 5:1", "Ratio 3:1 to 5:1", {}),
        ("Signups per week: 120 to 200", "Signups per week", {"start": "120", "target": "200"}),
        ("Signups: 120 to 200 (at 160 now)", "Signups", {"start": "120", "target": "200", "current": "160"}),
        ("Signups 120 → 200/wk, 160 so far", "Signups", {"start": "120", "target": "200/wk", "current": "160"}),
        ("Answer within 5 minutes today", "Answer within 5 minutes today", {}),
        ("3.5 hours to restore", "3.5 hours to restore", {}),
        ("1.2 Carts that are paid", "Carts that are paid", {}),
    ],
)
def test_a_title_and_what_it_says(text: str, title: str, cells: dict[str, str]) -> None:
    phrase = phrases.split_key_result(text)
    assert (phrase.title, phrase.cells) == (title, cells)


@pytest.mark.parametrize(
    ("text", "number", "unit", "bound"),
    [
        ("$12M", "$12M", "", ""),
        ("1 250,5", "1250.5", "", ""),
        ("1.250,00 EUR", "1250.00", "EUR", ""),
        ("< 500ms", "500", "ms", "at_most"),
        ("mindestens 5", "5", "", "at_least"),
        ("50+", "50", "", "at_least"),
        ("−3 %", "-3", "%", ""),
        ("120 days", "120", "days", ""),
        ("200/week", "200", "per week", ""),
        ("0,8", "0.8", "", ""),
    ],
)
def test_a_number_by_itself(text: str, number: str, unit: str, bound: str) -> None:
    amount = Notation().read_amount("target", text)
    assert amount is not None and (amount.number, amount.unit, amount.bound) == (number, unit, bound)


@pytest.mark.parametrize(
    "text", ["Type II", "5-8", "1:5", "Top 5", "ALL", "(100)", "60% of those who came in the first month"]
)
def test_what_is_no_number(text: str) -> None:
    assert Notation().read_amount("target", text) is None


def test_nothing_is_made_up_where_there_is_no_baseline(tmp_path: Path) -> None:
    rows = "Objective,Key Result,Start,Target,Current\nA,Time,,40 s,55 s\nA,Growth,-5%,+3%,-1%\nA,Cut,,-30%,\n"
    write(tmp_path, {"goals.csv": rows})
    assert run("import", "goals.csv", "--period", "2025-Q2", cwd=tmp_path).status == 0
    written = (tmp_path / "okrs/2025-Q2/company.yaml").read_text()
    assert "title: Time\n        from: TBD\n        to: 40 s\n" in written
    assert "title: Growth\n        from: -5%\n        to: 3%\n" in written
    assert 'title: Cut\n        from: TBD\n        to: TBD\n        description: "Target: -30%"\n' in written
    card = run("score", "2025-Q2", "--format", "json", cwd=tmp_path).json
    results = card["teams"][0]["objectives"][0]["key_results"]
    assert [(result["value"], result["score"]) for result in results[:1]] == [(55, None)]


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-04-01 00:00:00", "2026-04-01"),
        ("2026-04-01T00:00:00Z", "2026-04-01"),
        ("2026-W18", "2026-05-03"),
        ("2026-05", "2026-05-31"),
        ("30/Jun/26", "2026-06-30"),
    ],
)
def test_the_day_of_a_cell(text: str, day: str) -> None:
    assert str(Notation().read_day("date", text)) == day


def test_a_title_of_emoji_alone_stays_a_title() -> None:
    assert phrases.split_prefix("🟢").title == "🟢"


@pytest.mark.parametrize(
    ("metric", "target", "measure"),
    [
        ("min", "30", "at_least: 30\n"),
        ("min", "<30", "unit: min\n        from: 55\n        to: 30\n"),
        ("max", "30", "at_most: 30\n"),
        ("signups", "30", "unit: signups\n        from: 55\n        to: 30\n"),
    ],
)
def test_a_type_of_metric_is_no_direction_against_the_target(
    tmp_path: Path, metric: str, target: str, measure: str
) -> None:
    rows = f"Objective,Key Result,Metric type,Start,Target,Current\nA,Repairs,{metric},55,{target},39\n"
    write(tmp_path, {"goals.csv": rows})
    assert run("import", "goals.csv", "--period", "2025-Q2", cwd=tmp_path).status == 0
    assert measure in (tmp_path / "okrs/2025-Q2/company.yaml").read_text()


@pytest.mark.parametrize(
    ("text", "cells"),
    [
        ("Baseline: 22% · Target: 70% · Owner: Ola", {"start": "22%", "target": "70%", "owner": "Ola"}),
        ("Baseline: 22%", {}),
        ("Target: 70%, as Ola said", {}),
    ],
)
def test_a_line_of_several_fields(text: str, cells: dict[str, str]) -> None:
    assert phrases.split_fields(text) == cells


@pytest.mark.parametrize(
    ("text", "cells"),
    [
        ("from 18 % to 35 %, currently 24 %", {"start": "18 %", "target": "35 %", "current": "24 %"}),
        ("we go from 18 % to 35 % with Ida", {}),
        ("a remark", {}),
    ],
)
def test_a_line_that_is_a_measure_and_nothing_else(text: str, cells: dict[str, str]) -> None:
    assert phrases.split_measure(text) == cells
