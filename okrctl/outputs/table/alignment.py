"""Who supports what, as a tree with the scores in front."""

from __future__ import annotations

from collections.abc import Iterator

from okrctl.analysis.alignment import Branch, Forest
from okrctl.outputs.table.grid import GAP, Cell, broken, row
from okrctl.outputs.table.scorecard import BAND, COLORS, SCORE
from okrctl.outputs.terminal import Look, pad, painted, safe
from okrctl.outputs.text import scorecard

STATUS, NARROWEST = 13, 16


def render(result: Forest, look: Look) -> str:
    """One objective a line: score, band, status, and its place in the tree."""
    lines: list[str] = []
    for card in result.cards:
        head = f"{card.period.id}  {card.period.start} to {card.period.end}"
        about = Cell(head, "bold", tail=f"as of {card.as_of}, {scorecard.when(card)}")
        lines += row([about], [look.width or 0], look)
    several = len(result.cards) > 1
    for tree in result.trees:
        lines += ["", *_lines(tree, "", "", look, several)]
    return "\n".join(lines) + "\n"


def _lines(branch: Branch, prefix: str, below: str, look: Look, several: bool) -> Iterator[str]:
    front = SCORE + BAND + STATUS + 3 * len(GAP)
    title = _title(branch, prefix, several, look)
    width = max(look.width - front - len(prefix), NARROWEST) if look.width else None
    parts = broken(title.whole, width) if width else [title.whole]
    hanging = below + (look.glyphs.through if branch.children else "   ")
    for number, part in enumerate(parts):
        lead = _figures(branch, look) if number == 0 else " " * front
        yield f"{lead}{prefix if number == 0 else hanging}{_painted(title, part, look)}".rstrip()
    for number, child in enumerate(branch.children):
        last = number == len(branch.children) - 1
        mark = look.glyphs.last if last else look.glyphs.branch
        yield from _lines(child, below + mark, below + ("   " if last else look.glyphs.through), look, several)


def _title(branch: Branch, prefix: str, several: bool, look: Look) -> Cell:
    node = branch.objective.node
    name = node.ref if several else f"{node.team}/{node.id}"
    beyond = branch.supports if branch.supports and (not prefix or "." in branch.supports) else None
    tail = f"{name} {look.glyphs.arrow} {beyond}" if beyond else name
    return Cell(safe(node.model.title or node.id), "" if prefix else "bold", tail=tail)


def _painted(title: Cell, part: str, look: Look) -> str:
    tail = title.tail if part.endswith(title.tail) else ""
    front = part[: len(part) - len(tail)]
    return (painted(front, title.style, look) if title.style else front) + painted(tail, "dim", look)


def _figures(branch: Branch, look: Look) -> str:
    one = branch.objective
    status = one.status or one.state
    cells = [
        painted(pad(scorecard.score(one.score), SCORE, right=True), "bold", look),
        _colored(one.band or "", BAND, look),
        _colored(status, STATUS, look),
    ]
    return GAP.join(cells) + GAP


def _colored(word: str, width: int, look: Look) -> str:
    text = pad(word, width)
    return painted(text, COLORS[word], look) if word in COLORS else text
