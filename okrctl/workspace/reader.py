"""Reads one file of a workspace: its kind, its model, and the problems in it."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from pydantic import BaseModel

from okrctl.schema import model, required, validate
from okrctl.schema.settings import COMPANY, SETTINGS_PATH, Config
from okrctl.schema.validate import SchemaProblem
from okrctl.values import patterns, period, suggestions
from okrctl.values.diagnostic import FileProblem, Route
from okrctl.workspace.nodes import File, FileKind
from okrctl.yaml import Document, Source, parse

KIND_KEYS = ("objectives", "kpis")
NAME_SECTIONS = (("teams",), ("people",), ("rules",))
MAX_NODES = 3_000  # of one file
TOO_MANY_NODES = f"more than {MAX_NODES:,} objectives, key results and KPIs in one file"
FEWER_PATTERNS_HELP = "use fewer patterns or fewer braces"
INVALID_EXTENDS = "OKR017"
BROKEN_CODES = tuple(f"OKR00{number}" for number in range(1, 10))


def read_settings(source: Source | FileProblem | None) -> tuple[Config, File | None]:
    """The settings of a workspace, or the defaults. If the file has problems, its valid settings count."""
    if source is None:
        return Config.model_construct(), None
    if isinstance(source, FileProblem):
        file = File(SETTINGS_PATH, parse(Source(SETTINGS_PATH, "")), "config", Config(), file_problems=[source])
        return Config(), file
    document = parse(source)
    file = File(source.path, document, "config", Config(), file_problems=list(document.problems))
    data = without_custom_keys(document)
    if data is not None and not isinstance(data, dict):
        file.schema_problems.append(
            SchemaProblem("OKR004", (), "expected a mapping of settings", "write settings such as `organisation: Acme`")
        )
    elif isinstance(data, dict):
        blank = list(document.blank_keys())
        names = [route for route in blank if route[:-1] in NAME_SECTIONS[:2]]
        data = _with_bare_names(data, blank)
        config, file.schema_problems, omitted = validate.read_model(data, Config)
        file.schema_problems += _find_blank_problems(document, names, data, Config)
        file.omitted = frozenset(omitted)
        file.model = _with_fitting_patterns(config or Config(), file)
    return file.model, file


def _find_blank_problems(
    document: Document, names: Collection[Route], data: Any, shape: type[BaseModel]
) -> list[SchemaProblem]:
    """The problems of keys without a value, which are not in the data; `names` may be bare."""
    bare = [key for key in document.bare_keys() if key.route not in names]
    problems = list(validate.find_bare_keys(bare, data, shape))
    reported = {key.route for key in bare}
    blank = [route for route in document.blank_keys() if route[:-1] not in NAME_SECTIONS and route not in reported]
    return problems + list(validate.find_unknown_blank_keys(blank, data, shape))


def _with_bare_names(data: dict[str, Any], blank: Iterable[Route]) -> dict[str, Any]:
    """The settings with the teams and people that have a name and no settings."""
    sections: dict[str, Any] = {}
    for section, name in (route for route in blank if route[:-1] in NAME_SECTIONS[:2]):
        sections.setdefault(str(section), dict(data[str(section)]))[str(name)] = {}
    return {**data, **sections}


def _with_fitting_patterns(config: Config, file: File) -> Config:
    """The settings without patterns beyond the limits; the first of them is reported as a problem."""
    for key in ("include", "exclude"):
        configured = getattr(config, key)
        number = patterns.count_within_limits(configured)
        if number < len(configured):
            limit, help = f"{patterns.MAX_ALTERNATIVES:,} patterns after expanding braces", FEWER_PATTERNS_HELP
            if len(configured[number]) > patterns.MAX_PATTERN_LENGTH:
                limit, help = f"{patterns.MAX_PATTERN_LENGTH:,} characters in one pattern", "use a shorter pattern"
            message = f"more than {limit}; the patterns from here on are ignored"
            file.schema_problems.append(SchemaProblem("OKR004", (key, number), message, help))
            file.omitted |= {(key, number)}
            kept = configured[:number] or Config.model_fields[key].get_default(call_default_factory=True)
            config = config.model_copy(update={key: kept})
    return config


def read_file(source: Source | tuple[str, FileProblem], config: Config) -> File:
    """Read one file: its kind, its model, and the problems in it."""
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
    excess = _first_excess_node(document.data)
    if excess:
        file.file_problems.append(FileProblem("OKR009", TOO_MANY_NODES, document.span_at(excess), "split the file"))
        return file
    shape = model.OkrFile if kind == "okr" else model.KpiFile
    data = without_custom_keys(document)
    file.model, problems, omitted = validate.read_model(data, shape)
    file.schema_problems += problems
    file.schema_problems += _find_blank_problems(document, (), data, shape)
    file.omitted = frozenset(omitted)
    file.schema_problems += required.find_missing(file.model, data, tuple(file.schema_problems))
    if isinstance(file.model, model.OkrFile):
        file.language = file.model.language
        assign_period(file, file.model.period, file.model.team, config)
    return file


def _first_excess_node(data: Any) -> Route | None:
    """The route of the first objective, key result or KPI beyond the limit."""
    room = MAX_NODES
    for key in ("objectives", "kpis"):
        nodes = data[key] if isinstance(data.get(key), list) else []
        for number, node in enumerate(nodes):
            results = node.get("key_results") if isinstance(node, dict) else None
            room -= 1 + (len(results) if isinstance(results, list) else 0)
            if room < 0:
                return (key, number)
    return None


def without_custom_keys(document: Document) -> Any:
    """The data of a document without custom `x-` keys."""
    data = document.data
    return _strip_custom_keys(data, ()) if "x-" in document.text else data


def _strip_custom_keys(data: Any, route: Route) -> Any:
    if isinstance(data, dict):
        keys_are_names = route in NAME_SECTIONS
        return {
            key: _strip_custom_keys(value, (*route, key))
            for key, value in data.items()
            if keys_are_names or not key.startswith("x-")
        }
    if isinstance(data, list):
        return [_strip_custom_keys(value, route) for value in data]
    return data


def _detect_kind(file: File) -> FileKind | None:
    """The kind of a file by its first keys, None with a problem if it has none or both."""
    data = file.document.data
    has_objectives, has_kpis = (isinstance(data, dict) and key in data for key in KIND_KEYS)
    if has_objectives and has_kpis:
        related = ((("objectives",), "the other key"),)
        message = "both `objectives:` and `kpis:` in one file"
        file.schema_problems.append(
            SchemaProblem("OKR006", ("kpis",), message, "split the file into two", True, related)
        )
        return None
    if has_objectives or has_kpis:
        return "okr" if has_objectives else "kpi"
    file.schema_problems.append(_unknown_kind_problem(file.document))
    return None


def _unknown_kind_problem(document: Document) -> SchemaProblem:
    data = document.data
    help = "an OKR file has `objectives:`, a KPI file has `kpis:`"
    keys = document.keys(()) if isinstance(data, dict) else []
    if not keys:
        is_empty = data is None or data == {}
        message = "the file is empty" if is_empty else "expected a mapping of keys and values"
        return SchemaProblem("OKR006", (), message, help)
    blank_key = next((key for key in KIND_KEYS if key in keys), None)
    if blank_key:
        return SchemaProblem(
            "OKR006", (blank_key,), f"`{blank_key}:` is empty", "add an entry, or delete the file", True
        )
    for key in keys:
        suggestion = suggestions.find_key(key, KIND_KEYS)
        if suggestion:
            message = f"neither `objectives:` nor `kpis:`{suggestions.did_you_mean(suggestion)}"
            return SchemaProblem("OKR006", (key,), message, help, True)
    return SchemaProblem("OKR006", (), "neither `objectives:` nor `kpis:`", help)


def assign_period(file: File, written: str | model.CustomPeriod | None, team: str | None, config: Config) -> None:
    """Set the period and the team of an OKR file."""
    file.team = team or COMPANY
    try:
        if isinstance(written, str):
            file.period = period.parse(written, config.fiscal)
        elif written is not None:
            file.period = period.custom_period(written.id, written.start, written.end)
    except period.PeriodError as error:
        file.schema_problems.append(SchemaProblem("OKR004", ("period",), error.message, error.hint))
    if period.looks_like_period(file.team):
        file.schema_problems.append(
            SchemaProblem("OKR004", ("team",), f"the team id '{file.team}' looks like a period")
        )
