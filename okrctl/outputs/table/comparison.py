"""Several periods side by side with the change, for people."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from okrctl.outputs.table.grid import GAP, Cell, layout_row
from okrctl.outputs.table.scorecard import COLORS, note_lines
from okrctl.outputs.terminal import TerminalStyle, display_width, sanitize
from okrctl.outputs.text import scorecard
from okrctl.scoring.scorecard import Scorecards, ScoreComparison

NARROWEST_TITLE, WIDEST_TITLE = 24, 90


def render(result: Scorecards, look: TerminalStyle) -> str:
    """One column for each period and one for the change."""
    assert result.comparison is not None
    return "\n".join(_lines(result, result.comparison, look)) + "\n"


def _lines(result: Scorecards, whole: ScoreComparison, look: TerminalStyle) -> Iterator[str]:
    for card in result.cards:
        head = f"{card.period.id}  {card.period.start} to {card.period.end}"
        about = Cell(head, "bold", tail=f"as of {card.as_of}, {scorecard.period_state(card)}")
        yield from layout_row([about], [look.width or 0], look)
    widths = _widths(result, whole, look)
    yield ""
    if len(widths) > 1:
        heads = [Cell(card.period.id, "bold", right=True) for card in result.cards]
        yield from layout_row([Cell(""), *heads, Cell("change", "bold", right=True)], widths, look)
    for team in whole.children:
        name = "Company" if team.id == team.title == "company" else sanitize(team.title)
        yield from _row(team, Cell(name, "bold"), widths, result, look, 0)
        for objective in team.children if result.level != "team" else ():
            title = Cell(sanitize(objective.title), tail=objective.id)
            yield from _row(objective, title, widths, result, look, 2)
            for part in objective.children if result.level == "key-result" else ():
                yield from _row(part, Cell(sanitize(part.title), "dim", tail=part.id), widths, result, look, 4)
    yield ""
    yield from _row(whole, Cell("Mean of the teams", "bold"), widths, result, look, 0)
    yield from note_lines(result, look)


def _widths(result: Scorecards, whole: ScoreComparison, look: TerminalStyle) -> list[int]:
    """The title's column and the figures'; the title's alone where figures must stand below it."""
    figures = [*(max(display_width(card.period.id), 4) for card in result.cards), 6]
    if look.width is None:
        titles = (
            display_width(f"{sanitize(o.title)}  {o.id}") + 4
            for team in whole.children
            for t in team.children
            for o in (t, *t.children)
        )
        return [min(max(titles, default=20), WIDEST_TITLE), *figures]
    title = look.width - sum(figures) - len(figures) * len(GAP)
    return [title, *figures] if title >= NARROWEST_TITLE else [look.width]


def _row(
    one: ScoreComparison, title: Cell, widths: list[int], result: Scorecards, look: TerminalStyle, indent: int
) -> Iterator[str]:
    inner = [widths[0] - indent, *widths[1:]]
    if len(widths) > 1:
        cells = [Cell(scorecard.score(score), COLORS.get(band or "", ""), right=True) for score, band in _figures(one)]
        yield from layout_row(
            [title, *cells, Cell(scorecard.score_change(one.change), right=True)], inner, look, indent
        )
        return
    yield from layout_row([title], inner, look, indent)
    said = [f"{card.period.id} {scorecard.score(score)}" for card, score in zip(result.cards, one.scores, strict=True)]
    below = GAP.join([*said, f"change {scorecard.score_change(one.change)}"])
    yield from layout_row([Cell(below)], [widths[0] - indent - 2], look, indent + 2)


def _figures(one: ScoreComparison) -> Iterator[tuple[Fraction | None, str | None]]:
    yield from zip(one.scores, one.bands, strict=True)
