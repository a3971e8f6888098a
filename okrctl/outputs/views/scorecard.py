"""Shows scorecards: as a table, as Markdown, as JSON, and as CSV for spreadsheets."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Any, Literal

from okrctl.outputs import csv, json
from okrctl.outputs.documents import (
    AgreedData,
    AgreedDifference,
    KeyResultData,
    ObjectiveData,
    PeriodData,
    ProjectionData,
    ScorecardDocument,
    ScorecardsDocument,
    Totals,
)
from okrctl.outputs.markdown import code_span, escape
from okrctl.outputs.terminal import UNICODE, TerminalStyle
from okrctl.outputs.text import scorecard
from okrctl.outputs.views import scorecard_table
from okrctl.scoring.scorecard import (
    BaselineScore,
    KeyResultScore,
    ObjectiveScore,
    Scorecard,
    Scorecards,
    ScoreComparison,
    TeamScore,
)
from okrctl.values.quantity import Quantity, to_json

BAND_SIGNS = {"green": "🟢", "yellow": "🟡", "red": "🔴"}
CSV_COLUMNS = (
    "period", "as_of", "level", "ref", "team", "title", "owner", "state", "score", "computed", "by_hand", "band",
    "verdict", "status", "decided_by", "measured", "key_results", "weight", "measure", "from", "to", "at_least",
    "at_most", "unit", "value", "value_date", "progress", "expected", "confidence", "guardrail", "priority", "due",
)  # fmt: skip


def render(
    result: Scorecards,
    format: Literal["table", "markdown", "csv", "json"],
    style: TerminalStyle,
    with_ids: bool = False,
) -> str:
    """Scorecards in a format; on a terminal with ids in place of titles where these are asked for."""
    match format:
        case "table":
            return scorecard_table.table(result, style, with_ids)
        case "markdown":
            return _markdown(result)
        case "csv":
            return csv.document(CSV_COLUMNS, (row for card in result.cards for row in _csv_rows(card)))
        case "json":
            return json.document(data(result))


def _markdown(result: Scorecards) -> str:
    """Each period with a table per team; several compared periods in one table, with the change."""
    if result.comparison:
        blocks = [_heading(card) for card in result.cards] + [_comparison(result, result.comparison)]
    else:
        blocks = ["\n\n".join(markdown_blocks(card)) for card in result.cards]
    notes = (*scorecard_table.what_if_notes(result), *result.notes)
    return "\n\n".join([*blocks, *map(escape, notes)]) + "\n"


def _heading(card: Scorecard) -> str:
    period = card.period
    title = f"{escape(period.id)}: {period.start} to {period.end}"
    return f"### {title}\n\nAs of {card.as_of}, {scorecard.period_state(card)}."


def markdown_blocks(card: Scorecard) -> Iterator[str]:
    """The blocks of one period: a heading, a table per team, the mean."""
    yield _heading(card)
    for team in card.teams:
        yield f"#### {escape(scorecard.team_name(team))}: {_summary(team)}"
        if team.objectives:
            head = "| | Value | From → to | Score | Status | Confidence |\n|---|--:|---|--:|---|--:|"
            yield "\n".join([head, *_markdown_rows(team)])
    yield f"**Mean of the teams: {_summary(card)}**"


def _summary(scored: TeamScore | Scorecard) -> str:
    return f"{signed_score(scored)}, {scorecard.measured_count(scored)}"


def signed_score(scored: Scorecard | TeamScore | ObjectiveScore) -> str:
    """A score with its band, as a sign and in words."""
    text = scored.precision.score(scored.score)
    return f"{text} {BAND_SIGNS[scored.band]} {scored.band}" if scored.band else text


def _markdown_rows(team: TeamScore) -> Iterator[str]:
    last: list[KeyResultScore] = []
    for objective in team.objectives:
        if objective.state == "active":
            yield _markdown_objective(objective)
            for result in objective.key_results:
                if result.state == "active" and not result.guardrail:
                    yield _markdown_key_result(result)
                else:
                    last.append(result)
    for result in last:
        yield _markdown_key_result(result, result.state if result.state != "active" else "guardrail")
    for objective in team.objectives:
        if objective.state != "active":
            reason = escape("; ".join([objective.state, *scorecard.exclusion_notes(objective)]))
            yield f"| {_goal(objective)} | | | - | {reason} | |"


def _goal(scored: ObjectiveScore | KeyResultScore) -> str:
    return f"{escape(scorecard.title(scored.node))} {code_span(scored.node.id)}"


def _markdown_objective(objective: ObjectiveScore) -> str:
    title, name = escape(scorecard.title(objective.node)), code_span(objective.node.id)
    status = "; ".join([scorecard.objective_status_text(objective), *scorecard.manual_score_notes(objective)])
    score = signed_score(objective)
    return f"| **{title}** {name} | | | **{score}** | {escape(status)} | |"


def _markdown_key_result(result: KeyResultScore, mark: str = "") -> str:
    title = _goal(result) + (f" ({mark})" if mark else "")
    score = "" if result.guardrail else scorecard.score(result.score, result.precision)
    scores = (score, scorecard.progress_beyond_score(result))
    status = "; ".join([scorecard.status_text(result), *scorecard.remarks(result)])
    confidence = "" if result.confidence is None else scorecard.amount(result.confidence)
    cells = (
        escape(scorecard.value(result)),
        escape(scorecard.target_range(result, UNICODE)),
        " ".join(filter(None, scores)),
        escape(status),
        confidence,
    )
    return f"| – {title} | {' | '.join(cells)} |"


def _comparison(result: Scorecards, whole: ScoreComparison) -> str:
    names = [escape(card.period.id) for card in result.cards]
    lines = [f"| | {' | '.join(names)} | change |", f"|---|{'--:|' * (len(names) + 1)}"]
    for team in whole.children:
        name = "Company" if team.id == team.title == "company" else escape(team.title)
        lines.append(_comparison_row(team, f"**{name}**"))
        for objective in team.children if result.level != "team" else ():
            lines.append(_comparison_row(objective, f"{escape(objective.title)} {code_span(objective.id)}"))
            for part in objective.children if result.level == "key-result" else ():
                lines.append(_comparison_row(part, f"– {escape(part.title)} {code_span(part.id)}"))
    return "\n".join([*lines, _comparison_row(whole, "**Mean of the teams**")])


def _comparison_row(compared: ScoreComparison, title: str) -> str:
    scores = [scorecard.score(score, compared.precision) for score in compared.scores]
    return f"| {title} | {' | '.join([*scores, scorecard.score_change(compared.change)])} |"


def data(result: Scorecards) -> ScorecardDocument | ScorecardsDocument:
    """One scorecard as an object, several under `periods`."""
    if result.is_single:
        return card_data(result.cards[0])
    return {"periods": [card_data(card) for card in result.cards]}


def period_data(card: Scorecard) -> PeriodData:
    """A period with its dates and whether it is ahead, running or over."""
    return {"id": card.period.id, "start": card.period.start, "end": card.period.end, "state": card.state}


def card_data(card: Scorecard) -> ScorecardDocument:
    """The scorecard of one period."""
    return {
        "period": period_data(card),
        "as_of": card.as_of,
        "known_at": card.known_at,
        **_totals(card),
        "agreed": _baseline_data(card.agreed) if card.agreed else None,
        "teams": [
            {"team": team.team, **_totals(team), "objectives": [objective_data(each) for each in team.objectives]}
            for team in card.teams
        ],
    }


def _totals(scored: Scorecard | TeamScore) -> Totals:
    return {
        "score": scored.score,
        "band": scored.band,
        "pace": scored.pace,
        "at_risk": scored.at_risk,
        "measured": scored.measured_count,
        "key_results": scored.key_result_count,
    }


def _baseline_data(baseline: BaselineScore) -> AgreedData:
    differences: list[AgreedDifference] = [
        {"ref": each.ref, "field": each.field, "agreed": each.agreed, "now": each.now, "effect": each.effect}
        for each in baseline.differences
    ]
    return {"commit": baseline.commit, "score": baseline.score, "differences": differences}


def objective_data(objective: ObjectiveScore) -> ObjectiveData:
    """An objective with its key results."""
    model = objective.node.model
    return {
        "ref": objective.node.ref,
        "id": objective.node.id,
        "title": model.title,
        "owner": model.owner,
        "ambition": objective.ambition,
        "state": objective.state,
        "weight": objective.weight,
        "score": objective.score,
        "computed": objective.computed,
        "by_hand": objective.by_hand,
        "band": objective.band,
        "pace": objective.pace,
        "at_risk": objective.at_risk,
        "verdict": objective.verdict,
        "status": objective.status,
        "decided_by": objective.decided_by,
        "outcome": model.outcome,
        "measured": objective.measured_count,
        "parent": objective.parent,
        "key_results": [key_result_data(result) for result in objective.key_results],
    }


def key_result_data(result: KeyResultScore) -> KeyResultData:
    """A key result."""
    node, model = result.node, result.node.model
    low, high = _bounds(result)
    written = node.measure.written_start(model)
    start = written.number if isinstance(written, Quantity) else result.series.start
    # Without a baseline nothing follows from the newest value, but it is known.
    points = result.series.points if isinstance(written, str) and result.value is None else ()
    return {
        "ref": node.ref,
        "id": node.id,
        "title": model.title,
        "owner": node.owner,
        "measure": node.measure.name,
        "from": start if node.measure.has_range else None,
        "to": result.target,
        "at_least": low,
        "at_most": high,
        "unit": result.unit,
        "value": points[-1].value if points else result.value,
        "value_date": points[-1].original_day if points else result.value_date,
        "progress": result.progress,
        "score": result.score,
        "computed": result.computed,
        "by_hand": result.by_hand,
        "measured": result.measured,
        "counted": result.counted,
        "guardrail": result.guardrail,
        "broken": result.broken,
        "weight": result.weight,
        "priority": model.priority,
        "confidence": result.confidence,
        "due": result.due,
        "expected": result.expected,
        "status": result.status,
        "projected": _projection_data(result),
        "forecast": result.forecast,
        "state": result.state,
    }


def _projection_data(result: KeyResultScore) -> ProjectionData | None:
    found = result.projection
    if found is None:
        return None
    return {"value": found.value, "progress": found.progress, "low": found.low, "high": found.high}


def _bounds(result: KeyResultScore) -> tuple[Fraction | None, Fraction | None]:
    return result.node.measure.bounds(result.node.model)


def _csv_rows(card: Scorecard) -> Iterator[dict[str, Any]]:
    """One row per line of the scorecard; numbers as in JSON."""
    common = {"period": card.period.id, "as_of": card.as_of}
    yield {**common, "level": "period", "ref": card.period.id, **_csv_totals(card)}
    for team in card.teams:
        ref = f"{card.period.id}/{team.team}"
        yield {**common, "level": "team", "ref": ref, "team": team.team, **_csv_totals(team)}
        for objective in team.objectives:
            yield common | _csv_objective(objective)
            yield from (common | _csv_key_result(result) for result in objective.key_results)


def _csv_totals(scored: Scorecard | TeamScore) -> dict[str, Any]:
    return {
        "score": _csv_number(scored.score), "band": scored.band, "measured": scored.measured_count,
        "key_results": scored.key_result_count,
    }  # fmt: skip


def _csv_goal(scored: ObjectiveScore | KeyResultScore) -> dict[str, Any]:
    node = scored.node
    return {
        "ref": node.ref, "title": csv.format_text(node.model.title), "owner": csv.format_text(node.owner),
        "state": scored.state, "score": _csv_number(scored.score), "computed": _csv_number(scored.computed),
        "by_hand": csv.format_boolean(scored.by_hand), "status": scored.status, "weight": _csv_number(scored.weight),
        "confidence": _csv_number(scored.confidence),
    }  # fmt: skip


def _csv_objective(objective: ObjectiveScore) -> dict[str, Any]:
    return {
        **_csv_goal(objective), "level": "objective", "team": objective.node.team, "band": objective.band,
        "verdict": objective.verdict, "decided_by": objective.decided_by, "measured": objective.measured_count,
        "key_results": objective.key_result_count,
    }  # fmt: skip


def _csv_key_result(result: KeyResultScore) -> dict[str, Any]:
    low, high = map(_csv_number, _bounds(result))
    measure = result.node.measure
    return {
        **_csv_goal(result), "level": "key-result", "team": result.node.objective.team,
        "measured": int(result.measured), "measure": measure.name,
        "from": _csv_number(result.series.start) if measure.has_range else "",
        "to": _csv_number(result.target), "at_least": low, "at_most": high, "unit": csv.format_text(result.unit),
        "value": _csv_number(result.value), "value_date": result.value_date, "progress": _csv_number(result.progress),
        "expected": _csv_number(result.expected), "guardrail": csv.format_boolean(result.guardrail),
        "due": result.due, "priority": result.node.model.priority,
    }  # fmt: skip


def _csv_number(value: Fraction | None) -> Any:
    return None if value is None else to_json(value)
