"""Writes the report on a period as one page of Markdown, with the essentials or with all detail."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from fractions import Fraction
from urllib.parse import quote

from okrctl.analysis import trajectory
from okrctl.analysis.attention import AttentionItem
from okrctl.analysis.period_figures import count_statuses
from okrctl.analysis.period_report import PeriodReport, ProgressMove, notable_kpis
from okrctl.history.diff.describe import describe_change
from okrctl.kpis.overview import KpiStatus
from okrctl.outputs.markdown import COMMENT_LIMIT, SUMMARY_LIMIT, TONE_SIGNS, code_span, escape, view_table
from okrctl.outputs.reports import mermaid, page_text
from okrctl.outputs.text import kpi, scorecard
from okrctl.outputs.view import TONES, Bar, Cell, Column, Row, Table
from okrctl.outputs.views import attribution, hypotheses, kpis
from okrctl.outputs.views.scorecard import markdown_blocks, signed_score
from okrctl.scoring.scorecard import BaselineDifference, TeamScore
from okrctl.values.precision import Precision

MAX_ITEMS = 5


def page(result: PeriodReport) -> str:
    """Blocks, the most important first; those that do not fit are left out, and the page says so.

    One page fits a comment on GitHub, a full report a job summary.
    """
    room = (SUMMARY_LIMIT if result.is_full else COMMENT_LIMIT) - 200
    shown, left_out = [], 0
    for block in (block.rstrip() for block in _blocks(result)):
        size = len(block.encode("utf-8", "replace")) + 2
        if size > room:
            left_out += 1
        else:
            shown.append(block)
            room -= size
    if left_out:
        shown.append(f"_{left_out} more blocks do not fit on a page: see `okrctl report --format html`._")
    return "\n\n".join(shown) + "\n"


def _blocks(result: PeriodReport) -> Iterator[str]:
    yield _head(result)
    yield "## Score by team\n\n" + (view_table(teams_view(result)) if result.card.teams else "No objectives.")
    yield _decisions(result)
    yield _moves(result)
    yield from _changes(result)
    diagram = mermaid.alignment_diagram(result.alignment_tree)
    if diagram:
        yield f"## Alignment\n\n{diagram}"
    if result.is_full:
        yield from _details(result)
    else:
        yield f"_Full details: `okrctl report {escape(result.card.period.id)} --full`, or `--format html -o FILE`._"


def _head(result: PeriodReport) -> str:
    card = result.card
    pace = [card.pace] if card.pace else []
    figures = [f"**{signed_score(card)}**", *pace, *summary(result)]
    return f"# {escape(heading(result))}\n\n{', '.join(figures)}  \n{when(result)}"


def heading(result: PeriodReport) -> str:
    """The organisation and the period."""
    return ": ".join(filter(None, (result.organisation, result.card.period.id)))


def when(result: PeriodReport) -> str:
    """The days of the period, the day of the report, and whether the period is over."""
    card = result.card
    return f"{card.period.start} to {card.period.end}, as of {card.as_of}, {scorecard.period_state(card)}"


def summary(result: PeriodReport) -> list[str]:
    """The progress expected by now, and how many key results have a value."""
    expected = trajectory.expected_of_period(result.card)
    parts = [f"{scorecard.percent(expected, result.card.precision)} expected"] if expected is not None else []
    return [*parts, scorecard.measured_count(result.card)]


def teams_view(result: PeriodReport) -> Table:
    """A row per team."""
    columns = (
        Column("Team"),
        Column("Progress vs expected", "progress"),
        Column("Score", "score", True),
        Column("Key results", "results"),
    )
    rows = [Row(tuple(_team_cells(team))) for team in result.card.teams]
    return Table(columns, rows, "The mark in a bar is the progress expected by now.")


def _team_cells(team: TeamScore) -> Iterator[Cell]:
    results = [each for objective in team.objectives for each in objective.key_results if not each.guardrail]
    yield Cell(scorecard.team_name(team), "name")
    expected = trajectory.expected_of_objectives(team.objectives)
    yield progress_cell(team.score, team.score, expected, team.precision)
    yield Cell(scorecard.score(team.score, team.precision), status=team.band or team.pace)
    counts = ", ".join(f"{count} {status}" for status, count in count_statuses(results))
    notes = (scorecard.measured_count(team), page_text.count_guardrails(team.objectives))
    yield Cell(counts, notes=tuple(Cell(note) for note in notes if note))


def progress_cell(
    progress: Fraction | None, score: Fraction | None, expected: Fraction | None, precision: Precision
) -> Cell:
    """A bar with its figures in words; the progress only where the score beside it does not say the same."""
    parts = scorecard.progress_parts(progress, score, expected, precision)
    return Cell(", ".join(parts), bar=Bar(progress, expected) if progress is not None else None)


def _decisions(result: PeriodReport) -> str:
    items = _limited(result, [_attention(item, result) for item in result.decisions]) or ["Nothing."]
    lines = ["## What needs attention", "", *items]
    if result.reminders:
        counts = Counter(item.status for item in result.reminders)
        counted = ", ".join(f"{count} {status}" for status, count in counts.items())
        lines += ["", f"Waiting for a reading or a target: {counted}."]
    return "\n".join(lines)


def _limited(result: PeriodReport, lines: list[str]) -> list[str]:
    """All lines in a full report, else the first ones and how many more there are."""
    if result.is_full or len(lines) <= MAX_ITEMS:
        return lines
    return [*lines[:MAX_ITEMS], f"- and {len(lines) - MAX_ITEMS} more"]


def _attention(item: AttentionItem, result: PeriodReport) -> str:
    owner = f" ({escape(result.owner_name(item.owner))})" if item.owner else ""
    command = f" → {code_span(item.next)}" if result.is_full else ""
    return f"- **{escape(item.status_word)}** {escape(item.title)}{owner}: {escape(item.why)}{command}"


def _moves(result: PeriodReport) -> str:
    moves = _limited(result, [_move(move) for move in result.moves]) or ["No key result moved."]
    lines = [f"## What moved since {result.since}", "", *moves]
    if not result.is_full:
        lines += [_kpi(status) for status in notable_kpis(result.kpi_overview, MAX_ITEMS)]
    return "\n".join(lines)


def points(move: ProgressMove) -> str:
    """A change of progress in percentage points."""
    return f"{'+' if move.change > 0 else '-'}{(abs(move.change) * 200 + 1) // 2} points"


def _move(move: ProgressMove) -> str:
    sign = "▲" if move.change > 0 else "▼"
    before, after = scorecard.full_value(move.before), scorecard.full_value(move.after)
    progress = move.after.progress
    complete = scorecard.NOTHING if progress is None else scorecard.percent(progress, move.after.precision)
    title = escape(scorecard.title(move.after.node))
    return f"- {sign} {title}: {escape(before)} → {escape(after)}, {complete} complete ({points(move)})"


def _kpi(status: KpiStatus) -> str:
    sign = TONE_SIGNS.get(TONES.get(status.trend or "", ""), "⚪ ")
    change = escape(kpi.change_with_trend(status.change, status.trend))
    alarm = "".join(f", {escape(text)}" for text in (kpi.alarm_text(status), kpi.signal_text(status)) if text)
    return f"- {sign}KPI {escape(scorecard.title(status.kpi))}: {escape(kpi.value(status))} ({change}){alarm}"


def _changes(result: PeriodReport) -> Iterator[str]:
    baseline = result.card.agreed
    if baseline is None:
        return
    differences = baseline.differences if result.is_full else baseline.goalpost_moves
    if differences:
        lines = _limited(result, [_difference(difference, result) for difference in differences])
        score = f"Against the agreed version the score is {scorecard.score(baseline.score, result.card.precision)}."
        yield "\n".join([f"## Changes since the version agreed on {baseline.day}", "", score, "", *lines])


def short_ref(difference: BaselineDifference, result: PeriodReport) -> str:
    """A reference without the period of the report."""
    return difference.ref.removeprefix(f"{result.card.period.id}/")


def _difference(difference: BaselineDifference, result: PeriodReport) -> str:
    sentence = describe_change(difference.kind, difference.field, difference.agreed, difference.now, difference.effect)
    return f"- {code_span(short_ref(difference, result))} {escape(sentence)}"


def _details(result: PeriodReport) -> Iterator[str]:
    yield "## Scorecard"
    yield from markdown_blocks(result.card)
    if result.kpi_overview.statuses:
        yield "## KPIs"
        yield kpis.markdown(result.kpi_overview)
        yield from (attribution.markdown(story.attribution) for story in result.kpi_stories)
    if result.impact.hypotheses:
        yield hypotheses.markdown(result.impact)
    yield from (f"- {escape(note)}" for note in result.notes)
    if result.link_base:
        yield "## Files\n\n" + "\n".join(_files(result, result.link_base))


def _files(result: PeriodReport, base: str) -> Iterator[str]:
    for objective in result.card.objectives:
        path, line = result.location(objective.node)
        yield f"- {escape(scorecard.title(objective.node))}: [{escape(path)}]({file_url(base, path, line)})"


def file_url(base: str, path: str, line: int) -> str:
    """The address at which a forge shows a line of a file."""
    return f"{quote(base, safe=':/?&=%~+@-._[]')}{quote(path)}#L{line}"
