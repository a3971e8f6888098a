"""Finds KPIs whose `better:` contradicts that of a KPI computed from them.

In `turnover - costs`, a higher turnover makes the result better, and higher costs make it worse. So costs need `better:
lower` (after Alberti). Nothing is reported if the effect of an input depends on the values.
An input that only divides is not reported if higher is better for both KPIs: in `orders / visitors`, nobody wants fewer
visitors.

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
    """The inputs of each formula whose `better:` differs from what the formula implies."""
    for kpi in workspace.kpi_nodes:
        parsed = _parse_formula(kpi)
        if parsed is None or kpi.model.better is None or not _has_only_positive_inputs(workspace, parsed):
            continue
        for name in parsed.names:
            kpi_input = workspace.kpis.get(name.id)
            if kpi_input is None or kpi_input is kpi or kpi_input.model.better is None:
                continue
            actual, expected = kpi_input.model.better, _expected_direction(parsed, name.id, kpi.model.better)
            if expected in (None, actual) or (expected == "lower" and is_only_divisor(parsed, name.id)):
                continue
            yield Finding(
                (*kpi.route, "formula"),
                f"'{kpi.id}' has `better: {kpi.model.better}`, so '{kpi_input.id}' needs `better: {expected}`",
                "reverse `better:` on one of them, or correct the formula",
                text_range=(name.column - 1, name.column - 1 + name.length),
                related=((kpi_input.file, (*kpi_input.route, "better"), f"'{kpi_input.id}' is declared here"),),
                ref=kpi.ref,
                file=kpi.file,
            )


def _parse_formula(kpi: Kpi) -> Formula | None:
    try:
        return formula.parse(kpi.model.formula) if kpi.model.formula else None
    except formula.FormulaError:
        return None


def _expected_direction(parsed: Formula, name: str, better: str) -> str | None:
    """The direction in which an input should go according to the formula; None if that depends on the values."""
    effect = effect_direction(parsed, name)
    return None if effect is None else "higher" if (effect == "up") == (better == "higher") else "lower"


def _has_only_positive_inputs(workspace: Workspace, parsed: Formula) -> bool:
    """Whether no reading of an input is below 0."""
    inputs = [workspace.kpis[name.id] for name in parsed.names if name.id in workspace.kpis]
    return all(reading.value.number >= 0 for kpi in inputs for reading in kpi.readings if reading.value is not None)


RULE = Rule(code="OKR404", name="formula-direction", severity="warning", check_workspace=check_workspace)
