"""Finds `done: true`, which has no date.

`done: true` counts from the first day of the period. A date makes the history correct, and lets `okrctl score
--as-of` show the state in between.

Bad:

    period: 2026-Q2
    objectives:
      - id: origin
        title: Customers know where their products come from
        owner: lea
        key_results: [{id: page, title: The page about origins is online, done: true}]

Good:

    period: 2026-Q2
    objectives:
      - id: origin
        title: Customers know where their products come from
        owner: lea
        key_results: [{id: page, title: The page about origins is online, done: 2026-05-04}]
"""

from __future__ import annotations

from collections.abc import Iterator

from okrctl.check.finding import Context, Finding
from okrctl.check.rule import Rule
from okrctl.values.diagnostic import Route
from okrctl.workspace import File, KeyResult, Objective


def check(file: File, context: Context) -> Iterator[Finding]:
    """Key results, milestones and initiatives with `done: true`."""
    for node in file.nodes:
        if isinstance(node, Objective):
            for route, ref in _undated_in_objective(node):
                message = "'true' has no date, so it counts from the first day"
                yield Finding(route, message, "write the date when it was done", ref=ref)


def _undated_in_objective(node: Objective) -> Iterator[tuple[Route, str]]:
    for key_result in node.key_results:
        yield from _undated_in_key_result(key_result)
    for index, initiative in enumerate(node.model.initiatives):
        if initiative.done is True:
            yield (*node.route, "initiatives", index, "done"), node.ref


def _undated_in_key_result(key_result: KeyResult) -> Iterator[tuple[Route, str]]:
    for step in key_result.measure.steps(key_result.model):
        if step.done is True:
            yield (*key_result.route, *step.route), key_result.ref


RULE = Rule(code="OKR014", name="undated-done", severity="info", check_file=check)
