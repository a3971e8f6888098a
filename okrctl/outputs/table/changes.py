"""What changed between two states, for people."""

from __future__ import annotations

from collections.abc import Iterator

from okrctl.history.score_diff import Differences
from okrctl.outputs.table.grid import Cell, row
from okrctl.outputs.terminal import Look, painted, safe
from okrctl.outputs.text import diff

COLORS = {"easier": "bold yellow", "harder": "bold cyan"}
EFFECT = 7


def render(result: Differences, look: Look) -> str:
    """What became easier or harder first, then the rest, then the scores that it touches."""
    return "\n".join(_lines(result, look)) + "\n"


def _lines(result: Differences, look: Look) -> Iterator[str]:
    old = result.old[:10]
    new = result.new[:10] if result.new else "the files here"
    yield from row([Cell(diff.headline(result), "bold", tail=f"{old} to {new}")], [look.width or 0], look)
    for ref, changes in diff.grouped(result):
        yield ""
        place = f"{safe(changes[0].path)}:{changes[0].line}"
        yield from row([Cell(safe(ref), "bold", tail=place)], [look.width or 0], look)
        for line in diff.lines(changes):
            word = diff.EASIER.get(line.effect or "", line.effect or "")
            rest = look.width - EFFECT - 4 if look.width else 0
            yield from row([Cell(word, COLORS.get(word, "")), Cell(safe(line.text))], [EFFECT, rest], look, 2)
    if result.scores:
        yield from ("", painted("Scores", "bold", look))
    width = max((len(one.ref) for one in result.scores), default=0)
    for one in result.scores:
        before, after, by = diff.score_line(one)
        figures = f"{before:>5} {look.glyphs.arrow} {after:<5} {by}".rstrip()
        if look.width is None or width + len(figures) + 4 <= look.width:
            yield f"  {safe(one.ref).ljust(width)}  {figures}"
        else:
            yield from row([Cell(safe(one.ref))], [look.width - 2], look, 2)
            yield f"    {figures}"
