"""What most tests of pages begin with: a small company, a server of it, and a company with two quarters."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.repositories import Repo
from tests.server.client import Client, start
from tests.server.quarters import History, two_quarters
from tests.server.worlds import DAY, small_company


@pytest.fixture
def repo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Repo:
    """A small company, committed before its quarter began."""
    return small_company(tmp_path / "acme", monkeypatch)


@pytest.fixture
def server(repo: Repo) -> Client:
    """A server of that company, in the middle of the quarter."""
    return start(repo.path, today=DAY)


@pytest.fixture
def history(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> History:
    """A company with two quarters of history."""
    return two_quarters(tmp_path / "acme", monkeypatch)
