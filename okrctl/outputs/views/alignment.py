"""Shows which objectives support which: a tree with references and scores beside it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal, NamedTuple

from okrctl.analysis.alignment import AlignmentTree, TreeNode
from okrctl.outputs import json
from okrctl.outputs.documents import TreeData, TreesDocument
from okrctl.outputs.grid import GAP, Cell, one_line, paragraph
from okrctl.outputs.terminal import TerminalStyle, display_width, sanitize
from okrctl.outputs.text import scorecard
from okrctl.outputs.views.scorecard import period_data
from okrctl.outputs.views.scorecard_columns import COLORS
from okrctl.outputs.views.scorecard_table import period_heading

MIN_TITLE = 24


def render(
    result: AlignmentTree, format: Literal["table", "json"], style: TerminalStyle, with_ids: bool = False
) -> str:
    """The tree in a format."""
    match format:
        case "table":
            return "\n".join(_table_lines(result, style, with_ids)) + "\n"
        case "json":
            return json.document(data(result))


def _table_lines(result: AlignmentTree, style: TerminalStyle, with_ids: bool) -> Iterator[str]:
    for card in result.cards:
        yield from period_heading(card, style)
    yield from _tree_lines(result, style, with_ids)
    for card in result.cards if not result.roots else ():
        yield from paragraph(scorecard.no_objectives(card), style)


def _tree_lines(result: AlignmentTree, style: TerminalStyle, with_ids: bool) -> Iterator[str]:
    """One objective per line: its place in the tree, its reference, score and status, in columns for all trees."""
    has_periods = len(result.cards) > 1
    trees = [list(_rows(root, "", "", style, has_periods)) for root in result.roots]
    rows = [row for tree in trees for row in tree]
    widths = _widths([_texts(row, with_ids) for row in rows], style, with_ids)
    for number, tree in enumerate(trees):
        if number == 0 or len(tree) > 1 or len(trees[number - 1]) > 1:
            yield ""
        for row in tree:
            yield _row_line(row, widths, style, with_ids)


def _row_line(row: _Row, widths: list[int], style: TerminalStyle, with_ids: bool) -> str:
    title, ref, score, status = _texts(row, with_ids)
    color = COLORS.get(status, "")
    front = Cell(title, "" if row.prefix else "bold")
    cells = [front, Cell(ref, "dim"), Cell(score, "bold", right=True), Cell(status, color)]
    pairs = [(cell, width) for cell, width in zip(cells, widths, strict=True) if width]
    return one_line([cell for cell, _ in pairs], [width for _, width in pairs], style)


class _Row(NamedTuple):
    """An objective with the branches in front of it and its reference."""

    node: TreeNode
    prefix: str
    ref: str


def _rows(node: TreeNode, prefix: str, below: str, style: TerminalStyle, has_periods: bool) -> Iterator[_Row]:
    yield _Row(node, prefix, _reference(node, prefix, has_periods, style))
    for number, child in enumerate(node.children):
        is_last = number == len(node.children) - 1
        branch = style.glyphs.last_branch if is_last else style.glyphs.branch
        deeper = below + ("   " if is_last else style.glyphs.vertical)
        yield from _rows(child, below + branch, deeper, style, has_periods)


def _reference(branch: TreeNode, prefix: str, has_periods: bool, style: TerminalStyle) -> str:
    """The reference of an objective; off the terminal with a parent that the tree does not show."""
    node = branch.objective.node
    name = node.ref if has_periods else f"{node.team}/{node.id}"
    parent = branch.parent_ref
    is_hidden = parent is not None and (not prefix or "." in parent)
    return sanitize(f"{name} {style.glyphs.arrow} {parent}" if is_hidden and style.width is None else name)


def _texts(row: _Row, with_ids: bool) -> tuple[str, str, str, str]:
    objective = row.node.objective
    title = row.ref if with_ids else sanitize(scorecard.title(objective.node))
    words = ", ".join(filter(None, (objective.band, objective.status or objective.state)))
    return row.prefix + title, "" if with_ids else row.ref, scorecard.score(objective.score, objective.precision), words


def _widths(rows: list[tuple[str, str, str, str]], style: TerminalStyle, with_ids: bool) -> list[int]:
    """The columns; a reference that cannot be whole is left out, since it could not be pasted."""
    natural = [max(map(display_width, column), default=0) for column in zip(*rows, strict=True)]
    if style.width is None or not natural:
        return natural
    title, ref, score, status = natural
    room = style.width - score - status - 2 * len(GAP)
    has_ref = ref and room - ref - len(GAP) >= MIN_TITLE
    room -= ref + len(GAP) if has_ref else 0
    return [max(min(title, room) if with_ids else room, 1), ref if has_ref else 0, score, status]


def data(result: AlignmentTree) -> TreesDocument:
    """The periods and the trees."""
    return {
        "periods": [period_data(card) for card in result.cards],
        "as_of": result.cards[0].as_of if result.cards else None,
        "trees": [_data(root) for root in result.roots],
    }


def _data(node: TreeNode) -> TreeData:
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
