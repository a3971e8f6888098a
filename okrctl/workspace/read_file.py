"""Reads one file of a workspace: what kind it is, its model, and what is wrong with its shape."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from okrctl.schema import model, required, validate
from okrctl.schema.settings import COMPANY, PATH, Config
from okrctl.schema.validate import Problem
from okrctl.values import patterns, period, suggestions
from okrctl.values.diagnostic import Fault, Route
from okrctl.workspace.nodes import File, Kind
from okrctl.yaml import Document, Source, parse

NAMED = (("teams",), ("people",), ("rules",))
MOST_NODES = 3_000  # of one file; nobody writes a tenth of them
TOO_MANY = f"more than {MOST_NODES:,} objectives, key results and KPIs in one file"
FEWER = "write fewer patterns, with fewer braces"
BROKEN = tuple(f"OKR00{number}" for number in range(1, 10))


def read_settings(source: Source | Fault | None) -> tuple[Config, File | None]:
    """The settings of a workspace, the defaults where there are none; a file with problems keeps what can be read."""
    if source is None:
        return Config(), None
    if isinstance(source, Fault):
        file = File(PATH, parse(Source(PATH, "")), "config", Config(), faults=[source])
        return Config(), file
    document = parse(source)
    file = File(source.path, document, "config", Config(), faults=list(document.faults))
    data = without_own_keys(document)
    if data is not None and not isinstance(data, dict):
        file.problems.append(Problem("OKR004", (), "expected a mapping of settings", "such as `organisation: Acme`"))
    elif isinstance(data, dict):
        blank = list(document.blank_keys())
        data = _with_bare_names(data, blank)
        found, file.problems, left_out = validate.read(data, Config)
        unnamed = [route for route in blank if route[:-1] not in NAMED]
        file.problems += validate.unknown_blank(unnamed, data, Config)
        file.left_out = frozenset(left_out)
        file.model = _with_fitting_patterns(found or Config(), file)
    return file.model, file


def _with_bare_names(data: dict[str, Any], blank: Iterable[Route]) -> dict[str, Any]:
    """The settings with the teams and people of which nothing is said but their names."""
    bare: dict[str, Any] = {}
    for section, name in (route for route in blank if route[:-1] in NAMED[:2]):
        bare.setdefault(str(section), dict(data[str(section)]))[str(name)] = {}
    return {**data, **bare}


def _with_fitting_patterns(config: Config, file: File) -> Config:
    """The settings without the patterns of files that are too many or too long, and a problem where these begin."""
    for key in ("include", "exclude"):
        said = getattr(config, key)
        number = patterns.fitting(said)
        if number < len(said):
            what, help = f"{patterns.MOST_ALTERNATIVES:,} patterns once the braces are written out", FEWER
            if len(said[number]) > patterns.LONGEST:
                what, help = f"{patterns.LONGEST:,} characters in one pattern", "write a shorter pattern"
            message = f"more than {what}; those from here on are left out"
            file.problems.append(Problem("OKR004", (key, number), message, help))
            file.left_out |= {(key, number)}
            kept = said[:number] or Config.model_fields[key].get_default(call_default_factory=True)
            config = config.model_copy(update={key: kept})
    return config


def read_file(source: Source | tuple[str, Fault], config: Config) -> File:
    """One file on its own: what kind it is, its model, and what is wrong with its shape."""
    if not isinstance(source, Source):
        path, fault = source
        return File(path, parse(Source(path, "")), faults=[fault])
    document = parse(source)
    file = File(source.path, document, faults=list(document.faults))
    if document.data is None and any(fault.code in BROKEN for fault in document.faults):
        return file
    kind = _kind(file)
    if kind is None:
        return file
    file.kind = kind
    crowd = _crowd(document.data)
    if crowd:
        file.faults.append(Fault("OKR009", TOO_MANY, document.at(crowd), "split it into several files"))
        return file
    shape = model.OkrFile if kind == "okr" else model.KpiFile
    data = without_own_keys(document)
    file.model, problems, left_out = validate.read(data, shape)
    file.problems += problems
    file.problems += validate.unknown_blank(document.blank_keys(), data, shape)
    file.left_out = frozenset(left_out)
    file.problems += required.missing(file.model, data, tuple(file.problems))
    if isinstance(file.model, model.OkrFile):
        _date(file, config)
    return file


def _crowd(data: Any) -> Route | None:
    """Where the first objective, key result or KPI stands that is one too many."""
    room = MOST_NODES
    for key in ("objectives", "kpis"):
        nodes = data[key] if isinstance(data.get(key), list) else []
        for number, one in enumerate(nodes):
            results = one.get("key_results") if isinstance(one, dict) else None
            room -= 1 + (len(results) if isinstance(results, list) else 0)
            if room < 0:
                return (key, number)
    return None


def without_own_keys(document: Document) -> Any:
    """The data of a document without the user's own `x-` keys."""
    data = document.data
    return _stripped(data, ()) if "x-" in document.text else data


def _stripped(data: Any, route: Route) -> Any:
    if isinstance(data, dict):
        names = route in NAMED
        return {
            key: _stripped(value, (*route, key)) for key, value in data.items() if names or not key.startswith("x-")
        }
    if isinstance(data, list):
        return [_stripped(value, route) for value in data]
    return data


def _kind(file: File) -> Kind | None:
    data = file.document.data
    help = "an OKR file has `objectives:`, a KPI file has `kpis:`"
    if isinstance(data, dict) and "objectives" in data and "kpis" in data:
        file.problems.append(
            Problem(
                "OKR006",
                ("kpis",),
                "both `objectives:` and `kpis:` in one file",
                "split it into two files",
                True,
                ((("objectives",), "the other one"),),
            )
        )
        return None
    if isinstance(data, dict) and ("objectives" in data or "kpis" in data):
        return "okr" if "objectives" in data else "kpi"
    keys = file.document.keys(()) if isinstance(data, dict) else []
    if not keys:
        what = "the file is empty" if data is None or data == {} else "the file is no mapping of keys and values"
        file.problems.append(Problem("OKR006", (), what, help))
        return None
    empty = next((key for key in ("objectives", "kpis") if key in keys), None)
    if empty:
        file.problems.append(
            Problem("OKR006", (empty,), f"`{empty}:` is empty", "add a first entry, or delete the file", True)
        )
        return None
    guess = next(
        ((key, meant) for key in keys for meant in [suggestions.key(key, ("objectives", "kpis"))] if meant), None
    )
    route: Route = (guess[0],) if guess else ()
    message = "neither `objectives:` nor `kpis:`" + (suggestions.meant(guess[1]) if guess else "")
    file.problems.append(Problem("OKR006", route, message, help, bool(guess)))
    return None


def _date(file: File, config: Config) -> None:
    """Give an OKR file its period and team."""
    said = file.model.period
    file.team = file.model.team or COMPANY
    try:
        if isinstance(said, str):
            file.period = period.parse(said, config.fiscal)
        elif said is not None:
            file.period = period.custom(said.id, said.start, said.end)
    except period.PeriodError as error:
        file.problems.append(Problem("OKR004", ("period",), error.message, error.hint))
    if period.looks_like_period(file.team):
        file.problems.append(Problem("OKR004", ("team",), f"the team id '{file.team}' looks like a period"))
