"""Names of columns in common exports."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from okrctl.values import suggestions
from okrctl.values.errors import OkrctlError

# Our name, and the names that other tools use. Case and punctuation are ignored.
COLUMN_NAMES: dict[str, str] = {
    "id": "id, key, okr id, goal id, item id, objective id, key result id, number",
    "parent": "parent, parent id, parent goal, parent objective, parent key, parent okr, parent name, parent title, "
    "aligned to, aligned with, contributes to, supports, belongs to",
    "level": "level, type, kind, okr type, item type, goal type, objective or key result, entry type",
    "objective": "objective, objective title, objective name",
    "key_result": "key result, key results, key result title, key result name, kr, result",
    "title": "title, name, goal name, okr, okr title, item, item name, summary",
    "description": "description, details",
    "owner": "owner, owners, owner name, assignee, assigned to, responsible, lead, dri, who, owned by",
    "team": "team, teams, team name, department, group",
    "period": "period, quarter, cycle, time period, timeframe, time frame, session, planning session, interval",
    "start_date": "start date, starts, starts on, begin date, date start, from date",
    "end_date": "end date, ends, ends on, due date, due, due on, deadline, date end, to date",
    "metric": "metric type, metric, measure, measure type, measurement type, target type, unit type, kr type",
    "start": "start, start value, starting value, initial value, initial, baseline, from",
    "target": "target, target value, goal, goal value, end value, to, total",
    "current": "current, current value, actual, actual value, value, latest value, now",
    "date": "date, last updated, updated, updated at, updated on, last update, last check in, last checkin, as of, "
    "last check in date, current date",
    "progress": "progress, progress percent, progress in percent, percent complete, complete, completion, attainment, "
    "percentage complete, percent done, done",
    "score": "score, grade, final score, final grade, final, result score, end score",
    "mid": "mid, mid score, mid q score, mid quarter score, mid quarter, midterm score, midpoint score",
    "projected": "projected, projected score, projection, forecast, forecast score, expected score",
    "status": "status, state, health, rag, rag status, okr status",
    "confidence": "confidence, confidence level, confidence score",
    "weight": "weight, weighting, relative weight",
    "priority": "priority, prio",
    "unit": "unit, units, unit of measure, currency",
    "tags": "tags, tag, labels, label",
    "note": "note, notes, comment, comments, latest comment, last comment, update, latest update",
    "link": "link, links, url, urls",
}
_COLUMNS_BY_NAME = {
    name: ours for ours, names in COLUMN_NAMES.items() for name in (*names.split(", "), ours.replace("_", " "))
}


def find_column(name: str) -> str | None:
    """Our name for a column; None for an unknown one."""
    plain = " ".join(re.findall(r"[a-z0-9]+", name.replace("%", " percent ").casefold()))
    return _COLUMNS_BY_NAME.get(plain)


def map_columns(header: Iterable[str], mapping: Mapping[str, str]) -> dict[str, str]:
    """Our names by column; `mapping` comes before the known names, and may lead to `x-` keys.

    Raises OkrctlError for a mapping from an unknown column, to an unknown name, or of two columns to the same name.
    """
    columns = list(header)
    _require_valid(mapping, columns)
    names_by_column: dict[str, str] = {}
    for theirs in columns:
        own = mapping.get(theirs)
        ours = own or find_column(theirs) or ""
        if own and own in names_by_column.values():
            raise OkrctlError(f"two columns map to '{own}'", "map one of them to another field")
        if ours and (own or ours not in {*names_by_column.values(), *mapping.values()}):
            names_by_column[theirs] = ours
    return names_by_column


def _require_valid(mapping: Mapping[str, str], columns: list[str]) -> None:
    for theirs, ours in mapping.items():
        if theirs not in columns:
            guess = suggestions.did_you_mean(suggestions.find_closest(theirs, columns))
            raise OkrctlError(f"no column '{theirs}'{guess}", f"the columns are {', '.join(columns)}")
        if ours not in COLUMN_NAMES and not re.fullmatch(r"x-[^\s:#]+", ours):
            guess = suggestions.did_you_mean(suggestions.find_closest(ours, list(COLUMN_NAMES)))
            raise OkrctlError(
                f"unknown field '{ours}'{guess}",
                f"use one of {', '.join(COLUMN_NAMES)}, or x-NAME for a field of your own",
            )
