"""Stands in for files that were read before and found in order, with little more than names until somebody asks."""

from __future__ import annotations

import marshal
from collections.abc import Callable, Iterable
from functools import cache
from sys import intern
from typing import Any

from pydantic import BaseModel

from okrctl.schema import model
from okrctl.schema.settings import Config
from okrctl.values import period
from okrctl.values.fields import listed
from okrctl.workspace import Dated, File, KeyResult, Kpi, Objective, dated, without_own_keys
from okrctl.yaml.lazy import Later

# Fields whose value is the text itself, as long as the file is in order.
PLAIN = frozenset(
    ("id", "title", "owner", "parent", "unit", "state", "better", "indicator", "aggregate", "formula", "carried_from")
)
# Key results whose unit or value comes from elsewhere are looked at so often that they are built at once.
BUSY = ("kpi", "rollup", "score")
UNITLESS = ("done", "milestones", "graded")


def kept(file: File) -> bytes | None:
    """All that is left of a file that was read whole and without a problem; None where more of it is needed."""
    data = without_own_keys(file.document)
    custom = isinstance(data, dict) and isinstance(data.get("period"), dict)
    if file.kind not in ("okr", "kpi") or custom or "okrctl:" in file.document.text or _has_csv(file):
        return None
    if file.kind == "kpi":
        return marshal.dumps((None, None, [_part(raw) for raw in _list(data["kpis"])]))
    nodes = [(*_part(raw, "key_results"), _results(raw)) for raw in _list(data["objectives"])]
    return marshal.dumps((data["period"], file.team, nodes))


def restored(path: str, left: bytes, config: Config, load: Callable[[str], str]) -> File:
    """The file again, with its nodes; `load` gives its text where a place in it is asked for."""
    said, team, nodes = marshal.loads(left)
    file = File(path, Later(path, load), "kpi" if said is None else "okr", sound=True)
    if said is None:
        file.nodes = [LeanKpi(file, ("kpis", number), _lean(model.Kpi, *one)) for number, one in enumerate(nodes)]
        return file
    file.period, file.team = period.parse(said, config.fiscal), intern(team)
    for number, (plain, rest, names, results) in enumerate(nodes):
        route = ("objectives", number)
        objective = Objective(file, route, _lean(model.Objective, plain, rest, names), file.period, file.team)
        objective.key_results = [
            LeanKeyResult(objective, (*route, "key_results", place), _key_result(*one))
            for place, one in enumerate(results)
        ]
        file.nodes.append(objective)
    return file


def _has_csv(file: File) -> bool:
    gauges = [one for node in file.nodes for one in (node.key_results if isinstance(node, Objective) else [node])]
    return any(one.csv is not None for one in gauges)


def _list(raw: object) -> list[dict[str, Any]]:
    found = listed(raw)
    assert isinstance(found, list)
    return found


def _part(raw: dict[str, Any], without: str = "") -> tuple[dict[str, str], bytes, str]:
    """The plain fields of a mapping, the others folded up, and the names of those."""
    rest = {key: value for key, value in raw.items() if key not in PLAIN and key != without}
    plain = {key: value for key, value in raw.items() if key in PLAIN}
    if raw.get("guards") == "all":
        plain["guards"] = "all"
    return plain, marshal.dumps(rest), " ".join(rest)


def _results(raw: dict[str, Any]) -> list[tuple[str, bool, dict[str, str], bytes, str]]:
    found = []
    for one in _list(raw.get("key_results", [])):
        measure = model.measure_of(one)
        busy = any(key in one for key in BUSY) or not ("unit" in one or measure in UNITLESS)
        found.append((measure, busy, *_part(one)))
    return found


def _key_result(measure: str, busy: bool, plain: dict[str, str], rest: bytes, names: str) -> Any:
    shape = model.SHAPES.get(measure, model.UnmeasuredKeyResult)
    return shape.model_validate(plain | marshal.loads(rest)) if busy else _lean(shape, plain, rest, names)


def _lean(shape: type[BaseModel], plain: dict[str, str], rest: bytes, names: str) -> Any:
    """A model that has only its plain fields, and reads the others when one of them is asked for."""
    one = object.__new__(_lean_shape(shape))
    if "unit" in plain:
        plain["unit"] = intern(plain["unit"])
    plain["_rest"], plain["_names"] = rest, _set(names)  # type: ignore[assignment]
    object.__setattr__(one, "__dict__", plain)
    return one


@cache
def _set(names: str) -> frozenset[str]:
    return frozenset(names.split())


@cache
def _lean_shape(shape: type[BaseModel]) -> type[BaseModel]:
    fields = shape.model_fields
    defaults = {name: field.get_default(call_default_factory=True) for name, field in fields.items()}
    keys = {name: field.alias or name for name, field in fields.items()}

    def ask(self: Any, name: str) -> Any:
        if name not in defaults:
            raise AttributeError(name)
        have = self.__dict__
        if keys[name] not in have["_names"]:
            return defaults[name]
        said = {key: value for key, value in have.items() if key in PLAIN} | marshal.loads(have["_rest"])
        have.update(vars(shape.model_validate(said)) | {"_names": frozenset()})
        return have[name]

    body = {"__module__": shape.__module__, "__getattr__": ask, "model_config": {"defer_build": True}}
    make: Any = type(shape)
    lean: type[BaseModel] = make(shape.__name__, (shape,), body)
    for name in PLAIN & set(defaults):  # found at once where a file does not say it
        type.__setattr__(lean, name, defaults[name])
    return lean


_READINGS: dict[type, Any] = {shape: vars(shape)["readings"] for shape in (KeyResult, Kpi)}  # where they are kept


def _readings(node: KeyResult | Kpi, shape: type) -> list[Dated]:
    found: list[Dated] | None = _READINGS[shape].__get__(node)
    if found is None:
        found = dated(node.model.readings)
        _READINGS[shape].__set__(node, found)
    return found


class LeanKeyResult(KeyResult):
    """A key result whose readings are put in order when they are asked for."""

    __slots__ = ()

    def __init__(self, objective: Objective, route: Any, result: Any) -> None:
        super().__init__(objective, route, result, None)  # type: ignore[arg-type]

    @property
    def readings(self) -> list[Dated]:
        """In order of date."""
        return _readings(self, KeyResult)

    @readings.setter
    def readings(self, found: list[Dated]) -> None:
        _READINGS[KeyResult].__set__(self, found)


class LeanKpi(Kpi):
    """A KPI whose readings are put in order when they are asked for."""

    __slots__ = ()

    def __init__(self, file: File, route: Any, result: Any) -> None:
        super().__init__(file, route, result, None)  # type: ignore[arg-type]

    @property
    def readings(self) -> list[Dated]:
        """In order of date."""
        return _readings(self, Kpi)

    @readings.setter
    def readings(self, found: list[Dated]) -> None:
        _READINGS[Kpi].__set__(self, found)


def suffice(files: Iterable[File]) -> bool:
    """Whether so little tells all: nobody has typed a score in one of the files that were read again."""
    return not any(_typed(node) for file in files if not file.sound for node in file.nodes)


def _typed(node: Any) -> bool:
    if not isinstance(node, Objective):
        return False
    return bool(node.model.score) or any(one.model.score for one in node.key_results)
