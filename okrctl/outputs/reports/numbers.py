"""How pages write numbers: with a minus sign, with spaces between thousands, and those of a KPI with the same places.

Other formats write them as the files do, so that they can be read again.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from fractions import Fraction

from okrctl.kpis.overview import KpiStatus
from okrctl.outputs.terminal import sanitize
from okrctl.outputs.text import scorecard
from okrctl.outputs.text.scorecard import NOTHING
from okrctl.values.quantity import MAX_DECIMALS, format_number, round_number, written_places
from okrctl.workspace import Kpi

MINUS = "\u2212"
THIN_SPACE = "\u202f"  # at which no line ends
MIN_GROUPED = 5  # digits from which on thousands are set apart
SIGNIFICANT_DIGITS = 3  # of the largest value of a KPI that is computed
MAX_READINGS = 100  # the newest, which say how many places a KPI has

_WHOLE_PART = re.compile(r"[0-9]+")


def write_number(
    number: Fraction, unit: str | None = None, places: int | None = None, *, is_change: bool = False
) -> str:
    """A number with its unit: `90 503 EUR`, `−$5`; a change has a sign, and is rounded to 0 without one.

    `places` is the number of decimals; by default as many as needed, at most six.
    """
    is_zero = not round_number(number, MAX_DECIMALS if places is None else places)
    text = _group_thousands(sanitize(format_number(abs(number), unit, places)))
    sign = "" if is_zero else MINUS if number < 0 else "+" if is_change else ""
    return f"{sign}{text}"


def _group_thousands(text: str) -> str:
    found = _WHOLE_PART.search(text)
    if found is None or len(found[0]) < MIN_GROUPED:
        return text
    grouped = f"{int(found[0]):,}".replace(",", THIN_SPACE)
    return f"{text[: found.start()]}{grouped}{text[found.end() :]}"


def write_score_change(change: Fraction | None) -> str:
    """A difference between scores with its sign."""
    return scorecard.score_change(change).replace("-", MINUS) if change is not None else NOTHING


class KpiNumbers:
    """The numbers of KPIs: each KPI has the places of its readings, or of a formula three digits of its largest value.

    A mean has one place more. The statuses have the values of formulas; without one, the first number counts.
    """

    def __init__(self, statuses: Iterable[KpiStatus] = ()) -> None:
        self._places: dict[str, int] = {}
        self._largest = {
            status.kpi.id: max((abs(point.value) for point in status.series), default=Fraction(0))
            for status in statuses
        }

    def places(self, kpi: Kpi, number: Fraction) -> int:
        """How many decimals the numbers of a KPI have."""
        if kpi.id not in self._places:
            written = [reading.value for reading in kpi.readings[-MAX_READINGS:] if reading.value is not None]
            largest = self._largest.get(kpi.id) or abs(number)
            own = max(map(written_places, written)) if written else _significant_places(largest)
            self._places[kpi.id] = min(max(own, 0), MAX_DECIMALS)
        return self._places[kpi.id]

    def amount(self, number: Fraction | None, kpi: Kpi | None, places: int | None = None) -> str:
        """A value with the unit of its KPI."""
        if number is None or kpi is None:
            return NOTHING
        return write_number(number, kpi.unit, self.places(kpi, number) if places is None else places)

    def change(self, change: Fraction | None, kpi: Kpi | None, places: int | None = None) -> str:
        """A change with its sign and its unit, or that there is none."""
        if change is None or kpi is None:
            return NOTHING
        places = self.places(kpi, change) if places is None else places
        text = write_number(change, _unit_of_change(kpi), places, is_change=True)
        return text if text.startswith(("+", MINUS)) else "no change"

    def mean(self, number: Fraction, kpi: Kpi, *, has_unit: bool = True, other: Fraction | None = None) -> str:
        """A number that is computed from several readings, with as many places as tell it from an `other` one."""
        places = self._mean_places(kpi, number)
        while places < MAX_DECIMALS and other is not None and Fraction(round_number(number, places)) == other != number:
            places += 1
        return write_number(number, kpi.unit if has_unit else None, places)

    def mean_change(self, change: Fraction, kpi: Kpi, *, has_unit: bool = True) -> str:
        """A change of such a number, with its sign."""
        unit = _unit_of_change(kpi) if has_unit else None
        return write_number(change, unit, self._mean_places(kpi, change), is_change=True)

    def _mean_places(self, kpi: Kpi, number: Fraction) -> int:
        return min(self.places(kpi, number) + 1, MAX_DECIMALS)


def _unit_of_change(kpi: Kpi) -> str | None:
    return "points" if kpi.unit == "%" else kpi.unit


def _significant_places(number: Fraction) -> int:
    """The places that leave a number three digits."""
    if not number:
        return 0
    power = 0
    while number >= 10:
        number, power = number / 10, power + 1
    while number < 1 and power > -MAX_DECIMALS:
        number, power = number * 10, power - 1
    return SIGNIFICANT_DIGITS - 1 - power
