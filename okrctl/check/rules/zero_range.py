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
    """Metrics and changes whose range is zero, according to the file alone."""
    if node.measure not in ("metric", "change"):
        return
    baseline = node.model.from_
    start = baseline.number if isinstance(baseline, Quantity) else None
    if baseline is None and node.measure == "metric" and node.model.kpi is None:
        start = ZERO
    if start is None or MEASURES[node.measure].target(node.model, start) != start:
        return
    related = ((None, (*node.route, "from"), "the baseline"),) if baseline is not None else ()
    if node.measure == "change":
        message = f"'{node.model.change.text}' of {baseline.text} changes nothing"
        yield Finding((*node.route, "change"), message, "write a change other than 0", related=related)
    else:
        start_text = "the baseline is 0 too" if baseline is None else f"'from' is {baseline.text} too"
        text = node.model.to.text
        help = f"`at_least: {text}` or `at_most: {text}` is a limit for a value that should stay"
        help += "; add `from:` if the baseline is not 0" if baseline is None else ""
        yield Finding((*node.route, "to"), f"'to' is {text} and {start_text}: the range is zero", help, related=related)


RULE = Rule(code="OKR301", name="zero-range", severity="error", check_key_result=check)
