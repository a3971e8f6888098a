"""One objective or key result in full for people, with its course as a chart."""

from __future__ import annotations

from collections.abc import Iterator

from okrctl.analysis.detail import Detail
from okrctl.outputs import plot
from okrctl.outputs.table import scorecard
from okrctl.outputs.table.grid import Cell, fold_text, layout_row
from okrctl.outputs.terminal import TerminalStyle, paint, sanitize
from okrctl.outputs.text import scorecard as wording
from okrctl.scoring.scorecard import KeyResultScore, ObjectiveScore
from okrctl.workspace import DatedReading

LABEL, PLAIN_WIDTH = 14, 100
Fact = tuple[str, str]


def render(result: Detail, look: TerminalStyle) -> str:
    """Title and name, facts one below the other, the chart, readings or key results."""
    one = result.key_result
    node = one.node if one else result.objective.node
    lines = list(
        layout_row([Cell(sanitize(node.model.title or node.id), "bold", tail=node.ref)], [look.width or 0], look)
    )
    for label, text in [*(_of_key_result(one, result, look) if one else _of_objective(result)), *_shared(result)]:
        lines += _fact(label, text, look) if text else []
    blocks = [lines, _chart(one, result, look) if one else list(_results(result, look))]
    blocks.append(list(_readings(result.readings, one, look)) if one else list(_initiatives(result.objective, look)))
    return "\n\n".join("\n".join(block) for block in blocks if block) + "\n"


def _fact(label: str, text: str, look: TerminalStyle) -> Iterator[str]:
    parts = fold_text(text, max(look.width - LABEL, 20)) if look.width else [text]
    for number, part in enumerate(parts):
        yield paint(f"{'' if number else label:{LABEL}}", "dim", look) + part


def _of_key_result(one: KeyResultScore, result: Detail, look: TerminalStyle) -> Iterator[Fact]:
    model = one.node.model
    yield "score", "  ".join(part for part in (wording.score(one.score), _pace(one)) if part)
    yield "status", ", ".join(part for part in (wording.status_text(one), wording.confidence(one)) if part)
    on = f" on {one.value_date}" if one.value_date and one.node.measure.records != "date" else ""
    yield "value", f"{wording.full_value(one)}{on}"
    yield "way", wording.target_range(one, look.glyphs)
    yield from (("", remark) for remark in wording.remarks(one))
    for label, text in one.node.measure.facts(model, wording.amount):
        yield label, sanitize(text)
    yield "due", str(one.due) if one.due != result.card.period.end else ""
    priority = "" if model.priority is None else f"priority {model.priority}"
    weight = "" if one.weight == 1 else f"weight {wording.amount(one.weight)}"
    yield "owner", ", ".join(part for part in (sanitize(one.node.owner or ""), priority, weight) if part)
    yield "guards", "all" if model.guards == "all" else ", ".join(model.guards or ())
    yield "reads", f"KPI {model.kpi}" if getattr(model, "kpi", None) else ""
    rollup = getattr(model, "rollup", None)
    yield "rolls up", sanitize(f"{rollup.method} of {', '.join(rollup.members)}") if rollup else ""
    for entry in model.amended:
        was = ", ".join(f"{key} {value}" for key, value in entry.was.items())
        yield "amended", sanitize(f"{entry.date} by {entry.by}, was {was}: {entry.reason}")


def _pace(one: KeyResultScore) -> str:
    if one.node.measure.has_bounds or one.progress is None:
        return ""
    expected = f", {wording.percent(one.expected)} expected" if one.expected is not None else ""
    return f"{wording.percent(one.progress)} of the way{expected}"


def _of_objective(result: Detail) -> Iterator[Fact]:
    one, model = result.objective, result.objective.node.model
    band = f" {one.band}" if one.band else ""
    yield (
        "score",
        f"{wording.score(one.score)}{band}, {wording.measured_count(one.measured_count, one.key_result_count)}",
    )
    yield (
        "status",
        wording.objective_status_text(one) + (f", {wording.confidence(one)}" if one.confidence is not None else ""),
    )
    for remark in wording.manual_score_notes(one):
        yield "", remark
    yield "why", sanitize(model.why or "")
    more = f", with {', '.join(model.contributors)}" if model.contributors else ""
    yield "owner", sanitize(f"{model.owner or ''}{more}")
    yield "ambition", one.ambition
    yield "parent", sanitize(model.parent or "")
    yield "KPIs", ", ".join(model.kpis)
    for guess in model.hypothesis:
        yield "hypothesis", sanitize(f"{guess.kpi} {guess.expect}" + (f": {guess.because}" if guess.because else ""))
    yield "learnt", sanitize(model.retrospective or "")


def _shared(result: Detail) -> Iterator[Fact]:
    node = result.key_result.node if result.key_result else result.objective.node
    model = node.model
    if model.state != "active":
        yield "state", sanitize(": ".join(part for part in (model.state, model.reason or "") if part))
    yield "description", sanitize(model.description or "")
    yield "carried from", sanitize(getattr(model, "carried_from", None) or "")
    yield "tags", sanitize(", ".join(model.tags))
    yield "links", sanitize(" ".join(model.links))
    yield "supported by", ", ".join(one.ref for one in result.supporters)
    yield "file", f"{sanitize(result.path)}:{result.line}"


def _chart(one: KeyResultScore, result: Detail, look: TerminalStyle) -> list[str]:
    heading = one.projection.value if one.projection else None
    ends = plot.value_range(result.actual, result.expected, result.bounds, heading)
    if not ends or not result.actual:
        return []
    low, high = (wording.amount(end, one.unit) for end in ends)
    what = plot.Plot(
        one.series.first, one.series.last, result.actual, result.expected, result.bounds, heading, (low, high)
    )
    return plot.draw_plot(what, look.width or PLAIN_WIDTH, look.glyphs)


def _results(result: Detail, look: TerminalStyle) -> Iterator[str]:
    """The objective's lines as they stand in the scorecard."""
    yield from scorecard.objective_lines(result.objective, result.card, look)


def _readings(readings: list[DatedReading], one: KeyResultScore | None, look: TerminalStyle) -> Iterator[str]:
    for reading in readings:
        value = "" if reading.value is None else wording.amount(reading.value.number, one.unit if one else None)
        belief = "" if reading.confidence is None else f"confidence {wording.amount(reading.confidence)}"
        forecast = "" if reading.forecast is None else f"forecast {wording.amount(reading.forecast.number)}"
        said = ", ".join(part for part in (belief, forecast, sanitize(reading.note or "")) if part)
        cells = [Cell(str(reading.day), "dim"), Cell(value, "bold", right=True), Cell(said)]
        yield from layout_row(cells, [10, 14, max((look.width or 0) - 28, 20)], look)


def _initiatives(one: ObjectiveScore, look: TerminalStyle) -> Iterator[str]:
    """The initiatives: shown, never scored."""
    for work in one.node.model.initiatives:
        mark = look.glyphs.done if work.done else look.glyphs.open
        count = f"{work.count[0]}/{work.count[1]}" if work.count else ""
        moves = f"moves {', '.join(work.moves)}" if work.moves else ""
        tail = f" {look.glyphs.bullet} ".join(sanitize(part) for part in (count, work.owner or "", moves) if part)
        yield from layout_row(
            [Cell(mark), Cell(sanitize(work.title), tail=tail)], [1, max((look.width or 0) - 3, 20)], look
        )
