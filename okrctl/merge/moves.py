"""Follows goals that one side moved to another file or objective, so that the other side's changes reach them.

A merge looks at one file. So the move is made in the other versions too: the goal is taken out of the file where the
base and the other side have it, and put where the first side has it now. Then each file is merged as usual. Only goals
that the other side changed are followed: a goal that nobody else touched is gone here and new there.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from okrctl.history.diff.identity import pair_data_goals, pair_data_kpis
from okrctl.history.diff.traits import DataGoal, PeriodName
from okrctl.merge.trees import KPI_FILE, OKR_FILE, Table, Tree, build_tree, data_goal, raw_data
from okrctl.schema.settings import COMPANY
from okrctl.values.diagnostic import Route
from okrctl.yaml import Source, parse
from okrctl.yaml_edit import AppendValue, EditError, RemoveValue, edit

Files = dict[str, str]
MAX_MOVES = 200


class GoalPlace(NamedTuple):
    """Where a goal stands: file, route, the names above it (period, team, objective; none for a KPI), and its data.

    `name` is the id, or that which the goal has in the base where it is at the same place under another one.
    """

    path: str
    route: Route
    owner: tuple[str, ...]
    name: str
    data: Mapping[str, Any]

    @property
    def id(self) -> str:
        """The id of the goal."""
        return str(self.data.get("id"))

    @property
    def is_kpi(self) -> bool:
        """Whether it is a KPI."""
        return self.route[0] == "kpis"

    def is_at(self, other: GoalPlace) -> bool:
        """Whether both have the same place and name."""
        return (self.path, self.owner, self.name) == (other.path, other.owner, other.name)

    def is_within(self, other: GoalPlace) -> bool:
        """Whether this is another goal or belongs to it."""
        is_inside = (self.path, self.owner) == (other.path, (*other.owner, other.name))
        return self.is_at(other) or is_inside


@dataclass
class FileVersions:
    """The texts of the files in three versions, by path; a version that does not have a file lacks its path.

    `settled` are files that are not in conflict: goals may have moved there. Where one does, the file joins the others
    (`joined`): all versions of it have its goals, but only those that moved there are ones of the base.
    """

    base: Files
    ours: Files
    theirs: Files
    settled: Files = field(default_factory=dict)
    joined: set[str] = field(default_factory=set)


def follow_moves(versions: FileVersions) -> list[tuple[GoalPlace, GoalPlace]]:
    """Make the moves of each side in the other versions; returns the places before and after of each goal."""
    moves: list[tuple[GoalPlace, GoalPlace]] = []
    for mover, other in ((versions.ours, versions.theirs), (versions.theirs, versions.ours)):
        for _ in range(MAX_MOVES):
            found = next(_find_moves(versions, mover, other, [after for _, after in moves]), None)
            if found is None:
                break
            _make_move(versions, mover, other, *found)
            moves.append(found[:2])
    return moves


def removed_moves(versions: FileVersions) -> Iterator[tuple[GoalPlace, GoalPlace]]:
    """Goals that one side moved to another file and the other one removed: the places before and after."""
    of_base = list(goal_places(versions.base, versions.base))
    sides = [list(goal_places(side, versions.base)) for side in (versions.ours, versions.theirs)]
    gone = _missing_places(of_base, [*sides[0], *sides[1]])
    if not gone:
        return
    settled = list(_settled_places(versions, gone))
    ours, theirs, others = (_pair_places(of_base, places) for places in (*sides, settled))
    for before in gone:
        of_sides = [_in_other_file(before, ours), _in_other_file(before, theirs)]
        after = _in_other_file(before, others) or (next(filter(None, of_sides), None) if None in of_sides else None)
        if after is not None:
            yield before, after


def _missing_places(places: Iterable[GoalPlace], others: Sequence[GoalPlace]) -> list[GoalPlace]:
    """The places that are not among the others."""
    return [place for place in places if not any(each.is_at(place) for each in others)]


def _in_other_file(before: GoalPlace, pairs: Mapping[int, GoalPlace]) -> GoalPlace | None:
    """Where a goal is in a state, if that is another file."""
    after = pairs.get(id(before))
    return after if after is not None and after.path != before.path else None


def goal_places(files: Mapping[str, str], base: Mapping[str, str]) -> Iterator[GoalPlace]:
    """Every goal of some files, with the names that it has in the base; what cannot be read has none."""
    for path, text in sorted(files.items()):
        document = parse(Source(path, text))
        data = document.data
        if not isinstance(data, dict) or document.problems:
            continue
        shape = KPI_FILE if "kpis" in data else OKR_FILE
        known = build_tree(parse(Source(path, base[path])), shape) if path in base else None
        tree = build_tree(document, shape, known)
        period = data.get("period")
        above = (str(period.get("id") if isinstance(period, dict) else period), str(data.get("team") or COMPANY))
        for name, kpi in _goals(tree, "kpis"):
            yield GoalPlace(path, ("kpis", kpi.step), (), name, kpi.data)
        for name, objective in _goals(tree, "objectives"):
            route = ("objectives", objective.step)
            yield GoalPlace(path, route, above, name, objective.data)
            for inner, result in _goals(objective.tree, "key_results"):
                place = (*route, "key_results", result.step)
                yield GoalPlace(path, place, (*above, name), inner, result.data)


class _Goal(NamedTuple):
    """A goal in a list: its index, its tree, its data."""

    step: str | int
    tree: Tree
    data: Any


def _goals(tree: Tree, key: str) -> Iterator[tuple[str, _Goal]]:
    """The goals of the list under a key, by name; none where it is a single mapping in place of a list."""
    found = tree.children.get(key) if isinstance(tree, Table) else None
    if isinstance(found, Table) and not found.is_bare:
        for name, child in found.children.items():
            yield name, _Goal(found.steps[name], child, raw_data(child))


def _find_moves(
    versions: FileVersions, mover: Files, other: Files, followed: Sequence[GoalPlace] = ()
) -> Iterator[tuple[GoalPlace, GoalPlace, GoalPlace]]:
    """Goals that `other` changed where they were, and `mover` has elsewhere: the places in base, mover and other.

    `followed` are the places of goals that were found before.
    """
    base = versions.base
    of_mover, of_base = list(goal_places(mover, base)), list(goal_places(base, base))
    missing = _missing_places(of_base, of_mover)
    changed = list(_changed_goals(missing, list(goal_places(other, base)))) if missing else []
    if not changed:
        return
    old = [place for place in of_base if place.path not in versions.joined]
    new = [*of_mover, *_settled_places(versions, [before for before, _ in changed])]
    pairs = _pair_places(old, [place for place in new if not any(place.is_within(each) for each in followed)])
    for before, now in changed:
        after = pairs.get(id(before))
        if after is not None:
            yield before, after, now


def _pair_places(old: Sequence[GoalPlace], new: Sequence[GoalPlace]) -> dict[int, GoalPlace]:
    """Where each goal of the first state is in the second one, by the identity of its place there."""
    kpis = pair_data_kpis(*([_data_goal(place) for place in places if place.is_kpi] for places in (old, new)))
    objectives, key_results = pair_data_goals(_objectives(old), _objectives(new))
    pairs = (*kpis, *objectives, *key_results)
    return {id(before.source): after.source for before, after in pairs if before is not None and after is not None}


def _objectives(places: Iterable[GoalPlace]) -> list[DataGoal]:
    """The objectives at these places, with their key results."""
    found: dict[tuple[str, Route], DataGoal] = {}
    for place in places:
        if len(place.route) == 2 and not place.is_kpi:
            found[place.path, place.route] = objective = _data_goal(place)
            objective.period, objective.team = PeriodName(place.owner[0]), place.owner[1]
        elif len(place.route) > 2:
            found[place.path, place.route[:2]].add_key_result(_data_goal(place))
    return list(found.values())


def _data_goal(place: GoalPlace) -> DataGoal:
    return data_goal(place.name, place.data, place)


def _changed_goals(of_base: list[GoalPlace], of_other: list[GoalPlace]) -> Iterator[tuple[GoalPlace, GoalPlace]]:
    """The goals that are at their place in both and differ."""
    for before in of_base:
        changed = next((place for place in of_other if place.is_at(before)), None)
        if changed is not None and changed.data != before.data:
            yield before, changed


def _settled_places(versions: FileVersions, wanted: Iterable[GoalPlace]) -> Iterator[GoalPlace]:
    """The goals in files that are not in conflict and have the id or the title of a wanted goal somewhere."""
    words = {word for place in wanted for word in (place.id, str(place.data.get("title") or "")) if word}
    return goal_places(
        {path: text for path, text in versions.settled.items() if any(word in text for word in words)}, {}
    )


def _make_move(
    versions: FileVersions, mover: Files, other: Files, before: GoalPlace, after: GoalPlace, changed: GoalPlace
) -> None:
    """Move a goal in the base and in `other`. Raises EditError where that is not possible."""
    settled = versions.settled.get(after.path)
    new: list[tuple[Files, str, str]] = []
    for files, place in ((versions.base, before), (other, changed)):
        rest = _edit(files[before.path], before.path, RemoveValue(place.route))
        target = rest if after.path == before.path else settled if settled is not None else files.get(after.path)
        known = {after.path: versions.base[after.path]} if after.path in versions.base else {}
        text = _with_goal(_empty(mover[after.path], after.path) if target is None else target, after, place, known)
        new += [(files, before.path, rest), (files, after.path, text)]
    if settled is not None:
        versions.joined.add(after.path)
        del versions.settled[after.path]
        mover[after.path] = settled
    for files, path, text in new:
        files[path] = text


def _empty(text: str, path: str) -> str:
    """A file without its objectives or KPIs."""
    places = [place.route for place in goal_places({path: text}, {}) if len(place.route) == 2]
    for route in reversed(places):
        text = _edit(text, path, RemoveValue(route))
    return text


def _with_goal(text: str, after: GoalPlace, goal: GoalPlace, known: Files) -> str:
    """A file with a goal in the list in which `after` stands; `known` is the file in the base."""
    present = next((place for place in goal_places({after.path: text}, known) if place.is_at(after)), None)
    if present is not None:
        text = _edit(text, after.path, RemoveValue(present.route))
    route: Route = after.route[:-1]
    if len(after.route) > 2:
        places = goal_places({after.path: text}, known)
        owners = [place for place in places if (*place.owner, place.name) == after.owner]
        if not owners:
            raise EditError(f"{after.path} has no objective '{after.owner[-1]}'", "merge it by hand")
        route = (*owners[0].route, "key_results")
    return edit(Source(after.path, text), [AppendValue(route, dict(goal.data))]).text


def _edit(text: str, path: str, change: RemoveValue) -> str:
    return edit(Source(path, text), [change]).text
