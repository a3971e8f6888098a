"""The case book is whole: every known example is in it, run, and says why where okrctl's figure is its own."""

from __future__ import annotations

import pytest

from tests.scoring.worked.casebook import Case, cases

EVERY_EXAMPLE = """
    L01a L01d L01f L02 L03 L05b L08 L10 L12 L15 L20e L20f L20i L20k L20o L20p L20q L20r L21a L21b L21d L21e
    L22a L22d L22f L23a L24a L24c
    M01 M02 M03 M04a M05 M10 M11 M12 M13 M14 M15 M16
    T01 T02 T03 T04 T05 T06 T07 T08a T08b T08c T09 T10 T11 T13 T14 T15
    R01 R04 R05 R06 R08 R09 R10 R11 R12 R13 R14
    S01 S02 S03 S05 A01 A02 A03
    P01 P02 P03 P04 P05 P06a P06c P07a P08 P09 P11a
    X01 X02 X03 X04 X05 X06 X07 X08
""".split()


def test_all_93_examples_are_in_the_book_once() -> None:
    assert [case.id for case in cases()] == EVERY_EXAMPLE
    assert len(EVERY_EXAMPLE) == 93


@pytest.mark.parametrize("case", cases(), ids=lambda case: case.id)
def test_each_case_runs_and_says_where_its_figure_comes_from(case: Case) -> None:
    assert case.source
    assert case.basis in ("printed", "suite", "derived")
    assert case.ours in ("as published", "by rule")
    assert case.reason or case.ours == "as published"
    assert case.runs
    assert all(one.part in ("scores", "pace") and one.expect for one in case.runs)


@pytest.mark.parametrize("case", [case for case in cases() if case.ours == "as published"], ids=lambda case: case.id)
def test_what_agrees_with_the_source_is_compared_with_it(case: Case) -> None:
    compared = [one for one in case.runs if one.shown]
    assert compared
    if isinstance(case.published, list):
        assert len(compared) == len(case.published)
