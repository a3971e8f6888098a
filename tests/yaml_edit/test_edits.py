"""Edits keep every byte that they do not mean to change: files written by hand, random files in random styles."""

from __future__ import annotations

import difflib
import random
import textwrap
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from okrctl.yaml import Source, parse
from okrctl.yaml_edit import AppendValue, Edit, EditError, Prose, RemoveValue, SetValue, edit
from tests.counting import calls_at_most
from tests.yaml_edit.styled_yaml import Writer, words, workspace_file

KR = ("objectives", 0, "key_results", 0)
RECORD = {"date": "2026-05-01", "by": "lea", "reason": Prose("Budget: cut # 2"), "was": {"to": "60"}}


def edited(text: str, *changes: Edit) -> str:
    return edit(Source("x.yaml", text), changes).text


def data(text: str) -> Any:
    document = parse(Source("x.yaml", text))
    assert document.problems == []
    return document.data


def lines_of_diff(old: str, new: str) -> tuple[list[str], list[str]]:
    """The lines that went and the lines that came, with their breaks."""
    found = list(difflib.ndiff(old.splitlines(keepends=True), new.splitlines(keepends=True)))
    return [line[2:] for line in found if line[:2] == "- "], [line[2:] for line in found if line[:2] == "+ "]


def middle(old: str, new: str) -> tuple[str, str]:
    """What differs between two texts, once their common beginning and end are taken off."""
    start = next((n for n, (a, b) in enumerate(zip(old, new, strict=False)) if a != b), min(len(old), len(new)))
    rest = min(len(old), len(new)) - start
    end = next((n for n in range(rest) if old[-1 - n] != new[-1 - n]), rest)
    return old[start : len(old) - end], new[start : len(new) - end]


def dedented(text: str) -> str:
    return textwrap.dedent(text).lstrip("\n")


# --- readings, one line each

READINGS = {
    "block": (
        "readings:\n  2026-04-13: 1200\n  2026-04-27: 4100\n",
        "readings:\n  2026-04-13: 1200\n  2026-04-20: 5200\n  2026-04-27: 4100\n",
    ),
    "first, above the comment of its neighbour": (
        "readings:\n  # okrctl: ignore[x]\n  2026-04-27: 1200\n",
        "readings:\n  2026-04-20: 5200\n  # okrctl: ignore[x]\n  2026-04-27: 1200\n",
    ),
    "last, before a comment": (
        "readings:\n  2026-04-13: 1200  # start\n  # more\n\n# end\n",
        "readings:\n  2026-04-13: 1200  # start\n  2026-04-20: 5200\n  # more\n\n# end\n",
    ),
    "no final line break": ("readings:\n  2026-04-13: 1200", "readings:\n  2026-04-13: 1200\n  2026-04-20: 5200"),
    "CRLF": (
        "readings:\r\n  2026-04-13: 1200\r\n",
        "readings:\r\n  2026-04-13: 1200\r\n  2026-04-20: 5200\r\n",
    ),
    "aligned": (
        "readings:\n    2026-04-13:   1200\n    2026-04-27:   4100\n",
        "readings:\n    2026-04-13:   1200\n    2026-04-20:   5200\n    2026-04-27:   4100\n",
    ),
    "brackets on one line": (
        "readings: { 2026-04-13: 1200,2026-04-27: 4100 }  # flow\n",
        "readings: { 2026-04-13: 1200, 2026-04-20: 5200,2026-04-27: 4100 }  # flow\n",
    ),
    "brackets on several lines": (
        "readings: {\n  2026-04-13: 1200,  # start\n  2026-04-27: 4100\n}\n",
        "readings: {\n  2026-04-13: 1200,  # start\n  2026-04-20: 5200,\n  2026-04-27: 4100\n}\n",
    ),
    "brackets on several lines, last": (
        "readings: {\n  2026-04-13: 1200,  # start\n}\n",
        "readings: {\n  2026-04-13: 1200,  # start\n  2026-04-20: 5200,\n}\n",
    ),
    "blank": ("readings:   # weekly\n", "readings:   # weekly\n  2026-04-20: 5200\n"),
    "empty brackets": ("readings: {}\n", "readings:\n  2026-04-20: 5200\n"),
    "null": ("readings: ~\n", "readings:\n  2026-04-20: 5200\n"),
    "behind a mapping with a long note": (
        "readings:\n  2026-04-13:\n    value: 1\n    note: |\n      one\n      two\n\nx-more: 1\n",
        "readings:\n  2026-04-13:\n    value: 1\n    note: |\n      one\n      two\n  2026-04-20: 5200\n\nx-more: 1\n",
    ),
    "behind a text that keeps its blank lines": (
        "readings:\n  2026-04-13:\n    note: |+\n      one\n\n\nx-more: 1\n",
        "readings:\n  2026-04-13:\n    note: |+\n      one\n\n\n  2026-04-20: 5200\nx-more: 1\n",
    ),
    "behind a text that ends the file": (
        "readings:\n  2026-04-13:\n    note: |\n      one",
        "readings:\n  2026-04-13:\n    note: |-\n      one\n  2026-04-20: 5200",
    ),
    "byte order mark": (
        "\ufeffreadings:\n  2026-04-13: 1200\n",
        "\ufeffreadings:\n  2026-04-13: 1200\n  2026-04-20: 5200\n",
    ),
    "quoted keys": (
        'readings:\n  "2026-04-13": "1200"\n  \'2026-04-27\': 4100\n',
        'readings:\n  "2026-04-13": "1200"\n  2026-04-20: 5200\n  \'2026-04-27\': 4100\n',
    ),
    "a month among days": (
        "readings:\n  2026-03: 1\n  2026-04: 3\n",
        "readings:\n  2026-03: 1\n  2026-04-20: 5200\n  2026-04: 3\n",
    ),
    "under an anchor that nobody uses": (
        "readings: &r\n  2026-04-13: 1200\n",
        "readings: &r\n  2026-04-13: 1200\n  2026-04-20: 5200\n",
    ),
}


@pytest.mark.parametrize("style", READINGS)
def test_readings_are_ordered_by_date(style: str) -> None:
    old, new = READINGS[style]
    assert edited(old, SetValue(("readings", "2026-04-20"), "5200")) == new


def test_reading_with_note_is_one_line() -> None:
    reading = {"value": "4100", "confidence": "6", "note": Prose("Live, at last: no # more")}
    new = edited("readings:\n  2026-04-13: 1\n", SetValue(("readings", "2026-04-20"), reading))
    assert new.endswith('  2026-04-20: {value: 4100, confidence: 6, note: "Live, at last: no # more"}\n')


def test_value_becomes_a_mapping() -> None:
    old = "readings:\n  2026-04-20: 1  # first\n"
    new = edited(old, SetValue(("readings", "2026-04-20"), {"value": "1", "note": Prose("no")}))
    assert new == 'readings:\n  2026-04-20: {value: 1, note: "no"}  # first\n'


# --- keys, elements, values

FILE = dedented("""
    # Trust, second quarter
    period: 2026-Q2
    team:   trust
    objectives:
    - id: supply-chain
      title: "Users trace"   # in words
      key_results:
      - {id: codes, title: Codes, to: 25000}
      - id: profiles
        title: 'It''s'
        to: 95%
        # how often
        cadence: weekly

        description: |
          Text
            more
    # the end
""")


def test_new_key_is_in_format_order() -> None:
    new = edited(FILE, SetValue((*KR[:-1], 1, "unit"), "%"), SetValue(("objectives", 0, "owner"), "lea"))
    assert lines_of_diff(FILE, new) == ([], ["  owner: lea\n", '    unit: "%"\n'])
    assert new.index("title") < new.index("owner: lea") < new.index("key_results")
    assert new.index("to: 95%") < new.index("unit") < new.index("# how often")


def test_new_key_after_another() -> None:
    new = edited(FILE, SetValue(("objectives", 0, "x-own"), "1", after="id"))
    assert "- id: supply-chain\n  x-own: 1\n" in new


def test_quotes_are_kept() -> None:
    place = (*KR[:-1], 1, "title")
    assert "title: 'so'\n" in edited(FILE, SetValue(place, "so"))
    assert 'title: "Users \\"see\\""   # in words\n' in edited(
        FILE, SetValue(("objectives", 0, "title"), 'Users "see"')
    )
    assert "    to: 90%\n" in edited(FILE, SetValue((*KR[:-1], 1, "to"), "90%"))


AWKWARD = ["", "~", "null", " x", "a: b", "a #b", "[x", "- x", "@lea", "%5", "a\tb", "\x07", "a:", "'", "*x", "---"]
TEXTS = [(*KR, "title"), ("team",), (*KR[:-1], 1, "title"), ("objectives", 0, "title"), ("objectives", 0, "why")]


@pytest.mark.parametrize("value", [*AWKWARD, "a\u2028b", "é😀"])
@pytest.mark.parametrize("place", TEXTS)
def test_every_text_parses_back(place: tuple[str | int, ...], value: str) -> None:
    found = data(edited(FILE, SetValue(place, value)))
    for part in place:
        found = found.get(part) if isinstance(part, str) else found[part]
    assert found == value


@pytest.mark.parametrize("value", ["no", "on", "1.10", "017", "2026-04-13", "1e3", ".inf", "1:30", "<<", "="])
def test_ambiguous_prose_is_quoted(value: str) -> None:
    assert edited("a: b\n", SetValue(("note",), Prose(value))) == f'a: b\nnote: "{value}"\n'
    assert edited("a: b\n", SetValue(("note",), value if value != "<<" else "x")).count('"') == 0


def test_block_scalars() -> None:
    new = edited(FILE, SetValue(("objectives", 0, "retrospective"), "First line\n\nthird\n"))
    assert "  retrospective: |\n    First line\n\n    third\n  key_results:" in new
    new = edited(FILE, SetValue((*KR[:-1], 1, "description"), "short"))
    assert lines_of_diff(FILE, new) == (
        ["    description: |\n", "      Text\n", "        more\n"],
        ["    description: short\n"],
    )


def test_append_record_in_block_style() -> None:
    new = edited(FILE, AppendValue((*KR[:-1], 1, "amended"), RECORD))
    added = lines_of_diff(FILE, new)[1]
    assert added == [
        "    amended:\n",
        "      - date: 2026-05-01\n",
        "        by: lea\n",
        '        reason: "Budget: cut # 2"\n',
        "        was: {to: 60}\n",
    ]
    again = edited(new, AppendValue((*KR[:-1], 1, "amended"), RECORD))
    assert lines_of_diff(new, again)[1] == added[1:]


def test_flow_style_is_kept() -> None:
    new = edited(FILE, SetValue((*KR, "readings", "2026-04-20"), "5"))
    assert lines_of_diff(FILE, new)[1] == ["  - {id: codes, title: Codes, to: 25000, readings: {2026-04-20: 5}}\n"]


def test_remove_keys_and_elements() -> None:
    assert lines_of_diff(FILE, edited(FILE, RemoveValue(KR))) == (["  - {id: codes, title: Codes, to: 25000}\n"], [])
    assert "- title:" in edited(FILE, RemoveValue(("objectives", 0, "id")))
    assert "{id: codes, to: 25000}" in edited(FILE, RemoveValue((*KR, "title")))
    assert "{id: codes, title: Codes}" in edited(FILE, RemoveValue((*KR, "to")))
    assert edited("a: 1\nb: 2", RemoveValue(("b",))) == "a: 1"
    assert edited("tags: [a, b]\n", RemoveValue(("tags", 0))) == "tags: [b]\n"


def test_append_objective() -> None:
    objective = {
        "id": "new",
        "title": "T",
        "tags": ["a", "b, c"],
        "key_results": [{"id": "k", "to": "5", "readings": {"2026-04-01": "3"}}],
    }
    new = edited(FILE, AppendValue(("objectives",), objective))
    assert new == FILE.removesuffix("# the end\n") + dedented("""
        - id: new
          title: T
          tags: [a, "b, c"]
          key_results:
            - id: k
              to: 5
              readings:
                2026-04-01: 3
        # the end
    """)


@pytest.mark.parametrize("value", ["x\ny\n", "x\ny"])
def test_text_at_the_end_without_line_break(value: str) -> None:
    new = edited("a:\n  - b: 1", AppendValue(("a",), {"b": value}))
    assert data(new)["a"][1]["b"] == value and new.endswith("\n") is value.endswith("\n")


def test_remove_element_below_its_dash() -> None:
    assert edited("a:\n  - 1\n  -\n    # about\n    b: 1\n  - 2\n", RemoveValue(("a", 1))) == "a:\n  - 1\n  - 2\n"


def test_equal_elements_are_appended_each_time() -> None:
    assert edited("tags: [a]\n", AppendValue(("tags",), "b"), AppendValue(("tags",), "b")) == "tags: [a, b, b]\n"


@pytest.mark.parametrize("style", READINGS)
def test_many_readings_at_once(style: str) -> None:
    """Whatever order they come in; they may be spliced in together."""
    days = ["2026-04-29", "2026-04-20", "2026-04-21", "2026-04-01", "2026-04-27", "2026-04-28"]
    changes = [SetValue(("readings", day), day[-2:]) for day in days]
    together = edited(READINGS[style][0], *changes)
    one_by_one = READINGS[style][0]
    for change in sorted(changes, key=lambda one: one.route[-1]):
        one_by_one = edited(one_by_one, change)
    assert together == one_by_one
    assert list(data(together)["readings"]) == sorted(data(together)["readings"]) or "month" in style


def test_hundreds_of_readings() -> None:
    days = [f"{year}-{month:02}-01" for year in range(1980, 2020) for month in range(1, 13)]
    old = "kpis:\n  - id: a\n    readings:\n" + "".join(f"      {day}: 1\n" for day in days[::2])
    with calls_at_most(3_000_000):
        new = edited(old, *(SetValue(("kpis", 0, "readings", day), "1") for day in days))
    assert new == "kpis:\n  - id: a\n    readings:\n" + "".join(f"      {day}: 1\n" for day in days)


def test_hundreds_of_elements_and_new_values() -> None:
    old = "list:\n" + "".join(f"  - {{id: a{number}, to: 1}}\n" for number in range(300))
    values = [SetValue(("list", number, "to"), "2") for number in range(300)]
    elements = [AppendValue(("list",), {"id": f"b{number}"}) for number in range(300)]
    with calls_at_most(1_000_000):
        new = edited(old, *values, *elements)
    assert new == old.replace("to: 1", "to: 2") + "".join(f"  - id: b{number}\n" for number in range(300))


def changes_of_many(chance: random.Random, content: dict[str, Any]) -> list[Edit]:
    """Elements of one list, then new values of many keys, as an import has them."""
    o = chance.randrange(len(content["objectives"]))
    results = content["objectives"][o]["key_results"]
    kr = ("objectives", o, "key_results")
    new = {"id": "new", "title": words(chance), "amended": [RECORD]}
    new |= {"description": "a\nb\n"} if chance.random() < 0.2 else {}
    route, element = chance.choice(
        [(kr, new), (("objectives",), new), (("objectives", o, "tags"), "new, one"), ((*kr, 0, "amended"), RECORD)]
    )
    keys = chance.sample([(k, key) for k in range(len(results)) for key in ("title", "to", "unit")], 3)
    values = [SetValue((*kr, k, key), words(chance)) for k, key in keys]
    return [*([AppendValue(route, element)] * chance.randint(2, 4)), *values]


def is_the_same_together(seed: int) -> bool:
    chance = random.Random(seed)
    content = workspace_file(chance)
    text = Writer(chance).text(content)
    if data(text) != content:
        return False
    changes = changes_of_many(chance, content)
    one_by_one = text
    for change in changes:
        one_by_one = edited(one_by_one, change)
    assert edited(text, *changes) == one_by_one
    return True


@given(st.integers(0, 2**32))
def test_edits_give_the_same_text_together_and_one_by_one(seed: int) -> None:
    is_the_same_together(seed)


# --- what is refused

SHARED = dedented("""
    x-usual: &usual
      owner: lea
      readings: &r {2026-04-13: 1}
    a:
      <<: *usual
      title: A
    b: *usual
    c: {readings: *r}
""")


@pytest.mark.parametrize(
    "change",
    [
        SetValue(("x-usual", "owner"), "tom"),
        SetValue(("x-usual", "readings", "2026-04-20"), "5"),
        SetValue(("b", "owner"), "tom"),
        SetValue(("c", "readings", "2026-04-20"), "5"),
        SetValue(("a", "readings", "2026-04-20"), "5"),
        AppendValue(("a", "title"), "5"),
        RemoveValue(("a", "owner")),
        RemoveValue(("a", "nothing")),
        SetValue(("a", "title", "deeper"), "5"),
    ],
)
def test_unsafe_edits_are_rejected(change: Edit) -> None:
    with pytest.raises(EditError) as refused:
        edited(SHARED, change)
    assert refused.value.message.startswith("x.yaml:") and refused.value.hint


def test_own_key_wins_over_merged_key() -> None:
    new = edited(SHARED, SetValue(("a", "owner"), "tom"))
    assert data(new)["a"]["owner"] == "tom" and data(new)["b"]["owner"] == "lea"


def test_invalid_file_is_rejected() -> None:
    with pytest.raises(EditError, match="duplicate key"):
        edited("a: 1\na: 2\n", SetValue(("b",), "3"))


ODD = ["? [a, b]\n: 1\n", "? a\n: 1\n", "a: 1\n...\n", "%YAML 1.2\n---\na: 1\n...\n", "- 1\n", "", "# only\n", "{}"]


@pytest.mark.parametrize("text", [*ODD, "{a: 1}\n", "a:   \n", "a: &x 1\n", "a:\n- 1"])
def test_unusual_files_are_edited_correctly_or_rejected(text: str) -> None:
    try:
        new = edited(text, SetValue(("b",), "2"))
    except EditError:
        return
    assert data(new) == {**(data(text) or {}), "b": "2"}


# --- random files


def random_change(chance: random.Random, found: dict[str, Any]) -> tuple[Edit, dict[str, Any]]:
    """A change for a file, and the data that it should lead to."""
    o = chance.randrange(len(found["objectives"]))
    k = chance.randrange(len(found["objectives"][o]["key_results"]))
    objective = found["objectives"][o]
    result = objective["key_results"][k]
    kr = ("objectives", o, "key_results", k)
    kind = chance.choice(("reading", "reading", "reading", "title", "owner", "amended", "objective", "remove", "tags"))
    if kind == "reading":
        day = f"2026-04-{chance.randint(1, 30):02}"
        value: Any = chance.choice(("5200", {"value": "5", "note": words(chance)}))
        result.setdefault("readings", {})[day] = value
        return SetValue((*kr, "readings", day), value), found
    if kind in ("title", "owner"):
        result[kind] = words(chance)
        return SetValue((*kr, kind), result[kind]), found
    if kind == "amended":
        result.setdefault("amended", []).append(RECORD)
        return AppendValue((*kr, "amended"), RECORD), found
    if kind == "objective":
        new = {"id": "new", "why": "a\nb\n", "key_results": [{"id": "a", "readings": {"2026-04-01": words(chance)}}]}
        found["objectives"].append(new)
        return AppendValue(("objectives",), new), found
    if kind == "remove":
        del result["to"]
        return RemoveValue((*kr, "to")), found
    objective.setdefault("tags", []).append("new, one")
    return AppendValue(("objectives", o, "tags"), "new, one"), found


def holds(seed: int) -> bool:
    """One random edit of one random file; whether the file could be written in that style at all."""
    chance = random.Random(seed)
    content = workspace_file(chance)
    text = Writer(chance).text(content)
    if data(text) != content:
        return False
    before = content["objectives"]
    there = {
        (o, k): set(kr.get("readings", ())) for o, one in enumerate(before) for k, kr in enumerate(one["key_results"])
    }
    change, meant = random_change(chance, content)
    new = edited(text, change)
    assert data(new) == meant
    gone, came = middle(text, new)
    if isinstance(change, SetValue) and len(change.route) == 6:
        keeps_its_place(text, new, change, there[int(change.route[1]), int(change.route[3])])
    elif isinstance(change, AppendValue):
        assert gone in ("", "\n", "+", " ", "[ ]") or not text.endswith(("\n", "\r"))
    elif isinstance(change, RemoveValue):
        assert came == ""
    return True


def keeps_its_place(text: str, new: str, change: SetValue, days: set[str]) -> None:
    """A reading is one line: one more, or the one it stands on."""
    gone, came = lines_of_diff(text, new)
    if change.route[-1] in days:  # replaced: nothing outside its own lines
        assert len(came) == 1 or "\n" not in middle(text, new)[1]
    elif not text.endswith(("\n", "\r")) and gone:
        assert len(gone) <= 2 and len(came) <= 4
    elif days:
        assert (len(gone), len(came)) in ((0, 1), (1, 1), (1, 2)), (gone, came)
        assert middle(text, new)[0] == ""
    else:
        assert len(came) - len(gone) in (0, 1, 2)


@given(st.integers(0, 2**32))
def test_random_edits_of_random_files(seed: int) -> None:
    holds(seed)


@pytest.mark.slow
def test_twenty_thousand_random_edits() -> None:
    assert sum(holds(seed) for seed in range(21_000)) >= 20_000
