"""Finds the numbers of a key result or a KPI that are probably not what was meant.

`check` names them (OKR324), and `checkin`, `amend`, `refresh` and `import` ask before they write one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date
from fractions import Fraction
from typing import NamedTuple

from okrctl.values import slips
from okrctl.values.diagnostic import Route
from okrctl.values.quantity import Quantity, format_number
from okrctl.values.slips import Written
from okrctl.workspace import DatedReading, KeyResult, Kpi, Workspace, written_quantities

# Most series vary by less; computed with floats, hence a little less than the factor of the rule.
QUICK_FACTOR = slips.FACTOR * 0.999
_THREE_DECIMALS = re.compile(r"[0-9]\.[0-9]{3}(?![0-9])")


class WrittenNumber(NamedTuple):
    """A number of a node: the route to it from the node, or its reading."""

    node: KeyResult | Kpi
    quantity: Quantity
    route: Route = ()
    reading: DatedReading | None = None


SuspectKey = tuple[str, date | Route]


class Suspect(NamedTuple):
    """A number that is probably not what was meant, why, and how to write what it may mean, the likely one first."""

    number: WrittenNumber
    reason: str
    ways: tuple[str, ...]

    @property
    def node(self) -> KeyResult | Kpi:
        """The key result or the KPI."""
        return self.number.node

    @property
    def key(self) -> SuspectKey:
        """The reference of the node and the day of the reading, or the route to another number."""
        reading = self.number.reading
        return self.node.ref, self.number.route if reading is None else reading.day

    @property
    def text(self) -> str:
        """The number as it is written."""
        return self.number.quantity.text.strip()

    @property
    def message(self) -> str:
        """The number and why it is suspected, with the likely one as a question."""
        return f"'{self.text}' {self.reason}, did you mean {self.ways[0]}?"

    @property
    def advice(self) -> str:
        """How to write what may be meant."""
        return f"write {self.ways[0]}" + (
            f", or {self.ways[1]} if the decimals are meant" if len(self.ways) > 1 else ""
        )


def find_suspects(node: KeyResult | Kpi, kpi: Kpi | None = None) -> list[Suspect]:
    """The suspected numbers of a node, each once; `kpi` is the one whose readings a key result uses.

    Its readings count as neighbours and as evidence; they are suspected themselves only as thousands with a point
    that the key result shows to be such. Where there are thousands with a point, nothing else is suspected.
    """
    if isinstance(node, KeyResult) and not node.measure.is_numeric:
        return []
    thousands = list(_find_thousands([*_all_numbers(node), *(_all_numbers(kpi) if kpi else ())]))
    return thousands or list(_find_slips(node, kpi))


def is_scale_of_one(confidences: Sequence[Fraction]) -> bool:
    """Whether the confidences of a goal look like a scale from 0 to 1, where 0 to 10 is meant."""
    return any(0 < confidence < 1 for confidence in confidences) and all(confidence < 1 for confidence in confidences)


def is_suspicious_fraction(node: KeyResult, number: Quantity) -> bool:
    """Whether a number of a key result in percent with fewer than two readings is likely a fraction of 1."""
    if not _is_fraction(number) or node.own_unit != "%" or sum(r.value is not None for r in node.readings) > 1:
        return False
    return any(map(is_large, written_quantities(node)))


def is_large(number: Quantity) -> bool:
    """Whether a number in percent is too large for a fraction of 1."""
    return abs(number.number) >= 10


def _is_fraction(number: Quantity) -> bool:
    """Whether a number is between 0 and 1 and has no `%`; compared as integers, which is faster."""
    value = number.number
    return 0 < abs(value.numerator) < value.denominator and "%" not in number.text and number.unit in (None, "%")


def find_in_workspace(workspace: Workspace, node: KeyResult | Kpi) -> list[Suspect]:
    """The suspected numbers of a node, with those that a key result shows in the KPI that it uses."""
    return find_suspects(node, workspace.kpi_of(node) if isinstance(node, KeyResult) else None)


def _all_numbers(node: KeyResult | Kpi) -> Iterator[WrittenNumber]:
    """The numbers of the target and the bounds, then the readings."""
    if isinstance(node, KeyResult):
        for route, quantity in node.measure.numbers(node.model):
            yield WrittenNumber(node, quantity, route)
    else:
        for index, bound in enumerate(node.model.between or ()):
            yield WrittenNumber(node, bound, ("between", index))
        watch = node.model.watch
        for key in ("below", "above") if watch is not None else ():
            if (bound := getattr(watch, key)) is not None:
                yield WrittenNumber(node, bound, ("watch", key))
    yield from _readings(node)


def _readings(node: KeyResult | Kpi) -> Iterator[WrittenNumber]:
    for reading in node.readings:
        if reading.value is not None:
            yield WrittenNumber(node, reading.value, (), reading)


def _find_thousands(numbers: Sequence[WrittenNumber]) -> Iterator[Suspect]:
    if not any(_THREE_DECIMALS.search(number.quantity.text) for number in numbers):
        return
    digits = [slips.plain_digits(number.quantity) for number in numbers]
    found = set(slips.thousands_with_a_point(digits))
    if not found:
        return
    whole = max((text for text in digits if text.isdigit()), key=int)
    for number, text in zip(numbers, digits, strict=True):
        if text in found:
            ways = slips.ways_to_write(text)
            reason = (
                f"is {format_number(Fraction(text))}, but beside {whole} it looks like thousands written with a point"
            )
            yield Suspect(number, reason, tuple(slips.with_digits(number.quantity.text.strip(), way) for way in ways))


def _find_slips(node: KeyResult | Kpi, kpi: Kpi | None) -> Iterator[Suspect]:
    numbers, target = _series(node, kpi), _target(node)
    if not _are_far_apart([number.quantity for number in numbers], target):
        return
    series = [Written.of(number.quantity) for number in numbers]
    for position, number in enumerate(numbers):
        if number.node is not node:
            continue
        neighbours = slips.nearest_neighbours(series, position, Written.of(target) if target is not None else None)
        likely = slips.likely_value(series[position], neighbours)
        if likely is not None:
            yield Suspect(number, _describe_distance(neighbours), (_likely_text(number.quantity, likely),))


def _are_far_apart(numbers: Sequence[Quantity], target: Quantity | None) -> bool:
    """Whether one of the numbers may be suspected at all, by their sizes; the target counts where they are few."""
    sizes = [abs(float(quantity.number)) for quantity in numbers if quantity.number]
    if target is not None and target.number and len(sizes) <= slips.MAX_NEIGHBOURS:
        sizes.append(abs(float(target.number)))
    return len(sizes) > slips.MIN_NEIGHBOURS and max(sizes) > QUICK_FACTOR * min(sizes)


def _series(node: KeyResult | Kpi, kpi: Kpi | None) -> list[WrittenNumber]:
    """The readings in order of date; the baseline counts as the reading of the first day where that has none."""
    numbers = list(_readings(kpi if kpi is not None and not node.readings else node))
    baseline = _baseline(node)
    if baseline is None:
        return numbers
    first = node.first_day if isinstance(node, KeyResult) else date.min
    days = [number.reading.day for number in numbers if number.reading is not None]
    if first in days:
        return numbers
    place = sum(day < first for day in days)
    return [*numbers[:place], baseline, *numbers[place:]]


def _baseline(node: KeyResult | Kpi) -> WrittenNumber | None:
    if isinstance(node, Kpi):
        return None
    start = node.measure.written_start(node.model)
    return WrittenNumber(node, start, (node.measure.start_key,)) if isinstance(start, Quantity) else None


def _target(node: KeyResult | Kpi) -> Quantity | None:
    """The number to reach, where it is written."""
    target = vars(node.model).get("to")
    return target if isinstance(target, Quantity) else None


def _describe_distance(neighbours: Sequence[Written]) -> str:
    *others, last = [format_number(neighbour.value) for neighbour in neighbours]
    return f"is far from its neighbours {', '.join(others)} and {last}"


def _likely_text(quantity: Quantity, likely: Fraction) -> str:
    """The likely number in the form of the written one; without its suffix where that is a multiplier."""
    digits = format_number(abs(likely))
    if slips.plain_digits(quantity) == slips.digits_of(quantity.text):
        return slips.with_digits(quantity.text.strip(), digits)
    return format_number(likely, quantity.unit)
