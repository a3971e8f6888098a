"""Finds key results that end where they begin.

Progress is the share of a way, and here there is none: some tools call that 50 %, some 100 %, some divide by zero.
What is meant to stay as it is has a limit instead.

Bad:

    period: 2026-Q2
    objectives:
      - id: safe
        title: Nobody gets hurt in our workshops
        owner: lea
        key_results: [{id: accidents, title: Accidents, to: 0}]

Good:

    period: 2026-Q2
    objectives:
      - id: safe
        title: Nobody gets hurt in our workshops
        owner: lea
        key_results: [{id: accidents, title: Accidents, at_most: 0}]
"""

from __future__ import annotations

from collections.abc import Iterator

from okrctl.check.finding import Context, Finding
from okrctl.measures import change
from okrctl.values.quantity import Quantity
from okrctl.workspace import KeyResult

CODE = "OKR301"
NAME = "zero-range"
SEVERITY = "error"
LOOKS_AT = "key_result"


def check(node: KeyResult, context: Context) -> Iterator[Finding]:
    """Metrics and changes whose numbers in the file leave no way to go."""
    if not node.measure.has_range:
        return
    said = node.measure.written_start(node.model)
    start = said.number if isinstance(said, Quantity) else None
    if said is None and node.model.kpi is None:
        start = node.measure.default_start
    if start is None or node.measure.target(node.model, start) != start:
        return
    start_key, target_key = node.measure.start_key, node.measure.target_key
    related = ((None, (*node.route, start_key), "it starts here"),) if said is not None else ()
    if node.measure is change.MEASURE and isinstance(said, Quantity):
        message = f"'{node.model.change.text}' of {said.text} changes nothing: there is no way to go"
        yield Finding((*node.route, "change"), message, "write by how much it is to change", related=related)
    else:
        start_text = "it starts at 0 too" if not isinstance(said, Quantity) else f"'{start_key}' is {said.text} too"
        text = getattr(node.model, target_key).text
        help = f"`at_least: {text}` or `at_most: {text}` keeps a value where it is"
        help += f"; add `{start_key}:` if it starts elsewhere" if said is None else ""
        message = f"'{target_key}' is {text} and {start_text}: there is no way to go"
        yield Finding((*node.route, target_key), message, help, related=related)
