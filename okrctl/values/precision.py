"""How many digits a score or a progress is printed with, so that no printed figure lies beyond a border.

Scores have two places and percentages none, with as many more as it takes where rounding would carry the figure over a
border of a band or verdict, at most six, then rounded down (scoring.md). Progress and expectation, which are printed
as a pair, have the digits that put their printed difference on the right side of `behind` and `at_risk`.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from okrctl.values.quantity import MAX_DECIMALS, decimal_of

NO_FIGURE = "-"
SCORE_PLACES = 2


class Precision(NamedTuple):
    """The borders of one workspace: `scores` are reached (at least), `gaps` are passed (more than), in points."""

    scores: tuple[Fraction, ...]
    gaps: tuple[Fraction, ...]

    def score(self, score: Fraction | None) -> str:
        """A score: 0.69, and 0.695 where 0.70 would be another band; a dash, never 0, where there is none."""
        return NO_FIGURE if score is None else format(round_within(score, self.scores, SCORE_PLACES), "f")

    def percent(self, share: Fraction) -> str:
        """A share in percent: 69 %, and 69.6 % where 70 % would be beyond a border."""
        return f"{round_within(share, self.scores, 0, 100):f} %"

    def progress_pair(self, progress: Fraction, expected: Fraction) -> tuple[str, str]:
        """Progress and expectation in percent: 31 % and 41 %, or 30.6 % and 40.7 % where the difference decides."""
        done, wanted = 100 * progress, 100 * expected
        for places in range(MAX_DECIMALS + 1):
            rounded = Fraction(_half_up(done, places)), Fraction(_half_up(wanted, places))
            if self._is_on_its_side(done, wanted, *rounded):
                return _percent(done, places), _percent(wanted, places)
        # The difference lies less than a millionth of a point from a threshold: keep it on its side.
        is_beyond = any(wanted - done > gap for gap in self.gaps if wanted - done - gap < Fraction(1, 10**5))
        outward, inward = (_floor(done), -_floor(-wanted)), (-_floor(-done), _floor(wanted))
        left, right = outward if is_beyond else inward
        return f"{left:f} %", f"{right:f} %"

    def _is_on_its_side(self, done: Fraction, wanted: Fraction, printed: Fraction, printed_wanted: Fraction) -> bool:
        reached = all((printed >= 100 * border) == (done >= 100 * border) for border in self.scores)
        return reached and all((printed_wanted - printed > gap) == (wanted - done > gap) for gap in self.gaps)

    def points(self, difference: Fraction) -> str:
        """A difference of shares in points: 10, and 10.1 where that is more than the threshold of 10."""
        points = 100 * difference
        for places in range(MAX_DECIMALS + 1):
            rounded = Fraction(_half_up(points, places))
            if all((rounded > gap) == (points > gap) for gap in self.gaps):
                return _decimal(points, places)
        return f"more than {_decimal(points, MAX_DECIMALS)}"

    def equation(self, number: Fraction | None) -> str:
        """The right side of an equation: `= 0.6996` with as many digits as make it true, else `is about 0.67`."""
        if number is None:
            return f"= {NO_FIGURE}"
        places = exact_places(number)
        if places is not None:
            return f"= {_decimal(number, max(places, SCORE_PLACES))}"
        return f"is about {self.score(number)}"

    def exact_score(self, score: Fraction | None) -> str:
        """A score beside the border that it is compared with: all its digits, else as many as are printed."""
        places = None if score is None else exact_places(score)
        return self.score(score) if score is None or places is None else _decimal(score, max(places, SCORE_PLACES))


DEFAULT_PRECISION = Precision(
    (Fraction(2, 5), Fraction(7, 10), Fraction(9, 10), Fraction(1)), (Fraction(10), Fraction(25))
)


def round_within(number: Fraction, borders: Iterable[Fraction], places: int, whole: int = 1) -> Decimal:
    """The number rounded half up with so many places or more, on the side of each border on which it lies.

    With six places that still do not do it is rounded down: 0.9999999 is 0.999999. A `whole` of 100 stands for percent.
    """
    top, bottom = number.numerator * whole, number.denominator  # integers: fractions take several times longer
    bounds = [(border.numerator * whole, border.denominator) for border in borders]
    known = [(bound, parts, top * parts >= bound * bottom) for bound, parts in bounds]
    for digits in range(places, MAX_DECIMALS + 1):
        scale = 10**digits
        units = (2 * top * scale + bottom) // (2 * bottom)  # half up
        if all((units * parts >= bound * scale) == is_above for bound, parts, is_above in known):
            return decimal_of(units, digits)
    return _floor(whole * number)


def exact_places(number: Fraction) -> int | None:
    """How many decimals give the number exactly; None where six do not."""
    return next((places for places in range(MAX_DECIMALS + 1) if 10**places % number.denominator == 0), None)


def _floor(number: Fraction, places: int = MAX_DECIMALS) -> Decimal:
    return decimal_of(number.numerator * 10**places // number.denominator, places)


def _half_up(number: Fraction, places: int) -> Decimal:
    """Halves are rounded up, below 0 too: -12.5 is -12."""
    return decimal_of((2 * number.numerator * 10**places + number.denominator) // (2 * number.denominator), places)


def _decimal(number: Fraction, places: int) -> str:
    return format(_half_up(number, places), "f")


def _percent(number: Fraction, places: int) -> str:
    return f"{_decimal(number, places)} %"
