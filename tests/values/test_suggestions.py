"""Suggestions, and typos that are safe to fix automatically."""

from __future__ import annotations

import pytest

from okrctl.values.suggestions import find_closest, find_typo


@pytest.mark.parametrize(
    ("word", "known", "meant"),
    [
        ("signps", ["signups", "visits"], "signups"),
        ("signusp", ["signups"], "signups"),
        ("signupss", ["signups"], "signups"),
        ("sigmups", ["signups"], "signups"),
        ("isgnups", ["signups"], "signups"),
        ("signups", ["signups"], None),
        ("sgnps", ["signups"], None),
        ("visits-c", ["visits-a", "visits-b"], None),
        ("churn-q1", ["churn-q2"], None),
        ("churn-q", ["churn-q2"], None),
        ("churn-21", ["churn-12"], None),
        ("ab", ["ac"], None),
        ("", ["abc"], None),
    ],
)
def test_find_typo(word: str, known: list[str], meant: str | None) -> None:
    assert find_typo(word, known) == meant


def test_short_word_with_swapped_letters() -> None:
    assert find_closest("lae", ["lea", "tom"]) == "lea"


@pytest.mark.parametrize("word", ["satisfation", "satisfactoin", "satisfactionn", "satisfacsion", "Satisfaction"])
def test_typo_among_very_many_words(word: str) -> None:
    many = ["satisfaction", *(f"thing-{number}" for number in range(1000))]
    assert find_closest(word, many) == find_typo(word, many) == find_typo(word, many[:1]) == "satisfaction"
    assert find_closest("thing-1x", ["thing", *many]) == "thing-1"
    assert find_closest("nothing like it", many) is None
    assert find_closest("9" * 100_000, many) is None
