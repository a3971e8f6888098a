"""Makes workspaces from a valid one by changing what people, tools and attackers change: all from one seed."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from tests.fuzz.strategies import BROKEN, KEYS, KPI, LIKELY, LINES, RESULT, SOUND
from tests.fuzz.valid import WORKSPACE

PAST = """\
period: 2025-Q1
team: trust
objectives:
  - id: origin
    title: Users see where things are from
    owner: lea
    key_results: [{id: page, title: The page is there, done: 2025-02-03}]
"""
CSV_OBJECTIVE = """\
  - id: rows
    title: Deliveries arrive on time
    owner: tom
    key_results:
      - {id: late, title: Late deliveries, from: 90, to: 20, readings: late.csv}
      - {id: fetched, title: Orders, from: 0, to: 50, source: {csv: late.csv, date: date, value: value}}
"""
TABLE = """\
Objective,Key result,Owner,Start,Target,Current,Unit,Status
Grow the shop,Orders of new customers,lea,0,100,40,orders,on track
Grow the shop,Returns,tom,9%,4%,7%,,at risk
Happy people,,coo,,,,,
"""
MARKDOWN = """\
# 2025-Q3

## O1: Grow the shop

| Key result | Start | Target | Score |
|---|---|---|---|
| Orders of new customers | 0 | 100 | 0.4 |
| Returns | 9% | 4% | |

## O2: People stay

- KR1: Fluctuation below 5%
- KR2: 40 interviews (12/40)
"""
BASE: dict[str, bytes] = {
    path: text.encode()
    for path, text in (
        WORKSPACE
        | {
            "okrs/2025-Q2/trust.yaml": WORKSPACE["okrs/2025-Q2/trust.yaml"] + CSV_OBJECTIVE,
            "okrs/2025-Q2/late.csv": "date,value\n2025-04-14,80\n2025-05-12,62.5\n",
            "late.csv": "date,value\n2025-04-14,8\n2025-05-12,12\n",
            "okrs/2025-Q1/trust.yaml": PAST,
            "goals.csv": TABLE,
            "goals.md": MARKDOWN,
        }
    ).items()
}
GIT_STATES = ("clean", "clean", "clean", "clean", "committed", "staged", "detached", "conflict", "none")

DAYS = """
2025-04-01 2025-06-30 2025-05-15 2025-07-01 2025-07-15 2025-03-31 2024-02-29 2025-02-29 0001-01-01 9999-12-31 2025-12-31
2020-12-31 2025-W18 2025-05 1.5.2025 05/06/2025 20250501 2025-5-1 2025-04-31
""".split()
NUMBERS = """
0 1 -1 7 100 0.5 1e3 1e30 -0.0 99999999999999999999 0.000000001 12% 12 % 1.2M $200k 8h 9.5k 7/10 1,5 1.234,5 TBD 1O0 NaN
+20 -7% x2 "12" '0.4'
""".split()
UNITS = "users % EUR $ h days pp kg Kg orders €/h m2 客户 \\u202e".split()
WORDS = (*"a: b|#|'|\"|[x]|é|😀|\u202e|Grüße|\t|- a|&x|*x|{{|=1+1|@lea".split("|"), "x" * 3000)
COMMENTS = ("# note", "# okrctl: ignore[objective-has-number]", "# okrctl: ignore[OKR999]", "#", "# \u202e é 😀")

Text = str
Change = Callable[[random.Random, Text], Text]


@dataclass(frozen=True)
class Input:
    """A workspace to try: its files, the state of git, and which files differ from the valid ones."""

    files: dict[str, bytes]
    git: str = "clean"
    changed: tuple[str, ...] = field(default=())
    base: str = ""  # the small workspace that it began as

    @property
    def size(self) -> int:
        return sum(map(len, self.files.values()))


def make_input(chance: random.Random, corpus: Sequence[Input], seal: bytes | None) -> Input:
    """A new input: a valid workspace or one that once showed something new, with one to four changes."""
    base = dict(BASE) | ({"scorecards/2025-Q1.json": seal} if seal else {})
    start = chance.choice(corpus).files if corpus and chance.random() < 0.6 else base
    files = dict(start)
    gentle = chance.random() < 0.65
    for _ in range(chance.choice((1, 1, 2, 4))):
        path = chance.choice(sorted(files))
        files[path] = change(chance, path, files[path], gentle)
    if chance.random() < 0.08:
        change_set(chance, files)
    changed = tuple(path for path in sorted({*files, *base}) if files.get(path) != base.get(path))
    return Input(files, chance.choice(GIT_STATES), changed)


def change(chance: random.Random, path: str, data: bytes, gentle: bool) -> bytes:
    """The content of a file after one change; a gentle one leaves a valid file valid more often than not."""
    text = data.decode("utf-8", "surrogateescape")
    if path.endswith(".json"):
        return _encode(change_json(chance, text))
    if path.endswith((".csv", ".md")):
        return _encode(chance.choice(GENTLE_ROWS if gentle else ROWS)(chance, text))
    text = chance.choice(GENTLE if gentle else HARSH)(chance, text)
    if not gentle and chance.random() < 0.1:
        return chance.choice((
            _encode(text).replace(b"\n", b"\r\n"), b"\xef\xbb\xbf" + _encode(text), text.encode("utf-16", "replace"),
            _encode(text)[: chance.randint(0, len(text))], _encode(text) + b"\xff\xfe", b"", b"\0" * 9,
        ))  # fmt: skip
    return _encode(text)


def exact_change(chance: random.Random, path: str, data: bytes, _: bool = True) -> bytes:
    """The content of a file with another number, day of the period or word of a title, as people write it."""
    text = data.decode("utf-8", "surrogateescape")
    number = rf"(?<=[ ,:{{\[])\d+(\.\d+)?{'' if path.endswith('.csv') else '(?=[%k, }}])'}"
    figures = (chance.randrange(30), chance.randrange(30_000), round(chance.random(), 3))
    pattern, make = chance.choice((
        (number, lambda: str(chance.choice(figures))),
        (r"2025-0\d-\d\d", lambda: f"2025-0{chance.randint(4, 6)}-{chance.randint(1, 30):02}"),
        (r"(?<=title: )[^\W\d]\w*", lambda: "".join(chance.choices("abehlmnorstuzäé", k=chance.randint(2, 9))).title()),
    ))  # fmt: skip
    return _encode(_at_one(chance, pattern, text, lambda _: make()))


def _encode(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape" if "\udc80" <= max(text, default="") <= "\udcff" else "replace")


def change_set(chance: random.Random, files: dict[str, bytes]) -> None:
    """A file that is gone, doubled or has another name."""
    path = chance.choice(sorted(files))
    kind = chance.choice(("drop", "double", "rename"))
    content = files[path] if kind == "double" else files.pop(path)
    if kind != "drop":
        folder, _, name = path.rpartition("/")
        files[f"{folder}/{chance.choice(('b ', 'ä-', '-rf-', 'A', '😀', 'x#y'))}{name}".lstrip("/")] = content


# YAML


def _places(text: str) -> list[re.Match[str]]:
    return list(re.finditer(r"(?P<key>[\w-]+): (?P<value>\"[^\"\n]*\"|[^{}\[\],\n#]+)", text))


def likely_value(chance: random.Random, text: str) -> str:
    """Another value that the key often has."""
    places = _places(text)
    if not places:
        return text
    place = chance.choice(places)
    known = RESULT.get(place["key"]) or LIKELY.get(place["key"]) or KPI.get(place["key"])
    same = [other["value"] for other in places if other["key"] == place["key"]]
    values = (re.findall(r'(?:"[^"]*"|[^\s"])+', known) if known else []) + same
    kind = DAYS if re.match(r"\d{4}-", place["value"]) else NUMBERS if re.match(r"-?\d", place["value"]) else values
    value = chance.choice(kind if chance.random() < 0.5 else values)
    return text[: place.start("value")] + value + text[place.end("value") :]


def any_day(chance: random.Random, text: str) -> str:
    return _at_one(chance, r"\d{4}-\d\d-\d\d", text, lambda _: chance.choice(DAYS))


def any_number(chance: random.Random, text: str) -> str:
    return _at_one(chance, r"(?<=[ :{\[])\d+(\.\d+)?", text, lambda _: chance.choice(NUMBERS))


def another_unit(chance: random.Random, text: str) -> str:
    return _at_one(chance, r"\d(%|h|k|users|EUR)?", text, lambda found: f"{found[0][0]} {chance.choice(UNITS)}")


def comment(chance: random.Random, text: str) -> str:
    return _at_one(chance, r"(?m)$", text, lambda _: f" {chance.choice(COMMENTS)}")


def doubled_entry(chance: random.Random, text: str) -> str:
    """A list entry that is there twice."""
    lines = text.split("\n")
    starts = [number for number, line in enumerate(lines) if line.lstrip().startswith("- ")]
    if not starts:
        return text
    first = chance.choice(starts)
    indent = len(lines[first]) - len(lines[first].lstrip())
    last = first + 1
    while last < len(lines) and len(lines[last]) - len(lines[last].lstrip()) > indent:
        last += 1
    return "\n".join(lines[:last] + lines[first:])


def reading(chance: random.Random, text: str) -> str:
    return _at_one(
        chance, r"readings: \{", text, lambda found: f"{found[0]}{chance.choice(DAYS)}: {chance.choice(NUMBERS)}, "
    )


def word(chance: random.Random, text: str) -> str:
    return _at_one(chance, r"(?<=title: )\S", text, lambda found: chance.choice(WORDS) + found[0])


def any_value(chance: random.Random, text: str) -> str:
    places = _places(text)
    if not places:
        return text
    place, value = chance.choice(places), chance.choice((*SOUND, *BROKEN, *WORDS))
    return text[: place.start("value")] + value + text[place.end("value") :]


def any_key(chance: random.Random, text: str) -> str:
    return _at_one(chance, r"[\w-]+(?=: )", text, lambda _: chance.choice(KEYS))


def anchors(chance: random.Random, text: str) -> str:
    """A value under an anchor, and an alias for another one."""
    text = _at_one(chance, r"(?<=: )(?=\S)", text, lambda _: "&one ")
    return _at_one(chance, r"(?<=: )[^\n,{}\[\]]+", text, lambda _: "*one")


def line(chance: random.Random, text: str) -> str:
    lines = text.split("\n")
    first, second = chance.randrange(len(lines)), chance.randrange(len(lines))
    match chance.randrange(6):
        case 0:
            del lines[first]
        case 1:
            lines.insert(second, lines[first])
        case 2:
            lines[first], lines[second] = lines[second], lines[first]
        case 3:
            lines[first] = " " * chance.randint(0, 9) + lines[first].lstrip()
        case 4:
            lines.insert(first, chance.choice(LINES))
        case _:
            lines[first] += lines[second]
    return "\n".join(lines)


def character(chance: random.Random, text: str) -> str:
    place = chance.randint(0, len(text))
    signs = "{}[]:#&*!|>'\"%@`-,?\t\n \x00\x07\x1b\x85\u2028\u202e\ufeffé😀9"
    sign = chance.choice(signs) * chance.choice((1, 1, 1, 40))
    return text[:place] + sign + text[place + chance.choice((0, 1, 20)) :]


def grown(chance: random.Random, text: str) -> str:
    """A part repeated very often."""
    lines = text.split("\n")
    first = chance.randrange(len(lines))
    part = lines[first : first + chance.randint(1, 4)]
    return "\n".join(lines[:first] + part * chance.choice((3, 50, 400)) + lines[first:])


def _at_one(chance: random.Random, pattern: str, text: str, new: Callable[[re.Match[str]], str]) -> str:
    places = list(re.finditer(pattern, text))
    if not places:
        return text
    place = chance.choice(places)
    return text[: place.start()] + new(place) + text[place.end() :]


GENTLE: tuple[Change, ...] = (likely_value, likely_value, likely_value, any_day, any_number, another_unit, comment,
                              doubled_entry, reading, word)  # fmt: skip
HARSH: tuple[Change, ...] = (any_value, any_key, anchors, line, line, character, grown, any_value)


# Tables, Markdown and seals


def cell(chance: random.Random, text: str) -> str:
    values = (*DAYS, *NUMBERS, *WORDS, "", "Objective", "Grow the shop")
    return _at_one(chance, r"[^,|\n]+", text, lambda _: chance.choice(values))


GENTLE_ROWS: tuple[Change, ...] = (cell, cell, any_day)
ROWS: tuple[Change, ...] = (cell, line, character, grown)


def change_json(chance: random.Random, text: str) -> str:
    """A seal in which one value or one character is another."""
    try:
        data = json.loads(text)
    except ValueError:
        return character(chance, text)
    places = _json_places(data)
    if not places or chance.random() < 0.2:
        return character(chance, text)
    holder, key = chance.choice(places)
    holder[key] = chance.choice((None, 0, -1, 1e308, "", "x", [], {}, True, "2025-02-31", "../../x", [[]], "\u202e"))
    return json.dumps(data, indent=2) + "\n"


def _json_places(data: object) -> list[tuple[dict[str, object] | list[object], object]]:
    pairs = list(data.items()) if isinstance(data, dict) else list(enumerate(data)) if isinstance(data, list) else []
    return [(data, key) for key, _ in pairs] + [place for _, inner in pairs for place in _json_places(inner)]  # type: ignore[misc]
