"""Fetches readings from the sources that KPIs declare; no other operation contacts them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from okrctl.operations import fetched_readings
from okrctl.operations.apply import WriteOptions, WriteResult, apply_plan
from okrctl.operations.doubts import Doubt, value_doubts
from okrctl.operations.fetched_readings import FetchedTexts
from okrctl.operations.load import load_workspace
from okrctl.operations.project import Project
from okrctl.operations.record import workspace_with
from okrctl.sources import Request, fetch
from okrctl.sources.fetch import FetchOutcome
from okrctl.sources.policy import AccessPolicy
from okrctl.values import suggestions
from okrctl.values.errors import FetchError, NotFoundError, OkrctlError
from okrctl.workspace import Workspace
from okrctl.yaml_edit import build_plan


@dataclass(frozen=True, slots=True)
class RefreshRequest:
    """Which KPIs to fetch (all with a source by default), from which day, and how patiently."""

    kpis: Sequence[str] = ()
    since: date | None = None
    time_limit: float = 30
    retries: int = 2


class PlannedRefresh(NamedTuple):
    """The requests to be made, one for each KPI, and what they may access."""

    workspace: Workspace
    requests: list[Request]
    policy: AccessPolicy


class RefreshResult(NamedTuple):
    """A message for each KPI, the names of those that failed, how many were tried, and what was written."""

    messages: list[str]
    failed: list[str]
    source_count: int
    write: WriteResult

    def require_success(self) -> None:
        """Raise OkrctlError where a source failed."""
        if not self.failed:
            return
        sources = f"{len(self.failed)} of {self.source_count} sources" if self.source_count > 1 else "the source"
        rest = "readings from the others are written" if self.write.is_written else "nothing was written"
        raise FetchError(f"{sources} failed", f"{rest}; fix it and run: okrctl refresh {' '.join(self.failed)}")


def plan_refresh(project: Project, request: RefreshRequest) -> PlannedRefresh:
    """Return the requests to be made; raises OkrctlError for an unknown KPI or one without a source."""
    workspace = load_workspace(project)
    policy = AccessPolicy(
        project.root, workspace.config.sources.hosts, project.environment, request.time_limit, request.retries + 1
    )
    requests = list(_build_requests(workspace, request, project.today, policy))
    if request.since is not None and request.since > project.today:
        raise OkrctlError(f"{request.since} is in the future", "use today or an earlier day")
    return PlannedRefresh(workspace, requests, policy)


def refresh(
    project: Project,
    planned: PlannedRefresh,
    options: WriteOptions,
    on_outcome: Callable[[FetchOutcome], None] = lambda outcome: None,
) -> RefreshResult:
    """Fetch all KPIs and write the new readings; a source that fails does not stop the others.

    `on_outcome` is called after each fetch, to show progress.
    """
    workspace, requests, policy = planned
    outcomes = fetch.fetch_all(requests, on_outcome)
    fetched = _merge_without_slips(project, workspace, outcomes, options)
    failures = [f"{kpi}: failed: {policy.redact(reason)}" for kpi, reason in fetched.failed.items()]
    result = WriteResult(False)
    if fetched.new:
        message = fetched.messages[0]
        if len(fetched.messages) > 1:
            message = "\n".join([f"of {len(fetched.messages)} KPIs", "", *fetched.messages])
        result = apply_plan(project, build_plan(fetched.old, fetched.new, (), f"refresh {message}"), options)
    return RefreshResult([*fetched.messages, *failures], [*fetched.failed], len(requests), result)


def _merge_without_slips(
    project: Project, workspace: Workspace, outcomes: Sequence[FetchOutcome], options: WriteOptions
) -> FetchedTexts:
    """Merge what was fetched; a reading that looks like a slip is left out, unless the options confirm it.

    Without one, another may turn out to be far from its neighbours, so this goes on until none is.
    """
    skipped: list[Doubt] = []
    while True:
        fetched = fetched_readings.merge_fetched(workspace, outcomes, options.force, skipped)
        after = workspace_with(project, workspace, fetched.new)
        if options.confirm_value:
            return fetched
        names = [outcome.kpi for outcome in outcomes]
        doubts = list(value_doubts(workspace.kpis, after, [after.kpis[name] for name in names]))
        if not doubts:
            return fetched
        skipped += doubts


def _build_requests(
    workspace: Workspace, request: RefreshRequest, today: date, policy: AccessPolicy
) -> Iterator[Request]:
    specs = fetched_readings.source_specs(workspace)
    hint = f"KPIs with a source: {', '.join(specs) or 'none'}"
    for name in request.kpis:
        if name not in workspace.kpis:
            guess = suggestions.did_you_mean(suggestions.find_closest(name, sorted(specs)))
            raise NotFoundError(f"no such KPI: '{name}'{guess}", hint)
        if name not in specs:
            raise NotFoundError(f"the KPI '{name}' has no `source:`", hint)
    if not specs:
        raise NotFoundError(
            "no KPI has a `source:`", "add one to a KPI, such as source: {csv: data/mrr.csv, date: week, value: mrr}"
        )
    for name in dict.fromkeys(request.kpis or specs):
        readings = workspace.kpis[name].readings
        newest = max((reading.day for reading in readings if reading.value is not None), default=None)
        yield Request(name, specs[name], request.since, newest, today, policy, workspace.kpis[name].model.unit)
