"""The scorecard of a period in HTML: the teams in a table, then every objective with its course and key results."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction

from okrctl.analysis import trajectory
from okrctl.analysis.period_report import PeriodReport
from okrctl.analysis.trajectory import Trajectory
from okrctl.outputs.html import charts, markup
from okrctl.outputs.html.markup import chip, name, text
from okrctl.outputs.terminal import UNICODE
from okrctl.outputs.text import scorecard
from okrctl.scoring.scorecard import KeyResultScore, ObjectiveScore, TeamScore

COLUMNS = (
    ("Key result", ""), ("Value", "v"), ("Gone, and expected", "p"), ("Score", "n"), ("Status", "st"),
    ("Confidence", "n cf"),
    ("Course", "c"),
)  # fmt: skip
SORTS = (
    ("written", "As written"), ("score", "Lowest score first"), ("gap", "Furthest behind first"), ("title", "By title"),
)  # fmt: skip


def teams(result: PeriodReport) -> str:
    """A line for each team: how far it has come, and where it is expected."""
    heads = (("Team", ""), ("Gone, and expected", "w"), ("Score", "n"), ("Band", ""), ("Key results", ""))
    rows = (_team_row(one) for one in result.card.teams)
    return markup.table("The mark in a bar is where its team is expected to be.", heads, rows, "stack")


def _team_row(team: TeamScore) -> str:
    gone = _gone(team.score, trajectory.expected_of_objectives(team.objectives))
    counted = text(scorecard.measured_count(team.measured_count, team.key_result_count))
    score = (scorecard.score(team.score), "n sc")
    return markup.row(_team_name(team), [(gone, "p"), score, (chip(team.band), ""), (counted, "")])


def _team_name(team: TeamScore) -> str:
    return "Company" if team.team == team.name == "company" else name(team.name)


def _gone(progress: Fraction | None, expected: Fraction | None) -> str:
    if progress is None:
        return "" if expected is None else f"{scorecard.percent(expected)} expected"
    said = f'<span class="gone">{scorecard.percent(progress)}</span> '
    said += f'<span class="small">{scorecard.percent(expected)} expected</span>' if expected is not None else ""
    return charts.progress_bar(progress, expected) + said


def objectives(result: PeriodReport) -> str:
    """All objectives, team by team, below what they can be filtered by."""
    parts = [_filters(result)] if any(one.objectives for one in result.card.teams) else []
    return "\n".join([*parts, *(team(one, result) for one in result.card.teams if one.objectives)])


def team(one: TeamScore, result: PeriodReport) -> str:
    """The objectives of a team, each with its course and its key results."""
    figures = f'<span class="meta">score {scorecard.score(one.score)}</span>'
    articles = "\n".join(_objective(objective, result) for objective in one.objectives)
    head = f"<h3>{_team_name(one)} {figures}</h3>"
    return f'<section class="team" data-team="{text(one.team)}">{head}\n{articles}</section>'


def _filters(result: PeriodReport) -> str:
    """The controls, which the script brings to light."""
    results = [kr for one in result.card.objectives for kr in one.key_results]
    owners = {one.node.owner for one in result.card.objectives} | {one.node.owner for one in results}
    statuses = {one.status for one in result.card.objectives} | {one.status for one in results}
    named = sorted(
        ((owner, result.owner_name(owner)) for owner in owners if owner), key=lambda pair: pair[1].casefold()
    )
    choices = [
        _choice("f-team", "Team", [(one.team, one.name) for one in result.card.teams]),
        _choice("f-owner", "Owner", named),
        _choice("f-status", "Status", [(status, status) for status in sorted(filter(None, statuses))]),
        '<div><label for="f-text">Words</label><input id="f-text" type="search" autocomplete="off"></div>',
        _choice("f-sort", "Order", SORTS, everything=False),
        '<button id="f-clear" type="button">Show all</button><output id="f-count" aria-live="polite"></output>',
    ]
    return f'<div class="filters" id="filters" role="search" aria-label="Objectives" hidden>{"".join(choices)}</div>'


def _choice(id: str, label: str, choices: Iterable[tuple[str, str]], everything: bool = True) -> str:
    pairs = [*([("", "All")] if everything else []), *choices]
    options = "".join(f'<option value="{text(value)}">{text(said)}</option>' for value, said in pairs)
    return f'<div><label for="{id}">{label}</label><select id="{id}">{options}</select></div>'


def _objective(one: ObjectiveScore, result: PeriodReport) -> str:
    node = one.node
    expected = trajectory.expected_of_key_results(one.key_results)
    gap = (expected or Fraction(0)) - (one.score or Fraction(0))
    data = (
        f' data-owner="{text(node.owner or "")}" data-status="{text(one.status or "")}"'
        f' data-score="{_hundredths(one.score, 1000)}" data-gap="{_hundredths(gap, 0)}"'
    )
    results = _results(one, result)
    top = f'<div class="top"><div>{_about(one, result)}</div>{_course(one, result)}</div>'
    return f"<article{data}>{top}{results}</article>"


def _hundredths(share: Fraction | None, otherwise: int) -> int:
    return otherwise if share is None else int(share * 100)


def _about(one: ObjectiveScore, result: PeriodReport) -> str:
    node = one.node
    path, line = result.location(node)
    title = f"<h4>{name(node.model.title or node.id)}</h4>"
    said = [name(result.owner_name(node.owner))] if node.owner else []
    said += [text(one.ambition)] + ([f"supports {text(node.model.parent)}"] if node.model.parent else [])
    meta = f'<p class="meta">{" · ".join(said)} · {markup.link(result.link_base, path, line)}</p>'
    figures = f'<p class="big">{scorecard.score(one.score)} {chip(one.band)} {chip(one.status or one.state)}</p>'
    return title + meta + figures + _words(one)


def _words(one: ObjectiveScore) -> str:
    model = one.node.model
    found = [f"decided by {one.decided_by}"] if one.decided_by else []
    found += [one.verdict] if one.verdict and one.verdict != one.status else []
    found += [f"outcome {model.outcome}"] if model.outcome else []
    found += (
        [scorecard.measured_count(one.measured_count, one.key_result_count)]
        if one.measured_count < one.key_result_count
        else []
    )
    found += [scorecard.confidence(one)] if one.confidence is not None else []
    found += scorecard.manual_score_notes(one) + (scorecard.exclusion_notes(one) if one.state != "active" else [])
    lines = [f'<p class="meta">{text("; ".join(found))}</p>'] if found else []
    lines += [f'<p class="meta">{name(said)}</p>' for said in (model.why, model.retrospective) if said]
    return "".join(lines)


def _course(one: ObjectiveScore, result: PeriodReport) -> str:
    trace = result.trajectories.get(one.node.ref)
    return figure(trace, result, "Score") if trace and one.state == "active" else ""


def figure(trace: Trajectory, result: PeriodReport, what: str, legend: str = "") -> str:
    """A course with its days below, and its figures in words for whom does not see it."""
    if not trace.actual:
        return ""
    day = min(result.card.as_of, trace.last)
    first, last = trace.actual[0], trace.actual[-1]
    label = f"{what} over time: {scorecard.score(first[1])} on {first[0]}, {scorecard.score(last[1])} on {last[0]}"
    drawn = charts.score_chart(trace, day, label + ("; the dashed line is the way expected" if trace.expected else ""))
    between = f"<span>{legend}</span>" if legend else ""
    ends = f"<span>{trace.first}</span>{between}<span>{trace.last}</span>"
    return f"<figure>{drawn}<figcaption>{ends}</figcaption></figure>" if drawn else ""


def _results(one: ObjectiveScore, result: PeriodReport) -> str:
    if not one.key_results:
        return '<p class="soft">No key results.</p>'
    title = name(one.node.model.title or one.node.id)
    ordered = sorted(one.key_results, key=lambda kr: (kr.state != "active", kr.guardrail))
    rows = (_key_result(kr, result) for kr in ordered)
    return markup.table(f"Key results of {title}", COLUMNS, rows, "stack quiet")


def _key_result(one: KeyResultScore, result: PeriodReport) -> str:
    owner = one.node.owner
    standing = scorecard.status_text(one)
    kind = "<small>guardrail</small>" if one.guardrail else ""
    remarks = "".join(f"<small>{text(remark)}</small>" for remark in scorecard.remarks(one))
    way = f"<small>{text(scorecard.target_range(one, UNICODE))}</small>"
    beyond = scorecard.progress_beyond_score(one)
    score = "" if one.guardrail else scorecard.score(one.score) + (f"<small>{beyond}</small>" if beyond else "")
    belief = "" if one.confidence is None else text(scorecard.amount(one.confidence))
    small = [name(result.owner_name(owner))] if owner else []
    small += [markup.line(result.link_base, *result.location(one.node))] if result.link_base else []
    head = name(one.node.model.title or one.node.id) + (f"<small>{' · '.join(small)}</small>" if small else "")
    progress = _gone(one.progress, one.expected) if not one.node.measure.has_bounds else ""
    cells = [
        (text(scorecard.value(one)) + way, ""), (progress, "p"), (score, "n sc"),
        (chip(standing) + kind + remarks, ""), (belief, "n cf"), (_spark(one, result), "c"),
    ]  # fmt: skip
    data = f' data-owner="{text(owner or "")}" data-status="{text(one.status or "")}"'
    return markup.row(head, cells, data)


def _spark(one: KeyResultScore, result: PeriodReport) -> str:
    trace = result.trajectories.get(one.node.ref)
    if trace is None or not trace.actual or one.node.measure.records == "date":
        return ""
    number = len(trace.actual)
    return charts.reading_chart(
        trace, f"Course: {number} value{'' if number == 1 else 's'}, now {scorecard.full_value(one)}"
    )


def tally(result: PeriodReport) -> Iterator[str]:
    """How many key results have which status."""
    found = [kr.status for one in result.card.objectives for kr in one.key_results if kr.status]
    for status in sorted(set(found), key=lambda word: -found.count(word)):
        yield f"<li>{chip(status).replace('>', f'>{found.count(status)} ', 1)}</li>"
