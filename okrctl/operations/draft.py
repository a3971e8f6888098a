"""Inserts an objective that somebody wrote into the file of its team, and says what the rules find in it first."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import zip_longest
from typing import Any

from okrctl.operations import check as check_operation
from okrctl.operations import new as new_operation
from okrctl.operations.apply import WriteOptions, WriteResult
from okrctl.operations.check import CheckRequest
from okrctl.operations.new import NewPeriod, NewPeriodRequest
from okrctl.operations.project import Project
from okrctl.schema.settings import COMPANY
from okrctl.templates import period as templates
from okrctl.values import slug
from okrctl.values.diagnostic import Diagnostic
from okrctl.values.errors import ConflictError, NotFoundError, RefusedError, UsageError
from okrctl.workspace import Workspace
from okrctl.yaml import Source, parse

STATE = "draft"


@dataclass(frozen=True, slots=True)
class DraftRequest:
    """An objective as YAML, for a period and a team (default: the company); `is_active` where it counts at once."""

    text: str
    period: str
    team: str | None = None
    is_active: bool = False


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
        raise RefusedError(f"{planned.period.id} is over", "choose a period that runs or is to come")
    team = request.team or COMPANY
    _require_known(planned.workspace, team)
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
        raise UsageError("expected one objective with a title", "such as: {title: ..., key_results: [...]}")
    return data
