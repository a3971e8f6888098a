"""Whatever stands in a file, importing it places something or tells why not, and what is placed can be read."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from okrctl.check.finding import Context
from okrctl.check.runner import run_rules
from okrctl.importers import merge, read
from okrctl.importers.meaning import headers
from okrctl.values import period
from okrctl.values.errors import OkrctlError
from okrctl.workspace import Workspace, build_workspace, read_settings
from okrctl.yaml import Source

PIECES = st.sampled_from([
    "# ", "~~", "~", "[", "](", ")", "![p0](x)", "`", "0.7", ".5", "n/a", "0.1 *", "12%", "7/10", "Grow: a #b", "'",
    '"', "\t", "&#10004;", "\\", "\0", "\u2028", "2019 Q4", "yes",
    "from 4% to 9%", "40 -> 10", "(0.5)", " - done", "[Target: 60%]", "=> 75%", "KR1: ",
    "Owner: @a", "now 5", "- ", "{", "}", "1e99", "é", "|", "", "A", "B",
])  # fmt: skip
WORDS = st.lists(PIECES, max_size=3).map("".join)
ROWS = st.lists(WORDS, min_size=2, max_size=6).map(lambda cells: f"| {' | '.join(cells)} |")
HEADER = "\n| Key Result | Mid-Q Score | Projected Score | Final Score | Priority |\n|---|---|---|---|---|"
LINES = st.one_of(
    WORDS, ROWS, ROWS, WORDS.map("## Objective: {}".format), WORDS.map("- **P0** {}".format),
    WORDS.map("  - {}".format),
    st.sampled_from([HEADER, "### Key Results", "## 2019 Q4", "## Objective: A", "```", ""]),
)  # fmt: skip
CELLS = st.one_of(
    st.sampled_from([
        "", "A", "B", "1", "2", "Objective", "Key Result", "40%", "60 %", "1,200", "TBD", "2025-04-01", "2025-06-30",
        "yes", "-5", "0", "boolean", "percentage", "at most", "=1+1", "On track",
        "1,5", "1.250,00 EUR", "< 5", "$12M", "10 min", "-30%", "Shipped", "5/12", "🟢", "05/06/2025",
        "60% of all", "from 4 to 9", "12 -> 7 h", "0", "EUR 3", "3 per week", "High", "P1", "x2",
        "35/39 (89%)", "7/10", "1e400", "#", "a: b", "nul\0",
    ]),
    st.text(max_size=6),
)  # fmt: skip


def empty() -> Workspace:
    return build_workspace([], read_settings(None)[0], lambda path: "")


def stays_whole(text: str, name: str, span: period.Period | None) -> None:
    into = empty()
    how = read.ImportOptions(span, None, date(2025, 6, 10), into.config)
    try:
        placed = merge.merge_draft(into, read.read(name, text, how, {}))
    except OkrctlError as refused:
        assert refused.message and refused.hint
        return
    after = build_workspace([Source(path, one) for path, one in placed.new.items()], into.config, lambda path: "")
    assert after.broken_files == []
    found = run_rules(after, Context(into.config, date(2025, 6, 10)))
    assert [diagnostic for diagnostic in found if diagnostic.severity == "error"] == []
    again = merge.merge_draft(after, read.read(name, text, how, {}))
    assert again.new == {}


@given(st.lists(LINES, max_size=12).map("\n".join))
@settings(max_examples=150, deadline=None)
def test_markdown(text: str) -> None:
    stays_whole(f"## Objective: A{HEADER}\n{text}", "goals.md", period.parse("2025-Q2"))


@given(
    st.lists(st.sampled_from(sorted({*headers.COLUMN_NAMES} - {"title", "period"})), max_size=8, unique=True),
    st.lists(st.tuples(st.sampled_from(["A", "B", "C"]), st.lists(CELLS, max_size=9)), min_size=1, max_size=6),
)
@settings(max_examples=150, deadline=None)
def test_csv(header: list[str], rows: list[tuple[str, list[str]]]) -> None:
    quoted = [",".join('"' + cell.replace('"', '""') + '"' for cell in (title, *row)) for title, row in rows]
    stays_whole("\n".join([",".join(["title", *header]), *quoted]), "goals.csv", period.parse("2025-Q2"))


@pytest.mark.parametrize("name", ["a.json", "a.jsonl", "a.csv"])
@given(st.text(max_size=200))
@settings(max_examples=50, deadline=None)
def test_exports(name: str, text: str) -> None:
    stays_whole(text, name, None)
