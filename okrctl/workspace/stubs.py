"""Keeps only part of a valid file in memory or in the cache, and reads the rest when it is needed.

A large workspace has thousands of files, and most commands look closely at few of them. There are two ways to keep
less of a file than all of its nodes. Both replace the document by a `LazyDocument`, which parses the text again when
the place of a value is needed.

* A *deferred* file (`reduce_file`) keeps its period and team, but no objectives. A command that scores one period loads
  the objectives of another period only if a reference leads there (`Workspace.load_period`).
* A *stub* (`dump`, `load`) is what the check of a large workspace writes into its cache. It holds the fields that rules
  compare between files (id, title, owner, ...) as plain strings, and all other fields of a node as marshalled bytes.
  Loading it creates the usual nodes, whose models are instances of a subclass of the real model: the plain fields are
  set, and the first access to any other field validates the whole model.

Caching the complete models would be simpler, but building them takes most of the time of a check, with Pydantic as well
as with pickle. Skipping the nodes of unchanged files does not work either, since rules on references, duplicate ids and
similar titles need the names in all files.
"""

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
from okrctl.values.period import Period
from okrctl.workspace.nodes import File, KeyResult, Kpi, Objective
from okrctl.workspace.reader import without_custom_keys
from okrctl.yaml import LazyDocument

PeriodFilter = Callable[[Period], bool]

# Fields whose validated value is the text itself.
PLAIN_FIELDS = frozenset(
    ("id", "title", "owner", "parent", "unit", "state", "better", "indicator", "aggregate", "formula", "carried_from")
)
# A key result with one of these keys takes its unit or value from elsewhere. Nearly every command needs the complete
# model of such a key result, so it is validated at once.
EAGER_KEYS = ("kpi", "rollup", "score")
UNITLESS_MEASURES = frozenset(name for name, measure in MEASURES.items() if not measure.is_numeric)


def reduce_file(file: File, is_needed: PeriodFilter) -> File:
    """The file without its parsed document, if it is valid; it is deferred if its period is not needed now."""
    if file.is_deferred or file.file_problems or file.schema_problems or file.omitted:
        return file
    text = file.document.text
    file.document = LazyDocument(file.path, lambda _: text)
    if file.kind == "okr" and file.period is not None and not is_needed(file.period):
        file.model, file.is_deferred = None, True
    return file


def dump(file: File) -> bytes | None:
    """The stub of a valid file, None if rules need more of this file than a stub holds."""
    data = without_custom_keys(file.document)
    has_custom_period = isinstance(data, dict) and isinstance(data.get("period"), dict)
    has_suppressions = "okrctl:" in file.document.text
    if file.kind not in ("okr", "kpi") or has_custom_period or has_suppressions or _has_csv(file):
        return None
    if file.kind == "kpi":
        return marshal.dumps((None, None, [_dump_fields(raw) for raw in _mappings(data["kpis"])]))
    objectives = [(*_dump_fields(raw, "key_results"), _dump_key_results(raw)) for raw in _mappings(data["objectives"])]
    return marshal.dumps((data["period"], file.team, objectives))


def load(path: str, stub: bytes, config: Config, read_text: Callable[[str], str]) -> File:
    """The file of a stub, with its nodes; `read_text` returns its text when the place of a value is needed."""
    period_name, team, nodes = marshal.loads(stub)
    file = File(path, LazyDocument(path, read_text), "kpi" if period_name is None else "okr", is_clean=True)
    if period_name is None:
        file.nodes = [
            Kpi(file, ("kpis", number), _stub_model(model.KpiModel, *fields)) for number, fields in enumerate(nodes)
        ]
        return file
    file.period, file.team = period.parse(period_name, config.fiscal), intern(team)
    for number, (*fields, key_results) in enumerate(nodes):
        route = ("objectives", number)
        objective = Objective(file, route, _stub_model(model.ObjectiveModel, *fields), file.period, file.team)
        objective.key_results = [
            KeyResult(objective, (*route, "key_results", index), _load_key_result(*dumped))
            for index, dumped in enumerate(key_results)
        ]
        file.nodes.append(objective)
    return file


def is_sufficient(files: Iterable[File]) -> bool:
    """Whether stubs hold all that the rules need: no file that was read again has a manual score."""
    return not any(_has_manual_score(node) for file in files if not file.is_clean for node in file.nodes)


def _has_manual_score(node: Any) -> bool:
    if not isinstance(node, Objective):
        return False
    return bool(node.model.score) or any(key_result.model.score for key_result in node.key_results)


def _has_csv(file: File) -> bool:
    nodes = [node for top in file.nodes for node in (top.key_results if isinstance(top, Objective) else [top])]
    return any(node.csv is not None for node in nodes)


def _mappings(raw: object) -> list[dict[str, Any]]:
    mappings = to_list(raw)
    assert isinstance(mappings, list)
    return mappings


def _dump_fields(raw: dict[str, Any], without: str = "") -> tuple[dict[str, str], bytes, str]:
    """The plain fields of a mapping, its other fields as marshalled bytes, and the names of those."""
    others = {key: value for key, value in raw.items() if key not in PLAIN_FIELDS and key != without}
    plain = {key: value for key, value in raw.items() if key in PLAIN_FIELDS}
    if raw.get("guards") == "all":
        plain["guards"] = "all"
    return plain, marshal.dumps(others), " ".join(others)


def _dump_key_results(raw: dict[str, Any]) -> list[tuple[str, bool, dict[str, str], bytes, str]]:
    dumped = []
    for key_result in _mappings(raw.get("key_results", [])):
        measure = model.detect_measure(key_result)
        has_unit = "unit" in key_result or measure in UNITLESS_MEASURES
        is_eager = any(key in key_result for key in EAGER_KEYS) or not has_unit
        dumped.append((measure, is_eager, *_dump_fields(key_result)))
    return dumped


def _load_key_result(measure: str, is_eager: bool, plain: dict[str, str], others: bytes, names: str) -> Any:
    shape = model.MODELS_BY_MEASURE.get(measure, model.UnmeasuredKeyResult)
    if is_eager:
        return shape.model_validate(plain | marshal.loads(others))
    return _stub_model(shape, plain, others, names)


def _stub_model(shape: type[BaseModel], plain: dict[str, str], others: bytes, names: str) -> Any:
    """A model that holds only its plain fields and validates the others when one of them is used."""
    stub = object.__new__(_stub_class(shape))
    if "unit" in plain:
        plain["unit"] = intern(plain["unit"])
    plain["_others"], plain["_names"] = others, _split_names(names)  # type: ignore[assignment]
    object.__setattr__(stub, "__dict__", plain)
    return stub


@cache
def _split_names(names: str) -> frozenset[str]:
    return frozenset(names.split())


@cache
def _stub_class(shape: type[BaseModel]) -> type[BaseModel]:
    """The subclass of a model whose instances read their missing fields in `__getattr__`.

    Some releases of Pydantic look up the names in annotations among the variables of this function first, so none of
    these may be called like one of those, such as `fields`.
    """
    items = shape.model_fields.items()
    defaults = {name: field.get_default(call_default_factory=True) for name, field in items}
    keys = {name: field.alias or name for name, field in items}

    def read_field(self: Any, name: str) -> Any:
        if name not in defaults:
            raise AttributeError(name)
        values = self.__dict__
        if keys[name] not in values["_names"]:
            return defaults[name]
        raw = {key: value for key, value in values.items() if key in PLAIN_FIELDS} | marshal.loads(values["_others"])
        values.update(vars(shape.model_validate(raw)) | {"_names": frozenset()})
        return values[name]

    body = {"__module__": shape.__module__, "__getattr__": read_field, "model_config": {"defer_build": True}}
    create_class: Any = type(shape)
    stub_class: type[BaseModel] = create_class(shape.__name__, (shape,), body)
    for name in PLAIN_FIELDS & set(defaults):  # a plain field that the file does not set, without `__getattr__`
        type.__setattr__(stub_class, name, defaults[name])
    return stub_class
