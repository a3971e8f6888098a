"""Draws the alignment of objectives as a Mermaid diagram, which GitHub and GitLab show in Markdown."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import accumulate

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


def alignment_diagram(tree: AlignmentTree) -> str:
    """The diagram as a block of code; empty where no objective supports another."""
    lines = list(_lines(tree))
    if not any("-->" in line for line in lines):
        return ""
    sizes = accumulate(len(line) + 1 for line in lines)
    shown = [line for line, size in zip(lines, sizes, strict=True) if size < MAX_CHARACTERS]
    drawn, total = sum("[" in line for line in shown), sum(1 for root in tree.roots for _ in _walk(root, None))
    more = f"\n\n{total - drawn} more objectives are not in the picture." if total > drawn else ""
    return "\n".join(["```mermaid", "flowchart BT", *shown, *_classes(shown), "```"]) + more


def _classes(lines: list[str]) -> Iterator[str]:
    """The colours of the bands that a diagram has."""
    for band, colors in COLORS.items():
        if any(line.endswith(f":::{band}") for line in lines):
            yield f"classDef {band} {colors}"


def _lines(tree: AlignmentTree) -> Iterator[str]:
    """A line for each objective and one for the objective it supports, aligned objectives first."""
    names: dict[int, str] = {}
    roots = sorted(tree.roots, key=lambda root: not root.children)
    for node, parent in (pair for root in roots for pair in _walk(root, None)):
        if len(names) == MAX_NODES:
            return
        name = names[id(node)] = f"o{len(names) + 1}"
        band = node.objective.band
        yield f'  {name}["{_label(node)}"]{f":::{band}" if band in COLORS else ""}'
        if parent is not None:
            yield f"  {name} --> {names[id(parent)]}"


def _walk(node: TreeNode, parent: TreeNode | None) -> Iterator[tuple[TreeNode, TreeNode | None]]:
    yield node, parent
    for child in node.children:
        yield from _walk(child, node)


def _label(node: TreeNode) -> str:
    objective = node.objective
    figures = f"{objective.node.team}, {scorecard.score_with_band(objective)}"
    lines = [clip(sanitize(scorecard.title(objective.node)), MAX_LABEL), figures]
    return "<br/>".join(_SPECIAL.sub(_escape_character, line) for line in lines)


def _escape_character(match: re.Match[str]) -> str:
    """A character as Mermaid's own entity, so that it cannot end the label or start anything."""
    return f"#{ord(match[0])};"
