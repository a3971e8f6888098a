"""Puts what was read into the files of a workspace: what is new is added, what is there is left alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from okrctl import measures
from okrctl.importers import Draft, Place, Thing, Told
from okrctl.schema import validate
from okrctl.schema.settings import COMPANY
from okrctl.values import quantity, slug
from okrctl.values.fields import ID
from okrctl.values.readings import key_of
from okrctl.workspace import File, KeyResult, Kpi, Node, Objective, Workspace
from okrctl.yaml import Source
from okrctl.yaml_edit import Append, Change, Set, Value, edit, scalars

MEASURE_KEYS = frozenset(key for module in measures.MEASURES.values() for key in module.KEYS)


@dataclass(slots=True)
class Placed:
    """The texts of files before and after, by path, and what came of each line."""

    old: dict[str, str | None] = field(default_factory=dict)
    new: dict[str, str] = field(default_factory=dict)
    told: list[Told] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)


def place(workspace: Workspace, draft: Draft, force: bool = False) -> Placed:
    """Add what is not there. A value that is there and differs is kept, and told, unless `force` is given.

    Raises EditError where a file cannot be changed safely.
    """
    placer = _Placer(workspace, force)
    for where, thing in draft.objectives:
        placer.objective(where, thing)
    for thing in draft.kpis:
        placer.kpi(thing)
    result = placer.result()
    result.told = sorted([*draft.told, *result.told], key=lambda one: one.line)
    return result


class _Placer:
    def __init__(self, workspace: Workspace, force: bool) -> None:
        self.workspace, self.force = workspace, force
        self.placed = Placed()
        self.changes: dict[str, list[Change]] = {}
        self.fresh: dict[str, tuple[dict[str, Value], str, list[Value]]] = {}
        self._matched: set[int] = set()
        self._taken: dict[object, set[str]] = {}
        self._files: dict[Place, str] = {}

    def result(self) -> Placed:
        paths = {file.path: file for file in self.workspace.files}
        for path, changes in self.changes.items():
            text = paths[path].document.text
            self.placed.old[path] = text
            self.placed.new[path] = edit(Source(path, text), changes).text
        for path, (head, key, things) in self.fresh.items():
            self.placed.old[path] = None
            self.placed.new[path] = _text(head, key, things)
        return self.placed

    def objective(self, where: Place, thing: Thing) -> None:
        siblings = [
            one for one in self.workspace.objectives if (one.period.id, one.team) == (where.period.id, where.team)
        ]
        taken = self._taken.setdefault(where, {one.id for one in siblings})
        node = self._match(thing, siblings)
        if isinstance(node, Objective):
            self._meet(node, thing)
            self._key_results(node, thing)
            return
        if self._twice(thing, taken):
            return
        data = _complete(thing, taken, "objective")
        below: set[str] = set()
        kept: list[tuple[Thing, dict[str, Value]]] = []
        for one in thing.key_results:
            if not self._twice(one, below):
                kept.append((one, _complete(one, below, "key-result")))
        results: list[Value] = [result for _, result in kept]
        self._add_objective(where, {**data, "key_results": results} if results else data)
        ref = f"{where.period.id}/{where.team}/{data['id']}"
        self._tell_new(thing, "objective", ref)
        for one, result in kept:
            self._tell_new(one, "key result", f"{ref}.{result['id']}")

    def kpi(self, thing: Thing) -> None:
        node = self._match(thing, self.workspace.kpi_nodes)
        if node is not None:
            self._meet(node, thing)
            return
        taken = self._taken.setdefault("kpis", set(self.workspace.kpis))
        if self._twice(thing, taken):
            return
        data = _complete(thing, taken, "kpi")
        self._add_kpi(str(data.get("team") or COMPANY), data)
        self._tell_new(thing, "KPI", str(data["id"]))

    def _key_results(self, above: Objective, thing: Thing) -> None:
        taken = self._taken.setdefault(above.ref, {one.id for one in above.key_results})
        for one in thing.key_results:
            node = self._match(one, above.key_results)
            if node is not None:
                self._meet(node, one)
                continue
            if self._twice(one, taken):
                continue
            data = _complete(one, taken, "key-result")
            self._change(above, Append((*above.route, "key_results"), data))
            self._tell_new(one, "key result", f"{above.ref}.{data['id']}")

    def _twice(self, thing: Thing, taken: set[str]) -> bool:
        """Whether an earlier line has the id already, which is told."""
        twice = thing.data.get("id") in taken
        if twice:
            self.placed.told.append(Told(thing.line, f"the id '{thing.data['id']}' is taken by an earlier line"))
        return twice

    def _match(self, thing: Thing, among: Sequence[Node]) -> Node | None:
        """The one with the same id, else the same title, that no earlier line was matched with."""
        wanted = thing.data.get("id")
        for node in among:
            same = node.id == wanted if wanted else node.model.title == thing.title
            if same and id(node) not in self._matched:
                self._matched.add(id(node))
                return node
        return None

    def _meet(self, node: Node, thing: Thing) -> None:
        """Add what a thing that is there lacks."""
        before = self._size()
        raw = validate.mapping(node.file.document.data, node.route)
        for key, value in thing.data.items():
            self._field(node, thing, raw, key, value)
        for day, value in thing.readings.items():
            self._reading(node, thing, day, value)
        added = self._size() - before
        what = f"{added} {'addition' if added == 1 else 'additions'}" if added else "is there already"
        self.placed.told.append(Told(thing.line, f"{node.ref}: {what}", True))
        self._count("changed" if added else "there already")

    def _size(self) -> int:
        return sum(map(len, self.changes.values()))

    def _field(self, node: Node, thing: Thing, raw: Mapping[str, object], key: str, value: Value) -> None:
        if key == "id" or _same(raw.get(key), value):
            return
        foreign = key in MEASURE_KEYS and key not in raw and MEASURE_KEYS & set(raw)
        if (key in raw and not self.force) or foreign:
            self.placed.told.append(Told(thing.line, f"{node.ref} keeps its {key}: {_shown(raw, key, value)}"))
            return
        self._change(node, Set((*node.route, key), value))

    def _reading(self, node: Node, thing: Thing, day: date, value: Value) -> None:
        if isinstance(node, KeyResult | Kpi) and node.csv is not None:
            self._in_csv(node, thing, day, value)
            return
        there = validate.mapping(node.file.document.data, (*node.route, "readings"))
        newest = max(there, default=None)
        if day == thing.undated and newest is not None and _same(there[newest], value):
            return
        key = key_of(there, day)
        if key is not None and _same(there[key], value):
            return
        if key is not None and not self.force:
            self.placed.told.append(Told(thing.line, f"{node.ref} keeps its reading of {day}"))
            return
        self._change(node, Set((*node.route, "readings", key or str(day)), value))

    def _in_csv(self, node: KeyResult | Kpi, thing: Thing, day: date, value: Value) -> None:
        text = value.get("value") if isinstance(value, Mapping) else value
        if not any(one.day == day and one.value and _same(one.value.text, text or "") for one in node.readings):
            assert node.csv is not None
            self.placed.told.append(Told(thing.line, f"{node.ref}: add {text} of {day} to {node.csv.path} by hand"))

    def _change(self, node: Node, change: Change) -> None:
        self.changes.setdefault(node.file.path, []).append(change)

    def _add_objective(self, where: Place, data: dict[str, Value]) -> None:
        known = self._file_of(where)
        if known is not None:
            self.changes.setdefault(known.path, []).append(Append(("objectives",), data))
            return
        path = self._files.setdefault(where, self._free(f"okrs/{where.period.id}/{where.team}"))
        team: dict[str, Value] = {} if where.team == COMPANY else {"team": where.team}
        head = {"period": _period(where), **team}
        self.fresh.setdefault(path, (head, "objectives", []))[2].append(data)

    def _add_kpi(self, team: str, data: dict[str, Value]) -> None:
        path = f"kpis/{team if ID.match(team) else COMPANY}.yaml"
        known = next((file for file in self.workspace.files if file.path == path and file.kind == "kpi"), None)
        if known is not None:
            self.changes.setdefault(path, []).append(Append(("kpis",), data))
        else:
            self.fresh.setdefault(path, ({}, "kpis", []))[2].append(data)

    def _file_of(self, where: Place) -> File | None:
        fits = (file for file in self.workspace.files if file.period and file.period.id == where.period.id)
        return next((file for file in fits if file.team == where.team), None)

    def _free(self, path: str) -> str:
        """A path that no file has."""
        taken = {file.path for file in self.workspace.files}
        names = (path + ending for ending in (".yaml", *(f"-{number}.yaml" for number in range(2, len(taken) + 3))))
        return next(name for name in names if name not in taken)

    def _tell_new(self, thing: Thing, kind: str, ref: str) -> None:
        count = len(thing.readings)
        readings = f", {count} {'reading' if count == 1 else 'readings'}" if count else ""
        self.placed.told.append(Told(thing.line, f"{ref}: new {kind}{readings}", True))
        self._count("new")

    def _count(self, what: str) -> None:
        self.placed.counts[what] = self.placed.counts.get(what, 0) + 1


def _complete(thing: Thing, taken: set[str], otherwise: str) -> dict[str, Value]:
    """A new thing with its id in front and its readings behind."""
    name = str(thing.data.get("id") or slug.identifier(thing.title, taken, otherwise))
    taken.add(name)
    rest = {key: value for key, value in thing.data.items() if key != "id"}
    readings: dict[str, Value] = {str(day): thing.readings[day] for day in sorted(thing.readings)}
    return {"id": name, **rest, "readings": readings} if readings else {"id": name, **rest}


def _text(head: dict[str, Value], key: str, things: list[Value]) -> str:
    lines = [line for name, value in head.items() for line in scalars.entry(name, value, 0)]
    lines += [f"{key}:", *(line for one in things for line in scalars.item(one, 2))]
    return "\n".join(lines) + "\n"


def _period(where: Place) -> Value:
    found = where.period
    if found.kind != "custom":
        return found.id
    return {"id": found.id, "start": str(found.start), "end": str(found.end)}


def _same(one: object, other: Value) -> bool:
    """Whether both say the same; a reading may be written with its value alone."""
    if isinstance(one, Mapping) or isinstance(other, Mapping):
        left = one if isinstance(one, Mapping) else {"value": one}
        right: Mapping[str, Value] = other if isinstance(other, Mapping) else {"value": other}
        return left.keys() == right.keys() and all(_same(value, right[key]) for key, value in left.items())
    if isinstance(one, list) or isinstance(other, list):
        ones, others = (value if isinstance(value, list) else [value] for value in (one, other))
        return len(ones) == len(others) and all(map(_same, ones, others))
    return one == other or (one is not None and _number(one) is not None and _number(one) == _number(other))


def _number(raw: object) -> object:
    try:
        found = quantity.parse(str(raw))
    except quantity.QuantityError:
        return None
    return found.number, found.unit


def _shown(raw: Mapping[str, object], key: str, value: Value) -> str:
    there, here = (f"'{one}'" if isinstance(one, str) else "otherwise" for one in (raw.get(key), value))
    return f"{there if key in raw else 'judged otherwise'}, the line says {here}"
