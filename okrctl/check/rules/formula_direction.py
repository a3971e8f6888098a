"""Finds KPIs whose `better:` harms a KPI that is computed from them.

In `turnover - costs`, more turnover helps and more costs harm, so costs should be lower (Alberti's success formula,
read backwards). Whether an input helps follows from the formula alone if all values are above 0; if it depends on
the values, nothing is reported. An input that only divides is not reported either if both KPIs are better higher: in
`orders / visitors`, nobody wants fewer visitors.

To fix it, reverse `better:` on one of the two KPIs, or correct the formula.

Bad:

    kpis:
      - {id: turnover, title: Turnover, owner: cfo, better: higher, unit: EUR}
      - {id: costs, title: Costs, owner: cfo, better: higher, unit: EUR}
      - {id: margin, title: Margin, owner: cfo, better: higher, unit: EUR, formula: turnover - costs}

Good:

    kpis:
      - {id: turnover, title: Turnover, owner: cfo, better: higher, unit: EUR}
      - {id: costs, title: Costs, owner: cfo, better: lower, unit: EUR}
      - {id: margin, title: Margin, owner: cfo, better: higher, unit: EUR, formula: turnover - costs}
"""

from __future__ import annotations

from collections.abc import Iterator

from okrctl.check.finding import Context, Finding
from okrctl.check.rule import Rule
from okrctl.kpis import formula
from okrctl.kpis.direction import effect_direction, is_only_divisor
from okrctl.kpis.expression import Formula
from okrctl.workspace import Kpi, Workspace


def check_workspace(workspace: Workspace, context: Context) -> Iterator[Finding]:
    """The inputs of each formula that have another better way than the formula gives them."""
    for kpi in workspace.kpi_nodes:
        read = _parse_formula(kpi)
        if read is None or kpi.model.better is None or not _has_only_positive_inputs(workspace, read):
            continue
        for name in read.names:
            one = workspace.kpis.get(name.id)
            if one is None or one is kpi or one.model.better is None:
                continue
            wanted = _expected_direction(read, name.id, kpi.model.better)
            if wanted is None or wanted == one.model.better or (wanted == "lower" and is_only_divisor(read, name.id)):
                continue
            yield Finding(
                (*kpi.route, "formula"),
                f"'{kpi.id}' is better {kpi.model.better}, so '{one.id}' should be {wanted}, not {one.model.better}",
                "turn `better:` round on one of them, or mend the formula",
                text_range=(name.column - 1, name.column - 1 + name.length),
                related=((one.file, (*one.route, "better"), f"'{one.id}' says so here"),), ref=kpi.ref, file=kpi.file,
            )  # fmt: skip


def _parse_formula(kpi: Kpi) -> Formula | None:
    try:
        return formula.parse(kpi.model.formula) if kpi.model.formula else None
    except formula.FormulaError:
        return None


def _expected_direction(read: Formula, name: str, better: str) -> str | None:
    """What would be better of an input if only the formula counted."""
    way = effect_direction(read, name)
    return None if way is None else "higher" if (way == "up") == (better == "higher") else "lower"


def _has_only_positive_inputs(workspace: Workspace, read: Formula) -> bool:
    """Whether no input has ever been seen below 0, nor is computed with a subtraction."""
    inputs = [workspace.kpis[name.id] for name in read.names if name.id in workspace.kpis]
    return all(dated.value.number >= 0 for kpi in inputs for dated in kpi.readings if dated.value is not None)


RULE = Rule(code="OKR404", name="formula-direction", severity="warning", check_workspace=check_workspace)
