"""Plans the edits of check-ins."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import NamedTuple

from okrctl.values import decimal_comma, period, quantity
from okrctl.values.diagnostic import Route
from okrctl.values.errors import FilesError, OkrctlError
from okrctl.values.quantity import Quantity
from okrctl.values.readings import CsvReadings, find_reading_key
from okrctl.workspace import KeyResult, Kpi, Node, Objective, Workspace
from okrctl.yaml import Source
from okrctl.yaml_edit import Edit, Prose, SetValue, csv_readings, edit, input_values
from okrctl.yaml_edit.plan import CsvEdit, FileEdit
from okrctl.yaml_edit.scalars import Value


@dataclass(frozen=True, slots=True)
class Checkin:
    """A check-in on one node: a value, a confidence, a note, or several of them.

    `origin` is where it was read, for errors. `is_argument`: the value is an argument of a command line, which may
    have two meanings where people type numbers with a decimal comma.
    """

    node: Node
    day: date
    value: str | None = None
    confidence: str | None = None
    note: str | None = None
    origin: str = ""
    is_argument: bool = False

    @property
    def note_fields(self) -> dict[str, Value]:
        """The fields of the reading other than the value."""
        fields: dict[str, Value] = {}
        if self.confidence is not None:
            fields["confidence"] = input_values.parse_confidence(self.confidence)
        if self.note:
            fields["note"] = Prose(self.note)
        return fields


class TwoMeanings(NamedTuple):
    """A number that may mean two: the day of its reading or the route to it, its text, and both ways to write it."""

    place: date | Route
    text: str
    ways: tuple[str, str]


class PlannedEdit(NamedTuple):
    """A planned check-in or amendment: the edits of its file or its value in a CSV file, and both values as text.

    `warnings` name likely mistakes, which need a confirmation. `has_value` is false for a check-in without a value.
    `is_amendment` tells that it changes what was agreed.
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
    two_meanings: tuple[TwoMeanings, ...] = ()
    confidence: Fraction | None = None
    is_amendment: bool = False

    @property
    def transition(self) -> str:
        """The old and the new value: `4100 -> 5200 users`."""
        if not self.old_value or self.old_value == self.new_value:
            return self.new_value
        return f"{self.old_value} -> {self.new_value}"

    @property
    def summary(self) -> str:
        """The file, the new value and the date."""
        return f"{self.path}: {self.new_value}" + ("" if str(self.day) in self.new_value else f" on {self.day}")


def plan_checkin(workspace: Workspace, checkin: Checkin, today: date, sealed: bool = False) -> PlannedEdit:
    """The edits of a check-in. Raises OkrctlError if it is invalid. `sealed`: its period has a sealed scorecard."""
    input_values.require_not_future(checkin.day, today)
    node = checkin.node
    if checkin.value is None and not checkin.note_fields:
        raise OkrctlError(f"nothing to record for {node.ref}", "pass a value, or use --confidence or --note")
    if isinstance(node, Objective):
        result = _plan_objective_note(checkin)
    elif isinstance(node, KeyResult) and node.measure.records == "date":
        result = _plan_done(checkin, today)
    elif isinstance(node, KeyResult) and node.measure.records == "steps":
        result = _plan_milestone(checkin)
    else:
        result = _plan_reading(workspace, checkin)
    warnings = (*_warnings(workspace, checkin, sealed), *result.warnings)
    return result._replace(
        warnings=warnings, has_value=checkin.value is not None, confidence=_confidence_number(checkin),
        two_meanings=_argument_meanings(workspace, checkin),
    )  # fmt: skip


def _confidence_number(checkin: Checkin) -> Fraction | None:
    return None if checkin.confidence is None else quantity.parse_confidence(checkin.confidence)


def _argument_meanings(workspace: Workspace, checkin: Checkin) -> tuple[TwoMeanings, ...]:
    node = checkin.node
    is_number = isinstance(node, Kpi) or (isinstance(node, KeyResult) and node.measure.is_numeric)
    return find_two_meanings(workspace, checkin.day, checkin.value if checkin.is_argument and is_number else None)


def find_two_meanings(workspace: Workspace, place: date | Route, text: str | None) -> tuple[TwoMeanings, ...]:
    """What an argument may mean where people type 1.240 for 1240; a workspace says so with `numbers: de`."""
    found = decimal_comma.find_two_meanings(text) if text and workspace.config.numbers == "de" else None
    return () if found is None else (TwoMeanings(place, *found),)


def edited_texts(planned_edits: Sequence[PlannedEdit]) -> tuple[dict[str, str], dict[str, str]]:
    """The texts of all edited files before and after, by path. Raises EditError if an edit is not safe."""
    old: dict[str, str] = {}
    new: dict[str, str] = {}
    for planned in planned_edits:
        node = planned.node
        for made in file_edits(planned):
            if isinstance(made, CsvEdit):
                assert not isinstance(node, Objective) and node.csv is not None
                old.setdefault(made.path, node.csv.text)
                content = new.get(made.path, node.csv.text)
                new[made.path] = csv_readings.write_readings(made.reference, content, made.readings)
            else:
                old.setdefault(made.path, made.text)
                new[made.path] = edit(Source(made.path, new.get(made.path, made.text)), made.edits).text
    return old, new


def file_edits(planned: PlannedEdit) -> list[FileEdit | CsvEdit]:
    """What a planned edit writes, file by file."""
    node, found = planned.node, list[FileEdit | CsvEdit]()
    if planned.csv_value is not None and not isinstance(node, Objective) and node.csv is not None:
        reference = node.model.readings
        assert isinstance(reference, CsvReadings)
        found.append(CsvEdit(planned.path, reference, {planned.day: planned.csv_value}))
    if planned.edits:
        found.append(FileEdit(node.file.path, node.file.document.text, planned.edits))
    return found


def _warnings(workspace: Workspace, checkin: Checkin, sealed: bool) -> list[str]:
    node = checkin.node
    if isinstance(node, Kpi):
        return []
    warnings = [f"the scorecard of {node.period.id} is sealed"] if sealed else []
    last = workspace.config.scoring.last_closing_day(node.period)
    if not node.first_day <= checkin.day <= last:
        warnings.append(f"{checkin.day} is outside {period.describe(node.period)}; the reading will not count")
    return warnings


def _plan_objective_note(checkin: Checkin) -> PlannedEdit:
    node = checkin.node
    assert isinstance(node, Objective)
    if checkin.value is not None:
        names = ", ".join(key_result.id for key_result in node.key_results)
        raise OkrctlError(f"an objective has no value: {node.ref}", f"check in one of its key results: {names}")
    return _plan_note(checkin, node.model.readings)


def _plan_note(checkin: Checkin, readings: object) -> PlannedEdit:
    """A check-in without a value."""
    existing = readings if isinstance(readings, dict) else {}
    edits, warnings = _reading_edits(checkin, None, existing)
    return PlannedEdit(
        checkin.node,
        checkin.day,
        checkin.node.file.path,
        tuple(edits),
        new_value=_describe_note(checkin),
        warnings=tuple(warnings),
    )


def _describe_note(checkin: Checkin) -> str:
    parts = [f"confidence {checkin.confidence}"] if checkin.confidence is not None else []
    return ", ".join([*parts, *(["a note"] if checkin.note else [])])


def _plan_done(checkin: Checkin, today: date) -> PlannedEdit:
    node = checkin.node
    assert isinstance(node, KeyResult)
    result = (
        _plan_note(checkin, node.model.readings)
        if checkin.note_fields
        else PlannedEdit(node, checkin.day, node.file.path)
    )
    if checkin.value is None:
        return result
    new = input_values.parse_done(checkin.value, checkin.day, today)
    (step,) = node.measure.steps(node.model)
    old = step.done
    warnings = [f"{node.ref} is already done on {old}"] if isinstance(old, date) and str(old) != new else []
    return result._replace(
        edits=(SetValue((*node.route, *step.route), new), *result.edits),
        old_value="open" if old is False else f"done {old}",
        new_value="open" if new == "false" else f"done {new}",
        warnings=(*warnings, *result.warnings),
    )


def _plan_milestone(checkin: Checkin) -> PlannedEdit:
    node = checkin.node
    assert isinstance(node, KeyResult)
    result = (
        _plan_note(checkin, node.model.readings)
        if checkin.note_fields
        else PlannedEdit(node, checkin.day, node.file.path)
    )
    if checkin.value is None:
        return result
    index = input_values.find_milestone(node, checkin.value)
    step = node.measure.steps(node.model)[index]
    is_done = step.done and step.done != checkin.day
    warnings = [f"'{step.title}' is already done"] if is_done else []
    return result._replace(
        edits=(SetValue((*node.route, *step.route), str(checkin.day)), *result.edits),
        new_value=f"'{step.title}' done {checkin.day}",
        warnings=(*warnings, *result.warnings),
    )


def _plan_reading(workspace: Workspace, checkin: Checkin) -> PlannedEdit:
    node = checkin.node
    assert not isinstance(node, Objective)
    _reject_derived(node)
    value = None
    if checkin.value is not None:
        is_graded = isinstance(node, KeyResult) and node.measure.records == "grades"
        if is_graded:
            value = input_values.parse_grade(checkin.value)
        else:
            value = input_values.parse_number(workspace, node, checkin.value)
    unit = node.unit if isinstance(node, Kpi) else workspace.unit(node)
    old = _format_quantity(_replaced_value(node, checkin.day), None)
    if node.csv is not None:
        return _plan_csv_value(checkin, value, old, unit)
    existing = node.model.readings if isinstance(node.model.readings, dict) else {}
    edits, warnings = _reading_edits(checkin, value.text if value else None, existing)
    new = _format_quantity(value, unit) if value else _describe_note(checkin)
    return PlannedEdit(
        node, checkin.day, node.file.path, tuple(edits), None, old if value else "", new, tuple(warnings)
    )


def _reject_derived(node: KeyResult | Kpi) -> None:
    if isinstance(node, Kpi):
        if node.model.formula is not None and not node.readings:
            raise OkrctlError(f"{node.id} is computed: {node.model.formula}", "check in the KPIs of its formula")
        return
    kpi, rollup = getattr(node.model, "kpi", None), getattr(node.model, "rollup", None)
    if kpi is not None:
        raise OkrctlError(f"{node.ref} takes its value from the KPI '{kpi}'", f"okrctl checkin {kpi} VALUE")
    if rollup is not None:
        members = ", ".join(rollup.members)
        raise OkrctlError(f"{node.ref} is computed from other key results", f"check in one of them: {members}")


def _plan_csv_value(checkin: Checkin, value: Quantity | None, old: str, unit: str | None) -> PlannedEdit:
    node = checkin.node
    assert not isinstance(node, Objective) and node.csv is not None
    if node.csv.read_problem is not None:
        raise FilesError(f"{node.csv.path}: {node.csv.read_problem.message}", node.csv.read_problem.help)
    if value is None or checkin.note_fields:
        raise OkrctlError(
            f"the readings of {node.ref} are in {node.csv.path}, which cannot hold a confidence or a note",
            "pass the value alone",
        )
    existing = next((reading for reading in node.readings if reading.day == checkin.day), None)
    warnings = []
    if existing is not None and existing.value is not None and existing.value.number != value.number:
        warnings = [f"{node.ref} already has {existing.value.text} on {checkin.day}"]
    new = _format_quantity(value, unit)
    return PlannedEdit(node, checkin.day, node.csv.path, (), value.text, old, new, tuple(warnings))


def _replaced_value(node: KeyResult | Kpi, day: date) -> Quantity | None:
    """The value in whose place that of a day comes: the newest one, of a sum or mean only that of the same day."""
    is_latest = (getattr(node.model, "aggregate", None) or "latest") == "latest"
    found = (each for each in reversed(list(node.readings)) if each.day <= day and (is_latest or each.day == day))
    return next((each.value for each in found if each.value is not None), None)


def _format_quantity(value: Quantity | None, unit: str | None) -> str:
    return "" if value is None else quantity.format_number(value.number, unit)


def _reading_edits(
    checkin: Checkin, value: str | None, existing: Mapping[date, object]
) -> tuple[list[Edit], list[str]]:
    """The edits that write a reading, and warnings about values that they overwrite."""
    route: Route = (*checkin.node.route, "readings")
    fields: dict[str, Value] = {"value": value, **checkin.note_fields} if value is not None else checkin.note_fields
    document = checkin.node.file.document
    key = find_reading_key(document.keys(route), checkin.day)
    if key is None:
        return [SetValue((*route, str(checkin.day)), _short_form(fields))], []
    old = existing.get(checkin.day)
    warnings = list(_overwrite_warnings(checkin, old, fields))
    written = document.node((*route, key))
    if written is not None and written.kind == "mapping":
        return [SetValue((*route, key, name), new) for name, new in fields.items()], warnings
    old_value = getattr(old, "value", None)
    if isinstance(old_value, Quantity):
        fields = {"value": old_value.text, **fields}
    return [SetValue((*route, key), _short_form(fields))], warnings


def _short_form(fields: dict[str, Value]) -> Value:
    """The fields of a reading as files write them: a value without other fields needs no mapping."""
    return fields["value"] if list(fields) == ["value"] else fields


def _overwrite_warnings(checkin: Checkin, old: object, fields: Mapping[str, Value]) -> Iterator[str]:
    for name, new in fields.items():
        old_value = getattr(old, name, None)
        if old_value is not None and _format_plain(old_value) != new:
            existing = _format_plain(old_value) if name == "value" else f"a {name}"
            yield f"{checkin.node.ref} already has {existing} on {checkin.day}"


def _format_plain(value: object) -> str:
    if isinstance(value, Quantity):
        return value.text
    return quantity.format_number(value) if _is_number(value) else str(value)  # type: ignore[arg-type]


def _is_number(value: object) -> bool:
    return hasattr(value, "numerator") and not isinstance(value, bool)
