"""Reads the rows that `okrctl export` wrote."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping

from okrctl.importers import Draft, Place, Thing
from okrctl.values import period
from okrctl.values.fields import ID
from okrctl.values.period import FiscalYear, Period, PeriodError
from okrctl.yaml_edit import Value, Words

NEEDED = ("level", "period", "team", "objective", "key_result", "kpi", "ref", "date", "written", "definition")
TEXTS = frozenset(("title", "owner", "why", "description", "note", "reason", "retrospective", "because", "by"))
Cells = Mapping[str, str]


def read(rows: Iterable[tuple[int, Cells]], fiscal: FiscalYear) -> Draft:
    """What the rows define, each thing once, with all its readings."""
    reader = _Reader(fiscal)
    for line, cells in rows:
        try:
            reader.take(line, cells)
        except PeriodError as error:
            reader.draft.refuse(line, f"{error.message}: {error.hint}")
        except _Unreadable as error:
            reader.draft.refuse(line, str(error))
    return reader.draft


class _Unreadable(ValueError):
    pass


class _Reader:
    def __init__(self, fiscal: FiscalYear) -> None:
        self.draft = Draft()
        self.fiscal = fiscal
        self._known: dict[tuple[str, ...], Thing] = {}

    def take(self, line: int, cells: Cells) -> None:
        level = cells["level"]
        if level not in ("objective", "key-result", "kpi"):
            raise _Unreadable(f"'{level}' is no level: objective, key-result or kpi")
        key = (level, *(cells[name] for name in ("period", "team", "objective", "key_result", "ref")))
        thing = self._known.get(key) or self._new(line, level, cells)
        self._known[key] = thing
        if cells["date"]:
            day = period.parse_reading_day(cells["date"])
            if day in thing.readings:
                raise _Unreadable(f"{cells['ref']} has a reading on {day} already")
            thing.readings[day] = _value(cells["written"], "written")

    def _new(self, line: int, level: str, cells: Cells) -> Thing:
        data = _value(cells["definition"], "definition")
        if not isinstance(data, dict):
            raise _Unreadable("the column 'definition' has no definition")
        thing = Thing(line, data)
        if level == "kpi":
            self.draft.kpis.append(thing)
        elif level == "objective":
            if not ID.match(cells["team"]):
                raise _Unreadable(f"'{cells['team']}' is no id of a team")
            self.draft.objectives.append((Place(self._period(cells), cells["team"]), thing))
        else:
            above = self._known.get(
                ("objective", *(cells[name] for name in ("period", "team", "objective")), "", _above(cells["ref"]))
            )
            if above is None:
                raise _Unreadable(f"the row of its objective is missing: {_above(cells['ref'])}")
            above.key_results.append(thing)
        return thing

    def _period(self, cells: Cells) -> Period:
        found = period.parse_or_none(cells["period"], self.fiscal)
        days = [cells.get(name, "") for name in ("period_start", "period_end")]
        if not all(days):
            return found or period.parse(cells["period"], self.fiscal)
        start, end = map(period.parse_day, days)
        if found is None and not period.looks_like_period(cells["period"]):
            return period.custom(cells["period"], start, end)
        found = found or period.parse(cells["period"], self.fiscal)
        if (found.start, found.end) != (start, end):
            hint = "set fiscal_year: in okrctl.yaml as it was where the rows come from"
            raise PeriodError(f"{period.described(found)} has other days here", hint)
        return found


def _above(ref: str) -> str:
    return ref.rpartition(".")[0]


def _value(text: str, column: str) -> Value:
    try:
        return worded(json.loads(text))
    except (ValueError, RecursionError):
        raise _Unreadable(f"the column '{column}' holds no JSON") from None


def worded(raw: object, key: str = "") -> Value:
    """Plain data as it is to be written; texts for people are put in quotes where YAML would misread them."""
    if isinstance(raw, dict):
        return {str(name): worded(value, str(name)) for name, value in raw.items() if value is not None}
    if isinstance(raw, list):
        return [worded(one, key) for one in raw if one is not None]
    if not isinstance(raw, str):
        raise _Unreadable("a definition has texts, lists and mappings only")
    return Words(raw) if key in TEXTS else raw
