"""The scorecard of a period for people: teams, objectives, key results, as wide as the terminal."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Set
from dataclasses import dataclass, replace

from okrctl.outputs.bar import CELLS, expected_mark, progress_bar
from okrctl.outputs.table.grid import GAP, Cell, fold_text, layout_row
from okrctl.outputs.terminal import TerminalStyle, display_width, paint, sanitize
from okrctl.outputs.text import scorecard
from okrctl.scoring.scorecard import KeyResultScore, ObjectiveScore, Scorecard, Scorecards, TeamScore

COLORS = {
    "green": "green",
    "yellow": "yellow",
    "red": "red",
    "at risk": "red",
    "behind": "yellow",
    "stale": "yellow",
    "no data": "yellow",
    "error": "red",
    "missed": "red",
    "broken": "red",
    "on track": "green",
    "achieved": "green",
    "succeeded": "green",
    "met": "green",
    "in bounds": "green",
}
SCORE, BAND = 4, 6
VALUE, RANGE, STATUS, OBJECTIVE_STATUS = 18, 26, 16, 44  # the widest that they may be before they are broken
NARROWEST_TITLE, ROOMY_TITLE, WIDEST_TITLE = 36, 52, 90


@dataclass(frozen=True, slots=True)
class Layout:
    """How wide each column is, and whether titles stand beside the figures or above them."""

    look: TerminalStyle
    title: int
    value_widths: tuple[int, ...]
    status_widths: tuple[int, ...]
    has_title_column: bool
    is_split: bool = False
    what_if: Set[str] = frozenset()

    @property
    def width(self) -> int:
        """The width of a line; 0 where lines may be as long as they are."""
        return self.look.width or 0


def render(result: Scorecards, look: TerminalStyle) -> str:
    """The scorecards one after the other, and what there is to say below."""
    return "\n".join("\n".join(_block(result, card, look)) + "\n" for card in result.cards)


def _block(result: Scorecards, card: Scorecard, look: TerminalStyle) -> Iterator[str]:
    yield from _card(card, _layout(card, look, set(result.what_if)))
    if card is result.cards[-1]:
        yield from note_lines(result, look)


def note_lines(result: Scorecards, look: TerminalStyle) -> Iterator[str]:
    """What was only supposed, and the lines below the table."""
    supposed = [
        f"what if {sanitize(ref)} were {sanitize(value)}: nothing is recorded" for ref, value in result.what_if.items()
    ]
    for text in (*supposed, *map(sanitize, result.notes)):
        yield from fold_text(text, look.width) if look.width else [text]


def _layout(card: Scorecard, look: TerminalStyle, supposed: Set[str]) -> Layout:
    """Titles stand beside the figures where they keep enough room, else above them."""
    results = list(_key_results(card))
    stand = (
        _widest(map(scorecard.value, results), VALUE),
        _widest((scorecard.target_range(r, look.glyphs) for r in results), RANGE),
    )
    belief = _widest(map(scorecard.confidence, results), RANGE)
    judged = (CELLS, SCORE, BAND, _widest(map(scorecard.status_text, results), STATUS), belief)
    others = sum((*stand, *judged)) + 6 * len(GAP)
    if look.width is None:
        longest = max((display_width(_title(one).full_text) for one in results), default=1)
        return Layout(look, min(longest, WIDEST_TITLE), stand, judged, True, what_if=supposed)
    title = look.width - 4 - len(GAP) - others
    if title < NARROWEST_TITLE:
        above = (CELLS, SCORE, _widest(map(scorecard.progress_beyond_score, results), BAND), judged[3])
        split = 6 + sum((*stand, *above)) + 5 * len(GAP) > look.width
        return Layout(look, look.width - 4, stand, (*above, belief) if split else above, False, split, supposed)
    wanted = (
        _widest(map(scorecard.objective_status_text, card.objectives), OBJECTIVE_STATUS) - sum(judged[3:]) - len(GAP)
    )
    more = max(min(wanted, title - ROOMY_TITLE), 0)
    return Layout(look, title - more, stand, (*judged[:3], judged[3] + more, belief), True, what_if=supposed)


def _widest(texts: Iterable[str], most: int) -> int:
    return min(max(map(display_width, texts), default=1), most)


def _card(card: Scorecard, frame: Layout) -> Iterator[str]:
    look, period = frame.look, card.period
    head = f"{period.id}  {period.start} to {period.end}"
    about = f"as of {card.as_of}, {scorecard.period_state(card)}"
    yield from layout_row([Cell(head, "bold", tail=about)], [frame.width], look)
    for team in card.teams:
        yield ""
        yield from _team(team, frame)
    yield ""
    yield from _total(card, frame)


def _total(card: Scorecard, frame: Layout) -> Iterator[str]:
    look = frame.look
    parts = f"Mean of the teams  {scorecard.score(card.score)}{_band(card.band)}  "
    parts += scorecard.measured_count(card.measured_count, card.key_result_count)
    yield from layout_row([Cell(parts, f"bold {COLORS[card.band]}" if card.band else "bold")], [frame.width], look)
    if any(one.expected is not None and one.progress is not None for one in _key_results(card)):
        legend = f"{expected_mark(look.glyphs)} in a bar: where it is expected to be on this day"
        yield from (paint(line, "dim", look) for line in _lines(legend, frame, 0))


def _key_results(card: Scorecard) -> Iterator[KeyResultScore]:
    return (one for objective in card.objectives for one in objective.key_results)


def _band(band: str | None) -> str:
    return f" {band}" if band else ""


def _team(team: TeamScore, frame: Layout) -> Iterator[str]:
    look = frame.look
    name = "Company" if team.team == team.name == "company" else sanitize(team.name)
    tail = "" if team.team.lower() == name.lower() else sanitize(team.team)
    measured = scorecard.measured_count(team.measured_count, team.key_result_count)
    figures = f"{scorecard.score(team.score)}{_band(team.band)}  {measured}"
    room = frame.width - display_width(f"{name}  {tail}".rstrip()) - display_width(figures) - 2 * len(GAP)
    line = look.glyphs.line * room if room > 0 else ""
    head = paint(name, "bold", look) + (f"  {paint(tail, 'dim', look)}" if tail else "")
    yield GAP.join(part for part in (head, paint(line, "dim", look), _painted_band(figures, team.band, look)) if part)
    for objective in team.objectives:
        if objective.state == "active":
            yield from _objective(objective, frame)
    yield from _guardrails(team, frame)
    yield from _excluded(team, frame)


def _painted_band(text: str, band: str | None, look: TerminalStyle) -> str:
    return paint(text, f"bold {COLORS[band]}", look) if band else text


def _objective(one: ObjectiveScore, frame: Layout) -> Iterator[str]:
    marks = [one.node.id, sanitize(one.node.owner or ""), one.ambition if one.ambition == "committed" else ""]
    tail = f" {frame.look.glyphs.bullet} ".join(part for part in marks if part)
    title = Cell(sanitize(one.node.model.title or one.node.id), "bold", tail=tail)
    score = Cell(scorecard.score(one.score), f"bold {COLORS[one.band]}" if one.band else "bold", right=True)
    band = Cell(one.band or "", COLORS.get(one.band or "", ""))
    words = scorecard.objective_status_text(one)
    judged = Cell(words, COLORS.get(one.status or "", ""))
    if frame.has_title_column:
        over = 2 + frame.title + sum(frame.value_widths) + CELLS + 3 * len(GAP)
        rest = sum(frame.status_widths[3:]) + len(GAP)
        yield from layout_row([title, score, band, judged], [over, SCORE, BAND, rest], frame.look, 2)
    else:
        yield from layout_row([title], [frame.width - 2], frame.look, 2)
        rest = frame.width - 4 - SCORE - BAND - 2 * len(GAP)
        yield from layout_row([score, band, judged], [SCORE, BAND, rest], frame.look, 4)
    yield from _remarks(scorecard.manual_score_notes(one), frame)
    for result in one.key_results:
        if result.state == "active" and not result.guardrail:
            yield from _key_result(result, frame)


def objective_lines(one: ObjectiveScore, card: Scorecard, look: TerminalStyle) -> Iterator[str]:
    """The key results of one objective as they stand in a scorecard, guardrails and what is left out behind them."""
    alone = replace(card, teams=[replace(team, objectives=[one]) for team in card.teams if one in team.objectives])
    frame = _layout(alone, look, frozenset())
    for result in sorted(one.key_results, key=lambda inner: (inner.state != "active", inner.guardrail)):
        yield from _key_result(result, frame)


def _title(one: KeyResultScore, named: bool = False) -> Cell:
    tail = f"{one.node.objective.id}.{one.node.id}" if named else one.node.id
    return Cell(sanitize(one.node.model.title or one.node.id), tail=tail)


def _key_result(one: KeyResultScore, frame: Layout, named: bool = False) -> Iterator[str]:
    look = frame.look
    title, value, way = _title(one, named), scorecard.value(one), scorecard.target_range(one, look.glyphs)
    stand, judged, belief = [Cell(value, right=True), Cell(way)], _status_cells(one, frame), ""
    if frame.has_title_column:
        yield from layout_row(
            [title, *stand, *judged], [frame.title, *frame.value_widths, *frame.status_widths], look, 4
        )
    else:
        yield from layout_row([title], [frame.title], look, 4)
        if frame.is_split:
            yield from layout_row([Cell(f"{value}{GAP}{way}")], [frame.width - 6], look, 6)
            yield from layout_row(judged, frame.status_widths, look, 6)
        else:
            yield from layout_row([*stand, *judged[:-1]], [*frame.value_widths, *frame.status_widths], look, 6)
            belief = scorecard.confidence(one)
    if one.node.ref in frame.what_if:
        yield from _remarks(["what if: this value is not recorded"], frame)
    yield from _remarks(scorecard.remarks(one, belief), frame)


def _status_cells(one: KeyResultScore, frame: Layout) -> list[Cell]:
    words = scorecard.status_text(one)
    color = COLORS.get(words.partition(",")[0], "")
    share = None if one.guardrail or not one.measured else one.progress
    return [
        Cell(progress_bar(share, one.expected, frame.look.glyphs), color),
        Cell("" if one.guardrail else scorecard.score(one.score), "bold", right=True),
        Cell(scorecard.progress_beyond_score(one), right=True),
        Cell(words, color),
        Cell(scorecard.confidence(one)),
    ]


def _remarks(lines: list[str], frame: Layout) -> Iterator[str]:
    for text in lines:
        yield from (paint(line, "dim", frame.look) for line in _lines(text, frame, 6))


def _lines(text: str, frame: Layout, indent: int) -> list[str]:
    lines = fold_text(text, frame.width - indent) if frame.width else [text]
    return [" " * indent + line for line in lines]


def _guardrails(team: TeamScore, frame: Layout) -> Iterator[str]:
    active = [objective for objective in team.objectives if objective.state == "active"]
    found = [one for objective in active for one in objective.key_results if one.guardrail and one.state == "active"]
    if found:
        yield "  " + paint("Guardrails", "dim", frame.look)
        for one in found:
            yield from _key_result(one, frame, named=True)


def _excluded(team: TeamScore, frame: Layout) -> Iterator[str]:
    objectives = [one for one in team.objectives if one.state != "active"]
    active = [one for one in team.objectives if one.state == "active"]
    results = [one for objective in active for one in objective.key_results if one.state != "active"]
    if objectives or results:
        yield "  " + paint("Left out of the score", "dim", frame.look)
    for objective in objectives:
        title = sanitize(objective.node.model.title or objective.node.id)
        said = ", ".join([objective.state, *scorecard.exclusion_notes(objective)])
        yield from layout_row([Cell(title, tail=objective.node.id)], [max(frame.width - 4, 0)], frame.look, 4)
        yield from _remarks([said], frame)
    for one in results:
        yield from _key_result(one, frame, named=True)
