"""Every kind of change is found, judged by what it makes easier or harder, and what means the same is no change."""

from __future__ import annotations

import random
from collections.abc import Mapping
from textwrap import indent
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from okrctl.history import diff
from okrctl.history.diff import Change
from okrctl.history.diff.describe import format_value
from okrctl.workspace import Workspace, build_workspace, read_settings
from okrctl.yaml import Source

Texts = str | Mapping[str, str]


def workspace(texts: Texts) -> Workspace:
    files = {"okrs/a.yaml": texts} if isinstance(texts, str) else dict(texts)
    config, settings = read_settings(Source("okrctl.yaml", files["okrctl.yaml"]) if "okrctl.yaml" in files else None)
    sources = [Source(path, text) for path, text in files.items() if path != "okrctl.yaml" and path.endswith("yaml")]
    found = build_workspace(sources, config, lambda path: files[path], settings)
    assert not found.broken_files, found.broken_files
    return found


def compared(old: Texts, new: Texts) -> list[Change]:
    return diff.compare(workspace(old), workspace(new))


def told(old: Texts, new: Texts) -> list[tuple[str, str, str | None, str | None]]:
    """Reference without its period, kind, field and effect of each change."""
    return [(one.ref.removeprefix("2026-Q2/company/"), one.kind, one.field, one.effect) for one in compared(old, new)]


def file(*key_results: str, objective: str = "id: o, title: Origin, owner: lea", period: str = "2026-Q2") -> str:
    results = ", ".join(f"{{{one}}}" for one in key_results)
    return f"period: {period}\nobjectives:\n  - {{{objective}, key_results: [{results}]}}\n"


def effects(old: str, new: str) -> set[tuple[str | None, str | None]]:
    """Fields and effects of changing one key result."""
    return {
        (one.field, one.effect) for one in compared(file(f"id: a, title: A, {old}"), file(f"id: a, title: A, {new}"))
    }


@pytest.mark.parametrize(
    ("old", "new", "effect"),
    [
        ("from: 0, to: 60", "from: 0, to: 50", "relaxed"),
        ("from: 0, to: 60", "from: 0, to: 70", "tightened"),
        ("from: 100, to: 60", "from: 100, to: 70", "relaxed"),  # falling: less far down is easier
        ("from: 100, to: 60", "from: 100, to: 50", "tightened"),
        ("from: 0, to: 100", "from: 20, to: 100", "tightened"),  # the same goal: the middle, 50, is now at 3/8
        ("from: 20, to: 100", "from: 0, to: 100", "relaxed"),  # 60 was half-way, and is now at 3/5
        ("from: 0, to: 100", "from: 50, to: 110", "tightened"),  # 100 is now at 5/6
        ("from: 0, to: 100", "from: 50, to: 90", "relaxed"),  # 100 is now at 5/4
        ("from: 10, to: 20", "from: 30, to: 20", "relaxed"),  # turned round: 15 is now at 3/2
        ("from: 10, change: +20", "from: 10, change: +10", "relaxed"),
        ("from: 10, change: x2", "from: 10, to: 19", "relaxed"),
        ("to: 10", "to: TBD", "relaxed"),
    ],
)
def test_a_way_is_judged_by_where_the_old_goal_stands_on_it(old: str, new: str, effect: str) -> None:
    assert {found for _, found in effects(old, new)} == {effect}


@pytest.mark.parametrize(
    ("old", "new", "effect"),
    [
        ("at_least: 98", "at_least: 97", "relaxed"),
        ("at_least: 98", "at_least: 99", "tightened"),
        ("at_most: 4", "at_most: 5", "relaxed"),
        ("at_most: 4", "at_most: 3", "tightened"),
        ("between: [4, 8]", "between: [5, 9]", "relaxed"),  # some of both
        ("between: [4, 8]", "between: [5, 7]", "tightened"),
        ("between: [4, 8]", "at_least: 4", "relaxed"),
        ("at_least: 4", "at_most: 4", "relaxed"),
        ("at_most: 4, judge: held", "at_most: 4", "relaxed"),
        ("at_most: 4", "at_most: 4, judge: held", "tightened"),
        ("to: 5, due: 2026-05-01", "to: 5, due: 2026-05-02", "relaxed"),
        ("to: 5, due: 2026-05-01", "to: 5", "relaxed"),
        ("to: 5", "to: 5, due: 2026-06-29", "tightened"),
        ("to: 5, ambition: committed", "to: 5, ambition: aspirational", "relaxed"),
        ("to: 5", "to: 5, ambition: committed", "tightened"),
        ("at_most: 5", "at_most: 5, guards: all", "relaxed"),
        ("at_most: 5, guards: all", "at_most: 5", "tightened"),
        ("to: 5", "to: 5, state: draft", "relaxed"),
        ("to: 5, state: draft", "to: 5", "tightened"),
        ("to: 5", "to: 5, weight: 2", "neutral"),
        ("to: 5", "at_least: 5", "neutral"),
        ("graded: true", "graded: {0: none, 1: all}", "neutral"),
        ("graded: {0: none, 1: all}", "graded: {0: nothing, 1: all}", "neutral"),
        ("to: 5", "to: 5, owner: tom", None),
    ],
)
def test_what_else_makes_it_easier_or_harder(old: str, new: str, effect: str | None) -> None:
    assert {found for _, found in effects(old, new)} == {effect}


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("to: TBD", "to: 60"),
        ("to: 5, from: TBD", "to: 5, from: 1"),
        ("to: 5", "to: 5, due: 2026-06-30"),
        ("to: 5", "from: 0, to: 5.0"),
        ("to: 1200000 EUR", "to: 1.2M, unit: €"),
        ("to: 5", "to: 5, weight: 1, state: active, ambition: aspirational, owner: lea"),
        ("to: 5, readings: {2026-04-30: 5}", "to: 5, readings: {2026-04: {value: 5.00}}"),
    ],
)
def test_two_spellings_of_one_meaning_are_no_change(old: str, new: str) -> None:
    assert effects(old, new) == set()


BOTH_WAYS = ["to: {}", "from: 100, to: {}", "at_least: {}", "at_most: {}", "from: 50, change: +{}"]


@given(st.sampled_from(BOTH_WAYS), st.integers(1, 99), st.integers(1, 99))
def test_what_is_relaxed_one_way_is_tightened_the_other(shape: str, one: int, other: int) -> None:
    there, back = effects(shape.format(one), shape.format(other)), effects(shape.format(other), shape.format(one))
    opposite = {"relaxed": "tightened", "tightened": "relaxed"}
    assert {(field, opposite[effect or ""]) for field, effect in there} == back
    assert bool(there) == (one != other)


LAYOUT = """\
# The quarter
period: 2026-Q2

objectives:
  - id: trial
    title: >
      Strangers find their way
      into the product
    owner: lea
    why: "Nobody buys what they have not tried"
    key_results:
      - id: signups   # counted by the shop
        title: 'Demo accounts opened'
        from: 0
        to: 100
        unit: users
        readings:
          2026-04-13: 10
          2026-04-20: {value: 20, confidence: 6, note: Good week}
"""
OTHER_LAYOUT = """\
objectives:
  - key_results:
      - {readings: {2026-04-20: {note: "Good week", confidence: 6, value: "20 users"}, 2026-04-13: '10'}, to: 100 users,
         title: Demo accounts opened, id: signups}
    why: Nobody buys what they have not tried
    title: Strangers find their way into the product
    owner: "lea"
    id: trial
period: '2026-Q2'
"""


def test_order_comments_quotes_and_files_are_no_change() -> None:
    assert compared(LAYOUT, OTHER_LAYOUT) == []
    assert compared(LAYOUT, LAYOUT.replace("\n", "\r\n")) == []
    assert compared({"okrs/a.yaml": LAYOUT}, {"okrs/deep/b.yaml": OTHER_LAYOUT}) == []


def test_a_file_split_in_two_is_no_change() -> None:
    one, two = "id: o, title: Origin, owner: lea", "id: p, title: Price, owner: tom"
    both = f"period: 2026-Q2\nobjectives: [{{{one}}}, {{{two}}}]\n"
    apart = {
        "okrs/o.yaml": f"period: 2026-Q2\nobjectives: [{{{one}}}]\n",
        "okrs/p.yaml": f"period: 2026-Q2\nobjectives: [{{{two}}}]\n",
    }
    assert compared(both, apart) == []
    assert compared(apart, both) == []


def test_another_bound_on_what_is_steady_is_a_change_and_another_spelling_is_none() -> None:
    def texts(within: str) -> str:
        hypothesis = f"hypothesis: {{kpi: rate, expect: steady, within: {within}}}"
        return file("id: a, title: A, to: 5", objective=f"id: o, title: Origin, owner: lea, {hypothesis}")

    (change,) = compared(texts("2"), texts("3"))
    assert (change.field, change.old, change.new) == ("hypothesis", ["rate steady within 2"], ["rate steady within 3"])
    assert compared(texts("2"), texts("2.0")) == []


def test_shuffled_objectives_are_no_change() -> None:
    parts = [
        f"- {{id: o{number}, title: T{number}, key_results: [{{id: k, title: K, to: {number + 1}}}]}}"
        for number in range(9)
    ]
    mixed = random.Random(1).sample(parts, len(parts))
    texts = ["period: 2026-Q2\nobjectives:\n" + indent("\n".join(order), "  ") for order in (parts, mixed)]
    assert compared(*texts) == []


def test_renamed_things_keep_their_life() -> None:
    old = file("id: a, title: A, to: 5")
    new = file("id: b, formerly: a, title: A, to: 4", objective="id: p, formerly: o, title: Origin, owner: lea")
    assert told(old, new) == [
        ("p", "changed", "id", "neutral"),
        ("p.b", "changed", "id", "neutral"),
        ("p.b", "changed", "to", "relaxed"),
    ]


def test_an_objective_that_moves_to_another_team_is_the_same() -> None:
    old = file("id: a, title: A, to: 5")
    assert [(one.field, one.effect) for one in compared(old, "team: sales\n" + old)] == [("team", "neutral")]


def test_a_key_result_that_moves_to_another_objective_is_the_same() -> None:
    both = "{id: o, title: O, key_results: [ONE]}, {id: p, title: P, key_results: [TWO]}"
    two = f"period: 2026-Q2\nobjectives: [{both}]\n"
    there = two.replace("ONE", "{id: a, title: A, to: 5}").replace("TWO", "")
    back = two.replace("TWO", "{id: a, title: A, to: 4}").replace("ONE", "")
    assert told(there, back) == [("p.a", "changed", "to", "relaxed")]


def test_what_comes_and_goes() -> None:
    counted = file("id: a, title: A, to: 5"), file("id: a, title: A, to: 5", "id: b, title: B, to: 5")
    assert told(*counted) == [("o.b", "added", None, "tightened")]
    assert told(*reversed(counted)) == [("o.b", "removed", None, "relaxed")]
    guard = file("id: a, title: A, to: 5", "id: b, title: B, at_most: 5, guards: all")
    assert told(counted[0], guard) == [("o.b", "added", None, None)]
    assert told(guard, counted[0]) == [("o.b", "removed", None, "relaxed")]
    another = counted[0] + "  - {id: p, title: P, key_results: [{id: c, title: C, to: 1}]}\n"
    assert told(counted[0], another) == [("p", "added", None, "tightened")]
    assert told(another, counted[0]) == [("p", "removed", None, "relaxed")]
    period = {"okrs/a.yaml": counted[0], "okrs/b.yaml": file("id: a, title: A, to: 5", period="2026-Q3")}
    assert [(one.kind, one.effect) for one in compared(counted[0], period)] == [("added", None)]


def test_milestones() -> None:
    steps = "milestones: [{title: Draft, done: false}, {title: Book, done: false}]"
    assert effects(steps, "milestones: [{title: Draft, done: 2026-05-01}, {title: Book, done: false}]") == {
        ("milestones.Draft.done", None)
    }
    assert effects(steps, "milestones: [{title: Draft, done: false}]") == {("milestones.Book", "relaxed")}
    assert effects("milestones: [{title: Draft, done: false}]", steps) == {("milestones.Book", "tightened")}
    assert effects(steps, steps.replace("Book", "A book")) == {("milestones.Book", "neutral")}
    assert effects(steps, steps.replace("Book", "Book, weight: 2")) == {("milestones.Book.weight", "neutral")}
    done = "milestones: [{title: Draft, done: 2026-04-04}, {title: Book, done: false}]"
    assert effects(done, "milestones: [{title: Book, done: false}]") == {("milestones.Draft", "neutral")}


def test_readings_and_their_words() -> None:
    old = "to: 5, readings: {2026-04-13: 1, 2026-04-20: {value: 2, note: Fine}}"
    new = "to: 5, readings: {2026-04-13: 3, 2026-04-20: {value: 2, note: Less fine}, 2026-04-27: 4}"
    assert effects(old, new) == {
        ("readings.2026-04-13", None), ("readings.2026-04-20.note", None), ("readings.2026-04-27", None),
    }  # fmt: skip
    assert effects(new, "to: 5") == {(f"readings.2026-04-{day}", None) for day in (13, 20, 27)}


def test_readings_that_move_into_a_csv_file_are_no_change() -> None:
    old = file("id: a, title: A, to: 5, readings: {2026-04-13: 1, 2026-04-20: 2}")
    new = {
        "okrs/a.yaml": file("id: a, title: A, to: 5, readings: a.csv"),
        "okrs/a.csv": "date,value\n2026-04-20,2.0\n2026-04-13,1\n",
    }
    assert compared(old, new) == []


@pytest.mark.parametrize(
    ("record", "amended"),
    [
        ("", False),
        (", amended: [{date: 2026-05-11, by: lea, reason: x, was: {to: 60}}]", True),
        (", amended: [{date: 2026-05-11, by: lea, reason: x, was: {to: 60.0 users}}]", True),
        (", amended: [{date: 2026-05-11, by: lea, reason: x, was: {to: 55}}]", False),
        (", amended: [{date: 2026-05-11, by: lea, reason: x, was: {weight: 60}}]", False),
    ],
)
def test_a_record_names_the_field_and_its_very_value(record: str, amended: bool) -> None:
    (one,) = compared(file("id: a, title: A, to: 60"), file(f"id: a, title: A, to: 50{record}"))
    assert (one.field, one.amended) == ("to", amended)


def test_an_old_record_does_not_cover_a_new_change() -> None:
    record = "amended: [{date: 2026-05-11, by: lea, reason: x, was: {to: 60}}]"
    old = file(f"id: a, title: A, to: 60, {record}")
    (one,) = compared(old, file(f"id: a, title: A, to: 50, {record}"))
    assert not one.amended


def test_kpis_and_settings() -> None:
    kpi = "kpis:\n  - {id: mood, title: Mood, owner: lea, better: higher, target: 5, readings: {2026-04-13: 3}}\n"
    old = {"kpis/a.yaml": kpi, "okrctl.yaml": "scoring: {cap: 1}\n"}
    new = {
        "kpis/a.yaml": kpi.replace("higher", "lower").replace("5", "4"),
        "okrctl.yaml": "scoring: {cap: none, missing: zero}\n",
    }
    found = compared(old, new)
    assert {(one.ref, one.field, one.effect) for one in found} == {
        ("mood", "better", None), ("mood", "target", None), ("okrctl.yaml", "scoring.cap", None),
    }  # fmt: skip
    assert (found[-1].path, found[-1].line) == ("okrctl.yaml", 1)


def test_the_place_is_where_the_new_file_says_it() -> None:
    new = LAYOUT.replace("to: 100", "to: 90")
    (one,) = compared(LAYOUT, new)
    assert new.splitlines()[one.line - 1].strip() == "to: 90"


FIELDS: dict[str, Any] = {
    "from": "1", "to": "50", "unit": "calls", "weight": "3", "due": "2026-05-31", "priority": "2", "cadence": "weekly",
    "aggregate": "mean", "stretch": "200", "plan": "{2026-05-01: 10}", "title": "Other", "description": "Words",
    "ambition": "committed", "tags": "[x]", "links": "[https://a.example]", "owner": "tom", "added": "2026-04-09",
    "score": "{value: 0.3, by: lea, reason: x}",
}  # fmt: skip


@pytest.mark.parametrize("field", FIELDS)
def test_no_field_changes_unseen_and_each_can_be_told(field: str) -> None:
    rest = {"title": "A", "to": "100"}
    old = ", ".join(f"{key}: {value}" for key, value in rest.items())
    new = ", ".join(f"{key}: {value}" for key, value in {**rest, field: FIELDS[field]}.items())
    found = compared(file(f"id: a, {old}"), file(f"id: a, {new}"))
    assert field in {one.field for one in found}
    assert all(format_value(value) and "=" not in format_value(value) for one in found for value in (one.old, one.new))
