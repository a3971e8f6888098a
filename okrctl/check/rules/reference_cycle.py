"""Finds parents, roll-ups and formulas that form a cycle.

If a supports b and b supports a, neither has a reason of its own; a value that is computed from itself has no value.
The message lists every member of the cycle.

To fix it, remove the reference at one of the members.

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

from okrctl.check.finding import Context, Finding
from okrctl.check.rule import Rule
from okrctl.kpis import formula
from okrctl.values.diagnostic import Route
from okrctl.workspace import KeyResult, Kpi, Node, Objective, Workspace

Link = tuple[Route, Node]
Links = Callable[[Node], Iterable[Link]]


def check_workspace(workspace: Workspace, context: Context) -> Iterator[Finding]:
    """The rings of parents, of roll-ups and of formulas, each once."""
    parents = [one for one in workspace.objectives if one.model.parent]
    yield from _cycle_findings(parents, lambda node: _parent_link(workspace, node), "parents")
    rolled = [one for one in workspace.key_results if getattr(one.model, "rollup", None)]
    yield from _cycle_findings(rolled, lambda node: _member_links(workspace, node), "roll-ups")
    computed = [one for one in workspace.kpi_nodes if one.model.formula]
    yield from _cycle_findings(computed, lambda node: _input_links(workspace, node), "formulas")


def _parent_link(workspace: Workspace, node: Node) -> Iterator[Link]:
    if isinstance(node, Objective) and node.model.parent:
        parent = workspace.resolve(node.model.parent, node)
        if parent is not None:
            yield (*node.route, "parent"), parent.objective if isinstance(parent, KeyResult) else parent


def _member_links(workspace: Workspace, node: Node) -> Iterator[Link]:
    rollup = getattr(node.model, "rollup", None)
    if isinstance(node, KeyResult) and rollup is not None:
        for number, text in enumerate(rollup.members):
            member = workspace.resolve(text, node.objective)
            if isinstance(member, KeyResult):
                yield (*node.route, "rollup", rollup.method, number), member


def _input_links(workspace: Workspace, node: Node) -> Iterator[Link]:
    if not isinstance(node, Kpi) or not node.model.formula:
        return
    try:
        names = formula.parse(node.model.formula).names
    except formula.FormulaError:
        return
    for name in names:
        if name.id in workspace.kpis:
            yield (*node.route, "formula"), workspace.kpis[name.id]


def _cycle_findings(nodes: Iterable[Node], links: Links, what: str) -> Iterator[Finding]:
    """One finding for each ring, at its first member by path and place."""
    seen: set[frozenset[int]] = set()
    for ring in _find_cycles(nodes, links):
        members = frozenset(id(node) for _, node in ring)
        if members in seen:
            continue
        seen.add(members)
        start = min(range(len(ring)), key=lambda number: (ring[number][1].file.path, ring[number][0]))
        ring = [*ring[start:], *ring[:start]]
        route, first = ring[0]
        message = f"these {what} run in a ring: {' -> '.join(node.ref for _, node in (*ring, ring[0]))}"
        related = tuple((node.file, route, f"and on from '{node.ref}'") for route, node in ring[1:])
        yield Finding(route, message, "cut it at one of its members", related=related, ref=first.ref, file=first.file)


def _find_cycles(nodes: Iterable[Node], links: Links) -> Iterator[list[Link]]:
    """The rings that a search in depth runs into, each member with the route of its link to the next.

    Time is linear in nodes and links, since no node is entered twice.
    """
    done: set[int] = set()
    for root in nodes:
        if id(root) in done:
            continue
        path, place = [root], {id(root): 0}
        taken: list[Route] = []
        waiting = [iter(links(root))]
        while waiting:
            route, node = next(waiting[-1], ((), None))
            if node is None:
                waiting.pop()
                left = path.pop()
                del place[id(left)]
                done.add(id(left))
                del taken[-1:]
            elif id(node) in place:
                first = place[id(node)]
                yield list(zip([*taken[first:], route], path[first:], strict=True))
            elif id(node) not in done:
                place[id(node)] = len(path)
                path.append(node)
                taken.append(route)
                waiting.append(iter(links(node)))


RULE = Rule(code="OKR103", name="reference-cycle", severity="error", check_workspace=check_workspace)
