"""Why a KPI moved, as pages draw it: a waterfall on a single scale, that of the KPI at its top."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Literal, NamedTuple

from okrctl.kpis.attribution import Attribution, Contribution
from okrctl.outputs.reports.kpi_text import KpiText
from okrctl.outputs.reports.links import Links
from okrctl.outputs.text import scorecard
from okrctl.outputs.view import Cell, Column, Row, Step, Table
from okrctl.workspace import Kpi

EFFECTS: dict[Literal["rise", "fall", "same"], str] = {"rise": "helps", "fall": "hurts", "same": ""}


class PlacedContribution(NamedTuple):
    """A contribution with the KPI above it, and what it does to the one at the top: from one height to another."""

    contribution: Contribution
    above: Kpi
    level: int
    start: Fraction
    end: Fraction


def table(moved: Attribution, text: KpiText, links: Links) -> Table:
    """The value before, the contributions that lead away from it, the value after."""
    kpi, old, new = moved.kpi, moved.old or Fraction(0), moved.new or Fraction(0)
    placed = list(_place(moved.contributions, kpi, old, Fraction(1), 0))
    heights = [Fraction(0), old, new, *(height for each in placed for height in (each.start, each.end))]
    low, high = min(heights), max(heights)
    columns = (
        Column("Input"), Column(text.day(moved.since), "old", True), Column(text.day(moved.until), "new", True),
        Column("Contribution", "contribution", True), Column("Step", "step", is_drawing=True),
    )  # fmt: skip

    def total(words: str, cells: Sequence[str], height: Fraction) -> Row:
        name = Cell(f"{scorecard.title(kpi)}, {words}", "name")
        return Row((name, *map(Cell, cells), Cell(), Cell(step=Step(Fraction(0), height, low, high, "same"))))

    rows = [total("before", (text.numbers.amount(moved.old, kpi), ""), old)]
    rows += [_row(each, kpi, text, links, (low, high)) for each in placed]
    rows.append(total("after", ("", text.numbers.amount(moved.new, kpi)), new))
    return Table(columns, rows, f"Why it moved: {text.total_change(moved)}")


def _place(
    contributions: Sequence[Contribution], above: Kpi, start: Fraction, factor: Fraction, level: int
) -> Iterator[PlacedContribution]:
    """The contributions with those below each; `factor` is what a unit of the KPI above them does to the top."""
    for each in contributions:
        end = start + each.amount * factor
        yield PlacedContribution(each, above, level, start, end)
        change = each.new - each.old
        inner = (end - start) / change if change else Fraction(0)
        yield from _place(each.contributions, each.kpi, start, inner, level + 1)
        start = end


def _row(placed: PlacedContribution, top: Kpi, text: KpiText, links: Links, ends: tuple[Fraction, Fraction]) -> Row:
    each, (low, high) = placed.contribution, ends
    gain = (placed.end - placed.start) * {"higher": 1, "lower": -1}.get(top.model.better or "", 0)
    effect: Literal["rise", "fall", "same"] = "rise" if gain > 0 else "fall" if gain < 0 else "same"
    step = Step(placed.start, placed.end, low, high, effect) if high > low else None
    remarks = (Cell(each.remark),) if each.remark else ()
    cells = (
        Cell(scorecard.title(each.kpi), "name", href=links.kpi(each.kpi.id), notes=remarks),
        Cell(text.numbers.amount(each.old, each.kpi)),
        Cell(text.numbers.amount(each.new, each.kpi)),
        Cell(f"{text.numbers.change(each.amount, placed.above)} {EFFECTS[effect]}".rstrip()),
        Cell(step=step),
    )
    return Row(cells, placed.level)
