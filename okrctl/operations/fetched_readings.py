"""Puts fetched readings into the files of their KPIs: what is new is written, what a person wrote is left alone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from okrctl import sources
from okrctl.schema import validate
from okrctl.sources.fetch import FetchOutcome
from okrctl.sources.validate import FetchedReading
from okrctl.values.errors import OkrctlError
from okrctl.values.quantity import Quantity
from okrctl.values.readings import CsvReadings, find_reading_key
from okrctl.workspace import Kpi, Workspace
from okrctl.yaml import Source
from okrctl.yaml_edit import Edit, Prose, SetValue, csv_readings, edit, input_values


@dataclass(slots=True)
class FetchedTexts:
    """The texts of files before and after, by path; a sentence for each KPI; those that failed, with the reason."""

    old: dict[str, str | None] = field(default_factory=dict)
    new: dict[str, str] = field(default_factory=dict)
    messages: list[str] = field(default_factory=list)
    failed: dict[str, str] = field(default_factory=dict)


def source_specs(workspace: Workspace) -> dict[str, Mapping[str, object]]:
    """What every KPI with a `source:` says there, own `x-` keys included."""
    found: dict[str, Mapping[str, object]] = {}
    for kpi in workspace.kpis.values():
        said = source_spec(kpi)
        if said:
            found[kpi.id] = said
    return found


def source_spec(kpi: Kpi) -> Mapping[str, object]:
    """What a KPI says under `source:`."""
    raw = validate.mapping_at(kpi.file.document.data, kpi.route).get("source")
    return raw if isinstance(raw, dict) else {}


def merge_fetched(workspace: Workspace, outcomes: Iterable[FetchOutcome], force: bool = False) -> FetchedTexts:
    """The texts with all readings that are news; a source whose readings do not fit fails as a whole.

    A reading that says it came from a source is replaced; any other one with another value is kept, unless `force`.
    """
    result = FetchedTexts()
    for outcome in outcomes:
        kpi = workspace.kpis[outcome.kpi]
        try:
            if outcome.error:
                raise OkrctlError(outcome.error)
            _merge_kpi(result, workspace, kpi, outcome.readings, force)
        except OkrctlError as error:
            result.failed[kpi.id] = error.message
    return result


def _merge_kpi(
    result: FetchedTexts, workspace: Workspace, kpi: Kpi, readings: Sequence[FetchedReading], force: bool
) -> None:
    there = {one.day: one for one in kpi.readings}
    news: list[tuple[date, Quantity]] = []
    kept = []
    for one in readings:
        value = input_values.parse_number(workspace, kpi, one.value)
        old = there.get(one.day)
        if old is not None and old.value is not None and old.value.number == value.number:
            continue
        if old is not None and old.value is not None and old.source is None and not force:
            kept.append(f"{one.day} ({old.value.text}, fetched {value.text})")
            continue
        news.append((one.day, value))
    if news:
        (_write_to_csv if kpi.csv is not None else _write_to_file)(result, kpi, news)
    last = f", the newest {news[-1][1].text} on {news[-1][0]}" if news else ""
    count = f"{len(news)} new reading{'s' if len(news) != 1 else ''}" if news else "nothing new"
    more = f"; kept as typed: {', '.join(kept[:5])}{', ...' if len(kept) > 5 else ''}" if kept else ""
    result.messages.append(f"{kpi.id}: {count}{last}{more}")


def _write_to_file(result: FetchedTexts, kpi: Kpi, news: Sequence[tuple[date, Quantity]]) -> None:
    path = kpi.file.path
    before = result.new.get(path, kpi.file.document.text)
    origin = Prose(sources.describe_origin(source_spec(kpi)))
    changes = [change for day, value in news for change in _reading_changes(kpi, day, value.text, origin)]
    after = edit(Source(path, before), changes).text
    result.old.setdefault(path, kpi.file.document.text)
    result.new[path] = after


def _reading_changes(kpi: Kpi, day: date, value: str, origin: str) -> list[Edit]:
    route = (*kpi.route, "readings")
    key = find_reading_key(kpi.file.document.keys(route), day)
    node = kpi.file.document.node((*route, key)) if key is not None else None
    if key is not None and node is not None and node.kind == "mapping":
        return [SetValue((*route, key, "value"), value), SetValue((*route, key, "source"), origin)]
    return [SetValue((*route, key or str(day)), {"value": value, "source": origin})]


def _write_to_csv(result: FetchedTexts, kpi: Kpi, news: Sequence[tuple[date, Quantity]]) -> None:
    assert kpi.csv is not None
    path, kept = kpi.csv.path, kpi.model.readings
    assert isinstance(kept, CsvReadings)
    if kpi.csv.read_problem is not None:
        raise OkrctlError(f"{path}: {kpi.csv.read_problem.message}")
    readings = {day: value.text for day, value in news}
    text = csv_readings.write_readings(kept, result.new.get(path, kpi.csv.text), readings)
    result.old.setdefault(path, kpi.csv.text)
    result.new[path] = text
