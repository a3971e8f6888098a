"""Puts objectives below those that they support; a picture of agreement, which no score is made of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from okrctl.scoring.scorecard import ObjectiveScore, Scorecard
from okrctl.workspace import KeyResult, Workspace

MAX_DEPTH = 64


@dataclass(slots=True)
class TreeNode:
    """An objective with those that support it; `supports` is the full name of what it names as its parent."""

    objective: ObjectiveScore
    parent_ref: str | None = None
    children: list[TreeNode] = field(default_factory=list)


@dataclass(slots=True)
class AlignmentTree:
    """The objectives of some periods by what they support; `cards` are these periods."""

    cards: list[Scorecard]
    roots: list[TreeNode] = field(default_factory=list)


def build_alignment_tree(workspace: Workspace, cards: Sequence[Scorecard]) -> AlignmentTree:
    """Objectives whose parent is shown stand below it, all others at the top; a ring is opened at its first."""
    ordered = sorted(cards, key=lambda card: (-card.period.days, card.period.start))
    branches = {id(one.node): TreeNode(one) for card in ordered for one in card.objectives}
    above: dict[int, int] = {}
    trees = []
    for key, branch in branches.items():
        node = branch.objective.node
        parent = workspace.resolve(node.model.parent, node) if node.model.parent else None
        branch.parent_ref = parent.ref if parent else None
        place = id(parent.objective if isinstance(parent, KeyResult) else parent)
        if place in branches and not _leads_to(place, key, above):
            above[key] = place
            branches[place].children.append(branch)
        else:
            trees.append(branch)
    return AlignmentTree(list(cards), _limit_depth(trees))


def _limit_depth(trees: list[TreeNode]) -> list[TreeNode]:
    """The trees, with what lies deeper than anybody can follow as trees of its own."""
    waiting = [(tree, 0) for tree in trees]
    for branch, depth in waiting:
        if depth == MAX_DEPTH:
            trees += branch.children
            waiting += [(child, 0) for child in branch.children]
            branch.children = []
        waiting += [(child, depth + 1) for child in branch.children]
    return trees


def _leads_to(start: int, end: int, above: dict[int, int]) -> bool:
    """Whether the way up from `start` passes `end`."""
    place: int | None = start
    while place is not None and place != end:
        place = above.get(place)
    return place == end
