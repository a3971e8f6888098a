"""A site of all periods: an index with trends, and a page for each period, team and owner."""

from __future__ import annotations

import re
from dataclasses import replace
from hashlib import sha256

from okrctl.analysis import filters
from okrctl.analysis.filters import Selection
from okrctl.analysis.period_report import PeriodReport
from okrctl.analysis.period_trends import PeriodTrend, PeriodTrends
from okrctl.outputs.reports import html
from okrctl.outputs.reports.page import render
from okrctl.outputs.terminal import sanitize
from okrctl.outputs.text import scorecard
from okrctl.outputs.view import Bar, Cell, Column, Row, Table
from okrctl.scoring.scorecard import ObjectiveScore, ScoreComparison

MAX_NAME = 60
INDEX = "index.html"
Addresses = dict[tuple[str, str], str]


def pages(trends: PeriodTrends) -> dict[str, str]:
    """Every page by its path below the folder of the site."""
    addresses = _addresses(trends)
    found = {INDEX: _index(trends, addresses)}
    for period_report in trends.reports:
        address = addresses["periods", period_report.card.period.id]
        found[address] = html.page(period_report, f"../{INDEX}")
    for team, name in trends.teams.items():
        found[addresses["teams", team]] = _goals_page(trends, addresses, "Team", name, Selection(teams=(team,)))
    for owner, name in trends.owners.items():
        found[addresses["owners", owner]] = _goals_page(trends, addresses, "Owner", name, Selection(owners=(owner,)))
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
                path = f"{folder}/{plain}-{sha256(key.encode('utf-8', 'replace')).hexdigest()[:8]}.html"
            taken.add(path.lower())
            addresses[folder, key] = path
    return addresses


def _index(trends: PeriodTrends, addresses: Addresses) -> str:
    organisation = next((each.organisation for each in trends.reports if each.organisation), None)
    columns = (
        Column("Period"), Column("Days", "days"), Column("Score", "progress"), Column("Key results", "results"),
    )  # fmt: skip
    periods = Table(columns, [_period_row(each, addresses) for each in trends.reports], "The newest first.")
    links = {
        folder: [(addresses[folder, key], name) for key, name in names.items()]
        for folder, names in (("teams", trends.teams), ("owners", trends.owners))
    }
    return render(
        "index.html",
        title=f"{organisation}: goals" if organisation else "Goals",
        periods=periods,
        trends=[(trend, _trend_table(trend, addresses)) for trend in trends.trends],
        describe_scores=_describe_scores,
        links=links,
    )


def _period_row(each: PeriodReport, addresses: Addresses) -> Row:
    card = each.card
    bar = Bar(card.score) if card.score is not None else None
    return Row((
        Cell(card.period.id, href=addresses["periods", card.period.id]),
        Cell(f"{card.period.start} to {card.period.end}", notes=(Cell(scorecard.period_state(card)),)),
        Cell(scorecard.score(card.score, card.precision), status=card.band or card.pace, bar=bar),
        Cell(scorecard.measured_count(card)),
    ))  # fmt: skip


def _trend_table(trend: PeriodTrend, addresses: Addresses) -> Table:
    names = [card.period.id for card in trend.cards]
    columns = (
        Column("Team"), *(Column(name, "score", True) for name in names), Column("Change", "change", True),
        Column("Trend", "chart", is_drawing=True),
    )  # fmt: skip
    rows = [_trend_row(each, names, addresses) for each in (*trend.comparison.children, trend.comparison)]
    return Table(columns, rows, "Scores of the teams by period; the current period is still in progress.")


def _trend_row(compared: ScoreComparison, names: list[str], addresses: Addresses) -> Row:
    name = "Company" if compared.id == compared.title == "company" else compared.title or "All teams"
    scores = (Cell(scorecard.score(score, compared.precision)) for score in compared.scores)
    chart = Cell(values=compared.scores, label=_describe_scores(compared, names))
    change = Cell(scorecard.score_change(compared.change))
    return Row((Cell(name, "name", href=addresses.get(("teams", compared.id))), *scores, change, chart))


def _describe_scores(compared: ScoreComparison, names: list[str]) -> str:
    pairs = zip(names, compared.scores, strict=True)
    return "Scores: " + ", ".join(f"{scorecard.score(score, compared.precision)} in {name}" for name, score in pairs)


def _goals_page(trends: PeriodTrends, addresses: Addresses, kind: str, name: str, selection: Selection) -> str:
    """The goals of a team or an owner: the newest period with any of them in full, the earlier ones in a table."""
    chosen = [replace(each, card=filters.filter_scorecard(each.card, selection)) for each in trends.reports]
    known = [each for each in chosen if each.card.objectives]
    newest = known[0] if known else None
    columns = (
        Column("Objective"), Column("Period", "period"), Column("Score", "score", True), Column("Status", "status"),
    )  # fmt: skip
    rows = [_goal_row(goal, each, addresses) for each in known[1:] for goal in each.card.objectives]
    if newest:
        statuses = [status for status in newest.kpi_overview.statuses if selection.includes_kpi(status.kpi)]
        newest = replace(newest, kpi_overview=replace(newest.kpi_overview, statuses=statuses))
    return render(
        "goals.html",
        title=f"{kind}: {name}",
        kind=kind,
        name=name,
        home=f"../{INDEX}",
        report=newest,
        period_href=f"../{addresses['periods', newest.card.period.id]}" if newest else None,
        kpis=html.kpi_table(newest) if newest else None,
        earlier=Table(columns, rows, "The newest first."),
        key_results=html.key_results,
        objective_gap=html.objective_gap,
    )


def _goal_row(objective: ObjectiveScore, each: PeriodReport, addresses: Addresses) -> Row:
    period = each.card.period.id
    return Row((
        Cell(scorecard.title(objective.node), "name"),
        Cell(period, href=f"../{addresses['periods', period]}"),
        Cell(scorecard.score(objective.score, objective.precision), status=objective.band),
        Cell(status=objective.status or objective.state),
    ))  # fmt: skip
