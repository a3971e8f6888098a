"""Scores and KPIs on each day of a rhythm, and goals as they are on one day, as rows for other programs to read.

All days are gone through once, in order. What is the same on every day (the points of a key result and their running
sums) is taken over from the day before, so the cost grows with the rows and not with the days times the files.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from fractions import Fraction
from typing import Literal

from okrctl import scoring
from okrctl.analysis import trajectory
from okrctl.analysis.export_rows import NO_TERMS, Terms
from okrctl.analysis.filters import Selection, filter_scorecard
from okrctl.kpis.overview import KpiStatus, kpi_status
from okrctl.kpis.series import KpiValues, current_period
from okrctl.kpis.usage import objectives_by_kpi
from okrctl.scoring import rollup
from okrctl.scoring.scorecard import KeyResultScore, ObjectiveScore, Scorecard, TeamScore
from okrctl.scoring.values import KeyResultValues
from okrctl.values.errors import OkrctlError
from okrctl.values.period import Period
from okrctl.workspace import Workspace

Every = Literal["day", "week", "month"]
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


@dataclass(frozen=True, slots=True)
class ScoreRow:
    """A period, team, objective or key result on one day.

    `period_state` is ahead, running or over. `is_latest` marks the last day of each. `status` of a period or team is
    its pace. `measured` of `key_results` have a value. Scores, progress and expected are shares: 1 is the target.
    """

    level: str
    period: str
    period_start: date
    period_end: date
    period_state: str
    date_: date
    is_latest: bool
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
    value: Fraction | None = None
    score: Fraction | None = None
    progress: Fraction | None = None
    expected: Fraction | None = None
    status: str | None = None
    confidence: Fraction | None = None
    measured: int | None = None
    key_results: int | None = None
    at_risk: int | None = None


def score_rows(workspace: Workspace, selection: Selection, span: Span) -> Iterator[ScoreRow]:
    """A row for each level of each period on each day of the rhythm within the period, day by day.

    The last row of a period is as of `until`, of a period that is over as of its last closing day.
    """
    values: KeyResultValues | None = None
    for day, periods in sorted(_periods_by_day(workspace, span).items()):
        values = KeyResultValues(workspace, day, reuse=values)
        for period, is_latest in periods:
            card = scoring.build_scorecard(workspace, period, day, values)
            yield from _card_rows(filter_scorecard(card, selection), _expected_shares(card), is_latest)


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


def _card_rows(card: Scorecard, expected: dict[str, Fraction | None], is_latest: bool) -> Iterator[ScoreRow]:
    period = card.period
    frame = (period.id, period.start, period.end, card.state, card.as_of, is_latest)
    yield ScoreRow(
        "period", *frame, ref=period.id, title=period.id, score=card.score, expected=expected[period.id],
        status=card.pace, measured=card.measured_count, key_results=card.key_result_count, at_risk=card.at_risk,
    )  # fmt: skip
    for team in card.teams:
        ref = _team_ref(card, team)
        yield _team_row(frame, ref, team, expected[ref])
        for objective in team.objectives:
            yield _objective_row(frame, objective, expected[objective.node.ref])
            for result in objective.key_results:
                yield _key_result_row(frame, result)


_Frame = tuple[str, date, date, str, date, bool]


def _team_row(frame: _Frame, ref: str, team: TeamScore, expected: Fraction | None) -> ScoreRow:
    return ScoreRow(
        "team", *frame, ref=ref, team=team.team, title=team.name, score=team.score,
        expected=expected, status=team.pace, measured=team.measured_count,
        key_results=team.key_result_count, at_risk=team.at_risk,
    )  # fmt: skip


def _objective_row(frame: _Frame, scored: ObjectiveScore, expected: Fraction | None) -> ScoreRow:
    node = scored.node
    return ScoreRow(
        "objective", *frame, ref=node.ref, team=node.team, objective=node.id, title=node.model.title,
        owner=node.model.owner, state=scored.state, weight=scored.weight, score=scored.score,
        expected=expected, status=scored.status,
        confidence=scored.confidence, measured=scored.measured_count, key_results=scored.key_result_count,
        at_risk=scored.at_risk,
    )  # fmt: skip


def _key_result_row(frame: _Frame, scored: KeyResultScore) -> ScoreRow:
    node = scored.node
    return ScoreRow(
        "key-result", *frame, ref=node.ref, team=node.objective.team, objective=node.objective.id, key_result=node.id,
        title=node.model.title, owner=node.owner, state=scored.state, weight=scored.weight, guardrail=scored.guardrail,
        unit=scored.unit,
        value=scored.value, score=scored.score, progress=scored.progress,
        expected=scored.expected, status=scored.status, confidence=scored.confidence, measured=int(scored.measured),
        key_results=1,
    )  # fmt: skip


# KPIs


@dataclass(frozen=True, slots=True)
class KpiRow:
    """A KPI on one day, recorded or computed, as `okrctl kpi` shows it that day; values have its unit."""

    kpi: str
    title: str | None
    owner: str | None
    team: str | None
    unit: str | None
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


def kpi_rows(workspace: Workspace, selection: Selection, span: Span) -> Iterator[KpiRow]:
    """A row for each selected KPI on each day of the rhythm, from its first reading on to `until`."""
    kpis = [kpi for kpi in workspace.kpis.values() if selection.includes_kpi(kpi)]
    latest = KpiValues(workspace, span.until)
    begins = {kpi.id: series[0].day for kpi in kpis if (series := latest.series(kpi))}
    first = min((day for day in begins.values() if day <= span.until), default=None)
    for day in span.days(first, span.until) if first is not None else ():
        values, period = KpiValues(workspace, day), current_period(workspace, day)
        objectives = objectives_by_kpi(workspace, day)
        for kpi in kpis:
            if kpi.id in begins and begins[kpi.id] <= day:
                yield _kpi_row(kpi_status(values, kpi, period, objectives), day, day == span.until)


def _kpi_row(status: KpiStatus, day: date, is_latest: bool) -> KpiRow:
    kpi = status.kpi
    return KpiRow(
        kpi.id, kpi.model.title, kpi.owner, kpi.model.team, kpi.unit, day, is_latest, status.value, status.value_date,
        status.change, status.trend, status.period_change, status.period_trend, status.alarm, status.signal,
        status.is_stale, status.is_computed, status.is_addressed,
    )  # fmt: skip


# Objectives


@dataclass(frozen=True, slots=True)
class GoalRow:
    """An objective or a key result as it is on the day: what it is to reach, and how far it is.

    `tags` are separated by commas; `parent` is the full reference of what an objective supports.
    """

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
    terms: Terms = NO_TERMS
    value: Fraction | None = None
    value_date: date | None = None
    score: Fraction | None = None
    progress: Fraction | None = None
    expected: Fraction | None = None
    status: str | None = None
    confidence: Fraction | None = None
    verdict: str | None = None
    outcome: str | None = None


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
    return GoalRow(
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
        terms=Terms(ambition=scored.ambition, state=scored.state, weight=scored.weight),
        score=scored.score,
        expected=trajectory.expected_of_key_results(scored.key_results),
        status=scored.status,
        confidence=scored.confidence,
        verdict=scored.verdict,
        outcome=node.model.outcome,
    )


def _key_result_goal(above: GoalRow, scored: KeyResultScore) -> GoalRow:
    node, model = scored.node, scored.node.model
    low, high = node.measure.bounds(model)
    return replace(
        above,
        level="key-result",
        key_result=node.id,
        ref=node.ref,
        title=model.title,
        owner=node.owner,
        parent=None,
        tags=", ".join(model.tags),
        guardrail=scored.guardrail,
        kpi=getattr(model, "kpi", None),
        terms=Terms(
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
        ),
        value=scored.value,
        value_date=scored.value_date,
        score=scored.score,
        progress=scored.progress,
        expected=scored.expected,
        status=scored.status,
        confidence=scored.confidence,
        verdict=None,
        outcome=None,
    )
