"""Scores, statuses, pace and agreed versions, worked out from scoring.md alone. Nothing of okrctl is imported here.

What scoring.md leaves open and this oracle had to decide, each with its reason:

 1. A reading between the period's first day and an `added` day does not count, whatever the aggregate: the `added`
    day "takes the place of the period's first day", and readings before the first day do not count.
 2. Where an objective and its key result both have an `added` day, the later one is the first day: nothing exists
    before either.
 3. The grace holds for the days 0 to `grace_days` - 1 after the first day: "the first 7 days" are seven days.
 4. A running day is a running one to its end: an interval or a period is over on the day after its last, as the page
    says of periods. A slot counts from its last day on, since everything that was read that day is known.
 5. A rollup whose members all lie ahead is the sum of zeros, 0, for `sum`, and `no data` for the others; as a member
    it lies ahead itself ("all this holds for members that are rollups themselves"). One whose own period lies ahead
    has no value, whatever its members have.
 6. A key result that is over and has no reading is `no data`, typed or not: the table asks for a reading; "a typed
    score counts as data" is said of objectives. With a reading its typed score is the one that the table judges.
    A typed score of a period ahead gives no score.
 7. A key result in an objective that is not active is not active on the day either.
 8. What was typed, done, graded and read since the agreement belongs to "today's readings"; states, dues, plans and
    weights belong to what was agreed.
 9. KPIs are today's in the agreed version, readings and formula: they are not part of a period.
10. A slot's "last reading" is the last of the sums and means below the formula; `latest` inputs are carried and
    decide nothing about where a slot belongs. The running slot has "as many readings as the one before" where this
    holds for each of them; the one before is the newest one with readings, and with none there is nothing to go by.
11. "With one reading a slot" holds for an input whose cadence is the slot's.
12. The inputs' figures for several slots: a sum is divided by their number, a mean is the mean of all its readings
    there, a `latest` input has its newest value at the end of the last one, an input formula the figure for the same
    slots (its own slots inside them where its cadence is finer).
13. A formula over a formula over sums is itself worked out for slots, even where it has no sum of its own.
14. The default `from` of a key result on such a formula is the newest slot that ended by the first day.
15. The pace of an objective scored by hand takes the weighted mean expectation of those of its key results that have
    one; with none it does not enter. Such an objective counts as read.
16. A key result on a KPI without a start, and one whose `to` is TBD, is `no data` as a whole: no value is shown.
17. `--known-at` alone asks for the commit's day, for a period that was over at the latest for its last closing day,
    as everywhere where no day is given.
18. The change of an input whose slots are of another length than its formula's is not split further: the parts below
    would not add up to it.
19. A rollup of members that all lie ahead has a value and no reading, so that there is no word that could be old.
20. The period's last day takes the late readings of the closing days in their own order: the newest one is the value.

Left out of the generator because the page says too little: a KPI with readings and a formula, `held` on a formula,
`done` dates before the first day, several typed scores over time, formulas without named or inferable cadences.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from copy import deepcopy
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from typing import Literal

from tests.oracle import kpis
from tests.oracle.values import Commit, KeyResult, Objective, Period, Place, Settings, Sheet, Typed, Workspace

DAY = timedelta(days=1)
WORST_FIRST = ("at risk", "no data", "behind", "stale", "starting", "on track", "achieved")
Stand = Literal["ahead", "running", "over"]


@dataclass(frozen=True)
class KeyResultFigures:
    """What the oracle says of one key result."""

    place: Place
    value: Fraction | None
    value_date: date | None
    start: Fraction | None
    to: Fraction | None
    progress: Fraction | None
    computed: Fraction | None
    score: Fraction | None
    by_hand: bool
    measured: bool
    counted: bool
    active: bool
    expected: Fraction | None
    status: str | None
    broken: bool | None


@dataclass(frozen=True)
class ObjectiveFigures:
    """What the oracle says of one objective."""

    sheet: Sheet
    objective: Objective
    stand: Stand
    score: Fraction | None
    computed: Fraction | None
    by_hand: bool
    active: bool
    measured: int
    status: str | None
    at_risk: int | None
    key_results: tuple[KeyResultFigures, ...]


@dataclass(frozen=True)
class TeamFigures:
    """What the oracle says of one team in one period."""

    team: str
    score: Fraction | None
    measured: int
    key_results: int
    pace: str | None
    at_risk: int | None
    objectives: tuple[ObjectiveFigures, ...]


@dataclass(frozen=True)
class PeriodFigures:
    """What the oracle says of a period."""

    period: Period
    stand: Stand
    score: Fraction | None
    measured: int
    key_results: int
    pace: str | None
    at_risk: int | None
    teams: tuple[TeamFigures, ...]


# Days


def stand(period: Period, day: date) -> Stand:
    """Whether a period is ahead, running or over on a day."""
    return "ahead" if day < period.start else "over" if day > period.end else "running"


def there(thing: Objective | KeyResult, day: date) -> bool:
    """Nothing exists before its `added` day."""
    return thing.added is None or thing.added <= day


def is_active(thing: Objective | KeyResult, day: date) -> bool:
    """Whether it counts on the day; a state with a `since` acts from that day on."""
    return thing.state == "active" or (thing.since is not None and thing.since > day)


def first_day(place: Place) -> date:
    """The first day of a key result."""
    added = (place.objective.added, place.key_result.added)
    return max([place.sheet.period.start, *(day for day in added if day)])


def due_day(place: Place) -> date:
    """The day from which the whole way is expected, never outside the period."""
    period = place.sheet.period
    return min(max(place.key_result.due or period.end, first_day(place)), period.end)


def word_days(place: Place, day: date, settings: Settings) -> list[date]:
    """Days of own readings that count, with or without a value; late ones moved to the last day."""
    return [when for when, _ in _own(place, day, settings, words=True)]


def _own(place: Place, day: date, settings: Settings, words: bool = False) -> list[tuple[date, Fraction]]:
    """The own readings that count by the day, oldest first; those of the closing days as of the last day."""
    one, period = place.key_result, place.sheet.period
    closing = 0 if one.aggregate == "sum" and not words else settings.closing_days
    last = min(day, period.end + timedelta(days=closing))
    return [
        (min(when, period.end), Fraction(value or 0))
        for when, value in sorted(one.readings.items())
        if first_day(place) <= when <= last and (words or value is not None)
    ]


# Values


def value(workspace: Workspace, place: Place, day: date) -> tuple[Fraction | None, date | None]:
    """The value on the day with its day."""
    one, period = place.key_result, place.sheet.period
    if not there(place.objective, day) or not there(one, day):
        return None, None
    tbd = one.measure == "metric" and one.to is None
    if day < period.start or tbd:
        return None, None
    if one.rollup:
        return rolled_up(workspace, place, day)
    if one.kpi:
        if one.measure in ("metric", "change") and start_of(workspace, place, day) is None:
            return None, None
        return kpis.inside(workspace, workspace.kpi(one.kpi), (first_day(place), min(day, period.end)), day)
    readings = _own(place, day, workspace.settings)
    if not readings:
        return None, None
    values = [number for _, number in readings]
    total = sum(values, Fraction())
    chosen = {"latest": values[-1], "sum": total, "mean": total / len(values)}[one.aggregate]
    return chosen, readings[-1][0]


def rolled_up(workspace: Workspace, place: Place, day: date) -> tuple[Fraction | None, date | None]:
    """A rollup's value: members ahead count 0 in a sum and are left out of the others; others must have a value."""
    one = place.key_result
    found: list[Fraction] = []
    dates: list[date] = []
    for uid in one.members:
        member = workspace.place(uid)
        assert member is not None
        ahead = lies_ahead(workspace, member, day)
        number, when = (None, None) if ahead else value(workspace, member, day)
        if number is None and not ahead:
            return None, None
        if number is not None:
            found.append(number)
        dates += [when] if when else []
    if not found:
        return (Fraction() if one.rollup == "sum" else None), None
    total = sum(found, Fraction())
    chosen = {"sum": total, "mean": total / len(found), "min": min(found), "max": max(found)}[one.rollup or "sum"]
    return chosen, min(dates, default=None)


def lies_ahead(workspace: Workspace, place: Place, day: date) -> bool:
    """Whether its period lies ahead, or it is a rollup of nothing but such members."""
    members = [workspace.place(uid) for uid in place.key_result.members]
    ahead = place.sheet.period.start > day
    return ahead or bool(members and all(member and lies_ahead(workspace, member, day) for member in members))


def start_of(workspace: Workspace, place: Place, day: date) -> Fraction | None:
    """`from`: as written, else a KPI's newest value not later than the first day, else 0."""
    one = place.key_result
    if one.start is not None:
        return Fraction(one.start)
    if one.kpi is None:
        return Fraction()
    kpi = workspace.kpi(one.kpi)
    return Fraction() if kpi.aggregate == "sum" else kpis.newest_not_later(workspace, kpi, min(first_day(place), day))


def end_of(one: KeyResult, start: Fraction | None) -> Fraction | None:
    """`to`, for a change worked out from `from`."""
    if one.to is not None:
        return Fraction(one.to)
    if one.change is None or start is None:
        return None
    text = one.change
    if text.startswith("x"):
        return start * Fraction(text[1:])
    if text.endswith("pp"):
        return start + Fraction(text[:-2])
    if text.endswith("%"):
        return start * (1 + Fraction(text[:-1]) / 100)
    return start + Fraction(text)


# Progress


def in_bounds(one: KeyResult, number: Fraction) -> bool:
    """Whether a value is on the right side of a limit or exactly on its bound."""
    above = one.at_least is None or number >= Fraction(one.at_least)
    return above and (one.at_most is None or number <= Fraction(one.at_most))


def progress(workspace: Workspace, place: Place, day: date) -> Fraction | None:
    """How far a key result has come, as it is; None without data."""
    one = place.key_result
    if day < place.sheet.period.start:
        return None
    if one.measure in ("done", "milestones"):
        return _steps_done(place, day)
    number, _ = value(workspace, place, day)
    if number is None:
        return None
    if one.measure == "limit":
        return held(workspace, place, day) if one.judge == "held" else Fraction(in_bounds(one, number))
    if one.measure == "graded":
        reached = [Fraction(step) for step in one.steps if Fraction(step) <= number]
        return max(reached, default=Fraction()) if one.steps else number
    start = start_of(workspace, place, day)
    to = end_of(one, start)
    return None if start is None or to is None else (number - start) / (to - start)


def _steps_done(place: Place, day: date) -> Fraction:
    one, last = place.key_result, min(day, place.sheet.period.end)
    if one.measure == "done":
        return Fraction(one.done is not False and one.done <= last)
    weights = [(Fraction(step.weight or 1), step.done) for step in one.milestones]
    return sum((weight for weight, done in weights if done and done <= last), Fraction()) / sum(w for w, _ in weights)


def held(workspace: Workspace, place: Place, day: date) -> Fraction:
    """The share of the intervals so far that were in bounds."""
    one, period = place.key_result, place.sheet.period
    readings = judged_readings(workspace, place, day)
    spans = intervals(cadence_of(workspace, one), first_day(place), period.end)
    found = [[number for when, number in readings if first <= when <= last] for first, last, _ in spans]
    good = counted = 0
    for number, (first, last, whole) in enumerate(spans):
        if first > day:
            break
        following = found[number + 1] if number + 1 < len(spans) else []
        taken = found[number][-1] if found[number] else following[0] if len(following) > 1 else None
        if taken is None and (day <= last or not whole):
            continue
        counted += 1
        good += taken is not None and in_bounds(one, taken)
    return Fraction(good, counted)


def judged_readings(workspace: Workspace, place: Place, day: date) -> list[tuple[date, Fraction]]:
    """The dated values of a limit inside its period."""
    one = place.key_result
    if one.kpi is None:
        return _own(place, day, workspace.settings)
    last = min(day, place.sheet.period.end)
    known = kpis.points(workspace, workspace.kpi(one.kpi))
    return [(when, number) for when, number in known.items() if first_day(place) <= when <= last]


def intervals(cadence: str, first: date, last: date) -> list[tuple[date, date, bool]]:
    """The intervals of a cadence from the first day, the last one cut, each with whether it is whole."""
    found: list[tuple[date, date, bool]] = []
    number = 0
    while (begin := _step(cadence, first, number)) <= last:
        end = _step(cadence, first, number + 1) - DAY
        found.append((begin, min(end, last), end <= last))
        number += 1
    return found


def _step(cadence: str, first: date, number: int) -> date:
    if cadence not in ("monthly", "quarterly"):
        return first + timedelta(days=kpis.length(cadence) * number)
    month = first.month - 1 + number * (1 if cadence == "monthly" else 3)
    year, month = first.year + month // 12, month % 12 + 1
    following = date(year + month // 12, month % 12 + 1, 1)
    return date(year, month, min(first.day, (following - DAY).day))


def cadence_of(workspace: Workspace, one: KeyResult) -> str:
    """The key result's cadence, else its KPI's, else the default of key results."""
    if one.cadence:
        return one.cadence
    return kpis.cadence_of(workspace, workspace.kpi(one.kpi)) if one.kpi else "fortnightly"


def between(number: Fraction | None, settings: Settings) -> Fraction | None:
    """A progress held between floor and cap."""
    if number is None:
        return None
    low = number if settings.floor is None else max(number, Fraction(settings.floor))
    return low if settings.cap is None else min(low, Fraction(settings.cap))


# Expectation


def expected(workspace: Workspace, place: Place, day: date) -> Fraction | None:
    """The share of the way that is expected on the day; None for a limit."""
    one = place.key_result
    due = due_day(place)
    if one.measure == "limit":
        return None
    if one.measure == "done":
        return Fraction(day > due)
    if one.measure == "milestones":
        line = _line(first_day(place), due, day)
        weights = [(Fraction(step.weight or 1), step.due) for step in one.milestones]
        so_far = sum((weight * (Fraction(day > step) if step else line) for weight, step in weights), Fraction())
        return so_far / sum(weight for weight, _ in weights)
    return _planned(workspace, place, day) if one.plan else _line(first_day(place), due, day)


def _line(first: date, last: date, day: date) -> Fraction:
    if day >= last:
        return Fraction(1)
    return Fraction(max((day - first).days, 0), (last - first).days)


def _planned(workspace: Workspace, place: Place, day: date) -> Fraction | None:
    if day >= due_day(place):
        return Fraction(1)
    start = start_of(workspace, place, day)
    to = end_of(place.key_result, start)
    if start is None or to is None:
        return None
    path = {first_day(place): start} | {when: Fraction(goal) for when, goal in place.key_result.plan.items()}
    path[due_day(place)] = to
    days = sorted(path)
    after = next(number for number, when in enumerate(days) if when > max(day, days[0]))
    left, right = days[after - 1], days[after]
    wanted = path[left] + (path[right] - path[left]) * _line(left, right, day)
    return (wanted - start) / (to - start)


# One key result


def key_result(workspace: Workspace, place: Place, day: date) -> KeyResultFigures:
    """All figures of one key result on a day."""
    one, settings = place.key_result, workspace.settings
    ahead = stand(place.sheet.period, day) == "ahead"
    number, when = value(workspace, place, day)
    way = progress(workspace, place, day)
    computed = between(way, settings)
    typed = None if ahead else _typed(one.score, day)
    active = is_active(one, day) and is_active(place.objective, day)
    score = typed if typed is not None else computed
    start = start_of(workspace, place, day) if one.measure in ("metric", "change") else None
    entering = is_active(one, day) and not one.guards and not ahead
    counted = entering and (score is not None or settings.missing == "zero")
    newest = (
        None if number is None or one.measure != "limit" else in_bounds(one, _judged(workspace, place, day, number))
    )
    return KeyResultFigures(
        place,
        number,
        when,
        start,
        end_of(one, start) if one.measure in ("metric", "change") else None,
        way,
        computed,
        score,
        typed is not None,
        way is not None,
        counted,
        active,
        expected(workspace, place, day),
        _status(workspace, place, day, way, score, newest) if active else None,
        None if newest is None or not one.guards else not newest,
    )


def _judged(workspace: Workspace, place: Place, day: date, number: Fraction) -> Fraction:
    """The value that a limit is judged by: for `held` its newest reading."""
    return judged_readings(workspace, place, day)[-1][1] if place.key_result.judge == "held" else number


def _typed(score: Typed | None, day: date) -> Fraction | None:
    return Fraction(score.value) if score and (score.date is None or score.date <= day) else None


def _status(
    workspace: Workspace, place: Place, day: date, way: Fraction | None, score: Fraction | None, inside: bool | None
) -> str:
    one, settings, period = place.key_result, workspace.settings, place.sheet.period
    if day < period.start:
        return "not started"
    if day > period.end:
        return _closed(None if way is None else score, one.ambition or place.objective.ambition, settings)
    grace = day < first_day(place) + timedelta(days=settings.grace_days)
    if way is None:
        return "starting" if grace else "no data"
    if one.measure == "limit":
        if not inside:
            return "at risk"
        if grace:
            return "starting"
    elif running := _against_pace(way, expected(workspace, place, day), grace, settings):
        return running
    newest = newest_word(workspace, place, day)
    late = newest is not None and 2 * (day - newest).days > 3 * kpis.length(cadence_of(workspace, one))
    return "stale" if late else "on track"


def _against_pace(way: Fraction, wanted: Fraction | None, grace: bool, settings: Settings) -> str | None:
    if way >= 1:
        return "achieved"
    if grace:
        return "starting"
    behind = (wanted or Fraction()) - way
    return _words(behind, settings)


def _words(behind: Fraction, settings: Settings) -> str | None:
    """The word for being that far behind, where there is one."""
    if behind * 100 > settings.at_risk:
        return "at risk"
    return "behind" if behind * 100 > settings.behind else None


def _closed(score: Fraction | None, ambition: str | None, settings: Settings) -> str:
    if score is None:
        return "no data"
    if score >= 1:
        return "achieved"
    return "succeeded" if ambition != "committed" and score >= Fraction(settings.success) else "missed"


def newest_word(workspace: Workspace, place: Place, day: date) -> date | None:
    """The day of the newest word on a key result."""
    one, last = place.key_result, min(day, place.sheet.period.end)
    if one.rollup or one.kpi:
        return value(workspace, place, day)[1]
    days = word_days(place, day, workspace.settings)
    if one.measure in ("done", "milestones"):
        steps = [one.done, *(step.done for step in one.milestones)]
        days += [first_day(place), *(step for step in steps if step and step <= last)]
    return max(days, default=None)


# From key results upward


def mean(pairs: Iterable[tuple[Fraction, Fraction | None]]) -> Fraction | None:
    """The mean of weighted numbers; what has none is left out."""
    known = [(weight, number) for weight, number in pairs if number is not None]
    total = sum(weight for weight, _ in known)
    return sum((weight * number for weight, number in known), Fraction()) / total if known else None


def weight(thing: Objective | KeyResult) -> Fraction:
    """The weight, 1 where none is written."""
    return Fraction(thing.weight) if thing.weight is not None else Fraction(1)


def objective(workspace: Workspace, sheet: Sheet, one: Objective, day: date) -> ObjectiveFigures:
    """All figures of one objective on a day."""
    places = [Place(sheet, one, result) for result in one.key_results if there(result, day)]
    found = tuple(key_result(workspace, place, day) for place in places)
    entering = [figures for figures in found if figures.counted]
    computed = mean((weight(each.place.key_result), each.score or Fraction()) for each in entering)
    typed = None if day < sheet.period.start else _typed(one.score, day)
    score = computed if typed is None else typed
    active = is_active(one, day)
    counted = [each for each in found if each.active and not each.place.key_result.guards]
    measured = sum(each.measured for each in counted)
    over = stand(sheet.period, day) == "over"
    risks = sum(each.status == "at risk" for each in found)
    status = _objective_status(workspace, sheet, one, day, found, score, measured, typed is not None)
    return ObjectiveFigures(
        sheet, one, stand(sheet.period, day), score, computed, typed is not None, active, measured,
        status if active else None, None if over else risks, found,
    )  # fmt: skip


def _objective_status(
    workspace: Workspace,
    sheet: Sheet,
    one: Objective,
    day: date,
    found: Sequence[KeyResultFigures],
    score: Fraction | None,
    measured: int,
    typed: bool,
) -> str | None:
    match stand(sheet.period, day):
        case "ahead":
            return "not started"
        case "over":
            by_hand = typed or any(each.by_hand and each.counted for each in found)
            return _closed(score if measured or by_hand else None, one.ambition, workspace.settings)
    words = [each.status for each in found if each.broken or not each.place.key_result.guards]
    return min((word for word in words if word), key=WORST_FIRST.index, default=None)


def period(workspace: Workspace, asked: Period, day: date) -> PeriodFigures:
    """All figures of a period on a day."""
    sheets = [sheet for sheet in workspace.sheets if sheet.period == asked]
    teams = tuple(_team(workspace, sheet, day) for sheet in sheets if sheet.objectives)
    over = stand(asked, day) == "over"
    return PeriodFigures(
        asked,
        stand(asked, day),
        mean((Fraction(1), team.score) for team in teams),
        sum(team.measured for team in teams),
        sum(team.key_results for team in teams),
        pace(workspace, asked, day, teams),
        None if over else sum(team.at_risk or 0 for team in teams),
        teams,
    )


def _team(workspace: Workspace, sheet: Sheet, day: date) -> TeamFigures:
    found = tuple(objective(workspace, sheet, one, day) for one in sheet.objectives if there(one, day))
    active = [each for each in found if each.active]
    results = [each for one in active for each in one.key_results if each.active and not each.place.key_result.guards]
    over = stand(sheet.period, day) == "over"
    figures = TeamFigures(
        sheet.team,
        mean((weight(each.objective), each.score) for each in active),
        sum(each.measured for each in active),
        len(results),
        None,
        None if over else sum(each.at_risk or 0 for each in active),
        found,
    )
    word = pace(workspace, sheet.period, day, [figures])
    return TeamFigures(figures.team, figures.score, figures.measured, figures.key_results, word, figures.at_risk, found)


# Pace of teams and periods


@dataclass(frozen=True)
class Entry:
    """One figure of a pace: its weight in the score, how far it lies behind (0 or less), read and stale."""

    weight: Fraction
    behind: Fraction | None
    read: bool
    stale: bool


def pace(workspace: Workspace, asked: Period, day: date, teams: Sequence[TeamFigures]) -> str | None:
    """The word for a team (one in `teams`) or a period."""
    settings = workspace.settings
    where = stand(asked, day)
    if where == "ahead":
        return "not started"
    if where == "over" or all(team.score is None for team in teams):
        return None
    if day < asked.start + timedelta(days=settings.grace_days):
        return "starting"
    shares = [entry for team in teams for entry in _entries(workspace, team, day, lambda each: each.counted)]
    everything = [entry for team in teams for entry in _entries(workspace, team, day, lambda each: each.active)]
    whole = sum((entry.weight for entry in everything), Fraction())
    if 2 * sum((entry.weight for entry in everything if entry.read), Fraction()) < whole:
        return "no data"
    figure = mean((entry.weight, entry.behind) for entry in shares)
    if figure is not None and (word := _words(-figure, settings)):
        return word
    stale = sum((entry.weight for entry in everything if entry.stale), Fraction())
    return "stale" if 2 * stale > whole else "on track"


def _entries(
    workspace: Workspace, team: TeamFigures, day: date, chosen: Callable[[KeyResultFigures], bool]
) -> list[Entry]:
    """The team's key results, each with its share in the team's score."""
    active = [each for each in team.objectives if each.active]
    sets = [
        (one, [each for each in one.key_results if chosen(each) and not each.place.key_result.guards]) for one in active
    ]
    sets = [(one, results) for one, results in sets if results or one.by_hand]
    total = sum((weight(one.objective) for one, _ in sets), Fraction())
    found: list[Entry] = []
    for one, results in sets:
        share = weight(one.objective) / total
        if one.by_hand:
            found.append(_by_hand(one, results, share))
            continue
        whole = sum((weight(each.place.key_result) for each in results), Fraction())
        found += [_entry(each, share * weight(each.place.key_result) / whole) for each in results]
    return found


def _by_hand(one: ObjectiveFigures, results: Sequence[KeyResultFigures], share: Fraction) -> Entry:
    wanted = mean((weight(each.place.key_result), each.expected) for each in results)
    behind = None if wanted is None or one.score is None else min(one.score - wanted, Fraction())
    return Entry(share, behind, True, one.status == "stale")


def _entry(each: KeyResultFigures, share: Fraction) -> Entry:
    stale, read = each.status == "stale", each.measured or each.by_hand
    if each.place.key_result.measure == "limit":
        behind = None if not each.measured else Fraction(0 if each.status != "at risk" else -1)
        return Entry(share, behind, read, stale)
    behind = min((each.score or Fraction()) - (each.expected or Fraction()), Fraction())
    return Entry(share, behind, read, stale)


# What was agreed


def agreed_commit(history: Sequence[Commit], asked: Period, settings: Settings) -> Commit | None:
    """The newest commit with the period not later than `agree_days` after its first day, else the first with it."""
    holding = [one for one in history if any(s.period == asked and s.objectives for s in one.workspace.sheets)]
    limit = asked.start + timedelta(days=settings.agree_days)
    early = [one for one in holding if one.day <= limit]
    return early[-1] if early else holding[0] if holding else None


def agreed_form(history: Sequence[Commit], asked: Period) -> Workspace | None:
    """The agreed workspace with today's readings, settings and KPIs; what was dropped since has its last readings."""
    today = history[-1].workspace
    commit = agreed_commit(history, asked, today.settings)
    if commit is None:
        return None
    form = deepcopy(commit.workspace)
    form.settings, form.kpis = today.settings, today.kpis
    for place in form.places():
        last = next(found for one in reversed(history) if (found := one.workspace.place(place.key_result.uid)))
        _read_again(place.key_result, last.key_result)
    return form


def _read_again(agreed: KeyResult, last: KeyResult) -> None:
    agreed.readings, agreed.done = last.readings, last.done
    days = {step.title: step.done for step in last.milestones}
    for step in agreed.milestones:
        step.done = days.get(step.title, step.done)


# Easier or harder


def effect_of_numbers(old: tuple[Fraction, Fraction], new: tuple[Fraction, Fraction]) -> str:
    """What other `from` and `to` do to a metric: the progress of the old `to`, then of the old midpoint."""
    for number, border in ((old[1], Fraction(1)), ((old[0] + old[1]) / 2, Fraction(1, 2))):
        way = (number - new[0]) / (new[1] - new[0])
        if way != border:
            return "relaxed" if way > border else "tightened"
    return "neutral"


def effect_of_bounds(old: KeyResult, new: KeyResult) -> str:
    """What other bounds do to a limit: any more allowed values relax it."""
    if _wider(old.at_least, new.at_least, -1) or _wider(old.at_most, new.at_most, 1):
        return "relaxed"
    return "neutral" if (old.at_least, old.at_most) == (new.at_least, new.at_most) else "tightened"


def _wider(old: object, new: object, sign: int) -> bool:
    if old is None:
        return False
    return new is None or sign * (Fraction(str(new)) - Fraction(str(old))) > 0
