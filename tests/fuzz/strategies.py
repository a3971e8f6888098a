"""Makes hostile files: raw bytes, YAML of the schema's keys with wrong things in them, mutations of valid files."""

from __future__ import annotations

from hypothesis import strategies as st

LARGEST = 4000

KEYS = """
    period team objectives kpis id title owner ambition why description parent hypothesis kpi expect because
    weight state added outcome score value by reason date retrospective carried_from formerly readings
    key_results initiatives links tags from to change at_least at_most between done milestones graded unit
    priority aggregate rollup sum mean min max due plan stretch judge guards cadence amended was confidence
    forecast note source csv better indicator watch below above target formula sql http organisation fiscal_year
    starts named_by language profile teams people defaults limits rules fail_on scoring missing cap floor bands
    success pace behind sources hosts include exclude x-own onwer << 2025-04-14 1 ~ true ? [a]
""".split()

SCALARS = """
    1 0 -1 1.5 72% 4.3% +20 -7% -7pp x2 1.2M $200k 48h 1,000 1.200,50 NaN .inf -.inf 1:30 017 0o17 0x1F 1_000 1e3 1e999
    9999999999999999999999999999999999 1e-400 2025-04-14 2025-02-30 2025-05 0000-00-00 2025-Q2 FY26-Q1 2025-T3 next
    yes no on off true null ~ up held latest committed active sum all a/b a/b.c ../x.yaml TBD done P0 7/10 1/0 done:
    "x" 'x' "" '' @lea %5 `x` !!python/object:os.system !x &a *a *none {} [] [[]] {a:} - ? | > "\\x00" "\\ud800"
    "\\e[31m" [/] [bold] :smile: ä 😀 \u202e \ufeff # #x okrctl:ignore[OKR004] turnover-costs a+*b ((((( {csv:x} "a\\nb"
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
    pair = st.tuples(st.sampled_from(KEYS), children).map(": ".join)
    mapping = st.lists(pair, max_size=6).map(lambda pairs: "{" + ", ".join(pairs) + "}")
    return mapping | st.lists(children, max_size=4).map(lambda items: "[" + ", ".join(items) + "]")


FLOW = st.recursive(st.sampled_from(SCALARS), _flow, max_leaves=12)

PAIRS = st.lists(st.tuples(st.sampled_from(KEYS), FLOW), max_size=8)


@st.composite
def schema_shaped(draw: st.DrawFn) -> str:
    """A file with the right skeleton and anything at all under its keys."""
    head = draw(st.sampled_from(("objectives", "kpis", "objectives", "teams")))
    lines = [f"{key}: {value}" for key, value in draw(PAIRS)] + ([] if draw(st.booleans()) else ["period: 2025-Q2"])
    lines.append(f"{head}:")
    for pairs in draw(st.lists(PAIRS, max_size=3)):
        lines += ["  - id: thing", *(f"    {key}: {value}" for key, value in pairs), "    key_results:"]
        lines += [f"      - {draw(FLOW)}"]
        lines += ["      - id: result", "        title: R", *(f"        {key}: {value}" for key, value in draw(PAIRS))]
    return "\n".join(lines)[:LARGEST]


@st.composite
def mutated(draw: st.DrawFn, text: str) -> bytes:
    """A valid file after one to four slips of the hand."""
    for _ in range(draw(st.integers(1, 4))):
        slip = draw(st.sampled_from((_line_slip, _character_slip, _value_slip)))
        text = slip(draw, text)
    data = text.encode("utf-8", "surrogatepass")
    ending = draw(st.sampled_from(("", "", "", "crlf", "bom", "utf-16", "cut")))
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
    lines = text.split("\n")
    places = [number for number, line in enumerate(lines) if ": " in line]
    if not places:
        return text
    number = draw(st.sampled_from(places))
    key, _, value = lines[number].partition(": ")
    if draw(st.booleans()):
        lines[number] = f"{key}: {draw(FLOW)}"
    else:
        lines[number] = key[: len(key) - len(key.lstrip())] + f"{draw(st.sampled_from(KEYS))}: {value}"
    return "\n".join(lines)
