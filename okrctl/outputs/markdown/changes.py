"""What changed between two states, as the comment on a pull request."""

from __future__ import annotations

from collections.abc import Iterator

from okrctl.history.diff import Change
from okrctl.history.score_diff import Differences, Moved
from okrctl.outputs.markdown.text import COMMENT, code, plain
from okrctl.outputs.text import diff

SIGNS = {"relaxed": "⚠️ easier", "tightened": "💪 harder", "neutral": "neutral"}
HEAD = "| | What | Change |\n|---|---|---|\n"
SCORES = "| | Score before | after | |\n|---|--:|--:|--:|\n"
MARGIN = 200


def page(result: Differences) -> str:
    """The gist in one line, the scores that it touches, then every change as far as there is room."""
    start = f"### {_gist(result)}\n"
    left = COMMENT - len(start) - MARGIN
    scores, more_scores = _fitting(map(_score, _top_first(result.scores)), left // 2)
    if scores:
        start += f"\n{SCORES}{scores}" + _more(more_scores, "score")
    rows = (row for ref, ones in diff.grouped(result) for row in _rows(ref, ones))
    changes, more = _fitting(rows, COMMENT - len(start) - len(HEAD) - MARGIN)
    return start + (f"\n{HEAD}{changes}" + _more(more, "change") if changes else "")


def _gist(result: Differences) -> str:
    sign = "⚠️ " if result.effects("relaxed") else ""
    headline = diff.headline(result)
    return f"{sign}OKRs: {headline}"


def _fitting(rows: Iterator[str], room: int) -> tuple[str, int]:
    """As many rows as there is room for, and how many there are beyond."""
    found, listed = [], list(rows)
    for row in listed:
        room -= len(row)
        if room < 0:
            break
        found.append(row)
    return "".join(found), len(listed) - len(found)


def _more(number: int, word: str) -> str:
    return f"\nand {number} more {word}{'' if number == 1 else 's'}\n" if number else ""


def _top_first(scores: list[Moved]) -> list[Moved]:
    """Periods, teams and objectives before their key results, so that the whole is seen where room ends."""
    return sorted(scores, key=lambda one: (one.ref.split("/")[0], one.ref.count("/") + one.ref.count(".")))


def _score(one: Moved) -> str:
    before, after, by = diff.score_line(one)
    title = f"{plain(one.title)} " if one.title and one.ref.count("/") == 2 else ""
    return f"| {title}{code(one.ref)} | {before} | {after} | {f'**{by}**' if by else ''} |\n"


def _rows(ref: str, changes: list[Change]) -> Iterator[str]:
    title = diff.title(changes)
    what = f"{plain(title)} {code(ref)}" if title else code(ref)
    for line in diff.lines(changes):
        yield f"| {SIGNS.get(line.effect or '', '')} | {what} | {plain(line.text)} |\n"
        what = ""
