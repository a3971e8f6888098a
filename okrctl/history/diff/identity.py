"""The same goal or KPI in two states of a workspace: the only place that decides this, for diff, baseline and log.

A goal keeps its identity while its id stays the same in its period, team and objective, when it is renamed and says so
(`formerly`), and when it moves to another file, team or objective.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from typing import NamedTuple, TypeVar

from okrctl.workspace import KeyResult, Kpi, Objective, Workspace

T = TypeVar("T", Objective, KeyResult, Kpi)
KeyFunction = Callable[[T], Hashable | None]
ObjectivePairs = list[tuple[Objective | None, Objective | None]]
KeyResultPairs = list[tuple[KeyResult | None, KeyResult | None]]
KpiPairs = list[tuple[Kpi | None, Kpi | None]]


class NodePairs(NamedTuple):
    """Each node of two states as a pair (old, new); old is None for an added node, new for a removed one."""

    objectives: ObjectivePairs
    key_results: KeyResultPairs
    kpis: KpiPairs


def pair_nodes(old: Workspace, new: Workspace) -> NodePairs:
    """The pairs of all nodes, in the order of the new state; removed nodes come last."""
    objectives, key_results = pair_goals(old.objectives, new.objectives)
    return NodePairs(objectives, key_results, pair_kpis(old.kpi_nodes, new.kpi_nodes))


def pair_goals(old: Sequence[Objective], new: Sequence[Objective]) -> tuple[ObjectivePairs, KeyResultPairs]:
    """The pairs of objectives and of their key results.

    Objectives match by period, team and id, then by `formerly`, then in another team. Key results match within their
    objective by id, then by `formerly`, then in another objective of the period by id and title.
    """
    objectives = _match(
        old,
        new,
        (lambda objective: objective.ref, lambda objective: objective.ref),
        (lambda objective: objective.ref, _former_ref),
        (_id_in_period, _id_in_period),
    )
    numbers = {id(after if after else before): number for number, (before, after) in enumerate(objectives)}
    numbers |= {id(before): number for number, (before, _) in enumerate(objectives) if before}

    def id_in_objective(result: KeyResult) -> tuple[int, str]:
        return numbers[id(result.objective)], result.id

    def former_id_in_objective(result: KeyResult) -> tuple[int, str] | None:
        return (numbers[id(result.objective)], result.model.formerly) if result.model.formerly else None

    key_results = _match(
        [result for objective in old for result in objective.key_results],
        [result for objective in new for result in objective.key_results],
        (id_in_objective, id_in_objective),
        (id_in_objective, former_id_in_objective),
        (_id_and_title, _id_and_title),
    )
    return objectives, key_results


def pair_kpis(old: Sequence[Kpi], new: Sequence[Kpi]) -> KpiPairs:
    """The pairs of KPIs, which match by id, then by `formerly`."""
    return _match(
        old, new, (lambda kpi: kpi.id, lambda kpi: kpi.id), (lambda kpi: kpi.id, lambda kpi: kpi.model.formerly)
    )


def find_old(node: Objective | KeyResult | Kpi, old: Workspace, new: Workspace) -> Objective | KeyResult | Kpi | None:
    """What a node of the new state was in the old one; None where it was not there."""
    if isinstance(node, Kpi):
        return next((before for before, after in pair_kpis(old.kpi_nodes, new.kpi_nodes) if after is node), None)
    objectives, key_results = pair_goals(old.objectives, new.objectives)
    pairs = objectives if isinstance(node, Objective) else key_results
    return next((before for before, after in pairs if after is node), None)


def _former_ref(objective: Objective) -> str | None:
    former = objective.model.formerly
    return f"{objective.period.id}/{objective.team}/{former}" if former else None


def _id_in_period(objective: Objective) -> Hashable:
    return objective.period.id, objective.id


def _id_and_title(result: KeyResult) -> Hashable:
    return result.period.id, result.id, result.model.title


def _match(
    old: Iterable[T], new: Iterable[T], *rules: tuple[KeyFunction[T], KeyFunction[T]]
) -> list[tuple[T | None, T | None]]:
    """The pairs in the order of the new nodes, then the unmatched old ones.

    A rule is a key of old nodes and a key of new ones. Each rule matches what the rules before it have left, so that a
    goal that stayed where it was is never taken for one that moved.
    """
    left, matches = list(old), dict[int, T]()
    nodes = list(new)
    for key_of_old, key_of_new in rules:
        by_key: dict[Hashable, list[T]] = {}
        for node in left:
            by_key.setdefault(key_of_old(node), []).append(node)
        for node in nodes:
            key = key_of_new(node) if id(node) not in matches else None
            if key is not None and by_key.get(key):
                matches[id(node)] = by_key[key].pop(0)
        taken = {id(node) for node in matches.values()}
        left = [node for node in left if id(node) not in taken]
    return [(matches.get(id(node)), node) for node in nodes] + [(node, None) for node in left]
