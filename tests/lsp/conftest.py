"""The workspace of these tests, and the end of the servers that their conversations shared."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.running import write


@pytest.fixture(scope="session", autouse=True)
def connections() -> Iterator[None]:
    yield
    clients = sys.modules.get("tests.lsp.clients")  # not there where pytest-lsp is not installed
    assert clients is None or set(clients.close_connections()) <= {0}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    from tests.lsp.clients import FILES

    folder = tmp_path / "goals"
    write(folder, FILES)
    return folder
