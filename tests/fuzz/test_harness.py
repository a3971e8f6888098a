"""The harness of `python -m tests.fuzz`: a short run of it holds, and it finds and shrinks a fault that is put in."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from okrctl import scoring
from tests.fuzz.harness import Box, Failure, Tries, write_failure
from tests.fuzz.mutations import BASE

INPUTS = 80


@pytest.fixture
def box(tmp_path: Path) -> Iterator[Box]:
    was = dict(os.environ)
    try:
        yield Box(tmp_path / "box")
    finally:
        os.environ.clear()
        os.environ.update(was)


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::ruamel.yaml.error.ReusedAnchorWarning")
def test_a_short_run_finds_nothing(box: Box) -> None:
    figures = Tries(box, 1).go(lambda count: count < INPUTS)
    assert [(failure.name, failure.words, failure.seen) for failure in figures.failures.values()] == []
    assert len(figures.hashes) > INPUTS * 0.9
    assert all(figures.worked[name] for name in ("score", "kpi", "report", "diff", "import", "merge"))


def test_a_fault_is_found_and_made_small(box: Box, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError("put in")

    monkeypatch.setattr(scoring, "build_scorecard", broken)
    found: list[Failure] = []
    tries = Tries(box, 1, found.append)
    tries.go(lambda count: not found and count < 20)
    [failure] = found
    assert failure.name == "traceback"
    assert "ZeroDivisionError: put in" in failure.seen
    place = write_failure(tmp_path, failure)
    assert "put in" in (place / "failure.txt").read_text()
    assert sum(map(len, failure.input.files.values())) <= 2 * sum(map(len, BASE.values()))
