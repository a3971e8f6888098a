"""A workspace as rows, one for each node and date, for other programs to read.

A row is a tuple of parts, and a part a tuple of cells. Rows that have a part in common share it, so that what says the
same of a node on a hundred days is found once and shown once.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import cached_property, partial
from itertools import chain
from typing import Any, Literal, NamedTuple, Protocol, get_args, get_type_hints

from okrctl import scoring
from okrctl.analysis.filters import Selection
from okrctl.schema.settings import Config
from okrctl.scoring.progress import clamp
from okrctl.scoring.values import KeyResultValues
from okrctl.values import period
from okrctl.values.diagnostic import Route
from okrctl.values.period import Period
from okrctl.values.quantity import Quantity
from okrctl.workspace import DatedReading, File, KeyResult, Kpi, Node, Objective, Workspace
from okrctl.yaml import Document

MAX_KEPT_DAYS = 64  # whose values are kept for the next row: each holds the readings so far

Cell = str | Fraction | date | int | bool | None
What = Literal["readings", "scores", "kpis", "objectives"]


class Terms(NamedTuple):
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


class _NodeCells(NamedTuple):
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


class _ReadingCells(NamedTuple):
    guardrail: bool | None = None
    date_: date | None = None
    value: Fraction | None = None
    confidence: Fraction | None = None
    forecast: Fraction | None = None
    note: str | None = None
    source: str | None = None
    progress: Fraction | None = None
    score: Fraction | None = None
    written: str | None = None


class _Definition(NamedTuple):
    definition: str


class Row(NamedTuple):
    """One line: an objective, a key result or a KPI on the day of one of its readings, or without one.

    `progress` and `score` are those of the row's date, without one those of the day of the export. `definition` and
    `written` hold what the file says of the node and of the reading, as JSON, so that an import restores it.
    """

    node: _NodeCells
    terms: Terms
    reading: _ReadingCells
    definition: _Definition


class Stamp(NamedTuple):
    """Where rows come from, the same in each row of an export, so that exports of many workspaces stack in one table.

    `commit` is the id of the commit, `dirty` where a file differs from it, None without git; `known_at` is the day of
    what is known: that of the commit with `--known-at`, else today.
    """

    workspace: str
    organisation: str | None
    commit: str | None
    known_at: date


class ReadingDays(NamedTuple):
    """The days of an export of readings: later readings than those of `as_of` do not exist.

    With `since` or `until`, rows without a day and those of other days are left out.
    """

    today: date
    as_of: date | None = None
    since: date | None = None
    until: date | None = None

    def default_day(self, period: Period, config: Config) -> date:
        """The day of the progress of a key result without readings."""
        return self.as_of or scoring.default_day(period, self.today, config)

    def include(self, day: date | None) -> bool:
        """Whether rows of a day are wanted."""
        if not self.since and not self.until:
            return True
        return day is not None and (self.since or date.min) <= day <= (self.until or date.max)


class RowGroup(NamedTuple):
    """Rows that are worked out together when they are asked for; with a `key`, their text may be kept under it."""

    build: Callable[[], Sequence[tuple[tuple[Cell, ...], ...]]]
    key: bytes | None = None


class KeptTexts(Protocol):
    """Where the texts of groups of rows are kept."""

    def load(self, keys: Iterable[bytes]) -> Mapping[bytes, str]:
        """Return the texts that are kept under these keys."""

    def save(self, texts: Mapping[bytes, str]) -> None:
        """Keep these texts."""


@dataclass(frozen=True)
class ExportTable:
    """All rows of an export, each a tuple of the parts that `row_type` names; those of the stamp come after them.

    `kept` has the texts of groups with a key from earlier exports.
    """

    what: What
    row_type: type[Any]
    groups: Sequence[RowGroup]
    stamp: Stamp
    kept: KeptTexts | None = None

    @cached_property
    def rows(self) -> Sequence[tuple[tuple[Cell, ...], ...]]:
        """The rows of all groups, in order."""
        return [row for group in self.groups for row in group.build()]

    @property
    def parts(self) -> list[dict[str, str]]:
        """The columns of each part in order, and of the stamp: their types, as those of `columns`."""
        return [_columns_of(part) for part in (*get_type_hints(self.row_type).values(), Stamp)]

    @property
    def columns(self) -> dict[str, str]:
        """The columns in order, each with its type: str, Fraction, date, int or bool; any cell may be empty."""
        return {name: kind for part in self.parts for name, kind in part.items()}

    def cells(self) -> Iterator[tuple[Cell, ...]]:
        """The values of each row in the order of the columns."""
        return (tuple(chain(*row, self.stamp)) for row in self.rows)


def _columns_of(part: type[Any]) -> dict[str, str]:
    """The names of the cells of a part, each with the name of its type, None left out."""
    hints = get_type_hints(part).items()
    return {name.rstrip("_"): (get_args(kind) or (kind,))[0].__name__ for name, kind in hints}


def reading_groups(
    workspace: Workspace, selection: Selection, days: ReadingDays, key: Callable[[File], bytes | None]
) -> Iterator[RowGroup]:
    """The selected nodes in order of the files, a group for each file, those with KPIs last."""
    builder = _RowBuilder(workspace, selection, days)
    for file in sorted(workspace.files, key=lambda file: file.kind == "kpi"):
        yield RowGroup(partial(builder.rows_of, file), key(file))


class _RowBuilder:
    def __init__(self, workspace: Workspace, selection: Selection, days: ReadingDays) -> None:
        self.workspace, self.selection, self.days = workspace, selection, days
        self.as_of = days.as_of
        self._values_by_day: dict[date, KeyResultValues] = {}

    def rows_of(self, file: File) -> list[Row]:
        rows = (row for node in file.nodes for row in self._rows_of_node(node))
        return [row for row in rows if self.days.include(row.reading.date_)]

    def _rows_of_node(self, node: Objective | Kpi) -> Iterator[Row]:
        if isinstance(node, Objective):
            if self.selection.includes_team(node.team) and self._exists(node):
                yield from self._rows_of_objective(node)
        elif self.selection.includes_kpi(node):
            yield from self._dated_rows(node, _kpi_cells(node), Terms(unit=node.unit), node.readings)

    def _rows_of_objective(self, node: Objective) -> Iterator[Row]:
        key_results = [kr for kr in node.key_results if self.selection.includes_key_result(kr) and self._exists(kr)]
        if key_results or self.selection.includes_objective(node):
            above = _objective_cells(node)
            terms = Terms(ambition=node.model.ambition, state=node.model.state, weight=node.model.weight)
            yield from self._dated_rows(node, above, terms, _checkins(node))
            for kr in key_results:
                cells = above._replace(
                    level="key-result", key_result=kr.id, kpi=getattr(kr.model, "kpi", None), ref=kr.ref,
                    title=kr.model.title, owner=kr.owner,
                )  # fmt: skip
                yield from self._dated_rows(kr, cells, self._terms(kr), kr.readings or _checkins(kr))

    def _exists(self, node: Objective | KeyResult) -> bool:
        return self.as_of is None or node.first_day <= max(self.as_of, node.period.start)

    def _dated_rows(
        self, node: Node, cells: _NodeCells, terms: Terms, readings: Sequence[DatedReading]
    ) -> Iterator[Row]:  # fmt: skip
        written, definition = _written_readings(node), _Definition(_definition(node.file.document, node.route))
        existing = [reading for reading in readings if self.as_of is None or reading.day <= self.as_of]
        guardrail = node.is_guardrail if isinstance(node, KeyResult) else None
        if not existing:
            progress, score = self._progress(node, None)
            yield Row(cells, terms, _ReadingCells(guardrail, progress=progress, score=score), definition)
        for reading in existing:
            progress, score = self._progress(node, reading.day)
            dated = _ReadingCells(
                guardrail,
                reading.day,
                _number(reading.value),
                reading.confidence,
                _number(reading.forecast),
                reading.note,
                reading.source,
                progress,
                score,
                written.get(reading.day) or json.dumps(reading.value.text if reading.value else None),
            )
            yield Row(cells, terms, dated, definition)

    def _progress(self, node: Node, day: date | None) -> tuple[Fraction | None, Fraction | None]:
        """The progress and the score of a key result on the day of a row."""
        if not isinstance(node, KeyResult) or not node.is_measured:
            return None, None
        values = self._values_on(day or self._default_day(node))
        if values.day < node.period.start:
            return None, None
        series, _, error, *_ = values.measurement(node)
        progress = None if error else node.measure.progress(node.model, series)
        return progress, None if progress is None else clamp(progress, values.workspace.config)

    def _default_day(self, node: KeyResult) -> date:
        return self.days.default_day(node.period, self.workspace.config)

    def _values_on(self, day: date) -> KeyResultValues:
        if day not in self._values_by_day:
            known = next(iter(self._values_by_day.values()), None)
            if len(self._values_by_day) == MAX_KEPT_DAYS:
                self._values_by_day.clear()
            self._values_by_day[day] = KeyResultValues(self.workspace, day, reuse=known)
        return self._values_by_day[day]

    def _terms(self, node: KeyResult) -> Terms:
        model = node.model
        start = self._values_on(self._default_day(node)).measurement(node).series.start
        low, high = node.measure.bounds(model)
        return Terms(
            ambition=model.ambition or node.objective.model.ambition,
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
        )


def _objective_cells(node: Objective) -> _NodeCells:
    period, model = node.period, node.model
    return _NodeCells(
        "objective", period.id, period.start, period.end, node.team, node.id, ref=node.ref, title=model.title,
        owner=model.owner,
    )  # fmt: skip


def _kpi_cells(node: Kpi) -> _NodeCells:
    return _NodeCells(
        "kpi", team=node.model.team, kpi=node.id, ref=node.ref, title=node.model.title, owner=node.owner
    )  # fmt: skip


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
