"""Shows one objective or key result in full, with a chart of its readings."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal

from okrctl.analysis.detail import Curve, Detail
from okrctl.outputs import json
from okrctl.outputs.documents import CurvePoint, GoalDocument
from okrctl.outputs.grid import Cell, fold_text, heading, layout_row
from okrctl.outputs.plot import Plot, draw_plot, value_range
from okrctl.outputs.terminal import TerminalStyle, paint, sanitize
from okrctl.outputs.text import scorecard
from okrctl.outputs.views import hypotheses
from okrctl.outputs.views.scorecard import key_result_data, objective_data, period_data
from okrctl.outputs.views.scorecard_table import key_result_lines
from okrctl.scoring.scorecard import KeyResultScore, ObjectiveScore

LABEL = 14
CHART_WIDTH = 100  # where the terminal has no width
Fact = tuple[str, str]


def render(result: Detail, format: Literal["table", "json"], style: TerminalStyle) -> str:
    """An objective or a key result in a format."""
    match format:
        case "table":
            return _table(result, style)
        case "json":
            return json.document(data(result))


def data(result: Detail) -> GoalDocument:
    """The node as in a scorecard, with its readings, its values over time and the expected ones."""
    scored = result.key_result
    return {
        "ref": (scored or result.objective).node.ref,
        "period": period_data(result.card),
        "as_of": result.card.as_of,
        "path": result.path,
        "line": result.line,
        "objective": None if scored else objective_data(result.objective),
        "key_result": key_result_data(scored) if scored else None,
        "supporters": [supporter.ref for supporter in result.supporters],
        "hypotheses": [hypotheses.data(each) for each in result.hypotheses],
        "readings": [
            {
                "date": reading.day,
                "value": reading.value,
                "confidence": reading.confidence,
                "forecast": reading.forecast,
                "note": reading.note,
                "source": reading.source,
            }
            for reading in result.readings
        ],
        "course": _curve(result.actual),
        "expected": _curve(result.expected),
    }


def _curve(curve: Curve) -> list[CurvePoint]:
    return [{"date": day, "value": value} for day, value in curve]


def _table(result: Detail, style: TerminalStyle) -> str:
    """Title and name, one fact per line, the chart, then readings or key results."""
    scored = result.key_result
    node = (scored or result.objective).node
    lines = list(heading(sanitize(scorecard.title(node)), node.ref, style))
    for label, text in (*(_key_result_facts(scored, result, style) if scored else _objective_facts(result)),
                        *_shared_facts(result)):  # fmt: skip
        lines += _fact_lines(label, text, style) if text else []
    if scored:
        blocks = [lines, _chart(scored, result, style), list(_readings(result, scored, style))]
    else:
        results = list(key_result_lines(result.objective, result.card, style))
        blocks = [lines, results, list(_initiatives(result.objective, style))]
    return "\n\n".join("\n".join(block) for block in blocks if block) + "\n"


def _fact_lines(label: str, text: str, style: TerminalStyle) -> Iterator[str]:
    parts = fold_text(text, max(style.width - LABEL, 20)) if style.width else [text]
    for number, part in enumerate(parts):
        yield paint(f"{'' if number else label:{LABEL}}", "dim", style) + part


def _key_result_facts(result: KeyResultScore, detail: Detail, style: TerminalStyle) -> Iterator[Fact]:
    node, model = result.node, result.node.model
    yield "score", "  ".join(filter(None, (scorecard.score(result.score, result.precision), _progress(result))))
    yield "status", ", ".join(filter(None, (scorecard.status_text(result), scorecard.confidence(result))))
    on = f" on {result.value_date}" if result.value_date and node.measure.records != "date" else ""
    yield "value", f"{scorecard.full_value(result)}{on}"
    yield "range", scorecard.target_range(result, style.glyphs)
    yield from (("", remark) for remark in scorecard.remarks(result))
    yield "projected", "" if result.projection else scorecard.projected_range(result)
    for label, text in node.measure.facts(model, scorecard.amount):
        yield label, sanitize(text)
    yield "due", str(result.due) if result.due != detail.card.period.end else ""
    priority = "" if model.priority is None else f"priority {model.priority}"
    weight = "" if result.weight == 1 else f"weight {scorecard.amount(result.weight)}"
    yield "owner", ", ".join(filter(None, (sanitize(node.owner or ""), priority, weight)))
    yield from _source_facts(model)


def _source_facts(model: Any) -> Iterator[Fact]:
    """What a key result guards, where its values come from, and how its target was amended."""
    yield "guards", "all" if model.guards == "all" else ", ".join(model.guards or ())
    yield "reads", f"KPI {model.kpi}" if getattr(model, "kpi", None) else ""
    rollup = getattr(model, "rollup", None)
    yield "rolls up", sanitize(f"{rollup.method} of {', '.join(rollup.members)}") if rollup else ""
    for amendment in model.amended:
        was = ", ".join(f"{key} {value}" for key, value in amendment.was.items())
        yield "amended", sanitize(f"{amendment.date} by {amendment.by}, was {was}: {amendment.reason}")


def _progress(result: KeyResultScore) -> str:
    if result.node.measure.has_bounds:
        return ""
    parts = scorecard.progress_parts(result.progress, result.computed, result.expected, result.precision, " complete")
    return ", ".join(parts)


def _objective_facts(result: Detail) -> Iterator[Fact]:
    objective, model = result.objective, result.objective.node.model
    score = scorecard.score_with_band(objective)
    yield "score", f"{score}, {scorecard.measured_count(objective)}"
    confidence = f", {scorecard.confidence(objective)}" if objective.confidence is not None else ""
    yield "status", scorecard.objective_status_text(objective) + confidence
    yield from (("", note) for note in scorecard.manual_score_notes(objective))
    yield "why", sanitize(model.why or "")
    contributors = f", with {', '.join(model.contributors)}" if model.contributors else ""
    yield "owner", sanitize(f"{model.owner or ''}{contributors}")
    yield "ambition", objective.ambition
    yield "parent", sanitize(model.parent or "")
    yield "KPIs", ", ".join(model.kpis)
    for each in result.hypotheses:
        yield "hypothesis", hypotheses.summary(each)
    yield "learned", sanitize(model.retrospective or "")


def _shared_facts(result: Detail) -> Iterator[Fact]:
    model = (result.key_result or result.objective).node.model
    if model.state != "active":
        yield "state", sanitize(": ".join(filter(None, (model.state, model.reason))))
    yield "description", sanitize(model.description or "")
    yield "carried from", sanitize(getattr(model, "carried_from", None) or "")
    yield "tags", sanitize(", ".join(model.tags))
    yield "links", sanitize(" ".join(model.links))
    yield "supported by", ", ".join(supporter.ref for supporter in result.supporters)
    yield "file", f"{sanitize(result.path)}:{result.line}"


def _chart(scored: KeyResultScore, result: Detail, style: TerminalStyle) -> list[str]:
    found = scored.projection
    projected = (found.low, found.value, found.high) if found else ()
    ends = value_range(result.actual, result.expected, (*result.bounds, *projected))
    if not ends or not result.actual:
        return []
    low, high = (scorecard.amount(end, scored.unit) for end in ends)
    first, last = scored.series.first, scored.series.last
    plot = Plot(first, last, result.actual, result.expected, result.bounds, projected, (low, high))
    return draw_plot(plot, style.width or CHART_WIDTH, style.glyphs)


def _readings(result: Detail, scored: KeyResultScore, style: TerminalStyle) -> Iterator[str]:
    for reading in result.readings:
        value = "" if reading.value is None else scorecard.amount(reading.value.number, scored.unit)
        confidence = "" if reading.confidence is None else f"confidence {scorecard.amount(reading.confidence)}"
        forecast = "" if reading.forecast is None else f"forecast {scorecard.amount(reading.forecast.number)}"
        text = ", ".join(filter(None, (confidence, forecast, sanitize(reading.note or ""))))
        cells = [Cell(str(reading.day), "dim"), Cell(value, "bold", right=True), Cell(text)]
        yield from layout_row(cells, [10, 14, max((style.width or 0) - 28, 20)], style)


def _initiatives(objective: ObjectiveScore, style: TerminalStyle) -> Iterator[str]:
    """The initiatives, which are never scored."""
    for initiative in objective.node.model.initiatives:
        mark = style.glyphs.done if initiative.done else style.glyphs.open
        count = f"{initiative.count[0]}/{initiative.count[1]}" if initiative.count else ""
        moves = f"moves {', '.join(initiative.moves)}" if initiative.moves else ""
        parts = (sanitize(part) for part in (count, initiative.owner or "", moves) if part)
        title = Cell(sanitize(initiative.title), tail=f" {style.glyphs.bullet} ".join(parts))
        yield from layout_row([Cell(mark), title], [1, max((style.width or 0) - 3, 20)], style)
