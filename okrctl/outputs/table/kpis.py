"""All KPIs for people, the worst first, as wide as the terminal."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from okrctl.kpis.overview import KpiOverview, KpiStatus
from okrctl.outputs.table.grid import GAP, Cell, fold_text, layout_row
from okrctl.outputs.terminal import TerminalStyle, display_width, paint, sanitize
from okrctl.outputs.text import kpi as gauging
from okrctl.workspace import Kpi

NARROWEST_TITLE, WIDEST_TITLE = 26, 70
SPARKS = (8, 16)
ROOMY = 120


@dataclass(frozen=True, slots=True)
class Layout:
    """How wide the columns are: the title's, 0 where it stands above, and those of the figures."""

    title: int
    figures: tuple[int, ...]
    spark: int


def render(result: KpiOverview, look: TerminalStyle) -> str:
    """A line of figures for each KPI and one about who cares for it."""
    return "\n".join(_lines(result, look)) + "\n"


def _lines(result: KpiOverview, look: TerminalStyle) -> Iterator[str]:
    yield from layout_row(
        [Cell(gauging.heading(result), "bold", tail=f"as of {result.as_of}")], [look.width or 0], look
    )
    if not result.statuses:
        return
    frame = _layout(result, look)
    yield ""
    if frame.title:
        yield from layout_row(
            [Cell(text, "dim", right=cell.right) for text, cell in _heads(result)], _widths(frame), look
        )
    elif _fits_one_line(frame, look):
        heads = [Cell(text, "dim", right=cell.right) for text, cell in _heads(result)[1:]]
        yield from layout_row(heads, frame.figures, look, 2)
    for one in result.statuses:
        yield from _kpi_lines(one, frame, look)


def title(kpi: Kpi) -> Cell:
    """A KPI's title with its id behind it."""
    return Cell(sanitize(kpi.model.title or kpi.id), "bold", tail=kpi.id)


def _heads(result: KpiOverview) -> list[tuple[str, Cell]]:
    names = ["KPI", "value", "change", gauging.since_label(result.period), "course", "age"]
    return [(name, Cell(name, right=name in ("value", "change") or number == 3)) for number, name in enumerate(names)]


def _figures(one: KpiStatus, look: TerminalStyle, spark: int) -> list[Cell]:
    return [
        Cell(gauging.value(one), "bold", right=True),
        Cell(
            gauging.change_with_trend(one.change, one.trend), gauging.TREND_COLORS.get(one.trend or "", ""), right=True
        ),
        Cell(
            gauging.change_with_trend(one.period_change, one.period_trend),
            gauging.TREND_COLORS.get(one.period_trend or "", ""),
            right=True,
        ),
        Cell(gauging.sparkline(one.sparkline, look.glyphs, spark), "cyan"),
        Cell(gauging.reading_age(one), "yellow" if one.is_stale else "dim"),
    ]


def _layout(result: KpiOverview, look: TerminalStyle) -> Layout:
    spark = SPARKS[look.width is None or look.width >= ROOMY]
    rows = [_figures(one, look, spark) for one in result.statuses]
    heads = [display_width(name) for name, _ in _heads(result)[1:]]
    figures = tuple(
        max(heads[column], *(display_width(cells[column].full_text) for cells in rows)) for column in range(len(heads))
    )
    longest = min(max(display_width(title(one.kpi).full_text) for one in result.statuses), WIDEST_TITLE)
    if look.width is None:
        return Layout(longest, figures, spark)
    left = look.width - sum(figures) - len(figures) * len(GAP)
    return Layout(min(left, longest) if left >= min(NARROWEST_TITLE, longest) else 0, figures, spark)


def _widths(frame: Layout) -> list[int]:
    return [frame.title, *frame.figures]


def _kpi_lines(one: KpiStatus, frame: Layout, look: TerminalStyle) -> Iterator[str]:
    cells = _figures(one, look, frame.spark)
    if frame.title:
        yield from layout_row([title(one.kpi), *cells], _widths(frame), look)
    else:
        assert look.width is not None
        yield from layout_row([title(one.kpi)], [look.width], look)
        yield from _stacked(cells, frame, look)
    if one.alarm:
        yield from _remark(f"{look.glyphs.warning} {gauging.alarm_text(one)}", "red", look)
    if one.missing_reason and one.kpi.model.formula:
        yield from _remark(sanitize(one.missing_reason), "yellow", look)
    for note in filter(None, (gauging.comparison_note(one), gauging.figure_note(one))):
        yield from _remark(note, "dim", look)
    owner = f"{sanitize(one.kpi.owner)}, " if one.kpi.owner else ""
    yield from _remark(owner + gauging.addressed_by(one), "dim", look)


def _fits_one_line(frame: Layout, look: TerminalStyle) -> bool:
    """Whether the figures below a title have room in one line."""
    return sum(frame.figures) + 4 * len(GAP) + 2 <= (look.width or 0)


def _stacked(cells: list[Cell], frame: Layout, look: TerminalStyle) -> Iterator[str]:
    """The figures below the title, in two lines where one is too narrow for them."""
    if _fits_one_line(frame, look):
        yield from layout_row(cells, frame.figures, look, 2)
        return
    said = GAP.join(cell.text for cell in cells[:2] if cell.text)
    more = [cells[2].text + " in the period" if cells[2].text != "-" else "", cells[3].text, cells[4].text]
    for text in (said, GAP.join(part for part in more if part)):
        yield from _remark(text, "", look)


def _remark(text: str, style: str, look: TerminalStyle) -> Iterator[str]:
    lines = fold_text(text, look.width - 2) if look.width else [text]
    for line in lines:
        yield "  " + (paint(line, style, look) if style else line)
