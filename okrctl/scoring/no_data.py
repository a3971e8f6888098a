"""Why a key result has no data: every message about it, in every command, names this cause and no other."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Literal, NamedTuple

from okrctl.workspace import KeyResult, Kpi

Cause = Literal["target", "start", "unknown start", "input", "reading", "ahead"]


class NoData(NamedTuple):
    """A cause of `no data`: its kind, and the words for it.

    `target` and `start` are TBD; `unknown start` is that of a KPI without an early enough value; `input` is a member
    of a rollup or an input of a formula without a value; `reading` is a missing reading; `ahead` has not begun.
    """

    cause: Cause
    text: str


def no_reading(first: date, last: date, day: date, *, has_notes: bool = False, kpi: Kpi | None = None) -> NoData:
    """No reading counts from the first day to the day, at most to the last day on which readings count."""
    what = "no reading with a value" if has_notes else "no reading"
    what += f" of {kpi.id}" if kpi else ""
    return NoData("reading", f"{what} since {first}" if day <= last else f"{what} from {first} to {last}")


def missing_input(name: str, reason: str) -> NoData:
    """An input of the value has none itself."""
    return NoData("input", f"'{name}' has no value: {reason}")


def in_other_repository(name: str) -> NoData:
    """What the value comes from belongs to a team whose goals are elsewhere."""
    return NoData("input", f"'{name}' is in another repository")


def not_begun(node: KeyResult) -> NoData:
    """The key result begins on a later day, by its period or its `added` day."""
    return NoData("ahead", f"it begins on {node.first_day}")


def unknown_start(node: KeyResult, kpi: Kpi) -> NoData:
    """`from` is left out, and the KPI has no value that could take its place."""
    return NoData("unknown start", f"no start: {kpi.id} has no value on or before {node.first_day}; write `from:`")


def tbd(node: KeyResult) -> NoData | None:
    """What is still TBD, the target first."""
    measure, model = node.measure, node.model
    if isinstance(getattr(model, measure.target_key, None), str):
        return NoData("target", "its target is still TBD")
    if isinstance(measure.written_start(model), str):
        return NoData("start", "its start is still TBD")
    return None


def find_cause(node: KeyResult, start: Fraction | None, kpi: Kpi | None, missing: NoData | None) -> NoData | None:
    """Why a key result without progress has none; `missing` says why it has no value, where that is so."""
    known = tbd(node)
    if known is not None:
        return known
    if kpi is None or start is not None or not node.measure.has_range or (missing and missing.cause == "ahead"):
        return missing
    begins = unknown_start(node, kpi)
    return begins if missing is None else NoData(missing.cause, f"{missing.text}; {begins.text}")
