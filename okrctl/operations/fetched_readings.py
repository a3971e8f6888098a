"""Merges fetched readings into the files of their KPIs; readings that a person entered are kept."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from okrctl import sources
from okrctl.operations.doubts import Doubt
from okrctl.schema import validate
from okrctl.sources.fetch import FetchOutcome
from okrctl.sources.validate import FetchedReading
from okrctl.values.diagnostic import Route
from okrctl.values.errors import FetchError, FilesError, OkrctlError
from okrctl.values.quantity import Quantity
from okrctl.values.readings import CsvReadings, find_reading_key
from okrctl.workspace import Kpi, Workspace
from okrctl.yaml import Source
from okrctl.yaml_edit import Edit, Prose, SetValue, csv_readings, edit, input_values

NewReading = tuple[date, Quantity]


@dataclass(slots=True)
class FetchedTexts:
    """The texts of files before and after, by path; a message for each KPI; why the others failed, by KPI."""

    old: dict[str, str | None] = field(default_factory=dict)
    new: dict[str, str] = field(default_factory=dict)
    messages: list[str] = field(default_factory=list)
    failed: dict[str, str] = field(default_factory=dict)


def source_specs(workspace: Workspace) -> dict[str, Mapping[str, object]]:
    """Return the `source:` of every KPI that has one, with its `x-` keys."""
    specs = {kpi.id: source_spec(kpi) for kpi in workspace.kpis.values()}
    return {kpi: spec for kpi, spec in specs.items() if spec}


def source_spec(kpi: Kpi) -> Mapping[str, object]:
    """Return the `source:` of a KPI, empty where it has none."""
    raw = validate.mapping_at(kpi.file.document.data, kpi.route).get("source")
    return raw if isinstance(raw, dict) else {}


def merge_fetched(
    workspace: Workspace, outcomes: Iterable[FetchOutcome], force: bool = False, skipped: Sequence[Doubt] = ()
) -> FetchedTexts:
    """Return the texts with all new readings; a source with an invalid reading fails as a whole.

    A reading that is marked as fetched is replaced; one that a person entered is kept, unless `force`. `skipped` are
    readings that look like slips; they are listed and not written.
    """
    result = FetchedTexts()
    for outcome in outcomes:
        kpi = workspace.kpis[outcome.kpi]
        try:
            if outcome.error:
                raise FetchError(outcome.error)
            doubts = {doubt.place: doubt for doubt in skipped if doubt.ref == kpi.ref}
            _merge_kpi(result, workspace, kpi, outcome.readings, force, doubts)
        except OkrctlError as error:
            result.failed[kpi.id] = error.message
    return result


def _merge_kpi(
    result: FetchedTexts, workspace: Workspace, kpi: Kpi, readings: Sequence[FetchedReading], force: bool,
    doubts: Mapping[date | Route, Doubt],
) -> None:  # fmt: skip
    existing = {reading.day: reading for reading in kpi.readings}
    new: list[NewReading] = []
    kept: list[str] = []
    for reading in (reading for reading in readings if reading.day not in doubts):
        value = input_values.parse_number(workspace, kpi, reading.value)
        old = existing.get(reading.day)
        if old is None or old.value is None:
            new.append((reading.day, value))
        elif old.value.number == value.number:
            continue
        elif old.source is None and not force:
            kept.append(f"{reading.day} ({old.value.text}, fetched {value.text})")
        else:
            new.append((reading.day, value))
    if new:
        (_write_to_csv if kpi.csv is not None else _write_to_file)(result, kpi, new)
    result.messages.append("; ".join([_summarize(kpi, new, kept), *_notes(readings, doubts)]))


def _notes(readings: Sequence[FetchedReading], doubts: Mapping[date | Route, Doubt]) -> Iterator[str]:
    """What a person should know of the readings: days with several values, and what is skipped."""
    yield from (reading.note for reading in readings if reading.note)
    yield from (f"skipped on {day}: {doubt.reason}" for day, doubt in doubts.items())
    if doubts:
        yield "--confirm-value writes what is skipped"


def _summarize(kpi: Kpi, new: Sequence[NewReading], kept: Sequence[str]) -> str:
    text = f"{kpi.id}: nothing new"
    if new:
        day, value = new[-1]
        text = f"{kpi.id}: {len(new)} new reading{'s' if len(new) != 1 else ''}, the newest {value.text} on {day}"
    if kept:
        text += f"; kept as entered: {', '.join(kept[:5])}{', ...' if len(kept) > 5 else ''}"
    return text


def _write_to_file(result: FetchedTexts, kpi: Kpi, new: Sequence[NewReading]) -> None:
    path = kpi.file.path
    before = result.new.get(path, kpi.file.document.text)
    origin = Prose(sources.describe_origin(source_spec(kpi)))
    edits = [change for day, value in new for change in _reading_edits(kpi, day, value.text, origin)]
    result.new[path] = edit(Source(path, before), edits).text
    result.old.setdefault(path, kpi.file.document.text)


def _reading_edits(kpi: Kpi, day: date, value: str, origin: str) -> list[Edit]:
    route = (*kpi.route, "readings")
    key = find_reading_key(kpi.file.document.keys(route), day)
    node = kpi.file.document.node((*route, key)) if key is not None else None
    if key is not None and node is not None and node.kind == "mapping":
        return [SetValue((*route, key, "value"), value), SetValue((*route, key, "source"), origin)]
    return [SetValue((*route, key or str(day)), {"value": value, "source": origin})]


def _write_to_csv(result: FetchedTexts, kpi: Kpi, new: Sequence[NewReading]) -> None:
    assert kpi.csv is not None
    path, layout = kpi.csv.path, kpi.model.readings
    assert isinstance(layout, CsvReadings)
    if kpi.csv.read_problem is not None:
        raise FilesError(f"{path}: {kpi.csv.read_problem.message}")
    readings = {day: value.text for day, value in new}
    text = csv_readings.write_readings(layout, result.new.get(path, kpi.csv.text), readings)
    result.old.setdefault(path, kpi.csv.text)
    result.new[path] = text
