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

from okrctl.check.finding import Context, Finding
from okrctl.check.rule import Rule
from okrctl.measures import change
from okrctl.values.quantity import Quantity
from okrctl.workspace import KeyResult


def check(node: KeyResult, context: Context) -> Iterator[Finding]:
    """Metrics and changes whose range is zero, according to the file alone."""
    if not node.measure.has_range:
        return
    baseline = node.measure.written_start(node.model)
    start = baseline.number if isinstance(baseline, Quantity) else None
    if baseline is None and node.model.kpi is None:
        start = node.measure.default_start
    if start is None or node.measure.target(node.model, start) != start:
        return
    start_key, target_key = node.measure.start_key, node.measure.target_key
    related = ((None, (*node.route, start_key), "the baseline"),) if baseline is not None else ()
    if node.measure is change.MEASURE and isinstance(baseline, Quantity):
        message = f"'{node.model.change.text}' from {baseline.text} changes nothing"
        yield Finding((*node.route, "change"), message, "write a change other than 0", related=related)
    else:
        start_text = (
            f"'{start_key}' is {baseline.text} too" if isinstance(baseline, Quantity) else "the baseline is 0 too"
        )
        text = getattr(node.model, target_key).text
        help = f"`at_least: {text}` or `at_most: {text}` is a limit for a value that should stay as it is"
        help += f"; add `{start_key}:` if the baseline is not 0" if baseline is None else ""
        message = f"'{target_key}' is {text} and {start_text}: the range is zero"
        yield Finding((*node.route, target_key), message, help, related=related)


RULE = Rule(code="OKR301", name="zero-range", severity="error", check_key_result=check)
