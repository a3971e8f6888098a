"""What the page of a goal says beside its score: value, forecast, confidence, what it guards, how it was amended."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from okrctl.analysis.detail import Detail
from okrctl.history.diff.describe import format_value
from okrctl.outputs.reports import page_text
from okrctl.outputs.terminal import UNICODE
from okrctl.outputs.text import scorecard as wording
from okrctl.outputs.view import Cell
from okrctl.scoring.scorecard import KeyResultScore, ObjectiveScore
from okrctl.server.links import owner_name
from okrctl.server.visit import Visit
from okrctl.values import quantity
from okrctl.workspace import KeyResult, Objective


class GoalFact(NamedTuple):
    """A label with some lines."""

    label: str
    lines: list[Cell]


def goal_facts(visit: Visit, detail: Detail) -> list[GoalFact]:
    """The facts of an objective or a key result, those that say something."""
    scored = detail.key_result
    own = _key_result_facts(visit, scored) if scored else _objective_facts(detail.objective)
    facts = [*own, *_shared_facts(visit, (scored or detail.objective).node)]
    return [fact for fact in facts if any(line.text for line in fact.lines)]


def _texts(label: str, *texts: str) -> GoalFact:
    return GoalFact(label, [Cell(text) for text in texts if text])


def _key_result_facts(visit: Visit, scored: KeyResultScore) -> Iterator[GoalFact]:
    node, model = scored.node, scored.node.model
    on = f" on {scored.value_date}" if scored.value_date and node.measure.records != "date" else ""
    yield _texts("Value", f"{wording.full_value(scored)}{on}")
    yield _texts("Range", wording.target_range(scored, UNICODE))
    yield _texts("Note", *wording.state_remarks(scored))
    yield _texts("Forecast", page_text.likely_range(scored) or _why_no_forecast(scored))
    yield _texts("Confidence", page_text.confidence(scored).removeprefix("confidence "))
    for label, text in node.measure.facts(model, wording.amount):
        yield _texts(label.strip()[:1].upper() + label.strip()[1:], text)
    yield _texts("Due", str(scored.due) if scored.due != node.period.end else "")
    yield GoalFact("Guards", _guarded(visit, node))
    yield GoalFact("Rolls up", _members(visit, node))
    yield _texts("Amended", *(_describe_amendment(visit, each) for each in model.amended))


def _why_no_forecast(scored: KeyResultScore) -> str:
    return "" if scored.projection or scored.series.day >= scored.series.last else wording.projected_range(scored)


def _guarded(visit: Visit, node: KeyResult) -> list[Cell]:
    """The key results that a guardrail guards."""
    guards = node.model.guards or ()
    if guards == "all":
        return [Cell("all key results of the objective")]
    return [visit.links.goal_cell(f"{node.objective.ref}.{id}") for id in guards]


def _members(visit: Visit, node: KeyResult) -> list[Cell]:
    """What a rollup is made of."""
    rollup = getattr(node.model, "rollup", None)
    if rollup is None:
        return []
    found = [visit.workspace.resolve(text, node.objective) for text in rollup.members]
    cells = [visit.links.goal_cell(each.ref) for each in found if isinstance(each, KeyResult)]
    return [Cell(f"the {rollup.method} of"), *cells]


def _describe_amendment(visit: Visit, amendment: Any) -> str:
    """What was amended by whom: `Target was 2.5 %, changed by Noor on 2026-10-08: The second mill does better`."""
    was = ", ".join(
        f"{page_text.FIELD_NAMES.get(key, key)} was {_write_value(value)}" for key, value in amendment.was.items()
    )
    said = f"{was[:1].upper()}{was[1:]}, changed by {owner_name(visit.config, amendment.by)} on {amendment.date}"
    return f"{said}: {amendment.reason}" if amendment.reason else said


def _write_value(value: Any) -> str:
    """A value as the file has it; one that is a number as all others are written."""
    try:
        return format_value(quantity.parse(value)) if isinstance(value, str) else format_value(value)
    except ValueError:
        return format_value(value)


def _objective_facts(objective: ObjectiveScore) -> Iterator[GoalFact]:
    yield _texts("Note", *wording.manual_score_notes(objective), *wording.outcome_notes(objective))
    yield _texts("Confidence", wording.confidence(objective).removeprefix("confidence "))
    yield _texts("Ambition", objective.ambition)


def _shared_facts(visit: Visit, node: Objective | KeyResult) -> Iterator[GoalFact]:
    model = node.model
    yield _texts("State", ": ".join(filter(None, (model.state, model.reason))) if model.state != "active" else "")
    carried = getattr(model, "carried_from", None)
    yield GoalFact("Carried from", [_carried_from(visit, carried)] if carried else [])
    yield _texts("Tags", ", ".join(model.tags))


def _carried_from(visit: Visit, ref: str) -> Cell:
    """The goal of an earlier period, which often has the same title, with that period."""
    cell = visit.links.goal_cell(ref)
    return cell._replace(text=f"{cell.text} ({ref.split('/')[0]})") if cell.href else cell
