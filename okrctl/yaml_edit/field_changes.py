"""What a plan changes, field by field, for programs that want no diff."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from fractions import Fraction
from typing import Any

from okrctl import workspace
from okrctl.schema.settings import Config
from okrctl.values.diagnostic import START, FileProblem, Route
from okrctl.workspace import Workspace
from okrctl.workspace.references import all_nodes
from okrctl.yaml import Source
from okrctl.yaml_edit.plan import FileChange

Key = tuple[str | None, str]

_NUMBER = re.compile(r"-?[0-9]+(?:\.[0-9]+)?")
_NO_CSV = FileProblem("OKR009", "readings are compared line by line", START)


@dataclass(frozen=True, slots=True)
class FieldChange:
    """A value that a plan writes: a number, or the text that the file has; None where there is none.

    `ref` is the node that it belongs to, None where it belongs to none. `field` is the way to the value from there,
    such as `readings.2026-05-04`; of a table it is the line, such as `line 12`. A file that is neither YAML nor a table
    is one value: `field` is None, and `old` and `new` are its texts.
    """

    path: str
    ref: str | None
    field: str | None
    old: Any
    new: Any


def list_field_changes(changes: Sequence[FileChange], config: Config) -> list[FieldChange]:
    """The changes of all files, in the order of the plan."""
    return [each for change in changes for each in _compare(change, config)]


def _compare(change: FileChange, config: Config) -> Iterator[FieldChange]:
    if change.path.endswith((".yaml", ".yml")):
        old, new = _values(change.path, change.old, config), _values(change.path, change.new, config)
        for key in {**old, **new}:
            if old.get(key) != new.get(key):
                yield FieldChange(change.path, key[0], key[1], old.get(key), new.get(key))
    elif change.path.endswith((".csv", ".tsv")):
        yield from _compare_lines(change)
    else:
        yield FieldChange(change.path, None, None, change.old, change.new)


def _values(path: str, text: str | None, config: Config) -> dict[Key, Any]:
    """The scalars of a file by their node and the way to them from there; none where there is no file."""
    if text is None:
        return {}
    alone = workspace.build_workspace([Source(path, text)], config, lambda name: _NO_CSV)
    routes = dict(_node_routes(alone))
    found = {}
    for file in alone.files:
        for route, value in _scalars(file.document.data):
            place = next((route[:end] for end in range(len(route), -1, -1) if route[:end] in routes), None)
            rest = route if place is None else route[len(place) :]
            scalar = file.document.scalar(route)
            if scalar is not None and scalar.style == "plain" and _NUMBER.fullmatch(str(value)):
                value = Fraction(str(value))
            found[routes[place] if place is not None else None, ".".join(map(str, rest))] = value
    return found


def _node_routes(alone: Workspace) -> Iterator[tuple[Route, str]]:
    yield from ((node.route, node.ref) for node in all_nodes(alone))


def _scalars(data: Any, route: Route = ()) -> Iterator[tuple[Route, Any]]:
    if isinstance(data, Mapping) and data:
        for key, value in data.items():
            yield from _scalars(value, (*route, key))
    elif isinstance(data, list) and data:
        for place, value in enumerate(data):
            yield from _scalars(value, (*route, place))
    else:
        yield route, data


def _compare_lines(change: FileChange) -> Iterator[FieldChange]:
    """The lines that differ; a line that is added has no old text, and its number is that in the new file."""
    old, new = (change.old or "").splitlines(), (change.new or "").splitlines()
    for kind, start, end, first, last in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "equal":
            continue
        for step in range(max(end - start, last - first)):
            before = old[start + step] if start + step < end else None
            after = new[first + step] if first + step < last else None
            line = (first if after is not None else start) + step + 1
            yield FieldChange(change.path, None, f"line {line}", before, after)
