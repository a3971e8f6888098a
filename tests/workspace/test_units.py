"""The unit of a key result or KPI: declared, or at one of its numbers."""

from __future__ import annotations

import pytest

from okrctl import workspace
from okrctl.schema.settings import Config
from okrctl.workspace import Workspace
from okrctl.yaml import Source


def loaded(key_result: str) -> Workspace:
    text = f"""period: 2026-Q2
objectives:
  - {{id: o, title: O, owner: lea, key_results: [{{id: a, title: A, {key_result}}}]}}
"""
    config = Config()
    file = workspace.read_file(Source("okrs/a.yaml", text), config)
    assert file.schema_problems == []
    return workspace.assemble_workspace([file], config, lambda path: "")


@pytest.mark.parametrize(
    ("key_result", "unit"),
    [
        ("unit: EUR, to: 5", "EUR"),
        ("from: 10, to: 17 EUR", "EUR"),
        ("from: 10, change: +7EUR, readings: {2026-04-05: 12}", "EUR"),
        ("from: 10, change: -7pp", "%"),
        ("from: 10, change: -7%", None),
        ("from: 10, change: x2", None),
        ("to: 17, readings: {2026-04-05: 12, 2026-04-06: 13 EUR}", "EUR"),
        ("to: 17, readings: {2026-04-05: {value: 12, forecast: 13 EUR}}", "EUR"),
        ("to: 17, readings: {2026-04-05: {value: 12 EUR, forecast: 13 users}}", "EUR"),
        ("to: 17, readings: {2026-04-05: {value: 12, forecast: 13}}", None),
    ],
)
def test_a_unit_at_one_number_is_that_of_all(key_result: str, unit: str | None) -> None:
    held = loaded(key_result)
    [node] = held.key_results
    assert held.unit(node) == unit


@pytest.mark.parametrize(
    ("kpi", "unit"),
    [
        ("better: lower, watch: {above: 500 EUR}, readings: {2026-04-05: 400}", "EUR"),
        ("between: [300, 500 EUR], readings: {2026-04-05: 400}", "EUR"),
        ("better: lower, watch: {above: 500 EUR}, readings: {2026-04-05: 400 USD}", "USD"),
        ("better: lower, watch: {above: 500}, readings: {2026-04-05: 400}", None),
    ],
)
def test_a_unit_at_a_bound_is_that_of_a_kpi(kpi: str, unit: str | None) -> None:
    file = workspace.read_file(Source("kpis/a.yaml", f"kpis: [{{id: a, title: A, {kpi}}}]\n"), Config())
    held = workspace.assemble_workspace([file], Config(), lambda path: "")
    assert held.kpis["a"].unit == unit
