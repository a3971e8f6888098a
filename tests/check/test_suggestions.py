"""What a finding suggests for some characters of a text is offered only where these characters stand in the file."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.running import run, write

KPIS = """
kpis:
  - {id: customers, title: Customers, better: higher, unit: users}
  - {id: basket, title: Basket, better: higher, unit: EUR}
  - id: sales
    title: Sales
    better: higher
    unit: EUR
    formula: FORMULA
"""


@pytest.mark.parametrize(
    "formula",
    [
        ">-\n      customrs\n      * basket",
        "|-\n      customrs\n      * basket",
        "customrs\n      * basket",
        '"\\x63ustomrs * basket"',
        '"customrs\n      * basket"',
    ],
    ids=["folded", "literal", "plain", "escaped", "quoted"],
)
def test_a_text_without_a_place_is_left_alone(tmp_path: Path, formula: str) -> None:
    text = KPIS.replace("FORMULA", formula)
    write(tmp_path, {"kpis/a.yaml": text})
    result = run("check", "--fix", cwd=tmp_path)
    assert "there is no KPI 'customrs', did you mean 'customers'?" in result.out
    assert (tmp_path / "kpis/a.yaml").read_text("utf-8") == text


@pytest.mark.parametrize("formula", ["customrs * basket", "'customrs * basket'", '"customrs * basket"'])
def test_a_text_with_a_place_is_fixed(tmp_path: Path, formula: str) -> None:
    text = KPIS.replace("FORMULA", formula)
    write(tmp_path, {"kpis/a.yaml": text})
    run("check", "--fix", cwd=tmp_path)
    assert (tmp_path / "kpis/a.yaml").read_text("utf-8") == text.replace("customrs", "customers")
