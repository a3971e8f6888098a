"""The KPIs, the worst first, and one of them in full: its limits, its formula, why it moved, who acts on it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import NamedTuple
from urllib.parse import urlencode

from starlette.responses import Response

from okrctl.git import Commit
from okrctl.kpis.attribution import Attribution
from okrctl.kpis.overview import KpiOverview, KpiStatus
from okrctl.operations import revisions
from okrctl.operations.details import DetailsRequest, KpiDetails, kpi_details
from okrctl.operations.kpi import KpiRequest
from okrctl.operations.kpi import kpi as list_kpis
from okrctl.outputs.grid import Fact
from okrctl.outputs.reports import charts
from okrctl.outputs.text import kpi as kpi_wording
from okrctl.outputs.text import scorecard as wording
from okrctl.outputs.view import Cell, Table
from okrctl.outputs.views import attribution
from okrctl.server import history
from okrctl.server.links import node_address, owner_address, owner_name, team_address
from okrctl.server.page import Page
from okrctl.server.visit import Visit
from okrctl.values.errors import OkrctlError
from okrctl.workspace import Kpi

MAX_POINTS = 40


class KpiChart(NamedTuple):
    """The newest values of a KPI, with its usual limits where it has some."""

    drawing: charts.Drawing
    has_limits: bool


class Card(NamedTuple):
    """One KPI of the list."""

    status: KpiStatus
    href: str
    owner: str
    chart: KpiChart | None
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
    return visit.render(
        "kpis.html",
        400 if error else 200,
        title="KPIs",
        error=error,
        overview=overview,
        commit=commit,
        months=history.commits_by_month(visit, commit),
        cards=[_card(visit, status, commit) for status in overview.statuses] if overview else [],
        since=_since_label(overview),
    )


def _since_label(overview: KpiOverview | None) -> str:
    return kpi_wording.since_label(overview.period) if overview else ""


def _card(visit: Visit, status: KpiStatus, commit: Commit | None) -> Card:
    kpi = status.kpi
    return Card(
        status,
        node_address(kpi),
        owner_name(visit.config, kpi.owner),
        _chart(status, ()),
        [(visit.links.goal(each.ref) or "", wording.title(each)) for each in status.objectives],
        _draft_address(visit, kpi, commit),
    )


def _draft_address(visit: Visit, kpi: Kpi, commit: Commit | None) -> str:
    can_draft = commit is None and visit.can("draft") and kpi.id in visit.workspace.kpis
    return f"/draft?{urlencode({'kpi': kpi.id})}" if can_draft else ""


def _chart(status: KpiStatus, picked: Sequence[date]) -> KpiChart | None:
    """The chart, whose points say their days; those of the picked days are marked."""
    judged, title = status.judged, wording.title(status.kpi)
    if judged.drawn is not None:
        label = f"Readings of {title}: {kpi_wording.limits_text(status)}"
        drawing = charts.limits_chart(judged, kpi_wording.bare_amount, label)
        days = [point.day for point in judged.readings if point.day >= judged.drawn.first]
    else:
        line = [(point.day, point.value) for point in status.series][-MAX_POINTS:]
        drawing = charts.value_chart(line, kpi_wording.bare_amount, f"Values of {title}")
        days = [day for day, _ in line]
    return KpiChart(charts.with_days(drawing, days, picked), judged.drawn is not None) if drawing else None


# One KPI


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
        "kpi.html", 400, title=wording.title(known), kpi=known, found=None, error=error, where=_where(visit, known),
        months=history.commits_by_month(visit, None),
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
    moved = found.attribution
    path, line = kpi.file.path, kpi.file.document.span_at(kpi.route).line
    return visit.render(
        "kpi.html",
        title=wording.title(kpi),
        kpi=kpi,
        found=found,
        now=status,
        error=None,
        where=_where(visit, kpi),
        months=history.commits_by_month(visit, origin.commit),
        chart=_chart(status, [moved.since, moved.until] if moved else ()),
        facts=[fact for fact in _facts(found) if fact.text],
        used_in=[_kpi_cell(visit, found, id) for id in found.detail.used_in],
        objectives=[(each, visit.links.goal(each.ref)) for each in reversed(found.detail.objectives)],
        draft=_draft_address(visit, kpi, origin.commit),
        check_in=_check_in(visit, found),
        waterfall=_waterfall(visit, moved) if moved and moved.contributions else None,
        total=kpi_wording.total_change(moved, "→") if moved else "",
        notes=list(kpi_wording.attribution_notes(moved)) if moved else [],
        is_picked=bool(visit.query("since") or visit.query("until")),
        readings=history.readings_table(found.readings, kpi.unit, origin, wording.title(kpi)),
        changes=history.changes_of(visit, found.history),
        place=history.place_cell(origin, path, line),
    )


def _waterfall(visit: Visit, moved: Attribution) -> Table:
    """The contributions, each leading to the page of its KPI."""
    table = attribution.view(moved)
    for number, row in enumerate(table.rows):
        head = row.cells[0]
        ids = [note.text for note in head.notes if note.kind == "ref"]
        if ids:
            notes = tuple(note for note in head.notes if note.kind != "ref")
            named = head._replace(href=visit.links.kpi(ids[0]), notes=notes)
            table.rows[number] = row._replace(cells=(named, *row.cells[1:]))
    return table


def _check_in(visit: Visit, found: KpiDetails) -> str:
    can_record = found.origin.commit is None and visit.can("checkin") and found.kpi.model.formula is None
    return f"/check-in?{urlencode({'ref': found.kpi.ref})}" if can_record else ""


def _facts(found: KpiDetails) -> Iterator[Fact]:
    status, kpi = found.detail.status, found.kpi
    yield Fact("Change", kpi_wording.change_with_trend(status.change, status.trend))
    label = kpi_wording.since_label(found.detail.period)
    yield Fact(
        f"{label[0].upper()}{label[1:]}", kpi_wording.change_with_trend(status.period_change, status.period_trend)
    )
    yield Fact("Compared", kpi_wording.comparison_note(status))
    yield Fact("Figure", kpi_wording.figure_note(status))
    yield Fact("Newest", kpi_wording.reading_age_in_words(status))
    yield Fact("Alarm", status.alarm or "")
    yield Fact("Signal", kpi_wording.signal_words(status))
    yield Fact("Usual limits", kpi_wording.limits_text(status).removeprefix("usual limits "))
    yield Fact("Better", kpi_wording.direction(kpi))
    yield Fact("Missing", status.missing_reason or "")
    yield Fact("Description", kpi.model.description or "")


def _kpi_cell(visit: Visit, found: KpiDetails, id: str) -> Cell:
    used = found.origin.workspace.kpis.get(id)
    return Cell(wording.title(used) if used else id, "name", href=visit.links.kpi(id))


PAGES = (Page("/kpis", kpis, "KPIs"), Page("/kpis/{id}", kpi))
