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
    """Readings of KPIs with a formula that are off."""
    gauges = KpiValues(workspace, date.max)
    for kpi in workspace.kpi_nodes:
        if kpi.model.formula is None or not kpi.readings:
            continue
        computed = {step.day: step.value for step in gauges.computed_series(kpi)}
        days = _complete_days(kpi, gauges)
        for reading in kpi.readings:
            if reading.value is None or reading.day not in days or reading.day not in computed:
                continue
            said, right = reading.value.number, computed[reading.day]
            if abs(said - right) > TOLERANCE * abs(right):
                message = f"'{reading.value.text.strip()}' is recorded, the formula gives {format_number(right)}"
                yield reading_finding(kpi, reading, message, _help_text(said, right))


def _complete_days(kpi: Kpi, gauges: KpiValues) -> set[date]:
    """The days on which every input has a value of its own."""
    try:
        read = formula.parse(kpi.model.formula or "")
    except formula.FormulaError:
        return set()
    known = [gauges.workspace.kpis.get(name.id) for name in read.names]
    days = [{step.day for step in gauges.series(one)} if one else set() for one in known]
    return set.intersection(*days) if days else set()


def _help_text(said: Fraction, right: Fraction) -> str:
    if abs(said - 100 * right) <= TOLERANCE * abs(100 * right):
        return "a share in percent is a hundred times as much: put `100 *` before the formula"
    return "correct the reading, an input or the formula"


RULE = Rule(code="OKR406", name="formula-disagrees", severity="warning", check_workspace=check_workspace)
