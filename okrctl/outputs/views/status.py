"""Shows a status report: what needs attention, the worst first, each with the command to run next."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from okrctl.analysis.attention import AttentionItem, StatusReport
from okrctl.outputs import json
from okrctl.outputs.grid import GAP, Cell, layout_row, paragraph
from okrctl.outputs.markdown import code_span, escape
from okrctl.outputs.terminal import TerminalStyle, display_width, paint, sanitize
from okrctl.outputs.text import scorecard
from okrctl.outputs.views.scorecard import period_data
from okrctl.outputs.views.scorecard_table import COLORS, period_heading
from okrctl.scoring.scorecard import Scorecard

MIN_WHY, MAX_REF = 40, 48
STATUS_COLORS = {**COLORS, "alarm": "red", "still open": "yellow", "getting worse": "yellow", "due": "cyan"}


def render(result: StatusReport, format: Literal["table", "markdown", "json"], style: TerminalStyle) -> str:
    """A status report in a format."""
    match format:
        case "table":
            return "\n".join(_lines(result, style)) + "\n"
        case "markdown":
            return _markdown(result)
        case "json":
            keys = ("ref", "status", "why", "next")
            attention = [{key: getattr(item, key) for key in keys} for item in result.attention]
            periods = [period_data(card) for card in result.cards]
            return json.document({"periods": periods, "as_of": result.as_of, "attention": attention})


def _summary(card: Scorecard) -> str:
    return f"{scorecard.score_with_band(card)}, {scorecard.measured_count(card)}"


def _nothing(result: StatusReport) -> str:
    return f"Nothing needs attention on {result.as_of}"


def _lines(result: StatusReport, style: TerminalStyle) -> Iterator[str]:
    for card in result.cards:
        yield from period_heading(card, style, f": {_summary(card)}")
    if not result.attention:
        yield paint(f"{style.glyphs.done} {_nothing(result)}", "green", style)
    yield from _items(result.attention, style)
    for note in result.notes:
        yield from paragraph(sanitize(note), style)


def _items(items: list[AttentionItem], style: TerminalStyle) -> Iterator[str]:
    """One line per item; several lines where the terminal is too narrow for one."""
    if not items:
        return
    status = max(display_width(item.status) for item in items)
    command = max(display_width(sanitize(item.next)) for item in items)
    ref = min(max(display_width(_short_ref(item)) for item in items), MAX_REF)
    why = max(display_width(sanitize(item.why)) for item in items)
    if style.width is not None:
        why = min(why, style.width - status - ref - command - 3 * len(GAP))
    for item in items:
        head = [Cell(item.status, STATUS_COLORS.get(item.status, "")), Cell(_short_ref(item), "bold")]
        rest = [Cell(sanitize(item.why)), Cell(sanitize(item.next), "cyan")]
        if style.width is None or why >= MIN_WHY:
            yield from layout_row([*head, *rest], [status, ref, why, command], style)
        else:
            widths = [status, style.width - status - len(GAP)]
            for cells in (head, *([Cell(""), cell] for cell in rest)):
                yield from layout_row(cells, widths, style)


def _short_ref(item: AttentionItem) -> str:
    """The reference without its period, which the heading names."""
    return sanitize(item.ref.partition("/")[2] or item.ref)


def _markdown(result: StatusReport) -> str:
    heads = [f"**{escape(card.period.id)}**, {scorecard.period_state(card)}: {_summary(card)}" for card in result.cards]
    items = [_markdown_item(item) for item in result.attention] or [f"{_nothing(result)}."]
    return "\n\n".join(["  \n".join(heads), "\n".join(items), *map(escape, result.notes)]).lstrip() + "\n"


def _markdown_item(item: AttentionItem) -> str:
    owner = f", {escape(item.owner)}" if item.owner else ""
    place = f"({code_span(item.ref)}{owner})"
    return f"- **{escape(item.status)}** {escape(item.title)} {place}: {escape(item.why)} → {code_span(item.next)}"
