"""Reads one file of a workspace: what kind it is, its model, and what is wrong with its shape."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from okrctl.schema import model, required, validate
from okrctl.schema.settings import COMPANY, SETTINGS_PATH, Config
from okrctl.schema.validate import SchemaProblem
from okrctl.values import patterns, period, suggestions
from okrctl.values.diagnostic import FileProblem, Route
from okrctl.workspace.nodes import File, FileKind
from okrctl.yaml import Document, Source, parse

NAME_SECTIONS = (("teams",), ("people",), ("rules",))
MAX_NODES = 3_000  # of one file; nobody writes a tenth of them
TOO_MANY_NODES = f"more than {MAX_NODES:,} objectives, key results and KPIs in one file"
FEWER_PATTERNS_HELP = "write fewer patterns, with fewer braces"
BROKEN_CODES = tuple(f"OKR00{number}" for number in range(1, 10))


def read_settings(source: Source | FileProblem | None) -> tuple[Config, File | None]:
    """The settings of a workspace, the defaults where there are none; a file with problems keeps what can be read."""
    if source is None:
        return Config(), None
    if isinstance(source, FileProblem):
        file = File(SETTINGS_PATH, parse(Source(SETTINGS_PATH, "")), "config", Config(), file_problems=[source])
        return Config(), file
    document = parse(source)
    file = File(source.path, document, "config", Config(), file_problems=list(document.problems))
    data = without_custom_keys(document)
    if data is not None and not isinstance(data, dict):
        file.schema_problems.append(
            SchemaProblem("OKR004", (), "expected a mapping of settings", "such as `organisation: Acme`")
        )
    elif isinstance(data, dict):
        blank = list(document.blank_keys())
        data = _with_bare_names(data, blank)
        found, file.schema_problems, left_out = validate.read_model(data, Config)
        unnamed = [route for route in blank if route[:-1] not in NAME_SECTIONS]
        file.schema_problems += validate.find_unknown_blank_keys(unnamed, data, Config)
        file.omitted = frozenset(left_out)
        file.model = _with_fitting_patterns(found or Config(), file)
    return file.model, file


def _with_bare_names(data: dict[str, Any], blank: Iterable[Route]) -> dict[str, Any]:
    """The settings with the teams and people of which nothing is said but their names."""
    bare: dict[str, Any] = {}
    for section, name in (route for route in blank if route[:-1] in NAME_SECTIONS[:2]):
        bare.setdefault(str(section), dict(data[str(section)]))[str(name)] = {}
    return {**data, **bare}


def _with_fitting_patterns(config: Config, file: File) -> Config:
    """The settings without the patterns of files that are too many or too long, and a problem where these begin."""
    for key in ("include", "exclude"):
        said = getattr(config, key)
        number = patterns.count_within_limits(said)
        if number < len(said):
            what, help = f"{patterns.MAX_ALTERNATIVES:,} patterns once the braces are written out", FEWER_PATTERNS_HELP
            if len(said[number]) > patterns.MAX_PATTERN_LENGTH:
                what, help = f"{patterns.MAX_PATTERN_LENGTH:,} characters in one pattern", "write a shorter pattern"
            message = f"more than {what}; those from here on are left out"
            file.schema_problems.append(SchemaProblem("OKR004", (key, number), message, help))
            file.omitted |= {(key, number)}
            kept = said[:number] or Config.model_fields[key].get_default(call_default_factory=True)
            config = config.model_copy(update={key: kept})
    return config


def read_file(source: Source | tuple[str, FileProblem], config: Config) -> File:
    """One file on its own: what kind it is, its model, and what is wrong with its shape."""
    if not isinstance(source, Source):
        path, fault = source
        return File(path, parse(Source(path, "")), file_problems=[fault])
    document = parse(source)
    file = File(source.path, document, file_problems=list(document.problems))
    if document.data is None and any(fault.code in BROKEN_CODES for fault in document.problems):
        return file
    kind = _detect_kind(file)
    if kind is None:
        return file
    file.kind = kind
    crowd = _first_excess_node(document.data)
    if crowd:
        file.file_problems.append(
            FileProblem("OKR009", TOO_MANY_NODES, document.span_at(crowd), "split it into several files")
        )
        return file
    shape = model.OkrFile if kind == "okr" else model.KpiFile
    data = without_custom_keys(document)
    file.model, problems, left_out = validate.read_model(data, shape)
    file.schema_problems += problems
    file.schema_problems += validate.find_unknown_blank_keys(document.blank_keys(), data, shape)
    file.omitted = frozenset(left_out)
    file.schema_problems += required.find_missing(file.model, data, tuple(file.schema_problems))
    if isinstance(file.model, model.OkrFile):
        _assign_period(file, config)
    return file


def _first_excess_node(data: Any) -> Route | None:
    """Where the first objective, key result or KPI stands that is one too many."""
    room = MAX_NODES
    for key in ("objectives", "kpis"):
        nodes = data[key] if isinstance(data.get(key), list) else []
        for number, one in enumerate(nodes):
            results = one.get("key_results") if isinstance(one, dict) else None
            room -= 1 + (len(results) if isinstance(results, list) else 0)
            if room < 0:
                return (key, number)
    return None


def without_custom_keys(document: Document) -> Any:
    """The data of a document without the user's own `x-` keys."""
    data = document.data
    return _strip_custom_keys(data, ()) if "x-" in document.text else data


def _strip_custom_keys(data: Any, route: Route) -> Any:
    if isinstance(data, dict):
        names = route in NAME_SECTIONS
        return {
            key: _strip_custom_keys(value, (*route, key))
            for key, value in data.items()
            if names or not key.startswith("x-")
        }
    if isinstance(data, list):
        return [_strip_custom_keys(value, route) for value in data]
    return data


def _detect_kind(file: File) -> FileKind | None:
    data = file.document.data
    help = "an OKR file has `objectives:`, a KPI file has `kpis:`"
    if isinstance(data, dict) and "objectives" in data and "kpis" in data:
        file.schema_problems.append(
            SchemaProblem(
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
        file.schema_problems.append(SchemaProblem("OKR006", (), what, help))
        return None
    empty = next((key for key in ("objectives", "kpis") if key in keys), None)
    if empty:
        file.schema_problems.append(
            SchemaProblem("OKR006", (empty,), f"`{empty}:` is empty", "add a first entry, or delete the file", True)
        )
        return None
    guess = next(
        ((key, meant) for key in keys for meant in [suggestions.find_key(key, ("objectives", "kpis"))] if meant), None
    )
    route: Route = (guess[0],) if guess else ()
    message = "neither `objectives:` nor `kpis:`" + (suggestions.did_you_mean(guess[1]) if guess else "")
    file.schema_problems.append(SchemaProblem("OKR006", route, message, help, bool(guess)))
    return None


def _assign_period(file: File, config: Config) -> None:
    """Give an OKR file its period and team."""
    said = file.model.period
    file.team = file.model.team or COMPANY
    try:
        if isinstance(said, str):
            file.period = period.parse(said, config.fiscal)
        elif said is not None:
            file.period = period.custom_period(said.id, said.start, said.end)
    except period.PeriodError as error:
        file.schema_problems.append(SchemaProblem("OKR004", ("period",), error.message, error.hint))
    if period.looks_like_period(file.team):
        file.schema_problems.append(
            SchemaProblem("OKR004", ("team",), f"the team id '{file.team}' looks like a period")
        )
