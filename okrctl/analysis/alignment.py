"""Objectives below those that they support; alignment is agreement and enters no score."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from okrctl.scoring.scorecard import ObjectiveScore, Scorecard
from okrctl.workspace import KeyResult, Workspace

MAX_DEPTH = 64


@dataclass(slots=True)
class TreeNode:
    """An objective with those that support it; `parent_ref` is the full name of its parent."""

    objective: ObjectiveScore
    parent_ref: str | None = None
    children: list[TreeNode] = field(default_factory=list)


@dataclass(slots=True)
class AlignmentTree:
    """The objectives of some periods by what they support; `cards` are these periods."""

    cards: list[Scorecard]
    roots: list[TreeNode] = field(default_factory=list)


def build_alignment_tree(workspace: Workspace, cards: Sequence[Scorecard]) -> AlignmentTree:
    """Objectives whose parent is shown are below it, all others are roots; a cycle is opened at its first objective."""
    ordered = sorted(cards, key=lambda card: (-card.period.days, card.period.start))
    nodes = {id(scored.node): TreeNode(scored) for card in ordered for scored in card.objectives}
    parents: dict[int, int] = {}
    roots = []
    for key, tree_node in nodes.items():
        objective = tree_node.objective.node
        parent = workspace.resolve(objective.model.parent, objective) if objective.model.parent else None
        tree_node.parent_ref = parent.ref if parent else None
        parent_key = id(parent.objective if isinstance(parent, KeyResult) else parent)
        if parent_key in nodes and not _leads_to(parent_key, key, parents):
            parents[key] = parent_key
            nodes[parent_key].children.append(tree_node)
        else:
            roots.append(tree_node)
    return AlignmentTree(list(cards), _limit_depth(roots))


def prune_tree(tree: AlignmentTree, team: str) -> AlignmentTree:
    """The tree with the objectives of a team, what they support, and what supports them."""
    return AlignmentTree(tree.cards, [kept for root in tree.roots if (kept := _prune_branch(root, team)) is not None])


def _prune_branch(node: TreeNode, team: str) -> TreeNode | None:
    if node.objective.node.team == team:
        return node
    children = [kept for child in node.children if (kept := _prune_branch(child, team)) is not None]
    return TreeNode(node.objective, node.parent_ref, children) if children else None


def _limit_depth(roots: list[TreeNode]) -> list[TreeNode]:
    """The roots; what is deeper than `MAX_DEPTH` becomes roots of its own."""
    queue = [(root, 0) for root in roots]
    for node, depth in queue:
        if depth == MAX_DEPTH:
            roots += node.children
            queue += [(child, 0) for child in node.children]
            node.children = []
        queue += [(child, depth + 1) for child in node.children]
    return roots


def _leads_to(start: int, end: int, parents: dict[int, int]) -> bool:
    """Whether `end` is `start` or an ancestor of it."""
    key: int | None = start
    while key is not None and key != end:
        key = parents.get(key)
    return key == end
