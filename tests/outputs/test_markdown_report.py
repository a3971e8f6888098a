"""The page of Markdown says the most important first, notifies nobody, and fits where it is pasted."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from okrctl.outputs.markdown import COMMENT_LIMIT, SUMMARY_LIMIT
from tests.outputs import briefs
from tests.running import run


def page_of(root: Path, *more: str) -> str:
    found = run("report", "2026-Q2", *more, cwd=root, today=briefs.DAY)
    assert found.status == 0, found.err
    return found.out


def test_an_executive_reads_scores_decisions_and_moves(tmp_path: Path) -> None:
    page = page_of(briefs.plain(tmp_path))
    assert [line for line in page.splitlines() if line.startswith("#")] == [
        "# Acme: 2026-Q2", "## Score by team", "## What needs attention", "## What moved since 2026-05-06",
        "## Alignment",
    ]  # fmt: skip
    assert "| The shop | `" in page and "| Company | `" in page
    assert "- **broken** Cost of an order (Lea): 6 EUR, a broken guardrail (at most 5 EUR)" in page
    assert "- ▼ Orders each week: 130 → 110, 10 % complete (-20 points)" in page
    assert "- ▲ Calls about broken things: 70 → 40, 67 % complete (+50 points)" in page
    assert len(page.splitlines()) < 60


def test_the_full_page_has_every_key_result_kpi_and_hypothesis(tmp_path: Path) -> None:
    page = page_of(briefs.plain(tmp_path), "--full", "--link-base", "https://forge.example/blob/main")
    for said in ("The new shop is open", "### Why `margin` moved", "### Hypotheses", "Income of a week"):
        assert said in page
    assert "[okrs/2026-Q2/shop.yaml](https://forge.example/blob/main/okrs/2026-Q2/shop.yaml#L4)" in page


def test_mermaid_draws_the_alignment(tmp_path: Path) -> None:
    page = page_of(briefs.plain(tmp_path))
    (drawn,) = re.findall(r"```mermaid\n(.*?)```", page, re.DOTALL)
    assert drawn.startswith("flowchart BT\n")
    assert 'o1["The company stands on its own feet<br/>company, ' in drawn
    assert 'o2["Customers love to come back<br/>shop, ' in drawn and "o2 --> o1" in drawn


@pytest.mark.parametrize("more", [(), ("--full",)])
def test_hostile_text_neither_notifies_nor_breaks_out(tmp_path: Path, more: tuple[str, ...]) -> None:
    page = page_of(briefs.hostile(tmp_path), *more)
    assert not re.search(r"@\w|(?<!#)#12\b|https?:", page)
    assert not re.search("[\x00-\x08\x0b-\x1f\u202a-\u202e\u2066-\u2069]", page)
    assert len(re.findall("^```", page, re.MULTILINE)) == 2
    (drawn,) = re.findall(r"```mermaid\n(.*?)```", page, re.DOTALL)
    node = re.compile(r'  o\d+\["[^"<>`\[\]{}|\\@]*<br/>[^"<>`]*"\](:::\w+)?|  o\d+ --> o\d+|classDef .*')
    assert all(node.fullmatch(line) for line in drawn.splitlines()[1:])
    outside = re.sub(r"```mermaid.*?```|(?<!\\)`[^`]*`", "", page, flags=re.DOTALL)
    assert not re.search(r"(?<!\\)<(?!br>)", outside)


def test_a_page_fits_a_comment_and_a_full_one_a_summary(tmp_path: Path) -> None:
    briefs.large(tmp_path)
    brief, full = page_of(tmp_path), page_of(tmp_path, "--full")
    assert len(brief.encode()) < COMMENT_LIMIT and len(full.encode()) < SUMMARY_LIMIT
    (drawn,) = re.findall(r"```mermaid\n(.*?)```", brief, re.DOTALL)
    assert len(drawn) < 50_000 and drawn.count("-->") < 500
    assert "40 more objectives are not in the picture." in brief
    assert full.count("– Households") == 500


def test_the_page_says_what_does_not_fit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("okrctl.outputs.reports.markdown.COMMENT_LIMIT", 1200)
    page = page_of(briefs.plain(tmp_path))
    assert len(page.encode()) <= 1200 and "more blocks do not fit" in page
