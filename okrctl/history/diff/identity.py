"""The same goal or KPI in two states: the only place that decides this, for diff, baseline, log, merge and seals.

A goal keeps its identity while its id stays the same in its period, team and objective, when it is renamed and says so
(`formerly`), and when it moves to another file, team or objective. Without `formerly` a removed and an added goal are
one where their titles and measures are equal, they share a reading or have none, and no third goal fits. What the
commits between the two states say comes first (`history.lineage`). Goals of two teams that only have the same id are
never the same, but those of a team that has another name are: one that has no goals any more where another one, which
had none, has goals with the same ids, of which one has a reading in common or the same title.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from typing import Any, Generic, NamedTuple, TypeVar

from okrctl.history.diff.traits import DataGoal, GoalTraits, fold_title
from okrctl.workspace import KeyResult, Kpi, Objective, Workspace

T = TypeVar("T")
KeyFunction = Callable[[T], Hashable | None]
Pairs = list[tuple[T | None, T | None]]
ObjectivePairs = Pairs[Objective]
KeyResultPairs = Pairs[KeyResult]
KpiPairs = Pairs[Kpi]
Goal = Any  # an objective or a key result, as a node or a DataGoal

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
    the new id, then by period, team and id, then by id where their team has another name, then in another team by id
    and title, or by `formerly`, then by title. Key results match within their objective alike, then in another
    objective of the period by id and title, or by `formerly`, then by title and measure. What moves to another team
    takes its readings with it.
    """
    return _pair_goals(old, new, later)


def pair_data_goals(
    old: Sequence[DataGoal], new: Sequence[DataGoal], later: LaterRefs = NO_LATER_REFS
) -> tuple[Pairs[DataGoal], Pairs[DataGoal]]:
    """The pairs of objectives and of their key results that are no nodes, as `pair_goals` pairs nodes."""
    return _pair_goals(old, new, later)


def _pair_goals(old: Sequence[Goal], new: Sequence[Goal], later: LaterRefs) -> tuple[Pairs[Goal], Pairs[Goal]]:
    if not later and _names(old) == _names(new):  # as after most edits: all rules would match each goal with itself
        return list(zip(old, new, strict=True)), list(zip(_key_results(old), _key_results(new), strict=True))
    return _match_goals(old, new, later)


def _match_goals(old: Sequence[Goal], new: Sequence[Goal], later: LaterRefs) -> tuple[Pairs[Goal], Pairs[Goal]]:
    refs = {objective.ref for objective in old} | {result.ref for result in _key_results(old)}
    by_later_ref = {name: ref for ref, names in later.items() if ref in refs for name in names}

    def known_ref(goal: Goal) -> str | None:
        return by_later_ref.get(goal.ref)

    def former_id(objective: Goal) -> Hashable | None:
        former = objective.model.formerly
        return (objective.period.id, former) if former and objective.ref not in refs else None

    renamed: dict[tuple[str, str], str] = {}
    if any(objective.ref not in refs for objective in new):
        renamed = _renamed_teams(old, new)
    objectives = _match(
        old,
        new,
        Rule(_ref, known_ref),
        Rule(_ref, lambda objective: None if objective.ref in refs else _former_ref(objective)),
        Rule(_ref, _ref),
        Rule(lambda objective: _ref_in_renamed_team(objective, renamed), _ref),
        Rule(_id_and_title, _id_and_title, _may_have_moved),
        Rule(lambda goal: (goal.period.id, goal.id), former_id, _may_have_moved, is_only_if_unique=True),
        Rule(_team_and_title, _team_and_title, _are_one, is_only_if_unique=True),
    )
    numbers = {id(node): number for number, pair in enumerate(objectives) for node in pair if node is not None}
    return objectives, _pair_key_results(_key_results(old), _key_results(new), numbers, known_ref)


def _names(objectives: Sequence[Goal]) -> list[tuple[str, list[str]]]:
    """The reference of each objective, and the ids of its key results."""
    return [(objective.ref, [result.id for result in objective.key_results]) for objective in objectives]


def _key_results(objectives: Sequence[Goal]) -> list[Goal]:
    return [result for objective in objectives for result in objective.key_results]


def _pair_key_results(
    old: list[Goal], new: list[Goal], numbers: Mapping[int, int], known_ref: KeyFunction[Goal]
) -> Pairs[Goal]:
    """The pairs of key results; `numbers` are those of the pair of an objective, by its identity."""
    old_ids = {(numbers[id(result.objective)], result.id) for result in old}

    def id_in_objective(result: Goal) -> tuple[int, str]:
        return numbers[id(result.objective)], result.id

    def former(result: Goal) -> str | None:
        """The id before, of one that was added under its id; the models of all others need not be made."""
        is_added = id_in_objective(result) not in old_ids
        return (result.model.formerly or None) if is_added else None

    def former_id_in_objective(result: Goal) -> tuple[int, str] | None:
        return (numbers[id(result.objective)], name) if (name := former(result)) else None

    def former_id(result: Goal) -> Hashable | None:
        return (result.period.id, name) if (name := former(result)) else None

    return _match(
        old,
        new,
        Rule(_ref, known_ref),
        Rule(id_in_objective, former_id_in_objective),
        Rule(id_in_objective, id_in_objective),
        Rule(_id_and_title, _id_and_title, _is_same_team_or_readings),
        Rule(
            lambda result: (result.period.id, result.id), former_id, _is_same_team_or_readings, is_only_if_unique=True
        ),
        Rule(_title_and_measure, _title_and_measure, _has_same_readings, is_only_if_unique=True),
    )


def pair_kpis(old: Sequence[Kpi], new: Sequence[Kpi]) -> KpiPairs:
    """The pairs of KPIs, which match by id, then by `formerly`, then by title, with a reading in common or none."""
    return _pair_kpis(old, new)


def pair_data_kpis(old: Sequence[DataGoal], new: Sequence[DataGoal]) -> Pairs[DataGoal]:
    """The pairs of KPIs that are no nodes, as `pair_kpis` pairs nodes."""
    return _pair_kpis(old, new)


def _pair_kpis(old: Sequence[Any], new: Sequence[Any]) -> Pairs[Any]:
    if [kpi.id for kpi in old] == [kpi.id for kpi in new]:
        return list(zip(old, new, strict=True))
    return _match(
        old,
        new,
        Rule(lambda kpi: kpi.id, lambda kpi: kpi.id),
        Rule(lambda kpi: kpi.id, lambda kpi: kpi.model.formerly),
        Rule(_folded_title, _folded_title, _are_one, is_only_if_unique=True),
    )


def new_refs(pairs: NodePairs) -> dict[str, str]:
    """The reference in the new state of each goal of the old one that is still there, by its reference then."""
    goals: list[tuple[Any, Any]] = [*pairs.objectives, *pairs.key_results]
    return {before.ref: after.ref for before, after in goals if before and after}


def find_old(node: Objective | KeyResult | Kpi, old: Workspace, new: Workspace) -> Objective | KeyResult | Kpi | None:
    """What a node of the new state was in the old one; None where it was not there."""
    if isinstance(node, Kpi):
        return next((before for before, after in pair_kpis(old.kpi_nodes, new.kpi_nodes) if after is node), None)
    objectives, key_results = pair_goals(old.objectives, new.objectives)
    pairs: Pairs[Any] = objectives if isinstance(node, Objective) else key_results
    return next((before for before, after in pairs if after is node), None)


def _renamed_teams(old: Sequence[Goal], new: Sequence[Goal]) -> dict[tuple[str, str], str]:
    """The new name of each team of a period that has another one, by period and team.

    Such a team has no goals any more, and the other one had none before. Goals that both have by their ids tell: one
    that has a reading in common, or one with the same title where no other has readings in both teams without a common
    one.
    """
    found: dict[tuple[str, str], set[str]] = {}
    certain, refused = set(), set()
    for former, goal in _namesakes_in_other_teams(old, new):
        period, names = goal.period.id, (former.team, goal.team)
        if _has_common_reading(former, goal):
            certain.add((period, *names))
        elif not _may_have_moved(former, goal):
            refused.add((period, *names))
        elif not _has_same_title(former, goal):
            continue
        found.setdefault((period, former.team), set()).add(goal.team)
    single = {(period, team, *names) for (period, team), names in found.items() if len(names) == 1}
    origins = Counter((period, name) for period, _, name in single)
    is_one = {each for each in single if origins[each[0], each[2]] == 1}
    return {(period, team): name for period, team, name in (is_one - refused) | (is_one & certain)}


def _namesakes_in_other_teams(old: Sequence[Goal], new: Sequence[Goal]) -> Iterator[tuple[Goal, Goal]]:
    """Objectives of one period and id, of a team that has no goals in the new state, and of one without any before."""
    teams_of_old, teams_of_new = ({(goal.period.id, goal.team) for goal in goals} for goals in (old, new))
    gone: dict[tuple[str, str], list[Goal]] = {}
    for goal in old:
        if (goal.period.id, goal.team) not in teams_of_new:
            gone.setdefault((goal.period.id, goal.id), []).append(goal)
    for goal in new if gone else ():
        if (goal.period.id, goal.team) not in teams_of_old:
            yield from ((former, goal) for former in gone.get((goal.period.id, goal.id), ()))


def _has_same_title(old: Goal, new: Goal) -> bool:
    title = fold_title(old.model.title)
    return bool(title) and title == fold_title(new.model.title)


def _has_common_reading(old: Goal, new: Goal) -> bool:
    """Whether two objectives have key results of one id with a reading in common."""
    former = {result.id: result for result in old.key_results}
    return any(_have_common_reading(former[result.id], result) for result in new.key_results if result.id in former)


def _ref_in_renamed_team(objective: Goal, renamed: Mapping[tuple[str, str], str]) -> str | None:
    name = renamed.get((objective.period.id, objective.team))
    return f"{objective.period.id}/{name}/{objective.id}" if name else None


def _ref(goal: Goal) -> str:
    return str(goal.ref)


def _former_ref(objective: Goal) -> str | None:
    former = objective.model.formerly
    return f"{objective.period.id}/{objective.team}/{former}" if former else None


def _id_and_title(goal: Goal) -> Hashable:
    return goal.period.id, goal.id, goal.model.title


def _folded_title(kpi: Any) -> Hashable | None:
    return fold_title(kpi.model.title) or None


def _team_and_title(objective: Goal) -> Hashable | None:
    title = fold_title(objective.model.title)
    return (objective.period.id, objective.team, title) if title else None


def _title_and_measure(result: Goal) -> Hashable | None:
    traits = traits_of(result)
    return (result.period.id, traits.title, traits.measure) if traits.title and traits.measure else None


def traits_of(goal: Goal) -> GoalTraits:
    """The traits of an objective, key result or KPI."""
    if isinstance(goal, DataGoal):
        return goal.traits
    title = fold_title(goal.model.title)
    if isinstance(goal, Objective):
        return GoalTraits(title, None, frozenset(), tuple(traits_of(result) for result in goal.key_results))
    readings = frozenset((reading.day, reading.value.number) for reading in goal.readings if reading.value is not None)
    if isinstance(goal, Kpi):
        return GoalTraits(title, goal.model.formula, readings)
    return GoalTraits(title, goal.measure.family if goal.measure else None, readings)


def _are_one(old: Goal, new: Goal) -> bool:
    return traits_of(old).is_same_as(traits_of(new))


def _has_same_readings(old: Goal, new: Goal) -> bool:
    """Whether two key results have an equal reading, or no readings at all in one team."""
    first, second = traits_of(old), traits_of(new)
    is_without = not first.has_readings and not second.has_readings
    return first.is_same_as(second) and (old.objective.team == new.objective.team or not is_without)


def _may_have_moved(old: Goal, new: Goal) -> bool:
    """Whether no key result of an objective has readings in both teams without a common one."""
    former = {result.id: result for result in old.key_results}
    pairs = [(former[result.id], result) for result in new.key_results if result.id in former]
    return all(_have_common_reading(*pair) for pair in pairs if all(_has_readings(result) for result in pair))


def _has_readings(result: Goal) -> bool:
    return result.traits.has_readings if isinstance(result, DataGoal) else bool(result.readings)


def _is_same_team_or_readings(old: Goal, new: Goal) -> bool:
    """Whether a key result moved inside its team, or took its readings to another one."""
    return old.objective.team == new.objective.team or traits_of(old).shares_readings_with(traits_of(new))


def _have_common_reading(old: Goal, new: Goal) -> bool:
    return bool(traits_of(old).readings & traits_of(new).readings)


def _match(old: Iterable[T], new: Iterable[T], *rules: Rule[T]) -> Pairs[T]:
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


def _apply_rule(rule: Rule[T], old: Iterable[T], new: Sequence[T], matches: dict[int, T]) -> None:
    """Add to the matches, by the identity of the new node, what a rule finds."""
    wanted = [(node, key) for node in new if (key := rule.key_of_new(node)) is not None]
    by_key = _group(old if wanted else (), rule.key_of_old)
    keys = [(node, key) for node, key in wanted if key in by_key]
    rivals = Counter(key for _, key in keys)
    for node, key in keys:
        match = _find_match(rule, by_key[key], node, rivals[key])
        if match is not None:
            matches[id(node)] = match
            by_key[key].remove(match)


def _find_match(rule: Rule[T], candidates: Sequence[T], node: T, rivals: int) -> T | None:
    """The old node that a rule takes for a new one, if any; `rivals` new nodes have the same key."""
    if rule.is_only_if_unique and max(rivals, len(candidates)) > 1:
        return None
    return next((before for before in candidates if rule.suits(before, node)), None)


def _group(nodes: Iterable[T], key: KeyFunction[T]) -> dict[Hashable, list[T]]:
    groups: dict[Hashable, list[T]] = {}
    for node in nodes:
        groups.setdefault(key(node), []).append(node)
    return groups
