"""A small workspace for the commands that write: one team, every measure, two KPIs, readings in a CSV file."""

from __future__ import annotations

from pathlib import Path

from tests.repositories import Repo
from tests.running import write

TODAY = "2026-05-04"

SETTINGS = """\
people:
  lea: {name: Lea, email: lea@acme.example}
  tom: {name: Tom, email: tom@acme.example}
teams:
  trust: {name: Trust, lead: lea}
"""

TRUST = """\
# Trust & Safety
period: 2026-Q2
team: trust
objectives:
  - id: supply-chain
    title: Users trace their products
    owner: lea
    key_results:
      - id: tracking-codes
        title: Tracking codes requested
        from: 0
        to: 25000
        unit: users
        readings:
          2026-04-13: 1200
          2026-04-20: {value: 4100, confidence: 6, note: First campaign is live}  # campaign

      - id: profiles
        title: Suppliers with a profile
        from: 72%
        to: 95%
        readings:
          2026-04-13: 74%
      - id: docs
        title: The handbook is out
        owner: tom
        done: false
      - id: steps
        title: Steps to the launch
        milestones:
          - {title: Draft, id: draft, done: false}
          - title: Public
            done: false
      - id: trust-grade
        title: Partners trust us
        graded: true
      - id: complaints
        title: Complaints
        at_most: 4
      - id: signups-too
        title: Signups
        to: 900
        kpi: signups
      - id: both
        title: Both
        to: 90000
        rollup: {sum: [tracking-codes, signups-too]}
      - id: orders
        title: Orders
        to: 100
        readings: orders.csv
"""

KPIS = """\
kpis:
  - id: signups
    title: Signups
    better: higher
    owner: tom
    readings: {2026-04-06: 71, 2026-04-13: 80}
  - id: ratio
    title: Ratio
    better: higher
    formula: signups / 2
"""

ORDERS = "date;value;who\r\n2026-04-01;5;tom\r\n2026-05-01;6;lea\r\n"

FILES = {
    "okrctl.yaml": SETTINGS,
    "okrs/trust.yaml": TRUST,
    "okrs/orders.csv": ORDERS,
    "kpis/company.yaml": KPIS,
}


def workspace(folder: Path) -> Path:
    """The workspace in a folder, without git."""
    return write(folder, FILES)


def repository(folder: Path, email: str = "lea@acme.example") -> Repo:
    """The workspace in a repository of a person."""
    repo = Repo(folder)
    workspace(folder)
    repo.config("user.email", email)
    repo.config("user.name", "Lea L.")
    repo.commit()
    return repo
