"""A report on a period as one page of HTML, the most important first."""

from __future__ import annotations

from collections.abc import Iterator

from okrctl.analysis import trajectory
from okrctl.analysis.alignment import TreeNode
from okrctl.analysis.attention import AttentionItem
from okrctl.analysis.period_report import PeriodReport, ProgressMove
from okrctl.history.diff import describe
from okrctl.outputs.html import frame, kpis, markup, scorecard
from okrctl.outputs.html.markup import chip, name, text
from okrctl.outputs.text import scorecard as wording
from okrctl.scoring.scorecard import BaselineDifference

MOST_MOVES = 8
MOST_NEEDS = 40
SHORT = {
    "teams": "Scorecard", "attention": "Attention", "moved": "Moves", "objectives": "Objectives",
    "alignment": "Alignment", "kpis": "KPIs", "hypotheses": "Hypotheses", "changed": "Changes",
}  # fmt: skip


def page(result: PeriodReport, home: str = "") -> str:
    """The whole page; `home` is the way to a page that leads on."""
    parts = list(_sections(result))
    links = "".join(f'<li><a href="#{id}">{SHORT[id]}</a></li>' for id, _, _ in parts)
    back = f'<li><a href="{text(home)}">All periods</a></li>' if home else ""
    nav = f'<nav aria-label="Contents"><ul>{back}{links}</ul></nav>'
    main = "\n".join(markup.section(id, title, inner) for id, title, inner in parts)
    scripted = any(team.objectives for team in result.card.teams)
    return frame.page(heading(result), _header(result) + nav, main, scripted=scripted)


def heading(result: PeriodReport) -> str:
    """Whose period it is."""
    return ": ".join(part for part in (result.organisation or "", result.card.period.id) if part)


def _header(result: PeriodReport) -> str:
    card = result.card
    expected = trajectory.expected_of_period(card)
    share = f", {wording.percent(expected)} of the way expected" if expected is not None else ""
    when = f"{card.period.start} to {card.period.end}, as of {card.as_of}, {wording.period_state(card)}"
    trace = result.trajectories.get(card.period.id)
    drawn = scorecard.figure(trace, result, "Score of the period", "dashed: the way expected") if trace else ""
    counted = f"{wording.measured_count(card.measured_count, card.key_result_count)}{share}"
    score = f'<p class="score">{wording.score(card.score)}{chip(card.band)}</p>'
    tally = "".join(scorecard.tally(result))
    left = f'<div>{score}<p class="soft">{text(counted)}</p><ul class="tally">{tally}</ul></div>'
    return f'<h1>{name(heading(result))}</h1><p class="soft">{text(when)}</p><div class="lead">{left}{drawn}</div>\n'


def _sections(result: PeriodReport) -> Iterator[tuple[str, str, str]]:
    yield "teams", "Scorecard", scorecard.teams(result)
    yield "attention", "What needs attention", _attention(result)
    yield "moved", f"What moved since {result.since}", _moved(result.moves)
    yield "objectives", "Objectives", scorecard.objectives(result)
    yield "alignment", "Who supports whom", _forest(result.alignment_tree.roots)
    yield "kpis", "KPIs", "\n".join([kpis.board(result), *map(kpis.story, result.kpi_stories)])
    if result.impact.hypotheses:
        yield "hypotheses", "Hypotheses", kpis.hypotheses(result)
    yield "changed", "What changed since the agreement", _changed(result)


def _attention(result: PeriodReport) -> str:
    if not result.attention:
        return f"<p>Nothing needs a person on {result.card.as_of}.</p>"
    decisions = _needs(result.decisions, result) or "<p>Nothing needs a decision.</p>"
    if not result.reminders:
        return decisions
    title = f"Waiting for a reading: {len(result.reminders)}"
    return f"{decisions}\n<details><summary>{title}</summary>{_needs(result.reminders, result)}</details>"


def _needs(found: list[AttentionItem], result: PeriodReport) -> str:
    more = f'<p class="soft">and {len(found) - MOST_NEEDS} more: okrctl status</p>' if len(found) > MOST_NEEDS else ""
    shown = "".join(_needed(one, result) for one in found[:MOST_NEEDS])
    return f'<ul class="plain">{shown}</ul>{more}' if shown else ""


def _needed(one: AttentionItem, result: PeriodReport) -> str:
    owner = f" · {name(result.owner_name(one.owner))}" if one.owner else ""
    small = f'<span class="small"><code>{text(one.next)}</code>{owner}</span>'
    return f"<li><div>{chip(one.status)}</div><div>{name(one.title)}: {name(one.why)}{small}</div></li>"


def _moved(moves: list[ProgressMove]) -> str:
    if not moves:
        return "<p>No key result moved.</p>"
    ups, downs = [one for one in moves if one.change > 0], [one for one in moves if one.change < 0]
    both = ups and downs
    lists = [_moves(ones, both) for ones in (ups, downs) if ones]
    return f'<div class="two">{"".join(lists)}</div>' if both else lists[0]


def _moves(ones: list[ProgressMove], both: object) -> str:
    """Moves of one direction, the greatest first; in two columns where those of the other need no room."""
    title = "Forwards" if ones[0].change > 0 else "Backwards"
    more = f'<p class="soft">and {len(ones) - MOST_MOVES} more</p>' if len(ones) > MOST_MOVES else ""
    kind = "plain" if both else "plain moves"
    return f'<div><h3>{title}</h3><ul class="{kind}">{"".join(map(_move, ones[:MOST_MOVES]))}</ul>{more}</div>'


def _move(one: ProgressMove) -> str:
    points = wording.percent(abs(one.change)).removesuffix(" %")
    sign = "+" if one.change > 0 else "-"
    before, after = wording.full_value(one.before), wording.full_value(one.after)
    node = one.after.node
    said = f'<span class="small">{text(before)} → {text(after)}</span>'
    return f"<li><div>{sign}{points} points</div><div>{name(node.model.title or node.id)}{said}</div></li>"


def _forest(trees: list[TreeNode]) -> str:
    if not trees:
        return '<p class="soft">No objectives.</p>'
    return f'<ul class="tree">{"".join(map(_tree, trees))}</ul>'


def _tree(branch: TreeNode) -> str:
    one = branch.objective
    period = f", {text(one.node.period.id)}" if branch.children and branch.parent_ref is None else ""
    head = f"{wording.score(one.score)} {chip(one.band)} {name(one.node.model.title or one.node.id)}"
    inner = "".join(map(_tree, branch.children))
    small = f' <span class="soft">{text(one.node.team)}{period}</span>'
    return f"<li>{head}{small}{f'<ul>{inner}</ul>' if inner else ''}</li>"


def _changed(result: PeriodReport) -> str:
    agreed = result.card.agreed
    lines = "".join(f"<p>{name(line)}</p>" for line in result.notes)
    if agreed is None:
        return lines or '<p class="soft">Nothing is known of an agreement.</p>'
    said = f"Agreed on {agreed.day} ({agreed.commit[:10]}); by that the score is {wording.score(agreed.score)}."
    if not agreed.differences:
        return f"<p>{text(said)} Nothing has changed since.</p>{lines}"
    heads = (("What", ""), ("Change", ""), ("Effect", ""))
    rows = (_difference(one, result) for one in agreed.differences)
    return markup.table(text(said), heads, rows, "stack") + lines


def _difference(one: BaselineDifference, result: PeriodReport) -> str:
    sentence = describe.describe_change(one.kind, one.field, one.agreed, one.now, None)
    cells = [(name(sentence), ""), (chip(one.effect), "")]
    return markup.row(text(one.ref.removeprefix(f"{result.card.period.id}/")), cells)
