"""Goals from a table whose rows are objectives and key results, by the names of its columns."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from okrctl.importers import GoalLocation, ImportDraft, ImportedGoal, ImportOptions, columns
from okrctl.importers import rows as cell_rows
from okrctl.importers.rows import Cells
from okrctl.values import period, slug
from okrctl.values.errors import OkrctlError
from okrctl.values.period import Period, PeriodError
from okrctl.yaml_edit import Prose

MEASURE_COLUMNS = ("metric", "start", "target", "current", "progress", "score", "mid")
DERIVED_COLUMNS = (
    "start",
    "target",
    "current",
    "progress",
    "score",
    "mid",
    "projected",
    "status",
    "confidence",
    "note",
)


class CsvRow(NamedTuple):
    """A row; `cells` have our names for the columns."""

    line: int
    cells: Cells


def read(
    header: Sequence[str], rows: Iterable[tuple[int, Cells]], options: ImportOptions, mapping: Mapping[str, str]
) -> ImportDraft:
    """The goals of the rows; OkrctlError where there is no column for the title or for the period."""
    ours = columns.map_columns(header, mapping)
    if not {"title", "objective", "key_result"} & set(ours.values()):
        raise OkrctlError("no title column found", f"map one of {', '.join(header)} with --columns FILE")
    if options.period is None and not {"period", "end_date"} & set(ours.values()):
        raise OkrctlError("cannot tell the period", "use --period, such as --period 2026-Q2")
    reader = _CsvReader(options, set(ours.values()))
    for theirs in header:
        if theirs and theirs not in ours:
            own = f"x-{slug.slugify(theirs)}"
            reader.draft.report(1, f"unknown column '{theirs}'; --columns FILE can keep it as `{own}`")
    renamed = [CsvRow(line, _rename_cells(cells, ours)) for line, cells in rows]
    for row in renamed:
        if row.cells.get(""):
            reader.draft.report(row.line, f"'{row.cells['']}' is beyond the last column")
    reader.read_rows(renamed)
    return reader.draft


def _rename_cells(cells: Cells, ours: Mapping[str, str]) -> dict[str, str]:
    return {ours.get(theirs, theirs): cell.strip() for theirs, cell in cells.items() if theirs in ours or not theirs}


class _CsvReader:
    def __init__(self, options: ImportOptions, column_names: set[str]) -> None:
        self.options, self.column_names = options, column_names
        self.draft = ImportDraft()
        self._by_name: dict[str, tuple[GoalLocation, ImportedGoal]] = {}
        self._parents: list[tuple[GoalLocation, ImportedGoal, str]] = []

    def read_rows(self, rows: Sequence[CsvRow]) -> None:
        """Read objectives first, since a key result may come before its objective."""
        kinds = [self._kind(row) for row in rows]
        for row, kind in zip(rows, kinds, strict=True):
            if kind == "objective":
                self._read_objective(row)
        for row, kind in zip(rows, kinds, strict=True):
            if kind == "key-result":
                self._read_key_result(row)
        for place, goal, parent in self._parents:
            self._set_parent(place, goal, parent)

    def _kind(self, row: CsvRow) -> str | None:
        cells = row.cells
        if cells.get("objective") or cells.get("key_result"):
            return "key-result" if cells.get("key_result") or cells.get("title") else "objective"
        if not cells.get("title"):
            self.draft.report(row.line, "the row has no title")
            return None
        if cells.get("level"):
            return self._kind_of_level(row)
        is_measured = any(cells.get(name) for name in MEASURE_COLUMNS)
        has_measure_columns = any(name in self.column_names for name in MEASURE_COLUMNS)
        if cells.get("parent") and (is_measured or not has_measure_columns):
            return "key-result"
        return "objective"

    def _kind_of_level(self, row: CsvRow) -> str | None:
        level = row.cells["level"].casefold()
        if "key" in level or level in ("kr", "result", "metric"):
            return "key-result"
        if "objective" in level or level in ("goal", "o"):
            return "objective"
        self.draft.report(row.line, f"'{row.cells['level']}' is not a valid level; use objective or key result")
        return None

    def _read_objective(self, row: CsvRow) -> None:
        cells = row.cells
        report = self._reporter(row)
        title = cells.get("objective") or cells["title"]
        place = self._location(row)
        if place is None:
            return
        goal = cell_rows.read_common_fields(cells, row.line, title, self.options, report)
        for name in DERIVED_COLUMNS:
            if cells.get(name) and not (name == "status" and goal.data.get("state")):
                report(f"{name} '{cells[name]}': ignored, an objective gets it from its key results")
        self._add_objective(place, goal, cells)
        if cells.get("parent"):
            self._parents.append((place, goal, cells["parent"]))

    def _add_objective(self, place: GoalLocation, goal: ImportedGoal, cells: Cells) -> None:
        self.draft.objectives.append((place, goal))
        for name in (cells.get("id", ""), goal.title):
            if name:
                self._by_name.setdefault(name.casefold(), (place, goal))

    def _read_key_result(self, row: CsvRow) -> None:
        cells = row.cells
        located = self._find_objective(row)
        if located is None:
            return
        place, objective = located
        title = cells.get("key_result") or cells["title"]
        report = self._reporter(row)
        goal = cell_rows.read_key_result(cells, row.line, title, place.period, self.options, report)
        if goal is None:
            return
        self._set_due(goal, cells, place.period, report)
        if goal.data.get("owner") == objective.data.get("owner"):
            goal.data.pop("owner", None)
        objective.key_results.append(goal)

    def _find_objective(self, row: CsvRow) -> tuple[GoalLocation, ImportedGoal] | None:
        name = row.cells.get("objective") or row.cells.get("parent", "")
        known = self._by_name.get(name.casefold())
        if known is None and row.cells.get("objective"):
            place = self._location(row)
            if place is None:
                return None
            known = place, ImportedGoal(row.line, {"title": Prose(name)})
            self._add_objective(place, known[1], {})
        if known is None:
            why = f"no row has its objective '{name}'" if name else "no objective given"
            self.draft.report(row.line, f"'{row.cells.get('key_result') or row.cells.get('title')}': {why}")
        return known

    def _set_parent(self, place: GoalLocation, goal: ImportedGoal, parent: str) -> None:
        known = self._by_name.get(parent.casefold())
        if known is None or known[1] is goal:
            self.draft.report(goal.line, f"no other row has the parent '{parent}'")
            return
        parent_place, parent_goal = known
        if "id" not in parent_goal.data:
            taken = {str(objective.data["id"]) for _, objective in self.draft.objectives if "id" in objective.data}
            parent_goal.data["id"] = slug.slugify(parent_goal.title, taken)
        name = f"{parent_place.team}/{parent_goal.data['id']}"
        is_same_period = parent_place.period == place.period
        goal.data["parent"] = name if is_same_period else f"{parent_place.period.id}/{name}"

    def _location(self, row: CsvRow) -> GoalLocation | None:
        span = self._read_period(row)
        text = row.cells.get("team", "")
        team = self.options.team_id(text) if text else self.options.team or "company"
        if self.options.team is not None and team != self.options.team:
            self.draft.report(row.line, f"of the team '{text}', not '{self.options.team}'")
            return None
        if period.looks_like_period(team):
            self.draft.report(row.line, f"the team '{text}' looks like a period")
            return None
        return None if span is None else GoalLocation(span, team)

    def _read_period(self, row: CsvRow) -> Period | None:
        try:
            stated = self._stated_period(row.cells)
        except PeriodError as error:
            self.draft.report(row.line, f"{error.message}; {error.hint}")
            return None
        if stated is None and self.options.period is None:
            self.draft.report(row.line, "cannot tell the period; use --period, such as --period 2026-Q2")
        if stated and self.options.period and stated.id != self.options.period.id:
            self.draft.report(row.line, f"of {period.describe(stated)}, not {self.options.period.id}")
            return None
        return self.options.period or stated

    def _stated_period(self, cells: Cells) -> Period | None:
        """The period that a row names, or that has its start and end date; PeriodError for an invalid one."""
        name = cells.get("period", "")
        if name:
            known = next((known for known in self.options.periods if known.id == name), None)
            return known or period.parse_loose(name, self.options.config.fiscal)
        if not (cells.get("start_date") and cells.get("end_date")):
            return None
        return self._period_between(*(cell_rows.parse_day(cells[key]) for key in ("start_date", "end_date")))

    def _period_between(self, start: date, end: date) -> Period | None:
        known = next((known for known in self.options.periods if (known.start, known.end) == (start, end)), None)
        named = known or period.period_between(start, end, self.options.config.fiscal)
        if named is None and self.options.period is None:
            raise PeriodError(f"no named period is from {start} to {end}", "use --period")
        return named

    def _set_due(self, goal: ImportedGoal, cells: Cells, span: Period, report: Callable[[str], None]) -> None:
        if not cells.get("end_date"):
            return
        try:
            day = cell_rows.parse_day(cells["end_date"])
        except PeriodError as error:
            report(f"end_date: {error.message}; {error.hint}")
            return
        if not span.start <= day <= span.end:
            report(f"the end date {day} is outside {period.describe(span)}")
        elif day != span.end:
            goal.data["due"] = str(day)

    def _reporter(self, row: CsvRow) -> Callable[[str], None]:
        return lambda message: self.draft.report(row.line, message)
