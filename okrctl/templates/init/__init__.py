"""The first files of a workspace: settings, example goals and KPIs, editor settings and pipelines."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from okrctl import __version__
from okrctl.files import SCHEMA_FOLDER
from okrctl.schema.settings import MONTHS
from okrctl.templates import fill_template, read_template
from okrctl.values import period
from okrctl.values.dates import days_after
from okrctl.values.errors import OkrctlError
from okrctl.values.period import FiscalYear, Period
from okrctl.yaml_edit import scalars

LAST_DAYS = 14  # so many days before the end of a quarter, a new workspace starts with the next quarter
Pipeline = Literal["github", "gitlab"]
EDITOR_PATHS = (".vscode/settings.json", ".vscode/extensions.json")
PIPELINE_PATHS: Mapping[Pipeline, str] = {"github": ".github/workflows/okr.yml", "gitlab": ".gitlab-ci.yml"}
MERGE_PATH = ".github/workflows/okr-merge.yml"  # GitLab has one file for all jobs
REFRESH_PATH = ".github/workflows/okr-refresh.yml"
_FISCAL_YEAR_LINE = "fiscal_year: {starts: <month>}\n"


@dataclass(frozen=True, slots=True)
class InitOptions:
    """The organisation, its first team, and the month in which its fiscal year starts."""

    organisation: str
    team: str
    team_name: str
    month: str = "january"

    @property
    def fiscal(self) -> FiscalYear:
        """The fiscal year that starts in that month."""
        return FiscalYear(MONTHS.index(self.month) + 1)


def first_period(fiscal: FiscalYear, today: date) -> Period:
    """The quarter of today; in its last two weeks the next one. Raises OkrctlError where none has a name."""
    soon = days_after(today, LAST_DAYS + 1)
    quarters = _quarters(fiscal, today.year)
    found = [quarter for quarter in quarters if quarter.runs_on(today) or quarter.runs_on(soon)]
    if not found:
        month = MONTHS[fiscal.start_month - 1].capitalize()
        raise OkrctlError(
            f"{today} has no quarter name in a fiscal year that starts in {month}",
            "fiscal years that start in a month other than January are 2000 to 2099",
        )
    return found[-1]


def _quarters(fiscal: FiscalYear, year: int) -> list[Period]:
    """The quarters of three fiscal years that have a name, oldest first."""
    numbers = range(max(year - 1, 0), min(year + 2, 10_000))
    years = (f"{number:04}" if fiscal.start_month == 1 else f"FY{number % 100:02}" for number in numbers)
    quarters = (period.parse_or_none(f"{name}-Q{number}", fiscal) for name in years for number in (1, 2, 3, 4))
    return [quarter for quarter in quarters if quarter is not None]


def workspace_files(options: InitOptions, today: date) -> dict[str, str]:
    """The first files of a workspace by path: the settings, one file of goals, one of KPIs."""
    quarter = first_period(options.fiscal, today)
    values = {
        "schemas": SCHEMA_FOLDER,
        "organisation": scalars.format_scalar(scalars.Prose(options.organisation), flow=False),
        "month": options.month,
        "team": options.team,
        "team-name": scalars.format_scalar(scalars.Prose(options.team_name), flow=True),
        "period": quarter.id,
        "start": str(quarter.start),
        "end": str(quarter.end),
    }
    settings = read_template("init/okrctl.yaml")
    if options.month == "january":  # the default
        settings = settings.replace(_FISCAL_YEAR_LINE, "")
    return {
        "okrctl.yaml": fill_template(settings, values),
        f"okrs/{quarter.id}/{options.team}.yaml": fill_template(read_template("init/goals.yaml"), values),
        "kpis/company.yaml": fill_template(read_template("init/kpis.yaml"), values),
    }


def schema_files(texts: Mapping[str, str]) -> dict[str, str]:
    """The schemas (`config`, `okr`, `kpi`) as files of the workspace, so that editors need no network."""
    return {f"{SCHEMA_FOLDER}/{name}.schema.json": text for name, text in texts.items()}


def editor_files() -> dict[str, str]:
    """Settings of the YAML language server, for files without a `yaml-language-server` line."""
    texts = (read_template(f"init/vscode-{name}.json") for name in ("settings", "extensions"))
    return {
        path: fill_template(text, {"schemas": SCHEMA_FOLDER}) for path, text in zip(EDITOR_PATHS, texts, strict=True)
    }


def pipeline_files(pipeline: Pipeline, has_refresh: bool = False) -> dict[str, str]:
    """The pipeline that runs `okrctl check` on every change, and the job that merges main into conflicting branches.

    With `has_refresh` also the job that fetches readings on a schedule and proposes them.
    """
    texts = {PIPELINE_PATHS[pipeline]: read_template(f"init/{pipeline}.yml")}
    if pipeline == "github":
        texts[MERGE_PATH] = read_template("init/github-merge.yml")
    if has_refresh and pipeline == "github":
        texts[REFRESH_PATH] = read_template("init/github-refresh.yml")
    elif has_refresh:
        texts[PIPELINE_PATHS[pipeline]] += read_template("init/gitlab-refresh.yml")
    return {path: fill_template(text, {"versions": compatible_versions(__version__)}) for path, text in texts.items()}


def compatible_versions(version: str) -> str:
    """The versions from this one up to the next that may need changes: in 0.x the second number tells of these."""
    major, minor = map(int, version.split(".")[:2])
    return f">={version},<{f'0.{minor + 1}' if major == 0 else major + 1}"


def hook_files() -> dict[str, str]:
    """The pre-commit configuration that runs `okrctl check` before every commit."""
    return {".pre-commit-config.yaml": read_template("init/pre-commit.yaml")}
