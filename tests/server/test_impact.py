"""The hypotheses by period."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from tests.server.client import start
from tests.server.quarters import DAY, FIRST, two_quarters, words
from tests.server.worlds import small_company


def test_every_period_with_a_hypothesis_the_newest_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    server = start(two_quarters(tmp_path / "acme", monkeypatch).repo.path, today=DAY)
    text = server.get("/impact").text
    running, _, over = words(text).partition("2026-Q1")
    assert "2026-Q2" in running and "open" in running and "verdicts come after its end" in running
    assert "no verdict" in over and "Monthly revenue has no reading" in over
    assert "1 Jan to 31 Mar, judged as of 14 Apr, 14 days after its end, the last day for late readings." in over
    assert 'href="/objectives/2026-Q1/shop/retention"' in text and 'href="/kpis/revenue"' in text


def test_without_hypotheses(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    server = start(small_company(tmp_path / "acme", monkeypatch).path, today=DAY)
    assert "No objective has a hypothesis." in words(server.get("/impact").text)


@pytest.mark.parametrize(
    ("expect", "verdict", "reason"),
    [
        ("down", "refuted", "moved against what was expected: +21 points, expected down"),
        ("up", "supported", "moved as expected: +21 points, more than usual"),
    ],
)
def test_a_verdict_says_what_moved_and_what_was_expected(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, expect: str, verdict: str, reason: str
) -> None:
    repo = small_company(tmp_path / "acme", monkeypatch)
    months = [date(2025, 1, 31), *(date(2025 + number // 12, number % 12 + 1, 28) for number in range(2, 14))]
    readings = ", ".join(f"{day}: {10 + number % 2}" for number, day in enumerate(months))
    repo.write(
        "kpis/more.yaml",
        "kpis: [{id: late, title: Late parcels, better: lower, unit: '%', readings: {" + readings
        + ", 2026-03-05: 31, 2026-03-28: 30}}]\n",
    )  # fmt: skip
    goals = FIRST.replace("{kpi: revenue, expect: up}", f"{{kpi: late, expect: {expect}}}")
    repo.write("okrs/2026-Q1/shop.yaml", goals)
    text = words(start(repo.path, today=DAY).get("/impact").text)
    assert f"{verdict} {reason}" in text
    assert "10 % → 31 % (+21 points)" in text


def test_while_the_period_runs_the_newest_reading_stands_beside_the_level_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    repo = small_company(tmp_path / "acme", monkeypatch)
    repo.write(
        "kpis/more.yaml",
        "kpis: [{id: late, title: Late, better: lower, unit: '%', readings: {2026-03-20: 3.8, 2026-05-18: 4.3}}]\n",
    )
    goals = FIRST.replace("period: 2026-Q1", "period: 2026-Q2").replace("kpi: revenue", "kpi: late")
    repo.write("okrs/2026-Q2/more.yaml", goals)
    assert "3.8 % → now 4.3 %" in words(start(repo.path, today=DAY).get("/impact").text)
