"""Shows all KPIs, the worst first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Literal

from okrctl.kpis.overview import KpiOverview, KpiStatus
from okrctl.kpis.trend import Trend
from okrctl.outputs import grid, json
from okrctl.outputs.grid import GAP, heading, layout_row, paragraph
from okrctl.outputs.markdown import code_span, escape, view_table
from okrctl.outputs.plot import sparkline
from okrctl.outputs.terminal import TerminalStyle, display_width, sanitize
from okrctl.outputs.text import kpi as wording
from okrctl.outputs.text import scorecard
from okrctl.outputs.view import Cell, Column, Row, Table
from okrctl.workspace import Kpi

MIN_TITLE, MAX_TITLE = 26, 70
SPARKLINE_CELLS = (8, 16)  # on a narrow and on a roomy terminal
ROOMY = 120
TREND_COLORS = {"better": "green", "worse": "red", "steady": "dim"}


def render(result: KpiOverview, format: Literal["table", "markdown", "json"], style: TerminalStyle) -> str:
    """All KPIs in a format."""
    match format:
        case "table":
            return "\n".join(_lines(result, style)) + "\n"
        case "markdown":
            return markdown(result)
        case "json":
            return json.document({"as_of": result.as_of, "kpis": [data(status) for status in result.statuses]})


def markdown(result: KpiOverview) -> str:
    """A heading, the table, and the usual limits of each KPI."""
    blocks = [f"### {escape(wording.heading(result))}", f"As of {result.as_of}."]
    if result.statuses:
        blocks.append(view_table(view(result)))
        blocks += ["\n".join(lines)] if (lines := [*_limit_lines(result)]) else []
    return "\n\n".join(blocks) + "\n"


def _limit_lines(result: KpiOverview) -> Iterator[str]:
    for status in result.statuses:
        words = "; ".join(filter(None, (wording.signal_text(status), wording.limits_text(status))))
        if words:
            yield f"- {code_span(status.kpi.id)}: {escape(words)}"


def data(status: KpiStatus) -> dict[str, Any]:
    """The figures of one KPI."""
    kpi = status.kpi
    return {
        "id": kpi.id,
        "title": kpi.model.title,
        "team": kpi.model.team,
        "owner": kpi.owner,
        "better": direction(kpi),
        "unit": kpi.unit,
        "value": status.value,
        "value_date": status.value_date,
        "previous": status.previous,
        "change": status.change,
        "trend": status.trend,
        "period_change": status.period_change,
        "period_trend": status.period_trend,
        "compared": _comparison_data(status),
        "age_days": status.age_days,
        "alarm": status.alarm,
        "signal": status.signal,
        "limits": _limits_data(status),
        "computed": status.is_computed,
        "objectives": [objective.ref for objective in status.objectives],
    }


def _limits_data(status: KpiStatus) -> dict[str, Any] | None:
    """The usual limits as they are drawn, and the days of the baseline."""
    limits = status.judged.drawn
    if limits is None:
        return None
    days = {"from": limits.first, "to": limits.last}
    return {"mean": limits.mean, "low": limits.low, "high": limits.high, **days, "readings": limits.readings}


def _comparison_data(status: KpiStatus) -> dict[str, Any] | None:
    comparison = status.comparison
    if comparison is None:
        return None
    return {"slots": comparison.slots, "now": comparison.now.value, "before": comparison.before.value}


def direction(kpi: Kpi) -> str | None:
    """Which values are better, as a word of JSON."""
    return "between" if kpi.model.between else kpi.model.better


def view(result: KpiOverview) -> Table:
    """A row per KPI."""
    since = wording.since_label(result.period)
    columns = (
        Column("KPI"),
        Column("Value", "value", True),
        Column("Change", "change", True),
        Column(since[0].upper() + since[1:], "since", True),
        Column("Trend", "chart"),
        Column("Age", "age", True),
        Column("Addressed by", "addressed"),
    )
    caption = f"{wording.heading(result)}, as of {result.as_of}"
    return Table(columns, [Row(tuple(_cells(status))) for status in result.statuses], caption)


def _cells(status: KpiStatus) -> Iterator[Cell]:
    kpi = status.kpi
    yield Cell(kpi.model.title or kpi.id, "name", notes=(Cell(kpi.id, "ref"),))
    alarm = (Cell(status.alarm),) if status.alarm else ()
    mark = "alarm" if alarm else "signal" if status.signal else None
    yield Cell(wording.value(status), status=mark, notes=alarm)
    yield _change_cell(status.change, status.trend)
    yield _change_cell(status.period_change, status.period_trend)
    yield Cell(values=status.sparkline)
    yield Cell(wording.reading_age(status))
    refs = [Cell(objective.ref, "ref") for objective in status.objectives]
    yield refs[0]._replace(notes=tuple(refs[1:])) if refs else Cell(scorecard.NOTHING)


def _change_cell(change: Fraction | None, trend: Trend | None) -> Cell:
    return Cell(wording.change_amount(change), status=trend if change else None)


@dataclass(frozen=True, slots=True)
class Layout:
    """The widths of the columns: the title's, 0 where it stands above, and those of the figures."""

    title: int
    figures: tuple[int, ...]
    sparkline: int

    @property
    def widths(self) -> list[int]:
        """All columns."""
        return [self.title, *self.figures]


def _lines(result: KpiOverview, style: TerminalStyle) -> Iterator[str]:
    """A line of figures for each KPI and one about its owner and objectives."""
    yield from heading(wording.heading(result), f"as of {result.as_of}", style)
    if not result.statuses:
        return
    layout = _layout(result, style)
    names = ("KPI", "value", "change", wording.since_label(result.period), "trend", "age")
    heads = [grid.Cell(name, "dim", right=number in (1, 2, 3)) for number, name in enumerate(names)]
    yield ""
    if layout.title:
        yield from layout_row(heads, layout.widths, style)
    elif _fits_one_line(layout, style):
        yield from layout_row(heads[1:], layout.figures, style, 2)
    for status in result.statuses:
        yield from _kpi_lines(status, layout, style)


def title(kpi: Kpi) -> grid.Cell:
    """A KPI's title followed by its id."""
    return grid.Cell(sanitize(kpi.model.title or kpi.id), "bold", tail=kpi.id)


def _figures(status: KpiStatus, style: TerminalStyle, cells: int) -> list[grid.Cell]:
    def change(amount: Fraction | None, trend: Trend | None) -> grid.Cell:
        return grid.Cell(wording.change_with_trend(amount, trend), TREND_COLORS.get(trend or "", ""), right=True)

    return [
        grid.Cell(wording.value(status), "bold", right=True),
        change(status.change, status.trend),
        change(status.period_change, status.period_trend),
        grid.Cell(sparkline(status.sparkline, style.glyphs, cells), "cyan"),
        grid.Cell(wording.reading_age(status), "yellow" if status.is_stale else "dim"),
    ]


def _layout(result: KpiOverview, style: TerminalStyle) -> Layout:
    cells = SPARKLINE_CELLS[style.width is None or style.width >= ROOMY]
    heads = ("value", "change", wording.since_label(result.period), "trend", "age")
    rows = [[cell.text for cell in _figures(status, style, cells)] for status in result.statuses]
    figures = tuple(max(map(display_width, column)) for column in zip(heads, *rows, strict=True))
    longest = min(max(display_width(title(status.kpi).full_text) for status in result.statuses), MAX_TITLE)
    if style.width is None:
        return Layout(longest, figures, cells)
    room = style.width - sum(figures) - len(figures) * len(GAP)
    return Layout(min(room, longest) if room >= min(MIN_TITLE, longest) else 0, figures, cells)


def _kpi_lines(status: KpiStatus, layout: Layout, style: TerminalStyle) -> Iterator[str]:
    cells = _figures(status, style, layout.sparkline)
    if layout.title:
        yield from layout_row([title(status.kpi), *cells], layout.widths, style)
    else:
        yield from layout_row([title(status.kpi)], [style.width or 0], style)
        yield from _stacked(cells, layout, style)
    if status.alarm:
        yield from paragraph(f"{style.glyphs.warning} {wording.alarm_text(status)}", style, "red", 2)
    if status.signal:
        yield from paragraph(f"{style.glyphs.warning} {wording.signal_text(status)}", style, "yellow", 2)
    if status.missing_reason and status.kpi.model.formula:
        yield from paragraph(sanitize(status.missing_reason), style, "yellow", 2)
    for note in filter(None, (wording.comparison_note(status), wording.figure_note(status))):
        yield from paragraph(note, style, "dim", 2)
    owner = f"{sanitize(status.kpi.owner)}, " if status.kpi.owner else ""
    facts = filter(None, (owner + wording.addressed_by(status), wording.usual_range(status)))
    yield from paragraph("; ".join(facts), style, "dim", 2)


def _fits_one_line(layout: Layout, style: TerminalStyle) -> bool:
    """Whether the figures below a title fit on one line."""
    return sum(layout.figures) + 4 * len(GAP) + 2 <= (style.width or 0)


def _stacked(cells: list[grid.Cell], layout: Layout, style: TerminalStyle) -> Iterator[str]:
    """The figures below the title, on two lines where one is too narrow for them."""
    if _fits_one_line(layout, style):
        yield from layout_row(cells, layout.figures, style, 2)
        return
    value, change, period_change, trend, age = (cell.text for cell in cells)
    period_change = f"{period_change} in the period" if period_change != scorecard.NOTHING else ""
    for texts in ((value, change), (period_change, trend, age)):
        yield from paragraph(GAP.join(filter(None, texts)), style, "", 2)
