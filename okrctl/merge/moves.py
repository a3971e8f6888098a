"""Follows goals that one side moved to another file or objective, so that the other side's changes reach them.

A merge looks at one file. So the move is made in the other versions too: the goal is taken out of the file where the
base and the other side have it, and put where the first side has it now. Then each file is merged as usual. Only goals
that the other side changed are followed: a goal that nobody else touched is gone here and new there.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from okrctl.merge.trees import is_twin
from okrctl.schema.settings import COMPANY
from okrctl.values.diagnostic import Route
from okrctl.yaml import Source, parse
from okrctl.yaml_edit import AppendValue, EditError, RemoveValue, edit

Files = dict[str, str]
MAX_MOVES = 200


class GoalPlace(NamedTuple):
    """Where a goal stands: file, route, the names above it (period, team, objective; none for a KPI), and its data."""

    path: str
    route: Route
    owner: tuple[str, ...]
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
        return (self.path, self.owner, self.id) == (other.path, other.owner, other.id)


@dataclass
class FileVersions:
    """The texts of the files in three versions, by path; a version that does not have a file lacks its path.

    `settled` are files that are not in conflict: goals may have moved there. Where one does, the file joins the others.
    """

    base: Files
    ours: Files
    theirs: Files
    settled: Files = field(default_factory=dict)


def follow_moves(versions: FileVersions) -> list[tuple[GoalPlace, GoalPlace]]:
    """Make the moves of each side in the other versions; returns the places before and after of each goal."""
    moves = []
    for mover, other in ((versions.ours, versions.theirs), (versions.theirs, versions.ours)):
        for _ in range(MAX_MOVES):
            found = next(_find_moves(versions, mover, other), None)
            if found is None:
                break
            _make_move(versions, mover, other, *found)
            moves.append(found[:2])
    return moves


def goal_places(files: Mapping[str, str]) -> Iterator[GoalPlace]:
    """Every goal of some files; what cannot be read has none."""
    for path, text in sorted(files.items()):
        data = parse(Source(path, text)).data
        if not isinstance(data, dict):
            continue
        for index, kpi in enumerate(_dicts(data.get("kpis"))):
            yield GoalPlace(path, ("kpis", index), (), kpi)
        period = data.get("period")
        above = (str(period.get("id") if isinstance(period, dict) else period), str(data.get("team") or COMPANY))
        for index, objective in enumerate(_dicts(data.get("objectives"))):
            yield GoalPlace(path, ("objectives", index), above, objective)
            route = ("objectives", index, "key_results")
            for number, result in enumerate(_dicts(objective.get("key_results"))):
                yield GoalPlace(path, (*route, number), (*above, str(objective.get("id"))), result)


def _dicts(data: Any) -> list[Any]:
    return data if isinstance(data, list) and all(isinstance(element, dict) for element in data) else []


def _find_moves(versions: FileVersions, mover: Files, other: Files) -> Iterator[tuple[GoalPlace, GoalPlace, GoalPlace]]:
    """Goals that `other` changed where they were, and `mover` has elsewhere: the places in base, mover and other."""
    of_mover, of_base = list(goal_places(mover)), list(goal_places(versions.base))
    added = [place for place in of_mover if not any(place.is_at(each) for each in of_base)]
    for before, changed in _changed_goals(of_base, list(goal_places(other))):
        if any(place.is_at(before) for place in of_mover) or _has_new_name(before, of_mover):
            continue
        found = [place for place in (*added, *_settled_places(versions, before)) if _is_same_goal(before, place)]
        if len(found) == 1:
            yield before, found[0], changed


def _changed_goals(of_base: list[GoalPlace], of_other: list[GoalPlace]) -> Iterator[tuple[GoalPlace, GoalPlace]]:
    """The goals that are at their place in both and differ."""
    for before in of_base:
        changed = next((place for place in of_other if place.is_at(before)), None)
        if changed is not None and changed.data != before.data:
            yield before, changed


def _settled_places(versions: FileVersions, before: GoalPlace) -> Iterator[GoalPlace]:
    """The goals in files that are not in conflict and have the id or the title of a goal somewhere."""
    words = [word for word in (before.id, str(before.data.get("title") or "")) if word]
    return goal_places({path: text for path, text in versions.settled.items() if any(word in text for word in words)})


def _has_new_name(before: GoalPlace, of_mover: list[GoalPlace]) -> bool:
    """Whether a goal is still at its place and only has another id, which the merge of the file sees itself."""
    at_place = [place for place in of_mover if (place.path, place.owner) == (before.path, before.owner)]
    return any(place.data.get("formerly") == before.id or is_twin(before.data, place.data) for place in at_place)


def _is_same_goal(before: GoalPlace, after: GoalPlace) -> bool:
    if len(before.route) != len(after.route) or before.is_kpi != after.is_kpi or before.owner[:1] != after.owner[:1]:
        return False
    if after.id == before.id and (after.owner == before.owner or after.data.get("title") == before.data.get("title")):
        return True
    return after.data.get("formerly") == before.id or is_twin(before.data, after.data)


def _make_move(
    versions: FileVersions, mover: Files, other: Files, before: GoalPlace, after: GoalPlace, changed: GoalPlace
) -> None:
    """Move a goal in the base and in `other`. Raises EditError where that is not possible."""
    if after.path in versions.settled:
        text = versions.settled.pop(after.path)
        for files in (versions.base, versions.ours, versions.theirs):
            files[after.path] = text
    for files, place in ((versions.base, before), (other, changed)):
        files[before.path] = _edited(files[before.path], before.path, RemoveValue(place.route))
        target = files.get(after.path)
        text = _emptied(mover[after.path], after.path) if target is None else target
        files[after.path] = _with_goal(text, after, place.data)


def _emptied(text: str, path: str) -> str:
    """A file without its objectives or KPIs."""
    data = parse(Source(path, text)).data
    key = "kpis" if isinstance(data, dict) and "kpis" in data else "objectives"
    count = len(_dicts(data.get(key))) if isinstance(data, dict) else 0
    for index in reversed(range(count)):
        text = _edited(text, path, RemoveValue((key, index)))
    return text


def _with_goal(text: str, after: GoalPlace, data: Mapping[str, Any]) -> str:
    """A file with the goal as `data` in the list in which `after` stands."""
    present = next((place for place in goal_places({after.path: text}) if place.is_at(after)), None)
    if present is not None:
        text = _edited(text, after.path, RemoveValue(present.route))
    route: Route = after.route[:-1]
    if len(after.route) > 2:
        owners = [place for place in goal_places({after.path: text}) if (*place.owner, place.id) == after.owner]
        if not owners:
            raise EditError(f"{after.path} has no objective '{after.owner[-1]}'", "merge it by hand")
        route = (*owners[0].route, "key_results")
    return edit(Source(after.path, text), [AppendValue(route, dict(data))]).text


def _edited(text: str, path: str, change: RemoveValue) -> str:
    return edit(Source(path, text), [change]).text
