"""Parsing YAML: text stays text, places are right, errors have fixes, hostile files are rejected."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from okrctl.values.diagnostic import FileProblem, Route, Span
from okrctl.yaml import MAX_SIZE, Document, Source, decode, parse
from tests.counting import calls_at_most


def read(text: str, *, pure: bool = False) -> Document:
    return parse(Source("okrs/a.yaml", text), pure=pure)


def cut(text: str, span: Span) -> str:
    """The text at a span, computed independently of the parser."""
    lines: list[str] = re.findall(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+$", text.removeprefix("\ufeff"))
    lines.append("")
    if span.line == span.end_line:
        return lines[span.line - 1][span.column - 1 : span.end_column - 1]
    between = lines[span.line : span.end_line - 1]
    return "".join([lines[span.line - 1][span.column - 1 :], *between, lines[span.end_line - 1][: span.end_column - 1]])


def only(text: str, *, pure: bool = False) -> FileProblem:
    faults = read(text, pure=pure).problems
    assert len(faults) == 1, faults
    return faults[0]


both = pytest.mark.parametrize("pure", [False, True], ids=["c", "pure"])


# data


@both
@pytest.mark.parametrize(
    "word", ["no", "on", "017", "+20", "2026-04-13", "1e3", "0x1F", "1:30", ".5", "True", "=", "72%"]
)
def test_scalars_stay_text(word: str, pure: bool) -> None:
    assert read(f"a: {word}\nb: [{word}]\n{word}: c\n", pure=pure).data == {"a": word, "b": [word], word: "c"}


@both
@pytest.mark.parametrize("blank", ["", "~", "null", "Null", "NULL"])
def test_blank_values_are_left_out(blank: str, pure: bool) -> None:
    document = read(f"a: {blank}\nb:\n  - {blank}\n  - x\nc: '{blank}'\nd: {{e: {blank}}}\n", pure=pure)
    assert document.data == {"b": [None, "x"], "c": blank, "d": {}}
    assert document.problems == []
    assert document.keys(()) == ["a", "b", "c", "d"]
    assert document.keys(("d",)) == ["e"]
    assert document.key_span(("a",)) == document.span_at(("a",)) == Span(1, 1, 1, 2)


@both
@pytest.mark.parametrize("text", ["", "\n\n", "# nothing\n", "---\n", "\ufeff", "~\n", "---\n...\n"])
def test_empty_file_has_no_data_and_no_problem(text: str, pure: bool) -> None:
    document = read(text, pure=pure)
    assert (document.data, document.problems) == (None, [])
    assert document.span_at(("objectives", 0)) is not None
    assert (document.keys(()), document.ignore_comments) == ([], [])


@both
def test_punctuation_inside_a_word_in_brackets(pure: bool) -> None:
    text = "a: [ü 1:30, https://b.example/?c=d:e]\nb: {c: http://d:80/, 'e':f, k: why?-so}\ng: 'h:i' # j:k\n"
    document = read(text, pure=pure)
    assert document.problems == []
    assert document.data == {
        "a": ["ü 1:30", "https://b.example/?c=d:e"],
        "b": {"c": "http://d:80/", "e": "f", "k": "why?-so"},
        "g": "h:i",
    }
    assert cut(text, document.span_at(("b", "c"))) == "http://d:80/"


@both
def test_aliases_and_merge_keys(pure: bool) -> None:
    text = (
        "base: &base {owner: lea, weight: 2}\nmore: &more {owner: coo, team: trust}\n"
        "a:\n  <<: *base\n  weight: 1\nb:\n  <<: [*base, *more]\n  owner:\nc: *base\nd: {'<<': x}\n"
    )
    document = read(text, pure=pure)
    data = document.data
    assert document.problems == []
    assert isinstance(data, dict)
    assert data["a"] == {"owner": "lea", "weight": "1"}
    assert data["b"] == {"owner": "lea", "weight": "2", "team": "trust"}
    assert data["c"] is data["base"]
    assert data["d"] == {"<<": "x"}
    assert cut(text, document.span_at(("a", "owner"))) == "lea"
    assert cut(text, document.span_at(("b", "team"))) == "trust"
    assert cut(text, document.span_at(("c",))) == "*base"


@both
def test_redefined_anchor(pure: bool) -> None:
    assert read("a: &x 1\nb: *x\nc: &x 2\nd: *x\n", pure=pure).data == {"a": "1", "b": "1", "c": "2", "d": "2"}


# places


def values(data: object, route: Route = ()) -> list[tuple[Route, str]]:
    if isinstance(data, dict):
        return [one for key, value in data.items() for one in values(value, (*route, key))]
    if isinstance(data, list):
        return [one for index, value in enumerate(data) for one in values(value, (*route, index))]
    return [(route, str(data))]


words = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cc", "Zl", "Zp"), exclude_characters=" \x7f\ufeff\ufffe\uffff"),
    min_size=1,
    max_size=6,
).map(lambda word: "w" + re.sub(r"[:#\[\]{},]", "ü", word) + "w")
nodes = st.recursive(
    words,
    lambda inner: st.lists(inner, min_size=1, max_size=3) | st.dictionaries(words, inner, min_size=1, max_size=3),
    max_leaves=12,
)


def flow(node: object) -> str:
    if isinstance(node, dict):
        return "{ " + ", ".join(f"{key}: {flow(value)}" for key, value in node.items()) + "}"
    return "[" + " , ".join(map(flow, node)) + " ]" if isinstance(node, list) else str(node)


def block(node: object, indent: str, line_end: str) -> str:
    """A node after its key or dash, with the space or line break before it."""
    inner = indent + "  "
    if isinstance(node, dict):
        return line_end + line_end.join(f"{inner}{key}:{block(value, inner, line_end)}" for key, value in node.items())
    if isinstance(node, list) and len(node) > 1:
        return line_end + line_end.join(f"{inner}-{block(value, inner, line_end)}" for value in node)
    return f" {flow(node)}  # 😀 '"


@both
@settings(max_examples=60, deadline=None)
@given(
    tree=st.dictionaries(words, nodes, min_size=1, max_size=3),
    line_end=st.sampled_from("\n \r\n \r".split(" ")),
    bom=st.booleans(),
)
def test_span_of_a_plain_scalar_is_its_text(tree: object, line_end: str, bom: bool, pure: bool) -> None:
    text = "\ufeff" * bom + "# ä" + block(tree, "", line_end) + line_end
    document = read(text, pure=pure)
    assert document.data == tree, document.problems
    for route, word in values(tree):
        assert cut(text, document.span_at(route)) == word
        scalar = document.scalar(route)
        assert scalar and (scalar.text, scalar.value, scalar.style) == (word, word, "plain")
        assert text[scalar.start : scalar.end] == word
        if isinstance(route[-1], str):
            assert cut(text, document.key_span(route)) == route[-1]


STYLES = (
    "a: 'it''s'\nb: \"x\\ty\"\nc: |\n  one\n  two\n\nd: >-  # why\n  three\n\n\n"
    "e: &n plain text\nf: [1, *n]\ng: |+\n  z\n\n"
)


@both
def test_scalar_styles(pure: bool) -> None:
    document = read(STYLES, pure=pure)
    written = {route[0]: document.scalar(route) for route, _, is_key, _ in document.scalars() if not is_key}
    seen = {key: (one.style, one.value, one.text) for key, one in written.items() if one}
    assert seen == {
        "a": ("single", "it's", "'it''s'"),
        "b": ("double", "x\ty", '"x\\ty"'),
        "c": ("literal", "one\ntwo\n", "|\n  one\n  two\n"),
        "d": ("folded", "three", ">-  # why\n  three\n"),
        "e": ("plain", "plain text", "plain text"),
        "f": ("plain", "1", "1"),
        "g": ("literal", "z\n\n", "|+\n  z\n"),
    }


@both
def test_a_block_scalar_ends_on_its_last_line(pure: bool) -> None:
    document = read(STYLES, pure=pure)
    assert document.span_at(("c",)) == Span(3, 4, 5, 6)
    assert document.span_at(("d",)) == Span(7, 4, 8, 8)
    unended = read("a:\n  - |-\n    x\n    ü", pure=pure)
    scalar = unended.scalar(("a", 0))
    assert scalar and scalar.text == "|-\n    x\n    ü"
    assert unended.span_at(("a", 0)) == Span(2, 5, 4, 6)


@both
def test_node_layouts(pure: bool) -> None:
    text = "a: &x\n  b: {c: 1}\n  d:\n  - e\n  - f # end\n\ng: *x\nh: &y [1,\n  2]\ni:\n"
    document = read(text, pure=pure)

    def seen(*route: str | int) -> tuple[str, bool, str, bool, bool]:
        node = document.node(route)
        assert node
        return node.kind, node.is_flow, text[node.start : node.end], node.has_anchor, node.is_alias

    assert seen("a") == ("mapping", False, "b: {c: 1}\n  d:\n  - e\n  - f", True, False)
    assert seen("a", "b") == ("mapping", True, "{c: 1}", False, False)
    assert seen("a", "d") == ("sequence", False, "- e\n  - f", False, False)
    assert seen("a", "d", 1) == ("scalar", False, "f", False, False)
    assert seen("g") == ("mapping", False, "*x", True, True)
    assert seen("g", "b", "c") == ("scalar", False, "1", False, True)
    assert seen("h") == ("sequence", True, "[1,\n  2]", True, False)
    assert seen("i") == ("scalar", False, "", False, False)
    assert document.node(("a", "z")) is None
    assert document.scalar(("a",)) is None


@both
def test_unknown_route_falls_back(pure: bool) -> None:
    text = "objectives:\n  - title: x\n    guards: all\n    measure: 4\n    from: 3\n    kpi: {id: 1}\n"
    document = read(text, pure=pure)

    def at(*route: str | int) -> str:
        return cut(text, document.span_at(route))

    assert at("objectives", 0, "guards", 0) == "all"  # one value where a list is meant
    assert at("objectives", 0, "metric", "title") == "x"  # a tag that is no key
    assert at("objectives", 0, "measure", "from") == "3"  # a tag that happens to be a key
    assert at("objectives", 0, "kpi", 0, "id") == "1"
    assert at("objectives", 0, "id") == "title"  # no key of its own: where it begins
    assert at("objectives", 0, "kpi", "name") == "kpi"
    assert at("objectives", 7) == "objectives"
    assert at("period") == "objectives"
    assert at("objectives", 0, "title", "str") == "x"
    assert cut(text, document.key_span(("objectives", 0, "title", "[key]"))) == "title"
    assert document.span_at(()).line == 1


@both
def test_scalars_with_route_and_style(pure: bool) -> None:
    assert list(read("a: ['1', x]\n\"b\": |\n  c\n", pure=pure).scalars()) == [
        (("a",), "a", True, "plain"),
        (("a", 0), "1", False, "single"),
        (("a", 1), "x", False, "plain"),
        (("b",), "b", True, "double"),
        (("b",), "c\n", False, "literal"),
    ]


# faults in what can be read


@both
@pytest.mark.parametrize(
    ("text", "first", "second"),
    [
        ("a: 1\nb: 2\na: 3\n", (1, 1), (3, 1)),
        ("a:\nä: 2\na: 3\n", (1, 1), (3, 1)),
        ("r: {1: x, ü: y, 1.0: z}\n", (1, 5), (1, 17)),
        ("r:\n  2026-04-13: 1\n  2026-4-13: 2\n", (2, 3), (3, 3)),
        ("r:\n  2026-05: 1\n  2026-05-31: 2\n", (2, 3), (3, 3)),
        ("2026-04-13: 1\n'2026-04-13': 2\n", (1, 1), (2, 1)),
        ("a: 1\n'a': 2\n", (1, 1), (2, 1)),
    ],
)
def test_duplicate_key_reports_both_places(
    text: str, first: tuple[int, int], second: tuple[int, int], pure: bool
) -> None:
    fault = only(text, pure=pure)
    assert fault.code == "OKR005"
    assert fault.span[:2] == second
    assert fault.related[0][0][:2] == first


@both
def test_first_of_duplicate_keys_is_used(pure: bool) -> None:
    assert read("a: 1\na: 2\nb:\nb: 3\n", pure=pure).data == {"a": "1"}
    assert read("r: {1: x, 1.0: y, 1.5: z}\n", pure=pure).data == {"r": {"1": "x", "1.5": "z"}}


@pytest.mark.parametrize(
    "keys", [("1", "1.5"), ("2026-04-13", "2026-04-14"), ("2026-05", "2026-05-30"), ("v1", "v1.0")]
)
def test_similar_keys_are_not_duplicates(keys: tuple[str, str]) -> None:
    assert read("".join(f"{key}: x\n" for key in keys)).data == dict.fromkeys(keys, "x")


@both
@pytest.mark.parametrize(
    ("text", "tag", "data"),
    [
        ("ä: !!python/x 1\n", "!!python/x", {"ä": "1"}),
        ("a: !x {b: c}\n", "!x", {"a": {"b": "c"}}),
        ("a: &y !!str 1\n", "!!str", {"a": "1"}),
        ("a: !!str &y 1\n", "!!str", {"a": "1"}),
        ("a: !!seq\n- 1\n", "!!seq", {"a": ["1"]}),
        ("a: !z\nb: 1\n", "!z", {"b": "1"}),
        ("!k a: 1\n", "!k", {"a": "1"}),
    ],
)
def test_tags_are_reported_and_reading_continues(text: str, tag: str, data: object, pure: bool) -> None:
    document = read(text, pure=pure)
    assert [fault.code for fault in document.problems] == ["OKR004"]
    assert cut(text, document.problems[0].span) == tag
    assert document.data == data


@both
@pytest.mark.parametrize(
    ("text", "code", "place"),
    [
        ("a: 1\n---\nb: 2\n", "OKR009", (2, 1)),
        ("a: &x\n  - ü: *x\n", "OKR009", (2, 8)),
        ("a: *nobody\n", "OKR001", (1, 4)),
        ("? [a, b]\n: 1\n", "OKR001", (1, 3)),
        ("{a: 1}: 2\n", "OKR001", (1, 1)),
        ("a: &x 1\nb: {<<: *x}\n", "OKR001", (2, 9)),
        ("[" * 65 + "]" * 65, "OKR009", (1, 65)),
    ],
)
def test_places_of_errors(text: str, code: str, place: tuple[int, int], pure: bool) -> None:
    fault = only(text, pure=pure)
    assert (fault.code, fault.span[:2]) == (code, place)
    assert fault.help


def test_64_levels_are_allowed() -> None:
    assert read("[" * 64 + "]" * 64).problems == []


# syntax errors

SYNTAX = [
    ("owner: @lea # who\n", (1, 8, 1, 12), "@", 'write "@lea"'),
    ("x: {a: @lea, b: 1}\n", (1, 8, 1, 12), "@", 'write "@lea"'),
    ("ä:\n  x: %5\n", (2, 6, 2, 8), "%", 'write "%5"'),
    ("x: `y`\n", (1, 4, 1, 7), "`", 'write "`y`"'),
    ("x: & y\n", (1, 4, 1, 7), "&", 'write "& y"'),
    ("x: |y\n", (1, 4, 1, 6), "|", 'write "|y"'),
    ("x: ]\n", (1, 4, 1, 5), "]", 'write "]"'),
    ("title: Grow: faster\n", (1, 8, 1, 20), "colon", 'title: "Grow: faster"'),
    ('  - ti😀le: Grow: "x" # y\n', (1, 12, 1, 21), "colon", "ti😀le: 'Grow: \"x\"'"),
    ("\ufeffa: b: c\r\n", (1, 4, 1, 8), "colon", 'a: "b: c"'),
    ("ü: 1\rb: x: y\r", (2, 4, 2, 8), "colon", 'b: "x: y"'),
    ("x: {note: a: b}\n", (1, 12, 1, 13), "extra colon", "comma"),
    ("a:\n\t- b\n", (2, 1, 2, 2), "tab", "spaces"),
    ("a: b\n  \tc: d\n", (2, 3, 2, 4), "tab", "spaces"),
    ("a: 1\n<<<<<<< HEAD\nb: 1\n=======\nb: 2\n>>>>>>> main\n", (2, 1, 2, 8), "merge conflict", "delete"),
    ("a: [\n<<<<<<< HEAD\n]\n", (2, 1, 2, 8), "merge conflict", "delete"),
    ('a: 1\nb: "x\nc: 2\n', (2, 4, 2, 5), "never closed", 'close it with "'),
    ('a: "x\nb: "y"\n', (1, 4, 1, 5), "is not closed on this line", 'close it with "'),
    ("a: [1, 2\nb: 3\n", (1, 4, 1, 5), "never closed", "close it with ]"),
    ("a: {x: [1, 2]\n", (1, 4, 1, 5), "never closed", "close it with }"),
    ("[[[", (1, 3, 1, 4), "never closed", "close it with ]"),
    ("[{a: 1}, {b: 2]", (1, 15, 1, 16), "missing", "comma"),
    ("a:\n  b: 1\n c: 2\n", (3, 2, 3, 4), "indentation", "align it"),
    ("a: 1\n  b: 2\n", (2, 3, 2, 4), "deeper", "align it"),
    ("a: 1\n- b\n", (2, 1, 2, 2), "indentation", "align it"),
    ("a: 1\ntitle Grow\nb: 2\n", (2, 1, 2, 11), "missing colon", "key"),
    ("title Grow\nb: 2\n", (1, 1, 1, 11), "missing colon", "key"),
    ("a:b\nc: 2\n", (1, 1, 1, 4), "missing space", "key"),
    ("a: [x] done\n", (1, 8, 1, 12), "extra text after", "quote"),
    ("a: 'it's'\n", (1, 8, 1, 10), "extra text after", "twice"),
    ('a: "C:\\data"\n', (1, 7, 1, 9), "escape \\d", "single quotes"),
    ("a: - b\n", (1, 4, 1, 5), "is not allowed here", '"- b"'),
    ("a: ü\nb: x\x01\n", (2, 5, 2, 6), "U+0001", "delete"),
    ("a: \ud800\n", (1, 4, 1, 5), "U+D800", "delete"),
]


@both
@pytest.mark.parametrize(("text", "span", "message", "mend"), SYNTAX)
def test_syntax_errors_have_place_and_fix(
    text: str, span: tuple[int, ...], message: str, mend: str, pure: bool
) -> None:
    document = read(text, pure=pure)
    fault = only(text, pure=pure)
    assert document.data is None
    assert fault.code == "OKR001"
    assert tuple(fault.span) == span
    assert message in fault.message
    assert mend in fault.help
    assert not re.search(r"while (scanning|parsing)|token|expected", fault.message)


def test_problems_before_a_syntax_error_are_kept() -> None:
    document = read("a: 1\na: 2\nb: @lea\n")
    assert [fault.code for fault in document.problems] == ["OKR005", "OKR001"]
    assert document.data is None


def test_a_tag_with_an_unknown_handle_is_a_tag() -> None:
    assert only("a: !b!c d\n")[:3] == ("OKR004", "YAML tags are not allowed: !b!c", Span(1, 4, 1, 8))


# decoding


def test_decode_keeps_the_text_as_it_is() -> None:
    assert decode("a", "\ufeffä: 1\r\n".encode()) == Source("a", "\ufeffä: 1\r\n")


@pytest.mark.parametrize(
    ("data", "place"),
    [
        ("ä: 1\r\nö: x".encode() + b"\xff", (2, 5)),
        ("\ufeffä".encode() + b"\xe4", (1, 2)),
        ("a".encode("utf-16"), (1, 1)),
    ],
)
def test_place_of_invalid_utf_8(data: bytes, place: tuple[int, int]) -> None:
    fault = decode("a", data)
    assert isinstance(fault, FileProblem)
    assert (fault.code, fault.span[:2]) == ("OKR009", place)


def test_files_over_10_megabytes_are_rejected() -> None:
    assert isinstance(decode("a", b"#" * MAX_SIZE), Source)
    fault = decode("a", b"#" * (MAX_SIZE + 1))
    assert isinstance(fault, FileProblem)
    assert fault.code == "OKR009"
    assert [one.code for one in read("#" * (MAX_SIZE + 1)).problems] == ["OKR009"]


# comments that suppress


@both
def test_ignore_comments(pure: bool) -> None:
    text = (
        "# okrctl: ignore[one]\n\n  # another\nä: 1 # okrctl: ignore[ two , OKR3 ]\n"
        "b: '# okrctl: ignore[no]'\nc: | #okrctl:ignore[head]\n  # okrctl: ignore[no]\n\n# okrctl: ignore\n"
        "d: x#okrctl: ignore[no]\ne: [1, # okrctl: ignore[in]\n  2]\n# okrctl: ignore[last]\n"
    )
    document = read(text, pure=pure)
    seen = [
        (one.line, tuple(name for name, _ in one.names), one.is_alone, one.target) for one in document.ignore_comments
    ]
    assert seen == [
        (1, ("one",), True, 4),
        (4, ("two", "OKR3"), False, 4),
        (6, ("head",), False, 6),
        (9, (), True, 10),
        (11, ("in",), False, 11),
        (13, ("last",), True, 13),
    ]
    assert [cut(text, span) for one in document.ignore_comments for name, span in one.names] == [
        name for one in document.ignore_comments for name, _ in one.names
    ]
    assert cut(text, document.ignore_comments[1].span) == "# okrctl: ignore[ two , OKR3 ]"


# hostile files

BOMB = "a0: &a0 [x]\n" + "".join(f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 10)}]\n" for i in range(1, 40))
CHAIN = "a0: &a0 {k0: 1}\n" + "".join(f"a{i}: &a{i} {{<<: *a{i - 1}, k{i}: 1}}\n" for i in range(1, 3000))
HOSTILE = {
    "brackets": ("[" * 1_000_000, "OKR009"),
    "brackets on lines": ("[\n" * 200_000, "OKR009"),
    "braces": ("{a: " * 200_000, "OKR009"),
    "dashes": ("- " * 200_000, "OKR009"),
    "questions": ("? " * 200_000, "OKR009"),
    "alias bomb": (BOMB, "OKR009"),
    "merge bomb": (CHAIN, "OKR009"),
    "tags": ("- !a 1\n" * 10_000, "OKR004"),
    "repeated keys": ("a: 1\n" * 10_000, "OKR005"),
    "documents": ("---\n" * 50_000, "OKR009"),
    "an open quote": ('a: "' + "x\n " * 20_000, "OKR001"),
    "spaces before a colon": ("a" + " " * 100_000 + ":x: y: z", "OKR001"),
    "hash signs": ("a: 1" + " #" * 50_000 + "\n# okrctl: x\nb: @c", "OKR001"),
    "ignores": ("# okrctl: ignore[x]\n" * 5_000 + "a: @b", "OKR001"),
    "digits": ("? " + "1" * 100_000 + "\n: 1\n1.0: 2\n1: 3\n", "OKR005"),
    "no characters": ("\x00" * 100_000, "OKR001"),
}


@both
@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_files_are_rejected_cheaply(name: str, pure: bool) -> None:
    text, code = HOSTILE[name]
    with calls_at_most(15_000_000):
        document = read(text, pure=pure)
        assert len(document.ignore_comments) in (0, 1, 5_000)
        document.span_at(("a", 0))
    assert document.problems[0].code == code
    assert 0 < len(document.problems) <= 101


# both parsers

PIECES = [
    *"ab1[]{}'\" ü😀@\n\\",
    "1.0",
    "2026-04-13",
    "\n  ",
    "\n    ",
    ": ",
    ":",
    "- ",
    ", ",
    " # ",
    "&x ",
    "*x ",
    "!t ",
]
PIECES += ["|\n  ", ">-\n  ", "~", "null", "<<: *x", "? ", "\r\n", "a: ", "- a: ", "https://a"]
SOUP = st.lists(st.sampled_from(PIECES), max_size=20).map("".join)


@settings(max_examples=150, deadline=None)
@given(SOUP, st.sampled_from(["\t", "\x85", "\u2028", "\ufeff", "\x00", "---\n", "...\n", "%YAML 2.0\n", "\r"]), SOUP)
def test_parse_never_raises(before: str, odd: str, after: str) -> None:
    for text in (before + after, before + odd + after):
        for pure in (False, True):
            document = read(text, pure=pure)
            for route, _, is_key, _ in document.scalars():
                assert document.key_span(route) if is_key else document.span_at(route)
                assert document.node(route) is None or document.keys(route) is not None
            assert document.ignore_comments == []


# What one parser takes and the other does not, beside the differences below: an alias with odd characters in its name
# (`*a:`), an empty key, and where exactly a node is that says nothing.
DIFFERENT = r": +#|\*x *[^\s\]},]|&x *[\r\n:]|[?-] *[\r\n]|(?:^|[\s,\[{?-]):(?:\s|$)|[|>]-?\s*\n\s*\n"
FINE = SOUP.filter(lambda text: not re.search(DIFFERENT, text))


@settings(max_examples=300, deadline=None, derandomize=True)
@given(FINE)
def test_both_parsers_give_the_same_data(text: str) -> None:
    one, two = read(text), read(text, pure=True)
    assert one.data == two.data
    assert bool(one.problems) == bool(two.problems)
    if one.data is not None:
        assert one.problems == two.problems
        scalars = list(one.scalars())
        assert scalars == list(two.scalars())
        assert [one.span_at(route) for route, *_ in scalars] == [two.span_at(route) for route, *_ in scalars]


def test_columns_after_unicode_separators() -> None:
    document = read("a: [b,\u2028 c, \x85 d]\ne: f\n")
    assert [document.span_at(("a", index))[:2] for index in range(3)] == [(1, 5), (1, 9), (1, 14)]
    assert document.span_at(("e",)) == Span(2, 4, 2, 5)


CORPUS = [
    "- id: O1\n  list:\n  - a\n  - b\n- id: O2\n",
    "a:\n    b:\n        - x\n    c:\n      - z\nl:\n-   name: one\n    v: 1\n",
    'x: plain text\n  over\n\n  lines\ny: "a\n  b"\nz: >\n  folded\n  text\n\n  more\n',
    "a: 1   # c\n# before\nb:\n  # inside\n  c: 1\n\n# end\ne:\n  - 1 # one\n  # between\n  - 2\n",
    "f: {x: 1, # in\n    y: 2}\n",
    "%YAML 1.2\n---\na: 1\n...\n",
    "a: 1\r\n# c\r\nb:\r\n  - x  # y\r\nt: |\r\n  line1\r\n  line2\r\n",
    "\ufeffa: 1\nb: 2",
    "id:      O1\nvalues:  { a: 1, b: 2 }\nm: [1,  [2, 3], ]\n",
    '? complex\n: value\n"quoted key": 1\n123: int\n',
    "krs: [\n  {id: a},\n  {id: b,},\n]\nm: {\n  a: 1\n}\n",
    "a:\n  - - 1\n    - 2\n  - - 3\nsingle: 'it''s'\nhash: 'a # b'\nurl: https://x.example/#a\n",
    "d: &d\n  o: 1\no1:\n  <<: *d\nl: &l\n  - 1\nc: *l\n",
    "a: |2\n    x\n  y\nb: |+\n\n  z\n\nc: >-\n  w",
]


@pytest.mark.parametrize("text", CORPUS)
def test_both_parsers_agree_on_ordinary_files(text: str) -> None:
    one, two = read(text), read(text, pure=True)
    assert one.problems == two.problems == []
    assert one.data == two.data is not None
    routes = [route for route, *_ in one.scalars()]
    assert list(one.scalars()) == list(two.scalars())
    for route in [*routes, *(route[:-1] for route in routes)]:
        assert (one.span_at(route), one.key_span(route)) == (two.span_at(route), two.key_span(route))
        assert (one.node(route), one.scalar(route)) == (two.node(route), two.scalar(route))


def test_parser_is_imported_when_needed() -> None:
    code = "import sys, okrctl.yaml; print([m for m in ('ruamel', 'pydantic', 'rich', 'git') if m in sys.modules])"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"


@both
@pytest.mark.parametrize(
    "text",
    [
        "a: b\nc: [d, {e: f}]\n", "- x\n-\n  - y: |\n      two\n      lines\n    z: 'q'\n", "\ufeffa: 🚀 b\r\nc: d\r\n",
        "? a\n: b\n", "a: &x b\nc: *x\n", "a:\nb: ~\n", "{a: b, c}", "plain", "a: b  # c\n\n\nd: e",
    ],
)  # fmt: skip
def test_each_scalar_is_found_at_its_place(text: str, pure: bool) -> None:
    document = read(text, pure=pure)
    found = {document.scalar_at(offset) for offset in range(len(text) + 1)}
    written = {(route, is_key) for route, value, is_key, _ in document.scalars() if value}
    if "*x" not in text and "~" not in text:
        assert found - {None} == written
    for route, is_key in found - {None}:  # type: ignore[misc]
        scalar = None if is_key else document.scalar(route)
        assert is_key or (scalar is not None and scalar.text)


def test_between_scalars_and_in_comments_there_is_none() -> None:
    text = "a: b  # comment\n\nc: d\n"
    document = read(text)
    assert document.scalar_at(text.index("comment")) is None and document.scalar_at(len("a: b  # comment\n")) is None
    assert document.scalar_at(text.index("b")) == document.scalar_at(text.index("b") + 1) == (("a",), False)
    assert read("").scalar_at(0) is None and read("# a").scalar_at(2) is None
