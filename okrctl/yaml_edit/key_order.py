"""Says where a new key belongs among those that are there."""

from __future__ import annotations

from collections.abc import Sequence

from okrctl.measures import FIELD_KEYS
from okrctl.values import period
from okrctl.yaml_edit.scalars import ONE_LINE_KEYS

_OBJECTIVE = """
    id title owner contributors ambition why description parent kpis hypothesis weight state reason since added outcome
    score retrospective carried_from formerly links tags readings key_results initiatives
"""
_KEY_RESULT = f"""
    id title owner description ambition priority {" ".join(FIELD_KEYS)} unit
    stretch plan guards aggregate kpi rollup due cadence weight state reason since added score formerly links tags
    amended readings
"""
_KPI = """
    id title owner team why description better between indicator unit cadence aggregate watch target formula source
    formerly links tags readings
"""
_READING = "value confidence forecast note source"
_MILESTONE = "title id weight done"
_TOP = "period team objectives kpis"
KEY_ORDERS = {
    "objectives": tuple(_OBJECTIVE.split()),
    "key_results": tuple(_KEY_RESULT.split()),
    "kpis": tuple(_KPI.split()),
    "milestones": tuple(_MILESTONE.split()),
    "amended": ("date", "by", "reason", "was"),
    "": tuple(_TOP.split()),
}


def insertion_index(names: Sequence[str], name: str, where: tuple[str | int, ...]) -> int:
    """How many of the keys `names` of the mapping at the route `where` stand before the new key `name`.

    Readings and plans go by date, all else by the order in which the format is told.
    """
    if where and where[-1] in ONE_LINE_KEYS:
        return _index_after_lower([_day_ordinal(one) for one in names], _day_ordinal(name))
    in_reading = len(where) > 1 and where[-2] in ONE_LINE_KEYS
    words = [part for part in where if isinstance(part, str)]
    listed = where and isinstance(where[-1], int)
    order = tuple(_READING.split()) if in_reading else KEY_ORDERS.get(words[-1] if words and listed else "", ())
    if name not in order or (where and not listed and not in_reading):
        return len(names)
    ranks = [order.index(one) if one in order else -1 for one in names]
    return _index_after_lower([rank if rank >= 0 else None for rank in ranks], order.index(name))


def _index_after_lower(ranks: Sequence[int | None], rank: int | None) -> int:
    """The place right behind the highest of the ranks below; behind all where there is no telling."""
    if rank is None:
        return len(ranks)
    lower = [(one, place) for place, one in enumerate(ranks) if one is not None and one < rank]
    if lower:
        return max(lower)[1] + 1
    return 0 if any(one is not None for one in ranks) else len(ranks)


def _day_ordinal(text: str) -> int | None:
    try:
        return period.parse_reading_day(text).toordinal()
    except period.PeriodError:
        return None
