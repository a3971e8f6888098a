"""Stands in for files that were read before and found in order, with little more than names until somebody asks."""

from __future__ import annotations

import marshal
from collections.abc import Callable, Iterable
from functools import cache
from sys import intern
from typing import Any

from pydantic import BaseModel

from okrctl.measures import MEASURES
from okrctl.schema import model
from okrctl.schema.settings import Config
from okrctl.values import period
from okrctl.values.fields import to_list
from okrctl.workspace import DatedReading, File, KeyResult, Kpi, Objective, dated_readings, without_custom_keys
from okrctl.yaml.lazy import LazyDocument

# Fields whose value is the text itself, as long as the file is in order.
PLAIN_FIELDS = frozenset(
    ("id", "title", "owner", "parent", "unit", "state", "better", "indicator", "aggregate", "formula", "carried_from")
)
# Key results whose unit or value comes from elsewhere are looked at so often that they are built at once.
EAGER_KEYS = ("kpi", "rollup", "score")
UNITLESS_MEASURES = frozenset(name for name, measure in MEASURES.items() if not measure.is_numeric)


def dump(file: File) -> bytes | None:
    """All that is left of a file that was read whole and without a problem; None where more of it is needed."""
    data = without_custom_keys(file.document)
    custom = isinstance(data, dict) and isinstance(data.get("period"), dict)
    if file.kind not in ("okr", "kpi") or custom or "okrctl:" in file.document.text or _has_csv(file):
        return None
    if file.kind == "kpi":
        return marshal.dumps((None, None, [_dump_fields(raw) for raw in _mappings(data["kpis"])]))
    nodes = [(*_dump_fields(raw, "key_results"), _dump_key_results(raw)) for raw in _mappings(data["objectives"])]
    return marshal.dumps((data["period"], file.team, nodes))


def load(path: str, left: bytes, config: Config, load: Callable[[str], str]) -> File:
    """The file again, with its nodes; `load` gives its text where a place in it is asked for."""
    said, team, nodes = marshal.loads(left)
    file = File(path, LazyDocument(path, load), "kpi" if said is None else "okr", is_clean=True)
    if said is None:
        file.nodes = [
            StubKpi(file, ("kpis", number), _stub_model(model.KpiModel, *one)) for number, one in enumerate(nodes)
        ]
        return file
    file.period, file.team = period.parse(said, config.fiscal), intern(team)
    for number, (plain, rest, names, results) in enumerate(nodes):
        route = ("objectives", number)
        objective = Objective(
            file, route, _stub_model(model.ObjectiveModel, plain, rest, names), file.period, file.team
        )
        objective.key_results = [
            StubKeyResult(objective, (*route, "key_results", place), _load_key_result(*one))
            for place, one in enumerate(results)
        ]
        file.nodes.append(objective)
    return file


def _has_csv(file: File) -> bool:
    gauges = [one for node in file.nodes for one in (node.key_results if isinstance(node, Objective) else [node])]
    return any(one.csv is not None for one in gauges)


def _mappings(raw: object) -> list[dict[str, Any]]:
    found = to_list(raw)
    assert isinstance(found, list)
    return found


def _dump_fields(raw: dict[str, Any], without: str = "") -> tuple[dict[str, str], bytes, str]:
    """The plain fields of a mapping, the others folded up, and the names of those."""
    rest = {key: value for key, value in raw.items() if key not in PLAIN_FIELDS and key != without}
    plain = {key: value for key, value in raw.items() if key in PLAIN_FIELDS}
    if raw.get("guards") == "all":
        plain["guards"] = "all"
    return plain, marshal.dumps(rest), " ".join(rest)


def _dump_key_results(raw: dict[str, Any]) -> list[tuple[str, bool, dict[str, str], bytes, str]]:
    found = []
    for one in _mappings(raw.get("key_results", [])):
        measure = model.detect_measure(one)
        busy = any(key in one for key in EAGER_KEYS) or not ("unit" in one or measure in UNITLESS_MEASURES)
        found.append((measure, busy, *_dump_fields(one)))
    return found


def _load_key_result(measure: str, busy: bool, plain: dict[str, str], rest: bytes, names: str) -> Any:
    shape = model.MODELS_BY_MEASURE.get(measure, model.UnmeasuredKeyResult)
    return shape.model_validate(plain | marshal.loads(rest)) if busy else _stub_model(shape, plain, rest, names)


def _stub_model(shape: type[BaseModel], plain: dict[str, str], rest: bytes, names: str) -> Any:
    """A model that has only its plain fields, and reads the others when one of them is asked for."""
    one = object.__new__(_stub_class(shape))
    if "unit" in plain:
        plain["unit"] = intern(plain["unit"])
    plain["_rest"], plain["_names"] = rest, _split_names(names)  # type: ignore[assignment]
    object.__setattr__(one, "__dict__", plain)
    return one


@cache
def _split_names(names: str) -> frozenset[str]:
    return frozenset(names.split())


@cache
def _stub_class(shape: type[BaseModel]) -> type[BaseModel]:
    fields = shape.model_fields
    defaults = {name: field.get_default(call_default_factory=True) for name, field in fields.items()}
    keys = {name: field.alias or name for name, field in fields.items()}

    def ask(self: Any, name: str) -> Any:
        if name not in defaults:
            raise AttributeError(name)
        have = self.__dict__
        if keys[name] not in have["_names"]:
            return defaults[name]
        said = {key: value for key, value in have.items() if key in PLAIN_FIELDS} | marshal.loads(have["_rest"])
        have.update(vars(shape.model_validate(said)) | {"_names": frozenset()})
        return have[name]

    body = {"__module__": shape.__module__, "__getattr__": ask, "model_config": {"defer_build": True}}
    make: Any = type(shape)
    lean: type[BaseModel] = make(shape.__name__, (shape,), body)
    for name in PLAIN_FIELDS & set(defaults):  # found at once where a file does not say it
        type.__setattr__(lean, name, defaults[name])
    return lean


_READINGS: dict[type, Any] = {shape: vars(shape)["readings"] for shape in (KeyResult, Kpi)}  # where they are kept


def _sorted_readings(node: KeyResult | Kpi, shape: type) -> list[DatedReading]:
    found: list[DatedReading] | None = _READINGS[shape].__get__(node)
    if found is None:
        found = dated_readings(node.model.readings)
        _READINGS[shape].__set__(node, found)
    return found


class StubKeyResult(KeyResult):
    """A key result whose readings are put in order when they are asked for."""

    __slots__ = ()

    def __init__(self, objective: Objective, route: Any, result: Any) -> None:
        super().__init__(objective, route, result, None)  # type: ignore[arg-type]

    @property
    def readings(self) -> list[DatedReading]:
        """In order of date."""
        return _sorted_readings(self, KeyResult)

    @readings.setter
    def readings(self, found: list[DatedReading]) -> None:
        _READINGS[KeyResult].__set__(self, found)


class StubKpi(Kpi):
    """A KPI whose readings are put in order when they are asked for."""

    __slots__ = ()

    def __init__(self, file: File, route: Any, result: Any) -> None:
        super().__init__(file, route, result, None)  # type: ignore[arg-type]

    @property
    def readings(self) -> list[DatedReading]:
        """In order of date."""
        return _sorted_readings(self, Kpi)

    @readings.setter
    def readings(self, found: list[DatedReading]) -> None:
        _READINGS[Kpi].__set__(self, found)


def is_sufficient(files: Iterable[File]) -> bool:
    """Whether so little tells all: nobody has typed a score in one of the files that were read again."""
    return not any(_has_manual_score(node) for file in files if not file.is_clean for node in file.nodes)


def _has_manual_score(node: Any) -> bool:
    if not isinstance(node, Objective):
        return False
    return bool(node.model.score) or any(one.model.score for one in node.key_results)
