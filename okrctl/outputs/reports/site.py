"""A site of all periods: an index with trends, and a page for each period, team and owner."""

from __future__ import annotations

import re
from collections.abc import Sequence
from copy import copy
from dataclasses import replace

from okrctl.analysis import filters, trajectory
from okrctl.analysis.attention import AttentionItem
from okrctl.analysis.filters import Selection
from okrctl.analysis.period_report import PeriodReport
from okrctl.analysis.period_trends import PeriodTrend, PeriodTrends
from okrctl.outputs.reports import html, page_text
from okrctl.outputs.reports.html import own_links
from okrctl.outputs.reports.links import short_hash
from okrctl.outputs.reports.page import render
from okrctl.outputs.terminal import sanitize
from okrctl.outputs.text import scorecard
from okrctl.outputs.view import Bar, Cell, Column, Row, Table
from okrctl.scoring.scorecard import ObjectiveScore, ScoreComparison

MAX_NAME = 60
MAX_ATTENTION = 10
INDEX = "index.html"
Addresses = dict[tuple[str, str], str]


class SiteLinks:
    """The pages of a site as seen from one of them, which does not link to itself.

    Goals and KPIs are parts of the page of their period.
    """

    def __init__(self, trends: PeriodTrends, addresses: Addresses, path: str = INDEX) -> None:
        self.addresses, self.path = addresses, path
        self.parts = {each.card.period.id: own_links(each) for each in trends.reports}

    def on(self, path: str) -> SiteLinks:
        """The same pages as seen from another one."""
        links = copy(self)
        links.path = path
        return links

    @property
    def home(self) -> str | None:
        """The index; None on the index."""
        return None if self.path == INDEX else self._relative(INDEX)

    def period(self, id: str) -> str | None:
        """The page of a period."""
        return self._page("periods", id)

    def team(self, id: str) -> str | None:
        """The page of a team."""
        return self._page("teams", id)

    def owner(self, key: str) -> str | None:
        """The page of an owner."""
        return self._page("owners", key)

    def goal(self, ref: str) -> str | None:
        """The part of the page of its period."""
        period = ref.partition("/")[0]
        return self._part(period, self.parts[period].goal(ref)) if period in self.parts else None

    def kpi(self, id: str) -> str | None:
        """The line on the page itself where that is one of a period, else on the page of the newest one."""
        here = (period for period in self.parts if self.addresses["periods", period] == self.path)
        period = next(here, next(iter(self.parts), None))
        return self._part(period, self.parts[period].kpi(id)) if period is not None else None

    def _page(self, folder: str, key: str) -> str | None:
        path = self.addresses.get((folder, key))
        return None if path in (None, self.path) else self._relative(path)

    def _part(self, period: str, part: str | None) -> str | None:
        path = self.addresses["periods", period]
        return part if part is None or path == self.path else f"{self._relative(path)}{part}"

    def _relative(self, path: str) -> str:
        """A path from the index, as seen from the page; pages lie in the index's folder or in one below it."""
        return f"../{path}" if "/" in self.path else path


def pages(trends: PeriodTrends) -> dict[str, str]:
    """Every page by its path below the folder of the site."""
    addresses = _addresses(trends)
    links = SiteLinks(trends, addresses)
    found = {INDEX: _index(trends, links)}
    for period_report in trends.reports:
        address = addresses["periods", period_report.card.period.id]
        found[address] = html.page(period_report, links.on(address))
    for team, name in trends.teams.items():
        address = addresses["teams", team]
        found[address] = _goals_page(
            trends, links.on(address), "Team", _team_name(team, name), Selection(teams=(team,))
        )
    for owner, name in trends.owners.items():
        address = addresses["owners", owner]
        found[address] = _goals_page(trends, links.on(address), "Owner", name, Selection(owners=(owner,)))
    return found


def _addresses(trends: PeriodTrends) -> Addresses:
    """A path for each page, of plain letters; paths differ even where upper and lower case are the same."""
    names = {
        "periods": [each.card.period.id for each in trends.reports], "teams": trends.teams, "owners": trends.owners,
    }  # fmt: skip
    addresses: Addresses = {}
    taken: set[str] = set()
    for folder, keys in names.items():
        for key in keys:
            plain = re.sub(r"[^A-Za-z0-9_-]+", "-", sanitize(key))[:MAX_NAME].strip("-")
            path = f"{folder}/{plain}.html"
            if plain != key or path.lower() in taken:
                path = f"{folder}/{plain}-{short_hash(key)}.html"
            taken.add(path.lower())
            addresses[folder, key] = path
    return addresses


def _index(trends: PeriodTrends, links: SiteLinks) -> str:
    organisation = next((each.organisation for each in trends.reports if each.organisation), None)
    columns = (
        Column("Period"), Column("Days", "days"), Column("Score", "progress"), Column("Key results", "results"),
    )  # fmt: skip
    periods = Table(columns, [_period_row(each, links) for each in trends.reports], "The newest first")
    running = [each for each in trends.reports if each.card.state == "running"]
    return render(
        "index.html",
        title=f"{organisation}: goals" if organisation else "Goals",
        links=links,
        running=running,
        attention=_attention(running),
        most=MAX_ATTENTION,
        day_figures_table=html.day_figures_table,
        periods=periods,
        trends=[(trend, _trend_table(trend, links)) for trend in trends.trends],
        describe_scores=_describe_scores,
        teams=[(links.team(key), _team_name(key, name)) for key, name in trends.teams.items()],
        owners=_owners(trends, links),
    )


def _owners(trends: PeriodTrends, links: SiteLinks) -> list[tuple[str | None, str]]:
    """The owners with their pages, without those whom the settings do not know."""
    unknown = {owner for each in trends.reports for owner in each.unknown_owners}
    return [(links.owner(key), name) for key, name in trends.owners.items() if key not in unknown]


def _attention(running: Sequence[PeriodReport]) -> list[tuple[AttentionItem, PeriodReport]]:
    """What needs a decision in the running periods, the worst first; a KPI is in all of them and counts once."""
    found = {(item.ref, item.status): (item, each) for each in reversed(running) for item in each.decisions}
    return sorted(found.values(), key=lambda pair: pair[0].sort_key)


def _period_row(each: PeriodReport, links: SiteLinks) -> Row:
    card = each.card
    expected = trajectory.expected_of_period(card) if card.state == "running" else None
    bar = Bar(card.score, expected) if card.score is not None else None
    notes = tuple(Cell(text) for text in (page_text.count_reached(card),) if text)
    return Row((
        Cell(card.period.id, href=links.period(card.period.id)),
        Cell(f"{card.period.start} to {card.period.end}", notes=(Cell(scorecard.period_state(card)),)),
        Cell(scorecard.score(card.score, card.precision), status=card.pace, bar=bar, notes=notes),
        Cell(scorecard.measured_count(card)),
    ))  # fmt: skip


def _trend_table(trend: PeriodTrend, links: SiteLinks) -> Table:
    names = [card.period.id for card in trend.cards]
    columns = (
        Column("Team"), *(Column(name, "score", True) for name in names), Column("Change", "change", True),
        Column("Trend", "chart", is_drawing=True),
    )  # fmt: skip
    rows = [_trend_row(each, names, links) for each in (*trend.comparison.children, trend.comparison)]
    return Table(columns, rows, "Scores of the teams by period; the current period is still running")


def _trend_row(compared: ScoreComparison, names: list[str], links: SiteLinks) -> Row:
    name = _team_name(compared.id, compared.title) or "All teams"
    scores = (Cell(scorecard.score(score, compared.precision)) for score in compared.scores)
    chart = Cell(values=compared.scores, label=_describe_scores(compared, names))
    change = Cell(scorecard.score_change(compared.change))
    return Row((Cell(name, "name", href=links.team(compared.id)), *scores, change, chart))


def _team_name(team: str, name: str) -> str:
    return "Company" if team == name == "company" else name


def _describe_scores(compared: ScoreComparison, names: list[str]) -> str:
    pairs = zip(names, compared.scores, strict=True)
    return "Scores: " + ", ".join(f"{scorecard.score(score, compared.precision)} in {name}" for name, score in pairs)


def _goals_page(trends: PeriodTrends, links: SiteLinks, kind: str, name: str, selection: Selection) -> str:
    """The goals of a team or an owner: the newest period with any of them in full, the earlier ones in a table."""
    chosen = [replace(each, card=filters.filter_scorecard(each.card, selection)) for each in trends.reports]
    known = [each for each in chosen if each.card.objectives]
    newest = next(iter(known or chosen), None)
    columns = (
        Column("Objective"), Column("Period", "period"), Column("Score", "score", True), Column("Status", "status"),
    )  # fmt: skip
    rows = [_goal_row(goal, each, links) for each in known[1:] for goal in each.card.objectives]
    if newest:
        statuses = [status for status in newest.kpi_overview.statuses if selection.includes_kpi(status.kpi)]
        newest = replace(newest, kpi_overview=replace(newest.kpi_overview, statuses=statuses))
    return render(
        "goals.html",
        title=f"{kind}: {name}",
        kind=kind,
        name=name,
        links=links,
        report=newest,
        goals=html.Goals(newest, links) if newest else None,
        kpis=html.kpi_table(newest, links) if newest else None,
        earlier=Table(columns, rows, "The newest first"),
    )


def _goal_row(objective: ObjectiveScore, each: PeriodReport, links: SiteLinks) -> Row:
    period = each.card.period.id
    return Row((
        Cell(scorecard.title(objective.node), "name", href=links.goal(objective.node.ref)),
        Cell(period, href=links.period(period)),
        Cell(scorecard.score(objective.score, objective.precision)),
        Cell(status=objective.status or objective.state),
    ))  # fmt: skip
