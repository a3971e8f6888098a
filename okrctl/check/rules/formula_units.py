"""Finds formulas that add or subtract two different units, such as euros and visitors.

Such a sum has no meaning. Usually a factor is missing: visitors times revenue per visitor. Two units of
counted things, such as visitors and members, may be added if the KPI gives the sum a unit of its own.

To fix it, multiply by the missing factor, or correct the `unit:` of one of the two.

Bad:

    kpis:
      - {id: turnover, title: Turnover, owner: cfo, better: higher, unit: EUR}
      - {id: visitors, title: Visitors, owner: cmo, better: higher, unit: visitors}
      - {id: success, title: Success, owner: cfo, better: higher, formula: turnover + visitors}

Good:

    kpis:
      - {id: turnover, title: Turnover, owner: cfo, better: higher, unit: EUR}
      - {id: visitors, title: Visitors, owner: cmo, better: higher, unit: visitors}
      - {id: basket, title: Spent by each visitor, owner: cmo, better: higher, unit: EUR}
      - {id: success, title: Success, owner: cfo, better: higher, unit: EUR, formula: turnover + visitors * basket}
"""

from __future__ import annotations

from collections.abc import Iterator

from okrctl.check.finding import Context, Finding
from okrctl.check.rule import Rule
from okrctl.kpis import formula
from okrctl.kpis.expression import Binary, Name, Negative, Node, Number
from okrctl.values.unit import is_money, is_same_unit
from okrctl.workspace import Kpi, Workspace

PHYSICAL_UNITS = frozenset(
    "% pp ‰ ms s sec min h hours minutes seconds d days weeks months years kg g t km m cm kWh MB GB TB".split()
)


def check_workspace(workspace: Workspace, context: Context) -> Iterator[Finding]:
    """Every sum or difference of two known units that differ."""
    for kpi in workspace.kpi_nodes:
        try:
            parsed = formula.parse(kpi.model.formula) if kpi.model.formula else None
        except formula.FormulaError:
            continue
        if parsed is not None:
            mismatches: list[tuple[Binary, str, str]] = []
            _unit_of(parsed.root, kpi, workspace, mismatches)
            for node, left, right in mismatches:
                verb = "adds" if node.operator == "+" else "subtracts"
                message = f"{verb} two units, '{left}' and '{right}'"
                characters = node.column - 1, node.column - 1 + node.length
                help = "multiply by the missing factor, or correct one `unit:`"
                yield Finding((*kpi.route, "formula"), message, help, text_range=characters, ref=kpi.ref, file=kpi.file)


def _unit_of(node: Node, kpi: Kpi, workspace: Workspace, mismatches: list[tuple[Binary, str, str]]) -> str | None:
    """The unit of a part of a formula, None if it is unknown; adds the mismatches that it finds."""
    match node:
        case Number():
            return None
        case Name():
            return workspace.kpis[node.id].unit if node.id in workspace.kpis else None
        case Negative():
            return _unit_of(node.operand, kpi, workspace, mismatches)
    left = _unit_of(node.left, kpi, workspace, mismatches)
    right = _unit_of(node.right, kpi, workspace, mismatches)
    if node.operator in ("*", "/"):
        return left or right if _is_scaled(node) else None
    if left and right and not _is_same_unit(left, right):
        _report_mismatch(node, (left, right), kpi, mismatches)
        return None
    return left or right


def _report_mismatch(node: Binary, units: tuple[str, str], kpi: Kpi, mismatches: list[tuple[Binary, str, str]]) -> None:
    if not _is_countable_together(*units, kpi.model.unit):
        mismatches.append((node, *units))


def _is_scaled(node: Binary) -> bool:
    """Whether a product or quotient keeps its unit, because the other factor is a plain number."""
    return isinstance(node.right, Number) or (node.operator == "*" and isinstance(node.left, Number))


def _is_same_unit(unit: str, other: str) -> bool:
    return is_same_unit(unit, other) or _singular(unit) == _singular(other)


def _singular(unit: str) -> str:
    return unit.strip().lower().removesuffix("s")


def _is_countable_together(left: str, right: str, sum_unit: str | None) -> bool:
    """Whether two units may be added because the sum has a unit of its own: bikes and trailers make vehicles."""
    is_measured = any(is_money(unit) or unit.strip() in PHYSICAL_UNITS for unit in (left, right, sum_unit or ""))
    return (
        sum_unit is not None
        and not is_measured
        and not _is_same_unit(sum_unit, left)
        and not _is_same_unit(sum_unit, right)
    )


RULE = Rule(code="OKR405", name="formula-units", severity="warning", check_workspace=check_workspace)
