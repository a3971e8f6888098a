"""A company with two quarters, two teams and a history, for the tests of the pages that look back."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.repositories import TOM, Repo, isolate

DAY = "2026-05-20"
SETTINGS = """\
organisation: Acme
teams:
  shop: {name: Shop, lead: tom}
  depot: {name: The <depot>}
people:
  tom: {name: Tom, email: tom@acme.example}
  lea: {name: Lea, email: lea@acme.example}
"""
COMPANY = """\
period: 2026-Q2
team: company
objectives:
  - id: loyalty
    title: Customers stay
    owner: lea
    key_results:
      - {id: stay, title: Customers after a year, from: 0, to: 100, readings: {2026-04-20: 20, 2026-05-18: 60}}
"""
SHOP = """\
period: 2026-Q2
team: shop
objectives:
  - id: retention
    title: Customers come back
    owner: tom
    parent: company/loyalty
    hypothesis: {kpi: revenue, expect: up}
    key_results:
      - {id: orders, title: Second orders, from: 100, to: 200, readings: {2026-04-20: 120, 2026-05-18: 190}}
      - {id: mails, title: Mails that are read, from: 10, to: 40, readings: {2026-05-04: 12}, owner: lea}
"""
DEPOT = """\
period: 2026-Q2
team: depot
objectives:
  - id: speed
    title: Parcels leave at once <b>today</b>
    key_results:
      - {id: hours, title: Hours to dispatch, from: 48, to: 12, readings: {2026-05-18: 47}}
"""
FIRST = """\
period: 2026-Q1
team: shop
objectives:
  - id: retention
    title: Customers come back
    owner: tom
    hypothesis: {kpi: revenue, expect: up}
    key_results:
      - {id: orders, title: Second orders, from: 0, to: 100, readings: {2026-02-10: 50, 2026-03-30: 90}}
"""
KPIS = """\
kpis:
  - {id: revenue, title: Monthly revenue, owner: lea, unit: EUR, better: higher, readings: {2026-03-31: 1000}}
"""
SHOP_FILE = "okrs/2026-Q2/shop.yaml"


class History(NamedTuple):
    """The repository with the ids of its commits: the goals, then a reading, then a lower target."""

    repo: Repo
    agreed: str
    reading: str
    easier: str


def two_quarters(root: Path, patch: pytest.MonkeyPatch) -> History:
    """The company; git knows Lea."""
    isolate(patch)
    repo = Repo(root)
    repo.git("config", "user.name", "Lea")
    repo.git("config", "user.email", "lea@acme.example")
    files = {
        "okrctl.yaml": SETTINGS, "okrs/2026-Q2/company.yaml": COMPANY, "okrs/2026-Q2/depot.yaml": DEPOT,
        SHOP_FILE: SHOP.replace(", 2026-05-18: 190", ""), "okrs/2026-Q1/shop.yaml": FIRST, "kpis/money.yaml": KPIS,
    }  # fmt: skip
    agreed = repo.commit("Agree on <goals>", "2026-03-30", files=files)
    reading = repo.commit("Check in: shop", "2026-05-18", TOM, files={SHOP_FILE: SHOP})
    easier = repo.commit(
        "Lower a target", "2026-05-19", files={SHOP_FILE: SHOP.replace("from: 10, to: 40", "from: 10, to: 20")}
    )
    return History(repo, agreed, reading, easier)


def words(text: str) -> str:
    """What a reader of a page sees in its main part, with single spaces."""
    main = text.partition("<main")[2].partition("</main>")[0].partition(">")[2]
    plain = re.sub(r"<(?!/?b>)[^>]+>", " ", main)
    return " ".join(unescape(plain).split())


def part(text: str, id: str) -> str:
    """The text of a page from the element with an id on."""
    found = text.partition(f'id="{id}"')[2]
    assert found, id
    return found
