"""The harness of `python -m tests.fuzz`: a short run of it holds, and it finds and shrinks a fault that is put in."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from okrctl import scoring
from tests.fuzz.harness import WORK, Box, Failure, Tries, write_failure
from tests.fuzz.mutations import BASE
from tests.fuzz.quick import QuickBox, QuickTries, Seen, read_hashes
from tests.fuzz.small import SMALL

INPUTS = 80


@pytest.fixture
def box(tmp_path: Path) -> Iterator[Box]:
    with kept_environment():
        yield Box(tmp_path / "box")


@pytest.fixture
def quick_box(tmp_path: Path) -> Iterator[QuickBox]:
    with kept_environment():
        yield QuickBox(tmp_path / "box")


@contextmanager
def kept_environment() -> Iterator[None]:
    was = dict(os.environ)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(was)


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::ruamel.yaml.error.ReusedAnchorWarning")
def test_a_short_run_finds_nothing(box: Box) -> None:
    figures = Tries(box, 1).go(lambda count: count < INPUTS)
    assert [(failure.name, failure.words, failure.seen) for failure in figures.failures.values()] == []
    assert len(figures.hashes) > INPUTS * 0.9
    assert all(figures.worked[name] for name in WORK)


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


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::ruamel.yaml.error.ReusedAnchorWarning")
def test_a_short_quick_run_finds_nothing_and_counts_each_input_once(quick_box: QuickBox, tmp_path: Path) -> None:
    file = tmp_path / "seen.bin"
    figures = QuickTries(quick_box, 1, seen=Seen(file)).go(lambda count: count < 600)
    assert [(failure.name, failure.words, failure.seen) for failure in figures.failures.values()] == []
    assert len(figures.hashes) == figures.inputs == figures.commands.total() == 600
    assert read_hashes(file) == figures.hashes
    assert all(figures.worked[name] > figures.tried[name] / 3 for name in WORK)
    again = QuickTries(quick_box, 1, seen=Seen(file)).go(lambda count: count < 50)
    assert len(again.hashes) == 50
    assert not again.hashes & figures.hashes
    assert read_hashes(file) == again.hashes | figures.hashes


def test_jobs_share_the_inputs(tmp_path: Path) -> None:
    shares = [Seen(None, job, 2) for job in (0, 1)]
    assert [[seen.is_new(number) for seen in shares] for number in (8, 9)] == [[True, False], [False, True]]


def test_a_fault_is_found_and_made_small_by_a_quick_run(
    quick_box: QuickBox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError("put in")

    monkeypatch.setattr(scoring, "build_scorecard", broken)
    found: list[Failure] = []
    seen = Seen()
    QuickTries(quick_box, 1, found.append, seen).go(lambda count: not found and count < 200)
    [failure] = found
    assert failure.name == "traceback"
    assert "ZeroDivisionError: put in" in failure.seen
    assert failure.input.base in SMALL
    place = write_failure(tmp_path, failure)
    assert failure.input.base in (place / "failure.txt").read_text()
