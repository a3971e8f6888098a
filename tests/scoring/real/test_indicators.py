"""Indicator files as a handbook keeps them (comments, HTML, long texts, odd targets) are YAML, and check knows it."""

from __future__ import annotations

import textwrap
from pathlib import Path
from typing import Any

from tests.running import run, write
from tests.scoring.real.conversion import DATA

INDICATORS = (DATA / "indicators.yaml").read_text(encoding="utf-8")


def findings(root: Path, text: str) -> list[dict[str, Any]]:
    result = run("check", "--format", "json", cwd=write(root, {"kpis/indicators.yaml": text}))
    assert result.status == 1, result.err
    found: list[dict[str, Any]] = result.json["diagnostics"]
    return found


def test_a_foreign_file_is_no_broken_file(tmp_path: Path) -> None:
    assert [one["code"] for one in findings(tmp_path, INDICATORS) if one["severity"] == "error"] == ["OKR006"]


def test_below_kpis_only_keys_and_values_are_found_fault_with(tmp_path: Path) -> None:
    wrapped = "kpis:\n" + textwrap.indent(INDICATORS, "  ")
    codes = {one["code"] for one in findings(tmp_path, wrapped) if one["severity"] == "error"}
    assert codes <= {"OKR002", "OKR003", "OKR004"}
    assert "OKR002" in codes


def test_unknown_names_get_the_known_one(tmp_path: Path) -> None:
    found = findings(tmp_path, "kpis:\n" + textwrap.indent(INDICATORS, "  "))
    spoken = [f"{one['message']} {one['help']}" for one in found if one["code"] == "OKR002"]
    assert any("name" in text and "title" in text for text in spoken)


def test_the_same_texts_with_the_known_keys_are_fine(tmp_path: Path) -> None:
    known = [line for line in _translated(INDICATORS) if line is not None]
    result = run("check", "--format", "json", cwd=write(tmp_path, {"kpis/indicators.yaml": "\n".join(known) + "\n"}))
    errors = [one for one in result.json["diagnostics"] if one["severity"] == "error"]
    assert errors == []
    assert result.status == 0


def _translated(text: str) -> list[str | None]:
    """Names and long texts as they stand, under the keys of a KPI; all else left out."""
    lines: list[str | None] = ["kpis:"]
    keeps, count = True, 0
    for line in text.splitlines():
        if line.startswith("- name:"):
            count += 1
            lines += [
                f"  - id: kpi-{count}",
                f"    title:{line.removeprefix('- name:')}",
                "    better: higher",
                "    owner: coo",
            ]
            keeps = True
        elif line.startswith("  definition:"):
            lines.append(f"    description:{line.removeprefix('  definition:')}")
            keeps = True
        elif line.startswith("  ") and not line.startswith("   ") and line.strip():
            keeps = False
        elif keeps or line.startswith("#"):
            lines.append(f"  {line}" if line.strip() else line)
    return lines
