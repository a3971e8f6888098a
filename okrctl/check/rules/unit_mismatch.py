"""Finds key results and KPIs whose numbers have different units.

A target in hours with readings in days, or a rollup of euros and visitors, gives a number without meaning. Write the
unit once, under `unit:` or after one of the numbers. It applies to all numbers that have none. If the only number with
a unit is a later reading, that is probably a typo, and reported as a warning.

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
from dataclasses import replace
from typing import Any, NamedTuple

from okrctl.check.finding import Context, Finding, reading_finding
from okrctl.check.rule import Rule
from okrctl.values.diagnostic import Route
from okrctl.values.quantity import Quantity, TargetChange
from okrctl.values.unit import is_same_unit, write_declaration
from okrctl.workspace import DatedReading, File, KeyResult, Kpi, Objective, Workspace

OPTIONAL_FIELDS = ("between", "plan", "watch")
HELP = "write all numbers in one unit"


class UnitMention(NamedTuple):
    """A unit in a file, at a route or at a number of a reading."""

    unit: str
    text: str
    route: Route
    dated: DatedReading | None = None
    key: str = "value"


def check(file: File, context: Context) -> Iterator[Finding]:
    """Units that differ within a key result or a KPI."""
    for node in file.nodes_with_readings():
        first: UnitMention | None = None
        reported: set[str] = set()
        mentions = list(_unit_mentions(node))
        if len(mentions) == 1 and _is_stray(node, mentions[0]):
            yield _build_stray_finding(node, mentions[0])
        for mention in mentions:
            first = first or mention
            if not _is_same_unit(mention.unit, first.unit) and mention.unit not in reported:
                reported.add(mention.unit)
                yield _build_finding(node, mention, first)


def check_workspace(workspace: Workspace, context: Context) -> Iterator[Finding]:
    """Units of key results and hypotheses that differ from their KPI's, and units of the members of rollups."""
    for objective in workspace.objectives:
        yield from _check_hypotheses(workspace, objective)
    for node in workspace.key_results:
        values = vars(node.model)
        if values.get("kpi") is not None:
            yield from _check_against_kpi(workspace, node)
        elif values.get("rollup") is not None:
            yield from _check_rollup(workspace, node)


def _unit_mentions(node: KeyResult | Kpi) -> Iterator[UnitMention]:
    """Every unit of a key result or KPI, the declared one first."""
    values = vars(node.model)
    if values.get("unit") is not None:
        yield UnitMention(values["unit"], values["unit"], (*node.route, "unit"))
    for inner_route, number in _target_numbers(node):
        if number.unit is not None:
            yield UnitMention(number.unit, number.text, (*node.route, *inner_route))
    for optional, *optional_route in _optional_numbers(node, values) if any(map(values.get, OPTIONAL_FIELDS)) else ():
        if optional is not None and optional.unit is not None:
            yield UnitMention(optional.unit, optional.text, (*node.route, *optional_route))
    yield from _change_mentions(node, values.get("change"))
    yield from _reading_mentions(node)


def _reading_mentions(node: KeyResult | Kpi) -> Iterator[UnitMention]:
    """The units of values and forecasts."""
    for reading in node.readings:
        if reading.value is not None and reading.value.unit is not None:
            yield UnitMention(reading.value.unit, reading.value.text, (*node.route, "readings"), reading)
        forecast = reading.forecast
        if forecast is not None and forecast.unit is not None:
            yield UnitMention(forecast.unit, forecast.text, (*node.route, "readings"), reading, "forecast")


def _change_mentions(node: KeyResult | Kpi, change: Any) -> Iterator[UnitMention]:
    if isinstance(change, TargetChange) and change.target_unit is not None:
        yield UnitMention(change.target_unit, change.text, (*node.route, "change"))


def _target_numbers(node: KeyResult | Kpi) -> Iterator[tuple[Route, Quantity]]:
    """The numbers of the target, each with the end of its route."""
    if isinstance(node, KeyResult):
        yield from node.measure.numbers(node.model)
    values = vars(node.model)
    for name in ("stretch", "target"):
        number = values.get(name)
        if isinstance(number, Quantity):
            yield (name,), number


def _optional_numbers(node: KeyResult | Kpi, values: dict[str, Any]) -> Iterator[tuple[Any, ...]]:
    """The numbers of a KPI's band, and of plans and alarms, each with the end of its route."""
    for index, bound in enumerate(values.get("between") or () if isinstance(node, Kpi) else ()):
        yield bound, "between", index
    for day, planned in (values.get("plan") or {}).items():
        yield planned, "plan", day.isoformat()
    watch = values.get("watch")
    if watch is not None:
        yield watch.below, "watch", "below"
        yield watch.above, "watch", "above"


def _is_stray(node: KeyResult | Kpi, mention: UnitMention) -> bool:
    """Whether the only unit stands at a reading that is not the first, and two or more other numbers have none."""
    values = [reading for reading in node.readings if reading.value is not None]
    if mention.dated is None or mention.dated in values[:1]:
        return False
    targets = sum(1 for _ in _target_numbers(node))
    optional = sum(number is not None for number, *_ in _optional_numbers(node, vars(node.model)))
    return targets + optional + len(values) > 2


def _build_stray_finding(node: KeyResult | Kpi, mention: UnitMention) -> Finding:
    assert mention.dated is not None
    message = f"only '{mention.text.strip()}' has a unit, '{mention.unit}'; the other numbers have none"
    help = f"write the number alone, or declare `{write_declaration(mention.unit)}` if all numbers have it"
    return replace(reading_finding(node, mention.dated, message, help, key=mention.key), severity="warning")


def _is_same_unit(unit: str, other: str) -> bool:
    """Whether two units are the same; singular and plural are."""
    return unit == other or is_same_unit(unit, other) or _singular(unit) == _singular(other)


def _singular(unit: str) -> str:
    plain = unit.strip().casefold()
    return plain[:-1] if len(plain) > 3 and plain.endswith("s") else plain


def _build_finding(node: KeyResult | Kpi, mention: UnitMention, first: UnitMention) -> Finding:
    first_text = f"'{first.unit}'" if first.route[-1] == "unit" else f"'{first.text}'"
    message = f"unit mismatch: '{mention.text}' does not agree with {first_text}"
    related = ((node.file, first.route, f"the unit is '{first.unit}' here"),)
    if mention.dated is not None:
        return reading_finding(node, mention.dated, message, HELP, key=mention.key, related=related)
    return Finding(mention.route, message, HELP, related=related, ref=node.ref)


def _check_against_kpi(workspace: Workspace, node: KeyResult) -> Iterator[Finding]:
    kpi = workspace.kpi_of(node)
    kpi_unit = kpi.unit if kpi is not None else None
    mention = next(_unit_mentions(node), None) if kpi_unit else None
    if kpi is not None and kpi_unit and mention is not None and not _is_same_unit(mention.unit, kpi_unit):
        message = f"unit mismatch: '{mention.text}' does not agree with '{kpi_unit}', the unit of the KPI '{kpi.id}'"
        related = ((kpi.file, (*kpi.route, "unit"), f"the KPI's unit is '{kpi_unit}'"),)
        yield Finding(
            mention.route, message, "write it in the KPI's unit", related=related, ref=node.ref, file=node.file
        )


def _check_hypotheses(workspace: Workspace, objective: Objective) -> Iterator[Finding]:
    """The `within:` of a hypothesis; percentage points agree with a percentage."""
    for index, hypothesis in enumerate(objective.model.hypothesis):
        kpi, within = workspace.kpis.get(hypothesis.kpi), hypothesis.within
        if kpi is None or within is None or within.unit is None or kpi.unit is None:
            continue
        if not _is_same_unit("%" if within.unit == "pp" else within.unit, kpi.unit):
            message = f"unit mismatch: '{within.text}' does not agree with '{kpi.unit}', the unit of the KPI '{kpi.id}'"
            route: Route = (*objective.route, "hypothesis", index, "within")
            yield Finding(route, message, "write it in the KPI's unit", ref=objective.ref, file=objective.file)


def _check_rollup(workspace: Workspace, node: KeyResult) -> Iterator[Finding]:
    rollup = node.model.rollup
    first: tuple[str, str] | None = (node.own_unit, "this key result") if node.own_unit else None
    for index, text in enumerate(rollup.members):
        route: Route = (*node.route, "rollup", rollup.method, index)
        member = workspace.resolve(text, node.objective)
        if not isinstance(member, KeyResult) or not member.measure.is_numeric:
            yield from _check_not_numeric(node, member, text, route)
            continue
        unit = workspace.unit(member)
        first = first or ((unit, f"'{text}'") if unit else None)
        if unit and first is not None and not _is_same_unit(unit, first[0]):
            message = f"unit mismatch: '{text}' is in '{unit}', {first[1]} in '{first[0]}'"
            help = "roll up key results with the same unit"
            related = ((member.file, (*member.route, "title"), "this member"),)
            yield Finding(route, message, help, related=related, ref=node.ref, file=node.file)


def _check_not_numeric(
    node: KeyResult, member: Objective | KeyResult | None, text: str, route: Route
) -> Iterator[Finding]:
    """A member without a number; unknown members and key results without a measure are reported by other rules."""
    kind = member.measure.name if isinstance(member, KeyResult) else "an objective"
    if member is not None and kind:
        message = f"'{text}' has no number to roll up: it is {kind}"
        yield Finding(route, message, "use numeric key results", ref=node.ref, file=node.file)


RULE = Rule(code="OKR302", name="unit-mismatch", severity="error", check_file=check, check_workspace=check_workspace)
