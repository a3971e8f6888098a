"""Goals from the rows that `okrctl export` writes."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping

from okrctl.importers import GoalLocation, ImportDraft, ImportedGoal
from okrctl.values import period
from okrctl.values.fields import ID
from okrctl.values.period import FiscalYear, Period, PeriodError
from okrctl.yaml_edit import Prose, Value

REQUIRED_COLUMNS = ("level", "period", "team", "objective", "key_result", "kpi", "ref", "date", "written", "definition")
TEXT_KEYS = frozenset(("title", "owner", "why", "description", "note", "reason", "retrospective", "because", "by"))
Cells = Mapping[str, str]


def read(rows: Iterable[tuple[int, Cells]], fiscal: FiscalYear) -> ImportDraft:
    """The goals of the rows, each once, with all its readings."""
    reader = _RowReader(fiscal)
    for line, cells in rows:
        try:
            reader.read_row(line, cells)
        except PeriodError as error:
            reader.draft.report(line, f"{error.message}: {error.hint}")
        except _RowError as error:
            reader.draft.report(line, str(error))
    return reader.draft


class _RowError(ValueError):
    pass


class _RowReader:
    def __init__(self, fiscal: FiscalYear) -> None:
        self.draft = ImportDraft()
        self.fiscal = fiscal
        self._goals: dict[tuple[str, ...], ImportedGoal] = {}

    def read_row(self, line: int, cells: Cells) -> None:
        level = cells["level"]
        if level not in ("objective", "key-result", "kpi"):
            raise _RowError(f"'{level}' is not a valid level; use objective, key-result or kpi")
        key = (level, *(cells[name] for name in ("period", "team", "objective", "key_result", "ref")))
        goal = self._goals.get(key) or self._add_goal(line, level, cells)
        self._goals[key] = goal
        if cells["date"]:
            day = period.parse_written_day(cells["date"]).day
            if day in goal.readings:
                raise _RowError(f"duplicate reading of {cells['ref']} on {day}")
            goal.readings[day] = _parse_json(cells["written"], "written")

    def _add_goal(self, line: int, level: str, cells: Cells) -> ImportedGoal:
        data = _parse_json(cells["definition"], "definition")
        if not isinstance(data, dict):
            raise _RowError("the column 'definition' is not a mapping")
        goal = ImportedGoal(line, data)
        if level == "kpi":
            self.draft.kpis.append(goal)
        elif level == "objective":
            if not ID.match(cells["team"]):
                raise _RowError(f"'{cells['team']}' is not a valid team id")
            self.draft.objectives.append((GoalLocation(self._read_period(cells), cells["team"]), goal))
        else:
            above = self._goals.get(
                (
                    "objective",
                    *(cells[name] for name in ("period", "team", "objective")),
                    "",
                    _objective_ref(cells["ref"]),
                )
            )
            if above is None:
                raise _RowError(f"the file has no row for its objective {_objective_ref(cells['ref'])}")
            above.key_results.append(goal)
        return goal

    def _read_period(self, cells: Cells) -> Period:
        known = period.parse_or_none(cells["period"], self.fiscal)
        days = [cells.get(name, "") for name in ("period_start", "period_end")]
        if not all(days):
            return known or period.parse(cells["period"], self.fiscal)
        start, end = map(period.parse_day, days)
        if known is None and not period.looks_like_period(cells["period"]):
            return period.custom_period(cells["period"], start, end)
        known = known or period.parse(cells["period"], self.fiscal)
        if (known.start, known.end) != (start, end):
            hint = "set fiscal_year: in okrctl.yaml to that of the exported workspace"
            raise PeriodError(f"the dates of the row are not those of {period.describe(known)}", hint)
        return known


def _objective_ref(ref: str) -> str:
    return ref.rpartition(".")[0]


def _parse_json(text: str, column: str) -> Value:
    try:
        return to_yaml_value(json.loads(text))
    except (ValueError, RecursionError):
        raise _RowError(f"the column '{column}' is not valid JSON") from None


def to_yaml_value(raw: object, key: str = "") -> Value:
    """The data as YAML values; texts for people are quoted where YAML would misread them."""
    if isinstance(raw, dict):
        return {str(name): to_yaml_value(value, str(name)) for name, value in raw.items() if value is not None}
    if isinstance(raw, list):
        return [to_yaml_value(value, key) for value in raw if value is not None]
    if not isinstance(raw, str):
        raise _RowError("a definition can only contain strings, lists and mappings")
    return Prose(raw) if key in TEXT_KEYS else raw
