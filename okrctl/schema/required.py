"""Finds missing and conflicting keys in a file that matches the schema."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from okrctl import measures
from okrctl.measures import MEASURE_KEYS
from okrctl.measures.measure import Requirement
from okrctl.schema import model
from okrctl.schema.keys import value_at
from okrctl.schema.validate import SchemaProblem
from okrctl.values.diagnostic import Route

MEASURE_HELP = f"add one of {', '.join(f'`{key}`' for key in MEASURE_KEYS)}"

TWO_METHODS = "cannot be used together"
AGGREGATED_ROLLUP_HELP = "a rollup has no readings of its own; `rollup: {mean: ...}` takes the mean of others"
HELD_ROLLUP = "a rollup cannot be judged by interval"
HELD_ROLLUP_HELP = "it has no readings of its own; use `judge: latest`, or leave it out"


def find_missing(file: Any, data: Any, problems: Iterable[SchemaProblem]) -> Iterator[SchemaProblem]:
    """The missing and conflicting keys of an OKR or KPI file. A draft may leave out required keys.

    A key with a typo is not reported again as missing; `problems` are the problems found so far.
    """
    typos = {
        (problem.route[:-1], problem.replacement)
        for problem in problems
        if problem.code == "OKR002" and problem.replacement
    }
    for missing in _find_all_missing(file, data):
        is_measure_typo = missing.code == "OKR007" and any((missing.route, key) in typos for key in MEASURE_KEYS)
        if not is_measure_typo and (missing.route[:-1], missing.route[-1]) not in typos:
            yield missing


def _find_all_missing(file: Any, data: Any) -> Iterator[SchemaProblem]:
    if isinstance(file, model.OkrFile):
        yield from _missing_keys(file, value_at(data, ()), ())
        for number, objective in enumerate(file.objectives):
            if objective.state != "draft":
                route: Route = ("objectives", number)
                yield from _missing_in_objective(objective, value_at(data, route), route)
    elif isinstance(file, model.KpiFile):
        for number, kpi in enumerate(file.kpis):
            route = ("kpis", number)
            yield from _missing_in_kpi(kpi, value_at(data, route), route)


def _missing_keys(validated: Any, raw: Any, route: Route) -> Iterator[SchemaProblem]:
    for key in validated.REQUIRED if isinstance(raw, dict) else ():
        if key not in raw:
            yield SchemaProblem("OKR003", (*route, key), f"the key '{key}' is missing", KEY_HELP.get(key, ""))


KEY_HELP = {
    "id": "add an id such as `supply-chain`; `okrctl check --fix` makes one from the title",
    "title": "add a title that says what should be achieved",
    "period": "add a period such as `period: 2026-Q2`",
}


def _missing_in_objective(objective: model.ObjectiveModel, raw: Any, route: Route) -> Iterator[SchemaProblem]:
    yield from _missing_keys(objective, raw, route)
    results = value_at(raw, ("key_results",))
    for place, key_result in enumerate(objective.key_results):
        if key_result.state != "draft":
            inner = value_at(results, (place,))
            yield from _missing_keys(key_result, inner, (*route, "key_results", place))
            if isinstance(inner, dict):
                yield from _check_measure(inner, (*route, "key_results", place))


def _check_measure(raw: dict[str, Any], route: Route) -> Iterator[SchemaProblem]:
    named = measures.named_measures(raw)
    if not named:
        yield SchemaProblem("OKR007", route, "this key result has no measure", MEASURE_HELP)
    elif len(named) > 1:
        kinds = {measure.name: measure for measure, _ in named}
        help = next(iter(kinds.values())).several_keys_help if len(kinds) == 1 else "keep one of them"
        yield _conflict(route, [key for _, key in named], "are different measures", help, "the other measure")
    yield from _check_value_sources(raw, route)
    yield from _check_rollup(raw, route)
    for measure, _ in named:
        yield from _check_requirement(raw, route, measure.requirement)


def _check_value_sources(raw: Mapping[str, Any], route: Route) -> Iterator[SchemaProblem]:
    """Keys that say where the value comes from, of which a key result has one; a `source` goes with `readings`."""
    exclusive = (("readings", "kpi", "rollup"), ("kpi", "source"), ("rollup", "source"))
    for keys in ([key for key in group if key in raw] for group in exclusive):
        if len(keys) > 1:
            yield _conflict(route, keys, "are different sources of the value", "keep one of them", "the other source")


def _check_rollup(raw: Mapping[str, Any], route: Route) -> Iterator[SchemaProblem]:
    """A rollup has one value and no readings of its own: none to aggregate, and no intervals to count."""
    if "rollup" in raw and "aggregate" in raw:
        yield _conflict(route, ["rollup", "aggregate"], TWO_METHODS, AGGREGATED_ROLLUP_HELP, "the rollup")
    if "rollup" in raw and raw.get("judge") == "held":
        related = (((*route, "rollup"), "the rollup"),)
        yield SchemaProblem("OKR004", (*route, "judge"), HELD_ROLLUP, HELD_ROLLUP_HELP, related=related)


def _check_requirement(raw: Mapping[str, Any], route: Route, needed: Requirement | None) -> Iterator[SchemaProblem]:
    """The key that a measure needs beside its own."""
    if needed is not None and not any(key in raw for key in (needed.key, *needed.alternatives)):
        yield SchemaProblem("OKR003", (*route, needed.key), needed.message, needed.help)


def _conflict(route: Route, keys: Sequence[str], message: str, help: str, label: str) -> SchemaProblem:
    """The problem of several keys of which a node may have one."""
    names = " and ".join(f"'{key}'" for key in keys)
    related = (((*route, keys[0]), label),)
    return SchemaProblem("OKR008", (*route, keys[1]), f"{names} {message}", help, True, related)


def _missing_in_kpi(kpi: Any, raw: Any, route: Route) -> Iterator[SchemaProblem]:
    yield from _missing_keys(kpi, raw, route)
    if not isinstance(raw, dict):
        return
    if "better" not in raw and "between" not in raw:
        help = "add `better: higher`, `better: lower` or `between: [N, M]`"
        yield SchemaProblem("OKR003", (*route, "better"), "the key 'better' is missing", help)
    if "better" in raw and "between" in raw:
        yield _conflict(route, ["better", "between"], "cannot be used together", "keep one of them", "the other key")
