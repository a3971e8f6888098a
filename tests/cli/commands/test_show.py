"""A node in full, alignment, references on the command line, and completion."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from okrctl.cli import completion
from tests.running import run, write

EXAMPLE = Path(__file__).parents[3] / "examples" / "company"
TODAY = "2026-11-22"


def out(*words: str, **env: str) -> str:
    found = run(*words, cwd=EXAMPLE, env=env, today=TODAY)
    assert found.status == 0, found.err
    return found.out


@pytest.mark.parametrize(
    ("words", "ref"),
    [
        ("winter", "FY27-Q4/company/winter"),
        ("parts-delivery", "FY27-Q4/workshop/winter-ready.parts-delivery"),
        ("household-signups", "FY27-Q4/cities/snow.household-signups"),  # the running quarter wins
        ("Q3/cities/school-gates", "FY27-Q3/cities/school-gates"),
        ("school-gates.household-signups", "FY27-Q3/cities/school-gates.household-signups"),
        ("FY27-Q3/app/open-data", "FY27-Q3/app/open-data"),
    ],
)
def test_any_unique_ending_is_enough(words: str, ref: str) -> None:
    assert ref in out("show", words).splitlines()[0]
    assert run("show", words, "--format", "json", cwd=EXAMPLE, today=TODAY).json["ref"] == ref


def test_an_ambiguous_reference_lists_all_matches() -> None:
    several = run("show", "trade-signups", cwd=EXAMPLE, today="2027-03-01")
    assert several.status == 2
    assert (
        "is ambiguous: FY27-Q3/cities/building-sites.trade-signups, FY27-Q4/cities/frost.trade-signups" in several.err
    )
    none = run("show", "parts-deliver", cwd=EXAMPLE, today=TODAY)
    assert none.status == 2 and "did you mean 'parts-delivery'" in none.err
    assert run("show", "delivery", cwd=EXAMPLE, today=TODAY).status == 2  # an ending begins where a name begins


def test_a_key_result_shows_its_trend_and_the_expected_one() -> None:
    shown = out("show", "parts-delivery")
    assert "score         0.10  48 % expected" in shown and "at risk" in shown
    assert "Customs in Rotterdam" in shown and "okrs/FY27-Q4/workshop.yaml:14" in shown
    assert shown.count("●") == 2 + 1 and "░ expected" in shown  # two readings and the legend
    plain = out("show", "parts-delivery", LANG="C")
    assert "O readings  . expected" in plain and "●" not in plain


def test_an_objective_shows_its_key_results_and_its_work() -> None:
    shown = out("show", "snow")
    assert "carried from" in shown and "Rain covers exchanged" in shown
    assert all(name in shown for name in ("household-signups", "lit-routes", "early-cancellations"))


def test_everything_of_a_quarter_can_be_shown_and_explained() -> None:
    card = run("score", "Q4", "--format", "json", cwd=EXAMPLE, today=TODAY).json
    for team in card["teams"]:
        for objective in team["objectives"]:
            for one in (objective, *objective["key_results"]):
                assert one["ref"] in out("show", one["ref"])
                found = run("explain", one["ref"], "--format", "json", cwd=EXAMPLE, today=TODAY).json
                assert list(found) == ["version", "ref", "score", "formula", "inputs", "steps"]
                assert found["score"] == one["score"]


def test_what_does_not_exist_yet_is_an_error() -> None:
    found = run("show", "early-warning", "--as-of", "2026-11-10", cwd=EXAMPLE, today=TODAY)
    assert found.status == 2 and "does not exist on 2026-11-10" in found.err


def test_a_tree_has_everything_once_and_puts_children_below() -> None:
    drawn = out("tree").splitlines()
    place = {
        name: next(n for n, line in enumerate(drawn) if name in line.split())
        for name in ("company/winter", "cities/snow")
    }
    assert place["company/winter"] < place["cities/snow"]
    assert re.search(r"[├└]─ School runs", drawn[place["cities/snow"]])
    data = run("tree", "--format", "json", cwd=EXAMPLE, today=TODAY).json
    assert [tree["ref"].split("/", 1)[1] for tree in data["trees"]] == [
        "company/winter", "company/own-keep", "app/icy-streets",
    ]  # fmt: skip


@pytest.mark.parametrize("links", [{"a": "b", "b": "a"}, {"a": "a"}, {f"o{n}": f"o{n + 1}" for n in range(300)}])
def test_rings_and_long_chains_are_trees_all_the_same(tmp_path: Path, links: dict[str, str]) -> None:
    names = dict.fromkeys([*links, *links.values()])
    lines = [f"  - {{id: {n}, title: T, owner: ada{f', parent: {links[n]}' if n in links else ''}}}" for n in names]
    root = write(tmp_path, {"okrs/a.yaml": "period: 2026-Q4\nobjectives:\n" + "\n".join(lines) + "\n"})
    for form in ("table", "json"):
        found = run("tree", "--format", form, cwd=root, today=TODAY)
        assert found.status == 0, found.err
    shown = run("tree", cwd=root, today=TODAY).out.splitlines()[1:]
    assert sum(1 for line in shown if line.strip()) == len(names)


@pytest.mark.parametrize(
    ("complete", "typed", "expected"),
    [
        (completion.complete_periods, "FY", ["FY27-Q4", "FY27-Q3"]),
        (completion.complete_teams, "", ["app", "cities", "company", "operations", "workshop"]),
        (completion.complete_owners, "s", ["soeren"]),
        (completion.complete_references_and_kpis, "parts-d", ["parts-delivery"]),
        (
            completion.complete_references_and_kpis,
            "cities/frost.",
            ["cities/frost.trade-signups", "cities/frost.winter-kits"],
        ),
        (completion.complete_kpis, "te", ["test-rides"]),
        (completion.complete_rules, "sandb", ["sandbagging"]),
    ],
)
def test_the_shell_knows_what_there_is(
    complete: object, typed: str, expected: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(EXAMPLE)
    assert callable(complete) and complete(typed) == expected


def test_completion_looks_where_the_line_says(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    assert completion.complete_periods("FY") == []
    monkeypatch.setenv("COMP_WORDS", f"okrctl -C {EXAMPLE} score ")
    assert completion.complete_periods("FY") == ["FY27-Q4", "FY27-Q3"]


def test_broken_files_complete_to_nothing_and_no_error(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    write(
        tmp_path,
        {"okrs/a.yaml": "objectives: [: {", "okrs/b.yaml": "- 1\n", "okrs/c.yaml": b"\xff", "okrctl.yaml": "[x"},
    )
    monkeypatch.chdir(tmp_path)
    assert completion.complete_references_and_kpis("") == [] and completion.complete_teams("") == ["company"]
