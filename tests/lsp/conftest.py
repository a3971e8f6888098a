"""Ends the servers that the conversations of a test run shared."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

pytest.importorskip("pytest_lsp")

from tests.lsp.clients import close_connections


@pytest.fixture(scope="session", autouse=True)
def connections() -> Iterator[None]:
    yield
    assert set(close_connections()) <= {0}
