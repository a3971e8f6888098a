"""Plain data gives back the models that it was made of, to the last value."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel

from okrctl.measures import MEASURES
from okrctl.schema import model, plain
from okrctl.schema.settings import Config
from okrctl.workspace import read_settings
from okrctl.yaml import Source, parse

FULL_OBJECTIVE = """
id: a
title: A title with ünïcödé and "quotes"
owner: lea
weight: 1.5
state: postponed
since: 2026-04-01
added: 2026-04-02
score: {value: 7/10, by: lea, reason: it was late, date: 2026-06-01}
formerly: b
links: https://example.org
tags: [home, away]
parent: company/goal
kpis: [happy]
hypothesis: [{kpi: happy, expect: steady, within: 2 %, because: so}, {kpi: sad, expect: down}]
readings: {2026-04-03: {confidence: 7.5, note: fine, source: lea}}
initiatives:
  - {title: Build, owner: tom, moves: [k], kpis: [happy], links: [x], tags: [y], count: 3/5, done: 2026-04-03}
  - {title: Test, done: false}
key_results: []
"""
KEY_RESULTS = [
    *(measure.example for measure in MEASURES.values()),
    "to: 100 users, from: 20 k, stretch: 120, plan: {2026-04-30: 40, 2026-05-31: 60}, unit: users, cadence: 10 days",
    "to: TBD, guards: all, priority: P1, amended: [{date: 2026-04-01, by: l, reason: r, was: {to: 9}}]",
    "to: 5m, unit: m, kpi: happy, aggregate: sum, rollup: {mean: [a/b.c, d]}, guards: [x, y]",
    "to: 10, readings: {2026-04-03: {value: 7 h, forecast: 9, note: n}, 2026-05: {confidence: 3}, 2026-06-01: 1.2M h}",
    "to: 10, readings: {csv: a.csv, date: day, value: v, decimal: comma}, source: {http: x, headers: {A: $OKRCTL_B}}",
    "to: 10, readings: a.csv",
    "graded: true, readings: {2026-04-20: 7/10, 2026-04-21: {value: 30 %, forecast: 1}}",
    "graded: {0.4: a draft, 7/10: used}, score: {value: 0.5, by: lea}",
    "from: 3, change: x2",
    "from: 3 %, change: -7pp",
    "between: [1, 2.5 h], judge: held",
    "milestones: [{title: A, weight: 2, due: 2026-05-01, done: 2026-04-20}, {title: B, id: b, done: true}]",
    "done: true",
    "description: without a measure",
    "to: 3, at_least: 4",
]
KPI = """
{id: happy, title: Happy, owner: lea, team: ops, why: so, unit: "%", between: [3, 4.5], indicator: leading,
 cadence: monthly, aggregate: mean, readings: {2026-04: 3, 2026-05-31: {value: 4, note: n}},
 watch: {below: 2, above: 5}, target: 4, formula: (a + b) / 2,
 source: {sql: select, url_env: OKRCTL_DB}, formerly: sad, links: [], tags: [x]}
"""


SETTINGS = """
organisation: Acme
fiscal_year: {starts: april, named_by: end}
numbers: de
profile: google
teams: {ops: {name: Operations, lead: lea, parent: all, until: 2026-06-30}, all: {}}
people: {lea: {name: Lea, email: lea@acme.example}}
defaults: {ambition: committed, kpi_cadence: monthly, key_result_cadence: 10 days}
limits: {objectives: 3, kpis: 12}
rules: {suspected-slip: error, OKR101: ignore}
fail_on: info
scoring: {missing: skip, cap: none, floor: -1, bands: [0.4, 0.7], success: 0.65, closing_days: 7, agree_days: 3}
pace: {behind: 5, at_risk: 12.5, grace_days: 0}
sources: {hosts: [example.org]}
include: [okrs/*.yaml]
exclude: okrs/old/*
"""


def settings_of(text: str) -> Config:
    config, file = read_settings(Source("okrctl.yaml", text))
    assert file is not None and not file.schema_problems
    assert config.fiscal and config.precision  # kept on the model, and no part of what is written
    return config


def data(text: str) -> Any:
    document = parse(Source("a.yaml", text))
    assert not document.problems
    return document.data


def models() -> Iterator[BaseModel]:
    yield model.ObjectiveModel.model_validate(data(FULL_OBJECTIVE))
    yield model.KpiModel.model_validate(data(KPI))
    for text in KEY_RESULTS:
        raw = data(f"{{id: k, title: K, {text}}}")
        yield model.ObjectiveModel.model_validate({"id": "o", "key_results": [raw]})
    yield settings_of("")
    yield settings_of(SETTINGS)
    yield model.CustomPeriod.model_validate({"id": "cycle-7", "start": "2026-04-01", "end": "2026-05-01"})


@pytest.mark.parametrize("before", [*models()], ids=lambda before: type(before).__name__)
def test_a_model_comes_back(before: BaseModel) -> None:
    back = plain.from_plain(json.loads(json.dumps(plain.to_plain(before))))
    assert back == before  # also which fields were set
    assert repr(back) == repr(before)
    assert list(vars(back)) == [name for name in vars(before) if name in type(before).model_fields]
    assert back.model_copy(update={"id": "other"}) == before.model_copy(update={"id": "other"})


def test_a_model_shares_nothing_with_others() -> None:
    dumped = plain.to_plain(model.ObjectiveModel.model_validate({"id": "o"}))
    one, other = plain.from_plain(dumped), plain.from_plain(dumped)
    one.tags.append("changed")
    assert other.tags == [] == plain.from_plain(dumped).tags


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text() | st.dates() | st.fractions(),
        lambda inner: (
            st.lists(inner)
            | st.lists(inner).map(tuple)
            | st.dictionaries(st.text() | st.dates() | st.fractions(), inner)
        ),
        max_leaves=12,
    )
)
def test_any_value_comes_back(value: Any) -> None:
    back = plain.from_plain(json.loads(json.dumps(plain.to_plain(value))))
    assert back == value
    assert repr(back) == repr(value)  # 1 is not True, and the order of keys is the same


def test_every_model_of_a_file_has_a_plain_form() -> None:
    found: set[type[BaseModel]] = set()
    _collect(model.OkrFile, found)
    _collect(model.KpiFile, found)
    _collect(Config, found)
    found |= {*model.MODELS_BY_MEASURE.values()}
    for shape in model.MODELS_BY_MEASURE.values():
        _collect(shape, found)
    assert found - {model.OkrFile, model.KpiFile} <= {*plain.MODELS}
    assert len({shape.__name__ for shape in (*plain.MODELS, *plain.TUPLES)}) == len(plain.MODELS) + len(plain.TUPLES)


def _collect(annotation: Any, found: set[type[BaseModel]]) -> None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        found.add(annotation)
        for field in annotation.model_fields.values():
            _collect(field.annotation, found)
    for part in getattr(annotation, "__args__", ()):
        _collect(part, found)


@pytest.mark.parametrize("damaged", [["unknown", 1], [], ["date"], ["date", "soon"], ["fraction", 1, 0], ["KpiModel"]])
def test_other_data_is_an_error_of_its_kind(damaged: Any) -> None:
    with pytest.raises((LookupError, TypeError, ValueError, ArithmeticError)):
        plain.from_plain(damaged)


def test_a_value_of_no_model_has_no_plain_form() -> None:
    with pytest.raises(LookupError):
        plain.to_plain({1.5})
