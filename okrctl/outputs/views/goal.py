"""Shows one objective or key result in full, with a chart of its readings."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal

from okrctl.analysis.detail import Curve, Detail
from okrctl.outputs import json
from okrctl.outputs.documents import CurvePoint, GoalDocument
from okrctl.outputs.grid import FACT_LABEL, GAP, Cell, Fact, fact_lines, heading, layout_row
from okrctl.outputs.plot import Plot, draw_plot, framed_bar
from okrctl.outputs.terminal import TerminalStyle, display_width, sanitize
from okrctl.outputs.text import scorecard
from okrctl.outputs.views import hypotheses
from okrctl.outputs.views.scorecard import key_result_data, objective_data, period_data
from okrctl.outputs.views.scorecard_columns import COLORS, Wishes
from okrctl.outputs.views.scorecard_table import key_result_lines
from okrctl.scoring.scorecard import KeyResultScore, ObjectiveScore
from okrctl.workspace import DatedReading

NAMES_OF_VALUES = {"sum": "total", "mean": "mean"}  # by what becomes of several readings
NAMES_OF_SHARES = {"steps": "share of the milestones done", "grades": "grade", "date": "done", "numbers": "value"}


def render(result: Detail, format: Literal["table", "json"], style: TerminalStyle, with_ids: bool = False) -> str:
    """An objective or a key result in a format."""
    match format:
        case "table":
            return _table(result, style, with_ids)
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


def _table(result: Detail, style: TerminalStyle, with_ids: bool) -> str:
    """Title and name, the figures, then the chart and the readings, or the key results and the rest."""
    scored = result.key_result
    node = (scored or result.objective).node
    head = list(heading(sanitize(scorecard.title(node)), node.ref, style))
    if scored:
        facts = [*_key_result_facts(scored, result, style), *_shared_facts(result)]
        blocks = [[*head, *fact_lines(facts, style)], _chart(scored, result, style), list(_readings(result, style))]
    else:
        facts = [*_objective_facts(result), *_shared_facts(result)]
        blocks = [
            [*head, *fact_lines(_objective_figures(result), style)],
            list(key_result_lines(result.objective, result.score_period(), Wishes(result.shorten, with_ids), style)),
            list(fact_lines(facts, style)),
            list(_initiatives(result.objective, style)),
        ]
    return "\n\n".join("\n".join(block) for block in blocks if block) + "\n"


def _key_result_facts(result: KeyResultScore, detail: Detail, style: TerminalStyle) -> Iterator[Fact]:
    node, model = result.node, result.node.model
    status = scorecard.status_text(result)
    color = COLORS.get(status.partition(",")[0], "")
    yield Fact("status", ", ".join(filter(None, (status, scorecard.confidence(result)))), f"bold {color}".strip())
    yield Fact("score", _score_line(result, style), color)
    on = f" on {result.value_date}" if result.value_date and node.measure.records != "date" else ""
    yield Fact("value", f"{scorecard.full_value(result)}{on}", "bold")
    yield Fact("range", scorecard.target_range(result, style.glyphs))
    yield from (Fact("", remark) for remark in scorecard.remarks(result))
    yield Fact("projected", "" if result.projection else scorecard.projected_range(result))
    for label, text in node.measure.facts(model, scorecard.amount):
        yield Fact(label, sanitize(text))
    yield Fact("due", str(result.due) if result.due != detail.card.period.end else "")
    priority = "" if model.priority is None else f"priority {model.priority}"
    weight = "" if result.weight == 1 else f"weight {scorecard.amount(result.weight)}"
    yield Fact("owner", ", ".join(filter(None, (sanitize(node.owner or ""), priority, weight))))
    yield from _source_facts(model)


def _source_facts(model: Any) -> Iterator[Fact]:
    """What a key result guards, where its values come from, and how its target was amended."""
    yield Fact("guards", "all" if model.guards == "all" else ", ".join(model.guards or ()))
    yield Fact("reads", f"KPI {model.kpi}" if getattr(model, "kpi", None) else "")
    rollup = getattr(model, "rollup", None)
    yield Fact("rolls up", sanitize(f"{rollup.method} of {', '.join(rollup.members)}") if rollup else "")
    for amendment in model.amended:
        was = ", ".join(f"'{key}' was {value}" for key, value in amendment.was.items())
        yield Fact("amended", sanitize(f"{amendment.date} by {amendment.by}, {was}: {amendment.reason}"))


def _score_line(result: KeyResultScore, style: TerminalStyle) -> str:
    """The score, what is expected, and on a terminal that has room a bar of both."""
    parts = [scorecard.score(result.score, result.precision), _progress(result)]
    has_bar = result.measured and result.progress is not None and not result.node.measure.has_bounds
    if has_bar and style.width is not None:
        parts.append(framed_bar(result.progress, result.expected, style.glyphs))
    text = GAP.join(filter(None, parts))
    is_whole = style.width is None or display_width(text) + FACT_LABEL + len(GAP) <= style.width
    return text if is_whole else GAP.join(filter(None, parts[:2]))


def _progress(result: KeyResultScore) -> str:
    if result.node.measure.has_bounds:
        return ""
    parts = scorecard.progress_parts(result.progress, result.computed, result.expected, result.precision, " complete")
    return ", ".join(parts)


def _objective_figures(result: Detail) -> Iterator[Fact]:
    objective = result.objective
    color = COLORS.get(objective.status or "", "")
    confidence = f", {scorecard.confidence(objective)}" if objective.confidence is not None else ""
    status, measured = scorecard.objective_status_text(objective), scorecard.measured_count(objective)
    yield Fact("status", status + confidence, f"bold {color}".strip())
    score = scorecard.score_with_band(objective)
    yield Fact("score", score if measured in status else f"{score}, {measured}", color)
    yield from (Fact("", note) for note in scorecard.manual_score_notes(objective))


def _objective_facts(result: Detail) -> Iterator[Fact]:
    objective, model = result.objective, result.objective.node.model
    yield Fact("why", sanitize(model.why or ""))
    contributors = f", with {', '.join(model.contributors)}" if model.contributors else ""
    yield Fact("owner", sanitize(f"{model.owner or ''}{contributors}"))
    yield Fact("ambition", objective.ambition)
    yield Fact("parent", sanitize(model.parent or ""))
    yield Fact("KPIs", ", ".join(model.kpis))
    for each in result.hypotheses:
        yield Fact("hypothesis", hypotheses.summary(each))
    yield Fact("learned", sanitize(model.retrospective or ""))


def goal_facts(result: Detail, style: TerminalStyle) -> list[Fact]:
    """The facts of an objective or a key result, those that say something."""
    scored = result.key_result
    own = (
        _key_result_facts(scored, result, style) if scored else [*_objective_figures(result), *_objective_facts(result)]
    )
    return [fact for fact in (*own, *_shared_facts(result)) if fact.text]


def _shared_facts(result: Detail) -> Iterator[Fact]:
    model = (result.key_result or result.objective).node.model
    if model.state != "active":
        yield Fact("state", sanitize(": ".join(filter(None, (model.state, model.reason)))))
    yield Fact("description", sanitize(model.description or ""))
    yield Fact("carried from", sanitize(getattr(model, "carried_from", None) or ""))
    yield Fact("tags", sanitize(", ".join(model.tags)))
    yield Fact("links", sanitize(" ".join(model.links)))
    yield Fact("supported by", ", ".join(supporter.ref for supporter in result.supporters))
    yield Fact("file", f"{sanitize(result.path)}:{result.line}")


def _chart(scored: KeyResultScore, result: Detail, style: TerminalStyle) -> list[str]:
    """The course of a key result beside the expected one; without a target nothing can be expected of its values."""
    if not result.actual:
        return []
    is_numeric = scored.node.measure.is_numeric
    found = scored.projection
    plot = Plot(
        scored.series.first,
        scored.series.last,
        result.actual,
        () if is_numeric and scored.target is None else result.expected,
        result.bounds,
        (found.low, found.value, found.high) if found else (),
        sanitize(_axis_name(scored, result)),
        scorecard.percent if scored.node.measure.records == "steps" else scorecard.amount,
    )
    return draw_plot(plot, style)


def _axis_name(scored: KeyResultScore, result: Detail) -> str:
    """What the values of the chart are."""
    if not scored.node.measure.is_numeric:
        return NAMES_OF_SHARES[scored.node.measure.records]
    name = NAMES_OF_VALUES.get(result.aggregate, "value")
    return f"{name} in {scored.unit}" if scored.unit else name


def _readings(result: Detail, style: TerminalStyle) -> Iterator[str]:
    """A line for each reading: its day, its value, and what was said of it."""
    scored = result.key_result
    rows = [_reading_texts(reading, scored.unit if scored else None) for reading in result.readings]
    width = max((display_width(value) for _, value, _ in rows), default=0)
    for day, value, text in rows:
        cells = [Cell(day, "dim"), Cell(value, "bold", right=True), Cell(text)]
        rest = (style.width or 0) - display_width(day) - width - 2 * len(GAP)
        yield from layout_row(cells, [display_width(day), width, max(rest, 1)], style)


def _reading_texts(reading: DatedReading, unit: str | None) -> tuple[str, str, str]:
    value = "" if reading.value is None else scorecard.amount(reading.value.number, unit)
    confidence = "" if reading.confidence is None else f"confidence {scorecard.amount(reading.confidence)}"
    forecast = "" if reading.forecast is None else f"forecast {scorecard.amount(reading.forecast.number)}"
    return str(reading.day), value, ", ".join(filter(None, (confidence, forecast, sanitize(reading.note or ""))))


def _initiatives(objective: ObjectiveScore, style: TerminalStyle) -> Iterator[str]:
    """The initiatives, which are never scored."""
    for initiative in objective.node.model.initiatives:
        mark = style.glyphs.done if initiative.done else style.glyphs.open
        count = f"{initiative.count[0]}/{initiative.count[1]}" if initiative.count else ""
        moves = f"moves {', '.join(initiative.moves)}" if initiative.moves else ""
        parts = (sanitize(part) for part in (count, initiative.owner or "", moves) if part)
        title = Cell(sanitize(initiative.title), tail=f" {style.glyphs.bullet} ".join(parts))
        yield from layout_row([Cell(mark), title], [1, max((style.width or 0) - 3, 20)], style)
