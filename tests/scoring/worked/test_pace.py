"""Published figures on pace, status, projection, series over time and relative change."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.scoring.worked.casebook import Case, Run, agrees, differences, figures, runs_of

RUNS = list(runs_of("pace"))


@pytest.mark.parametrize(("case", "one"), [entry[1:] for entry in RUNS], ids=[entry[0] for entry in RUNS])
def test_the_figure_comes_out(case: Case, one: Run, tmp_path: Path) -> None:
    found = figures(one, tmp_path)
    assert differences(one, found) == {}
    assert agrees(case, one, found)
