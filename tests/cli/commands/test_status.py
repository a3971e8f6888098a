"""What needs attention: the worst first, short, with the next command."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

from okrctl import scoring
from okrctl.analysis.attention import StatusReport, attention_items
from okrctl.operations.load import load_workspace
from okrctl.operations.project import Project
from okrctl.outputs.terminal import TerminalStyle
from okrctl.outputs.views.status import StatusOptions, render
from okrctl.workspace import references
from tests.running import run, write
from tests.scoring.worlds import opened

EXAMPLE = Path(__file__).parents[3] / "examples" / "company"
TODAY = "2026-11-22"


def test_the_example_is_grouped_by_what_to_do() -> None:
    found = run("status", cwd=EXAMPLE, today=TODAY)
    said = found.out.splitlines()
    assert found.status == 0 and len(said) < 20
    assert said[0].startswith("FY27-Q4, day 22 of 92: ")
    headings = [line for line in said[1:] if line and not line.startswith(" ")]
    assert headings == ["At risk", "Behind", "Needs a reading", "Needs a decision", "KPIs"]
    assert all(" okrctl " in line for line in said[1:] if line.startswith(" "))


def test_without_a_command_a_workspace_shows_its_status() -> None:
    assert run(cwd=EXAMPLE, today=TODAY).out == run("status", cwd=EXAMPLE, today=TODAY).out


def test_the_references_in_the_commands_lead_to_the_node() -> None:
    project = Project(EXAMPLE, environment={"OKRCTL_TODAY": TODAY})
    opened = load_workspace(project)
    found = run("status", "--format", "json", cwd=EXAMPLE, today=TODAY).json
    assert list(found) == ["version", "periods", "as_of", "attention"]
    for one in found["attention"]:
        assert list(one) == ["ref", "status", "why", "next"]
        words = one["next"].split()
        if words[1] in ("show", "checkin", "amend") and "/" in one["ref"]:
            assert references.find_node(opened, words[2], project.today).ref == one["ref"]


def okr(measure: str, more: str = "") -> dict[str, str]:
    objective = f"{{id: o, title: T, owner: ada, {more}key_results: [{{id: k, title: R, {measure}}}]}}"
    return {"okrs/a.yaml": f"period: 2026-Q2\nobjectives: [{objective}]\n"}


@pytest.mark.parametrize(
    ("measure", "today", "status", "next"),
    [
        ("to: 9", "2026-05-20", "no data", "okrctl checkin k VALUE"),
        ("to: TBD", "2026-05-20", "no data", "okrctl amend k --to N --reason TEXT"),
        ("graded: true", "2026-05-20", "no data", "okrctl checkin k GRADE"),
        ("to: 9, readings: {2026-05-19: 1}", "2026-05-20", "at risk", "okrctl show k"),
        ("to: 9, readings: {2026-05-19: 4}", "2026-05-20", "due", None),
        ("to: 9, readings: {2026-04-28: 5}", "2026-05-20", "stale", "okrctl checkin k VALUE"),
        ("to: 9, readings: {2026-05-05: 5}", "2026-05-20", "due", "okrctl checkin k VALUE"),
        ("done: false, due: 2026-05-20, cadence: quarterly", "2026-05-20", "due", "okrctl checkin k done"),
        ("done: false", "2026-05-20", "due", None),
        ("at_most: 3, guards: all, readings: {2026-05-19: 4}", "2026-05-20", "at risk", "okrctl show k"),
        ("to: 9, readings: {2026-05-05: 9}", "2026-07-01", "still open", "okrctl close 2026-Q2"),
    ],
)
def test_each_item_names_its_next_command(
    tmp_path: Path, measure: str, today: str, status: str, next: str | None
) -> None:
    found = run("status", "--format", "json", cwd=write(tmp_path, okr(measure)), today=today).json["attention"]
    said = [(one["status"], one["next"]) for one in found if one["status"] == status]
    assert said == ([(status, next)] if next else [])


def test_a_period_with_all_its_outcomes_is_not_open(tmp_path: Path) -> None:
    root = write(tmp_path, okr("to: 9", "outcome: missed, "))
    out = run("status", cwd=root, today="2026-07-01").out
    assert "Nothing needs attention on 2026-07-01" in out


def test_without_a_running_period_what_is_open_stands_below_that(tmp_path: Path) -> None:
    out = run("status", cwd=write(tmp_path, okr("to: 9")), today="2026-07-01").out
    assert out.startswith("No period is running: okrctl new PERIOD starts one.\n\n") and "okrctl close" in out


def test_a_sealed_period_is_not_open(tmp_path: Path) -> None:
    root = write(tmp_path, okr("to: 9") | {"scorecards/2026-Q2.json": "{}"})
    assert run("status", "--format", "json", cwd=root, today="2026-07-01").json["attention"] == []


def test_filters_select_what_is_shown() -> None:
    found = run("status", "--team", "cities", "--format", "json", cwd=EXAMPLE, today=TODAY).json
    assert {one["ref"].split("/")[1] for one in found["attention"] if "/" in one["ref"]} == {"cities"}


@pytest.mark.parametrize(
    ("words", "status"), [(["--fail-if", "at-risk"], 1), (["--fail-if", "error"], 0), (["--fail-if", "due,stale"], 1)]
)
def test_thresholds_exit_with_1(words: list[str], status: int) -> None:
    assert run("status", *words, cwd=EXAMPLE, today=TODAY).status == status


def test_markdown_is_a_list_for_a_chat() -> None:
    out = run("status", "--format", "markdown", cwd=EXAMPLE, today=TODAY).out
    assert out.startswith("**FY27-Q4**") and out.count("\n- **") >= 5


def lines_below(screen: str) -> dict[str, list[str]]:
    """The lines of each group by its heading."""
    groups: dict[str, list[str]] = {}
    heading = ""
    for line in screen.splitlines()[1:]:
        if line and not line.startswith(" "):
            heading = line
        elif line:
            groups.setdefault(heading, []).append(line.strip())
    return groups


PEOPLE = "people: {ada: {email: ada@example.com}, ben: {email: ben@example.com}}\n"


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        ((), {"At risk": ["late", "slow"], "Needs a reading": ["unread"]}),
        (("ada",), {"Needs a reading": ["unread"], "Others": ["late", "slow"]}),
        (("nobody",), {"At risk": ["late", "slow"], "Needs a reading": ["unread"]}),
    ],
)
def test_what_is_mine_comes_first_and_the_rest_below_one_heading(
    names: tuple[str, ...], expected: dict[str, list[str]]
) -> None:
    results = ", ".join(
        [
            "{id: a, title: late, owner: ben, to: 100, readings: {2026-05-16: 1}}",
            "{id: b, title: slow, owner: ben, to: 100, readings: {2026-05-16: 2}}",
            "{id: c, title: unread, owner: ada, to: 100}",
        ]
    )
    workspace = opened(f"period: 2026-Q2\nobjectives: [{{id: o, title: O, key_results: [{results}]}}]\n", PEOPLE)
    card = scoring.build_scorecard(workspace, workspace.periods[0], date(2026, 5, 16))
    items = sorted(attention_items([card], lambda node: node.id, workspace), key=lambda item: item.sort_key)
    report = StatusReport([card], date(2026, 5, 16), items, own_names=frozenset(names))
    groups = lines_below(render(report, "table", TerminalStyle(width=80)))
    groups.pop(next((heading for heading in groups if heading.startswith("Next: ")), ""), None)
    assert {heading: [line.split()[0] for line in lines] for heading, lines in groups.items()} == expected


def test_more_than_ten_lines_are_counted() -> None:
    results = ", ".join(f"{{id: k{number}, title: R{number}, owner: ada, to: 9}}" for number in range(13))
    workspace = opened(f"period: 2026-Q2\nobjectives: [{{id: o, title: O, owner: ada, key_results: [{results}]}}]\n")
    card = scoring.build_scorecard(workspace, workspace.periods[0], date(2026, 5, 16))
    items = list(attention_items([card], lambda node: node.id, workspace))
    report = StatusReport([card], date(2026, 5, 16), items)
    short, whole = (
        render(report, "table", TerminalStyle(width=80), StatusOptions(show_all)).splitlines()
        for show_all in (False, True)
    )
    assert [line for line in short if "more" in line] == ["  and 3 more: okrctl status --all"]
    assert len([line for line in whole if line.startswith("  R")]) == 13
    assert "  R9 " in "\n".join(short) and "  R10 " not in "\n".join(short)


def _report(results: str, *names: str) -> StatusReport:
    workspace = opened(f"period: 2026-Q2\nobjectives: [{{id: o, title: O, key_results: [{results}]}}]\n", PEOPLE)
    card = scoring.build_scorecard(workspace, workspace.periods[0], date(2026, 5, 16))
    items = sorted(attention_items([card], lambda node: node.id, workspace), key=lambda item: item.sort_key)
    return StatusReport([card], date(2026, 5, 16), items, own_names=frozenset(names))


LATE = "{id: a, title: late, owner: ben, to: 100, readings: {2026-05-16: {value: 1, note: 'Rain again, nobody came'}}}"
UNREAD = "{id: c, title: unread, owner: ada, to: 100}"
UNDECIDED = "{id: d, title: undecided, owner: ben, to: TBD, readings: {2026-05-16: 1}}"


@pytest.mark.parametrize(
    ("results", "names", "commands"),
    [
        ([LATE, UNREAD, UNDECIDED], (), ["show a", "checkin --all", "amend d --to N --reason TEXT"]),
        ([LATE, UNREAD], ("ada",), ["checkin"]),
        ([UNREAD, UNDECIDED], (), ["checkin --all", "amend d --to N --reason TEXT"]),
        ([UNDECIDED], (), ["amend d --to N --reason TEXT"]),
    ],
)
def test_the_first_command_is_about_the_first_line(
    results: list[str], names: tuple[str, ...], commands: list[str]
) -> None:
    screen = render(_report(", ".join(results), *names), "table", TerminalStyle(width=80))
    assert re.findall(r"okrctl (\S.*?)(?:  .*)?\n", screen.partition("Next: ")[2]) == commands


@pytest.mark.parametrize(
    ("width", "reason"),
    [
        (100, "1 % done, 50 % expected: Rain again, nobody came"),
        (80, "1 % done, 50 % expected: Rain again, nobody came"),
        (60, "1 % done, 50 % expected: Rain again"),
        (47, "1 % done, 50 % expected"),
    ],
)
def test_a_reason_loses_whole_clauses(width: int, reason: str) -> None:
    screen = render(_report(LATE), "table", TerminalStyle(width=width))
    (line,) = (line for line in screen.splitlines() if line.startswith("  late"))
    assert line.endswith(f"  {reason}")
