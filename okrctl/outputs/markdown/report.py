"""A report on a period as one page of Markdown: what an executive reads in a minute, or all there is to say."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from urllib.parse import quote

from okrctl.analysis import trajectory
from okrctl.analysis.attention import AttentionItem
from okrctl.analysis.period_report import PeriodReport, ProgressMove, notable_kpis
from okrctl.history.diff import describe
from okrctl.kpis.overview import KpiStatus
from okrctl.outputs import bar
from okrctl.outputs.markdown import kpis, mermaid, scorecard
from okrctl.outputs.markdown.text import COMMENT_LIMIT, SUMMARY_LIMIT, code_span, escape
from okrctl.outputs.terminal import UNICODE
from okrctl.outputs.text import kpi
from okrctl.outputs.text import scorecard as wording
from okrctl.scoring.scorecard import BaselineDifference, KeyResultScore, TeamScore
from okrctl.workspace import Node

MAX_ITEMS = 5
STATUS_ORDER = (
    "at risk",
    "no data",
    "behind",
    "stale",
    "starting",
    "on track",
    "achieved",
    "succeeded",
    "missed",
    "error",
)


def page(result: PeriodReport) -> str:
    """Blocks in the order of their worth; what does not fit where it will be pasted is left out, and said to be.

    One page fits a comment on GitHub, a full report a job summary.
    """
    room = (SUMMARY_LIMIT if result.is_full else COMMENT_LIMIT) - 200
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


def _blocks(result: PeriodReport) -> Iterator[str]:
    yield _head(result)
    yield _teams(result)
    yield _decisions(result)
    yield _moved(result)
    yield from _changed(result)
    yield from _alignment(result)
    if result.is_full:
        yield from _everything(result)
    else:
        yield f"_All of it: `okrctl report {escape(result.card.period.id)} --full`, or `--format html -o FILE`._"


def _head(result: PeriodReport) -> str:
    card = result.card
    name = f"{escape(result.organisation)}: " if result.organisation else ""
    expected = trajectory.expected_of_period(card)
    figures = [f"**{scorecard.score_with_band(card.score, card.band)}**"]
    figures += [f"{wording.percent(expected)} of the way expected"] if expected is not None else []
    figures += [wording.measured_count(card.measured_count, card.key_result_count)]
    when = f"{card.period.start} to {card.period.end}, as of {card.as_of}, {wording.period_state(card)}"
    return f"# {name}{escape(card.period.id)}\n\n{', '.join(figures)}  \n{when}"


def _teams(result: PeriodReport) -> str:
    rows = [_team(team) for team in result.card.teams]
    head = "| Team | | Score | Expected | Key results |\n|---|---|--:|--:|---|"
    return "\n".join(["## Score by team", "", head, *rows]) if rows else "## Score by team\n\nNo objectives."


def _team(team: TeamScore) -> str:
    expected = trajectory.expected_of_objectives(team.objectives)
    results = [kr for one in team.objectives for kr in one.key_results]
    cells = [
        scorecard.team_name(team.team, team.name),
        code_span(bar.progress_bar(team.score, expected, UNICODE)),
        scorecard.score_with_band(team.score, team.band),
        wording.NOTHING if expected is None else wording.percent(expected),
        escape(status_counts(results)),
    ]
    return f"| {' | '.join(cells)} |"


def status_counts(results: Iterable[KeyResultScore]) -> str:
    """How many key results have which status, the worst first."""
    found = Counter(one.status for one in results if one.status)
    known = [status for status in STATUS_ORDER if status in found] + [
        status for status in found if status not in STATUS_ORDER
    ]
    return ", ".join(f"{found[status]} {status}" for status in known)


def _decisions(result: PeriodReport) -> str:
    shown = result.decisions if result.is_full else result.decisions[:MAX_ITEMS]
    lines = ["## What needs a decision", ""]
    lines += [_attention(one, result) for one in shown] or ["Nothing."]
    more = len(result.decisions) - len(shown)
    lines += [f"- and {more} more"] if more else []
    if result.reminders:
        said = Counter(one.status for one in result.reminders)
        counted = ", ".join(f"{count} {status}" for status, count in said.items())
        lines += ["", f"Waiting for a reading: {counted}."]
    return "\n".join(lines)


def _attention(one: AttentionItem, result: PeriodReport) -> str:
    owner = f" ({escape(result.owner_name(one.owner))})" if one.owner else ""
    more = f" → {code_span(one.next)}" if result.is_full else ""
    return f"- **{escape(one.status)}** {escape(one.title)}{owner}: {escape(one.why)}{more}"


def _moved(result: PeriodReport) -> str:
    shown = result.moves if result.is_full else result.moves[:MAX_ITEMS]
    lines = [f"## What moved since {result.since}", ""]
    lines += [_move(one) for one in shown] or ["No key result moved."]
    more = len(result.moves) - len(shown)
    lines += [f"- and {more} more"] if more else []
    if not result.is_full:
        lines += [_kpi(one) for one in notable_kpis(result.kpi_overview, MAX_ITEMS)]
    return "\n".join(lines)


def _move(one: ProgressMove) -> str:
    sign = "▲" if one.change > 0 else "▼"
    before, after = wording.full_value(one.before), wording.full_value(one.after)
    way = wording.percent(one.after.progress) if one.after.progress is not None else wording.NOTHING
    points = f"{'+' if one.change > 0 else '-'}{wording.percent(abs(one.change)).removesuffix(' %')} points"
    return f"- {sign} {escape(title(one.after.node))}: {escape(before)} → {escape(after)}, {way} of the way ({points})"


def _kpi(one: KpiStatus) -> str:
    alarm = f", {escape(kpi.alarm_text(one))}" if one.alarm else ""
    sign, moved = kpis.SIGNS.get(one.trend or "", "⚪"), escape(kpi.change_with_trend(one.change, one.trend))
    return f"- {sign} KPI {escape(title(one.kpi))}: {escape(kpi.value(one))} ({moved}){alarm}"


def title(node: Node) -> str:
    """The title of a thing, else its id."""
    return node.model.title or node.id


def _changed(result: PeriodReport) -> Iterator[str]:
    agreed = result.card.agreed
    found = [] if agreed is None else agreed.differences if result.is_full else agreed.goalpost_moves
    if agreed is not None and found:
        shown = found if result.is_full else found[:MAX_ITEMS]
        score = f"By what was agreed the score is {wording.score(agreed.score)}."
        lines = [f"## What changed since the agreement of {agreed.day}", "", score, ""]
        lines += [_difference(one, result) for one in shown]
        lines += [f"- and {len(found) - len(shown)} more"] if len(found) > len(shown) else []
        yield "\n".join(lines)


def _difference(one: BaselineDifference, result: PeriodReport) -> str:
    name = one.ref.removeprefix(f"{result.card.period.id}/")
    return (
        f"- {code_span(name)} {escape(describe.describe_change(one.kind, one.field, one.agreed, one.now, one.effect))}"
    )


def _alignment(result: PeriodReport) -> Iterator[str]:
    drawn = mermaid.alignment_diagram(result.alignment_tree)
    if drawn:
        yield f"## Who supports whom\n\n{drawn}"


def _everything(result: PeriodReport) -> Iterator[str]:
    yield "## Scorecard"
    yield from scorecard.card(result.card)
    if result.kpi_overview.statuses:
        yield "## KPIs"
        yield kpis.overview(result.kpi_overview)
        yield from (kpis.attribution(one.attribution) for one in result.kpi_stories)
    if result.impact.hypotheses:
        yield kpis.impact(result.impact)
    yield from (f"- {escape(line)}" for line in result.notes)
    if result.link_base:
        yield "## Files\n\n" + "\n".join(_files(result))


def _files(result: PeriodReport) -> Iterator[str]:
    for one in result.card.objectives:
        path, line = result.location(one.node)
        yield f"- {escape(title(one.node))}: [{escape(path)}]({address(result.link_base or '', path, line)})"


def address(base: str, path: str, line: int) -> str:
    """Where a forge shows a line of a file."""
    return f"{quote(base, safe=':/?&=%~+@-._')}{quote(path)}#L{line}"
