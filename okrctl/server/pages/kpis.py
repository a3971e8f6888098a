"""The KPIs, the worst first, and one of them in full: its limits, its formula, why it moved, who acts on it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import NamedTuple
from urllib.parse import urlencode

from starlette.responses import Response

from okrctl.analysis import arithmetic
from okrctl.git import Commit
from okrctl.kpis.overview import KpiStatus
from okrctl.kpis.tree import KpiTreeNode
from okrctl.operations import revisions
from okrctl.operations.details import DetailsRequest, KpiDetails, kpi_details
from okrctl.operations.kpi import KpiRequest
from okrctl.operations.kpi import kpi as list_kpis
from okrctl.outputs.grid import Fact
from okrctl.outputs.reports import charts, waterfall
from okrctl.outputs.reports.kpi_text import KpiText, describe_kpis
from okrctl.outputs.text import kpi as kpi_wording
from okrctl.outputs.text import scorecard as wording
from okrctl.outputs.view import Cell, Table
from okrctl.server import history
from okrctl.server.links import node_address, owner_address, owner_name, team_address
from okrctl.server.page import Page
from okrctl.server.visit import Visit
from okrctl.values.errors import OkrctlError
from okrctl.workspace import Kpi

MAX_POINTS = 40


class Card(NamedTuple):
    """One KPI of the list."""

    status: KpiStatus
    href: str
    owner: str
    chart: charts.Drawing | None
    objectives: list[tuple[str, str]]
    draft: str


def kpis(visit: Visit) -> Response:
    """All KPIs; what cannot be shown comes with the controls."""
    commit, overview, error = None, None, None
    try:
        known_at = visit.query("known_at") or None
        commit = revisions.find_commit(visit.project, known_at) if known_at else None
        overview = list_kpis(visit.project, KpiRequest(visit.query_day("as_of"), known_at)).overview
    except OkrctlError as problem:
        if not visit.request.query_params:
            raise
        error = problem
    text = describe_kpis(overview) if overview else None
    return visit.render(
        "kpis.html",
        400 if error else 200,
        title="KPIs",
        error=error,
        overview=overview,
        commit=commit,
        months=history.commits_by_month(visit, commit),
        cards=[_card(visit, status, text, commit) for status in overview.statuses] if overview and text else [],
        text=text,
    )


def _card(visit: Visit, status: KpiStatus, text: KpiText, commit: Commit | None) -> Card:
    kpi = status.kpi
    return Card(
        status,
        node_address(kpi),
        owner_name(visit.config, kpi.owner),
        text.chart(status, MAX_POINTS),
        [(visit.links.goal(each.ref) or "", wording.title(each)) for each in status.objectives],
        _draft_address(visit, kpi, commit),
    )


def _draft_address(visit: Visit, kpi: Kpi, commit: Commit | None) -> str:
    can_draft = commit is None and visit.can("draft") and kpi.id in visit.workspace.kpis
    return f"/draft?{urlencode({'kpi': kpi.id})}" if can_draft else ""


def _pick_points(chart: charts.Drawing, status: KpiStatus, picked: Sequence[date]) -> charts.Drawing:
    """The chart, whose points say their days; those of the picked days are marked."""
    drawn = status.judged.drawn
    points = status.series if drawn is None else status.judged.readings
    days = [point.day for point in points if drawn is None or point.day >= drawn.first]
    return charts.with_days(chart, days[-MAX_POINTS:] if drawn is None else days, picked)


# One KPI


class Move(NamedTuple):
    """Why a KPI moved between two days: the values on both, the contributions, and notes on them."""

    since: date
    until: date
    total: str
    waterfall: Table | None
    notes: list[str]


def kpi(visit: Visit) -> Response:
    """One KPI; what cannot be shown comes with the controls."""
    name = visit.path_name("id")
    try:
        request = DetailsRequest(
            name, visit.query_day("as_of"), visit.query("known_at") or None, visit.query_day("since"),
            visit.query_day("until"), history.is_asked(visit),
        )  # fmt: skip
        found = kpi_details(visit.project, request)
    except OkrctlError as error:
        known = visit.workspace.kpis.get(name)
        if known is None or not visit.request.query_params:
            raise
        return _show_problem(visit, known, error)
    if found.kpi.id != name:
        return visit.redirect(visit.address().replace(visit.path, node_address(found.kpi), 1))
    return _show(visit, found)


def _show_problem(visit: Visit, known: Kpi, error: OkrctlError) -> Response:
    return visit.render(
        "kpi.html", 400, title=wording.title(known), kpi=known, found=None, moved=None, error=error,
        where=_where(visit, known), months=history.commits_by_month(visit, None),
    )  # fmt: skip


def _where(visit: Visit, kpi: Kpi) -> list[tuple[str, str]]:
    """Whose KPI it is."""
    team = kpi.model.team
    found = [("/kpis", "KPIs")]
    found += [(team_address(team), visit.config.team_name(team))] if team else []
    found += [(owner_address(visit.config, kpi.owner), owner_name(visit.config, kpi.owner))] if kpi.owner else []
    return found


def _show(visit: Visit, found: KpiDetails) -> Response:
    status, origin, kpi = found.detail.status, found.origin, found.kpi
    text = KpiText(_statuses(found.tree), found.detail.as_of)
    moved = _describe_move(visit, found, text)
    chart = text.chart(status, MAX_POINTS)
    path, line = kpi.file.path, kpi.file.document.span_at(kpi.route).line
    return visit.render(
        "kpi.html",
        title=wording.title(kpi),
        kpi=kpi,
        found=found,
        now=status,
        text=text,
        error=None,
        where=_where(visit, kpi),
        months=history.commits_by_month(visit, origin.commit),
        chart=_pick_points(chart, status, [moved.since, moved.until]) if chart and moved else chart,
        facts=[fact for fact in _facts(found, text) if fact.text],
        used_in=[_kpi_cell(visit, found, id) for id in found.detail.used_in],
        objectives=[(each, visit.links.goal(each.ref)) for each in reversed(found.detail.objectives)],
        draft=_draft_address(visit, kpi, origin.commit),
        check_in=_check_in(visit, found),
        moved=moved,
        problem=_rephrase(found.problem),
        signal_steps=list(arithmetic.signal_steps(status.judged, kpi)) if status.signal else [],
        formula=text.formula(kpi, origin.workspace.kpis),
        readings=history.readings_table(
            found.readings, kpi.unit, origin, wording.title(kpi), lambda number: text.numbers.amount(number, kpi)
        ),
        changes=history.changes_of(visit, found.history),
        place=history.place_cell(origin, path, line),
    )


def _describe_move(visit: Visit, found: KpiDetails, text: KpiText) -> Move | None:
    """Why a KPI moved; None of one without a formula, which explains nothing."""
    moved = found.attribution
    if moved is None or found.kpi.model.formula is None:
        return None
    return Move(
        moved.since,
        moved.until,
        "" if moved.old is None and moved.new is None else text.total_change(moved),
        waterfall.table(moved, text, visit.links) if moved.contributions else None,
        list(text.attribution_notes(moved)),
    )


def _rephrase(problem: OkrctlError | None) -> OkrctlError | None:
    """A problem with the days of a change without the options of the command line."""
    if problem is None or not problem.message.startswith("--"):
        return problem
    return problem.rephrase(problem.message.replace("--since ", "").replace("--until ", ""), "choose other days")


def _statuses(tree: KpiTreeNode) -> Iterator[KpiStatus]:
    """The KPI at the top of a tree and all below it."""
    yield tree.status
    for node in tree.children:
        yield from _statuses(node)


def _check_in(visit: Visit, found: KpiDetails) -> str:
    can_record = found.origin.commit is None and visit.can("checkin") and found.kpi.model.formula is None
    return f"/check-in?{urlencode({'ref': found.kpi.ref})}" if can_record else ""


def _facts(found: KpiDetails, text: KpiText) -> Iterator[Fact]:
    status, kpi = found.detail.status, found.kpi
    for change in text.changes(status, found.detail.period):
        yield Fact(change.since[:1].upper() + change.since[1:], change.text or "-")
    yield Fact("Figure", kpi_wording.figure_note(status))
    yield Fact("Newest", "; ".join(filter(None, (text.age(status), text.standing(status)))))
    yield Fact("Alarm", text.alarm(status))
    yield Fact("Signal", text.signal(status))
    yield Fact("Usual limits", text.limits(status))
    yield Fact("Better", text.direction(kpi))
    yield Fact("Missing", status.missing_reason or "")
    yield Fact("Description", kpi.model.description or "")


def _kpi_cell(visit: Visit, found: KpiDetails, id: str) -> Cell:
    used = found.origin.workspace.kpis.get(id)
    return Cell(wording.title(used) if used else id, "name", href=visit.links.kpi(id))


PAGES = (Page("/kpis", kpis, "KPIs"), Page("/kpis/{id}", kpi))
