"""Validates data with the models: problems in plain words, and the part of the data that is valid."""

from __future__ import annotations

import copy
import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import zip_longest
from typing import Any, NamedTuple, TypeVar

from pydantic import BaseModel, ValidationError

from okrctl.measures import TEXT_KEYS
from okrctl.schema import model
from okrctl.schema.keys import has_part, known_keys, model_keys, value_at
from okrctl.values import quantity, suggestions
from okrctl.values.diagnostic import Route
from okrctl.values.fields import describe_value
from okrctl.values.period import PeriodError, parse_day, parse_reading_day
from okrctl.values.quantity import truncate
from okrctl.values.readings import CsvReadings
from okrctl.yaml import BareKey

M = TypeVar("M", bound=BaseModel)
MAX_PROBLEMS = 1000  # of one file
MAX_ROUNDS = 12
DATED_KEYS = ("readings", "plan")
FREE_KEYS = ("readings", "plan", "was", *TEXT_KEYS)
NODE_LISTS = ("objectives", "key_results", "kpis")
TYPE_KEYS = ("type", "metric_type", "measure", "kind")


class SchemaProblem(NamedTuple):
    """A problem in the data of a file: its route, and whether it is about the key or the value there."""

    code: str
    route: Route
    message: str
    help: str = ""
    is_on_key: bool = False
    related: tuple[tuple[Route, str], ...] = ()
    replacement: str | None = None


def read_model(data: Any, shape: type[M]) -> tuple[M | None, list[SchemaProblem], set[Route]]:
    """Validate data. Returns the model, all problems, and the routes of the invalid values that the model leaves out.

    Invalid values are removed and the rest is validated again, so that one mistake does not hide another. The model is
    None if nothing is left.
    """
    problems: dict[SchemaProblem, None] = {}  # in order, without duplicates
    omitted: set[Route] = set()
    for number in range(MAX_ROUNDS):
        try:
            return shape.model_validate(data), list(problems), omitted
        except ValidationError as error:
            if not number:
                data = copy.deepcopy(data)
            routes = []
            for detail in _one_choice_each(error.errors(include_url=False), data):
                if len(problems) > MAX_PROBLEMS:
                    routes.append((clean_location(detail["loc"], data, detail["type"])[0], detail["type"]))
                    continue
                problem = explain_error(detail, data, shape)
                if len(problems) == MAX_PROBLEMS:
                    problem = problem._replace(message=f"{problem.message}; further problems are not listed")
                # A value that was removed as invalid is missing in the next round; report it only once.
                if not (detail["type"] == "missing" and problem.route in omitted):
                    problems.setdefault(problem)
                routes.append((problem.route, detail["type"]))
            for route, kind in routes:
                omitted.add(route)
                remove_at(data, route, kind)
    return None, list(problems), omitted


def _one_choice_each(details: list[Any], data: Any) -> list[Any]:
    """The errors without those that a value is no fixed word, where it may be a word of another kind as well."""
    routes = [clean_location(detail["loc"], data, detail["type"])[0] for detail in details]
    explained = {route for route, detail in zip(routes, details, strict=True) if detail["type"] == "okrctl"}
    return [
        detail
        for route, detail in zip(routes, details, strict=True)
        if detail["type"] != "literal_error" or route not in explained
    ]


def explain_error(detail: Any, data: Any, shape: type[BaseModel]) -> SchemaProblem:
    """A Pydantic error as a problem in plain words."""
    route, on_key = clean_location(detail["loc"], data, detail["type"])
    kind, context = detail["type"], detail.get("ctx", {})
    value = value_at(data, route)
    if kind == "extra_forbidden":
        return _unknown_key_problem(route, data, shape)
    if kind == "missing":
        return SchemaProblem("OKR003", route, f"the key '{route[-1]}' is missing")
    if kind == "okrctl":
        return SchemaProblem("OKR004", route, context["message"], context["help"] or _example_for(route, value), on_key)
    if kind == "literal_error":
        return _invalid_choice_problem(route, value, context["expected"])
    if kind == "too_short":
        return SchemaProblem("OKR004", route, f"'{route[-1]}' is empty", "add an entry, or leave it out")
    expected = (
        "a list" if kind == "list_type" else "nothing" if kind == "none_required" else "a mapping of keys and values"
    )
    return SchemaProblem(
        "OKR004", route, f"expected {expected}, found {describe_value(value)}", _example_for(route, value)
    )


def _example_for(route: Route, value: Any) -> str:
    """An example for a key that has the wrong kind of value."""
    key = str(route[-1]) if route else ""
    return (
        suggestions.EXAMPLES.get(key, "") if isinstance(value, dict | list) or key not in suggestions.TEXT_KEYS else ""
    )


def clean_location(location: tuple[str | int, ...], data: Any, kind: str) -> tuple[Route, bool]:
    """The route of a Pydantic location: without the tags of unions and the index 0 of a single value."""
    route: list[str | int] = []
    on_key = location[-1:] == ("[key]",)
    parts = location[:-1] if on_key else location
    for number, part in enumerate(parts):
        last = number == len(parts) - 1
        if has_part(part, data):
            route.append(part)
            data = data[part]
        elif last and kind == "missing" and isinstance(data, dict):
            route.append(part)
    return tuple(route), on_key


def mapping_at(data: Any, route: Route) -> dict[str, Any]:
    """The mapping at a route, an empty one if there is none."""
    value = value_at(data, route)
    return value if isinstance(value, dict) else {}


def remove_at(data: Any, route: Route, kind: str) -> None:
    """Remove an invalid value from the data. Nodes become empty mappings, so that the indexes of others stay."""
    if kind == "missing":
        route = route[:-1]
    if not route:
        if isinstance(data, dict):
            data.clear()
        return
    parent, last = value_at(data, route[:-1]), route[-1]
    if isinstance(parent, dict):
        parent.pop(last, None)
    elif isinstance(parent, list) and _is_node(route):
        if isinstance(last, int) and last < len(parent):
            parent[last] = {}
    else:
        remove_at(data, route[:-1], "list")


def _is_node(route: Route) -> bool:
    """Whether a route leads to an objective, a key result or a KPI; an objective has a list of ids called `kpis`."""
    return len(route) > 1 and route[-2] in NODE_LISTS and (len(route) == 2 or route[-2] != "kpis")


def _unknown_key_problem(route: Route, data: Any, shape: type[BaseModel]) -> SchemaProblem:
    word = str(route[-1])
    known = known_keys(shape, data, route[:-1])
    if word in TYPE_KEYS and "key_results" in route:
        return SchemaProblem("OKR002", route, f"unknown key '{word}'", suggestions.NO_TYPE_HINT, True)
    suggestion = suggestions.find_key(word, known)
    if suggestion in (value_at(data, route[:-1]) or {}):
        help = _placement_hint(word, route) or f"'{suggestion}' already exists"
        return SchemaProblem("OKR002", route, f"unknown key '{word}'", help, True)
    value_fits = isinstance(value_at(data, route), dict | list) or suggestion not in suggestions.NESTED_KEYS
    help = "" if value_fits else suggestions.EXAMPLES[str(suggestion)]
    help = _placement_hint(word, route) or help or ("" if suggestion else f"known keys: {', '.join(known)}")
    message = f"unknown key '{word}'{suggestions.did_you_mean(suggestion)}"
    return SchemaProblem("OKR002", route, message, help, True, (), suggestion if value_fits else None)


def find_unknown_blank_keys(routes: Iterable[Route], data: Any, shape: type[BaseModel]) -> Iterator[SchemaProblem]:
    """Unknown keys with blank values, which are not in the data; for readings those that are no date.

    A date without a value is prepared for a reading to come.
    """
    for route in routes:
        if any(part in DATED_KEYS for part in route[-2:-1]):
            yield from _undated_key_problem(route)
            continue
        is_free = any(part in FREE_KEYS for part in route[-2:-1])
        if not is_free and not str(route[-1]).startswith("x-") and route[-1] not in known_keys(shape, data, route[:-1]):
            yield _unknown_key_problem(route, data, shape)


def _undated_key_problem(route: Route) -> Iterator[SchemaProblem]:
    try:
        (parse_reading_day if route[-2] == "readings" else parse_day)(str(route[-1]))
    except PeriodError as error:
        if route[-1] not in model_keys(CsvReadings):
            yield SchemaProblem("OKR004", route, error.message, error.hint, True)


def find_bare_keys(bare_keys: Iterable[BareKey], data: Any, shape: type[BaseModel]) -> Iterator[SchemaProblem]:
    """Keys without a colon in flow mappings: `{2026-04-14: 1.234,5}` has the key 5."""
    keys = [key for key in bare_keys if not any(str(part).startswith("x-") for part in key.route)]
    reported: set[Route] = set()
    for key, following in zip_longest(keys, keys[1:]):
        if key.route in reported:
            continue  # a repeated key is reported as such
        reported.add(key.route)
        if key.follows_bare and _is_amount(key.text):
            continue  # a part of the number that is reported at the key before
        is_joined = following is not None and following.follows_bare and _is_amount(following.text)
        message = f"the key '{truncate(str(key.route[-1]))}' has no colon and no value"
        help = _meaning_of_bare_key(key.route, following.text if is_joined and following else key.text, data, shape)
        yield SchemaProblem("OKR004", key.route, message, help, True)


def _is_amount(text: str) -> bool:
    """Whether a text is one number that commas cut into parts: `1.234,5`, `1,234,567`."""
    return bool(re.fullmatch(r"[^,0-9]*[0-9][0-9.]*(?:,\s*[0-9]+)+[^,0-9]*", text))


def _meaning_of_bare_key(route: Route, text: str, data: Any, shape: type[BaseModel]) -> str:
    """What a key without a colon was likely meant to be; `text` begins at the value before it."""
    key = str(route[-1])
    if _is_amount(text) and (plain := quantity.find_plain_number(re.sub(r",\s+", ",", text))):
        mark = "decimal comma" if "." in plain else "comma between thousands"
        return f"a {mark}? write {plain}{re.sub(r'.*[0-9]', '', text)}"
    known = () if any(part in FREE_KEYS for part in route[-2:-1]) else known_keys(shape, data, route[:-1])
    name = key if not known else _closest_key(key, known)
    is_text = text != key and not re.match(r"['\"]|[-+]?[0-9]", text)
    if name is None and is_text:
        return f'a comma in the text? quote it: "{truncate(text)}"'
    advice = f"write `{name or key}: VALUE`, or leave it out"
    return f"{advice}; a text with a comma needs quotes" if is_text else advice


def _closest_key(key: str, known: Sequence[str]) -> str | None:
    return key if key in known else suggestions.find_closest(key, known)


def _placement_hint(word: str, route: Route) -> str:
    """Where a key belongs that is known in another place."""
    if len(route) < 3 or not isinstance(route[-2], int) or route[-3] not in ("objectives", "key_results"):
        return ""
    measures = [name for name, shape in model.MODELS_BY_MEASURE.items() if word in model_keys(shape)]
    if route[-3] == "objectives":
        if word in model_keys(model.OkrFile):
            return f"'{word}' belongs at the top of the file"
        return f"'{word}' belongs to a key result" if measures else ""
    if measures:
        return f"'{word}' belongs to the measure {' or '.join(measures)}"
    return f"'{word}' belongs to the objective" if word in model_keys(model.ObjectiveModel) else ""


def _invalid_choice_problem(route: Route, value: Any, expected: str) -> SchemaProblem:
    choices = [word.strip("'") for word in expected.replace(" or ", ", ").split(", ")]
    if not isinstance(value, str):
        return SchemaProblem("OKR004", route, f"expected one of {', '.join(choices)}, found {describe_value(value)}")
    suggestion = suggestions.find_closest(value, choices)
    message = f"'{value}' is not a valid value for '{route[-1]}'{suggestions.did_you_mean(suggestion)}"
    return SchemaProblem("OKR004", route, message, f"use one of {', '.join(choices)}", replacement=suggestion)
