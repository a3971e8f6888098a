"""Changes what was agreed, and leaves the record of what it was before."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

from okrctl.values import fields, period, quantity
from okrctl.values.errors import OkrctlError
from okrctl.workspace import KeyResult, Kpi, Node, Objective, Workspace
from okrctl.yaml_edit import Append, Change, Remove, Set, Words, input_values
from okrctl.yaml_edit.checkins import Record
from okrctl.yaml_edit.scalars import Value

STATES = ("draft", "active", "deprioritized", "postponed")
LEFT = ("deprioritized", "postponed")
HINT = "edit the file, and add the `amended` record by hand"


class Wish(NamedTuple):
    """What is to be other than agreed: new values by key, why, who says so, on what day."""

    values: Mapping[str, str]
    reason: str
    by: str
    day: date


def amend(workspace: Workspace, node: Node, wish: Wish, sealed: bool = False) -> Record:
    """The changes that write new values and the record of the old ones; OkrctlError for what makes no sense.

    Filling a `TBD` needs no record. An objective has no place for one: its state carries its reason, and for the rest
    the reason stands in the message for git alone.
    """
    if isinstance(node, Kpi):
        raise OkrctlError(f"a KPI is no agreement: {node.id}", "edit its file")
    new = {key: _spelled(workspace, node, key, words) for key, words in wish.values.items()}
    old = {key: _before(node, key) for key in new}
    moved = [key for key in new if new[key] != old[key]]
    if not moved:
        return Record(node, wish.day, node.file.path, now="nothing changes", valued=False)
    changes: list[Change] = [Set((*node.route, key), new[key]) for key in moved]
    if "state" in moved:
        changes += _state(node, new["state"], wish)
    was: dict[str, Value] = {key: old[key] for key in moved if old[key] != fields.TBD}
    if was and not wish.reason:
        raise OkrctlError("what was agreed changes only with a reason", "give --reason TEXT")
    if was and isinstance(node, KeyResult):
        said: dict[str, Value] = {"date": str(wish.day), "by": Words(wish.by), "reason": Words(wish.reason), "was": was}
        changes.append(Append((*node.route, "amended"), said))
    doubts = (f"the scorecard of {node.period.id} is sealed",) if sealed else ()
    now = ", ".join(f"{key} {old[key]} -> {new[key]}" for key in moved)
    return Record(node, wish.day, node.file.path, tuple(changes), now=now, doubts=doubts, valued=False)


def _spelled(workspace: Workspace, node: Objective | KeyResult, key: str, words: str) -> str:
    """A new value as it is to be written."""
    if key in ("to", "from"):
        return _goal(workspace, node, key, words)
    if key == "due":
        return _due(node, words)
    if key == "weight":
        return _weight(words)
    if words not in STATES:
        raise OkrctlError(f"'{words}' is no state", f"choose one of {', '.join(STATES)}")
    return words


def _goal(workspace: Workspace, node: Objective | KeyResult, key: str, words: str) -> str:
    if isinstance(node, Objective):
        raise OkrctlError(f"an objective has no `{key}`: {node.ref}", "name one of its key results")
    if node.measure != "metric" and not (node.measure == "change" and key == "from"):
        known = {"limit": "at_least, at_most or between", "change": "change"}.get(node.measure, node.measure)
        raise OkrctlError(f"{node.ref} has no `{key}`: it is judged by `{known}`", HINT)
    if words == fields.TBD:
        raise OkrctlError("what was agreed cannot become TBD", "give a number")
    written = _before(node, key)
    pattern = (
        None if written == fields.TBD or getattr(node.model, "from_" if key == "from" else key) is None else written
    )
    return input_values.number(workspace, node, words, pattern).text


def _due(node: Objective | KeyResult, words: str) -> str:
    if isinstance(node, Objective):
        raise OkrctlError(f"an objective has no `due`: {node.ref}", "name one of its key results")
    try:
        return str(period.parse_day(words))
    except period.PeriodError as error:
        raise OkrctlError(error.message, error.hint) from error


def _weight(words: str) -> str:
    try:
        weight = quantity.parse(words)
    except quantity.QuantityError as error:
        raise OkrctlError(error.message, error.hint) from error
    if weight.unit is not None or weight.number <= 0:
        raise OkrctlError(f"a weight is a number above 0, not '{words}'", "or give --state deprioritized")
    return words.strip()


def _before(node: Objective | KeyResult, key: str) -> str:
    """The value that holds now, as it is written, or what it is where nothing is written."""
    written = node.file.document.scalar((*node.route, key))
    usual = {"from": "0", "weight": "1", "state": "active", "due": str(node.period.end)}
    return written.value if written and written.value else usual.get(key, "")


def _state(node: Objective | KeyResult, state: str, wish: Wish) -> list[Change]:
    """The reason and the day of a state that leaves the score; without one neither has a meaning."""
    if state in LEFT:
        return [Set((*node.route, "reason"), Words(wish.reason)), Set((*node.route, "since"), str(wish.day))]
    there = node.file.document.keys(node.route)
    return [Remove((*node.route, key)) for key in ("reason", "since") if key in there]
