"""Labelled figures in the brackets of a title: read whole, or left where they are."""

from __future__ import annotations

from itertools import permutations, product
from pathlib import Path

import pytest

from okrctl.importers.meaning import brackets, phrases
from tests.running import run, write

LABELS = {
    "target": ("target", "goal", "Ziel"),
    "current": ("actual", "current", "now", "Ist", "aktuell"),
    "start": ("baseline", "start", "Start", "from"),
}
VALUES = ("40 s", "40 %", "9 k€", "12 EUR", "$40", "40", "1,200", "1.200", "12k")
SEPARATORS = (", ", "; ", " / ", " | ", " - ", " -> ")
NAMES = ("target", "current", "start")


def _say(name: str, at: int, sign: str, value: str) -> str:
    labels = LABELS[name]
    return f"{labels[at % len(labels)]}{sign}{value}"


@pytest.mark.parametrize(("sign", "separator"), list(product((" ", ": ", "=", " = "), SEPARATORS)))
@pytest.mark.parametrize("pair", ["()", "[]"])
def test_labelled_figures_come_off_the_title_in_any_order(sign: str, separator: str, pair: str) -> None:
    for order, at, tail in product(permutations(NAMES), range(len(VALUES)), ("", " for all", ", weekly")):
        values = {name: VALUES[(at + number) % len(VALUES)] for number, name in enumerate(NAMES)}
        inner = separator.join(_say(name, at, sign, values[name]) for name in order)
        text = f"Cut the time {pair[0]}{inner}{pair[1]}{tail}"
        phrase = phrases.split_key_result(text)
        assert (phrase.title, phrase.cells) == (f"Cut the time{tail}", values), text


@pytest.mark.parametrize("separator", SEPARATORS)
@pytest.mark.parametrize("words", ["as agreed with sales", "p95 (of all)", "see [1]"])
def test_a_bracket_that_is_not_all_read_stays_whole(separator: str, words: str) -> None:
    for parts in permutations((words, "target 40 s", "now 55 s")):
        text = f"Cut the time ({separator.join(parts)}) for all"
        phrase = phrases.split_key_result(text)
        assert phrase.title == text


@pytest.mark.parametrize(
    "text",
    ["Reduce CO2 (in t)", "Visit offices (top 10) in May", "Fees (start 2026) fall", "Ship (all (target 4)) now"],
)
def test_a_bracket_without_a_figure_that_is_labelled_stays(text: str) -> None:
    assert phrases.split_key_result(text).title == text


@pytest.mark.parametrize(
    ("text", "title", "cells"),
    [
        ("Wait (target 40 s) [actual 55 s]", "Wait", {"target": "40 s", "current": "55 s"}),
        ("CO2 (in t) (Ziel: 9; Ist: 12)", "CO2 (in t)", {"target": "9", "current": "12"}),
        ("Kosten senken (Ist: 12 k€; Ziel: 9 k€)", "Kosten senken", {"target": "9 k€", "current": "12 k€"}),
        ("Wait (target 40) (target 50)", "Wait (target 40)", {"target": "50"}),
        ("Wait (target 40) for (target 50) all", "Wait (target 40) for (target 50) all", {}),
        ("Grow NPS (now 20 -> target 40)", "Grow NPS", {"target": "40", "current": "20"}),
    ],
)
def test_several_brackets(text: str, title: str, cells: dict[str, str]) -> None:
    phrase = phrases.split_key_result(text)
    assert (phrase.title, phrase.cells) == (title, cells)


@pytest.mark.parametrize(
    ("before", "after", "torn"),
    [("A (b)", "A", False), ("A (b, c)", "A (b", True), ("A (b, c)", "A (c)", True), ("A (b", "A (", False)],
)
def test_a_torn_bracket_is_seen(before: str, after: str, torn: bool) -> None:
    assert brackets.is_torn(before, after) == torn


@pytest.mark.parametrize("form", ["plan.md", "plan.csv"])
def test_figures_of_a_bracket_reach_the_file(tmp_path: Path, form: str) -> None:
    title = "Cut the time (actual: 55 s; target: 40 s; baseline: 70 s) for all"
    sources = {
        "plan.md": f"# Plan\n\n## Objective 1: Fast answers\n\n- {title}\n",
        "plan.csv": f"Objective,Key result\nFast answers,{title}\n",
    }
    root = write(tmp_path, {form: sources[form]})
    result = run("import", form, "--period", "2026-Q2", "--team", "pay", cwd=root, today="2026-05-12")
    text = next((root / "okrs").rglob("*.yaml")).read_text()
    assert "Cut the time for all" in text, result.err
    assert "from: 70" in text and "to: 40" in text and ": 55" in text


def test_figures_that_are_not_read_are_listed(tmp_path: Path) -> None:
    rows = "Fast answers,Cut the time (target 40 s; as agreed) for all\nFast answers,Cut CO2 (in t)\n"
    root = write(tmp_path, {"plan.csv": f"Objective,Key result\n{rows}"})
    result = run("import", "plan.csv", "--period", "2026-Q2", "--team", "pay", cwd=root, today="2026-05-12")
    said = result.out + result.err
    assert "'(target 40 s; as agreed)' is kept in the title, its figures are not read" in said
    assert "'(in t)'" not in said


def test_a_figure_of_the_title_that_its_column_contradicts_is_listed(tmp_path: Path) -> None:
    text = "Objective,Key result,Target\nBe quick,Cut the time (target 40 s; actual 55 s) for all,50\n"
    root = write(tmp_path, {"plan.csv": text})
    result = run("import", "plan.csv", "--period", "2026-Q2", "--team", "pay", cwd=root, today="2026-05-12")
    assert "'40 s' in the title is not used: its column says '50'" in result.out + result.err
