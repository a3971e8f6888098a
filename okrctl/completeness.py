"""Finds what a file lacks or says twice, once the shape of what it says is right."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from okrctl import measures, model
from okrctl.diagnostic import Route
from okrctl.schema import Problem, at

MEASURE_KEYS = [key for module in measures.MEASURES.values() for key in module.KEYS]


def missing(file: Any, data: Any, problems: Iterable[Problem]) -> Iterator[Problem]:
    """What an OKR or KPI file lacks; a draft may lack what an active objective or key result needs.

    A key that is there under a mistyped name is not missing too: `problems` has told of it.
    """
    told = {(one.route[:-1], one.replacement) for one in problems if one.code == "OKR002" and one.replacement}
    for one in _lacking(file, data):
        measured = one.code == "OKR007" and any((one.route, key) in told for key in MEASURE_KEYS)
        if not measured and (one.route[:-1], one.route[-1]) not in told:
            yield one


def _lacking(file: Any, data: Any) -> Iterator[Problem]:
    if isinstance(file, model.OkrFile):
        yield from _required(file, data, ())
        for number, objective in enumerate(file.objectives):
            if objective.state != "draft":
                yield from _missing_in_objective(objective, data, number)
    elif isinstance(file, model.KpiFile):
        for number, kpi in enumerate(file.kpis):
            yield from _missing_in_kpi(kpi, data, ("kpis", number))


def _required(thing: Any, data: Any, route: Route) -> Iterator[Problem]:
    raw = at(data, route)
    if not isinstance(raw, dict):
        return
    for key in thing.REQUIRED:
        if key not in raw:
            yield Problem("OKR003", (*route, key), f"the key '{key}' is missing", HELP.get(key, ""))


HELP = {
    "id": "give it a short name such as `supply-chain`; `okrctl check --fix` makes one from the title",
    "title": "say in words what is to become true",
    "period": "say for which period it is, such as `period: 2026-Q2`",
}


def _missing_in_objective(objective: model.Objective, data: Any, number: int) -> Iterator[Problem]:
    route: Route = ("objectives", number)
    yield from _required(objective, data, route)
    for place, key_result in enumerate(objective.key_results):
        if key_result.state != "draft":
            inner = (*route, "key_results", place)
            yield from _required(key_result, data, inner)
            yield from _measure(key_result, data, inner)


def _measure(key_result: Any, data: Any, route: Route) -> Iterator[Problem]:
    raw = at(data, route)
    if not isinstance(raw, dict):
        return
    present = measures.present(raw)
    if not present:
        yield Problem("OKR007", route, "nothing says how this key result is judged", MEASURE_HELP)
    elif len(present) > 1:
        first, *others = [key for _, key in present]
        names = " and ".join(f"'{key}'" for key in (first, *others))
        help = (
            "write `between: [N, M]` for a band" if {name for name, _ in present} == {"limit"} else "keep one of them"
        )
        yield Problem(
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
        yield Problem(
            "OKR008",
            (*route, values[1]),
            f"{names} each say where the value comes from",
            "keep one of them",
            True,
            (((*route, values[0]), "the other one"),),
        )
    if "change" in raw and "from" not in raw and "kpi" not in raw:
        yield Problem("OKR003", (*route, "from"), "a `change` needs a `from` to start at, or a `kpi`")


MEASURE_HELP = "add one of `to`, `change`, `at_least`, `at_most`, `between`, `done`, `milestones`, `graded`"


def _missing_in_kpi(kpi: Any, data: Any, route: Route) -> Iterator[Problem]:
    yield from _required(kpi, data, route)
    raw = at(data, route)
    if not isinstance(raw, dict):
        return
    if "better" not in raw and "between" not in raw:
        yield Problem(
            "OKR003",
            (*route, "better"),
            "the key `better` is missing",
            "`better: higher`, `better: lower`, or `between: [N, M]`",
        )
    if "better" in raw and "between" in raw:
        yield Problem(
            "OKR008",
            (*route, "between"),
            "`better` and `between` exclude each other",
            "keep one of them",
            True,
            (((*route, "better"), "the other one"),),
        )
