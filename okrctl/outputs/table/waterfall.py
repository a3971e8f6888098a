"""Why a KPI moved, for people: the parts of its change, with bars that begin where the one above ended."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from okrctl.kpis.attribution import Drivers, Part
from okrctl.kpis.trend import turn
from okrctl.outputs.table.grid import GAP, Cell, broken, row
from okrctl.outputs.table.kpis import title
from okrctl.outputs.terminal import Look, safe, width_of
from okrctl.outputs.text import kpi

ROOMY = 100
BAR = (12, 30)


def render(result: Drivers, look: Look) -> str:
    """The change and its parts as a waterfall: each bar begins where the one above it ended."""
    lines = list(row([title(result.kpi)], [look.width or 0], look))
    arrow = look.glyphs.arrow
    old, new = kpi.amount(result.old, result.kpi), kpi.amount(result.new, result.kpi)
    said = f"{old} on {result.since} {arrow} {new} on {result.until}"
    if result.change is not None:
        said += f": {kpi.moved(result.change, turn(result.kpi, result.old, result.new))}"
    lines += broken(said, look.width) if look.width else [said]
    if result.parts:
        lines += ["", *_waterfall(result, look)]
    lines.append("")
    for text in kpi.closing(result):
        lines += broken(text, look.width) if look.width else [text]
    return "\n".join(lines) + "\n"


Line = tuple[str, Part, str]


def _waterfall(result: Drivers, look: Look) -> Iterator[str]:
    cells = BAR[look.width is None or look.width >= ROOMY]
    found = list(_parts(result.parts, "", look, cells))
    arrow = look.glyphs.arrow
    heads = ("input", f"{result.since} {arrow} {result.until}", "part")
    texts = [(name, _way(one, arrow), kpi.signed(one.part)) for name, one, _ in found]
    widths = [max(map(width_of, column)) for column in zip(heads, *texts, strict=True)]
    shown = [0, 2] if look.width and sum(widths) + cells + 3 * len(GAP) > look.width else [0, 1, 2]
    yield from _row([Cell(heads[c], "dim", right=c == 2) for c in shown], [widths[c] for c in shown], "", look)
    for (_, one, bar), columns in zip(found, texts, strict=True):
        row_cells = [Cell(columns[c], "" if c else "bold", right=c == 2) for c in shown]
        yield from _row(row_cells, [widths[c] for c in shown], bar, look)
        if one.remark:
            yield from broken(f"    {safe(one.remark)}", look.width) if look.width else [f"    {safe(one.remark)}"]


def _way(one: Part, arrow: str) -> str:
    return f"{kpi.plain(one.old)} {arrow} {kpi.amount(one.new, one.kpi)}"


def _row(cells: list[Cell], widths: list[int], bar: str, look: Look) -> Iterator[str]:
    """One line of the table. Where the screen is narrow the values are left to `--format json`; the parts stay."""
    yield from row([*cells, Cell(bar, "cyan")], [*widths, max(width_of(bar), 1)], look)


def _parts(parts: list[Part], below: str, look: Look, cells: int) -> Iterator[Line]:
    """Every part with the place of its name in the tree and its bar, which stands on those of its own level."""
    glyphs = look.glyphs
    ends = [Fraction(0)]
    for one in parts:
        ends.append(ends[-1] + one.part)
    low, high = min(ends), max(ends)
    for number, one in enumerate(parts):
        last = number == len(parts) - 1
        bar = _bar(sorted(ends[number : number + 2]), low, high, cells, glyphs.full)
        yield below + (glyphs.last if last else glyphs.branch) + one.kpi.id, one, bar
        yield from _parts(one.parts, below + (" " * len(glyphs.through) if last else glyphs.through), look, cells)


def _bar(ends: list[Fraction], low: Fraction, high: Fraction, cells: int, full: str) -> str:
    if ends[0] == ends[1]:
        return ""
    start = min(int((ends[0] - low) * cells / (high - low)), cells - 1)
    stop = max(int((ends[1] - low) * cells / (high - low) + Fraction(1, 2)), start + 1)
    return " " * start + full * (stop - start)
