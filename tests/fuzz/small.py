"""Small valid workspaces for great numbers of inputs: each has few goals or KPIs, together they have most keys."""

from __future__ import annotations

from tests.fuzz.mutations import MARKDOWN, TABLE

SETTINGS = b"""\
organisation: Acme
teams: {trust: {name: Trust & Safety, lead: lea}}
people: {lea: {name: Lea}, tom: {}}
"""
NUMBERS = b"""\
period: 2025-Q2
team: trust
objectives:
  - id: origin
    title: Users trace their products
    owner: lea
    key_results:
      - id: codes
        title: Codes requested
        from: 0
        to: 25000
        unit: users
        plan: {2025-05-15: 8k}
        readings: {2025-04-14: 1200, 2025-04-21: {value: 4100, confidence: 6, note: Launch}, 2025-05-12: 9.5k}
      - {id: wrong, title: Codes assigned wrongly, from: 4.3%, change: -7%, readings: {2025-04-14: 4.2%}}
      - {id: matching, title: Codes that match, at_least: 98%, judge: held, readings: {2025-04-03: 98}}
"""
STATES = b"""\
period: 2025-Q2
team: trust
objectives:
  - id: audit
    title: The audit passes
    owner: tom
    ambition: aspirational
    weight: 2
    key_results:
      - {id: slip, title: Slip printed, done: 2025-04-20}
      - id: steps
        title: Steps towards the audit
        milestones: [{title: Ask, done: 2025-04-10}, {title: Answer, weight: 2, done: false}]
      - {id: known, title: We know suppliers, graded: {0.3: by name, 0.7: by visit}, readings: {2025-05-31: 0.7}}
    initiatives:
      - {title: Print the slip, moves: slip, count: 3/5}
  - id: support
    title: Support answers at once
    owner: lea
    state: deprioritized
    reason: No hands
    since: 2025-05-02
    key_results:
      - {id: hours, title: Hours to an answer, from: 8h, to: 4h, readings: {2025-04-14: 7.5h}}
"""
LINKED = b"""\
period: 2025-Q2
team: trust
objectives:
  - id: people
    title: People stay
    owner: tom
    kpis: [satisfaction]
    hypothesis: {kpi: satisfaction, expect: up}
    key_results:
      - {id: all, title: All codes, to: 300, rollup: {sum: [north, south]}}
      - {id: north, title: Codes in the north, to: 200, aggregate: sum, readings: {2025-04-14: 20, 2025-05-14: 31}}
      - {id: south, title: Codes in the south, to: 100, guards: north, readings: {2025-05-02: 40}}
      - {id: happy, title: Happy people, to: 80, kpi: satisfaction}
"""
KPIS = b"""\
kpis:
  - id: satisfaction
    title: Customer satisfaction
    better: higher
    indicator: lagging
    cadence: weekly
    target: 75
    watch: {below: 70}
    readings: {2025-04-01: 71, 2025-05-06: 72.5}
  - {id: turnover, title: Turnover, better: higher, unit: EUR, readings: {2025-04-30: 200k, 2025-05-31: 210k}}
  - {id: costs, title: Costs, better: lower, unit: EUR, aggregate: sum, readings: {2025-04-30: 90k, 2025-05-31: 95k}}
  - {id: margin, title: Margin, better: higher, unit: EUR, formula: turnover - costs * (1 + 0.5)}
"""
ROWS = b"""\
period: 2025-Q2
team: trust
objectives:
  - id: rows
    title: Deliveries arrive on time
    owner: tom
    key_results:
      - {id: late, title: Late deliveries, from: 90, to: 20, readings: late.csv}
"""
OKRS, COMPANY = "okrs/2025-Q2/trust.yaml", "kpis/company.yaml"
SIDES = ("merge/base.yaml", "merge/ours.yaml", "merge/theirs.yaml")
SMALL: dict[str, dict[str, bytes]] = {
    "numbers": {OKRS: NUMBERS},
    "states": {OKRS: STATES, "okrctl.yaml": SETTINGS},
    "linked": {OKRS: LINKED, COMPANY: KPIS},
    "kpis": {COMPANY: KPIS},
    "rows": {OKRS: ROWS, "okrs/2025-Q2/late.csv": b"date,value\n2025-04-14,80\n2025-05-12,62.5\n"},
    "table": {OKRS: NUMBERS, "goals.csv": TABLE.encode()},
    "outline": {OKRS: STATES, "goals.md": MARKDOWN.encode()},
    "merged numbers": dict.fromkeys(SIDES, NUMBERS),
    "merged states": dict.fromkeys(SIDES, STATES),
    "merged links": dict.fromkeys(SIDES, LINKED),
    "merged kpis": dict.fromkeys(SIDES, KPIS),
}
