"""Tests of the similarity search, which must find what comparing all pairs finds."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from okrctl.check.wording import read_title
from okrctl.text import numbers, promises, similarity, vague

FEW = st.sampled_from("amber birch cedar dune ember fjord grove heath Iris Juno 12 40".split())


@given(st.lists(st.lists(FEW, min_size=1, max_size=9).map(" ".join), max_size=12))
def test_finds_what_comparing_all_pairs_finds(titles: list[str]) -> None:
    bags = [similarity.tokenize(title) for title in titles]
    expected = {
        later
        for later in range(len(bags))
        for earlier in range(later)
        if bags[later].words
        and (bags[later].words == bags[earlier].words or similarity.is_similar(bags[later], bags[earlier]))
    }
    found = list(similarity.similar_pairs(titles))
    assert {later for later, _ in found} <= expected
    firsts = {words: place for place, words in reversed(list(enumerate(bag.words for bag in bags)))}
    assert {later for later in expected if firsts[bags[later].words] != later} <= {later for later, _ in found}


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Customers know where their products come from", "Customers know where their money goes", False),
        ("Customers know where their products come from", "All customers know where our products come from", True),
        ("Families in Berlin swap the car for a bike", "Families in Hamburg swap the car for a bike", False),
        ("Tier 1 customers renew every contract early", "Tier 2 customers renew every contract early", False),
        ("C# driver", "C/C++ driver", False),
        ("Sales", "sales!", True),
        ("Every shop sells online in Q1", "Every shop sells online in Q2", True),
        ("Talks at five large conferences for developers", "Talks at five large meetups for developers", False),
    ],
)
def test_similar_titles(one: str, other: str, same: bool) -> None:
    assert bool(list(similarity.similar_pairs([one, other]))) == same


def test_few_comparisons_among_many(monkeypatch: pytest.MonkeyPatch) -> None:
    chance = random.Random(7)
    vocabulary = [f"word{number}" for number in range(2000)]
    titles = [" ".join(chance.choices(vocabulary, k=7)) for _ in range(4000)]
    compared = []
    monkeypatch.setattr(similarity, "is_similar", lambda one, other: bool(compared.append(one)))
    list(similarity.similar_pairs([*titles, *["Every family knows our bikes by now"] * 1000]))
    assert len(compared) < 4000


def test_a_very_long_text_is_fast() -> None:
    """A text without end is no title: nothing here may take its time over one."""
    for text in ("improve " + "very " * 40_000, "1 and " * 20_000, "improve sales and " * 10_000, "a-" * 50_000):
        for language in ("en", "de"):
            read_title(text, language)
            numbers.find_amounts(text, language)
            promises.find_second_promise(text, language)
            vague.find_vague_word(text, language)
        similarity.tokenize(text)
