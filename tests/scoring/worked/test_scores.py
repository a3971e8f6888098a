"""Published figures on progress, counts, binary results, milestones, limits, means, floor and cap."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.running import run
from tests.scoring.worked.casebook import AFTERWARDS, Case, Run, agrees, build, cases, differences, figures, runs_of

RUNS = list(runs_of("scores"))


@pytest.mark.parametrize(("case", "one"), [entry[1:] for entry in RUNS], ids=[entry[0] for entry in RUNS])
def test_the_figure_comes_out(case: Case, one: Run, tmp_path: Path) -> None:
    found = figures(one, tmp_path)
    assert differences(one, found) == {}
    assert agrees(case, one, found)


@pytest.mark.parametrize("case", cases(), ids=lambda case: case.id)
def test_check_accepts_the_workspace(case: Case, tmp_path: Path) -> None:
    for number, one in enumerate(case.runs):
        root = tmp_path / str(number)
        root.mkdir()
        build(one, root)
        found = run("check", "--format", "json", cwd=root, today=AFTERWARDS).json["diagnostics"]
        assert [entry["code"] for entry in found if entry["severity"] == "error"] == list(one.finds), found
