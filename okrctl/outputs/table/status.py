"""The weekly look for people: what needs somebody, the worst first, with what to type next."""

from __future__ import annotations

from collections.abc import Iterator

from okrctl.analysis.attention import AttentionItem, StatusReport
from okrctl.outputs.table.grid import GAP, Cell, fold_text, layout_row
from okrctl.outputs.table.scorecard import COLORS
from okrctl.outputs.terminal import TerminalStyle, display_width, paint, sanitize
from okrctl.outputs.text import scorecard

NARROWEST_WHY, WIDEST_REF = 40, 48
ALARMING = {"alarm": "red", "still open": "yellow", "getting worse": "yellow", "due": "cyan"}


def render(result: StatusReport, look: TerminalStyle) -> str:
    """The running periods in a line each, then one line for each thing; several lines where the screen is narrow."""
    return "\n".join(_lines(result, look)) + "\n"


def _lines(result: StatusReport, look: TerminalStyle) -> Iterator[str]:
    for card in result.cards:
        about = f"as of {card.as_of}, {scorecard.period_state(card)}"
        score = f"{scorecard.score(card.score)}{f' {card.band}' if card.band else ''}"
        head = f"{card.period.id}  {card.period.start} to {card.period.end}"
        tail = f"{about}: {score}, {scorecard.measured_count(card.measured_count, card.key_result_count)}"
        yield from layout_row([Cell(head, "bold", tail=tail)], [look.width or 0], look)
    if not result.attention:
        yield paint(f"{look.glyphs.done} Nothing needs a person on {result.as_of}", "green", look)
    yield from _table(result.attention, look)
    for line in result.notes:
        yield from fold_text(sanitize(line), look.width) if look.width else [sanitize(line)]


def _table(found: list[AttentionItem], look: TerminalStyle) -> Iterator[str]:
    if not found:
        return
    status = max(display_width(one.status) for one in found)
    next = max(display_width(sanitize(one.next)) for one in found)
    name = min(max(display_width(_name(one)) for one in found), WIDEST_REF)
    why = max(display_width(sanitize(one.why)) for one in found)
    if look.width is not None:
        why = min(why, look.width - status - name - next - 3 * len(GAP))
    if look.width is not None and why < NARROWEST_WHY:
        for one in found:
            yield from _stacked(one, status, look)
        return
    for one in found:
        head = [Cell(one.status, _color(one)), Cell(_name(one), "bold")]
        yield from layout_row(
            [*head, Cell(sanitize(one.why)), Cell(sanitize(one.next), "cyan")], [status, name, why, next], look
        )


def _stacked(one: AttentionItem, status: int, look: TerminalStyle) -> Iterator[str]:
    assert look.width is not None
    rest = look.width - status - len(GAP)
    yield from layout_row([Cell(one.status, _color(one)), Cell(_name(one), "bold")], [status, rest], look)
    yield from layout_row([Cell(""), Cell(sanitize(one.why))], [status, rest], look)
    yield from layout_row([Cell(""), Cell(sanitize(one.next), "cyan")], [status, rest], look)


def _name(one: AttentionItem) -> str:
    """The name without its period, which stands above where it runs."""
    _, _, short = one.ref.partition("/")
    return sanitize(short or one.ref)


def _color(one: AttentionItem) -> str:
    return COLORS.get(one.status) or ALARMING.get(one.status, "")
