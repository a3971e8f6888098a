"""Tests of the rule about missing units, and of its fix."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.running import run, write

HEAD = "period: 2026-Q2\nobjectives:\n  - id: a\n    title: Customers trust us\n    owner: lea\n    key_results:\n"
OTHER = "      - {id: b, title: Parcels that come back, from: 9%, to: 3%}\n"


def found(root: Path, key_result: str) -> list[str]:
    write(root, {"okrs/a.yaml": HEAD + key_result + OTHER})
    findings = run("check", "--select", "OKR325", "--format", "json", cwd=root).json["diagnostics"]
    return [one["message"] for one in findings]


@pytest.mark.parametrize(
    ("numbers", "messages"),
    [
        ("from: 72%, to: 95", ["95 has no unit, but other numbers have '%'"]),
        ("from: 0, to: 95%", []),
        ("from: 72, to: 95", []),
        ("from: 72%, to: 95%, readings: {2026-04-13: 74}", []),
        ("unit: '%', from: 72%, to: 95", []),
        ("between: [3h, 5]", ["5 has no unit, but other numbers have 'h'"]),
        ("from: 1 EUR, to: 5 h, stretch: 6", []),
    ],
)
def test_only_numbers_without_the_unit_of_others_are_found(tmp_path: Path, numbers: str, messages: list[str]) -> None:
    assert found(tmp_path, f"      - {{id: c, title: Codes asked for, {numbers}}}\n") == messages


def test_the_unit_is_added_once_in_the_style_of_the_file(tmp_path: Path) -> None:
    block = "      - id: c\n        title: Codes asked for\n        from: 72%\n        to: 95   # soon\n"
    found(tmp_path, block)
    assert run("check", "--fix", cwd=tmp_path).status == 0
    mended = block.replace("        from:", '        unit: "%"\n        from:')
    assert (tmp_path / "okrs/a.yaml").read_text() == HEAD + mended + OTHER
