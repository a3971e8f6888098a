"""Looks over all periods: how each one stands, one of them on a day, and the goals of a team or a person."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import NamedTuple

from okrctl import scoring
from okrctl.analysis import filters
from okrctl.analysis.comparison import PeriodComparison, compare_on_same_day
from okrctl.analysis.filters import Selection
from okrctl.analysis.period_figures import compare_same_day
from okrctl.analysis.period_report import PeriodReport, build_goals_report
from okrctl.analysis.period_trends import PeriodTrend, build_trends, owner_names
from okrctl.analysis.trajectory import build_goal_trajectories, build_trajectories
from okrctl.git import Commit
from okrctl.history import baseline
from okrctl.history.baseline import Baseline
from okrctl.history.seals.store import sealed_period_ids
from okrctl.kpis.overview import build_kpi_overview
from okrctl.kpis.series import KpiValues
from okrctl.operations import revisions
from okrctl.operations.load import Filters, Loaded, load_at_revision, load_baselines, requested_periods
from okrctl.operations.project import Project
from okrctl.operations.report import forge_link_base
from okrctl.operations.retrospective import retrospective_lines
from okrctl.scoring.scorecard import Scorecard, ScoreComparison
from okrctl.values.period import Period
from okrctl.workspace import Workspace

SAME_LENGTH = 5  # days by which periods of one length may differ


class PeriodSummary(NamedTuple):
    """How a period stands, and whether its scorecard is sealed."""

    card: Scorecard
    is_sealed: bool


class PeriodList(NamedTuple):
    """All periods, the newest first, and those of one length side by side."""

    periods: list[PeriodSummary]
    trends: list[PeriodTrend]


def list_periods(project: Project) -> PeriodList:
    """Return how every period stands today."""
    loaded = load_at_revision(project, None)
    sealed = frozenset(sealed_period_ids(project.root))
    cards = _score_all(loaded)
    summaries = [PeriodSummary(card, card.period.id in sealed) for card in cards]
    trends = build_trends(loaded.workspace, cards)
    return PeriodList(summaries, trends)


def _score_all(loaded: Loaded) -> list[Scorecard]:
    """The scorecards of all periods, the newest first."""
    workspace = loaded.workspace
    cards = [scoring.build_scorecard(workspace, period, loaded.day_of(period)) for period in workspace.periods]
    return sorted(cards, key=_newest_first)


def _newest_first(card: Scorecard) -> tuple[int, int, str]:
    return -card.period.start.toordinal(), card.period.days, card.period.id


@dataclass(frozen=True, slots=True)
class PeriodRequest:
    """A period on a day, as it was known at a commit, against the targets as agreed, and beside another period."""

    period: str
    as_of: date | None = None
    known_at: str | None = None
    use_agreed: bool = False
    beside: str | None = None


class PeriodView(NamedTuple):
    """The report on a period with the commit that it was read from (None: the files), and today as of then.

    `others` are the periods that it can be compared with, those of the same length first.
    """

    report: PeriodReport
    workspace: Workspace
    commit: Commit | None
    today: date
    is_sealed: bool
    others: list[Period]
    comparison: PeriodComparison | None


def show_period(project: Project, request: PeriodRequest) -> PeriodView:
    """Return a period on a day; raises OkrctlError where there is none of this name then."""
    commit = None if request.known_at is None else revisions.find_commit(project, request.known_at)
    loaded = load_at_revision(project, request.known_at)
    period, workspace = requested_periods(project, loaded, [request.period])[0], loaded.workspace
    comparison = None
    report = _report(project, loaded, period, request)
    if request.beside is not None:
        other = requested_periods(project, loaded, [request.beside])[0]
        comparison = compare_on_same_day(workspace, other, report.card, loaded.today)
    others = [each for each in workspace.periods if each.id != period.id]
    others.sort(key=lambda each: (abs(each.days - period.days) > SAME_LENGTH, -each.start.toordinal(), each.id))
    is_sealed = period.id in sealed_period_ids(project.root)
    return PeriodView(report, workspace, commit, loaded.today, is_sealed, others, comparison)


def _report(project: Project, loaded: Loaded, period: Period, request: PeriodRequest) -> PeriodReport:
    """The goals of a period with their scores over time, by the targets of the day or those that were agreed."""
    baselines = load_baselines(project, loaded)
    day = loaded.day_of(period, request.as_of)
    card, notes = baseline.score_with_baseline(baselines, period, day, agreed=request.use_agreed)
    found = baselines.find(period) if request.use_agreed else None
    workspace = found.workspace if isinstance(found, Baseline) else loaded.workspace
    return replace(
        build_goals_report(workspace, card),
        trajectories=build_trajectories(workspace, card),
        same_day=compare_same_day(workspace, card),
        link_base=forge_link_base(baselines, None),
        notes=notes + retrospective_lines(loaded.workspace, [card], loaded.today),
    )


class OwnGoals(NamedTuple):
    """The goals of a team or a person: the running periods in full, the newest one where none runs.

    One who has only KPIs gets the newest period without goals, for the KPIs.
    `id` is the key that the files have, `earlier` are the goals of all other periods, the newest first; `trends` the
    scores of a team.
    """

    id: str
    name: str
    reports: list[PeriodReport]
    earlier: list[Scorecard]
    trends: list[tuple[PeriodTrend, ScoreComparison]]


def goals_of(project: Project, chosen: Filters) -> OwnGoals:
    """Return the goals of the one team or owner that the filters name; raises OkrctlError where nobody has the name."""
    loaded = load_at_revision(project, None)
    selection = chosen.select(loaded.workspace)
    cards = _score_all(loaded)
    filtered = [filters.filter_scorecard(card, selection) for card in cards]
    own = [card for card in filtered if card.objectives]
    shown = [card for card in own if card.state == "running"] or own[:1] or filtered[:1]
    reports = [_report_own(loaded, card, selection) for card in sorted(shown, key=_shortest)]
    return OwnGoals(
        next(iter((*selection.teams, *selection.owners))),
        _name(loaded.workspace, selection),
        reports,
        [card for card in own if card not in shown],
        _trends_of(build_trends(loaded.workspace, cards), selection),
    )


def _shortest(card: Scorecard) -> tuple[int, date, str]:
    return card.period.days, card.period.start, card.period.id


def _name(workspace: Workspace, selection: Selection) -> str:
    """What people call the team or the owner."""
    if selection.teams:
        return workspace.config.team_name(selection.teams[0])
    return owner_names(workspace).get(selection.owners[0], selection.owners[0])


def _report_own(loaded: Loaded, card: Scorecard, selection: Selection) -> PeriodReport:
    """The goals that are left on a scorecard with their scores over time, and the KPIs of the team or owner."""
    workspace = loaded.workspace
    kpis = [kpi for kpi in workspace.kpis.values() if selection.includes_kpi(kpi)]
    values = KpiValues(workspace, min(card.as_of, card.period.end))
    return replace(
        build_goals_report(workspace, card),
        trajectories=build_goal_trajectories(workspace, card),
        kpi_overview=build_kpi_overview(values, kpis),
    )


def _trends_of(trends: Sequence[PeriodTrend], selection: Selection) -> list[tuple[PeriodTrend, ScoreComparison]]:
    """The scores of a team in the periods of each length."""
    lines = [(trend, line) for trend in trends for line in trend.comparison.children if line.id in selection.teams]
    return [(trend, line) for trend, line in lines if any(score is not None for score in line.scores)]
