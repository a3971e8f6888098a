"""A workspace as rows, one for each node and date, for other programs to read."""

from __future__ import annotations

import json
import operator
from collections.abc import Iterator, Sequence
from dataclasses import Field, dataclass, fields, replace
from datetime import date
from fractions import Fraction
from typing import Any, Literal

from okrctl import scoring
from okrctl.analysis.filters import Selection
from okrctl.scoring.progress import clamp
from okrctl.scoring.values import KeyResultValues
from okrctl.values import period
from okrctl.values.diagnostic import Route
from okrctl.values.quantity import Quantity
from okrctl.workspace import DatedReading, KeyResult, Kpi, Node, Objective, Workspace
from okrctl.yaml import Document

MAX_KEPT_DAYS = 64  # whose values are kept for the next row: each holds the readings so far

Cell = str | Fraction | date | int | bool | None
What = Literal["readings", "scores", "kpis", "objectives"]


@dataclass(frozen=True, slots=True)
class Terms:
    """What a node is to reach and how it counts, as columns of readings and of goals.

    `from_` and `to` are the numbers themselves, in `unit`; the target of a change is computed.
    """

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


NO_TERMS = Terms()


@dataclass(frozen=True, slots=True)
class Row:
    """One line: an objective, a key result or a KPI on the day of one of its readings, or without one.

    `progress` and `score` are those of the row's date, without one those of the day of the export. `definition` and
    `written` hold what the file says of the node and of the reading, as JSON, so that an import restores it.
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
    terms: Terms = NO_TERMS
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


@dataclass(frozen=True, slots=True)
class Stamp:
    """Where rows come from, the same in each row of an export, so that exports of many workspaces stack in one table.

    `commit` is the id of the commit, `dirty` where a file differs from it, None without git; `known_at` is the day of
    what is known: that of the commit with `--known-at`, else today.
    """

    workspace: str
    organisation: str | None
    commit: str | None
    known_at: date


@dataclass(frozen=True, slots=True)
class ExportTable:
    """All rows of an export, each a dataclass of `row_type`, whose fields are the columns before those of the stamp."""

    what: What
    row_type: type[Any]
    rows: Sequence[Any]
    stamp: Stamp

    @property
    def columns(self) -> dict[str, str]:
        """The columns in order, each with its type: str, Fraction, date, int or bool; any cell may be empty."""
        found = (*_flat_fields(self.row_type), *((field.name, field) for field in fields(self.stamp)))
        return {field.name.rstrip("_"): str(field.type).split(" | ")[0] for _, field in found}

    def cells(self) -> Iterator[tuple[Cell, ...]]:
        """The values of each row in the order of the columns."""
        values = operator.attrgetter(*(name for name, _ in _flat_fields(self.row_type)))
        stamp = tuple(getattr(self.stamp, field.name) for field in fields(self.stamp))
        return ((*values(row), *stamp) for row in self.rows)


def _flat_fields(row_type: type[Any]) -> Iterator[tuple[str, Field[Any]]]:
    """The fields of a row with the path to each; those of its terms stand in their place."""
    for field in fields(row_type):
        if field.type == Terms.__name__:
            yield from ((f"{field.name}.{inner.name}", inner) for inner in fields(Terms))
        else:
            yield field.name, field


def reading_rows(workspace: Workspace, selection: Selection, today: date, as_of: date | None = None) -> Iterator[Row]:
    """The selected nodes in order of the files; readings after `as_of` do not exist."""
    return _RowBuilder(workspace, selection, today, as_of).rows()


class _RowBuilder:
    def __init__(self, workspace: Workspace, selection: Selection, today: date, as_of: date | None) -> None:
        self.workspace, self.selection = workspace, selection
        self.today, self.as_of = today, as_of
        self._values_by_day: dict[date, KeyResultValues] = {}

    def rows(self) -> Iterator[Row]:
        for node in self.workspace.objectives:
            if self.selection.includes_team(node.team) and self._exists(node):
                yield from self._rows_of_objective(node)
        for kpi in self.workspace.kpi_nodes:
            if self.selection.includes_kpi(kpi):
                yield from self._dated_rows(kpi, _kpi_row(kpi), kpi.readings)

    def _rows_of_objective(self, node: Objective) -> Iterator[Row]:
        key_results = [kr for kr in node.key_results if self.selection.includes_key_result(kr) and self._exists(kr)]
        if key_results or self.selection.includes_objective(node):
            yield from self._dated_rows(node, _objective_row(node), _checkins(node))
            for kr in key_results:
                yield from self._dated_rows(kr, self._key_result_row(kr), kr.readings or _checkins(kr))

    def _exists(self, node: Objective | KeyResult) -> bool:
        return self.as_of is None or node.first_day <= max(self.as_of, node.period.start)

    def _dated_rows(self, node: Node, row: Row, readings: Sequence[DatedReading]) -> Iterator[Row]:
        written = _written_readings(node)
        existing = [reading for reading in readings if self.as_of is None or reading.day <= self.as_of]
        if not existing:
            yield self._with_score(node, row, None)
        for reading in existing:
            dated = replace(
                row,
                date=reading.day,
                value=_number(reading.value),
                confidence=reading.confidence,
                forecast=_number(reading.forecast),
                note=reading.note,
                source=reading.source,
                written=written.get(reading.day) or json.dumps(reading.value.text if reading.value else None),
            )
            yield self._with_score(node, dated, reading.day)

    def _with_score(self, node: Node, row: Row, day: date | None) -> Row:
        """The row with the progress on its day."""
        if not isinstance(node, KeyResult) or not node.is_measured:
            return row
        values = self._values_on(day or self._default_day(node))
        if values.day < node.period.start:
            return row
        series, _, error, *_ = values.measurement(node)
        progress = None if error else node.measure.progress(node.model, series)
        return replace(
            row, progress=progress, score=None if progress is None else clamp(progress, values.workspace.config)
        )

    def _default_day(self, node: KeyResult) -> date:
        return self.as_of or scoring.default_day(node.period, self.today, self.workspace.config)

    def _values_on(self, day: date) -> KeyResultValues:
        if day not in self._values_by_day:
            known = next(iter(self._values_by_day.values()), None)
            if len(self._values_by_day) == MAX_KEPT_DAYS:
                self._values_by_day.clear()
            self._values_by_day[day] = KeyResultValues(self.workspace, day, reuse=known)
        return self._values_by_day[day]

    def _key_result_row(self, node: KeyResult) -> Row:
        model, objective = node.model, node.objective
        start = self._values_on(self._default_day(node)).measurement(node).series.start
        low, high = node.measure.bounds(model)
        return replace(
            _objective_row(objective),
            level="key-result",
            key_result=node.id,
            kpi=getattr(model, "kpi", None),
            ref=node.ref,
            title=model.title,
            owner=node.owner,
            terms=Terms(
                ambition=model.ambition or objective.model.ambition,
                state=model.state,
                weight=model.weight,
                priority=model.priority,
                measure=node.measure.name or None,
                unit=self.workspace.unit(node),
                from_=start if node.measure.has_range else None,
                to=node.measure.target(model, start),
                at_least=low,
                at_most=high,
                due=model.due,
            ),
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
        terms=Terms(ambition=model.ambition, state=model.state, weight=model.weight),
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
        terms=Terms(unit=node.unit),
        definition=_definition(node.file.document, node.route),
    )


def _checkins(node: Objective | KeyResult) -> list[DatedReading]:
    """The check-ins of a node without values of its own."""
    readings = node.model.readings
    if not isinstance(readings, dict):
        return []
    return [
        DatedReading(day, None, note.confidence, None, note.note, note.source) for day, note in sorted(readings.items())
    ]


def _number(value: Quantity | None) -> Fraction | None:
    return None if value is None else value.number


def _definition(document: Document, route: Route) -> str:
    """What the file says of a node, apart from its readings and key results."""
    raw = _data_at(document.data, route)
    assert isinstance(raw, dict)
    return json.dumps({key: value for key, value in raw.items() if key not in ("readings", "key_results")})


def _written_readings(node: Node) -> dict[date, str]:
    """The readings as the file has them, by day; nothing where they are kept as CSV."""
    raw = _data_at(node.file.document.data, (*node.route, "readings"))
    if not isinstance(raw, dict) or "csv" in raw:
        return {}
    return {period.parse_reading_day(day): json.dumps(entry) for day, entry in raw.items() if day[:1].isdigit()}


def _data_at(data: object, route: Route) -> object:
    """The data at a route; a single value may be written for a list of one."""
    for part in route:
        if isinstance(part, str):
            data = data.get(part) if isinstance(data, dict) else None
        elif isinstance(data, list):
            data = data[part]
    return data
