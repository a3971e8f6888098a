"""Finds key results measured in a currency.

Money is the result of everything else that a company does; few people can influence it directly (Alberti). Others
see no harm in a revenue target, so only the profile `academy` reports this.

To fix it, measure what leads to the money: visits, offers, orders, returns.

Bad:

    period: 2026-Q2
    objectives:
      - id: prospects
        title: No good prospect is left waiting
        owner: noor
        key_results:
          - {id: mrr, title: Monthly recurring revenue, from: $180k, to: $200k}
          - {id: offers, title: Leads that turn into an offer, from: 20%, to: 40%}

Good:

    period: 2026-Q2
    objectives:
      - id: prospects
        title: No good prospect is left waiting
        owner: noor
        key_results:
          - {id: answers, title: Leads with an answer within two days, from: 61%, to: 95%}
          - {id: offers, title: Leads that turn into an offer, from: 20%, to: 40%}
"""

from __future__ import annotations

from collections.abc import Iterator

from okrctl.check.finding import Context, Finding
from okrctl.check.rule import Rule
from okrctl.values.unit import is_money
from okrctl.workspace import Workspace


def check_workspace(workspace: Workspace, context: Context) -> Iterator[Finding]:
    """Key results, except guardrails, whose unit or whose KPI's unit is a currency."""
    for kr in workspace.active_key_results():
        unit = workspace.unit(kr)
        if is_money(unit) and not kr.is_guardrail:
            help = "measure what leads to the money: visits, offers, orders"
            yield Finding(
                (*kr.route, "title"), f"the key result is measured in money ({unit})", help, ref=kr.ref, file=kr.file
            )


RULE = Rule(
    code="OKR316",
    name="monetary-key-result",
    severity="ignore",
    profiles={"academy": "info"},
    check_workspace=check_workspace,
)
