"""The hypotheses by period."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.server.client import start
from tests.server.quarters import DAY, two_quarters, words
from tests.server.worlds import small_company


def test_every_period_with_a_hypothesis_the_newest_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    server = start(two_quarters(tmp_path / "acme", monkeypatch).repo.path, today=DAY)
    text = server.get("/impact").text
    running, _, over = words(text).partition("2026-Q1")
    assert "2026-Q2" in running and "open" in running and "verdicts come after its end" in running
    assert "no verdict" in over and "'revenue' has no reading" in over
    assert 'href="/objectives/2026-Q1/shop/retention"' in text and 'href="/kpis/revenue"' in text


def test_without_hypotheses(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    server = start(small_company(tmp_path / "acme", monkeypatch).path, today=DAY)
    assert "No objective has a hypothesis." in words(server.get("/impact").text)
