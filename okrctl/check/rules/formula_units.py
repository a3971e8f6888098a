"""Finds formulas that add or subtract two different units, such as euros and visitors.

Such a sum has no meaning. Usually a factor is missing: visitors times revenue per visitor. Two kinds of countable
units may be added if the KPI gives the sum a unit of its own.

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
            read = formula.parse(kpi.model.formula) if kpi.model.formula else None
        except formula.FormulaError:
            continue
        if read is not None:
            clashes: list[tuple[Binary, str, str]] = []
            _unit_of(read.root, kpi, workspace, clashes)
            for node, left, right in clashes:
                verb = "adds" if node.operator == "+" else "subtracts"
                message = f"{verb} two units, '{left}' and '{right}'"
                part = node.column - 1, node.column - 1 + node.length
                help = "multiply by what is missing, or correct the `unit:` of one of them"
                yield Finding((*kpi.route, "formula"), message, help, text_range=part, ref=kpi.ref, file=kpi.file)


def _unit_of(node: Node, kpi: Kpi, workspace: Workspace, clashes: list[tuple[Binary, str, str]]) -> str | None:
    """The unit of a part of a formula, None where it is not known; clashes are written down on the way."""
    match node:
        case Number():
            return None
        case Name():
            known = workspace.kpis.get(node.id)
            return known.unit if known else None
        case Negative():
            return _unit_of(node.operand, kpi, workspace, clashes)
    left, right = (_unit_of(side, kpi, workspace, clashes) for side in (node.left, node.right))
    if node.operator in ("*", "/"):
        scaled = isinstance(node.right, Number) or (node.operator == "*" and isinstance(node.left, Number))
        return left or right if scaled else None
    if left is None or right is None:
        return left or right
    if _is_same_unit(left, right):
        return left
    if not _is_countable_together(left, right, kpi.model.unit):
        clashes.append((node, left, right))
    return None


def _is_same_unit(one: str, other: str) -> bool:
    return is_same_unit(one, other) or one.strip().lower().removesuffix("s") == other.strip().lower().removesuffix("s")


def _is_countable_together(one: str, other: str, whole: str | None) -> bool:
    """Bikes and trailers make vehicles, where the KPI says so."""
    measured = any(is_money(unit) or unit.strip() in PHYSICAL_UNITS for unit in (one, other, whole or ""))
    return whole is not None and not measured and not _is_same_unit(whole, one) and not _is_same_unit(whole, other)


RULE = Rule(code="OKR405", name="formula-units", severity="warning", check_workspace=check_workspace)
