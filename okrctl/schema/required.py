"""Finds what a file lacks or says twice, once the shape of what it says is right."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from okrctl import measures
from okrctl.measures import MEASURE_KEYS
from okrctl.schema import model
from okrctl.schema.validate import SchemaProblem, value_at
from okrctl.values.diagnostic import Route

MEASURE_HELP = f"add one of {', '.join(f'`{key}`' for key in MEASURE_KEYS)}"


def find_missing(file: Any, data: Any, problems: Iterable[SchemaProblem]) -> Iterator[SchemaProblem]:
    """What an OKR or KPI file lacks; a draft may lack what an active objective or key result needs.

    A key that is there under a mistyped name is not missing too: `problems` has told of it.
    """
    told = {(one.route[:-1], one.replacement) for one in problems if one.code == "OKR002" and one.replacement}
    for one in _find_all_missing(file, data):
        measured = one.code == "OKR007" and any((one.route, key) in told for key in MEASURE_KEYS)
        if not measured and (one.route[:-1], one.route[-1]) not in told:
            yield one


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


def _missing_keys(thing: Any, raw: Any, route: Route) -> Iterator[SchemaProblem]:
    for key in thing.REQUIRED if isinstance(raw, dict) else ():
        if key not in raw:
            yield SchemaProblem("OKR003", (*route, key), f"the key '{key}' is missing", KEY_HELP.get(key, ""))


KEY_HELP = {
    "id": "give it a short name such as `supply-chain`; `okrctl check --fix` makes one from the title",
    "title": "say in words what is to become true",
    "period": "say for which period it is, such as `period: 2026-Q2`",
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
    present = measures.named_measures(raw)
    if not present:
        yield SchemaProblem("OKR007", route, "nothing says how this key result is judged", MEASURE_HELP)
    elif len(present) > 1:
        first, *others = [key for _, key in present]
        names = " and ".join(f"'{key}'" for key in (first, *others))
        kinds = {measure.name: measure for measure, _ in present}
        help = next(iter(kinds.values())).several_keys_help if len(kinds) == 1 else "keep one of them"
        yield SchemaProblem(
            "OKR008",
            (*route, others[0]),
            f"{names} judge in different ways",
            help,
            True,
            (((*route, first), "the other measure"),),
        )
    values = [key for key in ("readings", "kpi", "rollup") if key in raw]
    if len(values) > 1:
        names = " and ".join(f"'{key}'" for key in values)
        yield SchemaProblem(
            "OKR008",
            (*route, values[1]),
            f"{names} each say where the value comes from",
            "keep one of them",
            True,
            (((*route, values[0]), "the other one"),),
        )
    for measure, _ in present:
        needed = measure.requirement
        if needed is not None and not any(key in raw for key in (needed.key, *needed.alternatives)):
            yield SchemaProblem("OKR003", (*route, needed.key), needed.message)


def _missing_in_kpi(kpi: Any, raw: Any, route: Route) -> Iterator[SchemaProblem]:
    yield from _missing_keys(kpi, raw, route)
    if not isinstance(raw, dict):
        return
    if "better" not in raw and "between" not in raw:
        yield SchemaProblem(
            "OKR003",
            (*route, "better"),
            "the key `better` is missing",
            "`better: higher`, `better: lower`, or `between: [N, M]`",
        )
    if "better" in raw and "between" in raw:
        yield SchemaProblem(
            "OKR008",
            (*route, "between"),
            "`better` and `between` exclude each other",
            "keep one of them",
            True,
            (((*route, "better"), "the other one"),),
        )
