"""Gathers what the page of a report shows; the templates lay it out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from fractions import Fraction
from typing import NamedTuple

from okrctl.analysis import trajectory
from okrctl.analysis.period_figures import PeriodFigures, SameDay
from okrctl.analysis.period_report import PeriodReport
from okrctl.analysis.trajectory import Trajectory
from okrctl.history.diff.describe import EFFECT_WORDS, describe_change
from okrctl.kpis.overview import SPARKLINE_LENGTH, KpiStatus
from okrctl.outputs.reports import charts, hypothesis_table, waterfall
from okrctl.outputs.reports.kpi_text import KpiText, describe_kpis
from okrctl.outputs.reports.links import Links, PageLinks, anchor
from okrctl.outputs.reports.markdown import file_url, heading, progress_cell, short_ref, teams_view
from okrctl.outputs.reports.page import render
from okrctl.outputs.terminal import UNICODE
from okrctl.outputs.text import kpi as kpi_wording
from okrctl.outputs.text import scorecard
from okrctl.outputs.view import Bar, Cell, Column, Row, Table
from okrctl.scoring.scorecard import KeyResultScore, ObjectiveScore
from okrctl.workspace import DatedReading, KeyResult, Objective

MAX_MOVES = 8
MAX_ITEMS = 40
KEY_RESULT_COLUMNS = (
    Column("Key result"), Column("Value", "value"), Column("Progress vs expected", "progress"),
    Column("Score", "score", True), Column("Status", "status"), Column("Confidence", "confidence", True),
    Column("Trend", "chart", is_drawing=True),
)  # fmt: skip
READING_COLUMNS = (
    Column("Day"),
    Column("Value", "value", True),
    Column("Confidence", "confidence", True),
    Column("Note"),
)


class Choice(NamedTuple):
    """One select of the filters, with the value and the label of each option."""

    id: str
    label: str
    options: list[tuple[str, str]]


def page(result: PeriodReport, links: Links | None = None) -> str:
    """The whole page; without `links` it is alone and leads only to its own parts."""
    links = links or own_links(result)
    kpi_text = describe_kpis(result.kpi_overview)
    kpi_stories = [(story, waterfall.table(story.attribution, kpi_text, links)) for story in result.kpi_stories]
    return render(
        "report.html",
        title=heading(result),
        links=links,
        report=result,
        goals=Goals(result, links),
        figures=figures_table(result.figures),
        day_figures_table=day_figures_table,
        filters=filters(result),
        teams=_teams_table(result, links),
        kpis=kpi_table(result, links),
        kpi_text=kpi_text,
        kpi_stories=kpi_stories,
        hypotheses=hypothesis_table.build(result.impact, links),
        differences=differences_table(result, links),
        max_items=MAX_ITEMS,
        max_moves=MAX_MOVES,
    )


def own_links(result: PeriodReport) -> PageLinks:
    """The parts of a page that is alone."""
    objectives = result.card.objectives
    refs = {each.node.ref for objective in objectives for each in objective.key_results}
    refs |= {objective.node.ref for objective in objectives}
    return PageLinks(frozenset(refs), frozenset(status.kpi.id for status in result.kpi_overview.statuses))


class Goals:
    """What the templates ask about the objectives and key results of a report."""

    def __init__(self, report: PeriodReport, links: Links) -> None:
        self.report, self.links = report, links
        self.places: dict[str, Objective | KeyResult] = {}
        self.team_names = {team.team: scorecard.team_name(team) for team in report.card.teams}
        self.titles = {each.node.ref: scorecard.title(each.node) for each in _objectives_of_tree(report)}

    def place(self, node: Objective | KeyResult) -> str:
        """The id of a goal's part of the page; empty for the second of two goals with one reference."""
        name = anchor("goal", node.ref)
        return name if self.places.setdefault(name, node) is node else ""

    def title(self, ref: str) -> str:
        """The title of an objective, else its reference."""
        return self.titles.get(ref, ref)

    def team_name(self, team: str) -> str:
        """What people call a team."""
        return self.team_names.get(team, team)

    def deciding(self, objective: ObjectiveScore) -> str:
        """The title of the key result that decides the status of an objective."""
        titles = {each.node.id: scorecard.title(each.node) for each in objective.key_results}
        return titles.get(objective.decided_by or "", objective.decided_by or "")

    def reason(self, objective: ObjectiveScore) -> str:
        """What the status of an objective is due to, where that is not all of it: it is the worst of its parts."""
        deciding = next((each for each in objective.key_results if each.node.id == objective.decided_by), None)
        if deciding is None:
            return ""
        if deciding.guardrail:
            return "broken guardrail" if deciding.broken else "guardrail"
        active = [each for each in objective.key_results if each.state == "active" and not each.guardrail]
        count = sum(each.status == deciding.status for each in active)
        return f"{count} of {len(active)} key results" if count < len(active) else ""

    def expected(self, objective: ObjectiveScore) -> Fraction | None:
        """The progress expected of an objective by now; None where nothing is, or where the period is over."""
        if objective.state != "active" or self.report.card.state == "over":
            return None
        return trajectory.expected_of_key_results(objective.key_results)

    def bar(self, objective: ObjectiveScore) -> Bar:
        """The score of an objective beside what is expected."""
        return Bar(objective.score, self.expected(objective))

    def gap(self, objective: ObjectiveScore) -> int:
        """How far an objective is behind, in percentage points."""
        expected = trajectory.expected_of_key_results(objective.key_results)
        return int(((expected or Fraction(0)) - (objective.score or Fraction(0))) * 100)

    def key_results(self, objective: ObjectiveScore) -> Table:
        """The key results of an objective, guardrails and what is not scored at the end."""
        rows = []
        for each in _ordered(objective):
            place = self.place(each.node)
            attributes = ("data-owner", each.node.owner or ""), ("data-status", each.status or "")
            cells = tuple(_key_result_cells(each, self.report, self.links))
            rows.append(Row(cells, attributes=(("id", place), *attributes) if place else attributes))
        return Table(KEY_RESULT_COLUMNS, rows, f"Key results of {scorecard.title(objective.node)}")

    def charts(self, objective: ObjectiveScore) -> list[ReadingChart]:
        """The charts of the key results that have readings."""
        return [chart for each in _ordered(objective) if (chart := reading_chart(each, self.report)) is not None]


class ReadingChart(NamedTuple):
    """The readings of a key result: a chart, and the same values in a table."""

    key_result: KeyResultScore
    trajectory: Trajectory
    drawing: charts.Drawing
    table: Table
    line: str
    target: str
    bounds: str


def reading_chart(scored: KeyResultScore, result: PeriodReport) -> ReadingChart | None:
    """The chart of a key result; None without a reading, or where a day is all there is."""
    return reading_chart_on(scored, result.trajectories.get(scored.node.ref), result.card.as_of)


def reading_chart_on(scored: KeyResultScore, values: Trajectory | None, today: date) -> ReadingChart | None:
    """The chart of a key result whose trajectory is known, with a line at today."""
    if values is None or not values.actual or scored.node.measure.records == "date":
        return None

    def name_value(value: Fraction) -> str:
        if scored.node.measure.records == "steps":
            return scorecard.percent(value)
        unit = scored.unit or ""
        return scorecard.amount(value, unit if len(unit) <= scorecard.SHORT_UNIT else None)

    title = scorecard.title(scored.node)
    drawing = charts.reading_chart(values, name_value, today, f"Readings of {title}")
    if drawing is None:
        return None
    is_share, is_short = scored.node.measure.records == "steps", len(scored.unit or "") <= scorecard.SHORT_UNIT
    return ReadingChart(
        scored,
        values,
        drawing,
        _readings_table(scored, values, name_value),
        line="milestones done" if is_share else "value" if is_short else f"value in {scored.unit}",
        target="" if values.target is None else name_value(values.target),
        bounds=scorecard.target_range(scored, UNICODE) if values.bounds else "",
    )


def _readings_table(scored: KeyResultScore, values: Trajectory, name_value: charts.NameValue) -> Table:
    """Every value with what was said of it, the newest first; a column that is empty is left out."""
    said = {reading.day: reading for reading in scored.node.readings}
    rows = [_reading_cells(day, name_value(value), said.get(day)) for day, value in reversed(values.readings)]
    shown = [number for number in range(len(READING_COLUMNS)) if any(row[number].text for row in rows)]
    return Table(
        tuple(READING_COLUMNS[number] for number in shown),
        [Row(tuple(row[number] for number in shown)) for row in rows],
        f"Readings of {scorecard.title(scored.node)}, the newest first",
    )


def _reading_cells(day: date, value: str, reading: DatedReading | None) -> tuple[Cell, ...]:
    confidence = "" if reading is None or reading.confidence is None else scorecard.amount(reading.confidence)
    note = Cell(reading.note, "name") if reading and reading.note else Cell()
    return Cell(str(day)), Cell(value), Cell(confidence), note


def figures_table(figures: PeriodFigures) -> Table:
    """A period in figures."""
    counts = [("Teams with goals", str(figures.team_count)), ("Objectives", str(figures.objective_count))]
    if figures.reached is not None:
        counts.append(("Objectives reached", f"{figures.reached} of {figures.objective_count}"))
    counts.append(("Key results", str(figures.key_result_count)))
    rows = [Row((Cell(name), Cell(count))) for name, count in counts]
    for word, count in (*figures.statuses, *(figures.bands or ())):
        rows.append(Row((Cell(status=word), Cell(str(count))), level=1))
    return Table((Column("Figure"), Column("Number", "number", True)), rows, "The period in figures")


def day_figures_table(same_day: SameDay) -> Table:
    """A running period beside the last one of its kind on the same day."""
    now, before = same_day.now, same_day.before
    columns = Column("Figure"), *(Column(each.period.id, "number", True) for each in (now, before))
    rows = [
        ("Day", *(f"{each.number} of {each.period.days}" for each in (now, before))),
        ("Score", *(scorecard.score(each.score, each.precision) for each in (now, before))),
        ("Key results on track", *(f"{each.on_track} of {each.key_result_count}" for each in (now, before))),
    ]
    cells = [Row(tuple(map(Cell, row))) for row in rows]
    return Table(columns, cells, f"{now.period.id} beside {before.period.id} on the same day")


def _objectives_of_tree(result: PeriodReport) -> Iterator[ObjectiveScore]:
    """The objectives of the report and those of longer periods that they support."""
    yield from result.card.objectives
    nodes = list(result.alignment_tree.roots)
    while nodes:
        node = nodes.pop()
        yield node.objective
        nodes += node.children


def _ordered(objective: ObjectiveScore) -> list[KeyResultScore]:
    return sorted(objective.key_results, key=lambda each: (each.state != "active", each.guardrail))


def link(result: PeriodReport, path: str, line: int) -> str | None:
    """The address of a line of a file, where a forge shows it."""
    return None if result.link_base is None else file_url(result.link_base, path, line)


def kpi_table(result: PeriodReport, links: Links) -> Table:
    """All KPIs, each with its owner and its place."""
    overview, text = result.kpi_overview, describe_kpis(result.kpi_overview)
    since = f"Since {text.day(overview.period.start)}" if overview.period else "In the period"
    columns = (
        Column("KPI"), Column("Value", "value", True), Column("Last change", "change", True),
        Column(since, "since", True), Column("Trend", "chart"), Column("Newest", "age"),
        Column("Addressed by", "addressed"),
    )  # fmt: skip
    rows = [
        Row(tuple(_kpi_cells(status, text, result, links)), attributes=(("id", anchor("kpi", status.kpi.id)),))
        for status in overview.statuses
    ]
    return Table(columns, rows, f"{text.heading(overview)}, as of {overview.as_of}")


def _kpi_cells(status: KpiStatus, text: KpiText, result: PeriodReport, links: Links) -> Iterator[Cell]:
    kpi = status.kpi
    path, line = result.location(kpi)
    owner = (owner_cell(result, links, kpi.owner),) if kpi.owner else ()
    place = Cell(f"{path}:{line}", "place", href=link(result, path, line))
    href = links.kpi(kpi.id) or ""
    notes = (Cell(kpi.id, "ref"), *owner, place)
    yield Cell(scorecard.title(kpi), "name", href=None if href.startswith("#") else href or None, notes=notes)
    yield Cell(text.value(status), status=text.verdict(status) or None, notes=tuple(map(Cell, text.reasons(status))))
    yield Cell(text.numbers.change(status.change, kpi))
    yield Cell(text.numbers.change(status.period_change, kpi))
    yield Cell(values=[point.value for point in status.series][-SPARKLINE_LENGTH:])
    inputs = text.inputs(status)
    yield Cell(kpi_wording.reading_age_in_words(status), notes=(Cell(inputs),) if inputs else ())
    goals = [Cell(scorecard.title(each), "name", href=links.goal(each.ref)) for each in status.objectives]
    yield goals[0]._replace(notes=tuple(goals[1:])) if goals else Cell(scorecard.NOTHING)


def owner_cell(result: PeriodReport, links: Links, owner: str) -> Cell:
    """What people call an owner, with the place of what is theirs."""
    return Cell(result.owner_name(owner), "name", href=links.owner(owner))


def _teams_table(result: PeriodReport, links: Links) -> Table:
    """A row per team, which leads to its goals."""
    table = teams_view(result)
    rows = [
        Row((row.cells[0]._replace(href=links.team(team.team)), *row.cells[1:]))
        for row, team in zip(table.rows, result.card.teams, strict=True)
    ]
    return replace(table, rows=rows)


def _key_result_cells(scored: KeyResultScore, result: PeriodReport, links: Links) -> Iterator[Cell]:
    node = scored.node
    notes = (owner_cell(result, links, node.owner),) if node.owner else ()
    if result.link_base is not None:
        path, line = result.location(node)
        notes = (*notes, Cell(f"line {line}", "place", href=file_url(result.link_base, path, line)))
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


def differences_table(result: PeriodReport, links: Links) -> Table:
    """What is no longer as it was agreed."""
    columns = Column("What"), Column("Change", "change"), Column("Effect", "effect")
    rows = []
    for each in result.card.agreed.differences if result.card.agreed else ():
        sentence = describe_change(each.kind, each.field, each.agreed, each.now, None)
        rows.append(
            Row(
                (
                    Cell(short_ref(each, result), "ref", href=links.goal(each.ref)),
                    Cell(sentence, "name"),
                    Cell(status=EFFECT_WORDS.get(each.effect or "", each.effect)),
                )
            )
        )
    return Table(columns, rows)


def filters(result: PeriodReport) -> list[Choice]:
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
