"""Reports what needs attention: key results, KPIs, overdue check-ins, and periods to close."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from okrctl import scoring
from okrctl.analysis import filters, thresholds
from okrctl.analysis.attention import (
    WORST_FIRST,
    AttentionItem,
    StatusReport,
    attention_items,
    kpi_attention_items,
    moved_item,
    unclosed_period_item,
)
from okrctl.analysis.due_checkins import owner_names
from okrctl.history.seals.store import sealed_period_ids
from okrctl.kpis.overview import build_kpi_overview
from okrctl.kpis.series import KpiValues
from okrctl.operations import workspaces
from okrctl.operations.ended_periods import judge_ended_periods
from okrctl.operations.load import NO_FILTERS, Filters, Loaded, load_at_revision, load_baselines, notify_csv_problems
from okrctl.operations.project import Project
from okrctl.scoring.scorecard import Scorecard
from okrctl.values.errors import NotFoundError
from okrctl.workspace import Workspace, references

FAIL_IF_STATUSES = tuple(
    dict.fromkeys([*(status.replace(" ", "-") for status in WORST_FIRST), *thresholds.FAIL_IF_STATUSES])
)


@dataclass(frozen=True, slots=True)
class StatusRequest:
    """What to report on; the filters choose objectives, key results and KPIs.

    `with_own_names` asks git who is at work.
    """

    as_of: date | None = None
    known_at: str | None = None
    filters: Filters = NO_FILTERS
    fail_if: Sequence[str] = ()
    with_own_names: bool = False


class StatusResult(NamedTuple):
    """The report, and whether it has a status that `fail_if` names."""

    report: StatusReport
    has_failed: bool


def status(project: Project, request: StatusRequest) -> StatusResult:
    """Return what needs attention, the worst first."""
    statuses = thresholds.parse_fail_if(list(request.fail_if), FAIL_IF_STATUSES)
    loaded = load_at_revision(project, request.known_at)
    workspace, _, today = loaded
    if not workspace.files:
        raise NotFoundError(f"no OKR or KPI file in {project.root}", workspaces.hint_to_start(project.directory))
    day = request.as_of or today
    selection = request.filters.select(workspace)
    running = [scoring.build_scorecard(workspace, period, day) for period in workspace.periods if period.runs_on(day)]
    cards = [filters.filter_scorecard(card, selection) for card in running]
    report = StatusReport(
        cards, day, [*attention_items(cards, references.ShortestUniqueRef(workspace, day), workspace)]
    )
    report.attention += _moved_items(project, loaded, cards)
    values = KpiValues(workspace, day)
    overview = build_kpi_overview(values, filter(selection.includes_kpi, workspace.kpis.values()))
    report.attention += kpi_attention_items(overview, values)
    report.kpis = {found.kpi.id: found for found in overview.statuses}
    if request.with_own_names and workspace.config.people:
        from okrctl.git import read_user_email

        report.own_names = frozenset(owner_names(workspace.config, read_user_email(project.root), None))
    if request.known_at is None:
        _notify_csv_problems(project, workspace, day)
    if selection.is_everything:
        _add_unclosed_periods(report, workspace, project, today)
    report.attention.sort(key=lambda item: item.sort_key)
    shown = {item.status.replace(" ", "-") for item in report.attention} | set(thresholds.line_statuses(cards))
    return StatusResult(report, not statuses.isdisjoint(shown))


def _moved_items(project: Project, loaded: Loaded, cards: Sequence[Scorecard]) -> Iterator[AttentionItem]:
    """Yield the goals on the scorecards that became easier than agreed without a record."""
    shorten = references.ShortestUniqueRef(loaded.workspace, loaded.today)
    baselines = load_baselines(project, loaded)
    for card in cards:
        refs = {objective.node.ref for objective in card.objectives}
        refs |= {result.node.ref for objective in card.objectives for result in objective.key_results}
        if loaded.workspace.config.scoring.last_agreement_day(card.period) < loaded.today:
            from okrctl.operations.unrecorded import unrecorded_goals  # here, since a young period needs no rules

            for goal in unrecorded_goals(project, baselines, card.period):
                if goal.ref in refs:
                    yield moved_item(goal.node, goal.text, goal.summary, shorten(goal.node))


def _add_unclosed_periods(report: StatusReport, workspace: Workspace, project: Project, today: date) -> None:
    """Add the periods that are over and not closed, with what the rules for the end of a period find in them."""
    sealed = frozenset(sealed_period_ids(project.root))
    periods = [period for period in workspace.periods if period.end < report.as_of and period.id not in sealed]
    for ended in judge_ended_periods(project, workspace, periods, report.as_of, today):
        if ended.open_outcomes:
            report.attention.append(unclosed_period_item(ended.period, ended.open_outcomes))
            report.notes += ended.lines


def _notify_csv_problems(project: Project, workspace: Workspace, day: date) -> None:
    """Name the CSV files with problems of the running key results and of the KPIs."""
    running = (result for result in workspace.key_results if result.period.runs_on(day))
    notify_csv_problems(project, [*running, *workspace.kpi_nodes])
