"""Finds goals in YAML and JSON of other tools: mappings with a list of key results, whatever the keys are called."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from okrctl.importers import SourceFile, SourceGoal, table
from okrctl.importers.meaning import headers
from okrctl.importers.meaning.notation import NATIVE
from okrctl.values.errors import OkrctlError
from okrctl.values.quantity import truncate
from okrctl.yaml import Document, Source, parse

Route = tuple[str | int, ...]
_OBJECTIVE_LISTS = frozenset(
    "objectives|goals|okrs|ziele|objectifs|objetivos|obiettivi|doelen|doelstellingen|objective|items|data|results".split(
        "|"
    )
)
_CHILD_LISTS = frozenset("children|sub objectives|subobjectives|child objectives|sub goals|objectives|goals".split("|"))
_READING_LISTS = frozenset(
    "check ins|checkins|readings|history|values|measurements|progress updates|updates|data points|messwerte".split("|")
)
_CONTEXT = ("period", "team", "owner")
_NAME_KEYS = ("name", "title", "full name", "display name", "id", "login", "username", "email", "slug")
_RESULT_LISTS = frozenset(("results", "metrics", "measures", "outcomes"))
_GROUPS = ("team", "period")  # a list of these has the goals of each below its name
MAX_DEPTH = 30


def read(name: str, text: str, mapping: Mapping[str, str]) -> SourceFile:
    """The goals of a document; OkrctlError where it cannot be parsed."""
    data, document = _load(name, text)
    reader = _StructureReader(name, mapping, document)
    reader.walk(data, (), {})
    return reader.source


def _load(name: str, text: str) -> tuple[Any, Document | None]:
    is_yaml = name.lower().endswith((".yaml", ".yml"))
    if not is_yaml:
        try:
            data = json.loads(text, parse_int=_native, parse_float=_native)
        except ValueError as error:
            lines = [line for line in text.splitlines() if line.strip()]
            try:
                data = [json.loads(line, parse_int=_native, parse_float=_native) for line in lines]
            except ValueError:
                raise OkrctlError(
                    f"{name} is no JSON: {error}", "export it as CSV with a row for each key result"
                ) from error
            except RecursionError as deep:
                raise OkrctlError(f"{name} is nested too deep", "export it as CSV") from deep
            return data, None
        except RecursionError as error:
            raise OkrctlError(f"{name} is nested too deep", "export it as CSV") from error
        document = parse(Source(name, text))
        return data, None if document.problems else document
    document = parse(Source(name, text))
    if document.problems:
        problem = document.problems[0]
        raise OkrctlError(f"{name}:{problem.span.line}: {problem.message}", problem.help or "correct the YAML first")
    return document.data, document


def _native(digits: str) -> str:
    return f"{digits}{NATIVE}"


def _scalar(value: object) -> str | None:
    """A scalar as text; None for a list or mapping."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if value is None:
        return ""
    if isinstance(value, str):
        is_number = re.fullmatch(r"-?[0-9]+(\.[0-9]+)?", value)
        return _native(value) if is_number else value.strip()
    return None if isinstance(value, list | dict) else str(value)


class _StructureReader:
    def __init__(self, name: str, mapping: Mapping[str, str], document: Document | None) -> None:
        self.name, self.mapping, self.document = name, mapping, document
        self.source = SourceFile()
        self.unknown: set[str] = set()

    def line(self, route: Route) -> int:
        return self.document.key_span(route).line if self.document is not None else 1

    def column(self, key: str) -> str:
        if key in self.mapping:
            return self.mapping[key]
        found = headers.find_header(key)
        return found.ours if found and not found.guess else ""

    def walk(self, data: object, route: Route, context: Mapping[str, str], parent: SourceGoal | None = None) -> None:
        """Look for objectives in all that is there."""
        if len(route) > MAX_DEPTH:
            self.source.report(self.line(route), f"{pointer(route)} is nested too deep")
        elif isinstance(data, list) and self._are_rows(data):
            self._read_rows(data, route, context)
        elif isinstance(data, list):
            for place, item in enumerate(data):
                self._walk_item(item, (*route, place), context, parent)
        elif isinstance(data, dict):
            if self._results_key(data) is not None and self._title(data):
                self._add_objective(data, route, context, parent)
            else:
                self._walk_mapping(data, route, context, parent)
        elif (text := _scalar(data)) and route:
            self.source.report(self.line(route), f"{pointer(route)}: '{truncate(text)}' is outside of all goals")

    def _are_rows(self, data: list[object]) -> bool:
        """Whether a list is a table: mappings without lists that name their level, parent or objective."""
        rows = [item for item in data if isinstance(item, dict)]
        if len(rows) < len(data) or not rows or any(self._results_key(row) is not None for row in rows):
            return False
        ours = {self.column(str(key)) for row in rows for key in row}
        has_title = bool({"title", "objective", "key_result"} & ours)
        return (bool({"level", "parent"} & ours) and has_title) or (
            {"objective", "key_result"} <= ours or self._are_measured(ours)
        )

    def _are_measured(self, ours: set[str]) -> bool:
        """Whether rows are key results without an objective: they have a target, and what it is measured from."""
        return bool({"title", "key_result"} & ours) and "target" in ours and bool({"start", "current"} & ours)

    def _read_rows(self, data: list[object], route: Route, context: Mapping[str, str]) -> None:
        rows = [item for item in data if isinstance(item, dict)]
        names = list(dict.fromkeys(str(key) for row in rows for key in row))
        found = [
            table.Row(self.line((*route, place)), [self._named(row.get(name)) for name in names])
            for place, row in enumerate(rows)
        ]
        mapping = {theirs: ours for theirs, ours in self.mapping.items() if theirs in names}
        grid = table.build_grid(names, found, mapping, self.source, self.line(route))
        table.assemble(grid, self.source, context, table.title_of_file(self.name))

    def _walk_item(self, item: object, route: Route, context: Mapping[str, str], parent: SourceGoal | None) -> None:
        above = next((step for step in reversed(route) if isinstance(step, str)), "")
        if not isinstance(item, dict):
            self.walk(item, route, context, parent)
            return
        context, item = self._within_group(item, above, context)
        is_listed = headers.normalize(above) in _OBJECTIVE_LISTS or not above
        if self._results_key(item) is not None or (is_listed and self._is_bare_objective(item)):
            self._add_objective(item, route, context, parent)
        else:
            self.walk(item, route, context, parent)

    def _within_group(
        self, item: Mapping[str, object], above: str, context: Mapping[str, str]
    ) -> tuple[Mapping[str, str], Mapping[str, object]]:
        """`teams: [{name: Growth, goals: [...]}]`: the goals of an item of such a list belong to what it names."""
        group, name = self.column(above) if above else "", self._named(item)
        if group not in _GROUPS or not name or self._results_key(item) is not None:
            return context, item
        return {**context, group: name}, {key: value for key, value in item.items() if not self._is_name(key, value)}

    def _is_bare_objective(self, item: Mapping[str, object]) -> bool:
        """A title and nothing that holds further mappings."""
        nested = any(
            isinstance(value, list) and any(isinstance(child, dict) for child in value) for value in item.values()
        )
        return bool(self._title(item)) and not nested

    def _walk_mapping(
        self, data: Mapping[str, object], route: Route, context: Mapping[str, str], parent: SourceGoal | None
    ) -> None:
        inner = dict(context)
        nested: list[str] = []
        for key, value in data.items():
            ours, text = self.column(key), _scalar(value)
            if ours in _CONTEXT and not _holds_lists(value) and self._named(value):
                inner[ours] = self._named(value)
            elif isinstance(value, list | dict):
                nested.append(key)
            elif text:
                place = (*route, key)
                self.source.report(self.line(place), f"{pointer(place)}: '{truncate(text)}' is outside of all goals")
        for key in nested:
            value = self._with_id(data[key], route, key)
            self.walk(value, (*route, key), self._below_key(inner, value, route, key), parent)

    def _with_id(self, value: object, route: Route, key: str) -> object:
        """An objective in a mapping of objectives has its key as its id."""
        is_listed = bool(route) and headers.normalize(str(route[-1])) in _OBJECTIVE_LISTS
        is_objective = is_listed and isinstance(value, dict) and self._results_key(value) is not None
        return {"id": key, **value} if is_objective and isinstance(value, dict) else value

    def _below_key(self, context: Mapping[str, str], value: object, route: Route, key: str) -> Mapping[str, str]:
        """What holds below a key: `teams: {growth: [...]}` has the goals of a team, `2018` above `Q1` is a period."""
        below = self._with_period(context, key)
        group = self.column(str(route[-1])) if route and _holds_goals(value) else ""
        return {**below, group: key} if group in _GROUPS and group not in context else below

    def _with_period(self, context: Mapping[str, str], key: str) -> Mapping[str, str]:
        """`2018` above `Q1` is a period."""
        if re.fullmatch(r"(?:FY)?[0-9]{4}|[QHT][1-4]|[0-9]{4}[- ]?[QHT][1-4]|[QHT][1-4][- ][0-9]{4}", key):
            return {**context, "period": f"{context.get('period', '')} {key}".strip()}
        return context

    def _named(self, value: object) -> str:
        """A text, or the name of a mapping such as `owner: {name: Ola}`."""
        text = _scalar(value)
        if text is not None:
            return text.removesuffix(NATIVE)
        if isinstance(value, list) and value:
            return ", ".join(filter(None, (self._named(item) for item in value)))
        if isinstance(value, dict):
            by_name = {headers.normalize(str(key)): child for key, child in value.items()}
            return next((self._named(by_name[key]) for key in _NAME_KEYS if key in by_name), "")
        return ""

    def _report_beside_name(self, value: object, route: Route) -> None:
        """Say what else a mapping has that only names a person, team, period or goal."""
        if isinstance(value, dict):
            name = self._named(value)
            for key, child in value.items():
                shown = self._named(child)
                if shown and shown != name:
                    place = pointer((*route, str(key)))
                    self.source.report(self.line(route), f"{place}: '{truncate(shown)}' has no place beside the name")

    def _is_name(self, key: str, value: object) -> bool:
        return headers.normalize(key) in _NAME_KEYS and _scalar(value) is not None

    def _results_key(self, data: Mapping[str, object]) -> str | None:
        for key, value in data.items():
            if not isinstance(value, list) and not _is_mapping_of_mappings(value):
                continue
            if self.column(key) == "key_result" or headers.normalize(key) in _RESULT_LISTS:
                return key
        return None

    def _title(self, data: Mapping[str, object]) -> str:
        order = ("objective", "title", "key_result", "description")
        found = {self.column(key): text for key, value in reversed(list(data.items())) if (text := _scalar(value))}
        return next((found[name] for name in order if found.get(name)), "")

    def _add_objective(
        self, data: Mapping[str, object], route: Route, context: Mapping[str, str], parent: SourceGoal | None
    ) -> None:
        results = self._results_key(data)
        children = [key for key in data if headers.normalize(key) in _CHILD_LISTS and isinstance(data[key], list)]
        goal = SourceGoal(self.line(route), "objective", dict(context), parent=parent)
        rest = {key: value for key, value in data.items() if key != results and key not in children}
        self._fill(goal, rest, route, ("objective", "title", "description"))
        self._require_title(goal, route, "Objective", len(self.source.goals))
        self.source.goals.append(goal)
        listed = data[results] if results is not None else []
        for place, (step, item) in enumerate(_entries(listed)):
            self._add_key_result(goal, item, (*route, results or "", step), place)
        for key in children:
            self.walk(data[key], (*route, key), {**context, **self._place_of(goal)}, goal)

    def _require_title(self, goal: SourceGoal, route: Route, kind: str, number: int) -> None:
        if not goal.cells.get("title"):
            goal.cells["title"] = f"{kind} {number + 1}"
            self.source.remark(goal.line, f"{pointer(route)} has no title; it is called '{goal.cells['title']}'")

    def _place_of(self, goal: SourceGoal) -> dict[str, str]:
        return {name: goal.cells[name] for name in ("team", "period") if goal.cells.get(name)}

    def _add_key_result(self, above: SourceGoal, item: object, route: Route, place: int) -> None:
        goal = SourceGoal(self.line(route), "key-result", {})
        text = _scalar(item)
        if text is not None:
            goal.cells["title"] = text
        elif isinstance(item, dict):
            self._fill(goal, item, route, ("key_result", "title", "description"))
        if not goal.cells:
            self.source.report(goal.line, f"{pointer(route)} has no title")
            return
        self._require_title(goal, route, "Result", place)
        above.children.append(goal)

    def _fill(self, goal: SourceGoal, data: Mapping[str, object], route: Route, titles: tuple[str, ...]) -> None:
        for key, value in data.items():
            self._fill_field(goal, key, value, (*route, key))
        title = next((name for name in titles if goal.cells.get(name)), None)
        if title is not None:
            goal.cells["title"] = goal.cells.pop(title)
        for name in ("objective", "key_result", "kpi"):
            goal.cells.pop(name, None)

    def _fill_field(self, goal: SourceGoal, key: str, value: object, route: Route) -> None:
        ours, text = self.column(key), _scalar(value)
        if headers.normalize(key) in _READING_LISTS and isinstance(value, list | dict):
            self._fill_readings(goal, value, route)
        elif ours in ("owner", "team", "tags", "link", "parent", "period") and text is None:
            goal.cells.setdefault(ours, self._named(value))
            self._report_beside_name(value, route)
        elif isinstance(value, dict):
            for inner, child in value.items():
                self._fill_field(goal, str(inner), child, (*route, str(inner)))
        elif text and ours:
            goal.cells.setdefault(ours, text)
        elif text or value:
            shown = f"'{truncate(text.removesuffix(NATIVE))}'" if text else "a list"
            self.source.report(self.line(route), f"{pointer(route)}: {shown} has no place; --columns FILE can keep it")

    def _fill_readings(self, goal: SourceGoal, value: object, route: Route) -> None:
        """`{2026-04-13: 12}` or `[{date: ..., value: ...}]`."""
        if isinstance(value, dict):
            entries = [(str(day), _scalar(reading) or "") for day, reading in value.items()]
        else:
            assert isinstance(value, list)
            entries = []
            for item in value:
                found = (
                    {self.column(str(key)): _scalar(child) or "" for key, child in item.items()}
                    if isinstance(item, dict)
                    else {}
                )
                entries.append((found.get("date", ""), found.get("current", "")))
        for day, reading in entries:
            if day and reading:
                goal.series.append((day.removesuffix(NATIVE), reading))
            else:
                self.source.report(self.line(route), f"{pointer(route)}: a reading without a day or a value")


def _is_mapping_of_mappings(value: object) -> bool:
    return isinstance(value, dict) and bool(value) and all(isinstance(child, dict) for child in value.values())


def _holds_goals(value: object) -> bool:
    return isinstance(value, list) or _holds_lists(value)


def _holds_lists(value: object) -> bool:
    """Whether what is called `team` or `period` has goals below it, so that it is more than a name."""
    if isinstance(value, dict):
        return any(
            (isinstance(child, list) and any(isinstance(item, dict) for item in child)) or _holds_lists(child)
            for child in value.values()
        )
    return isinstance(value, list) and any(map(_holds_lists, value))


def _entries(listed: object) -> Iterator[tuple[str | int, object]]:
    """The items of a list by their places, or those of a mapping by their keys, which are their ids."""
    if isinstance(listed, dict):
        yield from ((str(key), {"id": str(key), **item}) for key, item in listed.items())
    elif isinstance(listed, list):
        yield from enumerate(listed)


def pointer(route: Route) -> str:
    """The place of a value as a JSON pointer."""
    return "/" + "/".join(str(step).replace("~", "~0").replace("/", "~1") for step in route)
