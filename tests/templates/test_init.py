"""The first files of a workspace: for the right quarter, with names kept as given, without a finding, each valid."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from ruamel.yaml import YAML

import okrctl.templates
from okrctl import workspace
from okrctl.check import runner
from okrctl.check.finding import Context
from okrctl.schema.settings import MONTHS
from okrctl.templates import init
from okrctl.templates.init import InitOptions
from okrctl.yaml import Source, parse

DAYS = st.dates(date(2001, 1, 1), date(2090, 1, 1))
NAMES = st.text(st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="\ufeff"), min_size=1, max_size=30)
DATA = Path(okrctl.templates.__file__).parent / "init"


def built(options: InitOptions, today: date) -> workspace.Workspace:
    texts = init.workspace_files(options, today)
    config, settings = workspace.read_settings(Source("okrctl.yaml", texts.pop("okrctl.yaml")))
    sources = [Source(path, text) for path, text in texts.items()]
    return workspace.build_workspace(sources, config, lambda path: pytest.fail(path), settings)


@given(DAYS, st.sampled_from(MONTHS))
def test_the_first_period_is_the_current_or_the_next_quarter(today: date, month: str) -> None:
    [period] = built(InitOptions("Acme", "trust", "Trust", month), today).periods
    assert period.kind == "quarter"
    if period.start <= today:
        assert period.end - today > timedelta(days=14)
    else:
        assert period.start - today <= timedelta(days=15)


@given(NAMES.map(str.strip).filter(bool), NAMES.map(str.strip).filter(bool))
@example("<team>", "<organisation>")
def test_names_are_read_back_as_given(organisation: str, team: str) -> None:
    opened = built(InitOptions(organisation, "trust", team), date(2026, 4, 6))
    assert opened.broken_files == []
    assert opened.config.organisation == organisation.strip()
    assert opened.config.team_name("trust") == team.strip()


@pytest.mark.parametrize("month", MONTHS)
def test_a_new_workspace_has_no_finding(month: str) -> None:
    today = date(2026, 4, 6)
    opened = built(InitOptions("Acme", "customer-care", "Customer Care", month), today)
    assert runner.run_rules(opened, Context(opened.config, today)) == []
    assert [objective.team for objective in opened.objectives] == ["customer-care"]
    assert {result.measure.name for result in opened.key_results} == {"metric", "done", "limit"}
    assert len(opened.kpis) == 2


@pytest.mark.parametrize("month", MONTHS)
def test_the_fiscal_year_is_written_where_it_does_not_start_in_january(month: str) -> None:
    text = init.workspace_files(InitOptions("Acme", "trust", "Trust", month), date(2026, 4, 6))["okrctl.yaml"]
    assert ("fiscal_year" in text) == (month != "january")


@pytest.mark.parametrize("path", sorted(DATA.glob("*.y*ml")), ids=lambda path: path.name)
def test_the_data_files_are_valid_yaml(path: Path) -> None:
    text = path.read_text("utf-8")
    assert parse(Source(path.name, text)).problems == []
    assert isinstance(YAML(typ="safe", pure=True).load(text), dict)


@pytest.mark.parametrize("path", sorted(DATA.glob("*.json")), ids=lambda path: path.name)
def test_the_data_files_are_valid_json(path: Path) -> None:
    text = path.read_text("utf-8")
    assert json.dumps(json.loads(text), indent=2) + "\n" == text


def test_every_data_file_is_linted() -> None:
    assert {path.suffix for path in DATA.iterdir() if path.is_file()} == {".py", ".yaml", ".yml", ".json"}
