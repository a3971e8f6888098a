"""The same goal or KPI in two states of a workspace: the only place that decides this, for diff, baseline and log.

A goal keeps its identity while its id stays the same in its period, team and objective, when it is renamed and says so
(`formerly`), and when it moves to another file, team or objective. Without `formerly` a removed and an added goal are
one where their titles and measures are equal, they share a reading or have none, and no third goal fits. What the
commits between the two states say comes first (`history.lineage`). Goals of two teams that only have the same id are
never the same.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from typing import Generic, NamedTuple, TypeVar

from okrctl.history.diff.traits import GoalTraits, fold_title
from okrctl.workspace import KeyResult, Kpi, Objective, Workspace

T = TypeVar("T", Objective, KeyResult, Kpi)
KeyFunction = Callable[[T], Hashable | None]
ObjectivePairs = list[tuple[Objective | None, Objective | None]]
KeyResultPairs = list[tuple[KeyResult | None, KeyResult | None]]
KpiPairs = list[tuple[Kpi | None, Kpi | None]]

# The references that a goal of an old state has had since, by its reference there.
LaterRefs = Mapping[str, frozenset[str]]
NO_LATER_REFS: LaterRefs = {}


class Rule(NamedTuple, Generic[T]):
    """When an old node and a new one are the same: their keys are equal, and both suit each other."""

    key_of_old: KeyFunction[T]
    key_of_new: KeyFunction[T]
    suits: Callable[[T, T], bool] = lambda old, new: True
    is_only_if_unique: bool = False  # where several fit, none is taken


class NodePairs(NamedTuple):
    """Each node of two states as a pair (old, new); old is None for an added node, new for a removed one."""

    objectives: ObjectivePairs
    key_results: KeyResultPairs
    kpis: KpiPairs


def pair_nodes(old: Workspace, new: Workspace, later: LaterRefs = NO_LATER_REFS) -> NodePairs:
    """The pairs of all nodes, in the order of the new state; removed nodes come last."""
    objectives, key_results = pair_goals(old.objectives, new.objectives, later)
    return NodePairs(objectives, key_results, pair_kpis(old.kpi_nodes, new.kpi_nodes))


def pair_goals(
    old: Sequence[Objective], new: Sequence[Objective], later: LaterRefs = NO_LATER_REFS
) -> tuple[ObjectivePairs, KeyResultPairs]:
    """The pairs of objectives and of their key results.

    Objectives match by what is known of their later references, then by `formerly` where the old state does not have
    the new id, then by period, team and id, then in another team by id and title, then by title. Key results match
    within their objective alike, then in another objective of the period by id and title, then by title and measure.
    What moves to another team takes its readings with it.
    """
    refs = {objective.ref for objective in old} | {result.ref for result in _key_results(old)}
    by_later_ref = {name: ref for ref, names in later.items() if ref in refs for name in names}

    def known_ref(goal: Objective | KeyResult) -> str | None:
        return by_later_ref.get(goal.ref)

    objectives = _match(
        old,
        new,
        Rule(_ref, known_ref),
        Rule(_ref, lambda objective: None if objective.ref in refs else _former_ref(objective)),
        Rule(_ref, _ref),
        Rule(_id_and_title, _id_and_title, _may_have_moved),
        Rule(_team_and_title, _team_and_title, _are_one, is_only_if_unique=True),
    )
    numbers = {id(node): number for number, pair in enumerate(objectives) for node in pair if node is not None}
    return objectives, _pair_key_results(_key_results(old), _key_results(new), numbers, known_ref)


def _key_results(objectives: Sequence[Objective]) -> list[KeyResult]:
    return [result for objective in objectives for result in objective.key_results]


def _pair_key_results(
    old: list[KeyResult], new: list[KeyResult], numbers: Mapping[int, int], known_ref: KeyFunction[KeyResult]
) -> KeyResultPairs:
    """The pairs of key results; `numbers` are those of the pair of an objective, by its identity."""
    old_ids = {(numbers[id(result.objective)], result.id) for result in old}

    def id_in_objective(result: KeyResult) -> tuple[int, str]:
        return numbers[id(result.objective)], result.id

    def former_id_in_objective(result: KeyResult) -> tuple[int, str] | None:
        is_added = id_in_objective(result) not in old_ids
        return (numbers[id(result.objective)], result.model.formerly) if result.model.formerly and is_added else None

    return _match(
        old,
        new,
        Rule(_ref, known_ref),
        Rule(id_in_objective, former_id_in_objective),
        Rule(id_in_objective, id_in_objective),
        Rule(_id_and_title, _id_and_title, _is_same_team_or_readings),
        Rule(_title_and_measure, _title_and_measure, _has_same_readings, is_only_if_unique=True),
    )


def pair_kpis(old: Sequence[Kpi], new: Sequence[Kpi]) -> KpiPairs:
    """The pairs of KPIs, which match by id, then by `formerly`."""
    return _match(
        old, new, Rule(lambda kpi: kpi.id, lambda kpi: kpi.id), Rule(lambda kpi: kpi.id, lambda kpi: kpi.model.formerly)
    )


def find_old(node: Objective | KeyResult | Kpi, old: Workspace, new: Workspace) -> Objective | KeyResult | Kpi | None:
    """What a node of the new state was in the old one; None where it was not there."""
    if isinstance(node, Kpi):
        return next((before for before, after in pair_kpis(old.kpi_nodes, new.kpi_nodes) if after is node), None)
    objectives, key_results = pair_goals(old.objectives, new.objectives)
    pairs = objectives if isinstance(node, Objective) else key_results
    return next((before for before, after in pairs if after is node), None)


def _ref(goal: Objective | KeyResult) -> str:
    return goal.ref


def _former_ref(objective: Objective) -> str | None:
    former = objective.model.formerly
    return f"{objective.period.id}/{objective.team}/{former}" if former else None


def _id_and_title(goal: Objective | KeyResult) -> Hashable:
    return goal.period.id, goal.id, goal.model.title


def _team_and_title(objective: Objective) -> Hashable | None:
    title = fold_title(objective.model.title)
    return (objective.period.id, objective.team, title) if title else None


def _title_and_measure(result: KeyResult) -> Hashable | None:
    title = fold_title(result.model.title)
    return (result.period.id, title, result.measure.family) if title and result.measure else None


def traits_of(goal: Objective | KeyResult) -> GoalTraits:
    """The traits of an objective or key result."""
    title = fold_title(goal.model.title)
    if isinstance(goal, Objective):
        return GoalTraits(title, None, frozenset(), tuple(traits_of(result) for result in goal.key_results))
    readings = ((reading.day, reading.value.number) for reading in goal.readings if reading.value is not None)
    return GoalTraits(title, goal.measure.family if goal.measure else None, frozenset(readings))


def _are_one(old: Objective, new: Objective) -> bool:
    return traits_of(old).is_same_as(traits_of(new))


def _has_same_readings(old: KeyResult, new: KeyResult) -> bool:
    """Whether two key results have an equal reading, or no readings at all in one team."""
    first, second = traits_of(old), traits_of(new)
    is_without = not first.has_readings and not second.has_readings
    return first.is_same_as(second) and (old.objective.team == new.objective.team or not is_without)


def _may_have_moved(old: Objective, new: Objective) -> bool:
    """Whether no key result of an objective has readings in both teams without a common one."""
    former = {result.id: result for result in old.key_results}
    pairs = [(former[result.id], result) for result in new.key_results if result.id in former]
    return all(_have_common_reading(*pair) for pair in pairs if all(result.readings for result in pair))


def _is_same_team_or_readings(old: KeyResult, new: KeyResult) -> bool:
    """Whether a key result moved inside its team, or took its readings to another one."""
    return old.objective.team == new.objective.team or traits_of(old).shares_readings_with(traits_of(new))


def _have_common_reading(old: KeyResult, new: KeyResult) -> bool:
    return bool(traits_of(old).readings & traits_of(new).readings)


def _match(old: Iterable[T], new: Iterable[T], *rules: Rule[T]) -> list[tuple[T | None, T | None]]:
    """The pairs in the order of the new nodes, then the unmatched old ones.

    Each rule matches what the rules before it have left, so that a
    goal that stayed where it was is never taken for one that moved.
    """
    left, matches = list(old), dict[int, T]()
    nodes = list(new)
    for rule in rules:
        _apply_rule(rule, left, [node for node in nodes if id(node) not in matches], matches)
        taken = {id(node) for node in matches.values()}
        left = [node for node in left if id(node) not in taken]
    return [(matches.get(id(node)), node) for node in nodes] + [(node, None) for node in left]


def _apply_rule(rule: Rule[T], old: Iterable[T], new: Iterable[T], matches: dict[int, T]) -> None:
    """Add to the matches, by the identity of the new node, what a rule finds."""
    by_key: dict[Hashable, list[T]] = {}
    for node in old:
        by_key.setdefault(rule.key_of_old(node), []).append(node)
    keys = [(node, key) for node in new if (key := rule.key_of_new(node)) is not None and key in by_key]
    rivals = Counter(key for _, key in keys)
    for node, key in keys:
        candidates = by_key[key]
        is_tie = rule.is_only_if_unique and max(rivals[key], len(candidates)) > 1
        match = None if is_tie else next((before for before in candidates if rule.suits(before, node)), None)
        if match is not None:
            matches[id(node)] = match
            candidates.remove(match)
