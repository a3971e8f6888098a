"""Computes the data of a document after an edit, with which the result of the edit is compared."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from okrctl.values.diagnostic import Route


def copy_data(data: Any) -> Any:
    """A deep copy in which nothing is shared, not even the data of aliases."""
    if isinstance(data, Mapping):
        return {key: copy_data(value) for key, value in data.items()}
    if isinstance(data, list | tuple):
        return [copy_data(value) for value in data]
    return data if data is None else str(data)


def with_value(data: Any, route: Route, value: Any) -> Any:
    """The data with a value at a route; missing mappings are created."""
    if not route:
        return copy_data(value)
    head, rest = route[0], route[1:]
    if isinstance(head, int):
        data[head] = with_value(data[head], rest, value)
        return data
    table = {} if data is None else data
    table[head] = with_value(table.get(head), rest, value)
    return table


def with_element(data: Any, route: Route, value: Any) -> Any:
    """The data with an element appended to the list at a route."""
    elements = value_at(data, route)
    if elements is None:
        return with_value(data, route, [value])
    elements.append(copy_data(value))
    return data


def without(data: Any, route: Route) -> Any:
    """The data without the key or the element at a route."""
    del value_at(data, route[:-1])[route[-1]]
    return data


def value_at(data: Any, route: Route) -> Any:
    """The data at a route, None if there is none."""
    for part in route:
        if isinstance(part, int):
            data = data[part] if isinstance(data, list) and 0 <= part < len(data) else None
        else:
            data = data.get(part) if isinstance(data, dict) else None
    return data


def is_same_data(first: Any, second: Any) -> bool:
    """Whether two documents have the same data; empty mappings, empty lists and blank values are equal."""
    return bool(first == second or _prune_empty(first) == _prune_empty(second))


def _prune_empty(data: Any) -> Any:
    if isinstance(data, dict):
        kept = {key: _prune_empty(value) for key, value in data.items()}
        return {key: value for key, value in kept.items() if value not in ({}, [], None)}
    return [_prune_empty(value) for value in data] if isinstance(data, list) else data
