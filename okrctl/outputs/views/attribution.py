"""Shows why a KPI moved: its change as a waterfall, each contribution beginning where the one above it ended."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import accumulate
from typing import Literal

from okrctl.analysis import arithmetic
from okrctl.kpis.attribution import Attribution, Contribution
from okrctl.outputs import grid, json
from okrctl.outputs.documents import AttributionDocument, PartData
from okrctl.outputs.grid import GAP, layout_row, paragraph
from okrctl.outputs.markdown import code_span, escape, view_table
from okrctl.outputs.terminal import UNICODE, TerminalStyle, display_width, sanitize
from okrctl.outputs.text import kpi as wording
from okrctl.outputs.view import Cell, Column, Row, Table
from okrctl.outputs.views.kpis import title
from okrctl.workspace import Kpi

ROOMY = 100
BAR = (12, 30)  # cells of a bar on a narrow and on a roomy terminal


def render(result: Attribution, format: Literal["table", "markdown", "json"], style: TerminalStyle) -> str:
    """An attribution in a format."""
    match format:
        case "table":
            return "\n".join(_lines(result, style)) + "\n"
        case "markdown":
            return markdown(result)
        case "json":
            return json.document(data(result))


def data(result: Attribution) -> AttributionDocument:
    """The change and its parts."""
    return {
        "id": result.kpi.id,
        "from": {"date": result.since, "value": result.old},
        "to": {"date": result.until, "value": result.new},
        "change": result.change,
        "remark": result.remark,
        "parts": [_data(each) for each in result.contributions],
        "steps": [*arithmetic.signal_steps(result.judged, result.kpi)] if result.judged else [],
    }


def _data(contribution: Contribution) -> PartData:
    return {
        "id": contribution.kpi.id,
        "old": contribution.old,
        "new": contribution.new,
        "part": contribution.amount,
        "remark": contribution.remark,
        "parts": [_data(each) for each in contribution.contributions],
    }


def markdown(result: Attribution) -> str:
    """The change, a table of its contributions, and what hurt and helped most."""
    blocks = [f"### Why {code_span(result.kpi.id)} moved", escape(wording.total_change(result, UNICODE.arrow))]
    blocks += [view_table(view(result))] if result.contributions else []
    return "\n\n".join([*blocks, *map(escape, wording.attribution_notes(result))]) + "\n"


def view(result: Attribution) -> Table:
    """The value before, the contributions that lead away from it, the value after."""
    kpi = result.kpi
    columns = (
        Column("Input"),
        Column(str(result.since), "old", True),
        Column(str(result.until), "new", True),
        Column("Contribution", "contribution", True),
    )
    name = kpi.model.title or kpi.id
    rows = [Row((Cell(f"{name}, before", "name"), Cell(wording.amount(result.old, kpi)), Cell(), Cell()))]
    rows += _rows(result.contributions, kpi, 0)
    rows.append(Row((Cell(f"{name}, after", "name"), Cell(), Cell(wording.amount(result.new, kpi)), Cell())))
    return Table(columns, rows, f"Why it moved: {wording.total_change(result, UNICODE.arrow)}")


def _rows(contributions: list[Contribution], parent: Kpi, level: int) -> Iterator[Row]:
    """A row per contribution, below each those of its own formula."""
    better = {"higher": 1, "lower": -1}.get(parent.model.better or "", 0)
    for each in contributions:
        gain = each.amount * better
        helps = (Cell("helps" if gain > 0 else "hurts"),) if gain else ()
        remarks = (Cell(each.remark),) if each.remark else ()
        cells = (
            Cell(each.kpi.model.title or each.kpi.id, "name", notes=(Cell(each.kpi.id, "ref"), *remarks)),
            Cell(wording.amount(each.old, each.kpi)),
            Cell(wording.amount(each.new, each.kpi)),
            Cell(wording.signed_amount(each.amount), notes=helps),
        )
        yield Row(cells, level)
        yield from _rows(each.contributions, each.kpi, level + 1)


def _heights(contributions: list[Contribution], start: Fraction) -> list[Fraction]:
    return list(accumulate((each.amount for each in contributions), initial=start))


def _lines(result: Attribution, style: TerminalStyle) -> Iterator[str]:
    yield from layout_row([title(result.kpi)], [style.width or 0], style)
    yield from paragraph(wording.total_change(result, style.glyphs.arrow), style)
    if result.contributions:
        yield ""
        yield from _waterfall(result, style)
    yield ""
    for note in wording.attribution_notes(result):
        yield from paragraph(note, style)


def _waterfall(result: Attribution, style: TerminalStyle) -> Iterator[str]:
    """Input, values, contribution and bar. A narrow terminal leaves the values to `--format json`."""
    cells = BAR[style.width is None or style.width >= ROOMY]
    steps = list(_steps(result.contributions, "", style, cells))
    arrow = style.glyphs.arrow
    heads = ("input", f"{result.since} {arrow} {result.until}", "contribution")
    texts = [
        (
            name,
            f"{wording.bare_amount(each.old)} {arrow} {wording.amount(each.new, each.kpi)}",
            wording.signed_amount(each.amount),
        )
        for name, each, _ in steps
    ]
    widths = [max(map(display_width, column)) for column in zip(heads, *texts, strict=True)]
    shown = [0, 2] if style.width and sum(widths) + cells + 3 * len(GAP) > style.width else [0, 1, 2]
    widths = [widths[column] for column in shown]

    def row(texts: tuple[str, ...], colors: tuple[str, str, str], bar: str) -> Iterator[str]:
        columns = [grid.Cell(texts[column], colors[column], right=column == 2) for column in shown]
        return layout_row([*columns, grid.Cell(bar, "cyan")], [*widths, max(display_width(bar), 1)], style)

    yield from row(heads, ("dim", "dim", "dim"), "")
    for (_, each, bar), columns in zip(steps, texts, strict=True):
        yield from row(columns, ("bold", "", ""), bar)
        if each.remark:
            yield from paragraph(f"    {sanitize(each.remark)}", style)


def _steps(
    contributions: list[Contribution], below: str, style: TerminalStyle, cells: int
) -> Iterator[tuple[str, Contribution, str]]:
    """The name of each contribution in the tree, the contribution, and its bar on the scale of its level."""
    glyphs = style.glyphs
    ends = _heights(contributions, Fraction(0))
    low, high = min(ends), max(ends)
    for number, each in enumerate(contributions):
        is_last = number == len(contributions) - 1
        bar = _bar(sorted(ends[number : number + 2]), low, high, cells, glyphs.full)
        yield below + (glyphs.last_branch if is_last else glyphs.branch) + each.kpi.id, each, bar
        deeper = below + (" " * len(glyphs.vertical) if is_last else glyphs.vertical)
        yield from _steps(each.contributions, deeper, style, cells)


def _bar(ends: list[Fraction], low: Fraction, high: Fraction, cells: int, full: str) -> str:
    if ends[0] == ends[1]:
        return ""
    start = min(int((ends[0] - low) * cells / (high - low)), cells - 1)
    stop = max(int((ends[1] - low) * cells / (high - low) + Fraction(1, 2)), start + 1)
    return " " * start + full * (stop - start)
