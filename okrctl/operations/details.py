"""Gathers all that is known of one goal or KPI: figures, who wrote its readings, its history, where it is written."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from okrctl.analysis import explanation
from okrctl.analysis.detail import Detail, build_detail
from okrctl.analysis.explanation import Explanation
from okrctl.analysis.trajectory import Trajectory, build_goal_trajectories
from okrctl.git import Commit
from okrctl.history import blame
from okrctl.history.log import NodeLog, is_self_contained
from okrctl.kpis.attribution import Attribution
from okrctl.kpis.detail import KpiDetail, build_kpi_detail
from okrctl.kpis.series import KpiValues
from okrctl.kpis.tree import KpiTreeNode, build_kpi_tree
from okrctl.operations import revisions
from okrctl.operations.explain import explain_goal, explain_kpi
from okrctl.operations.load import Loaded, find_repository, load_at_revision, load_baselines, notify_csv_problems
from okrctl.operations.log import log_loaded
from okrctl.operations.project import Project
from okrctl.operations.report import forge_link_base
from okrctl.values.errors import NotFoundError, OkrctlError
from okrctl.workspace import DatedReading, KeyResult, Kpi, Node, Objective, Workspace, references


class WrittenReading(NamedTuple):
    """A reading with the line that it is written in, and the commit that wrote it (None: not committed)."""

    reading: DatedReading
    path: str
    line: int
    commit: Commit | None


class Origin(NamedTuple):
    """Where a node was read from: a commit (None: the files), and the day that counts as today there.

    A path and `#L12` are appended to `link_base`, where a forge shows the files. `commits` are those that are named,
    by id.
    """

    workspace: Workspace
    commit: Commit | None
    today: date
    link_base: str | None
    commits: dict[str, Commit]


class History(NamedTuple):
    """What changed in a node from commit to commit, or why nothing is known of it."""

    log: NodeLog | None
    problem: str = ""


class GoalDetails(NamedTuple):
    """An objective or a key result on a day; `source` is the KPI that a key result reads."""

    node: Objective | KeyResult
    detail: Detail
    trajectories: dict[str, Trajectory]
    explanation: Explanation
    readings: list[WrittenReading]
    parent: Objective | KeyResult | None
    source: Kpi | None
    history: History | None
    origin: Origin


@dataclass(frozen=True, slots=True)
class DetailsRequest:
    """A goal or KPI on a day, as it was known at a commit; `since` and `until` limit the change of a KPI.

    The history is read only where it is asked for, since every version of a file is parsed for it.
    """

    reference: str
    as_of: date | None = None
    known_at: str | None = None
    since: date | None = None
    until: date | None = None
    with_history: bool = False


class KpiDetails(NamedTuple):
    """A KPI on a day, with its formula as a tree and why it moved, or why that cannot be told."""

    kpi: Kpi
    detail: KpiDetail
    tree: KpiTreeNode
    attribution: Attribution | None
    problem: OkrctlError | None
    readings: list[WrittenReading]
    history: History | None
    origin: Origin


def goal_details(project: Project, request: DetailsRequest) -> GoalDetails:
    """Return all that is known of an objective or a key result; raises OkrctlError where there is none on the day."""
    loaded, commit = _load(project, request)
    node = references.find_node(loaded.workspace, request.reference, loaded.today, (Objective, KeyResult))
    assert not isinstance(node, Kpi)
    notify_csv_problems(project, node.key_results if isinstance(node, Objective) else [node])
    day = loaded.day_of(node.period, request.as_of)
    detail = build_detail(loaded.workspace, node, day)
    if detail is None:
        raise NotFoundError(f"{node.ref} does not exist on {day}", f"it starts on {node.first_day}: choose a later day")
    explained = explain_goal(project, loaded, node, request.as_of)
    readings = _written_readings(project, loaded, node, detail.readings) if isinstance(node, KeyResult) else []
    text = node.model.parent if isinstance(node, Objective) else None
    parent = loaded.workspace.resolve(text, node) if text and isinstance(node, Objective) else None
    return GoalDetails(
        node,
        detail,
        build_goal_trajectories(loaded.workspace, detail.card),
        explained,
        readings,
        parent if isinstance(parent, Objective | KeyResult) else None,
        loaded.workspace.kpi_of(node) if isinstance(node, KeyResult) else None,
        _history(project, loaded, node) if request.with_history else None,
        _origin(project, loaded, commit, (number.commit for number in explained.inputs)),
    )


def kpi_details(project: Project, request: DetailsRequest) -> KpiDetails:
    """Return all that is known of a KPI; raises OkrctlError where there is none."""
    loaded, commit = _load(project, request)
    kpi = references.find_node(loaded.workspace, request.reference, loaded.today, (Kpi,))
    assert isinstance(kpi, Kpi)
    notify_csv_problems(project, [kpi])
    values = KpiValues(loaded.workspace, request.as_of or loaded.today)
    attribution, problem = None, None
    try:
        attribution = explain_kpi(loaded.workspace, kpi, request.since, request.until, values.day)
    except OkrctlError as error:
        problem = error
    return KpiDetails(
        kpi,
        build_kpi_detail(values, kpi),
        build_kpi_tree(values, kpi),
        attribution,
        problem,
        _written_readings(project, loaded, kpi, [each for each in kpi.readings if each.day <= values.day]),
        _history(project, loaded, kpi) if request.with_history else None,
        _origin(project, loaded, commit, ()),
    )


def _load(project: Project, request: DetailsRequest) -> tuple[Loaded, Commit | None]:
    commit = None if request.known_at is None else revisions.find_commit(project, request.known_at)
    return load_at_revision(project, request.known_at), commit


def _written_readings(
    project: Project, loaded: Loaded, node: KeyResult | Kpi, readings: Sequence[DatedReading]
) -> list[WrittenReading]:
    """The readings, oldest first, each with the line and the commit that it comes from."""
    places = [explanation.reading_place(node, reading) for reading in readings]
    repository = find_repository(project)
    lines, commits = {}, {}
    if repository is not None and repository.head() is not None and places:
        lines = blame.find_line_commits(repository, loaded.workspace, places, loaded.commit).commits
        commits = repository.get_commits(lines.values())
    return [
        WrittenReading(reading, *place, commits.get(lines.get(place, "")))
        for reading, place in zip(readings, places, strict=True)
    ]


def _history(project: Project, loaded: Loaded, node: Node) -> History:
    try:
        log = log_loaded(
            project,
            loaded.workspace,
            node,
            loaded.commit,
            with_scores=not isinstance(node, Kpi) and is_self_contained(node),
        )
        return History(log, log.problem)
    except OkrctlError as error:
        return History(None, error.message)


def _origin(project: Project, loaded: Loaded, commit: Commit | None, names: Iterable[str | None]) -> Origin:
    repository = find_repository(project)
    commits = repository.get_commits(name for name in names if name) if repository is not None else {}
    link_base = forge_link_base(load_baselines(project, loaded), None)
    return Origin(loaded.workspace, commit, loaded.today, link_base, commits)
