"""Why a KPI moved, for people: the parts of its change, with bars that begin where the one above ended."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from okrctl.kpis.drivers import Drivers, Part
from okrctl.kpis.trend import turn
from okrctl.outputs import gauging
from okrctl.outputs.table.grid import GAP, Cell, broken, row
from okrctl.outputs.table.kpis import title
from okrctl.outputs.terminal import Look, safe, width_of

ROOMY = 100
BAR = (12, 30)


def render(result: Drivers, look: Look) -> str:
    """The change and its parts as a waterfall: each bar begins where the one above it ended."""
    lines = list(row([title(result.kpi)], [look.width or 0], look))
    arrow = look.glyphs.arrow
    old, new = gauging.amount(result.old, result.kpi), gauging.amount(result.new, result.kpi)
    said = f"{old} on {result.since} {arrow} {new} on {result.until}"
    if result.change is not None:
        said += f": {gauging.moved(result.change, turn(result.kpi, result.old, result.new))}"
    lines += broken(said, look.width) if look.width else [said]
    if result.parts:
        lines += ["", *_waterfall(result, look)]
    for text in gauging.closing(result):
        lines += ["", *(broken(text, look.width) if look.width else [text])]
    return "\n".join(lines) + "\n"


Line = tuple[str, Part, str]
Texts = tuple[str, str, str]


def _waterfall(result: Drivers, look: Look) -> Iterator[str]:
    cells = BAR[look.width is None or look.width >= ROOMY]
    found = list(_parts(result.parts, "", look, cells))
    figures = [_figures(one) for _, one, _ in found]
    heads = (str(result.since), str(result.until), "part")
    widths = [max(width_of(heads[c]), *(width_of(texts[c]) for texts in figures)) for c in range(3)]
    name = max(width_of(text) for text, _, _ in found)
    if look.width is not None and name + sum(widths) + cells + 4 * len(GAP) > look.width:
        widths = [0, 0, widths[2]]
    yield from _row(("", "input"), heads, "", widths, name, "dim", look)
    for (text, one, bar), texts in zip(found, figures, strict=True):
        yield from _row(("bold", text), texts, bar, widths, name, "", look)
        if one.remark:
            yield from broken(f"    {safe(one.remark)}", look.width) if look.width else [f"    {safe(one.remark)}"]


def _figures(one: Part) -> Texts:
    return gauging.amount(one.old, one.kpi), gauging.amount(one.new, one.kpi), gauging.signed(one.part)


def _row(
    name: tuple[str, str], texts: Texts, bar: str, widths: list[int], longest: int, style: str, look: Look
) -> Iterator[str]:
    """One line; where it is too wide the old and the new value are left to `--format json`, the part stays."""
    shown = [(text, width) for text, width in zip(texts, widths, strict=True) if width]
    cells = [Cell(name[1], style or name[0]), *(Cell(text, style, right=True) for text, _ in shown), Cell(bar, "cyan")]
    yield from row(cells, [longest, *(width for _, width in shown), max(width_of(bar), 1)], look)


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
