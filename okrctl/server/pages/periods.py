"""The periods: how each one stands, and one of them on any of its days, as it was known at any commit."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from typing import NamedTuple

from starlette.responses import Response

from okrctl import scoring
from okrctl.analysis import trajectory
from okrctl.analysis.comparison import PeriodComparison
from okrctl.analysis.filters import filter_scorecard, search_scorecard
from okrctl.analysis.period_report import PeriodReport
from okrctl.operations import revisions
from okrctl.operations.load import Filters
from okrctl.operations.periods import PeriodRequest, PeriodSummary, PeriodView, list_periods, show_period
from okrctl.outputs.reports import html, page_text
from okrctl.outputs.reports.numbers import write_score_change
from okrctl.outputs.text import scorecard as wording
from okrctl.outputs.view import Bar, Cell, Column, Row, Table
from okrctl.schema.settings import COMPANY
from okrctl.scoring.scorecard import Scorecard, ScoreComparison, TeamScore
from okrctl.server.goals import ServedGoals
from okrctl.server.history import commits_by_month
from okrctl.server.links import ServerLinks, goals_by_ref, period_address, team_address
from okrctl.server.page import Page
from okrctl.server.period_end import period_end
from okrctl.server.visit import Visit
from okrctl.values.errors import OkrctlError
from okrctl.values.period import Period

MAX_OBJECTIVES = 60  # on a page, unless all are asked for
MAX_OPEN = 12  # objectives that a search opens


def periods(visit: Visit) -> Response:
    """All periods."""
    if not visit.workspace.periods:
        return visit.render("empty.html", title="Periods")
    found = list_periods(visit.project)
    columns = (
        Column("Period"), Column("Days", "days"), Column("Score", "progress"), Column("Key results", "results"),
    )  # fmt: skip
    return visit.render(
        "periods.html",
        title="Periods",
        periods=Table(columns, [_summary_row(each) for each in found.periods], "The newest first"),
        trends=[(trend, _trend_table(trend.comparison, trend.cards)) for trend in found.trends],
        describe_scores=_describe_scores,
    )


def _summary_row(each: PeriodSummary) -> Row:
    card = each.card
    expected = trajectory.expected_of_period(card) if card.state == "running" else None
    bar = Bar(card.score, expected) if card.score is not None else None
    notes = tuple(Cell(text) for text in (page_text.count_reached(card),) if text)
    state = wording.period_state(card) + (", sealed" if each.is_sealed else "")
    return Row((
        Cell(card.period.id, href=period_address(card.period.id)),
        Cell(f"{card.period.start} to {card.period.end}", notes=(Cell(state),)),
        Cell(wording.score(card.score, card.precision), status=card.pace, bar=bar, notes=notes),
        Cell(wording.measured_count(card)),
    ))  # fmt: skip


def _trend_table(compared: ScoreComparison, cards: Sequence[Scorecard]) -> Table:
    columns = (
        Column("Team"), *(Column(card.period.id, "score", True) for card in reversed(cards)),
        Column("Change", "change", True),
    )  # fmt: skip
    rows = [
        Row((
            Cell(_line_name(line), "name", href=team_address(line.id) if line.id else None),
            *(Cell(wording.score(score, line.precision)) for score in reversed(line.scores)),
            Cell(write_score_change(line.change)),
        ))
        for line in (*compared.children, compared)
    ]  # fmt: skip
    return Table(columns, rows, "Scores of the teams by period, the newest first")


def _line_name(line: ScoreComparison) -> str:
    return _team_name(line.id, line.title) or "All teams"


def _team_name(id: str, name: str) -> str:
    return "Company" if id == name == COMPANY else name


def _describe_scores(compared: ScoreComparison, names: Sequence[str]) -> str:
    pairs = zip(names, compared.scores, strict=True)
    return "Scores: " + ", ".join(f"{wording.score(score, compared.precision)} in {name}" for name, score in pairs)


# One period


class Chosen(NamedTuple):
    """What an address asks of a period: the view, and the lines of it."""

    request: PeriodRequest
    filters: Filters
    statuses: tuple[str, ...]
    words: str

    @property
    def has_filters(self) -> bool:
        """Whether lines are left out."""
        return bool(self.filters.teams or self.filters.owners or self.statuses or self.words)

    @property
    def seeks_key_results(self) -> bool:
        """Whether the objectives open to show which of their key results fit."""
        return bool(self.filters.owners or self.statuses or self.words)


class Note(NamedTuple):
    """A line below a scorecard; of a finding its rule, and the goal that it is about."""

    text: str
    rule: str = ""
    title: str = ""
    href: str = ""


class Days(NamedTuple):
    """The days of a period that can be chosen; `length` is how many, `place` the one that is shown, from 0."""

    first: date
    last: date
    length: int
    place: int


def period(visit: Visit) -> Response:
    """One period; what cannot be shown comes with the controls, so that something else can be chosen."""
    chosen = _read_choice(visit)
    try:
        view = _view(visit, chosen.request)
        shown = _apply_filters(chosen, view)
    except OkrctlError as error:
        known = next((each for each in visit.workspace.periods if each.id == chosen.request.period), None)
        if known is None or not visit.request.query_params:
            raise
        return _show_problem(visit, chosen, known, error)
    id = view.report.card.period.id
    if id != chosen.request.period:
        return visit.redirect(visit.address().replace(visit.path, period_address(id), 1))
    return _show(visit, chosen, view, shown)


def _read_choice(visit: Visit) -> Chosen:
    request = PeriodRequest(
        visit.path_name("id"),
        known_at=visit.query("known_at") or None,
        use_agreed=visit.query("agreed") == "1",
        beside=visit.query("beside") or None,
    )
    filters = Filters(tuple(visit.queries("team")), tuple(visit.queries("owner")))
    return Chosen(request, filters, tuple(visit.queries("status")), visit.query("words"))


def _view(visit: Visit, request: PeriodRequest) -> PeriodView:
    """The view, kept for other filters on the same day; of a past commit as long as it can be reached."""
    request = replace(request, as_of=visit.query_day("as_of"))
    state: object = None
    key: object = request
    if request.known_at is None:
        state = visit.served.state()
    else:
        commit = revisions.find_commit(visit.project, request.known_at)
        key = (commit.id, request)
    return visit.served.remember_answer(("period", key), state, lambda: show_period(visit.project, request))


def _apply_filters(chosen: Chosen, view: PeriodView) -> PeriodReport:
    """The report with the objectives and key results that fit; its figures are those of the period."""
    selection = chosen.filters.select(view.workspace)
    card = search_scorecard(filter_scorecard(view.report.card, selection), chosen.statuses, chosen.words)
    return replace(view.report, card=card)


def _show(visit: Visit, chosen: Chosen, view: PeriodView, shown: PeriodReport) -> Response:
    report, links = view.report, visit.links
    card = report.card
    is_present = view.commit is None
    days = _days(card.period, view.today, card.as_of)
    objectives = shown.card.objectives
    end = period_end(visit, card.period, is_sealed=view.is_sealed) if not visit.query("as_of") else None
    return visit.render(
        "period.html",
        title=card.period.id,
        chosen=chosen,
        view=view,
        report=report,
        shown=shown,
        error=None,
        days=days,
        default_day=scoring.default_day(card.period, view.today, view.workspace.config),
        months=commits_by_month(visit, view.commit),
        others=view.others,
        choices=html.filters(report),
        goals=ServedGoals(report, links),
        links=links,
        figures=html.figures_table(report),
        day_figures_table=html.day_figures_table,
        teams=html.teams_table(report, links),
        differences=_differences_table(view, links),
        notes=_notes(view, links),
        comparison=_comparison_table(view.comparison) if view.comparison else None,
        counts=", ".join((page_text.count_objectives(objectives), page_text.count_key_results(objectives))),
        shown_teams=_first_teams(shown.card.teams, None if visit.query("all") == "1" else MAX_OBJECTIVES),
        open_all=len(shown.card.objectives) in range(1, 2 + MAX_OPEN * chosen.seeks_key_results),
        can_check_in=is_present and card.state == "running" and visit.can("checkin"),
        ends=[end] if is_present and end is not None else [],
    )


def _show_problem(visit: Visit, chosen: Chosen, known: Period, error: OkrctlError) -> Response:
    others = [each for each in visit.workspace.periods if each.id != known.id]
    return visit.render(
        "period.html", 400, title=known.id, chosen=chosen, view=None, error=error,
        days=_days(known, visit.today, visit.today), months=commits_by_month(visit, None), others=others,
    )  # fmt: skip


def _days(shown: Period, today: date, day: date) -> Days:
    last = max(min(shown.end, today), shown.start)
    return Days(shown.start, last, (last - shown.start).days + 1, (min(max(day, shown.start), last) - shown.start).days)


def _differences_table(view: PeriodView, links: ServerLinks) -> Table:
    """What is no longer as it was agreed, by the titles of the goals that are still there."""
    table = html.differences_table(view.report, links)
    titles = {ref: wording.title(node) for ref, node in goals_by_ref(view.workspace).items()}
    differences = view.report.card.agreed.differences if view.report.card.agreed else []
    for number, difference in enumerate(differences):
        title = titles.get(difference.ref)
        head, *cells = table.rows[number].cells
        if title is not None:
            named = Cell(title, "name", href=head.href)
            table.rows[number] = table.rows[number]._replace(cells=(named, *cells))
    return table


def _notes(view: PeriodView, links: ServerLinks) -> list[Note]:
    """The lines below the scorecard; the one about the agreed targets is a table here."""
    card = view.report.card
    texts = (text for text in view.report.notes if not text.startswith(f"{card.period.id} scores "))
    return [_read_note(text, links) for text in texts]


def _read_note(text: str, links: ServerLinks) -> Note:
    """A note; a finding such as `OKR701 sandbagging: REF: what it says` with the goal that it is about."""
    rule, _, rest = text.partition(": ")
    ref, _, said = rest.partition(": ")
    href = links.goal(ref)
    return Note(text) if href is None else Note(said, rule, links.title(ref), href)


def _first_teams(teams: Sequence[TeamScore], most: int | None) -> list[TeamScore]:
    """The teams with at most so many objectives in all; None for any number."""
    found: list[TeamScore] = []
    left = sum(len(team.objectives) for team in teams) if most is None else most
    for team in teams:
        objectives = team.objectives[:left]
        left -= len(objectives)
        found += [replace(team, objectives=objectives)] if objectives else []
    return found


def _comparison_table(compared: PeriodComparison) -> Table:
    """Two periods side by side: teams, their objectives, and these by what they have in common."""
    columns = (
        Column("Goal"),
        *(Column(f"{card.period.id}, {_day_of(card)}", "score", True) for card in compared.cards),
        Column("Change", "change", True),
    )
    rows = list(_comparison_rows(compared.scores, 0))
    return Table(columns, rows, f"Scores of {' and '.join(card.period.id for card in compared.cards)}")


def _day_of(card: Scorecard) -> str:
    if card.as_of > card.period.end:
        return "at the end"
    return f"day {(card.as_of - card.period.start).days + 1} of {card.period.days}"


def _comparison_rows(line: ScoreComparison, level: int) -> Iterator[Row]:
    scores = (Cell(wording.score(score, line.precision)) for score in line.scores)
    yield Row((Cell(_line_name(line), "name"), *scores, Cell(write_score_change(line.change))), level)
    for child in line.children if level < 2 else ():
        yield from _comparison_rows(child, level + 1)


PAGES = (
    Page("/periods", periods, "Periods"),
    Page("/periods/{id}", period),
)
