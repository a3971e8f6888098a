"""Which lines of a scorecard have a status and words."""

from __future__ import annotations

from datetime import date

import pytest

from okrctl import scoring
from okrctl.analysis.alignment import build_alignment_tree, prune_tree
from okrctl.analysis.filters import search_scorecard
from okrctl.schema.settings import Config
from okrctl.scoring.scorecard import Scorecard
from okrctl.workspace import Workspace, build_workspace
from okrctl.yaml import Source

COMPANY = """\
period: 2026-Q2
team: company
objectives:
  - {id: loyalty, title: Customers stay, key_results: [{id: stay, title: Years, from: 0, to: 9}]}
  - {id: other, title: Something else, key_results: [{id: more, title: Others, from: 0, to: 9}]}
"""
SHOP = """\
period: 2026-Q2
team: shop
objectives:
  - id: retention
    title: Kunden kommen zurück
    tags: [weekly]
    owner: tom
    parent: company/loyalty
    key_results:
      - {id: orders, title: Orders, from: 0, to: 100, readings: {2026-05-15: 90}}
      - {id: mails, title: Mails, from: 0, to: 100, owner: lea}
"""


@pytest.fixture
def goals() -> Workspace:
    return build_workspace([Source("a.yaml", COMPANY), Source("b.yaml", SHOP)], Config(), lambda _: "", None)


@pytest.fixture
def card(goals: Workspace) -> Scorecard:
    return scoring.build_scorecard(goals, goals.periods[0], date(2026, 5, 20))


def ids(card: Scorecard) -> list[str]:
    return [f"{each.node.id}: {' '.join(kr.node.id for kr in each.key_results)}" for each in card.objectives]


@pytest.mark.parametrize(
    ("statuses", "words", "found"),
    [
        ((), "", ["loyalty: stay", "other: more", "retention: orders mails"]),
        ((), "ZURÜCK", ["retention: orders mails"]),
        ((), "weekly", ["retention: orders mails"]),
        ((), "lea", ["retention: mails"]),
        ((), "zurück mails", ["retention: mails"]),
        ((), "else years", []),
        (("on track",), "", ["retention: orders"]),
        (("on track", "no data"), "kunden", ["retention: orders mails"]),
        (("no such status",), "", []),
    ],
)
def test_lines_with_a_status_and_all_words(
    card: Scorecard, statuses: tuple[str, ...], words: str, found: list[str]
) -> None:
    assert ids(search_scorecard(card, statuses, words)) == found
    assert search_scorecard(card, statuses, words).score == card.score


def test_a_pruned_tree_has_what_a_team_supports_and_what_supports_it(goals: Workspace, card: Scorecard) -> None:
    tree = build_alignment_tree(goals, [card])
    pruned = prune_tree(tree, "shop")
    assert [root.objective.node.id for root in pruned.roots] == ["loyalty"]
    assert [child.objective.node.id for child in pruned.roots[0].children] == ["retention"]
    assert [root.objective.node.id for root in prune_tree(tree, "company").roots] == ["loyalty", "other"]
    assert prune_tree(tree, "nobody").roots == []
    assert [root.objective.node.id for root in tree.roots] == ["loyalty", "other"]
