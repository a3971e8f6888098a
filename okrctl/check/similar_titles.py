"""Finds objectives of a period, and key results of a period, that have nearly the same title."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TypeVar

from okrctl.text import similarity
from okrctl.workspace import File, KeyResult, NodePosition, Objective, Workspace

Title = tuple[int, int, str]  # index of the objective, index of the key result or -1 for the objective itself, title
OBJECTIVE_ITSELF = -1
ComparedNode = TypeVar("ComparedNode", Objective, KeyResult)


def titles_of_file(file: File) -> list[Title]:
    """The titles to compare: those of active objectives, and of active key results that are not guardrails."""
    titles = []
    for index, node in enumerate(file.nodes):
        if isinstance(node, Objective):
            if node.model.title and node.is_active:
                titles.append((index, OBJECTIVE_ITSELF, node.model.title))
            titles += [
                (index, inner_index, key_result.model.title)
                for inner_index, key_result in enumerate(node.key_results) if _is_compared(key_result)
            ]  # fmt: skip
    return titles


def _is_compared(key_result: KeyResult) -> bool:
    is_complete = key_result.is_measured and key_result.model.title and not key_result.is_guardrail
    return bool(is_complete) and key_result.is_active and not key_result.file.is_broken_at(key_result.route)


def titles_by_period(files: Iterable[tuple[str, str, Sequence[Title]]]) -> dict[str, list[tuple[str, Sequence[Title]]]]:
    """The (path, titles) of each period, from (period, path, titles) in the order of paths."""
    periods: dict[str, list[tuple[str, Sequence[Title]]]] = {}
    for period, path, titles in files:
        periods.setdefault(period, []).append((path, titles))
    return periods


def similar_places(files: Iterable[tuple[str, Sequence[Title]]]) -> list[tuple[NodePosition, NodePosition]]:
    """(later, earlier) for similar titles of one period; objectives are compared with objectives only."""
    objectives: list[tuple[NodePosition, str]] = []
    key_results: list[tuple[NodePosition, str]] = []
    for path, titles in files:
        for index, inner_index, title in titles:
            nodes = objectives if inner_index == OBJECTIVE_ITSELF else key_results
            nodes.append(((path, index, inner_index), title))
    return [
        (nodes[later][0], nodes[earlier][0])
        for nodes in (objectives, key_results)
        for later, earlier in similarity.similar_pairs([title for _, title in nodes])
    ]


def similar_nodes(workspace: Workspace, kind: type[ComparedNode]) -> Iterator[tuple[ComparedNode, ComparedNode]]:
    """(later, earlier) for objectives, or key results, of one period with similar titles."""
    if workspace.similar_titles is None:
        periods = titles_by_period(
            (file.period.id, file.path, titles_of_file(file)) for file in workspace.files if file.period
        )
        workspace.similar_titles = [pair for titles in periods.values() for pair in similar_places(titles)]
    files = {file.path: file for file in workspace.files}
    for later, earlier in workspace.similar_titles:
        later_node, earlier_node = _node_at(files, later), _node_at(files, earlier)
        if isinstance(later_node, kind) and isinstance(earlier_node, kind):
            yield later_node, earlier_node


def _node_at(files: Mapping[str, File], position: NodePosition) -> Objective | KeyResult | None:
    path, index, inner_index = position
    node = files[path].nodes[index] if path in files else None
    assert node is None or isinstance(node, Objective)
    return node if node is None or inner_index == OBJECTIVE_ITSELF else node.key_results[inner_index]
