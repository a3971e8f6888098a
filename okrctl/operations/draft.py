"""Inserts an objective that somebody wrote into the file of its team, and says what the rules find in it first."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import zip_longest
from typing import Any, NamedTuple

from okrctl.history.seals.store import load_seal
from okrctl.operations import check as check_operation
from okrctl.operations import new as new_operation
from okrctl.operations.apply import WriteOptions, WriteResult
from okrctl.operations.check import CheckRequest
from okrctl.operations.new import NewPeriod, NewPeriodRequest
from okrctl.operations.project import Project
from okrctl.schema.settings import COMPANY
from okrctl.templates import period as templates
from okrctl.values import period as periods
from okrctl.values import slug
from okrctl.values.diagnostic import Diagnostic
from okrctl.values.errors import ConflictError, NotFoundError, RefusedError, UsageError
from okrctl.values.patterns import Patterns
from okrctl.values.period import FiscalYear, Period, PeriodError
from okrctl.workspace import Workspace
from okrctl.yaml import Source, parse

STATE = "draft"
MAX_FOLLOWING = 100


@dataclass(frozen=True, slots=True)
class DraftRequest:
    """An objective as YAML, for a period and a team (default: the company); `is_active` where it counts at once."""

    text: str
    period: str
    team: str | None = None
    is_active: bool = False


class DraftPlaces(NamedTuple):
    """Where an objective can be drafted: the periods that run or are to come, and the teams, each with its name.

    `likely` is the period that people draft for on this day: the next one, once most of the running one is over.
    """

    periods: list[Period]
    teams: dict[str, str]
    likely: Period | None


def find_places(project: Project, workspace: Workspace) -> DraftPlaces:
    """Return the periods and teams that `draft` takes, as far as files and settings name them."""
    open_periods = [
        period for period in _periods_from(workspace, project.today) if load_seal(project.root, period.id) is None
    ]
    timely = [period for period in open_periods if not _is_mostly_over(period, project.today)]
    return DraftPlaces(open_periods, _team_names(workspace, project.today), next(iter(timely or open_periods), None))


def _periods_from(workspace: Workspace, today: date) -> list[Period]:
    """The periods that run or are to come, with the next of each; from the quarter on where no period is known."""
    fiscal = workspace.config.fiscal
    newest = max(workspace.periods, key=lambda period: period.end, default=None)
    known = [period for period in workspace.periods if period.end >= today or period is newest]
    found = {period.id: period for period in known or _quarters_around(today, fiscal)}
    for period in list(found.values()):
        found |= {each.id: found.get(each.id, each) for each in _following_period(period, today, fiscal)}
    return sorted(
        (period for period in found.values() if period.end >= today), key=lambda period: (period.start, period.end)
    )


def _following_period(period: Period, today: date, fiscal: FiscalYear) -> Iterator[Period]:
    """The periods after one, up to the first that is to come."""
    with contextlib.suppress(PeriodError):
        for _ in range(MAX_FOLLOWING):
            period = periods.next_period(period, fiscal)
            yield period
            if period.start > today:
                return


def _quarters_around(today: date, fiscal: FiscalYear) -> list[Period]:
    try:
        return [periods.period_around(today, "quarter", fiscal)]
    except OverflowError:
        return []


def _is_mostly_over(period: Period, today: date) -> bool:
    return 3 * (today - period.start).days >= 2 * period.days


def _team_names(workspace: Workspace, today: date) -> dict[str, str]:
    """The names of the teams by id, the company first, without those that have ended."""
    config = workspace.config
    teams = config.teams or {}
    ids = dict.fromkeys([COMPANY, *teams, *sorted({each.team for each in workspace.objectives})])
    return {
        id: (teams[id].name if id in teams else None) or id.capitalize()
        for id in ids
        if not config.ends_before(id, today)
    }


def planned_reference(project: Project, request: DraftRequest) -> str:
    """Return the reference that an objective gets; raises OkrctlError as `draft` does."""
    planned = _plan(project, request)
    ((team, name),) = planned.drafts
    return f"{planned.period.id}/{team}/{name}"


def draft(project: Project, request: DraftRequest, options: WriteOptions) -> WriteResult:
    """Write the objective; raises OkrctlError for what is no objective, or cannot be added to the period."""
    return new_operation.write_drafts(project, _plan(project, request), options)


def check_draft(project: Project, request: DraftRequest) -> tuple[Diagnostic, ...]:
    """Return what the rules find in an objective, as if it counted already; raises OkrctlError as `draft` does."""
    planned = _plan(project, DraftRequest(request.text, request.period, request.team, is_active=True))
    ((team, name),) = planned.drafts
    old, new = new_operation.build_texts(project, planned)
    ((path, text),) = new.items()
    request_of_check = CheckRequest(texts={str(project.root / path): text.encode()})
    report = check_operation.check(project, request_of_check).report
    ref, first = f"{planned.period.id}/{team}/{name}", _first_new_line(old[path] or "", text)
    return tuple(
        found
        for found in report.diagnostics
        if (found.ref is not None and (found.ref == ref or found.ref.startswith(f"{ref}.")))
        or (found.ref is None and report.relative_path(found.path) == path and found.span.line >= first)
    )


def _first_new_line(old: str, new: str) -> int:
    """The number of the first line that differs."""
    pairs = zip_longest(old.splitlines(), new.splitlines())
    return next((number for number, (before, after) in enumerate(pairs, 1) if before != after), 1)


def _plan(project: Project, request: DraftRequest) -> NewPeriod:
    teams = () if request.team is None else (request.team,)
    planned = new_operation.plan_period(project, NewPeriodRequest(request.period, teams))
    if planned.period.end < project.today:
        raise RefusedError(f"{planned.period.id} is over", "choose a current or future period")
    team = request.team or COMPANY
    _require_known(planned.workspace, team)
    _require_included(planned, team)
    objective = _parse_objective(request.text)
    taken = [each.id for each in planned.workspace.objectives if (each.period, each.team) == (planned.period, team)]
    name = str(objective.get("id") or slug.slugify(str(objective["title"]), taken))
    if name in taken:
        free = slug.slugify(name, taken)
        raise ConflictError(f"{planned.period.id}/{team}/{name} already exists", f"use another id, such as {free}")
    kept = {key: value for key, value in objective.items() if key not in ("id", "state")}
    state = {} if request.is_active else {"state": STATE}
    if isinstance(kept.get("key_results"), dict):  # a single one may stand for a list
        kept["key_results"] = [kept["key_results"]]
    _fill_in_ids(kept.get("key_results"))
    planned.add(team, templates.mark_texts({"id": name, **kept, **state}))
    planned.messages.append(f"drafting {planned.period.id}/{team}/{name}")
    return planned


def _require_known(workspace: Workspace, team: str) -> None:
    known = {*(workspace.config.teams or {}), *(objective.team for objective in workspace.objectives), COMPANY}
    if team not in known:
        raise NotFoundError(f"no such team: '{team}'", f"the teams are {', '.join(sorted(known))}")


def _require_included(planned: NewPeriod, team: str) -> None:
    """Raise RefusedError where the settings leave out the file that the objective would be in."""
    path, config = new_operation.target_path(planned, team), planned.workspace.config
    is_included = Patterns.parse(config.include).matches_path(path)
    if not is_included or Patterns.parse(config.exclude).matches_path(path):
        raise RefusedError(f"okrctl.yaml does not include {path}", "add it under `include:`")


def _fill_in_ids(key_results: object) -> None:
    """Give each key result without an id one that is made from its title, as `check --fix` does."""
    listed = [result for result in key_results if isinstance(result, dict)] if isinstance(key_results, list) else []
    taken = [str(result["id"]) for result in listed if result.get("id")]
    for result in listed:
        if not result.get("id") and isinstance(result.get("title"), str):
            others = {key: result.pop(key) for key in list(result) if key != "id"}
            result |= {"id": slug.slugify(others["title"], taken), **others}
            taken.append(result["id"])


def _parse_objective(text: str) -> dict[str, Any]:
    """The one objective of a text: a mapping, a list of one, or a file with one. Raises UsageError for other texts."""
    document = parse(Source("objective", text))
    if document.problems:
        problem = document.problems[0]
        line = problem.span.line
        raise UsageError(
            f"line {line} of the objective: {problem.message}", problem.help or "write it as YAML", line=line
        )
    data = document.data
    if isinstance(data, dict) and "objectives" in data:
        data = data["objectives"]
    if isinstance(data, list) and len(data) == 1:
        data = data[0]
    if not isinstance(data, dict) or not isinstance(data.get("title"), str):
        raise UsageError(
            "expected one objective with a title", "write an objective such as {title: ..., key_results: [...]}"
        )
    return data
