"""The formula of a KPI as a tree for people."""

from __future__ import annotations

from collections.abc import Iterator

from okrctl.kpis.tree import Branch
from okrctl.outputs.table.grid import GAP, Cell, broken, row
from okrctl.outputs.terminal import Look, painted, safe, width_of
from okrctl.outputs.text import kpi

PULLS = {"up": "+", "down": "-", None: "?"}


def render(result: Branch, look: Look) -> str:
    """The formula as a tree: values, trends, which way each input pulls, whose it is."""
    found = list(_branches(result, "", "", look))
    figures = [_standing(one) for _, _, one in found]
    widths = [max(width_of(cells[column].whole) for cells in figures) for column in range(4)]
    longest = max(width_of(name) for name, _, _ in found)
    lines: list[str] = []
    if look.width is None or longest + sum(widths) + 4 * len(GAP) <= look.width:
        for (name, _, _), cells in zip(found, figures, strict=True):
            lines += row([Cell(name, "bold"), *cells], [longest, *widths], look)
    else:
        for (name, below, _), cells in zip(found, figures, strict=True):
            lines += [painted(name, "bold", look), *_stacked(cells, below, look.width)]
    return "\n".join([*lines, "", *_legend(look)]) + "\n"


def _stacked(cells: list[Cell], below: str, width: int) -> Iterator[str]:
    """The figures below a name, beside the lines that lead to the names further down."""
    said = GAP.join(cell.whole for cell in cells if cell.whole)
    yield from (f"{below}  {line}" for line in broken(said, max(width - width_of(below) - 2, 20)))


def _legend(look: Look) -> Iterator[str]:
    text = "+ pulls the KPI above up when it rises, - down, ? depends on the values"
    yield from (painted(line, "dim", look) for line in (broken(text, look.width) if look.width else [text]))


def _branches(one: Branch, head: str, below: str, look: Look) -> Iterator[tuple[str, str, Branch]]:
    """Every name with the lines in front of it, what stands in front of further lines below it, and its KPI."""
    glyphs = look.glyphs
    sign = f"{PULLS[one.pull]} " if head else ""
    yield f"{head}{sign}{one.gauge.kpi.id}", below + (glyphs.through if one.branches else ""), one
    for number, inner in enumerate(one.branches):
        last = number == len(one.branches) - 1
        deeper = below + (" " * len(glyphs.through) if last else glyphs.through)
        yield from _branches(inner, below + (glyphs.last if last else glyphs.branch), deeper, look)


def _standing(one: Branch) -> list[Cell]:
    gauge = one.gauge
    better = kpi.better(gauge.kpi)
    notes = [
        safe(gauge.kpi.owner or ""),
        kpi.alarmed(gauge),
        "stale" if gauge.overdue else "",
        "its inputs stand above" if one.repeated else "",
    ]
    return [
        Cell(kpi.value(gauge), right=True),
        Cell(kpi.moved(gauge.change, gauge.trend), kpi.TREND_COLORS.get(gauge.trend or "", ""), right=True),
        Cell(better, "dim"),
        Cell(", ".join(note for note in notes if note), "red" if gauge.alarm else "dim"),
    ]
