"""One objective or key result in full: how it stands, why, who wrote what, and how it came to be."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from fractions import Fraction
from typing import NamedTuple
from urllib.parse import quote

from starlette.responses import Response

from okrctl.analysis import arithmetic, trajectory
from okrctl.analysis.detail import Curve, Detail
from okrctl.analysis.explanation import Explanation, Input
from okrctl.analysis.hypotheses import HypothesisResult
from okrctl.history.log import NodeLog
from okrctl.measures.measure import formula_number
from okrctl.operations.details import DetailsRequest, GoalDetails, Origin, goal_details
from okrctl.outputs.grid import Fact
from okrctl.outputs.reports import charts, html, page_text
from okrctl.outputs.text import kpi as kpi_wording
from okrctl.outputs.text import scorecard as wording
from okrctl.outputs.view import Bar, Cell, Column, Row, Table
from okrctl.outputs.views.hypotheses import EXPECTATIONS
from okrctl.schema.model import Hypothesis
from okrctl.server import history
from okrctl.server.goal_facts import goal_facts
from okrctl.server.links import check_in_address, node_address, period_address, team_address
from okrctl.server.page import Page
from okrctl.server.visit import Visit
from okrctl.values.errors import OkrctlError
from okrctl.workspace import KeyResult, Objective, references


class Expectation(NamedTuple):
    """A hypothesis in words, with the page of its KPI."""

    result: HypothesisResult
    kpi: str
    href: str | None
    expected: str
    figures: list[tuple[str, str]]


def goal(visit: Visit) -> Response:
    """The page; what cannot be shown comes with the controls, so that something else can be chosen."""
    asked = DetailsRequest(visit.path_name("ref"), known_at=visit.query("known_at") or None)
    try:
        request = replace(asked, as_of=visit.query_day("as_of"), with_history=history.is_asked(visit))
        found = goal_details(visit.project, request)
    except OkrctlError as error:
        known = _find_now(visit, asked.reference)
        if known is None or not visit.request.query_params:
            raise
        return _show_problem(visit, known, error)
    address = node_address(found.node)
    if visit.path not in (address, quote(address), f"{_kind_of(found.node)}{found.node.ref}"):
        return visit.redirect(visit.address().replace(visit.path, address, 1))
    return _show(visit, found)


def _kind_of(node: Objective | KeyResult) -> str:
    return "/key-results/" if isinstance(node, KeyResult) else "/objectives/"


def _find_now(visit: Visit, reference: str) -> Objective | KeyResult | None:
    """The node in the files as they are; None where there is none."""
    try:
        node = references.find_node(visit.workspace, reference, visit.today, (Objective, KeyResult))
    except OkrctlError:
        return None
    return node if isinstance(node, Objective | KeyResult) else None


def _show_problem(visit: Visit, node: Objective | KeyResult, error: OkrctlError) -> Response:
    return visit.render(
        "goal.html", 400, title=wording.title(node), node=node, found=None, error=error,
        months=history.commits_by_month(visit, None),
        where=_where(visit, node),
    )  # fmt: skip


def _show(visit: Visit, found: GoalDetails) -> Response:
    detail, node, origin = found.detail, found.node, found.origin
    scored = detail.key_result or detail.objective
    path, line = node.file.path, node.file.document.span_at(node.route).line
    log = found.history.log if found.history else None
    readings, sources = history.split_sources(
        history.readings_table(found.readings, _unit(detail), origin, wording.title(node))
    )
    return visit.render(
        "goal.html",
        title=wording.title(node),
        node=node,
        found=found,
        scored=scored,
        card=detail.card,
        is_web_address=_is_web_address,
        error=None,
        where=_where(visit, node),
        months=history.commits_by_month(visit, origin.commit),
        progress=_progress(detail),
        chart=_chart(detail, found.trajectories),
        facts=goal_facts(visit, detail),
        sentence=_explain(detail),
        prose=list(_prose(detail)),
        results=_results_table(visit, found) if detail.key_result is None else None,
        shared="" if detail.key_result else html.shared_expectation(detail.objective.key_results),
        arithmetic=_inputs_table(found.explanation, origin),
        readings=history.fold_confidence(readings),
        relatives=list(_relatives(visit, found)),
        expectations=[_expectation(visit, each) for each in detail.hypotheses],
        changes=history.changes_of(visit, found.history),
        known=_known_table(log) if log else None,
        sources=sources,
        place=history.place_cell(origin, path, line),
        check_in=_check_in(detail) if _can_write(visit, found, "checkin") else "",
        amend=f"/amend/{quote(node.ref)}" if _can_write(visit, found, "amend") else "",
    )


def _is_web_address(link: str) -> bool:
    """Whether what somebody wrote leads to a page; another scheme could run a script."""
    return link.startswith(("https://", "http://"))


def _can_write(visit: Visit, found: GoalDetails, write: str) -> bool:
    """Whether a form for the goal is of use: it is shown as it is now, and it is still worked on."""
    scored = found.detail.key_result or found.detail.objective
    is_worked_on = scored.state == "active" and found.detail.card.state != "over"
    return found.origin.commit is None and is_worked_on and visit.can(write)


def _unit(detail: Detail) -> str | None:
    return detail.key_result.unit if detail.key_result else None


def _where(visit: Visit, node: Objective | KeyResult) -> list[tuple[str, str]]:
    """What a goal belongs to, from the period down to its owner, each with its page."""
    objective = node.objective if isinstance(node, KeyResult) else node
    found = [(period_address(node.period.id), node.period.id)]
    found.append((team_address(objective.team), visit.links.team_name(objective.team)))
    if isinstance(node, KeyResult):
        found.append((node_address(objective), wording.title(objective)))
    if node.owner:
        owner = visit.links.owner_cell(node.owner)
        found.append((owner.href or "", owner.text + (" (unknown)" if owner.status else "")))
    return found


def _progress(detail: Detail) -> Cell:
    """A bar with what is reached and what is expected, in words."""
    scored = detail.key_result
    if scored is None:
        objective = detail.objective
        expected = trajectory.expected_of_key_results(objective.key_results) if detail.card.state == "running" else None
        is_judged = objective.state == "active" and objective.score is not None
        words = page_text.expected_score(expected, objective.precision) if is_judged else ""
        return Cell(words, bar=Bar(objective.score, expected) if is_judged else None)
    if scored.node.measure.has_bounds:
        return Cell(wording.progress_beyond_score(scored))
    bar = Bar(scored.progress, html.expected_progress(scored)) if scored.progress is not None else None
    return Cell(html.progress_words(scored), bar=bar)


def _explain(detail: Detail) -> str:
    """How the score is made, in one sentence."""
    if detail.card.state == "ahead":
        return "There is nothing to score yet"
    if detail.key_result is not None:
        return page_text.explain_key_result(detail.key_result)
    return page_text.explain_objective(detail.objective)


class Chart(NamedTuple):
    """A drawing with what its lines mean."""

    drawing: charts.Drawing
    line: str
    expected: Curve
    target: str
    bounds: str


def _chart(detail: Detail, trajectories: dict[str, trajectory.Trajectory]) -> Chart | None:
    day = min(detail.card.as_of, detail.card.period.end)
    if detail.key_result is not None:
        values = trajectories.get(detail.key_result.node.ref)
        found = html.reading_chart_on(detail.key_result, values, day)
        if found is None:
            return None
        return Chart(found.drawing, found.line, found.trajectory.expected, found.target, found.bounds)
    scores = trajectories[detail.objective.node.ref]
    if detail.objective.state != "active" or not scores.actual:
        return None
    first, last = scores.actual[0], scores.actual[-1]
    ends = (f"{wording.score(score)} on {wording.short_day(on, day)}" for on, score in (first, last))
    label = f"Score over time: {', '.join(ends)}"
    drawing = charts.score_chart(scores, day, label, detail.card.precision)
    return Chart(drawing, "score", scores.expected, "1", "") if drawing is not None else None


def _prose(detail: Detail) -> Iterator[Fact]:
    """What people wrote about a goal in whole sentences."""
    model = (detail.key_result or detail.objective).node.model
    yield from (Fact(label, text) for label, text in (
        ("Why", getattr(model, "why", None)), ("Description", model.description),
        ("Learned", getattr(model, "retrospective", None)),
    ) if text)  # fmt: skip


def _results_table(visit: Visit, found: GoalDetails) -> Table:
    """The key results of an objective, each leading to its page."""
    objective = found.detail.objective

    def describe(node: KeyResult) -> tuple[Cell, ...]:
        return (visit.links.owner_cell(node.owner),) if node.owner else ()

    table = html.key_results_table(objective, found.trajectories, describe)
    hrefs = [visit.links.goal(each.node.ref) for each in html.sort_results(objective)]
    return replace(table, rows=[
        row._replace(cells=(row.cells[0]._replace(href=href), *row.cells[1:]))
        for row, href in zip(table.rows, hrefs, strict=True)
    ])  # fmt: skip


def _inputs_table(explained: Explanation, origin: Origin) -> Table:
    """The numbers of the formula, each with its line and who wrote it."""
    columns = (
        Column("Number"), Column("Value", "value", True), Column("Line", "line"), Column("Written by", "author"),
        Column("Commit", "commit"),
    )  # fmt: skip
    rows = [Row(tuple(_input_cells(each, origin))) for each in explained.inputs]
    return Table(columns, rows, "Numbers that the score is made of")


def _input_cells(number: Input, origin: Origin) -> Iterator[Cell]:
    yield Cell(number.name, "name")
    yield Cell(str(number.value) if isinstance(number.value, date) else _exact(number.value))
    if number.path is None or number.line is None:
        yield from (Cell("default"), Cell(), Cell())
        return
    commit = origin.commits.get(number.commit or "")
    yield history.place_cell(origin, number.path, number.line)
    yield Cell() if commit is None else Cell(commit.author, "name", notes=(Cell(f"on {commit.day}"),))
    yield history.commit_cell(commit)


def _exact(value: Fraction) -> str:
    return formula_number(value)


def _relatives(visit: Visit, found: GoalDetails) -> Iterator[tuple[str, list[Cell]]]:
    """What a goal supports, what supports it, and the KPIs that it names."""
    detail = found.detail
    if found.parent is not None:
        yield "Supports", [_goal_cell(visit, found.parent)]
    if detail.supporters:
        yield "Supported by", [_goal_cell(visit, each) for each in detail.supporters]
    ids = [found.source.id] if found.source else []
    if detail.key_result is None:
        ids = [
            *dict.fromkeys([*detail.objective.node.model.kpis, *(each.hypothesis.kpi for each in detail.hypotheses)])
        ]
    kpis = {kpi.id: kpi for kpi in found.origin.workspace.kpi_nodes}
    cells = [Cell(wording.title(kpis[id]), "name", href=visit.links.kpi(id)) for id in ids if id in kpis]
    if cells:
        yield "Reads the KPI" if found.source else "KPIs", cells


def _goal_cell(visit: Visit, node: Objective | KeyResult) -> Cell:
    objective = node.objective if isinstance(node, KeyResult) else node
    notes = (Cell(f"{node.period.id}, {visit.links.team_name(objective.team)}"),)
    return Cell(wording.title(node), "name", href=visit.links.goal(node.ref), notes=notes)


def _expectation(visit: Visit, each: HypothesisResult) -> Expectation:
    kpi, hypothesis = each.kpi, each.hypothesis
    figures = []
    if kpi is not None and each.before is not None:
        figures.append(("Before", kpi_wording.amount(each.before, kpi)))
    if kpi is not None and each.after is not None:
        figures.append(("After" if each.verdict else "Now", kpi_wording.amount(each.after, kpi)))
    if each.usual is not None:
        figures.append(("Usual change", arithmetic.describe_usual(each.usual)))
    return Expectation(
        each, wording.title(kpi) if kpi else hypothesis.kpi, visit.links.kpi(hypothesis.kpi),
        _describe_expectation(hypothesis), figures,
    )  # fmt: skip


def _describe_expectation(hypothesis: Hypothesis) -> str:
    if hypothesis.within:
        return f"expected to change by at most {hypothesis.within.text}"
    return f"expected {EXPECTATIONS[hypothesis.expect]}"


def _known_table(log: NodeLog) -> Table:
    """The score as it was known at each commit, the newest first."""
    rows = [
        Row(
            (
                Cell(str(each.commit.day)),
                Cell(wording.score(each.score, log.precision)),
                history.commit_cell(each.commit),
            )
        )
        for each in reversed(log.scores)
        if each.score is not None
    ]
    columns = Column("Day"), Column("Score", "score", True), Column("Commit", "commit")
    return Table(columns, rows, "The score as it was known then")


def _check_in(detail: Detail) -> str:
    scored = [detail.key_result] if detail.key_result else detail.objective.key_results
    refs = [each.node.ref for each in scored if each.state == "active"]
    return check_in_address(*refs) if refs else ""


PAGES = (Page("/objectives/{ref:path}", goal), Page("/key-results/{ref:path}", goal))
