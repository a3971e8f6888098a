"""Tells which objectives of a period, and which of its key results, say nearly the same in their titles."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TypeVar

from okrctl.check.subjects import is_active
from okrctl.text import similarity
from okrctl.workspace import File, KeyResult, Objective, Place, Workspace

Title = tuple[int, int, str]  # number of the objective, number of the key result or -1 for the objective
OF_OBJECTIVE = -1
Compared = TypeVar("Compared", Objective, KeyResult)


def titles(file: File) -> list[Title]:
    """The titles that are compared: of active objectives, and of active key results that are no guardrails."""
    found = []
    for number, node in enumerate(file.nodes):
        if isinstance(node, Objective):
            if node.model.title and is_active(node):
                found.append((number, OF_OBJECTIVE, node.model.title))
            found += [(number, place, kr.model.title) for place, kr in enumerate(node.key_results) if _compared(kr)]
    return found


def _compared(kr: KeyResult) -> bool:
    counted = is_active(kr) and kr.measure and kr.model.title and not kr.guardrail
    return bool(counted) and not kr.file.broken_at(kr.route)


def by_period(found: Iterable[tuple[str, str, Sequence[Title]]]) -> dict[str, list[tuple[str, Sequence[Title]]]]:
    """The titles of each period by path, out of (period, path, titles) in order of path."""
    periods: dict[str, list[tuple[str, Sequence[Title]]]] = {}
    for period, path, several in found:
        periods.setdefault(period, []).append((path, several))
    return periods


def pairs(found: Iterable[tuple[str, Sequence[Title]]]) -> list[tuple[Place, Place]]:
    """(later, earlier) for titles of one period that are alike, objectives with objectives only."""
    objectives: list[tuple[Place, str]] = []
    results: list[tuple[Place, str]] = []
    for path, several in found:
        for number, inner, title in several:
            (objectives if inner == OF_OBJECTIVE else results).append(((path, number, inner), title))
    return [
        (kind[later][0], kind[earlier][0])
        for kind in (objectives, results)
        for later, earlier in similarity.pairs([title for _, title in kind])
    ]


def nodes(workspace: Workspace, kind: type[Compared]) -> Iterator[tuple[Compared, Compared]]:
    """(later, earlier) for objectives, or for key results, of one period that are alike."""
    if workspace.alike is None:
        found = by_period((file.period.id, file.path, titles(file)) for file in workspace.files if file.period)
        workspace.alike = [pair for several in found.values() for pair in pairs(several)]
    files = {file.path: file for file in workspace.files}
    for later, earlier in workspace.alike:
        one, other = _at(files, later), _at(files, earlier)
        if isinstance(one, kind) and isinstance(other, kind):
            yield one, other


def _at(files: Mapping[str, File], place: Place) -> Objective | KeyResult | None:
    path, number, inner = place
    node = files[path].nodes[number] if path in files else None
    assert node is None or isinstance(node, Objective)
    return node if node is None or inner == OF_OBJECTIVE else node.key_results[inner]
