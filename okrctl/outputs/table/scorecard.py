"""The scorecard of a period for people: teams, objectives, key results, as wide as the terminal."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Set
from dataclasses import dataclass, replace

from okrctl.outputs.bar import CELLS, bar, mark
from okrctl.outputs.table.grid import GAP, Cell, broken, row
from okrctl.outputs.terminal import Look, painted, safe, width_of
from okrctl.outputs.text import scorecard
from okrctl.scoring.scorecard import KeyResultScore, ObjectiveScore, Scorecard, Scorecards, TeamScore

COLORS = {
    "green": "green", "yellow": "yellow", "red": "red", "at risk": "red", "behind": "yellow", "stale": "yellow",
    "no data": "yellow", "error": "red", "missed": "red", "broken": "red", "on track": "green", "achieved": "green",
    "succeeded": "green", "met": "green", "in bounds": "green",
}  # fmt: skip
SCORE, BAND = 4, 6
VALUE, WAY, STANDING, JUDGEMENT = 18, 26, 16, 44  # the widest that they may be before they are broken
NARROWEST_TITLE, ROOMY_TITLE, WIDEST_TITLE = 36, 52, 90


@dataclass(frozen=True, slots=True)
class Frame:
    """How wide each column is, and whether titles stand beside the figures or above them."""

    look: Look
    title: int
    stand: tuple[int, ...]
    judged: tuple[int, ...]
    beside: bool
    split: bool = False
    supposed: Set[str] = frozenset()

    @property
    def width(self) -> int:
        """The width of a line; 0 where lines may be as long as they are."""
        return self.look.width or 0


def render(result: Scorecards, look: Look) -> str:
    """The scorecards one after the other, and what there is to say below."""
    return "\n".join("\n".join(_block(result, card, look)) + "\n" for card in result.cards)


def _block(result: Scorecards, card: Scorecard, look: Look) -> Iterator[str]:
    yield from _card(card, _frame(card, look, set(result.supposed)))
    if card is result.cards[-1]:
        yield from notes(result, look)


def notes(result: Scorecards, look: Look) -> Iterator[str]:
    """What was only supposed, and the lines below the table."""
    supposed = [
        f"what if {safe(ref)} were {safe(value)}: nothing is recorded" for ref, value in result.supposed.items()
    ]
    for text in (*supposed, *map(safe, result.lines)):
        yield from broken(text, look.width) if look.width else [text]


def _frame(card: Scorecard, look: Look, supposed: Set[str]) -> Frame:
    """Titles stand beside the figures where they keep enough room, else above them."""
    results = list(_shown(card))
    stand = (
        _widest(map(scorecard.value, results), VALUE),
        _widest((scorecard.way(r, look.glyphs) for r in results), WAY),
    )
    belief = _widest(map(scorecard.confidence, results), WAY)
    judged = (CELLS, SCORE, BAND, _widest(map(scorecard.standing, results), STANDING), belief)
    others = sum((*stand, *judged)) + 6 * len(GAP)
    if look.width is None:
        longest = max((width_of(_title(one).whole) for one in results), default=1)
        return Frame(look, min(longest, WIDEST_TITLE), stand, judged, True, supposed=supposed)
    title = look.width - 4 - len(GAP) - others
    if title < NARROWEST_TITLE:
        above = (CELLS, SCORE, _widest(map(scorecard.beyond, results), BAND), judged[3])
        split = 6 + sum((*stand, *above)) + 5 * len(GAP) > look.width
        return Frame(look, look.width - 4, stand, (*above, belief) if split else above, False, split, supposed)
    wanted = _widest(map(scorecard.judgement, card.objectives), JUDGEMENT) - sum(judged[3:]) - len(GAP)
    more = max(min(wanted, title - ROOMY_TITLE), 0)
    return Frame(look, title - more, stand, (*judged[:3], judged[3] + more, belief), True, supposed=supposed)


def _widest(texts: Iterable[str], most: int) -> int:
    return min(max(map(width_of, texts), default=1), most)


def _card(card: Scorecard, frame: Frame) -> Iterator[str]:
    look, period = frame.look, card.period
    head = f"{period.id}  {period.start} to {period.end}"
    about = f"as of {card.as_of}, {scorecard.when(card)}"
    yield from row([Cell(head, "bold", tail=about)], [frame.width], look)
    for team in card.teams:
        yield ""
        yield from _team(team, frame)
    yield ""
    yield from _total(card, frame)


def _total(card: Scorecard, frame: Frame) -> Iterator[str]:
    look = frame.look
    parts = f"Mean of the teams  {scorecard.score(card.score)}{_band(card.band)}  "
    parts += scorecard.measured(card.measured, card.key_results)
    yield from row([Cell(parts, f"bold {COLORS[card.band]}" if card.band else "bold")], [frame.width], look)
    if any(one.expected is not None and one.progress is not None for one in _shown(card)):
        legend = f"{mark(look.glyphs)} in a bar: where it is expected to be on this day"
        yield from (painted(line, "dim", look) for line in _lines(legend, frame, 0))


def _shown(card: Scorecard) -> Iterator[KeyResultScore]:
    return (one for objective in card.objectives for one in objective.key_results)


def _band(band: str | None) -> str:
    return f" {band}" if band else ""


def _team(team: TeamScore, frame: Frame) -> Iterator[str]:
    look = frame.look
    name = "Company" if team.team == team.name == "company" else safe(team.name)
    tail = "" if team.team.lower() == name.lower() else safe(team.team)
    figures = f"{scorecard.score(team.score)}{_band(team.band)}  {scorecard.measured(team.measured, team.key_results)}"
    room = frame.width - width_of(f"{name}  {tail}".rstrip()) - width_of(figures) - 2 * len(GAP)
    line = look.glyphs.line * room if room > 0 else ""
    head = painted(name, "bold", look) + (f"  {painted(tail, 'dim', look)}" if tail else "")
    yield GAP.join(part for part in (head, painted(line, "dim", look), _painted_band(figures, team.band, look)) if part)
    for objective in team.objectives:
        if objective.state == "active":
            yield from _objective(objective, frame)
    yield from _guardrails(team, frame)
    yield from _left_out(team, frame)


def _painted_band(text: str, band: str | None, look: Look) -> str:
    return painted(text, f"bold {COLORS[band]}", look) if band else text


def _objective(one: ObjectiveScore, frame: Frame) -> Iterator[str]:
    marks = [one.node.id, safe(one.node.owner or ""), one.ambition if one.ambition == "committed" else ""]
    tail = f" {frame.look.glyphs.bullet} ".join(part for part in marks if part)
    title = Cell(safe(one.node.model.title or one.node.id), "bold", tail=tail)
    score = Cell(scorecard.score(one.score), f"bold {COLORS[one.band]}" if one.band else "bold", right=True)
    band = Cell(one.band or "", COLORS.get(one.band or "", ""))
    words = scorecard.judgement(one)
    judged = Cell(words, COLORS.get(one.status or "", ""))
    if frame.beside:
        over = 2 + frame.title + sum(frame.stand) + CELLS + 3 * len(GAP)
        rest = sum(frame.judged[3:]) + len(GAP)
        yield from row([title, score, band, judged], [over, SCORE, BAND, rest], frame.look, 2)
    else:
        yield from row([title], [frame.width - 2], frame.look, 2)
        rest = frame.width - 4 - SCORE - BAND - 2 * len(GAP)
        yield from row([score, band, judged], [SCORE, BAND, rest], frame.look, 4)
    yield from _remarks(scorecard.overridden(one), frame)
    for result in one.key_results:
        if result.state == "active" and not result.guardrail:
            yield from _key_result(result, frame)


def objective_lines(one: ObjectiveScore, card: Scorecard, look: Look) -> Iterator[str]:
    """The key results of one objective as they stand in a scorecard, guardrails and what is left out behind them."""
    alone = replace(card, teams=[replace(team, objectives=[one]) for team in card.teams if one in team.objectives])
    frame = _frame(alone, look, frozenset())
    for result in sorted(one.key_results, key=lambda inner: (inner.state != "active", inner.guardrail)):
        yield from _key_result(result, frame)


def _title(one: KeyResultScore, named: bool = False) -> Cell:
    tail = f"{one.node.objective.id}.{one.node.id}" if named else one.node.id
    return Cell(safe(one.node.model.title or one.node.id), tail=tail)


def _key_result(one: KeyResultScore, frame: Frame, named: bool = False) -> Iterator[str]:
    look = frame.look
    title, value, way = _title(one, named), scorecard.value(one), scorecard.way(one, look.glyphs)
    stand, judged, belief = [Cell(value, right=True), Cell(way)], _judged(one, frame), ""
    if frame.beside:
        yield from row([title, *stand, *judged], [frame.title, *frame.stand, *frame.judged], look, 4)
    else:
        yield from row([title], [frame.title], look, 4)
        if frame.split:
            yield from row([Cell(f"{value}{GAP}{way}")], [frame.width - 6], look, 6)
            yield from row(judged, frame.judged, look, 6)
        else:
            yield from row([*stand, *judged[:-1]], [*frame.stand, *frame.judged], look, 6)
            belief = scorecard.confidence(one)
    if one.node.ref in frame.supposed:
        yield from _remarks(["what if: this value is not recorded"], frame)
    yield from _remarks(scorecard.remarks(one, belief), frame)


def _judged(one: KeyResultScore, frame: Frame) -> list[Cell]:
    words = scorecard.standing(one)
    color = COLORS.get(words.partition(",")[0], "")
    share = None if one.guardrail or not one.measured else one.progress
    return [
        Cell(bar(share, one.expected, frame.look.glyphs), color),
        Cell("" if one.guardrail else scorecard.score(one.score), "bold", right=True),
        Cell(scorecard.beyond(one), right=True),
        Cell(words, color),
        Cell(scorecard.confidence(one)),
    ]


def _remarks(lines: list[str], frame: Frame) -> Iterator[str]:
    for text in lines:
        yield from (painted(line, "dim", frame.look) for line in _lines(text, frame, 6))


def _lines(text: str, frame: Frame, indent: int) -> list[str]:
    lines = broken(text, frame.width - indent) if frame.width else [text]
    return [" " * indent + line for line in lines]


def _guardrails(team: TeamScore, frame: Frame) -> Iterator[str]:
    active = [objective for objective in team.objectives if objective.state == "active"]
    found = [one for objective in active for one in objective.key_results if one.guardrail and one.state == "active"]
    if found:
        yield "  " + painted("Guardrails", "dim", frame.look)
        for one in found:
            yield from _key_result(one, frame, named=True)


def _left_out(team: TeamScore, frame: Frame) -> Iterator[str]:
    objectives = [one for one in team.objectives if one.state != "active"]
    active = [one for one in team.objectives if one.state == "active"]
    results = [one for objective in active for one in objective.key_results if one.state != "active"]
    if objectives or results:
        yield "  " + painted("Left out of the score", "dim", frame.look)
    for objective in objectives:
        title = safe(objective.node.model.title or objective.node.id)
        said = ", ".join([objective.state, *scorecard.left_out(objective)])
        yield from row([Cell(title, tail=objective.node.id)], [max(frame.width - 4, 0)], frame.look, 4)
        yield from _remarks([said], frame)
    for one in results:
        yield from _key_result(one, frame, named=True)
