"""Gathers what the page of a report shows; the templates lay it out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from fractions import Fraction
from typing import NamedTuple

from okrctl.analysis import trajectory
from okrctl.analysis.period_figures import SameDay, count_statuses
from okrctl.analysis.period_report import PeriodReport
from okrctl.analysis.trajectory import Trajectory
from okrctl.history.diff.describe import EFFECT_WORDS, describe_change
from okrctl.kpis.overview import SPARKLINE_LENGTH, KpiStatus
from okrctl.outputs.reports import charts, hypothesis_table, page_text, waterfall
from okrctl.outputs.reports.kpi_text import KpiText, describe_kpis
from okrctl.outputs.reports.links import Links, PageLinks, anchor
from okrctl.outputs.reports.markdown import file_url, heading, short_ref
from okrctl.outputs.reports.page import render
from okrctl.outputs.terminal import UNICODE
from okrctl.outputs.text import kpi as kpi_wording
from okrctl.outputs.text import scorecard
from okrctl.outputs.view import Bar, Cell, Column, Row, Table
from okrctl.scoring.scorecard import KeyResultScore, ObjectiveScore, TeamScore
from okrctl.values.nouns import count_noun
from okrctl.workspace import DatedReading, KeyResult, Kpi, Objective

MAX_MOVES = 8
MAX_ITEMS = 40
MARK = "The mark in a bar is what is expected by now"
KEY_RESULT_COLUMNS = (
    Column("Key result"), Column("Value", "value"), Column("Progress", "progress"), Column("Score", "score", True),
    Column("Status", "status"), Column("Trend", "chart", is_drawing=True),
)  # fmt: skip
SCORE_COLUMN = 3
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
        figures=figures_table(result),
        day_figures_table=day_figures_table,
        filters=filters(result),
        teams=teams_table(result, links),
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

    def shared_expectation(self) -> str:
        """What is expected of every objective, where it is the same of all; empty where it differs."""
        expected = (self.expected(objective) for objective in self.report.card.objectives)
        precision = self.report.card.precision
        return page_text.shared_text(precision.score(share) for share in expected if share is not None)

    def shared_progress(self, objective: ObjectiveScore) -> str:
        """What is expected of every key result of an objective, where it is the same of all."""
        return shared_expectation(objective.key_results)

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
        table = key_results_table(objective, self.report.trajectories, self._notes)
        for number, each in enumerate(sort_results(objective)):
            place = self.place(each.node)
            marks = [("id", place)] if place else []
            marks += [("data-owner", each.node.owner or ""), ("data-status", each.status or "")]
            aside = each.state if each.state != "active" else "guardrail" if each.guardrail else ""
            marks += [("data-aside", aside)] if aside else []
            table.rows[number] = table.rows[number]._replace(attributes=tuple(marks))
        return table

    def left_out(self, objective: ObjectiveScore) -> list[KeyResult]:
        """The key results of an objective that filters leave out; its score and its status are due to them as well."""
        shown = {each.node.id for each in objective.key_results}
        return [node for node in objective.node.key_results if node.id not in shown]

    def _notes(self, node: KeyResult) -> tuple[Cell, ...]:
        return owner_and_line(self.report, self.links, node)

    def charts(self, objective: ObjectiveScore) -> list[ReadingChart]:
        """The charts of the key results that have readings."""
        return [chart for each in sort_results(objective) if (chart := reading_chart(each, self.report)) is not None]


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


def figures_table(result: PeriodReport) -> Table:
    """A period in figures; the key results by status stand beside its score."""
    figures, objectives = result.figures, result.card.objectives
    states = Counter(objective.state for objective in objectives if objective.state != "active")
    others = "".join(f", and {number} {state}" for state, number in sorted(states.items()))
    rows = [
        _figure("Teams with goals", figures.team_count), _figure("Objectives", f"{figures.objective_count}{others}"),
    ]  # fmt: skip
    if figures.reached is not None:
        rows.append(_figure("Objectives reached", f"{figures.reached} of {figures.objective_count}"))
    rows.append(_figure("Key results", figures.key_result_count))
    rows += [_part(band, number) for band, number in figures.bands or ()]
    guardrails = Counter(page_text.guardrail_words(objectives))
    rows += [_figure("Guardrails", guardrails.total())] if guardrails else []
    rows += [_part(word, number) for word, number in sorted(guardrails.items())]
    return Table((Column("Figure"), Column("Number", "number", True)), rows, "The period in figures")


def _figure(name: str, number: int | str) -> Row:
    return Row((Cell(name), Cell(str(number))))


def _part(word: str, number: int) -> Row:
    """A part of the figure above."""
    return Row((Cell(status=word), Cell(str(number))), level=1)


def day_figures_table(same_day: SameDay) -> Table:
    """A running period beside the last one of its kind on the same day."""
    now, before = same_day.now, same_day.before
    on_track = (f"{each.on_track} of {each.key_result_count}" for each in (now, before))
    columns = Column("Figure"), *(Column(each.period.id, "number", True) for each in (now, before))
    rows = [
        ("Day", *(f"{each.number} of {each.period.days}" for each in (now, before))),
        ("Score", *(scorecard.score(each.score, each.precision) for each in (now, before))),
        ("Key results on track or achieved", *on_track),
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


def sort_results(objective: ObjectiveScore) -> list[KeyResultScore]:
    """The key results of an objective as pages list them: guardrails and what is not scored at the end."""
    return sorted(objective.key_results, key=lambda each: (each.state != "active", each.guardrail))


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
    href, notes = links.kpi(kpi.id) or "", owner_and_line(result, links, kpi)
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
    status = "unknown" if owner in result.unknown_owners else None
    return Cell(result.owner_name(owner), "name", status, href=links.owner(owner))


def owner_and_line(result: PeriodReport, links: Links, node: KeyResult | Kpi) -> tuple[Cell, ...]:
    """Who owns a key result or a KPI, and the line where it is written, where a forge shows it."""
    owner = (owner_cell(result, links, node.owner),) if node.owner else ()
    if result.link_base is None:
        return owner
    path, line = result.location(node)
    return (*owner, Cell(f"line {line}", "place", href=file_url(result.link_base, path, line)))


def teams_table(result: PeriodReport, links: Links) -> Table:
    """A row per team, which leads to its goals.

    It has no status: a team that is on track may have an objective at risk, and both stand on the page.
    """
    columns = (
        Column("Team"), Column("Score", "score", True), Column("Progress", "progress"),
        Column("Key results", "results"),
    )  # fmt: skip
    teams, is_over = result.card.teams, result.card.state == "over"
    expected = [None if is_over else trajectory.expected_of_objectives(team.objectives) for team in teams]
    texts = [page_text.expected_score(share, team.precision) for team, share in zip(teams, expected, strict=True)]
    shared = page_text.shared_text(texts)
    rows = []
    for team, share, text in zip(teams, expected, texts, strict=True):
        bar = Bar(team.score, share) if team.score is not None else None
        head = Cell(scorecard.team_name(team), "name", href=links.team(team.team))
        cells = head, Cell(scorecard.score(team.score, team.precision)), Cell("" if shared else text, bar=bar)
        rows.append(Row((*cells, _results_cell(team))))
    caption = f"The mark in a bar is what is expected by now: {shared.removesuffix(' expected')}" if shared else MARK
    return Table(columns, rows, "" if is_over else f"{caption}.")


def _results_cell(team: TeamScore) -> Cell:
    """The key results of a team by status, and what does not enter these counts."""
    active = [objective for objective in team.objectives if objective.state == "active"]
    results = [each for objective in active for each in objective.key_results if not each.guardrail]
    counts = ", ".join(f"{number} {status}" for status, number in count_statuses(results))
    is_partial = team.measured_count < team.key_result_count
    notes = (scorecard.measured_count(team) if is_partial else "", page_text.count_guardrails(team.objectives))
    return Cell(counts, notes=tuple(Cell(note) for note in notes if note))


def key_results_table(
    objective: ObjectiveScore, trajectories: Mapping[str, Trajectory], describe: Callable[[KeyResult], tuple[Cell, ...]]
) -> Table:
    """The key results of an objective, what is not scored at the end; `describe` gives the notes below a title.

    A column is left out where it says nothing: the scores where each is the progress beside it.
    """
    results = sort_results(objective)
    shared = shared_expectation(results)
    rows = [_key_result_cells(each, shared, describe(each.node), trajectories.get(each.node.ref)) for each in results]
    shown = [
        number for number in range(len(KEY_RESULT_COLUMNS)) if number != SCORE_COLUMN or any(map(_has_score, results))
    ]
    return Table(
        tuple(KEY_RESULT_COLUMNS[number] for number in shown),
        [Row(tuple(row[number] for number in shown)) for row in rows],
        f"Key results of {scorecard.title(objective.node)}",
    )


def _has_score(scored: KeyResultScore) -> bool:
    """Whether a score is not the progress beside it."""
    if scored.guardrail or scored.score is None:
        return False
    return scored.progress is None or scored.precision.score(scored.progress) != scored.precision.score(scored.score)


def shared_expectation(results: Iterable[KeyResultScore]) -> str:
    """What is expected of each key result that has a progress, where it is the same of all: `100 %`."""
    texts = (_progress_texts(each)[1] for each in results if not each.node.measure.has_bounds)
    return page_text.shared_text(text for text in texts if text)


def expected_progress(scored: KeyResultScore) -> Fraction | None:
    """What is expected of a key result by now; None of one that is put off, and once its period is over."""
    is_over = scored.series.day > scored.series.last
    return scored.expected if scored.state == "active" and not is_over else None


def _progress_texts(scored: KeyResultScore) -> tuple[str, str]:
    """The progress of a key result and what is expected of it; empty where there is none."""
    progress, expected, precision = scored.progress, expected_progress(scored), scored.precision
    if progress is not None and expected is not None:
        return precision.progress_pair(progress, expected)
    shown, wanted = ("" if share is None else precision.percent(share) for share in (progress, expected))
    return shown, wanted


def progress_words(scored: KeyResultScore, shared: str = "") -> str:
    """The progress of a key result beside what is expected: `94 %, 100 % expected`; without what all share."""
    progress, expected = _progress_texts(scored)
    return ", ".join(filter(None, (progress, f"{expected} expected" if expected and not shared else "")))


def _key_result_cells(
    scored: KeyResultScore, shared: str, notes: tuple[Cell, ...], values: Trajectory | None
) -> tuple[Cell, ...]:
    node = scored.node
    if node.measure.has_bounds:
        progress = Cell(scorecard.progress_beyond_score(scored))
    else:
        bar = Bar(scored.progress, expected_progress(scored)) if scored.progress is not None else None
        progress = Cell(progress_words(scored, shared), bar=bar)
    return (
        Cell(scorecard.title(node), "name", notes=notes),
        Cell(scorecard.value(scored), notes=(Cell(scorecard.target_range(scored, UNICODE)),)),
        progress,
        Cell("" if scored.guardrail else scorecard.score(scored.score, scored.precision)),
        Cell(status=scorecard.status_text(scored), notes=tuple(map(Cell, page_text.remarks(scored)))),
        _chart_cell(scored, values),
    )


def _chart_cell(scored: KeyResultScore, values: Trajectory | None) -> Cell:
    if values is None or not values.actual or scored.node.measure.records == "date":
        return Cell()
    count = len(values.actual)
    label = f"Trend: {count_noun(count, 'value')}, now {scorecard.full_value(scored)}"
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
                    Cell(page_text.name_field(sentence), "name"),
                    Cell(status=EFFECT_WORDS.get(each.effect or "", each.effect)),
                )
            )
        )
    return Table(columns, rows)


def _option_name(result: PeriodReport, owner: str) -> str:
    name = result.owner_name(owner)
    return f"{name} (unknown)" if owner in result.unknown_owners else name


def filters(result: PeriodReport) -> list[Choice]:
    """The controls, which the script shows."""
    objectives = result.card.objectives
    scored: list[ObjectiveScore | KeyResultScore] = [*objectives]
    scored += [each for objective in objectives for each in objective.key_results]
    owners = {each.node.owner for each in scored if each.node.owner}
    names = sorted(((owner, _option_name(result, owner)) for owner in owners), key=lambda pair: pair[1].casefold())
    statuses = sorted({each.status for each in scored if each.status})
    return [
        Choice("f-team", "Team", [(team.team, team.name) for team in result.card.teams]),
        Choice("f-owner", "Owner", names),
        Choice("f-status", "Status", [(status, status) for status in statuses]),
    ]
