"""Finds key results and KPIs whose numbers have different units.

A target in hours with readings in days, or a roll-up of euros and visitors, gives a number without meaning. Write
the unit once, under `unit:` or after the numbers; a number without a unit takes it over.

Bad:

    period: 2026-Q2
    objectives:
      - id: answers
        title: Nobody waits for an answer
        owner: lea
        key_results: [{id: wait, title: Time to the first answer, from: 48h, to: 2 days}]

Good:

    period: 2026-Q2
    objectives:
      - id: answers
        title: Nobody waits for an answer
        owner: lea
        key_results: [{id: wait, title: Time to the first answer, from: 72h, to: 48h}]
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from okrctl import measures
from okrctl.check.finding import Context, Finding, reading_finding
from okrctl.check.rule import Rule
from okrctl.values.diagnostic import Route
from okrctl.values.quantity import Quantity, TargetChange
from okrctl.values.unit import is_same_unit
from okrctl.workspace import DatedReading, File, KeyResult, Kpi, Workspace

TARGET_FIELDS = ("from_", "to", "at_least", "at_most", "stretch", "target")
OPTIONAL_FIELDS = ("between", "plan", "watch")
HELP = "write all numbers in one unit, and the unit once"


class UnitMention(NamedTuple):
    """A unit that the file names, and where: at a route, or at a reading."""

    unit: str
    text: str
    route: Route
    dated: DatedReading | None = None


def check(file: File, context: Context) -> Iterator[Finding]:
    """Units within a key result, and within a KPI."""
    for node in file.nodes_with_readings():
        first: UnitMention | None = None
        told: set[str] = set()
        for number in _unit_mentions(node):
            first = first or number
            if not _is_same_unit(number.unit, first.unit) and number.unit not in told:
                told.add(number.unit)
                yield _build_finding(node, number, first)


def check_workspace(workspace: Workspace, context: Context) -> Iterator[Finding]:
    """Units of key results against their KPI's, and of the members of roll-ups."""
    for node in workspace.key_results:
        if getattr(node.model, "kpi", None) is not None:
            yield from _check_against_kpi(workspace, node)
        elif getattr(node.model, "rollup", None) is not None:
            yield from _check_rollup(workspace, node)


def _unit_mentions(node: KeyResult | Kpi) -> Iterator[UnitMention]:
    """Every unit of a key result or KPI, the declared one first."""
    said = vars(node.model)
    if said.get("unit") is not None:
        yield UnitMention(said["unit"], said["unit"], (*node.route, "unit"))
    for attribute in TARGET_FIELDS:
        found = said.get(attribute)
        if found is not None and isinstance(found, Quantity) and found.unit is not None:
            yield UnitMention(found.unit, found.text, (*node.route, attribute.rstrip("_")))
    for found, *rest in _optional_numbers(said) if any(map(said.get, OPTIONAL_FIELDS)) else ():
        if found is not None and found.unit is not None:
            yield UnitMention(found.unit, found.text, (*node.route, *rest))
    by = said.get("change")
    if isinstance(by, TargetChange) and by.kind in ("points", "absolute") and by.unit is not None:
        yield UnitMention("%" if by.kind == "points" else by.unit, by.text, (*node.route, "change"))
    for dated in node.readings:
        if dated.value is not None and dated.value.unit is not None:
            yield UnitMention(dated.value.unit, dated.value.text, (*node.route, "readings"), dated)


def _optional_numbers(said: dict[str, Any]) -> Iterator[tuple[Any, ...]]:
    """The bounds of bands, plans and alarms, each with the rest of its route; most are not there."""
    for place, bound in enumerate(said.get("between") or ()):
        yield bound, "between", place
    for day, planned in (said.get("plan") or {}).items():
        yield planned, "plan", day.isoformat()
    watch = said.get("watch")
    if watch is not None:
        yield watch.below, "watch", "below"
        yield watch.above, "watch", "above"


def _is_same_unit(one: str, other: str) -> bool:
    """Whether two units are one; a day and days are."""
    return one == other or is_same_unit(one, other) or _singular(one) == _singular(other)


def _singular(unit: str) -> str:
    plain = unit.strip().casefold()
    return plain[:-1] if len(plain) > 3 and plain.endswith("s") else plain


def _build_finding(node: KeyResult | Kpi, number: UnitMention, first: UnitMention) -> Finding:
    what = f"'{first.unit}'" if first.route[-1] == "unit" else f"'{first.text}'"
    message = f"the unit of '{number.text}' does not agree with {what}"
    related = ((node.file, first.route, f"the unit is '{first.unit}' here"),)
    if number.dated is not None:
        return reading_finding(node, number.dated, message, HELP, related=related)
    return Finding(number.route, message, HELP, related=related, ref=node.ref)


def _check_against_kpi(workspace: Workspace, node: KeyResult) -> Iterator[Finding]:
    kpi = workspace.kpi_of(node)
    theirs = kpi.unit if kpi is not None else None
    own = next(_unit_mentions(node), None) if theirs else None
    if kpi is not None and theirs and own is not None and not _is_same_unit(own.unit, theirs):
        message = f"'{own.text}' does not agree with '{theirs}', the unit of the KPI '{kpi.id}'"
        related = ((kpi.file, (*kpi.route, "unit"), f"the KPI's unit is '{theirs}'"),)
        yield Finding(own.route, message, "write it in the KPI's unit", related=related, ref=node.ref, file=node.file)


def _check_rollup(workspace: Workspace, node: KeyResult) -> Iterator[Finding]:
    rollup = node.model.rollup
    first: tuple[str, str] | None = (node.own_unit, "this key result") if node.own_unit else None
    for number, text in enumerate(rollup.members):
        route: Route = (*node.route, "rollup", rollup.method, number)
        member = workspace.resolve(text, node.objective)
        if member is None or (isinstance(member, KeyResult) and not member.measure):
            continue
        if not isinstance(member, KeyResult) or member.measure not in measures.NUMERIC:
            what = member.measure if isinstance(member, KeyResult) else "an objective"
            message = f"'{text}' has no number to roll up: it is {what}"
            yield Finding(route, message, "name key results with numbers", ref=node.ref, file=node.file)
            continue
        unit = workspace.unit(member)
        if unit and first is None:
            first = unit, f"'{text}'"
        elif unit and first is not None and not _is_same_unit(unit, first[0]):
            message = f"'{text}' is in '{unit}', {first[1]} in '{first[0]}'"
            help = "roll up what has one unit"
            related = ((member.file, (*member.route, "title"), "this member"),)
            yield Finding(route, message, help, related=related, ref=node.ref, file=node.file)


RULE = Rule(code="OKR302", name="unit-mismatch", severity="error", check_file=check, check_workspace=check_workspace)
