"""What has no place of its own in our files is kept with a remark, or listed with its reason; no key result is lost."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.running import Result, run, write

HEADER = "ID,Type,Parent,Title,Start,Target,Current\n"


def imported(root: Path, name: str, text: str, *arguments: str) -> Result:
    write(root, {name: text})
    result = run("import", name, "--period", "2026-Q2", *arguments, cwd=root, today="2026-06-20")
    assert result.status == 0, result.err
    assert run("check", cwd=root, today="2026-06-20").status == 0
    again = run("import", name, "--period", "2026-Q2", *arguments, cwd=root, today="2026-06-20")
    assert "nothing to change" in again.err, again.out
    return result


def written(root: Path, team: str = "company") -> str:
    return (root / f"okrs/2026-Q2/{team}.yaml").read_text()


def test_the_priority_of_an_objective_stays_in_its_description(tmp_path: Path) -> None:
    result = imported(tmp_path, "plan.md", "## Objective: Trains run\n\nPriority: P0\n\n- KR1: Delays from 9 to 3\n")
    assert 'description: "Priority: P0"' in written(tmp_path)
    assert "plan.md:1: note: priority 'P0': objectives have no priority; kept in the description" in result.out


def test_a_second_goal_with_an_id_gets_one_from_its_title(tmp_path: Path) -> None:
    rows = "7,Objective,,Trains run,,,\n7,Objective,,Trains are clean,,,\n"
    rows += "8,Key Result,Trains run,Delays,9,3,5\n8,Key Result,Trains run,Complaints,90,30,50\n"
    result = imported(tmp_path, "plan.csv", HEADER + rows)
    text = written(tmp_path)
    assert "- id: 7\n    title: Trains run" in text and "- id: trains-are-clean\n    title: Trains are clean" in text
    assert "- id: 8\n        title: Delays" in text and "- id: complaints\n        title: Complaints" in text
    assert "plan.csv:3: note: an earlier line has the id '7'; the id is made from the title" in result.out
    assert "imported 2 of 2 objectives, 2 of 2 key results" in result.out


def test_an_id_is_not_taken_by_the_title_of_an_earlier_goal(tmp_path: Path) -> None:
    imported(tmp_path, "plan.csv", HEADER + ",Objective,,Trains,,,\ntrains,Objective,,Trains run,,,\n")
    assert "- id: trains-2\n    title: Trains\n" in written(tmp_path)
    assert "- id: trains\n    title: Trains run\n" in written(tmp_path)


def test_key_results_without_an_objective_are_those_of_one_named_after_the_file(tmp_path: Path) -> None:
    rows = "1,Key Result,,Delays,9,3,5\n2,Key Result,PROJ-9,Complaints,90,30,50\n"
    result = imported(tmp_path, "rail_plan.csv", HEADER + rows)
    assert written(tmp_path).count("- id: rail-plan\n    title: Rail plan\n") == 1
    assert 'title: Complaints\n        description: "Parent: PROJ-9"\n        from: 90\n' in written(tmp_path)
    assert "rail_plan.csv:2: note: no objective: 'Rail plan' is made from the file name" in result.out
    assert "'Complaints': the file has no row for its objective 'PROJ-9'; kept in the description" in result.out
    assert "2 of 2 key results" in result.out


def test_rows_of_two_teams_get_an_objective_each(tmp_path: Path) -> None:
    rows = "Key Result,Team,Start,Target,Current\nDelays,rail,9,3,5\nFares,bus,90,30,50\n"
    imported(tmp_path, "plan.csv", rows)
    assert "title: Delays" in written(tmp_path, "rail") and "title: Fares" in written(tmp_path, "bus")


def test_measured_rows_of_json_are_key_results(tmp_path: Path) -> None:
    imported(tmp_path, "plan.json", '[{"title": "Delays", "baseline": 9, "target": 3, "current": 5}]')
    assert "title: Plan\n    key_results:\n      - id: delays\n" in written(tmp_path)


def test_lines_that_say_key_result_need_no_objective(tmp_path: Path) -> None:
    result = imported(tmp_path, "plan.md", "KR1: Delays from 9 to 3\nKR2: Fares from 90 to 30\n")
    assert "title: Plan\n" in written(tmp_path) and "from: 90\n        to: 30\n" in written(tmp_path)
    assert "imported 1 of 1 objective, 2 of 2 key results" in result.out


def test_of_several_parents_one_is_kept_and_the_others_are_text(tmp_path: Path) -> None:
    rows = "1,Objective,,Trains run,,,\n2,Objective,,Fares are fair,,,\n"
    rows += '3,Objective,"Trains run; Fares are fair; Nobody waits",Buses wait for trains,,,\n'
    result = imported(tmp_path, "plan.csv", HEADER + rows)
    assert "parent: company/1\n" in written(tmp_path)
    assert "Parent: Fares are fair" in written(tmp_path) and "Parent: Nobody waits" in written(tmp_path)
    assert "one parent is kept, not 'Nobody waits'; kept in the description" in result.out


@pytest.mark.parametrize(
    ("start", "target", "current", "measure", "kept"),
    [
        # Of two units the first one named, target before start, is that of the key result.
        ("", "40 s", "2 min", "from: TBD\n        to: 40 s\n", "Current: 2 min"),
        ("12 h", "2 days", "3 days", "from: TBD\n", "Start: 12 h"),
        ("$4", "9 EUR", "", "from: TBD\n        to: 9 EUR\n", "Start: $4"),
        ("40%", "60", "51", 'unit: "%"\n        from: 40\n        to: 60\n', ""),
    ],
)
def test_numbers_in_another_unit_stay_text(
    tmp_path: Path, start: str, target: str, current: str, measure: str, kept: str
) -> None:
    result = imported(tmp_path, "plan.csv", HEADER + f",Key Result,,Answer time,{start},{target},{current}\n")
    assert measure in written(tmp_path) and kept in written(tmp_path)
    assert not kept or "kept in the description" in result.out
    assert "not placed:" not in result.out


def test_what_stands_beside_the_name_of_an_owner_is_listed(tmp_path: Path) -> None:
    text = (
        '{"objective": "Trains run", "owner": {"name": "Ola", "email": "ola@rail.example"}, "keyResults": ["Delays"]}'
    )
    result = imported(tmp_path, "plan.json", text)
    assert "not imported: /owner/email: 'ola@rail.example' cannot be kept beside the name" in result.out


ABOVE = "period: 2026\nobjectives:\n  - id: grow\n    title: Grow where we are liked\n    key_results:\n"
ABOVE += "      - {id: revenue, title: Yearly revenue, from: 1, to: 2}\n"
ALIGNED = "Objective,Key Result,Start,Target,Current,Aligned to\n"


@pytest.mark.parametrize(
    ("name", "parent"),
    [
        ("Grow where we are liked", "2026/company/grow"),
        ("Yearly revenue", "2026/company/grow.revenue"),
        ("company/grow", "2026/company/grow"),
        ("Objective 1: Grow where we are liked", "2026/company/grow"),
    ],
)
def test_a_parent_is_looked_up_in_the_workspace(tmp_path: Path, name: str, parent: str) -> None:
    write(tmp_path, {"okrs/2026/company.yaml": ABOVE})
    result = imported(tmp_path, "plan.csv", f"{ALIGNED}Shops love us,NPS,10,20,15,{name}\n", "--team", "shops")
    assert f"parent: {parent}\n" in written(tmp_path, "shops") and "description" not in written(tmp_path, "shops")
    assert "kept in the description" not in result.out


def test_a_parent_with_the_name_of_two_goals_stays_in_the_description(tmp_path: Path) -> None:
    other = ABOVE.replace("period: 2026", "period: 2026\nteam: shops")
    write(tmp_path, {"okrs/2026/company.yaml": ABOVE, "okrs/2026/shops.yaml": other})
    result = imported(tmp_path, "plan.csv", f"{ALIGNED}Shops love us,NPS,10,20,15,Grow where we are liked\n")
    assert 'description: "Parent: Grow where we are liked"' in written(tmp_path)
    assert "no goal of the file or the workspace is the parent" in result.out


def test_a_parent_of_another_time_is_none(tmp_path: Path) -> None:
    write(tmp_path, {"okrs/2025/company.yaml": ABOVE.replace("2026", "2025")})
    imported(tmp_path, "plan.csv", f"{ALIGNED}Shops love us,NPS,10,20,15,Grow where we are liked\n")
    assert "parent:" not in written(tmp_path)


def test_a_kpi_of_a_goal_is_one_of_the_workspace_or_stays_in_the_description(tmp_path: Path) -> None:
    write(tmp_path, {"kpis/company.yaml": "kpis:\n  - {id: churn, title: Customer churn, better: lower}\n"})
    plan = "objectives:\n  - title: Shops stay\n    kpi: Customer churn\n    key_results:\n"
    plan += "      - {title: Renewals, from: 5, to: 9, kpi: Customer churn}\n"
    plan += "  - title: Shops come\n    kpi: New shops\n    key_results: [{title: Visits, from: 1, to: 5}]\n"
    result = imported(tmp_path, "plan.yaml", plan)
    text = written(tmp_path)
    assert "title: Shops stay\n    kpis: [churn]\n" in text
    assert 'description: "KPI: Customer churn"' in text and 'description: "KPI: New shops"' in text
    assert "'New shops' is not a KPI of the workspace; kept in the description" in result.out


def test_a_value_beside_a_kind_of_number_that_it_is_not_stays_in_the_description(tmp_path: Path) -> None:
    imported(tmp_path, "plan.md", "## Objective: Trains run\n\n- KR1: Delays\n  - Baseline: many, says Ida\n")
    assert 'description: "Start: many, says Ida"' in written(tmp_path)
