"""Filters of paths say of a folder whether they may want a path below it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from okrctl.values.path_filters import EVERY_PATH, OWN_PATHS, IncludedPaths, PathsBelow

NAMES = st.sampled_from(["okrs", "kpis", "team-a", "a.yaml", "b.yml", "c.txt"])
PATHS = st.lists(NAMES, min_size=1, max_size=4).map("/".join)
PATTERNS = st.lists(
    st.sampled_from(["okrs/**", "**/*.yaml", "team-*/okrs/*.yaml", "*/okrs/", "kpis/a.yaml", "team-a/**"]), max_size=3
)


@pytest.mark.parametrize(
    ("folder", "expected"),
    [("okrs", True), ("team-a", True), ("team-a/okrs", True), ("team-a/src", False), ("vendor", False), ("old", False)],
)
def test_a_folder_is_covered_where_a_pattern_reaches_into_it(folder: str, expected: bool) -> None:
    wants = IncludedPaths(["okrs/**/*.yaml", "team-*/okrs/*.yaml", "old/*.yaml"], ["old/**"])
    assert wants.covers(folder) is expected


@given(path=PATHS, include=PATTERNS, exclude=PATTERNS)
def test_the_folders_of_a_wanted_path_are_covered(path: str, include: list[str], exclude: list[str]) -> None:
    for wants in (IncludedPaths(include, exclude), PathsBelow(include), PathsBelow([path]), EVERY_PATH):
        parts = path.split("/")
        if wants(path):
            assert all(wants.covers("/".join(parts[:end])) for end in range(1, len(parts)))


def test_paths_below_are_those_named_and_what_is_in_them() -> None:
    wants = PathsBelow(["scorecards", "okrs/a.yaml"])
    assert wants("scorecards") and wants("scorecards/x/y.json") and wants("okrs/a.yaml")
    assert not wants("scorecards2/x.json") and not wants("okrs/a.yaml2") and not wants("okrs")
    assert wants.covers("okrs") and not wants.covers("okrs/b") and wants.covers("scorecards/x")
    assert not PathsBelow([])("a") and not PathsBelow([]).covers("a"), "none of them is none, not all"


def test_own_paths_open_no_folder() -> None:
    assert OWN_PATHS("any/path") and not OWN_PATHS.covers("any") and EVERY_PATH.covers("any")
