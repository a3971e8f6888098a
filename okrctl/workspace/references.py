"""Finds what a person means by a reference on the command line, where the end of a name will do."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from datetime import date

from okrctl.values import period, suggestions
from okrctl.values.errors import OkrctlError
from okrctl.values.period import selection
from okrctl.workspace import KeyResult, Kpi, Node, Objective, Workspace

MAX_LISTED = 8
NodeKinds = tuple[type[Objective] | type[KeyResult] | type[Kpi], ...]
ALL_KINDS: NodeKinds = (Objective, KeyResult, Kpi)


def find_node(workspace: Workspace, words: str, today: date, kinds: NodeKinds = ALL_KINDS) -> Node:
    """The one thing whose full name ends in these words; OkrctlError where there is none or where there are several.

    Where several fit, those of a running period win. The period may be given as on the command line: `Q2/trust/brand`.
    """
    things = [node for node in all_nodes(workspace) if isinstance(node, kinds)]
    wanted = words.strip()
    fits = [node for node in things if node.ref == wanted] or [
        node for node in things if matches_ending(node.ref, wanted)
    ]
    fits = fits or _nodes_in_period(workspace, things, wanted, today)
    if len(fits) > 1:
        fits = [node for node in fits if _is_running(node, today)] or fits
    if len(fits) == 1:
        return fits[0]
    raise _ambiguous_error(wanted, fits) if fits else _unknown_error(wanted, things)


def all_nodes(workspace: Workspace) -> Iterator[Node]:
    """All objectives, key results and KPIs."""
    for objective in workspace.objectives:
        yield objective
        yield from objective.key_results
    yield from workspace.kpi_nodes


def matches_ending(ref: str, wanted: str) -> bool:
    """Whether a full name ends in these words, which begin where a part of the name does."""
    if not wanted or not ref.endswith(wanted):
        return False
    return len(ref) == len(wanted) or ref[-len(wanted) - 1] in "/."


def ref_endings(ref: str) -> list[str]:
    """Every ending of a full name that can stand for it, the shortest first."""
    starts = [found.end() for found in re.finditer(r"[/.]", ref)]
    return [*(ref[start:] for start in reversed(starts)), ref]


class ShortestUniqueRef:
    """The shortest ending of each name that means just one thing, to be typed back."""

    def __init__(self, workspace: Workspace, today: date) -> None:
        self._today = today
        self._all: Counter[str] = Counter()
        self._running: Counter[str] = Counter()
        self._whole = {node.ref for node in all_nodes(workspace)}
        for node in all_nodes(workspace):
            ends = ref_endings(node.ref)
            self._all.update(ends)
            if _is_running(node, today):
                self._running.update(ends)

    def __call__(self, node: Node) -> str:
        """What to type for a thing."""
        runs = _is_running(node, self._today)
        for words in ref_endings(node.ref):
            alone = self._all[words] == 1 or (runs and self._running[words] == 1)
            if alone and (words == node.ref or words not in self._whole):
                return words
        return node.ref


def _is_running(node: Node, today: date) -> bool:
    return not isinstance(node, Kpi) and node.period.runs_on(today)


def _nodes_in_period(workspace: Workspace, things: list[Node], wanted: str, today: date) -> list[Node]:
    name, _, rest = wanted.partition("/")
    if rest.count("/") != 1:
        return []
    try:
        found = selection.find_period(name, workspace.periods, today, workspace.config.fiscal)
    except period.PeriodError:
        return []
    return [node for node in things if node.ref == f"{found.id}/{rest}"]


def _ambiguous_error(wanted: str, fits: list[Node]) -> OkrctlError:
    listed = ", ".join(node.ref for node in fits[:MAX_LISTED])
    more = f" and {len(fits) - MAX_LISTED} more" if len(fits) > MAX_LISTED else ""
    return OkrctlError(f"'{wanted}' fits several: {listed}{more}", "write as much of the name as tells them apart")


def _unknown_error(wanted: str, things: list[Node]) -> OkrctlError:
    names = dict.fromkeys(name for node in things for name in (node.ref, node.id))
    guess = suggestions.did_you_mean(suggestions.find_closest(wanted, names))
    hint = "names are PERIOD/TEAM/OBJECTIVE.KEY_RESULT or any ending of that; `okrctl tree` lists them"
    return OkrctlError(f"there is no '{wanted}'{guess}", hint)
