"""What a status says of periods that are over is kept by what it follows from: an edit costs the periods it reaches."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from okrctl.operations import ended_periods
from tests.running import Result, run, write

GOAL = """\
period: {period}
team: web
objectives:
  - id: fast
    title: Pages load fast
    owner: ana
    {more}
    key_results:
      - {{id: share, title: Pages below a second, from: 0, to: 100, readings: {{{month}-02: 20, {month}-10: 99}}}}
      - {{id: k, title: Calls taken, to: 10{source}}}
"""
KPIS = """\
kpis:
  - {id: calls, title: Calls, better: lower, readings: {2024-12-20: 40, 2025-03-20: 50, 2025-06-20: 20}}
  - {id: mails, title: Mails, better: lower, readings: {2024-12-20: 40, 2025-03-20: 50, 2025-06-20: 90}}
"""
FORMULA = """\
kpis:
  - {id: words, title: Words, better: lower, formula: mails + letters}
"""
LETTERS = "kpis:\n  - {id: letters, title: L, better: lower, readings: {2024-12-20: 1, 2025-03-20: 5, 2025-06-20: 7}}\n"


def goal(period: str, more: str = "tags: [a]", source: str = "") -> str:
    month = f"{period[:4]}-{3 * int(period[-1]):02}"
    return GOAL.format(period=period, month=month, more=more, source=source or f", readings: {{{month}-04: 10}}")


WORKSPACE = {
    "okrctl.yaml": "organisation: Acme\n",
    "okrs/own.yaml": goal("2024-Q1"),
    "okrs/kpi.yaml": goal("2025-Q1", more="kpis: [calls]"),
    "okrs/formula.yaml": goal("2025-Q2", more="kpis: [words]"),
    "okrs/reads.yaml": goal("2025-Q3", source=", kpi: letters"),
    "okrs/rolls.yaml": goal("2025-Q4", source=", rollup: {sum: [2024-Q1/web/fast.share]}"),
    "kpis/kpis.yaml": KPIS,
    "kpis/words.yaml": FORMULA,
    "kpis/letters.yaml": LETTERS,
}
ALL = {"2024-Q1", "2025-Q1", "2025-Q2", "2025-Q3", "2025-Q4"}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = write(tmp_path, WORKSPACE)
    assert {f"OKR70{rule}" for rule in (1, 3)} <= set(ask(root).out.replace(" ", "\n").splitlines())
    return root


@pytest.fixture
def judged(monkeypatch: pytest.MonkeyPatch, root: Path) -> list[str]:
    """The periods that are judged anew, once the workspace is known."""
    found: list[str] = []
    judge = ended_periods._judge
    monkeypatch.setattr(
        ended_periods, "_judge", lambda state, period, *days: found.append(period.id) or judge(state, period, *days)
    )
    return found


def ask(root: Path, *more: str, today: str = "2026-02-11") -> Result:
    return run("status", *more, cwd=root, today=today)


def replace(path: str, old: str, new: str) -> Callable[[Path], object]:
    def edit(root: Path) -> None:
        text = (root / path).read_text()
        assert old in text
        write(root, {path: text.replace(old, new)})

    return edit


SHEET = "date,value\n2025-03-10,"
EDITS: dict[str, tuple[Callable[[Path], object], set[str]]] = {
    "a comment": (replace("okrs/kpi.yaml", "team: web", "team: web # ours"), {"2025-Q1", "2025-Q4"}),
    "an outcome": (replace("okrs/kpi.yaml", "kpis:", "outcome: missed\n    kpis:"), {"2025-Q1", "2025-Q4"}),
    "a silenced rule": (
        replace("okrs/own.yaml", "fast\n    owner", "fast  # okrctl: ignore[OKR701]\n    owner"), {"2024-Q1", "2025-Q4"}
    ),
    "a reading": (replace("okrs/own.yaml", "2024-03-10: 99", "2024-03-10: 9"), {"2024-Q1", "2025-Q4"}),
    "a KPI": (replace("kpis/kpis.yaml", "2025-06-20: 90", "2025-06-20: 10"), {"2025-Q1", "2025-Q2", "2025-Q4"}),
    "an input": (replace("kpis/letters.yaml", "2025-06-20: 7", "2025-06-20: 70"), {"2025-Q2", "2025-Q3", "2025-Q4"}),
    "no input": (lambda root: (root / "kpis/letters.yaml").unlink(), {"2025-Q2", "2025-Q3", "2025-Q4"}),
    "another KPI": (lambda root: write(root, {"kpis/a.yaml": LETTERS.replace("letters", "more")}), {"2025-Q4"}),
    "a KPI in front": (
        lambda root: write(root, {"kpis/a.yaml": LETTERS.replace("20: 7", "20: 0")}), {"2025-Q2", "2025-Q3", "2025-Q4"}
    ),
    "a file more": (lambda root: write(root, {"okrs/x.yaml": goal("2024-Q1").replace("web", "app")}),
                    {"2024-Q1", "2025-Q4"}),
    "a file less": (lambda root: (root / "okrs/own.yaml").unlink(), {"2025-Q4"}),
    "the settings": (replace("okrctl.yaml", "Acme", "Acme\nrules: {sandbagging: ignore}"), ALL),
    "readings in a CSV file": (
        lambda root: write(root, {
            "okrs/own.yaml": goal("2024-Q1").replace("{2024-03-02: 20, 2024-03-10: 99}", "{csv: ../data.csv}"),
            "data.csv": SHEET.replace("2025", "2024") + "10\n",
        }),
        {"2024-Q1", "2025-Q4"},
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", EDITS)
def test_an_edit_costs_the_periods_that_it_reaches(root: Path, judged: list[str], name: str) -> None:
    edit, periods = EDITS[name]
    edit(root)
    found = ask(root)
    assert set(judged) == periods and len(judged) == len(periods)
    judged.clear()
    assert found == ask(root, "--no-cache") and judged


def test_a_sheet_another_day_and_a_seal_are_seen(root: Path, judged: list[str]) -> None:
    EDITS["readings in a CSV file"][0](root)
    before = ask(root)
    write(root, {"data.csv": SHEET.replace("2025", "2024") + "95\n"})
    assert ask(root) == ask(root, "--no-cache") != before
    judged.clear()
    assert ask(root, today="2026-02-12") == ask(root, "--no-cache", today="2026-02-12")
    assert judged.count("2025-Q1") == 2
    assert ask(root, "--as-of", "2025-05-01") == ask(root, "--as-of", "2025-05-01", "--no-cache")


@pytest.mark.parametrize("text", ["", "7", "[1]", '["many", []]', "[1, 7]"])
def test_a_damaged_entry_is_judged_again(
    root: Path, judged: list[str], monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    fresh = ask(root, "--no-cache")
    load = ended_periods.KeptRows.load

    def damage(kept: ended_periods.KeptRows, keys: object) -> dict[bytes, str]:
        known = load(kept, keys)  # type: ignore[arg-type]
        return dict.fromkeys(known, text)

    monkeypatch.setattr(ended_periods.KeptRows, "load", damage)
    EDITS["a comment"][0](root)
    judged.clear()
    assert ask(root).out == fresh.out and set(judged) == ALL
