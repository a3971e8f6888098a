"""Finds work that is done without a date.

`done: true` counts from the first day of the period, as if it had never been open. With its date the history is
right, and `okrctl score --as-of` can say how things stood in between.

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
from okrctl.values.diagnostic import Route
from okrctl.workspace import File, KeyResult, Objective

CODE = "OKR014"
NAME = "undated-done"
SEVERITY = "info"
LOOKS_AT = "file"


def check(file: File, context: Context) -> Iterator[Finding]:
    """Key results, milestones and initiatives with `done: true`."""
    for node in file.nodes:
        if isinstance(node, Objective):
            for route, ref in _undated_in_objective(node):
                message = "'true' does not say since when: it counts from the first day"
                yield Finding(route, message, "write the date on which it was done", ref=ref)


def _undated_in_objective(node: Objective) -> Iterator[tuple[Route, str]]:
    for key_result in node.key_results:
        yield from _undated_in_key_result(key_result)
    for number, initiative in enumerate(node.model.initiatives):
        if initiative.done is True:
            yield (*node.route, "initiatives", number, "done"), node.ref


def _undated_in_key_result(key_result: KeyResult) -> Iterator[tuple[Route, str]]:
    for step in key_result.measure.steps(key_result.model):
        if step.done is True:
            yield (*key_result.route, *step.route), key_result.ref
