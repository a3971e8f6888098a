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
from okrctl.values.readings import CsvReadings, key_of
from okrctl.workspace import Dated, KeyResult, Kpi, Node, Objective, Workspace
from okrctl.yaml import Source
from okrctl.yaml_edit import Change, Set, Words, csv_readings, edit, input_values
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
    place: str = ""

    @property
    def words(self) -> dict[str, Value]:
        """What it says beside the value, as fields of a reading."""
        found: dict[str, Value] = {}
        if self.confidence is not None:
            found["confidence"] = input_values.confidence(self.confidence)
        if self.note:
            found["note"] = Words(self.note)
        return found


class Record(NamedTuple):
    """A check-in worked out: the changes of its file, or its line in a CSV file; what was and what is, for people.

    `doubts` are sentences about what is likely a mistake and needs a yes; `valued` tells a value from mere words.
    """

    node: Node
    day: date
    path: str
    changes: tuple[Change, ...] = ()
    line: str | None = None
    was: str = ""
    now: str = ""
    doubts: tuple[str, ...] = ()
    valued: bool = True

    @property
    def way(self) -> str:
        """`4100 -> 5200 users`."""
        return f"{self.was} -> {self.now}" if self.was and self.was != self.now else self.now

    @property
    def plan(self) -> str:
        """What is about to be written where."""
        return f"{self.path}: {self.now}" + ("" if str(self.day) in self.now else f" on {self.day}")


def record(workspace: Workspace, said: Checkin, today: date, sealed: bool = False) -> Record:
    """What a check-in changes; OkrctlError where it makes no sense. `sealed`: its period has a sealed scorecard."""
    input_values.not_in_future(said.day, today)
    node = said.node
    if said.value is None and not said.words:
        raise OkrctlError(f"there is nothing to say about {node.ref}", "give a value, --confidence or --note")
    if isinstance(node, Objective):
        result = _word_on_objective(said)
    elif isinstance(node, KeyResult) and node.measure == "done":
        result = _done(said, today)
    elif isinstance(node, KeyResult) and node.measure == "milestones":
        result = _milestone(said)
    else:
        result = _reading(workspace, said)
    doubts = (*_doubts(workspace, said, sealed), *result.doubts)
    return result._replace(doubts=doubts, valued=said.value is not None)


def texts(records: Sequence[Record]) -> tuple[dict[str, str], dict[str, str]]:
    """The texts of the files concerned, before and after, by path; EditError where one cannot be changed safely."""
    old: dict[str, str] = {}
    new: dict[str, str] = {}
    for one in records:
        node = one.node
        if one.line is not None and not isinstance(node, Objective) and node.csv is not None:
            old.setdefault(one.path, node.csv.text)
            kept = node.model.readings
            assert isinstance(kept, CsvReadings)
            new[one.path] = csv_readings.written(kept, new.get(one.path, node.csv.text), {one.day: one.line})
        if one.changes:
            file = node.file
            old.setdefault(file.path, file.document.text)
            source = Source(file.path, new.get(file.path, file.document.text))
            new[file.path] = edit(source, one.changes).text
    return old, new


def _doubts(workspace: Workspace, said: Checkin, sealed: bool) -> list[str]:
    node = said.node
    if isinstance(node, Kpi):
        return []
    found = [f"the scorecard of {node.period.id} is sealed"] if sealed else []
    last = node.period.end + timedelta(days=workspace.config.scoring.closing_days)
    if not node.first <= said.day <= last:
        found.append(f"{said.day} lies outside {period.described(node.period)}, where it will not count")
    return found


def _word_on_objective(said: Checkin) -> Record:
    node = said.node
    assert isinstance(node, Objective)
    if said.value is not None:
        names = ", ".join(one.id for one in node.key_results)
        raise OkrctlError(f"an objective has no value: {node.ref}", f"check in one of its key results: {names}")
    return _words(said, node.model.readings)


def _words(said: Checkin, readings: object) -> Record:
    """A check-in without a value."""
    there = readings if isinstance(readings, dict) else {}
    changes, doubts = _dated(said, None, there)
    return Record(said.node, said.day, said.node.file.path, tuple(changes), now=_in_words(said), doubts=tuple(doubts))


def _in_words(said: Checkin) -> str:
    parts = [f"confidence {said.confidence}"] if said.confidence is not None else []
    return ", ".join([*parts, *(["a note"] if said.note else [])])


def _done(said: Checkin, today: date) -> Record:
    node = said.node
    assert isinstance(node, KeyResult)
    result = _words(said, node.model.readings) if said.words else Record(node, said.day, node.file.path)
    if said.value is None:
        return result
    now = input_values.done(said.value, said.day, today)
    before = node.model.done
    doubts = [f"{node.ref} was done on {before} already"] if isinstance(before, date) and str(before) != now else []
    return result._replace(
        changes=(Set((*node.route, "done"), now), *result.changes),
        was="open" if before is False else f"done {before}",
        now="open" if now == "false" else f"done {now}",
        doubts=(*doubts, *result.doubts),
    )


def _milestone(said: Checkin) -> Record:
    node = said.node
    assert isinstance(node, KeyResult)
    result = _words(said, node.model.readings) if said.words else Record(node, said.day, node.file.path)
    if said.value is None:
        return result
    place = input_values.milestone(node, said.value)
    step = node.model.milestones[place]
    doubts = [f"'{step.title}' was done already"] if step.done and step.done != said.day else []
    return result._replace(
        changes=(Set((*node.route, "milestones", place, "done"), str(said.day)), *result.changes),
        now=f"'{step.title}' done {said.day}",
        doubts=(*doubts, *result.doubts),
    )


def _reading(workspace: Workspace, said: Checkin) -> Record:
    node = said.node
    assert not isinstance(node, Objective)
    _refuse_worked_out(node)
    value = None
    if said.value is not None:
        graded = isinstance(node, KeyResult) and node.measure == "graded"
        value = input_values.grade(said.value) if graded else input_values.number(workspace, node, said.value)
    unit = node.unit if isinstance(node, Kpi) else workspace.unit(node)
    was = _shown(_last(node.readings, said.day), None)
    if node.csv is not None:
        return _csv_line(said, value, was, unit)
    there = node.model.readings if isinstance(node.model.readings, dict) else {}
    changes, doubts = _dated(said, value.text if value else None, there)
    now = _shown(value, unit) if value else _in_words(said)
    return Record(node, said.day, node.file.path, tuple(changes), None, was if value else "", now, tuple(doubts))


def _refuse_worked_out(node: KeyResult | Kpi) -> None:
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


def _csv_line(said: Checkin, value: Quantity | None, was: str, unit: str | None) -> Record:
    node = said.node
    assert not isinstance(node, Objective) and node.csv is not None
    if node.csv.unreadable is not None:
        raise OkrctlError(f"{node.csv.path}: {node.csv.unreadable.message}", node.csv.unreadable.help)
    if value is None or said.words:
        raise OkrctlError(
            f"the readings of {node.ref} are kept in {node.csv.path}, which has no place for a confidence or a note",
            "give the value alone",
        )
    same = next((one for one in node.readings if one.day == said.day), None)
    doubts = []
    if same is not None and same.value is not None and same.value.number != value.number:
        doubts = [f"{node.ref} has {same.value.text} on {said.day} already"]
    return Record(node, said.day, node.csv.path, (), value.text, was, _shown(value, unit), tuple(doubts))


def _last(readings: Iterable[Dated], day: date) -> Quantity | None:
    return next((one.value for one in reversed(list(readings)) if one.value is not None and one.day <= day), None)


def _shown(value: Quantity | None, unit: str | None) -> str:
    return "" if value is None else quantity.show(value.number, unit)


def _dated(said: Checkin, value: str | None, there: Mapping[date, object]) -> tuple[list[Change], list[str]]:
    """The changes that write a reading, and what they would overwrite."""
    route: Route = (*said.node.route, "readings")
    fields: dict[str, Value] = {"value": value, **said.words} if value is not None else said.words
    key = key_of(said.node.file.document.keys(route), said.day)
    if key is None:
        return [Set((*route, str(said.day)), fields["value"] if list(fields) == ["value"] else fields)], []
    written = said.node.file.document.node((*route, key))
    old = there.get(said.day)
    doubts = [
        f"{said.node.ref} has {_plain(getattr(old, name))} on {said.day} already"
        if name == "value" else f"{said.node.ref} has a {name} on {said.day} already"
        for name, new in fields.items()
        if getattr(old, name, None) is not None and _plain(getattr(old, name)) != new
    ]  # fmt: skip
    if written is not None and written.kind == "mapping":
        return [Set((*route, key, name), new) for name, new in fields.items()], doubts
    kept = getattr(old, "value", None)
    if isinstance(kept, Quantity):
        fields = {"value": kept.text, **fields}
    return [Set((*route, key), fields["value"] if list(fields) == ["value"] else fields)], doubts


def _plain(value: object) -> str:
    return value.text if isinstance(value, Quantity) else quantity.show(value) if _is_number(value) else str(value)  # type: ignore[arg-type]


def _is_number(value: object) -> bool:
    return hasattr(value, "numerator") and not isinstance(value, bool)
