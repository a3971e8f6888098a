"""Lays a workspace out as rows, one for each thing and date, so that any other program can read the whole course."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date
from fractions import Fraction

from okrctl import measures, scoring
from okrctl.analysis.filters import Selection
from okrctl.measures import limit
from okrctl.scoring import rollup
from okrctl.scoring.progress import KeyResultValues
from okrctl.values import period
from okrctl.values.diagnostic import Route
from okrctl.values.quantity import Quantity
from okrctl.workspace import DatedReading, KeyResult, Kpi, Node, Objective, Workspace
from okrctl.yaml import Document

MAX_KEPT_DAYS = 64  # whose values are kept for the next row: each has a copy of the course so far

Cell = str | Fraction | date | int | bool | None


@dataclass(frozen=True, slots=True)
class Row:
    """One line: an objective, a key result or a KPI on the day of one of its readings, or without one.

    `progress` and `score` are those of the row's date, without one those of the day asked. `from_` and `to` are the
    numbers themselves, in `unit`; a change has its goal worked out. `definition` and `written` hold what the file says
    of the thing and of the reading, as JSON, so that nothing is lost on the way back.
    """

    level: str
    period: str | None = None
    period_start: date | None = None
    period_end: date | None = None
    team: str | None = None
    objective: str | None = None
    key_result: str | None = None
    kpi: str | None = None
    ref: str = ""
    title: str | None = None
    owner: str | None = None
    ambition: str | None = None
    state: str | None = None
    weight: Fraction | None = None
    priority: int | None = None
    measure: str | None = None
    unit: str | None = None
    from_: Fraction | None = None
    to: Fraction | None = None
    at_least: Fraction | None = None
    at_most: Fraction | None = None
    due: date | None = None
    guardrail: bool | None = None
    date: date | None = None
    value: Fraction | None = None
    confidence: Fraction | None = None
    forecast: Fraction | None = None
    note: str | None = None
    source: str | None = None
    progress: Fraction | None = None
    score: Fraction | None = None
    written: str | None = None
    definition: str = ""

    def cells(self) -> dict[str, Cell]:
        """The values by the names of their columns."""
        return dict(zip(COLUMNS, (getattr(self, one.name) for one in fields(self)), strict=True))


COLUMNS = tuple(one.name.rstrip("_") for one in fields(Row))


@dataclass(frozen=True, slots=True)
class ExportTable:
    """All rows of an export."""

    rows: list[Row]


def build_export(workspace: Workspace, wanted: Selection, today: date, as_of: date | None = None) -> ExportTable:
    """All that is wanted, in order of the files; readings after `as_of` do not exist."""
    return ExportTable(list(_RowBuilder(workspace, wanted, today, as_of).rows()))


class _RowBuilder:
    def __init__(self, workspace: Workspace, selection: Selection, today: date, as_of: date | None) -> None:
        self.workspace, self.wanted = workspace, selection
        self.today, self.as_of = today, as_of
        self._values_by_day: dict[date, KeyResultValues] = {}

    def rows(self) -> Iterator[Row]:
        for node in self.workspace.objectives:
            results = [one for one in node.key_results if self.wanted.includes_key_result(one) and self._exists(one)]
            there = self.wanted.includes_team(node.team) and self._exists(node)
            if there and (results or self.wanted.includes_objective(node)):
                yield from self._dated_rows(node, _objective_row(node), _checkins(node))
                for one in results:
                    yield from self._dated_rows(one, self._key_result_row(one), one.readings or _checkins(one))
        for kpi in self.workspace.kpi_nodes:
            if self.wanted.includes_kpi(kpi):
                yield from self._dated_rows(kpi, _kpi_row(kpi), kpi.readings)

    def _exists(self, node: Objective | KeyResult) -> bool:
        return self.as_of is None or node.first_day <= max(self.as_of, node.period.start)

    def _dated_rows(self, node: Node, row: Row, readings: Sequence[DatedReading]) -> Iterator[Row]:
        written = _written_readings(node)
        there = [one for one in readings if self.as_of is None or one.day <= self.as_of]
        if not there:
            yield self._with_score(node, row, None)
        for one in there:
            dated = replace(
                row,
                date=one.day,
                value=_number(one.value),
                confidence=one.confidence,
                forecast=_number(one.forecast),
                note=one.note,
                source=one.source,
                written=written.get(one.day) or json.dumps(one.value.text if one.value else None),
            )
            yield self._with_score(node, dated, one.day)

    def _with_score(self, node: Node, row: Row, day: date | None) -> Row:
        """With the progress on the day of the row."""
        if not isinstance(node, KeyResult) or node.measure not in measures.MEASURES:
            return row
        asked = self.as_of or scoring.default_day(node.period, self.today, self.workspace.config)
        ledger = self._values_on(day or asked)
        if ledger.day < node.period.start:
            return row
        values = ledger.measurement(node)
        gone = None if values.error else measures.MEASURES[node.measure].progress(node.model, values.series)
        held = None if gone is None else rollup.clamp(gone, self.workspace.config)
        return replace(row, progress=gone, score=held)

    def _values_on(self, day: date) -> KeyResultValues:
        if day not in self._values_by_day:
            beside = next(iter(self._values_by_day.values()), None)
            if len(self._values_by_day) == MAX_KEPT_DAYS:
                self._values_by_day.clear()
            self._values_by_day[day] = KeyResultValues(self.workspace, day, reuse=beside)
        return self._values_by_day[day]

    def _key_result_row(self, node: KeyResult) -> Row:
        model, above = node.model, node.objective
        asked = self.as_of or scoring.default_day(node.period, self.today, self.workspace.config)
        start = self._values_on(asked).measurement(node).series.start
        measure = measures.MEASURES.get(node.measure)
        low, high = limit.bounds_of(model) if node.measure == "limit" else (None, None)
        return replace(
            _objective_row(above),
            level="key-result",
            key_result=node.id,
            kpi=getattr(model, "kpi", None),
            ref=node.ref,
            title=model.title,
            owner=node.owner,
            ambition=model.ambition or above.model.ambition,
            state=model.state,
            weight=model.weight,
            priority=model.priority,
            measure=node.measure or None,
            unit=self.workspace.unit(node),
            from_=start if node.measure in ("metric", "change") else None,
            to=measure.target(model, start) if measure else None,
            at_least=low,
            at_most=high,
            due=model.due,
            guardrail=node.is_guardrail,
            definition=_definition(node.file.document, node.route),
        )


def _objective_row(node: Objective) -> Row:
    model = node.model
    return Row(
        "objective",
        node.period.id,
        node.period.start,
        node.period.end,
        node.team,
        node.id,
        ref=node.ref,
        title=model.title,
        owner=model.owner,
        ambition=model.ambition,
        state=model.state,
        weight=model.weight,
        definition=_definition(node.file.document, node.route),
    )


def _kpi_row(node: Kpi) -> Row:
    return Row(
        "kpi",
        team=node.model.team,
        kpi=node.id,
        ref=node.ref,
        title=node.model.title,
        owner=node.owner,
        unit=node.unit,
        definition=_definition(node.file.document, node.route),
    )


def _checkins(node: Objective | KeyResult) -> list[DatedReading]:
    """What was said on a day about something that has no value of its own."""
    readings = node.model.readings
    if not isinstance(readings, dict):
        return []
    return [
        DatedReading(day, None, one.confidence, None, one.note, one.source) for day, one in sorted(readings.items())
    ]


def _number(value: Quantity | None) -> Fraction | None:
    return None if value is None else value.number


def _definition(document: Document, route: Route) -> str:
    """What the file says about a thing, apart from its readings and what stands below it."""
    raw = _data_at(document.data, route)
    assert isinstance(raw, dict)
    return json.dumps({key: value for key, value in raw.items() if key not in ("readings", "key_results")})


def _written_readings(node: Node) -> dict[date, str]:
    """The readings as the file has them, by day; nothing where they are kept as CSV."""
    raw = _data_at(node.file.document.data, (*node.route, "readings"))
    if not isinstance(raw, dict) or "csv" in raw:
        return {}
    return {period.parse_reading_day(day): json.dumps(one) for day, one in raw.items() if day[:1].isdigit()}


def _data_at(data: object, route: Route) -> object:
    """What stands at a route; a single value may stand where a list is meant."""
    for part in route:
        if isinstance(part, str):
            data = data.get(part) if isinstance(data, dict) else None
        elif isinstance(data, list):
            data = data[part]
    return data
