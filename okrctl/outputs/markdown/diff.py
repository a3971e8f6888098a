"""What changed between two states, as the comment on a pull request."""

from __future__ import annotations

from collections.abc import Iterator

from okrctl.history.diff import Change
from okrctl.history.score_diff import ScoreChange, WorkspaceDiff
from okrctl.outputs.markdown.text import COMMENT_LIMIT, code_span, escape
from okrctl.outputs.text import diff

SIGNS = {"relaxed": "⚠️ easier", "tightened": "💪 harder", "neutral": "neutral"}
CHANGES_HEAD = "| | What | Change |\n|---|---|---|\n"
SCORES_HEAD = "| | Score before | after | |\n|---|--:|--:|--:|\n"
MARGIN = 200


def page(result: WorkspaceDiff) -> str:
    """The gist in one line, the scores that it touches, then every change as far as there is room."""
    start = f"### {_summary(result)}\n"
    left = COMMENT_LIMIT - len(start) - MARGIN
    scores, more_scores = _take_fitting(map(_score, _outermost_first(result.scores)), left // 2)
    if scores:
        start += f"\n{SCORES_HEAD}{scores}" + _more(more_scores, "score")
    rows = (row for ref, ones in diff.group_by_goal(result) for row in _rows(ref, ones))
    changes, more = _take_fitting(rows, COMMENT_LIMIT - len(start) - len(CHANGES_HEAD) - MARGIN)
    return start + (f"\n{CHANGES_HEAD}{changes}" + _more(more, "change") if changes else "")


def _summary(result: WorkspaceDiff) -> str:
    sign = "⚠️ " if result.changes_with_effect("relaxed") else ""
    headline = diff.headline(result)
    return f"{sign}OKRs: {headline}"


def _take_fitting(rows: Iterator[str], room: int) -> tuple[str, int]:
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


def _outermost_first(scores: list[ScoreChange]) -> list[ScoreChange]:
    """Periods, teams and objectives before their key results, so that the whole is seen where room ends."""
    return sorted(scores, key=lambda one: (one.ref.split("/")[0], one.ref.count("/") + one.ref.count(".")))


def _score(one: ScoreChange) -> str:
    before, after, by = diff.score_columns(one)
    title = f"{escape(one.title)} " if one.title and one.ref.count("/") == 2 else ""
    return f"| {title}{code_span(one.ref)} | {before} | {after} | {f'**{by}**' if by else ''} |\n"


def _rows(ref: str, changes: list[Change]) -> Iterator[str]:
    title = diff.goal_title(changes)
    what = f"{escape(title)} {code_span(ref)}" if title else code_span(ref)
    for line in diff.change_lines(changes):
        yield f"| {SIGNS.get(line.effect or '', '')} | {what} | {escape(line.text)} |\n"
        what = ""
