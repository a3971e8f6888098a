"""Finds what is the same thing in two states of a workspace, across renames and moves between files and teams."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from typing import NamedTuple, TypeVar

from okrctl.workspace import KeyResult, Kpi, Objective, Workspace

T = TypeVar("T", Objective, KeyResult, Kpi)
KeyFunction = Callable[[T], Hashable | None]


class NodePairs(NamedTuple):
    """For each new thing the old one that it was, by identity of the object; None for what is new."""

    objectives: list[tuple[Objective | None, Objective | None]]
    key_results: list[tuple[KeyResult | None, KeyResult | None]]
    kpis: list[tuple[Kpi | None, Kpi | None]]


def pair_nodes(old: Workspace, new: Workspace) -> NodePairs:
    """Matched by name, then by `formerly`, then by what moves leave as it was; unmatched ones stand alone."""
    objectives = _match(
        old.objectives,
        new.objectives,
        (lambda one: one.ref, lambda one: one.ref),
        (lambda one: one.ref, _former_ref),
        (_id_in_period, _id_in_period),
    )
    # A key result belongs to what its objective has become.
    place = {id(after if after else before): number for number, (before, after) in enumerate(objectives)}
    place |= {id(before): number for number, (before, _) in enumerate(objectives) if before}

    def at(one: KeyResult) -> tuple[int, str]:
        return place[id(one.objective)], one.id

    def was(one: KeyResult) -> tuple[int, str] | None:
        return (place[id(one.objective)], one.model.formerly) if one.model.formerly else None

    key_results = _match(
        list(old.key_results), list(new.key_results), (at, at), (at, was), (_id_and_title, _id_and_title)
    )
    kpis = _match(
        old.kpi_nodes,
        new.kpi_nodes,
        (lambda one: one.id, lambda one: one.id),
        (lambda one: one.id, lambda one: one.model.formerly),
    )
    return NodePairs(objectives, key_results, kpis)


def _former_ref(one: Objective) -> str | None:
    return f"{one.period.id}/{one.team}/{one.model.formerly}" if one.model.formerly else None


def _id_in_period(one: Objective) -> Hashable:
    """The name of an objective without its team."""
    return one.period.id, one.id


def _id_and_title(one: KeyResult) -> Hashable:
    """A key result's own name and words, wherever it stands in its period."""
    return one.period.id, one.id, one.model.title


def _match(
    old: Iterable[T], new: Iterable[T], *ways: tuple[KeyFunction[T], KeyFunction[T]]
) -> list[tuple[T | None, T | None]]:
    """Pairs in the order of the new things, then what is gone; each way matches what the ones before it left."""
    left, found = list(old), dict[int, T]()
    there = list(new)
    for key_of_old, key_of_new in ways:
        by_key: dict[Hashable, list[T]] = {}
        for one in left:
            by_key.setdefault(key_of_old(one), []).append(one)
        for one in there:
            key = key_of_new(one) if id(one) not in found else None
            if key is not None and by_key.get(key):
                found[id(one)] = by_key[key].pop(0)
        taken = {id(one) for one in found.values()}
        left = [one for one in left if id(one) not in taken]
    return [(found.get(id(one)), one) for one in there] + [(one, None) for one in left]
