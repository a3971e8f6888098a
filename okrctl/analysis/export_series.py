"""Scores and KPIs on each day of a rhythm, and goals as they are on one day, as rows for other programs to read.

All days are gone through once, in order. What is the same on every day (the points of a key result and their running
sums) is taken over from the day before, so the cost grows with the rows and not with the days times the files.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from functools import partial
from typing import Literal, NamedTuple

from okrctl import scoring
from okrctl.analysis import trajectory
from okrctl.analysis.export_rows import RowGroup, Terms
from okrctl.analysis.filters import Selection, filter_scorecard
from okrctl.kpis.overview import KpiStatus, kpi_status
from okrctl.kpis.series import KpiValues, current_period
from okrctl.kpis.usage import objectives_by_kpi
from okrctl.scoring import rollup
from okrctl.scoring.scorecard import KeyResultScore, ObjectiveScore, Scorecard, TeamScore
from okrctl.scoring.values import KeyResultValues
from okrctl.values.errors import OkrctlError
from okrctl.values.period import Period
from okrctl.workspace import Kpi, Workspace

Every = Literal["day", "week", "month"]
LEVELS = ("period", "team", "objective", "key-result")
SUNDAY = 6
MAX_DAYS = 36_525


@dataclass(frozen=True, slots=True)
class Span:
    """The days of an export, at most a hundred years: from `since` (None: the beginning) to `until`, in a rhythm."""

    until: date
    since: date | None = None
    every: Every = "week"

    def days(self, first: date, last: date) -> list[date]:
        """The days of the rhythm from `first` to `last`, and `last` itself; nothing before `since`."""
        first = max(first, self.since or first)
        if (last - first).days > MAX_DAYS:
            raise OkrctlError(f"the rows from {first} to {last} span more than a hundred years", "use --since DATE")
        days = (first + timedelta(days=number) for number in range((last - first).days + 1))
        return [day for day in days if day == last or _is_in_rhythm(day, self.every)]


def _is_in_rhythm(day: date, every: Every) -> bool:
    """Whether a week (it ends on Sunday) or a month ends on a day."""
    if every == "week":
        return day.weekday() == SUNDAY
    return every == "day" or day.day == monthrange(day.year, day.month)[1]


# Scores


class _Frame(NamedTuple):
    level: str
    period: str
    period_start: date
    period_end: date
    period_state: str
    date_: date
    is_latest: bool


class _NodeCells(NamedTuple):
    ref: str
    team: str | None = None
    objective: str | None = None
    key_result: str | None = None
    title: str | None = None
    owner: str | None = None
    state: str | None = None
    weight: Fraction | None = None
    guardrail: bool | None = None
    unit: str | None = None


class _Standing(NamedTuple):
    value: Fraction | None
    score: Fraction | None
    progress: Fraction | None


class _Pace(NamedTuple):
    expected: Fraction | None
    status: str | None


class _Counts(NamedTuple):
    confidence: Fraction | None
    measured: int
    key_results: int
    at_risk: int | None


class ScoreRow(NamedTuple):
    """A period, team, objective or key result on one day.

    `period_state` is ahead, running or over. `is_latest` marks the last day of each. `status` of a period or team is
    its pace. `measured` of `key_results` have a value. Scores, progress and expected are shares: 1 is the target.
    """

    frame: _Frame
    node: _NodeCells
    standing: _Standing
    pace: _Pace
    counts: _Counts


def score_groups(
    workspace: Workspace, selection: Selection, span: Span, key: Callable[[Period, date, bool], bytes | None]
) -> Iterator[RowGroup]:
    """A row for each level of each period on each day of the rhythm within the period: a group for both, day by day.

    The last row of a period is as of `until`, of a period that is over as of its last closing day; `key` is told
    whether a group is the last one.
    """
    builder = _ScoreRows(workspace, selection)
    for day, periods in sorted(_periods_by_day(workspace, span).items()):
        for period, is_latest in periods:
            yield RowGroup(partial(builder.rows_on, period, day, is_latest), key(period, day, is_latest))


def _periods_by_day(workspace: Workspace, span: Span) -> dict[date, list[tuple[Period, bool]]]:
    """The periods that have a row on a day, and whether it is their last one."""
    found: dict[date, list[tuple[Period, bool]]] = {}
    for period in workspace.periods:
        last = scoring.default_day(period, span.until, workspace.config)
        for day in span.days(period.start, last):
            if day <= period.end or day == last:
                found.setdefault(day, []).append((period, day == last))
    return found


def _expected_shares(card: Scorecard) -> dict[str, Fraction | None]:
    """What is expected of the period, its teams and objectives, by their references; filters do not change it."""
    shares: dict[str, Fraction | None] = {}
    for team in card.teams:
        for objective in team.objectives:
            shares[objective.node.ref] = trajectory.expected_of_key_results(objective.key_results)
        active = [objective for objective in team.objectives if objective.state == "active"]
        shares[_team_ref(card, team)] = _mean((shares[objective.node.ref], objective.weight) for objective in active)
    scored = [team for team in card.teams if team.score is not None]
    shares[card.period.id] = _mean((shares[_team_ref(card, team)], Fraction(1)) for team in scored)
    return shares


def _mean(parts: Iterable[tuple[Fraction | None, Fraction]]) -> Fraction | None:
    return rollup.weighted_mean((share, weight) for share, weight in parts if share is not None)


def _team_ref(card: Scorecard, team: TeamScore) -> str:
    return f"{card.period.id}/{team.team}"


class _ScoreRows:
    """Makes the rows of one scorecard after another; a part that was the same before is that part."""

    def __init__(self, workspace: Workspace, selection: Selection) -> None:
        self._workspace = workspace
        self._selection = selection
        self._values: KeyResultValues | None = None
        self._nodes: dict[object, _NodeCells] = {}
        self._standings: dict[object, _Standing] = {}
        self._paces: dict[tuple[int, str | None], _Pace] = {}
        self._counts: dict[tuple[int, int, int, int | None], _Counts] = {}

    def rows_on(self, period: Period, day: date, is_latest: bool) -> list[ScoreRow]:
        """The rows of a period on a day."""
        if self._values is None or self._values.day != day:
            self._values = KeyResultValues(self._workspace, day, reuse=self._values)
        card = scoring.build_scorecard(self._workspace, period, day, self._values)
        return list(self._rows(filter_scorecard(card, self._selection), _expected_shares(card), is_latest))

    def _rows(self, card: Scorecard, expected: dict[str, Fraction | None], is_latest: bool) -> Iterator[ScoreRow]:
        period = card.period
        in_period, in_team, in_objective, in_key_result = (
            _Frame(level, period.id, period.start, period.end, card.state, card.as_of, is_latest) for level in LEVELS
        )
        yield ScoreRow(
            in_period,
            self._node(period.id, _NodeCells(period.id, title=period.id)),
            self._standing(period.id, None, card.score, None),
            self._pace(expected[period.id], card.pace),
            self._count(None, card.measured_count, card.key_result_count, card.at_risk),
        )
        for team in card.teams:
            ref = _team_ref(card, team)
            yield ScoreRow(
                in_team,
                self._node(ref, _NodeCells(ref, team.team, title=team.name)),
                self._standing(ref, None, team.score, None),
                self._pace(expected[ref], team.pace),
                self._count(None, team.measured_count, team.key_result_count, team.at_risk),
            )
            for objective in team.objectives:
                yield self._objective_row(in_objective, objective, expected[objective.node.ref])
                for result in objective.key_results:
                    yield self._key_result_row(in_key_result, result)

    def _objective_row(self, frame: _Frame, scored: ObjectiveScore, expected: Fraction | None) -> ScoreRow:
        node = scored.node
        cells = self._nodes.get(node)
        if cells is None or cells.state != scored.state:
            model = node.model
            cells = self._nodes[node] = _NodeCells(
                node.ref, node.team, node.id, None, model.title, model.owner, scored.state, scored.weight
            )
        return ScoreRow(
            frame,
            cells,
            self._standing(node, None, scored.score, None),
            self._pace(expected, scored.status),
            self._count(scored.confidence, scored.measured_count, scored.key_result_count, scored.at_risk),
        )

    def _key_result_row(self, frame: _Frame, scored: KeyResultScore) -> ScoreRow:
        node = scored.node
        cells = self._nodes.get(node)
        if cells is None or cells.state != scored.state:
            above, model = node.objective, node.model
            cells = self._nodes[node] = _NodeCells(
                node.ref, above.team, above.id, node.id, model.title, node.owner, scored.state, scored.weight,
                scored.guardrail, scored.unit,
            )  # fmt: skip
        return ScoreRow(
            frame,
            cells,
            self._standing(node, scored.value, scored.score, scored.progress),
            self._pace(scored.expected, scored.status),
            self._count(scored.confidence, scored.computed is not None, 1, None),
        )

    def _node(self, key: str, cells: _NodeCells) -> _NodeCells:
        return self._nodes.setdefault(key, cells)

    def _standing(
        self, key: object, value: Fraction | None, score: Fraction | None, progress: Fraction | None
    ) -> _Standing:  # fmt: skip
        known = self._standings.get(key)
        if known is None or known[0] is not value or known[1] is not score or known[2] is not progress:
            known = self._standings[key] = _Standing(value, score, progress)
        return known

    def _pace(self, expected: Fraction | None, status: str | None) -> _Pace:
        """By the identity of the number, which the part keeps alive: hashing a fraction takes longer than all else."""
        key = id(expected), status
        known = self._paces.get(key)
        if known is None:
            known = self._paces[key] = _Pace(expected, status)
        return known

    def _count(self, confidence: Fraction | None, measured: int, key_results: int, at_risk: int | None) -> _Counts:
        key = id(confidence), measured, key_results, at_risk
        known = self._counts.get(key)
        if known is None:
            known = self._counts[key] = _Counts(confidence, int(measured), key_results, at_risk)
        return known


# KPIs


class _KpiCells(NamedTuple):
    kpi: str
    title: str | None
    owner: str | None
    team: str | None
    unit: str | None


class _KpiFigures(NamedTuple):
    date_: date
    is_latest: bool
    value: Fraction | None
    value_date: date | None
    change: Fraction | None
    trend: str | None
    period_change: Fraction | None
    period_trend: str | None
    alarm: str | None
    signal: str | None
    is_stale: bool
    is_computed: bool
    is_addressed: bool


class KpiRow(NamedTuple):
    """A KPI on one day, recorded or computed, as `okrctl kpi` shows it that day; values have its unit."""

    kpi: _KpiCells
    figures: _KpiFigures


def kpi_rows(workspace: Workspace, selection: Selection, span: Span) -> Iterator[KpiRow]:
    """A row for each selected KPI on each day of the rhythm, from its first reading on to `until`."""
    latest = KpiValues(workspace, span.until)
    series = ((kpi, latest.series(kpi)) for kpi in workspace.kpis.values() if selection.includes_kpi(kpi))
    begins = [(kpi, _kpi_cells(kpi), points[0].day) for kpi, points in series if points]
    first = min((day for _, _, day in begins if day <= span.until), default=None)
    for day in span.days(first, span.until) if first is not None else ():
        values, period = KpiValues(workspace, day), current_period(workspace, day)
        objectives = objectives_by_kpi(workspace, day)
        for kpi, cells, begin in begins:
            if begin <= day:
                figures = _kpi_figures(kpi_status(values, kpi, period, objectives), day, day == span.until)
                yield KpiRow(cells, figures)


def _kpi_cells(kpi: Kpi) -> _KpiCells:
    return _KpiCells(kpi.id, kpi.model.title, kpi.owner, kpi.model.team, kpi.unit)


def _kpi_figures(status: KpiStatus, day: date, is_latest: bool) -> _KpiFigures:
    return _KpiFigures(
        day, is_latest, status.value, status.value_date, status.change, status.trend, status.period_change,
        status.period_trend, status.alarm, status.signal, status.is_stale, status.is_computed, status.is_addressed,
    )  # fmt: skip


# Objectives


class _GoalCells(NamedTuple):
    level: str
    period: str
    period_start: date
    period_end: date
    period_state: str
    team: str
    objective: str
    ref: str
    date_: date
    key_result: str | None = None
    title: str | None = None
    owner: str | None = None
    parent: str | None = None
    tags: str = ""
    guardrail: bool = False
    kpi: str | None = None


class _GoalFigures(NamedTuple):
    value: Fraction | None = None
    value_date: date | None = None
    score: Fraction | None = None
    progress: Fraction | None = None
    expected: Fraction | None = None
    status: str | None = None
    confidence: Fraction | None = None
    verdict: str | None = None
    outcome: str | None = None


class GoalRow(NamedTuple):
    """An objective or a key result as it is on the day: what it is to reach, and how far it is.

    `tags` are separated by commas; `parent` is the full reference of what an objective supports.
    """

    goal: _GoalCells
    terms: Terms
    figures: _GoalFigures


def goal_rows(workspace: Workspace, selection: Selection, until: date) -> Iterator[GoalRow]:
    """A row for each selected objective and key result, on `until` or the last closing day of its period."""
    for period in workspace.periods:
        day = scoring.default_day(period, until, workspace.config)
        card = filter_scorecard(scoring.build_scorecard(workspace, period, day), selection)
        for objective in card.objectives:
            above = _objective_goal(card, objective)
            yield above
            yield from (_key_result_goal(above, result) for result in objective.key_results)


def _objective_goal(card: Scorecard, scored: ObjectiveScore) -> GoalRow:
    node, period = scored.node, card.period
    goal = _GoalCells(
        "objective",
        period.id,
        period.start,
        period.end,
        card.state,
        node.team,
        node.id,
        node.ref,
        card.as_of,
        title=node.model.title,
        owner=node.owner,
        parent=scored.parent,
        tags=", ".join(node.model.tags),
    )
    figures = _GoalFigures(
        score=scored.score,
        expected=trajectory.expected_of_key_results(scored.key_results),
        status=scored.status,
        confidence=scored.confidence,
        verdict=scored.verdict,
        outcome=node.model.outcome,
    )
    return GoalRow(goal, Terms(ambition=scored.ambition, state=scored.state, weight=scored.weight), figures)


def _key_result_goal(above: GoalRow, scored: KeyResultScore) -> GoalRow:
    node, model = scored.node, scored.node.model
    low, high = node.measure.bounds(model)
    goal = above.goal._replace(
        level="key-result",
        key_result=node.id,
        ref=node.ref,
        title=model.title,
        owner=node.owner,
        parent=None,
        tags=", ".join(model.tags),
        guardrail=scored.guardrail,
        kpi=getattr(model, "kpi", None),
    )
    terms = Terms(
        ambition=model.ambition or above.terms.ambition,
        state=scored.state,
        weight=scored.weight,
        priority=model.priority,
        measure=node.measure.name or None,
        unit=scored.unit,
        from_=scored.series.start if node.measure.has_range else None,
        to=scored.target,
        at_least=low,
        at_most=high,
        due=scored.due,
    )
    figures = _GoalFigures(
        value=scored.value,
        value_date=scored.value_date,
        score=scored.score,
        progress=scored.progress,
        expected=scored.expected,
        status=scored.status,
        confidence=scored.confidence,
    )
    return GoalRow(goal, terms, figures)
