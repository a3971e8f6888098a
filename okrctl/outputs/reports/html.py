"""Gathers what the page of a report shows; the templates lay it out."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import NamedTuple

from okrctl.analysis import trajectory
from okrctl.analysis.period_report import PeriodReport
from okrctl.analysis.trajectory import Trajectory
from okrctl.history.diff.describe import EFFECT_WORDS, describe_change
from okrctl.outputs.reports.markdown import file_url, heading, progress_cell, short_ref, status_counts, teams_view
from okrctl.outputs.reports.page import render
from okrctl.outputs.terminal import UNICODE
from okrctl.outputs.text import scorecard
from okrctl.outputs.view import Cell, Column, Row, Table
from okrctl.outputs.views import attribution, hypotheses, kpis
from okrctl.scoring.scorecard import KeyResultScore, ObjectiveScore

MAX_MOVES = 8
MAX_ITEMS = 40
KEY_RESULT_COLUMNS = (
    Column("Key result"), Column("Value", "value"), Column("Progress vs expected", "progress"),
    Column("Score", "score", True), Column("Status", "status"), Column("Confidence", "confidence", True),
    Column("Trend", "chart", is_drawing=True),
)  # fmt: skip


class Choice(NamedTuple):
    """One select of the filters, with the value and the label of each option."""

    id: str
    label: str
    options: list[tuple[str, str]]


def page(result: PeriodReport, home: str = "") -> str:
    """The whole page; `home` is the address of the site's index."""
    kpi_stories = [(story, attribution.view(story.attribution)) for story in result.kpi_stories]
    return render(
        "report.html",
        title=heading(result),
        home=home,
        report=result,
        status_counts=status_counts([each for objective in result.card.objectives for each in objective.key_results]),
        filters=_filters(result),
        teams=teams_view(result),
        kpis=kpi_table(result),
        kpi_stories=kpi_stories,
        hypotheses=hypotheses.view(result.impact),
        differences=_differences(result),
        key_results=key_results,
        objective_gap=objective_gap,
        max_items=MAX_ITEMS,
        max_moves=MAX_MOVES,
    )


def link(result: PeriodReport, path: str, line: int) -> str | None:
    """The address of a line of a file, where a forge shows it."""
    return None if result.link_base is None else file_url(result.link_base, path, line)


def kpi_table(result: PeriodReport) -> Table:
    """All KPIs, each with its owner and its place."""
    table = kpis.view(result.kpi_overview)
    for number, status in enumerate(result.kpi_overview.statuses):
        path, line = result.location(status.kpi)
        head, *cells = table.rows[number].cells
        owner = (Cell(result.owner_name(status.kpi.owner), "name"),) if status.kpi.owner else ()
        place = Cell(f"{path}:{line}", href=link(result, path, line))
        table.rows[number] = Row((head._replace(notes=(*head.notes, *owner, place)), *cells))
    return table


def objective_gap(objective: ObjectiveScore) -> int:
    """How far an objective is behind, in percentage points."""
    expected = trajectory.expected_of_key_results(objective.key_results)
    return int(((expected or Fraction(0)) - (objective.score or Fraction(0))) * 100)


def key_results(objective: ObjectiveScore, result: PeriodReport) -> Table:
    """The key results of an objective, guardrails and what is not scored at the end."""
    ordered = sorted(objective.key_results, key=lambda each: (each.state != "active", each.guardrail))
    rows = [
        Row(
            tuple(_key_result_cells(each, result)),
            attributes=(("data-owner", each.node.owner or ""), ("data-status", each.status or "")),
        )
        for each in ordered
    ]
    return Table(KEY_RESULT_COLUMNS, rows, f"Key results of {scorecard.title(objective.node)}")


def _key_result_cells(scored: KeyResultScore, result: PeriodReport) -> Iterator[Cell]:
    node = scored.node
    notes = (Cell(result.owner_name(node.owner), "name"),) if node.owner else ()
    if result.link_base is not None:
        path, line = result.location(node)
        notes = (*notes, Cell(f"line {line}", href=file_url(result.link_base, path, line)))
    yield Cell(scorecard.title(node), "name", notes=notes)
    yield Cell(scorecard.value(scored), notes=(Cell(scorecard.target_range(scored, UNICODE)),))
    if node.measure.has_bounds:
        beyond = scorecard.progress_beyond_score(scored)
        yield Cell(beyond)
    else:
        yield progress_cell(scored.progress, scored.computed, scored.expected, scored.precision)
    yield Cell("" if scored.guardrail else scorecard.score(scored.score, scored.precision))
    remarks = (*(["guardrail"] if scored.guardrail else []), *scorecard.remarks(scored))
    yield Cell(status=scorecard.status_text(scored), notes=tuple(map(Cell, remarks)))
    yield Cell("" if scored.confidence is None else scorecard.amount(scored.confidence))
    yield _chart_cell(scored, result.trajectories.get(node.ref))


def _chart_cell(scored: KeyResultScore, values: Trajectory | None) -> Cell:
    if values is None or not values.actual or scored.node.measure.records == "date":
        return Cell()
    count = len(values.actual)
    label = f"Trend: {count} value{'' if count == 1 else 's'}, now {scorecard.full_value(scored)}"
    return Cell(label=label, trajectory=values)


def _differences(result: PeriodReport) -> Table:
    """What is no longer as it was agreed."""
    columns = Column("What"), Column("Change", "change"), Column("Effect", "effect")
    rows = []
    for each in result.card.agreed.differences if result.card.agreed else ():
        sentence = describe_change(each.kind, each.field, each.agreed, each.now, None)
        rows.append(
            Row(
                (
                    Cell(short_ref(each, result)),
                    Cell(sentence, "name"),
                    Cell(status=EFFECT_WORDS.get(each.effect or "", each.effect)),
                )
            )
        )
    return Table(columns, rows)


def _filters(result: PeriodReport) -> list[Choice]:
    """The controls, which the script shows."""
    objectives = result.card.objectives
    scored: list[ObjectiveScore | KeyResultScore] = [*objectives]
    scored += [each for objective in objectives for each in objective.key_results]
    owners = {each.node.owner for each in scored if each.node.owner}
    names = sorted(((owner, result.owner_name(owner)) for owner in owners), key=lambda pair: pair[1].casefold())
    statuses = sorted({each.status for each in scored if each.status})
    return [
        Choice("f-team", "Team", [(team.team, team.name) for team in result.card.teams]),
        Choice("f-owner", "Owner", names),
        Choice("f-status", "Status", [(status, status) for status in statuses]),
    ]
