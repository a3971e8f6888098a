"""Prints scorecards on a terminal: one below the other, or several periods side by side with the change."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from okrctl.history.diff.describe import ARROW
from okrctl.outputs.grid import GAP, Cell, heading, one_line, paragraph
from okrctl.outputs.plot import expected_mark
from okrctl.outputs.terminal import TerminalStyle, display_width, paint, sanitize
from okrctl.outputs.text import scorecard
from okrctl.outputs.views.scorecard_columns import (
    COLORS,
    FIGURE,
    INDENT,
    MAX_TITLE,
    WIDE,
    Columns,
    Wishes,
    layout,
    objective_status,
)
from okrctl.scoring.scorecard import (
    BaselineScore,
    ObjectiveScore,
    Scorecard,
    Scorecards,
    ScoreComparison,
    TeamScore,
)
from okrctl.values.nouns import count_noun
from okrctl.workspace import Node

MIN_COMPARED_TITLE = 24
MAX_COMPARED, ROOMY = 3, 100  # periods side by side on a terminal with fewer columns than these


def table(result: Scorecards, style: TerminalStyle, with_ids: bool = False) -> str:
    """The periods side by side where they were compared, else one below the other."""
    if result.comparison:
        return "\n".join(_comparison_lines(result, result.comparison, style, with_ids)) + "\n"
    wishes = Wishes(result.shorten, with_ids, set(result.what_if))
    return "\n".join("\n".join(_block(result, card, style, wishes)) + "\n" for card in result.cards)


def period_heading(card: Scorecard, style: TerminalStyle, summary: str = "") -> Iterator[str]:
    """A period with its days, and where in it the day of its figures lies."""
    return heading(card.period.id, f"{scorecard.period_days(card)}{summary}", style)


def key_result_lines(objective: ObjectiveScore, card: Scorecard, wishes: Wishes, style: TerminalStyle) -> Iterator[str]:
    """The key results of one objective as in a scorecard, guardrails and what is left out at the end."""
    teams = [replace(team, objectives=[objective]) for team in card.teams if objective in team.objectives]
    columns = layout(replace(card, teams=teams), style, wishes)
    yield from _key_results(objective, columns)


def what_if_notes(result: Scorecards) -> list[str]:
    """A line for each assumed value."""
    return [f"what if {ref} were {value}: nothing is recorded" for ref, value in result.what_if.items()]


def _block(result: Scorecards, card: Scorecard, style: TerminalStyle, wishes: Wishes) -> Iterator[str]:
    columns = layout(card, style, wishes)
    yield from _head(card, columns)
    for team in card.teams:
        if team.objectives or team is card.teams[0]:
            yield ""
        yield from _team(team, columns)
    foot = list(_foot(card, columns))
    yield from ["", *foot] if foot else []
    if card is result.cards[-1]:
        yield from _notes(result, style)


def _head(card: Scorecard, columns: Columns) -> Iterator[str]:
    """The period with its score and pace, and a line on what the score is made of."""
    style = columns.style
    title = f"{card.period.id}{GAP} {scorecard.period_days(card)}"
    if style.width is not None and display_width(title) > columns.left:
        yield from paragraph(title, style, "bold")
        title = "Mean of the teams"
    yield columns.sum_line(Cell(title, "bold"), _sum_figures(card), note=_band_note(card))
    if not card.key_result_count and not card.teams:
        yield from paragraph(scorecard.no_objectives(card), style)
        return
    at_risk = f", {card.at_risk} at risk" if card.at_risk else ""
    text = f"{_describe_measured(card)}{at_risk}."
    if card.agreed and _has_moved(card, card.agreed):
        text += f" {_describe_agreed(card.agreed, card)}"
    yield from paragraph(text, style)


def _describe_measured(card: Scorecard) -> str:
    return f"{card.measured_count} of {card.key_result_count} key results measured"


def _has_moved(card: Scorecard, agreed: BaselineScore) -> bool:
    return agreed.score != card.score or bool(agreed.goalpost_moves)


def _describe_agreed(agreed: BaselineScore, card: Scorecard) -> str:
    count = len(agreed.goalpost_moves or agreed.differences)
    changes = count_noun(count, "change")
    return (
        f"As agreed on {scorecard.short_day(agreed.day, card.as_of)}: {card.precision.score(agreed.score)} ({changes})"
    )


def _sum_figures(scored: Scorecard | TeamScore) -> tuple[str, str, str]:
    """The score of a period or team, the words beside it, and their colour."""
    word = scored.pace or scored.band or ""
    return scorecard.score(scored.score, scored.precision), word, COLORS.get(word, "")


def _band_note(scored: Scorecard | TeamScore) -> str:
    """The band, where the pace takes the place beside the score."""
    return scored.band or "" if scored.pace else ""


def _foot(card: Scorecard, columns: Columns) -> Iterator[str]:
    """What the mark in the bars means, and the commands that tell more."""
    style = columns.style
    parts = []
    if card.state == "running" and "bar" in columns.widths:
        parts.append(f"{expected_mark(style.glyphs)} expected by {scorecard.short_day(card.as_of, card.as_of)}.")
    if style.width is not None and "value" in columns.widths:
        parts.append(f"Details: okrctl show REF{'' if columns.wishes.with_ids else ', --ids'}, --wide")
    if parts:
        yield from paragraph(GAP.join(parts), style, "dim")
    if style.width is not None and card.agreed and _has_moved(card, card.agreed):
        agreed = scorecard.short_day(card.agreed.day, card.as_of)
        yield from paragraph(f"Changes since {agreed}: okrctl diff {card.agreed.commit[:10]}", style, "dim")


def _notes(result: Scorecards, style: TerminalStyle) -> Iterator[str]:
    """The lines below; on a terminal those about moved goals are left to the head and the foot."""
    moved = tuple(f"{card.period.id} scores " for card in result.cards if card.agreed) if style.width else ()
    for text in (*what_if_notes(result), *(note for note in result.notes if not note.startswith(moved))):
        yield from paragraph(sanitize(text.replace(ARROW, style.glyphs.arrow)), style)


def _team(team: TeamScore, columns: Columns) -> Iterator[str]:
    name = team.team if columns.wishes.with_ids else scorecard.team_name(team).upper()
    yield columns.sum_line(
        Cell(sanitize(name), "bold"), _sum_figures(team), note=_join(_measured_note(team), _band_note(team))
    )
    for objective in team.objectives:
        if objective.state == "active":
            yield from _objective(objective, columns)
    for objective in team.objectives:
        if objective.state != "active":
            yield _excluded_line(objective.node, objective.state, scorecard.exclusion_notes(objective), columns)


def _measured_note(scored: TeamScore | ObjectiveScore) -> str:
    """How many key results have a value, where some have none."""
    return scorecard.measured_count(scored) if scored.measured_count < scored.key_result_count else ""


def _join(*notes: str) -> str:
    return ", ".join(filter(None, notes))


def _objective(objective: ObjectiveScore, columns: Columns) -> Iterator[str]:
    words = objective_status(objective, columns.with_deciders)
    color = COLORS.get(objective.status or "", "")
    by_hand = f"by hand, computed {objective.precision.score(objective.computed)}" if objective.by_hand else ""
    note = _join(by_hand or _measured_note(objective), objective.band or "")
    figures = (scorecard.score(objective.score, objective.precision), words, color)
    yield columns.sum_line(Cell(columns.label(objective.node), "bold"), figures, objective.node, note)
    if columns.style.width is None:
        for text in scorecard.manual_score_notes(objective):
            yield " " * INDENT + text
    yield from _key_results(objective, columns)


def _key_results(objective: ObjectiveScore, columns: Columns) -> Iterator[str]:
    """Those that count, then guardrails, then what is left out."""
    for result in sorted(objective.key_results, key=lambda each: (each.state != "active", each.guardrail)):
        if result.state == "active" or objective.state != "active":
            yield columns.key_result_line(result)
        else:
            yield _excluded_line(result.node, result.state, scorecard.exclusion_notes(result), columns)


def _excluded_line(node: Node, state: str, notes: list[str], columns: Columns) -> str:
    """What is left out of the score, on a terminal without the reason."""
    style = columns.style
    front, back = "left out: ", f" ({state})"
    if style.width is None:
        ref = "" if columns.wishes.with_ids else f"{GAP}{sanitize(columns.wishes.shorten(node))}"
        return " " * INDENT + f"{front}{columns.label(node)}{ref}{GAP}{', '.join([state, *notes])}"
    title = columns.label(node)
    room = style.width - INDENT - display_width(front + back)
    width = min(display_width(title), max(room, 1))
    line = one_line([Cell(title)], [width], replace(style, color=False))
    return " " * INDENT + paint(f"{front}{line}{back}"[: style.width - INDENT] if room < 1 else f"{front}{line}{back}",
                                "dim", style)  # fmt: skip


# Several periods side by side


def _comparison_lines(
    result: Scorecards, whole: ScoreComparison, style: TerminalStyle, with_ids: bool
) -> Iterator[str]:
    shown = _shown_periods(result, style)
    for card in result.cards[-shown:]:
        yield from period_heading(card, style)
    if shown < len(result.cards):
        names = ", ".join(card.period.id for card in result.cards[:-shown])
        yield from paragraph(f"{names}: okrctl score --wide", style, "dim")
    cards = result.cards[-shown:]
    is_wide = style.is_wide(WIDE)
    rows = list(_comparison_rows(result, _newest(whole, shown), with_ids, is_wide))
    figures = [*(max(display_width(card.period.id), FIGURE) for card in cards), len("change")]
    if style.width is None:
        title = min(max(display_width(cell.text) + indent for cell, _, indent in rows), MAX_TITLE)
    else:
        title = max(style.width - sum(figures) - len(figures) * len(GAP), 1)
    yield ""
    heads = [Cell(card.period.id, "bold", right=True) for card in cards]
    yield one_line([Cell(""), *heads, Cell("change", "bold", right=True)], [title, *figures], style)
    for cell, line, indent in rows:
        pairs = zip(line.scores, line.bands, strict=True)
        texts = ((scorecard.score(score, line.precision), band) for score, band in pairs)
        scores = [Cell(text, COLORS.get(band or "", ""), right=True) for text, band in texts]
        change = Cell(scorecard.score_change(line.change), right=True)
        yield one_line([cell, *scores, change], [max(title - indent, 1), *figures], style, indent)
    yield from _notes_apart(result, style)


def _notes_apart(result: Scorecards, style: TerminalStyle) -> Iterator[str]:
    """The lines below, on a terminal behind an empty one."""
    notes = list(_notes(result, style))
    yield from ["", *notes] if notes and style.width is not None else notes


def _shown_periods(result: Scorecards, style: TerminalStyle) -> int:
    """How many of the newest periods fit side by side."""
    if style.width is None:
        return len(result.cards)
    limit = MAX_COMPARED if style.width < ROOMY else len(result.cards)
    room = style.width - MIN_COMPARED_TITLE - len("change") - len(GAP)
    count = 0
    for card in reversed(result.cards[-limit:]):
        room -= max(display_width(card.period.id), FIGURE) + len(GAP)
        count += room >= 0
    return max(count, 1)


def _newest(line: ScoreComparison, count: int) -> ScoreComparison:
    children = [_newest(child, count) for child in line.children]
    return replace(line, scores=line.scores[-count:], bands=line.bands[-count:], children=children)


def _comparison_rows(
    result: Scorecards, whole: ScoreComparison, with_ids: bool, is_wide: bool
) -> Iterator[tuple[Cell, ScoreComparison, int]]:
    """The title, the scores and the indent of each line."""

    def label(line: ScoreComparison) -> str:
        return line.id if with_ids else f"{sanitize(line.title)}{GAP}{line.id}" if is_wide else sanitize(line.title)

    for team in whole.children:
        name = "Company" if team.id == team.title == "company" else sanitize(team.title)
        yield Cell(team.id if with_ids else name.upper(), "bold"), team, 0
        for objective in team.children if result.level != "team" else ():
            yield Cell(label(objective)), objective, INDENT
            for part in objective.children if result.level == "key-result" else ():
                yield Cell(label(part), "dim"), part, 2 * INDENT
    yield Cell("Mean of the teams", "bold"), whole, 0
