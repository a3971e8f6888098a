"""Who supports what, as a tree with the scores in front."""

from __future__ import annotations

from collections.abc import Iterator

from okrctl.analysis.alignment import AlignmentTree, TreeNode
from okrctl.outputs.table.grid import GAP, Cell, fold_text, layout_row
from okrctl.outputs.table.scorecard import BAND, COLORS, SCORE
from okrctl.outputs.terminal import TerminalStyle, pad, paint, sanitize
from okrctl.outputs.text import scorecard

STATUS, NARROWEST = 13, 16


def render(result: AlignmentTree, look: TerminalStyle) -> str:
    """One objective a line: score, band, status, and its place in the tree."""
    lines: list[str] = []
    for card in result.cards:
        head = f"{card.period.id}  {card.period.start} to {card.period.end}"
        about = Cell(head, "bold", tail=f"as of {card.as_of}, {scorecard.period_state(card)}")
        lines += layout_row([about], [look.width or 0], look)
    several = len(result.cards) > 1
    for tree in result.roots:
        lines += ["", *_lines(tree, "", "", look, several)]
    return "\n".join(lines) + "\n"


def _lines(branch: TreeNode, prefix: str, below: str, look: TerminalStyle, several: bool) -> Iterator[str]:
    front = SCORE + BAND + STATUS + 3 * len(GAP)
    title = _title(branch, prefix, several, look)
    width = max(look.width - front - len(prefix), NARROWEST) if look.width else None
    parts = fold_text(title.full_text, width) if width else [title.full_text]
    hanging = below + (look.glyphs.vertical if branch.children else "   ")
    for number, part in enumerate(parts):
        lead = _figures(branch, look) if number == 0 else " " * front
        yield f"{lead}{prefix if number == 0 else hanging}{_painted(title, part, look)}".rstrip()
    for number, child in enumerate(branch.children):
        last = number == len(branch.children) - 1
        mark = look.glyphs.last_branch if last else look.glyphs.branch
        yield from _lines(child, below + mark, below + ("   " if last else look.glyphs.vertical), look, several)


def _title(branch: TreeNode, prefix: str, several: bool, look: TerminalStyle) -> Cell:
    node = branch.objective.node
    name = node.ref if several else f"{node.team}/{node.id}"
    beyond = branch.parent_ref if branch.parent_ref and (not prefix or "." in branch.parent_ref) else None
    tail = f"{name} {look.glyphs.arrow} {beyond}" if beyond else name
    return Cell(sanitize(node.model.title or node.id), "" if prefix else "bold", tail=tail)


def _painted(title: Cell, part: str, look: TerminalStyle) -> str:
    tail = title.tail if part.endswith(title.tail) else ""
    front = part[: len(part) - len(tail)]
    return (paint(front, title.style, look) if title.style else front) + paint(tail, "dim", look)


def _figures(branch: TreeNode, look: TerminalStyle) -> str:
    one = branch.objective
    status = one.status or one.state
    cells = [
        paint(pad(scorecard.score(one.score), SCORE, right=True), "bold", look),
        _colored(one.band or "", BAND, look),
        _colored(status, STATUS, look),
    ]
    return GAP.join(cells) + GAP


def _colored(word: str, width: int, look: TerminalStyle) -> str:
    text = pad(word, width)
    return paint(text, COLORS[word], look) if word in COLORS else text
