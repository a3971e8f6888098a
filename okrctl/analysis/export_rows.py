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
from okrctl.scoring.progress import Ledger
from okrctl.values import period
from okrctl.values.diagnostic import Route
from okrctl.values.quantity import Quantity
from okrctl.workspace import Dated, KeyResult, Kpi, Node, Objective, Workspace
from okrctl.yaml import Document

MOST_DAYS = 64  # whose values are kept for the next row: each has a copy of the course so far

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
class Table:
    """All rows of an export."""

    rows: list[Row]


def table(workspace: Workspace, wanted: Selection, today: date, as_of: date | None = None) -> Table:
    """All that is wanted, in order of the files; readings after `as_of` do not exist."""
    return Table(list(_Writer(workspace, wanted, today, as_of).rows()))


class _Writer:
    def __init__(self, workspace: Workspace, wanted: Selection, today: date, as_of: date | None) -> None:
        self.workspace, self.wanted = workspace, wanted
        self.today, self.as_of = today, as_of
        self._ledgers: dict[date, Ledger] = {}

    def rows(self) -> Iterator[Row]:
        for node in self.workspace.objectives:
            results = [one for one in node.key_results if self.wanted.wants_key_result(one) and self._exists(one)]
            there = self.wanted.wants_team(node.team) and self._exists(node)
            if there and (results or self.wanted.wants_objective(node)):
                yield from self._dated(node, _objective(node), _words(node))
                for one in results:
                    yield from self._dated(one, self._key_result(one), one.readings or _words(one))
        for kpi in self.workspace.kpi_nodes:
            if self.wanted.wants_kpi(kpi):
                yield from self._dated(kpi, _kpi(kpi), kpi.readings)

    def _exists(self, node: Objective | KeyResult) -> bool:
        return self.as_of is None or node.first <= max(self.as_of, node.period.start)

    def _dated(self, node: Node, row: Row, readings: Sequence[Dated]) -> Iterator[Row]:
        written = _written(node)
        there = [one for one in readings if self.as_of is None or one.day <= self.as_of]
        if not there:
            yield self._scored(node, row, None)
        for one in there:
            dated = replace(
                row, date=one.day, value=_number(one.value), confidence=one.confidence, forecast=_number(one.forecast),
                note=one.note, source=one.source,
                written=written.get(one.day) or json.dumps(one.value.text if one.value else None),
            )  # fmt: skip
            yield self._scored(node, dated, one.day)

    def _scored(self, node: Node, row: Row, day: date | None) -> Row:
        """With the progress on the day of the row."""
        if not isinstance(node, KeyResult) or node.measure not in measures.MEASURES:
            return row
        asked = self.as_of or scoring.day_asked(node.period, self.today, self.workspace.config)
        ledger = self._ledger(day or asked)
        if ledger.day < node.period.start:
            return row
        values = ledger.values(node)
        gone = None if values.error else measures.MEASURES[node.measure].progress(node.model, values.course)
        held = None if gone is None else rollup.held(gone, self.workspace.config)
        return replace(row, progress=gone, score=held)

    def _ledger(self, day: date) -> Ledger:
        if day not in self._ledgers:
            beside = next(iter(self._ledgers.values()), None)
            if len(self._ledgers) == MOST_DAYS:
                self._ledgers.clear()
            self._ledgers[day] = Ledger(self.workspace, day, beside=beside)
        return self._ledgers[day]

    def _key_result(self, node: KeyResult) -> Row:
        model, above = node.model, node.objective
        asked = self.as_of or scoring.day_asked(node.period, self.today, self.workspace.config)
        start = self._ledger(asked).values(node).course.start
        measure = measures.MEASURES.get(node.measure)
        low, high = limit.bounds(model) if node.measure == "limit" else (None, None)
        return replace(
            _objective(above), level="key-result", key_result=node.id, kpi=getattr(model, "kpi", None), ref=node.ref,
            title=model.title, owner=node.owner, ambition=model.ambition or above.model.ambition, state=model.state,
            weight=model.weight, priority=model.priority, measure=node.measure or None,
            unit=self.workspace.unit(node), from_=start if node.measure in ("metric", "change") else None,
            to=measure.target(model, start) if measure else None, at_least=low, at_most=high, due=model.due,
            guardrail=node.guardrail, definition=_definition(node.file.document, node.route),
        )  # fmt: skip


def _objective(node: Objective) -> Row:
    model = node.model
    return Row(
        "objective", node.period.id, node.period.start, node.period.end, node.team, node.id, ref=node.ref,
        title=model.title, owner=model.owner, ambition=model.ambition, state=model.state, weight=model.weight,
        definition=_definition(node.file.document, node.route),
    )  # fmt: skip


def _kpi(node: Kpi) -> Row:
    return Row(
        "kpi", team=node.model.team, kpi=node.id, ref=node.ref, title=node.model.title, owner=node.owner,
        unit=node.unit, definition=_definition(node.file.document, node.route),
    )  # fmt: skip


def _words(node: Objective | KeyResult) -> list[Dated]:
    """What was said on a day about something that has no value of its own."""
    readings = node.model.readings
    if not isinstance(readings, dict):
        return []
    return [Dated(day, None, one.confidence, None, one.note, one.source) for day, one in sorted(readings.items())]


def _number(value: Quantity | None) -> Fraction | None:
    return None if value is None else value.number


def _definition(document: Document, route: Route) -> str:
    """What the file says about a thing, apart from its readings and what stands below it."""
    raw = _at(document.data, route)
    assert isinstance(raw, dict)
    return json.dumps({key: value for key, value in raw.items() if key not in ("readings", "key_results")})


def _written(node: Node) -> dict[date, str]:
    """The readings as the file has them, by day; nothing where they are kept as CSV."""
    raw = _at(node.file.document.data, (*node.route, "readings"))
    if not isinstance(raw, dict) or "csv" in raw:
        return {}
    return {period.parse_reading_day(day): json.dumps(one) for day, one in raw.items() if day[:1].isdigit()}


def _at(data: object, route: Route) -> object:
    """What stands at a route; a single value may stand where a list is meant."""
    for part in route:
        if isinstance(part, str):
            data = data.get(part) if isinstance(data, dict) else None
        elif isinstance(data, list):
            data = data[part]
    return data
