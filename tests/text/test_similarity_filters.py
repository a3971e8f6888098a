"""Tests of the quick checks that decide whether a slower search is needed."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from okrctl.check.rules import ambiguous_scalar
from okrctl.text import numbers

PIECES = st.sampled_from(
    """ten percent per cent a million two hundred thousands billion double doubled tripling quadruple tenfold twofold
    threefold halve halving half twice as the $N X% y % clearly Really build Build-up & 3 12k in of""".split(" ")
)
TITLES = st.lists(PIECES, min_size=1, max_size=8).map(" ".join)
SCALARS = st.one_of(
    st.from_regex(ambiguous_scalar.AMBIGUOUS_NUMBER, fullmatch=True), st.sampled_from(sorted(ambiguous_scalar.WORDS))
)


@given(TITLES)
def test_every_amount_contains_one_of_the_hint_words(title: str) -> None:
    found = {match.span() for match in numbers._AMOUNT_PATTERN.finditer(title)}
    assert not found or numbers._AMOUNT_HINT.search(title)


@given(SCALARS, st.sampled_from(("tags: [{}, b]\n", "- {}\n", "a: {}\n", "{{{}: 1}}\n", "a: [b,{}]\n", "- a\n- {}")))
def test_an_ambiguous_scalar_is_found_in_every_place(scalar: str, around: str) -> None:
    text = around.format(scalar)
    seen = scalar in ambiguous_scalar.WORDS or any(look.search(text) for look in ambiguous_scalar.QUICK_CHECKS)
    assert seen
