"""Drafts of goals for a new period: empty, carried over from another period, or for a KPI."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from fractions import Fraction
from typing import Any

from okrctl.kpis.series import KpiValues
from okrctl.measures import TEXT_KEYS
from okrctl.measures.measure import CarriedValues
from okrctl.schema.keys import value_at
from okrctl.schema.settings import COMPANY, Config
from okrctl.scoring.scorecard import KeyResultScore, ObjectiveScore, Scorecard
from okrctl.values import quantity, slug
from okrctl.values.period import Period
from okrctl.workspace import KeyResult, Kpi, Objective, Workspace
from okrctl.yaml_edit import scalars
from okrctl.yaml_edit.scalars import Prose, Value

GoalDraft = dict[str, Value]

_TEXT_KEYS = frozenset(("title", "owner", "why", "description", "because", "reason", "by", *TEXT_KEYS))
_HISTORY_KEYS = ("readings", "score", "state", "reason", "since", "added", "formerly")
_OBJECTIVE_HISTORY_KEYS = (*_HISTORY_KEYS, "outcome", "retrospective", "carried_from")
_KEY_RESULT_HISTORY_KEYS = (*_HISTORY_KEYS, "amended", "due", "plan")
TBD = "TBD"


def render_file(span: Period, team: str, objectives: Sequence[GoalDraft], heading: str = "") -> str:
    """The text of a file with these objectives, below the heading as a comment."""
    period: Value = span.id
    if span.kind == "custom":
        period = {"id": span.id, "start": str(span.start), "end": str(span.end)}
    head = [f"# {line}" for line in heading.splitlines()]
    head += scalars.format_entry("period", period, 0)
    head += [] if team == COMPANY else scalars.format_entry("team", team, 0)
    return "\n".join([*head, *scalars.format_entry("objectives", list(objectives), 0)]) + "\n"


def empty_draft(team: str) -> GoalDraft:
    """An objective to fill in, with one key result."""
    return {
        "id": "first-goal",
        "title": "What should become true, and for whom",
        "owner": team,
        "state": "draft",
        "key_results": [{"id": "first-key-result", "title": "How success is measured", "from": TBD, "to": TBD}],
    }


def draft_for_kpi(workspace: Workspace, kpi: Kpi, span: Period, taken: Iterable[str], today: date) -> GoalDraft:
    """An objective that addresses a KPI: its trend as the reason, a hypothesis, and a leading key result to fill in."""
    title = kpi.model.title or kpi.id
    draft: GoalDraft = {
        "id": slug.slugify(f"address {kpi.id}", list(taken)),
        "title": Prose(f"The causes of the trend in '{title}' are addressed"),
        "owner": Prose(_current_owner(workspace.config, kpi, span.end)),
        "why": Prose(_describe_trend(workspace, kpi, today)),
        "kpis": [kpi.id],
        "hypothesis": _draft_hypothesis(workspace, kpi, today),
        "state": "draft",
    }
    if today > span.start:
        draft["added"] = str(today)
    leading = {"id": "leading-metric", "title": f"A metric that changes before '{title}'", "from": TBD, "to": TBD}
    return {**draft, "key_results": [leading]}


def _current_owner(config: Config, kpi: Kpi, day: date) -> str:
    """The owner of a KPI or its team, whichever has not left before a day."""
    names = [name for name in (kpi.owner, kpi.model.team) if name and not config.ends_before(name, day)]
    return names[0] if names else COMPANY


def _describe_trend(workspace: Workspace, kpi: Kpi, today: date) -> str:
    points = KpiValues(workspace, today).series(kpi)
    name = f"'{kpi.model.title or kpi.id}'"
    if not points:
        return f"{name} has no value yet"
    first, last = points[max(len(points) - 4, 0)], points[-1]
    now = quantity.format_number(last.value, kpi.unit)
    if first.value == last.value:
        return f"{name} is at {now}"
    return f"{name} went from {quantity.format_number(first.value, kpi.unit)} on {first.day} to {now} on {last.day}"


def _draft_hypothesis(workspace: Workspace, kpi: Kpi, today: date) -> dict[str, str]:
    """Which way the KPI is to move; inside its band it is to stay, within half the width of the band."""
    if kpi.model.between is None:
        return {"kpi": kpi.id, "expect": "down" if kpi.model.better == "lower" else "up"}
    points = KpiValues(workspace, today).series(kpi)
    low, high = (bound.number for bound in kpi.model.between)
    value = points[-1].value if points else low
    if low <= value <= high:
        return {"kpi": kpi.id, "expect": "steady", "within": quantity.format_number((high - low) / 2)}
    return {"kpi": kpi.id, "expect": "up" if value < low else "down"}


def unfinished_objectives(card: Scorecard, success: Fraction) -> Iterator[ObjectiveScore]:
    """The objectives of a period that were neither given up nor reached."""
    for objective in card.objectives:
        threshold = Fraction(1) if objective.ambition == "committed" else success
        is_below = objective.score is None or objective.score < threshold
        outcome = objective.node.model.outcome
        if objective.state != "deprioritized" and outcome != "reached" and (is_below or outcome == "missed"):
            yield objective


def left_behind(card: Scorecard, success: Fraction) -> Iterator[ObjectiveScore]:
    """The objectives that succeeded although active key results of them are not finished."""
    unfinished = {objective.node.ref for objective in unfinished_objectives(card, success)}
    for objective in card.objectives:
        if objective.node.ref not in unfinished and objective.node.is_active and unfinished_key_results(objective):
            yield objective


def unfinished_key_results(objective: ObjectiveScore) -> list[KeyResultScore]:
    """The key results that count and have not gone the whole way."""
    return [
        result
        for result in objective.key_results
        if _counts(result) and (result.progress is None or result.progress < 1)
    ]


def drop_former_owners(draft: GoalDraft, config: Config, day: date) -> list[str]:
    """Remove the owners from a draft who are former ones before a day; returns their names, in order."""
    former: dict[str, None] = {}
    entries: list[Any] = [draft]
    for key in ("key_results", "initiatives"):
        entries += _as_list(draft.get(key) or [])
    for entry in entries:
        owner = str(entry.get("owner", ""))
        if config.ends_before(owner, day):
            former[owner] = None
            del entry["owner"]
    return [*former]


def carry_over(objective: ObjectiveScore, span: Period) -> GoalDraft:
    """The objective for another period: it starts from the current values, without the history of the old period."""
    node = objective.node
    raw = value_at(node.file.document.data, node.route)
    draft = _without(raw, (*_OBJECTIVE_HISTORY_KEYS, "key_results", "initiatives"))
    unfinished = [result for result in objective.key_results if not _is_finished(result)]
    ids = {result.node.id for result in unfinished}
    results = [_carry_over_key_result(result, ids) for result in unfinished]
    if not any(map(_counts, unfinished)):
        draft["state"] = "draft"
    open_initiatives = filter(_is_open, raw.get("initiatives") or ())
    initiatives = [_carry_over_initiative(entry, ids, node) for entry in open_initiatives]
    order = ("id", "title", "owner", "contributors", "ambition", "why", "description", "parent")
    first = {key: draft.pop(key) for key in order if key in draft}
    carried = {
        **first, "carried_from": node.ref, **draft, "key_results": results, "initiatives": initiatives or None,
    }  # fmt: skip
    moved: GoalDraft = _move_references(mark_texts(carried), node.period.id, span.id)
    return moved


def _without(raw: Mapping[str, Any], keys: Sequence[str]) -> dict[str, Any]:
    return {key: value for key, value in raw.items() if key not in keys}


def _counts(result: KeyResultScore) -> bool:
    return result.state == "active" and not result.guardrail


def _is_finished(result: KeyResultScore) -> bool:
    """Whether there is nothing left to do; a limit is never finished."""
    is_dropped = result.node.model.state == "deprioritized"
    return is_dropped or (not result.node.measure.has_bounds and result.progress is not None and result.progress >= 1)


def _guarded_ids(guards: Any, ids: set[str]) -> Any:
    """The guarded key results that are carried over; `all` where there is none."""
    if guards == "all":
        return guards
    listed = guards if isinstance(guards, list) else [guards]
    return [guarded for guarded in listed if guarded in ids] or "all"


def _carry_over_key_result(result: KeyResultScore, ids: set[str]) -> dict[str, Any]:
    node = result.node
    raw = value_at(node.file.document.data, node.route)
    draft = _without(raw, _KEY_RESULT_HISTORY_KEYS)
    if draft.get("guards") is not None:
        draft["guards"] = _guarded_ids(draft["guards"], ids)
    if node.measure.has_range and node.model.kpi is not None:
        draft.pop(node.measure.start_key, None)
    node.measure.carry_over(draft, _carried_values(result))
    return draft


def _carried_values(result: KeyResultScore) -> CarriedValues:
    """The current value and the target; of a sum, what is left of the target."""
    model, value, target = result.node.model, result.series.value, result.target
    current = remaining = None
    is_own = getattr(model, "kpi", None) is None and getattr(model, "rollup", None) is None
    if is_own and value is not None and result.node.measure.has_range:
        if model.aggregate == "sum":
            remaining = None if target is None else _format_value(result, target - value)
        else:
            current = _last_value(result, value)
    return CarriedValues(current, None if target is None else _format_value(result, target), remaining)


def _last_value(result: KeyResultScore, value: Fraction) -> str:
    """The value as it is written in the last reading that has it, else formatted."""
    readings = (
        [] if result.node.csv else [reading.value for reading in result.node.readings if reading.value is not None]
    )
    written = next((reading.text for reading in reversed(readings) if reading.number == value), None)
    return _format_value(result, value) if written is None else written


def _format_value(result: KeyResultScore, value: Fraction) -> str:
    number = (
        str(quantity.round_number(value, quantity.MAX_DECIMALS).normalize()) if value.denominator != 1 else str(value)
    )
    if getattr(result.node.model, "unit", None) or result.unit is None:
        return number
    return f"{number}%" if result.unit == "%" else f"{number} {result.unit}"


def _is_open(entry: Any) -> bool:
    return isinstance(entry, dict) and entry.get("done") in (None, "false")


def _carry_over_initiative(entry: Mapping[str, Any], ids: set[str], node: Objective) -> dict[str, Any]:
    moves = entry.get("moves")
    listed = moves if isinstance(moves, list) else [moves] if moves else []
    dropped = {result.id for result in node.key_results} - ids
    kept = [moved for moved in listed if moved not in dropped]
    rest = {key: value for key, value in entry.items() if key != "moves"}
    return {**rest, **({"moves": kept[0] if len(kept) == 1 else kept} if kept else {})}


def mark_texts(data: Any, key: str = "") -> Any:
    """The data with texts marked as prose, so that `no` stays a word, and without blank values."""
    if isinstance(data, dict):
        inner = key if key in TEXT_KEYS else ""
        return {name: mark_texts(value, inner or name) for name, value in data.items() if value is not None}
    if isinstance(data, list):
        return [mark_texts(value, key) for value in data if value is not None]
    return Prose(data) if key in _TEXT_KEYS else data


def _move_references(data: Any, old: str, new: str, key: str = "") -> Any:
    """The data with references to goals of the old period changed to the new period."""
    if isinstance(data, dict):
        return {name: _move_references(value, old, new, name) for name, value in data.items()}
    if isinstance(data, list):
        return [_move_references(value, old, new, key) for value in data]
    refers = key in ("parent", "sum", "mean", "min", "max", "rollup") and str(data).startswith(f"{old}/")
    return f"{new}/{str(data)[len(old) + 1 :]}" if refers else data


def drop_broken_references(
    after: Workspace, drafts: Mapping[tuple[str, str], GoalDraft], span: Period
) -> Iterator[str]:
    """Remove references without a target from the drafts (by team and id); yields a message for each."""
    for (team, ident), draft in drafts.items():
        node = after.by_name.get((span.id, team, ident))
        if node is None:
            continue
        if node.model.parent and after.resolve(node.model.parent, node) is None:
            del draft["parent"]
            yield f"{node.ref}: parent removed, {node.model.parent} is not carried over to {span.id}"
        for result, entry in zip(node.key_results, _as_list(draft.get("key_results") or ()), strict=True):
            if _has_broken_rollup(after, result):
                entry.pop("rollup")
                yield f"{result.ref}: rollup removed, a key result in it is not carried over to {span.id}"


def _as_list(results: Any) -> list[dict[str, Any]]:
    return list(results)


def _has_broken_rollup(after: Workspace, result: KeyResult) -> bool:
    rollup = getattr(result.model, "rollup", None)
    members = rollup.members if rollup else []
    return any(after.resolve(text, result.objective) is None for text in members)
