"""Drafts the goals of a coming period: empty ones to fill, what is carried over, one for a KPI that needs it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from fractions import Fraction
from typing import Any

from okrctl.kpis.series import KpiValues
from okrctl.measures import TEXT_KEYS
from okrctl.measures.measure import CarriedValues
from okrctl.schema import validate
from okrctl.schema.settings import COMPANY
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


def render_file(span: Period, team: str, objectives: Sequence[GoalDraft], said: str = "") -> str:
    """The text of a file with these objectives; `said` stands above them."""
    name: Value = span.id
    if span.kind == "custom":
        name = {"id": span.id, "start": str(span.start), "end": str(span.end)}
    head = [f"# {line}" for line in said.splitlines()]
    head += scalars.format_entry("period", name, 0)
    head += [] if team == COMPANY else scalars.format_entry("team", team, 0)
    return "\n".join([*head, *scalars.format_entry("objectives", list(objectives), 0)]) + "\n"


def empty_draft(team: str) -> GoalDraft:
    """An objective to be written, with a key result."""
    return {
        "id": "first-goal",
        "title": "What is to become true, and for whom",
        "owner": team,
        "state": "draft",
        "key_results": [{"id": "first-sign", "title": "How one will know", "from": TBD, "to": TBD}],
    }


def draft_for_kpi(workspace: Workspace, kpi: Kpi, span: Period, taken: Iterable[str], today: date) -> GoalDraft:
    """A draft that takes up a KPI: why, the hypothesis, and a place for what would have to move first."""
    title = kpi.model.title or kpi.id
    draft: GoalDraft = {
        "id": slug.slugify(f"take up {kpi.id}", list(taken)),
        "title": Prose(f"What lies behind '{title}' is found and turned"),
        "owner": Prose(kpi.owner or kpi.model.team or COMPANY),
        "why": Prose(_describe_trend(workspace, kpi, today)),
        "kpis": [kpi.id],
        "hypothesis": {"kpi": kpi.id, "expect": _expected_direction(workspace, kpi, today)},
        "state": "draft",
    }
    if today > span.start:
        draft["added"] = str(today)
    sign = {"id": "early-sign", "title": f"A sign that moves weeks before '{title}' does", "from": TBD, "to": TBD}
    return {**draft, "key_results": [sign]}


def _describe_trend(workspace: Workspace, kpi: Kpi, today: date) -> str:
    steps = KpiValues(workspace, today).series(kpi)
    name = f"'{kpi.model.title or kpi.id}'"
    if not steps:
        return f"{name} has no value yet"
    first, last = steps[max(len(steps) - 4, 0)], steps[-1]
    now = quantity.format_number(last.value, kpi.unit)
    if first.value == last.value:
        return f"{name} stands at {now}"
    return f"{name} went from {quantity.format_number(first.value, kpi.unit)} on {first.day} to {now} on {last.day}"


def _expected_direction(workspace: Workspace, kpi: Kpi, today: date) -> str:
    steps = KpiValues(workspace, today).series(kpi)
    if kpi.model.between is None:
        return "down" if kpi.model.better == "lower" else "up"
    low, high = (bound.number for bound in kpi.model.between)
    value = steps[-1].value if steps else low
    return "up" if value < low else "down" if value > high else "steady"


# What is carried over


def unfinished_objectives(card: Scorecard, success: Fraction) -> Iterator[ObjectiveScore]:
    """The objectives that did not come where they should: neither given up nor reached."""
    for one in card.objectives:
        least = Fraction(1) if one.ambition == "committed" else success
        short = one.score is None or one.score < least
        outcome = one.node.model.outcome
        if one.state != "deprioritized" and outcome != "reached" and (short or outcome == "missed"):
            yield one


def carry_over(one: ObjectiveScore, span: Period) -> GoalDraft:
    """An objective as it goes on in another period: from where it stands, without what belongs to the old one."""
    node = one.node
    raw = validate.value_at(node.file.document.data, node.route)
    draft = {
        key: value for key, value in raw.items() if key not in (*_OBJECTIVE_HISTORY_KEYS, "key_results", "initiatives")
    }
    rest = [result for result in one.key_results if not _is_finished(result)]
    names = {result.node.id for result in rest}
    results = [_carry_over_key_result(result, names) for result in rest]
    if not any(result.state == "active" and not result.guardrail for result in rest):
        draft["state"] = "draft"
    work = [_carry_over_initiative(entry, names, node) for entry in raw.get("initiatives") or () if _is_open(entry)]
    order = ("id", "title", "owner", "contributors", "ambition", "why", "description", "parent")
    first = {key: draft.pop(key) for key in order if key in draft}
    found = {**first, "carried_from": node.ref, **draft, "key_results": results, "initiatives": work or None}
    moved: GoalDraft = _move_references(_mark_texts(found), node.period.id, span.id)
    return moved


def _is_finished(one: KeyResultScore) -> bool:
    """Whether there is nothing left to do; a limit goes on being one."""
    given_up = one.node.model.state == "deprioritized"
    return given_up or (not one.node.measure.has_bounds and one.progress is not None and one.progress >= 1)


def _carry_over_key_result(one: KeyResultScore, names: set[str]) -> dict[str, Any]:
    node = one.node
    raw = validate.value_at(node.file.document.data, node.route)
    draft = {key: value for key, value in raw.items() if key not in _KEY_RESULT_HISTORY_KEYS}
    guards = draft.get("guards")
    if guards is not None and guards != "all":
        listed = guards if isinstance(guards, list) else [guards]
        draft["guards"] = [name for name in listed if name in names] or "all"
    if node.measure.has_range and node.model.kpi is not None:
        draft.pop(node.measure.start_key, None)
    node.measure.carry_over(draft, _carried_values(one))
    return draft


def _carried_values(one: KeyResultScore) -> CarriedValues:
    """The current value and the target; of a sum, what is left of the target."""
    model, value, target = one.node.model, one.series.value, one.target
    current = remaining = None
    is_own = getattr(model, "kpi", None) is None and getattr(model, "rollup", None) is None
    if is_own and value is not None and one.node.measure.has_range:
        if model.aggregate == "sum":
            remaining = None if target is None else _format_value(one, target - value)
        else:
            current = _last_value(one, value)
    return CarriedValues(current, None if target is None else _format_value(one, target), remaining)


def _last_value(one: KeyResultScore, value: Fraction) -> str:
    """The value that it reached, as it was written where that is known."""
    written = [] if one.node.csv else [dated.value for dated in one.node.readings if dated.value is not None]
    found = next((known.text for known in reversed(written) if known.number == value), None)
    return _format_value(one, value) if found is None else found


def _format_value(one: KeyResultScore, value: Fraction) -> str:
    number = (
        str(quantity.round_number(value, quantity.MAX_DECIMALS).normalize()) if value.denominator != 1 else str(value)
    )
    if getattr(one.node.model, "unit", None) or one.unit is None:
        return number
    return f"{number}%" if one.unit == "%" else f"{number} {one.unit}"


def _is_open(entry: Any) -> bool:
    return isinstance(entry, dict) and entry.get("done") in (None, "false")


def _carry_over_initiative(entry: Mapping[str, Any], names: set[str], node: Objective) -> dict[str, Any]:
    moves = entry.get("moves")
    listed = moves if isinstance(moves, list) else [moves] if moves else []
    gone = {result.id for result in node.key_results} - names
    kept = [name for name in listed if name not in gone]
    rest = {key: value for key, value in entry.items() if key != "moves"}
    return {**rest, **({"moves": kept[0] if len(kept) == 1 else kept} if kept else {})}


def _mark_texts(data: Any, key: str = "") -> Any:
    """The same with texts marked as such, so that `no` stays a word, and without blank values."""
    if isinstance(data, dict):
        inner = key if key in TEXT_KEYS else ""
        return {name: _mark_texts(value, inner or name) for name, value in data.items() if value is not None}
    if isinstance(data, list):
        return [_mark_texts(value, key) for value in data if value is not None]
    return Prose(data) if key in _TEXT_KEYS else data


def _move_references(data: Any, old: str, new: str, key: str = "") -> Any:
    """The same with references to the old period's goals as ones to the new period's."""
    if isinstance(data, dict):
        return {name: _move_references(value, old, new, name) for name, value in data.items()}
    if isinstance(data, list):
        return [_move_references(value, old, new, key) for value in data]
    refers = key in ("parent", "sum", "mean", "min", "max", "rollup") and str(data).startswith(f"{old}/")
    return f"{new}/{str(data)[len(old) + 1 :]}" if refers else data


def drop_broken_references(
    after: Workspace, drafts: Mapping[tuple[str, str], GoalDraft], span: Period
) -> Iterator[str]:
    """Takes out of the drafts, known by team and id, what leads nowhere in the new period; says what that was."""
    for (team, ident), draft in drafts.items():
        node = after.by_name.get((span.id, team, ident))
        if node is None:
            continue
        if node.model.parent and after.resolve(node.model.parent, node) is None:
            del draft["parent"]
            yield f"{node.ref}: its parent {node.model.parent} does not go on in {span.id}"
        for result, entry in zip(node.key_results, _as_list(draft["key_results"]), strict=True):
            if _has_broken_rollup(after, result):
                entry.pop("rollup")
                yield f"{result.ref}: what it was worked out from does not go on in {span.id}"


def _as_list(results: Any) -> list[dict[str, Any]]:
    return list(results)


def _has_broken_rollup(after: Workspace, result: KeyResult) -> bool:
    rollup = getattr(result.model, "rollup", None)
    members = rollup.members if rollup else []
    return any(after.resolve(text, result.objective) is None for text in members)
