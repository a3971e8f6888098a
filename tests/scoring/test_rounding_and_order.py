"""Scores are exact until they are shown, half up, and do not depend on the order in which anything is written."""

from __future__ import annotations

import random
import re
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from tests.running import run, write

ROUNDED = [
    ("555", "1000", "0.56"),
    ("145", "1000", "0.15"),
    ("2", "3", "0.67"),
    ("1", "200", "0.01"),
    ("985", "1000", "0.99"),
]


def one_result(measure: str, settings: str = "") -> dict[str, str]:
    objective = f"{{id: o, title: T, owner: ada, key_results: [{{id: k, title: R, {measure}}}]}}"
    okrs = f"period: 2025-Q2\nobjectives: [{objective}]\n"
    return {"okrs/a.yaml": okrs} | ({"okrctl.yaml": settings} if settings else {})


def grades(*values: str) -> dict[str, str]:
    lines = ["period: 2025-Q2", "objectives:", "  - id: o", "    title: T", "    owner: ada", "    key_results:"]
    lines += [
        f"      - {{id: k{number}, title: R, graded: true, readings: {{2025-06-02: {value}}}}}"
        for number, value in enumerate(values)
    ]
    return {"okrs/a.yaml": "\n".join(lines) + "\n"}


def scored(root: Path) -> Any:
    result = run("score", "2025-Q2", "--as-of", "2025-06-30", "--bands", "--format", "json", cwd=root)
    assert result.status == 0, result.err
    return result.json


def table(root: Path, form: str = "table") -> str:
    result = run("score", "2025-Q2", "--as-of", "2025-06-30", "--format", form, cwd=root)
    assert result.status == 0, result.err
    return result.out


@pytest.mark.parametrize(("value", "target", "shown"), ROUNDED)
def test_scores_are_shown_with_two_places_half_up(tmp_path: Path, value: str, target: str, shown: str) -> None:
    out = table(write(tmp_path, one_result(f"to: {target}, readings: {{2025-06-02: {value}}}")))
    decimals = set(re.findall(r"(?<![\d.])[01]\.\d\d(?!\d)", out))
    assert decimals == {shown}


@pytest.mark.parametrize(("value", "target", "shown"), ROUNDED)
def test_json_carries_the_figure_itself(tmp_path: Path, value: str, target: str, shown: str) -> None:
    answer = scored(write(tmp_path, one_result(f"to: {target}, readings: {{2025-06-02: {value}}}")))
    exact = Fraction(int(value), int(target))
    assert Fraction(answer["score"]) == Fraction(int(exact * 10**6 + Fraction(1, 2)), 10**6)


@pytest.mark.parametrize(("reading", "shown"), [("1125", "113 %"), ("1124", "112 %"), ("-125", "-12 %")])
def test_percentages_are_whole_and_half_up(tmp_path: Path, reading: str, shown: str) -> None:
    assert shown in table(write(tmp_path, one_result(f"from: 0, to: 1000, readings: {{2025-06-02: {reading}}}")))


@pytest.mark.parametrize(
    ("values", "score", "band"),
    [
        (("0.7",) * 7, "0.7", "green"),  # floats sum to a little less
        (("0.1", "0.2", "0.9"), "0.4", "yellow"),
        (("0.6999",), "0.6999", "yellow"),  # shown as 0.70 and still not green
        (("0.3999",), "0.3999", "red"),
    ],
)
def test_bands_read_the_unrounded_score(tmp_path: Path, values: tuple[str, ...], score: str, band: str) -> None:
    answer = scored(write(tmp_path, grades(*values)))
    objective = answer["teams"][0]["objectives"][0]
    assert (Fraction(str(objective["score"])), objective["band"]) == (Fraction(score), band)
    assert (Fraction(str(answer["score"])), answer["band"]) == (Fraction(score), band)


@pytest.mark.parametrize(
    ("grade", "band"), [("0.65", "green"), ("0.649", "yellow"), ("0.35", "yellow"), ("0.349", "red")]
)
def test_googles_bands_round_to_one_place_first(tmp_path: Path, grade: str, band: str) -> None:
    files = grades(grade) | {"okrctl.yaml": "scoring: {bands: google}\n"}
    assert scored(write(tmp_path, files))["teams"][0]["objectives"][0]["band"] == band


def test_means_are_taken_of_unrounded_scores(tmp_path: Path) -> None:
    """Three thirds rounded first would be 0.99 of the way."""
    files = {f"okrs/{name}.yaml": _team(name, ["1/3", "2/3", "1"]) for name in ("a", "b", "c")}
    answer = scored(write(tmp_path, files))
    assert Fraction(str(answer["score"])) == Fraction("0.666667")
    assert {Fraction(str(team["score"])) for team in answer["teams"]} == {Fraction("0.666667")}


def _team(name: str, ways: list[str]) -> str:
    lines = ["period: 2025-Q2", f"team: {name}", "objectives:"]
    for number, way in enumerate(ways):
        value, _, target = way.partition("/")
        lines += [f"  - id: {name}{number}", "    title: T", "    owner: ada", "    key_results:"]
        lines += [f"      - {{id: k, title: R, to: {target or 1}, readings: {{2025-06-02: {value}}}}}"]
    return "\n".join(lines) + "\n"


Keys = list[tuple[str, Any]]

READINGS = ["2025-04-14: 1", "2025-05-12: 3", "2025-06-02: 2"]

# Key, value in the order in which a person would write them; lists of such lists are sequences.
RESULTS: list[Keys] = [
    [("id", "k1"), ("title", "R"), ("from", "0"), ("to", "7"), ("weight", "3"), ("readings", READINGS)],
    [("id", "k2"), ("title", "R"), ("from", "9"), ("change", "-33%"), ("readings", READINGS)],
    [("id", "k3"), ("title", "R"), ("at_most", "2"), ("guards", "all"), ("readings", READINGS)],
    [("id", "k4"), ("title", "R"), ("to", "9"), ("aggregate", "mean"), ("weight", "1.5"), ("readings", READINGS)],
    [("id", "k5"), ("title", "R"), ("to", "21"), ("rollup", ["sum: [k1, k2, k4]"])],
]


def _workspace(order: random.Random) -> dict[str, str]:
    names = [f"f{number}" for number in range(4)]
    order.shuffle(names)
    files = {}
    for team, name in zip(["red", "blue", "red", None], names, strict=True):
        objectives = [_objective(f"{team or 'all'}-{name_of}", order) for name_of in ("x", "y")]
        tops = (
            ["period: 2025-Q2"]
            + ([f"team: {team}"] if team else [])
            + ["objectives:\n" + "\n".join(_mixed(objectives, order))]
        )
        files[f"okrs/{name}.yaml"] = "\n".join(_mixed(tops, order)) + "\n"
    return files


def _objective(id_of: str, order: random.Random) -> str:
    chosen, weight = (RESULTS, "1") if id_of.endswith("x") else (RESULTS[:4], "2.5")
    results = ["      - {" + ", ".join(_key(pair, order) for pair in _mixed(keys, order)) + "}" for keys in chosen]
    keys = [
        f"id: {id_of}",
        "title: T",
        "owner: ada",
        f"weight: {weight}",
        "key_results:\n" + "\n".join(_mixed(results, order)),
    ]
    first, *rest = _mixed(keys, order)
    return "\n".join([f"  - {first}", *(f"    {key}" for key in rest)])


def _key(pair: tuple[str, Any], order: random.Random) -> str:
    name, value = pair
    return f"{name}: {{{', '.join(_mixed(value, order))}}}" if isinstance(value, list) else f"{name}: {value}"


def _mixed(items: list[Any], order: random.Random) -> list[Any]:
    return order.sample(items, len(items))


def _figures(answer: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, tuple[Any, ...]] = {
        "period": (answer["score"], answer["band"], answer["measured"], answer["key_results"])
    }
    for team in answer["teams"]:
        found[team["team"]] = (team["score"], team["measured"])
        for objective in team["objectives"]:
            found[objective["ref"]] = (objective["score"], objective["measured"], objective["status"])
            found |= {one["ref"]: (one["value"], one["progress"], one["score"]) for one in objective["key_results"]}
    return found


def test_the_order_of_files_keys_and_objectives_changes_nothing(tmp_path: Path) -> None:
    seen = []
    for seed in range(12):
        root = tmp_path / str(seed)
        root.mkdir()
        # The red team's two files would repeat their names; the second gets its own.
        files = _unique(_workspace(random.Random(seed)))
        seen.append(_figures(scored(write(root, files))))
    assert len(seen[0]) == 1 + 3 + 8 + 4 * (5 + 4)
    assert all(one == seen[0] for one in seen)


def _unique(files: dict[str, str]) -> dict[str, str]:
    reds = [name for name, text in files.items() if "team: red" in text]
    return files | {reds[1]: files[reds[1]].replace("red-", "rot-")}
