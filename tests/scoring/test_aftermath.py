"""The rules that look back: their pages are true, they wait for the end, and comments silence them."""

from __future__ import annotations

from datetime import date
from types import ModuleType

import pytest

from okrctl import reviewing, rules, scoring
from okrctl.diagnostic import Diagnostic
from okrctl.document import Source
from okrctl.finding import Context
from okrctl.workspace import Workspace, build, read_settings
from tests.rules.pages import example, files_of

BACKWARD = [rule for rule in rules.RULES if rule.LOOKS_AT == reviewing.LOOKS_AT]
AFTER = date(2026, 4, 10)


def opened(files: dict[str, str]) -> Workspace:
    settings = files.pop("okrctl.yaml", None)
    config, file = read_settings(Source("okrctl.yaml", settings) if settings else None)
    return build([Source(path, text) for path, text in files.items()], config, lambda path: "", file)


def reviewed(files: dict[str, str], day: date = AFTER) -> list[Diagnostic]:
    workspace = opened(files)
    cards = [scoring.scorecard(workspace, period, day) for period in workspace.periods]
    return reviewing.review(workspace, cards, Context(workspace.config, day))


def test_there_are_four() -> None:
    assert [rule.CODE for rule in BACKWARD] == ["OKR701", "OKR702", "OKR703", "OKR704"]


@pytest.mark.parametrize("rule", BACKWARD, ids=lambda rule: rule.NAME)
def test_the_page_is_true(rule: ModuleType) -> None:
    bad, good = (files_of(example(rule.__doc__ or "", which)) for which in ("Bad", "Good"))
    assert [one.code for one in reviewed(bad)] == [rule.CODE]
    assert reviewed(good) == []


@pytest.mark.parametrize("rule", BACKWARD, ids=lambda rule: rule.NAME)
def test_nothing_is_said_while_the_period_runs(rule: ModuleType) -> None:
    assert reviewed(files_of(example(rule.__doc__ or "", "Bad")), date(2026, 3, 31)) == []


@pytest.mark.parametrize("rule", BACKWARD, ids=lambda rule: rule.NAME)
def test_settings_and_comments_silence_a_rule(rule: ModuleType) -> None:
    files = files_of(example(rule.__doc__ or "", "Bad"))
    assert reviewed({**files, "okrctl.yaml": f"rules: {{{rule.NAME}: ignore}}\n"}) == []
    path = "okrs/page.yaml"
    where = "{id: fraud" if rule.NAME == "guardrail-broken" else "title: "
    lines = files[path].splitlines()
    place = next(number for number, line in enumerate(lines) if where in line)
    lines[place] += f"  # okrctl: ignore[{rule.NAME}]"
    assert reviewed({**files, path: "\n".join(lines) + "\n"}) == []


def test_a_kpi_to_be_kept_between_bounds_gets_better_by_coming_nearer() -> None:
    kpi = "kpis: [{id: load, title: Load, owner: coo, between: [48, 52], readings: {2025-12-31: 40, 2026-03-31: 60}}]\n"
    files = files_of(example(BACKWARD[2].__doc__ or "", "Bad"))
    files["okrs/page.yaml"] = files["okrs/page.yaml"].replace("satisfaction", "load")
    assert reviewed({**files, "kpis/company.yaml": kpi}) == []  # as far off as before: steady
    nearer = kpi.replace("40", "55").replace("60", "54")
    assert reviewed({**files, "kpis/company.yaml": nearer}) == []
    assert [one.code for one in reviewed({**files, "kpis/company.yaml": kpi.replace("60", "61")})] == ["OKR703"]
