"""Works out the course of a key result on a day: which readings count, what they amount to, where it set out from."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from datetime import date, timedelta
from fractions import Fraction
from itertools import accumulate
from typing import NamedTuple

from okrctl import measures
from okrctl.kpis.series import KpiValues
from okrctl.measures import done
from okrctl.values.quantity import Quantity
from okrctl.values.timeseries import KeyResultSeries, Point
from okrctl.workspace import DatedReading, KeyResult, Workspace

MAX_ROLLUP_DEPTH = 64


class Measurement(NamedTuple):
    """What a key result amounts to on a day: its course, the day of its value, and what stands in the way of one."""

    series: KeyResultSeries
    value_date: date | None = None
    error: str | None = None


class _OwnPoints(NamedTuple):
    """The points of a key result on whatever day, and their sums up to each where these are asked for."""

    points: tuple[Point, ...]
    sums: list[Fraction]


class KeyResultValues:
    """The values of key results of one workspace on one day, each worked out once.

    `projecting` says whether anybody asks where they are heading, which takes longer than all the rest. `beside` is
    the ledger of another day, from which comes what is the same on every day.
    """

    def __init__(
        self, workspace: Workspace, day: date, *, with_projections: bool = True, reuse: KeyResultValues | None = None
    ) -> None:
        self.workspace = workspace
        self.day = day
        self.projecting = with_projections
        self.kpi_values = KpiValues(workspace, day)
        self._values: dict[int, Measurement] = {}
        self._read: dict[int, _OwnPoints] = {} if reuse is None else reuse._read
        self._open: list[KeyResult] = []

    def measurement(self, node: KeyResult) -> Measurement:
        """The course of a key result and what it amounts to."""
        key = id(node)
        if key not in self._values:
            if node in self._open or len(self._open) > MAX_ROLLUP_DEPTH:
                return Measurement(self._series(node), None, "its rollup runs in a ring")
            self._open.append(node)
            self._values[key] = self._measure(node)
            self._open.pop()
        return self._values[key]

    def closing_day(self, node: KeyResult) -> date:
        """The last day on which late figures still come in."""
        try:
            return node.period.end + timedelta(days=self.workspace.config.scoring.closing_days)
        except OverflowError:
            return date.max

    def own_readings(self, node: KeyResult) -> list[DatedReading]:
        """A key result's own readings that exist on the day and count in its time, check-ins without a value too."""
        begin = bisect_left(node.readings, node.first_day, key=_day_of)
        return node.readings[begin : bisect_right(node.readings, min(self.day, self.closing_day(node)), key=_day_of)]

    def aggregate_of(self, node: KeyResult) -> str:
        """How readings become the value: latest, sum or mean; a KPI's readings as the KPI says."""
        kpi = self.workspace.kpi_of(node)
        return kpi.aggregate if kpi else getattr(node.model, "aggregate", None) or "latest"

    def _series(self, node: KeyResult, points: tuple[Point, ...] = (), start: Fraction | None = None,
                value: Fraction | None = None) -> KeyResultSeries:  # fmt: skip
        cadence = self.workspace.cadence(node)
        return KeyResultSeries(
            points, first=node.first_day, last=node.period.end, day=self.day, cadence=cadence, start=start, value=value
        )

    def _measure(self, node: KeyResult) -> Measurement:
        measure = node.measure
        if measure in ("done", "milestones"):
            return self._from_steps(node)
        if getattr(node.model, "rollup", None) is not None:
            return self._from_rollup(node)
        if getattr(node.model, "kpi", None) is not None:
            return self._from_kpi(node)
        return self._from_readings(node)

    def _from_steps(self, node: KeyResult) -> Measurement:
        course = self._series(node)
        gone = measures.MEASURES[node.measure].progress(node.model, course)
        steps = [node.model] if node.measure == "done" else node.model.milestones or []
        last = min(self.day, node.period.end)
        days = [day for step in steps if (day := done.done_day(step.done, node.first_day)) is not None and day <= last]
        return Measurement(self._series(node, value=gone), max(days, default=None))

    def _from_readings(self, node: KeyResult) -> Measurement:
        how = self.aggregate_of(node)
        if node.csv is not None and node.csv.read_problem is not None:
            return Measurement(self._series(node), None, f"{node.csv.path} cannot be read")
        points, sums = self._own_points(node, how)
        number = bisect_right(points, min(self.day, self.closing_day(node)), key=_reading_day)
        total = sums[number - 1] if number and sums else None
        return self._aggregate(node, points[:number], how, self._written_start(node, how), total)

    def _own_points(self, node: KeyResult, how: str) -> _OwnPoints:
        """All that a key result has ever read off itself."""
        if id(node) not in self._read:
            end = node.period.end
            last = end if how == "sum" else date.max
            points = tuple(
                Point(min(one.day, end), one.value.number, original_day=one.day if one.day > end else None)
                for one in node.readings[bisect_left(node.readings, node.first_day, key=_day_of) :]
                if one.value is not None and one.day <= last
            )
            sums = [] if how == "latest" else list(accumulate(point.value for point in points))
            self._read[id(node)] = _OwnPoints(points, sums)
        return self._read[id(node)]

    def _written_start(self, node: KeyResult, how: str) -> Fraction | None:
        said = getattr(node.model, "from_", None)
        if isinstance(said, Quantity):
            return said.number
        if isinstance(said, str):
            return None
        return Fraction(0) if node.measure == "metric" else None

    def _from_kpi(self, node: KeyResult) -> Measurement:
        kpi = self.workspace.kpi_of(node)
        if kpi is None:
            return Measurement(self._series(node), None, f"there is no KPI '{node.model.kpi}'")
        steps = self.kpi_values.series(kpi)
        last = min(self.day, node.period.end)
        points = steps.between(node.first_day, last)
        said = getattr(node.model, "from_", None)
        if isinstance(said, Quantity):
            start: Fraction | None = said.number
        elif said is None and kpi.aggregate == "sum":
            start = Fraction(0)
        else:
            before = steps.newest(node.first_day) if said is None else None
            start = before.value if before else None
        if self.kpi_values.figures.is_computed_flow(kpi):
            figure = self.kpi_values.period_figure(kpi, node.first_day, last)
            return Measurement(self._series(node, points, start, figure.value), points[-1].day if points else None)
        return self._aggregate(node, points, kpi.aggregate, start)

    def _from_rollup(self, node: KeyResult) -> Measurement:
        rollup = node.model.rollup
        found: list[tuple[Fraction, date | None]] = []
        for text in rollup.members:
            member = self.workspace.resolve(text, node.objective)
            if not isinstance(member, KeyResult) or member.measure not in measures.NUMERIC:
                return Measurement(self._series(node), None, f"'{text}' is no key result with a number")
            values = self.measurement(member)
            if values.error:
                return Measurement(self._series(node), None, values.error)
            if values.series.value is not None:
                found.append((values.series.value, values.value_date))
            elif member.period.start <= self.day:
                return Measurement(self._series(node))
            elif rollup.method == "sum":
                found.append((Fraction(0), None))
        numbers = [value for value, _ in found]
        days = [day for _, day in found if day is not None]
        start = self._written_start(node, "latest")
        if not numbers:
            return Measurement(self._series(node, start=start))
        value = {"sum": sum, "mean": _mean, "min": min, "max": max}[rollup.method](numbers)  # type: ignore[operator]
        day = min(days, default=None)
        made = day or node.first_day
        point = Point(min(max(made, node.first_day), node.period.end), value, original_day=made)
        return Measurement(self._series(node, (point,), start, value), day)

    def _aggregate(
        self, node: KeyResult, points: tuple[Point, ...], how: str, start: Fraction | None,
        total: Fraction | None = None,
    ) -> Measurement:  # fmt: skip
        """`total` is the sum of all points, where it is known."""
        if not points:
            return Measurement(self._series(node, start=start))
        if how == "latest":
            value = points[-1].value
        else:
            value = sum((point.value for point in points), Fraction(0)) if total is None else total
            value = value / len(points) if how == "mean" else value
        return Measurement(self._series(node, points, start, value), points[-1].reading_day)


def _reading_day(one: Point) -> date:
    return one.reading_day


def _day_of(one: DatedReading) -> date:
    return one.day


def _mean(numbers: list[Fraction]) -> Fraction:
    return sum(numbers, Fraction(0)) / len(numbers)
