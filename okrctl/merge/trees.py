"""Turns the data of a file into a tree in which every value has an identity that does not depend on its place.

Goals are known by their id, readings by their date, milestones by their id or title, the words of a list by themselves.
So two versions of a file can be compared although somebody inserted a key result above another one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Literal, TypeGuard

from okrctl.history.diff.identity import pair_data_goals, pair_data_kpis
from okrctl.history.diff.traits import DataGoal, GoalTraits, fold_title
from okrctl.measures import FIELD_KEYS, named_measures
from okrctl.values import period, quantity
from okrctl.values.diagnostic import Route
from okrctl.yaml import Document
from okrctl.yaml_edit.mappings import READING_ORDER

Form = Literal["mapping", "dated", "reading", "list", "set"]
Identify = Callable[[Mapping[str, Any]], str]


@dataclass(frozen=True, eq=False)
class Shape:
    """What a value consists of: the keys of a mapping, or the elements (`inner`) of a list, of dates, of named entries.

    The keys of each of `groups` are one value. `identify` names an element of a list.
    """

    form: Form
    keys: Mapping[str, Shape] = field(default_factory=dict)
    inner: Shape | None = None
    identify: Identify = lambda data: ""
    groups: tuple[frozenset[str], ...] = ()
    is_goals: bool = False

    def of_key(self, key: str) -> Shape | None:
        """The shape of the value of a key; None for a value that is not taken apart."""
        return self.keys.get(key, self.inner if self.form == "mapping" else None)


@dataclass(frozen=True, eq=False)
class Atom:
    """A value that is not taken apart; None for a key without a value."""

    value: Any


@dataclass(frozen=True, eq=False)
class Table:
    """Values by identity. `steps` are the keys or indexes under which the file has them.

    A reading may be a bare number (`is_bare`) and a list may be a single element; both mean the same as the long form.
    """

    shape: Shape
    children: dict[str, Tree]
    steps: dict[str, str | int]
    is_bare: bool = False


Tree = Atom | Table


def _goal_id(data: Mapping[str, Any]) -> str:
    return str(data.get("id") or f"title {data.get('title')}")


def _amendment_id(data: Mapping[str, Any]) -> str:
    """Date and changed keys: two people may amend different keys on one day."""
    was = data.get("was")
    return f"{data.get('date')} {' '.join(sorted(was)) if isinstance(was, dict) else ''}".strip()


def _hypothesis_id(data: Mapping[str, Any]) -> str:
    return str(data.get("kpi"))


_SET = Shape("set")
_READINGS = Shape("dated", inner=Shape("reading"))
_PLAN = Shape("dated")
_ENTRY = Shape("mapping", keys=dict.fromkeys(("links", "tags", "moves", "kpis"), _SET))
_ENTRIES = Shape("list", inner=_ENTRY, identify=_goal_id)
_STATE = frozenset(("state", "reason", "since"))
_KEY_RESULT = Shape(
    "mapping",
    keys={
        "readings": _READINGS,
        "plan": _PLAN,
        "milestones": _ENTRIES,
        "amended": Shape("list", identify=_amendment_id),
        **dict.fromkeys(("guards", "links", "tags"), _SET),
    },
    groups=(frozenset(FIELD_KEYS), _STATE),
)
_OBJECTIVE = Shape(
    "mapping",
    keys={
        "readings": _READINGS,
        "key_results": Shape("list", inner=_KEY_RESULT, identify=_goal_id, is_goals=True),
        "initiatives": _ENTRIES,
        "hypothesis": Shape("list", identify=_hypothesis_id),
        **dict.fromkeys(("contributors", "kpis", "links", "tags"), _SET),
    },
    groups=(_STATE,),
)
_KPI = Shape(
    "mapping",
    keys={"readings": _READINGS, "watch": Shape("mapping"), **dict.fromkeys(("links", "tags"), _SET)},
    groups=(frozenset(("better", "between")),),
)
OKR_FILE = Shape("mapping", keys={"objectives": Shape("list", inner=_OBJECTIVE, identify=_goal_id, is_goals=True)})
KPI_FILE = Shape("mapping", keys={"kpis": Shape("list", inner=_KPI, identify=_goal_id, is_goals=True)})
SETTINGS = Shape(
    "mapping",
    keys={
        **dict.fromkeys(("teams", "people"), Shape("mapping", inner=Shape("mapping"))),
        **dict.fromkeys(("defaults", "limits", "rules", "scoring", "pace", "fiscal_year"), Shape("mapping")),
        **dict.fromkeys(("include", "exclude", "elsewhere"), _SET),
        "sources": Shape("mapping", keys={"hosts": _SET}),
    },
)


def build_tree(document: Document, shape: Shape, base: Tree | None = None) -> Tree:
    """The tree of a document; goals that `base` has under another id keep their identity from there."""
    data = {} if document.data is None else document.data
    return _Builder(document, _former_names(data, base)).build((), data, shape, base)


@dataclass(frozen=True, slots=True)
class _Builder:
    """Builds the tree of a document; `former` are the names that the base has for goals, by their routes."""

    document: Document
    former: Mapping[Route, str]

    def build(self, route: Route, data: Any, shape: Shape | None, base: Tree | None) -> Tree:
        """The tree of the value at a route."""
        if shape is None or data is None:
            return Atom(data)
        match shape.form:
            case "mapping" | "reading":
                return self._build_mapping(route, data, shape, base)
            case "dated":
                return self._build_dated(route, data, shape)
            case "list":
                return self._build_list(route, data, shape, base)
            case "set":
                return _build_set(data, shape)

    def _build_mapping(self, route: Route, data: Any, shape: Shape, base: Tree | None) -> Tree:
        if shape.form == "reading" and isinstance(data, str):
            return Table(shape, {"value": Atom(data)}, {"value": "value"}, is_bare=True)
        if not isinstance(data, dict):
            return Atom(data)
        names = [*dict.fromkeys((*self.document.keys(route), *data))]
        children = {
            name: self.build((*route, name), data.get(name), shape.of_key(name), _child(base, name)) for name in names
        }
        return Table(shape, children, {name: name for name in names})

    def _build_dated(self, route: Route, data: Any, shape: Shape) -> Tree:
        if not isinstance(data, dict):
            return Atom(data)
        steps: dict[str, str | int] = {}
        for name in [*dict.fromkeys((*self.document.keys(route), *data))]:
            try:
                steps[str(period.parse_reading_day(name))] = name
            except period.PeriodError:
                return Atom(data)
        children = {
            day: self.build((*route, name), data.get(str(name)), shape.inner, None) for day, name in steps.items()
        }
        return Table(shape, children, steps)

    def _build_list(self, route: Route, data: Any, shape: Shape, base: Tree | None) -> Tree:
        elements = data if isinstance(data, list) else [data]
        if not all(isinstance(element, dict) for element in elements):
            return Atom(data)
        names = self._names_in_list(route, elements, shape, base)
        children = {
            name: self.build((*route, index), element, shape.inner, _child(base, name))
            for index, (name, element) in enumerate(zip(names, elements, strict=True))
        }
        return Table(shape, children, {name: index for index, name in enumerate(names)}, not isinstance(data, list))

    def _names_in_list(self, route: Route, elements: list[Any], shape: Shape, base: Tree | None) -> list[str]:
        """The names of the elements of a list, where the base has an element under another name that one."""
        names = _unique([shape.identify(element) for element in elements])
        for index in range(len(elements)):
            if shape.is_goals:
                former = self.former.get((*route, index))
            else:
                former = _neighbour_name(base, names, elements, index) if _is_of_shape(base, shape) else None
            if former is not None and former not in names:
                names[index] = former
        return names


def _is_of_shape(tree: Tree | None, shape: Shape) -> TypeGuard[Table]:
    return isinstance(tree, Table) and tree.shape is shape


def _build_set(data: Any, shape: Shape) -> Tree:
    words = data if isinstance(data, list) else [data]
    if not all(isinstance(word, str) for word in words):
        return Atom(data)
    names = _unique(words)
    children: dict[str, Tree] = {name: Atom(word) for name, word in zip(names, words, strict=True)}
    return Table(shape, children, {name: index for index, name in enumerate(names)}, not isinstance(data, list))


def _child(tree: Tree | None, name: str) -> Tree | None:
    return tree.children.get(name) if isinstance(tree, Table) else None


def _unique(names: list[str]) -> list[str]:
    """The same names, with a number behind each that was there before."""
    seen: Counter[str] = Counter()
    unique = []
    for name in names:
        seen[name] += 1
        unique.append(name if seen[name] == 1 else f"{name} ({seen[name]})")
    return unique


def _neighbour_name(base: Table, names: list[str], elements: list[Any], index: int) -> str | None:
    """The lost element of the base at this place of a list that is as long as before: it was reworded."""
    if len(elements) != len(base.children) or names[index] in base.children or elements[index].get("id"):
        return None
    name = list(base.children)[index]
    return name if name not in names else None


def _former_names(data: Any, base: Tree | None) -> dict[Route, str]:
    """The names of the goals in a file that its base knows by other names, by their routes.

    Objectives count only within the file, and key results within their objective; `moves.py` follows the others.
    """
    if not isinstance(base, Table) or not isinstance(data, Mapping):
        return {}
    before, after = raw_data(base), data
    pairs = pair_data_kpis(_goals_in_file(before, "kpis"), _goals_in_file(after, "kpis"))
    objectives, key_results = pair_data_goals(_goals_in_file(before, "objectives"), _goals_in_file(after, "objectives"))
    former = {new: old for old, new in (*pairs, *objectives, *key_results) if old is not None and new is not None}
    return {
        new.source: old.id
        for new, old in former.items()
        if old.id != new.id and (new.objective is None or former.get(new.objective) is old.objective)
    }


def _goals_in_file(data: Mapping[str, Any], key: str) -> list[DataGoal]:
    """The objectives or KPIs in the data of a file, each with its route as `source`."""
    goals = _goals_in_list(data, (), key)
    elements = data.get(key)
    for goal, element in zip(goals, elements if isinstance(elements, list) else [elements], strict=False):
        for result in _goals_in_list(element, goal.source, "key_results"):
            goal.add_key_result(result)
    return goals


def _goals_in_list(data: Any, route: Route, key: str) -> list[DataGoal]:
    """The goals of the list under a key, without what belongs to them."""
    found = data.get(key) if isinstance(data, Mapping) else None
    elements: list[Any] = found if isinstance(found, list) else [found]
    if not all(isinstance(element, Mapping) for element in elements):
        return []
    names = _unique([_goal_id(element) for element in elements])
    return [
        data_goal(name, element, (*route, key, index))
        for index, (name, element) in enumerate(zip(names, elements, strict=True))
    ]


def data_goal(name: str, data: Any, source: Any) -> DataGoal:
    """A goal of a file for `pair_data_goals`, from its data."""
    goal = data if isinstance(data, Mapping) else {}
    former, title = goal.get("formerly"), goal.get("title")
    return DataGoal(
        name,
        traits_of(data),
        title if isinstance(title, str) else None,
        former if isinstance(former, str) and former != name else None,
        source=source,
    )


def traits_of(data: Any) -> GoalTraits:
    """The traits of a goal from its data; none that fit anything where it is not a mapping."""
    goal = data if isinstance(data, Mapping) else {}
    results = goal.get("key_results")
    return GoalTraits(
        fold_title(goal.get("title")),
        next((measure.family for measure, _ in named_measures(goal)), None),
        frozenset(_readings(goal.get("readings"))),
        tuple(traits_of(result) for result in results) if isinstance(results, list) else (),
    )


def _readings(data: Any) -> Iterator[tuple[str, Hashable]]:
    """Day and number of each reading; readings in a CSV file count as none but those of the same file."""
    if isinstance(data, str):
        yield "csv", data
    for day, reading in data.items() if isinstance(data, Mapping) else ():
        value = reading.get("value") if isinstance(reading, Mapping) else reading
        if value is not None:
            canonical = _canonical(value)
            yield str(day), canonical[0] if isinstance(canonical, tuple) else str(canonical)


def plain_data(tree: Tree | None) -> Any:
    """The meaning of a tree as plain data: dates in full, lists as lists, nothing for what is blank or empty."""
    if not isinstance(tree, Table):
        return None if tree is None or tree.value in (None, {}, []) else tree.value
    found = ((name, plain_data(child)) for name, child in tree.children.items())
    kept = {name: data for name, data in found if data not in (None, {}, [])}
    return list(kept.values()) if tree.shape.form in ("list", "set") else kept


def raw_data(tree: Tree | None) -> Any:
    """The data as a file has it: readings that are a number alone stay so."""
    if not isinstance(tree, Table):
        return None if tree is None else tree.value
    found = [(name, raw_data(child)) for name, child in tree.children.items()]
    kept = dict(pair for pair in found if pair[1] is not None)
    match tree.shape.form:
        case "list" | "set":
            return list(kept.values())
        case "reading":
            return kept["value"] if tree.is_bare and kept.keys() == {"value"} else _reading_data(kept)
    return {str(tree.steps[name]): data for name, data in kept.items()}


def _reading_data(kept: dict[str, Any]) -> dict[str, Any]:
    return {name: kept[name] for name in (*READING_ORDER, *kept) if name in kept}


def is_same(first: Tree | None, second: Tree | None) -> bool:
    """Whether two trees mean the same; numbers may be spelled differently (`1.2k` and `1200`)."""
    one, other = plain_data(first), plain_data(second)
    return bool(one == other or _canonical(one) == _canonical(other))


def _canonical(data: Any) -> Any:
    if isinstance(data, dict):
        return {key: _canonical(value) for key, value in data.items()}
    if isinstance(data, list):
        return [_canonical(value) for value in data]
    return _canonical_text(data) if isinstance(data, str) else data


@lru_cache(maxsize=4096)
def _canonical_text(text: str) -> object:
    """A number with its unit, or the text itself; the same texts are compared again and again."""
    try:
        parsed = quantity.parse(text)
    except quantity.QuantityError:
        return text
    return parsed.number, parsed.unit


def walk_route(tree: Tree, route: Route) -> tuple[str, ...]:
    """The identities along a route of the file that the tree was built from, as far as it leads into tables."""
    path: list[str] = []
    for step in route:
        name = _name_of_step(tree, step)
        if name is None:
            break
        path.append(name)
        assert isinstance(tree, Table)
        tree = tree.children[name]
    return tuple(path)


def _name_of_step(tree: Tree, step: str | int) -> str | None:
    return next((name for name, own in tree.steps.items() if own == step), None) if isinstance(tree, Table) else None


def iterate_tables(tree: Tree | None, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Table]]:
    """Every table at or below a tree, with its path."""
    if isinstance(tree, Table):
        yield path, tree
        for name, child in tree.children.items():
            yield from iterate_tables(child, (*path, name))
