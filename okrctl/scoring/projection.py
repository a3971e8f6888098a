"""The projection of a key result to the last day of its period: which values it is made from, and what they can be.

Only what is read goes on as it has: own readings or those of a KPI, the newest of which counts or which are added up.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from itertools import accumulate

from okrctl.measures.range import progress_between
from okrctl.scoring.projected_range import Bounds, ProjectedRange, WithoutRange, project_range
from okrctl.scoring.values import KeyResultValues
from okrctl.values.dates import days_before
from okrctl.values.quantity import Quantity, written_places
from okrctl.values.timeseries import KeyResultSeries
from okrctl.workspace import KeyResult, Kpi

COMPUTED_PLACES = 2  # decimals to which the range of a computed value is rounded, since it is written nowhere


@dataclass(frozen=True, slots=True)
class Projection:
    """The value on the last day if the key result goes on as it has, its progress, and the 80 % range of the value.

    `figures` are what it was worked out from, `bounds` what the value can be.
    """

    value: Fraction
    progress: Fraction | None
    low: Fraction
    high: Fraction
    figures: ProjectedRange
    bounds: Bounds


def project_key_result(
    values: KeyResultValues, node: KeyResult, series: KeyResultSeries, target: Fraction
) -> Projection | WithoutRange | None:
    """The projection of a key result with a value, or why there is no range.

    None for what is not projected at all: rollups, means, formulas over flows, and what has no range from a start to a
    target.
    """
    aggregate = values.aggregate_of(node)
    kpi = values.workspace.kpi_of(node)
    is_rolled_up = getattr(node.model, "rollup", None) is not None
    is_flow = kpi is not None and aggregate != "sum" and values.kpi_values.figures.is_computed_flow(kpi)
    if is_rolled_up or is_flow or not node.measure.has_range or aggregate not in ("latest", "sum"):
        return None
    readings = _running_total(series) if aggregate == "sum" else _values_by_day(series)
    bounds = _bounds(values, node, series, target, aggregate == "sum")
    found = project_range(readings, series.last, bounds)
    if not isinstance(found, ProjectedRange):
        return found
    return Projection(
        found.value, progress_between(found.value, series.start, target), found.low, found.high, found, bounds
    )


def _values_by_day(series: KeyResultSeries) -> Mapping[date, Fraction]:
    """The readings by day, and the start on the first day unless that has a reading."""
    readings = {} if series.start is None else {series.first: series.start}
    return readings | {point.day: point.value for point in series.points}


def _running_total(series: KeyResultSeries) -> Mapping[date, Fraction]:
    """The sum of the readings up to each of their days, from 0 on the day before the first."""
    totals = accumulate(point.value for point in series.points)
    by_day = zip((point.day for point in series.points), totals, strict=True)
    return {days_before(series.first, 1): Fraction(0), **dict(by_day)}


def _bounds(
    values: KeyResultValues, node: KeyResult, series: KeyResultSeries, target: Fraction, is_sum: bool
) -> Bounds:
    """What the value can be, by all numbers of the key result: its start, its target and its readings."""
    readings = [point.value for point in series.points]
    numbers = [*readings, target, *([] if series.start is None else [series.start])]
    is_share = values.workspace.unit(node) == "%" and all(0 <= number <= 100 for number in numbers)
    low = Fraction(0) if min(numbers) >= 0 else None
    if is_sum and min(readings) >= 0:
        low = sum(readings, Fraction(0))
    places = max(_written_places(values, node, series), default=COMPUTED_PLACES)
    return Bounds(low, Fraction(100) if is_share else None, places)


def _written_places(values: KeyResultValues, node: KeyResult, series: KeyResultSeries) -> Iterator[int]:
    """The decimal places of the readings and the start as they are written; none where the values are computed."""
    kpi = values.workspace.kpi_of(node)
    if kpi is not None and not values.kpi_values.inputs.is_recorded(kpi):
        return
    source: KeyResult | Kpi = kpi or node
    written = node.measure.written_start(node.model)
    if isinstance(written, Quantity):
        yield written_places(written)
    days = {point.reading_day for point in series.points}
    yield from (written_places(reading.value) for reading in source.readings if reading.value and reading.day in days)
