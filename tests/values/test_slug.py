"""Ids made from titles are ids, whatever the title."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from okrctl.values.fields import ID
from okrctl.values.slug import slugify


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Users trace their products", "users-trace-their-products"),
        ("Größe & Maß für Bäcker", "groesse-and-mass-fuer-baecker"),
        ("A\u0308pfel", "aepfel"),
        ("Crème brûlée, señor", "creme-brulee-senor"),
        ("Łódź 2026: 50% of it", "lodz-2026-50-percent-of-it"),
        ("Don't stop", "dont-stop"),
        ("注文", "item"),
        ("", "item"),
        ("x" * 100, "x" * 48),
        ("one two three four five six seven eight nine ten", "one-two-three-four-five-six-seven-eight-nine-ten"),
        ("one two three four five six seven eight nine tenth", "one-two-three-four-five-six-seven-eight-nine"),
    ],
)
def test_slugify(title: str, name: str) -> None:
    assert slugify(title) == name


def test_taken_ids_get_a_number() -> None:
    assert slugify("A b", ["a-b"]) == "a-b-2"
    assert slugify("A b", ["a-b", "a-b-2", "a-b-3"]) == "a-b-4"
    assert slugify("", ["kpi"], "kpi") == "kpi-2"


@given(st.text(max_size=200), st.sets(st.from_regex(r"[a-z0-9]{1,3}(-[0-9])?", fullmatch=True), max_size=5))
def test_every_slug_is_a_new_id(title: str, taken: set[str]) -> None:
    name = slugify(title, taken)
    assert ID.match(name)
    assert name not in taken
