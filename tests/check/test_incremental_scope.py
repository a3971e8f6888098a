"""Seals, people who left, and the paths of a run: a cached or incremental check answers like a fresh one."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import settings as with_settings
from hypothesis import strategies as st

from tests.check.test_incremental_again import PATHS, PERIODS, QUIET, ROOTS, TODAY, change, edits, large, whole
from tests.running import Result, run, write

few = st.sampled_from
TEAMS = ("", "teams: {web: {}, ops: {}}\n", "teams: {web: {until: 2026-09-30}, ops: {}, tax: {until: 2026-10-04}}\n")
PEOPLE = ("", "people: {ada: {}}\n", "people: {ada: {until: 2026-12-30}}\n", "people: {bo: {}}\n")
settings = st.builds(
    lambda teams, people: QUIET.replace("ignore", "warning", 3) + teams + people, few(TEAMS), few(PEOPLE)
)
seals = st.tuples(few([f"scorecards/{period}.json" for period in PERIODS]), few(("{}", None)))
CHANGES = st.one_of(edits, seals, st.tuples(st.just("okrctl.yaml"), settings))
PLACES = st.lists(few((*PATHS, "okrs", "kpis", ".", "okrctl.yaml", "kpis/a.csv", "gone.yaml")), max_size=3)


def check(root: Path, *words: str) -> Result:
    return run("check", "--format", "json", *words, cwd=root, today=TODAY)


@with_settings(max_examples=40)
@given(whole, settings, st.lists(CHANGES, min_size=1, max_size=4), PLACES)
def test_a_cached_check_knows_seals_settings_and_paths(
    files: dict[str, str], first: str, changes: list[tuple[str, str | None]], places: list[str]
) -> None:
    with TemporaryDirectory() as folder:
        root = Path(folder)
        write(root, {"okrctl.yaml": first, "kpis/a.csv": "date,value\n2026-09-04,3\n", **ROOTS, **files})
        for path, text in (("okrctl.yaml", first), *changes):
            change(root, path, text)
            with large([]):
                found = check(root, *places)
            assert found == check(root, "--no-cache", *places)
            assert found == check(root, *places)  # now from the cache of results


@pytest.mark.parametrize("word", ["okrs/a.yaml", "data/d.csv", "data", "okrctl.yaml", "notes", "."])
def test_paths_of_several_workspaces_are_read_alike_from_the_cache(tmp_path: Path, word: str) -> None:
    goal = (
        "period: 2026-Q4\nteam: web\nobjectives:\n  - {id: grow, title: Shops answer, owner: ada, key_results: [KR]}\n"
    )
    goal = goal.replace("KR", "{id: k, title: Calls, to: 3, readings: ../data/d.csv}")
    for name in ("one", "two"):
        write(tmp_path / name, {"okrctl.yaml": "", "okrs/a.yaml": goal, "data/d.csv": "date,value\n2026-10-04,x\n"})
        write(tmp_path / name, {"notes/n.yaml": "x: 1\n"})
    words = [f"one/{word}", f"two/{word}"]
    fresh = check(tmp_path, *words, "--no-cache")
    with large([]):
        assert check(tmp_path, *words) == fresh
    assert check(tmp_path, *words) == fresh
    assert (fresh.status == 2) == (word == "notes")
    write(tmp_path, {"two/data/d.csv": "date,value\n2026-10-04,1\n"})
    assert check(tmp_path, *words) == check(tmp_path, *words, "--no-cache")
