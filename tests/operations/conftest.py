"""What the tests of synced clones begin with."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.operations.clones import Team, fix_days, make_team


@pytest.fixture
def own_git(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep the machine's settings of git away, and its clock."""
    fix_days(monkeypatch)


@pytest.fixture
def team(tmp_path: Path, own_git: None) -> Team:
    """A remote with three clones."""
    return make_team(tmp_path)
