"""The formula of a KPI as a tree for people."""

from __future__ import annotations

from collections.abc import Iterator

from okrctl.kpis.tree import KpiTreeNode
from okrctl.outputs.table.grid import GAP, Cell, fold_text, layout_row
from okrctl.outputs.terminal import TerminalStyle, display_width, paint, sanitize
from okrctl.outputs.text import kpi

PULLS = {"up": "+", "down": "-", None: "?"}


def render(result: KpiTreeNode, look: TerminalStyle) -> str:
    """The formula as a tree: values, trends, which way each input pulls, whose it is."""
    found = list(_branches(result, "", "", look))
    figures = [_standing(one) for _, _, one in found]
    widths = [max(display_width(cells[column].full_text) for cells in figures) for column in range(4)]
    longest = max(display_width(name) for name, _, _ in found)
    lines: list[str] = []
    if look.width is None or longest + sum(widths) + 4 * len(GAP) <= look.width:
        for (name, _, _), cells in zip(found, figures, strict=True):
            lines += layout_row([Cell(name, "bold"), *cells], [longest, *widths], look)
    else:
        for (name, below, _), cells in zip(found, figures, strict=True):
            lines += [paint(name, "bold", look), *_stacked(cells, below, look.width)]
    return "\n".join([*lines, "", *_legend(look)]) + "\n"


def _stacked(cells: list[Cell], below: str, width: int) -> Iterator[str]:
    """The figures below a name, beside the lines that lead to the names further down."""
    said = GAP.join(cell.full_text for cell in cells if cell.full_text)
    yield from (f"{below}  {line}" for line in fold_text(said, max(width - display_width(below) - 2, 20)))


def _legend(look: TerminalStyle) -> Iterator[str]:
    text = "+ pulls the KPI above up when it rises, - down, ? depends on the values"
    yield from (paint(line, "dim", look) for line in (fold_text(text, look.width) if look.width else [text]))


def _branches(one: KpiTreeNode, head: str, below: str, look: TerminalStyle) -> Iterator[tuple[str, str, KpiTreeNode]]:
    """Every name with the lines in front of it, what stands in front of further lines below it, and its KPI."""
    glyphs = look.glyphs
    sign = f"{PULLS[one.effect]} " if head else ""
    yield f"{head}{sign}{one.status.kpi.id}", below + (glyphs.vertical if one.children else ""), one
    for number, inner in enumerate(one.children):
        last = number == len(one.children) - 1
        deeper = below + (" " * len(glyphs.vertical) if last else glyphs.vertical)
        yield from _branches(inner, below + (glyphs.last_branch if last else glyphs.branch), deeper, look)


def _standing(one: KpiTreeNode) -> list[Cell]:
    gauge = one.status
    better = kpi.direction(gauge.kpi)
    notes = [
        sanitize(gauge.kpi.owner or ""),
        kpi.alarm_text(gauge),
        "stale" if gauge.is_stale else "",
        "its inputs stand above" if one.is_repeated else "",
    ]
    return [
        Cell(kpi.value(gauge), right=True),
        Cell(kpi.change_with_trend(gauge.change, gauge.trend), kpi.TREND_COLORS.get(gauge.trend or "", ""), right=True),
        Cell(better, "dim"),
        Cell(", ".join(note for note in notes if note), "red" if gauge.alarm else "dim"),
    ]
