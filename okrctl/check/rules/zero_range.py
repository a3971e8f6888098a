"""Finds key results whose target equals their baseline.

Progress is a share of the range from baseline to target, and here the range is zero: some tools report 50 %, some
100 %, some divide by zero.

To fix it, use a limit for a value that should stay as it is.

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
from fractions import Fraction

from okrctl.check.finding import Context, Finding
from okrctl.check.rule import Rule
from okrctl.measures import MEASURES
from okrctl.values.quantity import Quantity
from okrctl.workspace import KeyResult

ZERO = Fraction(0)


def check(node: KeyResult, context: Context) -> Iterator[Finding]:
    """Metrics and changes whose numbers in the file leave no way to go."""
    if node.measure not in ("metric", "change"):
        return
    said = node.model.from_
    start = said.number if isinstance(said, Quantity) else None
    if said is None and node.measure == "metric" and node.model.kpi is None:
        start = ZERO
    if start is None or MEASURES[node.measure].target(node.model, start) != start:
        return
    related = ((None, (*node.route, "from"), "it starts here"),) if said is not None else ()
    if node.measure == "change":
        message = f"'{node.model.change.text}' of {said.text} changes nothing: there is no way to go"
        yield Finding((*node.route, "change"), message, "write by how much it is to change", related=related)
    else:
        start_text = "it starts at 0 too" if said is None else f"'from' is {said.text} too"
        text = node.model.to.text
        help = f"`at_least: {text}` or `at_most: {text}` keeps a value where it is"
        help += "; add `from:` if it starts elsewhere" if said is None else ""
        yield Finding(
            (*node.route, "to"), f"'to' is {text} and {start_text}: there is no way to go", help, related=related
        )


RULE = Rule(code="OKR301", name="zero-range", severity="error", check_key_result=check)
