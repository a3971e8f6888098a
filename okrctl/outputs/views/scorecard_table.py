"""Prints scorecards on a terminal: one below the other, or several periods side by side with the change."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Set
from dataclasses import dataclass, replace

from okrctl.outputs.grid import GAP, Cell, fold_text, heading, layout_row, paragraph
from okrctl.outputs.plot import CELLS, expected_mark, progress_bar
from okrctl.outputs.terminal import TerminalStyle, display_width, paint, sanitize
from okrctl.outputs.text import scorecard
from okrctl.scoring.scorecard import (
    KeyResultScore,
    ObjectiveScore,
    Scorecard,
    Scorecards,
    ScoreComparison,
    TeamScore,
)

COLORS = {
    "green": "green", "yellow": "yellow", "red": "red", "at risk": "red", "behind": "yellow", "stale": "yellow",
    "no data": "yellow", "error": "red", "missed": "red", "broken": "red", "on track": "green", "achieved": "green",
    "succeeded": "green", "met": "green", "in bounds": "green",
}  # fmt: skip
SCORE, BAND = 4, 6
VALUE, RANGE, STATUS, OBJECTIVE_STATUS = 18, 26, 16, 44  # the widest that these columns get before they wrap
MIN_TITLE, ROOMY_TITLE, MAX_TITLE = 36, 52, 90
MIN_COMPARED_TITLE = 24


@dataclass(frozen=True, slots=True)
class Layout:
    """The width of each column.

    Where the terminal is wide enough, titles have a column of their own; else they stand above the figures, and on a
    narrow terminal (`is_split`) value and range have a line of their own too.
    """

    style: TerminalStyle
    title: int
    value_widths: tuple[int, ...]
    status_widths: tuple[int, ...]
    has_title_column: bool
    is_split: bool = False
    what_if: Set[str] = frozenset()

    @property
    def width(self) -> int:
        """The width of a line; 0 where lines are never broken."""
        return self.style.width or 0


def table(result: Scorecards, style: TerminalStyle) -> str:
    """The periods side by side where they were compared, else one below the other."""
    if result.comparison:
        return "\n".join(_comparison_lines(result, result.comparison, style)) + "\n"
    return "\n".join("\n".join(_block(result, card, style)) + "\n" for card in result.cards)


def period_heading(card: Scorecard, style: TerminalStyle, summary: str = "") -> Iterator[str]:
    """A period with its days, the day of its figures and whether it is over."""
    title = f"{card.period.id}  {card.period.start} to {card.period.end}"
    return heading(title, f"as of {card.as_of}, {scorecard.period_state(card)}{summary}", style)


def key_result_lines(objective: ObjectiveScore, card: Scorecard, style: TerminalStyle) -> Iterator[str]:
    """The key results of one objective as in a scorecard, guardrails and what is left out at the end."""
    teams = [replace(team, objectives=[objective]) for team in card.teams if objective in team.objectives]
    layout = _layout(replace(card, teams=teams), style, frozenset())
    for result in sorted(objective.key_results, key=lambda inner: (inner.state != "active", inner.guardrail)):
        yield from _key_result(result, layout)


def _block(result: Scorecards, card: Scorecard, style: TerminalStyle) -> Iterator[str]:
    yield from _card(card, _layout(card, style, set(result.what_if)))
    if card is result.cards[-1]:
        yield from _notes(result, style)


def _notes(result: Scorecards, style: TerminalStyle) -> Iterator[str]:
    for text in (*what_if_notes(result), *result.notes):
        yield from paragraph(sanitize(text), style)


def what_if_notes(result: Scorecards) -> list[str]:
    """A line for each assumed value."""
    return [f"what if {ref} were {value}: nothing is recorded" for ref, value in result.what_if.items()]


def _layout(card: Scorecard, style: TerminalStyle, what_if: Set[str]) -> Layout:
    """Titles get a column where they keep enough room, else they stand above the figures."""
    results = list(_key_results(card))
    values = (
        _widest(map(scorecard.value, results), VALUE),
        _widest((scorecard.target_range(result, style.glyphs) for result in results), RANGE),
    )
    confidence = _widest(map(scorecard.confidence, results), RANGE)
    statuses = (CELLS, SCORE, BAND, _widest(map(scorecard.status_text, results), STATUS), confidence)
    others = sum((*values, *statuses)) + 6 * len(GAP)
    if style.width is None:
        longest = max((display_width(_title(result).full_text) for result in results), default=1)
        return Layout(style, min(longest, MAX_TITLE), values, statuses, True, what_if=what_if)
    title = style.width - 4 - len(GAP) - others
    if title < MIN_TITLE:
        above = (CELLS, SCORE, _widest(map(scorecard.progress_beyond_score, results), BAND), statuses[3])
        is_split = 6 + sum((*values, *above)) + 5 * len(GAP) > style.width
        widths = (*above, confidence) if is_split else above
        return Layout(style, style.width - 4, values, widths, False, is_split, what_if)
    wanted = _widest(map(scorecard.objective_status_text, card.objectives), OBJECTIVE_STATUS)
    more = max(min(wanted - sum(statuses[3:]) - len(GAP), title - ROOMY_TITLE), 0)
    widths = (*statuses[:3], statuses[3] + more, confidence)
    return Layout(style, title - more, values, widths, True, what_if=what_if)


def _widest(texts: Iterable[str], limit: int) -> int:
    return min(max(map(display_width, texts), default=1), limit)


def _card(card: Scorecard, layout: Layout) -> Iterator[str]:
    yield from period_heading(card, layout.style)
    for team in card.teams:
        yield ""
        yield from _team(team, layout)
    yield ""
    yield from _total(card, layout)


def _total(card: Scorecard, layout: Layout) -> Iterator[str]:
    text = f"Mean of the teams  {scorecard.score_with_band(card)}  {scorecard.measured_count(card)}"
    cell = Cell(text, f"bold {COLORS[card.band]}" if card.band else "bold")
    yield from layout_row([cell], [layout.width], layout.style)
    if any(result.expected is not None and result.progress is not None for result in _key_results(card)):
        legend = f"{expected_mark(layout.style.glyphs)} in a bar: the progress expected by this day"
        yield from paragraph(legend, layout.style, "dim")


def _key_results(card: Scorecard) -> Iterator[KeyResultScore]:
    return (result for objective in card.objectives for result in objective.key_results)


def _team(team: TeamScore, layout: Layout) -> Iterator[str]:
    style = layout.style
    name = sanitize(scorecard.team_name(team))
    tail = "" if team.team.lower() == name.lower() else sanitize(team.team)
    figures = f"{scorecard.score_with_band(team)}  {scorecard.measured_count(team)}"
    room = layout.width - display_width(f"{name}  {tail}".rstrip()) - display_width(figures) - 2 * len(GAP)
    line = style.glyphs.line * room if room > 0 else ""
    head = paint(name, "bold", style) + (f"  {paint(tail, 'dim', style)}" if tail else "")
    figures = paint(figures, f"bold {COLORS[team.band]}", style) if team.band else figures
    yield GAP.join(part for part in (head, paint(line, "dim", style), figures) if part)
    for objective in team.objectives:
        if objective.state == "active":
            yield from _objective(objective, layout)
    yield from _guardrails(team, layout)
    yield from _excluded(team, layout)


def _objective(objective: ObjectiveScore, layout: Layout) -> Iterator[str]:
    node, style = objective.node, layout.style
    marks = [node.id, sanitize(node.owner or ""), objective.ambition if objective.ambition == "committed" else ""]
    tail = f" {style.glyphs.bullet} ".join(mark for mark in marks if mark)
    title = Cell(sanitize(scorecard.title(node)), "bold", tail=tail)
    band_color = COLORS.get(objective.band or "", "")
    score = Cell(scorecard.score(objective.score, objective.precision), f"bold {band_color}".strip(), right=True)
    band = Cell(objective.band or "", band_color)
    status = Cell(scorecard.objective_status_text(objective), COLORS.get(objective.status or "", ""))
    if layout.has_title_column:
        width = 2 + layout.title + sum(layout.value_widths) + CELLS + 3 * len(GAP)
        rest = sum(layout.status_widths[3:]) + len(GAP)
        yield from layout_row([title, score, band, status], [width, SCORE, BAND, rest], style, 2)
    else:
        yield from layout_row([title], [layout.width - 2], style, 2)
        rest = layout.width - 4 - SCORE - BAND - 2 * len(GAP)
        yield from layout_row([score, band, status], [SCORE, BAND, rest], style, 4)
    yield from _remarks(scorecard.manual_score_notes(objective), layout)
    for result in objective.key_results:
        if result.state == "active" and not result.guardrail:
            yield from _key_result(result, layout)


def _title(result: KeyResultScore, with_objective: bool = False) -> Cell:
    tail = f"{result.node.objective.id}.{result.node.id}" if with_objective else result.node.id
    return Cell(sanitize(scorecard.title(result.node)), tail=tail)


def _key_result(result: KeyResultScore, layout: Layout, with_objective: bool = False) -> Iterator[str]:
    style = layout.style
    title = _title(result, with_objective)
    value, target_range = scorecard.value(result), scorecard.target_range(result, style.glyphs)
    figures, statuses, confidence = [Cell(value, right=True), Cell(target_range)], _status_cells(result, style), ""
    if layout.has_title_column:
        widths = [layout.title, *layout.value_widths, *layout.status_widths]
        yield from layout_row([title, *figures, *statuses], widths, style, 4)
    else:
        yield from layout_row([title], [layout.title], style, 4)
        if layout.is_split:
            yield from layout_row([Cell(f"{value}{GAP}{target_range}")], [layout.width - 6], style, 6)
            yield from layout_row(statuses, layout.status_widths, style, 6)
        else:
            widths = [*layout.value_widths, *layout.status_widths]
            yield from layout_row([*figures, *statuses[:-1]], widths, style, 6)
            confidence = scorecard.confidence(result)
    if result.node.ref in layout.what_if:
        yield from _remarks(["what if: this value is not recorded"], layout)
    yield from _remarks(scorecard.remarks(result, confidence), layout)


def _status_cells(result: KeyResultScore, style: TerminalStyle) -> list[Cell]:
    status = scorecard.status_text(result)
    color = COLORS.get(status.partition(",")[0], "")
    share = None if result.guardrail or not result.measured else result.progress
    return [
        Cell(progress_bar(share, result.expected, style.glyphs), color),
        Cell("" if result.guardrail else scorecard.score(result.score, result.precision), "bold", right=True),
        Cell(scorecard.progress_beyond_score(result), right=True),
        Cell(status, color),
        Cell(scorecard.confidence(result)),
    ]


def _remarks(lines: list[str], layout: Layout) -> Iterator[str]:
    """Dimmed lines below a key result; the indent is dimmed with them."""
    for text in lines:
        for line in fold_text(text, layout.width - 6) if layout.width else [text]:
            yield paint(" " * 6 + line, "dim", layout.style)


def _guardrails(team: TeamScore, layout: Layout) -> Iterator[str]:
    active = [objective for objective in team.objectives if objective.state == "active"]
    results = [result for objective in active for result in objective.key_results]
    guardrails = [result for result in results if result.guardrail and result.state == "active"]
    if guardrails:
        yield "  " + paint("Guardrails", "dim", layout.style)
        for result in guardrails:
            yield from _key_result(result, layout, with_objective=True)


def _excluded(team: TeamScore, layout: Layout) -> Iterator[str]:
    objectives = [objective for objective in team.objectives if objective.state != "active"]
    active = [objective for objective in team.objectives if objective.state == "active"]
    results = [result for objective in active for result in objective.key_results if result.state != "active"]
    if objectives or results:
        yield "  " + paint("Left out of the score", "dim", layout.style)
    for objective in objectives:
        title = Cell(sanitize(scorecard.title(objective.node)), tail=objective.node.id)
        yield from layout_row([title], [max(layout.width - 4, 0)], layout.style, 4)
        yield from _remarks([", ".join([objective.state, *scorecard.exclusion_notes(objective)])], layout)
    for result in results:
        yield from _key_result(result, layout, with_objective=True)


def _comparison_lines(result: Scorecards, whole: ScoreComparison, style: TerminalStyle) -> Iterator[str]:
    for card in result.cards:
        yield from period_heading(card, style)
    widths = _comparison_widths(result, whole, style)
    yield ""
    if len(widths) > 1:
        heads = [Cell(card.period.id, "bold", right=True) for card in result.cards]
        yield from layout_row([Cell(""), *heads, Cell("change", "bold", right=True)], widths, style)
    for team in whole.children:
        name = "Company" if team.id == team.title == "company" else sanitize(team.title)
        yield from _comparison_row(team, Cell(name, "bold"), widths, result, style, 0)
        for objective in team.children if result.level != "team" else ():
            title = Cell(sanitize(objective.title), tail=objective.id)
            yield from _comparison_row(objective, title, widths, result, style, 2)
            for part in objective.children if result.level == "key-result" else ():
                title = Cell(sanitize(part.title), "dim", tail=part.id)
                yield from _comparison_row(part, title, widths, result, style, 4)
    yield ""
    yield from _comparison_row(whole, Cell("Mean of the teams", "bold"), widths, result, style, 0)
    yield from _notes(result, style)


def _comparison_widths(result: Scorecards, whole: ScoreComparison, style: TerminalStyle) -> list[int]:
    """The title's column and those of the figures; the title's alone where figures must stand below it."""
    figures = [*(max(display_width(card.period.id), 4) for card in result.cards), 6]
    if style.width is None:
        titles = (
            display_width(f"{sanitize(goal.title)}  {goal.id}") + 4
            for team in whole.children
            for objective in team.children
            for goal in (objective, *objective.children)
        )
        return [min(max(titles, default=20), MAX_TITLE), *figures]
    title = style.width - sum(figures) - len(figures) * len(GAP)
    return [title, *figures] if title >= MIN_COMPARED_TITLE else [style.width]


def _comparison_row(
    compared: ScoreComparison, title: Cell, widths: list[int], result: Scorecards, style: TerminalStyle, indent: int
) -> Iterator[str]:
    inner = [widths[0] - indent, *widths[1:]]
    change = scorecard.score_change(compared.change)
    if len(widths) > 1:
        pairs = zip(compared.scores, compared.bands, strict=True)
        texts = ((scorecard.score(score, compared.precision), band) for score, band in pairs)
        cells = [Cell(text, COLORS.get(band or "", ""), right=True) for text, band in texts]
        yield from layout_row([title, *cells, Cell(change, right=True)], inner, style, indent)
        return
    yield from layout_row([title], inner, style, indent)
    pairs_by_card = zip(result.cards, compared.scores, strict=True)
    figures = [f"{card.period.id} {scorecard.score(score, card.precision)}" for card, score in pairs_by_card]
    below = GAP.join([*figures, f"change {change}"])
    yield from layout_row([Cell(below)], [widths[0] - indent - 2], style, indent + 2)
