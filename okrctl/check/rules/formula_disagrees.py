"""Finds KPIs whose recorded value differs by more than 1 % from the value of their formula on that day.

If a KPI has both readings and a formula, one checks the other. Only days on which every input has its own value are
compared, because a value carried over from last month may differ for good reasons.

To fix it, correct the reading, an input or the formula. A share in percent is `100 * orders / visitors`.

Bad:

    kpis:
      - {id: turnover, title: Turnover, owner: cfo, better: higher, unit: EUR, readings: {2026-03-31: 900}}
      - {id: costs, title: Costs, owner: cfo, better: lower, unit: EUR, readings: {2026-03-31: 700}}
      - id: margin
        title: Margin
        owner: cfo
        better: higher
        unit: EUR
        formula: turnover - costs
        readings: {2026-03-31: 240}

Good:

    kpis:
      - {id: turnover, title: Turnover, owner: cfo, better: higher, unit: EUR, readings: {2026-03-31: 900}}
      - {id: costs, title: Costs, owner: cfo, better: lower, unit: EUR, readings: {2026-03-31: 700}}
      - id: margin
        title: Margin
        owner: cfo
        better: higher
        unit: EUR
        formula: turnover - costs
        readings: {2026-03-31: 201}
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from fractions import Fraction

from okrctl.check.finding import Context, Finding, reading_finding
from okrctl.check.rule import Rule
from okrctl.kpis import formula
from okrctl.kpis.series import KpiValues
from okrctl.values.quantity import format_number
from okrctl.workspace import Kpi, Workspace

TOLERANCE = Fraction(1, 100)


def check_workspace(workspace: Workspace, context: Context) -> Iterator[Finding]:
    """Readings of KPIs that differ from the value of their formula."""
    kpi_values = KpiValues(workspace, date.max)
    for kpi in workspace.kpi_nodes:
        if kpi.model.formula is None or not kpi.readings:
            continue
        computed = {point.day: point.value for point in kpi_values.computed_series(kpi)}
        days = _complete_days(kpi, kpi_values)
        for reading in kpi.readings:
            if reading.value is None or reading.day not in days or reading.day not in computed:
                continue
            recorded, expected = reading.value.number, computed[reading.day]
            if abs(recorded - expected) > TOLERANCE * abs(expected):
                message = f"'{reading.value.text.strip()}' is recorded, but the formula gives {format_number(expected)}"
                yield reading_finding(kpi, reading, message, _help_text(recorded, expected))


def _complete_days(kpi: Kpi, kpi_values: KpiValues) -> set[date]:
    """The days on which every input has its own value."""
    try:
        parsed = formula.parse(kpi.model.formula or "")
    except formula.FormulaError:
        return set()
    inputs = [kpi_values.workspace.kpis.get(name.id) for name in parsed.names]
    days = [{point.day for point in kpi_values.series(kpi_input)} if kpi_input else set() for kpi_input in inputs]
    return set.intersection(*days) if days else set()


def _help_text(recorded: Fraction, expected: Fraction) -> str:
    if abs(recorded - 100 * expected) <= TOLERANCE * abs(100 * expected):
        return "for a share in percent, put `100 *` in front of the formula"
    return "correct the reading, an input or the formula"


RULE = Rule(code="OKR406", name="formula-disagrees", severity="warning", check_workspace=check_workspace)
