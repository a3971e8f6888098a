"""Who supports what as plain data."""

from __future__ import annotations

from typing import Any

from okrctl.analysis.alignment import AlignmentTree, TreeNode
from okrctl.outputs.json.scorecard import day, number, period


def plain(result: AlignmentTree) -> dict[str, Any]:
    """The periods, and the objectives as nested lists."""
    return {
        "version": 1,
        "periods": [period(card) for card in result.cards],
        "as_of": day(result.cards[0].as_of) if result.cards else None,
        "trees": [_branch(one) for one in result.roots],
    }


def _branch(branch: TreeNode) -> dict[str, Any]:
    one = branch.objective
    return {
        "ref": one.node.ref,
        "title": one.node.model.title,
        "team": one.node.team,
        "owner": one.node.owner,
        "state": one.state,
        "score": number(one.score),
        "band": one.band,
        "status": one.status,
        "supports": branch.parent_ref,
        "children": [_branch(child) for child in branch.children],
    }
