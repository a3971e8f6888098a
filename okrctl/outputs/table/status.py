"""The weekly look for people: what needs somebody, the worst first, with what to type next."""

from __future__ import annotations

from collections.abc import Iterator

from okrctl.analysis.attention import Attention, Weekly
from okrctl.outputs.table.grid import GAP, Cell, broken, row
from okrctl.outputs.table.scorecard import COLORS
from okrctl.outputs.terminal import Look, painted, safe, width_of
from okrctl.outputs.text import scorecard

NARROWEST_WHY, WIDEST_REF = 40, 48
ALARMING = {"alarm": "red", "still open": "yellow", "getting worse": "yellow", "due": "cyan"}


def render(result: Weekly, look: Look) -> str:
    """The running periods in a line each, then one line for each thing; several lines where the screen is narrow."""
    return "\n".join(_lines(result, look)) + "\n"


def _lines(result: Weekly, look: Look) -> Iterator[str]:
    for card in result.cards:
        about = f"as of {card.as_of}, {scorecard.when(card)}"
        score = f"{scorecard.score(card.score)}{f' {card.band}' if card.band else ''}"
        head = f"{card.period.id}  {card.period.start} to {card.period.end}"
        tail = f"{about}: {score}, {scorecard.measured(card.measured, card.key_results)}"
        yield from row([Cell(head, "bold", tail=tail)], [look.width or 0], look)
    if not result.attention:
        yield painted(f"{look.glyphs.done} Nothing needs a person on {result.as_of}", "green", look)
    yield from _table(result.attention, look)
    for line in result.lines:
        yield from broken(safe(line), look.width) if look.width else [safe(line)]


def _table(found: list[Attention], look: Look) -> Iterator[str]:
    if not found:
        return
    status = max(width_of(one.status) for one in found)
    next = max(width_of(safe(one.next)) for one in found)
    name = min(max(width_of(_name(one)) for one in found), WIDEST_REF)
    why = max(width_of(safe(one.why)) for one in found)
    if look.width is not None:
        why = min(why, look.width - status - name - next - 3 * len(GAP))
    if look.width is not None and why < NARROWEST_WHY:
        for one in found:
            yield from _stacked(one, status, look)
        return
    for one in found:
        head = [Cell(one.status, _color(one)), Cell(_name(one), "bold")]
        yield from row([*head, Cell(safe(one.why)), Cell(safe(one.next), "cyan")], [status, name, why, next], look)


def _stacked(one: Attention, status: int, look: Look) -> Iterator[str]:
    assert look.width is not None
    rest = look.width - status - len(GAP)
    yield from row([Cell(one.status, _color(one)), Cell(_name(one), "bold")], [status, rest], look)
    yield from row([Cell(""), Cell(safe(one.why))], [status, rest], look)
    yield from row([Cell(""), Cell(safe(one.next), "cyan")], [status, rest], look)


def _name(one: Attention) -> str:
    """The name without its period, which stands above where it runs."""
    _, _, short = one.ref.partition("/")
    return safe(short or one.ref)


def _color(one: Attention) -> str:
    return COLORS.get(one.status) or ALARMING.get(one.status, "")
