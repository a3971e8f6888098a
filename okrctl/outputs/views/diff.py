"""Shows what changed between two states: what became easier or harder first, then the rest, then the scores."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Literal, NamedTuple

from okrctl.history.diff import Change
from okrctl.history.diff.describe import ARROW, EFFECT_WORDS, describe_change, format_field, format_value
from okrctl.history.score_diff import ScoreChange, WorkspaceDiff
from okrctl.outputs import json
from okrctl.outputs.documents import ChangeData, DiffDocument
from okrctl.outputs.grid import Cell, heading, layout_row, paragraph
from okrctl.outputs.markdown import COMMENT_LIMIT, code_span, escape
from okrctl.outputs.terminal import TerminalStyle, display_width, pad, paint, sanitize
from okrctl.outputs.text import scorecard
from okrctl.values.nouns import count_noun

EFFECT_SIGNS = {"relaxed": "⚠️ easier", "tightened": "💪 harder", "neutral": "neutral"}
EFFECT_COLORS = {"relaxed": "bold yellow", "tightened": "bold cyan"}
EFFECT_WIDTH = 7
MAX_READINGS = 3
CHANGES_HEAD = "| | What | Change |\n|---|---|---|\n"
SCORES_HEAD = "| | Score before | after | |\n|---|--:|--:|--:|\n"
MARGIN = 300  # characters kept free for how much was left out, and for the marker by which a job finds its comment


class ChangeLine(NamedTuple):
    """One sentence on one goal; `effect` is relaxed, tightened, neutral or None."""

    effect: str | None
    text: str


def render(result: WorkspaceDiff, format: Literal["table", "markdown", "json"], style: TerminalStyle) -> str:
    """A diff in a format; Markdown is the comment on a pull request."""
    match format:
        case "table":
            return "\n".join(_lines(result, style)) + "\n"
        case "markdown":
            return _markdown(result)
        case "json":
            return json.document(data(result))


def data(result: WorkspaceDiff) -> DiffDocument:
    """The changes and the scores."""
    return {
        "old": result.old,
        "new": result.new,
        "changes": [_data(change) for change in result.changes],
        "scores": [{"ref": each.ref, "old": each.old, "new": each.new} for each in result.scores],
    }


def _data(change: Change) -> ChangeData:
    return {
        "ref": change.ref, "kind": change.kind, "field": change.field, "old": change.old, "new": change.new,
        "effect": change.effect, "amended": change.amended, "path": change.path, "line": change.line,
    }  # fmt: skip


def headline(result: WorkspaceDiff) -> str:
    """How many changes made goals easier or harder."""
    parts: list[str] = []
    for effect, word in EFFECT_WORDS.items():
        count = len(result.changes_with_effect(effect))
        if count:
            noun = "" if parts else " change" if count == 1 else " changes"
            parts.append(f"{count}{noun} made {'a goal' if count == 1 else 'goals'} {word}")
    if parts:
        return ", ".join(parts)
    return "no change made a goal easier or harder" if result.changes else "no changes"


def changes_by_goal(result: WorkspaceDiff) -> list[tuple[str, list[Change]]]:
    """Changes by goal, those whose target changed first."""
    groups = [(ref, list(changes)) for ref, changes in groupby(result.changes, lambda change: change.ref)]
    return sorted(groups, key=lambda group: min(map(_rank, group[1])))


def _rank(change: Change) -> int:
    return {"relaxed": 0, "tightened": 1, "neutral": 2}.get(change.effect or "", 3)


def change_lines(changes: Iterable[Change], arrow: str = ARROW) -> Iterator[ChangeLine]:
    """A sentence per change; many new readings share one."""
    readings: list[Change] = []
    others: list[Change] = []
    for change in changes:
        (readings if is_new_reading(change.field, change.old) else others).append(change)
    for change in sorted(others, key=_rank):
        yield ChangeLine(change.effect, _sentence(change, arrow))
    if len(readings) > MAX_READINGS:
        newest = max(readings, key=lambda change: change.field or "")
        yield ChangeLine(None, f"{len(readings)} new readings, the newest: {_sentence(newest)}")
    else:
        yield from (ChangeLine(None, _sentence(change)) for change in readings)


def is_new_reading(field: str | None, old: object) -> bool:
    """Whether a changed field is a reading that was not there before."""
    return field is not None and field.startswith("readings.") and old is None


def _sentence(change: Change, arrow: str = ARROW) -> str:
    if change.kind == "changed" and is_new_reading(change.field, change.old):
        return f"{format_field(change.field or '')}: {format_value(change.new)}"
    text = describe_change(change.kind, change.field, change.old, change.new, None, arrow)
    if change.effect in EFFECT_WORDS and change.kind == "changed":
        record = "recorded under amended" if change.amended else "not recorded under amended"
        text += f", {'its reason is in the file' if _gives_reason(change) else record}"
    elif change.effect == "tightened" and change.kind == "added":
        text += " after the agreement"
    return text


def _gives_reason(change: Change) -> bool:
    """Whether a change needs no record: what leaves the score says why and since when in keys of its own."""
    return change.field == "state" and change.new in ("deprioritized", "postponed") and not change.amended


def score_texts(change: ScoreChange) -> tuple[str, str, str]:
    """The old score, the new one, and the difference where there is one."""
    difference = "" if change.difference is None else scorecard.score_change(change.difference)
    return change.precision.score(change.old), change.precision.score(change.new), difference


def _lines(result: WorkspaceDiff, style: TerminalStyle) -> Iterator[str]:
    old, new = result.old[:10], result.new[:10] if result.new else "the working tree"
    if result.changes:
        yield from heading(headline(result), f"{old} to {new}", style)
    else:
        yield from heading(f"no changes between {old} and {new}", "", style)
        if style.width is not None:
            yield from paragraph("An earlier state: okrctl diff REV, such as HEAD~10 or a date", style, "dim")
    readings: list[tuple[str, str]] = []
    for ref, changes in changes_by_goal(result):
        place = f"{sanitize(changes[0].path)}:{changes[0].line}"
        if all(is_new_reading(change.field, change.old) for change in changes):
            more = f"  {place}" if style.width is None else ""
            readings += [(sanitize(ref), sanitize(line.text) + more) for line in change_lines(changes)]
        else:
            yield from ("", *heading(sanitize(ref), place, style), *_goal_lines(changes, style))
    yield from _readings(readings, style)
    yield from _score_lines(result, style)


def _goal_lines(changes: list[Change], style: TerminalStyle) -> Iterator[str]:
    """A sentence for each change of one goal."""
    for line in change_lines(changes, style.glyphs.arrow):
        effect = line.effect or ""
        word = Cell(EFFECT_WORDS.get(effect, effect), EFFECT_COLORS.get(effect, ""))
        rest = style.width - EFFECT_WIDTH - 4 if style.width else 0
        yield from layout_row([word, Cell(sanitize(line.text))], [EFFECT_WIDTH, rest], style, 2)


def _score_lines(result: WorkspaceDiff, style: TerminalStyle) -> Iterator[str]:
    """A line for each score that changed."""
    if result.scores:
        yield from ("", paint("Scores", "bold", style))
    width = max((len(change.ref) for change in result.scores), default=0)
    for score in result.scores:
        before, after, difference = score_texts(score)
        figures = f"{before:>5} {style.glyphs.arrow} {after:<5} {difference}".rstrip()
        if style.width is None or width + len(figures) + 4 <= style.width:
            yield f"  {sanitize(score.ref).ljust(width)}  {figures}"
        else:
            yield from layout_row([Cell(sanitize(score.ref))], [style.width - 2], style, 2)
            yield f"    {figures}"


def _readings(readings: list[tuple[str, str]], style: TerminalStyle) -> Iterator[str]:
    """The goals with nothing but new readings: a line for each reading."""
    if not readings:
        return
    yield from ("", paint("Readings", "bold", style))
    width = max(display_width(ref) for ref, _ in readings)
    last = ""
    for ref, text in readings:
        shown = "" if ref == last else ref
        last = ref
        room = None if style.width is None else style.width - width - 4
        words = _reading_words(text, room)
        if room is None or display_width(words) <= room:
            yield f"  {pad(shown, width)}  {words}"
        else:
            yield from layout_row([Cell(shown)], [(style.width or 0) - 2], style, 2) if shown else ()
            yield from layout_row([Cell(words)], [(style.width or 0) - 4], style, 4)


def _reading_words(text: str, room: int | None) -> str:
    """The day and the value of a reading; of how many it is the newest is said as far as there is room."""
    counted, is_newest, newest = text.partition(" new readings, the newest: ")
    words = (newest or text).removeprefix("reading of ").replace(": ", "  ", 1)
    notes = [f"  (the newest of {counted})", f"  (of {counted})"] if is_newest else []
    fitting = (words + note for note in notes if room is None or display_width(words + note) <= room)
    return next(fitting, words)


def _markdown(result: WorkspaceDiff) -> str:
    """The headline, the scores, then as many changes as fit into a comment."""
    sign = "⚠️ " if result.changes_with_effect("relaxed") else ""
    text = f"### {sign}OKRs: {headline(result)}\n"
    room = COMMENT_LIMIT - len(text) - MARGIN
    scores, more_scores = _take_fitting(map(_score_row, outermost_first(result.scores)), room // 2)
    if scores:
        text += f"\n{SCORES_HEAD}{scores}" + _more(more_scores, "score")
    rows = (row for ref, changes in changes_by_goal(result) for row in _change_rows(ref, changes))
    changes, more_changes = _take_fitting(rows, COMMENT_LIMIT - len(text) - len(CHANGES_HEAD) - MARGIN)
    return text + (f"\n{CHANGES_HEAD}{changes}" + _more(more_changes, "change") if changes else "")


def _take_fitting(rows: Iterable[str], room: int) -> tuple[str, int]:
    """As many rows as there is room for, and how many are left."""
    taken, listed = [], list(rows)
    for row in listed:
        room -= len(row)
        if room < 0:
            break
        taken.append(row)
    return "".join(taken), len(listed) - len(taken)


def _more(number: int, word: str) -> str:
    return f"\nand {count_noun(number, f'more {word}')}\n" if number else ""


def outermost_first(scores: list[ScoreChange]) -> list[ScoreChange]:
    """Periods, teams and objectives before their key results, since these are cut first."""
    return sorted(scores, key=lambda score: (score.ref.split("/")[0], score.ref.count("/") + score.ref.count(".")))


def _score_row(score: ScoreChange) -> str:
    before, after, difference = score_texts(score)
    title = f"{escape(score.title)} " if score.title and score.ref.count("/") == 2 else ""
    return f"| {title}{code_span(score.ref)} | {before} | {after} | {f'**{difference}**' if difference else ''} |\n"


def _change_rows(ref: str, changes: list[Change]) -> Iterator[str]:
    node = changes[0].after or changes[0].before
    title = node.model.title if node else None
    what = f"{escape(title)} {code_span(ref)}" if title else code_span(ref)
    for line in change_lines(changes):
        yield f"| {EFFECT_SIGNS.get(line.effect or '', '')} | {what} | {escape(line.text)} |\n"
        what = ""
