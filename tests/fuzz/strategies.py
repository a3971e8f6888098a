"""Makes hostile files: raw bytes, YAML of the schema's keys with wrong things in them, mutations of valid files."""

from __future__ import annotations

import re

from hypothesis import strategies as st

LARGEST = 4000

KEYS = """
    period team objectives kpis id title owner ambition why description parent hypothesis kpi expect because
    weight state added outcome score value by reason date retrospective carried_from formerly readings
    key_results initiatives links tags from to change at_least at_most between done milestones graded unit
    priority aggregate rollup sum mean min max due plan stretch judge guards cadence amended was confidence
    forecast note source csv better indicator watch below above target formula sql http organisation fiscal_year
    starts named_by language profile teams people defaults limits rules fail_on scoring missing cap floor bands
    success pace behind sources hosts include exclude x-own onwer << 2025-04-14 1 ~ true
""".split()

# Scalars and small collections that any YAML reader takes, right somewhere and wrong elsewhere.
SOUND = """
    1 0 -1 1.5 7 100 72% 4.3% +20 -7% -7pp x2 1.2M $200k 48h 1,000 1.200,50 NaN .inf -.inf 1:30 017 0o17 0x1F 1_000 1e3
    1e999 9999999999999999999999999999999999 1e-400 2025-04-14 2025-06-30 2025-02-30 2025-05 0000-00-00 2025-Q2 FY26-Q1
    2025-T3 2025-H1 next yes no on off true false null ~ up held latest sum mean committed active deprioritized draft
    weekly monthly 9days all codes a/b a/b.c trust/supply-chain satisfaction turnover ../x.yaml /etc/passwd TBD P0 7/10
    1/0 "x" 'x' "" '' x@lea "%5" "\\x00" "\\ud800" "\\e[31m" "a\\nb" "[/]" "[bold]" ":smile:" ä 😀 \u202e
    turnover-costs a+b*2 "a + b" "a/(b-b)" ((((( [] {} [[]] [codes] [codes,codes] [1,2] [2,1] [2025-04-14] {csv:x}
    {2025-04-14:1} {"2025-04-14":1} {"2025-04-14":{"value":7,"confidence":11}} {"2025-05":1,"2025-05-31":2}
    {"value":0.5,"by":"ada"} {"sum":["codes"]} {"min":["all-codes"]} {"id":"c","start":"2025-06-30","end":"2025-04-01"}
    {"kpi":"satisfaction","expect":"up"} {"0.3":"a","0.3":"b"} {"1":"a","1.0":"b"} [{"title":"A","done":false}]
""".split()

# What breaks the file, or what the reader must refuse.
BROKEN = """
    @lea %5 `x` !!python/object:os.system !x &a *a *none {a:} - ? | > "\\q" [/] [bold \ufeff # #x { [ " ' done: : ,
""".split()

LINES = """\
# okrctl: ignore[objective-has-number]
# okrctl: ignore[]
# okrctl: ignore[OKR999, zzz
<<<<<<< HEAD
=======
---
...
%YAML 1.1
\t- id: tab
- - - - -
? complex
: value
key_results: *again
objectives: &again [*again]
readings: {2025-04-14: 1, 2025-04-14: 2}
[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[
""".splitlines()

RAW = st.binary(max_size=LARGEST)
TEXT = st.text(st.characters(codec="utf-8"), max_size=400)


def _flow(children: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    mapping = _pairs(children, 6).map(lambda pairs: "{" + ", ".join(map(": ".join, pairs)) + "}")
    return mapping | st.lists(children, max_size=4).map(lambda items: "[" + ", ".join(items) + "]")


def _likely(known: dict[str, str]) -> st.SearchStrategy[list[tuple[str, str]]]:
    pair = st.sampled_from([(key, value) for key, values in known.items() for value in _values(values)])
    return st.lists(pair, max_size=5, unique_by=lambda pair: pair[0])


def _values(text: str) -> list[str]:
    """Blanks part the values, but for those within quotes."""
    return re.findall(r'(?:"[^"]*"|[^\s"])+', text)


def _pairs(values: st.SearchStrategy[str], size: int) -> st.SearchStrategy[list[tuple[str, str]]]:
    return st.lists(st.tuples(st.sampled_from(KEYS), values), max_size=size, unique_by=lambda pair: pair[0])


# What belongs there, with values that are often right: the way past the schema, to the rules and the arithmetic.
LIKELY = {
    "owner": "lea tom nobody",
    "weight": "1 2 0.5 0 1e30",
    "state": "active draft deprioritized postponed",
    "since": "2025-04-14 2025-07-01",
    "reason": "Hands",
    "added": "2025-05-02 2025-06-30 2026-01-01",
    "ambition": "committed aspirational",
    "score": '{"value":0.5,"by":"ada"} {"value":1,"by":"ada","reason":"So","date":"2025-05-01"} {"value":9,"by":"ada"}',
    "parent": "thing-0 thing-1 company/x thing-0.result-0 2025-Q1/trust/thing-0",
}
RESULT = LIKELY | {
    "priority": "0 4 P0 5",
    "from": "0 1 7 100 -3 4.3% TBD",
    "unit": "% users EUR",
    "aggregate": "latest sum mean",
    "due": "2025-04-01 2025-05-15 2025-06-30 2025-09-01",
    "plan": '{"2025-05-15":3} {"2025-04-01":1,"2025-06-30":2} {"2025-07-15":3}',
    "stretch": "9 1000",
    "judge": "latest held",
    "cadence": '"10 days" daily weekly monthly quarterly "0 days"',
    "guards": "all result-0 [result-0,result-1] nothing",
    "kpi": "satisfaction margin turnover nothing",
    "rollup": '{"sum":["result-0","result-1"]} {"mean":["result-2"]} {"min":[]} {"max":"thing-0.result-0"}',
    "amended": '[{"date":"2025-05-01","by":"ada","reason":"So","was":{"to":60}}]',
}
KPI = {
    "unit": "EUR %",
    "cadence": "weekly",
    "indicator": "leading lagging",
    "aggregate": "latest sum mean",
    "watch": '{"below":1} {"above":1,"below":2}',
    "target": "100",
    "formula": '"thing-0 + thing-1" "thing-1 / thing-0" "1/0" thing-2*2 turnover (((',
    "readings": '{"2025-04-14":1} {"2025-04-30":"200k","2025-05-12":"7%"} r.csv',
}

SANE = st.recursive(st.sampled_from(SOUND), _flow, max_leaves=6)
FLOW = st.recursive(st.sampled_from(SOUND + BROKEN), _flow, max_leaves=12)


@st.composite
def schema_shaped(draw: st.DrawFn) -> str:
    """A file with the right skeleton and anything at all under its keys; three in four are sound YAML."""
    values = draw(st.sampled_from((SANE, SANE, SANE, FLOW)))
    head = draw(st.sampled_from(("objectives", "objectives", "kpis")))
    lines = ["period: 2025-Q2", "team: trust", f"{head}:"]
    amiss = draw(st.sampled_from((0, 0, 0, 1, 4)))
    known = KPI if head == "kpis" else LIKELY
    for number in range(draw(st.integers(1, 3))):
        lines += _entry(f"thing-{number}", [*draw(_likely(known)), *draw(_pairs(values, amiss))], head)
        if head == "kpis":
            continue
        lines.append("    key_results:")
        for position in range(draw(st.integers(0, 3))):
            pairs = [*draw(_measure()), *draw(_likely(RESULT)), *draw(_pairs(values, amiss))]
            lines += _entry(f"result-{position}", pairs, "key_results")
    return "\n".join(lines)[:LARGEST]


def _entry(name: str, pairs: list[tuple[str, str]], head: str) -> list[str]:
    """One thing of a list; what is drawn takes the place of what every thing has."""
    keys = {"id": name, "title": "Something"} | ({"better": "higher"} if head == "kpis" else {}) | dict(pairs)
    if "rollup" in keys or "kpi" in keys:
        keys.pop("readings", None)
    indent = "      " if head == "key_results" else "  "
    first, *rest = (f"{key}: {value}" for key, value in keys.items() if head == "key_results" or key != "key_results")
    return [f"{indent}- {first}", *(f"{indent}  {line}" for line in rest)]


def _measure() -> st.SearchStrategy[list[tuple[str, str]]]:
    readings = (
        '{"2025-04-14":1} {"2025-04-14":3,"2025-05-12":4,"2025-05-26":9} {} {"2025-05-01":{"confidence":3}} '
        '{"2025-03-01":2,"2025-07-05":7} {"2025-04-02":1,"2025-04-20":{"value":-5,"forecast":6}}'
    )
    numbers = {"to": "1 7 100 -3 0.5 TBD", "at_most": "4 0", "at_least": "2 100", "between": "[1,4] [3,3]"}
    moved = {"change": "-7% +20 x2 -7pp", "graded": "true Why?"}
    choices = [(key, value) for key, values in (numbers | moved).items() for value in _values(values)]
    chosen = st.tuples(
        st.sampled_from(choices), st.sampled_from(_values(readings)).map(lambda value: ("readings", value))
    )
    dates = st.sampled_from(["false", "true", "2025-05-01"]).map(lambda value: [("done", value)])
    steps = '[{"title":"A","done":"2025-05-01"},{"title":"B","weight":2,"done":false}]'
    return chosen.map(list) | chosen.map(list) | dates | st.just([("milestones", steps)])


@st.composite
def mutated(draw: st.DrawFn, text: str) -> bytes:
    """A valid file after one to four slips of the hand."""
    for _ in range(draw(st.integers(1, 4))):
        slip = draw(st.sampled_from((_value_slip, _value_slip, _value_slip, _line_slip, _character_slip)))
        text = slip(draw, text)
    data = text.encode("utf-8", "surrogatepass")
    ending = draw(st.sampled_from(("", "", "", "", "", "crlf", "bom", "utf-16", "cut")))
    return {
        "": data,
        "crlf": data.replace(b"\n", b"\r\n"),
        "bom": b"\xef\xbb\xbf" + data,
        "utf-16": text.encode("utf-16", "surrogatepass"),
        "cut": data[: draw(st.integers(0, len(data)))],
    }[ending]


def _line_slip(draw: st.DrawFn, text: str) -> str:
    """A line dropped, doubled, moved, indented otherwise or put in from elsewhere."""
    lines = text.split("\n")
    first, second = draw(st.integers(0, len(lines) - 1)), draw(st.integers(0, len(lines) - 1))
    kind = draw(st.sampled_from(("drop", "double", "swap", "indent", "insert", "splice")))
    if kind == "drop":
        del lines[first]
    elif kind == "double":
        lines.insert(second, lines[first])
    elif kind == "swap":
        lines[first], lines[second] = lines[second], lines[first]
    elif kind == "indent":
        lines[first] = " " * draw(st.integers(0, 9)) + lines[first].lstrip()
    elif kind == "insert":
        lines.insert(first, draw(st.sampled_from(LINES)))
    else:
        lines[first] += lines[second]
    return "\n".join(lines)


def _character_slip(draw: st.DrawFn, text: str) -> str:
    """One character put in, or a stretch taken out."""
    place = draw(st.integers(0, len(text)))
    if draw(st.booleans()):
        return (
            text[:place]
            + draw(st.sampled_from("{}[]:#&*!|>'\"%@`-,?\t\n \x00\x07\x1b\x85\u2028\ufeffé😀9"))
            + text[place:]
        )
    return text[:place] + text[place + draw(st.integers(1, 30)) :]


def _value_slip(draw: st.DrawFn, text: str) -> str:
    """One value or one key replaced by another that may stand nowhere near it."""
    places = list(re.finditer(r"([\w-]+): ([^{}\[\],\n]+)", text))
    if not places:
        return text
    place = draw(st.sampled_from(places))
    if draw(st.integers(0, 3)):
        value = draw(st.sampled_from([other[2] for other in places]) | SANE | FLOW)
        return text[: place.start(2)] + value + text[place.end(2) :]
    return text[: place.start(1)] + draw(st.sampled_from(KEYS)) + text[place.end(1) :]
