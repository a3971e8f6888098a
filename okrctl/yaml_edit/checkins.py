"""Turns check-ins into changes of files."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from okrctl.values import period, quantity
from okrctl.values.diagnostic import Route
from okrctl.values.errors import OkrctlError
from okrctl.values.quantity import Quantity
from okrctl.values.readings import CsvReadings, find_reading_key
from okrctl.workspace import DatedReading, KeyResult, Kpi, Node, Objective, Workspace
from okrctl.yaml import Source
from okrctl.yaml_edit import Edit, Prose, SetValue, csv_readings, edit, input_values
from okrctl.yaml_edit.scalars import Value


@dataclass(frozen=True, slots=True)
class Checkin:
    """What a person says about one thing on one day: a value, a confidence, a note, or some of them.

    `place` is where it was read, for errors.
    """

    node: Node
    day: date
    value: str | None = None
    confidence: str | None = None
    note: str | None = None
    origin: str = ""

    @property
    def note_fields(self) -> dict[str, Value]:
        """What it says beside the value, as fields of a reading."""
        found: dict[str, Value] = {}
        if self.confidence is not None:
            found["confidence"] = input_values.parse_confidence(self.confidence)
        if self.note:
            found["note"] = Prose(self.note)
        return found


class PlannedEdit(NamedTuple):
    """A check-in worked out: the changes of its file, or its line in a CSV file; what was and what is, for people.

    `doubts` are sentences about what is likely a mistake and needs a yes; `valued` tells a value from mere words.
    """

    node: Node
    day: date
    path: str
    edits: tuple[Edit, ...] = ()
    csv_value: str | None = None
    old_value: str = ""
    new_value: str = ""
    warnings: tuple[str, ...] = ()
    has_value: bool = True

    @property
    def transition(self) -> str:
        """`4100 -> 5200 users`."""
        return (
            f"{self.old_value} -> {self.new_value}"
            if self.old_value and self.old_value != self.new_value
            else self.new_value
        )

    @property
    def summary(self) -> str:
        """What is about to be written where."""
        return f"{self.path}: {self.new_value}" + ("" if str(self.day) in self.new_value else f" on {self.day}")


def plan_checkin(workspace: Workspace, said: Checkin, today: date, sealed: bool = False) -> PlannedEdit:
    """What a check-in changes; OkrctlError where it makes no sense. `sealed`: its period has a sealed scorecard."""
    input_values.require_not_future(said.day, today)
    node = said.node
    if said.value is None and not said.note_fields:
        raise OkrctlError(f"there is nothing to say about {node.ref}", "give a value, --confidence or --note")
    if isinstance(node, Objective):
        result = _plan_objective_note(said)
    elif isinstance(node, KeyResult) and node.measure.records == "date":
        result = _plan_done(said, today)
    elif isinstance(node, KeyResult) and node.measure.records == "steps":
        result = _plan_milestone(said)
    else:
        result = _plan_reading(workspace, said)
    doubts = (*_warnings(workspace, said, sealed), *result.warnings)
    return result._replace(warnings=doubts, has_value=said.value is not None)


def edited_texts(records: Sequence[PlannedEdit]) -> tuple[dict[str, str], dict[str, str]]:
    """The texts of the files concerned, before and after, by path; EditError where one cannot be changed safely."""
    old: dict[str, str] = {}
    new: dict[str, str] = {}
    for one in records:
        node = one.node
        if one.csv_value is not None and not isinstance(node, Objective) and node.csv is not None:
            old.setdefault(one.path, node.csv.text)
            kept = node.model.readings
            assert isinstance(kept, CsvReadings)
            new[one.path] = csv_readings.write_readings(
                kept, new.get(one.path, node.csv.text), {one.day: one.csv_value}
            )
        if one.edits:
            file = node.file
            old.setdefault(file.path, file.document.text)
            source = Source(file.path, new.get(file.path, file.document.text))
            new[file.path] = edit(source, one.edits).text
    return old, new


def _warnings(workspace: Workspace, said: Checkin, sealed: bool) -> list[str]:
    node = said.node
    if isinstance(node, Kpi):
        return []
    found = [f"the scorecard of {node.period.id} is sealed"] if sealed else []
    last = node.period.end + timedelta(days=workspace.config.scoring.closing_days)
    if not node.first_day <= said.day <= last:
        found.append(f"{said.day} lies outside {period.describe(node.period)}, where it will not count")
    return found


def _plan_objective_note(said: Checkin) -> PlannedEdit:
    node = said.node
    assert isinstance(node, Objective)
    if said.value is not None:
        names = ", ".join(one.id for one in node.key_results)
        raise OkrctlError(f"an objective has no value: {node.ref}", f"check in one of its key results: {names}")
    return _plan_note(said, node.model.readings)


def _plan_note(said: Checkin, readings: object) -> PlannedEdit:
    """A check-in without a value."""
    there = readings if isinstance(readings, dict) else {}
    changes, doubts = _reading_edits(said, None, there)
    return PlannedEdit(
        said.node, said.day, said.node.file.path, tuple(changes), new_value=_describe_note(said), warnings=tuple(doubts)
    )


def _describe_note(said: Checkin) -> str:
    parts = [f"confidence {said.confidence}"] if said.confidence is not None else []
    return ", ".join([*parts, *(["a note"] if said.note else [])])


def _plan_done(said: Checkin, today: date) -> PlannedEdit:
    node = said.node
    assert isinstance(node, KeyResult)
    result = _plan_note(said, node.model.readings) if said.note_fields else PlannedEdit(node, said.day, node.file.path)
    if said.value is None:
        return result
    now = input_values.parse_done(said.value, said.day, today)
    (step,) = node.measure.steps(node.model)
    before = step.done
    doubts = [f"{node.ref} was done on {before} already"] if isinstance(before, date) and str(before) != now else []
    return result._replace(
        edits=(SetValue((*node.route, *step.route), now), *result.edits),
        old_value="open" if before is False else f"done {before}",
        new_value="open" if now == "false" else f"done {now}",
        warnings=(*doubts, *result.warnings),
    )


def _plan_milestone(said: Checkin) -> PlannedEdit:
    node = said.node
    assert isinstance(node, KeyResult)
    result = _plan_note(said, node.model.readings) if said.note_fields else PlannedEdit(node, said.day, node.file.path)
    if said.value is None:
        return result
    place = input_values.find_milestone(node, said.value)
    step = node.measure.steps(node.model)[place]
    doubts = [f"'{step.title}' was done already"] if step.done and step.done != said.day else []
    return result._replace(
        edits=(SetValue((*node.route, *step.route), str(said.day)), *result.edits),
        new_value=f"'{step.title}' done {said.day}",
        warnings=(*doubts, *result.warnings),
    )


def _plan_reading(workspace: Workspace, said: Checkin) -> PlannedEdit:
    node = said.node
    assert not isinstance(node, Objective)
    _reject_derived(node)
    value = None
    if said.value is not None:
        graded = isinstance(node, KeyResult) and node.measure.records == "grades"
        value = (
            input_values.parse_grade(said.value) if graded else input_values.parse_number(workspace, node, said.value)
        )
    unit = node.unit if isinstance(node, Kpi) else workspace.unit(node)
    was = _format_quantity(_last_value(node.readings, said.day), None)
    if node.csv is not None:
        return _plan_csv_value(said, value, was, unit)
    there = node.model.readings if isinstance(node.model.readings, dict) else {}
    changes, doubts = _reading_edits(said, value.text if value else None, there)
    now = _format_quantity(value, unit) if value else _describe_note(said)
    return PlannedEdit(node, said.day, node.file.path, tuple(changes), None, was if value else "", now, tuple(doubts))


def _reject_derived(node: KeyResult | Kpi) -> None:
    if isinstance(node, Kpi):
        if node.model.formula is not None and not node.readings:
            raise OkrctlError(f"{node.id} is worked out: {node.model.formula}", "check in the KPIs of its formula")
        return
    kpi, rollup = getattr(node.model, "kpi", None), getattr(node.model, "rollup", None)
    if kpi is not None:
        raise OkrctlError(f"{node.ref} takes its value from the KPI '{kpi}'", f"okrctl checkin {kpi} VALUE")
    if rollup is not None:
        members = ", ".join(rollup.members)
        raise OkrctlError(f"{node.ref} is worked out from other key results", f"check in one of them: {members}")


def _plan_csv_value(said: Checkin, value: Quantity | None, was: str, unit: str | None) -> PlannedEdit:
    node = said.node
    assert not isinstance(node, Objective) and node.csv is not None
    if node.csv.read_problem is not None:
        raise OkrctlError(f"{node.csv.path}: {node.csv.read_problem.message}", node.csv.read_problem.help)
    if value is None or said.note_fields:
        raise OkrctlError(
            f"the readings of {node.ref} are kept in {node.csv.path}, which has no place for a confidence or a note",
            "give the value alone",
        )
    same = next((one for one in node.readings if one.day == said.day), None)
    doubts = []
    if same is not None and same.value is not None and same.value.number != value.number:
        doubts = [f"{node.ref} has {same.value.text} on {said.day} already"]
    return PlannedEdit(node, said.day, node.csv.path, (), value.text, was, _format_quantity(value, unit), tuple(doubts))


def _last_value(readings: Iterable[DatedReading], day: date) -> Quantity | None:
    return next((one.value for one in reversed(list(readings)) if one.value is not None and one.day <= day), None)


def _format_quantity(value: Quantity | None, unit: str | None) -> str:
    return "" if value is None else quantity.format_number(value.number, unit)


def _reading_edits(said: Checkin, value: str | None, there: Mapping[date, object]) -> tuple[list[Edit], list[str]]:
    """The changes that write a reading, and what they would overwrite."""
    route: Route = (*said.node.route, "readings")
    fields: dict[str, Value] = {"value": value, **said.note_fields} if value is not None else said.note_fields
    key = find_reading_key(said.node.file.document.keys(route), said.day)
    if key is None:
        return [SetValue((*route, str(said.day)), fields["value"] if list(fields) == ["value"] else fields)], []
    written = said.node.file.document.node((*route, key))
    old = there.get(said.day)
    doubts = [
        f"{said.node.ref} has {_format_plain(getattr(old, name))} on {said.day} already"
        if name == "value" else f"{said.node.ref} has a {name} on {said.day} already"
        for name, new in fields.items()
        if getattr(old, name, None) is not None and _format_plain(getattr(old, name)) != new
    ]  # fmt: skip
    if written is not None and written.kind == "mapping":
        return [SetValue((*route, key, name), new) for name, new in fields.items()], doubts
    kept = getattr(old, "value", None)
    if isinstance(kept, Quantity):
        fields = {"value": kept.text, **fields}
    return [SetValue((*route, key), fields["value"] if list(fields) == ["value"] else fields)], doubts


def _format_plain(value: object) -> str:
    if isinstance(value, Quantity):
        return value.text
    return quantity.format_number(value) if _is_number(value) else str(value)  # type: ignore[arg-type]


def _is_number(value: object) -> bool:
    return hasattr(value, "numerator") and not isinstance(value, bool)
