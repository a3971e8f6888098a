"""Finds parents, rollups and formulas that form a cycle.

If objective A supports B and B supports A, neither has a reason of its own. A value that is computed from itself has no
value. The message lists every member of the cycle.

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
    """The cycles of parents, rollups and formulas, each reported once."""
    children = [node for node in workspace.objectives if node.model.parent]
    yield from _cycle_findings(children, lambda node: _parent_link(workspace, node), "parents")
    rollups = [node for node in workspace.key_results if getattr(node.model, "rollup", None)]
    yield from _cycle_findings(rollups, lambda node: _member_links(workspace, node), "rollups")
    computed = [node for node in workspace.kpi_nodes if node.model.formula]
    yield from _cycle_findings(computed, lambda node: _input_links(workspace, node), "formulas")


def _parent_link(workspace: Workspace, node: Node) -> Iterator[Link]:
    if isinstance(node, Objective) and node.model.parent:
        parent = workspace.resolve(node.model.parent, node)
        if parent is not None:
            yield (*node.route, "parent"), parent.objective if isinstance(parent, KeyResult) else parent


def _member_links(workspace: Workspace, node: Node) -> Iterator[Link]:
    rollup = getattr(node.model, "rollup", None)
    if isinstance(node, KeyResult) and rollup is not None:
        for index, text in enumerate(rollup.members):
            member = workspace.resolve(text, node.objective)
            if isinstance(member, KeyResult):
                yield (*node.route, "rollup", rollup.method, index), member


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


def _cycle_findings(nodes: Iterable[Node], links: Links, kind: str) -> Iterator[Finding]:
    """One finding for each cycle, at its first member by path and route."""
    seen: set[frozenset[int]] = set()
    for cycle in _find_cycles(nodes, links):
        members = frozenset(id(node) for _, node in cycle)
        if members in seen:
            continue
        seen.add(members)
        start = min(range(len(cycle)), key=lambda index: (cycle[index][1].file.path, cycle[index][0]))
        cycle = [*cycle[start:], *cycle[:start]]
        route, first = cycle[0]
        message = f"these {kind} form a cycle: {' -> '.join(node.ref for _, node in (*cycle, cycle[0]))}"
        related = tuple((node.file, route, f"next from '{node.ref}'") for route, node in cycle[1:])
        yield Finding(route, message, "remove one of these references", related=related, ref=first.ref, file=first.file)


def _find_cycles(nodes: Iterable[Node], links: Links) -> Iterator[list[Link]]:
    """The cycles that a depth-first search finds, each member with the route of its link to the next.

    The time is linear in nodes and links, because no node is entered twice.
    """
    done: set[int] = set()
    for root in nodes:
        if id(root) in done:
            continue
        path, position = [root], {id(root): 0}
        taken: list[Route] = []
        link_iterators = [iter(links(root))]
        while link_iterators:
            route, node = next(link_iterators[-1], ((), None))
            if node is None:
                link_iterators.pop()
                finished = path.pop()
                del position[id(finished)]
                done.add(id(finished))
                del taken[-1:]
            elif id(node) in position:
                first = position[id(node)]
                yield list(zip([*taken[first:], route], path[first:], strict=True))
            elif id(node) not in done:
                position[id(node)] = len(path)
                path.append(node)
                taken.append(route)
                link_iterators.append(iter(links(node)))


RULE = Rule(code="OKR103", name="reference-cycle", severity="error", check_workspace=check_workspace)
