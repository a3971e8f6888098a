"""Scorecards as Markdown, for a chat, a wiki or a pull request."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from okrctl.outputs.markdown.text import code_span, escape
from okrctl.outputs.terminal import UNICODE
from okrctl.outputs.text import scorecard
from okrctl.scoring.scorecard import KeyResultScore, ObjectiveScore, Scorecard, Scorecards, ScoreComparison, TeamScore

TABLE_HEAD = "| | Value | Way | Score | Status | Confidence |\n|---|--:|---|--:|---|--:|"
SIGNS = {"green": "🟢", "yellow": "🟡", "red": "🔴"}


def page(result: Scorecards) -> str:
    """Each period with a table for each team; several that were asked for in one table, with the change."""
    if result.comparison:
        blocks = [_heading(card) for card in result.cards] + [_side_by_side(result, result.comparison)]
    else:
        blocks = ["\n\n".join(card(one)) for one in result.cards]
    supposed = [f"what if {ref} were {value}: nothing is recorded" for ref, value in result.what_if.items()]
    return "\n\n".join([*blocks, *(escape(line) for line in (*supposed, *result.notes))]) + "\n"


def _heading(card: Scorecard) -> str:
    period = card.period
    said = f"{escape(period.id)}: {period.start} to {period.end}"
    return f"### {said}\n\nAs of {card.as_of}, {scorecard.period_state(card)}."


def card(card: Scorecard) -> Iterator[str]:
    """The blocks of one period: a heading, a table for each team, the mean."""
    yield _heading(card)
    for team in card.teams:
        yield f"#### {team_name(team.team, team.name)}: {_summary(team)}"
        if team.objectives:
            yield "\n".join([TABLE_HEAD, *_rows(team)])
    yield f"**Mean of the teams: {_summary(card)}**"


def team_name(team: str, name: str) -> str:
    """What people call a team."""
    return "Company" if team == name == "company" else escape(name)


def _summary(one: TeamScore | Scorecard) -> str:
    counted = scorecard.measured_count(one.measured_count, one.key_result_count)
    return f"{score_with_band(one.score, one.band)}, {counted}"


def score_with_band(score: Fraction | None, band: str | None) -> str:
    """A score with its band, as a sign and in words."""
    text = scorecard.score(score)
    return f"{text} {SIGNS[band]} {band}" if band else text


def _rows(team: TeamScore) -> Iterator[str]:
    last: list[KeyResultScore] = []
    for one in team.objectives:
        if one.state == "active":
            yield _objective(one)
            yield from (_key_result(kr) for kr in one.key_results if kr.state == "active" and not kr.guardrail)
            last += [kr for kr in one.key_results if kr.state != "active" or kr.guardrail]
    yield from (_key_result(kr, kr.state if kr.state != "active" else "guardrail") for kr in last)
    for one in team.objectives:
        if one.state != "active":
            reason = escape("; ".join([one.state, *scorecard.exclusion_notes(one)]))
            yield f"| {escape(one.node.model.title or one.node.id)} {code_span(one.node.id)} | | | - | {reason} | |"


def _objective(one: ObjectiveScore) -> str:
    title = escape(one.node.model.title or one.node.id)
    words = "; ".join([scorecard.objective_status_text(one), *scorecard.manual_score_notes(one)])
    score = score_with_band(one.score, one.band)
    return f"| **{title}** {code_span(one.node.id)} | | | **{score}** | {escape(words)} | |"


def _key_result(one: KeyResultScore, mark: str = "") -> str:
    title = f"{escape(one.node.model.title or one.node.id)} {code_span(one.node.id)}" + (f" ({mark})" if mark else "")
    score = " ".join(
        part
        for part in ("" if one.guardrail else scorecard.score(one.score), scorecard.progress_beyond_score(one))
        if part
    )
    status = escape("; ".join([scorecard.status_text(one), *scorecard.remarks(one)]))
    belief = "" if one.confidence is None else scorecard.amount(one.confidence)
    figures = (escape(scorecard.value(one)), escape(scorecard.target_range(one, UNICODE)), score, status, belief)
    return f"| – {title} | {' | '.join(figures)} |"


def _side_by_side(result: Scorecards, whole: ScoreComparison) -> str:
    names = [escape(card.period.id) for card in result.cards]
    lines = [f"| | {' | '.join(names)} | change |", f"|---|{'--:|' * (len(names) + 1)}"]
    for team in whole.children:
        lines.append(_compared(team, f"**{team_name(team.id, team.title)}**"))
        for one in team.children if result.level != "team" else ():
            lines.append(_compared(one, f"{escape(one.title)} {code_span(one.id)}"))
            parts = one.children if result.level == "key-result" else []
            lines += [_compared(part, f"– {escape(part.title)} {code_span(part.id)}") for part in parts]
    return "\n".join([*lines, _compared(whole, "**Mean of the teams**")])


def _compared(one: ScoreComparison, title: str) -> str:
    scores = [scorecard.score(score) for score in one.scores]
    return f"| {title} | {' | '.join([*scores, scorecard.score_change(one.change)])} |"
