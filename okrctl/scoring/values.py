"""The value of a key result on a day: which readings count, what they amount to, and where it started."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from itertools import accumulate
from typing import Any, NamedTuple

from okrctl.kpis.series import KpiValues
from okrctl.schema.settings import COMPANY
from okrctl.scoring import no_data
from okrctl.scoring.no_data import NoData
from okrctl.scoring.pace import due_date
from okrctl.values.dates import Cadence
from okrctl.values.quantity import Quantity
from okrctl.values.timeseries import KeyResultSeries, Point
from okrctl.workspace import DatedReading, KeyResult, Kpi, Workspace

MAX_ROLLUP_DEPTH = 64


class Measurement(NamedTuple):
    """What is known of a key result on a day: its series, the day of its value, and the error that prevents one.

    `missing` says why there is no value without an error. `is_ahead` says whether its period lies ahead or, for a
    rollup, all of its members do.
    """

    series: KeyResultSeries
    value_date: date | None = None
    error: str | None = None
    is_ahead: bool = False
    missing: NoData | None = None


class _OwnPoints(NamedTuple):
    """All points of a key result, whatever the day, and their running sums where its aggregate needs them."""

    points: tuple[Point, ...]
    sums: list[Fraction]


@dataclass(slots=True)
class Frame:
    """What of a key result is the same on every day: its first, last and due day, and its readings from the first on.

    `closing` is the last day on which late figures come in, `days` are those of the readings. `cadence` is None where
    it follows from a formula.
    """

    first: date
    last: date
    closing: date
    due: date
    cadence: Cadence | None
    readings: list[DatedReading]
    days: list[date]


class KeyResultValues:
    """The values of the key results of one workspace on one day, each computed once.

    `reuse` are the values of another day, from which comes what is the same on every day.
    """

    def __init__(self, workspace: Workspace, day: date, *, reuse: KeyResultValues | None = None) -> None:
        self.workspace = workspace
        self.day = day
        self.kpi_values = KpiValues(workspace, day)
        self._measurements: dict[int, Measurement] = {}
        self._points: dict[int, _OwnPoints] = {} if reuse is None else reuse._points
        self._frames: dict[int, Frame] = {} if reuse is None else reuse._frames
        self.courses: dict[int, Any] = {} if reuse is None else reuse.courses  # of `score_key_result`
        self._open: list[KeyResult] = []

    def measurement(self, node: KeyResult) -> Measurement:
        """The series of a key result and its value."""
        key = id(node)
        if key not in self._measurements:
            if node in self._open or len(self._open) > MAX_ROLLUP_DEPTH:
                return Measurement(self._series(node), None, "its rollup is part of a cycle")
            if not self._open and getattr(node.model, "rollup", None) is not None:
                for below in self._rollups_below(node):
                    self.measurement(below)
            self._open.append(node)
            measured = self._measure(node)
            is_ahead = measured.is_ahead or self.day < node.period.start
            self._measurements[key] = measured._replace(is_ahead=is_ahead)
            self._open.pop()
        return self._measurements[key]

    def _rollups_below(self, node: KeyResult) -> list[KeyResult]:
        """The rollups that a rollup leads to, each behind those that it leads to, so that only a ring is deep."""
        ordered, seen, stack = list[KeyResult](), {id(node)}, [(node, iter(self._member_rollups(node)))]
        while stack:
            member = next(stack[-1][1], None)
            if member is None:
                ordered.append(stack.pop()[0])
            elif id(member) not in seen:
                seen.add(id(member))
                stack.append((member, iter(self._member_rollups(member))))
        return ordered[:-1]

    def _member_rollups(self, node: KeyResult) -> list[KeyResult]:
        rollup = getattr(node.model, "rollup", None)
        found = [self.workspace.resolve(text, node.objective) for text in (rollup.members if rollup else ())]
        return [each for each in found if isinstance(each, KeyResult) and getattr(each.model, "rollup", None)]

    def frame(self, node: KeyResult) -> Frame:
        """What is the same on every day."""
        frame = self._frames.get(id(node))
        return self._find_frame(node) if frame is None else frame

    def _find_frame(self, node: KeyResult) -> Frame:
        workspace, first, last = self.workspace, node.first_day, node.period.end
        kpi = workspace.kpi_of(node)
        is_open = kpi is not None and kpi.model.cadence is None and node.model.cadence is None
        frame = self._frames[id(node)] = Frame(
            first,
            last,
            workspace.config.scoring.last_closing_day(node.period),
            due_date(node),
            None if is_open else workspace.cadence(node),
            node.readings[bisect_left(node.readings, first, key=_day_of) :],
            [],
        )
        frame.days = [reading.day for reading in frame.readings]
        return frame

    def own_readings(self, node: KeyResult) -> list[DatedReading]:
        """The own readings of a key result that count on the day, check-ins without a value too."""
        frame = self.frame(node)
        return frame.readings[: bisect_right(frame.days, min(self.day, frame.closing))]

    def aggregate_of(self, node: KeyResult) -> str:
        """How readings become the value: latest, sum or mean; a KPI's readings as the KPI says."""
        kpi = self.workspace.kpi_of(node)
        return kpi.aggregate if kpi else getattr(node.model, "aggregate", None) or "latest"

    def _series(
        self, node: KeyResult, points: tuple[Point, ...] = (), start: Fraction | None = None,
        value: Fraction | None = None,
    ) -> KeyResultSeries:  # fmt: skip
        frame = self.frame(node)
        return KeyResultSeries(
            points, first=frame.first, last=frame.last, day=self.day, cadence=frame.cadence or self._cadence(node),
            start=start, value=value,
        )  # fmt: skip

    def _cadence(self, node: KeyResult) -> Cadence:
        """How often a reading is due; on a formula without a cadence as often as its coarsest input is read."""
        kpi = self.workspace.kpi_of(node)
        if kpi is None or self.kpi_values.inputs.is_recorded(kpi):
            return self.workspace.cadence(node)
        return self.kpi_values.figures.cadence(kpi)

    def _measure(self, node: KeyResult) -> Measurement:
        if not node.measure.takes_readings:
            return self._from_steps(node)
        measured = self._from_source(node)
        if self.day < self.frame(node).first and measured.error is None:
            return measured._replace(missing=no_data.not_begun(node))
        return measured

    def _from_source(self, node: KeyResult) -> Measurement:
        if getattr(node.model, "rollup", None) is not None:
            return self._from_rollup(node)
        if getattr(node.model, "kpi", None) is not None:
            return self._from_kpi(node)
        return self._from_readings(node)

    def _from_steps(self, node: KeyResult) -> Measurement:
        """The value of what is done by dates is its progress."""
        progress = node.measure.progress(node.model, self._series(node))
        last = min(self.day, node.period.end)
        days = (step.done_day(node.first_day) for step in node.measure.steps(node.model))
        newest = max((day for day in days if day is not None and day <= last), default=None)
        return Measurement(self._series(node, value=progress), newest)

    def _from_readings(self, node: KeyResult) -> Measurement:
        if node.csv is not None and node.csv.read_problem is not None:
            return Measurement(self._series(node), None, f"{node.csv.path} cannot be read")
        aggregate = self.aggregate_of(node)
        points, sums = self._own_points(node, aggregate)
        number = bisect_right(points, min(self.day, self.frame(node).closing), key=_reading_day)
        total = sums[number - 1] if number and sums else None
        return self._aggregate(node, points[:number], aggregate, _written_start(node), total)

    def _own_points(self, node: KeyResult, aggregate: str) -> _OwnPoints:
        """Late readings count as if made on the last day, except for a sum, in which they do not count."""
        if id(node) not in self._points:
            frame = self.frame(node)
            end, last = frame.last, frame.last if aggregate == "sum" else date.max
            points = tuple(
                Point(min(dated.day, end), dated.value.number, original_day=dated.day if dated.day > end else None)
                for dated in frame.readings
                if dated.value is not None and dated.day <= last
            )
            sums = [] if aggregate == "latest" else list(accumulate(point.value for point in points))
            self._points[id(node)] = _OwnPoints(points, sums)
        return self._points[id(node)]

    def _from_kpi(self, node: KeyResult) -> Measurement:
        kpi = self.workspace.kpi_of(node)
        if kpi is None:
            return self._from_unknown_kpi(node)
        series = self.kpi_values.series(kpi)
        points = series.points_between(node.first_day, min(self.day, node.period.end))
        written = node.measure.written_start(node.model)
        start: Fraction | None = None
        if isinstance(written, Quantity):
            start = written.number
        elif written is None and kpi.aggregate == "sum":
            start = Fraction(0)
        elif written is None:
            before = series.newest(node.first_day)
            start = before.value if before else None
        if self.kpi_values.figures.is_computed_flow(kpi):
            last = min(self.day, node.period.end)
            figure = self.kpi_values.period_figure(kpi, node.first_day, last)
            missing = None if figure.value is not None else no_data.missing_input(kpi.id, figure.reason or "no value")
            newest = points[-1].day if points else None
            return Measurement(self._series(node, points, start, figure.value), newest, missing=missing)
        measured = self._aggregate(node, points, kpi.aggregate, start)
        return measured if points else measured._replace(missing=self._missing_of_kpi(node, kpi))

    def _from_unknown_kpi(self, node: KeyResult) -> Measurement:
        name = node.model.kpi
        if COMPANY in self.workspace.config.elsewhere:
            series = self._series(node, start=_written_start(node))
            return Measurement(series, missing=no_data.in_other_repository(name))
        return Measurement(self._series(node), None, f"there is no KPI '{name}'")

    def _missing_of_kpi(self, node: KeyResult, kpi: Kpi) -> NoData:
        """Why a KPI has no reading in the period: its formula has none, or nobody read it."""
        last = min(self.day, node.period.end)
        reason = None if self.kpi_values.inputs.is_recorded(kpi) else self.kpi_values.missing_reason(kpi, last)
        if reason is not None:
            return no_data.missing_input(kpi.id, reason)
        return no_data.no_reading(node.first_day, node.period.end, self.day, kpi=kpi)

    def _from_rollup(self, node: KeyResult) -> Measurement:
        start = _written_start(node)
        without_value = self._series(node, start=start)
        members = self._member_measurements(node)
        if isinstance(members, str):
            return Measurement(without_value, None, members)
        if isinstance(members, NoData):
            return Measurement(without_value, missing=members)
        if self.day < node.first_day:
            return Measurement(without_value)
        is_ahead = all(member.is_ahead for _, member in members)
        numbers = _rolled_up_numbers([member for _, member in members], node.model.rollup.method)
        if not numbers:
            return Measurement(without_value, is_ahead=is_ahead, missing=_missing_member(members))
        value = _ROLLUP_METHODS[node.model.rollup.method](numbers)
        oldest = min(
            (member.value_date for _, member in members if not member.is_ahead and member.value_date), default=None
        )
        reading_day = oldest or node.first_day
        point = Point(min(max(reading_day, node.first_day), node.period.end), value, original_day=reading_day)
        return Measurement(self._series(node, (point,), start, value), oldest, is_ahead=is_ahead)

    def _member_measurements(self, node: KeyResult) -> list[tuple[str, Measurement]] | NoData | str:
        """The members of a rollup as they are written, with their measurements, or the error of one of them.

        NoData if a member is in another repository.
        """
        members: list[tuple[str, Measurement]] = []
        for text in node.model.rollup.members:
            member = self.workspace.resolve(text, node.objective)
            if member is None and self.workspace.is_elsewhere(text, node.objective):
                return no_data.in_other_repository(text)
            if not isinstance(member, KeyResult) or not member.measure.is_numeric:
                return f"'{text}' is not a key result with a number"
            measured = self.measurement(member)
            if measured.error:
                return measured.error
            members.append((text, measured))
        return members

    def _aggregate(
        self, node: KeyResult, points: tuple[Point, ...], aggregate: str, start: Fraction | None,
        total: Fraction | None = None,
    ) -> Measurement:  # fmt: skip
        """`total` is the sum of all points, where it is known."""
        if not points:
            frame = self.frame(node)
            last = frame.last if aggregate == "sum" else frame.closing
            has_notes = any(reading.value is None for reading in self.own_readings(node))
            missing = no_data.no_reading(frame.first, last, self.day, has_notes=has_notes)
            return Measurement(self._series(node, start=start), missing=missing)
        if aggregate == "latest":
            value = points[-1].value
        else:
            value = sum((point.value for point in points), Fraction(0)) if total is None else total
            value = value / len(points) if aggregate == "mean" else value
        return Measurement(self._series(node, points, start, value), points[-1].reading_day)


def _written_start(node: KeyResult) -> Fraction | None:
    written = node.measure.written_start(node.model)
    if isinstance(written, Quantity):
        return written.number
    return node.measure.default_start if written is None else None


def _missing_member(members: list[tuple[str, Measurement]]) -> NoData | None:
    """The member that leaves a rollup without a value: one that has begun, else one that lies ahead."""
    without = [(text, member) for text, member in members if member.series.value is None]
    for text, member in sorted(without, key=lambda pair: pair[1].is_ahead):
        return no_data.missing_input(text, member.missing.text if member.missing else "no value")
    return None


def _rolled_up_numbers(members: list[Measurement], method: str) -> list[Fraction]:
    """The numbers that enter a rollup; none if a member has no value and does not lie ahead.

    A member ahead counts 0 in a sum and is left out of the others.
    """
    present = [member.series.value for member in members if not member.is_ahead]
    numbers = [value for value in present if value is not None]
    if len(numbers) < len(present):
        return []
    return numbers + [Fraction(0)] * (len(members) - len(present) if method == "sum" else 0)


def _reading_day(point: Point) -> date:
    return point.reading_day


def _day_of(reading: DatedReading) -> date:
    return reading.day


def _total(numbers: list[Fraction]) -> Fraction:
    return sum(numbers, Fraction(0))


def _mean(numbers: list[Fraction]) -> Fraction:
    return _total(numbers) / len(numbers)


_ROLLUP_METHODS: dict[str, Callable[[list[Fraction]], Fraction]] = {
    "sum": _total, "mean": _mean, "min": min, "max": max,
}  # fmt: skip
