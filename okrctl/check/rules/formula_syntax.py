"""Finds formulas that are not valid, and names the column of the error.

A formula consists of `+ - * / ( )`, numbers and ids of KPIs. Word processors turn a hyphen into a dash and an
asterisk into a multiplication sign; the message names such characters. `a - b` is a difference, `a-b` is an id.

Bad:

    kpis:
      - {id: turnover, title: Turnover, owner: cfo, better: higher, readings: {2026-04-30: 900}}
      - {id: costs, title: Costs, owner: cfo, better: lower, readings: {2026-04-30: 700}}
      - {id: margin, title: Margin, owner: cfo, better: higher, formula: turnover – costs}

Good:

    kpis:
      - {id: turnover, title: Turnover, owner: cfo, better: higher, readings: {2026-04-30: 900}}
      - {id: costs, title: Costs, owner: cfo, better: lower, readings: {2026-04-30: 700}}
      - {id: margin, title: Margin, owner: cfo, better: higher, formula: turnover - costs}
"""

from __future__ import annotations

from collections.abc import Iterator

from okrctl.check.finding import Context, Finding
from okrctl.check.rule import Rule
from okrctl.kpis import formula
from okrctl.workspace import File, Kpi


def check(file: File, context: Context) -> Iterator[Finding]:
    """The first error of every formula."""
    for node in file.nodes:
        if isinstance(node, Kpi) and node.model.formula is not None:
            try:
                formula.parse(node.model.formula)
            except formula.FormulaError as error:
                text_range = (error.column - 1, error.column - 1 + error.length)
                yield Finding((*node.route, "formula"), error.message, error.hint, text_range=text_range, ref=node.ref)


RULE = Rule(code="OKR403", name="formula-syntax", severity="error", check_file=check)
