"""Computes the scorecards of periods."""

from __future__ import annotations

from collections.abc import Callable, Container, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import NamedTuple

from okrctl.analysis import filters, thresholds, what_if
from okrctl.analysis.comparison import compare_scorecards
from okrctl.analysis.hypotheses import evaluate_hypotheses
from okrctl.check import retrospective
from okrctl.check.finding import Context
from okrctl.history import baseline
from okrctl.operations.load import (
    NO_FILTERS,
    Filters,
    Loaded,
    load_at_revision,
    load_baselines,
    notify_csv_problems,
    requested_periods,
)
from okrctl.operations.project import Project
from okrctl.scoring.scorecard import Level, Scorecards
from okrctl.values.errors import OkrctlError
from okrctl.values.period import Period
from okrctl.workspace import KeyResult, Workspace, references


@dataclass(frozen=True, slots=True)
class ScoreRequest:
    """What to score: without `periods` the running ones; `what_if` holds REF=VALUE."""

    periods: Sequence[str] = ()
    as_of: date | None = None
    known_at: str | None = None
    filters: Filters = NO_FILTERS
    use_agreed: bool = False
    level: Level = "key-result"
    what_if: Sequence[str] = ()
    fail_under: str | None = None
    fail_if: Sequence[str] = ()


class ScoreResult(NamedTuple):
    """The scorecards, and whether they fail; `commit` is the one they are about if they will never change."""

    scorecards: Scorecards
    has_failed: bool
    commit: str | None


def score(project: Project, request: ScoreRequest) -> ScoreResult:
    """Return the scorecards of the requested periods."""
    statuses = thresholds.parse_fail_if(list(request.fail_if))
    minimum = None if request.fail_under is None else what_if.parse_score(request.fail_under)
    loaded = load_at_revision(project, request.known_at, _period_filter(request))
    workspace = loaded.workspace
    selection = request.filters.select(workspace, request.level)
    result = Scorecards([], is_single=len(request.periods) == 1, level=request.level)
    periods = {period.id: period for period in requested_periods(project, loaded, request.periods, request.as_of)}
    result.what_if = dict(_apply_what_if(loaded, text, request.as_of) for text in request.what_if)
    baselines = load_baselines(project, loaded)
    notes: list[str] = []
    for period in periods.values():
        workspace.load_period(period.id)
        day = loaded.day_of(period, request.as_of)
        card, baseline_notes = baseline.score_with_baseline(baselines, period, day, agreed=request.use_agreed)
        notes += [*baseline_notes, *evaluate_hypotheses(workspace, card).summary_lines]
        result.cards.append(filters.filter_scorecard(replace(card, known_at=loaded.commit), selection))
    if loaded.commit is None:
        _notify_csv_problems(project, workspace, periods)
    context = Context(workspace.config, loaded.today)
    findings = retrospective.run_retrospective_rules(workspace, result.cards, context)
    result.notes = notes + retrospective.format_lines(findings)
    if len(result.cards) > 1 and request.periods:
        result.comparison = compare_scorecards(workspace, result.cards)
    has_failed = thresholds.exceeds_threshold(result.cards, minimum, statuses, bool(request.filters.teams))
    return ScoreResult(result, has_failed, loaded.commit if baselines.is_certain else None)


def _notify_csv_problems(project: Project, workspace: Workspace, periods: Container[str]) -> None:
    """Name the CSV files with problems of the key results in these periods and of the KPIs that they use."""
    results = [result for result in workspace.key_results if result.period.id in periods]
    kpis = [kpi for result in results if (kpi := workspace.kpi_of(result)) is not None]
    notify_csv_problems(project, [*results, *kpis])


def _period_filter(request: ScoreRequest) -> Callable[[Period, date], bool] | None:
    """Return whether a period is likely to be scored, so that its objectives are loaded at once.

    None if objectives of any period may be named. A wrong guess costs time only: the files are then read again.
    """
    teams, owners, _, tags = request.filters
    if teams or owners or tags or request.what_if:
        return None
    names = {name.strip().casefold() for name in request.periods}
    return lambda period, today: period.id.casefold() in names or period.runs_on(request.as_of or today)


def _apply_what_if(loaded: Loaded, text: str, as_of: date | None) -> tuple[str, str]:
    """Set the value of a key result in memory, and return its reference and the value."""
    reference, sign, value = text.partition("=")
    if not sign or not value.strip():
        raise OkrctlError(f"--what-if {text!r} has no value", "write it as REF=VALUE, such as signups=620")
    node = references.find_node(loaded.workspace, reference, loaded.today, (KeyResult,))
    assert isinstance(node, KeyResult)
    what_if.apply_what_if(loaded.workspace, node, value, loaded.day_of(node.period, as_of))
    return node.ref, value.strip()
