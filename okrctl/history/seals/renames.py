"""The goals of a seal that have another id, or belong to another team, in the files of today.

Which goals are the same is decided by `diff.identity`. What is said of the goals of today is then compared under the
names of the seal, so that a rename alone is no difference.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from okrctl.history.diff.identity import NO_LATER_REFS, LaterRefs, pair_data_goals
from okrctl.history.diff.traits import DataGoal, GoalTraits, PeriodName, fold_title
from okrctl.history.seals.seal import Sealed, sealed_period
from okrctl.measures import MEASURES
from okrctl.workspace import KeyResult, Objective, Workspace

Figures = Mapping[str, Any]
NO_KPIS: Mapping[str, str] = {}


class Rename(NamedTuple):
    """A goal, or a whole team, by its name of today and that in the seal."""

    ref: str
    was: str


class SealRenames:
    """The names that the goals, teams and KPIs of today have in a seal, by those of today, where they differ.

    `figures` are those of the period in the workspace of today. `later` is what history knows of the goals of the seal,
    and `kpis` the ids that KPIs had by those that they have.
    """

    def __init__(
        self, sealed: Sealed, figures: Figures, workspace: Workspace, later: LaterRefs = NO_LATER_REFS,
        kpis: Mapping[str, str] = NO_KPIS,
    ) -> None:  # fmt: skip
        self.nodes = {goal.ref: goal for file in workspace.files for goal in file.goals()}
        period, has_readings = sealed_period(sealed).id, _has_readings(sealed)
        old = list(_data_goals(sealed, period, has_readings, {}))
        new = list(_data_goals(figures, period, has_readings, self.nodes))
        objectives, key_results = pair_data_goals(old, new, later)
        pairs = [(after, before) for before, after in (*objectives, *key_results) if before and after]
        self.refs = _other_refs(pairs)
        self.teams = _renamed_teams(pairs, {goal.team for goal in old}, {goal.team for goal in new})
        self.kpis = {**_former_kpis(workspace), **kpis}
        self._known = {result.source for goal in old for result in (goal, *goal.key_results)}
        self._sealed = dict(_goals_by_ref(sealed))
        self._hypotheses = [_hypothesis_key(each) for each in _entries(sealed.get("hypotheses"))]

    @property
    def all(self) -> list[Rename]:
        """Every rename; goals of a renamed team, and key results of a renamed objective, have a line only for more."""
        found = [Rename(new, old) for new, old in self.teams.items()]
        for new, old in self.refs.items():
            objective, _, result = new.partition(".")
            if result:
                inside = f"{self.refs.get(objective, objective)}.{result}"
            else:
                period, team, name = [*objective.split("/"), "", ""][:3]
                inside = f"{period}/{self.teams.get(team, team)}/{name}"
            if inside != old:
                found.append(Rename(new, old))
        return found

    def ref(self, now: str) -> str:
        """The reference in the seal of a goal of today."""
        return self.refs.get(now, now)

    def apply(self, figures: Figures) -> dict[str, Any]:
        """The figures of today under the names of the seal."""
        teams = [self._team(team) for team in _entries(figures.get("teams"))]
        hypotheses = [self._hypothesis(each) for each in _entries(figures.get("hypotheses"))]
        known = {key: number for number, key in reversed([*enumerate(self._hypotheses)])}
        hypotheses.sort(key=lambda each: known.get(_hypothesis_key(each), len(known)))
        return {**figures, "teams": teams, "hypotheses": hypotheses}

    def _team(self, team: Figures) -> dict[str, Any]:
        objectives = [self._objective(each) for each in team["objectives"]]
        return {**team, "team": self.teams.get(team["team"], team["team"]), "objectives": objectives}

    def _objective(self, objective: Figures) -> dict[str, Any]:
        results = [self._key_result(each) for each in objective["key_results"]]
        return {**objective, "ref": self.ref(objective["ref"]), "key_results": results}

    def _key_result(self, result: Figures) -> dict[str, Any]:
        ref = self.ref(result["ref"])
        sealed, node = self._sealed.get(ref, {}), self.nodes.get(result["ref"])
        kpi, rollup = result["kpi"], result["rollup"]
        if kpi is not None and kpi != sealed.get("kpi"):
            kpi = self.kpis.get(kpi, kpi)
        if rollup is not None and isinstance(node, KeyResult) and isinstance(sealed.get("rollup"), Mapping):
            rollup = {
                name: self._members(node, ref, texts, sealed["rollup"].get(name)) for name, texts in rollup.items()
            }
        return {**result, "ref": ref, "kpi": kpi, "rollup": rollup}

    def _members(self, node: KeyResult, ref: str, now: Sequence[str], sealed: Any) -> list[str]:
        """The members of a rollup, as in the seal where these are the same key results under other names."""
        before = sealed if isinstance(sealed, list) and len(sealed) == len(now) else now
        members = []
        for text, old in zip(now, before, strict=True):
            member = self.node_ref(text, node)
            is_same = isinstance(old, str) and member is not None and self.ref(member) == self._full_ref(old, ref)
            members.append(old if is_same else text)
        return members

    def node_ref(self, text: str, near: KeyResult) -> str | None:
        """The reference of the goal of today that a text near a key result leads to."""
        return next((ref for ref in _full_refs(text, near.ref) if ref in self.nodes), None)

    def _full_ref(self, text: str, near: str) -> str | None:
        """The reference of the goal of the seal that a text near a key result leads to, if it is in the seal."""
        return next((ref for ref in _full_refs(text, near) if ref in self._known), None)

    def _hypothesis(self, hypothesis: Figures) -> dict[str, Any]:
        moved = {**hypothesis, "ref": self.ref(hypothesis["ref"])}
        if _hypothesis_key(moved) not in self._hypotheses:
            moved["kpi"] = self.kpis.get(moved["kpi"], moved["kpi"])
        return moved


def _other_refs(pairs: Iterable[tuple[DataGoal, DataGoal]]) -> dict[str, str]:
    """The references in the seal of goals that have another one, by those of today."""
    return {after.source: before.source for after, before in pairs if after.source != before.source}


def _former_kpis(workspace: Workspace) -> dict[str, str]:
    """The ids that KPIs say they had, by those that they have."""
    return {kpi.id: kpi.model.formerly for kpi in workspace.kpi_nodes if kpi.model.formerly}


def _renamed_teams(pairs: Sequence[tuple[DataGoal, DataGoal]], old: set[str], new: set[str]) -> dict[str, str]:
    """The teams of the seal by their names of today: such as have no goals any more, while the others had none."""
    found = {(after.team, before.team) for after, before in pairs if after.team not in old and before.team not in new}
    names, origins = ([pair[side] for pair in found] for side in (0, 1))
    return {name: was for name, was in sorted(found) if names.count(name) == origins.count(was) == 1}


def _full_refs(text: str, near: str) -> Iterator[str]:
    """The references that a text in a key result may mean, within its period."""
    period, team, objective = [*near.partition(".")[0].split("/"), "", ""][:3]
    parts = text.strip().split("/")
    if len(parts) == 1:
        yield f"{period}/{team}/{objective}.{text}"
        yield f"{period}/{team}/{text}"
    yield f"{period}/{text}" if len(parts) == 2 else text


def _entries(value: Any) -> list[Mapping[str, Any]]:
    return [entry for entry in value if isinstance(entry, Mapping)] if isinstance(value, list) else []


def _hypothesis_key(hypothesis: Figures) -> tuple[str, str]:
    return str(hypothesis.get("ref")), str(hypothesis.get("kpi"))


def _goals_by_ref(figures: Figures) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for team in _entries(figures.get("teams")):
        for objective in _entries(team.get("objectives")):
            yield str(objective.get("ref")), objective
            yield from ((str(result.get("ref")), result) for result in _entries(objective.get("key_results")))


def _has_readings(sealed: Sealed) -> bool:
    """Whether a seal has the readings of its key results; the first version had none."""
    return all("readings" in goal for _, goal in _goals_by_ref(sealed) if "key_results" not in goal)


def _data_goals(
    figures: Figures, period: str, has_readings: bool, nodes: Mapping[str, Objective | KeyResult]
) -> Iterator[DataGoal]:
    """The objectives of a seal, or of figures like those of one; `nodes` know what ids they had."""
    for team in _entries(figures.get("teams")):
        for objective in _entries(team.get("objectives")):
            results = _entries(objective.get("key_results"))
            traits = [_traits(result, has_readings) for result in results]
            goal = _data_goal(
                objective, "/", GoalTraits(fold_title(objective.get("title")), None, frozenset(), tuple(traits)), nodes
            )
            goal.period, goal.team = PeriodName(period), str(team.get("team"))
            for result, own in zip(results, traits, strict=True):
                goal.add_key_result(_data_goal(result, ".", own, nodes))
            yield goal


def _data_goal(
    figures: Figures, separator: str, traits: GoalTraits, nodes: Mapping[str, Objective | KeyResult]
) -> DataGoal:
    ref, title, node = str(figures.get("ref")), figures.get("title"), nodes.get(str(figures.get("ref")))
    return DataGoal(
        ref.rpartition(separator)[2],
        traits,
        title if isinstance(title, str) else None,
        None if node is None else node.model.formerly,
        source=ref,
    )


def _traits(result: Figures, has_readings: bool) -> GoalTraits:
    measure = MEASURES.get(str(result.get("measure")))
    is_own = has_readings and result.get("kpi") is None and result.get("rollup") is None
    readings = _entries(result.get("readings")) if is_own else []
    return GoalTraits(
        fold_title(result.get("title")),
        measure.family if measure is not None else str(result.get("measure")),
        frozenset((str(each.get("date")), json.dumps(each.get("value"))) for each in readings),
    )
