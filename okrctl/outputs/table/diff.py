"""What changed between two states, for people."""

from __future__ import annotations

from collections.abc import Iterator

from okrctl.history.score_diff import WorkspaceDiff
from okrctl.outputs.table.grid import Cell, layout_row
from okrctl.outputs.terminal import TerminalStyle, paint, sanitize
from okrctl.outputs.text import diff

COLORS = {"easier": "bold yellow", "harder": "bold cyan"}
EFFECT = 7


def render(result: WorkspaceDiff, look: TerminalStyle) -> str:
    """What became easier or harder first, then the rest, then the scores that it touches."""
    return "\n".join(_lines(result, look)) + "\n"


def _lines(result: WorkspaceDiff, look: TerminalStyle) -> Iterator[str]:
    old = result.old[:10]
    new = result.new[:10] if result.new else "the files here"
    yield from layout_row([Cell(diff.headline(result), "bold", tail=f"{old} to {new}")], [look.width or 0], look)
    for ref, changes in diff.group_by_goal(result):
        yield ""
        place = f"{sanitize(changes[0].path)}:{changes[0].line}"
        yield from layout_row([Cell(sanitize(ref), "bold", tail=place)], [look.width or 0], look)
        for line in diff.change_lines(changes):
            word = diff.EFFECT_WORDS.get(line.effect or "", line.effect or "")
            rest = look.width - EFFECT - 4 if look.width else 0
            yield from layout_row(
                [Cell(word, COLORS.get(word, "")), Cell(sanitize(line.text))], [EFFECT, rest], look, 2
            )
    if result.scores:
        yield from ("", paint("Scores", "bold", look))
    width = max((len(one.ref) for one in result.scores), default=0)
    for one in result.scores:
        before, after, by = diff.score_columns(one)
        figures = f"{before:>5} {look.glyphs.arrow} {after:<5} {by}".rstrip()
        if look.width is None or width + len(figures) + 4 <= look.width:
            yield f"  {sanitize(one.ref).ljust(width)}  {figures}"
        else:
            yield from layout_row([Cell(sanitize(one.ref))], [look.width - 2], look, 2)
            yield f"    {figures}"
