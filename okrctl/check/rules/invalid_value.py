"""Finds values that are not valid for their key.

Examples are a date that does not exist, a number with a comma as thousands separator, a range with swapped bounds,
and a stretch target short of the target. okrctl does not guess what such a value means; the message shows how to write
it.

Bad:

    period: 2026-Q2
    objectives:
      - id: origin
        title: Customers know where their products come from
        owner: lea
        key_results: [{id: codes, title: Codes requested, to: "25,000", due: 2026-06-31}]

Good:

    period: 2026-Q2
    objectives:
      - id: origin
        title: Customers know where their products come from
        owner: lea
        key_results: [{id: codes, title: Codes requested, to: 25000, due: 2026-06-30}]
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from okrctl.check.finding import Context, Finding, schema_findings
from okrctl.check.rule import Rule
from okrctl.values.quantity import Quantity, format_number
from okrctl.workspace import File, KeyResult, Objective


def check(file: File, context: Context) -> Iterator[Finding]:
    """Values that are not valid for their key."""
    yield from schema_findings(file, RULE.code)
    for node in file.nodes:
        for key_result in node.key_results if isinstance(node, Objective) else ():
            yield from _check_stretch(key_result)


def _check_stretch(node: KeyResult) -> Iterator[Finding]:
    """A stretch target that does not go beyond the target, if the file alone tells the baseline."""
    stretch = vars(node.model).get("stretch")
    if stretch is None or not node.measure.has_range:
        return
    baseline = node.measure.written_start(node.model)
    start = baseline.number if isinstance(baseline, Quantity) else None
    if baseline is None and node.model.kpi is None:
        start = Fraction(0)
    target = node.measure.target(node.model, start)
    if start is not None and target is not None and (stretch.number - target) * (target - start) < 0:
        message = f"the stretch '{stretch.text}' does not go beyond the target, {format_number(target, stretch.unit)}"
        help = "a stretch target must be beyond `to`; remove it, or swap the two"
        yield Finding((*node.route, "stretch"), message, help, ref=node.ref)


RULE = Rule(code="OKR004", name="invalid-value", severity="error", check_file=check)
