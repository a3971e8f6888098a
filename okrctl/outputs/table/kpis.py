"""All KPIs for people, the worst first, as wide as the terminal."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from okrctl.kpis.overview import Board, Gauge
from okrctl.outputs.table.grid import GAP, Cell, broken, row
from okrctl.outputs.terminal import Look, painted, safe, width_of
from okrctl.outputs.text import kpi as gauging
from okrctl.workspace import Kpi

NARROWEST_TITLE, WIDEST_TITLE = 26, 70
SPARKS = (8, 16)
ROOMY = 120


@dataclass(frozen=True, slots=True)
class Frame:
    """How wide the columns are: the title's, 0 where it stands above, and those of the figures."""

    title: int
    figures: tuple[int, ...]
    spark: int


def render(result: Board, look: Look) -> str:
    """A line of figures for each KPI and one about who cares for it."""
    return "\n".join(_lines(result, look)) + "\n"


def _lines(result: Board, look: Look) -> Iterator[str]:
    yield from row([Cell(gauging.heading(result), "bold", tail=f"as of {result.as_of}")], [look.width or 0], look)
    if not result.gauges:
        return
    frame = _frame(result, look)
    yield ""
    if frame.title:
        yield from row([Cell(text, "dim", right=cell.right) for text, cell in _heads(result)], _widths(frame), look)
    elif _in_a_row(frame, look):
        heads = [Cell(text, "dim", right=cell.right) for text, cell in _heads(result)[1:]]
        yield from row(heads, frame.figures, look, 2)
    for one in result.gauges:
        yield from _gauge(one, frame, look)


def title(kpi: Kpi) -> Cell:
    """A KPI's title with its id behind it."""
    return Cell(safe(kpi.model.title or kpi.id), "bold", tail=kpi.id)


def _heads(result: Board) -> list[tuple[str, Cell]]:
    names = ["KPI", "value", "change", gauging.since(result.period), "course", "age"]
    return [(name, Cell(name, right=name in ("value", "change") or number == 3)) for number, name in enumerate(names)]


def _figures(one: Gauge, look: Look, spark: int) -> list[Cell]:
    return [
        Cell(gauging.value(one), "bold", right=True),
        Cell(gauging.moved(one.change, one.trend), gauging.TREND_COLORS.get(one.trend or "", ""), right=True),
        Cell(
            gauging.moved(one.period_change, one.period_trend),
            gauging.TREND_COLORS.get(one.period_trend or "", ""),
            right=True,
        ),
        Cell(gauging.spark(one.recent, look.glyphs, spark), "cyan"),
        Cell(gauging.age(one), "yellow" if one.overdue else "dim"),
    ]


def _frame(result: Board, look: Look) -> Frame:
    spark = SPARKS[look.width is None or look.width >= ROOMY]
    rows = [_figures(one, look, spark) for one in result.gauges]
    heads = [width_of(name) for name, _ in _heads(result)[1:]]
    figures = tuple(
        max(heads[column], *(width_of(cells[column].whole) for cells in rows)) for column in range(len(heads))
    )
    longest = min(max(width_of(title(one.kpi).whole) for one in result.gauges), WIDEST_TITLE)
    if look.width is None:
        return Frame(longest, figures, spark)
    left = look.width - sum(figures) - len(figures) * len(GAP)
    return Frame(min(left, longest) if left >= min(NARROWEST_TITLE, longest) else 0, figures, spark)


def _widths(frame: Frame) -> list[int]:
    return [frame.title, *frame.figures]


def _gauge(one: Gauge, frame: Frame, look: Look) -> Iterator[str]:
    cells = _figures(one, look, frame.spark)
    if frame.title:
        yield from row([title(one.kpi), *cells], _widths(frame), look)
    else:
        assert look.width is not None
        yield from row([title(one.kpi)], [look.width], look)
        yield from _stacked(cells, frame, look)
    if one.alarm:
        yield from _remark(f"{look.glyphs.warning} {gauging.alarmed(one)}", "red", look)
    if one.lacking and one.kpi.model.formula:
        yield from _remark(safe(one.lacking), "yellow", look)
    owner = f"{safe(one.kpi.owner)}, " if one.kpi.owner else ""
    yield from _remark(owner + gauging.taken_up(one), "dim", look)


def _in_a_row(frame: Frame, look: Look) -> bool:
    """Whether the figures below a title have room in one line."""
    return sum(frame.figures) + 4 * len(GAP) + 2 <= (look.width or 0)


def _stacked(cells: list[Cell], frame: Frame, look: Look) -> Iterator[str]:
    """The figures below the title, in two lines where one is too narrow for them."""
    if _in_a_row(frame, look):
        yield from row(cells, frame.figures, look, 2)
        return
    said = GAP.join(cell.text for cell in cells[:2] if cell.text)
    more = [cells[2].text + " in the period" if cells[2].text != "-" else "", cells[3].text, cells[4].text]
    for text in (said, GAP.join(part for part in more if part)):
        yield from _remark(text, "", look)


def _remark(text: str, style: str, look: Look) -> Iterator[str]:
    lines = broken(text, look.width - 2) if look.width else [text]
    for line in lines:
        yield "  " + (painted(line, style, look) if style else line)
