"""The ways in which a key result is judged, each recognised by its keys."""

from __future__ import annotations

from collections.abc import Mapping
from types import ModuleType

from okrctl.measures import change, done, graded, limit, metric, milestones

MEASURES: dict[str, ModuleType] = {
    "metric": metric,
    "change": change,
    "limit": limit,
    "done": done,
    "milestones": milestones,
    "graded": graded,
}
NUMERIC = ("metric", "change", "limit")
_MEASURE_BY_KEY = {key: name for name, module in MEASURES.items() for key in module.KEYS}


def named_measures(raw: Mapping[str, object]) -> list[tuple[str, str]]:
    """The measures that a key result names, as (measure, key)."""
    return [(name, key) for key, name in _MEASURE_BY_KEY.items() if key in raw]
