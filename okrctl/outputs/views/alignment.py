"""Shows which objectives support which: a tree with the scores in front."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal

from okrctl.analysis.alignment import AlignmentTree, TreeNode
from okrctl.outputs import json
from okrctl.outputs.grid import GAP, Cell, fold_text
from okrctl.outputs.terminal import TerminalStyle, pad, paint, sanitize
from okrctl.outputs.text import scorecard
from okrctl.outputs.views.scorecard import period_data
from okrctl.outputs.views.scorecard_table import BAND, COLORS, SCORE, period_heading

STATUS, MIN_TITLE = 13, 16


def render(result: AlignmentTree, format: Literal["table", "json"], style: TerminalStyle) -> str:
    """The tree in a format."""
    match format:
        case "table":
            lines = [line for card in result.cards for line in period_heading(card, style)]
            for root in result.roots:
                lines += ["", *_lines(root, "", "", style, len(result.cards) > 1)]
            return "\n".join(lines) + "\n"
        case "json":
            as_of = result.cards[0].as_of if result.cards else None
            periods = [period_data(card) for card in result.cards]
            return json.document({"periods": periods, "as_of": as_of, "trees": [_data(root) for root in result.roots]})


def _lines(node: TreeNode, prefix: str, below: str, style: TerminalStyle, has_periods: bool) -> Iterator[str]:
    """One objective per line: score, band, status, and its place in the tree."""
    front = SCORE + BAND + STATUS + 3 * len(GAP)
    title = _title(node, prefix, has_periods, style)
    width = max(style.width - front - len(prefix), MIN_TITLE) if style.width else None
    parts = fold_text(title.full_text, width) if width else [title.full_text]
    hanging = below + (style.glyphs.vertical if node.children else "   ")
    for number, part in enumerate(parts):
        lead = _figures(node, style) if number == 0 else " " * front
        yield f"{lead}{prefix if number == 0 else hanging}{_paint_title(title, part, style)}".rstrip()
    for number, child in enumerate(node.children):
        is_last = number == len(node.children) - 1
        branch = style.glyphs.last_branch if is_last else style.glyphs.branch
        deeper = below + ("   " if is_last else style.glyphs.vertical)
        yield from _lines(child, below + branch, deeper, style, has_periods)


def _title(branch: TreeNode, prefix: str, has_periods: bool, style: TerminalStyle) -> Cell:
    node = branch.objective.node
    name = node.ref if has_periods else f"{node.team}/{node.id}"
    parent = branch.parent_ref
    if parent and (not prefix or "." in parent):  # a parent that the tree does not show
        name += f" {style.glyphs.arrow} {parent}"
    return Cell(sanitize(scorecard.title(node)), "" if prefix else "bold", tail=name)


def _paint_title(title: Cell, part: str, style: TerminalStyle) -> str:
    tail = title.tail if part.endswith(title.tail) else ""
    front = part[: len(part) - len(tail)]
    return (paint(front, title.color, style) if title.color else front) + paint(tail, "dim", style)


def _figures(node: TreeNode, style: TerminalStyle) -> str:
    objective = node.objective
    cells = [
        paint(pad(scorecard.score(objective.score, objective.precision), SCORE, right=True), "bold", style),
        _paint_word(objective.band or "", BAND, style),
        _paint_word(objective.status or objective.state, STATUS, style),
    ]
    return GAP.join(cells) + GAP


def _paint_word(word: str, width: int, style: TerminalStyle) -> str:
    text = pad(word, width)
    return paint(text, COLORS[word], style) if word in COLORS else text


def _data(node: TreeNode) -> dict[str, Any]:
    objective = node.objective
    return {
        "ref": objective.node.ref,
        "title": objective.node.model.title,
        "team": objective.node.team,
        "owner": objective.node.owner,
        "state": objective.state,
        "score": objective.score,
        "band": objective.band,
        "status": objective.status,
        "supports": node.parent_ref,
        "children": [_data(child) for child in node.children],
    }
