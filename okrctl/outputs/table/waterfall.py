"""Why a KPI moved, for people: the parts of its change, with bars that begin where the one above ended."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from okrctl.kpis.attribution import Attribution, Contribution
from okrctl.kpis.trend import trend_of
from okrctl.outputs.table.grid import GAP, Cell, fold_text, layout_row
from okrctl.outputs.table.kpis import title
from okrctl.outputs.terminal import TerminalStyle, display_width, sanitize
from okrctl.outputs.text import kpi

ROOMY = 100
BAR = (12, 30)


def render(result: Attribution, look: TerminalStyle) -> str:
    """The change and its parts as a waterfall: each bar begins where the one above it ended."""
    lines = list(layout_row([title(result.kpi)], [look.width or 0], look))
    arrow = look.glyphs.arrow
    old, new = kpi.amount(result.old, result.kpi), kpi.amount(result.new, result.kpi)
    said = f"{old} on {result.since} {arrow} {new} on {result.until}"
    if result.change is not None:
        said += f": {kpi.change_with_trend(result.change, trend_of(result.kpi, result.old, result.new))}"
    lines += fold_text(said, look.width) if look.width else [said]
    if result.contributions:
        lines += ["", *_waterfall(result, look)]
    lines.append("")
    for text in kpi.attribution_notes(result):
        lines += fold_text(text, look.width) if look.width else [text]
    return "\n".join(lines) + "\n"


Line = tuple[str, Contribution, str]


def _waterfall(result: Attribution, look: TerminalStyle) -> Iterator[str]:
    cells = BAR[look.width is None or look.width >= ROOMY]
    found = list(_parts(result.contributions, "", look, cells))
    arrow = look.glyphs.arrow
    heads = ("input", f"{result.since} {arrow} {result.until}", "part")
    texts = [(name, _values(one, arrow), kpi.signed_amount(one.amount)) for name, one, _ in found]
    widths = [max(map(display_width, column)) for column in zip(heads, *texts, strict=True)]
    shown = [0, 2] if look.width and sum(widths) + cells + 3 * len(GAP) > look.width else [0, 1, 2]
    yield from _row([Cell(heads[c], "dim", right=c == 2) for c in shown], [widths[c] for c in shown], "", look)
    for (_, one, bar), columns in zip(found, texts, strict=True):
        row_cells = [Cell(columns[c], "" if c else "bold", right=c == 2) for c in shown]
        yield from _row(row_cells, [widths[c] for c in shown], bar, look)
        if one.remark:
            yield from (
                fold_text(f"    {sanitize(one.remark)}", look.width) if look.width else [f"    {sanitize(one.remark)}"]
            )


def _values(one: Contribution, arrow: str) -> str:
    return f"{kpi.bare_amount(one.old)} {arrow} {kpi.amount(one.new, one.kpi)}"


def _row(cells: list[Cell], widths: list[int], bar: str, look: TerminalStyle) -> Iterator[str]:
    """One line of the table. Where the screen is narrow the values are left to `--format json`; the parts stay."""
    yield from layout_row([*cells, Cell(bar, "cyan")], [*widths, max(display_width(bar), 1)], look)


def _parts(parts: list[Contribution], below: str, look: TerminalStyle, cells: int) -> Iterator[Line]:
    """Every part with the place of its name in the tree and its bar, which stands on those of its own level."""
    glyphs = look.glyphs
    ends = [Fraction(0)]
    for one in parts:
        ends.append(ends[-1] + one.amount)
    low, high = min(ends), max(ends)
    for number, one in enumerate(parts):
        last = number == len(parts) - 1
        bar = _bar(sorted(ends[number : number + 2]), low, high, cells, glyphs.full)
        yield below + (glyphs.last_branch if last else glyphs.branch) + one.kpi.id, one, bar
        yield from _parts(
            one.contributions, below + (" " * len(glyphs.vertical) if last else glyphs.vertical), look, cells
        )


def _bar(ends: list[Fraction], low: Fraction, high: Fraction, cells: int, full: str) -> str:
    if ends[0] == ends[1]:
        return ""
    start = min(int((ends[0] - low) * cells / (high - low)), cells - 1)
    stop = max(int((ends[1] - low) * cells / (high - low) + Fraction(1, 2)), start + 1)
    return " " * start + full * (stop - start)
