"""An edit that was planned for one version of a file, made in another one."""

from __future__ import annotations

from datetime import date

import pytest

from okrctl.merge.replay import replay_change, replay_edit
from okrctl.values.errors import RefusedError
from okrctl.values.readings import CsvReadings
from okrctl.yaml_edit import AppendValue, Edit, SetValue
from okrctl.yaml_edit.plan import CsvEdit, FileChange, FileEdit

PATH = "okrs/growth.yaml"
HEAD = """\
period: 2026-Q2
team: growth
objectives:
  - id: onboarding
    title: Customers start at once
    key_results:
      - {id: calls, title: Calls, from: 90, to: 40}
      - id: signups
        title: Signups
        to: 900
        readings:
          2026-04-13: 120
"""
REORDERED = """\
period: 2026-Q2
team: growth
objectives:
  - id: new
    title: Half writ
  - id: onboarding
    title: Customers start at once
    key_results:
      - id: signups
        title: Sign
        to: 900
        readings:
          2026-04-13: 120
          2026-04-20: 150
      - {id: fresh, title: New, to: 5}
      - {id: calls, title: Calls, from: 90, to: 40}
"""
SIGNUPS = ("objectives", 1, "key_results", 0)


def replayed(*edits: Edit, text: str = HEAD) -> str:
    return replay_edit(FileEdit(PATH, REORDERED, edits), text)


def test_goals_are_found_where_they_are() -> None:
    assert replayed(SetValue((*SIGNUPS, "readings", "2026-05-04"), "200")) == HEAD + "          2026-05-04: 200\n"


def test_a_list_that_is_not_there_yet_is_made() -> None:
    calls = ("objectives", 1, "key_results", 2)
    new = replayed(SetValue((*calls, "readings", "2026-05-04"), "80"))
    assert "{id: calls, title: Calls, from: 90, to: 40, readings: {2026-05-04: 80}}" in new
    record = AppendValue(
        (*SIGNUPS, "amended"), {"date": "2026-05-04", "by": "lea", "reason": "r", "was": {"to": "900"}}
    )
    assert "amended:" in replayed(SetValue((*SIGNUPS, "to"), "500"), record)


def test_a_reading_that_is_not_committed_is_written_anew() -> None:
    new = replayed(SetValue((*SIGNUPS, "readings", "2026-04-20"), "160"))
    assert new == HEAD + "          2026-04-20: 160\n"


@pytest.mark.parametrize("written", ['"2026-04-13"', "2026-04-13"])
def test_one_day_is_one_day_however_it_is_written(written: str) -> None:
    text = HEAD.replace("2026-04-13:", f"{written}:")
    assert replayed(SetValue((*SIGNUPS, "readings", "2026-04-13"), "130"), text=text) == text.replace("120", "130")


def test_a_goal_that_is_new_is_refused() -> None:
    fresh = ("objectives", 1, "key_results", 1)
    with pytest.raises(RefusedError, match=f"{PATH} has other uncommitted changes to this goal"):
        replayed(SetValue((*fresh, "readings", "2026-05-04"), "4"))
    with pytest.raises(RefusedError):
        replayed(SetValue((*SIGNUPS, "to"), "4"), text="objectives: [\n")


def test_a_csv_gets_its_row() -> None:
    made = CsvEdit("o.csv", CsvReadings(csv="o.csv"), {date(2026, 5, 4): "9"})
    assert replay_edit(made, "date,value\n2026-04-01,5\n") == "date,value\n2026-04-01,5\n2026-05-04,9\n"
    with pytest.raises(RefusedError):
        replay_edit(made, "")


# --- a change of which only the texts are known


def test_a_change_joins_the_other_version() -> None:
    new = REORDERED.replace("from: 90, to: 40", "from: 90, to: 30")
    assert replay_change(FileChange(PATH, REORDERED, new), HEAD) == HEAD.replace("to: 40", "to: 30")
    assert replay_change(FileChange(PATH, HEAD, new), HEAD) == new
    assert replay_change(FileChange(PATH, HEAD, None), HEAD) is None
    assert replay_change(FileChange(PATH, None, new), None) == new


def test_a_change_of_what_else_changed_is_refused() -> None:
    new = REORDERED.replace("to: 900", "to: 500")
    for text in (HEAD.replace("to: 900", "to: 800"), None, "objectives: [\n"):
        with pytest.raises(RefusedError, match="other uncommitted changes"):
            replay_change(FileChange(PATH, REORDERED, new), text)
    for change in (FileChange(PATH, None, new), FileChange(PATH, REORDERED, None)):
        with pytest.raises(RefusedError):
            replay_change(change, HEAD)
