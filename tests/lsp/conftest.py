"""Ends the servers that the conversations of a test run shared."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import pytest


@pytest.fixture(scope="session", autouse=True)
def connections() -> Iterator[None]:
    yield
    clients = sys.modules.get("tests.lsp.clients")  # not there where pytest-lsp is not installed
    assert clients is None or set(clients.close_connections()) <= {0}
