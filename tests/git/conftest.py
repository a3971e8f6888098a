"""A repository of its own for each test, out of reach of the settings of whoever runs it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.repositories import Repo, isolate


@pytest.fixture(autouse=True)
def _isolated(monkeypatch: pytest.MonkeyPatch) -> None:
    isolate(monkeypatch)


@pytest.fixture
def repo(tmp_path: Path) -> Repo:
    return Repo(tmp_path / "repo")
