"""Holds data against the models: problems in our own words, and the part of the data that can still be used."""

from __future__ import annotations

import copy
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple, TypeVar

from pydantic import BaseModel, ValidationError

from okrctl.measures import TEXT_KEYS
from okrctl.schema import model
from okrctl.values import suggestions
from okrctl.values.diagnostic import Route
from okrctl.values.fields import describe_value

M = TypeVar("M", bound=BaseModel)
MAX_PROBLEMS = 1000  # of one file; nobody reads more
MAX_ROUNDS = 12
FREE_KEYS = ("readings", "plan", "was", *TEXT_KEYS)
NODE_LISTS = ("objectives", "key_results", "kpis")
TYPE_KEYS = ("type", "metric_type", "measure", "kind")


class SchemaProblem(NamedTuple):
    """One thing wrong with the shape of a file: a route into it, and whether the key or the value there is meant."""

    code: str
    route: Route
    message: str
    help: str = ""
    is_on_key: bool = False
    related: tuple[tuple[Route, str], ...] = ()
    replacement: str | None = None


def read_model(data: Any, shape: type[M]) -> tuple[M | None, list[SchemaProblem], set[Route]]:
    """The model of the data, every problem, and the routes that had to be left out to get it.

    What is broken is left out and the rest is read again, so that one mistake hides no other; the model is None where
    nothing can be saved.
    """
    problems: dict[SchemaProblem, None] = {}  # in order, each once
    left_out: set[Route] = set()
    for number in range(MAX_ROUNDS):
        try:
            return shape.model_validate(data), list(problems), left_out
        except ValidationError as error:
            if not number:
                data = copy.deepcopy(data)
            routes = []
            for detail in error.errors(include_url=False):
                if len(problems) > MAX_PROBLEMS:
                    routes.append((clean_location(detail["loc"], data, detail["type"])[0], detail["type"]))
                    continue
                problem = explain_error(detail, data, shape)
                if len(problems) == MAX_PROBLEMS:
                    problem = problem._replace(message=f"{problem.message}; what else is wrong here is not listed")
                # What was left out for being wrong is missing in the next round: one mistake, one message.
                if not (detail["type"] == "missing" and problem.route in left_out):
                    problems.setdefault(problem)
                routes.append((problem.route, detail["type"]))
            for route, kind in routes:
                left_out.add(route)
                remove_at(data, route, kind)
    return None, list(problems), left_out


def explain_error(detail: Any, data: Any, shape: type[BaseModel]) -> SchemaProblem:
    """A Pydantic error as a problem in our words."""
    route, on_key = clean_location(detail["loc"], data, detail["type"])
    kind, context = detail["type"], detail.get("ctx", {})
    found = value_at(data, route)
    if kind == "extra_forbidden":
        return _unknown_key_problem(route, data, shape)
    if kind == "missing":
        return SchemaProblem("OKR003", route, f"the key '{route[-1]}' is missing")
    if kind == "okrctl":
        return SchemaProblem("OKR004", route, context["message"], context["help"] or _example_for(route, found), on_key)
    if kind == "literal_error":
        return _invalid_choice_problem(route, found, context["expected"])
    if kind == "too_short":
        return SchemaProblem("OKR004", route, f"'{route[-1]}' is empty", "give it at least one entry, or leave it out")
    wanted = (
        "a list" if kind == "list_type" else "nothing" if kind == "none_required" else "a mapping of keys and values"
    )
    return SchemaProblem(
        "OKR004", route, f"expected {wanted}, found {describe_value(found)}", _example_for(route, found)
    )


def _example_for(route: Route, found: Any) -> str:
    """How a key is written that has another kind of value than it takes."""
    key = str(route[-1]) if route else ""
    return (
        suggestions.EXAMPLES.get(key, "") if isinstance(found, dict | list) or key not in suggestions.TEXT_KEYS else ""
    )


def clean_location(location: tuple[str | int, ...], data: Any, kind: str) -> tuple[Route, bool]:
    """A Pydantic location as a route into the data: without the tags of unions and the index of a single value."""
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


def value_at(data: Any, route: Route) -> Any:
    """What lies at the end of a route, None where it does not fit; a single value counts as a list of one."""
    for part in route:
        if part == 0 and not isinstance(data, list):
            continue
        if not has_part(part, data):
            return None
        data = data[part]
    return data


def mapping_at(data: Any, route: Route) -> dict[str, Any]:
    """The mapping at the end of a route, an empty one where there is none."""
    found = value_at(data, route)
    return found if isinstance(found, dict) else {}


def has_part(part: str | int, data: Any) -> bool:
    """Whether a part of a route leads on from here."""
    if isinstance(data, list):
        return isinstance(part, int) and part < len(data)
    return isinstance(data, dict) and part in data


def remove_at(data: Any, route: Route, kind: str) -> None:
    """Take what a problem is about out of the data; entries of the main lists become empty, so that places stay."""
    if kind == "missing":
        route = route[:-1]
    if not route:
        if isinstance(data, dict):
            data.clear()
        return
    parent, last = value_at(data, route[:-1]), route[-1]
    if isinstance(parent, dict):
        parent.pop(last, None)
    elif (
        isinstance(parent, list)
        and len(route) > 1
        and route[-2] in NODE_LISTS
        and (len(route) == 2 or route[-2] != "kpis")
    ):
        if isinstance(last, int) and last < len(parent):
            parent[last] = {}
    else:
        remove_at(data, route[:-1], "list")


def _unknown_key_problem(route: Route, data: Any, shape: type[BaseModel]) -> SchemaProblem:
    word = str(route[-1])
    known = known_keys(shape, data, route[:-1])
    if word in TYPE_KEYS and "key_results" in route:
        return SchemaProblem("OKR002", route, f"unknown key '{word}'", suggestions.NO_TYPE_HINT, True)
    instead = suggestions.find_key(word, known)
    if instead in (value_at(data, route[:-1]) or {}):
        help = _placement_hint(word, route) or f"'{instead}' is there already"
        return SchemaProblem("OKR002", route, f"unknown key '{word}'", help, True)
    fits_there = isinstance(value_at(data, route), dict | list) or instead not in suggestions.NESTED_KEYS
    help = "" if fits_there else suggestions.EXAMPLES[str(instead)]
    help = _placement_hint(word, route) or help or ("" if instead else f"known here: {', '.join(known)}")
    replacement = instead if fits_there else None
    return SchemaProblem(
        "OKR002", route, f"unknown key '{word}'{suggestions.did_you_mean(instead)}", help, True, (), replacement
    )


def find_unknown_blank_keys(routes: Iterable[Route], data: Any, shape: type[BaseModel]) -> Iterator[SchemaProblem]:
    """Keys without a value that would be unknown with one, such as a mistyped key that waits for its value."""
    for route in routes:
        free = any(part in FREE_KEYS for part in route[-2:-1])
        if not free and not str(route[-1]).startswith("x-") and route[-1] not in known_keys(shape, data, route[:-1]):
            yield _unknown_key_problem(route, data, shape)


def _placement_hint(word: str, route: Route) -> str:
    """Where a key belongs that is known, but not in this place."""
    if len(route) < 3 or not isinstance(route[-2], int) or route[-3] not in ("objectives", "key_results"):
        return ""
    fitting = [name for name, shape in model.MODELS_BY_MEASURE.items() if word in model_keys(shape)]
    if route[-3] == "objectives":
        top = word in model_keys(model.OkrFile)
        return f"'{word}' belongs {'at the top of the file' if top else 'to a key result'}" if top or fitting else ""
    if fitting:
        return f"'{word}' goes with {' and '.join(fitting)}; this measure has no use for it"
    return f"'{word}' belongs to the objective" if word in model_keys(model.ObjectiveModel) else ""


def _invalid_choice_problem(route: Route, found: Any, expected: str) -> SchemaProblem:
    choices = [word.strip("'") for word in expected.replace(" or ", ", ").split(", ")]
    if not isinstance(found, str):
        return SchemaProblem("OKR004", route, f"expected one of {', '.join(choices)}, found {describe_value(found)}")
    instead = suggestions.find_closest(found, choices)
    message = f"'{found}' is no value for '{route[-1]}'{suggestions.did_you_mean(instead)}"
    return SchemaProblem("OKR004", route, message, f"one of {', '.join(choices)}", replacement=instead)


def model_keys(shape: type[BaseModel]) -> list[str]:
    """The keys a model knows, as they are written."""
    return [field.alias or name for name, field in shape.model_fields.items()]


def known_keys(shape: type[BaseModel], data: Any, route: Route) -> list[str]:
    """The keys that are known in the mapping at a route."""
    found: type[BaseModel] | None = shape
    for number, part in enumerate(route):
        if isinstance(part, int) or found is None:
            continue
        if part == "key_results":
            inner = value_at(data, route[: number + 2])
            found = model.MODELS_BY_MEASURE.get(model.detect_measure(inner), model.UnmeasuredKeyResult)
            continue
        found = _inner_model(found, str(part))
    return model_keys(found) if found is not None else []


def _inner_model(shape: type[BaseModel], key: str) -> type[BaseModel] | None:
    for name, field in shape.model_fields.items():
        if (field.alias or name) == key:
            return _find_model(field.annotation)
    return shape


def _find_model(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    for part in getattr(annotation, "__args__", ()):
        found = _find_model(part)
        if found is not None:
            return found
    return None
