"""The first files of a workspace: for the right quarter, with every name as it was given, and without a finding."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from okrctl import workspace
from okrctl.check import runner
from okrctl.check.finding import Context
from okrctl.schema.settings import MONTHS
from okrctl.templates import init
from okrctl.templates.init import InitOptions
from okrctl.yaml import Source

DAYS = st.dates(date(2001, 1, 1), date(2090, 1, 1))
NAMES = st.text(st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="\ufeff"), min_size=1, max_size=30)


def built(answers: InitOptions, today: date) -> workspace.Workspace:
    texts = init.workspace_files(answers, today)
    config, settings = workspace.read_settings(Source("okrctl.yaml", texts.pop("okrctl.yaml")))
    sources = [Source(path, text) for path, text in texts.items()]
    return workspace.build_workspace(sources, config, lambda path: pytest.fail(path), settings)


@given(DAYS, st.sampled_from(MONTHS))
def test_the_first_period_runs_or_is_about_to(today: date, month: str) -> None:
    answers = InitOptions("Acme", "trust", "Trust", month)
    [period] = built(answers, today).periods
    assert period.kind == "quarter"
    if period.start <= today:
        assert period.end - today > timedelta(days=14)
    else:
        assert period.start - today <= timedelta(days=15)


@given(NAMES.map(str.strip).filter(bool), NAMES.map(str.strip).filter(bool))
def test_names_are_read_back_as_they_were_given(organisation: str, team: str) -> None:
    opened = built(InitOptions(organisation, "trust", team), date(2026, 4, 6))
    assert opened.broken_files == []
    assert opened.config.organisation == organisation.strip()
    assert opened.config.team_name("trust") == team.strip()


@pytest.mark.parametrize("month", MONTHS)
def test_nothing_is_found_in_it(month: str) -> None:
    today = date(2026, 4, 6)
    opened = built(InitOptions("Acme", "customer-care", "Customer Care", month), today)
    assert runner.run_rules(opened, Context(opened.config, today)) == []
    assert [one.team for one in opened.objectives] == ["customer-care"]
    assert {kr.measure.name for kr in opened.key_results} == {"metric", "done", "limit"}
    assert len(opened.kpis) == 2
