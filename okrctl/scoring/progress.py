"""Works out the course of a key result on a day: which readings count, what they amount to, where it set out from."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from datetime import date, timedelta
from fractions import Fraction
from itertools import accumulate
from typing import NamedTuple

from okrctl import measures
from okrctl.kpis.series import Gauges, newest
from okrctl.measures import done
from okrctl.values.quantity import Quantity
from okrctl.values.timeseries import Course, Point
from okrctl.workspace import Dated, KeyResult, Workspace

DEEPEST = 64


class Values(NamedTuple):
    """What a key result amounts to on a day: its course, the day of its value, and what stands in the way of one."""

    course: Course
    value_date: date | None = None
    error: str | None = None


class _Read(NamedTuple):
    """The points of a key result on whatever day, and their sums up to each where these are asked for."""

    points: tuple[Point, ...]
    sums: list[Fraction]


class Ledger:
    """The values of key results of one workspace on one day, each worked out once.

    `projecting` says whether anybody asks where they are heading, which takes longer than all the rest. `beside` is
    the ledger of another day, from which comes what is the same on every day.
    """

    def __init__(
        self, workspace: Workspace, day: date, *, projecting: bool = True, beside: Ledger | None = None
    ) -> None:
        self.workspace = workspace
        self.day = day
        self.projecting = projecting
        self.gauges = Gauges(workspace, day)
        self._values: dict[int, Values] = {}
        self._read: dict[int, _Read] = {} if beside is None else beside._read
        self._open: list[KeyResult] = []

    def values(self, node: KeyResult) -> Values:
        """The course of a key result and what it amounts to."""
        key = id(node)
        if key not in self._values:
            if node in self._open or len(self._open) > DEEPEST:
                return Values(self._course(node), None, "its rollup runs in a ring")
            self._open.append(node)
            self._values[key] = self._work_out(node)
            self._open.pop()
        return self._values[key]

    def closed(self, node: KeyResult) -> date:
        """The last day on which late figures still come in."""
        try:
            return node.period.end + timedelta(days=self.workspace.config.scoring.closing_days)
        except OverflowError:
            return date.max

    def own(self, node: KeyResult) -> list[Dated]:
        """A key result's own readings that exist on the day and count in its time, check-ins without a value too."""
        begin = bisect_left(node.readings, node.first, key=_day)
        return node.readings[begin : bisect_right(node.readings, min(self.day, self.closed(node)), key=_day)]

    def aggregate(self, node: KeyResult) -> str:
        """How readings become the value: latest, sum or mean; a KPI's readings as the KPI says."""
        kpi = self.workspace.kpi_of(node)
        return kpi.aggregate if kpi else getattr(node.model, "aggregate", None) or "latest"

    def _course(self, node: KeyResult, points: tuple[Point, ...] = (), start: Fraction | None = None,
                value: Fraction | None = None) -> Course:  # fmt: skip
        cadence = self.workspace.cadence(node)
        return Course(node.first, node.period.end, self.day, cadence, points, start, value)

    def _work_out(self, node: KeyResult) -> Values:
        measure = node.measure
        if measure in ("done", "milestones"):
            return self._dated_work(node)
        if getattr(node.model, "rollup", None) is not None:
            return self._rolled_up(node)
        if getattr(node.model, "kpi", None) is not None:
            return self._from_kpi(node)
        return self._from_own(node)

    def _dated_work(self, node: KeyResult) -> Values:
        course = self._course(node)
        gone = measures.MEASURES[node.measure].progress(node.model, course)
        steps = [node.model] if node.measure == "done" else node.model.milestones or []
        last = min(self.day, node.period.end)
        days = [day for step in steps if (day := done.on(step.done, node.first)) is not None and day <= last]
        return Values(self._course(node, value=gone), max(days, default=None))

    def _from_own(self, node: KeyResult) -> Values:
        how = self.aggregate(node)
        if node.csv is not None and node.csv.unreadable is not None:
            return Values(self._course(node), None, f"{node.csv.path} cannot be read")
        points, sums = self._read_off(node, how)
        number = bisect_right(points, min(self.day, self.closed(node)), key=_made)
        total = sums[number - 1] if number and sums else None
        return self._valued(node, points[:number], how, self._own_start(node, how), total)

    def _read_off(self, node: KeyResult, how: str) -> _Read:
        """All that a key result has ever read off itself."""
        if id(node) not in self._read:
            end = node.period.end
            last = end if how == "sum" else date.max
            points = tuple(
                Point(min(one.day, end), one.value.number, one.day)
                for one in node.readings[bisect_left(node.readings, node.first, key=_day) :]
                if one.value is not None and one.day <= last
            )
            sums = [] if how == "latest" else list(accumulate(point.value for point in points))
            self._read[id(node)] = _Read(points, sums)
        return self._read[id(node)]

    def _own_start(self, node: KeyResult, how: str) -> Fraction | None:
        said = getattr(node.model, "from_", None)
        if isinstance(said, Quantity):
            return said.number
        if isinstance(said, str):
            return None
        return Fraction(0) if node.measure == "metric" else None

    def _from_kpi(self, node: KeyResult) -> Values:
        kpi = self.workspace.kpi_of(node)
        if kpi is None:
            return Values(self._course(node), None, f"there is no KPI '{node.model.kpi}'")
        steps = self.gauges.series(kpi)
        last = min(self.day, node.period.end)
        points = tuple(Point(step.day, step.value, step.day) for step in steps if node.first <= step.day <= last)
        said = getattr(node.model, "from_", None)
        if isinstance(said, Quantity):
            start: Fraction | None = said.number
        elif said is None and kpi.aggregate == "sum":
            start = Fraction(0)
        else:
            before = newest(steps, node.first) if said is None else None
            start = before.value if before else None
        return self._valued(node, points, kpi.aggregate, start)

    def _rolled_up(self, node: KeyResult) -> Values:
        rollup = node.model.rollup
        found: list[tuple[Fraction, date | None]] = []
        for text in rollup.members:
            member = self.workspace.resolve(text, node.objective)
            if not isinstance(member, KeyResult) or member.measure not in measures.NUMERIC:
                return Values(self._course(node), None, f"'{text}' is no key result with a number")
            values = self.values(member)
            if values.error:
                return Values(self._course(node), None, values.error)
            if values.course.value is not None:
                found.append((values.course.value, values.value_date))
            elif member.period.start <= self.day:
                return Values(self._course(node))
            elif rollup.how == "sum":
                found.append((Fraction(0), None))
        numbers = [value for value, _ in found]
        days = [day for _, day in found if day is not None]
        start = self._own_start(node, "latest")
        if not numbers:
            return Values(self._course(node, start=start))
        value = {"sum": sum, "mean": _mean, "min": min, "max": max}[rollup.how](numbers)  # type: ignore[operator]
        day = min(days, default=None)
        made = day or node.first
        point = Point(min(max(made, node.first), node.period.end), value, made)
        return Values(self._course(node, (point,), start, value), day)

    def _valued(
        self, node: KeyResult, points: tuple[Point, ...], how: str, start: Fraction | None,
        total: Fraction | None = None,
    ) -> Values:  # fmt: skip
        """`total` is the sum of all points, where it is known."""
        if not points:
            return Values(self._course(node, start=start))
        if how == "latest":
            value = points[-1].value
        else:
            value = sum((point.value for point in points), Fraction(0)) if total is None else total
            value = value / len(points) if how == "mean" else value
        return Values(self._course(node, points, start, value), points[-1].made)


def _made(one: Point) -> date:
    return one.made


def _day(one: Dated) -> date:
    return one.day


def _mean(numbers: list[Fraction]) -> Fraction:
    return sum(numbers, Fraction(0)) / len(numbers)
