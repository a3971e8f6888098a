"""Finds the node of a reference on the command line, which may be the end of a full reference."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from datetime import date
from functools import cached_property
from itertools import chain
from typing import NamedTuple

from okrctl.values import period, suggestions
from okrctl.values.errors import AmbiguousError, NotFoundError, OkrctlError
from okrctl.values.period import selection
from okrctl.workspace import KeyResult, Kpi, Node, Objective, Workspace

MAX_LISTED = 8
NodeKinds = tuple[type[Objective] | type[KeyResult] | type[Kpi], ...]
ALL_KINDS: NodeKinds = (Objective, KeyResult, Kpi)
_SEPARATOR = re.compile(r"[/.]")


def find_node(workspace: Workspace, reference: str, today: date, kinds: NodeKinds = ALL_KINDS) -> Node:
    """The only node whose full reference ends in the given one. Raises OkrctlError if there is none, or several.

    If several match, those of a current period win. The period may be a short one: `Q2/trust/brand`.
    """
    nodes = [node for node in all_nodes(workspace) if isinstance(node, kinds)]
    reference = reference.strip()
    matches = _matching_nodes(workspace, nodes, reference, today)
    if len(matches) > 1:
        matches = [node for node in matches if _is_running(node, today)] or matches
    if len(matches) == 1:
        return matches[0]
    raise _ambiguous_error(reference, matches) if matches else _unknown_error(reference, nodes)


def _matching_nodes(workspace: Workspace, nodes: list[Node], reference: str, today: date) -> list[Node]:
    exact = [node for node in nodes if node.ref == reference]
    by_ending = exact or [node for node in nodes if matches_ending(node.ref, reference)]
    return by_ending or _nodes_in_period(workspace, nodes, reference, today)


def all_nodes(workspace: Workspace) -> Iterator[Node]:
    """All objectives, key results and KPIs."""
    for objective in workspace.objectives:
        yield objective
        yield from objective.key_results
    yield from workspace.kpi_nodes


def matches_ending(ref: str, ending: str) -> bool:
    """Whether a full reference ends in the given one, which must start where a part of the full one starts."""
    if not ending or not ref.endswith(ending):
        return False
    return len(ref) == len(ending) or ref[-len(ending) - 1] in "/."


def ref_endings(ref: str) -> list[str]:
    """All endings of a full reference that can be used in its place, the shortest first."""
    endings = [ref[separator.end() :] for separator in _SEPARATOR.finditer(ref)]
    endings.reverse()
    endings.append(ref)
    return endings


class ShortestUniqueRef:
    """The shortest ending of each reference that has only one match; counted when the first is asked for."""

    def __init__(self, workspace: Workspace, today: date) -> None:
        self._workspace = workspace
        self._today = today

    @cached_property
    def _counts(self) -> _EndingCounts:
        refs = [(node.ref, _is_running(node, self._today)) for node in all_nodes(self._workspace)]
        return _EndingCounts(
            Counter(chain.from_iterable(ref_endings(ref) for ref, _ in refs)),
            Counter(chain.from_iterable(ref_endings(ref) for ref, is_running in refs if is_running)),
            {ref for ref, _ in refs},
        )

    def __call__(self, node: Node) -> str:
        """The shortest reference to a node."""
        is_running, counts = _is_running(node, self._today), self._counts
        for ending in ref_endings(node.ref):
            is_unique = counts.all[ending] == 1 or (is_running and counts.running[ending] == 1)
            if is_unique and (ending == node.ref or ending not in counts.full_refs):
                return ending
        return node.ref


class _EndingCounts(NamedTuple):
    """How many nodes have each ending, of all and of those of running periods, and all full references."""

    all: Counter[str]
    running: Counter[str]
    full_refs: set[str]


def _is_running(node: Node, today: date) -> bool:
    return not isinstance(node, Kpi) and node.period.runs_on(today)


def _nodes_in_period(workspace: Workspace, nodes: list[Node], reference: str, today: date) -> list[Node]:
    """The nodes of a reference whose period is a short one, such as `Q2`."""
    words, _, rest = reference.partition("/")
    if rest.count("/") != 1:
        return []
    try:
        found = selection.find_period(words, workspace.periods, today, workspace.config.fiscal)
    except period.PeriodError:
        return []
    return [node for node in nodes if node.ref == f"{found.id}/{rest}"]


def _ambiguous_error(reference: str, matches: list[Node]) -> OkrctlError:
    refs = ", ".join(node.ref for node in matches[:MAX_LISTED])
    more = f" and {len(matches) - MAX_LISTED} more" if len(matches) > MAX_LISTED else ""
    return AmbiguousError(
        f"'{reference}' is ambiguous: {refs}{more}",
        "write the full reference, such as PERIOD/TEAM/OBJECTIVE.KEY_RESULT",
    )


def _unknown_error(reference: str, nodes: list[Node]) -> OkrctlError:
    names = dict.fromkeys(name for node in nodes for name in (node.ref, node.id))
    question = suggestions.did_you_mean(suggestions.find_closest(reference, names))
    hint = (
        "write PERIOD/TEAM/OBJECTIVE.KEY_RESULT or the end of it; `okrctl score --ids` and `okrctl kpi --ids` list them"
    )
    return NotFoundError(f"no objective, key result or KPI is called '{reference}'{question}", hint)
