"""Shows a status report: what needs attention, grouped by what to do about it, the worst first."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal, NamedTuple

from okrctl.analysis.attention import AttentionItem, StatusReport
from okrctl.outputs import json
from okrctl.outputs.documents import StatusDocument
from okrctl.outputs.grid import GAP, Cell, one_line, paragraph
from okrctl.outputs.markdown import code_span, escape
from okrctl.outputs.terminal import TerminalStyle, display_width, paint, sanitize
from okrctl.outputs.text import kpi as kpi_wording
from okrctl.outputs.text import scorecard
from okrctl.outputs.views.scorecard import period_data
from okrctl.outputs.views.scorecard_columns import COLORS, INDENT, WIDE
from okrctl.scoring.scorecard import Scorecard
from okrctl.values.nouns import count_noun

MAX_LINES, MAX_COMMANDS = 10, 3
MIN_TITLE, ROOMY_TITLE, MAX_TITLE, MAX_PLACE, MIN_WHY = 12, 28, 60, 20, 30
GROUP_COLORS = {"At risk": "red", "Behind": "yellow", "Needs a fix": "red"}
READING_STATUSES = ("stale", "due")
_CADENCE = re.compile(r", expected [a-z0-9 ]+$")
_LIMIT = re.compile(r"(near|above|below) (?:its|a) usual limit of .*")
_WORST = re.compile(r".* on (.+), the (highest|lowest) of (\d+) readings$")
_LAST_CLAUSE = re.compile(r"(?:, |: |; )(?:(?!, |: |; ).)*$")
_BROKEN = re.compile(r"^([^,]*), a broken guardrail \(([^)]*)\)")
_BOUNDS = re.compile(r", out of bounds \(([^)]*)\)")
_ISO_DAY = re.compile(r"\b(\d{4})-(\d{2})-(\d{2})\b")


@dataclass(frozen=True, slots=True)
class StatusOptions:
    """How a report is printed: every line of a group, and the next command behind each line."""

    show_all: bool = False
    with_commands: bool = False


DEFAULT_OPTIONS = StatusOptions()


class _Line(NamedTuple):
    """An item as it is printed: title, team or value, reason, and its group."""

    item: AttentionItem
    group: str
    title: str
    place: str
    why: str


def render(
    result: StatusReport,
    format: Literal["table", "markdown", "json"],
    style: TerminalStyle,
    options: StatusOptions = DEFAULT_OPTIONS,
) -> str:
    """A status report in a format."""
    match format:
        case "table":
            return "\n".join(_lines(result, style, options)) + "\n"
        case "markdown":
            return _markdown(result)
        case "json":
            return json.document(data(result))


def data(result: StatusReport) -> StatusDocument:
    """The periods and what needs attention."""
    return {
        "periods": [period_data(card) for card in result.cards],
        "as_of": result.as_of,
        "attention": [
            {"ref": item.ref, "status": item.status, "why": item.why, "next": item.next} for item in result.attention
        ],
    }


def _describe_nothing(result: StatusReport) -> str:
    return f"Nothing needs attention on {result.as_of}"


def _lines(result: StatusReport, style: TerminalStyle, options: StatusOptions) -> Iterator[str]:
    for card in result.cards:
        yield from _period_lines(card, style)
    if not result.attention:
        yield paint(f"{style.glyphs.done} {_describe_nothing(result)}", COLORS["on track"], style)
    if not result.cards:
        yield from paragraph("No period is running: okrctl new PERIOD starts one.", style, "dim")
    lines = [_line(item, result, style) for item in result.attention]
    own = [line for line in lines if line.item.owner in result.own_names]
    yield from _groups(lines, own, style, options)
    if style.width is not None and not options.with_commands:
        yield from _command_lines(_next_commands(own or lines, bool(own)), style)
    yield from [""] if result.notes else []
    for note in result.notes:
        yield from paragraph(sanitize(note), style)


def _groups(lines: list[_Line], own: list[_Line], style: TerminalStyle, options: StatusOptions) -> Iterator[str]:
    """The groups: where some lines are one's own these, and then the rest below one heading."""
    widths = _widths(lines, style, options)
    yield from [""] if lines else []
    for group in GROUPS:
        members = [line for line in own or lines if line.group == group]
        if members:
            yield from _group_lines(group, members, widths, style, options)
    others = [line for line in lines if line not in own] if own else []
    if others:
        mixed = [line._replace(why=f"{line.item.status_word}: {line.why}") for line in others]
        yield from _group_lines("Others", mixed, widths, style, options)


def _period_lines(card: Scorecard, style: TerminalStyle) -> Iterator[str]:
    """The period with its day, its pace and its score."""
    day = scorecard.period_state(card).removeprefix("running, ")
    pace = card.pace or ("no score" if card.key_result_count else "no key results to score")
    measured = f", {scorecard.measured_count(card)}" if card.measured_count < card.key_result_count else ""
    score = "" if card.score is None else f" ({scorecard.score(card.score, card.precision)})"
    text = f"{card.period.id}, {day}: {pace}{score}{measured}"
    yield from paragraph(text, style, f"bold {COLORS.get(pace, '')}".strip())


# Groups


def _line(item: AttentionItem, result: StatusReport, style: TerminalStyle) -> _Line:
    kpi = result.kpis.get(item.ref)
    if kpi is not None:
        place = kpi_wording.value(kpi)
    else:
        parts = item.ref.split("/")
        place = parts[1] if len(parts) > 1 else ""
    group = group_of(item, kpi is not None)
    why = item.why if style.width is None else _reason(item, place, result)
    return _Line(item, group, sanitize(item.title or item.ref), sanitize(place), why)


def group_of(item: AttentionItem, is_kpi: bool) -> str:
    """What is to be done about an item, one of GROUPS."""
    if is_kpi:
        return "Needs a reading" if item.status in READING_STATUSES else "KPIs"
    match item.status:
        case "at risk" | "behind":
            return item.status.capitalize()
        case "error":
            return "Needs a fix"
        case "stale" | "due":
            return "Needs a reading"
        case "no data" if item.next.startswith("okrctl checkin"):
            return "Needs a reading"
    return "Needs a decision"


GROUPS = ("At risk", "Needs a fix", "Behind", "Needs a reading", "Needs a decision", "KPIs")


def _reason(item: AttentionItem, place: str, result: StatusReport) -> str:
    """Why an item is listed, without what stands elsewhere on its line."""
    text = item.short or item.why
    kpi = result.kpis.get(item.ref)
    if kpi is not None and kpi.alarm and item.status == "alarm":
        side, _, bound = kpi.alarm.partition(" ")
        return sanitize(f"{side} its alarm of {bound}")
    text = text.removeprefix(f"{place}: ").removeprefix(f"{place}, ")
    text = _BROKEN.sub(r"broken: \1, \2", text)
    text = _BOUNDS.sub(r", \1", text)
    text = _CADENCE.sub("", text.partition("; ")[0]).replace("last reading ", "last on ")
    text = text.replace(" % complete, ", " % done, ")
    text = _ISO_DAY.sub(lambda found: scorecard.short_day(date.fromisoformat(found[0]), result.as_of), text)
    return sanitize(_WORST.sub(r"the \2 of \3 on \1", _LIMIT.sub(r"\1 its usual limit", text)))


# Lines


def _widths(lines: Iterable[_Line], style: TerminalStyle, options: StatusOptions) -> list[int]:
    """The columns: title, id where it fits, place, reason, and the command, 0 where it stands on a line of its own."""
    rows = [_texts(line, style, options) for line in lines]
    if not rows:
        return []
    widths = [max(map(display_width, column)) for column in zip(*rows, strict=True)]
    if style.width is None:
        return widths
    front = [min(widths[0], MAX_TITLE), *widths[1:-3], min(widths[-3], MAX_PLACE)]
    why, command = widths[-2:]
    room = style.width - INDENT - len(GAP) * len(front) - sum(front[1:])
    least = min(front[0], ROOMY_TITLE) + min(why, MIN_WHY)
    if command and room - command - len(GAP) >= least:
        room -= command + len(GAP)
    else:
        command = 0
    why = max(min(why, room - front[0]), min(why, MIN_WHY))
    title = max(min(front[0], room - why), min(MIN_TITLE, front[0]))
    return [title, *front[1:], max(min(why, room - title), 1), command]


def _texts(line: _Line, style: TerminalStyle, options: StatusOptions) -> list[str]:
    """Title, id on a wide terminal, place, reason, command."""
    is_wide = style.width is not None and style.width >= WIDE
    why = sanitize(line.item.why) if style.width is None else line.why
    has_ref = style.width is None or (is_wide and not options.with_commands)
    ref = [sanitize(line.item.ref.partition("/")[2] or line.item.ref)] if has_ref else []
    with_command = options.with_commands or style.width is None
    return [line.title, *ref, line.place, why, sanitize(line.item.next) if with_command else ""]


def _group_lines(
    group: str, members: Sequence[_Line], widths: list[int], style: TerminalStyle, options: StatusOptions
) -> Iterator[str]:
    yield paint(group, f"bold {GROUP_COLORS.get(group, '')}".strip(), style)
    is_whole = options.show_all or style.width is None
    shown = members if is_whole else members[:MAX_LINES]
    for line in shown:
        texts = _texts(line, style, options)
        colors = ["", *["dim"] * (len(texts) - 3), "", "cyan"]
        yield from _fit(texts, colors, widths, style)
    if len(shown) < len(members):
        yield from paragraph(f"and {len(members) - len(shown)} more: okrctl status --all", style, "dim", INDENT)


def _fit(texts: list[str], colors: list[str], widths: list[int], style: TerminalStyle) -> Iterator[str]:
    """One line; a command that has no column stands on a line of its own, since it must be whole."""
    if style.width is not None:
        texts = [*texts[:-2], _whole_clauses(texts[-2], widths[-2]), texts[-1]]
    *others, command = [Cell(text, color) for text, color in zip(texts, colors, strict=True)]
    if not command.text or not widths[-1]:
        yield one_line(others, widths[:-1], style, INDENT)
    else:
        yield one_line([*others, command], widths, style, INDENT)
    if command.text and not widths[-1]:
        yield " " * 2 * INDENT + paint(command.text, "cyan", style)


def _whole_clauses(reason: str, width: int) -> str:
    """A reason without the clauses at its end that do not fit."""
    while display_width(reason) > width and (shorter := _LAST_CLAUSE.sub("", reason)) != reason:
        reason = shorter
    return reason


# Commands


def _next_commands(lines: Sequence[_Line], are_own: bool) -> list[tuple[str, str]]:
    """At most three commands with what they are for: that of the first line, then readings, then decisions and KPIs."""
    if not lines:
        return []
    due = sum(_is_checkin(line) for line in lines)
    checkins = [_checkin_command(due, are_own)] if due else []
    first = min(lines, key=lambda line: GROUPS.index(line.group))
    commands = [] if _is_checkin(first) else [(first.item.next, first.title)]
    commands += checkins
    for name in ("check", "close", "log", "amend", "new", "show"):
        found = next((line for line in lines if line.item.next.split(" ")[:2] == ["okrctl", name]), None)
        if found is not None and found.item.next != first.item.next:
            commands.append((found.item.next, found.title))
    return commands[:MAX_COMMANDS]


def _is_checkin(line: _Line) -> bool:
    return line.item.next.startswith("okrctl checkin")


def _checkin_command(due: int, are_own: bool) -> tuple[str, str]:
    count = count_noun(due, "reading")
    if are_own:
        return "okrctl checkin", f"{count} of yours {'are' if due > 1 else 'is'} due"
    return "okrctl checkin --all", f"{count} due"


def _command_lines(commands: Sequence[tuple[str, str]], style: TerminalStyle) -> Iterator[str]:
    """The commands that fit, since one that is cut cannot be pasted."""
    label = "Next: "
    room = (style.width or 0) - len(label)
    fitting = [(sanitize(command), purpose) for command, purpose in commands if display_width(command) <= room]
    width = max((display_width(command) for command, _ in fitting), default=0)
    yield from [""] if fitting else []
    for number, (command, purpose) in enumerate(fitting):
        front = label if number == 0 else " " * len(label)
        left = room - width - len(GAP)
        cells = [Cell(command, "cyan"), Cell(purpose if left >= MIN_TITLE else "", "dim")]
        yield front + one_line(cells, [width, max(left, 0)], style)


def _markdown(result: StatusReport) -> str:
    heads = [f"**{escape(card.period.id)}**, {scorecard.period_state(card)}: {_summary(card)}" for card in result.cards]
    items = [_markdown_item(item) for item in result.attention] or [f"{_describe_nothing(result)}."]
    return "\n\n".join(["  \n".join(heads), "\n".join(items), *map(escape, result.notes)]).lstrip() + "\n"


def _summary(card: Scorecard) -> str:
    return f"{scorecard.score_with_band(card)}, {scorecard.measured_count(card)}"


def _markdown_item(item: AttentionItem) -> str:
    owner = f", {escape(item.owner)}" if item.owner else ""
    place = f"({code_span(item.ref)}{owner})"
    return f"- **{escape(item.status_word)}** {escape(item.title)} {place}: {escape(item.why)} → {code_span(item.next)}"
