"""What the models say about keys: what each means, and which words it takes."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import BaseModel

from okrctl.schema.keys import field_at, is_nested, list_choices, model_at, model_keys
from okrctl.schema.model import KpiFile, OkrFile
from okrctl.schema.settings import Config
from okrctl.values.diagnostic import Route

DATA = {"objectives": [{"key_results": [{"at_most": 4}, {"milestones": []}], "hypothesis": {"kpi": "a"}}]}
RESULT: Route = ("objectives", 0, "key_results", 0)


@pytest.mark.parametrize(
    ("shape", "route", "words"),
    [
        (OkrFile, ("objectives", 0, "state"), ["draft", "active", "deprioritized", "postponed"]),
        (OkrFile, ("objectives", 0, "hypothesis", "expect"), ["up", "down", "steady"]),
        (OkrFile, (*RESULT, "judge"), ["latest", "held"]),
        (OkrFile, (*RESULT, "cadence"), ["daily", "weekly", "fortnightly", "monthly", "quarterly"]),
        (OkrFile, (*RESULT, "guards"), ["all"]),
        (OkrFile, (*RESULT, "readings", "csv"), []),
        (OkrFile, ("objectives", 0, "title"), []),
        (KpiFile, ("kpis", 0, "better"), ["higher", "lower"]),
        (Config, ("fail_on",), ["error", "warning", "info"]),
        (Config, ("scoring", "missing"), ["zero", "skip"]),
    ],
)
def test_the_words_of_a_key(shape: type[BaseModel], route: Route, words: list[str]) -> None:
    field = field_at(shape, DATA, route)
    assert (list_choices(field) if field is not None else []) == words


@pytest.mark.parametrize("shape", [OkrFile, KpiFile, Config])
def test_every_key_means_something(shape: type[BaseModel]) -> None:
    for key in model_keys(shape):
        field = field_at(shape, {}, (key,))
        assert field is not None and field.description


@pytest.mark.parametrize(
    ("route", "has", "lacks"), [(RESULT, "at_most", "milestones"), ((*RESULT[:3], 1), "milestones", "at_most")]
)
def test_the_keys_of_a_key_result_are_those_of_its_measure(route: Route, has: str, lacks: str) -> None:
    inner = model_at(OkrFile, DATA, route)
    assert inner is not None and has in model_keys(inner) and lacks not in model_keys(inner)


def test_which_keys_hold_others() -> None:
    nested = {"key_results": True, "hypothesis": True, "title": False, "kpis": False}
    fields: dict[str, Any] = {key: field_at(OkrFile, DATA, ("objectives", 0, key)) for key in nested}
    assert {key: is_nested(field) for key, field in fields.items()} == nested


@pytest.mark.parametrize("route", [(), ("objectives", 0), ("nope",), (*RESULT, "readings", "2026-04-20"), ("x", "y")])
def test_other_places_have_no_field(route: Route) -> None:
    field = field_at(OkrFile, DATA, route)
    assert field is None or route == ("objectives", 0)
