"""Plans changes of agreed values, with a record of the old values."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import NamedTuple

from okrctl.measures import AMEND_OPTIONS, AmendOption
from okrctl.scoring.values import KeyResultValues
from okrctl.values import fields, period, quantity
from okrctl.values.diagnostic import Route
from okrctl.values.errors import ConfirmError, OkrctlError
from okrctl.values.quantity import Quantity
from okrctl.workspace import KeyResult, Kpi, Node, Objective, Workspace
from okrctl.yaml_edit import AppendValue, Edit, Prose, RemoveValue, SetValue, input_values, scalars
from okrctl.yaml_edit.checkins import PlannedEdit, find_two_meanings
from okrctl.yaml_edit.scalars import Value

STATES = ("draft", "active", "deprioritized", "postponed")
INACTIVE_STATES = ("deprioritized", "postponed")
GOAL_OPTIONS = ("weight", "due", "state")
NO_PLAN = "none"
EDIT_FILE_HINT = "edit the file and add the `amended` record by hand"


class AmendableValue(NamedTuple):
    """A value that can be amended: the name of its option, and what it is now, written as one would type it.

    `text` is empty where nothing is agreed yet.
    """

    name: str
    text: str
    option: AmendOption | None = None


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
        raise _kpi_error(node)
    new = _changed_values(workspace, node, request)
    old = {key: _current_value(workspace, node, key) for key in new}
    if not new:
        return PlannedEdit(node, request.day, node.file.path, new_value="nothing changes", has_value=False)
    edits = _value_edits(node, new, old, request)
    edits += _record_edits(node, {key: value for key, value in old.items() if value not in ("", fields.TBD)}, request)
    warnings = (f"the scorecard of {node.period.id} is sealed",) if sealed else ()
    changes = ", ".join(f"{key} {_format(old[key])} -> {_format(value)}" for key, value in new.items())
    return PlannedEdit(
        node, request.day, node.file.path, tuple(edits), new_value=changes, warnings=warnings, has_value=False,
        is_amendment=True,
        two_meanings=tuple(found for option, text in request.values.items() if option not in ("due", "state")
                           for found in find_two_meanings(workspace, (option,), text)),
    )  # fmt: skip


def amendable_values(workspace: Workspace, node: Node) -> list[AmendableValue]:
    """What `plan_amendment` can change of a node, with the values of now. Raises OkrctlError for a KPI."""
    if isinstance(node, Kpi):
        raise _kpi_error(node)
    if isinstance(node, Objective):
        return [AmendableValue(name, _typed_text(workspace, node, name)) for name in ("weight", "state")]
    options = {name: option for name, option in node.measure.amendable.items() if _is_present(option, node)}
    targets = [
        AmendableValue(name, _typed_text(workspace, node, option.key), option) for name, option in options.items()
    ]
    return targets + [AmendableValue(name, _typed_text(workspace, node, name)) for name in GOAL_OPTIONS]


def _typed_text(workspace: Workspace, node: Objective | KeyResult, key: str) -> str:
    """A current value as `plan_amendment` takes it."""
    value = _current_value(workspace, node, key)
    if isinstance(value, Mapping):
        return ",".join(f"{day}={number}" for day, number in value.items())
    if not isinstance(value, str):
        return ",".join(str(number) for number in value)
    return "" if value in (fields.TBD, NO_PLAN) else value


def _kpi_error(kpi: Kpi) -> OkrctlError:
    return OkrctlError(
        f"'{kpi.id}' is a KPI; only objectives and key results can be amended", "edit the file of the KPI"
    )


def _format(value: Value) -> str:
    """A value in a message."""
    return value or "nothing" if isinstance(value, str) else scalars.format_flow(value)


def _changed_values(workspace: Workspace, node: Objective | KeyResult, request: AmendmentRequest) -> dict[str, Value]:
    """The requested values that differ from the current ones, by the key of the file."""
    new: dict[str, Value] = {}
    for name, text in request.values.items():
        if name in GOAL_OPTIONS:
            new[name] = _format_goal_value(node, name, text)
        else:
            result, option = _find_option(node, name)
            new[option.key] = _TARGET_FORMATS[option.shape](workspace, result, option, text)
    return {key: value for key, value in new.items() if value != _current_value(workspace, node, key)}


def _value_edits(
    node: Objective | KeyResult, new: Mapping[str, Value], old: Mapping[str, Value], request: AmendmentRequest
) -> list[Edit]:
    """The edits that write the new values, and what goes with a new state."""
    edits: list[Edit] = []
    for key, value in new.items():
        edits += _edits_of_value((*node.route, key), value, old[key])
    return edits + (_state_edits(node, str(new["state"]), request) if "state" in new else [])


def _edits_of_value(route: Route, new: Value, old: Value) -> list[Edit]:
    """The edits that turn one value into another: of a list or mapping only what differs, so that its style stays."""
    if isinstance(new, Mapping) and isinstance(old, Mapping):
        return _edits_of_mapping(route, new, old)
    if isinstance(new, list) and isinstance(old, list):
        pairs = enumerate(zip(new, old, strict=True))
        return [SetValue((*route, number), value) for number, (value, former) in pairs if value != former]
    return [RemoveValue(route)] if new == NO_PLAN else [SetValue(route, new)]


def _edits_of_mapping(route: Route, new: Mapping[str, Value], old: Mapping[str, Value]) -> list[Edit]:
    changed: list[Edit] = [SetValue((*route, key), value) for key, value in new.items() if old.get(key) != value]
    return changed + [RemoveValue((*route, key)) for key in old if key not in new]


def _find_option(node: Objective | KeyResult, name: str) -> tuple[KeyResult, AmendOption]:
    """The option of the measure of a key result."""
    key = name.replace("-", "_")
    if isinstance(node, Objective):
        raise OkrctlError(f"an objective has no `{key}`: {node.ref}", "use one of its key results")
    option = node.measure.amendable.get(name)
    present = node.file.document.keys(node.route)
    if option is not None and (option.key not in node.measure.keys or option.key in present):
        return node, option
    keys = " or ".join(f"`{key}`" for key in node.measure.keys if key in present)
    known = [f"--{name}" for name, each in node.measure.amendable.items() if _is_present(each, node)]
    hint = f"use {' or '.join(known)}, or {EDIT_FILE_HINT}" if known else EDIT_FILE_HINT
    raise OkrctlError(f"{node.ref} has no `{key}`: it is measured by {keys}", hint)


def _is_present(option: AmendOption, node: KeyResult) -> bool:
    return option.key not in node.measure.keys or option.key in node.file.document.keys(node.route)


def _record_edits(node: Objective | KeyResult, was: Mapping[str, Value], request: AmendmentRequest) -> list[Edit]:
    """The edit that appends the record of the old values to a key result."""
    if not was:
        return []
    if not request.reason:
        raise ConfirmError("a change to agreed values needs a reason", "use --reason TEXT")
    if not isinstance(node, KeyResult):
        return []
    return plan_record(node, was, request.reason, request.by, request.day)


def plan_record(node: Objective | KeyResult, was: Mapping[str, Value], reason: str, by: str, day: date) -> list[Edit]:
    """The edit that appends a record of what was agreed before, by its keys."""
    record: dict[str, Value] = {"date": str(day), "by": Prose(by), "reason": Prose(reason), "was": was}
    return [AppendValue((*node.route, "amended"), record)]


def _format_goal_value(node: Objective | KeyResult, key: str, text: str) -> str:
    """A weight, due day or state."""
    if key == "due":
        return _format_due(node, text)
    if key == "weight":
        return _format_weight(text)
    if text not in STATES:
        raise OkrctlError(f"'{text}' is not a valid state", f"use one of {', '.join(STATES)}")
    return text


def _format_number(workspace: Workspace, node: KeyResult, option: AmendOption, text: str) -> str:
    return _parse_target(workspace, node, text, (option.key,)).text


def _parse_target(workspace: Workspace, node: KeyResult, text: str, route: Route) -> Quantity:
    """A number in the style of the one that it replaces."""
    if text == fields.TBD:
        raise OkrctlError("an agreed value cannot become TBD", "pass a number")
    written = node.file.document.scalar((*node.route, *route))
    pattern = written.value if written and written.value and written.value != fields.TBD else None
    return input_values.parse_number(workspace, node, text, pattern)


def _format_numbers(workspace: Workspace, node: KeyResult, option: AmendOption, text: str) -> list[Value]:
    """The bounds of a band."""
    texts = [part.strip() for part in text.strip("[] ").split(",")]
    if len(texts) != 2 or not all(texts):
        raise OkrctlError(f"'{text}' is not a valid value for --{option.key}", "pass two numbers, such as 48,52")
    low, high = (_parse_target(workspace, node, part, (option.key, number)) for number, part in enumerate(texts))
    if low.number > high.number:
        raise OkrctlError(f"the bounds are reversed: {low.text} is above {high.text}", "pass the lower one first")
    return [low.text, high.text]


def _format_change(workspace: Workspace, node: KeyResult, option: AmendOption, text: str) -> str:
    try:
        return quantity.parse_change(text).text.strip()
    except quantity.QuantityError as error:
        raise OkrctlError(error.message, error.hint) from error


def _format_plan(workspace: Workspace, node: KeyResult, option: AmendOption, text: str) -> Value:
    """Intermediate targets by date, in order of the dates."""
    if text == NO_PLAN:
        return NO_PLAN
    plan: dict[str, Value] = {}
    for part in text.split(","):
        day, equals, number = part.partition("=")
        if not equals:
            raise OkrctlError(
                f"'{part}' is not a valid step of a plan", "pass steps, such as 2026-05-15=40,2026-06-01=70"
            )
        name = str(_parse_day(node, day.strip()))
        if name in plan:
            raise OkrctlError(f"{name} is in the plan twice", "pass each day once")
        plan[name] = _parse_target(workspace, node, number.strip(), (option.key, name)).text
    return dict(sorted(plan.items()))


_TARGET_FORMATS: dict[str, Callable[[Workspace, KeyResult, AmendOption, str], Value]] = {
    "number": _format_number, "numbers": _format_numbers, "change": _format_change, "by date": _format_plan,
}  # fmt: skip


def _format_due(node: Objective | KeyResult, text: str) -> str:
    if isinstance(node, Objective):
        raise OkrctlError(f"an objective has no `due`: {node.ref}", "use one of its key results")
    return str(_parse_day(node, text))


def _parse_day(node: KeyResult, text: str) -> date:
    """A day in the period of the key result."""
    try:
        day = period.parse_day(text)
    except period.PeriodError as error:
        raise OkrctlError(error.message, error.hint) from error
    if not node.period.start <= day <= node.period.end:
        raise OkrctlError(f"{day} is not in {period.describe(node.period)}", "use a day of the period")
    return day


def _format_weight(text: str) -> str:
    try:
        weight = quantity.parse(text)
    except quantity.QuantityError as error:
        raise OkrctlError(error.message, error.hint) from error
    if weight.unit is not None or weight.number <= 0:
        raise OkrctlError(f"'{text}' is not a valid weight", "pass a number above 0, or use --state deprioritized")
    return text.strip()


def _current_value(workspace: Workspace, node: Objective | KeyResult, key: str) -> Value:
    """The current value as written in the file, or what stands for it; empty where nothing does."""
    document, route = node.file.document, (*node.route, key)
    written = document.scalar(route)
    if written and written.value:
        return written.value
    option = next((each for each in AMEND_OPTIONS.values() if each.key == key), None)
    if option is not None and option.shape in ("numbers", "by date"):
        return _current_parts(node, option)
    if isinstance(node, KeyResult) and key == node.measure.start_key:
        start = KeyResultValues(workspace, node.period.end).measurement(node).series.start
        return "" if start is None else quantity.format_number(start)
    return {"weight": "1", "state": "active", "due": str(node.period.end)}.get(key, "")


def _current_parts(node: Objective | KeyResult, option: AmendOption) -> Value:
    """The current bounds as a list, or the current plan by date."""
    known = getattr(node.model, option.key, None)
    if not known:
        return NO_PLAN if option.shape == "by date" else ""
    if isinstance(known, dict):
        return {str(day): number.text.strip() for day, number in known.items()}
    return [number.text.strip() for number in known]


def _state_edits(node: Objective | KeyResult, state: str, request: AmendmentRequest) -> list[Edit]:
    """The edits that set the reason and date of an inactive state, or remove them for an active one."""
    if state in INACTIVE_STATES:
        return [
            SetValue((*node.route, "reason"), Prose(request.reason)),
            SetValue((*node.route, "since"), str(request.day)),
        ]
    keys = node.file.document.keys(node.route)
    return [RemoveValue((*node.route, key)) for key in ("reason", "since") if key in keys]
