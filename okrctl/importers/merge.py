"""Merge of imported goals into the files of a workspace: new ones are added, existing ones are kept."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

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
    """The texts of files before and after, by path, and the result of each line."""

    old: dict[str, str | None] = field(default_factory=dict)
    new: dict[str, str] = field(default_factory=dict)
    results: list[LineResult] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)


def merge_draft(workspace: Workspace, draft: ImportDraft, force: bool = False) -> MergeResult:
    """Add what is missing. A value that exists and differs is kept and reported, unless `force` is given.

    Raises EditError where a file cannot be changed safely.
    """
    merger = _Merger(workspace, force)
    merger.reserve_ids(draft)
    for location, goal in draft.objectives:
        merger.merge_objective(location, goal)
    for goal in draft.kpis:
        merger.merge_kpi(goal)
    result = merger.result()
    result.results = sorted([*draft.results, *result.results], key=lambda result: result.line)
    return result


class _Merger:
    def __init__(self, workspace: Workspace, force: bool) -> None:
        self.workspace, self.force = workspace, force
        self.merged = MergeResult()
        self.changes: dict[str, list[Edit]] = {}
        self.new_files: dict[str, tuple[dict[str, Value], str, list[Value]]] = {}
        self._matched: set[int] = set()
        self._taken: dict[object, set[str]] = {}
        self._reserved: dict[object, set[str]] = {}
        self._files: dict[GoalLocation, str] = {}

    def reserve_ids(self, draft: ImportDraft) -> None:
        """Keep the ids that goals bring along from those that are made from titles of others."""
        for location, goal in draft.objectives:
            self._reserved.setdefault(location, set()).update(_own_ids([goal]))
        self._reserved["kpis"] = _own_ids(draft.kpis)

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

    def merge_objective(self, location: GoalLocation, goal: ImportedGoal) -> None:
        siblings = [
            objective
            for objective in self.workspace.objectives
            if (objective.period.id, objective.team) == (location.period.id, location.team)
        ]
        taken = self._taken.setdefault(location, {objective.id for objective in siblings})
        node = self._match(goal, siblings)
        if isinstance(node, Objective):
            self._merge_node(node, goal)
            self._merge_key_results(node, goal)
            return
        if self._is_duplicate(goal, taken):
            return
        data = _new_node(goal, taken, "objective", self._reserved[location])
        result_ids: set[str] = set()
        reserved = _own_ids(goal.key_results)
        kept: list[tuple[ImportedGoal, dict[str, Value]]] = []
        for key_result in goal.key_results:
            if not self._is_duplicate(key_result, result_ids):
                kept.append((key_result, _new_node(key_result, result_ids, "key-result", reserved)))
        results: list[Value] = [result for _, result in kept]
        self._add_objective(location, {**data, "key_results": results} if results else data)
        ref = f"{location.period.id}/{location.team}/{data['id']}"
        self._report_new(goal, "objective", ref)
        for key_result, result in kept:
            self._report_new(key_result, "key result", f"{ref}.{result['id']}")

    def merge_kpi(self, goal: ImportedGoal) -> None:
        node = self._match(goal, self.workspace.kpi_nodes)
        if node is not None:
            self._merge_node(node, goal)
            return
        taken = self._taken.setdefault("kpis", set(self.workspace.kpis))
        if self._is_duplicate(goal, taken):
            return
        data = _new_node(goal, taken, "kpi", self._reserved["kpis"])
        self._add_kpi(str(data.get("team") or COMPANY), data)
        self._report_new(goal, "KPI", str(data["id"]))

    def _merge_key_results(self, above: Objective, goal: ImportedGoal) -> None:
        taken = self._taken.setdefault(above.ref, {result.id for result in above.key_results})
        for key_result in goal.key_results:
            node = self._match(key_result, above.key_results)
            if node is not None:
                self._merge_node(node, key_result)
                continue
            if self._is_duplicate(key_result, taken):
                continue
            data = _new_node(key_result, taken, "key-result", _own_ids(goal.key_results))
            self._add_change(above, AppendValue((*above.route, "key_results"), data))
            self._report_new(key_result, "key result", f"{above.ref}.{data['id']}")

    def _is_duplicate(self, goal: ImportedGoal, taken: set[str]) -> bool:
        """Whether an earlier line has the same id, with a report."""
        twice = goal.data.get("id") in taken
        if twice:
            self.merged.results.append(
                LineResult(goal.line, f"the id '{goal.data['id']}' is already used by an earlier line")
            )
        return twice

    def _match(self, goal: ImportedGoal, among: Sequence[Node]) -> Node | None:
        """The node with the same id, else the same title, that no earlier line has matched."""
        wanted = None if goal.has_made_id else goal.data.get("id")
        for node in among:
            same = node.id == wanted if wanted else node.model.title == goal.title
            if same and id(node) not in self._matched:
                self._matched.add(id(node))
                return node
        return None

    def _merge_node(self, node: Node, goal: ImportedGoal) -> None:
        """Add what an existing node lacks."""
        before = self._change_count()
        raw = validate.mapping_at(node.file.document.data, node.route)
        for key, value in goal.data.items():
            self._merge_field(node, goal, raw, key, value)
        for day, value in goal.readings.items():
            self._merge_reading(node, goal, day, value)
        added = self._change_count() - before
        what = f"{added} {'addition' if added == 1 else 'additions'}" if added else "unchanged"
        self.merged.results.append(LineResult(goal.line, f"{node.ref}: {what}", "placed"))
        self._count("changed" if added else "there already")

    def _change_count(self) -> int:
        return sum(map(len, self.changes.values()))

    def _merge_field(self, node: Node, goal: ImportedGoal, raw: Mapping[str, object], key: str, value: Value) -> None:
        if key == "id" or _is_same(raw.get(key), value):
            return
        is_other_measure = key in MEASURE_KEYS and key not in raw and not raw.keys().isdisjoint(MEASURE_KEYS)
        if (key in raw and not self.force) or is_other_measure:
            self.merged.results.append(
                LineResult(goal.line, f"{node.ref} keeps its {key}: {_describe_conflict(raw, key, value)}")
            )
            return
        self._add_change(node, SetValue((*node.route, key), value))

    def _merge_reading(self, node: Node, goal: ImportedGoal, day: date, value: Value) -> None:
        if isinstance(node, KeyResult | Kpi) and node.csv is not None:
            self._merge_csv_reading(node, goal, day, value)
            return
        existing = validate.mapping_at(node.file.document.data, (*node.route, "readings"))
        newest = max(existing, default=None)
        if day == goal.undated_day and newest is not None and _is_same(existing[newest], value):
            return
        key = find_reading_key(existing, day)
        if key is not None and _is_same(existing[key], value):
            return
        if key is not None and not self.force:
            self.merged.results.append(LineResult(goal.line, f"{node.ref} keeps its reading of {day}"))
            return
        self._add_change(node, SetValue((*node.route, "readings", key or str(day)), value))

    def _merge_csv_reading(self, node: KeyResult | Kpi, goal: ImportedGoal, day: date, value: Value) -> None:
        text = value.get("value") if isinstance(value, Mapping) else value
        readings = (reading for reading in node.readings if reading.day == day and reading.value)
        if not any(_is_same(reading.value.text, text or "") for reading in readings if reading.value):
            assert node.csv is not None
            self.merged.results.append(
                LineResult(goal.line, f"{node.ref}: add {text} of {day} to {node.csv.path} by hand")
            )

    def _add_change(self, node: Node, change: Edit) -> None:
        self.changes.setdefault(node.file.path, []).append(change)

    def _add_objective(self, location: GoalLocation, data: dict[str, Value]) -> None:
        known = self._find_file(location)
        if known is not None:
            self.changes.setdefault(known.path, []).append(AppendValue(("objectives",), data))
            return
        path = self._files.setdefault(location, self._free_path(f"okrs/{location.period.id}/{location.team}"))
        team: dict[str, Value] = {} if location.team == COMPANY else {"team": location.team}
        head = {"period": _period_value(location), **team}
        self.new_files.setdefault(path, (head, "objectives", []))[2].append(data)

    def _add_kpi(self, team: str, data: dict[str, Value]) -> None:
        path = f"kpis/{team if ID.match(team) else COMPANY}.yaml"
        known = next((file for file in self.workspace.files if file.path == path and file.kind == "kpi"), None)
        if known is not None:
            self.changes.setdefault(path, []).append(AppendValue(("kpis",), data))
        else:
            self.new_files.setdefault(path, ({}, "kpis", []))[2].append(data)

    def _find_file(self, location: GoalLocation) -> File | None:
        fits = (file for file in self.workspace.files if file.period and file.period.id == location.period.id)
        return next((file for file in fits if file.team == location.team), None)

    def _free_path(self, path: str) -> str:
        """A path without a file."""
        taken = {file.path for file in self.workspace.files}
        names = (path + ending for ending in (".yaml", *(f"-{number}.yaml" for number in range(2, len(taken) + 3))))
        return next(name for name in names if name not in taken)

    def _report_new(self, goal: ImportedGoal, kind: str, ref: str) -> None:
        count = len(goal.readings)
        readings = f", {count} {'reading' if count == 1 else 'readings'}" if count else ""
        self.merged.results.append(LineResult(goal.line, f"{ref}: new {kind}{readings}", "placed"))
        self._count("new")

    def _count(self, what: str) -> None:
        self.merged.counts[what] = self.merged.counts.get(what, 0) + 1


def _own_ids(goals: Iterable[ImportedGoal]) -> set[str]:
    """The ids that goals bring along."""
    return {str(goal.data["id"]) for goal in goals if "id" in goal.data}


def _new_node(goal: ImportedGoal, taken: set[str], otherwise: str, reserved: set[str]) -> dict[str, Value]:
    """A new node with its id first and its readings last; an id made from the title is neither taken nor reserved."""
    name = str(goal.data.get("id") or slug.slugify(goal.title, taken | reserved, otherwise))
    taken.add(name)
    rest = {key: value for key, value in goal.data.items() if key != "id"}
    readings: dict[str, Value] = {str(day): goal.readings[day] for day in sorted(goal.readings)}
    return {"id": name, **rest, "readings": readings} if readings else {"id": name, **rest}


def _file_text(head: dict[str, Value], key: str, entries: list[Value]) -> str:
    lines = [line for name, value in head.items() for line in scalars.format_entry(name, value, 0)]
    lines += [f"{key}:", *(line for entry in entries for line in scalars.format_item(entry, 2))]
    return "\n".join(lines) + "\n"


def _period_value(location: GoalLocation) -> Value:
    period = location.period
    if period.kind != "custom":
        return period.id
    return {"id": period.id, "start": str(period.start), "end": str(period.end)}


def _is_same(old: object, new: Value) -> bool:
    """Whether both values are the same; a reading may be written as its value alone."""
    if isinstance(old, Mapping) or isinstance(new, Mapping):
        left, right = _with_value(old), _with_value(new)
        return left.keys() == right.keys() and all(_is_same(value, right[key]) for key, value in left.items())
    if isinstance(old, list) or isinstance(new, list):
        olds, news = _as_list(old), _as_list(new)
        return len(olds) == len(news) and all(map(_is_same, olds, news))
    number = None if old is None else _number(old)
    return old == new or (number is not None and number == _number(new))


def _as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _with_value(reading: Any) -> Mapping[str, Any]:
    return reading if isinstance(reading, Mapping) else {"value": reading}


def _number(raw: object) -> object:
    try:
        parsed = quantity.parse(str(raw))
    except quantity.QuantityError:
        return None
    return parsed.number, parsed.unit


def _describe_conflict(raw: Mapping[str, object], key: str, value: Value) -> str:
    existing, imported = (f"'{text}'" if isinstance(text, str) else "another value" for text in (raw.get(key), value))
    return f"{existing if key in raw else 'it has another measure'}, the line has {imported}"
