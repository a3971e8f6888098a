"""No command prints a figure on the wrong side of the border that decides its word, and `explain` names the border."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.repositories import Repo, isolate
from tests.running import run, write

CONFIG = "organisation: Kontor\n"


def workspace(root: Path, *key_results: str, more: str = "") -> Path:
    lines = "".join(f"      - {{{result}}}\n" for result in key_results)
    head = f"period: 2026-Q2\nteam: ops\nobjectives:\n  - id: o\n    title: Parcels\n    owner: kim\n{more}"
    write(root, {"okrctl.yaml": CONFIG, "okrs/a.yaml": f"{head}    key_results:\n{lines}"})
    return root


def out(root: Path, *words: str, day: str) -> str:
    result = run(*words, "--as-of", day, cwd=root)
    assert result.status == 0, result.err
    return result.out


COMMANDS = [
    ("score",),
    ("score", "--format", "markdown"),
    ("show", "o.k"),
    ("show", "ops/o"),
    ("explain", "o.k"),
    ("explain", "ops/o"),
    ("tree",),
    ("report",),
    ("report", "--format", "html"),
]


@pytest.mark.parametrize("words", COMMANDS)
@pytest.mark.parametrize(("value", "shown"), [(6950, "0.695"), (6996, "0.6996"), (6940, "0.69"), (7000, "0.70")])
def test_every_command_prints_as_many_digits_as_it_takes(
    tmp_path: Path, words: tuple[str, ...], value: int, shown: str
) -> None:
    root = workspace(tmp_path, f"id: k, title: Streets, to: 10000, readings: {{2026-06-29: {value}}}")
    text = out(root, *words, day="2026-07-14")
    assert shown in text
    assert ("0.70" in text) == (value == 7000), text


@pytest.mark.parametrize(
    ("value", "status", "shown"),
    [
        (3060, "behind", "30.6 % complete, 41.1 % expected"),  # 10.5 points; 31 and 41 would be ten
        (3112, "on track", ""),  # 9.99 points
        (1700, "behind", "17 % complete, 41 % expected"),
        (1606, "at risk", "16.06 % complete, 41.11 % expected"),  # 25.05 points; 25 with one decimal
    ],
)
def test_status_prints_the_pair_that_agrees_with_the_word(tmp_path: Path, value: int, status: str, shown: str) -> None:
    """On May 8, 37 of 90 days are gone: 41.111 % are expected."""
    root = workspace(tmp_path, f"id: k, title: Streets, to: 10000, readings: {{2026-05-08: {value}}}")
    text = out(root, "status", day="2026-05-08")
    assert shown in text and (not shown or status in text)


@pytest.mark.parametrize(
    ("words", "line"),
    [
        (("o.k",), "status: 0.6996 is below 0.7: missed"),
        (("ops/o",), "status: 0.6996 is below 0.7: missed"),
        (("ops/o",), "band: 0.6996 is at least 0.4 and is below 0.7: yellow"),
        (("o.k",), "(6996 - 0) / (10000 - 0) = 0.6996"),
        (("ops/o",), "k: (6996 - 0) / (10000 - 0) = 0.6996"),
        (("ops/o",), "score: the weighted mean = 0.6996"),
        (("o.k",), "progress: (value - from) / (to - from) = 0.6996"),
    ],
)
def test_explain_names_the_border_that_decided(tmp_path: Path, words: tuple[str, ...], line: str) -> None:
    root = workspace(tmp_path, "id: k, title: Streets, to: 10000, readings: {2026-06-29: 6996}")
    assert line in out(root, "explain", *words, day="2026-07-14")


@pytest.mark.parametrize(
    ("more", "value", "line"),
    [
        ("", 7000, "status: 0.70 is at least 0.7: succeeded"),
        ("", 12000, "status: 1.00 is at least 1: achieved"),
        ("    ambition: committed\n", 9960, "status: 0.996 is below 1: missed"),
        ("", 10, "band: 0.001 is below 0.4: red"),
        ("", 20000, "band: 1.00 is at least 0.7: green"),
    ],
)
def test_the_border_is_that_of_the_ambition(tmp_path: Path, more: str, value: int, line: str) -> None:
    root = workspace(tmp_path, f"id: k, title: Streets, to: 10000, readings: {{2026-06-29: {value}}}", more=more)
    assert line in out(root, "explain", "ops/o", day="2026-07-14")


def test_an_equation_without_an_end_says_about(tmp_path: Path) -> None:
    root = workspace(tmp_path, "id: k, title: Streets, to: 3, readings: {2026-06-29: 2}")
    text = out(root, "explain", "o.k", day="2026-06-30")
    assert "(2 - 0) / (3 - 0) is about 0.67" in text
    assert "= 0.67" not in text
    markdown = run("explain", "o.k", "--as-of", "2026-06-30", "--format", "markdown", cwd=root).out
    assert "`(2 - 0) / (3 - 0) is about 0.67`" in markdown


def test_points_below_the_expectation_are_more_than_the_threshold(tmp_path: Path) -> None:
    """On June 9, 69 of 90 days are gone, 76.667 %; 0.6663 is 10.04 points below."""
    root = workspace(tmp_path, "id: k, title: Streets, to: 10000, readings: {2026-06-08: 6663}")
    assert "status: behind, 10.04 points below the expectation (more than 10)" in out(
        root, "explain", "o.k", day="2026-06-09"
    )


@pytest.mark.parametrize(
    ("measure", "shows_progress"),
    [
        ("to: 10000, readings: {2026-06-08: 8500}", False),
        ("to: 10000, readings: {2026-06-08: 12500}", True),
        ("to: 10000, readings: {2026-06-08: 10040}", False),  # 100.4 % and 100 % are both printed as 100 %
        ("to: 10000, readings: {2026-06-08: 10050}", True),
        ("from: 5000, to: 10000, readings: {2026-06-08: 4000}", True),
        ("to: 10000, readings: {2026-06-08: 0}", False),
    ],
)
@pytest.mark.parametrize("words", [("show", "o.k"), ("score", "--format", "markdown")])
def test_progress_stands_beside_the_score_where_it_says_something_else(
    tmp_path: Path, measure: str, shows_progress: bool, words: tuple[str, ...]
) -> None:
    root = workspace(tmp_path, f"id: k, title: Streets, {measure}")
    text = out(root, *words, day="2026-06-09").replace("77 % expected", "")
    assert (" %" in text) == shows_progress


def test_a_check_in_prints_the_border_too(tmp_path: Path) -> None:
    root = workspace(tmp_path, "id: k, title: Streets, to: 10000, readings: {2026-05-04: 5000}")
    made = run("checkin", "ops/o.k", "6996", cwd=root, today="2026-06-30")
    assert made.status == 0, made.err
    assert "(69.96 %)" in made.out and "0.50 -> 0.6996" in made.out


def test_diff_prints_both_sides_of_a_border(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    isolate(monkeypatch)
    repo = Repo(tmp_path / "repo")
    text = "period: 2026-Q2\nteam: ops\nobjectives:\n  - {id: o, title: Parcels, owner: kim, key_results: [KR]}\n"
    result = "{id: k, title: Streets, to: 10000, readings: {2026-05-04: VALUE}}"
    old, new = (text.replace("KR", result.replace("VALUE", value)) for value in ("6996", "7000"))
    repo.commit(day="2026-05-04", files={"okrs/a.yaml": old, "okrctl.yaml": CONFIG})
    repo.write("okrs/a.yaml", new)
    shown = run("diff", cwd=repo.path, today="2026-06-30").out
    assert "0.6996 -> 0.70" in shown
