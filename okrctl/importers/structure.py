"""Finds goals in YAML and JSON of other tools: mappings with a list of key results, whatever the keys are called."""

from __future__ import annotations

import itertools
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from okrctl.importers import SourceFile, SourceGoal, SourceReading, columns, table
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
_NAME_KEYS = (
    "name", "title", "full name", "display name", "first and last name", "login", "username", "email", "slug", "id",
)  # fmt: skip
_RESULT_LISTS = frozenset(("results", "metrics", "measures", "outcomes"))
_GROUPS = ("team", "period")  # a list of these has the goals of each below its name
_WRAPPERS = frozenset(("attributes", "fields", "properties", "relationships", "custom fields", "values"))
_NAMED_LISTS = {
    "owner": frozenset(("users", "people", "members", "owners", "employees", "persons", "assignees")),
    "team": frozenset(("teams", "groups", "departments", "squads", "units")),
    "period": frozenset(("periods", "cycles", "quarters", "sessions", "timeframes")),
}
_NUMBERED_RESULT = re.compile(r"(?:kr|key results?) ?[0-9]{1,2}")
MAX_DEPTH = 30


def read(name: str, text: str, mapping: Mapping[str, str]) -> SourceFile:
    """The goals of a document; OkrctlError where it cannot be parsed."""
    data, document = _load(name, text)
    data = _unwrap(data, 0)
    reader = _StructureReader(name, mapping, document)
    reader.learn_names(data)
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
                    f"{name} is not valid JSON: {error}", "export it as CSV with a row for each key result"
                ) from error
            except RecursionError as deep:
                raise OkrctlError(f"{name} is nested too deeply", "export it as CSV") from deep
            return data, None
        except RecursionError as error:
            raise OkrctlError(f"{name} is nested too deeply", "export it as CSV") from error
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
        self.names: dict[tuple[str, str], str] = {}  # of people, teams and periods, by what they are and their ids

    def learn_names(self, data: object) -> None:
        """Take note of lists such as `users: [{id: u1, name: Ola}]`, so that `ownerId: u1` is Ola."""
        stack = [data]
        while stack:
            value = stack.pop()
            stack += value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
            for key, child in value.items() if isinstance(value, dict) else ():
                kind = next((ours for ours, words in _NAMED_LISTS.items() if headers.normalize(str(key)) in words), "")
                for item in child if kind and isinstance(child, list) else ():
                    self._learn_name(kind, item)

    def _learn_name(self, kind: str, item: object) -> None:
        identifier = self._id(item)
        if identifier and isinstance(item, dict):
            self.names[kind, identifier] = self._name_of({key: child for key, child in item.items() if key != "id"})

    def _id(self, item: object) -> str:
        """The id of a mapping as others refer to it."""
        found = (
            (value for key, value in item.items() if self.column(str(key)) == "id") if isinstance(item, dict) else ()
        )
        return (_scalar(next(iter(found), None)) or "").removesuffix(NATIVE)

    def _resolve(self, ours: str, text: str) -> str:
        """The name behind an id of a person, team or period, else the text."""
        return self.names.get((ours, text.removesuffix(NATIVE)), text)

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
            self.source.report(self.line(route), f"{pointer(route)} is nested too deeply")
        elif isinstance(data, list) and self._are_rows(data):
            self._read_rows(data, route, context)
        elif isinstance(data, list):
            for place, item in enumerate(data):
                self._walk_item(item, (*route, place), context, parent)
        elif isinstance(data, dict):
            if self._is_objective(data):
                self._add_objective(data, route, context, parent)
            else:
                self._walk_mapping(data, route, context, parent)
        elif (text := _scalar(data)) and route:
            self.source.report(self.line(route), f"{pointer(route)}: '{truncate(text)}' belongs to no goal")

    def _are_rows(self, data: list[object]) -> bool:
        """Whether a list is a table: mappings without lists that name their level, parent or objective."""
        rows = [item for item in data if isinstance(item, dict)]
        if len(rows) < len(data) or not rows or any(map(self._has_children, rows)):
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
        rows = [((*route, place), item) for place, item in enumerate(data) if isinstance(item, dict)]
        self._add_table(rows, route, context, {})

    def _add_table(
        self,
        rows: Sequence[tuple[Route, Mapping[str, object]]],
        route: Route,
        context: Mapping[str, str],
        extra: Mapping[str, str],
    ) -> None:
        names = list(dict.fromkeys(str(key) for _, row in rows for key in row))
        found = [
            columns.Row(
                self.line(place), [self._resolve(self.column(name), self._name_of(row.get(name))) for name in names]
            )
            for place, row in rows
        ]
        mapping = {theirs: ours for theirs, ours in {**self.mapping, **extra}.items() if theirs in names}
        grid = columns.build_grid(names, found, mapping, self.source, self.line(route))
        table.assemble(grid, self.source, context, table.title_of_file(self.name))

    def _walk_item(self, item: object, route: Route, context: Mapping[str, str], parent: SourceGoal | None) -> None:
        above = next((step for step in reversed(route) if isinstance(step, str)), "")
        if not isinstance(item, dict):
            self.walk(item, route, context, parent)
            return
        context, item = self._within_group(item, above, context)
        is_listed = headers.normalize(above) in _OBJECTIVE_LISTS or not above
        if self._is_objective(item) or (is_listed and self._is_bare_objective(item)):
            self._add_objective(item, route, context, parent)
        else:
            self.walk(item, route, context, parent)

    def _within_group(
        self, item: Mapping[str, object], above: str, context: Mapping[str, str]
    ) -> tuple[Mapping[str, str], Mapping[str, object]]:
        """`teams: [{name: Growth, goals: [...]}]`: the goals of an item of such a list belong to what it names."""
        group, name = self.column(above) if above else "", self._name_of(item)
        if group not in _GROUPS or not name or self._results_key(item) is not None:
            return context, item
        return {**context, group: name}, {key: value for key, value in item.items() if not self._is_name(key, value)}

    def _is_objective(self, item: Mapping[str, object]) -> bool:
        """Whether a mapping has a title, and key results below it or a level that says so."""
        if not self._title(item):
            return False
        return self._results_key(item) is not None or any(
            self._is_result(child) for key in self._child_lists(item) for child in _dicts(item[key])
        )

    def _has_children(self, item: Mapping[str, object]) -> bool:
        return self._results_key(item) is not None or any(item[key] for key in self._child_lists(item))

    def _child_lists(self, item: Mapping[str, object]) -> list[str]:
        return [key for key, value in item.items() if isinstance(value, list) and self._is_child_list(key, value)]

    def _is_child_list(self, key: str, listed: list[object]) -> bool:
        """Whether a list has goals below one: it is called so, or each of its items has a title and a target."""
        if headers.normalize(key) in _CHILD_LISTS:
            return True
        items = _dicts(listed)
        is_other = headers.normalize(key) in _READING_LISTS
        return bool(items) and not is_other and all(self._title(item) and self._is_result(item) for item in items)

    def _is_result(self, item: Mapping[str, object]) -> bool:
        """Whether one of the children of an objective is a key result: it says so, or it has a target."""
        level = next((_scalar(value) or "" for key, value in item.items() if self.column(str(key)) == "level"), "")
        if kind := columns.kind_of_level(level):
            return kind == "key-result"
        inner = [item, *(value for value in item.values() if isinstance(value, dict))]
        return self._results_key(item) is None and any("target" in map(self.column, part) for part in inner)

    def _is_bare_objective(self, item: Mapping[str, object]) -> bool:
        """A title and nothing that holds further mappings."""
        nested = any(
            isinstance(value, list) and any(isinstance(child, dict) for child in value) for value in item.values()
        )
        return bool(self._title(item)) and not nested

    def _walk_mapping(
        self, data: Mapping[str, object], route: Route, context: Mapping[str, str], parent: SourceGoal | None
    ) -> None:
        inner, own = dict(context), dict[str, str]()
        nested: list[str] = []
        related = self._related_lists(data)
        for key, value in data.items():
            if key in related:
                continue
            ours, text = self.column(key), _scalar(value)
            if ours in _CONTEXT and not _holds_lists(value) and self._name_of(value):
                named = self._resolve(ours, self._name_of(value))
                inner[ours] = _joined_period(own.get(ours, ""), named) if ours == "period" else named
                own[ours] = inner[ours]
            elif isinstance(value, list | dict):
                nested.append(key)
            elif text:
                place = (*route, key)
                self.source.report(self.line(place), f"{pointer(place)}: '{truncate(text)}' belongs to no goal")
        if related:
            self._read_related(data, related, route, inner)
        has_teams = self._team_by_key(data, nested, inner)
        for key in nested:
            value = self._with_id(data[key], route, key)
            below = self._below_key(inner, value, route, key)
            if has_teams:
                below = {**below, "team": key}
                self.source.remark(self.line((*route, key)), f"team '{key}' read from {pointer((*route, key))}")
            self.walk(value, (*route, key), below, parent)

    def _related_lists(self, data: Mapping[str, object]) -> tuple[str, ...]:
        """The keys of two lists, of objectives and of key results that name their objective by its id."""
        lists = {key: items for key, value in data.items() if (items := _dicts(value)) and value == items}
        for above, below in itertools.permutations(lists, 2):
            known = {self._id(item) for item in lists[above]} - {""}
            if known and all(self._above(item) in known for item in lists[below]):
                return above, below
        return ()

    def _above(self, item: Mapping[str, object]) -> str:
        """The id of the objective that a key result names."""
        found = {self.column(str(key)): _scalar(value) or "" for key, value in item.items()}
        return (found.get("objective_id") or found.get("parent") or "").removesuffix(NATIVE)

    def _read_related(
        self, data: Mapping[str, object], related: tuple[str, ...], route: Route, context: Mapping[str, str]
    ) -> None:
        rows: list[tuple[Route, dict[str, object]]] = []
        for key, level in zip(related, ("objective", "key result"), strict=True):
            listed = data[key]
            assert isinstance(listed, list)
            rows += [((*route, key, place), {**item, "level": level}) for place, item in enumerate(listed)]
        self._add_table(rows, route, context, {"level": "level"})

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

    def _team_by_key(self, data: Mapping[str, object], nested: Sequence[str], context: Mapping[str, str]) -> bool:
        """Whether the keys of a mapping are teams: several unknown words above lists of goals, and no other team."""
        lists = [key for key in nested if isinstance(data[key], list)]
        is_known = any(
            self.column(key) or headers.normalize(key) in _OBJECTIVE_LISTS | _RESULT_LISTS | _CHILD_LISTS
            or self._with_period({}, key) for key in nested
        )  # fmt: skip
        if len(lists) < 2 or len(lists) < len(nested) or is_known or context.get("team"):
            return False
        return all(self._is_objective(item) for key in lists for item in _dicts(data[key]))

    def _with_period(self, context: Mapping[str, str], key: str) -> Mapping[str, str]:
        """`2018` above `Q1` is a period."""
        if re.fullmatch(r"(?:FY)?[0-9]{4}|[QHT][1-4]|[0-9]{4}[- ]?[QHT][1-4]|[QHT][1-4][- ][0-9]{4}", key):
            return {**context, "period": f"{context.get('period', '')} {key}".strip()}
        return context

    def _name_of(self, value: object) -> str:
        """A text, or the name of a mapping such as `owner: {name: Ola}`."""
        text = _scalar(value)
        if text is not None:
            return text.removesuffix(NATIVE)
        if isinstance(value, list) and value:
            return ", ".join(filter(None, (self._name_of(item) for item in value)))
        if isinstance(value, dict):
            by_name = {headers.normalize(str(key)): self._name_of(child) for key, child in value.items()}
            by_name["first and last name"] = " ".join(filter(None, map(by_name.get, ("first name", "last name"))))
            return next((by_name[key] for key in _NAME_KEYS if by_name.get(key)), "")
        return ""

    def _report_beside_name(self, value: object, route: Route) -> None:
        """Say what else a mapping has that only names a person, team, period or goal."""
        if isinstance(value, dict):
            name = self._name_of(value)
            for key, child in value.items():
                shown = self._name_of(child)
                if shown and shown not in (name, *name.split()):
                    place = pointer((*route, str(key)))
                    self.source.report(self.line(route), f"{place}: '{truncate(shown)}' cannot be kept beside the name")

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
        children = [key for key in self._child_lists(data) if key != results]
        goal = SourceGoal(self.line(route), "objective", dict(context), parent=parent)
        rest = {key: value for key, value in data.items() if key != results and key not in children}
        self._fill(goal, rest, route, ("objective", "title", "description"))
        self._require_title(goal, route, "Objective", len(self.source.goals))
        self.source.goals.append(goal)
        listed = data[results] if results is not None else []
        for place, (step, item) in enumerate(_entries(listed)):
            self._add_key_result(goal, item, (*route, results or "", step), place)
        for key in children:
            self._add_children(goal, data[key], (*route, key), context)

    def _add_children(self, goal: SourceGoal, listed: object, route: Route, context: Mapping[str, str]) -> None:
        """Key results and further objectives below one."""
        assert isinstance(listed, list)
        for place, item in enumerate(listed):
            if isinstance(item, dict) and self._is_result(item):
                self._add_key_result(goal, item, (*route, place), place)
            else:
                self._walk_item(item, (*route, place), {**context, **self._place_of(goal)}, goal)

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
        for key in sorted(data, key=_is_secondary):
            self._fill_field(goal, key, data[key], (*route, key))
        title = next((name for name in titles if goal.cells.get(name)), None)
        if title is None and not headers.is_type_word(goal.cells.get("metric", "number")):
            title = "metric"
        if title is not None:
            goal.cells["title"] = goal.cells.pop(title)
        for name in ("objective", "key_result"):
            goal.cells.pop(name, None)

    def _fill_field(self, goal: SourceGoal, key: str, value: object, route: Route) -> None:
        text = _scalar(value)
        ours = self._column_of(key, text or "")
        if headers.normalize(key) in _READING_LISTS and isinstance(value, list | dict):
            self._fill_readings(goal, value, route)
        elif ours in ("owner", "team", "tags", "link", "parent", "period") and text is None:
            goal.cells.setdefault(ours, self._name_of(value))
            self._report_beside_name(value, route)
        elif isinstance(value, dict):
            for inner in sorted(value, key=_is_secondary):
                self._fill_field(goal, str(inner), value[inner], (*route, str(inner)))
        elif text and not self._fill_text(goal, key, ours, text):
            self._report_field(route, f"'{truncate(text.removesuffix(NATIVE))}'")
        elif isinstance(value, list) and value:
            self._report_field(route, "a list")

    def _report_field(self, route: Route, shown: str) -> None:
        self.source.report(self.line(route), f"{pointer(route)}: no key takes {shown}; --columns FILE can keep it")

    def _column_of(self, key: str, text: str) -> str:
        return self.mapping.get(key) or headers.column_of_value(key, text.removesuffix(NATIVE))

    def _fill_text(self, goal: SourceGoal, key: str, ours: str, text: str) -> bool:
        """Keep a text under our name for it; whether it has a place beside what is there."""
        there = goal.cells.get(ours, "")
        if ours == "title" and any(goal.cells.get(name) for name in headers.TITLE_COLUMNS):
            self._add_description(goal, f"{key}: {text.removesuffix(NATIVE)}")
        elif there and ours == "period":
            goal.cells[ours] = _joined_period(there, text.removesuffix(NATIVE))
        elif not ours or (there and there != text):
            return False
        else:
            goal.cells[ours] = self._resolve(ours, text)
        return True

    def _add_description(self, goal: SourceGoal, line: str) -> None:
        goal.cells["description"] = "\n".join(filter(None, (goal.cells.get("description", ""), line)))

    def _fill_readings(self, goal: SourceGoal, value: object, route: Route) -> None:
        """`{2026-04-13: 12}` or `[{date: ..., value: ...}]`."""
        if isinstance(value, dict):
            entries = [SourceReading(str(day), _scalar(reading) or "") for day, reading in value.items()]
        else:
            assert isinstance(value, list)
            entries = [self._parse_reading(item) for item in value]
        for reading in entries:
            if reading.day and reading.value:
                goal.series.append(reading._replace(day=reading.day.removesuffix(NATIVE)))
            else:
                self.source.report(self.line(route), f"{pointer(route)}: a reading without a day or a value")

    def _parse_reading(self, item: object) -> SourceReading:
        """Its day is under `date`, or under a name such as `createdAt` or `recorded on`."""
        fields = {str(key): _scalar(child) or "" for key, child in item.items()} if isinstance(item, dict) else {}
        found = {self.column(key): text for key, text in fields.items()}
        days = (text for key, text in fields.items() if re.search(r" (?:at|on|date|day)$", headers.normalize(key)))
        return SourceReading(found.get("date") or next(days, ""), found.get("current", ""), found.get("note", ""))


def _joined_period(first: str, second: str) -> str:
    """`quarter: Q2` and `year: 2026` beside each other name one period."""
    parts = [part for part in (first, second) if re.fullmatch(r"(?:FY ?)?[0-9]{2,4}|[QHT]?[1-4]", part)]
    if len(parts) < 2:
        return second
    half = next((part for part in parts if len(part) <= 2), parts[0])
    year = next((part for part in parts if part is not half), "")
    return f"{half if half[0].isalpha() else f'Q{half}'} {year}"


def _unwrap(data: Any, depth: int) -> Any:
    """Data whose fields stand in wrappers, as in `{id: 1, attributes: {name: ...}}`, with them beside each other."""
    if depth > MAX_DEPTH:
        return data
    if isinstance(data, list):
        return [_unwrap(item, depth + 1) for item in data]
    if not isinstance(data, dict):
        return data
    if len(data) == 1 and next(iter(data)) in ("node", "edges", "nodes"):
        return _unwrap(next(iter(data.values())), depth + 1)
    return _with_listed_results(_unwrap_fields(data, depth))


def _unwrap_fields(data: Mapping[str, object], depth: int) -> dict[str, object]:
    found: dict[str, object] = {}
    for key, value in data.items():
        inner = _unwrap(value, depth + 1)
        if headers.normalize(str(key)) in _WRAPPERS and isinstance(inner, dict):
            found = {**inner, **found}
        else:
            found[key] = inner["data"] if isinstance(inner, dict) and list(inner) == ["data"] and found else inner
    return found


def _with_listed_results(data: dict[str, object]) -> dict[str, object]:
    """`kr1: ...` and `kr2: ...` beside the fields of an objective are a list of its key results."""
    numbered = [key for key in data if _NUMBERED_RESULT.fullmatch(headers.normalize(str(key))) and data[key]]
    if not 0 < len(numbered) < len(data):
        return data
    results = [data.pop(key) for key in numbered]
    return {**data, "key results": results}


def _is_secondary(key: str) -> int:
    """Names of what is measured come behind names of goals: they are titles only where there is no other."""
    return int(headers.normalize(str(key)) in headers.MEASURE_NAMES)


def _dicts(listed: object) -> list[dict[str, object]]:
    return [item for item in listed if isinstance(item, dict)] if isinstance(listed, list) else []


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
