"""The quick look at a file: the same for every check-in, and another wherever a goal can have changed."""

from __future__ import annotations

import pytest
from hypothesis import given

from okrctl import workspace
from okrctl.history import diff
from okrctl.history.goal_text import GoalText, look_at_goals
from okrctl.schema.settings import Config
from okrctl.workspace import Workspace
from okrctl.yaml import Source
from tests.merge.histories import Model, base_model, person_history, render

TEXT = """\
# Goals
period: 2026-Q2
team: trust
objectives:
  - id: origin
    title: Customers know where their products come from
    key_results:
      - id: codes   # the codes
        title: Codes requested
        from: 0
        to: 25000
        readings:
          2026-04-13: 1200
          2026-04-20: {value: 4100, note: "a {b}"}

          2026-04-27:
            value: 4200
            note: quiet
        plan:
          2026-05-15: 9000
      - {id: calls, title: Calls, from: 40, to: 20, readings: {2026-04-22: 25}}
      - id: flow
        title: Flow
        readings: {2026-04-13: 5}
        to: 9
"""


def look(text: str) -> GoalText:
    return look_at_goals("okrs/a.yaml", text.encode(), Config())


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("1200", "1300"),
        ("2026-04-13: 1200", "2026-04-12: 1100\n          2026-04-13: 1200"),
        ("value: 4200", "value: 4300"),
        ("note: quiet", "note: loud"),
        ("{value: 4100,", "{value: 4200, confidence: 7,"),
        ("readings: {2026-04-13: 5}", "readings: {2026-04-13: 5, 2026-04-20: 6}"),
        ("# Goals", "# The goals\n\n# of spring"),
        ("\n", "\r\n"),
    ],
)
def test_readings_and_comments_do_not_count(old: str, new: str) -> None:
    assert TEXT.replace(old, new) != TEXT and look(TEXT.replace(old, new)) == look(TEXT)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("to: 25000", "to: 20000"),
        ("2026-05-15: 9000", "2026-05-15: 8000"),
        ("from: 40, to: 20", "from: 40, to: 25"),
        ("        to: 9\n", "        to: 8\n"),
        ("readings: {2026-04-13: 5}\n        to: 9", "readings: {2026-04-13: 5}, to: 8"),
        ("2026-04-13: 1200", "2026-04-13: &x 1200"),
        ("        plan:\n", "        readings:\n"),
        ("readings: {2026-04-13: 5}", "readings: flow.csv"),
        ("title: Calls", "title: Cells"),
    ],
)
def test_everything_else_counts(old: str, new: str) -> None:
    assert TEXT.replace(old, new) != TEXT and look(TEXT.replace(old, new)).digest != look(TEXT).digest


@pytest.mark.parametrize(
    ("head", "period", "is_kpi"),
    [
        ("period: 2026-Q2", ("2026-Q2", "2026-04-01", "2026-06-30"), False),
        ('period: "2026-Q2"  # spring', ("2026-Q2", "2026-04-01", "2026-06-30"), False),
        ("period: {id: cycle-7, start: 2026-04-01, end: 2026-05-15}", ("cycle-7", "2026-04-01", "2026-05-15"), False),
        ("period: never", None, False),
        ("kpis: [{id: a, title: A, better: higher}]", None, True),
    ],
)
def test_periods(head: str, period: tuple[str, str, str] | None, is_kpi: bool) -> None:
    text = head + ("\n" if is_kpi else "\nobjectives: []\n")
    assert look(text)[1:] == (period, is_kpi)


@given(person_history("lea"))
def test_what_looks_the_same_has_the_same_goals(history: tuple[Model, str]) -> None:
    old, new = render(base_model()), render(*history)
    if look(old) == look(new):
        changes = diff.compare(read(old), read(new), readings=False)
        assert [change for change in changes if change.effect is not None] == []


def read(text: str) -> Workspace:
    file = workspace.read_file(Source("okrs/a.yaml", text), Config())
    return workspace.assemble_workspace([file], Config(), lambda path: "")
