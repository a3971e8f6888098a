"""Writes the first files of a workspace: settings, goals and KPIs that teach, and what editors and pipelines want."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from okrctl.schema.settings import MONTHS
from okrctl.values import period
from okrctl.values.period import FiscalYear, Period
from okrctl.yaml_edit import scalars

SCHEMA_FOLDER = ".okrctl"
LAST_DAYS = 14  # days before a quarter's end from which on a new workspace is for the next one
Pipeline = Literal["github", "gitlab"]
EDITOR_PATHS = (".vscode/settings.json", ".vscode/extensions.json")


@dataclass(frozen=True, slots=True)
class InitOptions:
    """What a new workspace is told: whose goals, which team comes first, the month in which the fiscal year starts."""

    organisation: str
    team: str
    team_name: str
    month: str = "january"

    @property
    def fiscal(self) -> FiscalYear:
        """The fiscal year that the month means."""
        return FiscalYear(MONTHS.index(self.month) + 1)


def first_period(fiscal: FiscalYear, today: date) -> Period:
    """The quarter that runs today; in its last two weeks the next one."""
    running = next(one for one in _quarters(fiscal, today.year) if one.runs_on(today))
    return running if running.end - today > timedelta(days=LAST_DAYS) else period.next_period(running, fiscal)


def _quarters(fiscal: FiscalYear, year: int) -> list[Period]:
    names = (f"{one:04}" if fiscal.start_month == 1 else f"FY{one % 100:02}" for one in (year - 1, year))
    return [period.parse(f"{name}-Q{number}", fiscal) for name in names for number in (1, 2, 3, 4)]


def workspace_files(answers: InitOptions, today: date) -> dict[str, str]:
    """The files to begin with, by path: settings, one of goals, one of KPIs."""
    quarter = first_period(answers.fiscal, today)
    words = {"team": answers.team, "period": quarter.id, "start": quarter.start, "end": quarter.end}
    settings = SETTINGS.format(
        organisation=scalars.format_scalar(scalars.Prose(answers.organisation), flow=False),
        fiscal="" if answers.month == "january" else f"fiscal_year: {{starts: {answers.month}}}\n",
        team=answers.team,
        name=scalars.format_scalar(scalars.Prose(answers.team_name), flow=True),
        schema=SCHEMA_FOLDER,
    )
    return {
        "okrctl.yaml": settings,
        f"okrs/{quarter.id}/{answers.team}.yaml": GOALS.format(schema=f"../../{SCHEMA_FOLDER}", **words),
        "kpis/company.yaml": KPIS.format(schema=f"../{SCHEMA_FOLDER}", **words),
    }


def schema_files(texts: Mapping[str, str]) -> dict[str, str]:
    """The schemas (`config`, `okr`, `kpi`) as files of the workspace, so that editors need no network."""
    return {f"{SCHEMA_FOLDER}/{name}.schema.json": text for name, text in texts.items()}


def editor_files() -> dict[str, str]:
    """Settings for the YAML language server, where the line at the head of each file does not reach."""
    patterns = {"config": ["/okrctl.yaml"], "okr": ["/okrs/**/*.yaml", "/okrs/**/*.yml"],
                "kpi": ["/kpis/**/*.yaml", "/kpis/**/*.yml"]}  # fmt: skip
    settings = {"yaml.schemas": {f"./{SCHEMA_FOLDER}/{name}.schema.json": found for name, found in patterns.items()}}
    extensions = {"recommendations": ["redhat.vscode-yaml"]}
    texts = (json.dumps(data, indent=2) + "\n" for data in (settings, extensions))
    return dict(zip(EDITOR_PATHS, texts, strict=True))


def pipeline_files(place: Pipeline) -> dict[str, str]:
    """The file that runs `okrctl check` on every change."""
    return {".github/workflows/okr.yml": GITHUB} if place == "github" else {".gitlab-ci.yml": GITLAB}


def hook_files() -> dict[str, str]:
    """The file that runs `okrctl check` before every commit."""
    return {".pre-commit-config.yaml": PRE_COMMIT}


SETTINGS = """\
# yaml-language-server: $schema={schema}/config.schema.json
# The settings of this workspace. Every one may be left out.
organisation: {organisation}
{fiscal}teams:                           # a team that is not listed here is reported
  {team}: {{name: {name}}}
# people:                        # where people are listed, owners must be among them
#   lea: {{name: Lea, email: lea@example.org}}
"""

GOALS = """\
# yaml-language-server: $schema={schema}/okr.schema.json
#
# The goals of one team in one period. This one is an example: make it yours.
#
#   okrctl check                      says what is wrong in the files
#   okrctl checkin first-order 15%    records where a key result stands today
#   okrctl score                      shows how far each goal has come
period: {period}                  # {start} to {end}
team: {team}
objectives:
  # An objective says in words what is to become true, and for whom. No numbers, no list of tasks.
  - id: easy-start
    title: New customers find their way without asking anybody
    owner: {team:<21}  # one person, role or team
    ambition: aspirational       # a stretch, good from 0.7 on; `committed` is a promise
    why: Whoever understands us on the first day stays
    # What you believe will come of it. `okrctl impact` says at the end whether it did.
    hypothesis: {{kpi: active-customers, expect: up}}
    key_results:
      # A key result says how you will know. Most often it is the way from one number to another:
      - id: first-order
        title: New customers who place an order on their first day
        from: 12%
        to: 30%

      # ... which may go down as well, and has its own rhythm if need be:
      - id: questions
        title: Questions to support about the first steps
        from: 80
        to: 30
        unit: questions
        cadence: weekly

      # Yes or no; write the date once it is true:
      - id: guide
        title: The first page answers the five questions asked most
        done: false

      # A guardrail is watched and never averaged in: what must not break while you run.
      - id: returns
        title: First orders that come back
        at_most: 5%
        guards: all
    initiatives:
      # The work. It is shown, and never scored.
      - title: Watch five new customers take their first steps
        moves: first-order
"""

KPIS = """\
# yaml-language-server: $schema={schema}/kpi.schema.json
#
# KPIs tell how things are, from one period to the next. They have no target: objectives have.
#
#   okrctl checkin active-customers 1240    records a value
#   okrctl kpi                              shows them all with their trends
kpis:
  - id: active-customers
    title: Customers who ordered in the last month
    owner: {team}
    better: higher               # or `lower`, or a band to stay in: `between: [48, 52]`
    indicator: lagging           # it shows late what was done long ago
    unit: customers
    cadence: monthly
  - id: first-visits
    title: First visits in a week
    owner: {team}
    better: higher
    indicator: leading           # it moves first
    unit: visits
    # watch: {{below: 500}}        # an alarm, not a goal
"""

GITHUB = """\
name: okr
on:
  push:
    branches: [main]
  pull_request:
permissions:
  contents: read
jobs:
  check:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
        with:
          fetch-depth: 2         # a pull request is a merge: its first parent is what it would change
      - uses: actions/setup-python@v5
        with:
          python-version: "3.12"
      - run: pip install okrctl
      - run: okrctl check --format github
"""

GITLAB = """\
okr:
  image: python:3.12
  variables:
    GIT_DEPTH: "0"               # what a merge request would change stands in the history
  rules:
    - if: $CI_PIPELINE_SOURCE == "merge_request_event"
    - if: $CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH
  script:
    - pip install okrctl
    - okrctl check --format concise --format gitlab=gl-code-quality-report.json
  artifacts:
    when: always
    reports:
      codequality: gl-code-quality-report.json
"""

PRE_COMMIT = """\
repos:
  - repo: local
    hooks:
      - id: okrctl
        name: okrctl check
        entry: okrctl check
        language: system
        pass_filenames: false
        files: ^(okrs|kpis)/|^okrctl\\.yaml$
"""
