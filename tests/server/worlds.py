"""A small workspace in git for the tests of pages."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.repositories import Repo, isolate

DAY = "2026-05-20"
SETTINGS = """\
organisation: Acme
teams:
  shop: {name: Shop, lead: tom}
people:
  tom: {name: Tom, email: tom@acme.example}
  lea: {name: Lea, email: lea@acme.example}
  kim: {name: Kim, email: kim@acme.example, until: 2026-01-31}
"""
GOALS = """\
period: 2026-Q2
team: shop
objectives:
  - id: retention  # kept by hand
    title: Customers come back
    owner: tom
    key_results:
      - id: orders
        title: Customers with a second order
        from: 100
        to: 200
        unit: customers
        readings:
          2026-04-20: 120
          2026-05-04: 130
      - id: returns
        title: Parcels that come back
        from: 9 %
        to: 4 %
        readings: {2026-05-04: 8 %}
      - id: terms
        title: The new terms are published
        done: false
      - id: steps
        title: The shop is ready for returns
        milestones:
          - {title: Labels, done: 2026-04-20}
          - {title: Desk, done: false}
"""
KPIS = """\
kpis:
  - id: revenue
    title: Monthly revenue
    owner: lea
    unit: EUR
    better: higher
    readings:
      2026-03-31: 1000
      2026-04-30: 1100
"""


GOALS_FILE = "okrs/2026-Q2/shop.yaml"


def read_goals(repo: Repo) -> str:
    """The file of the goals as it is in the tree."""
    return (repo.path / GOALS_FILE).read_text("utf-8")


def small_company(root: Path, patch: pytest.MonkeyPatch) -> Repo:
    """One team with one objective, and a KPI, committed before the quarter began; git knows Lea."""
    isolate(patch)
    repo = Repo(root)
    repo.git("config", "user.name", "Lea")
    repo.git("config", "user.email", "lea@acme.example")
    files = {"okrctl.yaml": SETTINGS, GOALS_FILE: GOALS, "kpis/money.yaml": KPIS}
    repo.commit("Agree on goals", "2026-03-30", files=files)
    return repo


LAST_DAY = "2026-06-30"
ROASTERY = """\
period: 2026-Q2
team: roastery
objectives:
  - id: even-roast
    title: Every bag tastes the same
    owner: tom
    parent: company/stay
    key_results:
      - id: defects
        title: Bags that fail
        from: 4 %
        to: 2 %
        readings:
          2026-04-20: {value: 3 %, confidence: 8}
          2026-06-29: 2.1 %
      - {id: mill, title: The second mill grinds, milestones: [{title: Delivered, done: 2026-04-20}]}
      - id: waste
        title: Coffee thrown away
        owner: nor
        guards: all
        at_most: 30 kg
        readings: {2026-06-29: 40 kg}
"""
COMPANY = """\
period: 2026-Q2
team: company
objectives:
  - id: stay
    title: Subscribers stay
    owner: lea
    key_results:
      - {id: second, title: Second parcels, from: 0, to: 100, readings: {2026-04-20: 20, 2026-06-29: 84}}
      - {id: tables, title: Tasting tables, owner: lea, from: 0, to: 10}
  - id: press
    title: Newspapers write about us
    owner: lea
    state: deprioritized
    since: 2026-05-04
    reason: no time
    key_results:
      - {id: articles, title: Articles, from: 0, to: 5}
"""


def guarded_company(root: Path, patch: pytest.MonkeyPatch) -> Repo:
    """Two teams: a broken guardrail of an owner whom the settings do not name, and an objective that is put off."""
    isolate(patch)
    repo = Repo(root)
    repo.git("config", "user.name", "Lea")
    repo.git("config", "user.email", "lea@acme.example")
    settings = SETTINGS.replace("shop: {name: Shop, lead: tom}", "roastery: {name: Roastery, lead: tom}")
    files = {
        "okrctl.yaml": f"{settings}  lu: {{name: Lu, email: lu@acme.example}}\n", "okrs/2026-Q2/company.yaml": COMPANY,
        "okrs/2026-Q2/roastery.yaml": ROASTERY, "kpis/money.yaml": KPIS.replace("owner: lea", "owner: lu"),
    }  # fmt: skip
    repo.commit("Agree on goals", "2026-03-30", files=files)
    return repo
