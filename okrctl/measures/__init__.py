"""The measures by which key results are judged, each recognised by its keys."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from okrctl.measures import change, done, graded, limit, metric, milestones
from okrctl.measures.measure import UNMEASURED, AmendOption, Measure

__all__ = [
    "AMEND_OPTIONS", "FIELD_KEYS", "MEASURES", "MEASURE_KEYS", "TEXT_KEYS", "UNMEASURED", "AmendOption", "Measure",
    "named_measures",
]  # fmt: skip

MEASURES: dict[str, Measure[Any]] = {
    module.MEASURE.name: module.MEASURE for module in (metric, change, limit, done, milestones, graded)
}
MEASURE_KEYS = tuple(key for measure in MEASURES.values() for key in measure.keys)
FIELD_KEYS = tuple(
    dict.fromkeys(
        field.alias or name for measure in MEASURES.values() for name, field in measure.fields.model_fields.items()
    )
)
AMEND_OPTIONS: dict[str, AmendOption] = {
    name: option for measure in MEASURES.values() for name, option in measure.amendable.items()
}
TEXT_KEYS = tuple(key for measure in MEASURES.values() for key in measure.text_keys)
_MEASURE_BY_KEY = {key: measure for measure in MEASURES.values() for key in measure.keys}


def named_measures(raw: Mapping[str, object]) -> list[tuple[Measure[Any], str]]:
    """The measures that the keys of a key result name, as (measure, key)."""
    return [(measure, key) for key, measure in _MEASURE_BY_KEY.items() if key in raw]
