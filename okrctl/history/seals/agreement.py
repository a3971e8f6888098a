"""What a seal says of the goals themselves, compared with the goals of today: no scores, no texts, no KPIs.

`okrctl verify` recomputes every figure from the sealed commit. This comparison needs no git, and asks only whether the
goals are still those that were sealed: ids, measures, numbers, weights, states, and their own readings up to the day of
the seal. A late reading of a KPI, a title or an owner may change, and a goal may have another id (`renames.py`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, NamedTuple

from okrctl import scoring
from okrctl.history.seals.payload import seal_figures
from okrctl.history.seals.renames import SealRenames
from okrctl.history.seals.seal import Sealed, sealed_period
from okrctl.workspace import KeyResult, Objective, Workspace

OBJECTIVE_FIELDS = ("state", "weight")
KEY_RESULT_FIELDS = (
    "state", "weight", "measure", "judge", "from", "to", "at_least", "at_most", "guardrail", "due", "kpi", "rollup",
    "steps",
)  # fmt: skip
OWN_FIELDS = ("unit", "aggregate")  # of key results whose readings are their own


class GoalDifference(NamedTuple):
    """A goal that no longer is as sealed: a field with both values, or the goal itself if it is gone or new.

    `node` is the goal of today, None where it is gone. A goal with another id is no other goal; one that does not say
    so (`formerly`) differs in its `id`.
    """

    ref: str
    field: str | None
    sealed: Any
    now: Any
    node: Objective | KeyResult | None


def holds_goals(sealed: Sealed) -> bool:
    """Whether a seal says enough of the goals to compare them."""
    return all("readings" in result for objective in _objectives(sealed) for result in objective["key_results"])


def compare_goals(sealed: Sealed, workspace: Workspace) -> Iterator[GoalDifference]:
    """Every goal of the sealed period that differs from the seal."""
    span = sealed_period(sealed)
    current = next((candidate for candidate in workspace.periods if candidate.id == span.id), None)
    nodes: dict[str, Objective | KeyResult] = {}
    now: dict[str, dict[str, Any]] = {}
    if current is not None:
        card = scoring.build_scorecard(workspace, current, date.fromisoformat(sealed["as_of"]))
        figures = seal_figures(workspace, card)
        renames = SealRenames(sealed, figures, workspace)
        nodes = {renames.ref(ref): node for ref, node in renames.nodes.items()}
        now = dict(_goals(renames.apply(figures), sealed["as_of"]))
    old = dict(_goals(sealed, sealed["as_of"]))
    unpaired = old.keys() ^ now.keys()
    yield from _unrecorded_renames(nodes)
    for ref in dict.fromkeys((*old, *now)):
        if ref not in unpaired:
            yield from _compare_goal(ref, old[ref], now[ref], nodes[ref])
        elif not _is_inside_another(ref, unpaired):
            yield GoalDifference(ref, None, ref in old or None, ref in now or None, nodes.get(ref))


def _unrecorded_renames(nodes: Mapping[str, Objective | KeyResult]) -> Iterator[GoalDifference]:
    """The goals of another id that do not say which they had; `nodes` are by their references in the seal."""
    for ref, node in nodes.items():
        separator = "/" if isinstance(node, Objective) else "."
        former = ref.rpartition(separator)[2]
        if former != node.id and node.model.formerly is None:
            yield GoalDifference(ref, "id", former, node.id, node)


def _compare_goal(
    ref: str, old: Mapping[str, Any], now: Mapping[str, Any], node: Objective | KeyResult
) -> Iterator[GoalDifference]:
    for name, value in old.items():
        if now.get(name) != value and not _follows_from_kpi(name, node):
            yield GoalDifference(ref, name, value, now.get(name), node)


def _is_inside_another(ref: str, others: set[str]) -> bool:
    return any(ref.startswith(f"{other}.") for other in others)


def _follows_from_kpi(name: str, node: Objective | KeyResult) -> bool:
    """Whether a value is not written in the goal, but is that of a KPI or of other key results."""
    if name != "from" or not isinstance(node, KeyResult):
        return False
    return _is_derived(node.model) and node.measure.written_start(node.model) is None


def _is_derived(model: Any) -> bool:
    return getattr(model, "kpi", None) is not None or getattr(model, "rollup", None) is not None


def _objectives(figures: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    for team in figures.get("teams") or ():
        yield from team.get("objectives") or ()


def _goals(figures: Mapping[str, Any], as_of: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Each goal by its reference, with what was agreed of it, and its own readings by day; nothing after `as_of`."""
    for objective in _objectives(figures):
        yield objective["ref"], _fields(objective, OBJECTIVE_FIELDS)
        for result in objective["key_results"]:
            is_own = result.get("kpi") is None and result.get("rollup") is None
            fields = _fields(result, (*KEY_RESULT_FIELDS, *(OWN_FIELDS if is_own else ())))
            if "steps" in fields:
                fields["steps"] = [_step(step, as_of) for step in fields["steps"]]
            if is_own:
                fields["readings"] = {each["date"]: each["value"] for each in result.get("readings") or ()}
            yield result["ref"], fields


def _step(step: Mapping[str, Any], as_of: str) -> dict[str, Any]:
    done = step.get("done")
    return {"title": step.get("title"), "weight": step.get("weight"), "due": step.get("due"),
            "done": done if done is not None and done <= as_of else None}  # fmt: skip


def _fields(data: Mapping[str, Any], names: tuple[str, ...]) -> dict[str, Any]:
    found = {name: data[name] for name in names if name in data}
    typed = data.get("by_hand")
    return {**found, "score": typed["value"] if typed else None}
