"""Reads a table whose rows are objectives and key results, by the names of its columns."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple

from okrctl.importers import GoalLocation, ImportDraft, ImportedGoal, columns
from okrctl.importers import rows as entries
from okrctl.importers.options import ImportOptions
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
    """A row with our names for its cells."""

    line: int
    cells: Cells


def read(
    header: Sequence[str], rows: Iterable[tuple[int, Cells]], how: ImportOptions, mapping: Mapping[str, str]
) -> ImportDraft:
    """What the rows say; OkrctlError where no column has titles, or nothing says the period."""
    ours = columns.map_columns(header, mapping)
    if not {"title", "objective", "key_result"} & set(ours.values()):
        raise OkrctlError("no column has titles", f"the columns are {', '.join(header)}: map one with --columns FILE")
    if how.period is None and not {"period", "end_date"} & set(ours.values()):
        raise OkrctlError("nothing says which period this is", "give --period, such as --period 2026-Q2")
    reader = _CsvReader(how, set(ours.values()))
    for theirs in header:
        if theirs and theirs not in ours:
            own = f"x-{slug.slugify(theirs)}"
            reader.draft.report(1, f"the column '{theirs}' is not known; --columns FILE can keep it as `{own}`")
    found = [CsvRow(line, _rename_cells(cells, ours)) for line, cells in rows]
    for line, cells in ((row.line, row.cells) for row in found if row.cells.get("")):
        reader.draft.report(line, f"'{cells['']}' stands beyond the last column")
    reader.read_rows(found)
    return reader.draft


def _rename_cells(cells: Cells, ours: Mapping[str, str]) -> dict[str, str]:
    return {ours.get(theirs, theirs): cell.strip() for theirs, cell in cells.items() if theirs in ours or not theirs}


class _CsvReader:
    def __init__(self, how: ImportOptions, there: set[str]) -> None:
        self.how, self.there = how, there
        self.draft = ImportDraft()
        self._by_name: dict[str, tuple[GoalLocation, ImportedGoal]] = {}
        self._parents: list[tuple[GoalLocation, ImportedGoal, str]] = []

    def read_rows(self, rows: Sequence[CsvRow]) -> None:
        """Objectives first, since a key result may stand above its own."""
        kinds = [self._kind(row) for row in rows]
        for row, kind in zip(rows, kinds, strict=True):
            if kind == "objective":
                self._read_objective(row)
        for row, kind in zip(rows, kinds, strict=True):
            if kind == "key-result":
                self._read_key_result(row)
        for place, thing, parent in self._parents:
            self._set_parent(place, thing, parent)

    def _kind(self, row: CsvRow) -> str | None:
        cells = row.cells
        if cells.get("objective") or cells.get("key_result"):
            return "key-result" if cells.get("key_result") or cells.get("title") else "objective"
        if not cells.get("title"):
            self.draft.report(row.line, "the row has no title")
            return None
        level = cells.get("level", "").casefold()
        if level:
            if "key" in level or level in ("kr", "result", "metric"):
                return "key-result"
            if "objective" in level or level in ("goal", "o"):
                return "objective"
            self.draft.report(row.line, f"'{cells['level']}' is neither an objective nor a key result")
            return None
        measured = any(cells.get(name) for name in MEASURE_COLUMNS)
        columns_say_so = any(name in self.there for name in MEASURE_COLUMNS)
        if cells.get("parent") and (measured or not columns_say_so):
            return "key-result"
        return "objective"

    def _read_objective(self, row: CsvRow) -> None:
        cells = row.cells
        tell = self._reporter(row)
        title = cells.get("objective") or cells["title"]
        place = self._location(row)
        if place is None:
            return
        thing = entries.read_common_fields(cells, row.line, title, self.how, tell)
        for name in DERIVED_COLUMNS:
            if cells.get(name) and not (name == "status" and thing.data.get("state")):
                tell(f"{name} '{cells[name]}': an objective takes it from its key results")
        self._add_objective(place, thing, cells)
        if cells.get("parent"):
            self._parents.append((place, thing, cells["parent"]))

    def _add_objective(self, place: GoalLocation, thing: ImportedGoal, cells: Cells) -> None:
        self.draft.objectives.append((place, thing))
        for name in (cells.get("id", ""), thing.title):
            if name:
                self._by_name.setdefault(name.casefold(), (place, thing))

    def _read_key_result(self, row: CsvRow) -> None:
        cells = row.cells
        above = self._find_objective(row)
        if above is None:
            return
        place, objective = above
        title = cells.get("key_result") or cells["title"]
        tell = self._reporter(row)
        thing = entries.read_key_result(cells, row.line, title, place.period, self.how, tell)
        if thing is None:
            return
        self._set_due(thing, cells, place.period, tell)
        if thing.data.get("owner") == objective.data.get("owner"):
            thing.data.pop("owner", None)
        objective.key_results.append(thing)

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
            why = f"its objective '{name}' is in no row" if name else "it does not say its objective"
            self.draft.report(row.line, f"'{row.cells.get('key_result') or row.cells.get('title')}': {why}")
        return known

    def _set_parent(self, place: GoalLocation, thing: ImportedGoal, parent: str) -> None:
        known = self._by_name.get(parent.casefold())
        if known is None or known[1] is thing:
            self.draft.report(thing.line, f"the parent '{parent}' is in no other row")
            return
        where, above = known
        if "id" not in above.data:
            taken = {str(one.data["id"]) for _, one in self.draft.objectives if "id" in one.data}
            above.data["id"] = slug.slugify(above.title, taken)
        name = f"{where.team}/{above.data['id']}"
        thing.data["parent"] = name if where.period == place.period else f"{where.period.id}/{name}"

    def _location(self, row: CsvRow) -> GoalLocation | None:
        span = self._read_period(row)
        said = row.cells.get("team", "")
        team = self.how.team_id(said) if said else self.how.team or "company"
        if self.how.team is not None and team != self.how.team:
            self.draft.report(row.line, f"it belongs to the team '{said}', not to '{self.how.team}'")
            return None
        if period.looks_like_period(team):
            self.draft.report(row.line, f"the team '{said}' looks like a period")
            return None
        return None if span is None else GoalLocation(span, team)

    def _read_period(self, row: CsvRow) -> Period | None:
        try:
            said = self._stated_period(row.cells)
        except PeriodError as error:
            self.draft.report(row.line, f"{error.message}; {error.hint}")
            return None
        if said is None and self.how.period is None:
            self.draft.report(row.line, "nothing says its period; give --period, such as --period 2026-Q2")
        if said and self.how.period and said.id != self.how.period.id:
            self.draft.report(row.line, f"it belongs to {period.describe(said)}, not to {self.how.period.id}")
            return None
        return self.how.period or said

    def _stated_period(self, cells: Cells) -> Period | None:
        """The period that a row names, or that has exactly its days; PeriodError where it names none."""
        name = cells.get("period", "")
        if name:
            known = next((one for one in self.how.periods if one.id == name), None)
            return known or period.parse_loose(name, self.how.config.fiscal)
        if not (cells.get("start_date") and cells.get("end_date")):
            return None
        start, end = (entries.parse_day(cells[key]) for key in ("start_date", "end_date"))
        known = next((one for one in self.how.periods if (one.start, one.end) == (start, end)), None)
        found = known or period.period_between(start, end, self.how.config.fiscal)
        if found is None and self.how.period is None:
            raise PeriodError(f"{start} to {end} is no period with a name", "give --period")
        return found

    def _set_due(self, thing: ImportedGoal, cells: Cells, span: Period, tell: Callable[[str], None]) -> None:
        if not cells.get("end_date"):
            return
        try:
            day = entries.parse_day(cells["end_date"])
        except PeriodError as error:
            tell(f"end_date: {error.message}; {error.hint}")
            return
        if not span.start <= day <= span.end:
            tell(f"it ends on {day}, outside {period.describe(span)}")
        elif day != span.end:
            thing.data["due"] = str(day)

    def _reporter(self, row: CsvRow) -> Callable[[str], None]:
        return lambda message: self.draft.report(row.line, message)
