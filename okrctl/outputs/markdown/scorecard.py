"""Scorecards as Markdown, for a chat, a wiki or a pull request."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from okrctl.outputs.markdown.text import code, plain
from okrctl.outputs.terminal import UNICODE
from okrctl.outputs.text import scorecard
from okrctl.scoring.scorecard import Compared, KeyResultScore, ObjectiveScore, Scorecard, Scorecards, TeamScore

HEAD = "| | Value | Way | Score | Status | Confidence |\n|---|--:|---|--:|---|--:|"
SIGNS = {"green": "🟢", "yellow": "🟡", "red": "🔴"}


def page(result: Scorecards) -> str:
    """Each period with a table for each team; several that were asked for in one table, with the change."""
    if result.compared:
        blocks = [_heading(card) for card in result.cards] + [_side_by_side(result, result.compared)]
    else:
        blocks = ["\n\n".join(card(one)) for one in result.cards]
    supposed = [f"what if {ref} were {value}: nothing is recorded" for ref, value in result.supposed.items()]
    return "\n\n".join([*blocks, *(plain(line) for line in (*supposed, *result.lines))]) + "\n"


def _heading(card: Scorecard) -> str:
    period = card.period
    said = f"{plain(period.id)}: {period.start} to {period.end}"
    return f"### {said}\n\nAs of {card.as_of}, {scorecard.when(card)}."


def card(card: Scorecard) -> Iterator[str]:
    """The blocks of one period: a heading, a table for each team, the mean."""
    yield _heading(card)
    for team in card.teams:
        yield f"#### {named(team.team, team.name)}: {_figures(team)}"
        if team.objectives:
            yield "\n".join([HEAD, *_rows(team)])
    yield f"**Mean of the teams: {_figures(card)}**"


def named(team: str, name: str) -> str:
    """What people call a team."""
    return "Company" if team == name == "company" else plain(name)


def _figures(one: TeamScore | Scorecard) -> str:
    counted = scorecard.measured(one.measured, one.key_results)
    return f"{figure(one.score, one.band)}, {counted}"


def figure(score: Fraction | None, band: str | None) -> str:
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
            reason = plain("; ".join([one.state, *scorecard.left_out(one)]))
            yield f"| {plain(one.node.model.title or one.node.id)} {code(one.node.id)} | | | - | {reason} | |"


def _objective(one: ObjectiveScore) -> str:
    title = plain(one.node.model.title or one.node.id)
    words = "; ".join([scorecard.judgement(one), *scorecard.overridden(one)])
    score = figure(one.score, one.band)
    return f"| **{title}** {code(one.node.id)} | | | **{score}** | {plain(words)} | |"


def _key_result(one: KeyResultScore, mark: str = "") -> str:
    title = f"{plain(one.node.model.title or one.node.id)} {code(one.node.id)}" + (f" ({mark})" if mark else "")
    score = " ".join(
        part for part in ("" if one.guardrail else scorecard.score(one.score), scorecard.beyond(one)) if part
    )
    status = plain("; ".join([scorecard.standing(one), *scorecard.remarks(one)]))
    belief = "" if one.confidence is None else scorecard.amount(one.confidence)
    figures = (plain(scorecard.value(one)), plain(scorecard.way(one, UNICODE)), score, status, belief)
    return f"| – {title} | {' | '.join(figures)} |"


def _side_by_side(result: Scorecards, whole: Compared) -> str:
    names = [plain(card.period.id) for card in result.cards]
    lines = [f"| | {' | '.join(names)} | change |", f"|---|{'--:|' * (len(names) + 1)}"]
    for team in whole.parts:
        lines.append(_compared(team, f"**{named(team.id, team.title)}**"))
        for one in team.parts if result.level != "team" else ():
            lines.append(_compared(one, f"{plain(one.title)} {code(one.id)}"))
            parts = one.parts if result.level == "key-result" else []
            lines += [_compared(part, f"– {plain(part.title)} {code(part.id)}") for part in parts]
    return "\n".join([*lines, _compared(whole, "**Mean of the teams**")])


def _compared(one: Compared, title: str) -> str:
    scores = [scorecard.score(score) for score in one.scores]
    return f"| {title} | {' | '.join([*scores, scorecard.change(one.change)])} |"
