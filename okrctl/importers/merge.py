"""Puts what was read into the files of a workspace: what is new is added, what is there is left alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from okrctl.importers import GoalLocation, ImportDraft, ImportedGoal, LineResult
from okrctl.measures import MEASURE_KEYS
from okrctl.schema import validate
from okrctl.schema.settings import COMPANY
from okrctl.values import quantity, slug
from okrctl.values.fields import ID
from okrctl.values.readings import find_reading_key
from okrctl.workspace import File, KeyResult, Kpi, Node, Objective, Workspace
from okrctl.yaml import Source
from okrctl.yaml_edit import AppendValue, Edit, SetValue, Value, edit, scalars


@dataclass(slots=True)
class MergeResult:
    """The texts of files before and after, by path, and what came of each line."""

    old: dict[str, str | None] = field(default_factory=dict)
    new: dict[str, str] = field(default_factory=dict)
    results: list[LineResult] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)


def merge_draft(workspace: Workspace, draft: ImportDraft, force: bool = False) -> MergeResult:
    """Add what is not there. A value that is there and differs is kept, and told, unless `force` is given.

    Raises EditError where a file cannot be changed safely.
    """
    placer = _Merger(workspace, force)
    for where, thing in draft.objectives:
        placer.merge_objective(where, thing)
    for thing in draft.kpis:
        placer.merge_kpi(thing)
    result = placer.result()
    result.results = sorted([*draft.results, *result.results], key=lambda one: one.line)
    return result


class _Merger:
    def __init__(self, workspace: Workspace, force: bool) -> None:
        self.workspace, self.force = workspace, force
        self.merged = MergeResult()
        self.changes: dict[str, list[Edit]] = {}
        self.new_files: dict[str, tuple[dict[str, Value], str, list[Value]]] = {}
        self._matched: set[int] = set()
        self._taken: dict[object, set[str]] = {}
        self._files: dict[GoalLocation, str] = {}

    def result(self) -> MergeResult:
        paths = {file.path: file for file in self.workspace.files}
        for path, changes in self.changes.items():
            text = paths[path].document.text
            self.merged.old[path] = text
            self.merged.new[path] = edit(Source(path, text), changes).text
        for path, (head, key, things) in self.new_files.items():
            self.merged.old[path] = None
            self.merged.new[path] = _file_text(head, key, things)
        return self.merged

    def merge_objective(self, where: GoalLocation, thing: ImportedGoal) -> None:
        siblings = [
            one for one in self.workspace.objectives if (one.period.id, one.team) == (where.period.id, where.team)
        ]
        taken = self._taken.setdefault(where, {one.id for one in siblings})
        node = self._match(thing, siblings)
        if isinstance(node, Objective):
            self._merge_node(node, thing)
            self._merge_key_results(node, thing)
            return
        if self._is_duplicate(thing, taken):
            return
        data = _new_node(thing, taken, "objective")
        below: set[str] = set()
        kept: list[tuple[ImportedGoal, dict[str, Value]]] = []
        for one in thing.key_results:
            if not self._is_duplicate(one, below):
                kept.append((one, _new_node(one, below, "key-result")))
        results: list[Value] = [result for _, result in kept]
        self._add_objective(where, {**data, "key_results": results} if results else data)
        ref = f"{where.period.id}/{where.team}/{data['id']}"
        self._report_new(thing, "objective", ref)
        for one, result in kept:
            self._report_new(one, "key result", f"{ref}.{result['id']}")

    def merge_kpi(self, thing: ImportedGoal) -> None:
        node = self._match(thing, self.workspace.kpi_nodes)
        if node is not None:
            self._merge_node(node, thing)
            return
        taken = self._taken.setdefault("kpis", set(self.workspace.kpis))
        if self._is_duplicate(thing, taken):
            return
        data = _new_node(thing, taken, "kpi")
        self._add_kpi(str(data.get("team") or COMPANY), data)
        self._report_new(thing, "KPI", str(data["id"]))

    def _merge_key_results(self, above: Objective, thing: ImportedGoal) -> None:
        taken = self._taken.setdefault(above.ref, {one.id for one in above.key_results})
        for one in thing.key_results:
            node = self._match(one, above.key_results)
            if node is not None:
                self._merge_node(node, one)
                continue
            if self._is_duplicate(one, taken):
                continue
            data = _new_node(one, taken, "key-result")
            self._add_change(above, AppendValue((*above.route, "key_results"), data))
            self._report_new(one, "key result", f"{above.ref}.{data['id']}")

    def _is_duplicate(self, thing: ImportedGoal, taken: set[str]) -> bool:
        """Whether an earlier line has the id already, which is told."""
        twice = thing.data.get("id") in taken
        if twice:
            self.merged.results.append(
                LineResult(thing.line, f"the id '{thing.data['id']}' is taken by an earlier line")
            )
        return twice

    def _match(self, thing: ImportedGoal, among: Sequence[Node]) -> Node | None:
        """The one with the same id, else the same title, that no earlier line was matched with."""
        wanted = thing.data.get("id")
        for node in among:
            same = node.id == wanted if wanted else node.model.title == thing.title
            if same and id(node) not in self._matched:
                self._matched.add(id(node))
                return node
        return None

    def _merge_node(self, node: Node, thing: ImportedGoal) -> None:
        """Add what a thing that is there lacks."""
        before = self._change_count()
        raw = validate.mapping_at(node.file.document.data, node.route)
        for key, value in thing.data.items():
            self._merge_field(node, thing, raw, key, value)
        for day, value in thing.readings.items():
            self._merge_reading(node, thing, day, value)
        added = self._change_count() - before
        what = f"{added} {'addition' if added == 1 else 'additions'}" if added else "is there already"
        self.merged.results.append(LineResult(thing.line, f"{node.ref}: {what}", True))
        self._count("changed" if added else "there already")

    def _change_count(self) -> int:
        return sum(map(len, self.changes.values()))

    def _merge_field(self, node: Node, thing: ImportedGoal, raw: Mapping[str, object], key: str, value: Value) -> None:
        if key == "id" or _is_same(raw.get(key), value):
            return
        foreign = key in MEASURE_KEYS and key not in raw and not raw.keys().isdisjoint(MEASURE_KEYS)
        if (key in raw and not self.force) or foreign:
            self.merged.results.append(
                LineResult(thing.line, f"{node.ref} keeps its {key}: {_describe_conflict(raw, key, value)}")
            )
            return
        self._add_change(node, SetValue((*node.route, key), value))

    def _merge_reading(self, node: Node, thing: ImportedGoal, day: date, value: Value) -> None:
        if isinstance(node, KeyResult | Kpi) and node.csv is not None:
            self._merge_csv_reading(node, thing, day, value)
            return
        there = validate.mapping_at(node.file.document.data, (*node.route, "readings"))
        newest = max(there, default=None)
        if day == thing.undated_day and newest is not None and _is_same(there[newest], value):
            return
        key = find_reading_key(there, day)
        if key is not None and _is_same(there[key], value):
            return
        if key is not None and not self.force:
            self.merged.results.append(LineResult(thing.line, f"{node.ref} keeps its reading of {day}"))
            return
        self._add_change(node, SetValue((*node.route, "readings", key or str(day)), value))

    def _merge_csv_reading(self, node: KeyResult | Kpi, thing: ImportedGoal, day: date, value: Value) -> None:
        text = value.get("value") if isinstance(value, Mapping) else value
        if not any(one.day == day and one.value and _is_same(one.value.text, text or "") for one in node.readings):
            assert node.csv is not None
            self.merged.results.append(
                LineResult(thing.line, f"{node.ref}: add {text} of {day} to {node.csv.path} by hand")
            )

    def _add_change(self, node: Node, change: Edit) -> None:
        self.changes.setdefault(node.file.path, []).append(change)

    def _add_objective(self, where: GoalLocation, data: dict[str, Value]) -> None:
        known = self._find_file(where)
        if known is not None:
            self.changes.setdefault(known.path, []).append(AppendValue(("objectives",), data))
            return
        path = self._files.setdefault(where, self._free_path(f"okrs/{where.period.id}/{where.team}"))
        team: dict[str, Value] = {} if where.team == COMPANY else {"team": where.team}
        head = {"period": _period_value(where), **team}
        self.new_files.setdefault(path, (head, "objectives", []))[2].append(data)

    def _add_kpi(self, team: str, data: dict[str, Value]) -> None:
        path = f"kpis/{team if ID.match(team) else COMPANY}.yaml"
        known = next((file for file in self.workspace.files if file.path == path and file.kind == "kpi"), None)
        if known is not None:
            self.changes.setdefault(path, []).append(AppendValue(("kpis",), data))
        else:
            self.new_files.setdefault(path, ({}, "kpis", []))[2].append(data)

    def _find_file(self, where: GoalLocation) -> File | None:
        fits = (file for file in self.workspace.files if file.period and file.period.id == where.period.id)
        return next((file for file in fits if file.team == where.team), None)

    def _free_path(self, path: str) -> str:
        """A path that no file has."""
        taken = {file.path for file in self.workspace.files}
        names = (path + ending for ending in (".yaml", *(f"-{number}.yaml" for number in range(2, len(taken) + 3))))
        return next(name for name in names if name not in taken)

    def _report_new(self, thing: ImportedGoal, kind: str, ref: str) -> None:
        count = len(thing.readings)
        readings = f", {count} {'reading' if count == 1 else 'readings'}" if count else ""
        self.merged.results.append(LineResult(thing.line, f"{ref}: new {kind}{readings}", True))
        self._count("new")

    def _count(self, what: str) -> None:
        self.merged.counts[what] = self.merged.counts.get(what, 0) + 1


def _new_node(thing: ImportedGoal, taken: set[str], otherwise: str) -> dict[str, Value]:
    """A new thing with its id in front and its readings behind."""
    name = str(thing.data.get("id") or slug.slugify(thing.title, taken, otherwise))
    taken.add(name)
    rest = {key: value for key, value in thing.data.items() if key != "id"}
    readings: dict[str, Value] = {str(day): thing.readings[day] for day in sorted(thing.readings)}
    return {"id": name, **rest, "readings": readings} if readings else {"id": name, **rest}


def _file_text(head: dict[str, Value], key: str, things: list[Value]) -> str:
    lines = [line for name, value in head.items() for line in scalars.format_entry(name, value, 0)]
    lines += [f"{key}:", *(line for one in things for line in scalars.format_item(one, 2))]
    return "\n".join(lines) + "\n"


def _period_value(where: GoalLocation) -> Value:
    found = where.period
    if found.kind != "custom":
        return found.id
    return {"id": found.id, "start": str(found.start), "end": str(found.end)}


def _is_same(one: object, other: Value) -> bool:
    """Whether both say the same; a reading may be written with its value alone."""
    if isinstance(one, Mapping) or isinstance(other, Mapping):
        left = one if isinstance(one, Mapping) else {"value": one}
        right: Mapping[str, Value] = other if isinstance(other, Mapping) else {"value": other}
        return left.keys() == right.keys() and all(_is_same(value, right[key]) for key, value in left.items())
    if isinstance(one, list) or isinstance(other, list):
        ones, others = (value if isinstance(value, list) else [value] for value in (one, other))
        return len(ones) == len(others) and all(map(_is_same, ones, others))
    return one == other or (one is not None and _number(one) is not None and _number(one) == _number(other))


def _number(raw: object) -> object:
    try:
        found = quantity.parse(str(raw))
    except quantity.QuantityError:
        return None
    return found.number, found.unit


def _describe_conflict(raw: Mapping[str, object], key: str, value: Value) -> str:
    there, here = (f"'{one}'" if isinstance(one, str) else "otherwise" for one in (raw.get(key), value))
    return f"{there if key in raw else 'judged otherwise'}, the line says {here}"
