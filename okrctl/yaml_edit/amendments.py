"""Changes what was agreed, and leaves the record of what it was before."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

from okrctl.values import fields, period, quantity
from okrctl.values.errors import OkrctlError
from okrctl.workspace import KeyResult, Kpi, Node, Objective, Workspace
from okrctl.yaml_edit import AppendValue, Edit, Prose, RemoveValue, SetValue, input_values
from okrctl.yaml_edit.checkins import PlannedEdit
from okrctl.yaml_edit.scalars import Value

STATES = ("draft", "active", "deprioritized", "postponed")
INACTIVE_STATES = ("deprioritized", "postponed")
TARGET_OPTIONS = ("to", "from")
EDIT_FILE_HINT = "edit the file, and add the `amended` record by hand"


class AmendmentRequest(NamedTuple):
    """What is to be other than agreed: new values by key, why, who says so, on what day."""

    values: Mapping[str, str]
    reason: str
    by: str
    day: date


def plan_amendment(workspace: Workspace, node: Node, wish: AmendmentRequest, sealed: bool = False) -> PlannedEdit:
    """The changes that write new values and the record of the old ones; OkrctlError for what makes no sense.

    Filling a `TBD` needs no record. An objective has no place for one: its state carries its reason, and for the rest
    the reason stands in the message for git alone.
    """
    if isinstance(node, Kpi):
        raise OkrctlError(f"a KPI is no agreement: {node.id}", "edit its file")
    requested = {_file_key(node, option): words for option, words in wish.values.items()}
    new = {key: _format_value(workspace, node, key, words) for key, words in requested.items()}
    old = {key: _current_value(node, key) for key in new}
    moved = [key for key in new if new[key] != old[key]]
    if not moved:
        return PlannedEdit(node, wish.day, node.file.path, new_value="nothing changes", has_value=False)
    changes: list[Edit] = [SetValue((*node.route, key), new[key]) for key in moved]
    if "state" in moved:
        changes += _state_edits(node, new["state"], wish)
    was: dict[str, Value] = {key: old[key] for key in moved if old[key] != fields.TBD}
    if was and not wish.reason:
        raise OkrctlError("what was agreed changes only with a reason", "give --reason TEXT")
    if was and isinstance(node, KeyResult):
        said: dict[str, Value] = {"date": str(wish.day), "by": Prose(wish.by), "reason": Prose(wish.reason), "was": was}
        changes.append(AppendValue((*node.route, "amended"), said))
    doubts = (f"the scorecard of {node.period.id} is sealed",) if sealed else ()
    now = ", ".join(f"{key} {old[key]} -> {new[key]}" for key in moved)
    return PlannedEdit(node, wish.day, node.file.path, tuple(changes), new_value=now, warnings=doubts, has_value=False)


def _file_key(node: Objective | KeyResult, option: str) -> str:
    """The key that an option changes: `--to` and `--from` are those of the measure."""
    if option not in TARGET_OPTIONS:
        return option
    if isinstance(node, Objective):
        raise OkrctlError(f"an objective has no `{option}`: {node.ref}", "name one of its key results")
    key = node.measure.amendable.get(option)
    if key is None:
        keys = " or ".join(f"`{name}`" for name in node.measure.keys)
        raise OkrctlError(f"{node.ref} has no `{option}`: it is judged by {keys}", EDIT_FILE_HINT)
    return key


def _format_value(workspace: Workspace, node: Objective | KeyResult, key: str, words: str) -> str:
    """A new value as it is to be written."""
    if isinstance(node, KeyResult) and key in node.measure.amendable.values():
        return _format_target(workspace, node, key, words)
    if key == "due":
        return _format_due(node, words)
    if key == "weight":
        return _format_weight(words)
    if words not in STATES:
        raise OkrctlError(f"'{words}' is no state", f"choose one of {', '.join(STATES)}")
    return words


def _format_target(workspace: Workspace, node: KeyResult, key: str, words: str) -> str:
    if words == fields.TBD:
        raise OkrctlError("what was agreed cannot become TBD", "give a number")
    written = node.file.document.scalar((*node.route, key))
    pattern = written.value if written and written.value and written.value != fields.TBD else None
    return input_values.parse_number(workspace, node, words, pattern).text


def _format_due(node: Objective | KeyResult, words: str) -> str:
    if isinstance(node, Objective):
        raise OkrctlError(f"an objective has no `due`: {node.ref}", "name one of its key results")
    try:
        return str(period.parse_day(words))
    except period.PeriodError as error:
        raise OkrctlError(error.message, error.hint) from error


def _format_weight(words: str) -> str:
    try:
        weight = quantity.parse(words)
    except quantity.QuantityError as error:
        raise OkrctlError(error.message, error.hint) from error
    if weight.unit is not None or weight.number <= 0:
        raise OkrctlError(f"a weight is a number above 0, not '{words}'", "or give --state deprioritized")
    return words.strip()


def _current_value(node: Objective | KeyResult, key: str) -> str:
    """The value that holds now, as it is written, or what it is where nothing is written."""
    written = node.file.document.scalar((*node.route, key))
    usual = {"weight": "1", "state": "active", "due": str(node.period.end)}
    if isinstance(node, KeyResult) and node.measure.has_range:
        usual[node.measure.start_key] = "0"
    return written.value if written and written.value else usual.get(key, "")


def _state_edits(node: Objective | KeyResult, state: str, wish: AmendmentRequest) -> list[Edit]:
    """The reason and the day of a state that leaves the score; without one neither has a meaning."""
    if state in INACTIVE_STATES:
        return [SetValue((*node.route, "reason"), Prose(wish.reason)), SetValue((*node.route, "since"), str(wish.day))]
    there = node.file.document.keys(node.route)
    return [RemoveValue((*node.route, key)) for key in ("reason", "since") if key in there]
