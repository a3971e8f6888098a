"""Tells which objectives of a period, and which of its key results, say nearly the same in their titles."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TypeVar

from okrctl.text import similarity
from okrctl.workspace import File, KeyResult, NodePosition, Objective, Workspace

Title = tuple[int, int, str]  # number of the objective, number of the key result or -1 for the objective
OBJECTIVE_ITSELF = -1
ComparedNode = TypeVar("ComparedNode", Objective, KeyResult)


def titles_of_file(file: File) -> list[Title]:
    """The titles that are compared: of active objectives, and of active key results that are no guardrails."""
    found = []
    for number, node in enumerate(file.nodes):
        if isinstance(node, Objective):
            if node.model.title and node.is_active:
                found.append((number, OBJECTIVE_ITSELF, node.model.title))
            found += [(number, place, kr.model.title) for place, kr in enumerate(node.key_results) if _is_compared(kr)]
    return found


def _is_compared(kr: KeyResult) -> bool:
    counted = kr.is_active and kr.measure and kr.model.title and not kr.is_guardrail
    return bool(counted) and not kr.file.is_broken_at(kr.route)


def titles_by_period(found: Iterable[tuple[str, str, Sequence[Title]]]) -> dict[str, list[tuple[str, Sequence[Title]]]]:
    """The titles of each period by path, out of (period, path, titles) in order of path."""
    periods: dict[str, list[tuple[str, Sequence[Title]]]] = {}
    for period, path, several in found:
        periods.setdefault(period, []).append((path, several))
    return periods


def similar_places(found: Iterable[tuple[str, Sequence[Title]]]) -> list[tuple[NodePosition, NodePosition]]:
    """(later, earlier) for titles of one period that are alike, objectives with objectives only."""
    objectives: list[tuple[NodePosition, str]] = []
    results: list[tuple[NodePosition, str]] = []
    for path, several in found:
        for number, inner, title in several:
            (objectives if inner == OBJECTIVE_ITSELF else results).append(((path, number, inner), title))
    return [
        (kind[later][0], kind[earlier][0])
        for kind in (objectives, results)
        for later, earlier in similarity.similar_pairs([title for _, title in kind])
    ]


def similar_nodes(workspace: Workspace, kind: type[ComparedNode]) -> Iterator[tuple[ComparedNode, ComparedNode]]:
    """(later, earlier) for objectives, or for key results, of one period that are alike."""
    if workspace.similar_titles is None:
        found = titles_by_period(
            (file.period.id, file.path, titles_of_file(file)) for file in workspace.files if file.period
        )
        workspace.similar_titles = [pair for several in found.values() for pair in similar_places(several)]
    files = {file.path: file for file in workspace.files}
    for later, earlier in workspace.similar_titles:
        one, other = _node_at(files, later), _node_at(files, earlier)
        if isinstance(one, kind) and isinstance(other, kind):
            yield one, other


def _node_at(files: Mapping[str, File], place: NodePosition) -> Objective | KeyResult | None:
    path, number, inner = place
    node = files[path].nodes[number] if path in files else None
    assert node is None or isinstance(node, Objective)
    return node if node is None or inner == OBJECTIVE_ITSELF else node.key_results[inner]
