"""Plans changes of agreed values, with a record of the old values."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

from okrctl.scoring.values import KeyResultValues
from okrctl.values import fields, period, quantity
from okrctl.values.errors import OkrctlError
from okrctl.workspace import KeyResult, Kpi, Node, Objective, Workspace
from okrctl.yaml_edit import AppendValue, Edit, Prose, RemoveValue, SetValue, input_values
from okrctl.yaml_edit.checkins import PlannedEdit
from okrctl.yaml_edit.scalars import Value

STATES = ("draft", "active", "deprioritized", "postponed")
INACTIVE_STATES = ("deprioritized", "postponed")
TARGET_OPTIONS = ("to", "from")
EDIT_FILE_HINT = "edit the file and add the `amended` record by hand"


class AmendmentRequest(NamedTuple):
    """New values by key, the reason, the person and the date."""

    values: Mapping[str, str]
    reason: str
    by: str
    day: date


def plan_amendment(workspace: Workspace, node: Node, request: AmendmentRequest, sealed: bool = False) -> PlannedEdit:
    """The edits that write new values and the record of the old ones. Raises OkrctlError for an invalid request.

    Replacing `TBD` needs no record, nor does a start that could not be found. An objective has no list of records: a
    change of its state has a reason, and any other reason is only in the commit message.
    """
    if isinstance(node, Kpi):
        raise OkrctlError(
            f"'{node.id}' is a KPI; only objectives and key results can be amended", "edit the file of the KPI"
        )
    new = _changed_values(workspace, node, request)
    old = {key: _current_value(workspace, node, key) for key in new}
    if not new:
        return PlannedEdit(node, request.day, node.file.path, new_value="nothing changes", has_value=False)
    edits = _value_edits(node, new, request)
    edits += _record_edits(node, {key: value for key, value in old.items() if value not in ("", fields.TBD)}, request)
    warnings = (f"the scorecard of {node.period.id} is sealed",) if sealed else ()
    changes = ", ".join(f"{key} {old[key] or 'nothing'} -> {value}" for key, value in new.items())
    return PlannedEdit(
        node, request.day, node.file.path, tuple(edits), new_value=changes, warnings=warnings, has_value=False
    )


def _changed_values(workspace: Workspace, node: Objective | KeyResult, request: AmendmentRequest) -> dict[str, str]:
    """The requested values that differ from the current ones, by the key of the file."""
    requested = {_file_key(node, option): text for option, text in request.values.items()}
    new = {key: _format_value(workspace, node, key, text) for key, text in requested.items()}
    return {key: value for key, value in new.items() if value != _current_value(workspace, node, key)}


def _value_edits(node: Objective | KeyResult, new: Mapping[str, str], request: AmendmentRequest) -> list[Edit]:
    """The edits that write the new values, and what goes with a new state."""
    edits: list[Edit] = [SetValue((*node.route, key), value) for key, value in new.items()]
    return edits + (_state_edits(node, new["state"], request) if "state" in new else [])


def _file_key(node: Objective | KeyResult, option: str) -> str:
    """The key that an option changes: `--to` and `--from` are those of the measure."""
    if option not in TARGET_OPTIONS:
        return option
    if isinstance(node, Objective):
        raise OkrctlError(f"an objective has no `{option}`: {node.ref}", "name one of its key results")
    key = node.measure.amendable.get(option)
    if key is None:
        keys = " or ".join(f"`{name}`" for name in node.measure.keys)
        raise OkrctlError(f"{node.ref} has no `{option}`: it has the measure {keys}", EDIT_FILE_HINT)
    return key


def _record_edits(node: Objective | KeyResult, was: Mapping[str, Value], request: AmendmentRequest) -> list[Edit]:
    """The edit that appends the record of the old values to a key result."""
    if not was:
        return []
    if not request.reason:
        raise OkrctlError("a change of agreed values needs a reason", "give --reason TEXT")
    if not isinstance(node, KeyResult):
        return []
    record: dict[str, Value] = {
        "date": str(request.day), "by": Prose(request.by), "reason": Prose(request.reason), "was": was,
    }  # fmt: skip
    return [AppendValue((*node.route, "amended"), record)]


def _format_value(workspace: Workspace, node: Objective | KeyResult, key: str, text: str) -> str:
    """A new value in the style of the file."""
    if isinstance(node, KeyResult) and key in node.measure.amendable.values():
        return _format_target(workspace, node, key, text)
    if key == "due":
        return _format_due(node, text)
    if key == "weight":
        return _format_weight(text)
    if text not in STATES:
        raise OkrctlError(f"'{text}' is not a valid state", f"use one of {', '.join(STATES)}")
    return text


def _format_target(workspace: Workspace, node: KeyResult, key: str, text: str) -> str:
    if text == fields.TBD:
        raise OkrctlError("an agreed value cannot become TBD", "give a number")
    written = node.file.document.scalar((*node.route, key))
    pattern = written.value if written and written.value and written.value != fields.TBD else None
    return input_values.parse_number(workspace, node, text, pattern).text


def _format_due(node: Objective | KeyResult, text: str) -> str:
    if isinstance(node, Objective):
        raise OkrctlError(f"an objective has no `due`: {node.ref}", "name one of its key results")
    try:
        return str(period.parse_day(text))
    except period.PeriodError as error:
        raise OkrctlError(error.message, error.hint) from error


def _format_weight(text: str) -> str:
    try:
        weight = quantity.parse(text)
    except quantity.QuantityError as error:
        raise OkrctlError(error.message, error.hint) from error
    if weight.unit is not None or weight.number <= 0:
        raise OkrctlError(f"'{text}' is not a valid weight", "give a number above 0, or --state deprioritized")
    return text.strip()


def _current_value(workspace: Workspace, node: Objective | KeyResult, key: str) -> str:
    """The current value as written in the file, or what stands for it; empty where nothing does."""
    written = node.file.document.scalar((*node.route, key))
    if written and written.value:
        return written.value
    if isinstance(node, KeyResult) and key == node.measure.start_key:
        start = KeyResultValues(workspace, node.period.end).measurement(node).series.start
        return "" if start is None else quantity.format_number(start)
    return {"weight": "1", "state": "active", "due": str(node.period.end)}.get(key, "")


def _state_edits(node: Objective | KeyResult, state: str, request: AmendmentRequest) -> list[Edit]:
    """The edits that set the reason and date of an inactive state, or remove them for an active one."""
    if state in INACTIVE_STATES:
        return [
            SetValue((*node.route, "reason"), Prose(request.reason)),
            SetValue((*node.route, "since"), str(request.day)),
        ]
    keys = node.file.document.keys(node.route)
    return [RemoveValue((*node.route, key)) for key in ("reason", "since") if key in keys]
