"""The goals of a team or a person, over all periods."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import NamedTuple

from starlette.responses import Response

from okrctl.analysis.due_checkins import due_checkins
from okrctl.analysis.period_report import PeriodReport, owners_of
from okrctl.operations.load import Filters
from okrctl.operations.periods import OwnGoals, goals_of
from okrctl.outputs.reports import html
from okrctl.outputs.text import scorecard as wording
from okrctl.outputs.view import Cell, Column, Row, Table
from okrctl.schema.settings import COMPANY
from okrctl.scoring.scorecard import ObjectiveScore, Scorecard
from okrctl.server.goals import ServedGoals
from okrctl.server.links import check_in_address, node_address, owner_address, owner_name, period_address, team_address
from okrctl.server.page import Page
from okrctl.server.visit import Visit
from okrctl.values.errors import NotFoundError


class Section(NamedTuple):
    """A period with the goals in it, in full."""

    report: PeriodReport
    goals: ServedGoals
    kpis: Table


def teams(visit: Visit) -> Response:
    """All teams with goals, and all people who own something."""
    if not visit.workspace.files:
        return visit.render("empty.html", title="Teams")
    return visit.render("teams.html", title="Teams", teams=_teams(visit), people=_people(visit))


def _teams(visit: Visit) -> list[Cell]:
    found = {objective.team for objective in visit.workspace.objectives}
    return [_team_cell(visit, id) for id in sorted(found, key=lambda id: (id != COMPANY, id))]


def _people(visit: Visit) -> list[Cell]:
    """The people who own something, without owners whom the settings do not know."""
    owners = [visit.links.owner_cell(owner) for owner in owners_of(visit.workspace)]
    people = [cell for cell in owners if cell.status is None and (cell.href or "").startswith("/people/")]
    return sorted(people, key=lambda cell: cell.text.casefold())


def _show_missing(visit: Visit, error: NotFoundError, known: list[Cell]) -> Response:
    """That nobody has a name, with those that are known."""
    return visit.render("error.html", 404, title="Not found", message=error.message, hint="", known=known)


def _team_cell(visit: Visit, id: str) -> Cell:
    settings = (visit.config.teams or {}).get(id)
    notes = (Cell(f"led by {owner_name(visit.config, settings.lead)}"),) if settings and settings.lead else ()
    return Cell(visit.links.team_name(id), "name", notes=notes, href=team_address(id))


def team(visit: Visit) -> Response:
    """The goals of a team."""
    try:
        found = goals_of(visit.project, Filters(teams=(visit.path_name("id"),)))
    except NotFoundError as error:
        return _show_missing(visit, error, _teams(visit))
    settings = (visit.config.teams or {}).get(found.id)
    lead = settings.lead if settings is not None else None
    leads = [("Led by", owner_address(visit.config, lead), owner_name(visit.config, lead))] if lead else []
    parent = settings.parent if settings is not None else None
    leads += [("Part of", team_address(parent), visit.config.team_name(parent))] if parent else []
    return _show(visit, "Team", found, leads)


def person(visit: Visit) -> Response:
    """The goals of a person, and the teams that they lead."""
    try:
        found = goals_of(visit.project, Filters(owners=(visit.path_name("id"),)))
    except NotFoundError as error:
        return _show_missing(visit, error, _people(visit))
    teams = [key for key, each in (visit.config.teams or {}).items() if each.lead == found.id]
    led = [("Leads", team_address(key), visit.config.team_name(key)) for key in teams]
    is_known = visit.config.is_known_owner(found.id)
    return _show(visit, "Person" if is_known else "Unknown owner, not in the settings", found, led)


def _show(visit: Visit, kind: str, found: OwnGoals, leads: list[tuple[str, str, str]]) -> Response:
    sections = [
        Section(each, ServedGoals(each, visit.links), html.kpi_table(each, visit.links)) for each in found.reports
    ]
    due = due_checkins(visit.workspace, visit.today, {found.id})
    columns = (
        Column("Objective"), Column("Period", "period"), Column("Score", "score", True), Column("Status", "status"),
    )  # fmt: skip
    return visit.render(
        "goals.html",
        title="Company" if found.name == "company" else found.name,
        kind=kind,
        leads=leads,
        sections=sections,
        links=visit.links,
        earlier=Table(columns, [row for card in found.earlier for row in _goal_rows(card)], "The newest first"),
        trends=[(trend, line, _describe(line.scores, trend.cards)) for trend, line in found.trends],
        check_in=check_in_address(*(node.ref for node in due)) if due else "",
        due=len(due),
    )


def _goal_rows(card: Scorecard) -> Iterator[Row]:
    return (_goal_row(objective, card) for objective in card.objectives)


def _goal_row(objective: ObjectiveScore, card: Scorecard) -> Row:
    return Row((
        Cell(wording.title(objective.node), "name", href=node_address(objective.node)),
        Cell(card.period.id, href=period_address(card.period.id)),
        Cell(wording.score(objective.score, objective.precision)),
        Cell(status=objective.status or objective.state),
    ))  # fmt: skip


def _describe(scores: Sequence[Fraction | None], cards: Sequence[Scorecard]) -> str:
    pairs = zip(cards, scores, strict=True)
    return "Scores: " + ", ".join(f"{wording.score(score)} in {card.period.id}" for card, score in pairs)


PAGES = (
    Page("/teams", teams, "Teams"),
    Page("/teams/{id:path}", team),
    Page("/people/{id:path}", person),
)
