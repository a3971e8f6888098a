"""The formula of a KPI as a tree for people."""

from __future__ import annotations

from collections.abc import Iterator

from okrctl.kpis.anatomy import Branch
from okrctl.outputs import gauging
from okrctl.outputs.table.grid import GAP, Cell, broken, row
from okrctl.outputs.terminal import Look, painted, safe, width_of

PULLS = {"up": "+", "down": "-", None: "?"}


def render(result: Branch, look: Look) -> str:
    """The formula as a tree: values, trends, which way each input pulls, whose it is."""
    found = list(_branches(result, "", "", look))
    figures = [_standing(one) for _, one in found]
    widths = [max(width_of(cells[column].whole) for cells in figures) for column in range(4)]
    left = look.width - sum(widths) - 4 * len(GAP) if look.width else None
    longest = max(width_of(name) for name, _ in found)
    beside = left is None or left >= longest
    lines: list[str] = []
    for (name, _), cells in zip(found, figures, strict=True):
        if beside:
            lines += row([Cell(name, "bold"), *cells], [longest, *widths], look)
        else:
            lines.append(name)
            indent = width_of(name) - width_of(name.lstrip(look.glyphs.branch + look.glyphs.last + look.glyphs.through))
            said = GAP.join(cell.whole for cell in cells if cell.whole)
            lines += (" " * (indent + 2) + line for line in broken(said, (look.width or 0) - indent - 2))
    lines += ["", *_legend(look)]
    return "\n".join(lines) + "\n"


def _legend(look: Look) -> Iterator[str]:
    text = "+ pulls the KPI above up when it rises, - down, ? depends on the values"
    yield from (painted(line, "dim", look) for line in (broken(text, look.width) if look.width else [text]))


def _branches(one: Branch, head: str, below: str, look: Look) -> Iterator[tuple[str, Branch]]:
    sign = f"{PULLS[one.pull]} " if head else ""
    yield f"{head}{sign}{one.gauge.kpi.id}", one
    for number, inner in enumerate(one.branches):
        last = number == len(one.branches) - 1
        glyphs = look.glyphs
        deeper = below + (" " * len(glyphs.through) if last else glyphs.through)
        yield from _branches(inner, below + (glyphs.last if last else glyphs.branch), deeper, look)


def _standing(one: Branch) -> list[Cell]:
    gauge = one.gauge
    better = gauging.better(gauge.kpi)
    notes = [
        safe(gauge.kpi.owner or ""),
        gauging.alarmed(gauge),
        "stale" if gauge.overdue else "",
        "its inputs stand above" if one.repeated else "",
    ]
    return [
        Cell(gauging.value(gauge), right=True),
        Cell(gauging.moved(gauge.change, gauge.trend), gauging.TREND_COLORS.get(gauge.trend or "", ""), right=True),
        Cell(better, "dim"),
        Cell(", ".join(note for note in notes if note), "red" if gauge.alarm else "dim"),
    ]
