"""Fetches readings from the sources that KPIs and key results declare; no other operation contacts them."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import NamedTuple

from okrctl.history.seals.store import is_sealed
from okrctl.operations import fetched_readings
from okrctl.operations.apply import WriteOptions, WriteResult, apply_plan
from okrctl.operations.doubts import Doubt, value_doubts
from okrctl.operations.fetched_readings import FetchedTexts, SourcedNode
from okrctl.operations.load import load_workspace
from okrctl.operations.project import Project
from okrctl.operations.record import workspace_with
from okrctl.operations.transaction import hold_lock
from okrctl.scoring import default_day
from okrctl.sources import Request, fetch, trust
from okrctl.sources.fetch import FetchOutcome
from okrctl.sources.policy import AccessPolicy
from okrctl.values import suggestions
from okrctl.values.errors import FetchError, NotFoundError, OkrctlError, RefusedError
from okrctl.values.nouns import count_noun
from okrctl.workspace import KeyResult, Kpi, Workspace
from okrctl.workspace.references import find_node
from okrctl.yaml_edit import build_plan


@dataclass(frozen=True, slots=True)
class RefreshRequest:
    """What to fetch (by default all with a source), from which day, and how patiently.

    `refs` are KPIs and key results. By default no key result of a period that does not run, or is sealed, is fetched.
    """

    refs: Sequence[str] = ()
    since: date | None = None
    time_limit: float = 30
    retries: int = 2


class PlannedRefresh(NamedTuple):
    """The requests to be made, one for each KPI or key result, and what they may access."""

    workspace: Workspace
    requests: list[Request]
    policy: AccessPolicy


class RefreshResult(NamedTuple):
    """A message for each node, the names of those that failed, how many were tried, and what was written."""

    messages: list[str]
    failed: list[str]
    source_count: int
    write: WriteResult

    def find_failure(self) -> FetchError | None:
        """What to say where a source failed; None where none did."""
        if not self.failed:
            return None
        sources = f"{len(self.failed)} of {self.source_count} sources" if self.source_count > 1 else "the source"
        rest = "readings from the others are written" if self.write.is_written else "nothing was written"
        return FetchError(f"{sources} failed", f"{rest}; fix it and run: okrctl refresh {' '.join(self.failed)}")


class SourceUse(NamedTuple):
    """What a source does that the person has not allowed yet: its digest, and what it sends where, line by line."""

    ref: str
    digest: str
    lines: list[str]


def plan_refresh(project: Project, request: RefreshRequest) -> PlannedRefresh:
    """Return the requests to be made; raises OkrctlError for an unknown name or one without a source."""
    workspace = load_workspace(project)
    trusted = trust.parse_digests(project.environment.get(trust.TRUSTED_VARIABLE, ""))
    policy = AccessPolicy(
        project.root, workspace.config.sources.hosts, project.environment, request.time_limit, request.retries + 1,
        trusted | trust.load_trusted(_repository_path(project)),
    )  # fmt: skip
    requests = [_build_request(node, request, project, policy) for node in _choose_nodes(project, workspace, request)]
    if request.since is not None and request.since > project.today:
        raise OkrctlError(f"{request.since} is in the future", "use today or an earlier day")
    return PlannedRefresh(workspace, requests, policy)


def untrusted_uses(planned: PlannedRefresh) -> list[SourceUse]:
    """Return what the sources do that the person has not allowed yet; those that read only files are not among them."""
    return [
        SourceUse(request.ref, trust.source_digest(request.spec), trust.describe_use(request.spec))
        for request in planned.requests
        if trust.needs_trust(request.spec) and trust.source_digest(request.spec) not in planned.policy.trusted
    ]


def trust_sources(project: Project, planned: PlannedRefresh, uses: Sequence[SourceUse]) -> None:
    """Allow what was shown, now and in later runs in this repository."""
    digests = frozenset(use.digest for use in uses)
    path = trust.save_trusted(_repository_path(project), digests)
    planned.policy.trusted |= digests
    project.notify(f"trusted {count_noun(len(digests), 'source')}: {path}")


def _repository_path(project: Project) -> Path:
    """The real path of what trust is bound to: the repository with all its work trees, or the workspace without git."""
    repository = project.repository
    return Path(os.path.realpath(project.root)) if repository is None else repository.common_folder()


def refresh(
    project: Project,
    planned: PlannedRefresh,
    options: WriteOptions,
    on_outcome: Callable[[FetchOutcome], None] = lambda outcome: None,
) -> RefreshResult:
    """Fetch all sources and write the new readings; a source that fails does not stop the others.

    `on_outcome` is called after each fetch, to show progress.
    """
    _, requests, policy = planned
    outcomes = fetch.fetch_all(requests, on_outcome)
    with hold_lock(project):
        return _write(project, outcomes, policy, options)


def _write(
    project: Project, outcomes: Sequence[FetchOutcome], policy: AccessPolicy, options: WriteOptions
) -> RefreshResult:
    """Write fetched readings into the files as they are now: fetching takes time, and others write meanwhile."""
    fetched = _merge_without_slips(project, load_workspace(project), outcomes, options)
    failures = [f"{ref}: failed: {policy.redact(reason)}" for ref, reason in fetched.failed.items()]
    result = WriteResult(False)
    if fetched.new:
        message = fetched.messages[0]
        if len(fetched.messages) > 1:
            message = "\n".join([f"of {len(fetched.messages)} sources", "", *fetched.messages])
        result = apply_plan(project, build_plan(fetched.old, fetched.new, (), f"refresh {message}"), options)
    return RefreshResult([*fetched.messages, *failures], [*fetched.failed], len(outcomes), result)


def _merge_without_slips(
    project: Project, workspace: Workspace, outcomes: Sequence[FetchOutcome], options: WriteOptions
) -> FetchedTexts:
    """Merge what was fetched; a reading that looks like a typo is left out, unless the options confirm it.

    Without one, another may turn out to be far from its neighbours, so this goes on until none is.
    """
    skipped: list[Doubt] = []
    while True:
        fetched = fetched_readings.merge_fetched(workspace, outcomes, options.force, skipped)
        after = workspace_with(project, workspace, fetched.new)
        if options.confirm_value:
            return fetched
        before, now = fetched_readings.nodes_with_source(workspace), fetched_readings.nodes_with_source(after)
        doubts = list(value_doubts(before, after, [now[outcome.ref] for outcome in outcomes if outcome.ref in now]))
        if not doubts:
            return fetched
        skipped += doubts


def _choose_nodes(project: Project, workspace: Workspace, request: RefreshRequest) -> list[SourcedNode]:
    nodes = fetched_readings.nodes_with_source(workspace)
    hint = f"those with a source: {', '.join(nodes) or 'none'}"
    if request.refs:
        chosen = [_find_node(project, workspace, ref, nodes, hint) for ref in request.refs]
        return list({node.ref: node for node in chosen}.values())
    if not nodes:
        message = "no KPI or key result has a `source:`"
        raise NotFoundError(message, "add one, such as source: {csv: data/mrr.csv, date: week, value: mrr}")
    return [node for node in nodes.values() if isinstance(node, Kpi) or not _why_closed(project, workspace, node)]


def _find_node(
    project: Project, workspace: Workspace, ref: str, nodes: Mapping[str, SourcedNode], hint: str
) -> SourcedNode:
    try:
        node = find_node(workspace, ref, project.today, (KeyResult, Kpi))
    except NotFoundError as error:
        guess = suggestions.did_you_mean(suggestions.find_closest(ref, sorted(nodes)))
        raise NotFoundError(f"no such KPI or key result: '{ref}'{guess}", hint) from error
    if node.ref not in nodes:
        raise NotFoundError(f"'{node.ref}' has no `source:`", hint)
    if isinstance(node, KeyResult) and (reason := _why_closed(project, workspace, node)):
        raise RefusedError(f"'{node.ref}' takes no readings: {reason}", hint)
    return nodes[node.ref]


def _why_closed(project: Project, workspace: Workspace, node: KeyResult) -> str:
    """Why a key result takes no readings today; empty where it does."""
    if is_sealed(project.root, node):
        return f"{node.period.id} is sealed"
    if not node.is_active:
        return "it is not active"
    if project.today < node.period.start:
        return f"{node.period.id} has not begun"
    return (
        f"{node.period.id} is over" if default_day(node.period, project.today, workspace.config) < project.today else ""
    )


def _build_request(node: SourcedNode, request: RefreshRequest, project: Project, policy: AccessPolicy) -> Request:
    newest = max((reading.day for reading in node.readings if reading.value is not None), default=None)
    spec = fetched_readings.source_spec(node)
    found = Request(node.ref, spec, request.since, newest, project.today, policy, node.model.unit)
    return replace(found, earliest=node.first_day) if isinstance(node, KeyResult) else found
