"""A report on a period as one page of Markdown: what an executive reads in a minute, or all there is to say."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from urllib.parse import quote

from okrctl.analysis import trajectory
from okrctl.analysis.attention import Attention
from okrctl.analysis.period_report import Briefing, Move, worth_a_look
from okrctl.history.diff import describe
from okrctl.kpis.overview import Gauge
from okrctl.outputs import bar
from okrctl.outputs.markdown import kpis, mermaid, scorecard
from okrctl.outputs.markdown.text import COMMENT, SUMMARY, code, plain
from okrctl.outputs.terminal import UNICODE
from okrctl.outputs.text import kpi
from okrctl.outputs.text import scorecard as wording
from okrctl.scoring.scorecard import Difference, KeyResultScore, TeamScore
from okrctl.workspace import Node

FEW = 5
PACES = ("at risk", "no data", "behind", "stale", "starting", "on track", "achieved", "succeeded", "missed", "error")


def page(result: Briefing) -> str:
    """Blocks in the order of their worth; what does not fit where it will be pasted is left out, and said to be.

    One page fits a comment on GitHub, a full report a job summary.
    """
    room = (SUMMARY if result.full else COMMENT) - 200
    shown, left_out = [], 0
    for block in (one.rstrip() for one in _blocks(result)):
        size = len(block.encode("utf-8", "replace")) + 2
        if size > room:
            left_out += 1
        else:
            shown.append(block)
            room -= size
    if left_out:
        shown.append(f"_{left_out} more blocks do not fit on a page: see `okrctl report --format html`._")
    return "\n\n".join(shown) + "\n"


def _blocks(result: Briefing) -> Iterator[str]:
    yield _head(result)
    yield _teams(result)
    yield _decisions(result)
    yield _moved(result)
    yield from _changed(result)
    yield from _map(result)
    if result.full:
        yield from _everything(result)
    else:
        yield f"_All of it: `okrctl report {plain(result.card.period.id)} --full`, or `--format html -o FILE`._"


def _head(result: Briefing) -> str:
    card = result.card
    name = f"{plain(result.organisation)}: " if result.organisation else ""
    expected = trajectory.expected_of_period(card)
    figures = [f"**{scorecard.figure(card.score, card.band)}**"]
    figures += [f"{wording.percent(expected)} of the way expected"] if expected is not None else []
    figures += [wording.measured(card.measured, card.key_results)]
    when = f"{card.period.start} to {card.period.end}, as of {card.as_of}, {wording.when(card)}"
    return f"# {name}{plain(card.period.id)}\n\n{', '.join(figures)}  \n{when}"


def _teams(result: Briefing) -> str:
    rows = [_team(team) for team in result.card.teams]
    head = "| Team | | Score | Expected | Key results |\n|---|---|--:|--:|---|"
    return "\n".join(["## Score by team", "", head, *rows]) if rows else "## Score by team\n\nNo objectives."


def _team(team: TeamScore) -> str:
    expected = trajectory.expected_of(team.objectives)
    results = [kr for one in team.objectives for kr in one.key_results]
    cells = [
        scorecard.named(team.team, team.name), code(bar.bar(team.score, expected, UNICODE)),
        scorecard.figure(team.score, team.band), wording.NOTHING if expected is None else wording.percent(expected),
        plain(standing(results)),
    ]  # fmt: skip
    return f"| {' | '.join(cells)} |"


def standing(results: Iterable[KeyResultScore]) -> str:
    """How many key results have which status, the worst first."""
    found = Counter(one.status for one in results if one.status)
    known = [status for status in PACES if status in found] + [status for status in found if status not in PACES]
    return ", ".join(f"{found[status]} {status}" for status in known)


def _decisions(result: Briefing) -> str:
    shown = result.decisions if result.full else result.decisions[:FEW]
    lines = ["## What needs a decision", ""]
    lines += [_attention(one, result) for one in shown] or ["Nothing."]
    more = len(result.decisions) - len(shown)
    lines += [f"- and {more} more"] if more else []
    if result.chores:
        said = Counter(one.status for one in result.chores)
        counted = ", ".join(f"{count} {status}" for status, count in said.items())
        lines += ["", f"Waiting for a reading: {counted}."]
    return "\n".join(lines)


def _attention(one: Attention, result: Briefing) -> str:
    owner = f" ({plain(result.name(one.owner))})" if one.owner else ""
    more = f" → {code(one.next)}" if result.full else ""
    return f"- **{plain(one.status)}** {plain(one.title)}{owner}: {plain(one.why)}{more}"


def _moved(result: Briefing) -> str:
    shown = result.moves if result.full else result.moves[:FEW]
    lines = [f"## What moved since {result.since}", ""]
    lines += [_move(one) for one in shown] or ["No key result moved."]
    more = len(result.moves) - len(shown)
    lines += [f"- and {more} more"] if more else []
    if not result.full:
        lines += [_gauge(one) for one in worth_a_look(result.board, FEW)]
    return "\n".join(lines)


def _move(one: Move) -> str:
    sign = "▲" if one.change > 0 else "▼"
    before, after = wording.full_value(one.before), wording.full_value(one.after)
    way = wording.percent(one.after.progress) if one.after.progress is not None else wording.NOTHING
    points = f"{'+' if one.change > 0 else '-'}{wording.percent(abs(one.change)).removesuffix(' %')} points"
    return f"- {sign} {plain(title(one.after.node))}: {plain(before)} → {plain(after)}, {way} of the way ({points})"


def _gauge(one: Gauge) -> str:
    alarm = f", {plain(kpi.alarmed(one))}" if one.alarm else ""
    sign, moved = kpis.SIGNS.get(one.trend or "", "⚪"), plain(kpi.moved(one.change, one.trend))
    return f"- {sign} KPI {plain(title(one.kpi))}: {plain(kpi.value(one))} ({moved}){alarm}"


def title(node: Node) -> str:
    """The title of a thing, else its id."""
    return node.model.title or node.id


def _changed(result: Briefing) -> Iterator[str]:
    agreed = result.card.agreed
    found = [] if agreed is None else agreed.differences if result.full else agreed.moved
    if agreed is not None and found:
        shown = found if result.full else found[:FEW]
        score = f"By what was agreed the score is {wording.score(agreed.score)}."
        lines = [f"## What changed since the agreement of {agreed.day}", "", score, ""]
        lines += [_difference(one, result) for one in shown]
        lines += [f"- and {len(found) - len(shown)} more"] if len(found) > len(shown) else []
        yield "\n".join(lines)


def _difference(one: Difference, result: Briefing) -> str:
    name = one.ref.removeprefix(f"{result.card.period.id}/")
    return f"- {code(name)} {plain(describe.sentence(one.kind, one.field, one.agreed, one.now, one.effect))}"


def _map(result: Briefing) -> Iterator[str]:
    drawn = mermaid.map_of(result.forest)
    if drawn:
        yield f"## Who supports whom\n\n{drawn}"


def _everything(result: Briefing) -> Iterator[str]:
    yield "## Scorecard"
    yield from scorecard.card(result.card)
    if result.board.gauges:
        yield "## KPIs"
        yield kpis.board(result.board)
        yield from (kpis.drivers(one.drivers) for one in result.stories)
    if result.impact.hypotheses:
        yield kpis.impact(result.impact)
    yield from (f"- {plain(line)}" for line in result.lines)
    if result.link:
        yield "## Files\n\n" + "\n".join(_files(result))


def _files(result: Briefing) -> Iterator[str]:
    for one in result.card.objectives:
        path, line = result.place(one.node)
        yield f"- {plain(title(one.node))}: [{plain(path)}]({address(result.link or '', path, line)})"


def address(base: str, path: str, line: int) -> str:
    """Where a forge shows a line of a file."""
    return f"{quote(base, safe=':/?&=%~+@-._')}{quote(path)}#L{line}"
