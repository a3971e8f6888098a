"""Draws the alignment of objectives as a Mermaid diagram, which GitHub and GitLab show in Markdown."""

from __future__ import annotations

import re
from collections.abc import Iterator

from okrctl.analysis.alignment import AlignmentTree, TreeNode
from okrctl.outputs.terminal import clip, sanitize
from okrctl.outputs.text import scorecard

MAX_NODES = 60
MAX_CHARACTERS = 20_000  # Mermaid itself refuses more than 50,000 characters, and more than 500 edges
MAX_LABEL = 48
COLORS = {
    "green": "fill:#e3f4e8,stroke:#2e7d4f,color:#10321e",
    "yellow": "fill:#fdf3d3,stroke:#9a7400,color:#3d2e00",
    "red": "fill:#fbe4e2,stroke:#b3372c,color:#4a130e",
}
_SPECIAL = re.compile(r"[^\w .,!?()+-]|_")


def alignment_diagram(forest: AlignmentTree) -> str:
    """The diagram as a block of code; empty where no objective supports another."""
    lines = list(_lines(forest))
    if not any("-->" in line for line in lines):
        return ""
    shown = [
        line for number, line in enumerate(lines) if sum(len(one) + 1 for one in lines[: number + 1]) < MAX_CHARACTERS
    ]
    nodes, all = sum("[" in line for line in shown), sum(1 for tree in forest.roots for _ in _walk(tree, None))
    more = f"\n\n{all - nodes} more objectives are not in the picture." if all > nodes else ""
    classes = [f"classDef {band} {color}" for band, color in COLORS.items()]
    return "\n".join(["```mermaid", "flowchart BT", *shown, *classes, "```"]) + more


def _lines(forest: AlignmentTree) -> Iterator[str]:
    """A line for each objective and one for what it supports, those that are aligned first."""
    names: dict[int, str] = {}
    ordered = sorted(forest.roots, key=lambda tree: not tree.children)
    for branch, above in (pair for tree in ordered for pair in _walk(tree, None)):
        if len(names) == MAX_NODES:
            return
        name = names[id(branch)] = f"o{len(names) + 1}"
        band = branch.objective.band
        yield f'  {name}["{_label(branch)}"]{f":::{band}" if band in COLORS else ""}'
        if above is not None:
            yield f"  {name} --> {names[id(above)]}"


def _walk(tree: TreeNode, above: TreeNode | None) -> Iterator[tuple[TreeNode, TreeNode | None]]:
    yield tree, above
    for child in tree.children:
        yield from _walk(child, tree)


def _label(branch: TreeNode) -> str:
    node = branch.objective.node
    band = f" {branch.objective.band}" if branch.objective.band else ""
    figures = f"{node.team}, {scorecard.score(branch.objective.score)}{band}"
    lines = [clip(sanitize(node.model.title or node.id), MAX_LABEL), figures]
    return "<br/>".join(_SPECIAL.sub(_escape_character, line) for line in lines)


def _escape_character(found: re.Match[str]) -> str:
    """A sign as Mermaid's own entity, so that it neither ends the label nor begins anything."""
    return f"#{ord(found[0])};"
