"""Puts the merged text together from the blocks of both sides, with a choice of lines where they are in conflict.

The text of ours is the frame: its lines stay as they are, byte by byte, unless theirs changed them. Comments are
merged as well, though they mean nothing to the data: one that only theirs changed is taken, and where both changed one,
both are kept. A value that is not in block style (in brackets, a single value in place of a list) is edited with
`yaml_edit` as a small document of its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple, TypeAlias

from okrctl.merge.blocks import Block, Text, shift, split_lines, with_dash, without_breaks
from okrctl.merge.three_way import Choice, Decision, Side
from okrctl.merge.trees import Table, Tree, is_same, raw_data
from okrctl.values.diagnostic import Route
from okrctl.values.errors import OkrctlError
from okrctl.yaml import Source, parse
from okrctl.yaml_edit import AppendValue, Edit, RemoveValue, SetValue, edit, expected

BY_HAND = "merge it by hand"


class MergeError(OkrctlError):
    """The merged text cannot be made, or is not what was meant."""


class LineChoice(NamedTuple):
    """Lines in conflict: those of each side."""

    ours: tuple[str, ...]
    theirs: tuple[str, ...]


Piece: TypeAlias = "str | LineChoice"


def assemble(decision: Decision, base: Text | None, ours: Text, theirs: Text) -> list[Piece]:
    """The merged text as lines and choices of lines."""
    pieces = _Assembler(ours).join(decision, base.root if base else None, ours.root, theirs.root)
    return [*pieces, *_merge_comments(base.tail if base else [], ours.tail, theirs.tail)]


def lines_of_side(pieces: Iterable[Piece], side: Side) -> list[str]:
    """The lines with one side's version of everything in conflict."""
    lines: list[str] = []
    for piece in pieces:
        lines += [piece] if isinstance(piece, str) else piece.ours if side == "ours" else piece.theirs
    return lines


class _Assembler:
    def __init__(self, ours: Text) -> None:
        first = next((line for block in _all_blocks(ours.root) for line in block.head), "\n")
        self.newline = "\r\n" if first.endswith("\r\n") else "\n"

    def join(self, decision: Decision, base: Block | None, ours: Block, theirs: Block) -> list[Piece]:
        """The lines of a value that both sides have, without the lead."""
        if ours.children is None or theirs.children is None:
            return self._edit(decision, ours)
        children: list[Piece] = []
        of_base = (base.children if base else None) or {}
        move = _child_column(ours, theirs)
        for name in self._names(decision, ours, theirs):
            child = decision.children[name]
            children += self._merge(child, of_base.get(name), ours.children.get(name), theirs.children.get(name), move)
        if not children and ours.head:
            return self._edit(decision, ours)
        head: list[Piece] = [*_merge_head(base, ours, theirs)]
        return _add_dash([*head, *children], ours.dash) if ours.dash else [*head, *children]

    def _names(self, decision: Decision, ours: Block, theirs: Block) -> list[str]:
        """The entries in the order of the merged text: lists as decided, dates by date, keys as in ours."""
        assert ours.children is not None and theirs.children is not None and isinstance(decision.ours, Table)
        form = decision.ours.shape.form
        if form in ("list", "set"):
            return list(decision.children)
        names = list(ours.children)
        previous: str | None = None
        for name in theirs.children:
            if name not in ours.children:
                if form == "dated":
                    earlier = [number for number, day in enumerate(names) if day < name]
                    names.insert(max(earlier) + 1 if earlier else 0, name)
                else:
                    names.insert(names.index(previous) + 1 if previous in names else 0, name)
            previous = name
        return names

    def _merge(
        self, decision: Decision, base: Block | None, ours: Block | None, theirs: Block | None, move: int
    ) -> list[Piece]:
        """The lines of one entry with its lead; `move` are the columns by which those of theirs are shifted."""
        theirs = theirs and _shift(theirs, move)
        if decision.choice == "conflict":
            return self._conflict(decision, base, ours, theirs)
        if ours is None or theirs is None:
            return self._one_sided(decision, base, ours, theirs)
        lead = _merge_comments(*(block.lead if block else [] for block in (base, ours, theirs)))
        if decision.choice == "join" and ours.children is not None and theirs.children is not None:
            return [*lead, *self.join(decision, base, ours, theirs)]
        lines, comments = self._merge_leaf(decision, base, ours, theirs)
        return [*lead, *comments, *lines]

    def _one_sided(
        self, decision: Decision, base: Block | None, ours: Block | None, theirs: Block | None
    ) -> list[Piece]:
        """The lines of an entry that one side does not have: added by the other one, or removed by this one."""
        block = ours or theirs
        if decision.choice == "join" and block is not None:
            return [*block.lead, *self._edit(decision, block)]
        kept = decision.resolve("ours")
        if block is None or (base is not None and _is_blank(kept)):
            if not _is_blank(kept):
                raise MergeError(f"{_place(decision)} is not where it is expected in the file", BY_HAND)
            return []
        if _is_blank(kept) and not _is_blank(decision.ours if block is ours else decision.theirs):
            return []
        return [*block.lead, *block.lines()]

    def _conflict(
        self, decision: Decision, base: Block | None, ours: Block | None, theirs: Block | None
    ) -> list[Piece]:
        sides = [[] if block is None else block.lines() for block in (ours, theirs)]
        for block, tree in ((ours, decision.ours), (theirs, decision.theirs)):
            if block is None and not _is_blank(tree):
                raise MergeError(
                    f"{_place(decision)}, which is in conflict, is not where it is expected in the file", BY_HAND
                )
        if ours and theirs:
            lead: list[Piece] = list(_merge_comments(base.lead if base else [], ours.lead, theirs.lead))
            return [*lead, LineChoice(tuple(sides[0]), tuple(sides[1]))]
        leads = [block.lead if block else [] for block in (ours, theirs)]
        return [LineChoice((*leads[0], *sides[0]), (*leads[1], *sides[1]))]

    def _merge_leaf(
        self, decision: Decision, base: Block | None, ours: Block, theirs: Block
    ) -> tuple[list[Piece], list[str]]:
        """The lines of a value that is one block, and comments to put above it."""
        choice = _side_of_join(decision) if decision.choice == "join" else decision.choice
        before = without_breaks(base.lines()) if base else None
        one, other = without_breaks(ours.lines()), without_breaks(theirs.lines())
        if other in (before, one):
            return list(ours.lines()), []
        if one == before:
            return list(theirs.lines()), []
        # One side changed the value and the other its comment or its style: the new value goes into the other's lines.
        known, mine, new = (_comments(lines) for lines in (before, one, other))
        if choice == "ours" and mine == known:
            return self._edit(decision, theirs), []
        above = [] if new == known else self._comment_lines(ours, [each for each in new if each not in (*known, *mine)])
        return (self._edit(decision, ours), above) if choice in ("theirs", "join") else ([*ours.lines()], above)

    def _comment_lines(self, block: Block, comments: Sequence[str]) -> list[str]:
        return [" " * block.column + comment + self.newline for comment in comments]

    def _edit(self, decision: Decision, block: Block) -> list[Piece]:
        """The lines of ours with the merged value, edited as a document of its own."""
        sides: tuple[Side, Side] = ("ours", "theirs")
        texts = [self._edit_side(decision, side, block) for side in sides]
        if texts[0] == texts[1]:
            return [*texts[0]]
        return [LineChoice(tuple(texts[0]), tuple(texts[1]))]

    def _edit_side(self, decision: Decision, side: Side, block: Block) -> list[str]:
        tree, is_root = decision.resolve(side), not decision.path
        if _is_blank(tree) and not is_root:
            return []
        column = block.dash.index("-") if block.dash else block.column
        document = parse(Source("", "".join(shift(block.lines(), -column))))
        route: Route = () if is_root else (0,) if block.dash else tuple(document.keys(())[:1])
        if document.problems or not (route or is_root):
            raise MergeError(f"{_place(decision)} cannot be edited in place in the file", BY_HAND)
        edits = list(_edits(expected.value_at(document.data, route), raw_data(tree), route))
        text = edit(Source("", document.text), edits).text if edits else document.text
        return shift(split_lines(text), column)


def _edits(old: Any, new: Any, route: Route) -> Iterable[Edit]:
    """The edits that make one value of another."""
    if old == new:
        return
    if new in (None, [], {}):
        yield RemoveValue(route)
    elif isinstance(old, dict) and isinstance(new, dict):
        yield from _edits_of_mapping(old, new, route)
    elif isinstance(old, list) and isinstance(new, list):
        yield from _edits_of_list(old, new, route)
    else:
        yield SetValue(route, new)


def _edits_of_mapping(old: dict[str, Any], new: dict[str, Any], route: Route) -> Iterable[Edit]:
    for key in [key for key in old if key not in new]:
        yield RemoveValue((*route, key))
    for key, value in new.items():
        if key not in old:
            yield SetValue((*route, key), value)
        else:
            yield from _edits(old[key], value, (*route, key))


def _edits_of_list(old: list[Any], new: list[Any], route: Route) -> Iterable[Edit]:
    kept = [value for value in old if value in new]
    if not kept or new[: len(kept)] != kept:
        yield SetValue(route, new)
        return
    for index in reversed(range(len(old))):
        if old[index] not in new:
            yield RemoveValue((*route, index))
    for value in new[len(kept) :]:
        yield AppendValue(route, value)


def _side_of_join(decision: Decision) -> Choice:
    """The side whose value a joined value is; `join` where it is that of neither, or in conflict."""
    if any(decision.conflicts()):
        return "join"
    merged = decision.resolve("ours")
    is_ours, is_theirs = is_same(merged, decision.ours), is_same(merged, decision.theirs)
    return "same" if is_ours and is_theirs else "ours" if is_ours else "theirs" if is_theirs else "join"


def _is_blank(tree: Tree | None) -> bool:
    return raw_data(tree) in (None, [], {})


def _all_blocks(block: Block) -> Iterable[Block]:
    yield block
    for child in (block.children or {}).values():
        yield from _all_blocks(child)


def _child_column(ours: Block, theirs: Block) -> int:
    """The columns by which the entries of theirs are shifted, so that they align with those of ours."""
    columns = [
        next((block.dash.index("-") if block.dash else block.column for block in (side.children or {}).values()), None)
        for side in (ours, theirs)
    ]
    return columns[0] - columns[1] if columns[0] is not None and columns[1] is not None else ours.column - theirs.column


def _shift(block: Block, columns: int) -> Block:
    if not columns:
        return block
    dash = shift([block.dash], columns)[0] if block.dash else ""
    children = block.children and {name: _shift(child, columns) for name, child in block.children.items()}
    return Block(block.column + columns, shift(block.lead, columns), shift(block.head, columns), children, dash)


def _merge_head(base: Block | None, ours: Block, theirs: Block) -> list[str]:
    texts = [without_breaks(block.head) if block else None for block in (base, ours, theirs)]
    return theirs.head if texts[0] is not None and texts[1] == texts[0] and theirs.head else ours.head


def _merge_comments(base: Sequence[str], ours: Sequence[str], theirs: Sequence[str]) -> list[str]:
    """Comments and blank lines: those of the side that changed them; where both did, new comments of both."""
    texts = [without_breaks(lines) for lines in (base, ours, theirs)]
    if texts[1] == texts[0]:
        return list(ours if texts[2] == texts[0] else theirs)
    if texts[2] in (texts[0], texts[1]):
        return list(ours)
    known = {line.strip() for line in (*texts[0], *texts[1])}
    return [*ours, *(line for line in theirs if line.strip() and line.strip() not in known)]


def _place(decision: Decision) -> str:
    return f"'{'.'.join(decision.path)}'" if decision.path else "the file"


def _comments(lines: Sequence[str] | None) -> list[str]:
    """The comments at the ends of lines; a text in quotes that looks like one would only be kept once more."""
    return [comment for line in lines or () if (comment := _comment(line))]


def _comment(line: str) -> str:
    head, sign, comment = line.partition(" #")
    return f"#{comment}" if sign and head.strip() else ""


def _add_dash(pieces: list[Piece], dash: str) -> list[Piece]:
    """The pieces of an element with its dash; a choice at its start must have lines on both sides."""
    for number, piece in enumerate(pieces):
        if isinstance(piece, LineChoice):
            if not piece.ours or not piece.theirs:
                return [LineChoice(*(tuple(with_dash(lines_of_side(pieces, s), dash)) for s in ("ours", "theirs")))]
            choice = LineChoice(tuple(with_dash([*piece.ours], dash)), tuple(with_dash([*piece.theirs], dash)))
            return [*pieces[:number], choice, *pieces[number + 1 :]]
        if piece.strip() and not piece.lstrip().startswith("#"):
            return [*pieces[:number], dash + piece[len(dash) :], *pieces[number + 1 :]]
    return pieces
