"""Computes the scorecards of periods."""

from __future__ import annotations

import functools
from collections.abc import Callable, Container, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import NamedTuple

from okrctl.analysis import filters, thresholds, what_if
from okrctl.analysis.comparison import compare_scorecards
from okrctl.analysis.hypotheses import evaluate_hypotheses
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
from okrctl.operations.retrospective import retrospective_lines
from okrctl.scoring.scorecard import Level, Scorecard, Scorecards, with_bands
from okrctl.values.errors import OkrctlError
from okrctl.values.period import Period
from okrctl.values.slips import read_as
from okrctl.workspace import KeyResult, Kpi, Node, Workspace, references


@dataclass(frozen=True, slots=True)
class ScoreRequest:
    """What to score: without `periods` the running ones; `what_if` holds REF=VALUE.

    `with_bands` shows the bands of running periods too.
    """

    periods: Sequence[str] = ()
    as_of: date | None = None
    known_at: str | None = None
    filters: Filters = NO_FILTERS
    use_agreed: bool = False
    level: Level = "key-result"
    what_if: Sequence[str] = ()
    fail_under: str | None = None
    fail_if: Sequence[str] = ()
    with_bands: bool = False


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
    selection, shown = request.filters.select(workspace), request.filters.select(workspace, request.level)
    judged: list[Scorecard] = []
    result = Scorecards([], is_single=len(request.periods) == 1, level=request.level)
    periods = {period.id: period for period in requested_periods(project, loaded, request.periods, request.as_of)}
    assumed = [_apply_what_if(loaded, text, request.as_of) for text in request.what_if]
    result.what_if = {ref: value for ref, value, _ in assumed}
    has_warnings = _notify_warnings(project, assumed)
    baselines = load_baselines(project, loaded)
    notes: list[str] = []
    for period in periods.values():
        workspace.load_period(period.id)
        day = loaded.day_of(period, request.as_of)
        card, baseline_notes = baseline.score_with_baseline(baselines, period, day, agreed=request.use_agreed)
        notes += [*baseline_notes, *_hypothesis_lines(workspace, card)]
        card = with_bands(card, workspace.config) if request.with_bands else card
        judged.append(filters.filter_scorecard(replace(card, known_at=loaded.commit), selection))
        result.cards.append(filters.filter_scorecard(judged[-1], shown))
    if loaded.commit is None:
        _notify_csv_problems(project, workspace, periods)
    result.shorten = _RunningRefs(workspace, loaded.today)
    result.notes = notes + retrospective_lines(workspace, result.cards, loaded.today)
    if len(result.cards) > 1 and request.periods:
        result.comparison = compare_scorecards(workspace, result.cards)
    has_failed = thresholds.exceeds_threshold(judged, minimum, statuses, bool(request.filters.teams))
    return ScoreResult(result, has_failed, loaded.commit if baselines.is_certain and not has_warnings else None)


def _hypothesis_lines(workspace: Workspace, card: Scorecard) -> list[str]:
    """The verdicts on the hypotheses of a period that is over, in one line."""
    return evaluate_hypotheses(workspace, card).summary_lines if card.state == "over" else []


def _notify_warnings(project: Project, assumed: Iterable[tuple[str, str, Sequence[str]]]) -> bool:
    """Say which assumed values look like typos; returns whether any does, since a cached result would not say it."""
    warnings = [f"{ref}: {warning}" for ref, _, found in assumed for warning in found]
    for warning in warnings:
        project.notify(warning)
    return bool(warnings)


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


class _RunningRefs:
    """The shortest references to nodes of the periods that run today, which win where a reference is ambiguous.

    They are counted when the first is asked for, since most outputs show none, and then all these periods are loaded.
    """

    def __init__(self, workspace: Workspace, today: date) -> None:
        self._workspace, self._today = workspace, today

    @functools.cached_property
    def shortest(self) -> references.ShortestUniqueRef:
        """Gives the shortest reference to a node of a running period."""
        for period in self._workspace.periods:
            if period.runs_on(self._today):
                self._workspace.load_period(period.id)
        return references.ShortestUniqueRef(self._workspace, self._today)

    def __call__(self, node: Node) -> str:
        """The reference that a command takes: to a node of another period the full one."""
        is_running = not isinstance(node, Kpi) and node.period.runs_on(self._today)
        return self.shortest(node) if is_running else node.ref


def _apply_what_if(loaded: Loaded, text: str, as_of: date | None) -> tuple[str, str, list[str]]:
    """Set the value of a key result in memory; returns its reference, the value, and what looks like a typo in it."""
    reference, sign, value = text.partition("=")
    if not sign or not value.strip():
        raise OkrctlError(f"--what-if {text!r} has no value", "write it as REF=VALUE, such as signups=620")
    from okrctl.yaml_edit.checkins import find_two_meanings  # here, since a score of what is needs no edits

    node = references.find_node(loaded.workspace, reference, loaded.today, (KeyResult,))
    assert isinstance(node, KeyResult)
    for _, number, ways in find_two_meanings(loaded.workspace, (), value) if node.measure.is_numeric else ():
        raise OkrctlError(
            f"'{number}' may mean {ways[0]} or {read_as(ways[1])} (`numbers: de`)",
            f"write {ways[0]}, or {ways[1]} if the decimals are meant",
        )
    warnings = what_if.apply_what_if(loaded.workspace, node, value, loaded.day_of(node.period, as_of))
    return node.ref, value.strip(), warnings
