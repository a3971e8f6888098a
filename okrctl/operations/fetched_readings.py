"""Merges fetched readings into the files of their KPIs and key results; readings that a person entered are kept."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from okrctl import sources
from okrctl.operations.doubts import Doubt
from okrctl.schema import validate
from okrctl.sources.fetch import FetchOutcome
from okrctl.sources.policy import describe_value
from okrctl.sources.validate import FetchedReading
from okrctl.values.diagnostic import Route
from okrctl.values.errors import FetchError, FilesError, OkrctlError
from okrctl.values.nouns import count_noun
from okrctl.values.quantity import Quantity
from okrctl.values.readings import CsvReadings, find_reading_key
from okrctl.workspace import KeyResult, Kpi, Workspace
from okrctl.yaml import Source
from okrctl.yaml_edit import Edit, Prose, SetValue, csv_readings, edit, input_values

NewReading = tuple[date, Quantity]
SourcedNode = KeyResult | Kpi


@dataclass(slots=True)
class FetchedTexts:
    """The texts of files before and after, by path; a message for each node; why the others failed, by reference."""

    old: dict[str, str | None] = field(default_factory=dict)
    new: dict[str, str] = field(default_factory=dict)
    messages: list[str] = field(default_factory=list)
    failed: dict[str, str] = field(default_factory=dict)


def nodes_with_source(workspace: Workspace) -> dict[str, SourcedNode]:
    """Return the KPIs and key results that have a `source:`, by reference."""
    nodes: list[SourcedNode] = [*workspace.kpis.values(), *workspace.key_results]
    return {node.ref: node for node in nodes if source_spec(node)}


def source_spec(node: SourcedNode) -> Mapping[str, object]:
    """Return the `source:` of a node with its `x-` keys, empty where it has none."""
    if getattr(node.model, "source", None) is None:
        return {}
    raw = validate.mapping_at(node.file.document.data, node.route).get("source")
    return raw if isinstance(raw, dict) else {}


def merge_fetched(
    workspace: Workspace, outcomes: Iterable[FetchOutcome], force: bool = False, skipped: Sequence[Doubt] = ()
) -> FetchedTexts:
    """Return the texts with all new readings; a source with an invalid reading fails as a whole.

    A reading that is marked as fetched is replaced; one that a person entered is kept, unless `force`. `skipped` are
    readings that look like typos; they are listed and not written.
    """
    result, nodes = FetchedTexts(), nodes_with_source(workspace)
    for outcome in outcomes:
        node = nodes.get(outcome.ref)
        if node is None:
            result.failed[outcome.ref] = "its source was removed while it was fetched"
            continue
        try:
            if outcome.error:
                raise FetchError(outcome.error)
            doubts = {doubt.place: doubt for doubt in skipped if doubt.ref == node.ref}
            _merge_node(result, workspace, node, outcome.readings, force, doubts)
        except OkrctlError as error:
            result.failed[node.ref] = error.message
    return result


def _merge_node(
    result: FetchedTexts, workspace: Workspace, node: SourcedNode, readings: Sequence[FetchedReading], force: bool,
    doubts: Mapping[date | Route, Doubt],
) -> None:  # fmt: skip
    existing = {reading.day: reading for reading in node.readings}
    new: list[NewReading] = []
    kept: list[str] = []
    for reading in (reading for reading in readings if reading.day not in doubts):
        value = _parse_value(workspace, node, reading.value)
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
        (_write_to_csv if node.csv is not None else _write_to_file)(result, node, new)
    result.messages.append("; ".join([_summarize(node, new, kept), *_notes(readings, doubts)]))


def _parse_value(workspace: Workspace, node: SourcedNode, text: str) -> Quantity:
    """Parse a fetched number; an error does not print it, since a source may answer anything."""
    try:
        return input_values.parse_number(workspace, node, text)
    except OkrctlError as error:
        unit = node.unit if isinstance(node, Kpi) else workspace.unit(node)
        expected = f"in {unit}" if unit else "without a unit"
        raise FetchError(f"expected numbers {expected}, got {describe_value(text)}") from error


def _notes(readings: Sequence[FetchedReading], doubts: Mapping[date | Route, Doubt]) -> Iterator[str]:
    """What a person should know of the readings: days with several values, and what is skipped."""
    yield from (reading.note for reading in readings if reading.note)
    yield from (f"skipped on {day}: {doubt.reason}" for day, doubt in doubts.items())
    if doubts:
        yield "--confirm-value writes what is skipped"


def _summarize(node: SourcedNode, new: Sequence[NewReading], kept: Sequence[str]) -> str:
    text = f"{node.ref}: nothing new"
    if new:
        day, value = new[-1]
        text = f"{node.ref}: {count_noun(len(new), 'new reading')}, the newest {value.text} on {day}"
    if kept:
        text += f"; kept as entered: {', '.join(kept[:5])}{', ...' if len(kept) > 5 else ''}"
    return text


def _write_to_file(result: FetchedTexts, node: SourcedNode, new: Sequence[NewReading]) -> None:
    path = node.file.path
    before = result.new.get(path, node.file.document.text)
    origin = Prose(sources.describe_origin(source_spec(node)))
    edits = [change for day, value in new for change in _reading_edits(node, day, value.text, origin)]
    result.new[path] = edit(Source(path, before), edits).text
    result.old.setdefault(path, node.file.document.text)


def _reading_edits(goal: SourcedNode, day: date, value: str, origin: str) -> list[Edit]:
    route = (*goal.route, "readings")
    key = find_reading_key(goal.file.document.keys(route), day)
    node = goal.file.document.node((*route, key)) if key is not None else None
    if key is not None and node is not None and node.kind == "mapping":
        return [SetValue((*route, key, "value"), value), SetValue((*route, key, "source"), origin)]
    return [SetValue((*route, key or str(day)), {"value": value, "source": origin})]


def _write_to_csv(result: FetchedTexts, node: SourcedNode, new: Sequence[NewReading]) -> None:
    assert node.csv is not None
    path, layout = node.csv.path, node.model.readings
    assert isinstance(layout, CsvReadings)
    if node.csv.read_problem is not None:
        raise FilesError(f"{path}: {node.csv.read_problem.message}")
    readings = {day: value.text for day, value in new}
    text = csv_readings.write_readings(layout, result.new.get(path, node.csv.text), readings)
    result.old.setdefault(path, node.csv.text)
    result.new[path] = text
