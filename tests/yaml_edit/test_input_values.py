"""A number told at a check-in means the same in the file, in whatever style the file has it written."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from okrctl import workspace
from okrctl.schema.settings import Config
from okrctl.values import quantity
from okrctl.values.errors import OkrctlError
from okrctl.values.unit import is_same_unit
from okrctl.workspace import KeyResult, Workspace
from okrctl.yaml import Source
from okrctl.yaml_edit import input_values

STYLES = {
    "declared": ("to: 100\n        unit: users", "users"),
    "behind": ("from: 72%\n        to: 95%", "%"),
    "a word": ("to: 90 h", "h"),
    "money in front": ("to: $200k", "$"),
    "money behind": ("to: 3 EUR", "EUR"),
    "several words": ("to: 5\n        unit: story points", "story points"),
    "a unit like a multiplier": ("to: 5\n        unit: m", "m"),
    "a unit with a multiplier in it": ("to: 5\n        unit: kEUR", "kEUR"),
    "none": ("to: 100", ""),
}


def opened(measure: str) -> tuple[Workspace, KeyResult]:
    text = f"""
period: 2026-Q2
objectives:
  - id: o
    title: O
    key_results:
      - id: k
        title: K
        {measure}
"""
    found = workspace.build_workspace([Source("okrs/a.yaml", text)], Config(), lambda _: "")
    assert found.broken_files == []
    return found, next(iter(found.key_results))


numbers = st.tuples(st.sampled_from(["", "-"]), st.integers(0, 99999), st.sampled_from(["", ".5", ".25", ".125"]))


@pytest.mark.parametrize("style", STYLES)
@given(
    number=numbers.map(lambda parts: f"{parts[0]}{parts[1]}{parts[2]}"), with_unit=st.sampled_from(["", " ", "stuck"])
)
def test_written_number_equals_the_input(style: str, number: str, with_unit: str) -> None:
    measure, unit = STYLES[style]
    found, node = opened(measure)
    words = f"{number}{with_unit.removeprefix('stuck')}{unit}".strip() if with_unit else number
    read = input_values.parse_number(found, node, words)
    after, again = opened(f"{measure}\n        readings: {{2026-04-13: '{read.text}'}}")
    reading = again.readings[0].value
    assert reading is not None
    assert reading.number == read.number == quantity.parse(number).number
    assert is_same_unit(reading.unit or after.unit(again), unit or None)


@pytest.mark.parametrize(
    ("style", "words", "written"),
    [
        ("declared", "5.2k users", "5.2k"),
        ("behind", "80", "80%"),
        ("a word", "12", "12 h"),
        ("money in front", "150k", "$150k"),
        ("money in front", "$99", "$99"),
        ("money behind", "4", "4 EUR"),
        ("money behind", "€4", "4 EUR"),
        ("none", "07.50", "07.50"),
    ],
)
def test_style_of_the_file_is_kept(style: str, words: str, written: str) -> None:
    found, node = opened(STYLES[style][0])
    assert input_values.parse_number(found, node, words).text == written


@pytest.mark.parametrize(
    ("style", "words"), [("declared", "5%"), ("behind", "5 h"), ("none", "5 users"), ("money behind", "$4")]
)
def test_unit_mismatch_is_rejected(style: str, words: str) -> None:
    found, node = opened(STYLES[style][0])
    with pytest.raises(OkrctlError):
        input_values.parse_number(found, node, words)
