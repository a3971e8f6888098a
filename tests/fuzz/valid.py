"""A valid workspace with every measure and most keys, from which the mutations start."""

from __future__ import annotations

OKRS = """\
# The plan of one team
period: 2025-Q2
team: trust
objectives:
  - id: supply-chain
    title: "Users trace their products: from the origin on"
    owner: lea
    ambition: aspirational
    why: >-
      Customers who can trace the origin
      stay with us
    hypothesis:
      kpi: satisfaction
      expect: up
    kpis: [satisfaction]
    key_results: # six of them
      - id: codes
        title: Codes requested by users
        from: 0
        to: 25000
        unit: users
        plan: {2025-05-15: 8k}
        readings:
          2025-04-14: 1200
          2025-04-21: {value: 4100, confidence: 6, note: First campaign is live}
          2025-05-12: 9.5k
      - id: wrong-codes
        title: Codes assigned wrongly
        from: 4.3%
        change: -7%
        readings: {2025-04-14: 4.2%, 2025-05-12: "4.1%"}
      - id: matching
        title: Codes that match
        at_least: 98%
        judge: held
        cadence: weekly
        readings: {2025-04-03: 98, 2025-04-10: 99}
      - {id: complaints, title: Complaints, at_most: 4, guards: codes, readings: {2025-04-14: 3}}
      - id: slip
        title: Slip printed
        done: 2025-04-20
      - id: steps
        title: Steps towards the audit
        milestones:
          - {title: Ask, done: 2025-04-10}
          - {title: Answer, weight: 2, done: false}
      - id: trust
        title: How well do we know our suppliers?
        graded: {0.3: by name, 0.7: by visit, 1: by contract}
        readings: {2025-05-31: 0.7}
      - id: all-codes
        title: All codes
        to: 30000
        rollup: {sum: [codes]}
      - id: happy
        title: Happy people
        to: 80
        kpi: satisfaction
    initiatives:
      - title: Print the code on the slip
        moves: codes
        done: 2025-04-20
        count: 3/5
  - id: second
    title: Support answers at once
    owner: tom
    state: deprioritized
    reason: No hands
    since: 2025-05-02
    key_results:
      - {id: hours, title: Hours to an answer, from: 8h, to: 4h, readings: {2025-04-14: 7.5h}}
"""

KPIS = """\
kpis:
  - id: satisfaction
    title: Customer satisfaction
    owner: coo
    better: higher
    indicator: lagging
    cadence: weekly
    watch: {below: 70}
    readings: {2025-04-01: 71, 2025-05-06: 72.5}
  - &money
    id: turnover
    title: Turnover
    better: higher
    unit: EUR
    readings: {2025-04-30: 200k}
  - <<: *money
    id: costs
    better: lower
  - id: margin
    title: Contribution margin
    better: higher
    unit: EUR
    formula: turnover - costs * (1 + 0.5)
"""

SETTINGS = """\
organisation: Acme
language: en
teams: {trust: {name: Trust & Safety, lead: lea}}
people: {lea: {name: Lea, email: lea@acme.example}, tom: {}, coo: {}}
scoring: {missing: zero, cap: 1, floor: 0, bands: [0.4, 0.7]}
pace: {behind: 10, at_risk: 25, grace_days: 7}
rules: {missing-owner: info}
"""

WORKSPACE = {"okrs/2025-Q2/trust.yaml": OKRS, "kpis/company.yaml": KPIS, "okrctl.yaml": SETTINGS}
