"""Whichever parser is installed, a text has one answer: the same data, problems and places."""

from __future__ import annotations

import random
from collections.abc import Iterator

import pytest

from okrctl.values.diagnostic import Route
from okrctl.yaml import Document, Source, events, parse
from tests.fuzz.valid import WORKSPACE

TOKENS = (
    'a', 'b: ', 'key: ', '- ', '? ', ': ', ':', '[', ']', '{', '}', ',', ', ', '"', "'", '"x"', "'y'", '>',
    '#', ' #c', ' ', '  ', '&a ', '*a', '&a', '*a ', '!!str ', '!x ', '!', '!<tag:x>', '---', '...', '<<: ',
    '~', 'null', '2025-01-01', '1:2', 'http://a.b', 'why?', 'a?b', 'a:b', '[a:b]', '{a:1}', '[a,b,]', '[,]',
    '{,}', '{a}', '{?a}', '"a":1', '--', '-a', '?a', ':a', '\\', '@', '`', '%', '@x', '|\n  x\n',
    '>\n x\n\n y\n', '|', '|-\n', '>+\n', '|2\n', '|10\n x', '|0\n x', '|#', '>#c\n', 'a\n b', "'a\n\n b'",
    '"a\n b"', '\n', '\n', '\n', '\n  ', '\n    ', '\n- ', '\nk: ', '\n\n', '\n---\n', '\n...\n',
    '%YAML 1.2\n', '%TAG ! x\n', '\r\n', '\r', '"\\x41"', '"\\u0041"', '"\\ud800"', '"\\ud83d\\ude00"',
    '"\\U0001F600"', '"\\U00110000"', '"\\q"', '"\\\n"', '"\\x"', '"\\u12"', '"\\/"', '"\\e\\N\\_\\L\\P"',
    '\x85', '\u2028', '\ufeff', '\x00', '\x07', '\x1b', '\x7f', '\xa0', 'é', '😀', 'k: #c\n', '- #c\n',
    '? [a]\n: b', '*a : x', '*a: x', '*none', '&b &c d', '<<: *a', '{{{', '- - ', "x" * 1025 + ": y", '\t\n',
    ' \t#c\n', ':\t',
)  # fmt: skip
PIECE = "a: 1\nb:\n  - c\n  - d: [1, 2]\n    e: {f: g}\ns: &q 'x'\nt: *q\n"


def soup(chance: random.Random) -> str:
    """Signs of YAML in any order, or a piece of a valid file with some of them put in."""
    if chance.random() < 0.5:
        return "".join(chance.choice(TOKENS) for _ in range(chance.randint(1, 12)))
    lines = chance.choice([PIECE, *WORKSPACE.values()]).split("\n")
    start = chance.randrange(len(lines))
    text = "\n".join(lines[max(start - 5, 0) : start + 6])
    for _ in range(chance.randint(1, 3)):
        place = chance.randint(0, len(text))
        text = text[:place] + chance.choice(TOKENS) + text[place + chance.choice((0, 0, 1, 3)) :]
    return text


def answer(document: Document) -> object:
    places = [(route, document.span_at(route), document.key_span(route)) for route in routes(document.data, ())]
    return document.data, document.problems, places


def routes(data: object, route: Route) -> Iterator[Route]:
    yield route
    for key, value in data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ():
        yield from routes(value, (*route, key))


def is_beyond(text: str, *documents: Document) -> bool:
    """What differs: a text that is no mapping and no list at all, and a colon after a quoted key in a list."""
    return '":' in text or all(isinstance(document.data, str | None) for document in documents)


@pytest.mark.parametrize("seed", range(4))
def test_both_give_one_answer_to_any_text(seed: int) -> None:
    chance = random.Random(seed)
    compare_texts(chance, 250)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(100, 106))
def test_both_give_one_answer_to_very_many_texts(seed: int) -> None:
    compare_texts(random.Random(seed), 1500)


def compare_texts(chance: random.Random, count: int) -> None:
    accepted = 0
    for _ in range(count):
        text = soup(chance)
        fast, pure = parse(Source("okrs/a.yaml", text)), parse(Source("okrs/a.yaml", text), pure=True)
        if not is_beyond(text, fast, pure):
            assert answer(fast) == answer(pure), text
        accepted += not fast.problems
    assert count / 20 < accepted < count


@pytest.mark.parametrize("pure", [False, True], ids=["c", "pure"])
@pytest.mark.parametrize(
    ("text", "data"),
    [
        ("a:\tb\n", {"a": "b"}),
        ("a: b\t\nc:\td\t# e\n", {"a": "b", "c": "d"}),
        ("a: b\tc\n", {"a": "b\tc"}),
        ("a:\n  - b\n\t\n", {"a": ["b"]}),
        ("a: b\n\t# c\n", {"a": "b"}),
        ("a: {b: c \t\n  d}\n", {"a": {"b": "c d"}}),
        ("a: [1,\t2\t]\n", {"a": ["1", "2"]}),
        ("a: b\u2028c\n", {"a": "b\u2028c"}),  # a line break of YAML 1.1
        ("a: {b: [c,:d]}\n", {"a": {"b": ["c", ":d"]}}),
        ("a: [https://acme.example, why?]\n", {"a": ["https://acme.example", "why?"]}),
        ('a: "\\U0001F600"\n', {"a": "😀"}),
        ("a: [?x, ?y]\nb: {?c: ?d}\n", {"a": ["?x", "?y"], "b": {"?c": "?d"}}),
        ("a:\n  - >\n   \n    \n    # x\n", {"a": ["\n\n# x\n"]}),
        ("%YAML 1.2\n---\na: b\n", {"a": "b"}),
    ],
)
def test_what_the_parsers_take_otherwise(text: str, data: object, pure: bool) -> None:
    document = parse(Source("okrs/a.yaml", text), pure=pure)
    assert (document.data, document.problems) == (data, [])


@pytest.mark.parametrize("pure", [False, True], ids=["c", "pure"])
@pytest.mark.parametrize(
    ("text", "message", "help"),
    [
        (r'"\ud800"', r"\ud800 is half of a character", "write the character itself"),
        (r'"\\ \ude00"', r"\ude00 is half of a character", "write the character itself"),
        (
            r'"x \ud83d\ude00"', r"\ud83d is half of a character",
            "write the character itself: 😀, or \\U0001F600",
        ),
        (r'"\U00110000"', r"\U00110000 is not a character", "correct the escape"),
        (r'"\q"', r"invalid escape \q in double quotes", "write the backslash twice, or use single quotes"),
        (">#", "text that begins with > needs quotes", None),
        ("*a:", "the alias *a: is not defined", None),
        ('": ', 'the quote " is never closed', None),
    ],
)  # fmt: skip
def test_why_a_text_is_refused(text: str, message: str, help: str | None, pure: bool) -> None:
    problem = parse(Source("okrs/a.yaml", f"a: {text}\n"), pure=pure).problems[0]
    assert (problem.code, problem.message) == ("OKR001", message)
    assert help in (None, problem.help)


def test_a_large_broken_file_is_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(events, "_python_parser", None)
    text = "a:\n" + "- b\n" * (events.MAX_SECOND_READING // 4) + "c: '"
    assert [problem.message for problem in parse(Source("okrs/a.yaml", text)).problems] == [
        "the quote ' is never closed"
    ]
