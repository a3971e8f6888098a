"""Finds parents, roll-ups and formulas that run in a ring.

Where a supports b and b supports a, neither says why it is there; where a value is worked out from itself it has no
value at all. The message names every member of the ring; cutting it at any one of them mends it.

Bad:

    kpis:
      - {id: margin, title: Margin, owner: cfo, better: higher, formula: turnover - costs}
      - {id: costs, title: Costs, owner: cfo, better: lower, formula: turnover - margin}
      - {id: turnover, title: Turnover, owner: cfo, better: higher, readings: {2026-04-30: 900}}

Good:

    kpis:
      - {id: margin, title: Margin, owner: cfo, better: higher, formula: turnover - costs}
      - {id: costs, title: Costs, owner: cfo, better: lower, readings: {2026-04-30: 700}}
      - {id: turnover, title: Turnover, owner: cfo, better: higher, readings: {2026-04-30: 900}}
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from okrctl.finding import Context, Finding
from okrctl.kpis import formula
from okrctl.workspace import KeyResult, Kpi, Node, Objective, Workspace

CODE = "OKR103"
NAME = "reference-cycle"
SEVERITY = "error"
LOOKS_AT = "workspace"

Links = Callable[[Node], Iterable[Node]]


def across(workspace: Workspace, context: Context) -> Iterator[Finding]:
    """The rings of parents, of roll-ups and of formulas, each once."""
    parents = [one for one in workspace.objectives if one.model.parent]
    yield from _rings(parents, lambda node: _parent(workspace, node), "parent", "parents")
    rolled = [one for one in workspace.key_results if getattr(one.model, "rollup", None)]
    yield from _rings(rolled, lambda node: _members(workspace, node), "rollup", "roll-ups")
    computed = [one for one in workspace.kpi_nodes if one.model.formula]
    yield from _rings(computed, lambda node: _inputs(workspace, node), "formula", "formulas")


def _parent(workspace: Workspace, node: Node) -> Iterable[Node]:
    if not isinstance(node, Objective) or not node.model.parent:
        return ()
    parent = workspace.resolve(node.model.parent, node)
    return () if parent is None else (parent.objective if isinstance(parent, KeyResult) else parent,)


def _members(workspace: Workspace, node: Node) -> Iterable[Node]:
    rollup = getattr(node.model, "rollup", None)
    if not isinstance(node, KeyResult) or rollup is None:
        return ()
    found = (workspace.resolve(text, node.objective) for text in rollup.members)
    return [one for one in found if isinstance(one, KeyResult)]


def _inputs(workspace: Workspace, node: Node) -> Iterable[Node]:
    if not isinstance(node, Kpi) or not node.model.formula:
        return ()
    try:
        names = formula.parse(node.model.formula).names
    except formula.FormulaError:
        return ()
    return [workspace.kpis[name.id] for name in names if name.id in workspace.kpis]


def _rings(nodes: Iterable[Node], links: Links, key: str, what: str) -> Iterator[Finding]:
    seen: set[frozenset[int]] = set()
    for ring in _cycles(nodes, links):
        members = frozenset(id(node) for node in ring)
        if members in seen:
            continue
        seen.add(members)
        start = min(range(len(ring)), key=lambda number: (ring[number].file.path, ring[number].route))
        ring = [*ring[start:], *ring[:start]]
        whole = " -> ".join(node.ref for node in (*ring, ring[0]))
        related = tuple((node.file, (*node.route, key), f"{node.ref} is part of the ring") for node in ring[1:])
        first = ring[0]
        help = "cut it at one of its members"
        message = f"these {what} run in a ring: {whole}"
        yield Finding((*first.route, key), message, help, related=related, ref=first.ref, file=first.file)


def _cycles(nodes: Iterable[Node], links: Links) -> Iterator[list[Node]]:
    """The rings that a search in depth runs into, in time linear in nodes and links."""
    done: set[int] = set()
    for root in nodes:
        if id(root) in done:
            continue
        path: list[Node] = [root]
        place = {id(root): 0}
        waiting = [iter(links(root))]
        while waiting:
            node = next(waiting[-1], None)
            if node is None:
                waiting.pop()
                left = path.pop()
                del place[id(left)]
                done.add(id(left))
            elif id(node) in place:
                yield path[place[id(node)] :]
            elif id(node) not in done:
                place[id(node)] = len(path)
                path.append(node)
                waiting.append(iter(links(node)))
